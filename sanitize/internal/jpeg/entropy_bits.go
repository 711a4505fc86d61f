package jpeg

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/bits"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// lookBits is how many bits of a code are looked up at once.
const lookBits = 11

// A code is what one Huffman code stands for, in one word so that a lookup costs one load.
//
//	bits  0-5   length of the code and of the value bits behind it
//	bits  8-15  how many coefficients of a sequential block it covers
//	bits 16-23  the symbol
//	bits 24-28  length of the code; 0 says that there is no such code
type code uint32

// What bits 8-15 say beside a number of coefficients up to 16. Added to an index below 64
// they leave it in a range of its own.
const (
	endOfBlock = 128
	noSymbol   = 255
)

func (c code) length() int { return int(c & 63) }
func (c code) covers() int { return int(c >> 8 & 255) }
func (c code) symbol() int { return int(c >> 16 & 255) }
func (c code) prefix() int { return int(c >> 24) }

func newCode(length, symbol int, dc bool) code {
	run, size := symbol>>4, symbol&15
	covers := run + 1
	switch {
	case dc && symbol > 15: // more bits than a difference can have
		covers = noSymbol
	case size > 0, run == 15:
	case run == 0:
		covers = endOfBlock
	default:
		covers = noSymbol
	}
	return code(length<<24 | symbol<<16 | covers<<8 | (length + size))
}

// A huffman is a table made ready for decoding, T.81 annexes C and F.2.2.3.
type huffman struct {
	look  [1 << lookBits]code
	many  [1 << lookBits]code // see join
	long  []code              // codes longer than lookBits, in their order
	above [17]uint32          // by length: the first 16-bit pattern behind its codes
	first [17]uint32          // by length: its first code, left-aligned in 16 bits
	index [17]int             // by length: where its codes begin in long
}

// newHuffman reads a table as in its segment, from the 16 counts on. It returns nil when the
// table is wrong.
func newHuffman(b []byte, dc bool) *huffman {
	if len(b) < 16 {
		return nil
	}
	h := new(huffman)
	counts, symbols := b[:16], b[16:]
	next := uint32(0) // the next code, left-aligned in 16 bits
	for i, count := range counts {
		n := i + 1
		h.first[n], h.index[n] = next, len(h.long)
		step := uint32(1) << (16 - n)
		for range count {
			if len(symbols) == 0 || next+step > 1<<16 {
				return nil
			}
			h.add(next, newCode(n, int(symbols[0]), dc))
			next, symbols = next+step, symbols[1:]
		}
		h.above[n] = next
	}
	return h
}

// join fills many, for the AC table of a sequential scan: to each code it adds those that
// the rest of the bits hold, up to an end of block. Most blocks then take a lookup or two.
func (h *huffman) join() {
	for i, c := range h.look {
		length, covers := c.length(), c.covers()
		for covers < 64 && length < lookBits {
			next := h.look[i<<length&(1<<lookBits-1)]
			if next == 0 || length+next.prefix() > lookBits || next.covers() == noSymbol {
				break
			}
			length, covers = length+next.length(), covers+next.covers()
		}
		h.many[i] = code(covers<<8 | length)
	}
}

func (h *huffman) add(pattern uint32, c code) {
	if c.prefix() > lookBits {
		h.long = append(h.long, c)
		return
	}
	at := pattern >> (16 - lookBits)
	for i := range uint32(1) << (lookBits - c.prefix()) {
		h.look[at+i] = c
	}
}

// longCode finds a code of more than lookBits; 0 when there is none.
func (h *huffman) longCode(acc uint64) code {
	pattern := uint32(acc >> 48)
	for n := lookBits + 1; n <= 16; n++ {
		if pattern < h.above[n] {
			return h.long[h.index[n]+int((pattern-h.first[n])>>(16-n))]
		}
	}
	return 0
}

// fetchAhead is how many bytes at least are at hand after fetch, or all that there are.
// fetchBehind is how many of those read before stay: twice what acc holds, for back.
const (
	fetchAhead  = 64
	fetchBehind = 16
)

// A bitReader gives the bits of entropy-coded data, without stuffed bytes, up to a marker.
type bitReader struct {
	ctx  context.Context
	w    *container.Window
	buf  []byte
	at   int    // the next byte of buf
	off  int64  // where buf begins in the source
	end  int64  // where the data ends
	acc  uint64 // bits at hand, the next one on top
	n    int    // how many of them count; below zero when more were taken than there were
	stop bool   // a marker or the end follows: nothing more comes, zeros are read
	err  error
}

