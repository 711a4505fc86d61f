package exif_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// hostile are blocks that break readers. Each has to fail, and to lose nothing that is
// readable: the path has to be there all the same.
var hostile = []struct {
	name string
	data []byte
	path string
}{
	{"ifd chain loops to itself", patch(ifd(ascii(0x010F, "M")), func(b []byte) { be.PutUint32(b[22:], 8) }), "exif/ifd0/Make"},
	{"ifd chain loops back", loopBack(), "exif/ifd1/Model"},
	{"exif ifd is ifd0", bigBlock(ifd(long(0x8769, 8), ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"gps ifd is the exif ifd", bigBlock(ifd(long(0x8769, 40), long(0x8825, 40), ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"ifd inside the header", bigBlock(ifd(long(0x8769, 4), ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"ifd at the end", bigBlock(ifd(long(0x8769, 49), ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"ifd far away", bigBlock(ifd(long(0x8769, 0xFFFFFFFF), ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"pointer that is a text", bigBlock(ifd(ascii(0x8769, "Amina"), ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"two exif ifds in one pointer", bigBlock(ifd(long(0x8769, 8, 8), ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"2^32 bytes", bigBlock(ifd(ent{id: 0x010E, typ: 2, count: 0xFFFFFFFF, offset: 8}, ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"2^32 rationals", bigBlock(ifd(ent{id: 0x011A, typ: 5, count: 0xFFFFFFFF, offset: 8}, ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"2^29 doubles, 0 bytes in 32 bits", bigBlock(ifd(ent{id: 0x011A, typ: 12, count: 1 << 29, offset: 8}, ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"2^29+1 doubles, 8 bytes in 32 bits", bigBlock(ifd(ent{id: 0x011A, typ: 12, count: 1<<29 + 1, offset: 8}, ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"2^30+1 longs, 4 bytes in 32 bits", bigBlock(ifd(ent{id: 0x0111, typ: 4, count: 1<<30 + 1, offset: 8}, ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"one byte past the end", bigBlock(ifd(ascii(0x010F, "M"), ent{id: 0x010E, typ: 2, count: 6, offset: 33})), "exif/ifd0/Make"},
	{"offset past the end", bigBlock(ifd(ascii(0x010F, "M"), ent{id: 0x010E, typ: 2, count: 5, offset: 0xFFFFFFFE})), "exif/ifd0/Make"},
	{"value in the header", bigBlock(ifd(ascii(0x010F, "M"), ent{id: 0x010E, typ: 2, count: 5, offset: 1})), "exif/ifd0/Make"},
	{"type 0", bigBlock(ifd(ent{id: 0x0110, typ: 14, count: 1}, ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"type 65535", bigBlock(ifd(ent{id: 0x0110, typ: 65535, count: 1 << 31}, ascii(0x010F, "M"))), "exif/ifd0/Make"},
	{"more entries than bytes", patch(ifd(ascii(0x010F, "M")), func(b []byte) { be.PutUint16(b[8:], 2) }), "exif/ifd0/Make"},
	{"65,535 entries in 30 bytes", patch(ifd(ascii(0x010F, "M")), func(b []byte) { be.PutUint16(b[8:], 65535) }), "exif/ifd0/Make"},
	{"65,535 entries", manyEntries(65535), "exif/ifd0/Make"},
	{"values that share their bytes", sharedValues(), "exif/ifd0/Make"},
	{"sub-ifds in sub-ifds", deepChain(60), "exif/subifd3/Make"},
	{"too many ifds", longChain(70), "exif/ifd63/Make"},
	{"too many sub-ifds", bigBlock(ifd(ascii(0x010F, "M"), ptr(0x014A, manyDirs(100)...))), "exif/ifd0/Make"},
	{"many pointers to one sub-ifd", bigBlock(ifd(ascii(0x010F, "M"), long(0x014A, slices.Repeat([]uint32{8}, 40)...))), "exif/ifd0/Make"},
	{"thumbnail past the end", bigBlock(ifd(ascii(0x010F, "M")).then(ifd(long(0x0201, 8), long(0x0202, 0xFFFFFFFF)))), "exif/ifd1/thumbnail"},
	{"thumbnail far away", bigBlock(ifd(ascii(0x010F, "M")).then(ifd(long(0x0201, 0xFFFFFFFF), long(0x0202, 9)))), "exif/ifd1/JPEGInterchangeFormat"},
	{"thumbnail without length", bigBlock(ifd(ascii(0x010F, "M")).then(ifd(long(0x0201, 8)))), "exif/ifd1/JPEGInterchangeFormat"},
	{"more strips than lengths", bigBlock(ifd(ascii(0x010F, "M"), long(0x0111, 8, 8), long(0x0117, 1))), "exif/ifd0/StripOffsets"},
	{"strips over strips", strips(5000), "exif/ifd0/StripOffsets"},
	// Both reduced from inputs on which goexif does not come back, or takes 16 GiB.
	{"goexif: the same ifd again and again", goexifHang(), "exif/ifd0/0x0000"},
	{"goexif: a count that wraps around", goexifMemory(), "exif/ifd0/0x0000"},
}

var be = binary.BigEndian

func patch(d *dir, f func([]byte)) []byte {
	b := bigBlock(d)
	f(b)
	return b
}

func loopBack() []byte {
	b := bigBlock(ifd(ascii(0x010F, "M")).then(ifd(ascii(0x0110, "M"))))
	be.PutUint32(b[len(b)-4:], 8)
	return b
}

func manyEntries(n int) []byte {
	return bigBlock(&dir{ents: slices.Repeat([]ent{ascii(0x010F, "M")}, n)})
}

// sharedValues is 4,000 descriptions that are all the same 60,000 bytes.
func sharedValues() []byte {
	d := ifd(ascii(0x010F, "M"))
	for range 4000 {
		d.ents = append(d.ents, ent{id: 0x013B, typ: 2, count: 60000, offset: 48100})
	}
	b := bigBlock(d)
	return append(b, strings.Repeat("a;", 31000)...)
}

func deepChain(n int) []byte {
	d := ifd(ascii(0x010F, "M"))
	for range n {
		d = ifd(ascii(0x010F, "M"), ptr(0x014A, d))
	}
	return bigBlock(d)
}

func longChain(n int) []byte {
	d := ifd(ascii(0x010F, "M"))
	for range n {
		d = ifd(ascii(0x010F, "M")).then(d)
	}
	return bigBlock(d)
}

func manyDirs(n int) (dirs []*dir) {
	for range n {
		dirs = append(dirs, ifd())
	}
	return dirs
}

func strips(n int) []byte {
	return bigBlock(ifd(long(0x0111, slices.Repeat([]uint32{8}, n)...), long(0x0117, slices.Repeat([]uint32{100}, n)...)))
}

// goexifHang is two directories that point at each other; only a directory that points at
// itself is noticed there.
func goexifHang() []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08")
	for _, next := range []uint32{26, 8} {
		b = be.AppendUint16(b, 1)
		b = append(b, 0, 0, 0, 3, 0, 0, 0, 1, 0, 7, 0, 0)
		b = be.AppendUint32(b, next)
	}
	return b
}

// goexifMemory is 2^29+1 rationals: 8 bytes when 32 bits wrap around, 2^29+1 slices when the
// count is believed.
func goexifMemory() []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x00\x00\x00\x05")
	b = be.AppendUint32(b, 1<<29+1)
	return append(b, make([]byte, 40)...)
}

// bound is the memory that reading a block may cost altogether: a constant for the answers of
// goexif, and a multiple of the block.
func bound(block []byte) uint64 { return 4<<20 + 64*uint64(len(block)) }

func TestReadHostile(t *testing.T) {
	for _, c := range hostile {
		items, err := boundedRead(t, c.name, c.data)
		if !errors.Is(err, exif.ErrMalformed) {
			t.Errorf("%s: error %v", c.name, err)
		}
		if _, ok := find(items, c.path); !ok {
			t.Errorf("%s: lost %s", c.name, c.path)
		}
		if len(items) > 4096+200 {
			t.Errorf("%s: %d items", c.name, len(items))
		}
		if err != nil && (len(err.Error()) > 120 || strings.Contains(err.Error(), "Amina")) {
			t.Errorf("%s: bad message %q", c.name, err)
		}
	}
}

func boundedRead(t *testing.T, name string, data []byte) ([]metadata.Item, error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	items, err := exif.Read(data)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > bound(data) {
		t.Errorf("%s: %d bytes of memory for a block of %d", name, got, len(data))
	}
	if took > 2*time.Second {
		t.Errorf("%s: took %v", name, took)
	}
	return items, err
}

// A pointer that cannot be followed is no harmless number.
func TestReadBrokenPointerIsUnknown(t *testing.T) {
	items, _ := exif.Read(bigBlock(ifd(long(0x8769, 0xFFFFFFFF))))
	if item, ok := find(items, "exif/ifd0/ExifIFDPointer"); !ok || item.Category != metadata.Unknown {
		t.Errorf("%+v", item)
	}
	items, _ = exif.Read(bigBlock(ifd(ent{id: 0x0112, typ: 77, count: 1})))
	if item, ok := find(items, "exif/ifd0/Orientation"); !ok || item.Category != metadata.Unknown || item.Field != "" {
		t.Errorf("%+v", item)
	}
}

// Every byte that is missing may cost an item, but no panic, and never in silence.
func TestReadTruncated(t *testing.T) {
	for _, o := range bothOrders {
		whole := block(o, phone())
		for n := range whole {
			items, err := exif.Read(whole[:n:n])
			if !errors.Is(err, exif.ErrMalformed) {
				t.Fatalf("cut at %d of %d: error %v", n, len(whole), err)
			}
			if len(items) > 100 {
				t.Fatalf("cut at %d: %d items", n, len(items))
			}
		}
	}
}

// Directories and values at odd places are against the standard and in many files.
func TestReadOddOffsets(t *testing.T) {
	b := []byte("MM\x00*\x00\x00\x00\x09\x00\x00\x01\x01\x0F\x00\x02\x00\x00\x00\x06\x00\x00\x00\x1B\x00\x00\x00\x00Maker\x00")
	items, err := exif.Read(b)
	if item, _ := find(items, "exif/ifd0/Make"); err != nil || item.Value.Reveal() != "Maker" {
		t.Errorf("%d items, %v", len(items), err)
	}
}

// Every single byte of a block with every kind of change: bounded, and no panic.
func TestReadDamaged(t *testing.T) {
	d := phone()
	d.next = nil
	whole := block(binary.LittleEndian, d)
	for at := range whole {
		for _, v := range []byte{0, 1, 0x7F, 0xFF, whole[at] ^ 0x80} {
			damaged := slices.Clone(whole)
			damaged[at] = v
			items, err := exif.Read(damaged)
			if err != nil && !errors.Is(err, exif.ErrMalformed) {
				t.Fatal(err)
			}
			if err == nil && len(items) == 0 {
				t.Fatal(fmt.Sprint("byte ", at, ": no items and no error"))
			}
		}
	}
}
