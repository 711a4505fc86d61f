package exif

import (
	"cmp"
	"slices"
	"strconv"
)

// kind says which table of tags a directory uses, and how it is called.
type kind uint8

const (
	mainDir kind = iota
	exifDir
	gpsDir
	interopDir
	subDir
	numKinds
)

var kindNames = [numKinds]string{"exif/ifd", "exif/exif", "exif/gps", "exif/interop", "exif/subifd"}

// path names the nth directory of a kind: exif/ifd0, exif/ifd1, exif/gps, exif/gps1.
func (k kind) path(n int) string {
	if n == 0 && k != mainDir && k != subDir {
		return kindNames[k]
	}
	return kindNames[k] + strconv.Itoa(n)
}

// pointers are the tags that lead to other directories.
var pointers = map[uint16]kind{
	0x014A: subDir, 0x0190: subDir, 0x8769: exifDir, 0x8825: gpsDir, 0xA005: interopDir,
}

// The TIFF types: TIFF 6.0, section 2; Supplement 1 for IFD; Exif 3.0, 4.6.2 for UTF-8.
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
	typeUTF8      = 129
)

// typeSize returns the bytes that one value of a type takes, 0 for a type that does not exist.
func typeSize(typ uint16) int64 {
	switch typ {
	case typeByte, typeASCII, typeSByte, typeUndefined, typeUTF8:
		return 1
	case typeShort, typeSShort:
		return 2
	case typeLong, typeSLong, typeFloat, typeIFD:
		return 4
	case typeRational, typeSRational, typeDouble:
		return 8
	}
	return 0
}

// An entry is one directory entry as it was found.
type entry struct {
	id, typ uint16
	count   uint32
	value   []byte // part of the block
	far     bool   // the value is outside of the entry
	broken  bool   // the value could not be read
}

// size is what the entry takes up in the block.
func (e *entry) size() int64 {
	if e.far {
		return entrySize + int64(len(e.value))
	}
	return entrySize
}

// A directory is one IFD with the range of its entries in walker.entries.
type directory struct {
	kind   kind
	nth    int // among those of its kind
	path   string
	lo, hi int
}

// pending is a directory that has been pointed to and not yet been read.
type pending struct {
	at    int64
	kind  kind
	depth int
}

// extent is a part of the block that something owns.
type extent struct{ lo, hi int64 }

// A walker reads the directories of one block, each once, in the order in which it meets them.
type walker struct {
	block   []byte
	order   byteOrder
	dirs    []directory
	entries []entry
	queue   []pending // all directories pointed to; those before len(dirs) have been read
	kinds   [numKinds]int
	owned   []extent
	dirt    int64 // bytes that are not zero where an entry has room to spare
	far     int64 // bytes of all values outside of their entries

	first  string
	faults int
}

func (w *walker) walk() {
	order, first, ok := header(w.block)
	if !ok {
		w.fault("exif", "no TIFF header")
		return
	}
	w.order = order
	w.owned = append(w.owned, extent{0, headerSize})
	w.enqueue("exif", int64(first), mainDir, 0)
	for i := 0; i < len(w.queue); i++ {
		w.directory(w.queue[i])
	}
}

// enqueue plans to read the directory at a place, and reports whether it will be.
func (w *walker) enqueue(from string, at int64, k kind, depth int) bool {
	seen := func(p pending) bool { return p.at == at }
	switch {
	case at < headerSize || at+2 > int64(len(w.block)):
		w.fault(from, "directory outside of the block")
	case slices.ContainsFunc(w.queue, seen):
		w.fault(from, "two pointers to one directory")
	case depth > maxDepth:
		w.fault(from, "directories too deep")
	case len(w.queue) == maxDirs:
		w.fault(from, "too many directories")
	default:
		w.queue = append(w.queue, pending{at, k, depth})
		return true
	}
	return false
}

