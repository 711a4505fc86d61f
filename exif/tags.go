package exif

import "github.com/mediaveil/mediaveil/sanitize/metadata"

// form is how a value is written, where its TIFF type does not tell.
type form uint8

const (
	plain   form = iota // as its TIFF type says
	wide                // UTF-16LE in bytes, the Windows XP tags
	charset             // text after eight bytes that name its character set (Exif 3.0, 4.6.6)
	opaque              // a container or a blob, never shown
	offsets             // places of picture data, as many as there are strips or tiles
	pointer             // place of another directory
)

// A tag is what our tables know of one tag number.
type tag struct {
	name     string
	category metadata.Category
	form     form
}

// tagsOf returns the table for a directory. Tag numbers below 0x20 mean other things in the
// GPS and interoperability directories than elsewhere.
func tagsOf(k kind) map[uint16]tag {
	switch k {
	case gpsDir:
		return gpsTags
	case interopDir:
		return interopTags
	}
	return mainTags
}

// gpsTags are those of Exif 3.0, 4.6.7.
var gpsTags = map[uint16]tag{
	0x00: {"GPSVersionID", metadata.Location, plain},
	0x01: {"GPSLatitudeRef", metadata.Location, plain},
	0x02: {"GPSLatitude", metadata.Location, plain},
	0x03: {"GPSLongitudeRef", metadata.Location, plain},
	0x04: {"GPSLongitude", metadata.Location, plain},
	0x05: {"GPSAltitudeRef", metadata.Location, plain},
	0x06: {"GPSAltitude", metadata.Location, plain},
	0x07: {"GPSTimeStamp", metadata.Time, plain},
	0x08: {"GPSSatellites", metadata.Location, plain},
	0x09: {"GPSStatus", metadata.Location, plain},
	0x0A: {"GPSMeasureMode", metadata.Location, plain},
	0x0B: {"GPSDOP", metadata.Location, plain},
	0x0C: {"GPSSpeedRef", metadata.Location, plain},
	0x0D: {"GPSSpeed", metadata.Location, plain},
	0x0E: {"GPSTrackRef", metadata.Location, plain},
	0x0F: {"GPSTrack", metadata.Location, plain},
	0x10: {"GPSImgDirectionRef", metadata.Location, plain},
	0x11: {"GPSImgDirection", metadata.Location, plain},
	0x12: {"GPSMapDatum", metadata.Location, plain},
	0x13: {"GPSDestLatitudeRef", metadata.Location, plain},
	0x14: {"GPSDestLatitude", metadata.Location, plain},
	0x15: {"GPSDestLongitudeRef", metadata.Location, plain},
	0x16: {"GPSDestLongitude", metadata.Location, plain},
	0x17: {"GPSDestBearingRef", metadata.Location, plain},
	0x18: {"GPSDestBearing", metadata.Location, plain},
	0x19: {"GPSDestDistanceRef", metadata.Location, plain},
	0x1A: {"GPSDestDistance", metadata.Location, plain},
	0x1B: {"GPSProcessingMethod", metadata.Location, charset},
	0x1C: {"GPSAreaInformation", metadata.Location, charset},
	0x1D: {"GPSDateStamp", metadata.Time, plain},
	0x1E: {"GPSDifferential", metadata.Location, plain},
	0x1F: {"GPSHPositioningError", metadata.Location, plain},
}

// interopTags are those of Exif 3.0, 4.6.8, and of DCF 2.0. The size and format of the
// related picture say what it was before it was cut.
var interopTags = map[uint16]tag{
	0x0001: {"InteroperabilityIndex", metadata.Rendering, plain},
	0x0002: {"InteroperabilityVersion", metadata.Rendering, plain},
	0x1000: {"RelatedImageFileFormat", metadata.Software, plain},
	0x1001: {"RelatedImageWidth", metadata.Device, plain},
	0x1002: {"RelatedImageLength", metadata.Device, plain},
}

// mainTags are those of TIFF, Exif, Windows, GeoTIFF and DNG, which share one number space
// and which writers put into whatever directory they like.
var mainTags = join(structureTags, textTags, captureTags, privateTags, dngTags)

func join(tables ...map[uint16]tag) map[uint16]tag {
	all := make(map[uint16]tag)
	for _, table := range tables {
		for id, t := range table {
			all[id] = t
		}
	}
	return all
}

