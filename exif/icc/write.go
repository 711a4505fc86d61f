package icc

import (
	"maps"
	"slices"
	"unicode/utf16"
)

// d50 is the illuminant of the connection space as every profile states it, ICC.1:2022 7.2.16.
var d50 = [3]uint32{0xF6D6, 0x10000, 0xD32D}

const neutralCopyright = "Public domain"

// assemble writes a profile. Elements with the same bytes are stored once.
func assemble(h header, elements []element) []byte {
	b := make([]byte, tableStart+entrySize*len(elements))
	copy(b, encodeHeader(h))
	be.PutUint32(b[headerSize:], uint32(len(elements)))
	at := map[string]int{}
	for i, e := range elements {
		off, stored := at[string(e.data)]
		if !stored {
			off = len(b)
			at[string(e.data)] = off
			b = pad4(append(b, e.data...))
		}
		entry := b[tableStart+entrySize*i:]
		copy(entry, e.sig)
		be.PutUint32(entry[4:], uint32(off))
		be.PutUint32(entry[8:], uint32(len(e.data)))
	}
	be.PutUint32(b, uint32(len(b)))
	return b
}

// encodeHeader writes the header (7.2) with all that identifies left zero: preferred CMM,
// date, platform, flags, manufacturer, model, attributes, creator and profile ID. The
// specification gives zero a meaning for each of them.
func encodeHeader(h header) []byte {
	b := make([]byte, headerSize)
	b[8], b[9] = h.major, h.minor<<4
	copy(b[12:], h.class)
	copy(b[16:], h.space)
	copy(b[20:], h.pcs)
	copy(b[36:], "acsp")
	b[67] = h.intent
	for i, v := range d50 {
		be.PutUint32(b[68+4*i:], v)
	}
	return b
}

// neutral returns the two texts that a profile must have, in the form of its version.
func neutral(h header, name string) []element {
	if h.major >= 4 {
		return []element{{"desc", multiLocalized(name)}, {"cprt", multiLocalized(neutralCopyright)}}
	}
	return []element{{"desc", textDescription(name)}, {"cprt", plainText(neutralCopyright)}}
}

// isNeutral reports whether a text tag is, byte for byte, one that we write.
func isNeutral(h header, sig string, data []byte) bool {
	for _, name := range neutralNames() {
		for _, e := range neutral(h, name) {
			if e.sig == sig && string(e.data) == string(data) {
				return true
			}
		}
	}
	return false
}

func neutralNames() []string {
	names := []string{primaries(SRGB).name, primaries(DisplayP3).name, primaries(AdobeRGB).name}
	for _, sig := range slices.Sorted(maps.Keys(spaces)) {
		names = append(names, spaces[sig].name)
	}
	return names
}

// textDescription is ICC.1:2001-04 6.5.17: ASCII, then empty Unicode and ScriptCode forms.
func textDescription(s string) []byte {
	b := fresh("desc", 12)
	be.PutUint32(b[8:], uint32(len(s)+1))
	b = append(append(b, s...), 0)
	return append(b, make([]byte, 4+4+2+1+67)...)
}

func plainText(s string) []byte { return append(append(fresh("text", 8), s...), 0) }

// multiLocalized is multiLocalizedUnicodeType (10.15) with one record, for US English.
func multiLocalized(s string) []byte {
	text := utf16.Encode([]rune(s))
	b := fresh("mluc", 28)
	be.PutUint32(b[8:], 1)
	be.PutUint32(b[12:], 12)
	copy(b[16:], "enUS")
	be.PutUint32(b[20:], uint32(2*len(text)))
	be.PutUint32(b[24:], 28)
	for _, u := range text {
		b = be.AppendUint16(b, u)
	}
	return b
}
