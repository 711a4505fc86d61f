package icc

// A matrix holds three rows of three.
type matrix [3][3]float64

// bradford turns XYZ into the cone responses of the Bradford adaptation, ICC.1:2022 annex E.
var bradford = matrix{
	{0.8951, 0.2664, -0.1614},
	{-0.7502, 1.7135, 0.0367},
	{0.0389, -0.0685, 1.0296},
}

func (m matrix) apply(v [3]float64) [3]float64 {
	var out [3]float64
	for i, row := range m {
		out[i] = row[0]*v[0] + row[1]*v[1] + row[2]*v[2]
	}
	return out
}

func (m matrix) times(n matrix) matrix {
	var out matrix
	for i := range 3 {
		for j := range 3 {
			out[i][j] = m[i][0]*n[0][j] + m[i][1]*n[1][j] + m[i][2]*n[2][j]
		}
	}
	return out
}

// inverse is by cofactors; the matrices used here are far from singular.
func (m matrix) inverse() matrix {
	var out matrix
	cofactor := func(i, j int) float64 {
		a, b, c, d := (i+1)%3, (i+2)%3, (j+1)%3, (j+2)%3
		return m[a][c]*m[b][d] - m[a][d]*m[b][c]
	}
	det := m[0][0]*cofactor(0, 0) + m[0][1]*cofactor(0, 1) + m[0][2]*cofactor(0, 2)
	for i := range 3 {
		for j := range 3 {
			out[j][i] = cofactor(i, j) / det
		}
	}
	return out
}

// xyz returns the colour of chromaticity x, y at luminance 1.
func xyz(c [2]float64) [3]float64 { return [3]float64{c[0] / c[1], 1, (1 - c[0] - c[1]) / c[1]} }

// adaptation returns the Bradford matrix that turns colours under white into colours under D50.
func adaptation(white [2]float64) matrix {
	from := bradford.apply(xyz(white))
	to := bradford.apply([3]float64{fixed(d50[0]), fixed(d50[1]), fixed(d50[2])})
	var scale matrix
	for i := range 3 {
		scale[i][i] = to[i] / from[i]
	}
	return bradford.inverse().times(scale).times(bradford)
}

// colorants returns XYZ of red, green and blue at full, adapted to D50.
func (k known) colorants() [3][3]float64 {
	p := [3][3]float64{xyz(k.r), xyz(k.g), xyz(k.b)}
	var columns matrix
	for i := range 3 {
		for j := range 3 {
			columns[j][i] = p[i][j]
		}
	}
	// Luminances at which the three add up to white.
	lum := columns.inverse().apply(xyz(k.white))
	adapt := adaptation(k.white)
	for i := range 3 {
		for j := range 3 {
			p[i][j] *= lum[i]
		}
		p[i] = adapt.apply(p[i])
	}
	return p
}
