package jpeg

import (
	"bytes"
	"encoding/binary"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/gainmap"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// maxTrailerPictures bounds how many pictures behind the first one are told apart.
const maxTrailerPictures = 32

// pictureStart is an SOI marker and the first byte of the next one.
var pictureStart = []byte{0xFF, soi, 0xFF}

// trailer adds what stands behind the end of the picture. All of it goes, but for a gain map
// that a policy keeps; telling its parts apart is for the report.
func (m *mapper) trailer(at int64) error {
	for range maxTrailerPictures {
		if at == m.src.Size() {
			return nil
		}
		pic, err := m.nextPicture(at)
		if err != nil {
			return err
		}
		if pic == nil {
			break
		}
		if err := m.furtherPicture(pic, at); err != nil {
			return err
		}
		at = pic.end
	}
	return m.rest(at)
}

// nextPicture scans the JPEG stream at the given place, if there is a whole one.
func (m *mapper) nextPicture(at int64) (*picture, error) {
	head, err := m.w.From(at, 3)
	if err != nil || !bytes.HasPrefix(head, pictureStart) {
		return nil, err
	}
	pic, err := scanPicture(m.ctx, m.w, at)
	if container.IsVerdict(err) {
		return nil, nil
	}
	return pic, err
}

// furtherPicture adds a picture behind the first one.
func (m *mapper) furtherPicture(pic *picture, at int64) error {
	gain, err := m.isGainMap(pic)
	if err != nil {
		return err
	}
	if gain && at == m.spans[len(m.spans)-1].End() && m.spans[len(m.spans)-1].Tag == tagEOI {
		before := len(m.spans)
		if err = m.picture(pic, gainTag); err == nil || !container.IsVerdict(err) {
			return err
		}
		m.spans = m.spans[:before]
	}
	m.add(pic.end-at, container.Metadata, "", metadata.Item{
		Path: "jpeg/trailer/picture", Category: metadata.Thumbnail, Size: pic.end - at,
	})
	return nil
}

// isGainMap reports whether a picture says of itself how it is to be applied.
func (m *mapper) isGainMap(pic *picture) (bool, error) {
	for _, p := range pic.parts {
		if p.kind != kindSegment || p.marker != app1 && p.marker != app2 {
			continue
		}
		off, n := p.payload()
		b, err := m.w.Bytes(off, int(n))
		if err != nil {
			return false, err
		}
		if xmp, ok := bytes.CutPrefix(b, []byte(idXMP)); ok && p.marker == app1 {
			if _, ok := gainmap.ParseXMP(xmp); ok {
				return true, nil
			}
		}
		if iso, ok := bytes.CutPrefix(b, []byte(idISO)); ok {
			if _, ok := gainmap.ParseISO(iso); ok {
				return true, nil
			}
		}
	}
	return false, nil
}

// trailers are the ways in which the rest of a file has been seen to begin or end.
var trailers = []struct {
	name     string
	category metadata.Category
	is       func(head, tail []byte) bool
}{
	{"video", metadata.Thumbnail, func(head, _ []byte) bool { return bytes.Contains(head, []byte("ftyp")) }},
	{"samsung", metadata.Device, func(_, tail []byte) bool { return bytes.HasSuffix(tail, []byte("SEFT")) }},
	{"vivo", metadata.Device, func(head, _ []byte) bool { return bytes.HasPrefix(head, []byte("vivo{")) }},
	{"zip", metadata.Unknown, func(head, _ []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }},
	{"picture", metadata.Thumbnail, func(head, _ []byte) bool { return bytes.HasPrefix(head, pictureStart) }},
	{"padding", metadata.Unknown, func(head, tail []byte) bool { return uniform(head) && uniform(tail) }},
}

func uniform(b []byte) bool { return len(bytes.TrimLeft(b, string(b[:1]))) == 0 }

// rest adds everything up to the end of the file as one item.
func (m *mapper) rest(at int64) error {
	n := m.src.Size() - at
	if n == 0 {
		return nil
	}
	head, err := m.w.From(at, int(min(n, container.WindowSize)))
	if err != nil {
		return err
	}
	tail, err := container.ReadPayload(m.src, m.src.Size()-min(n, 64), min(n, 64))
	if err != nil {
		return err
	}
	item := metadata.Item{Path: "jpeg/trailer/unknown", Size: n}
	for _, t := range trailers {
		if t.is(head, tail) {
			item.Path, item.Category = "jpeg/trailer/"+t.name, t.category
			break
		}
	}
	m.add(n, container.Metadata, "", item)
	return nil
}

// mpfSegment is the index of a file of two pictures, CIPA DC-007 section 5: the picture of
// primary bytes, in which the segment stands at the given offset, and behind it its gain
// map.
func mpfSegment(at, primary, gain int64) []byte {
	const entries = 50 // behind the header, the count, three tags and the offset of no next IFD
	b := []byte("MM\x00\x2A\x00\x00\x00\x08\x00\x03" +
		"\xB0\x00\x00\x07\x00\x00\x00\x04" + "0100" +
		"\xB0\x01\x00\x04\x00\x00\x00\x01\x00\x00\x00\x02" +
		"\xB0\x02\x00\x07\x00\x00\x00\x20\x00\x00\x00\x32" +
		"\x00\x00\x00\x00")
	if len(b) != entries {
		return nil
	}
	header := at + 4 + int64(len(idMPF))           // offsets count from the byte order mark
	b = binary.BigEndian.AppendUint32(b, 0x030000) // baseline primary image
	b = binary.BigEndian.AppendUint32(b, uint32(primary))
	b = append(b, make([]byte, 8)...)
	b = binary.BigEndian.AppendUint32(b, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(gain))
	b = binary.BigEndian.AppendUint32(b, uint32(primary-header))
	b = append(b, 0, 0, 0, 0)
	return appendSegment(nil, app2, idMPF, b)
}

// acceptMPF finds the index that Edit writes for a gain map. Any other goes: it may hold
// unique numbers of pictures and point at what is no longer there.
func (m *mapper) acceptMPF(primary int64) error {
	if m.src.Size() == primary || m.spans[len(m.spans)-1].Tag != gainTag+tagEOI {
		return nil
	}
	for i, s := range m.spans {
		if len(s.Items) != 1 || s.Items[0].Path != "jpeg/app2/mpf" {
			continue
		}
		want := mpfSegment(s.Off, primary, m.src.Size()-primary)
		got, err := m.w.Bytes(s.Off, int(min(s.Len, int64(len(want)))))
		if err != nil {
			return err
		}
		if bytes.Equal(got, want) && int(s.Len) == len(want) {
			m.spans[i].Items[0].Category = metadata.GainMap
		}
	}
	return nil
}
