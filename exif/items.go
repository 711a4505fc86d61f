package exif

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// maxPlain is how many bytes of numbers pass as harmless: ReferenceBlackWhite has 48.
const maxPlain = 64

// items describes every entry, directory by directory.
func (w *walker) items() []metadata.Item {
	items := make([]metadata.Item, 0, len(w.entries)+maxSlack)
	var numbers []question
	for _, d := range w.dirs {
		table := tagsOf(d.kind)
		for i := d.lo; i < d.hi; i++ {
			e := &w.entries[i]
			t, known := table[e.id]
			if !known {
				t.name = number(e.id)
			}
			item := metadata.Item{Path: d.path + "/" + t.name, Category: t.category, Size: e.size()}
			if t.category == metadata.Rendering && !harmless(e, t) {
				item.Category = metadata.Unknown
			}
			if said := w.fields(d, e, item); len(said) > 0 {
				items = append(items, said...)
				continue
			}
			item.Within = w.within(d.kind, e)
			item.Value = metadata.Secret(w.report(e, t))
			if item.Value == "" && len(numbers) < maxNumbers && isNumber(e, t) {
				numbers = append(numbers, question{len(items), e})
			}
			items = append(items, item)
		}
		items = append(items, w.thumbnails(d)...)
	}
	w.answer(numbers, items)
	return items
}

// number names a tag that no table knows: 0xC4A5.
func number(id uint16) string {
	hex := strings.ToUpper(strconv.FormatUint(uint64(id), 16))
	return "0x" + "0000"[len(hex):] + hex
}

// harmless reports whether the value has the form that a viewer needs. A tag for the width of
// a picture that holds a text, or far too many numbers, is a hiding place.
func harmless(e *entry, t tag) bool {
	switch {
	case e.broken || len(e.value) > maxPlain:
		return false
	case t.form == offsets || t.form == pointer:
		return e.typ == typeShort || e.typ == typeLong || e.typ == typeIFD
	case isText(e):
		return t.name == "InteroperabilityIndex" && dcfIndex[text(e)] && len(e.value) <= 4
	case e.typ == typeUndefined || e.typ == typeByte || e.typ == typeSByte:
		return len(e.value) <= 4
	}
	return true
}

// dcfIndex lists the values of InteroperabilityIndex: DCF 2.0, Exif 3.0, 4.6.8.
var dcfIndex = map[string]bool{"R98": true, "R03": true, "THM": true}

// report returns what a text or a single whole number says, for people to read. Rationals,
// floats and lists are left to [walker.answer].
func (w *walker) report(e *entry, t tag) string {
	if e.broken || len(e.value) == 0 {
		return ""
	}
	switch t.form {
	case wide:
		return tidy(decodeUTF16(e.value[:min(len(e.value), 2*maxReport)], binary.LittleEndian), maxReport)
	case charset:
		return w.charsetText(e.value)
	case opaque, offsets, pointer:
		return ""
	}
	switch {
	case isText(e), e.typ == typeUndefined && printable(e.value):
		return allText(e.value)
	case w.numbers(e) == 1:
		return strconv.FormatInt(w.number(e, 0), 10)
	}
	return ""
}

// printable reports whether b is ASCII text: "0232" in ExifVersion is, the numbers in
// ComponentsConfiguration are not.
func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}
