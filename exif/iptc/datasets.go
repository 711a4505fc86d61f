package iptc

import "github.com/mediaveil/mediaveil/sanitize/metadata"

// An id is the record and number of a dataset: 2:80.
type id struct{ record, number byte }

// A kind is how a dataset is coded.
type kind uint8

const (
	text kind = iota
	number
	octets // nothing that can be said in text
	date
)

// A dataset is what we know of one.
type dataset struct {
	name     string
	category metadata.Category
	field    metadata.Field
	kind     kind
}

// The categories under short names, for the table.
const (
	location    = metadata.Location
	device      = metadata.Device
	when        = metadata.Time
	person      = metadata.Person
	description = metadata.Description
	rights      = metadata.Rights
	software    = metadata.Software
	thumbnail   = metadata.Thumbnail
)

// datasets are those of IIM 4.2 (chapters 5 to 11), of the Digital Newsphoto Parameter
// Record 4, and the few that programs have added to record 2.
var datasets = map[id]dataset{
	{1, 0}:   {name: "ModelVersion", category: software, kind: number},
	{1, 5}:   {name: "Destination", category: person},
	{1, 20}:  {name: "FileFormat", category: software, kind: number},
	{1, 22}:  {name: "FileFormatVersion", category: software, kind: number},
	{1, 30}:  {name: "ServiceIdentifier", category: software},
	{1, 40}:  {name: "EnvelopeNumber", category: software},
	{1, 50}:  {name: "ProductID", category: software},
	{1, 60}:  {name: "EnvelopePriority", category: software},
	{1, 70}:  {name: "DateSent", category: when},
	{1, 80}:  {name: "TimeSent", category: when},
	{1, 90}:  {name: "CodedCharacterSet", category: software},
	{1, 100}: {name: "UniqueObjectName", category: software},
	{1, 120}: {name: "ARMIdentifier", category: software, kind: number},
	{1, 122}: {name: "ARMVersion", category: software, kind: number},

	{2, 0}:   {name: "ApplicationRecordVersion", category: software, kind: number},
	{2, 3}:   {name: "ObjectTypeReference", category: description},
	{2, 4}:   {name: "ObjectAttributeReference", category: description},
	{2, 5}:   {name: "ObjectName", category: description, field: metadata.Title},
	{2, 7}:   {name: "EditStatus", category: software},
	{2, 8}:   {name: "EditorialUpdate", category: software},
	{2, 10}:  {name: "Urgency", category: software},
	{2, 12}:  {name: "SubjectReference", category: description},
	{2, 15}:  {name: "Category", category: description},
	{2, 20}:  {name: "SupplementalCategory", category: description},
	{2, 22}:  {name: "FixtureIdentifier", category: description},
	{2, 25}:  {name: "Keywords", category: description, field: metadata.Keyword},
	{2, 26}:  {name: "ContentLocationCode", category: location},
	{2, 27}:  {name: "ContentLocationName", category: location},
	{2, 30}:  {name: "ReleaseDate", category: when},
	{2, 35}:  {name: "ReleaseTime", category: when},
	{2, 37}:  {name: "ExpirationDate", category: when},
	{2, 38}:  {name: "ExpirationTime", category: when},
	{2, 40}:  {name: "SpecialInstructions", category: description},
	{2, 42}:  {name: "ActionAdvised", category: software},
	{2, 45}:  {name: "ReferenceService", category: software},
	{2, 47}:  {name: "ReferenceDate", category: when},
	{2, 50}:  {name: "ReferenceNumber", category: software},
	{2, 55}:  {name: "DateCreated", category: when, field: metadata.DateTaken, kind: date},
	{2, 60}:  {name: "TimeCreated", category: when},
	{2, 62}:  {name: "DigitalCreationDate", category: when},
	{2, 63}:  {name: "DigitalCreationTime", category: when},
	{2, 65}:  {name: "OriginatingProgram", category: software},
	{2, 70}:  {name: "ProgramVersion", category: software},
	{2, 75}:  {name: "ObjectCycle", category: when},
	{2, 80}:  {name: "By-line", category: rights, field: metadata.Creator},
	{2, 85}:  {name: "By-lineTitle", category: person},
	{2, 90}:  {name: "City", category: location, field: metadata.City},
	{2, 92}:  {name: "Sub-location", category: location, field: metadata.Sublocation},
	{2, 95}:  {name: "Province-State", category: location},
	{2, 100}: {name: "CountryCode", category: location},
	{2, 101}: {name: "Country", category: location, field: metadata.Country},
	{2, 103}: {name: "OriginalTransmissionReference", category: description},
	{2, 105}: {name: "Headline", category: description, field: metadata.Headline},
	{2, 110}: {name: "Credit", category: rights, field: metadata.Credit},
	{2, 115}: {name: "Source", category: rights},
	{2, 116}: {name: "CopyrightNotice", category: rights, field: metadata.Copyright},
	{2, 118}: {name: "Contact", category: person},
	{2, 120}: {name: "Caption", category: description, field: metadata.Caption},
	{2, 121}: {name: "LocalCaption", category: description},
	{2, 122}: {name: "Writer", category: person},
	{2, 125}: {name: "RasterizedCaption", category: thumbnail, kind: octets},
	{2, 130}: {name: "ImageType", category: software},
	{2, 131}: {name: "ImageOrientation", category: software},
	{2, 135}: {name: "LanguageIdentifier", category: description},
	{2, 150}: {name: "AudioType", category: software},
	{2, 151}: {name: "AudioSamplingRate", category: software},
	{2, 152}: {name: "AudioSamplingResolution", category: software},
	{2, 153}: {name: "AudioDuration", category: software},
	{2, 154}: {name: "AudioOutcue", category: description},
	{2, 184}: {name: "JobID", category: software},
	{2, 185}: {name: "MasterDocumentID", category: software},
	{2, 186}: {name: "ShortDocumentID", category: software},
	{2, 187}: {name: "UniqueDocumentID", category: software},
	{2, 188}: {name: "OwnerID", category: person},
	{2, 200}: {name: "ObjectPreviewFileFormat", category: thumbnail, kind: number},
	{2, 201}: {name: "ObjectPreviewFileVersion", category: thumbnail, kind: number},
	{2, 202}: {name: "ObjectPreviewData", category: thumbnail, kind: octets},
	{2, 221}: {name: "Prefs", category: software},
	{2, 225}: {name: "ClassifyState", category: software},
	{2, 228}: {name: "SimilarityIndex", category: software},
	{2, 230}: {name: "DocumentNotes", category: description},
	{2, 231}: {name: "DocumentHistory", category: software},
	{2, 232}: {name: "ExifCameraInfo", category: device},
	{2, 255}: {name: "CatalogSets", category: description},

	{3, 0}:   {name: "NewsPhotoVersion", category: software, kind: number},
	{3, 10}:  {name: "PictureNumber", category: software, kind: octets},
	{3, 20}:  {name: "PixelsPerLine", category: software, kind: number},
	{3, 30}:  {name: "NumberOfLines", category: software, kind: number},
	{3, 40}:  {name: "PixelSizeInScanning", category: software, kind: number},
	{3, 50}:  {name: "PixelSizeAcrossScanning", category: software, kind: number},
	{3, 55}:  {name: "SupplementType", category: software, kind: number},
	{3, 60}:  {name: "ColourRepresentation", category: software, kind: number},
	{3, 64}:  {name: "InterchangeColourSpace", category: software, kind: number},
	{3, 65}:  {name: "ColourSequence", category: software, kind: number},
	{3, 66}:  {name: "ICCProfile", category: device, kind: octets},
	{3, 70}:  {name: "ColourCalibrationMatrix", category: device, kind: octets},
	{3, 80}:  {name: "LookupTable", category: device, kind: octets},
	{3, 84}:  {name: "NumberOfIndexEntries", category: software, kind: number},
	{3, 85}:  {name: "ColourPalette", category: software, kind: octets},
	{3, 86}:  {name: "BitsPerSample", category: software, kind: number},
	{3, 90}:  {name: "SamplingStructure", category: software, kind: number},
	{3, 100}: {name: "ScanningDirection", category: software, kind: number},
	{3, 102}: {name: "ImageRotation", category: software, kind: number},
	{3, 110}: {name: "DataCompressionMethod", category: software, kind: number},
	{3, 120}: {name: "QuantisationMethod", category: software, kind: number},
	{3, 125}: {name: "EndPoints", category: software, kind: octets},
	{3, 130}: {name: "ExcursionTolerance", category: software, kind: number},
	{3, 135}: {name: "BitsPerComponent", category: software, kind: number},
	{3, 140}: {name: "MaximumDensityRange", category: software, kind: number},
	{3, 145}: {name: "GammaCompensatedValue", category: software, kind: number},

	{7, 10}: {name: "SizeMode", category: software, kind: number},
	{7, 20}: {name: "MaxSubfileSize", category: software, kind: number},
	{7, 90}: {name: "ObjectSizeAnnounced", category: software, kind: number},
	{7, 95}: {name: "MaximumObjectSize", category: software, kind: number},
	{8, 10}: {name: "Subfile", category: thumbnail, kind: octets},
	{9, 10}: {name: "ConfirmedObjectSize", category: software, kind: number},
}
