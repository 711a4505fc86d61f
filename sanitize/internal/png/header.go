package png

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Colour types, clause 11.2.1.
const (
	gray      = 0
	rgb       = 2
	indexed   = 3
	grayAlpha = 4
	rgbAlpha  = 6
)

// depths lists the bit depths that a colour type allows, and its samples per pixel.
var depths = map[byte]struct {
	allowed []byte
	samples int
}{
	gray: {[]byte{1, 2, 4, 8, 16}, 1}, rgb: {[]byte{8, 16}, 3}, indexed: {[]byte{1, 2, 4, 8}, 1},
	grayAlpha: {[]byte{8, 16}, 2}, rgbAlpha: {[]byte{8, 16}, 4},
}

// A header is what IHDR says.
type header struct {
	width, height uint32
	depth, color  byte
	interlaced    bool
}

func parseHeader(c chunk, b []byte) (header, error) {
	if len(b) != 13 {
		return header{}, malformed(c.off, "an image header of the wrong length")
	}
	h := header{
		width: binary.BigEndian.Uint32(b), height: binary.BigEndian.Uint32(b[4:]),
		depth: b[8], color: b[9], interlaced: b[12] == 1,
	}
	switch d := depths[h.color]; {
	case h.width == 0 || h.height == 0 || h.width > 1<<31-1 || h.height > 1<<31-1:
		return header{}, malformed(c.off, "a picture of impossible size")
	case bits.OnesCount8(h.depth) != 1 || !contains(d.allowed, h.depth):
		return header{}, malformed(c.off, "a colour type that the standard does not define")
	case b[10] != 0 || b[11] != 0 || b[12] > 1:
		return header{}, &container.Feature{Name: "a compression, filter or interlace method that the standard does not define"}
	}
	return h, nil
}

func contains(all []byte, b byte) bool {
	for _, a := range all {
		if a == b {
			return true
		}
	}
	return false
}

// passes holds, for Adam7, where the pixels of each pass begin and how far apart they are
// (clause 8.2).
var passes = []struct{ x, y, dx, dy uint32 }{
	{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
}

// rawSize is how many bytes a picture of the given size inflates to: each row with the byte
// that names its filter.
func (h header) rawSize(width, height uint32) int64 {
	if !h.interlaced {
		return h.rows(width, height)
	}
	total := int64(0)
	for _, p := range passes {
		w, ht := steps(width, p.x, p.dx), steps(height, p.y, p.dy)
		if n := h.rows(w, ht); n > math.MaxInt64-total {
			return math.MaxInt64
		} else {
			total += n
		}
	}
	return total
}

// steps is how many of n places are from, from+step, from+2*step …
func steps(n, from, step uint32) uint32 {
	if n <= from {
		return 0
	}
	return (n - from + step - 1) / step
}

func (h header) rows(width, height uint32) int64 {
	if width == 0 || height == 0 {
		return 0
	}
	pixel := uint64(depths[h.color].samples) * uint64(h.depth)
	row := 1 + (uint64(width)*pixel+7)/8
	hi, lo := bits.Mul64(row, uint64(height))
	if hi != 0 || lo > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(lo)
}
