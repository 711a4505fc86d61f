// Package bmp cleans BMP files of Windows and OS/2 2.0, with every header from
// BITMAPCOREHEADER to BITMAPV5HEADER.
//
// Colour table and pixels are media and stay to the byte. Both headers are written anew; the
// bytes that fill up rows, runs and colours become zeros; gaps, colours behind the last that a
// pixel can name, and whatever follows the pixels go. An embedded profile is rebuilt; a linked
// one, which is the name of a file, goes. Bitmaps that wrap a JPEG or PNG picture are refused.
//
//	spans, err := bmp.Format{}.Map(ctx, src)
package bmp

import (
	"context"
	"encoding/binary"
	"strings"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/dib"
	"github.com/mediaveil/mediaveil/sanitize/internal/profile"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Format is BMP as a container.Format.
type Format struct{}

var _ container.Format = Format{}

// fileHeader is what stands before the header of the bitmap.
const fileHeader = 14

// Tags by which Edit knows a span again, beside those of package dib.
const (
	tagFile    = "file"
	tagHeader  = "header"
	tagICC     = "icc"
	tagLostICC = "unusable-icc"
)

// Info describes the format. It has room for no text.
func (Format) Info() container.Info {
	return container.Info{
		Name:       "bmp",
		Title:      "BMP picture",
		MediaType:  "image/bmp",
		Extensions: []string{".bmp", ".dib"},
		Writes:     []metadata.Field{metadata.ColorSpace},
	}
}

// Match reports whether head begins with a BMP file header and a bitmap header of a size
// that there is.
func (Format) Match(head []byte) bool {
	return len(head) >= fileHeader+4 && string(head[:2]) == "BM" && dib.IsHeaderSize(binary.LittleEndian.Uint32(head[fileHeader:]))
}

type mapper struct {
	dib.Mapper
	src container.Source
	h   *dib.Header
	// The profile: where it is, and whether a place for it has been found.
	profileAt, profileEnd int64
	placed                bool
}

// Map cuts src into spans.
func (f Format) Map(ctx context.Context, src container.Source) ([]container.Span, error) {
	m := &mapper{src: src, Mapper: dib.Mapper{Ctx: ctx, W: container.NewWindow(src), Path: "bmp/"}}
	if err := m.file(); err != nil {
		return nil, err
	}
	return m.Spans, ctx.Err()
}

// readHeaders reads both headers and returns where the pixels begin.
func readHeaders(w *container.Window) (*dib.Header, int64, error) {
	if w.Size() < fileHeader+4 {
		return nil, 0, &container.Malformed{What: "the file ends before its headers do", CutOff: true}
	}
	b, err := w.Bytes(0, fileHeader)
	if err != nil {
		return nil, 0, err
	}
	if string(b[:2]) != "BM" {
		return nil, 0, &container.Malformed{What: "no BMP file"}
	}
	pixels := int64(binary.LittleEndian.Uint32(b[10:]))
	h, err := dib.ReadHeader(w, fileHeader, pixels-fileHeader)
	return h, pixels, err
}

func (m *mapper) file() error {
	if err := m.Ctx.Err(); err != nil {
		return err
	}
	h, pixels, err := readHeaders(m.W)
	if err != nil {
		return err
	}
	if pixels > m.src.Size() {
		return &container.Malformed{Off: 10, What: "the file ends before its pixels begin", CutOff: true}
	}
	m.h = h
	m.Add(fileHeader, container.Frame, tagFile)
	m.Add(h.Size(), container.Frame, tagHeader)
	if h.Space == dib.Linked || h.Space == dib.Embedded {
		m.profileAt = fileHeader + h.ProfileAt
		m.profileEnd = m.profileAt + h.ProfileSize
	}
	if err := m.Palette(h); err != nil {
		return err
	}
	if err := m.gap(pixels, "gap"); err != nil {
		return err
	}
	if err := m.pixels(); err != nil {
		return err
	}
	return m.gap(m.src.Size(), "trailer")
}

func (m *mapper) pixels() error {
	room := m.src.Size() - m.At()
	if m.h.RunLength() {
		return m.Runs(m.h, m.src.Size())
	}
	if m.h.RowsSize(m.h.Bits, room) > room {
		return &container.Malformed{Off: m.At(), What: "the file ends before its pixels do", CutOff: true}
	}
	return m.Rows(m.h, m.h.Bits)
}

// gap adds the bytes up to end, which belong to nothing unless they are the profile.
func (m *mapper) gap(end int64, name string) error {
	if m.placed || m.profileEnd <= m.profileAt || m.profileAt < m.At() || m.profileEnd > end {
		m.Unknown(end-m.At(), name)
		return nil
	}
	m.placed = true
	m.Unknown(m.profileAt-m.At(), name)
	if err := m.profile(); err != nil {
		return err
	}
	m.Unknown(end-m.At(), name)
	return nil
}

// profile adds the colour profile, or the name of the file that holds one.
func (m *mapper) profile() error {
	n := m.profileEnd - m.profileAt
	whole := metadata.Item{Path: "bmp/icc/unusable", Size: n}
	if n <= icc.MaxSize {
		b, err := container.ReadPayload(m.src, m.profileAt, n)
		if err != nil {
			return err
		}
		if m.h.Space == dib.Linked {
			text := strings.ToValidUTF8(string(b[:min(n, 256)]), "")
			whole = metadata.Item{Path: "bmp/icc/file-name", Category: metadata.Software, Size: n, Value: metadata.Secret(strings.Trim(text, "\x00"))}
		} else if items, ok := profile.Items("bmp/", b); ok {
			m.Add(n, container.Metadata, tagICC, items...)
			return nil
		}
	}
	m.Add(n, container.Metadata, tagLostICC, whole)
	return nil
}

// Edit describes the cleaned file: headers, colours, pixels, profile.
func (Format) Edit(_ context.Context, src container.Source, spans []container.Span, _ container.Plan) (*container.Draft, error) {
	h, _, err := readHeaders(container.NewWindow(src))
	if err != nil {
		return nil, err
	}
	body, d := container.NewDraft(src), container.NewDraft(src)
	pixels := dib.Copy(body, spans, h)
	clean, err := rebuild(d, src, spans, h)
	if err != nil {
		return nil, err
	}
	h.ProfileSize, h.ProfileAt = int64(len(clean)), 0
	if len(clean) > 0 {
		h.ProfileAt = h.WrittenSize() + body.Size()
	}
	begin := fileHeader + h.WrittenSize()
	size := begin + body.Size() + int64(len(clean))
	if size > 1<<32-1 {
		return nil, &container.Feature{Name: "a BMP file of more than 4 GiB"}
	}
	head := binary.LittleEndian.AppendUint32([]byte("BM"), uint32(size))
	head = binary.LittleEndian.AppendUint32(append(head, 0, 0, 0, 0), uint32(begin+body.Size()-pixels))
	d.Put(h.Append(head, h.Height, pixels))
	d.Append(body)
	d.Put(clean)
	return d, nil
}

// rebuild returns the profile of the source, rebuilt, or nil; then the header says sRGB if it
// spoke of a profile.
func rebuild(d *container.Draft, src container.Source, spans []container.Span, h *dib.Header) ([]byte, error) {
	if h.Space != dib.Embedded && h.Space != dib.Linked {
		return nil, nil
	}
	for _, s := range spans {
		if s.Tag == tagICC {
			b, err := container.ReadPayload(src, s.Off, s.Len)
			if err != nil {
				return nil, err
			}
			return profile.Rebuild(d, b)
		}
	}
	h.Space = dib.SRGB
	d.Note("profile-dropped")
	return nil, nil
}
