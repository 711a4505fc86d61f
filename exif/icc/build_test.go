package icc_test

import (
	"encoding/binary"
	"math"
	"slices"
	"unicode/utf16"

	"github.com/mediaveil/mediaveil/exif/icc"
)

var be = binary.BigEndian

// secret is planted wherever a profile has room; word is its form for four bytes.
const (
	secret = "Amina's display"
	word   = "AMIN"
)

type tag struct {
	sig  string
	data []byte
}

// A recipe describes a profile to build.
type recipe struct {
	version           [2]byte
	class, space, pcs string
	tags              []tag
	dirty             bool // fill header fields, gaps and the end with secrets
}

var (
	v2 = [2]byte{2, 0x10}
	v4 = [2]byte{4, 0x30}
)

func (r recipe) build() []byte {
	b := make([]byte, 132+12*len(r.tags))
	b[8], b[9] = r.version[0], r.version[1]
	copy(b[12:], r.class+r.space+r.pcs)
	copy(b[36:], "acsp")
	copy(b[68:], []byte{0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D})
	if r.dirty {
		for _, at := range []int{4, 40, 44, 48, 52, 56, 60, 80, 84, 88, 92, 96, 100, 104, 124} {
			copy(b[at:], word)
		}
		copy(b[24:], []byte{7, 0xE7, 0, 5, 0, 17, 0, 10, 0, 11, 0, 12})
		copy(b[10:], "AM")
		copy(b[64:], "AM")
	}
	be.PutUint32(b[128:], uint32(len(r.tags)))
	shared := map[*byte]int{}
	for i, t := range r.tags {
		off, ok := shared[&t.data[0]]
		if !ok {
			if r.dirty {
				b = append(b, secret...)
			}
			b = append(b, make([]byte, -len(b)&3)...)
			off = len(b)
			shared[&t.data[0]] = off
			b = append(b, t.data...)
		}
		copy(b[132+12*i:], t.sig)
		be.PutUint32(b[136+12*i:], uint32(off))
		be.PutUint32(b[140+12*i:], uint32(len(t.data)))
	}
	be.PutUint32(b, uint32(len(b)))
	if r.dirty {
		b = append(b, secret...)
	}
	return b
}

func elem(typ string, body ...byte) []byte { return append([]byte(typ+"\x00\x00\x00\x00"), body...) }

// slack appends bytes that the element's type does not account for, and fills its reserved word.
func slack(e []byte) []byte {
	e = append(slices.Clone(e), secret...)
	copy(e[4:], word)
	return e
}

func fixed(vs ...float64) []byte {
	var b []byte
	for _, v := range vs {
		b = be.AppendUint32(b, uint32(int32(math.Round(v*65536))))
	}
	return b
}

func u16(vs ...int) []byte {
	var b []byte
	for _, v := range vs {
		b = be.AppendUint16(b, uint16(v))
	}
	return b
}

func xyz(x, y, z float64) []byte { return elem("XYZ ", fixed(x, y, z)...) }

func gamma(g float64) []byte {
	return elem("curv", append([]byte{0, 0, 0, 1}, u16(int(math.Round(g*256)))...)...)
}

func table(n int, f func(float64) float64) []byte {
	b := be.AppendUint32(nil, uint32(n))
	for i := range n {
		b = append(b, u16(int(math.Round(65535*f(float64(i)/float64(n-1)))))...)
	}
	return elem("curv", b...)
}

func para(kind int, params ...float64) []byte {
	return elem("para", append(u16(kind, 0), fixed(params...)...)...)
}

func srgbCurve(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func srgbPara() []byte { return para(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045) }

func text(s string) []byte { return elem("text", append([]byte(s), 0)...) }

func desc(s string) []byte {
	b := append(be.AppendUint32(nil, uint32(len(s)+1)), s...)
	b = append(b, make([]byte, 9)...)
	b = append(b, 0, 0, byte(len(s)))
	return elem("desc", append(b, (s + string(make([]byte, 67)))[:67]...)...)
}

func mluc(s string) []byte {
	u := utf16.Encode([]rune(s))
	b := append([]byte{0, 0, 0, 1, 0, 0, 0, 12}, "enUS"...)
	b = be.AppendUint32(be.AppendUint32(b, uint32(2*len(u))), 28)
	for _, c := range u {
		b = be.AppendUint16(b, c)
	}
	return elem("mluc", b...)
}

// ramp returns n bytes that differ from one another and hold no secret.
func ramp(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*37 + i/256)
	}
	return b
}

func lut8(in, out, grid int) []byte {
	b := append([]byte{byte(in), byte(out), byte(grid), 0x41}, fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)...)
	clut := out * int(math.Pow(float64(grid), float64(in)))
	return elem("mft1", append(b, ramp(256*in+clut+256*out)...)...)
}

func lut16(in, out, grid int) []byte {
	b := append([]byte{byte(in), byte(out), byte(grid), 0x41}, fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)...)
	b = append(b, u16(5, 7)...)
	clut := out * int(math.Pow(float64(grid), float64(in)))
	return elem("mft2", append(b, ramp(2*(5*in+clut+7*out))...)...)
}

// multi builds mAB or mBA with all five stages in an order of its own, secrets between them.
func multi(typ string, in, out int) []byte {
	pcs, device := out, in
	if typ == "mBA " {
		pcs, device = in, out
	}
	b := elem(typ, append([]byte{byte(in), byte(out), 'A', 'M'}, make([]byte, 20)...)...)
	put := func(at int, data []byte) {
		b = append(b, secret...)
		b = append(b, make([]byte, -len(b)&3)...)
		be.PutUint32(b[at:], uint32(len(b)))
		b = append(b, data...)
	}
	put(24, clut(in, out))
	put(28, curves(device, gamma(1.8)))
	put(16, fixed(0.9, 0.05, 0.05, 0.1, 0.8, 0.1, 0, 0.1, 0.9, 0.01, 0.02, 0.03))
	put(20, curves(pcs, srgbPara()))
	put(12, curves(pcs, table(5, math.Sqrt)))
	return append(b, secret...)
}

