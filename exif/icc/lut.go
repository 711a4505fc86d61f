package icc

// maxChannels is what the formats of lookup tables can express (ICC.1:2022 10.12).
const maxChannels = 15

const pcsChannels = 3

func rebuildToPCS(h header, data []byte) ([]byte, error) {
	return rebuildLUT(data, spaces[h.space].channels, pcsChannels, "mAB ")
}

func rebuildFromPCS(h header, data []byte) ([]byte, error) {
	return rebuildLUT(data, pcsChannels, spaces[h.space].channels, "mBA ")
}

func rebuildGamut(_ header, data []byte) ([]byte, error) {
	return rebuildLUT(data, pcsChannels, 1, "mBA ")
}

// rebuildLUT rewrites a lookup table that must have the given channels.
func rebuildLUT(data []byte, in, out int, multi string) ([]byte, error) {
	if len(data) < 32 {
		return nil, malformed("table too short")
	}
	if int(data[8]) != in || int(data[9]) != out || in < 1 || in > maxChannels {
		return nil, malformed("wrong number of channels")
	}
	switch string(data[:4]) {
	case "mft1":
		return rebuildFixed(data, in, out, 48, 1, 256, 256)
	case "mft2":
		if len(data) < 52 {
			return nil, malformed("table too short")
		}
		n, m := int(be.Uint16(data[48:])), int(be.Uint16(data[50:]))
		if n < 2 || n > 4096 || m < 2 || m > 4096 {
			return nil, malformed("wrong number of table entries")
		}
		return rebuildFixed(data, in, out, 52, 2, n, m)
	case multi:
		return rebuildMulti(data, in, out)
	}
	return nil, malformed("wrong type of table")
}

// rebuildFixed rewrites lut8Type and lut16Type (10.10, 10.11): header, matrix, input curves
// of n entries, CLUT, output curves of m entries, each entry of the given width in bytes.
func rebuildFixed(data []byte, in, out, head, width, n, m int) ([]byte, error) {
	grid := make([]byte, in)
	for i := range grid {
		grid[i] = data[10]
	}
	clut, err := clutSize(grid, out, width)
	if err != nil {
		return nil, err
	}
	size := head + width*(in*n+m*out) + clut
	if len(data) < size {
		return nil, malformed("table too short")
	}
	b := fresh(string(data[:4]), size)
	copy(b[8:], data[8:size])
	b[11] = 0 // reserved
	if in != 3 {
		identity(b[12:48]) // nobody applies it: nine numbers to hide things in
	}
	return b, nil
}

func identity(b []byte) {
	clear(b)
	for i := range 3 {
		putS15Fixed16(b[16*i:], 1)
	}
}

// clutSize returns the bytes of a table with the given points in each direction.
func clutSize(grid []byte, out, width int) (int, error) {
	size := int64(out) * int64(width)
	for _, points := range grid {
		if points < 2 {
			return 0, malformed("table without points")
		}
		if size *= int64(points); size > MaxSize {
			return 0, malformed("table larger than the profile")
		}
	}
	return int(size), nil
}

// A stage is one step of lutAToBType and lutBToAType (10.12, 10.13).
type stage struct {
	at      int // where the element keeps the stage's offset
	rebuild func(data []byte) ([]byte, error)
}

// rebuildMulti lays out the stages of mAB and mBA anew, in the order B, matrix, M, CLUT, A.
// The B curves are on the side of the connection space, the A curves on the device's.
func rebuildMulti(data []byte, in, out int) ([]byte, error) {
	pcs, device := out, in
	if string(data[:4]) == "mBA " {
		pcs, device = in, out
	}
	curves := func(n int) func([]byte) ([]byte, error) {
		return func(b []byte) ([]byte, error) { return rebuildCurves(b, n) }
	}
	stages := []stage{
		{12, curves(pcs)},
		{16, func(b []byte) ([]byte, error) { return rebuildStageMatrix(b, pcs) }},
		{20, curves(pcs)},
		{24, func(b []byte) ([]byte, error) { return rebuildCLUT(b, in, out) }},
		{28, curves(device)},
	}
	if be.Uint32(data[12:]) == 0 || in != out && be.Uint32(data[24:]) == 0 {
		return nil, malformed("table without a necessary stage")
	}
	b := fresh(string(data[:4]), 32)
	b[8], b[9] = byte(in), byte(out)
	for _, s := range stages {
		off := int64(be.Uint32(data[s.at:]))
		if off == 0 {
			continue
		}
		if off < 32 || off > int64(len(data)) {
			return nil, malformed("stage outside the table")
		}
		part, err := s.rebuild(data[off:])
		if err != nil {
			return nil, err
		}
		be.PutUint32(b[s.at:], uint32(len(b)))
		b = pad4(append(b, part...))
	}
	return b, nil
}

// rebuildCurves rewrites n curves, each of which starts at a multiple of four.
func rebuildCurves(data []byte, n int) ([]byte, error) {
	var b []byte
	for range n {
		if len(b) > len(data) {
			return nil, malformed("curves too short")
		}
		curve, err := rebuildCurve(data[len(b):])
		if err != nil {
			return nil, err
		}
		b = pad4(append(b, curve...))
	}
	return b, nil
}

func rebuildStageMatrix(data []byte, channels int) ([]byte, error) {
	const size = 12 * 4 // three by three, and an offset
	if channels != 3 || len(data) < size {
		return nil, malformed("matrix too short")
	}
	return append([]byte(nil), data[:size]...), nil
}

func rebuildCLUT(data []byte, in, out int) ([]byte, error) {
	const head = 20
	if len(data) < head {
		return nil, malformed("table too short")
	}
	width := int(data[16])
	if width != 1 && width != 2 {
		return nil, malformed("unknown precision of a table")
	}
	n, err := clutSize(data[:in], out, width)
	if err != nil {
		return nil, err
	}
	if len(data) < head+n {
		return nil, malformed("table too short")
	}
	b := make([]byte, head+n)
	copy(b, data[:in]) // the other directions stay zero
	b[16] = byte(width)
	copy(b[head:], data[head:])
	return b, nil
}

func pad4(b []byte) []byte { return append(b, make([]byte, -len(b)&3)...) }
