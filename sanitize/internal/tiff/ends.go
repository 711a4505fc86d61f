package tiff

import (
	"compress/zlib"
	"errors"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// A finder says how many bytes of a compressed strip a decoder reads that wants size bytes
// of it; 0 when that cannot be told, as for a stream that is damaged. What stands behind is
// no part of the picture.
type finder func(f *file, e extent, size int64) (int64, error)

// ends are the compressions of which the end can be found without much ado. The others have
// no room behind theirs in any file that a usual program writes.
var ends = map[uint64]finder{
	5: (*file).endLZW, 8: (*file).endZlib, 32946: (*file).endZlib, 32773: (*file).endPackBits, 50000: (*file).endZstandard,
}

// trim takes from a strip what stands behind the end of its stream.
func (f *file) trim(p *page, number uint64, e extent) (extent, error) {
	find, ok := ends[p.shape.compression]
	if !ok || p.shape.reversed || e.n == 0 {
		return e, nil
	}
	if k, ok := f.src.(interface{ KnownMedia(off int64) int64 }); ok {
		if known := k.KnownMedia(e.off); known > 0 {
			e.n = min(e.n, known) // it has been looked at when the source was mapped
			return e, nil
		}
	}
	n, err := find(f, e, p.shape.size(number))
	if n > 0 {
		e.n = min(e.n, n)
	}
	return e, err
}

// A feed reads a range byte by byte.
type feed struct {
	f       *file
	buf     []byte
	off     int64 // behind buf
	end     int64
	failure error // anything but the end of the range
}

func (f *file) feed(e extent) *feed {
	if f.window == nil {
		f.window = container.NewWindow(f.src)
	}
	return &feed{f: f, off: e.off, end: e.end()}
}

// at is the place of the next byte.
func (r *feed) at() int64 { return r.off - int64(len(r.buf)) }

func (r *feed) fill() error {
	if len(r.buf) > 0 {
		return nil
	}
	if r.off == r.end {
		return io.EOF
	}
	if r.failure = r.f.ctx.Err(); r.failure != nil {
		return r.failure
	}
	b, err := r.f.window.From(r.off, 1)
	if err != nil {
		r.failure = err
		return err
	}
	r.buf = b[:min(int64(len(b)), r.end-r.off)]
	r.off += int64(len(r.buf))
	return nil
}

// ReadByte makes a decompressor read no byte more than it needs.
func (r *feed) ReadByte() (byte, error) {
	if err := r.fill(); err != nil {
		return 0, err
	}
	b := r.buf[0]
	r.buf = r.buf[1:]
	return b, nil
}

// Read reads as io.Reader.
func (r *feed) Read(b []byte) (int, error) {
	if err := r.fill(); err != nil {
		return 0, err
	}
	n := copy(b, r.buf)
	r.buf = r.buf[n:]
	return n, nil
}

// skip passes over n bytes.
func (r *feed) skip(n int64) error {
	if n > r.end-r.at() {
		return io.EOF
	}
	if n <= int64(len(r.buf)) {
		r.buf = r.buf[n:]
		return nil
	}
	r.off, r.buf = r.at()+n, nil
	return nil
}

// endZlib finds the end of a zlib stream (RFC 1950), checksum and all. It never inflates more
// than the strip holds.
func (f *file) endZlib(e extent, size int64) (int64, error) {
	r := f.feed(e)
	var err error
	if f.zlib == nil {
		f.zlib, err = zlib.NewReader(r)
	} else {
		err = f.zlib.(zlib.Resetter).Reset(r, nil)
	}
	if err != nil {
		f.zlib = nil
		return 0, r.failure
	}
	if _, err = io.CopyN(io.Discard, f.zlib, size+1); !errors.Is(err, io.EOF) {
		return 0, r.failure // damaged, or longer than the strip
	}
	return r.at() - e.off, r.failure
}

// endPackBits finds the end of runs (TIFF 6.0 section 9), which have no mark of their own.
func (f *file) endPackBits(e extent, size int64) (int64, error) {
	r := f.feed(e)
	for done := int64(0); done < size; {
		n, err := r.ReadByte()
		if err != nil {
			return 0, r.failure
		}
		switch {
		case n < 128:
			err = r.skip(int64(n) + 1)
			done += int64(n) + 1
		case n > 128:
			err = r.skip(1)
			done += 257 - int64(n)
		}
		if err != nil {
			return 0, r.failure
		}
	}
	return r.at() - e.off, nil
}

// Codes of LZW that are no text.
const (
	lzwClear = 256
	lzwEnd   = 257
	lzwFirst = 258
)

// endLZW finds the end of codes (TIFF 6.0 section 13) by counting what each stands for.
func (f *file) endLZW(e extent, size int64) (int64, error) {
	r := f.feed(e)
	var bits, have uint
	var lengths [4096]int32 // of what a code stands for
	for i := range lzwClear {
		lengths[i] = 1
	}
	width, next, last := uint(9), lzwFirst, -1
	full := int64(0) // where decoders have what they want, which the end code should follow
	for done := int64(0); ; {
		for have < width {
			b, err := r.ReadByte()
			if err != nil {
				return full, r.failure
			}
			bits, have = bits<<8|uint(b), have+8
		}
		code := int(bits >> (have - width) & (1<<width - 1))
		switch have -= width; {
		case code == lzwEnd:
			return r.at() - e.off, nil
		case full > 0 && code != lzwClear:
			return full, nil
		case code == lzwClear:
			width, next, last = 9, lzwFirst, -1
			continue
		case code > next || code == next && last < 0 || last >= 0 && next > 4094:
			return 0, nil // damaged, or of an old kind
		}
		if last >= 0 {
			lengths[next] = lengths[last] + 1
			if next++; next == 511 || next == 1023 || next == 2047 {
				width++
			}
		}
		if last = code; code >= next {
			return 0, nil
		}
		if done += int64(lengths[code]); done >= size {
			full = r.at() - e.off - int64(have/8)
		}
	}
}

// endZstandard finds the end of a frame (RFC 8878 section 3.1) by the sizes of its blocks.
func (f *file) endZstandard(e extent, _ int64) (int64, error) {
	r := f.feed(e)
	head := make([]byte, 5)
	if _, err := io.ReadFull(r, head); err != nil || string(head[:4]) != "\x28\xB5\x2F\xFD" {
		return 0, r.failure
	}
	flags := head[4]
	n := []int64{0, 1, 2, 4}[flags&3] + []int64{0, 2, 4, 8}[flags>>6] // dictionary, content size
	if single := flags&0x20 != 0; !single {
		n++ // window
	} else if flags>>6 == 0 {
		n++
	}
	if r.skip(n) != nil {
		return 0, r.failure
	}
	for last := false; !last; {
		if _, err := io.ReadFull(r, head[:3]); err != nil {
			return 0, r.failure
		}
		block := int64(head[0]) | int64(head[1])<<8 | int64(head[2])<<16
		last = block&1 != 0
		if n = block >> 3; block>>1&3 == 1 {
			n = 1 // one byte, repeated
		}
		if r.skip(n) != nil {
			return 0, r.failure
		}
	}
	if flags&4 != 0 && r.skip(4) != nil {
		return 0, r.failure
	}
	return r.at() - e.off, nil
}
