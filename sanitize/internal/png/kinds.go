package png

import (
	"encoding/binary"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A kind says what becomes of a chunk. One with neither valid nor read goes.
type kind struct {
	category metadata.Category
	path     string                                // in item paths; "" for the type of the chunk
	valid    func(m *mapper, b []byte) bool        // whether viewers look at a chunk of rendering
	media    bool                                  // what it holds is part of the picture
	read     func(m *mapper, i int, c chunk) error // adds the spans of the chunk
}

// name is the name of a chunk in item paths. A type that no table holds is text of the file.
func (k kind) name(c chunk) string {
	if k.path != "" {
		return k.path
	}
	if _, known := kinds[c.typ]; !known {
		return "unknown"
	}
	return c.typ
}

// maxNumber is above every colour and density that means anything, and has no text in it.
const maxNumber = 1<<24 - 1

// kinds lists the chunks of PNG 3, of its extensions, and those that have been seen in the
// wild. Any other chunk goes as unknown.
var kinds = map[string]kind{
	"IHDR": {valid: func(*mapper, []byte) bool { return true }},
	"cHRM": {valid: numbers(32, maxNumber)},
	"gAMA": {valid: numbers(4, 1<<31-1)},
	"cLLI": {valid: numbers(8, 1<<28)},
	"cLLi": {valid: numbers(8, 1<<28)}, // as drafts of PNG 3 spelt it
	"mDCV": {valid: length(24)},
	"mDCv": {valid: length(24)},
	"cICP": {valid: length(4)},
	"pHYs": {valid: validDensity},
	"sBIT": {valid: validSignificant},
	"bKGD": {valid: validBackground},
	"tRNS": {valid: validTransparency, media: true},
	"acTL": {read: (*mapper).animation},
	"fcTL": {read: (*mapper).frameControl},
	"iCCP": {read: (*mapper).iccp},
	"sRGB": {read: (*mapper).srgb},
	"eXIf": {read: (*mapper).exifBlock},
	"tEXt": {read: (*mapper).text},
	"zTXt": {read: (*mapper).text},
	"iTXt": {read: (*mapper).text},

	"tIME": {category: metadata.Time},
	"zxIf": {category: metadata.Device},
	"caBX": {category: metadata.Software, path: "c2pa"},
	"dSIG": {category: metadata.Person},
	"seAl": {category: metadata.Software},
	"iDOT": {category: metadata.Software},
	"gdAT": {category: metadata.Thumbnail},
	"gmAP": {category: metadata.Thumbnail},
	"sPLT": {category: metadata.Software},
	"hIST": {category: metadata.Software},
	"pCAL": {category: metadata.Description},
	"oFFs": {category: metadata.Software},
	"sCAL": {category: metadata.Description},
	"sTER": {category: metadata.Software},
	"fRAc": {category: metadata.Software},
	"gIFg": {category: metadata.Software},
	"gIFt": {category: metadata.Description},
	"gIFx": {category: metadata.Software},
	"vpAg": {category: metadata.Software},
	"caNv": {category: metadata.Software},
	"cpIp": {category: metadata.Software},
	"meTa": {category: metadata.Description},
	"tXMP": {category: metadata.Description},
	"mkBF": {category: metadata.Thumbnail, path: "fireworks"},
	"mkTS": {category: metadata.Thumbnail, path: "fireworks"},
	"mkBS": {category: metadata.Thumbnail, path: "fireworks"},
	"mkBT": {category: metadata.Thumbnail, path: "fireworks"},
	"prVW": {category: metadata.Thumbnail, path: "fireworks"},
	"npTc": {category: metadata.Software},
	"npLb": {category: metadata.Software},
	"npOl": {category: metadata.Software},
}

func length(n int) func(*mapper, []byte) bool {
	return func(_ *mapper, b []byte) bool { return len(b) == n }
}

// numbers is for chunks of numbers of four bytes.
func numbers(n int, most uint32) func(*mapper, []byte) bool {
	return func(_ *mapper, b []byte) bool {
		if len(b) != n {
			return false
		}
		for ; len(b) > 0; b = b[4:] {
			if binary.BigEndian.Uint32(b) > most {
				return false
			}
		}
		return true
	}
}

func validDensity(_ *mapper, b []byte) bool {
	return len(b) == 9 && b[8] <= 1 && binary.BigEndian.Uint32(b) <= maxNumber && binary.BigEndian.Uint32(b[4:]) <= maxNumber
}

// validSignificant compares an sBIT with the samples of the picture (clause 11.3.3.4).
func validSignificant(m *mapper, b []byte) bool {
	want, depth := depths[m.header.color].samples, m.header.depth
	if m.header.color == indexed {
		want, depth = 3, 8
	}
	if len(b) != want {
		return false
	}
	for _, n := range b {
		if n == 0 || n > depth {
			return false
		}
	}
	return true
}

// validBackground compares a bKGD with the colour type (clause 11.3.4.1). Its samples are no
// larger than those of the picture.
func validBackground(m *mapper, b []byte) bool {
	switch m.header.color {
	case indexed:
		return len(b) == 1 && int(b[0]) < m.palette
	case gray, grayAlpha:
		return len(b) == 2 && m.samples(b)
	}
	return len(b) == 6 && m.samples(b)
}

func (m *mapper) samples(b []byte) bool {
	for ; len(b) > 0; b = b[2:] {
		if int(binary.BigEndian.Uint16(b))>>m.header.depth != 0 {
			return false
		}
	}
	return true
}

// validTransparency compares a tRNS with the colour type (clause 11.3.2.1).
func validTransparency(m *mapper, b []byte) bool {
	switch m.header.color {
	case gray:
		return len(b) == 2
	case rgb:
		return len(b) == 6
	case indexed:
		return len(b) > 0 && len(b) <= m.palette
	}
	return false
}

// rendering adds a chunk that says how a viewer shows the picture. One that viewers pass over
// goes: broken, behind the picture, or there already.
func (m *mapper) rendering(i int, c chunk, k kind) error {
	if c.n > 3*256 || i > m.image || !m.seen.first(c.typ) {
		m.unused(c)
		return nil
	}
	b, ok, err := m.payload(c)
	if err != nil {
		return err
	}
	switch {
	case !ok || !k.valid(m, b):
		if c.typ == "tRNS" && ok && m.header.color == indexed && m.palette > 0 {
			return malformed(c.off, "a transparency of more colours than the palette")
		}
		m.unused(c)
	case k.media:
		m.media(c, 0, c.n, metadata.Item{})
	default:
		m.fields(c)
	}
	return nil
}

func (m *mapper) unused(c chunk) {
	m.drop(c, metadata.Item{Path: "png/" + c.typ + "/unused"})
}

// animation adds an acTL.
func (m *mapper) animation(i int, c chunk) error {
	if !m.animated || i != m.control {
		m.unused(c)
		return nil
	}
	m.fields(c)
	return nil
}

// frameControl adds an fcTL.
func (m *mapper) frameControl(i int, c chunk) error {
	if _, ok := m.keep[i]; !ok {
		m.dropAs(tagFrame, c, metadata.Item{Path: "png/fcTL/unused"})
		return nil
	}
	m.fields(c)
	return nil
}

// exifBlock adds an eXIf. Only one counts: the first that is not damaged.
func (m *mapper) exifBlock(i int, c chunk) error {
	if i != m.exif {
		return m.otherExif(c)
	}
	b, _, err := m.payload(c)
	if err != nil {
		return err
	}
	tag := c.typ
	if i > m.image {
		tag = tagLateExif
	}
	items := readBlock("png/eXIf/", readExif, b, overhead+c.n)
	for j := range items {
		if items[j].Field == metadata.ColorSpace {
			items[j].Field = "" // in a PNG only its chunks say that
		}
	}
	m.add(overhead+c.n, container.Metadata, tag, items...)
	return nil
}

// otherExif adds a block that viewers do not look at.
func (m *mapper) otherExif(c chunk) error {
	if c.n > container.MaxPayload-overhead {
		m.drop(c, metadata.Item{Path: "png/eXIf/unreadable"})
		return nil
	}
	b, _, err := m.payload(c)
	if err != nil {
		return err
	}
	m.add(overhead+c.n, container.Metadata, tagDrop, withoutFields(readBlock("png/eXIf/", readExif, b, overhead+c.n))...)
	return nil
}
