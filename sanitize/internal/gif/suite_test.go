package gif_test

import (
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/gif"
)

// mayRemain is all that exiftool may find in a strictly cleaned picture.
var mayRemain = []string{
	"File:FileType=GIF", "File:FileTypeExtension=gif", "File:MIMEType=image/gif",
	"GIF:GIFVersion=89a", "GIF:ImageWidth", "GIF:ImageHeight", "GIF:HasColorMap", "GIF:ColorResolutionDepth", "GIF:BitsPerPixel",
	"GIF:BackgroundColor", "GIF:PixelAspectRatio", "GIF:AnimationIterations", "GIF:FrameCount", "GIF:Duration", "GIF:TransparentColor",
	"Composite:ImageSize", "Composite:Megapixels",
}

// huge is a small picture with a gigabyte behind it.
func huge() container.Source {
	return &containertest.Sparse{Head: picture("", ""), Tail: []byte(secret("behind")), Length: 1 << 30}
}

func suite() containertest.Suite {
	return containertest.Suite{
		Format:    gif.Format{},
		Dir:       "gif",
		FrameText: []string{"GIF89a", "GIF87a"},
		MayRemain: mayRemain,
		Disagree:  map[string]string{},
		Huge:      huge,
		MaxAlloc:  2 << 20,
	}
}

func TestSuite(t *testing.T) { suite().Run(t) }
