package metadata

// A Field is something that a clean file can say in one canonical place. Each format reads
// it from wherever cameras and editors put it (EXIF, IPTC-IIM, XMP) and writes it anew from
// the value; nothing is passed through as it was found. The empty Field can only be removed.
type Field string

// The fields. Creator, Keyword and PersonShown may occur more than once.
const (
	Orientation Field = "orientation" // EXIF 0x0112: "1" to "8"
	ColorSpace  Field = "color-space" // "adobe-rgb" when the file says so without a profile

	Credit     Field = "credit"
	Copyright  Field = "copyright"
	Creator    Field = "creator"
	UsageTerms Field = "usage-terms"
	LicenseURL Field = "license-url"

	AltTextShort Field = "alt-text"
	AltTextLong  Field = "alt-text-long" // IPTC Extended Description (Accessibility)

	Title    Field = "title"
	Headline Field = "headline"
	Caption  Field = "description"
	Keyword  Field = "keyword"

	DateTaken Field = "date-taken" // 2026-01-31T14:05:09, with a zone when it is known

	PersonShown Field = "person"

	Sublocation Field = "sublocation"
	City        Field = "city"
	Country     Field = "country"
	Latitude    Field = "latitude"  // decimal degrees, north is positive
	Longitude   Field = "longitude" // decimal degrees, east is positive
)

// An Entry is one text to write into a clean file.
type Entry struct {
	Field Field
	Value Secret
}

// fields holds the category of each field, and which may occur more than once.
var fields = []struct {
	field    Field
	category Category
	many     bool
}{
	{Orientation, Rendering, false}, {ColorSpace, Rendering, false},
	{Credit, Rights, false}, {Copyright, Rights, false}, {Creator, Rights, true},
	{UsageTerms, Rights, false}, {LicenseURL, Rights, false},
	{AltTextShort, AltText, false}, {AltTextLong, AltText, false},
	{Title, Description, false}, {Headline, Description, false},
	{Caption, Description, false}, {Keyword, Description, true},
	{DateTaken, Time, false},
	{PersonShown, Person, true},
	{Sublocation, Location, false}, {City, Location, false}, {Country, Location, false},
	{Latitude, Location, false}, {Longitude, Location, false},
}

// Fields lists every field in the order in which they are written.
func Fields() []Field {
	all := make([]Field, len(fields))
	for i, f := range fields {
		all[i] = f.field
	}
	return all
}

// Category returns what f gives away; Unknown for a field that does not exist.
func (f Field) Category() Category {
	for _, k := range fields {
		if k.field == f {
			return k.category
		}
	}
	return Unknown
}

// Repeats reports whether a file may hold f more than once.
func (f Field) Repeats() bool {
	for _, k := range fields {
		if k.field == f {
			return k.many
		}
	}
	return false
}
