package dib

import (
	"context"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Tags of the spans that Write knows.
const (
	TagColor  = "color"
	TagPixels = "pixels"
	TagZero   = "zero" // written as so many zeros
	TagEnd    = "end-of-bitmap"
)

// A Mapper adds the spans of bitmaps, one behind the other.
type Mapper struct {
	Ctx   context.Context
	W     *container.Window
	Path  string // "bmp/"
	Spans []container.Span
	fills map[string]int // the span that speaks for all fill bytes of a kind
}

// Add adds a span of n bytes behind the last one.
func (m *Mapper) Add(n int64, role container.Role, tag string, items ...metadata.Item) {
	if n > 0 {
		m.Spans = append(m.Spans, container.Span{Off: m.At(), Len: n, Role: role, Tag: tag, Items: items})
	}
}

// At is where the next span begins.
func (m *Mapper) At() int64 {
	if last := len(m.Spans); last > 0 {
		return m.Spans[last-1].End()
	}
	return 0
}

// Unknown adds bytes that belong to nothing.
func (m *Mapper) Unknown(n int64, name string) {
	m.Add(n, container.Metadata, "", metadata.Item{Path: m.Path + name, Size: n})
}

// fill adds bytes that should be 0. Those that are not are counted in one item.
func (m *Mapper) fill(n int64, name string) error {
	if n == 0 {
		return nil
	}
	b, err := m.W.Bytes(m.At(), int(n))
	if err != nil {
		return err
	}
	dirty := int64(0)
	for _, c := range b {
		if c != 0 {
			dirty = n
		}
	}
	if i, seen := m.fills[name]; seen {
		m.Spans[i].Items[0].Size += dirty
		dirty = 0
	}
	if dirty == 0 {
		m.Add(n, container.Frame, TagZero)
		return nil
	}
	if m.fills == nil {
		m.fills = make(map[string]int)
	}
	m.fills[name] = len(m.Spans)
	m.Add(n, container.Metadata, TagZero, metadata.Item{Path: m.Path + name, Size: n})
	return nil
}

// Palette adds the colour table. The fourth byte of a colour says nothing.
func (m *Mapper) Palette(h *Header) error {
	for range h.Colors {
		m.Add(3, container.Media, TagColor)
		if err := m.fill(h.entry()-3, "colour-padding"); err != nil {
			return err
		}
	}
	return nil
}

// rowSize returns how many bytes the pixels of a row take up, and how many fill it to a
// multiple of four.
func rowSize(width int64, bits int) (used, fill int64) {
	used = (width*int64(bits) + 7) / 8
	return used, -used & 3
}

// RowsSize is how many bytes rows of the given depth take up, at most limit+1.
func (h *Header) RowsSize(bits int, limit int64) int64 {
	used, fill := rowSize(h.Width, bits)
	if used+fill > limit/h.Height {
		return limit + 1
	}
	return (used + fill) * h.Height
}

// Rows adds the rows of a picture, which lie inside the file: RowsSize has been compared.
func (m *Mapper) Rows(h *Header, bits int) error {
	used, fill := rowSize(h.Width, bits)
	if fill == 0 {
		m.Add(used*h.Height, container.Media, TagPixels)
		return nil
	}
	if 2*h.Height > container.MaxSpans-int64(len(m.Spans)) {
		return errTooMany
	}
	for range h.Height {
		if err := m.Ctx.Err(); err != nil {
			return err
		}
		m.Add(used, container.Media, TagPixels)
		if err := m.fill(fill, "row-padding"); err != nil {
			return err
		}
	}
	return nil
}

var errTooMany = &container.Feature{Name: "a bitmap of so many parts"}

// Runs adds pixels that are coded in runs and may go on up to end, [MS-WMF] 3.1.6. They end
// with their end mark, or where every row is full.
func (m *Mapper) Runs(h *Header, end int64) error {
	at, row := m.At(), int64(0)
	for {
		if err := m.Ctx.Err(); err != nil {
			return err
		}
		var b [2]byte
		if ok, err := m.pair(at, end, &b); err != nil {
			return err
		} else if !ok && row < h.Height {
			return &container.Malformed{Off: at, What: "the file ends before the runs of a bitmap do", CutOff: true}
		} else if !ok || row >= h.Height && b != [2]byte{0, 1} {
			m.Add(at-m.At(), container.Media, TagPixels)
			return nil
		}
		at += 2
		switch {
		case b[0] > 0: // a run
		case b[1] == 0: // end of a row
			row++
		case b[1] == 1: // end of the bitmap
			m.Add(at-2-m.At(), container.Media, TagPixels)
			m.Add(2, container.Frame, TagEnd)
			return nil
		case b[1] == 2: // a jump
			if ok, err := m.pair(at, end, &b); err != nil {
				return err
			} else if ok {
				at, row = at+2, row+int64(b[1])
			}
		default:
			var err error
			if at, err = m.absolute(h, at, end, int64(b[1])); err != nil {
				return err
			}
		}
	}
}

// pair reads two bytes, if there are two.
func (m *Mapper) pair(at, end int64, b *[2]byte) (bool, error) {
	if end-at < 2 {
		return false, nil
	}
	got, err := m.W.Bytes(at, 2)
	if err == io.EOF {
		return false, nil
	} else if err != nil {
		return false, err
	}
	copy(b[:], got)
	return true, nil
}

// absolute passes over pixels that stand one by one, filled to an even number of bytes.
func (m *Mapper) absolute(h *Header, at, end, pixels int64) (int64, error) {
	n := (pixels*int64(h.Bits) + 7) / 8
	if n+n&1 > end-at {
		return at, &container.Malformed{Off: at, What: "the file ends before the runs of a bitmap do", CutOff: true}
	}
	if n&1 == 0 {
		return at + n, nil
	}
	if len(m.Spans) > container.MaxSpans {
		return at, errTooMany
	}
	m.Add(at+n-m.At(), container.Media, TagPixels)
	return at + n + 1, m.fill(1, "run-padding")
}

// Copy adds what the spans of colour table and pixels become, and returns how many bytes of
// them are pixels.
func Copy(d *container.Draft, spans []container.Span, h *Header) (pixels int64) {
	begin := int64(-1)
	for _, s := range spans {
		switch s.Tag {
		case TagPixels:
			if begin < 0 {
				begin = d.Size()
			}
			d.Copy(s.Off, s.Len)
		case TagColor:
			d.Copy(s.Off, s.Len)
		case TagZero:
			d.Zero(s.Len)
		}
	}
	if begin < 0 {
		begin = d.Size()
	}
	if h.RunLength() {
		d.Put([]byte{0, 1})
	}
	return d.Size() - begin
}
