package tiff

import (
	"bytes"
	"math"
)

// canonical writes a value so that it says what decoders read, and has no room for more. It
// reports false when no decoder could make anything of it.
func (f *file) canonical(v *field, m form) bool {
	size := typeSizes[v.typ]
	if m == ratio {
		return f.ratios(v)
	}
	if m == equal {
		return bytes.Equal(v.value[size:], v.value[:int64(len(v.value))-size])
	}
	if mask, ok := masks[v.tag]; ok {
		v.typ, v.value = typeLong, f.order.AppendUint32(nil, uint32(f.whole(v.typ, v.value)&mask))
		return true
	}
	limit, ok := most[v.tag]
	for b := v.value; ok && len(b) > 0; b = b[size:] {
		if f.whole(v.typ, b) > limit {
			return false
		}
	}
	return v.tag != tagOrientation || f.whole(v.typ, v.value) > 0
}

func (f *file) whole(typ uint16, b []byte) uint64 {
	switch typeSizes[typ] {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(f.order.Uint16(b))
	case 4:
		return uint64(f.order.Uint32(b))
	}
	return f.order.Uint64(b)
}

// ratios writes numbers as fractions in lowest terms, of which the larger ones are rounded to
// four digits behind the point: eight free bytes for a resolution could be a text.
func (f *file) ratios(v *field) bool {
	size := typeSizes[v.typ]
	var out []byte
	for b := v.value; len(b) > 0; b = b[size:] {
		num, den, ok := f.fraction(v.typ, b)
		if !ok {
			return false
		}
		out = f.order.AppendUint32(f.order.AppendUint32(out, num), den)
	}
	v.typ, v.value = typeRational, out
	return true
}

// Bounds of a fraction: so many bytes of it are zero that no word fits in.
const (
	maxNum = 1 << 24
	maxDen = 1 << 16
)

func (f *file) fraction(typ uint16, b []byte) (num, den uint32, ok bool) {
	var n float64
	switch typ {
	case typeRational:
		a, c := f.order.Uint32(b), f.order.Uint32(b[4:])
		if c == 0 {
			return 0, 0, a == 0 // some programs say so that they do not know
		}
		if d := divisor(a, c); a/d < maxNum && c/d < maxDen {
			return a / d, c / d, true
		}
		n = float64(a) / float64(c)
	case typeFloat:
		n = float64(math.Float32frombits(f.order.Uint32(b)))
	case typeDouble:
		n = math.Float64frombits(f.order.Uint64(b))
	default:
		n = float64(f.whole(typ, b))
	}
	for scale := uint32(10_000); scale > 0; scale /= 10 {
		if v := math.Round(n * float64(scale)); v >= 0 && v < maxNum {
			d := divisor(uint32(v), scale)
			return uint32(v) / d, scale / d, true
		}
	}
	return 0, 0, false
}

// divisor is the greatest common divisor of two numbers of which the second is not 0.
func divisor(a, b uint32) uint32 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
