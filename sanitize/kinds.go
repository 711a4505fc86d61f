package sanitize

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/h2non/filetype"
)

// A magic is how files of a kind begin, or what stands at a fixed place in them.
type magic struct {
	off  int
	text string
	kind string
}

// strangers are kinds that no format cleans, though some begin as files do which one cleans:
// raw photos, documents, and pictures in layers. A clean one would still hold what was cut
// off, painted over or never meant to be seen.
var strangers = []magic{
	{0, "FUJIFILMCCD-RAW", "Fujifilm RAF raw photo"},
	{0, "IIRO", "Olympus ORF raw photo"}, {0, "IIRS", "Olympus ORF raw photo"}, {0, "MMOR", "Olympus ORF raw photo"},
	{0, "IIU\x00", "Panasonic RW2 raw photo"},
	{0, "\x00MRM", "Minolta MRW raw photo"},
	{0, "FOVb", "Sigma X3F raw photo"},
	{6, "HEAPCCDR", "Canon CRW raw photo"},
	{4, "ftypcrx ", "Canon CR3 raw photo"},
	{0, "IIII", "Phase One IIQ raw photo"}, {0, "MMMM", "Phase One IIQ raw photo"},
	{0, "ARRI", "ARRI raw picture"},
	{4, "RED1", "RED raw video"}, {4, "RED2", "RED raw video"},
	{0, "8BPS", "Photoshop picture"},
	{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "Word, Excel or PowerPoint document of the old kind"},
	{0, "gimp xcf ", "GIMP XCF picture"},
	{0, "Paint Shop Pro Image File", "Paint Shop Pro picture"},
	{0, "\x00\xFFKA", "Affinity picture"},
	{0, "AT&TFORM", "DjVu document"},
	{0, "%!PS", "PostScript document"}, {0, "\xC5\xD0\xD3\xC6", "PostScript document"},
	{0, "\xD7\xCD\xC6\x9A", "Windows metafile picture"}, {40, " EMF", "Windows metafile picture"},
	{128, "DICM", "DICOM medical picture"},
	{0, "SIMPLE  =", "FITS picture"},
	{0, "\x76\x2F\x31\x01", "OpenEXR picture"}, {0, "#?RADIANCE", "Radiance picture"},
	{0, "qoif", "QOI picture"}, {0, "farbfeld", "farbfeld picture"}, {0, "FLIF", "FLIF picture"}, {0, "BPG\xFB", "BPG picture"},
}

// strangerOf names the kind of a file that no format is to be asked about; "" for others.
func strangerOf(head []byte) string {
	for _, m := range strangers {
		if len(head) >= m.off && bytes.HasPrefix(head[m.off:], []byte(m.text)) {
			return m.kind
		}
	}
	return ""
}

// kinds names what filetype can tell, in an order of our own: asked for everything at once
// it answers differently from run to run when several types fit.
var kinds = []struct{ ext, name string }{
	{"png", "PNG picture"}, {"gif", "GIF picture"}, {"webp", "WebP picture"},
	{"tif", "TIFF picture"}, {"bmp", "BMP picture"},
	{"jxr", "JPEG XR picture"}, {"ico", "Windows icon"},
	{"dwg", "AutoCAD drawing"}, {"heif", "HEIF photo"},
	{"mp4", "MP4 video"}, {"m4v", "M4V video"}, {"mov", "QuickTime video"},
	{"webm", "WebM video"}, {"mkv", "Matroska video"}, {"avi", "AVI video"},
	{"wmv", "Windows Media video"}, {"mpg", "MPEG video"}, {"flv", "Flash video"}, {"3gp", "3GP video"},
	{"rtf", "rich text document"},
	{"mid", "MIDI file"}, {"mp3", "MP3 sound file"}, {"m4a", "M4A sound file"}, {"ogg", "Ogg file"},
	{"flac", "FLAC sound file"}, {"wav", "WAV sound file"}, {"amr", "AMR sound file"}, {"aac", "AAC sound file"},
	{"zip", "ZIP archive"}, {"rar", "RAR archive"}, {"7z", "7-Zip archive"}, {"gz", "gzip archive"},
	{"tar", "tar archive"}, {"bz2", "bzip2 archive"}, {"xz", "xz archive"}, {"zst", "zstd archive"},
	{"exe", "Windows program"}, {"elf", "Linux program"}, {"sqlite", "SQLite database"},
	{"swf", "Flash file"}, {"woff", "font"}, {"woff2", "font"}, {"ttf", "font"}, {"otf", "font"},
}

