package icc_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
)

// Colorants as Adobe and Apple publish them, and as older sRGB profiles round them.
var (
	adobeXYZ   = [3][3]float64{{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}
	p3XYZ      = [3][3]float64{{0.51512, 0.2412, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.1571, 0.06657, 0.78407}}
	oldSRGBXYZ = [3][3]float64{{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.7141}}
)

func moved(c [3][3]float64, by float64) [3][3]float64 { c[0][2] += by; return c }

func with(r recipe, tags ...tag) recipe {
	r.tags = append(slices.Clone(r.tags), tags...)
	return r
}

func TestKnownSpaces(t *testing.T) {
	v4SRGB := matrixRGB(srgbXYZ, srgbPara())
	v4SRGB.version = v4
	twisted := table(1024, srgbCurve)
	copy(twisted[12+2*700:], u16(0))
	mixed := matrixRGB(srgbXYZ, srgbPara())
	mixed.tags[5].data = gamma(2.2)
	lab := matrixRGB(srgbXYZ, srgbPara())
	lab.space = "HSV "
	g := 563 / 256.0
	for _, tt := range []struct {
		name string
		in   recipe
		want icc.Space
	}{
		{"table of 1024", matrixRGB(oldSRGBXYZ, table(1024, srgbCurve)), icc.SRGB},
		{"table of 4096", matrixRGB(srgbXYZ, table(4096, srgbCurve)), icc.SRGB},
		{"table of 26", matrixRGB(srgbXYZ, table(26, srgbCurve)), icc.SRGB},
		{"function 3", v4SRGB, icc.SRGB},
		{"function 4", matrixRGB(srgbXYZ, para(4, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045, 0, 0)), icc.SRGB},
		{"colorants 0.00035 away", matrixRGB(moved(srgbXYZ, 0.00035), srgbPara()), icc.SRGB},
		{"code points agree", with(v4SRGB, tag{"cicp", elem("cicp", 1, 13, 0, 1)}), icc.SRGB},
		{"everything else is secrets", dirty(v4SRGB), icc.SRGB},
		{"P3, function", matrixRGB(p3XYZ, srgbPara()), icc.DisplayP3},
		{"P3, table", matrixRGB(p3XYZ, table(2048, srgbCurve)), icc.DisplayP3},
		{"P3, code points", with(matrixRGB(p3XYZ, srgbPara()), tag{"cicp", elem("cicp", 12, 13, 0, 1)}), icc.DisplayP3},
		{"Adobe, gamma", matrixRGB(adobeXYZ, gamma(g)), icc.AdobeRGB},
		{"Adobe, gamma 2.2", matrixRGB(adobeXYZ, gamma(2.2)), icc.AdobeRGB},
		{"Adobe, table", matrixRGB(adobeXYZ, table(1024, func(v float64) float64 { return math.Pow(v, g) })), icc.AdobeRGB},
		{"Adobe, function 0", matrixRGB(adobeXYZ, para(0, g)), icc.AdobeRGB},
		{"Adobe, function 1", matrixRGB(adobeXYZ, para(1, g, 1, 0)), icc.AdobeRGB},
		{"Adobe, function 2", matrixRGB(adobeXYZ, para(2, g, 1, 0, 0)), icc.AdobeRGB},

		{"gamma 2.2 is not sRGB", matrixRGB(srgbXYZ, gamma(2.2)), icc.Custom},
		{"gamma 1.8 is not Adobe", matrixRGB(adobeXYZ, gamma(1.8)), icc.Custom},
		{"straight line", matrixRGB(srgbXYZ, elem("curv", 0, 0, 0, 0)), icc.Custom},
		{"table of 12", matrixRGB(srgbXYZ, table(12, srgbCurve)), icc.Custom},
		{"one entry is off", matrixRGB(srgbXYZ, twisted), icc.Custom},
		{"one curve is off", mixed, icc.Custom},
		{"colorants 0.0005 away", matrixRGB(moved(srgbXYZ, 0.0005), srgbPara()), icc.Custom},
		{"not a number", matrixRGB(srgbXYZ, para(3, 2.4, -1, 0, 0, 0)), icc.Custom},
		{"division by zero", matrixRGB(adobeXYZ, para(1, g, 0, 0)), icc.Custom},
		{"with a table", with(v4SRGB, tag{"A2B0", lut8(3, 3, 2)}), icc.Custom},
		{"with a table backwards", with(v4SRGB, tag{"B2A1", lut8(3, 3, 2)}), icc.Custom},
		{"code points of HDR", with(v4SRGB, tag{"cicp", elem("cicp", 9, 16, 0, 1)}), icc.Custom},
		{"Adobe has no code points", with(matrixRGB(adobeXYZ, gamma(g)), tag{"cicp", elem("cicp", 1, 13, 0, 1)}), icc.Custom},
		{"not RGB", lab, icc.Custom},
	} {
		out, space, err := icc.Filter(tt.in.build())
		if err != nil || space != tt.want {
			t.Errorf("%s: %v, %v", tt.name, space, err)
			continue
		}
		checkClean(t, out, space)
		if space != icc.Custom && !bytes.Equal(out, icc.Profile(space)) {
			t.Errorf("%s: not our profile", tt.name)
		}
	}
}

// Under the absolute intent the white point shows, and ours is D50 whatever the other's is.
func TestAbsoluteIntentIsCustom(t *testing.T) {
	b := matrixRGB(srgbXYZ, srgbPara()).build()
	b[67] = 3
	out, space, err := icc.Filter(b)
	if err != nil || space != icc.Custom || out[67] != 3 {
		t.Errorf("%v, %v", space, err)
	}
	b[66], b[67] = 'A', 'M' // no such intent
	if out, space, err = icc.Filter(b); err != nil || space != icc.SRGB || out[67] != 0 {
		t.Errorf("%v, %v", space, err)
	}
}

// The bytes that every picture of a space will carry must not change unnoticed, nor from
// one kind of machine to another.
func TestProfileBytes(t *testing.T) {
	want := map[icc.Space]string{
		icc.SRGB:      "642defaef33097ee",
		icc.DisplayP3: "71bef93b1f8b3367",
		icc.AdobeRGB:  "c35b121d18c83a2b",
	}
	names := ""
	for _, s := range known {
		names += s.String() + " "
		if got := fmt.Sprintf("%x", sha256.Sum256(icc.Profile(s)))[:16]; got != want[s] {
			t.Errorf("%s: %s", s, got)
		}
	}
	if names != "srgb display-p3 adobe-rgb " {
		t.Errorf("names: %s", names)
	}
	if icc.Profile(icc.Custom) != nil || icc.Profile(77) != nil || icc.Space(77).String() != "custom" {
		t.Error("there is a profile for no space")
	}
}

func TestProfileNumbers(t *testing.T) {
	published := map[icc.Space][3][3]float64{icc.SRGB: srgbXYZ, icc.DisplayP3: p3XYZ, icc.AdobeRGB: adobeXYZ}
	d50 := []float64{63190 / 65536.0, 1, 54061 / 65536.0}
	for _, s := range known {
		p := icc.Profile(s)
		var sum [3]float64
		for i, sig := range []string{"rXYZ", "gXYZ", "bXYZ"} {
			for j := range 3 {
				v := fix(tagOf(p, sig)[8+4*j:])
				sum[j] += v
				if math.Abs(v-published[s][i][j]) > 0.00002 {
					t.Errorf("%s: %s[%d] = %.5f", s, sig, j, v)
				}
			}
		}
		for j := range 3 {
			if sum[j] != d50[j] {
				t.Errorf("%s: the colorants add up to %v", s, sum)
			}
		}
		curve := srgbCurve
		if s == icc.AdobeRGB {
			curve = func(v float64) float64 { return math.Pow(v, 563/256.0) }
		}
		for i := range 4096 {
			x := float64(i) / 4095
			if y, _ := curveAt(tagOf(p, "rTRC"), x); math.Abs(y-curve(x)) > 1.0/65535 {
				t.Errorf("%s: curve(%v) = %v, want %v", s, x, y, curve(x))
			}
		}
		checkClean(t, p, s)
	}
}

// The tolerance of colorants must not move a colour by one CIE 1976 unit.
func TestToleranceIsInvisible(t *testing.T) {
	worst := 0.0
	for _, c := range [][3][3]float64{srgbXYZ, p3XYZ, adobeXYZ} {
		for mix := 1; mix < 8; mix++ {
			for signs := range 8 {
				worst = max(worst, shift(c, mix, signs))
			}
		}
	}
	if worst > 1 || worst < 0.1 {
		t.Errorf("colours move by up to %.2f", worst)
	}
}

// shift returns the CIE 1976 difference that an error of 0.0004 in one colorant, with the
// given signs, makes to a mixture of full primaries.
func shift(c [3][3]float64, mix, signs int) float64 {
	var at, off [3]float64
	for j := range 3 {
		for i := range 3 {
			at[j] += c[i][j] * float64(mix>>i&1)
		}
		off[j] = at[j] + 0.0004*float64(2*(signs>>j&1)-1)
	}
	a, b := lab(at), lab(off)
	return math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
}

func lab(v [3]float64) [3]float64 {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x, y, z := f(v[0]/0.9642), f(v[1]), f(v[2]/0.8249)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}
