package container_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// noise is a file in which no two places look the same.
func noise(n int) []byte {
	b := make([]byte, n)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return b
}

// Whatever the order of the questions, the answers are those of the file.
func TestWindow(t *testing.T) {
	all := noise(3*container.WindowSize + 17)
	w := container.NewWindow(bytes.NewReader(all))
	if w.Size() != int64(len(all)) {
		t.Fatalf("Size is %d", w.Size())
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		off, n := random.IntN(len(all)), random.IntN(1<<random.IntN(18))
		if random.IntN(4) == 0 {
			got, err := w.From(int64(off), n)
			if err != nil || len(got) < min(n, len(all)-off) || !bytes.HasPrefix(all[off:], got) {
				t.Fatalf("From(%d, %d) gives %d bytes, %v", off, n, len(got), err)
			}
			continue
		}
		got, err := w.Bytes(int64(off), n)
		if n > len(all)-off {
			if err != io.EOF {
				t.Fatalf("Bytes(%d, %d) past the end: %v", off, n, err)
			}
		} else if err != nil || !bytes.Equal(got, all[off:off+n]) {
			t.Fatalf("Bytes(%d, %d) gives %d bytes, %v", off, n, len(got), err)
		}
	}
}

func TestWindowLimits(t *testing.T) {
	all := noise(2 * container.WindowSize)
	w := container.NewWindow(bytes.NewReader(all))
	if b, err := w.Bytes(5, container.WindowSize); err != nil || len(b) != container.WindowSize {
		t.Errorf("a whole window: %d bytes, %v", len(b), err)
	}
	if _, err := w.Bytes(5, container.WindowSize+1); !errors.Is(err, io.ErrShortBuffer) {
		t.Errorf("more than a window: %v", err)
	}
	for _, place := range [][2]int64{{-1, 1}, {0, -1}, {int64(len(all)), 1}, {1 << 62, 1}, {1<<63 - 1, 1}} {
		if _, err := w.Bytes(place[0], int(place[1])); err != io.EOF {
			t.Errorf("Bytes(%d, %d): %v", place[0], place[1], err)
		}
	}
	if b, err := w.From(int64(len(all)), 3); len(b) != 0 || err != nil {
		t.Errorf("From the end: %d bytes, %v", len(b), err)
	}
	empty := container.NewWindow(strings.NewReader(""))
	if b, err := empty.From(0, 3); len(b) != 0 || err != nil {
		t.Errorf("From of nothing: %d bytes, %v", len(b), err)
	}
	if _, err := empty.Bytes(0, 1); err != io.EOF {
		t.Errorf("Bytes of nothing: %v", err)
	}
}

// A file that has become shorter is no file that ends: that would be a verdict about it.
func TestWindowOfShrunkFile(t *testing.T) {
	src := shrunk{strings.NewReader("short"), 100}
	if _, err := container.NewWindow(src).Bytes(0, 50); err != io.ErrUnexpectedEOF {
		t.Errorf("Window: %v", err)
	}
	if _, err := container.ReadPayload(src, 0, 50); err != io.ErrUnexpectedEOF {
		t.Errorf("ReadPayload: %v", err)
	}
	w := container.NewWindow(src)
	for range 2 { // a failed read must not leave a buffer that looks filled
		if _, err := w.Bytes(2, 10); err != io.ErrUnexpectedEOF {
			t.Errorf("again: %v", err)
		}
	}
}

type shrunk struct {
	*strings.Reader
	size int64
}

func (s shrunk) Size() int64 { return s.size }

func TestReadPayload(t *testing.T) {
	src := strings.NewReader(alphabet)
	for _, test := range []struct {
		off, n int64
		want   string
		err    error
	}{
		{0, 26, alphabet, nil}, {3, 2, "de", nil}, {26, 0, "", nil}, {25, 2, "", io.EOF},
		{-1, 2, "", io.EOF}, {0, -1, "", io.EOF}, {1 << 62, 1, "", io.EOF},
	} {
		b, err := container.ReadPayload(src, test.off, test.n)
		if string(b) != test.want || err != test.err {
			t.Errorf("ReadPayload(%d, %d) = %q, %v", test.off, test.n, b, err)
		}
	}
	var f *container.Feature
	if _, err := container.ReadPayload(bytes.NewReader(make([]byte, container.MaxPayload+1)), 0, container.MaxPayload+1); !errors.As(err, &f) {
		t.Errorf("more than MaxPayload: %v", err)
	}
}
