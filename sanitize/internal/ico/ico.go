// Package ico cleans icons and cursors of Windows whose pictures are bitmaps.
//
// The directory and the header of each picture are written anew, colours, pixels and masks
// stay to the byte, the bytes that fill up rows become zeros, and gaps between pictures and
// whatever follows them go. A file with a PNG picture inside is refused as a whole.
//
//	spans, err := ico.Format{}.Map(ctx, src)
//
// Source: Windows, ICONDIR and ICONDIRENTRY ("Icons", John Hornick, 1995).
package ico

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"slices"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/dib"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Format is ICO and CUR as a container.Format.
type Format struct{}

var _ container.Format = Format{}

const (
	dirSize   = 6
	entrySize = 16
	// maxEntries is far above what an icon holds.
	maxEntries = 256
	typeIcon   = 1
	typeCursor = 2
)

const (
	tagDirectory = "directory"
	tagHeader    = "header" // of a picture; its colours and pixels follow
)

// Info describes the format. It has room for no text.
func (Format) Info() container.Info {
	return container.Info{
		Name:       "ico",
		Title:      "Windows icon",
		MediaType:  "image/vnd.microsoft.icon",
		Extensions: []string{".ico", ".cur"},
		Writes:     []metadata.Field{},
	}
}

// Match reports whether head begins with the directory of an icon or cursor, the first
// picture of which lies behind it.
func (Format) Match(head []byte) bool {
	if len(head) < dirSize+entrySize || head[0] != 0 || head[1] != 0 || head[3] != 0 || head[2] != typeIcon && head[2] != typeCursor {
		return false
	}
	count := uint32(binary.LittleEndian.Uint16(head[4:]))
	return count > 0 && binary.LittleEndian.Uint32(head[dirSize+12:]) >= dirSize+entrySize*count
}

// An entry is one picture as the directory has it.
type entry struct {
	index  int
	raw    []byte
	off, n int64
}

// directory reads the entries in the order in which their pictures lie in the file.
func directory(w *container.Window) (kind byte, entries []entry, err error) {
	cutOff := &container.Malformed{What: "the file ends before its directory does", CutOff: true}
	if w.Size() < dirSize {
		return 0, nil, cutOff
	}
	head, err := w.Bytes(0, dirSize)
	if err != nil {
		return 0, nil, err
	}
	kind = head[2]
	count := int(binary.LittleEndian.Uint16(head[4:]))
	switch {
	case head[0] != 0 || head[1] != 0 || head[3] != 0 || kind != typeIcon && kind != typeCursor || count == 0:
		return 0, nil, &container.Malformed{What: "no icon"}
	case count > maxEntries:
		return 0, nil, &container.Feature{Name: "an icon of more than 256 pictures"}
	case w.Size() < int64(dirSize+count*entrySize):
		return 0, nil, cutOff
	}
	b, err := w.Bytes(dirSize, count*entrySize)
	if err != nil {
		return 0, nil, err
	}
	b = bytes.Clone(b)
	for i := range count {
		raw := b[i*entrySize:][:entrySize]
		entries = append(entries, entry{
			index: i, raw: raw,
			n:   int64(binary.LittleEndian.Uint32(raw[8:])),
			off: int64(binary.LittleEndian.Uint32(raw[12:])),
		})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.off, b.off) })
	return kind, entries, nil
}

// Map cuts src into spans.
func (Format) Map(ctx context.Context, src container.Source) ([]container.Span, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m := &dib.Mapper{Ctx: ctx, W: container.NewWindow(src), Path: "ico/"}
	_, entries, err := directory(m.W)
	if err != nil {
		return nil, err
	}
	m.Add(int64(dirSize+entrySize*len(entries)), container.Frame, tagDirectory)
	for _, e := range entries {
		switch {
		case e.off < m.At():
			return nil, &container.Malformed{Off: e.off, What: "a picture begins inside what stands before it"}
		case e.n > src.Size()-e.off:
			return nil, &container.Malformed{Off: e.off, What: "the file ends before its pictures do", CutOff: true}
		}
		m.Unknown(e.off-m.At(), "gap")
		if err := picture(m, e); err != nil {
			return nil, err
		}
	}
	m.Unknown(src.Size()-m.At(), "trailer")
	return m.Spans, ctx.Err()
}

