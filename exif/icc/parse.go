package icc

import (
	"cmp"
	"encoding/binary"
	"slices"
)

var be = binary.BigEndian

const (
	headerSize = 128
	tableStart = headerSize + 4 // after the count of tags
	entrySize  = 12
)

// A header holds the fields that decoders use, each reduced to a meaning we know.
type header struct {
	major, minor byte
	class        string
	space        string
	pcs          string
	intent       byte
}

type tag struct {
	sig       string
	off, size int
}

// A profile is the bytes up to the size that its header states, and where its tags lie.
type profile struct {
	header
	raw      []byte
	tags     []tag
	trailing int // bytes after raw
}

// An element is one tag of a profile being written.
type element struct {
	sig  string
	data []byte
}

// spaces holds the colour spaces of ICC.1:2022 7.2.6: channels, and the neutral name that a
// rebuilt profile is given.
var spaces = map[string]struct {
	channels int
	name     string
}{
	"XYZ ": {3, "XYZ"}, "Lab ": {3, "Lab"}, "Luv ": {3, "Luv"}, "YCbr": {3, "YCbCr"},
	"Yxy ": {3, "Yxy"}, "RGB ": {3, "RGB"}, "GRAY": {1, "Gray"}, "HSV ": {3, "HSV"},
	"HLS ": {3, "HLS"}, "CMYK": {4, "CMYK"}, "CMY ": {3, "CMY"},
	"2CLR": {2, "2 colours"}, "3CLR": {3, "3 colours"}, "4CLR": {4, "4 colours"},
	"5CLR": {5, "5 colours"}, "6CLR": {6, "6 colours"}, "7CLR": {7, "7 colours"},
	"8CLR": {8, "8 colours"}, "9CLR": {9, "9 colours"}, "ACLR": {10, "10 colours"},
	"BCLR": {11, "11 colours"}, "CCLR": {12, "12 colours"}, "DCLR": {13, "13 colours"},
	"ECLR": {14, "14 colours"}, "FCLR": {15, "15 colours"},
}

// parse reads the header and the table of tags. Every tag of the result lies inside raw.
func parse(b []byte) (*profile, error) {
	if len(b) > MaxSize {
		return nil, unsupported("larger than 4 MiB")
	}
	if len(b) < tableStart || string(b[36:40]) != "acsp" {
		return nil, malformed("no header")
	}
	size := int64(be.Uint32(b))
	if size < tableStart || size > int64(len(b)) {
		return nil, malformed("size in the header is wrong")
	}
	p := &profile{raw: b[:size], trailing: len(b) - int(size), header: parseHeader(b)}
	n := int64(be.Uint32(b[headerSize:]))
	if n > maxTags || tableStart+n*entrySize > size {
		return nil, malformed("too many tags")
	}
	for i := range int(n) {
		if err := p.addTag(b[tableStart+i*entrySize:], tableStart+n*entrySize); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *profile) addTag(entry []byte, dataStart int64) error {
	sig, off, n := string(entry[:4]), int64(be.Uint32(entry[4:])), int64(be.Uint32(entry[8:]))
	if off < dataStart || off+n > int64(len(p.raw)) {
		return malformed("a tag lies outside the profile")
	}
	if _, twice := p.tag(sig); twice {
		return malformed("a tag occurs twice")
	}
	p.tags = append(p.tags, tag{sig, int(off), int(n)})
	return nil
}

// parseHeader keeps what changes colour. A minor version or an intent that was never
// published is read as the nearest that was, as decoders do.
func parseHeader(b []byte) header {
	h := header{
		major: b[8], minor: min(b[9]>>4, 4),
		class: string(b[12:16]), space: string(b[16:20]), pcs: string(b[20:24]),
	}
	if intent := be.Uint16(b[66:]); intent <= 3 {
		h.intent = byte(intent)
	}
	return h
}

func (p *profile) tag(sig string) ([]byte, bool) {
	for _, t := range p.tags {
		if t.sig == sig {
			return p.data(t), true
		}
	}
	return nil, false
}

func (p *profile) data(t tag) []byte { return p.raw[t.off : t.off+t.size] }

// supported checks that the profile is of a kind that gives the numbers of a picture a colour.
func (p *profile) supported() error {
	if p.major != 2 && p.major != 4 {
		return unsupported("not version 2 or 4")
	}
	switch p.class {
	case "scnr", "mntr", "prtr", "spac":
	case "link", "abst", "nmcl":
		return unsupported("a class that is not for pictures")
	default:
		return malformed("unknown class")
	}
	if spaces[p.space].channels == 0 {
		return malformed("unknown colour space")
	}
	if p.pcs != "XYZ " && p.pcs != "Lab " {
		return malformed("unknown connection space")
	}
	return nil
}

// disjoint checks that two tags have either the same bytes or none in common.
func (p *profile) disjoint() error {
	tags := p.byOffset()
	for i := 1; i < len(tags); i++ {
		a, b := tags[i-1], tags[i]
		if shared := a.off == b.off && a.size == b.size; !shared && a.off+a.size > b.off {
			return malformed("tags overlap")
		}
	}
	return nil
}

func (p *profile) byOffset() []tag {
	tags := slices.Clone(p.tags)
	slices.SortFunc(tags, func(a, b tag) int {
		return cmp.Or(cmp.Compare(a.off, b.off), cmp.Compare(a.size, b.size))
	})
	return tags
}

// needsColorants reports whether the space is one of the n-colour ones, for which
// ICC.1:2022 8.4.2 wants a table of colorants.
func (p *profile) needsColorants() bool { return p.space[1:] == "CLR" }