// structureTags say how a picture is stored, not what it shows: TIFF 6.0, sections 4, 8 and
// 11 to 22, and Exif 3.0, 4.6.5. Rendering counts as harmless, so nothing else is in here;
// [harmless] looks at each value as well.
var structureTags = map[uint16]tag{
	0x00FE: {"NewSubfileType", metadata.Rendering, plain},
	0x00FF: {"SubfileType", metadata.Rendering, plain},
	0x0100: {"ImageWidth", metadata.Rendering, plain},
	0x0101: {"ImageLength", metadata.Rendering, plain},
	0x0102: {"BitsPerSample", metadata.Rendering, plain},
	0x0103: {"Compression", metadata.Rendering, plain},
	0x0106: {"PhotometricInterpretation", metadata.Rendering, plain},
	0x010A: {"FillOrder", metadata.Rendering, plain},
	0x0111: {"StripOffsets", metadata.Rendering, offsets},
	0x0112: {"Orientation", metadata.Rendering, plain},
	0x0115: {"SamplesPerPixel", metadata.Rendering, plain},
	0x0116: {"RowsPerStrip", metadata.Rendering, plain},
	0x0117: {"StripByteCounts", metadata.Rendering, offsets},
	0x011A: {"XResolution", metadata.Rendering, plain},
	0x011B: {"YResolution", metadata.Rendering, plain},
	0x011C: {"PlanarConfiguration", metadata.Rendering, plain},
	0x0124: {"T4Options", metadata.Rendering, plain},
	0x0125: {"T6Options", metadata.Rendering, plain},
	0x0128: {"ResolutionUnit", metadata.Rendering, plain},
	0x013D: {"Predictor", metadata.Rendering, plain},
	0x013E: {"WhitePoint", metadata.Rendering, plain},
	0x013F: {"PrimaryChromaticities", metadata.Rendering, plain},
	0x0140: {"ColorMap", metadata.Rendering, plain},
	0x0142: {"TileWidth", metadata.Rendering, plain},
	0x0143: {"TileLength", metadata.Rendering, plain},
	0x0144: {"TileOffsets", metadata.Rendering, offsets},
	0x0145: {"TileByteCounts", metadata.Rendering, offsets},
	0x014A: {"SubIFDs", metadata.Rendering, pointer},
	0x014C: {"InkSet", metadata.Rendering, plain},
	0x014E: {"NumberOfInks", metadata.Rendering, plain},
	0x0152: {"ExtraSamples", metadata.Rendering, plain},
	0x0153: {"SampleFormat", metadata.Rendering, plain},
	0x015B: {"JPEGTables", metadata.Rendering, plain},
	0x0190: {"GlobalParametersIFD", metadata.Rendering, pointer},
	0x0200: {"JPEGProc", metadata.Rendering, plain},
	0x0201: {"JPEGInterchangeFormat", metadata.Rendering, offsets},
	0x0202: {"JPEGInterchangeFormatLength", metadata.Rendering, offsets},
	0x0203: {"JPEGRestartInterval", metadata.Rendering, plain},
	0x0211: {"YCbCrCoefficients", metadata.Rendering, plain},
	0x0212: {"YCbCrSubSampling", metadata.Rendering, plain},
	0x0213: {"YCbCrPositioning", metadata.Rendering, plain},
	0x0214: {"ReferenceBlackWhite", metadata.Rendering, plain},
	0x8769: {"ExifIFDPointer", metadata.Rendering, pointer},
	0x8825: {"GPSInfoIFDPointer", metadata.Rendering, pointer},
	0x9000: {"ExifVersion", metadata.Rendering, plain},
	0x9101: {"ComponentsConfiguration", metadata.Rendering, plain},
	0xA000: {"FlashpixVersion", metadata.Rendering, plain},
	0xA001: {"ColorSpace", metadata.Rendering, plain},
	0xA002: {"PixelXDimension", metadata.Rendering, plain},
	0xA003: {"PixelYDimension", metadata.Rendering, plain},
	0xA005: {"InteroperabilityIFDPointer", metadata.Rendering, pointer},
}

