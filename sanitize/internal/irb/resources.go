package irb

import (
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/iptc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A kind is how the data of a resource can be shown.
type kind uint8

const (
	octets  kind = iota // not as text
	plain               // text to its end
	pascal              // text after a byte with its length
	unicode             // UTF-16 after four bytes with the number of its units
	number
)

// A content is what we know of one resource.
type content struct {
	name     string
	category metadata.Category
	kind     kind
	bytes    int // when not 0, the only length at which the category holds
	read     func([]byte) ([]metadata.Item, error)
}

// The categories under short names, for the table.
const (
	device      = metadata.Device
	person      = metadata.Person
	description = metadata.Description
	rights      = metadata.Rights
	software    = metadata.Software
	thumbnail   = metadata.Thumbnail
	rendering   = metadata.Rendering
)

// contents are the resources of the Adobe Photoshop File Formats Specification, "Image
// Resource IDs". Paths are a range and in lookup.
var contents = map[uint16]content{
	0x03E8: {name: "image-mode", category: software},
	0x03E9: {name: "mac-print-info", category: device},
	0x03EA: {name: "mac-page-format", category: device},
	0x03EB: {name: "colour-table", category: software},
	0x03ED: {name: "resolution", category: rendering, bytes: 16},
	0x03EE: {name: "alpha-names", category: description},
	0x03EF: {name: "display-info", category: software},
	0x03F0: {name: "caption", category: description, kind: pascal},
	0x03F1: {name: "border", category: software},
	0x03F2: {name: "background", category: software},
	0x03F3: {name: "print-flags", category: device},
	0x03F4: {name: "halftoning", category: device},
	0x03F5: {name: "colour-halftoning", category: device},
	0x03F6: {name: "duotone-halftoning", category: device},
	0x03F7: {name: "transfer", category: device},
	0x03F8: {name: "colour-transfer", category: device},
	0x03F9: {name: "duotone-transfer", category: device},
	0x03FA: {name: "duotone", category: software},
	0x03FB: {name: "effective-black-white", category: software},
	0x03FD: {name: "eps-options", category: software},
	0x03FE: {name: "quick-mask", category: software},
	0x0400: {name: "layer-state", category: description},
	0x0401: {name: "working-path", category: description},
	0x0402: {name: "layer-groups", category: description},
	0x0404: {name: "iptc", category: software, read: iptc.Read},
	0x0405: {name: "raw-mode", category: software},
	0x0406: {name: "jpeg-quality", category: software},
	0x0408: {name: "grid-and-guides", category: software},
	0x0409: {name: "thumbnail", category: thumbnail},
	0x040A: {name: "copyright-flag", category: rights, kind: number},
	0x040B: {name: "url", category: rights, kind: plain},
	0x040C: {name: "thumbnail", category: thumbnail},
	0x040D: {name: "global-angle", category: software, kind: number},
	0x040E: {name: "colour-samplers", category: software},
	0x040F: {name: "icc", category: device},
	0x0410: {name: "watermark", category: rights, kind: number},
	0x0411: {name: "icc-untagged", category: software, kind: number},
	0x0412: {name: "effects-visible", category: software, kind: number},
	0x0413: {name: "spot-halftone", category: device},
	0x0414: {name: "id-seed", category: software, kind: number},
	0x0415: {name: "alpha-names", category: description, kind: unicode},
	0x0416: {name: "colour-count", category: software, kind: number},
	0x0417: {name: "transparent-index", category: software, kind: number},
	0x0419: {name: "global-altitude", category: software, kind: number},
	0x041A: {name: "slices", category: description},
	0x041B: {name: "workflow-url", category: software, kind: unicode},
	0x041C: {name: "jump-to-xpep", category: software},
	0x041D: {name: "alpha-identifiers", category: software},
	0x041E: {name: "url-list", category: rights},
	0x0421: {name: "version-info", category: software},
	0x0422: {name: "exif", category: software, read: exif.Read},
	0x0423: {name: "exif", category: software, read: exif.Read},
	0x0424: {name: "xmp", category: software, read: xmp.Read},
	0x0425: {name: "caption-digest", category: software},
	0x0426: {name: "print-scale", category: device},
	0x0428: {name: "pixel-aspect-ratio", category: rendering, bytes: 12},
	0x0429: {name: "layer-comps", category: description},
	0x042A: {name: "alternate-duotone", category: software},
	0x042B: {name: "alternate-spot", category: software},
	0x042D: {name: "layer-selection", category: software},
	0x042E: {name: "hdr-toning", category: software},
	0x042F: {name: "print-info", category: device},
	0x0430: {name: "layer-groups-enabled", category: software},
	0x0431: {name: "colour-samplers", category: software},
	0x0432: {name: "measurement-scale", category: description},
	0x0433: {name: "timeline", category: description},
	0x0434: {name: "sheet-disclosure", category: software},
	0x0435: {name: "display-info", category: software},
	0x0436: {name: "onion-skins", category: software},
	0x0438: {name: "count", category: description},
	0x043A: {name: "print-info", category: device},
	0x043B: {name: "print-style", category: device},
	0x043C: {name: "mac-print-info", category: device},
	0x043D: {name: "windows-print-info", category: device},
	0x043E: {name: "auto-save-path", category: person, kind: unicode},
	0x043F: {name: "auto-save-format", category: software, kind: unicode},
	0x0440: {name: "path-selection", category: software},
	0x0BB7: {name: "clipping-path", category: description, kind: pascal},
	0x0BB8: {name: "path-origin", category: description},
	0x1B58: {name: "image-ready-variables", category: description},
	0x1B59: {name: "image-ready-data-sets", category: description},
	0x1B5A: {name: "image-ready-state", category: software},
	0x1B5B: {name: "image-ready-7", category: software},
	0x1B5C: {name: "image-ready-7", category: software},
	0x1B5D: {name: "image-ready-7", category: software},
	0x1B5E: {name: "image-ready-7", category: software},
	0x1F40: {name: "lightroom-workflow", category: software},
	0x2710: {name: "print-flags", category: device},
}

// lookup returns what is known of a resource of Photoshop. What it does not know is Unknown
// and has no name; plug-in resources (4000 to 4999) are among that.
func lookup(id uint16) content {
	if id >= 0x07D0 && id <= 0x0BB6 {
		return content{name: "path", category: description}
	}
	return contents[id]
}

// show returns the text or the number that data is.
func (c content) show(data []byte) string {
	switch {
	case c.kind == plain:
		return latin1(data)
	case c.kind == pascal && len(data) > 0:
		return latin1(data[1:min(len(data), 1+int(data[0]))])
	case c.kind == unicode && len(data) >= 4:
		return utf16BE(data[4:], binary.BigEndian.Uint32(data))
	case c.kind == number && len(data) <= 8:
		var wide [8]byte
		copy(wide[8-len(data):], data)
		return strconv.FormatUint(binary.BigEndian.Uint64(wide[:]), 10)
	}
	return ""
}

// latin1 returns data as UTF-8: as it is when it can be, else from ISO 8859-1.
func latin1(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	var s strings.Builder
	for _, b := range data[:min(len(data), maxValue)] {
		s.WriteRune(rune(b))
	}
	return s.String()
}

func utf16BE(data []byte, count uint32) string {
	n := min(int64(count), int64(len(data)/2), maxValue)
	units := make([]uint16, n)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}
