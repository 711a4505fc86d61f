package tiff

import (
	"bytes"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// rawHeader names the raw photo that begins with head as no other TIFF file does.
func rawHeader(head []byte) string {
	switch {
	case len(head) >= 10 && bytes.Equal(head[8:10], []byte("CR")) && head[2] == 42:
		return "Canon CR2 raw photo"
	case len(head) >= 12 && (bytes.Equal(head[8:12], []byte("IIII")) || bytes.Equal(head[8:12], []byte("MMMM"))):
		return "Phase One IIQ raw photo"
	}
	return ""
}

// rawMakers are the raw photos in TIFF frames by what the maker's name begins with.
var rawMakers = []struct{ maker, kind string }{
	{"NIKON", "Nikon NEF raw photo"}, {"SONY", "Sony ARW raw photo"}, {"PENTAX", "Pentax PEF raw photo"},
	{"RICOH", "Pentax PEF raw photo"}, {"SAMSUNG", "Samsung SRW raw photo"}, {"CANON", "Canon CR2 raw photo"},
	{"HASSELBLAD", "Hasselblad 3FR raw photo"}, {"PHASE ONE", "Phase One IIQ raw photo"},
	{"LEAF", "Leaf MOS raw photo"}, {"EASTMAN KODAK", "Kodak DCR raw photo"}, {"KODAK", "Kodak DCR raw photo"},
	{"SEIKO EPSON", "Epson ERF raw photo"}, {"MAMIYA", "Mamiya MEF raw photo"}, {"LEICA", "Leica RWL raw photo"},
	{"OLYMPUS", "Olympus ORF raw photo"}, {"PANASONIC", "Panasonic RW2 raw photo"}, {"FUJIFILM", "Fujifilm RAF raw photo"},
}

// rawCompressions are private ones of cameras.
var rawCompressions = map[uint64]bool{
	262: true, 32767: true, 32769: true, 32770: true, 32867: true, 34713: true, 65000: true, 65535: true,
}

// rawColours are samples as a sensor has them: CFA (TIFF/EP) and LinearRaw (DNG).
var rawColours = map[uint64]bool{32803: true, 34892: true}

// refuseRaw refuses raw photos. To develop one, a viewer needs the very tags that name the
// camera, and none of them is a picture to publish.
func (f *file) refuseRaw() error {
	if len(f.pages) == 0 {
		return nil
	}
	first := f.pages[0].directory
	if first.find(tagDNGVersion) != nil {
		return &container.Foreign{Kind: "DNG raw photo"}
	}
	raw, err := f.hasRaw()
	if err != nil || !raw {
		return err
	}
	kind := "camera raw photo"
	if e := first.find(tagMake); e != nil {
		b, err := f.value(e, 32)
		if err != nil {
			return err
		}
		for _, m := range rawMakers {
			if strings.HasPrefix(strings.ToUpper(string(b)), m.maker) {
				kind = m.kind
				break
			}
		}
	}
	return &container.Foreign{Kind: kind}
}

func (f *file) hasRaw() (bool, error) {
	for _, p := range f.pages {
		if raw, err := f.isRaw(p.directory); raw || err != nil {
			return raw, err
		}
	}
	for _, b := range f.below {
		if b.kind != "subifd" {
			continue
		}
		if raw, err := f.isRaw(b.directory); raw || err != nil {
			return raw, err
		}
	}
	// A camera that puts a small picture first has the large one below it.
	first := f.pages[0].directory
	subfile, err := f.number(first, tagNewSubfileType, 0)
	return subfile&1 != 0 && first.find(tagSubIFDs) != nil && first.find(tagMake) != nil, err
}

func (f *file) isRaw(d *directory) (bool, error) {
	if d.find(tagCFAPattern) != nil || d.find(tagCFARepeat) != nil {
		return true, nil
	}
	compression, err := f.number(d, tagCompression, 1)
	if err != nil || rawCompressions[compression] {
		return true, err
	}
	photometric, err := f.number(d, tagPhotometric, 0)
	return rawColours[photometric], err
}
