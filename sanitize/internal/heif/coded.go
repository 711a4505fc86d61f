package heif

import (
	"slices"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// A coding says how the data of a coded picture are told apart.
type coding struct {
	config string // the property with what a decoder needs beforehand
	next   func(f *file, s *stream, at int64) (n int64, keep bool, err error)
}

// codings are the coded pictures that are understood.
var codings = map[string]coding{
	"hvc1": {"hvcC", hevcUnit}, "hev1": {"hvcC", hevcUnit},
	"avc1": {"avcC", avcUnit}, "av01": {"av1C", av1Unit},
}

// otherCodings are those that are not.
var otherCodings = map[string]string{
	"jpeg": "JPEG", "j2k1": "JPEG 2000", "vvc1": "VVC", "evc1": "EVC", "unci": "uncompressed",
	"lhv1": "layered HEVC", "mski": "mask", "tili": "tiled", "svc1": "scalable AVC", "hxv1": "vendor's",
}

// maxUnits is how many NAL units or OBUs all pictures of a file may have together.
const maxUnits = 1 << 18

// unitHead is how much of a unit is looked at.
const unitHead = 16

// junk is what goes from among coded data.
type junk struct {
	extent
	name string
}

// strip tells what a decoder needs of coded data from messages among them.
func (f *file) strip(it *item) error {
	c := codings[it.typ]
	s := &stream{file: f, parts: it.ranges}
	for _, e := range it.ranges {
		s.size += e.n
	}
	if s.size == 0 {
		return malformed(it.off, "a picture without data")
	}
	if c.config != "av1C" {
		if s.lengths = f.lengthSize(it, c.config); s.lengths == 0 {
			return malformed(it.off, "a picture that does not say how it is coded")
		}
	}
	for at := int64(0); at < s.size; {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		if f.units++; f.units > maxUnits {
			return feature("a picture of so many parts")
		}
		n, keep, err := c.next(f, s, at)
		if err != nil {
			return err
		}
		inside := s.inside(at)
		for i, e := range s.cut(at, n) {
			switch last := len(it.media) - 1; {
			case !keep:
				it.junk = append(it.junk, junk{e, "coded-message"})
			case last >= 0 && it.media[last].end() == e.off && inside && i == 0:
				it.media[last].n += e.n
			default:
				it.media = append(it.media, e)
			}
		}
		at += n
	}
	if len(it.media) == 0 {
		return malformed(it.off, "a picture without data")
	}
	if len(it.junk) > 0 && f.has(it, "a1lx") {
		return feature("a picture in layers with messages among them")
	}
	return nil
}

// lengthSize returns how many bytes stand before each NAL unit, 0 when nothing says so.
func (f *file) lengthSize(it *item, config string) int64 {
	for _, a := range it.props {
		if p := f.prop(a); p != nil && p.typ == config && p.clean != nil {
			return int64(p.nal)
		}
	}
	return 0
}

// has reports whether an item has a property of a type.
func (f *file) has(it *item, typ string) bool {
	return slices.ContainsFunc(it.props, func(a association) bool {
		p := f.prop(a)
		return p != nil && p.typ == typ
	})
}

// A stream is the data of an item as one run of bytes. It is read forwards.
type stream struct {
	file    *file
	parts   []extent
	size    int64
	lengths int64 // bytes before a NAL unit

	i    int   // the part that was read last
	base int64 // where it begins in the stream
}

// seek goes to the part that holds the byte at off.
func (s *stream) seek(off int64) {
	for s.i < len(s.parts)-1 && off >= s.base+s.parts[s.i].n {
		s.base += s.parts[s.i].n
		s.i++
	}
}

// inside reports whether the byte at off is not the first one of a part. Extents stay apart
// even when they touch, so that each is one range of the source.
func (s *stream) inside(off int64) bool {
	s.seek(off)
	return off > s.base
}

// cut returns where the n bytes at off lie in the file.
func (s *stream) cut(off, n int64) (where []extent) {
	s.seek(off)
	base := s.base
	for _, p := range s.parts[s.i:] {
		if n <= 0 {
			break
		}
		take := min(n, base+p.n-off)
		where = append(where, extent{p.off + off - base, take})
		off, n, base = off+take, n-take, base+p.n
	}
	return where
}

// read returns n bytes from off, or what is left.
func (s *stream) read(off, n int64) (out []byte, err error) {
	for _, e := range s.cut(off, min(n, s.size-off)) {
		b, err := container.ReadPayload(s.file.src, e.off, e.n)
		if err != nil {
			return nil, err
		}
		out = append(out, b...)
	}
	return out, nil
}

// unit reads the length of the NAL unit at off and its first bytes.
func (s *stream) unit(off int64) (n int64, head []byte, err error) {
	head, err = s.read(off, unitHead)
	if err != nil {
		return 0, nil, err
	}
	if int64(len(head)) < s.lengths {
		return 0, nil, s.broken(off)
	}
	for _, b := range head[:s.lengths] {
		n = n<<8 | int64(b)
	}
	if n > s.size-off-s.lengths {
		return 0, nil, s.broken(off)
	}
	head = head[s.lengths:]
	return n + s.lengths, head[:min(n, int64(len(head)))], nil
}

func (s *stream) broken(off int64) error {
	return malformed(s.cut(off, 1)[0].off, "coded data of the wrong length")
}

// hevcUnit takes a NAL unit of HEVC: slices and parameter sets of the base layer stay, ITU-T
// H.265 section 7.4.2.2.
func hevcUnit(_ *file, s *stream, at int64) (int64, bool, error) {
	n, head, err := s.unit(at)
	if err != nil || len(head) < 2 {
		return n, false, err
	}
	typ, layer := head[0]>>1&0x3F, head[0]&1<<5|head[1]>>3
	switch {
	case layer != 0:
		return n, false, nil
	case typ <= 9, typ >= 16 && typ <= 21, typ >= hevcVPS && typ <= hevcEOB:
		return n, true, nil
	case typ == hevcPrefix, typ == hevcSuffix:
		keep, err := s.keepsSEI(at+s.lengths+2, n-s.lengths-2)
		return n, keep, err
	}
	return n, false, nil
}

// seiSizes are the supplemental messages that say how colours and light are meant, with
// their sizes, ITU-T H.265 annex D: mastering display, light level, transfer, ambient light.
var seiSizes = map[byte]int{137: 24, 144: 4, 147: 1, 148: 8}

// keepsSEI reports whether the messages of a unit are all of those.
func (s *stream) keepsSEI(off, n int64) (bool, error) {
	const most = 256
	if n > most {
		return false, nil
	}
	b, err := s.read(off, n)
	if err != nil {
		return false, err
	}
	b = unescape(b)
	for len(b) > 2 {
		size, ok := seiSizes[b[0]]
		if !ok || int(b[1]) != size || len(b) < 2+size {
			return false, nil
		}
		b = b[2+size:]
	}
	return len(b) == 1 && b[0] == 0x80, nil
}

// unescape takes the bytes out that keep a unit free of start codes, section 7.4.2.
func unescape(b []byte) (out []byte) {
	zeros := 0
	for _, c := range b {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if zeros++; c != 0 {
			zeros = 0
		}
		out = append(out, c)
	}
	return out
}

// avcUnit takes a NAL unit of AVC, ITU-T H.264 table 7-1: slices, parameter sets, delimiters.
func avcUnit(_ *file, s *stream, at int64) (int64, bool, error) {
	n, head, err := s.unit(at)
	if err != nil || len(head) < 1 {
		return n, false, err
	}
	typ := head[0] & 31
	return n, typ >= 1 && typ <= 5 || typ >= 7 && typ <= 11 || typ == 13 || typ == 19, nil
}

// av1Unit takes an open bitstream unit of AV1, section 5.3.
func av1Unit(_ *file, s *stream, at int64) (int64, bool, error) {
	head, err := s.read(at, unitHead)
	if err != nil {
		return 0, false, err
	}
	u, ok := readOBU(head, s.size-at)
	if !ok {
		return 0, false, s.broken(at)
	}
	switch {
	case u.typ == obuDelim:
		return u.n, u.n == u.head, nil
	case u.typ == obuMetadata:
		return u.n, keepsMetadata(head, u), nil
	}
	return u.n, u.typ >= obuSequence && u.typ <= obuTileList, nil
}

// keepsMetadata reports whether a metadata unit holds the light level or the mastering
// display, each followed by one byte that ends it (AV1 section 5.8).
func keepsMetadata(head []byte, u obu) bool {
	if u.head >= int64(len(head)) {
		return false
	}
	size := map[byte]int64{1: 4, 2: 24}[head[u.head]]
	return size > 0 && u.n == u.head+1+size+1
}