// textTags are words and dates: TIFF 6.0, section 8; Exif 3.0, 4.6.5 and 4.6.6; the tags that
// Windows writes.
var textTags = map[uint16]tag{
	0x010D: {"DocumentName", metadata.Software, plain},
	0x010E: {"ImageDescription", metadata.Description, plain},
	0x011D: {"PageName", metadata.Software, plain},
	0x011E: {"XPosition", metadata.Software, plain},
	0x011F: {"YPosition", metadata.Software, plain},
	0x0129: {"PageNumber", metadata.Software, plain},
	0x0131: {"Software", metadata.Software, plain},
	0x0132: {"DateTime", metadata.Time, plain},
	0x013B: {"Artist", metadata.Rights, plain},
	0x013C: {"HostComputer", metadata.Software, plain},
	0x014D: {"InkNames", metadata.Software, plain},
	0x0151: {"TargetPrinter", metadata.Software, plain},
	0x0157: {"ClipPath", metadata.Software, opaque},
	0x4746: {"Rating", metadata.Description, plain},
	0x4749: {"RatingPercent", metadata.Description, plain},
	0x800D: {"ImageID", metadata.Software, plain},
	0x8298: {"Copyright", metadata.Rights, plain},
	0x882A: {"TimeZoneOffset", metadata.Time, plain},
	0x885D: {"FaxSubAddress", metadata.Person, plain},
	0x9003: {"DateTimeOriginal", metadata.Time, plain},
	0x9004: {"DateTimeDigitized", metadata.Time, plain},
	0x9010: {"OffsetTime", metadata.Time, plain},
	0x9011: {"OffsetTimeOriginal", metadata.Time, plain},
	0x9012: {"OffsetTimeDigitized", metadata.Time, plain},
	0x9212: {"SecurityClassification", metadata.Description, plain},
	0x9213: {"ImageHistory", metadata.Software, plain},
	0x9286: {"UserComment", metadata.Description, charset},
	0x9290: {"SubSecTime", metadata.Time, plain},
	0x9291: {"SubSecTimeOriginal", metadata.Time, plain},
	0x9292: {"SubSecTimeDigitized", metadata.Time, plain},
	0x932F: {"MSDocumentText", metadata.Description, plain},
	0x9C9B: {"XPTitle", metadata.Description, wide},
	0x9C9C: {"XPComment", metadata.Description, wide},
	0x9C9D: {"XPAuthor", metadata.Person, wide},
	0x9C9E: {"XPKeywords", metadata.Description, wide},
	0x9C9F: {"XPSubject", metadata.Description, wide},
	0xA004: {"RelatedSoundFile", metadata.Software, plain},
	0xA430: {"CameraOwnerName", metadata.Person, plain},
	0xA436: {"ImageTitle", metadata.Description, plain},
	0xA437: {"Photographer", metadata.Rights, plain},
	0xA438: {"ImageEditor", metadata.Person, plain},
	0xA43A: {"RAWDevelopingSoftware", metadata.Software, plain},
	0xA43B: {"ImageEditingSoftware", metadata.Software, plain},
	0xA43C: {"MetadataEditingSoftware", metadata.Software, plain},
}

