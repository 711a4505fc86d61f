package xmp

import (
	"encoding/xml"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A form is how XMP writes a value: plain, or in an array.
type form uint8

const (
	plain     form = iota
	localized      // rdf:Alt with one text, x-default
	ordered        // rdf:Seq
	unordered      // rdf:Bag
)

// A kind is what a value has to be; format takes it from an entry, parse to an item.
type kind uint8

const (
	words kind = iota
	date
	latitude
	longitude
)

// A property is where XMP has a field.
type property struct {
	field   metadata.Field
	space   string
	local   string
	form    form
	kind    kind
	another bool // read, but written as the property of that field above it
}

// properties holds every field that XMP has a place for (IPTC Photo Metadata Standard
// 2023.2, XMP specification part 2). Orientation and colour are the container's business.
var properties = []property{
	{field: metadata.Credit, space: nsPhotoshop, local: "Credit"},
	{field: metadata.Copyright, space: nsDC, local: "rights", form: localized},
	{field: metadata.Creator, space: nsDC, local: "creator", form: ordered},
	{field: metadata.UsageTerms, space: nsRights, local: "UsageTerms", form: localized},
	{field: metadata.LicenseURL, space: nsRights, local: "WebStatement"},
	{field: metadata.LicenseURL, space: nsCC, local: "license", another: true},
	{field: metadata.AltTextShort, space: nsIPTC, local: "AltTextAccessibility", form: localized},
	{field: metadata.AltTextLong, space: nsIPTC, local: "ExtDescrAccessibility", form: localized},
	{field: metadata.Title, space: nsDC, local: "title", form: localized},
	{field: metadata.Headline, space: nsPhotoshop, local: "Headline"},
	{field: metadata.Caption, space: nsDC, local: "description", form: localized},
	{field: metadata.Keyword, space: nsDC, local: "subject", form: unordered},
	{field: metadata.DateTaken, space: nsPhotoshop, local: "DateCreated", kind: date},
	{field: metadata.DateTaken, space: nsExif, local: "DateTimeOriginal", kind: date, another: true},
	{field: metadata.PersonShown, space: nsIPTCExt, local: "PersonInImage", form: unordered},
	{field: metadata.Sublocation, space: nsIPTC, local: "Location"},
	{field: metadata.City, space: nsPhotoshop, local: "City"},
	{field: metadata.Country, space: nsPhotoshop, local: "Country"},
	{field: metadata.Latitude, space: nsExif, local: "GPSLatitude", kind: latitude},
	{field: metadata.Longitude, space: nsExif, local: "GPSLongitude", kind: longitude},
}

// readable finds a property by its name, writable by its field. Neither changes.
var (
	readable = func() map[xml.Name]*property {
		m := make(map[xml.Name]*property, len(properties))
		for i := range properties {
			m[xml.Name{Space: properties[i].space, Local: properties[i].local}] = &properties[i]
		}
		return m
	}()
	writable = func() map[metadata.Field]*property {
		m := make(map[metadata.Field]*property, len(properties))
		for i := range properties {
			if !properties[i].another {
				m[properties[i].field] = &properties[i]
			}
		}
		return m
	}()
)

// parse returns what a value of p says, and how near it is in metres if it is a position.
func (p *property) parse(s string) (text string, within float64, ok bool) {
	switch p.kind {
	case latitude:
		return parseAngle(s, 90, 'N', 'S')
	case longitude:
		return parseAngle(s, 180, 'E', 'W')
	case date:
		s = dashed(s)
		return s, 0, isDate(s)
	}
	return s, 0, true
}

// format returns the value of p that parse reads as s.
func (p *property) format(s string) (string, bool) {
	switch p.kind {
	case latitude:
		return formatAngle(s, 90, 'N', 'S')
	case longitude:
		return formatAngle(s, 180, 'E', 'W')
	case date:
		s = dashed(s)
		return s, isDate(s)
	}
	return s, s != ""
}
