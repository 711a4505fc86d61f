package exif_test

import (
	"encoding/binary"
	"math"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

var bothOrders = []order{binary.BigEndian, binary.LittleEndian}

// An ent is a directory entry for a test block. Its value is one of the others.
type ent struct {
	id, typ uint16
	text    string // bytes as they are
	u16     []uint16
	u32     []uint32 // longs, or rationals in pairs
	dirs    []*dir   // pointers to directories
	data    []byte   // picture data; the value is its offset
	count   uint32   // instead of the right count
	offset  uint32   // instead of the right offset
}

type dir struct {
	ents []ent
	next *dir
}

func ascii(id uint16, s string) ent     { return ent{id: id, typ: 2, text: s + "\x00"} }
func short(id uint16, v ...uint16) ent  { return ent{id: id, typ: 3, u16: v} }
func long(id uint16, v ...uint32) ent   { return ent{id: id, typ: 4, u32: v} }
func ratio(id uint16, v ...uint32) ent  { return ent{id: id, typ: 5, u32: v} }
func undefined(id uint16, s string) ent { return ent{id: id, typ: 7, text: s} }
func ptr(id uint16, d ...*dir) ent      { return ent{id: id, typ: 4, dirs: d} }
func thumb(id uint16, b []byte) ent     { return ent{id: id, typ: 4, data: b} }
func ifd(ents ...ent) *dir              { return &dir{ents: ents} }
func exifIFD(ents ...ent) *dir          { return ifd(ptr(0x8769, ifd(ents...))) }
func gpsIFD(ents ...ent) *dir           { return ifd(ptr(0x8825, ifd(ents...))) }
func (d *dir) then(next *dir) *dir      { d.next = next; return d }
func block(o order, d *dir) []byte      { b := &blockBuilder{o: o}; return b.build(d) }
func bigBlock(d *dir) []byte            { return block(binary.BigEndian, d) }
func float(id uint16, v float64) ent    { return ent{id: id, typ: 12, u32: bits(v)} }
func bits(v float64) []uint32           { b := math.Float64bits(v); return []uint32{uint32(b >> 32), uint32(b)} }
func wide(id uint16, s string) (e ent)  { return ent{id: id, typ: 1, text: utf16le(s)} }
func comment(id uint16, code, s string) ent {
	return undefined(id, (code + "\x00\x00\x00\x00\x00\x00\x00\x00")[:8]+s)
}

func utf16le(s string) string {
	var b []byte
	for _, r := range s + "\x00" {
		b = binary.LittleEndian.AppendUint16(b, uint16(r)) // letters of the first plane are enough here
	}
	return string(b)
}

type blockBuilder struct {
	o order
	b []byte
}

func (b *blockBuilder) build(d *dir) []byte {
	if b.o.Uint16([]byte{1, 0}) == 1 {
		b.b = []byte("II*\x00")
	} else {
		b.b = []byte("MM\x00*")
	}
	b.b = b.o.AppendUint32(b.b, 8)
	b.dir(d)
	return b.b
}

// dir writes d, then its values, then the directories that it points to, and the next one.
func (b *blockBuilder) dir(d *dir) uint32 {
	if len(b.b)%2 == 1 {
		b.b = append(b.b, 0)
	}
	at := len(b.b)
	b.b = b.o.AppendUint16(b.b, uint16(len(d.ents)))
	b.b = append(b.b, make([]byte, 12*len(d.ents)+4)...)
	for i, e := range d.ents {
		b.entry(at+2+12*i, e)
	}
	if d.next != nil {
		next := b.dir(d.next)
		b.o.PutUint32(b.b[at+2+12*len(d.ents):], next)
	}
	return uint32(at)
}

func (b *blockBuilder) entry(at int, e ent) {
	value := []byte(e.text)
	count := uint32(len(value))
	if e.typ == 0 {
		panic("no type")
	}
	for _, v := range e.u16 {
		value = b.o.AppendUint16(value, v)
		count++
	}
	for _, v := range e.u32 {
		value = b.o.AppendUint32(value, v)
		count++
	}
	for _, d := range e.dirs {
		value = b.o.AppendUint32(value, b.dir(d))
		count++
	}
	if e.data != nil {
		value = b.o.AppendUint32(value, b.append(e.data))
		count++
	}
	switch e.typ {
	case 5, 10:
		count /= 2
	case 12:
		count /= 2
		if b.o.Uint16([]byte{1, 0}) == 1 && len(value) == 8 {
			value = append(value[4:8:8], value[:4]...)
		}
	}
	if e.count != 0 {
		count = e.count
	}
	b.o.PutUint16(b.b[at:], e.id)
	b.o.PutUint16(b.b[at+2:], e.typ)
	b.o.PutUint32(b.b[at+4:], count)
	switch {
	case e.offset != 0:
		b.o.PutUint32(b.b[at+8:], e.offset)
	case len(value) <= 4:
		copy(b.b[at+8:], value)
	default:
		place := b.append(value)
		b.o.PutUint32(b.b[at+8:], place)
	}
}

func (b *blockBuilder) append(data []byte) uint32 {
	if len(b.b)%2 == 1 {
		b.b = append(b.b, 0)
	}
	at := len(b.b)
	b.b = append(b.b, data...)
	return uint32(at)
}

// phone is a block as a phone writes it: 60 tags, a maker note, a position, a thumbnail.
func phone() *dir {
	gps := ifd(
		ent{id: 0x00, typ: 1, text: "\x02\x03\x00\x00"},
		ascii(0x01, "S"), ratio(0x02, 36, 1, 12, 1, 756, 100),
		ascii(0x03, "W"), ratio(0x04, 37, 1, 8, 1, 3000, 100),
		ent{id: 0x05, typ: 1, text: "\x00"}, ratio(0x06, 39512, 100),
		ratio(0x07, 12, 1, 5, 1, 9, 1), ascii(0x10, "T"), ratio(0x11, 2271, 10),
		ascii(0x0C, "K"), ratio(0x0D, 13, 10), ascii(0x17, "T"), ratio(0x18, 2271, 10),
		comment(0x1B, "ASCII", "GPS"), ascii(0x1D, "2026:01:31"), ratio(0x1F, 47, 10),
	)
	interop := ifd(ascii(0x01, "R98"), undefined(0x02, "0100"))
	exif := ifd(
		ratio(0x829A, 1, 120), ratio(0x829D, 28, 10), short(0x8822, 2), short(0x8827, 64),
		undefined(0x9000, "0232"), ascii(0x9003, "2026:01:31 14:05:09"), ascii(0x9004, "2026:01:31 14:05:09"),
		ascii(0x9010, "+02:00"), ascii(0x9011, "+02:00"), ascii(0x9012, "+02:00"),
		undefined(0x9101, "\x01\x02\x03\x00"), ent{id: 0x9201, typ: 10, u32: []uint32{6907, 1000}},
		ratio(0x9202, 297, 100), ent{id: 0x9204, typ: 10, u32: []uint32{0, 1}},
		short(0x9207, 5), short(0x9209, 24), ratio(0x920A, 26, 10),
		short(0x9214, 2015, 1511, 2217, 1330), undefined(0x927C, string(make([]byte, 1200))),
		ascii(0x9290, "123"), ascii(0x9291, "123"), ascii(0x9292, "123"),
		undefined(0xA000, "0100"), short(0xA001, 1), long(0xA002, 4032), long(0xA003, 3024),
		ptr(0xA005, interop), short(0xA217, 2), undefined(0xA301, "\x01"), short(0xA402, 0),
		short(0xA403, 0), ratio(0xA404, 1, 1), short(0xA405, 26), short(0xA406, 0),
		ratio(0xA432, 15, 10, 9, 1, 178, 100, 28, 10), ascii(0xA433, "Maker"), ascii(0xA434, "Maker back camera"),
	)
	ifd1 := ifd(
		short(0x0103, 6), ratio(0x011A, 72, 1), ratio(0x011B, 72, 1), short(0x0128, 2),
		thumb(0x0201, make([]byte, 9000)), long(0x0202, 9000),
	)
	return ifd(
		ascii(0x010F, "Maker"), ascii(0x0110, "Phone 12"), short(0x0112, 6),
		ratio(0x011A, 72, 1), ratio(0x011B, 72, 1), short(0x0128, 2), ascii(0x0131, "17.1"),
		ascii(0x0132, "2026:01:31 14:05:09"), ascii(0x013C, "Phone"), short(0x0213, 1),
		ptr(0x8769, exif), ptr(0x8825, gps),
	).then(ifd1)
}

// find returns the item of that path, and whether there is one.
func find(items []metadata.Item, path string) (metadata.Item, bool) {
	for _, item := range items {
		if item.Path == path {
			return item, true
		}
	}
	return metadata.Item{}, false
}

// fieldsOf returns the values of a field in their order.
func fieldsOf(items []metadata.Item, f metadata.Field) (values []string) {
	for _, item := range items {
		if item.Field == f {
			values = append(values, item.Value.Reveal())
		}
	}
	return values
}
