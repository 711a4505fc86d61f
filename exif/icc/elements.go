package icc

import (
	"fmt"
	"math"
)

// typed checks the type signature of an element and that it has at least size bytes.
func typed(data []byte, sig string, size int) error {
	if len(data) < 8 || string(data[:4]) != sig {
		return malformed("wrong type")
	}
	if len(data) < size {
		return malformed("too short")
	}
	return nil
}

// fresh returns an element of the given type and size, zero but for its signature.
func fresh(sig string, size int) []byte {
	b := make([]byte, size)
	copy(b, sig)
	return b
}

// exact copies the body of an element whose type has a fixed size.
func exact(data []byte, sig string, size int) ([]byte, error) {
	if err := typed(data, sig, size); err != nil {
		return nil, err
	}
	b := fresh(sig, size)
	copy(b[8:], data[8:size])
	return b, nil
}

// rebuildXYZ keeps one XYZNumber (ICC.1:2022 10.31); the type may list more, a tag may not.
func rebuildXYZ(_ header, data []byte) ([]byte, error) { return exact(data, "XYZ ", 20) }

// rebuildMatrix keeps the nine numbers of chad (s15Fixed16ArrayType, 10.22).
func rebuildMatrix(_ header, data []byte) ([]byte, error) { return exact(data, "sf32", 44) }

// rebuildCICP keeps the four code points of ITU-T H.273 (10.3).
func rebuildCICP(_ header, data []byte) ([]byte, error) { return exact(data, "cicp", 12) }

// rebuildTRC accepts parametric curves in version 2 as well: Android writes such profiles,
// and every reader takes them.
func rebuildTRC(_ header, data []byte) ([]byte, error) { return rebuildCurve(data) }

// rebuildCurve rewrites the curve at the start of data (curveType 10.6, parametricCurveType
// 10.18). The length of the result is the length that the curve takes up in data.
func rebuildCurve(data []byte) ([]byte, error) {
	if len(data) < 12 {
		return nil, malformed("curve too short")
	}
	size := int64(12)
	switch string(data[:4]) {
	case "curv":
		size += 2 * int64(be.Uint32(data[8:]))
	case "para":
		n, ok := paraParams(be.Uint16(data[8:]))
		if !ok {
			return nil, malformed("unknown kind of curve")
		}
		size += 4 * int64(n)
	default:
		return nil, malformed("wrong type of curve")
	}
	if size > int64(len(data)) {
		return nil, malformed("curve too short")
	}
	b := fresh(string(data[:4]), int(size))
	copy(b[8:], data[8:size])
	if string(b[:4]) == "para" {
		b[10], b[11] = 0, 0 // reserved
	}
	return b, nil
}

// paraParams returns how many parameters a kind of parametric curve has.
func paraParams(kind uint16) (int, bool) {
	counts := [...]int{1, 3, 4, 5, 7}
	if int(kind) >= len(counts) {
		return 0, false
	}
	return counts[kind], true
}

// rebuildColorants keeps the colours of colorantTableType (10.5) and replaces their names.
func rebuildColorants(h header, data []byte) ([]byte, error) {
	const entry, name = 38, 32
	n := spaces[h.space].channels
	size := 12 + n*entry
	if err := typed(data, "clrt", size); err != nil {
		return nil, err
	}
	if int64(be.Uint32(data[8:])) != int64(n) {
		return nil, malformed("wrong number of colorants")
	}
	b := fresh("clrt", size)
	be.PutUint32(b[8:], uint32(n))
	for i := range n {
		at := 12 + i*entry
		copy(b[at:at+name-1], fmt.Sprintf("Colorant %d", i+1))
		copy(b[at+name:at+entry], data[at+name:])
	}
	return b, nil
}

func s15Fixed16(b []byte) float64 { return float64(int32(be.Uint32(b))) / 65536 }

func putS15Fixed16(b []byte, v float64) { be.PutUint32(b, uint32(int32(math.Round(v*65536)))) }

// evalCurve returns the value at x, 0 to 1, of a curve that rebuildCurve has made.
func evalCurve(curve []byte, x float64) float64 {
	if string(curve[:4]) == "para" {
		return evalPara(curve, x)
	}
	n := (len(curve) - 12) / 2
	entry := func(i int) float64 { return float64(be.Uint16(curve[12+2*i:])) / 65535 }
	switch n {
	case 0:
		return x
	case 1:
		return math.Pow(x, float64(be.Uint16(curve[12:]))/256)
	}
	at := x * float64(n-1)
	i := min(int(at), n-2)
	return entry(i) + (at-float64(i))*(entry(i+1)-entry(i))
}

// evalPara computes the functions of ICC.1:2022 table 68. Parameters that a function lacks
// are set so that the general form, the last, says the same.
func evalPara(curve []byte, x float64) float64 {
	var p [7]float64 // g a b c d e f
	for i := range (len(curve) - 12) / 4 {
		p[i] = s15Fixed16(curve[12+4*i:])
	}
	g, a, b, c, d, e, f := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	switch be.Uint16(curve[8:]) {
	case 0:
		a, b, c, d, e, f = 1, 0, 0, 0, 0, 0
	case 1:
		c, d, e, f = 0, -b/a, 0, 0
	case 2:
		c, d, e, f = 0, -b/a, c, c
	case 3:
		e, f = 0, 0
	}
	y := c*x + f
	if x >= d {
		y = math.Pow(a*x+b, g) + e
	}
	return min(max(y, 0), 1)
}
