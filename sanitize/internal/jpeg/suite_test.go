package jpeg_test

import (
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
)

// mayRemain is all that exiftool may find in a strictly cleaned picture: what it derives
// from the picture itself, the density, one orientation, the colour transform, and a profile
// whose header and texts say nothing.
var mayRemain = []string{
	"File:FileType=JPEG", "File:FileTypeExtension=jpg", "File:MIMEType=image/jpeg", "File:ImageWidth", "File:ImageHeight",
	"File:BitsPerSample", "File:ColorComponents", "File:EncodingProcess", "File:YCbCrSubSampling",
	"File:ExifByteOrder=Big-endian (Motorola, MM)", "IFD0:Orientation",
	"JFIF:JFIFVersion=1.01", "JFIF:ResolutionUnit", "JFIF:XResolution", "JFIF:YResolution",
	"Adobe:DCTEncodeVersion=100", "Adobe:APP14Flags0=(none)", "Adobe:APP14Flags1=(none)", "Adobe:ColorTransform",
	"Composite:ImageSize", "Composite:Megapixels",
	"ICC-header:ProfileCMMType=", "ICC-header:ProfileVersion", "ICC-header:ProfileClass", "ICC-header:ColorSpaceData",
	"ICC-header:ProfileConnectionSpace", "ICC-header:ProfileDateTime=0000:00:00 00:00:00",
	"ICC-header:ProfileFileSignature=acsp", "ICC-header:PrimaryPlatform=Unknown ()",
	"ICC-header:CMMFlags=Not Embedded, Independent", "ICC-header:DeviceManufacturer=", "ICC-header:DeviceModel=",
	"ICC-header:DeviceAttributes=Reflective, Glossy, Positive, Color", "ICC-header:RenderingIntent",
	"ICC-header:ConnectionSpaceIlluminant=0.9642 1 0.82491", "ICC-header:ProfileCreator=", "ICC-header:ProfileID=0",
	"ICC_Profile:ProfileCopyright=Public domain", "ICC_Profile:ProfileDescription=sRGB", "ICC_Profile:ProfileDescription=Display P3",
	"ICC_Profile:ProfileDescription=Adobe RGB (1998)", "ICC_Profile:ProfileDescription=RGB",
	"ICC_Profile:ProfileDescription=Gray", "ICC_Profile:ProfileDescription=CMYK",
	"ICC_Profile:MediaWhitePoint", "ICC_Profile:MediaBlackPoint", "ICC_Profile:ChromaticAdaptation", "ICC_Profile:AToB[012]",
	"ICC_Profile:RedMatrixColumn", "ICC_Profile:GreenMatrixColumn", "ICC_Profile:BlueMatrixColumn",
	"ICC_Profile:RedTRC", "ICC_Profile:GreenTRC", "ICC_Profile:BlueTRC", "ICC_Profile:GrayTRC",
}

// huge is a picture of a gigabyte and four thousand million pixels, nearly all of it one scan.
func huge(t *testing.T) func() container.Source {
	b := head(base(t, "gray"), orientationSeg(6))
	copy(b[find(b, 0xC0, 0).off+5:], "\xFF\xDC\xFF\xDC")
	scan := find(b, 0xDA, 0)
	return func() container.Source {
		return &containertest.Sparse{Head: b[:scan.end], Tail: []byte("\xFF\xD9"), Length: 1 << 30}
	}
}

func suite(t *testing.T) containertest.Suite {
	return containertest.Suite{
		Format:    jpeg.Format{},
		Dir:       "jpeg",
		MayRemain: mayRemain,
		Decoder:   []string{"djpeg", "-pnm"},
		FFmpeg:    []string{"-frames:v", "1"},
		Disagree: map[string]string{
			"two-exif-blocks.jpg":                "ffmpeg takes the orientation of the last EXIF block; browsers and viewers that of the first",
			"orientation-in-the-wrong-place.jpg": "ffmpeg takes an EXIF block behind the scan; viewers have stopped reading there",
		},
		Huge:     huge(t),
		MaxAlloc: 2 << 20,
	}
}

func TestSuite(t *testing.T) { suite(t).Run(t) }
