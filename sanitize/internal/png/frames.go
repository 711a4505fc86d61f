package png

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// A frame is one zlib stream: the picture, or one picture of an animation.
type frame struct {
	parts []int // chunks
	raw   int64 // bytes that it should inflate to
}

// surveyControl reads an acTL, the first good one of which makes the file an animation.
func (m *mapper) surveyControl(i int) error {
	c := m.chunks[i]
	if c.n != 8 {
		return nil
	}
	b, ok, err := m.payload(c)
	if err != nil || !ok {
		return err
	}
	if n := binary.BigEndian.Uint32(b); n > 0 && n <= 1<<31-1 {
		m.animated, m.control, m.frameCount = true, i, int64(n)
	}
	return nil
}

// A control is what an fcTL says.
type control struct{ width, height uint32 }

// readControl reads an fcTL (clause 11.3.6.2). That of the default image covers all of it.
func (m *mapper) readControl(c chunk, whole bool) (control, error) {
	if c.n != 26 {
		return control{}, malformed(c.off, "a frame control of the wrong length")
	}
	b, ok, err := m.payload(c)
	if err != nil {
		return control{}, err
	}
	number := func(at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
	w, h, x, y := number(4), number(8), number(12), number(16)
	switch {
	case !ok:
		return control{}, badSum(c)
	case w == 0, h == 0, uint64(w)+uint64(x) > uint64(m.header.width), uint64(h)+uint64(y) > uint64(m.header.height):
		return control{}, malformed(c.off, "a frame outside of the picture")
	case b[24] > 2, b[25] > 1:
		return control{}, malformed(c.off, "a frame that is shown in a way that is not defined")
	case whole && (w != m.header.width || h != m.header.height || x != 0 || y != 0):
		return control{}, malformed(c.off, "a first frame smaller than the picture")
	}
	return control{w, h}, nil
}

// frames finds out which chunks belong to which picture, and which frames of an animation
// viewers come to: as many as acTL says. What lies behind them goes.
func (m *mapper) frames() ([]frame, error) {
	all := []frame{{raw: m.header.rawSize(m.header.width, m.header.height)}}
	left, current := m.frameCount, 0
	for i, c := range m.chunks {
		switch {
		case c.typ == "IDAT":
			all[0].parts = append(all[0].parts, i)
		case !m.animated:
		case c.typ == "fcTL":
			if left--; left < 0 {
				continue
			}
			control, err := m.readControl(c, i < m.image)
			if err != nil {
				return nil, err
			}
			m.keep[i] = c.n
			if i < m.image {
				if !m.seen.first("first-control") {
					return nil, malformed(c.off, "two frame controls before the picture")
				}
				continue
			}
			all = append(all, frame{raw: m.header.rawSize(control.width, control.height)})
			current = len(all) - 1
		case c.typ == "fdAT" && left >= 0:
			if current == 0 || c.n < 4 {
				return nil, malformed(c.off, "frame data without a frame")
			}
			all[current].parts = append(all[current].parts, i)
		}
	}
	return all, nil
}

// body is where the picture data of a chunk begins, and how much of it there is.
func (c chunk) body() (off, n int64) {
	if c.typ == "fdAT" {
		return c.data() + 4, c.n - 4
	}
	return c.data(), c.n
}

// walk finds the end of the zlib stream of a frame and keeps what stands before it.
func (m *mapper) walk(f frame) error {
	if len(f.parts) == 0 {
		return nil // an animation that breaks off; viewers show the frames before
	}
	used, err := m.streamLength(f)
	if err != nil {
		return err
	}
	for _, i := range f.parts {
		_, n := m.chunks[i].body()
		n = min(n, used)
		if used -= n; n == 0 {
			continue
		}
		if err := m.checkSum(m.chunks[i]); err != nil {
			return err
		}
		m.keep[i] = n
	}
	return nil
}

// streamLength is how many bytes of a frame are its zlib stream.
func (m *mapper) streamLength(f frame) (int64, error) {
	total, known := int64(0), true
	for _, i := range f.parts {
		off, n := m.chunks[i].body()
		total += n
		known = known && (n == 0 || m.w.KnownMedia(off) >= n)
	}
	first := m.chunks[f.parts[0]].off
	if known && total > 0 {
		return total, nil
	}
	s := &stream{m: m, parts: f.parts}
	w := newWalker(s.next)
	err := w.walk()
	switch {
	case errors.Is(err, errDeflate):
		return 0, malformed(first, errDeflate.Error())
	case w.out > f.raw:
		return 0, &container.Feature{Name: "picture data of more rows than the picture has"}
	case errors.Is(err, errShort) && w.out == f.raw:
		return total, nil // all is there but the checksum, which decoders do not ask for
	case errors.Is(err, errShort):
		return 0, &container.Malformed{Off: first, What: errShort.Error(), CutOff: true}
	case err != nil:
		return 0, err
	}
	return w.used(), nil
}

// A stream reads the picture data of several chunks as one.
type stream struct {
	m     *mapper
	parts []int
	at    int64 // in the first of them
}

func (s *stream) next() ([]byte, error) {
	for len(s.parts) > 0 {
		if err := s.m.ctx.Err(); err != nil {
			return nil, err
		}
		off, n := s.m.chunks[s.parts[0]].body()
		if n -= s.at; n > 0 {
			b, err := s.m.w.Bytes(off+s.at, int(min(n, container.WindowSize)))
			s.at += int64(len(b))
			return b, err
		}
		s.parts, s.at = s.parts[1:], 0
	}
	return nil, io.EOF
}

// checkSum compares the checksum of a chunk of any length.
func (m *mapper) checkSum(c chunk) error {
	sum, err := sumRange(m.ctx, m.w, 0, c.off+4, 4+c.n)
	if err != nil {
		return err
	}
	b, err := m.w.Bytes(c.end()-4, 4)
	if err != nil {
		return err
	}
	if binary.BigEndian.Uint32(b) != sum {
		return badSum(c)
	}
	return nil
}

// sumRange adds n bytes at off to a checksum.
func sumRange(ctx context.Context, w *container.Window, sum uint32, off, n int64) (uint32, error) {
	for n > 0 {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		b, err := w.Bytes(off, int(min(n, container.WindowSize)))
		if err != nil {
			return 0, err
		}
		sum = crc32.Update(sum, crc32.IEEETable, b)
		off += int64(len(b))
		n -= int64(len(b))
	}
	return sum, nil
}
