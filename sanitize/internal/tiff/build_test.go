package tiff_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// byteOrder is how a test file is written.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

var (
	little byteOrder = binary.LittleEndian
	bigEnd byteOrder = binary.BigEndian
)

// A tag is one entry of a directory. Its value is given as bytes, as whole numbers, as data
// that stands elsewhere, or as directories.
type tag struct {
	id, typ uint16
	text    []byte
	numbers []uint64
	data    [][]byte
	dirs    []*dir
	at      []uint64 // places as they are
	count   int      // when it is a lie
}

// A dir is a directory.
type dir struct {
	tags []tag
	lead []byte // bytes before all that it refers to
	gap  string // bytes before it that belong to nothing
	next uint64 // when it leads somewhere unusual
}

func ascii(id uint16, s string) tag     { return tag{id: id, typ: 2, text: []byte(s + "\x00")} }
func undefined(id uint16, s string) tag { return tag{id: id, typ: 7, text: []byte(s)} }
func bytesTag(id uint16, s string) tag  { return tag{id: id, typ: 1, text: []byte(s)} }
func short(id uint16, v ...uint64) tag  { return tag{id: id, typ: 3, numbers: v} }
func long(id uint16, v ...uint64) tag   { return tag{id: id, typ: 4, numbers: v} }
func ratio(id uint16, v ...uint64) tag  { return tag{id: id, typ: 5, numbers: v} }
func double(id uint16, v float64) tag {
	return tag{id: id, typ: 12, numbers: []uint64{math.Float64bits(v)}}
}
func below(id uint16, d ...*dir) tag      { return tag{id: id, typ: 4, dirs: d} }
func parts(id uint16, data ...[]byte) tag { return tag{id: id, typ: 4, data: data} }
func places(id uint16, at ...uint64) tag  { return tag{id: id, typ: 4, at: at} }
func page(tags ...tag) *dir               { return &dir{tags: tags} }
func (d *dir) with(tags ...tag) *dir {
	more := *d
	more.tags = append(d.tags[:len(d.tags):len(d.tags)], tags...)
	return &more
}
func (d *dir) after(gap string) *dir { return &dir{tags: d.tags, gap: gap} }
func secret(name string) string      { return containertest.Canary + "-" + name }

func without(d *dir, ids ...uint16) *dir {
	out := &dir{lead: d.lead, gap: d.gap, next: d.next}
	for _, t := range d.tags {
		drop := false
		for _, id := range ids {
			drop = drop || t.id == id
		}
		if !drop {
			out.tags = append(out.tags, t)
		}
	}
	return out
}

// A builder writes a file.
type builder struct {
	order byteOrder
	big   bool
	out   []byte
}

func (b *builder) offset(out []byte, v uint64) []byte {
	if b.big {
		return b.order.AppendUint64(out, v)
	}
	return b.order.AppendUint32(out, uint32(v))
}

// build writes a classic or BigTIFF file of the given pages.
func build(order byteOrder, big bool, pages ...*dir) []byte {
	b := &builder{order: order, big: big, out: []byte("II")}
	if order == bigEnd {
		b.out = []byte("MM")
	}
	if big {
		b.out = order.AppendUint16(order.AppendUint16(order.AppendUint16(b.out, 43), 8), 0)
	} else {
		b.out = order.AppendUint16(b.out, 42)
	}
	link := len(b.out)
	b.out = b.offset(b.out, 0)
	for _, p := range pages {
		at, next := b.dir(p)
		copy(b.out[link:], b.offset(nil, at))
		link = next
	}
	return b.out
}

func (b *builder) place(data []byte) uint64 {
	if len(b.out)%2 == 1 {
		b.out = append(b.out, 0)
	}
	at := uint64(len(b.out))
	b.out = append(b.out, data...)
	return at
}

// dir writes a directory behind everything that it refers to, and returns where it stands
// and where the offset of the next one has to go.
func (b *builder) dir(d *dir) (at uint64, next int) {
	b.out = append(b.out, d.lead...)
	entries := make([][]byte, 0, len(d.tags))
	for _, t := range d.tags {
		entries = append(entries, b.entry(t))
	}
	b.out = append(b.out, d.gap...)
	if len(b.out)%2 == 1 {
		b.out = append(b.out, 0)
	}
	at = uint64(len(b.out))
	if b.big {
		b.out = b.order.AppendUint64(b.out, uint64(len(entries)))
	} else {
		b.out = b.order.AppendUint16(b.out, uint16(len(entries)))
	}
	for _, e := range entries {
		b.out = append(b.out, e...)
	}
	next = len(b.out)
	b.out = b.offset(b.out, d.next)
	return at, next
}

