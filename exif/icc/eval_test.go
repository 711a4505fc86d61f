package icc_test

import "math"

// tagOf finds a tag of a well-formed profile.
func tagOf(p []byte, sig string) []byte {
	for i := range int(be.Uint32(p[128:])) {
		e := p[132+12*i:]
		if string(e[:4]) == sig {
			off := be.Uint32(e[4:])
			return p[off : off+be.Uint32(e[8:])]
		}
	}
	return nil
}

// evaluate returns the colour of a device value by every tag that gives one: the matrix and
// curves, the grey curve, each table. It shares no code with the package.
func evaluate(p []byte, device, pcs []float64) map[string][]float64 {
	out := map[string][]float64{}
	for _, sig := range []string{"wtpt", "bkpt", "lumi", "rXYZ", "gXYZ", "bXYZ"} {
		if t := tagOf(p, sig); t != nil {
			out[sig] = []float64{fix(t[8:]), fix(t[12:]), fix(t[16:])}
		}
	}
	for i, sig := range []string{"rTRC", "gTRC", "bTRC", "kTRC"} {
		if t := tagOf(p, sig); t != nil {
			y, _ := curveAt(t, device[i%len(device)])
			out[sig] = []float64{y}
		}
	}
	for _, sig := range []string{"A2B0", "A2B1", "A2B2", "B2A0", "B2A1", "B2A2", "gamt"} {
		if t := tagOf(p, sig); t != nil {
			in := device
			if sig[0] != 'A' {
				in = pcs
			}
			out[sig] = lookupTable(t, in)
		}
	}
	return out
}

func fix(b []byte) float64 { return float64(int32(be.Uint32(b))) / 65536 }

// curveAt evaluates a curve and returns the bytes it takes up.
func curveAt(b []byte, x float64) (float64, int) {
	if string(b[:4]) == "para" {
		n := []int{1, 3, 4, 5, 7}[be.Uint16(b[8:])]
		p := make([]float64, 7)
		for i := range n {
			p[i] = fix(b[12+4*i:])
		}
		if n == 5 && x < p[4] {
			return p[3] * x, 12 + 4*n
		}
		if n == 1 {
			p[1] = 1
		}
		return math.Pow(p[1]*x+p[2], p[0]), 12 + 4*n // enough for the kinds built here: 0 and 3
	}
	n := int(be.Uint32(b[8:]))
	switch n {
	case 0:
		return x, 12
	case 1:
		return math.Pow(x, float64(be.Uint16(b[12:]))/256), 14
	}
	return sampled(b[12:], 2, n, x), 12 + 2*n
}

func sampled(b []byte, width, n int, x float64) float64 {
	x = min(max(x, 0), 1) * float64(n-1)
	i := min(int(x), n-2)
	lo, hi := sample(b, width, i), sample(b, width, i+1)
	return lo + (hi-lo)*(x-float64(i))
}

func sample(b []byte, width, i int) float64 {
	if width == 1 {
		return float64(b[i]) / 255
	}
	return float64(be.Uint16(b[2*i:])) / 65535
}

func lookupTable(t []byte, in []float64) []float64 {
	n, m := int(t[8]), int(t[9])
	switch string(t[:4]) {
	case "mft1":
		return fixedTable(t, 48, 1, n, m, 256, 256, in)
	case "mft2":
		return fixedTable(t, 52, 2, n, m, int(be.Uint16(t[48:])), int(be.Uint16(t[50:])), in)
	}
	at := func(i int) []byte { return t[be.Uint32(t[i:]):] }
	table := func(v []float64) []float64 {
		c := at(24)
		return interpolate(c[20:], int(c[16]), c[:n], m, v)
	}
	matrix := func(v []float64) []float64 {
		out := make([]float64, 3)
		for i := range 3 {
			out[i] = fix(at(16)[36+4*i:])
			for j := range 3 {
				out[i] += fix(at(16)[4*(3*i+j):]) * v[j]
			}
		}
		return out
	}
	if string(t[:4]) == "mAB " {
		return curvesAt(at(12), matrix(curvesAt(at(20), table(curvesAt(at(28), in)))))
	}
	return curvesAt(at(28), table(curvesAt(at(20), matrix(curvesAt(at(12), in)))))
}

func curvesAt(b []byte, v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		y, used := curveAt(b, min(max(v[i], 0), 1))
		out[i], b = y, b[(used+3)&^3:]
	}
	return out
}

func fixedTable(t []byte, head, width, n, m, inN, outN int, in []float64) []float64 {
	b := t[head:]
	v := make([]float64, n)
	for i := range v {
		v[i], b = sampled(b, width, inN, in[i]), b[inN*width:]
	}
	grid := make([]byte, n)
	size := m * width
	for i := range grid {
		grid[i] = t[10]
		size *= int(t[10])
	}
	out := interpolate(b, width, grid, m, v)
	b = b[size:]
	for i := range out {
		out[i], b = sampled(b, width, outN, out[i]), b[outN*width:]
	}
	return out
}

// interpolate is linear in every direction.
func interpolate(b []byte, width int, grid []byte, m int, v []float64) []float64 {
	out := make([]float64, m)
	for corner := range 1 << len(v) {
		weight, index := 1.0, 0
		for d, x := range v {
			x = min(max(x, 0), 1) * float64(grid[d]-1)
			i := min(int(x), int(grid[d])-2)
			f := x - float64(i)
			if corner>>d&1 == 1 {
				i, f = i+1, 1-f
			}
			weight *= 1 - f
			index = index*int(grid[d]) + i
		}
		for c := range out {
			out[c] += weight * sample(b, width, index*m+c)
		}
	}
	return out
}
