package gif

// maxCodes is how many codes there can be (89a, appendix F).
const maxCodes = 1 << 12

// codes follows the LZW codes of a picture and counts its pixels. It makes none of them: how
// many a code stands for and how long the next code is depends on their number alone.
type codes struct {
	clear, last uint32 // the two codes that stand for no pixel
	size, width uint
	next        uint32 // the next code that will get a meaning
	before      int    // pixels of the code before, 0 behind a clear code
	length      [maxCodes]uint16

	bits   uint32
	n      uint
	taken  int64 // bytes
	left   int64 // pixels that are missing
	full   int64 // bytes up to the last pixel, once there is none missing
	done   bool
	ending bool // done by the code for it
}

func newCodes(size int, pixels int64) *codes {
	c := &codes{size: uint(size), clear: 1 << size, last: 1<<size + 1, left: pixels}
	for i := range c.clear {
		c.length[i] = 1
	}
	c.reset()
	return c
}

func (c *codes) reset() {
	c.width, c.next, c.before = c.size+1, c.last+1, 0
}

// end is how many bytes belong to the picture.
func (c *codes) end() int64 {
	if c.left <= 0 && !c.ending {
		return c.full
	}
	return c.taken
}

// feed takes more bytes, up to the end of the picture. It reports false for a code that has
// no meaning.
func (c *codes) feed(b []byte) bool {
	for _, next := range b {
		c.bits |= uint32(next) << c.n
		c.n += 8
		c.taken++
		for c.n >= c.width {
			code := c.bits & (1<<c.width - 1)
			c.bits >>= c.width
			c.n -= c.width
			if !c.code(code) {
				return false
			}
			if c.done {
				return true
			}
		}
	}
	return true
}

func (c *codes) code(code uint32) bool {
	switch {
	case code == c.last:
		c.done, c.ending = true, true
		return true
	case code == c.clear:
		c.reset()
		return true
	case c.left <= 0:
		c.done = true // decoders have stopped
		return true
	case code > c.next, code == c.next && (c.before == 0 || c.next == maxCodes), c.before == 0 && code > c.clear:
		return false
	}
	if c.before > 0 && c.next < maxCodes {
		c.length[c.next] = uint16(c.before + 1)
		if c.next++; c.next == 1<<c.width && c.width < 12 {
			c.width++
		}
	}
	c.before = int(c.length[code])
	if c.left -= int64(c.before); c.left <= 0 {
		c.full = c.taken
	}
	return true
}
