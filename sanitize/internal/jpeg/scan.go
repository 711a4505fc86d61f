package jpeg

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Markers, ITU-T T.81 table B.1.
const (
	tem  = 0x01
	sof0 = 0xC0
	sof3 = 0xC3
	dht  = 0xC4
	sof5 = 0xC5
	jpg  = 0xC8
	dac  = 0xCC
	rst0 = 0xD0
	rst7 = 0xD7
	soi  = 0xD8
	eoi  = 0xD9
	sos  = 0xDA
	dqt  = 0xDB
	dnl  = 0xDC
	dri  = 0xDD
	dhp  = 0xDE
	exp  = 0xDF
	app0 = 0xE0
	app1 = 0xE1
	app2 = 0xE2
	appD = 0xED
	appE = 0xEE
	appF = 0xEF
	jls  = 0xF7
	com  = 0xFE
)

// maxSegments is far above what a camera or an editor writes: a depth map of 16 MiB in
// extended XMP takes 250 segments.
const maxSegments = 8192

// kind is what a piece of the marker stream is.
type kind uint8

const (
	kindMarker  kind = iota // a marker without a length: SOI, EOI, TEM
	kindSegment             // a marker with a length and its payload
	kindEntropy             // entropy-coded data of a scan, RST markers among it
	kindFill                // 0xFF bytes before a marker (B.1.1.2)
	kindJunk                // bytes that belong to nothing, which decoders skip
)

// A part is one piece of the marker stream. Parts lie end to end.
type part struct {
	off, n int64
	kind   kind
	marker byte
}

// payload is where the bytes behind marker and length begin, and how many there are.
func (p part) payload() (off, n int64) { return p.off + 4, p.n - 4 }

// A picture is one JPEG stream, from its SOI to its EOI.
type picture struct {
	parts       []part
	end         int64 // behind the EOI
	lastScanEnd int64 // behind the last entropy-coded byte
}

func malformed(off int64, what string) *container.Malformed {
	return &container.Malformed{Off: off, What: what}
}

func ended(off int64) *container.Malformed {
	return &container.Malformed{Off: off, What: "the file ends before the picture does", CutOff: true}
}

func cutOff(err error) (*container.Malformed, bool) {
	var m *container.Malformed
	if errors.As(err, &m) && m.CutOff {
		return m, true
	}
	return nil, false
}

func firstError(m *container.Malformed, err error) error {
	if m != nil {
		return m
	}
	return err
}

type scanner struct {
	ctx context.Context
	w   *container.Window
	at  int64
	pic picture
}

// scanPicture reads the marker stream that begins with an SOI at off. When the file ends too
// early it returns what there is beside the error.
func scanPicture(ctx context.Context, w *container.Window, off int64) (*picture, error) {
	s := &scanner{ctx: ctx, w: w, at: off}
	if b, err := w.Bytes(off, 2); err == io.EOF {
		return nil, ended(off)
	} else if err != nil {
		return nil, err
	} else if b[0] != 0xFF || b[1] != soi {
		return nil, malformed(off, "no start of image")
	}
	s.take(kindMarker, soi, 2)
	for {
		if len(s.pic.parts) > maxSegments {
			return nil, &container.Feature{Name: "a JPEG of more than 8,192 segments"}
		}
		marker, err := s.next()
		if err != nil {
			return &s.pic, err
		}
		if marker == eoi {
			s.pic.end = s.at
			return &s.pic, nil
		}
	}
}

func (s *scanner) take(k kind, marker byte, n int64) {
	if n > 0 {
		s.pic.parts = append(s.pic.parts, part{off: s.at, n: n, kind: k, marker: marker})
		s.at += n
	}
}

// next takes the next marker with all that belongs to it.
func (s *scanner) next() (byte, error) {
	marker, err := s.seekMarker()
	if err != nil {
		return 0, err
	}
	switch {
	case marker == eoi:
		s.take(kindMarker, marker, 2)
		return marker, nil
	case marker == soi:
		return 0, malformed(s.at, "a second picture begins inside the first")
	case marker == tem, marker >= rst0 && marker <= rst7:
		s.take(kindJunk, 0, 2) // nothing to restart outside a scan
		return marker, nil
	case marker < sof0, marker == jpg, marker > appF && marker < com && marker != jls:
		return 0, malformed(s.at, "a marker that the standard reserves")
	}
	if err := s.segment(marker); err != nil || marker != sos {
		return marker, err
	}
	return marker, s.entropy()
}