// fetch sees to it that bytes are at hand.
func (r *bitReader) fetch() bool {
	if len(r.buf)-r.at >= fetchAhead || r.off+int64(len(r.buf)) >= r.end {
		return true
	}
	if r.err = r.ctx.Err(); r.err != nil {
		r.stop = true
		return false
	}
	keep := min(r.at, fetchBehind)
	off := r.off + int64(r.at-keep)
	b, err := r.w.From(off, int(min(r.end-off, fetchAhead+fetchBehind)))
	if err != nil {
		r.err, r.stop = err, true
		return false
	}
	r.buf, r.off, r.at = b[:min(int64(len(b)), r.end-off)], off, keep
	return true
}

// fill adds bits to acc, until more than 48 are at hand or no more come.
func (r *bitReader) fill(acc uint64, n int) (uint64, int) {
	if r.at+8 <= len(r.buf) {
		x := binary.BigEndian.Uint64(r.buf[r.at:])
		if noFF(x) && !r.stop {
			// The bits beyond n are those of the next byte, which will be put there again.
			r.at += (63 - n) >> 3
			return acc | x>>(n&63), n | 56
		}
	}
	return r.fillSlowly(acc, n)
}

// noFF reports whether no byte of x is 0xFF.
func noFF(x uint64) bool {
	return (^x-0x0101010101010101)&x&0x8080808080808080 == 0
}

func (r *bitReader) fillSlowly(acc uint64, n int) (uint64, int) {
	if r.stop || !r.fetch() {
		return acc, n
	}
	for n <= 56 {
		if r.at == len(r.buf) {
			r.stop = true
			break
		}
		b, size := r.buf[r.at], 1
		if b == 0xFF {
			if r.at+1 == len(r.buf) || r.buf[r.at+1] != 0 {
				r.stop = true
				break
			}
			size = 2
		}
		r.at += size
		acc |= uint64(b) << (56 - n)
		n += 8
	}
	return acc, n
}

// need sees to it that 32 bits are at hand, zeros behind the last one.
func (r *bitReader) need() {
	if r.n < 32 {
		r.acc, r.n = r.fill(r.acc, r.n)
	}
}

// next takes a code without the value bits behind it; 0 when there is none.
func (r *bitReader) next(h *huffman) code {
	r.need()
	c := h.look[r.acc>>(64-lookBits)]
	if c == 0 {
		c = h.longCode(r.acc)
	}
	r.skip(c.prefix())
	return c
}

// take takes up to 16 bits, which next or need has brought.
func (r *bitReader) take(n int) int {
	v := int(r.acc >> (64 - n) & (1<<16 - 1))
	r.skip(n)
	return v
}

func (r *bitReader) skip(n int) { r.acc, r.n = r.acc<<n, r.n-n }

// skipMany skips up to 64 bits.
func (r *bitReader) skipMany(n int) {
	if n > r.n {
		half := n / 2
		r.need()
		r.skip(half)
		r.need()
		n -= half
	}
	r.skip(n)
}

// back ends the bits and gives back the whole bytes that were not taken. It returns the
// offset behind the last one that was, its stuffed 0x00 included.
func (r *bitReader) back() int64 {
	for ; r.n >= 8; r.n -= 8 {
		if r.at--; r.at > 0 && r.buf[r.at] == 0 && r.buf[r.at-1] == 0xFF {
			r.at--
		}
	}
	r.acc, r.n, r.stop = 0, 0, false
	return r.off + int64(r.at)
}

// marker goes to the next marker behind stuffed and fill bytes and takes it. It returns its
// offset, or a marker of 0 when there is none.
func (r *bitReader) marker() (off int64, marker byte) {
	for r.fetch() && r.at < len(r.buf) {
		i := bytes.IndexByte(r.buf[r.at:], 0xFF)
		if i < 0 {
			r.at = len(r.buf)
			continue
		}
		if r.at += i; !r.fetch() || r.at+1 == len(r.buf) {
			break
		}
		switch b := r.buf[r.at+1]; b {
		case 0:
			r.at += 2
		case 0xFF:
			r.at++
		default:
			r.at += 2
			return r.off + int64(r.at-2), b
		}
	}
	return 0, 0
}

// between returns how many bits of mask are set from bit low to bit high, both included.
func between(mask uint64, low, high int) int {
	return bits.OnesCount64(mask >> low << (low + 63 - high))
}
