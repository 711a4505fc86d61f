package gif

import (
	"context"
	"encoding/binary"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Tags by which Edit knows a span again. Frame spans of other tags are written as they were.
const (
	tagSignature = "signature"
	tagField     = "field"
	tagFlags     = "flags"   // of an image descriptor
	tagControl   = "control" // a graphic control extension, up to its fourth byte of data
	tagLoop      = "loop"
	tagSize      = "size" // of a sub-block of which only the beginning stays
	tagTrailer   = "trailer"
	tagDrop      = ""
)

// Introducers of blocks, and labels of extensions (89a, appendix A).
const (
	extension = 0x21
	image     = 0x2C
	trailer   = 0x3B

	plainText   = 0x01
	control     = 0xF9
	comment     = 0xFE
	application = 0xFF
)

// A mapper turns the blocks of a file into spans.
type mapper struct {
	ctx     context.Context
	src     container.Source
	w       *container.Window
	spans   []container.Span
	at      int64 // behind the last span
	images  int
	control int // the span of the graphic control that the next image will have, or -1
	loop    int // the span of the loop extension that counts, or -1
	done    bool
}

func malformed(off int64, what string) error {
	return &container.Malformed{Off: off, What: what}
}

// bytes returns the n bytes at off.
func (m *mapper) bytes(off int64, n int) ([]byte, error) {
	b, err := m.w.Bytes(off, n)
	if err == io.EOF {
		err = &container.Malformed{Off: m.src.Size(), What: "the file ends before the picture does", CutOff: true}
	}
	return b, err
}

// add adds a span of n bytes behind the last one.
func (m *mapper) add(n int64, role container.Role, tag string, items ...metadata.Item) {
	if n > 0 {
		m.spans = append(m.spans, container.Span{Off: m.at, Len: n, Role: role, Tag: tag, Items: items})
		m.at += n
	}
}

func (m *mapper) drop(n int64, path string, category metadata.Category) {
	m.add(n, container.Metadata, tagDrop, metadata.Item{Path: path, Category: category, Size: n})
}

// undo makes a span of structure one that goes.
func (m *mapper) undo(i int, path string) {
	if i >= 0 {
		s := &m.spans[i]
		*s = container.Span{Off: s.Off, Len: s.Len, Items: []metadata.Item{{Path: path, Size: s.Len}}}
	}
}

// table adds the colour table that flags tell of.
func (m *mapper) table(flags byte) error {
	if flags&0x80 == 0 {
		return nil
	}
	n := 3 << (flags&7 + 1)
	if _, err := m.bytes(m.at, n); err != nil {
		return err
	}
	m.add(int64(n), container.Media, tagField)
	return nil
}

// screen adds the header, the logical screen descriptor and the global colour table.
func (m *mapper) screen() error {
	b, err := m.bytes(0, 13)
	if err != nil {
		return err
	}
	if !(Format{}).Match(b) {
		return malformed(0, "no GIF signature")
	}
	flags := b[10]
	m.add(6, container.Frame, tagSignature)
	m.add(4, container.Frame, tagField)
	m.add(3, container.Frame, tagField)
	return m.table(flags)
}

// block adds the next block.
func (m *mapper) block() error {
	if len(m.spans) > container.MaxSpans-16 {
		return &container.Feature{Name: "a GIF of so many parts"}
	}
	if m.at == m.src.Size() && m.images > 0 {
		return m.end(0) // only the trailer is missing, which no decoder minds
	}
	b, err := m.bytes(m.at, 1)
	if err != nil {
		return err
	}
	switch b[0] {
	case extension:
		return m.extension()
	case image:
		return m.image()
	case trailer:
		return m.end(1)
	case 0:
		m.drop(1, "gif/between-blocks", metadata.Unknown)
		return nil
	}
	return malformed(m.at, "a block that the standard does not define")
}

// end adds the trailer and what stands behind it.
func (m *mapper) end(n int64) error {
	if m.images == 0 {
		return malformed(m.at, "the file holds no picture")
	}
	m.undo(m.control, "gif/control/unused")
	m.done = true
	m.add(n, container.Frame, tagTrailer)
	rest := m.src.Size() - m.at
	if rest == 0 {
		return nil
	}
	head, err := m.bytes(m.at, int(min(rest, 4)))
	if err != nil {
		return err
	}
	path, category := "gif/trailer/unknown", metadata.Unknown
	switch string(head) {
	case "GIF8", "\x89PNG", "\xFF\xD8\xFF\xE0", "\xFF\xD8\xFF\xE1":
		path, category = "gif/trailer/picture", metadata.Thumbnail
	case "\x00\x00\x00\x00":
		path = "gif/trailer/padding"
	}
	m.drop(rest, path, category)
	return nil
}

// image adds an image: its descriptor, its colour table, its data.
func (m *mapper) image() error {
	b, err := m.bytes(m.at, 10)
	if err != nil {
		return err
	}
	w, h, flags := binary.LittleEndian.Uint16(b[5:]), binary.LittleEndian.Uint16(b[7:]), b[9]
	if w == 0 || h == 0 {
		return malformed(m.at, "a frame of no size")
	}
	m.images++
	m.control = -1
	m.add(5, container.Frame, tagField)
	m.add(4, container.Frame, tagField)
	m.add(1, container.Frame, tagFlags)
	if err := m.table(flags); err != nil {
		return err
	}
	if b, err = m.bytes(m.at, 1); err != nil {
		return err
	}
	if b[0] < 1 || b[0] > 11 { // the standard says 2 to 8; decoders go as far as their tables
		return malformed(m.at, "picture data with codes of impossible length")
	}
	codes := newCodes(int(b[0]), int64(w)*int64(h))
	m.add(1, container.Frame, tagField)
	return m.data(codes)
}

// data adds the sub-blocks of an image: whole ones, the beginning of the one in which the
// picture ends, and what is behind that, which goes.
func (m *mapper) data(codes *codes) error {
	whole, part, err := m.known()
	if err != nil {
		return err
	}
	if whole+part == 0 {
		if whole, part, err = m.walk(codes); err != nil {
			return err
		}
	}
	m.add(whole, container.Media, tagField)
	if part > 0 {
		b, err := m.bytes(m.at, 1)
		if err != nil {
			return err
		}
		left := int64(b[0]) - part
		m.add(1, container.Frame, tagSize)
		m.add(part, container.Media, tagField)
		m.drop(left, "gif/behind-the-picture", metadata.Unknown)
	}
	end, err := m.subBlocks(m.at)
	if err != nil {
		return err
	}
	m.drop(end-1-m.at, "gif/behind-the-picture", metadata.Unknown)
	m.add(1, container.Frame, tagField)
	return nil
}

// known returns what walk would, for data that has been walked over before.
func (m *mapper) known() (whole, part int64, err error) {
	whole = m.w.KnownMedia(m.at)
	b, err := m.bytes(m.at+whole, 1)
	if err != nil || b[0] == 0 {
		return whole, 0, err
	}
	size := int64(b[0])
	if part = m.w.KnownMedia(m.at + whole + 1); part == size {
		return whole, part, nil
	}
	return 0, 0, nil
}

// walk finds where the picture ends: behind how many bytes of whole sub-blocks, and how many
// bytes of the next one.
func (m *mapper) walk(codes *codes) (whole, part int64, err error) {
	for at := m.at; ; {
		if err := m.ctx.Err(); err != nil {
			return 0, 0, err
		}
		b, err := m.bytes(at, 1)
		if err != nil {
			return 0, 0, err
		}
		size := int(b[0])
		if size > 0 {
			if b, err = m.bytes(at+1, size); err != nil {
				return 0, 0, err
			}
			if !codes.feed(b) {
				return 0, 0, malformed(at, "a code that picture data cannot have here")
			}
		}
		if !codes.done && size > 0 {
			at += int64(size) + 1
			continue
		}
		return m.place(codes.end())
	}
}

// place turns a number of bytes of picture data into whole sub-blocks and a part of one.
func (m *mapper) place(n int64) (whole, part int64, err error) {
	for at := m.at; ; {
		b, err := m.bytes(at, 1)
		if err != nil {
			return 0, 0, err
		}
		size := int64(b[0])
		if n < size || size == 0 {
			return at - m.at, min(n, size), nil
		}
		n -= size
		at += size + 1
	}
}

// subBlocks returns the place behind the terminator of a run of sub-blocks.
func (m *mapper) subBlocks(at int64) (int64, error) {
	for {
		if err := m.ctx.Err(); err != nil {
			return 0, err
		}
		b, err := m.bytes(at, 1)
		if err != nil {
			return 0, err
		}
		at += int64(b[0]) + 1
		if at > m.src.Size() {
			_, err := m.bytes(at, 1)
			return 0, err
		}
		if b[0] == 0 {
			return at, nil
		}
	}
}