func (w *walker) directory(p pending) {
	d := directory{kind: p.kind, nth: w.kinds[p.kind], lo: len(w.entries)}
	d.path = d.kind.path(d.nth)
	w.kinds[p.kind]++

	n := int64(w.order.Uint16(w.block[p.at:]))
	room := min((int64(len(w.block))-p.at-2)/entrySize, int64(maxEntries-len(w.entries)))
	whole := n <= room
	if !whole {
		w.fault(d.path, "more entries than there is room for")
		n = room
	}
	w.entries = slices.Grow(w.entries, int(n))
	for i := range n {
		w.entry(d.path, p, w.block[p.at+2+i*entrySize:][:entrySize])
	}
	d.hi = len(w.entries)
	w.dirs = append(w.dirs, d)

	end := p.at + 2 + n*entrySize
	w.owned = append(w.owned, extent{p.at, end})
	if whole {
		w.next(d.path, p, end)
	}
}

// next follows the chain. Only pictures are chained: after the last entry of an Exif or GPS
// directory some cameras write no pointer at all, and what stands there is data.
func (w *walker) next(path string, p pending, at int64) {
	chained := p.kind == mainDir || p.kind == subDir
	if at+4 > int64(len(w.block)) {
		if chained {
			w.fault(path, "no pointer to the next directory")
		}
		return
	}
	next := w.order.Uint32(w.block[at:])
	if next != 0 && !chained {
		return
	}
	w.owned = append(w.owned, extent{at, at + 4})
	if next != 0 {
		w.enqueue(path, int64(next), p.kind, p.depth)
	}
}

func (w *walker) entry(path string, p pending, raw []byte) {
	e := entry{id: w.order.Uint16(raw), typ: w.order.Uint16(raw[2:]), count: w.order.Uint32(raw[4:])}
	if what := w.value(&e, raw[8:]); what != "" {
		e.broken = true
		w.fault(path, what)
	} else if k, ok := pointers[e.id]; ok && p.kind != gpsDir && p.kind != interopDir {
		e.broken = !w.follow(path, &e, k, p.depth+1)
	}
	w.entries = append(w.entries, e)
}

// value finds the value of e, whose last four bytes are tail, and says what is wrong.
func (w *walker) value(e *entry, tail []byte) string {
	each := typeSize(e.typ)
	if each == 0 {
		return "unknown type"
	}
	size := each * int64(e.count)
	if size <= int64(len(tail)) {
		e.value = tail[:size]
		w.dirt += notZero(tail[size:])
		return ""
	}
	at := int64(w.order.Uint32(tail))
	if at < headerSize || at > int64(len(w.block)) || size > int64(len(w.block))-at {
		return "value outside of the block"
	}
	// Values may share their bytes, but not so often that a small block becomes a large one.
	if w.far += size; w.far > 2*int64(len(w.block)) {
		return "values overlap"
	}
	e.far, e.value = true, w.block[at:at+size]
	w.owned = append(w.owned, extent{at, at + size})
	return ""
}

// follow plans to read the directories that e points to. Only SubIFDs may be several.
func (w *walker) follow(path string, e *entry, k kind, depth int) bool {
	if (e.typ != typeLong && e.typ != typeIFD) || e.count == 0 || e.count > 1 && k != subDir {
		w.fault(path, "bad pointer to a directory")
		return false
	}
	if e.count > maxDirs {
		w.fault(path, "too many directories")
		return false
	}
	all := true
	for i := range int(e.count) {
		all = w.enqueue(path, int64(w.order.Uint32(e.value[4*i:])), k, depth) && all
	}
	return all
}

// find returns the first entry of that number in the first directory of a kind, or nil.
func (w *walker) find(k kind, id uint16) *entry {
	for _, d := range w.dirs {
		if d.kind == k && d.nth == 0 {
			return w.in(d, id)
		}
	}
	return nil
}

// in returns the first entry of that number in d, or nil.
func (w *walker) in(d directory, id uint16) *entry {
	for i := d.lo; i < d.hi; i++ {
		if w.entries[i].id == id {
			return &w.entries[i]
		}
	}
	return nil
}

// unowned counts the bytes of the block that nothing owns.
func (w *walker) unowned() int64 {
	slices.SortFunc(w.owned, func(a, b extent) int { return cmp.Compare(a.lo, b.lo) })
	free, at := w.dirt, int64(0)
	for _, x := range w.owned {
		free += max(0, x.lo-at)
		at = max(at, x.hi)
	}
	return free + int64(len(w.block)) - at
}

func notZero(b []byte) (n int64) {
	for _, c := range b {
		if c != 0 {
			n++
		}
	}
	return n
}
