package main

import (
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A harm groups what a photo gives away by what it is good for to somebody who should not
// have it.
type harm struct {
	title      string
	categories metadata.Set
	part       string // instead of categories: all that has this in its path
	sized      bool   // how many bytes it takes up says something
	after      string // said behind the list
	phrases    []phrase
}

// A phrase is how people call some items. keys are the last words of their paths; one with a
// slash or colon is looked for anywhere in the path. The last phrase of a harm has none and
// takes the rest.
type phrase struct {
	keys      string
	one, many string // many is for those that are counted, "3 keywords"
	minor     bool   // goes without saying once the harm has something else
}

// colourProfile is in the path of what a colour profile holds. Most photos have one of a few
// common ones, which say next to nothing; so it is told apart from what the photo says.
const colourProfile = "/icc/"

// takes reports whether an item belongs to h.
func (h *harm) takes(it metadata.Item) bool {
	inProfile := strings.Contains(it.Path, colourProfile)
	return inProfile && h.part == colourProfile || !inProfile && h.categories.Has(it.Category)
}

// harms are told in this order.
var harms = []harm{
	{title: "Where", categories: metadata.SetOf(metadata.Location), phrases: []phrase{
		{keys: "GPSLatitude GPSLongitude GPSLatitudeRef GPSLongitudeRef GpsLatitude GpsLongitude GpsLongtitude", one: "position"},
		{keys: "City Sub-location Sublocation Province-State ProvinceState State Country CountryCode CountryName Location " +
			"LocationShown LocationCreated LocationName LocationId WorldRegion ContentLocationCode ContentLocationName shotLocation " +
			"coverage spatial GPSAreaInformation", one: "place names"},
		{keys: "GPSAltitude GPSAltitudeRef AbsoluteAltitude RelativeAltitude AltitudeType", one: "altitude"},
		{keys: "GPSImgDirection GPSImgDirectionRef CameraElevationAngle PoseHeadingDegrees PosePitchDegrees PoseRollDegrees " +
			"GimbalYawDegree GimbalPitchDegree GimbalRollDegree InitialViewHeadingDegrees", one: "direction"},
		{keys: "GPSSpeed GPSSpeedRef GPSTrack GPSTrackRef FlightXSpeed FlightYSpeed FlightZSpeed FlightYawDegree", one: "speed and course"},
		{keys: "/GPSDest :GPSDest LRFTargetLat LRFTargetLon", one: "position of what is shown"},
		{keys: "Temperature Humidity Pressure WaterDepth AmbientTemperature", one: "weather or depth"},
		{keys: "GPSProcessingMethod", one: "how the position was found"},
		{keys: "GPSTimeStamp GPSDateStamp GPSDateTime", one: "time at that place"},
		{keys: "app6/gopro", one: "GoPro sensor data"},
		{one: "other data of the position", minor: true}}},
	{title: "When", categories: metadata.SetOf(metadata.Time), phrases: []phrase{
		{keys: "DateTimeOriginal DateTimeDigitized CreateDate DateCreated TimeCreated DigitalCreationDate DigitalCreationTime " +
			"UTCAtExposure shotDate FirstPhotoDate LastPhotoDate photoshop:DateCreated", one: "date and time taken"},
		{keys: "OffsetTime OffsetTimeOriginal OffsetTimeDigitized TimeZoneOffset", one: "time zone"},
		{keys: "GPSTimeStamp GPSDateStamp", one: "satellite time", minor: true},
		{keys: "SubSecTime SubSecTimeOriginal SubSecTimeDigitized", one: "fractions of the second", minor: true},
		{keys: "DateTime ModifyDate MetadataDate TimeStamp when changed lastModifyDate DateAcquired", one: "when it was edited"},
		{one: "other dates"}}},
	{title: "Which device", categories: metadata.SetOf(metadata.Device), phrases: []phrase{
		{keys: "Make", one: "maker"},
		{keys: "Model UniqueCameraModel LocalizedCameraModel XiaomiModel DroneModel ProductName CameraLabel", one: "model"},
		{keys: "BodySerialNumber SerialNumber CameraSerialNumber LensSerialNumber DroneSerialNumber CameraSerialNumberDigest",
			one: "serial number", many: "serial numbers"},
		{keys: "Lens LensMake LensModel LensID LensInfo LensSpecification DNGLensInfo LensManufacturer", one: "lens"},
		{keys: "ImageUniqueID CaptureUUID RawDataUniqueID app5/samsung-unique-id RawImageDigest OriginalRawFileDigest", one: "unique number of the picture"},
		{keys: "CameraFirmware Firmware", one: "firmware"},
		{keys: "MakerNote HdrPlusMakernote hdrp_makernote shot_log_data DNGPrivateData app1/flir app1/qvci app3/kodak-meta " +
			"app4/ app5/ app6/ app7/ trailer/samsung trailer/vivo app12/picture-info", one: "the maker's own data"},
		{keys: "ICCProfile", one: "colour profile"},
		{one: "camera settings"}}},
	{title: "Who", categories: metadata.SetOf(metadata.Person), phrases: []phrase{
		{keys: "PersonInImage PersonName PersonDisplayName People PatientName mwg-rs:Regions/RegionList/Name",
			one: "name of a person shown", many: "names of people shown"},
		{keys: "mwg-rs: MP:RegionInfo acdsee-rs: apple-fi: Iptc4xmpExt:ImageRegion PersonRegions CorrectionMasks FaceMasks", one: "faces marked in the picture"},
		{keys: "CameraOwnerName OwnerName OwnerID", one: "camera owner"},
		{keys: "XPAuthor Author author contributor Contributor ImageEditor artist", one: "author or editor"},
		{keys: "CaptionWriter Writer Writer-Editor", one: "writer of the caption"},
		{keys: "AuthorsPosition By-lineTitle", one: "job title"},
		{keys: "Contact CreatorContactInfo :CiAdr /CiAdr /CiEmail /CiTel /CiUrl plus:Licens plus:EndUser", one: "contact data"},
		{keys: "ModelAge MinorModelAgeDisclosure", one: "age of people shown"},
		{keys: "ModelReleaseID ModelReleaseStatus", one: "release by people shown"},
		{keys: "PreservedFileName filePath RawFileName", one: "earlier file names"},
		{one: "other traces of people"}}},
	{title: "What it says", categories: metadata.SetOf(metadata.Description, metadata.AltText), phrases: []phrase{
		{keys: "XPTitle ImageTitle ObjectName title Title", one: "title"},
		{keys: "Headline", one: "headline"},
		{keys: "ImageDescription description Description Caption caption LocalCaption XPSubject", one: "caption"},
		{keys: "Keywords XPKeywords subject keywords Keyword hierarchicalSubject weightedFlatSubject TagsList LastKeywordXMP LastKeywordIPTC",
			one: "keyword", many: "keywords"},
		{keys: "UserComment XPComment com comment app10/comment", one: "comment"},
		{keys: "AltTextAccessibility ExtDescrAccessibility", one: "alt text"},
		{keys: "Event EventId EventExt", one: "event"},
		{keys: "SpecialInstructions Instructions", one: "instructions"},
		{keys: "Category SupplementalCategory SupplementalCategories Scene SubjectCode Genre IntellectualGenre SubjectReference", one: "categories"},
		{keys: "Rating RatingPercent", one: "rating"},
		{keys: "OriginalTransmissionReference TransmissionReference", one: "job number"},
		{keys: "slices layer-state layer-groups layer-comps alpha-names", one: "layers and slices"},
		{keys: "crs:", one: "names of development settings", minor: true},
		{one: "other words"}}},
	{title: "Whose it is", categories: metadata.SetOf(metadata.Rights), after: "(rights)", phrases: []phrase{
		{keys: "Copyright CopyrightNotice rights copyright CopyrightOwner CopyrightOwnerName copyright-flag Marked", one: "copyright"},
		{keys: "Artist creator By-line Photographer Creator ImageCreator ImageCreatorName", one: "creator"},
		{keys: "Credit CreditLineText", one: "credit"},
		{keys: "Source ImageSupplierName", one: "source"},
		{keys: "UsageTerms WebStatement license LicenseID cc:", one: "licence"},
		{keys: "url url-list", one: "web address"},
		{one: "other rights data"}}},
	{title: "Programs", categories: metadata.SetOf(metadata.Software), phrases: []phrase{
		{keys: "app11/c2pa", one: "content credentials (C2PA)"},
		{keys: "HostComputer", one: "name of the computer or phone"},
		{keys: "xmpMM:History photoshop:History DocumentAncestors DocumentHistory ImageHistory darktable:", one: "edit history"},
		{keys: "Software CreatorTool OriginatingProgram ProgramVersion ProcessingSoftware Producer RAWDevelopingSoftware " +
			"ImageEditingSoftware MetadataEditingSoftware softwareAgent Converter xmptk PreviewApplicationName version-info", one: "software"},
		{keys: "xmpMM: ImageID ImageUniqueID DigImageGUID UniqueDocumentID MasterDocumentID", one: "numbers that tie copies together"},
		{keys: "DocumentName PageName RawFile OriginalRawFileName workflow-url", one: "file names"},
		{keys: "crs: crss: crd:", one: "development settings"},
		{keys: "/irb/ app13/ app12/ducky", one: "Photoshop data"},
		{one: "other program data", minor: true}}},
	{title: "Hidden copies", categories: metadata.SetOf(metadata.Thumbnail, metadata.GainMap), sized: true, phrases: []phrase{
		{keys: "/thumbnail app0/jfxx xmp:Thumbnails xmpGImg:", one: "thumbnail", many: "thumbnails"},
		{keys: "trailer/picture", one: "a second picture", many: "further pictures"},
		{keys: "trailer/video", one: "video", many: "videos"},
		{keys: "app1/xmp-extension GDepth: GImage: GAudio:", one: "depth map, second picture or sound"},
		{keys: "fpxr ObjectPreviewData RasterizedCaption", one: "preview"},
		{keys: "gain-map", one: "HDR gain map"},
		{keys: "/gain-map/ iso-21496 hdrgm: HDRGainMap:", one: "data of an HDR gain map", minor: true},
		{keys: "app2/mpf GCamera: Container: Item:", one: "index of further pictures", minor: true},
		{one: "other copies"}}},
	{title: "Colour profile", part: colourProfile, phrases: []phrase{
		{keys: "header/date calt", one: "its date"},
		{keys: "header/manufacturer header/model header/device dmnd dmdd mmod", one: "maker or model of a screen or camera"},
		{keys: "desc dscm cprt vued", one: "names and words"},
		{keys: "header/", one: "program", minor: true},
		{one: "other data", minor: true}}},
	{title: "Unknown", categories: metadata.SetOf(metadata.Unknown), sized: true, phrases: []phrase{
		{keys: "unused-table", one: "table the picture does not use", many: "tables the picture does not use"},
		{keys: "fill trailer/padding", one: "filling"},
		{one: "part nobody can name", many: "parts nobody can name"}}},
}

// phraseOf finds the phrase for a path; the last one takes the rest.
func (h *harm) phraseOf(path string) int {
	last := path[strings.LastIndexAny(path, "/:")+1:]
	for i := range h.phrases[:len(h.phrases)-1] {
		for key := range strings.FieldsSeq(h.phrases[i].keys) {
			if key == last || strings.ContainsAny(key, "/:") && strings.Contains(path, key) {
				return i
			}
		}
	}
	return len(h.phrases) - 1
}
