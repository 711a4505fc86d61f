package tiff

import (
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// A page is one picture of a file.
type page struct {
	*directory
	path    string // "tiff/page1/"
	reduced bool   // a smaller copy of another page, which goes
	empty   bool   // it has no picture in strips or tiles, and goes

	kept   map[*entry]int64 // entries that stay, and how many bytes of their values do
	fresh  []field          // those, and what else is written anew
	shape  shape
	coding coding
	strips []extent // strips or tiles, in the order of the picture
	bulk   []*entry // values that are copied
}

// A field is an entry as it is written: its value, or the range of the source that holds it.
type field struct {
	tag, typ uint16
	count    int64
	value    []byte
	from     *extent
}

// An extent is a range of the source.
type extent struct{ off, n int64 }

func (e extent) end() int64 { return e.off + e.n }

// kindOfPage finds out whether a page is a smaller copy of another one, or none at all: the
// second directory of EXIF may hold a thumbnail of its own kind.
func (f *file) kindOfPage(p *page) error {
	if offsets, _ := p.findPlaces(); offsets == nil || p.find(tagImageWidth) == nil || p.find(tagImageLength) == nil {
		p.reduced, p.empty = true, true
		return nil
	}
	subfile, err := f.number(p.directory, tagNewSubfileType, 0)
	if err != nil {
		return err
	}
	p.reduced = subfile&1 != 0
	if p.find(tagNewSubfileType) != nil {
		return nil
	}
	subfile, err = f.number(p.directory, tagSubfileType, 1)
	p.reduced = subfile == 2
	return err
}

// readPage reads a page that stays.
func (f *file) readPage(p *page) error {
	if err := f.readShape(p); err != nil {
		return err
	}
	p.kept = make(map[*entry]int64)
	for i := range p.entries {
		if err := f.keep(p, &p.entries[i]); err != nil {
			return err
		}
	}
	return f.readStrips(p)
}

// keep takes an entry over when its tag stays.
func (f *file) keep(p *page, e *entry) error {
	if e != p.find(e.tag) {
		return f.repeated(p, e)
	}
	if _, ok := bulk[e.tag]; ok {
		return f.keepBulk(p, e)
	}
	r, ok := structure[e.tag]
	if !ok {
		return nil
	}
	v, err := f.structural(p, e, r)
	if err != nil || v == nil {
		return err
	}
	p.kept[e] = v.count * typeSizes[e.typ]
	p.fresh = append(p.fresh, *v)
	return nil
}

// repeated refuses a page that says twice what its picture is made of: decoders differ in
// which one they believe.
func (f *file) repeated(p *page, e *entry) error {
	if structure[e.tag].needed || bulk[e.tag] != "" {
		return malformed(e.at, "a page that says twice how it is coded")
	}
	return nil
}

// structural returns the field that a tag which stays is written as; nil when it holds what
// no decoder reads.
func (f *file) structural(p *page, e *entry, r rule) (*field, error) {
	most := r.count
	if most == perSample {
		most = int64(p.shape.samples)
	}
	n := min(e.count, most)
	if e.broken || n == 0 || !r.form.allows(e.typ) {
		if r.needed && e.broken {
			return nil, cutOff(e.at, "a value stands past the end of the file")
		} else if r.needed {
			return nil, malformed(e.at, "a field of the wrong type")
		}
		return nil, nil
	}
	b, err := f.value(e, n*typeSizes[e.typ])
	if err != nil {
		return nil, err
	}
	v := &field{tag: e.tag, typ: e.typ, count: n, value: b}
	ok := f.canonical(v, r.form)
	if !ok && r.needed {
		return nil, malformed(e.at, "a field of an impossible value")
	} else if !ok {
		return nil, nil
	}
	return v, nil
}

// allows reports whether values of a type can be read as what a form asks for.
func (m form) allows(typ uint16) bool {
	switch typ {
	case typeByte, typeShort, typeLong, typeLong8:
		return true
	case typeRational, typeFloat, typeDouble:
		return m == ratio
	}
	return false
}

// keepBulk takes over a large value that belongs to the picture, when the page uses it.
func (f *file) keepBulk(p *page, e *entry) error {
	s := p.shape
	colours := int64(1) << min(s.bits[0], 32)
	switch e.tag {
	case tagColorMap:
		if s.photometric != 3 {
			return nil
		}
		if e.typ != typeShort || e.count > 3*colours || e.count%3 != 0 || !e.far {
			return malformed(e.at, "a colour map of the wrong size")
		}
	case tagTransfer:
		if e.typ != typeShort || e.count != colours && e.count != 3*colours || !e.far {
			return nil
		}
	case tagJPEGTables:
		if p.coding != jpegged {
			return nil
		}
		if e.typ != typeUndefined && e.typ != typeByte || !e.far {
			return malformed(e.at, "JPEG tables of the wrong type")
		}
	}
	p.kept[e] = e.n
	p.bulk = append(p.bulk, e)
	return nil
}

// A shape is what the tags of a page say about its samples.
type shape struct {
	width, length uint64
	samples       uint64
	bits          []uint64 // by sample
	photometric   uint64
	compression   uint64
	separate      bool   // planes one behind the other
	reversed      bool   // the lowest bit of a byte comes first
	rows          uint64 // of a strip or tile
	columns       uint64 // of a tile, 0 for strips
	subsampling   [2]uint64
}

// readShape reads what decides where the picture stands and how long it is.
func (f *file) readShape(p *page) error {
	d, s := p.directory, &p.shape
	var planar, depth, fill uint64
	for _, ask := range []struct {
		tag       uint16
		to        *uint64
		otherwise uint64
	}{
		{tagImageWidth, &s.width, 0}, {tagImageLength, &s.length, 0}, {tagSamplesPerPixel, &s.samples, 1},
		{tagPhotometric, &s.photometric, 0}, {tagPlanar, &planar, 1}, {tagCompression, &s.compression, 1}, {tagFillOrder, &fill, 1},
		{tagImageDepth, &depth, 1}, {tagRowsPerStrip, &s.rows, 1<<32 - 1},
		{tagTileWidth, &s.columns, 0},
	} {
		var err error
		if *ask.to, err = f.number(d, ask.tag, ask.otherwise); err != nil {
			return err
		}
	}
	s.separate, s.reversed = planar == 2, fill == 2
	switch {
	case depth != 1:
		return &container.Feature{Name: "a picture of three dimensions"}
	case d.find(tagStripRowCounts) != nil:
		return &container.Feature{Name: "strips of different heights"}
	case s.width == 0 || s.length == 0 || s.width >= 1<<31 || s.length >= 1<<31:
		return malformed(d.off, "a page without a size")
	case s.samples == 0:
		return malformed(d.off, "a page without samples")
	case s.samples > maxSamples:
		return &container.Feature{Name: "more than 4,096 samples per pixel"}
	case planar != 1 && planar != 2:
		return malformed(d.off, "an unknown order of planes")
	}
	var ok bool
	if p.coding, ok = codings[s.compression]; !ok {
		name := refused[s.compression]
		if name == "" {
			name = "an unknown compression"
		}
		return &container.Feature{Name: name}
	}
	if err := f.readTileLength(p); err != nil {
		return err
	}
	return f.readSamples(p)
}

func (f *file) readTileLength(p *page) (err error) {
	s := &p.shape
	if p.find(tagTileWidth) != nil {
		if s.rows, err = f.number(p.directory, tagTileLength, 0); err != nil {
			return err
		}
		if s.columns == 0 || s.columns >= 1<<31 || s.rows >= 1<<31 {
			return malformed(p.off, "tiles without a size")
		}
	}
	if s.rows == 0 {
		return malformed(p.off, "strips or tiles without a height")
	}
	return nil
}

// readSamples reads how large a sample is, and how many share one in YCbCr.
func (f *file) readSamples(p *page) error {
	s := &p.shape
	s.bits, s.subsampling = []uint64{1}, [2]uint64{1, 1}
	if e := p.find(tagBitsPerSample); e != nil {
		all, ok, err := f.numbers(e, int64(s.samples))
		if err != nil {
			return err
		}
		if !ok || len(all) == 0 {
			return malformed(e.at, "a field of the wrong type")
		}
		s.bits = all
	}
	for _, n := range s.bits {
		if n == 0 || n > 1024 {
			return malformed(p.off, "samples of an impossible size")
		}
	}
	for uint64(len(s.bits)) < s.samples {
		s.bits = append(s.bits, s.bits[0])
	}
	if s.photometric != 6 || s.samples != 3 || s.separate {
		return nil
	}
	s.subsampling = [2]uint64{2, 2}
	e := p.find(tagYCbCrSampling)
	if e == nil {
		return nil
	}
	all, ok, err := f.numbers(e, 2)
	if err != nil {
		return err
	}
	if !ok || len(all) != 2 || all[0] < 1 || all[0] > 4 || all[1] < 1 || all[1] > 4 {
		return malformed(e.at, "an impossible subsampling")
	}
	s.subsampling = [2]uint64(all)
	return nil
}

// count is how many strips or tiles a page has, or more than maxParts.
func (s *shape) count() uint64 {
	n := min(ceil(s.length, s.rows), maxParts+1)
	if s.columns > 0 {
		n = min(n*ceil(s.width, s.columns), maxParts+1)
	}
	if s.separate {
		n = min(n*s.samples, maxParts+1)
	}
	return n
}

func ceil(a, b uint64) uint64 { return (a + b - 1) / b }

// size is how many bytes the strip or tile of that number takes without compression. More
// than 64 bits can hold is 2^60.
func (s *shape) size(number uint64) int64 {
	rows, columns := s.rows, s.columns
	plane, down := uint64(0), ceil(s.length, s.rows)
	if columns == 0 {
		columns = s.width
		plane = number / down
		rows = min(s.rows, s.length-number%down*s.rows)
	} else if s.separate {
		plane = number / (down * ceil(s.width, s.columns))
	}
	bits := uint64(0)
	if s.separate {
		bits = s.bits[min(plane, s.samples-1)]
	} else {
		for _, n := range s.bits {
			bits += n
		}
	}
	if h, v := s.subsampling[0], s.subsampling[1]; h*v > 1 {
		// One unit holds h×v luminance samples and one of each colour difference.
		bits = s.bits[0] * (h*v + 2)
		columns, rows = ceil(columns, h), ceil(rows, v)
	}
	if float64(columns)*float64(bits)/8*float64(rows) > 1<<60 {
		return 1 << 60
	}
	return int64(ceil(columns*bits, 8) * rows)
}