// readHeader reads the header of a picture. The height in it is that of picture and mask
// together.
func readHeader(w *container.Window, off, n int64) (*dib.Header, error) {
	const png = "\x89PNG"
	if n < int64(len(png)) {
		return nil, &container.Malformed{Off: off, What: "a picture of no bytes"}
	}
	if b, err := w.Bytes(off, len(png)); err != nil {
		return nil, err
	} else if string(b) == png {
		return nil, &container.Feature{Name: "an icon with a PNG picture inside"}
	}
	h, err := dib.ReadHeader(w, off, n)
	if err != nil {
		return nil, err
	}
	if h.RunLength() {
		return nil, &container.Feature{Name: "an icon of run-length coded pixels"}
	}
	if h.Height%2 != 0 {
		return nil, &container.Malformed{Off: off, What: "an icon without room for its mask"}
	}
	if h.Space == dib.Linked || h.Space == dib.Embedded {
		h.Space = dib.SRGB // no icon has a profile
	}
	h.ProfileAt, h.ProfileSize = 0, 0
	h.Height /= 2
	return h, nil
}

// picture maps one picture: header, colours, pixels, mask.
func picture(m *dib.Mapper, e entry) error {
	h, err := readHeader(m.W, e.off, e.n)
	if err != nil {
		return err
	}
	end := e.off + e.n
	m.Add(h.Size(), container.Frame, tagHeader)
	if err := m.Palette(h); err != nil {
		return err
	}
	if h.RowsSize(h.Bits, end-m.At()) > end-m.At() {
		return &container.Malformed{Off: m.At(), What: "a picture that ends before its pixels do"}
	}
	if err := m.Rows(h, h.Bits); err != nil {
		return err
	}
	switch mask := h.RowsSize(1, end-m.At()); {
	case mask <= end-m.At():
		if err := m.Rows(h, 1); err != nil {
			return err
		}
	case h.Bits < 32:
		return &container.Malformed{Off: m.At(), What: "a picture that ends before its mask does"}
	}
	m.Unknown(end-m.At(), "behind-a-picture")
	return nil
}

// Edit describes the cleaned file: directory, and the pictures in the order of the source.
func (Format) Edit(_ context.Context, src container.Source, spans []container.Span, _ container.Plan) (*container.Draft, error) {
	w := container.NewWindow(src)
	kind, entries, err := directory(w)
	if err != nil {
		return nil, err
	}
	begin := int64(dirSize + entrySize*len(entries))
	body := container.NewDraft(src)
	dir := make([]byte, begin)
	dir[2] = kind
	binary.LittleEndian.PutUint16(dir[4:], uint16(len(entries)))
	for _, e := range entries {
		at := begin + body.Size()
		if err := e.write(body, src, w, spans); err != nil {
			return nil, err
		}
		out := dir[dirSize+entrySize*e.index:]
		copy(out, e.head(kind))
		binary.LittleEndian.PutUint32(out[8:], uint32(begin+body.Size()-at))
		binary.LittleEndian.PutUint32(out[12:], uint32(at))
	}
	if begin+body.Size() > 1<<32-1 {
		return nil, &container.Feature{Name: "an icon of more than 4 GiB"}
	}
	d := container.NewDraft(src)
	d.Put(dir)
	d.Append(body)
	return d, nil
}

// write adds the picture of an entry.
func (e entry) write(d *container.Draft, src container.Source, w *container.Window, spans []container.Span) error {
	h, err := readHeader(w, e.off, e.n)
	if err != nil {
		return err
	}
	first, _ := slices.BinarySearchFunc(spans, e.off, func(s container.Span, off int64) int { return cmp.Compare(s.Off, off) })
	last := first
	for last < len(spans) && spans[last].End() <= e.off+e.n {
		last++
	}
	body := container.NewDraft(src)
	pixels := dib.Copy(body, spans[first:last], h)
	d.Put(h.Append(nil, 2*h.Height, pixels))
	d.Append(body)
	return nil
}

// head is what an entry says of its picture, with numbers that there can be: size, colours,
// then planes and depth, or the hot spot of a cursor.
func (e entry) head(kind byte) []byte {
	most := [2]uint16{1, 64}
	if kind == typeCursor {
		most = [2]uint16{512, 512}
	}
	out := []byte{e.raw[0], e.raw[1], e.raw[2], 0}
	for i, limit := range most {
		v := binary.LittleEndian.Uint16(e.raw[4+2*i:])
		if v > limit {
			v = 0
		}
		out = binary.LittleEndian.AppendUint16(out, v)
	}
	return out
}
