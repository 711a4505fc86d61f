package gainmap

import (
	"encoding/binary"
	"math"
)

// ISO 21496-1 annex C.2 flags.
const (
	flagChannels    = 1 << 7 // three channels, not one
	flagBaseSpace   = 1 << 6
	flagDenominator = 1 << 3 // one denominator for all fractions
	flagBackward    = 1 << 2
)

// versionSize is the size of the two versions at the beginning, in bytes.
const versionSize = 4

// An ISO is the metadata of a gain map in the form of ISO 21496-1 annex C.2.
type ISO struct {
	flags   byte
	numbers []int64 // in millionths: two headrooms, then five numbers for each channel
}

// signed says which of the five numbers of a channel may be negative: minimum, maximum,
// gamma, and the offsets of the two renditions.
var signed = [5]bool{true, true, false, true, true}

// ParseISO reads metadata that ends with its last byte. It reports false when there is more
// or less, or a number makes no sense.
func ParseISO(b []byte) (ISO, bool) {
	if len(b) < versionSize+1 || binary.BigEndian.Uint16(b) != 0 {
		return ISO{}, false
	}
	iso, count := ISO{flags: b[versionSize]}, 2+5
	if iso.flags&^(flagChannels|flagBaseSpace|flagBackward|flagDenominator) != 0 {
		return ISO{}, false
	}
	if iso.flags&flagChannels != 0 {
		count = 2 + 3*5
	}
	b = b[versionSize+1:]
	common := iso.flags&flagDenominator != 0
	if !common && len(b) != count*8 || common && len(b) != 4+count*4 {
		return ISO{}, false
	}
	step, denominator := 8, uint32(0)
	if common {
		step, denominator, b = 4, binary.BigEndian.Uint32(b), b[4:]
	}
	for i := range count {
		field := b[i*step:]
		if !common {
			denominator = binary.BigEndian.Uint32(field[4:])
		}
		v, ok := fraction(binary.BigEndian.Uint32(field), denominator, i >= 2 && signed[(i-2)%5])
		if !ok {
			return ISO{}, false
		}
		iso.numbers = append(iso.numbers, v)
	}
	iso.flags &^= flagDenominator
	return iso, true
}

// fraction returns a number in millionths.
func fraction(numerator, denominator uint32, signed bool) (int64, bool) {
	n := float64(numerator)
	if signed {
		n = float64(int32(numerator))
	}
	v := n / float64(denominator)
	return int64(math.Round(v * micro)), denominator != 0 && math.Abs(v) <= most
}

// Bytes writes the metadata anew: the first version, and each number with the denominator of
// a million.
func (iso ISO) Bytes() []byte {
	out := append(ISOVersion(), iso.flags)
	for _, v := range iso.numbers {
		out = binary.BigEndian.AppendUint32(out, uint32(v))
		out = binary.BigEndian.AppendUint32(out, micro)
	}
	return out
}

// ISOVersion is what stands in the picture that a gain map belongs to.
func ISOVersion() []byte { return make([]byte, versionSize) }

// IsISOVersion reports whether b is a version that this package understands.
func IsISOVersion(b []byte) bool {
	return len(b) == versionSize && binary.BigEndian.Uint16(b) == 0
}
