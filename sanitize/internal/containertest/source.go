package containertest

import (
	"bytes"
	"errors"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

var errDisk = errors.New("the disk does not answer")

// A failingSource fails at one read and answers all others.
type failingSource struct {
	*bytes.Reader
	left int // reads up to and with the one that fails
}

func (s *failingSource) ReadAt(b []byte, off int64) (int, error) {
	if s.left--; s.left == 0 {
		return 0, errDisk
	}
	return s.Reader.ReadAt(b, off)
}

// A shrunkSource has fewer bytes than it says.
type shrunkSource struct {
	*bytes.Reader
	size int64
}

func (s *shrunkSource) Size() int64 { return s.size }

// A cancellingSource ends a context at one of its reads and counts those that follow.
type cancellingSource struct {
	container.Source
	cancel    func()
	at, after int
}

func (s *cancellingSource) ReadAt(b []byte, off int64) (int, error) {
	if s.at--; s.at == 0 {
		s.cancel()
	} else if s.at < 0 {
		s.after++
	}
	return s.Source.ReadAt(b, off)
}

// A Sparse is a file that stands in no memory: a head, a fill byte as often as it takes, and
// a tail.
type Sparse struct {
	Head, Tail []byte
	Fill       byte
	Length     int64
}

// Size is Length.
func (s *Sparse) Size() int64 { return s.Length }

// ReadAt reads as io.ReaderAt. It is never asked for what lies behind the end.
func (s *Sparse) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 || off+int64(len(b)) > s.Length {
		return 0, errors.New("a read past the end of the file")
	}
	if len(b) > 0 {
		b[0] = s.Fill
	}
	for n := 1; n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
	if off < int64(len(s.Head)) {
		copy(b, s.Head[off:])
	}
	if at := s.Length - int64(len(s.Tail)) - off; at < int64(len(b)) {
		if at >= 0 {
			copy(b[at:], s.Tail)
		} else {
			copy(b, s.Tail[-at:])
		}
	}
	return len(b), nil
}
