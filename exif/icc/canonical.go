package icc

import (
	"bytes"
	"math"
	"sync"
)

// Tolerances within which a profile is taken to mean a known space.
//
// Colorants: published sRGB profiles differ among themselves by up to 0.0003, because white
// points and adaptations were rounded differently. At 0.0004 no colour moves by as much as one
// CIE 1976 unit, which is about what an eye can tell in flat patches side by side; the
// known spaces are 0.05 and more apart.
//
// Curves: an encoded value may mean what the known curve gives to a value at most three
// quarters of an 8-bit step away, so that no value of an 8-bit picture moves by more than one
// step. Tables of 1024 and 4096 entries and parametric curves are within 0.05; tables of 26
// entries, made to be small, need 0.62 in the shadows; a plain gamma of 2.2 misses the sRGB
// curve by eight steps. Where a curve is so flat that a step is less than a 16-bit table can
// express, one unit of such a table is allowed.
const (
	colorantTolerance = 0.0004
	curveTolerance    = 0.75 / 255
	curveQuantum      = 1.0 / 65535
	eightBit          = 256
	maxCurve          = 1 << 16 // entries; more than 16 bits can tell apart
)

// A known is a colour space as its publication defines it.
type known struct {
	name       string
	r, g, b    [2]float64 // CIE x, y
	white      [2]float64
	decode     func(float64) float64
	sampled    func() *sampledCurve
	primaries  byte // H.273 ColourPrimaries, 0 when it has no number
	curveTable int  // entries of the stored curve; 1 stores gamma
}

var d65 = [2]float64{0.3127, 0.3290}

// primaries returns the numbers of a space: IEC 61966-2-1 clause 5.2; SMPTE EG 432-1 with the
// white and the curve of sRGB; Adobe RGB (1998) clause 4.3.
func primaries(s Space) known {
	switch s {
	case SRGB:
		return known{"sRGB", [2]float64{0.64, 0.33}, [2]float64{0.30, 0.60}, [2]float64{0.15, 0.06}, d65, decodeSRGB, sampledSRGB, 1, 256}
	case DisplayP3:
		return known{"Display P3", [2]float64{0.680, 0.320}, [2]float64{0.265, 0.690}, [2]float64{0.150, 0.060}, d65, decodeSRGB, sampledSRGB, 12, 256}
	case AdobeRGB:
		return known{"Adobe RGB (1998)", [2]float64{0.64, 0.33}, [2]float64{0.21, 0.71}, [2]float64{0.15, 0.06}, d65, decodeAdobe, sampledAdobe, 0, 1}
	}
	return known{}
}

// A sampledCurve holds a curve at evenly spaced points, since powers are slow and a table of
// 1024 entries needs two for each. Lines between the points are within a hundredth of a
// curveQuantum of these curves.
type sampledCurve [4097]float64

func sample(decode func(float64) float64) *sampledCurve {
	var c sampledCurve
	for i := range c {
		c[i] = decode(float64(i) / float64(len(c)-1))
	}
	return &c
}

// at returns the curve at x from 0 to 1.
func (c *sampledCurve) at(x float64) float64 {
	x *= float64(len(c) - 1)
	i := min(int(x), len(c)-2)
	return c[i] + (c[i+1]-c[i])*(x-float64(i))
}

var (
	sampledSRGB  = sync.OnceValue(func() *sampledCurve { return sample(decodeSRGB) })
	sampledAdobe = sync.OnceValue(func() *sampledCurve { return sample(decodeAdobe) })
)

