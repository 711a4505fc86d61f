package webp

import (
	"context"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Bounds of what is taken into memory to follow a lossless stream. Encoders stay far below.
const (
	maxGroups = 4096    // sets of prefix codes
	maxTiles  = 1 << 20 // parts of a picture with a set of their own
)

var (
	errLossless = malformed(0, "a lossless stream that cannot be decoded")
	errGroups   = &container.Feature{Name: "a lossless picture with so many codes"}
)

// losslessSize returns how many of the n bytes at off the lossless stream of a picture takes
// up. A decoder looks at no others, so that anything can stand there. The stream is followed
// symbol by symbol; pixels are not made.
//
// Source: RFC 9649 section 3.
func losslessSize(ctx context.Context, w *container.Window, off, n int64, width, height int) (int64, error) {
	if n > 0 && w.KnownMedia(off) >= n {
		return n, nil
	}
	s := &lossless{ctx: ctx, r: bitReader{w: w, off: off, end: off + n}}
	err := s.stream(width, height)
	if s.r.err != nil {
		return 0, s.r.err
	}
	if err == errLossless || err == nil && s.r.ended() {
		return 0, malformed(off, errLossless.What)
	}
	return n - s.r.left(), err
}

type lossless struct {
	ctx context.Context
	r   bitReader
}

// Transforms, RFC 9649 section 3.5.
const (
	transformPredictor = iota
	transformColor
	transformSubtractGreen
	transformIndexing
)

// tiles is into how many parts of 1<<bits pixels a length is cut.
func tiles(n int, bits uint) int { return (n + 1<<bits - 1) >> bits }

func (s *lossless) stream(width, height int) error {
	seen := 0
	for s.r.bits(1) == 1 {
		kind := s.r.bits(2)
		if seen&(1<<kind) != 0 {
			return errLossless
		}
		seen |= 1 << kind
		var err error
		switch kind {
		case transformPredictor, transformColor:
			bits := uint(s.r.bits(3) + 2)
			_, err = s.image(tiles(width, bits), tiles(height, bits), inner)
		case transformIndexing:
			colors := s.r.bits(8) + 1
			if _, err = s.image(colors, 1, inner); err == nil {
				width = tiles(width, packing(colors))
			}
		}
		if err != nil {
			return err
		}
	}
	_, err := s.image(width, height, outer)
	return err
}

// packing is how many pixels, as a power of two, share one when there are few colours.
func packing(colors int) uint {
	switch {
	case colors <= 2:
		return 3
	case colors <= 4:
		return 2
	case colors <= 16:
		return 1
	}
	return 0
}

// role says what an image inside the stream is for.
type role int

const (
	inner role = iota // data of a transform
	outer             // the picture, which may change its codes from part to part
	index             // which codes a part has: the only one of which the pixels count
)

// A group is a set of codes: green with lengths and cached colours, red, blue, alpha, distance.
type group [5]prefixCode

// image follows one image. It returns the pixels of an index.
func (s *lossless) image(width, height int, as role) ([]uint32, error) {
	cacheBits := uint(0)
	if s.r.bits(1) == 1 {
		if cacheBits = uint(s.r.bits(4)); cacheBits < 1 || cacheBits > 11 {
			return nil, errLossless
		}
	}
	p := &plane{s: s, width: width, height: height, cacheBits: cacheBits}
	groups := 1
	if as == outer && s.r.bits(1) == 1 {
		p.bits = uint(s.r.bits(3) + 2)
		p.stride = tiles(width, p.bits)
		var err error
		if groups, err = p.readIndex(tiles(height, p.bits)); err != nil {
			return nil, err
		}
	}
	if as == index {
		p.pixels = make([]uint32, 0, width*height)
		p.cache = make([]uint32, 1<<cacheBits)
	}
	if err := p.readGroups(groups); err != nil {
		return nil, err
	}
	return p.pixels, p.follow()
}

// A plane is one image that is being followed.
type plane struct {
	s             *lossless
	width, height int
	cacheBits     uint
	groups        []group
	tile          []uint32 // which group a part has
	bits          uint
	stride        int
	pixels, cache []uint32 // of an index
}

func (p *plane) readIndex(height int) (groups int, err error) {
	if p.stride*height > maxTiles {
		return 0, errGroups
	}
	if p.tile, err = p.s.image(p.stride, height, index); err != nil {
		return 0, err
	}
	for i, argb := range p.tile {
		p.tile[i] = argb >> 8 & 0xFFFF
		groups = max(groups, int(p.tile[i])+1)
	}
	if groups > maxGroups {
		return 0, errGroups
	}
	return groups, nil
}

func (p *plane) readGroups(n int) error {
	green := 256 + 24
	if p.cacheBits > 0 {
		green += 1 << p.cacheBits
	}
	for range n {
		if err := p.s.ctx.Err(); err != nil {
			return err
		}
		var g group
		for i, symbols := range [5]int{green, 256, 256, 256, 40} {
			var ok bool
			if g[i], ok = readPrefixCode(&p.s.r, symbols); !ok || p.s.r.ended() {
				return errLossless
			}
		}
		p.groups = append(p.groups, g)
	}
	return nil
}

// follow reads symbols until every pixel has had its turn.
func (p *plane) follow() error {
	if p.free() {
		return nil
	}
	r := &p.s.r
	total := p.width * p.height
	for at, look := 0, 0; at < total; {
		if at >= look {
			if err := p.s.ctx.Err(); err != nil {
				return err
			}
			if r.ended() {
				return errLossless
			}
			look = at + 1<<16
		}
		g := p.group(at)
		switch sym := g[0].read(r); {
		case sym < 256:
			red, blue, alpha := g[1].read(r), g[2].read(r), g[3].read(r)
			if p.pixels != nil {
				p.put(uint32(alpha)<<24 | uint32(red)<<16 | uint32(sym)<<8 | uint32(blue))
			}
			at++
		case sym < 256+24:
			length := copyValue(r, sym-256)
			back := p.distance(copyValue(r, g[4].read(r)))
			if length > total-at || back > at {
				return errLossless
			}
			if p.pixels != nil {
				for range length {
					p.put(p.pixels[len(p.pixels)-back])
				}
			}
			at += length
		default:
			if p.pixels != nil {
				p.put(p.cache[sym-256-24])
			}
			at++
		}
	}
	return nil
}

// free reports whether no pixel takes a bit.
func (p *plane) free() bool {
	g := &p.groups[0]
	return len(p.groups) == 1 && p.pixels == nil && g[0].single && g[0].syms[0] < 256 && g[1].single && g[2].single && g[3].single
}

func (p *plane) group(at int) *group {
	if p.tile == nil {
		return &p.groups[0]
	}
	x, y := at%p.width, at/p.width
	return &p.groups[p.tile[y>>p.bits*p.stride+x>>p.bits]]
}

// put adds a pixel, and remembers its colour.
func (p *plane) put(argb uint32) {
	p.pixels = append(p.pixels, argb)
	if p.cacheBits > 0 {
		p.cache[0x1E35A7BD*argb>>(32-p.cacheBits)] = argb
	}
}

// copyValue reads what a symbol for a length or a distance begins, section 3.6.2.2.
func copyValue(r *bitReader, sym int) int {
	if sym < 4 {
		return sym + 1
	}
	extra := uint(sym-2) >> 1
	return (2+sym&1)<<extra + r.bits(extra) + 1
}

// distance turns the code of a distance into a number of pixels. The first 120 are for near
// ones, to the left and above.
func (p *plane) distance(code int) int {
	if code > len(near) {
		return code - len(near)
	}
	n := near[code-1]
	return max(1, int(n[0])+int(n[1])*p.width)
}

// near are the near pixels, section 3.6.2.2: how far left, how far above.
var near = [120][2]int8{
	{0, 1}, {1, 0}, {1, 1}, {-1, 1}, {0, 2}, {2, 0}, {1, 2}, {-1, 2}, {2, 1}, {-2, 1}, {2, 2}, {-2, 2},
	{0, 3}, {3, 0}, {1, 3}, {-1, 3}, {3, 1}, {-3, 1}, {2, 3}, {-2, 3}, {3, 2}, {-3, 2}, {0, 4}, {4, 0},
	{1, 4}, {-1, 4}, {4, 1}, {-4, 1}, {3, 3}, {-3, 3}, {2, 4}, {-2, 4}, {4, 2}, {-4, 2}, {0, 5}, {3, 4},
	{-3, 4}, {4, 3}, {-4, 3}, {5, 0}, {1, 5}, {-1, 5}, {5, 1}, {-5, 1}, {2, 5}, {-2, 5}, {5, 2}, {-5, 2},
	{4, 4}, {-4, 4}, {3, 5}, {-3, 5}, {5, 3}, {-5, 3}, {0, 6}, {6, 0}, {1, 6}, {-1, 6}, {6, 1}, {-6, 1},
	{2, 6}, {-2, 6}, {6, 2}, {-6, 2}, {4, 5}, {-4, 5}, {5, 4}, {-5, 4}, {3, 6}, {-3, 6}, {6, 3}, {-6, 3},
	{0, 7}, {7, 0}, {1, 7}, {-1, 7}, {5, 5}, {-5, 5}, {7, 1}, {-7, 1}, {4, 6}, {-4, 6}, {6, 4}, {-6, 4},
	{2, 7}, {-2, 7}, {7, 2}, {-7, 2}, {3, 7}, {-3, 7}, {7, 3}, {-7, 3}, {5, 6}, {-5, 6}, {6, 5}, {-6, 5},
	{8, 0}, {4, 7}, {-4, 7}, {7, 4}, {-7, 4}, {8, 1}, {8, 2}, {6, 6}, {-6, 6}, {8, 3}, {5, 7}, {-5, 7},
	{7, 5}, {-7, 5}, {8, 4}, {6, 7}, {-6, 7}, {7, 6}, {-7, 6}, {8, 5}, {7, 7}, {-7, 7}, {8, 6}, {8, 7},
}
