package jpeg

import (
	"encoding/binary"
	"math/bits"
)

// A frame is what the header of a frame says about the blocks of its scans.
type frame struct {
	progressive bool
	baseline    bool
	components  []component
	across      int // MCUs of a scan of several components
	down        int
}

// A component has blocks of eight by eight samples.
type component struct {
	id      byte
	h, v    int // sampling factors: blocks in an MCU
	across  int // blocks in a scan of this component alone
	down    int
	nonzero []uint64 // by block: which coefficients a progressive scan has set
}

// newFrame reads the header of a Huffman-coded frame, T.81 B.2.2 and A.1.1. It returns nil
// for one whose scans are not walked.
func newFrame(marker byte, b []byte, height int) *frame {
	if len(b) < 6 || len(b) != 6+3*int(b[5]) || b[0] != 8 && b[0] != 12 {
		return nil
	}
	f := &frame{progressive: marker == sof0+2, baseline: marker == sof0}
	width := int(binary.BigEndian.Uint16(b[3:]))
	hMax, vMax := 1, 1
	for b := b[6:]; len(b) > 0; b = b[3:] {
		c := component{id: b[0], h: int(b[1] >> 4), v: int(b[1] & 15)}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || f.component(c.id) != nil {
			return nil
		}
		hMax, vMax = max(hMax, c.h), max(vMax, c.v)
		f.components = append(f.components, c)
	}
	f.across, f.down = ceil(width, 8*hMax), ceil(height, 8*vMax)
	for i := range f.components {
		c := &f.components[i]
		c.across, c.down = ceil(width*c.h, 8*hMax), ceil(height*c.v, 8*vMax)
	}
	return f
}

func ceil(a, b int) int { return (a + b - 1) / b }

func (f *frame) component(id byte) *component {
	for i := range f.components {
		if f.components[i].id == id {
			return &f.components[i]
		}
	}
	return nil
}

// blocks is how many blocks all components have.
func (f *frame) blocks() int {
	n := 0
	for _, c := range f.components {
		n += c.across * c.down
	}
	return n
}

// A scan is one scan on its walk.
type scan struct {
	bits     bitReader
	walk     func(s *scan, first, last int) bool // over the MCUs of a restart interval
	units    []unit                              // the blocks of an MCU
	mcus     int
	interval int
	low      int // bit position, the Al of T.81
	start    int // first and last coefficient
	end      int
	nonzero  []uint64
	excess   []extent
}

// A unit is a block of an MCU, by the tables that it is coded with.
type unit struct{ dc, ac *huffman }

// newScan reads the header of a scan, T.81 B.2.3 and G.1.1.1. It returns nil for one that is
// not walked.
func (f *frame) newScan(b []byte, tables *[2][4][]byte) *scan {
	if len(b) < 1 || b[0] < 1 || b[0] > 4 || len(b) != 4+2*int(b[0]) {
		return nil
	}
	n := int(b[0])
	tail := b[1+2*n:]
	s := &scan{start: int(tail[0]), end: int(tail[1]), low: int(tail[2] & 15)}
	high := int(tail[2] >> 4)
	var needs [2]bool
	switch {
	case f.baseline, !f.progressive && s.start == 0 && s.end == 63:
		s.walk, needs = (*scan).sequential, [2]bool{true, true} // decoders do not look at the rest
	case !f.progressive, s.low > 13, high != 0 && high != s.low+1:
		return nil
	case s.start == 0 && s.end == 0 && high == 0:
		s.walk, needs[0] = (*scan).dcFirst, true
	case s.start == 0 && s.end == 0:
		s.walk = (*scan).dcRefine
	case s.start == 0 || s.start > s.end || s.end > 63 || n != 1:
		return nil
	case high == 0:
		s.walk, needs[1] = (*scan).acFirst, true
	default:
		s.walk, needs[1] = (*scan).acRefine, true
	}
	if !s.setUnits(f, b[1:1+2*n], tables, needs) || needs == [2]bool{false, true} && !s.setMasks(f, b[1]) {
		return nil
	}
	return s
}

// setUnits lists the blocks of an MCU, T.81 A.2, from the components and tables that the
// header names.
func (s *scan) setUnits(f *frame, selectors []byte, tables *[2][4][]byte, needs [2]bool) bool {
	var ready [2][4]*huffman
	seen := make(map[byte]bool)
	for b := selectors; len(b) > 0; b = b[2:] {
		c := f.component(b[0])
		if c == nil || seen[c.id] {
			return false
		}
		seen[c.id] = true
		for class, id := range [2]byte{b[1] >> 4, b[1] & 15} {
			if id > 3 {
				return false
			}
			if !needs[class] || ready[class][id] != nil {
				continue
			}
			if ready[class][id] = newHuffman(tables[class][id], class == 0); ready[class][id] == nil {
				return false
			}
		}
		if needs == [2]bool{true, true} {
			ready[1][b[1]&15].join()
		}
		count := c.h * c.v
		s.mcus = f.across * f.down
		if len(selectors) == 2 {
			count, s.mcus = 1, c.across*c.down
		}
		for range count {
			s.units = append(s.units, unit{dc: ready[0][b[1]>>4], ac: ready[1][b[1]&15]})
		}
	}
	return len(s.units) <= 10 // T.81 B.2.3
}

// setMasks takes the component's record of coefficients, which refinement needs.
func (s *scan) setMasks(f *frame, id byte) bool {
	c := f.component(id)
	if c.nonzero == nil {
		if f.blocks() > maxBlocks {
			return false
		}
		c.nonzero = make([]uint64, c.across*c.down)
	}
	s.nonzero = c.nonzero
	return true
}