// brands are the file type boxes (ISO/IEC 14496-12 section 4.3) that filetype does not know
// or tells differently from run to run.
var brands = map[string]string{
	"avif": "AVIF picture", "avis": "AVIF animation",
	"heic": "HEIC photo", "heix": "HEIC photo", "hevc": "HEIC sequence", "hevx": "HEIC sequence",
	"heim": "HEIC photo", "heis": "HEIC photo", "mif1": "HEIF photo", "msf1": "HEIF sequence",
	"jxl ": "JPEG XL picture", "jp2 ": "JPEG 2000 picture", "jpx ": "JPEG 2000 picture", "crx ": "Canon CR3 raw photo",
	"qt  ": "QuickTime video",
}

// kindOf names a type for people, "" when there is no name.
func kindOf(head []byte) (name string) {
	defer func() {
		if recover() != nil {
			name = ""
		}
	}()
	switch {
	case len(head) == 0:
		return "file of no bytes"
	case len(head) >= 12 && string(head[4:8]) == "ftyp" && brands[string(head[8:12])] != "":
		return brands[string(head[8:12])]
	case len(head) >= 2 && head[0] == 0xFF && head[1] == 0x0A, len(head) >= 8 && string(head[4:8]) == "JXL ":
		return "JPEG XL picture"
	case len(head) >= 8 && string(head[4:8]) == "jP  ", bytes.HasPrefix(head, []byte("\xFF\x4F\xFF\x51")):
		return "JPEG 2000 picture"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return packageKind(head)
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")): // anywhere there, ISO 32000-2 annex I
		return "PDF document"
	}
	for _, k := range kinds {
		if filetype.Is(head, k.ext) {
			return k.name
		}
	}
	return textKind(head)
}

// packages are documents in ZIP archives, by the name or content of a part that comes early.
var packages = []struct{ part, kind string }{
	{"mimetypeapplication/vnd.oasis.opendocument.text", "OpenDocument text"},
	{"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument spreadsheet"},
	{"mimetypeapplication/vnd.oasis.opendocument.presentation", "OpenDocument presentation"},
	{"mimetypeapplication/vnd.oasis.opendocument", "OpenDocument file"},
	{"mimetypeapplication/epub+zip", "electronic book"},
	{"mimetypeapplication/x-krita", "Krita picture"},
	{"mimetypeimage/openraster", "OpenRaster picture"},
	{"word/", "Word document"}, {"xl/", "Excel workbook"}, {"ppt/", "PowerPoint presentation"},
	{"[Content_Types].xml", "Office document"}, {"_rels/.rels", "Office document"},
	{"Index/Document.iwa", "Pages, Numbers or Keynote document"}, {"Index.zip", "Pages, Numbers or Keynote document"},
}

// packageKind names a document by the parts of its archive that head shows.
func packageKind(head []byte) string {
	parts := partNames(head)
	for _, p := range packages {
		for _, name := range parts {
			if strings.HasPrefix(name, p.part) {
				return p.kind
			}
		}
	}
	return "ZIP archive"
}

// partNames lists the names in a ZIP archive as far as they stand in head (APPNOTE 4.3.7),
// that of a stored "mimetype" with its content behind it.
func partNames(head []byte) (names []string) {
	const header = 30
	for {
		at := bytes.Index(head, []byte("PK\x03\x04"))
		if at < 0 || len(head)-at < header {
			return names
		}
		head = head[at:]
		n := int(binary.LittleEndian.Uint16(head[26:]))
		extra := int(binary.LittleEndian.Uint16(head[28:]))
		name := string(head[header:min(len(head), header+n)])
		if content := header + n + extra; name == "mimetype" && content < len(head) {
			name += string(head[content:min(len(head), content+64)])
		}
		names = append(names, name)
		head = head[4:]
	}
}

// textKind names what is written in text: a drawing, a page, or just text.
func textKind(head []byte) string {
	text, ok := decodeText(head)
	if !ok {
		return ""
	}
	switch text = strings.TrimSpace(strings.ToLower(text)); {
	case strings.HasPrefix(text, "<!doctype html"), strings.HasPrefix(text, "<html"):
		return "web page"
	case strings.HasPrefix(text, "<") && strings.Contains(text, "<svg"):
		return "SVG picture"
	}
	return "text file"
}

// decodeText returns head as text, when it is text: UTF-8, or UTF-16 that says so.
func decodeText(head []byte) (string, bool) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		order = binary.LittleEndian
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		order = binary.BigEndian
	default:
		return strings.TrimPrefix(string(head), "\uFEFF"), isText(head)
	}
	var units []uint16
	for b := head[2:]; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	text := string(utf16.Decode(units))
	return text, isText([]byte(text))
}

// isText reports whether head is readable text. A character may be cut at its end.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 && len(head) >= utf8.UTFMax || r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			return false
		}
		head = head[n:]
	}
	return true
}
