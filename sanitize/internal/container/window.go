package container

import "io"

// A Window reads a Source through one buffer of fixed size, mostly forwards. What it returns
// is valid until the next call.
type Window struct {
	src Source
	buf []byte
	off int64 // where buf begins in src
}

// WindowSize is the size of the buffer, and so the most that Bytes can return.
const WindowSize = 128 << 10

// NewWindow returns a Window on src.
func NewWindow(src Source) *Window {
	return &Window{src: src, buf: make([]byte, 0, min(max(src.Size(), 16), WindowSize))}
}

// Size is the size of the source.
func (w *Window) Size() int64 { return w.src.Size() }

// A mediaKnower is a Source that was made from one which has been mapped before.
type mediaKnower interface {
	// KnownMedia returns how many bytes from off on are a range of one Media span of the
	// mapped source, 0 when none are.
	KnownMedia(off int64) int64
}

// KnownMedia returns how many bytes from off on need no second look, because they are a range
// of what this format has found to be media before.
func (w *Window) KnownMedia(off int64) int64 {
	if k, ok := w.src.(mediaKnower); ok {
		return k.KnownMedia(off)
	}
	return 0
}

// Bytes returns the n bytes at off. Past the end of the source it returns io.EOF.
func (w *Window) Bytes(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || int64(n) > w.src.Size()-off {
		return nil, io.EOF
	}
	if off < w.off || off+int64(n) > w.off+int64(len(w.buf)) {
		if err := w.fill(off, n); err != nil {
			return nil, err
		}
	}
	at := off - w.off
	return w.buf[at : at+int64(n)], nil
}

// From returns as many bytes from off as are at hand: at least the given number, at most
// WindowSize of which can be asked for, or all up to the end of the source if those are fewer.
func (w *Window) From(off int64, least int) ([]byte, error) {
	if off >= w.src.Size() {
		return nil, nil
	}
	least = int(min(int64(least), w.src.Size()-off))
	if _, err := w.Bytes(off, least); err != nil {
		return nil, err
	}
	return w.buf[off-w.off:], nil
}

func (w *Window) fill(off int64, need int) error {
	n := min(w.src.Size()-off, int64(cap(w.buf)))
	if int64(need) > n {
		return io.ErrShortBuffer
	}
	w.buf, w.off = w.buf[:0], off
	got, err := w.src.ReadAt(w.buf[:n], off)
	if int64(got) < n {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF // the file has become shorter since its size was taken
		}
		return err
	}
	w.buf = w.buf[:n]
	return nil
}

// ReadPayload reads the n bytes at off into memory of their own. More than MaxPayload is a
// Feature, past the end of the source is io.EOF.
func ReadPayload(src Source, off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || n > src.Size()-off {
		return nil, io.EOF
	}
	if n > MaxPayload {
		return nil, &Feature{Name: "a single part of more than 4 MiB"}
	}
	b := make([]byte, n)
	if got, err := src.ReadAt(b, off); int64(got) < n {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return b, nil
}
