package heif_test

import (
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/heif"
)

// mayRemain is all that exiftool may find in a strictly cleaned picture: the type, where the
// media data are, and the properties that say how the picture is coded and shown.
var mayRemain = []string{
	"File:FileType", "File:FileTypeExtension", "File:MIMEType", "File:ImageWidth", "File:ImageHeight",
	"Composite:ImageSize", "Composite:Megapixels", "Composite:Rotation",
	"QuickTime:MajorBrand", "QuickTime:MinorVersion=0.0.0", "QuickTime:CompatibleBrands", "QuickTime:HandlerType=Picture",
	"QuickTime:MediaData", "QuickTime:MediaDataSize", "QuickTime:MediaDataOffset", "Meta:PrimaryItemReference", "Meta:MetaImageSize", "QuickTime:Unknown_prem", "QuickTime:Unknown_imir",
	"QuickTime:Unknown_cclv", "QuickTime:Unknown_mdcv", "QuickTime:Unknown_amve", "QuickTime:Unknown_clli",
	"QuickTime:Unknown_lsel", "QuickTime:Unknown_a1lx", "QuickTime:Unknown_a1op", "Meta:Unknown_grpl",
	"QuickTime:ImageSpatialExtent", "QuickTime:ImagePixelDepth", "QuickTime:Rotation", "QuickTime:Mirroring",
	"QuickTime:CleanAperture*", "QuickTime:PixelAspectRatio", "QuickTime:AuxiliaryImageType=urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
	"QuickTime:AuxiliaryImageType=urn:mpeg:hevc:2015:auxid:1",
	"QuickTime:ColorProfiles", "QuickTime:ColorPrimaries", "QuickTime:TransferCharacteristics", "QuickTime:MatrixCoefficients",
	"QuickTime:VideoFullRangeFlag", "QuickTime:QuickTime_ColorRep_0x*",
	"QuickTime:AV1ConfigurationVersion", "QuickTime:SeqProfile", "QuickTime:SeqTier0", "QuickTime:SeqLevelIdx0", "QuickTime:HighBitDepth",
	"QuickTime:TwelveBit", "QuickTime:ChromaFormat", "QuickTime:ChromaSamplePosition", "QuickTime:InitialDelaySamples", "QuickTime:Monochrome",
	"QuickTime:HEVCConfigurationVersion", "QuickTime:GeneralProfileSpace", "QuickTime:GeneralTierFlag", "QuickTime:GeneralProfileIDC",
	"QuickTime:GenProfileCompatibilityFlags", "QuickTime:ConstraintIndicatorFlags", "QuickTime:GeneralLevelIDC",
	"QuickTime:MinSpatialSegmentationIDC", "QuickTime:ParallelismType", "QuickTime:BitDepthLuma", "QuickTime:BitDepthChroma",
	"QuickTime:AverageFrameRate", "QuickTime:ConstantFrameRate", "QuickTime:NumTemporalLayers", "QuickTime:TemporalIDNested",
	"QuickTime:QuickTime_HEVCConfig_0x*", "QuickTime:QuickTime_AV1Config_0x*",
	"ICC-header:ProfileCMMType=", "ICC-header:ProfileVersion", "ICC-header:ProfileClass", "ICC-header:ColorSpaceData",
	"ICC-header:ProfileConnectionSpace", "ICC-header:ProfileDateTime=0000:00:00 00:00:00",
	"ICC-header:ProfileFileSignature=acsp", "ICC-header:PrimaryPlatform=Unknown ()",
	"ICC-header:CMMFlags=Not Embedded, Independent", "ICC-header:DeviceManufacturer=", "ICC-header:DeviceModel=",
	"ICC-header:DeviceAttributes=Reflective, Glossy, Positive, Color", "ICC-header:RenderingIntent",
	"ICC-header:ConnectionSpaceIlluminant=0.9642 1 0.82491", "ICC-header:ProfileCreator=", "ICC-header:ProfileID=0",
	"ICC_Profile:ProfileCopyright=Public domain", "ICC_Profile:ProfileDescription=sRGB", "ICC_Profile:ProfileDescription=Display P3",
	"ICC_Profile:ProfileDescription=Adobe RGB (1998)", "ICC_Profile:ProfileDescription=RGB", "ICC_Profile:ProfileDescription=Gray",
	"ICC_Profile:MediaWhitePoint", "ICC_Profile:MediaBlackPoint", "ICC_Profile:ChromaticAdaptation", "ICC_Profile:AToB[012]",
	"ICC_Profile:RedMatrixColumn", "ICC_Profile:GreenMatrixColumn", "ICC_Profile:BlueMatrixColumn",
	"ICC_Profile:RedTRC", "ICC_Profile:GreenTRC", "ICC_Profile:BlueTRC", "ICC_Profile:GrayTRC",
}

// huge is a picture of a gigabyte: one slice of HEVC.
func huge(t *testing.T) func() container.Source {
	c := hevc(t)
	const length = 1 << 30
	b := builder{primary: 1, entries: []entry{of(1, c)}}
	whole := b.bytes()
	start := len(whole) - len(c.data)
	b.entries[0].extents = be16(1) + be32(start) + be32(length-start)
	b.entries[0].data = ""
	head := b.bytes()
	head = append(head[:start-8], be32(length-start+8)+"mdat"+be32(length-start-4)+c.data[4:]...)
	return func() container.Source { return &containertest.Sparse{Head: head, Fill: 0x55, Length: length} }
}

func suite(t *testing.T, f heif.Format) containertest.Suite {
	return containertest.Suite{
		Format: f,
		Dir:    "heif",
		FrameText: []string{
			"ftypheic", "ftypavif", "mif1", "heic", "avif", "miaf", "tmap", "MA1A", "MA1B", "MiHB", "colrnclx", "colrprof",
			"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1",
		},
		MayRemain: mayRemain,
		FFmpeg:    []string{"-frames:v", "1"},
		Huge:      huge(t),
		MaxAlloc:  1 << 20,
	}
}

func TestSuite(t *testing.T) { suite(t, heif.Format{}).Run(t) }

func TestSuiteAVIF(t *testing.T) {
	s := suite(t, heif.AVIF())
	s.Huge = nil // there is no difference but the name
	s.Run(t)
}