func (b *builder) entry(t tag) []byte {
	out := b.order.AppendUint16(b.order.AppendUint16(nil, t.id), t.typ)
	numbers := append(t.numbers, t.at...)
	for _, data := range t.data {
		b.out = append(b.out, data...) // strips may stand at odd places
		numbers = append(numbers, uint64(len(b.out)-len(data)))
	}
	for _, d := range t.dirs {
		at, _ := b.dir(d)
		numbers = append(numbers, at)
	}
	value, count := t.text, len(t.text)
	if value == nil {
		count = len(numbers)
		for _, n := range numbers {
			switch t.typ {
			case 1:
				value = append(value, byte(n))
			case 3:
				value = b.order.AppendUint16(value, uint16(n))
			case 4, 5:
				value = b.order.AppendUint32(value, uint32(n))
			default:
				value = b.order.AppendUint64(value, n)
			}
		}
		if t.typ == 5 {
			count /= 2
		}
	}
	if t.count != 0 {
		count = t.count
	}
	out = b.offset(out, uint64(count))
	inline := len(b.offset(nil, 0))
	if len(value) <= inline {
		return append(append(out, value...), make([]byte, inline-len(value))...)
	}
	return b.offset(out, b.place(value))
}

// draw is our test picture: a gradient with a disc, of 1, 3 or 4 samples.
func draw(w, h, samples int) []byte {
	var out []byte
	for y := range h {
		for x := range w {
			for s := range samples {
				v := byte(x*255/w/2 + y*255/h/2)
				if dx, dy := x-w/2, y-h/2; dx*dx+dy*dy < h*h/9 {
					v = byte(200 - 60*s)
				}
				out = append(out, v)
			}
		}
	}
	return out
}

const side = 16 // of a tile, and what the height of strips divides

// picture is a page without compression, cut into strips of 8 rows.
func picture(w, h, samples int) *dir {
	return stored(w, h, samples, 1, split(draw(w, h, samples), w*samples*8)...)
}

// stored is a page whose strips of 8 rows are given.
func stored(w, h, samples, compression int, strips ...[]byte) *dir {
	bits := make([]uint64, samples)
	for i := range bits {
		bits[i] = 8
	}
	photometric := uint64(2)
	if samples == 1 {
		photometric = 1
	}
	var counts []uint64
	for _, s := range strips {
		counts = append(counts, uint64(len(s)))
	}
	return page(
		long(254, 0), short(256, uint64(w)), short(257, uint64(h)), short(258, bits...), short(259, uint64(compression)),
		short(262, photometric), parts(273, strips...), short(274, 1), short(277, uint64(samples)), short(278, 8),
		long(279, counts...), ratio(282, 300, 1), ratio(283, 300, 1), short(296, 2),
	)
}

func split(b []byte, n int) (all [][]byte) {
	for len(b) > n {
		all, b = append(all, b[:n]), b[n:]
	}
	return append(all, b)
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func packBits(b []byte) (out []byte) {
	for _, run := range split(b, 128) {
		out = append(append(out, byte(len(run)-1)), run...)
	}
	return out
}

// lzw codes every byte by itself, and so never needs more than nine bits.
func lzw(b []byte) (out []byte) {
	var bits, have uint
	put := func(code uint) {
		bits, have = bits<<9|code, have+9
		for ; have >= 8; have -= 8 {
			out = append(out, byte(bits>>(have-8)))
		}
	}
	for i, c := range b {
		if i%200 == 0 {
			put(256)
		}
		put(uint(c))
	}
	put(257)
	if have > 0 {
		out = append(out, byte(bits<<(8-have)))
	}
	return out
}

// zstandard is a frame of one block that is not compressed (RFC 8878), for 256 bytes and more.
func zstandard(b []byte) []byte {
	out := little.AppendUint16([]byte("\x28\xB5\x2F\xFD\x60"), uint16(len(b)-256))
	block := uint32(len(b))<<3 | 1
	return append(append(out, byte(block), byte(block>>8), byte(block>>16)), b...)
}

// coded is our picture as JPEG: a whole stream.
func coded(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	rgb := draw(w, h, 3)
	for i := range w * h {
		img.SetRGBA(i%w, i/w, color.RGBA{rgb[3*i], rgb[3*i+1], rgb[3*i+2], 255})
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// jpegSegment is one segment of a JPEG stream.
func jpegSegment(marker byte, payload string) []byte {
	return append(bigEnd.AppendUint16([]byte{0xFF, marker}, uint16(2+len(payload))), payload...)
}

// takeTables takes the tables out of a stream of ours: DQT, SOF, DHT, SOS.
func takeTables(stream []byte) (tables, rest []byte) {
	rest = []byte{0xFF, 0xD8}
	for at := 2; ; {
		n := 2 + int(bigEnd.Uint16(stream[at+2:]))
		switch stream[at+1] {
		case 0xDB, 0xC4:
			tables = append(tables, stream[at:at+n]...)
		case 0xDA:
			return tables, append(rest, stream[at:]...)
		default:
			rest = append(rest, stream[at:at+n]...)
		}
		at += n
	}
}

// inJPEG is a page of one strip that is a JPEG stream.
func inJPEG(w, h int, stream []byte) *dir {
	d := without(stored(w, h, 3, 7, stream), 262, 278)
	return d.with(short(262, 6), short(278, uint64(h)), short(530, 2, 2))
}