// captureTags say with what the picture was taken and how: Exif 3.0, 4.6.6; TIFF/EP
// (ISO 12234-2). Weather, depth and the angle of the camera help to find the place.
var captureTags = map[uint16]tag{
	0x010F: {"Make", metadata.Device, plain},
	0x0110: {"Model", metadata.Device, plain},
	0x012D: {"TransferFunction", metadata.Device, plain},
	0x828D: {"CFARepeatPatternDim", metadata.Device, plain},
	0x828E: {"CFAPatternTIFFEP", metadata.Device, plain},
	0x828F: {"BatteryLevel", metadata.Device, plain},
	0x829A: {"ExposureTime", metadata.Device, plain},
	0x829D: {"FNumber", metadata.Device, plain},
	0x8822: {"ExposureProgram", metadata.Device, plain},
	0x8824: {"SpectralSensitivity", metadata.Device, plain},
	0x8827: {"PhotographicSensitivity", metadata.Device, plain},
	0x8828: {"OECF", metadata.Device, opaque},
	0x8829: {"Interlace", metadata.Device, plain},
	0x882B: {"SelfTimerMode", metadata.Device, plain},
	0x8830: {"SensitivityType", metadata.Device, plain},
	0x8831: {"StandardOutputSensitivity", metadata.Device, plain},
	0x8832: {"RecommendedExposureIndex", metadata.Device, plain},
	0x8833: {"ISOSpeed", metadata.Device, plain},
	0x8834: {"ISOSpeedLatitudeyyy", metadata.Device, plain},
	0x8835: {"ISOSpeedLatitudezzz", metadata.Device, plain},
	0x9102: {"CompressedBitsPerPixel", metadata.Device, plain},
	0x9201: {"ShutterSpeedValue", metadata.Device, plain},
	0x9202: {"ApertureValue", metadata.Device, plain},
	0x9203: {"BrightnessValue", metadata.Device, plain},
	0x9204: {"ExposureBiasValue", metadata.Device, plain},
	0x9205: {"MaxApertureValue", metadata.Device, plain},
	0x9206: {"SubjectDistance", metadata.Device, plain},
	0x9207: {"MeteringMode", metadata.Device, plain},
	0x9208: {"LightSource", metadata.Device, plain},
	0x9209: {"Flash", metadata.Device, plain},
	0x920A: {"FocalLength", metadata.Device, plain},
	0x920B: {"FlashEnergyTIFFEP", metadata.Device, plain},
	0x920C: {"SpatialFrequencyResponseTIFFEP", metadata.Device, opaque},
	0x920D: {"Noise", metadata.Device, opaque},
	0x920E: {"FocalPlaneXResolutionTIFFEP", metadata.Device, plain},
	0x920F: {"FocalPlaneYResolutionTIFFEP", metadata.Device, plain},
	0x9210: {"FocalPlaneResolutionUnitTIFFEP", metadata.Device, plain},
	0x9211: {"ImageNumber", metadata.Device, plain},
	0x9214: {"SubjectArea", metadata.Device, plain},
	0x9215: {"ExposureIndexTIFFEP", metadata.Device, plain},
	0x9216: {"TIFFEPStandardID", metadata.Device, plain},
	0x9217: {"SensingMethodTIFFEP", metadata.Device, plain},
	0x927C: {"MakerNote", metadata.Device, opaque},
	0x9400: {"Temperature", metadata.Location, plain},
	0x9401: {"Humidity", metadata.Location, plain},
	0x9402: {"Pressure", metadata.Location, plain},
	0x9403: {"WaterDepth", metadata.Location, plain},
	0x9404: {"Acceleration", metadata.Device, plain},
	0x9405: {"CameraElevationAngle", metadata.Location, plain},
	0xA20B: {"FlashEnergy", metadata.Device, plain},
	0xA20C: {"SpatialFrequencyResponse", metadata.Device, opaque},
	0xA20E: {"FocalPlaneXResolution", metadata.Device, plain},
	0xA20F: {"FocalPlaneYResolution", metadata.Device, plain},
	0xA210: {"FocalPlaneResolutionUnit", metadata.Device, plain},
	0xA214: {"SubjectLocation", metadata.Device, plain},
	0xA215: {"ExposureIndex", metadata.Device, plain},
	0xA217: {"SensingMethod", metadata.Device, plain},
	0xA300: {"FileSource", metadata.Device, plain},
	0xA301: {"SceneType", metadata.Device, plain},
	0xA302: {"CFAPattern", metadata.Device, opaque},
	0xA401: {"CustomRendered", metadata.Device, plain},
	0xA402: {"ExposureMode", metadata.Device, plain},
	0xA403: {"WhiteBalance", metadata.Device, plain},
	0xA404: {"DigitalZoomRatio", metadata.Device, plain},
	0xA405: {"FocalLengthIn35mmFilm", metadata.Device, plain},
	0xA406: {"SceneCaptureType", metadata.Device, plain},
	0xA407: {"GainControl", metadata.Device, plain},
	0xA408: {"Contrast", metadata.Device, plain},
	0xA409: {"Saturation", metadata.Device, plain},
	0xA40A: {"Sharpness", metadata.Device, plain},
	0xA40B: {"DeviceSettingDescription", metadata.Device, opaque},
	0xA40C: {"SubjectDistanceRange", metadata.Device, plain},
	0xA420: {"ImageUniqueID", metadata.Device, plain},
	0xA431: {"BodySerialNumber", metadata.Device, plain},
	0xA432: {"LensSpecification", metadata.Device, plain},
	0xA433: {"LensMake", metadata.Device, plain},
	0xA434: {"LensModel", metadata.Device, plain},
	0xA435: {"LensSerialNumber", metadata.Device, plain},
	0xA439: {"CameraFirmware", metadata.Device, plain},
	0xA460: {"CompositeImage", metadata.Device, plain},
	0xA461: {"SourceImageNumberOfCompositeImage", metadata.Device, plain},
	0xA462: {"SourceExposureTimesOfCompositeImage", metadata.Device, opaque},
	0xA500: {"Gamma", metadata.Device, plain},
}