func decodeSRGB(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

const adobeGamma = 563 // in 256ths: 2.19921875

func decodeAdobe(v float64) float64 { return math.Pow(v, adobeGamma/256.0) }

// Profile returns our profile for a known space, and nil for Custom.
//
// It is of version 2.4 with one shared table for the three curves: older Windows programs
// and small decoders read no version 4 and no parametric curve, whereas everything reads
// this. The 256 entries of a table are the 256 values of an 8-bit picture, which are thus as
// exact as 16 bits allow; between them the error stays below 0.03 of a step. The whole is
// less than a kilobyte. The white point is D50 and chad says what was done to D65, which
// programs of both versions understand alike.
func Profile(s Space) []byte {
	if s != SRGB && s != DisplayP3 && s != AdobeRGB {
		return nil
	}
	k := primaries(s)
	h := header{major: 2, minor: 4, class: "mntr", space: "RGB ", pcs: "XYZ "}
	curve := encodeCurve(k)
	elements := append(neutral(h, k.name),
		element{"wtpt", encodeXYZ([3]float64{fixed(d50[0]), fixed(d50[1]), fixed(d50[2])})},
		element{"chad", encodeChad(adaptation(k.white))})
	for i, colorant := range k.storedColorants() {
		elements = append(elements, element{matrixTags[i], encodeXYZ(colorant)})
	}
	for _, sig := range matrixTags[3:] {
		elements = append(elements, element{sig, curve})
	}
	return assemble(h, elements)
}

// storedColorants returns the colorants as they are stored. Green takes up what rounding
// leaves over, so that the three add up to the white of the connection space and grey stays grey.
func (k known) storedColorants() [3][3]float64 {
	c := k.colorants()
	for j, white := range d50 {
		red, blue := math.Round(c[0][j]*65536), math.Round(c[2][j]*65536)
		c[1][j] = (float64(white) - red - blue) / 65536
	}
	return c
}

func encodeCurve(k known) []byte {
	b := fresh("curv", 12+2*k.curveTable)
	be.PutUint32(b[8:], uint32(k.curveTable))
	if k.curveTable == 1 {
		be.PutUint16(b[12:], adobeGamma)
		return b
	}
	for i := range k.curveTable {
		y := k.decode(float64(i) / float64(k.curveTable-1))
		be.PutUint16(b[12+2*i:], uint16(math.Round(y*65535)))
	}
	return b
}

func encodeXYZ(v [3]float64) []byte {
	b := fresh("XYZ ", 20)
	for i, c := range v {
		putS15Fixed16(b[8+4*i:], c)
	}
	return b
}

func encodeChad(m matrix) []byte {
	b := fresh("sf32", 44)
	for i, row := range m {
		for j, v := range row {
			putS15Fixed16(b[8+4*(3*i+j):], v)
		}
	}
	return b
}

func fixed(v uint32) float64 { return float64(v) / 65536 }

// largestCanonical is more than any canonical profile takes, in bytes.
const largestCanonical = 1100

// canonical reports whether a profile is one of ours, byte for byte.
func canonical(profile []byte) (Space, bool) {
	if len(profile) > largestCanonical {
		return Custom, false
	}
	for _, s := range []Space{SRGB, DisplayP3, AdobeRGB} {
		if bytes.Equal(profile, Profile(s)) {
			return s, true
		}
	}
	return Custom, false
}

// match returns the known space that the elements mean, or Custom.
func match(h header, elements []element) Space {
	if h.space != "RGB " || h.pcs != "XYZ " || h.intent == 3 || hasLUT(elements) {
		return Custom // intent 3, absolute, would show the white point, which ours may not share
	}
	for _, s := range []Space{SRGB, DisplayP3, AdobeRGB} {
		if k := primaries(s); k.sameColorants(elements) && k.sameCurves(elements) && k.sameCICP(elements) {
			return s
		}
	}
	return Custom
}

func hasLUT(elements []element) bool {
	for _, e := range elements {
		switch e.sig {
		case "A2B0", "A2B1", "A2B2", "B2A0", "B2A1", "B2A2", "gamt":
			return true
		}
	}
	return false
}

func (k known) sameColorants(elements []element) bool {
	want := k.colorants()
	for i, sig := range matrixTags[:3] {
		data, ok := find(elements, sig)
		if !ok {
			return false
		}
		for j, v := range want[i] {
			if math.Abs(s15Fixed16(data[8+4*j:])-v) > colorantTolerance {
				return false
			}
		}
	}
	return true
}

func (k known) sameCurves(elements []element) bool {
	var last []byte
	for _, sig := range matrixTags[3:] {
		curve, ok := find(elements, sig)
		if !ok || !bytes.Equal(curve, last) && !k.sameCurve(curve) {
			return false
		}
		last = curve // nearly every profile has one curve for all three
	}
	return true
}

// sameCurve compares at the values of an 8-bit picture and at each entry of a table.
func (k known) sameCurve(curve []byte) bool {
	entries := 0
	if string(curve[:4]) == "curv" {
		entries = (len(curve) - 12) / 2
	}
	return entries <= maxCurve && k.sameAt(curve, eightBit) && k.sameAt(curve, entries)
}

// sameAt compares at n points. It does so in encoded terms without inverting: a value is
// within the tolerance of x when it is between what the known curve gives to either side of x.
func (k known) sameAt(curve []byte, n int) bool {
	want := k.sampled()
	for i := range n {
		x := float64(i) / float64(max(n-1, 1))
		low := want.at(max(x-curveTolerance, 0)) - curveQuantum
		high := want.at(min(x+curveTolerance, 1)) + curveQuantum
		if y := evalCurve(curve, x); !(low <= y && y <= high) { // not a number is outside
			return false
		}
	}
	return true
}

// sameCICP reports whether the code points, which newer decoders prefer to the matrix, are
// absent or say the same: the primaries, the curve of sRGB, RGB, full range.
func (k known) sameCICP(elements []element) bool {
	data, ok := find(elements, "cicp")
	return !ok || string(data[8:]) == string([]byte{k.primaries, 13, 0, 1})
}
