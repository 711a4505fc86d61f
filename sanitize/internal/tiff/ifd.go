package tiff

import (
	"encoding/binary"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Field types, TIFF 6.0 page 15, its technical note 1, and BigTIFF.
const (
	typeByte      = 1
	typeASCII     = 2
	typeShort     = 3
	typeLong      = 4
	typeRational  = 5
	typeSByte     = 6
	typeUndefined = 7
	typeSShort    = 8
	typeSLong     = 9
	typeSRational = 10
	typeFloat     = 11
	typeDouble    = 12
	typeIFD       = 13
	typeLong8     = 16
	typeSLong8    = 17
	typeIFD8      = 18
)

var typeSizes = map[uint16]int64{
	typeByte: 1, typeASCII: 1, typeShort: 2, typeLong: 4, typeRational: 8, typeSByte: 1,
	typeUndefined: 1, typeSShort: 2, typeSLong: 4, typeSRational: 8, typeFloat: 4,
	typeDouble: 8, typeIFD: 4, typeLong8: 8, typeSLong8: 8, typeIFD8: 8,
}

// maxEntries is far above what any writer puts into one directory.
const maxEntries = 4096

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// A header is how a file begins.
type header struct {
	order byteOrder
	big   bool
	first int64 // the first directory
}

// size is how many bytes the header takes.
func (h header) size() int64 {
	if h.big {
		return 16
	}
	return 8
}

// entrySize is how many bytes one entry of a directory takes.
func (h header) entrySize() int64 {
	if h.big {
		return 20
	}
	return 12
}

// inline is how many bytes of a value fit into its entry.
func (h header) inline() int64 {
	if h.big {
		return 8
	}
	return 4
}

// countSize is how many bytes the number of entries takes.
func (h header) countSize() int64 {
	if h.big {
		return 8
	}
	return 2
}

func readHeader(b []byte) (header, error) {
	if len(b) < 8 {
		return header{}, malformed(0, "the file is too short for a header")
	}
	var h header
	switch string(b[:2]) {
	case "II":
		h.order = binary.LittleEndian
	case "MM":
		h.order = binary.BigEndian
	default:
		return h, malformed(0, "no byte order")
	}
	switch h.order.Uint16(b[2:]) {
	case 42:
		h.first = int64(h.order.Uint32(b[4:]))
		return h, nil
	case 43:
		h.big = true
	default:
		return h, malformed(2, "no version number of TIFF")
	}
	if len(b) < 16 {
		return h, malformed(0, "the file is too short for a header")
	}
	if h.order.Uint16(b[4:]) != 8 || h.order.Uint16(b[6:]) != 0 {
		return h, malformed(4, "offsets of an unknown size")
	}
	h.first = int64(h.order.Uint64(b[8:]))
	return h, nil
}

// An entry is one entry of a directory.
type entry struct {
	tag, typ uint16
	count    int64
	at       int64 // where the entry stands
	off, n   int64 // where its value stands, and how long it is
	far      bool  // the value stands outside the entry
	broken   bool  // no known type, or a value that cannot be in the file
}

// A directory is an IFD.
type directory struct {
	off, n  int64
	entries []entry
	next    int64
}

// find returns the first entry of a tag, nil when there is none. Decoders ignore others.
func (d *directory) find(tag uint16) *entry {
	for i := range d.entries {
		if d.entries[i].tag == tag {
			return &d.entries[i]
		}
	}
	return nil
}

// blockSize is how much of a file is read at once to look at directories, which stand
// between megabytes of picture.
const blockSize = 4 << 10

// A block reads small things at any place of a source.
type block struct {
	src container.Source
	buf []byte
	off int64
}

// bytes returns n bytes at off, at most blockSize, valid until the next call.
func (b *block) bytes(off, n int64) ([]byte, error) {
	size := b.src.Size()
	if off < 0 || n < 0 || n > size-off {
		return nil, io.EOF
	}
	if off < b.off || off+n > b.off+int64(len(b.buf)) {
		if b.buf == nil {
			b.buf = make([]byte, blockSize)
		}
		want := min(size-off, blockSize)
		b.buf, b.off = b.buf[:0], off
		got, err := b.src.ReadAt(b.buf[:want], off)
		if int64(got) < want {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		b.buf = b.buf[:want]
	}
	return b.buf[off-b.off : off-b.off+n], nil
}

// readDirectory reads the directory at off. Of one that runs past the end of the file it
// returns what there is beside the error.
func (f *file) readDirectory(off int64) (*directory, error) {
	if err := f.ctx.Err(); err != nil {
		return nil, err
	}
	size := f.countSize()
	b, err := f.block.bytes(off, size)
	if err == io.EOF {
		return nil, cutOff(max(off, 0), "a directory stands past the end of the file")
	} else if err != nil {
		return nil, err
	}
	count := uint64(0)
	if f.big {
		count = f.order.Uint64(b)
	} else {
		count = uint64(f.order.Uint16(b))
	}
	if count > maxEntries {
		return nil, &container.Feature{Name: "a directory of more than 4,096 entries"}
	}
	if f.field += int64(count); f.field > maxFields {
		return nil, &container.Feature{Name: "a file of so many directories"}
	}
	d := &directory{off: off, n: size + int64(count)*f.entrySize() + f.inline()}
	for i := range int64(count) {
		at := off + size + i*f.entrySize()
		b, err := f.block.bytes(at, f.entrySize())
		if err == io.EOF {
			return d, cutOff(off, "a directory runs past the end of the file")
		} else if err != nil {
			return nil, err
		}
		d.entries = append(d.entries, f.parseEntry(at, b))
	}
	b, err = f.block.bytes(off+d.n-f.inline(), f.inline())
	if err == io.EOF {
		return d, cutOff(off, "a directory runs past the end of the file")
	} else if err != nil {
		return nil, err
	}
	d.next = f.offset(b)
	return d, nil
}

// offset reads an offset of the size that the file has.
func (f *file) offset(b []byte) int64 {
	if f.big {
		return int64(f.order.Uint64(b))
	}
	return int64(f.order.Uint32(b))
}

func (f *file) parseEntry(at int64, b []byte) entry {
	e := entry{tag: f.order.Uint16(b), typ: f.order.Uint16(b[2:]), at: at}
	tail := f.entrySize() - f.inline()
	e.count = f.offset(b[4:])
	e.off, e.n = at+tail, f.inline()
	size, known := typeSizes[e.typ]
	if !known || e.count < 0 || e.count > f.src.Size() {
		e.broken = true
		return e
	}
	if n := e.count * size; n <= f.inline() {
		e.n = n
		return e
	} else if off := f.offset(b[tail:]); off < 0 || n > f.src.Size() || off > f.src.Size()-n {
		e.broken = true
	} else {
		e.off, e.n, e.far = off, n, true
	}
	return e
}

// value returns the bytes of a value, at most the first limit of them.
func (f *file) value(e *entry, limit int64) ([]byte, error) {
	if err := f.ctx.Err(); err != nil {
		return nil, err
	}
	if e.broken {
		return nil, nil
	}
	return container.ReadPayload(f.src, e.off, min(e.n, limit))
}

// numbers returns the first whole numbers of a value, at most limit of them. It reports false
// when the value is of another type.
func (f *file) numbers(e *entry, limit int64) ([]uint64, bool, error) {
	switch e.typ {
	case typeByte, typeShort, typeLong, typeIFD, typeLong8, typeIFD8:
	default:
		return nil, false, nil
	}
	if e.broken {
		return nil, false, nil
	}
	size := typeSizes[e.typ]
	b, err := f.value(e, min(e.count, limit)*size)
	if err != nil {
		return nil, false, err
	}
	all := make([]uint64, 0, int64(len(b))/size)
	for ; len(b) > 0; b = b[size:] {
		switch size {
		case 1:
			all = append(all, uint64(b[0]))
		case 2:
			all = append(all, uint64(f.order.Uint16(b)))
		case 4:
			all = append(all, uint64(f.order.Uint32(b)))
		default:
			all = append(all, f.order.Uint64(b))
		}
	}
	return all, true, nil
}

// number returns a single whole number, or otherwise when the directory has none.
func (f *file) number(d *directory, tag uint16, otherwise uint64) (uint64, error) {
	e := d.find(tag)
	if e == nil {
		return otherwise, nil
	}
	all, ok, err := f.numbers(e, 1)
	if err != nil || !ok || len(all) == 0 {
		return otherwise, err
	}
	return all[0], nil
}
