package icc

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// maxValue is how many bytes of a text an item quotes.
const maxValue = 256

// Read lists what a profile carries: "icc/header/date", "icc/desc", "icc/vcgt" and so on.
//
// Colour tags are Rendering. So are the description and copyright that Filter writes; any
// other text is Description. Header fields that identify are listed when they are not zero.
// A tag that no table knows is "icc/unknown", and bytes that belong to no tag, or that a
// colour tag holds beside its colours, are added up in "icc/unreferenced"; both are Unknown.
// Read of what Filter returns yields Rendering items only.
//
// The error is ErrMalformed, or ErrUnsupported for a profile above MaxSize: what such a
// profile carries cannot be told.
func Read(profile []byte) ([]metadata.Item, error) {
	p, err := parse(profile)
	if err != nil {
		return nil, err
	}
	items := p.headerItems()
	stray := p.gaps() + p.trailing
	for _, t := range p.tags {
		item, slack := p.tagItem(t)
		items = append(items, item)
		stray += slack
	}
	if stray > 0 {
		items = append(items, metadata.Item{Path: "icc/unreferenced", Size: int64(stray)})
	}
	return items, nil
}

// headerFields lists the fields that identify, ICC.1:2022 7.2.
var headerFields = []struct {
	word     string
	off, end int
	category metadata.Category
	value    func([]byte) string
}{
	{"cmm", 4, 8, metadata.Software, text},
	{"date", 24, 36, metadata.Time, dateTime},
	{"platform", 40, 44, metadata.Software, text},
	{"flags", 44, 48, metadata.Software, hex},
	{"manufacturer", 48, 52, metadata.Device, text},
	{"model", 52, 56, metadata.Device, text},
	{"attributes", 56, 64, metadata.Device, hex},
	{"creator", 80, 84, metadata.Software, text},
	{"profile-id", 84, 100, metadata.Software, hex},
}

// headerItems lists the identifying fields, then a version, class or colour space that Filter
// refuses, then as one item whatever else in the header differs from the one that Filter
// writes: reserved bytes, an odd illuminant.
func (p *profile) headerItems() []metadata.Item {
	rest := bytes.Clone(p.raw[:headerSize])
	clean := encodeHeader(p.header)
	copy(clean, rest[:4]) // the size
	var items []metadata.Item
	for _, f := range headerFields {
		field := rest[f.off:f.end]
		if len(bytes.Trim(field, "\x00")) == 0 {
			continue
		}
		items = append(items, metadata.Item{
			Path: "icc/header/" + f.word, Category: f.category,
			Size: int64(len(field)), Value: secret(f.value(field)),
		})
		clear(field)
	}
	if p.supported() != nil {
		items = append(items, metadata.Item{Path: "icc/header/kind", Size: 4 + 3*4})
	}
	other := 0
	for i, c := range rest {
		if c != clean[i] {
			other++
		}
	}
	if other > 0 {
		items = append(items, metadata.Item{Path: "icc/header/reserved", Size: int64(other)})
	}
	return items
}

// tagItem returns the item of a tag, its entry in the table counted in, and how many bytes it holds beside its colours.
func (p *profile) tagItem(t tag) (metadata.Item, int) {
	data := p.data(t)
	item := metadata.Item{Path: "icc/unknown", Size: int64(t.size) + entrySize}
	k, ok := lookup(t.sig)
	if !ok {
		return item, 0
	}
	item.Path, item.Category, item.Value = "icc/"+k.word(), k.category, secret(tagText(data))
	if k.rebuild == nil {
		if (t.sig == "desc" || t.sig == "cprt") && isNeutral(p.header, t.sig, data) {
			item.Category = metadata.Rendering
		}
		return item, 0
	}
	clean, err := k.rebuild(p.header, data)
	if err != nil {
		item.Category = metadata.Unknown // its type is not one that holds colour
		return item, 0
	}
	return item, slack(data, clean)
}

// slack returns how many bytes of data a rebuilt element does without. Zero padding at the
// end is not counted; bytes that were replaced are.
func slack(data, clean []byte) int {
	if padding, ok := bytes.CutPrefix(data, clean); ok {
		return unpadded(padding)
	}
	differ := max(len(data)-len(clean), 0)
	for i := range min(len(data), len(clean)) {
		if data[i] != clean[i] {
			differ++
		}
	}
	return max(differ, 1)
}

// unpadded returns the length of a run of bytes between two elements, or none when it is
// what brings an element to a multiple of four.
func unpadded(b []byte) int {
	if len(b) < 4 && len(bytes.Trim(b, "\x00")) == 0 {
		return 0
	}
	return len(b)
}

// gaps adds up the bytes between the table and the end that no tag claims.
func (p *profile) gaps() int {
	at, sum := tableStart+entrySize*len(p.tags), 0
	for _, t := range p.byOffset() {
		if t.off > at {
			sum += unpadded(p.raw[at:t.off])
		}
		at = max(at, t.off+t.size)
	}
	return sum + unpadded(p.raw[at:])
}

// tagText returns the text of a text type, and nothing for any other or for a broken one.
func tagText(data []byte) string {
	if len(data) < 12 {
		return ""
	}
	body := data[8:]
	switch string(data[:4]) {
	case "text":
		return text(body)
	case "sig ":
		return text(body[:4])
	case "desc":
		n := min(int64(be.Uint32(body)), int64(len(body)-4))
		return text(body[4 : 4+n])
	case "mluc":
		return localized(data)
	case "dtim":
		if len(body) >= 12 {
			return dateTime(body[:12])
		}
	}
	return ""
}

// localized joins the texts of all languages, each text once, up to what an item may quote.
func localized(data []byte) string {
	const head, record = 16, 12
	if len(data) < head || be.Uint32(data[12:]) != record {
		return ""
	}
	var parts []string
	total := 0
	for at := int64(head); at+record <= int64(len(data)) && total <= maxValue; at += record {
		if at >= head+record*int64(be.Uint32(data[8:])) {
			break
		}
		n, off := int64(be.Uint32(data[at+4:])), int64(be.Uint32(data[at+8:]))
		if off+n > int64(len(data)) {
			continue
		}
		s := utf16Text(data[off : off+min(n, 2*maxValue)])
		if s != "" && !slices.Contains(parts, s) {
			parts, total = append(parts, s), total+len(s)
		}
	}
	return strings.Join(parts, "; ")
}

func utf16Text(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = be.Uint16(b[2*i:])
	}
	return text([]byte(string(utf16.Decode(units))))
}

// text returns b up to the limit of a value, without the zeros and spaces around it.
func text(b []byte) string {
	if len(b) > 4*maxValue {
		b = b[:4*maxValue]
	}
	return strings.Trim(strings.ToValidUTF8(string(b), "?"), " \x00")
}

// secret cuts s at the limit, between characters.
func secret(s string) metadata.Secret {
	if len(s) > maxValue {
		s = strings.ToValidUTF8(s[:maxValue], "")
	}
	return metadata.Secret(s)
}

func hex(b []byte) string { return fmt.Sprintf("%x", b) }

// dateTime writes dateTimeNumber (4.2), which is in UTC.
func dateTime(b []byte) string {
	n := func(i int) uint16 { return be.Uint16(b[2*i:]) }
	return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", n(0), n(1), n(2), n(3), n(4), n(5))
}
