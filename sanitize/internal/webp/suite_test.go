package webp_test

import (
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/webp"
)

// mayRemain is all that exiftool may find in a strictly cleaned picture: what it derives
// from the picture itself, how an animation is played, one orientation, and a profile whose
// header and texts say nothing.
var mayRemain = []string{
	"File:FileType=WEBP", "File:FileType=Extended WEBP", "File:FileTypeExtension=webp", "File:MIMEType=image/webp",
	"File:ImageWidth", "File:ImageHeight", "RIFF:ImageWidth", "RIFF:ImageHeight",
	"RIFF:VP8Version", "RIFF:HorizontalScale", "RIFF:VerticalScale", "RIFF:AlphaIsUsed",
	"RIFF:WebP_Flags", "RIFF:AlphaPreprocessing", "RIFF:AlphaFiltering", "RIFF:AlphaCompression",
	"RIFF:BackgroundColor", "RIFF:AnimationLoopCount", "RIFF:FrameCount", "RIFF:Duration",
	"File:ExifByteOrder=Big-endian (Motorola, MM)", "IFD0:Orientation",
	// Of a file that had it so before: some viewers find EXIF in this form only.
	"ExifTool:Warning=[minor] Improper EXIF header", "ExifTool:Warning=Improper EXIF header",
	"Composite:ImageSize", "Composite:Megapixels",
	"ICC-header:ProfileCMMType=", "ICC-header:ProfileVersion", "ICC-header:ProfileClass", "ICC-header:ColorSpaceData",
	"ICC-header:ProfileConnectionSpace", "ICC-header:ProfileDateTime=0000:00:00 00:00:00",
	"ICC-header:ProfileFileSignature=acsp", "ICC-header:PrimaryPlatform=Unknown ()",
	"ICC-header:CMMFlags=Not Embedded, Independent", "ICC-header:DeviceManufacturer=", "ICC-header:DeviceModel=",
	"ICC-header:DeviceAttributes=Reflective, Glossy, Positive, Color", "ICC-header:RenderingIntent",
	"ICC-header:ConnectionSpaceIlluminant=0.9642 1 0.82491", "ICC-header:ProfileCreator=", "ICC-header:ProfileID=0",
	"ICC_Profile:ProfileCopyright=Public domain", "ICC_Profile:ProfileDescription=sRGB", "ICC_Profile:ProfileDescription=Display P3",
	"ICC_Profile:ProfileDescription=Adobe RGB (1998)", "ICC_Profile:ProfileDescription=RGB", "ICC_Profile:ProfileDescription=Gray",
	"ICC_Profile:MediaWhitePoint", "ICC_Profile:MediaBlackPoint", "ICC_Profile:ChromaticAdaptation",
	"ICC_Profile:RedMatrixColumn", "ICC_Profile:GreenMatrixColumn", "ICC_Profile:BlueMatrixColumn",
	"ICC_Profile:RedTRC", "ICC_Profile:GreenTRC", "ICC_Profile:BlueTRC", "ICC_Profile:GrayTRC",
}

// huge is a picture of a gigabyte, all of it one lossy bitstream.
func huge(t *testing.T) func() container.Source {
	const size = 1 << 30
	head := riffOf(chunk("VP8 ", payload(base(t, "lossy"), "VP8 ", 0)))
	copy(head[4:], le32(size-8))
	copy(head[16:], le32(size-20))
	return func() container.Source { return &containertest.Sparse{Head: head, Fill: 0x5A, Length: size} }
}

func suite(t *testing.T) containertest.Suite {
	return containertest.Suite{
		Format:    webp.Format{},
		Dir:       "webp",
		FrameText: []string{"RIFF", "WEBP", "VP8X", "VP8L", "VP8 ", "ALPH", "ANIM", "ANMF"},
		MayRemain: mayRemain,
		Decoder:   []string{"dwebp", "-quiet", "-pam", "-o", "-", "--", "-"},
		Huge:      huge(t),
		MaxAlloc:  1 << 20,
	}
}

func TestSuite(t *testing.T) { suite(t).Run(t) }
