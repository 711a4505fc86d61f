package tiff_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/tiff"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

func clean(b []byte, keep func(metadata.Item) bool) ([]byte, error) {
	return containertest.Clean(context.Background(), tiff.Format{}, bytes.NewReader(b), keep)
}

// generous is the policy of everything that can be written anew.
func generous(it metadata.Item) bool {
	switch it.Category {
	case metadata.Unknown, metadata.Device, metadata.Software, metadata.Thumbnail:
		return false
	}
	return true
}

// mayRemain is all that exiftool may find in a strictly cleaned picture: what it says of the
// file, the tags that a decoder needs, and a profile whose header and texts say nothing.
var mayRemain = []string{
	"File:FileType", "File:FileTypeExtension", "File:MIMEType=image/tiff", "File:MIMEType=image/x-tiff-big", "File:ExifByteOrder", "File:PageCount",
	"Composite:ImageSize", "Composite:Megapixels",
	"IFD*:SubfileType", "IFD*:OldSubfileType", "IFD*:ImageWidth", "IFD*:ImageHeight", "IFD*:BitsPerSample",
	"IFD*:Compression", "IFD*:PhotometricInterpretation", "IFD*:Thresholding", "IFD*:FillOrder",
	"IFD*:StripOffsets", "IFD*:Orientation", "IFD*:SamplesPerPixel", "IFD*:RowsPerStrip",
	"IFD*:StripByteCounts", "IFD*:MinSampleValue", "IFD*:MaxSampleValue", "IFD*:XResolution",
	"IFD*:YResolution", "IFD*:PlanarConfiguration", "IFD*:T4Options", "IFD*:T6Options", "IFD*:ResolutionUnit",
	"IFD*:Predictor", "IFD*:WhitePoint", "IFD*:PrimaryChromaticities", "IFD*:ColorMap", "IFD*:HalftoneHints",
	"IFD*:TileWidth", "IFD*:TileLength", "IFD*:TileOffsets", "IFD*:TileByteCounts", "IFD*:InkSet",
	"IFD*:NumberofInks", "IFD*:DotRange", "IFD*:ExtraSamples", "IFD*:SampleFormat", "IFD*:SMinSampleValue",
	"IFD*:SMaxSampleValue", "IFD*:TransferFunction", "IFD*:TransferRange", "IFD*:Indexed", "IFD*:JPEGTables",
	"IFD*:YCbCrCoefficients", "IFD*:YCbCrSubSampling", "IFD*:YCbCrPositioning", "IFD*:ReferenceBlackWhite",
	"IFD*:Matteing", "IFD*:DataType",
	"IFD*:PreviewImage*", // a strip that is a JPEG stream
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

// huge is a picture of a gigabyte in four strips.
func huge() container.Source {
	const side, rows = 1 << 15, 1 << 13
	d := without(picture(40, 24, 1), 256, 257, 273, 278, 279)
	b := build(little, false, d.with(long(256, side), long(257, side), long(278, rows), long(279, side*rows, side*rows, side*rows, side*rows),
		places(273, 4096, 4096+side*rows, 4096+2*side*rows, 4096+3*side*rows), ascii(305, secret("software"))))
	return &containertest.Sparse{Head: b, Length: 4096 + side*side}
}

func suite(t *testing.T) containertest.Suite {
	return containertest.Suite{
		Format:    tiff.Format{},
		Dir:       "tiff",
		MayRemain: mayRemain,
		Decoder:   []string{"convert", "TIFF:-[0]", "PNM:-"},
		Huge:      huge,
		MaxAlloc:  1 << 20,
		Disagree: map[string]string{
			"no-sizes.tif": "ffmpeg takes a strip without a size to reach up to the end of the file; libtiff counts the rows",
		},
	}
}

func TestSuite(t *testing.T) { suite(t).Run(t) }
