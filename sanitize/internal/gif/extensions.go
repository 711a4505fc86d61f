package gif

import (
	"bytes"
	"strings"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/iptc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/irb"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Identifiers of application extensions, each with its authentication code.
const (
	idLoop  = "NETSCAPE2.0"
	idLoop2 = "ANIMEXTS1.0"
	idXMP   = "XMP DataXMP"
)

// An app is an application extension that has been seen in the wild. What is not in the table
// is removed as well, as unknown; the table is for reports.
type app struct {
	name     string
	category metadata.Category
	read     func([]byte) ([]metadata.Item, error)
}

var apps = map[string]app{
	"ICCRGBG1012":          {"icc/unused", metadata.Unknown, nil},
	"MGK8BIM0000":          {"magick", metadata.Description, irb.Read},
	"MGKIPTC0000":          {"magick", metadata.Description, readIPTC},
	"MGKEXIF0000":          {"magick", metadata.Description, readExif},
	"MGKXMP 0000":          {"magick", metadata.Description, xmp.Read},
	"ImageMagick":          {"magick", metadata.Software, nil},
	"C2PA_GIF\x01\x00\x00": {"c2pa", metadata.Software, nil},
	"MIDICTRLJon":          {"midi", metadata.Thumbnail, nil},
	"MIDISONGDm7":          {"midi", metadata.Thumbnail, nil},
	"fractint\x00\x00\x00": {"fractint", metadata.Software, nil},
	"ADOBE:IR1.0":          {"adobe", metadata.Software, nil},
}

func readExif(b []byte) ([]metadata.Item, error) { return exif.Read(b) }

func readIPTC(b []byte) ([]metadata.Item, error) {
	if bytes.HasPrefix(b, []byte("8BIM")) {
		return irb.Read(b)
	}
	return iptc.Read(b)
}

// extension adds an extension.
func (m *mapper) extension() error {
	b, err := m.bytes(m.at, 2)
	if err != nil {
		return err
	}
	label := b[1]
	end, err := m.subBlocks(m.at + 2)
	if err != nil {
		return err
	}
	n := end - m.at
	if n > container.MaxPayload {
		m.drop(n, "gif/extension/unreadable", metadata.Unknown)
		return nil
	}
	whole, err := container.ReadPayload(m.src, m.at, n)
	if err != nil {
		return err
	}
	switch label {
	case control:
		m.graphicControl(whole)
	case application:
		m.application(whole)
	case comment:
		m.text(n, "gif/comment", joined(whole[2:]))
	case plainText:
		m.text(n, "gif/plain-text/comment", joined(skip(whole[2:])))
	default:
		m.drop(n, "gif/extension/unknown", metadata.Unknown)
	}
	return nil
}

func (m *mapper) text(n int64, path string, text []byte) {
	m.add(n, container.Metadata, tagDrop, metadata.Item{Path: path, Category: metadata.Description, Size: n, Value: short(text)})
}

// maxShown is how much of a text a report can show, in bytes.
const maxShown = 256

func short(b []byte) metadata.Secret {
	s := strings.ToValidUTF8(string(b[:min(len(b), maxShown)]), "")
	return metadata.Secret(strings.Trim(s, "\x00 \r\n\t"))
}

// joined puts the data of sub-blocks together, which subBlocks has found complete.
func joined(b []byte) []byte {
	var out []byte
	for ; b[0] > 0; b = skip(b) {
		out = append(out, b[1:1+int(b[0])]...)
	}
	return out
}

// skip returns what stands behind the first sub-block.
func skip(b []byte) []byte {
	if b[0] == 0 {
		return b
	}
	return b[1+int(b[0]):]
}

// graphicControl adds a graphic control extension. Only the last one before an image counts.
func (m *mapper) graphicControl(b []byte) {
	const size = 4
	if b[2] < size {
		m.drop(int64(len(b)), "gif/control/unused", metadata.Unknown)
		return
	}
	m.undo(m.control, "gif/control/unused")
	m.control = len(m.spans)
	n := int64(3 + size)
	if len(b) == 8 {
		n = 8
	}
	m.add(n, container.Frame, tagControl)
	m.drop(int64(len(b))-n, "gif/control/rest", metadata.Unknown)
}

// application adds an application extension.
func (m *mapper) application(b []byte) {
	n := int64(len(b))
	if b[2] != 11 {
		m.drop(n, "gif/application/unknown", metadata.Unknown)
		return
	}
	id := string(b[3:14])
	if _, ok := loopCount(b); ok {
		m.undo(m.loop, "gif/loop/unused")
		m.loop = len(m.spans)
		m.add(n, container.Metadata, tagLoop, metadata.Item{Path: "gif/loop", Category: metadata.Rendering, Size: n})
		return
	}
	if id == idXMP {
		m.foreign(n, "gif/", xmp.Read, packet(b[14:]))
		return
	}
	a, ok := apps[id]
	switch {
	case !ok:
		m.drop(n, "gif/application/unknown", metadata.Unknown)
	case a.read == nil:
		m.drop(n, "gif/"+a.name, a.category)
	default:
		m.foreign(n, "gif/"+a.name+"/", a.read, joined(b[14:]))
	}
}

// foreign adds an extension that holds a block of another standard. What viewers would be told
// by it they do not look for in a GIF.
func (m *mapper) foreign(n int64, path string, read func([]byte) ([]metadata.Item, error), b []byte) {
	items, err := read(b)
	for i := range items {
		items[i].Path = path + items[i].Path
		if items[i].Field.Category() == metadata.Rendering {
			items[i].Field = ""
		}
	}
	if err != nil || len(items) == 0 {
		items = append(items, metadata.Item{Path: path + "unreadable", Size: n})
	}
	m.add(n, container.Metadata, tagDrop, items...)
}

// loopCount returns how often an animation runs, as the extension of Netscape 2.0 says it.
func loopCount(b []byte) (count []byte, ok bool) {
	if len(b) < 14 || b[2] != 11 || string(b[3:14]) != idLoop && string(b[3:14]) != idLoop2 {
		return nil, false
	}
	for b = b[14:]; b[0] > 0; b = skip(b) {
		if b[0] >= 3 && b[1]&7 == 1 {
			return b[2:4], true
		}
	}
	return nil, false
}

// magic is what an XMP packet ends with, so that decoders which take it for sub-blocks come
// to an end wherever they arrive (XMP part 3, 1.1.2).
var magic = func() []byte {
	b := []byte{1}
	for i := 255; i >= 0; i-- {
		b = append(b, byte(i))
	}
	return append(b, 0)
}()

// packet returns the packet in the data of an extension.
func packet(b []byte) []byte {
	if p, ok := bytes.CutSuffix(b, magic); ok {
		return p
	}
	return joined(b)
}
