package png

import (
	"bytes"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/iptc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/irb"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// keywordXMP is the keyword of an iTXt that holds an XMP packet (XMP part 3, 1.1.5).
const keywordXMP = "XML:com.adobe.xmp"

// A keyword is a keyword of a text chunk that has been seen in the wild. What is not in the
// table is removed as well, as unknown; the table is for reports.
type keyword struct {
	name     string // in item paths
	category metadata.Category
	field    metadata.Field
}

var keywords = map[string]keyword{
	"Title":         {"Title", metadata.Description, metadata.Title},
	"Author":        {"Author", metadata.Rights, metadata.Creator},
	"Description":   {"Description", metadata.Description, metadata.Caption},
	"Copyright":     {"Copyright", metadata.Rights, metadata.Copyright},
	"Creation Time": {"CreateDate", metadata.Time, ""},
	"Software":      {"Software", metadata.Software, ""},
	"Disclaimer":    {"Disclaimer", metadata.Rights, ""},
	"Warning":       {"Warning", metadata.Description, ""},
	"Source":        {"Source", metadata.Device, ""},
	"Comment":       {"comment", metadata.Description, ""},
	"comment":       {"comment", metadata.Description, ""},
	"Collection":    {"Collection", metadata.Description, ""},
	"Artist":        {"Artist", metadata.Rights, ""},
	"Label":         {"Label", metadata.Description, ""},
	"Make":          {"Make", metadata.Device, ""},
	"Model":         {"Model", metadata.Device, ""},
	"TimeStamp":     {"TimeStamp", metadata.Time, ""},
	"URL":           {"URL", metadata.Software, ""},
	"Document":      {"DocumentName", metadata.Software, ""},
	"signature":     {"signature", metadata.Software, ""},
	"parameters":    {"parameters", metadata.Software, ""},
	"prompt":        {"prompt", metadata.Software, ""},
	"workflow":      {"workflow", metadata.Software, ""},
	"Dream":         {"Dream", metadata.Software, ""},
	"sd-metadata":   {"sd-metadata", metadata.Software, ""},
	"mxfile":        {"mxfile", metadata.Software, ""},
	"date:create":   {"CreateDate", metadata.Time, ""},
	"date:modify":   {"ModifyDate", metadata.Time, ""},
	"create-date":   {"CreateDate", metadata.Time, ""},
	"modify-date":   {"ModifyDate", metadata.Time, ""},
}

// families are the beginnings of keywords that a program has many of.
var families = []struct {
	prefix string
	keyword
}{
	{"Thumb::", keyword{"filePath", metadata.Person, ""}},
	{"exif:", keyword{"exif-text", metadata.Device, ""}},
	{"xmp:", keyword{"xmp-text", metadata.Description, ""}},
	{"tiff:", keyword{"tiff-text", metadata.Device, ""}},
	{"date:", keyword{"when", metadata.Time, ""}},
	{"Adobe", keyword{"adobe", metadata.Software, ""}},
	{"png:", keyword{"png-text", metadata.Software, ""}},
	{"Raw profile type ", keyword{"raw-profile", metadata.Unknown, ""}},
}

func findKeyword(s string) keyword {
	if k, ok := keywords[s]; ok {
		return k
	}
	for _, f := range families {
		if strings.HasPrefix(s, f.prefix) {
			return f.keyword
		}
	}
	return keyword{name: "unknown"}
}

// A textChunk is a tEXt, zTXt or iTXt taken apart.
type textChunk struct {
	keyword string
	extra   []byte // language and translated keyword of an iTXt
	text    []byte
	latin   bool // ISO 8859-1, as the standard has it for tEXt and zTXt
	whole   bool // the text could be read to its end
}

// text adds a text chunk.
func (m *mapper) text(_ int, c chunk) error {
	path := "png/" + c.typ
	if c.n > container.MaxPayload-overhead {
		m.drop(c, metadata.Item{Path: path + "/unreadable"})
		return nil
	}
	b, ok, err := m.payload(c)
	if err != nil {
		return err
	}
	t := m.parseText(c.typ, b)
	items := t.items(path+"/", overhead+c.n)
	if len(t.extra) > 0 {
		items = append(items, metadata.Item{
			Path: path + "/language", Category: metadata.Description, Size: int64(len(t.extra)), Value: short(t.extra),
		})
	}
	if !ok {
		items = withoutFields(items)
	}
	m.add(overhead+c.n, container.Metadata, tagDrop, items...)
	return nil
}

func (m *mapper) parseText(typ string, b []byte) textChunk {
	word, rest, _ := bytes.Cut(b, []byte{0})
	t := textChunk{keyword: string(word), text: rest, latin: true, whole: true}
	switch typ {
	case "zTXt":
		if len(rest) < 1 || rest[0] != 0 {
			t.whole = false
			return t
		}
		t.text, t.whole = m.inflate(rest[1:])
	case "iTXt":
		t.latin = false
		if len(rest) < 2 {
			t.whole = false
			return t
		}
		packed := rest[0] != 0
		language, rest, _ := bytes.Cut(rest[2:], []byte{0})
		translated, text, _ := bytes.Cut(rest, []byte{0})
		t.extra, t.text = append(bytes.Clone(language), translated...), text
		if packed {
			t.text, t.whole = m.inflate(text)
		}
	}
	return t
}

// items says what a text carries, one item at least.
func (t textChunk) items(path string, size int64) []metadata.Item {
	if t.keyword == keywordXMP {
		return withoutRendering(readBlock(path, xmp.Read, t.text, size))
	}
	if kind, ok := strings.CutPrefix(t.keyword, "Raw profile type "); ok {
		if items := readRaw(path+"raw-profile/", kind, t.text, size); items != nil {
			return withoutRendering(items)
		}
	}
	k := findKeyword(t.keyword)
	it := metadata.Item{Path: path + k.name, Category: k.category, Field: k.field, Size: size, Value: t.value()}
	if k.name == "unknown" && it.Value == "" {
		it.Value = short([]byte(t.keyword))
	}
	if !t.whole || it.Value == "" {
		it.Field = ""
	}
	return []metadata.Item{it}
}

// value returns the beginning of the text in UTF-8. Many programs write UTF-8 where the
// standard has Latin-1.
func (t textChunk) value() metadata.Secret {
	b := t.text
	if t.latin && !utf8.Valid(b) {
		wide := make([]rune, 0, min(len(b), maxField))
		for _, c := range b[:min(len(b), maxField)] {
			wide = append(wide, rune(c))
		}
		b = []byte(string(wide))
	}
	if _, known := keywords[t.keyword]; known && keywords[t.keyword].field != "" {
		return metadata.Secret(strings.ToValidUTF8(string(b[:min(len(b), maxField)]), ""))
	}
	return short(b)
}

// How much of a text a report can show, and how much can be written anew, in bytes.
const (
	maxShown = 256
	maxField = 32 << 10
)

// short returns the beginning of a text, what is no UTF-8 left out.
func short(b []byte) metadata.Secret {
	s := strings.ToValidUTF8(string(b[:min(len(b), maxShown)]), "")
	return metadata.Secret(strings.Trim(s, "\x00 \r\n\t"))
}

// rawProfiles are the blocks that ImageMagick and those who follow it hide in a text, as
// hexadecimal digits.
var rawProfiles = map[string]func([]byte) ([]metadata.Item, error){
	"exif": readExif, "APP1": readApp1, "app1": readApp1, "iptc": readIPTC, "8bim": irb.Read, "xmp": xmp.Read,
}

func readExif(b []byte) ([]metadata.Item, error) { return exif.Read(b) }

func readApp1(b []byte) ([]metadata.Item, error) {
	if packet, ok := bytes.CutPrefix(b, []byte("http://ns.adobe.com/xap/1.0/\x00")); ok {
		return xmp.Read(packet)
	}
	return exif.Read(b)
}

func readIPTC(b []byte) ([]metadata.Item, error) {
	if bytes.HasPrefix(b, []byte("8BIM")) {
		return irb.Read(b)
	}
	return iptc.Read(b)
}

// readRaw reads a raw profile: an empty line, the name, how many bytes, and their digits. It
// returns nil when it is none that we know.
func readRaw(path, kind string, text []byte, size int64) []metadata.Item {
	read, ok := rawProfiles[kind]
	if !ok {
		return nil
	}
	fields := bytes.Fields(text)
	if len(fields) < 3 {
		return nil
	}
	block := bytes.Join(fields[2:], nil)
	n, _ := hex.Decode(block, block)
	return readBlock(path, read, block[:n], size)
}

// readBlock lists what a block carries, one item at least.
func readBlock(path string, read func([]byte) ([]metadata.Item, error), b []byte, size int64) []metadata.Item {
	items, err := read(b)
	for i := range items {
		items[i].Path = path + items[i].Path
	}
	if err != nil || len(items) == 0 {
		items = append(items, metadata.Item{Path: path + "unreadable", Size: size})
	}
	return items
}

// withoutFields is for what viewers do not look at.
func withoutFields(items []metadata.Item) []metadata.Item {
	for i := range items {
		items[i].Field = ""
	}
	return items
}

// withoutRendering is for texts, which viewers do not ask how to show a picture.
func withoutRendering(items []metadata.Item) []metadata.Item {
	for i := range items {
		if f := items[i].Field; f == metadata.Orientation || f == metadata.ColorSpace {
			items[i].Field = ""
		}
	}
	return items
}