// seekMarker goes to the next marker as decoders do: what is not 0xFF is skipped, then all
// 0xFF but the last, and 0xFF 0x00 is no marker. It leaves s.at on the marker.
func (s *scanner) seekMarker() (byte, error) {
	for {
		if err := s.run(kindJunk, func(b []byte) int { return bytes.IndexByte(b, 0xFF) }); err != nil {
			return 0, err
		}
		marker, err := s.fill()
		if err != nil || marker != 0 {
			return marker, err
		}
		s.take(kindJunk, 0, 2)
	}
}

// fill takes all 0xFF bytes at s.at but the last and returns the byte behind that.
func (s *scanner) fill() (byte, error) {
	err := s.run(kindFill, func(b []byte) int {
		for i := range b {
			if i+1 < len(b) && b[i+1] != 0xFF {
				return i
			}
		}
		return -1
	})
	if err != nil {
		return 0, err
	}
	b, err := s.w.Bytes(s.at, 2)
	if err != nil {
		return 0, s.eof(err)
	}
	return b[1], nil
}

// run takes bytes as k up to the one that find points at. A find that reports none sees the
// last byte at hand once more, beside its successor.
func (s *scanner) run(k kind, find func([]byte) int) error {
	for at := s.at; ; {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		b, err := s.w.From(at, 2)
		if err != nil {
			return err
		}
		if i := find(b); i >= 0 {
			s.take(k, 0, at+int64(i)-s.at)
			return nil
		}
		if at+int64(len(b)) >= s.w.Size() {
			return ended(s.w.Size())
		}
		at += int64(len(b) - 1)
	}
}

func (s *scanner) eof(err error) error {
	if err == io.EOF {
		return ended(s.w.Size())
	}
	return err
}

func (s *scanner) segment(marker byte) error {
	b, err := s.w.Bytes(s.at, 4)
	if err != nil {
		return s.eof(err)
	}
	n := int64(binary.BigEndian.Uint16(b[2:]))
	if n < 2 {
		return malformed(s.at, "a segment shorter than its own length field")
	}
	if n+2 > s.w.Size()-s.at {
		return &container.Malformed{Off: s.at, What: "a segment runs past the end of the file", CutOff: true}
	}
	s.take(kindSegment, marker, n+2)
	return nil
}

// entropy takes the entropy-coded data of a scan: up to a marker that is no RST. 0xFF bytes
// before that marker are fill and no part of it.
func (s *scanner) entropy() error {
	seen, err := s.known()
	if err != nil {
		return err
	}
	least := 2
	for at := s.at + seen; ; {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		b, err := s.w.From(at, least)
		if err != nil {
			return err
		}
		n, marker := entropyRun(b)
		at += int64(n)
		switch {
		case marker:
			s.take(kindEntropy, 0, at-s.at)
			s.pic.lastScanEnd = s.at
			return nil
		case at+int64(len(b)-n) >= s.w.Size():
			s.take(kindEntropy, 0, at-s.at)
			s.pic.lastScanEnd = s.at
			return ended(s.w.Size())
		case n > 0:
			least = 2
		case least == container.WindowSize:
			return &container.Feature{Name: "a run of more than 128 KiB of fill bytes"}
		default:
			least = container.WindowSize
		}
	}
}

// known returns how many bytes at s.at have been found to be entropy-coded data before. What
// begins with a marker is none: it is the segment behind a scan that is empty.
func (s *scanner) known() (int64, error) {
	b, err := s.w.From(s.at, 2)
	if n, _ := entropyRun(b); err != nil || n == 0 {
		return 0, err
	}
	return s.w.KnownMedia(s.at), nil
}

// entropyRun returns how many bytes of b are surely entropy-coded data, and whether a marker
// that ends it follows. It stops before a 0xFF whose successors it does not see.
func entropyRun(b []byte) (n int, done bool) {
	for {
		i := bytes.IndexByte(b[n:], 0xFF)
		if i < 0 {
			return len(b), false
		}
		n += i
		next := n + 1
		for next < len(b) && b[next] == 0xFF {
			next++
		}
		switch {
		case next == len(b):
			return n, false
		case b[next] == 0 || b[next] >= rst0 && b[next] <= rst7:
			n = next + 1
		default:
			return n, true
		}
	}
}