// run walks the scan, one restart interval after the other. It reports whether the data is
// whole and has no more than most extents in excess.
func (s *scan) run(most int) bool {
	interval := s.interval
	if interval == 0 {
		interval = s.mcus
	}
	end := s.bits.off
	for first, number := 0, byte(0); first < s.mcus; first += interval {
		if first > 0 {
			off, marker := s.bits.marker()
			if marker != rst0+number || !s.spare(end, off, most) {
				return false
			}
			number = (number + 1) & 7
		}
		if !s.walk(s, first, min(first+interval, s.mcus)) || s.bits.n < 0 || s.bits.err != nil {
			return false
		}
		end = s.bits.back()
	}
	return s.spare(end, s.bits.end, most)
}

// spare notes that the bytes from off to end belong to nothing.
func (s *scan) spare(off, end int64, most int) bool {
	if off < end {
		s.excess = append(s.excess, extent{off: off, n: end - off})
	}
	return len(s.excess) <= most
}

// sequential walks blocks of all coefficients, T.81 F.2.
func (s *scan) sequential(first, last int) bool {
	for range last - first {
		for i := range s.units {
			if !s.bits.block(s.units[i].dc, s.units[i].ac) {
				return false
			}
		}
	}
	return true
}

// block passes over a block of a sequential scan.
func (r *bitReader) block(dc, ac *huffman) bool {
	acc, n := r.acc, r.n
	if n < 32 {
		acc, n = r.fill(acc, n)
	}
	c := dc.look[acc>>(64-lookBits)]
	if c == 0 {
		c = dc.longCode(acc)
	}
	if c == 0 || c.covers() == noSymbol {
		return false
	}
	acc, n = acc<<c.length(), n-c.length()
	for k := 1; k < 64; {
		if n < 32 {
			acc, n = r.fill(acc, n)
		}
		c := ac.many[acc>>(64-lookBits)]
		next := k + c.covers()
		if c == 0 || next > 64 && uint(next-endOfBlock) >= 64 {
			// A long code, or codes of which the last ones are behind the block.
			if c = ac.look[acc>>(64-lookBits)]; c == 0 {
				c = ac.longCode(acc)
			}
			next = k + c.covers()
			if c == 0 || next > 64 && next>>6 != endOfBlock>>6 {
				return false
			}
		}
		acc, n, k = acc<<c.length(), n-c.length(), next
	}
	r.acc, r.n = acc, n
	return n >= 0
}

// dcFirst walks first scans of DC coefficients, T.81 G.1.2.1.
func (s *scan) dcFirst(first, last int) bool {
	for range last - first {
		for _, u := range s.units {
			c := s.bits.next(u.dc)
			if c == 0 || c.covers() == noSymbol || s.bits.n < c.symbol() {
				return false
			}
			s.bits.skip(c.symbol())
		}
	}
	return true
}

// dcRefine walks scans that add one bit to each DC coefficient.
func (s *scan) dcRefine(first, last int) bool {
	for left := int64(last-first) * int64(len(s.units)); left > 0 && s.bits.n >= 0; left -= 32 {
		s.bits.skipMany(int(min(left, 32)))
	}
	return true
}

// acFirst walks first scans of AC coefficients, T.81 G.1.2.2.
func (s *scan) acFirst(first, last int) bool {
	for at := first; at < last; {
		run, ok := s.acFirstBlock(&s.nonzero[at])
		if !ok {
			return false
		}
		at += 1 + run
	}
	return true
}

// acFirstBlock returns how many further blocks without coefficients follow.
func (s *scan) acFirstBlock(mask *uint64) (run int, ok bool) {
	r := &s.bits
	k := s.start
	for k <= s.end {
		c := r.next(s.units[0].ac)
		if c == 0 || r.n < 0 {
			return 0, false
		}
		zeros, size := c.symbol()>>4, c.symbol()&15
		switch {
		case size > 0:
			if k += zeros; k > s.end || size+s.low > 15 {
				return 0, false
			}
			*mask |= 1 << k
			r.skip(size)
			k++
		case zeros == 15:
			k += 16
		default:
			return 1<<zeros + r.take(zeros) - 1, r.n >= 0
		}
	}
	return 0, k == s.end+1 && r.n >= 0
}

// acRefine walks scans that add one bit to AC coefficients, T.81 G.1.2.3.
func (s *scan) acRefine(first, last int) bool {
	run := 0
	for at := first; at < last; at++ {
		k := s.start
		if run == 0 {
			var ok bool
			if k, run, ok = s.acRefineBlock(&s.nonzero[at]); !ok {
				return false
			}
		}
		if run > 0 {
			run--
			if k <= s.end {
				s.bits.skipMany(between(s.nonzero[at], k, s.end))
			}
			if s.bits.n < 0 {
				return false
			}
		}
	}
	return true
}

// acRefineBlock passes over a block up to its end or to the coefficient k at which a run of
// that many ends of blocks begins.
func (s *scan) acRefineBlock(mask *uint64) (k, run int, ok bool) {
	r, table := &s.bits, s.units[0].ac
	zero := ^*mask << (63 - s.end) >> (63 - s.end) // those up to the end that are zero
	for k = s.start; k <= s.end; k++ {
		c := r.next(table)
		zeros, size := c.symbol()>>4, c.symbol()&15
		if c == 0 || size > 1 || r.n < 0 {
			return 0, 0, false
		}
		if size == 0 && zeros < 15 {
			return k, 1<<zeros + r.take(zeros), r.n >= 0
		}
		left := zero >> k
		for range zeros {
			left &= left - 1
		}
		if left == 0 {
			return 0, 0, false
		}
		// One bit for each coefficient on the way that is known already, and a sign.
		passed := bits.TrailingZeros64(left)
		r.skipMany(size + passed - zeros)
		k += passed
		*mask |= uint64(size) << k
	}
	return k, 0, r.n >= 0
}
