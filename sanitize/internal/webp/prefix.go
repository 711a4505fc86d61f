package webp

import (
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// A bitReader reads the bits of a lossless stream, the least significant of a byte first.
type bitReader struct {
	w        *container.Window
	off, end int64 // what is not in buf yet
	buf      []byte
	acc      uint64
	have     uint  // bits in acc
	past     int64 // bits that were read behind the end
	err      error // of the source
}

// fill takes at least 32 bits into acc. Behind the end there are zeros, which are counted.
func (r *bitReader) fill() {
	for r.have <= 56 {
		if len(r.buf) == 0 && !r.more() {
			r.past += int64(64 - r.have)
			r.have = 64
			return
		}
		r.acc |= uint64(r.buf[0]) << r.have
		r.buf = r.buf[1:]
		r.have += 8
	}
}

func (r *bitReader) more() bool {
	if r.off >= r.end || r.err != nil {
		return false
	}
	b, err := r.w.From(r.off, 1)
	if err != nil {
		r.err = err
		return false
	}
	r.buf = b[:min(int64(len(b)), r.end-r.off)]
	r.off += int64(len(r.buf))
	return true
}

// bits reads n bits, at most 24.
func (r *bitReader) bits(n uint) int {
	if r.have < n {
		r.fill()
	}
	v := int(r.acc & (1<<n - 1))
	r.acc >>= n
	r.have -= n
	return v
}

// ended reports whether bits were used that are not there.
func (r *bitReader) ended() bool { return r.past > int64(r.have) }

// at is how many bytes behind the one that holds the last bit are left.
func (r *bitReader) left() int64 {
	return r.end - r.off + int64(len(r.buf)) + (int64(r.have)-r.past)/8
}

// prefixLut is how many bits of a code are looked up at once.
const prefixLut = 8

// A prefixCode is a canonical prefix code, RFC 9649 section 3.7.2.
type prefixCode struct {
	single bool // there is one symbol, and it takes no bits
	lut    []uint16
	counts [16]uint16 // codes by length
	syms   []uint16   // by length, then by value
}

// newPrefixCode makes a code from the length of each symbol. It reports false unless the
// code is complete or of one symbol.
func newPrefixCode(lengths []uint8) (prefixCode, bool) {
	var c prefixCode
	used := 0
	for _, n := range lengths {
		c.counts[n]++
		if n > 0 {
			used++
		}
	}
	c.counts[0] = 0
	var at [17]uint16
	for n := 1; n < 16; n++ {
		at[n+1] = at[n] + c.counts[n]
	}
	c.syms = make([]uint16, used)
	for sym, n := range lengths {
		if n > 0 {
			c.syms[at[n]] = uint16(sym)
			at[n]++
		}
	}
	if c.single = used == 1; c.single {
		return c, true
	}
	open := 1
	for _, n := range c.counts[1:] {
		if open = open*2 - int(n); open < 0 {
			return c, false
		}
	}
	c.index()
	return c, open == 0 && used > 0
}

// index makes the table of short codes.
func (c *prefixCode) index() {
	c.lut = make([]uint16, 1<<prefixLut)
	code, next := 0, 0
	for n := 1; n <= prefixLut; n++ {
		for range c.counts[n] {
			if next == len(c.syms) || code >= 1<<n {
				return
			}
			for i := reverse(code, n); i < 1<<prefixLut; i += 1 << n {
				c.lut[i] = c.syms[next]<<4 | uint16(n)
			}
			code, next = code+1, next+1
		}
		code <<= 1
	}
}

func reverse(code, n int) (r int) {
	for range n {
		r, code = r<<1|code&1, code>>1
	}
	return r
}

// read reads one symbol.
func (c *prefixCode) read(r *bitReader) int {
	if c.single {
		return int(c.syms[0])
	}
	if r.have < 15 {
		r.fill()
	}
	if e := c.lut[r.acc&(1<<prefixLut-1)]; e != 0 {
		r.acc >>= e & 15
		r.have -= uint(e & 15)
		return int(e >> 4)
	}
	code, first, index := 0, 0, 0
	for n := 1; n < 16; n++ {
		code |= r.bits(1)
		count := int(c.counts[n])
		if code-first < count {
			return int(c.syms[index+code-first])
		}
		index, first, code = index+count, (first+count)<<1, code<<1
	}
	return 0 // a complete code has no such bits
}

// lengthOrder is the order in which the lengths of the code of lengths stand.
var lengthOrder = [19]int{17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

// readPrefixCode reads a code of up to the given number of symbols.
func readPrefixCode(r *bitReader, symbols int) (prefixCode, bool) {
	lengths := make([]uint8, symbols)
	if r.bits(1) == 1 { // one or two symbols
		two, wide := r.bits(1), r.bits(1)
		first := r.bits(uint(1 + 7*wide))
		second := first
		if two == 1 {
			second = r.bits(8)
		}
		if first >= symbols || second >= symbols {
			return prefixCode{}, false
		}
		lengths[first], lengths[second] = 1, 1
		return newPrefixCode(lengths)
	}
	var small [19]uint8
	for _, i := range lengthOrder[:4+r.bits(4)] {
		small[i] = uint8(r.bits(3))
	}
	code, ok := newPrefixCode(small[:])
	if !ok || !readLengths(r, &code, lengths) {
		return prefixCode{}, false
	}
	return newPrefixCode(lengths)
}

// readLengths reads lengths that are themselves coded.
func readLengths(r *bitReader, code *prefixCode, lengths []uint8) bool {
	most := len(lengths)
	if r.bits(1) == 1 {
		most = 2 + r.bits(uint(2+2*r.bits(3)))
		if most > len(lengths) {
			return false
		}
	}
	last := uint8(8)
	for i := 0; i < len(lengths) && most > 0; most-- {
		n, fill := 1, uint8(0)
		switch sym := code.read(r); sym {
		case 16:
			n, fill = 3+r.bits(2), last
		case 17:
			n = 3 + r.bits(3)
		case 18:
			n = 11 + r.bits(7)
		default:
			if fill = uint8(sym); fill > 0 {
				last = fill
			}
		}
		if n > len(lengths)-i {
			return false
		}
		for range n {
			lengths[i] = fill
			i++
		}
	}
	return true
}
