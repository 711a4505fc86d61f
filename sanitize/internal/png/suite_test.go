package png_test

import (
	"hash/crc32"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/png"
)

// mayRemain is all that exiftool may find in a strictly cleaned picture: what it derives from
// the picture itself, how it is shown, one orientation, and a profile whose header and texts
// say nothing.
var mayRemain = []string{
	"File:FileType=PNG", "File:FileType=APNG", "File:FileTypeExtension=png", "File:FileTypeExtension=apng",
	"File:MIMEType=image/png", "File:MIMEType=image/apng",
	"PNG:ImageWidth", "PNG:ImageHeight", "PNG:BitDepth", "PNG:ColorType", "PNG:Compression=Deflate/Inflate", "PNG:Filter=Adaptive",
	"PNG:Interlace", "PNG:Palette", "PNG:Transparency", "PNG:BackgroundColor", "PNG:SignificantBits", "PNG:Gamma", "PNG:SRGBRendering",
	"PNG:AnimationFrames", "PNG:AnimationPlays", "PNG:ProfileName=icc", "PNG-cICP:*", "PNG-pHYs:*", "PNG:WhitePoint*", "PNG:Red?", "PNG:Green?", "PNG:Blue?",
	"PNG-pHYs:PixelsPerUnitX", "PNG-pHYs:PixelsPerUnitY", "PNG-pHYs:PixelUnits",
	"File:ExifByteOrder=Big-endian (Motorola, MM)", "IFD0:Orientation",
	// A block behind the picture stays there: moved, more viewers would turn the picture.
	"ExifTool:Warning=[minor] Text/EXIF chunk(s) found after PNG IDAT (may be ignored by some readers)",
	"ExifTool:Warning=[minor] Text/EXIF chunk(s) found after APNG IDAT (may be ignored by some readers)",
	"Composite:ImageSize", "Composite:Megapixels",
	"ICC-header:ProfileCMMType=", "ICC-header:ProfileVersion", "ICC-header:ProfileClass", "ICC-header:ColorSpaceData",
	"ICC-header:ProfileConnectionSpace", "ICC-header:ProfileDateTime=0000:00:00 00:00:00",
	"ICC-header:ProfileFileSignature=acsp", "ICC-header:PrimaryPlatform=Unknown ()",
	"ICC-header:CMMFlags=Not Embedded, Independent", "ICC-header:DeviceManufacturer=", "ICC-header:DeviceModel=",
	"ICC-header:DeviceAttributes=Reflective, Glossy, Positive, Color", "ICC-header:RenderingIntent",
	"ICC-header:ConnectionSpaceIlluminant=0.9642 1 0.82491", "ICC-header:ProfileCreator=", "ICC-header:ProfileID=0",
	"ICC_Profile:ProfileCopyright=Public domain", "ICC_Profile:ProfileDescription=Display P3",
	"ICC_Profile:ProfileDescription=Adobe RGB (1998)", "ICC_Profile:ProfileDescription=RGB", "ICC_Profile:ProfileDescription=Gray",
	"ICC_Profile:MediaWhitePoint", "ICC_Profile:MediaBlackPoint", "ICC_Profile:ChromaticAdaptation", "ICC_Profile:AToB[012]",
	"ICC_Profile:RedMatrixColumn", "ICC_Profile:GreenMatrixColumn", "ICC_Profile:BlueMatrixColumn",
	"ICC_Profile:RedTRC", "ICC_Profile:GreenTRC", "ICC_Profile:BlueTRC", "ICC_Profile:GrayTRC",
}

// frameText are the types of the chunks that a clean file can have.
var frameText = []string{
	"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "sBIT", "cICP", "mDCV", "mDCv", "cLLI", "cLLi", "bKGD", "pHYs", "acTL", "fcTL", "fdAT",
}

// A tall is a grey picture of a gigabyte, each row a block of its zlib stream.
type tall struct {
	head, tail []byte
	period     []byte
	size       int64
}

func (t *tall) Size() int64 { return t.size }

// ReadAt reads as io.ReaderAt. It is never asked for what lies behind the end.
func (t *tall) ReadAt(b []byte, off int64) (int, error) {
	for n := 0; n < len(b); {
		at := off + int64(n)
		switch rest := at - int64(len(t.head)); {
		case rest < 0:
			n += copy(b[n:], t.head[at:])
		case t.size-at <= int64(len(t.tail)):
			n += copy(b[n:], t.tail[int64(len(t.tail))-(t.size-at):])
		default:
			n += copy(b[n:min(int64(len(b)), int64(n)+t.size-int64(len(t.tail))-at)], t.period[rest%int64(len(t.period)):])
		}
	}
	return len(b), nil
}

func huge() container.Source {
	const row, count = 1<<16 - 1, 1 << 14 // with the byte that names the filter
	period := append([]byte{0, 0xFF, 0xFF, 0, 0}, make([]byte, row)...)
	data := int64(count*len(period)) + 2 + 5 + 4
	head := []byte(signature + ihdr(row-1, count, 8, 0, 0) + text("Comment", secret("comment")) + be32(int(data)) + "IDAT\x78\x01")
	last := "\x01\x00\x00\xFF\xFF\x00\x00\x00\x00"
	sum := crc32.ChecksumIEEE([]byte("IDAT\x78\x01"))
	for range count {
		sum = crc32.Update(sum, crc32.IEEETable, period)
	}
	sum = crc32.Update(sum, crc32.IEEETable, []byte(last))
	tail := []byte(last + be32(int(sum)) + ck("IEND") + secret("behind"))
	return &tall{head: head, tail: tail, period: period, size: int64(len(head)) + int64(count*len(period)) + int64(len(tail))}
}

func suite() containertest.Suite {
	return containertest.Suite{
		Disagree: map[string]string{
			"palette-of-more-colours.png":  "ffmpeg gives out the whole palette with a frame, colours that no pixel can name among it",
			"animation-of-more-frames.png": "ffmpeg shows frames behind the number that the file gives; browsers stop there",
		},
		Huge:      huge,
		MaxAlloc:  2 << 20,
		Format:    png.Format{},
		Dir:       "png",
		FrameText: frameText,
		MayRemain: mayRemain,
	}
}

func TestSuite(t *testing.T) { suite().Run(t) }