func curves(n int, one []byte) []byte {
	var b []byte
	for range n {
		b = append(b, one...)
		if len(b)%4 != 0 {
			b = append(b, "AM"...)
		}
	}
	return b
}

func clut(in, out int) []byte {
	b, n := make([]byte, 20), out*2
	copy(b[12:], word) // directions that do not exist
	for i := range in {
		b[i] = byte(2 + i%2)
		n *= int(b[i])
	}
	b[16] = 2
	copy(b[17:], "AMI")
	return append(b, ramp(n)...)
}

var srgbXYZ = [3][3]float64{{0.43604, 0.22249, 0.01392}, {0.38512, 0.7169, 0.09706}, {0.14305, 0.06061, 0.71391}}

func matrixTags(c [3][3]float64, curve []byte) []tag {
	tags := []tag{{"wtpt", xyz(0.9505, 1, 1.0891)}}
	for i, sig := range []string{"rXYZ", "gXYZ", "bXYZ"} {
		tags = append(tags, tag{sig, xyz(c[i][0], c[i][1], c[i][2])})
	}
	for _, sig := range []string{"rTRC", "gTRC", "bTRC"} {
		tags = append(tags, tag{sig, curve})
	}
	return tags
}

func matrixRGB(c [3][3]float64, curve []byte) recipe {
	return recipe{version: v2, class: "mntr", space: "RGB ", pcs: "XYZ ", tags: matrixTags(c, curve)}
}

// oddXYZ is of no known space.
var oddXYZ = [3][3]float64{{0.48, 0.25, 0.01}, {0.33, 0.68, 0.08}, {0.1542, 0.07, 0.7349}}

// textTags puts the secret into every tag that is not colour.
func textTags(form func(string) []byte) []tag {
	var tags []tag
	for _, sig := range []string{"desc", "cprt", "dscm", "dmnd", "dmdd", "vued", "targ", "meta", "psid", "pseq",
		"mmod", "ndin", "vcgt", "tech", "meas", "view", "CxF ", "zzzz"} {
		tags = append(tags, tag{sig, form(secret)})
	}
	return append(tags, tag{"calt", elem("dtim", u16(2023, 5, 17, 10, 11, 12)...)})
}

func dirty(r recipe) recipe {
	form := desc
	if r.version == v4 {
		form = mluc
	}
	tags := textTags(form)
	for _, t := range r.tags {
		tags = append(tags, tag{t.sig, slack(t.data)})
	}
	r.tags, r.dirty = tags, true
	return r
}

// samples are profiles of every shape, none of a known space.
func samples() map[string]recipe {
	cmyk := []tag{{"wtpt", xyz(0.7, 0.72, 0.6)}, {"A2B0", lut8(4, 3, 3)}, {"A2B1", lut16(4, 3, 2)}, {"B2A0", lut16(3, 4, 4)}, {"gamt", lut8(3, 1, 2)}}
	six := []tag{{"A2B0", lut8(6, 3, 2)}, {"clrt", colorants(6)}}
	rgb4 := []tag{{"wtpt", xyz(0.9642, 1, 0.8249)}, {"A2B0", multi("mAB ", 3, 3)}, {"B2A0", multi("mBA ", 3, 3)}, {"lumi", xyz(0, 120, 0)}, {"cicp", elem("cicp", 9, 16, 0, 1)}}
	return map[string]recipe{
		"matrix-v2":     matrixRGB(oddXYZ, table(33, srgbCurve)),
		"matrix-v4":     {v4, "mntr", "RGB ", "XYZ ", append(matrixTags(oddXYZ, srgbPara()), tag{"chad", elem("sf32", fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)...)}), false},
		"gray":          {v2, "mntr", "GRAY", "XYZ ", []tag{{"wtpt", xyz(0.9642, 1, 0.8249)}, {"bkpt", xyz(0, 0, 0)}, {"kTRC", gamma(2.2)}}, false},
		"cmyk":          {v2, "prtr", "CMYK", "Lab ", cmyk, false},
		"six-colours":   {v4, "prtr", "6CLR", "Lab ", six, false},
		"rgb-multi":     {v4, "scnr", "RGB ", "XYZ ", rgb4, false},
		"cmyk-multi":    {v4, "prtr", "CMYK", "Lab ", []tag{{"A2B0", multi("mAB ", 4, 3)}, {"B2A0", multi("mBA ", 3, 4)}}, false},
		"srgb-and-lut":  {v2, "mntr", "RGB ", "XYZ ", append(matrixTags(srgbXYZ, srgbPara()), tag{"A2B0", lut16(3, 3, 3)}), false},
		"lab":           {v2, "spac", "Lab ", "Lab ", []tag{{"A2B0", lut8(3, 3, 2)}}, false},
		"identity-trc":  matrixRGB(oddXYZ, elem("curv", 0, 0, 0, 0)),
		"colour-of-two": {v4, "scnr", "2CLR", "XYZ ", []tag{{"A2B2", lut16(2, 3, 5)}, {"clrt", colorants(2)}}, false},
	}
}

func colorants(n int) []byte {
	b := be.AppendUint32(nil, uint32(n))
	for i := range n {
		b = append(b, (secret + string(make([]byte, 32)))[:32]...)
		b = append(b, u16(1000*i, 2000, 3000)...)
	}
	return elem("clrt", b...)
}

var known = []icc.Space{icc.SRGB, icc.DisplayP3, icc.AdobeRGB}
