package png

import (
	"bytes"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// trailers are the ways in which what stands behind the picture has been seen to begin or
// end. The last rows of a larger picture that a smaller one was written over end as every
// PNG does ("aCropalypse").
var trailers = []struct {
	name     string
	category metadata.Category
	is       func(head, tail []byte) bool
}{
	{"older-picture", metadata.Thumbnail, func(_, tail []byte) bool { return bytes.HasSuffix(tail, []byte("IEND\xAE\x42\x60\x82")) }},
	{"video", metadata.Thumbnail, func(head, _ []byte) bool { return bytes.Contains(head[:min(len(head), 64)], []byte("ftyp")) }},
	{"picture", metadata.Thumbnail, func(head, _ []byte) bool { return bytes.HasPrefix(head, []byte("\xFF\xD8\xFF")) }},
	{"samsung", metadata.Device, func(_, tail []byte) bool { return bytes.HasSuffix(tail, []byte("SEFT")) }},
	{"zip", metadata.Unknown, func(head, _ []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }},
	{"padding", metadata.Unknown, func(head, tail []byte) bool { return uniform(head) && uniform(tail) }},
}

func uniform(b []byte) bool { return len(bytes.TrimLeft(b, string(b[:1]))) == 0 }

// trailer adds everything behind the IEND as one item.
func (m *mapper) trailer(at int64) error {
	n := m.src.Size() - at
	if n == 0 {
		return nil
	}
	head, err := container.ReadPayload(m.src, at, min(n, 4096))
	if err != nil {
		return err
	}
	tail, err := container.ReadPayload(m.src, m.src.Size()-min(n, 64), min(n, 64))
	if err != nil {
		return err
	}
	item := metadata.Item{Path: "png/trailer/unknown", Size: n}
	for _, t := range trailers {
		if t.is(head, tail) {
			item.Path, item.Category = "png/trailer/"+t.name, t.category
			break
		}
	}
	m.add(n, container.Metadata, tagDrop, item)
	return nil
}
