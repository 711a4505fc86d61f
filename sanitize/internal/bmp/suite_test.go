package bmp_test

import (
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/bmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// mayRemain is all that exiftool may find in a strictly cleaned picture: the numbers of its
// headers, and a profile whose header and texts say nothing.
var mayRemain = []string{
	"File:FileType=BMP", "File:FileTypeExtension=bmp", "File:MIMEType=image/bmp",
	"File:BMPVersion", "File:ImageWidth", "File:ImageHeight", "File:Planes=1", "File:BitDepth", "File:Compression",
	"File:ImageLength", "File:PixelsPerMeterX", "File:PixelsPerMeterY", "File:NumColors", "File:NumImportantColors=All",
	"File:RedMask", "File:GreenMask", "File:BlueMask", "File:AlphaMask", "File:ColorSpace", "File:RenderingIntent",
	"File:RedEndpoint", "File:GreenEndpoint", "File:BlueEndpoint", "File:GammaRed", "File:GammaGreen", "File:GammaBlue",
	"File:ProfileDataOffset", "File:ProfileSize", "File:BMP_0x*=0",
	"Composite:ImageSize", "Composite:Megapixels",
	"ICC-header:ProfileCMMType=", "ICC-header:ProfileVersion", "ICC-header:ProfileClass", "ICC-header:ColorSpaceData",
	"ICC-header:ProfileConnectionSpace", "ICC-header:ProfileDateTime=0000:00:00 00:00:00",
	"ICC-header:ProfileFileSignature=acsp", "ICC-header:PrimaryPlatform=Unknown ()",
	"ICC-header:CMMFlags=Not Embedded, Independent", "ICC-header:DeviceManufacturer=", "ICC-header:DeviceModel=",
	"ICC-header:DeviceAttributes=Reflective, Glossy, Positive, Color", "ICC-header:RenderingIntent",
	"ICC-header:ConnectionSpaceIlluminant=0.9642 1 0.82491", "ICC-header:ProfileCreator=", "ICC-header:ProfileID=0",
	"ICC_Profile:ProfileCopyright=Public domain", "ICC_Profile:ProfileDescription=sRGB", "ICC_Profile:ProfileDescription=Display P3",
	"ICC_Profile:ProfileDescription=Adobe RGB (1998)", "ICC_Profile:ProfileDescription=RGB",
	"ICC_Profile:MediaWhitePoint", "ICC_Profile:MediaBlackPoint", "ICC_Profile:ChromaticAdaptation",
	"ICC_Profile:RedMatrixColumn", "ICC_Profile:GreenMatrixColumn", "ICC_Profile:BlueMatrixColumn",
	"ICC_Profile:RedTRC", "ICC_Profile:GreenTRC", "ICC_Profile:BlueTRC",
}

// huge is a picture of 20,000 by 20,000 pixels.
func huge() container.Source {
	b := bitmap{header: 40, bits: 24, pixels: " "}.bytes()
	copy(b[18:], le32(20000)+le32(20000))
	return &containertest.Sparse{Head: b[:54], Fill: 0x5A, Length: 54 + 3*20000*20000}
}

func suite() containertest.Suite {
	return containertest.Suite{
		Format:    bmp.Format{},
		Dir:       "bmp",
		MayRemain: mayRemain,
		Disagree: map[string]string{
			"core.bmp": "ffmpeg takes the gap for more colours, which no pixel names; in RGB the pictures are the same",
		},
		Huge:     huge,
		MaxAlloc: 1 << 20,
	}
}

func TestSuite(t *testing.T) { suite().Run(t) }
