package heif

import (
	"github.com/mediaveil/mediaveil/sanitize/internal/box"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Bounds of what one file may hold. A phone writes about a hundred items; a picture cannot be
// derived from more than 65,535.
const (
	maxItems   = 65535
	maxExtents = 1 << 16
)

// use says what an item is there for.
type use uint8

const (
	noUse      use = iota // it goes
	pictureUse            // the picture is made of it
	gainMapUse            // it belongs to the gain map
	textUse               // an XMP packet about the picture
)

// An item is one item of a file.
type item struct {
	id          uint32
	off         int64 // of its entry
	typ         string
	contentType string
	hidden      bool
	protected   bool
	props       []association

	use      use
	checked  bool
	failed   error // why it can not stay
	resolved bool
	ranges   []extent // where its data lie
	media    []extent // of coded data, what a decoder needs
	junk     []junk   // of coded data, what goes
	derived  []byte   // of a derived picture, how it is made, written anew
}

// XMP packets are the mime items of this type.
const xmpType = "application/rdf+xml"

// itemInfos reads the item information box, section 8.11.6.
func (f *file) itemInfos(b box.Box) error {
	body, err := f.body(b)
	if err != nil {
		return err
	}
	off, _ := b.Body()
	r := box.NewReader(body)
	version, _ := r.Full()
	readID(r, version > 0) // the count, which is that of the boxes
	if !r.OK() {
		return malformed(b.Off, "item information of the wrong length")
	}
	f.head(b, r.Pos())
	return box.Each(f.ctx, f.src, off+r.Pos(), b.End(), func(c box.Box) error {
		if c.Type != "infe" {
			f.goes(c.Off, c.Len, "meta/unknown-box", metadata.Unknown)
			return nil
		}
		at, size := c.Body()
		return f.itemInfo(c, body[at-off:][:size])
	})
}

// itemInfo reads an item information entry, section 8.11.6.2.
func (f *file) itemInfo(b box.Box, body []byte) error {
	off, _ := b.Body()
	r := box.NewReader(body)
	version, flags := r.Full()
	it := &item{off: b.Off, hidden: flags&1 != 0}
	it.id = readID(r, version > 2)
	it.protected = r.U16() != 0
	if version >= 2 {
		it.typ = r.Type()
	}
	if !r.OK() || version > 3 {
		return malformed(b.Off, "an item information entry of the wrong length")
	}
	if f.byID[it.id] != nil {
		return malformed(b.Off, "two items of one number")
	}
	if len(f.items) == maxItems {
		return feature("a file of more than 65,535 items")
	}
	f.items = append(f.items, it)
	f.byID[it.id] = it
	f.ofItem(b.Off, b.Head+r.Pos(), it.id)

	at := r.Pos()
	if name := r.Text(); name != "" {
		f.goes(off+at, r.Pos()-at, "item-name", metadata.Description)
	} else {
		f.ofItem(off+at, r.Pos()-at, it.id)
	}
	if it.typ == "mime" {
		at = r.Pos()
		it.contentType = r.Text()
		f.ofItem(off+at, r.Pos()-at, it.id)
	}
	f.rest(b, r.Pos())
	return nil
}

// ofItem adds a piece that stays and goes with an item, which may be described later.
func (f *file) ofItem(off, n int64, id uint32) {
	if n > 0 {
		f.pieces = append(f.pieces, piece{
			extent: extent{off, n},
			stays:  func() bool { return f.stays(id) },
			items: func() []metadata.Item {
				what := f.whatGoes(f.byID[id])
				return []metadata.Item{{Path: "heif/" + what.name + "/entry", Category: what.category, Size: n}}
			},
		})
	}
}

// A location says where the data of an item lie.
type location struct {
	off     int64
	method  byte
	data    uint16 // the number of the file that holds them, 0 for this one
	base    uint64
	extents []located
}

type located struct{ index, off, n uint64 }

// Construction methods, section 8.11.3.
const (
	inFile = 0
	inIdat = 1
	inItem = 2
)

// locations reads the item location box, section 8.11.3.
func (f *file) locations(b box.Box) error {
	body, err := f.body(b)
	if err != nil {
		return err
	}
	off, _ := b.Body()
	r := box.NewReader(body)
	version, _ := r.Full()
	sizes := r.U16()
	l := layout{int(sizes >> 12), int(sizes >> 8 & 15), int(sizes >> 4 & 15), int(sizes & 15), version}
	count := readID(r, version > 1)
	if !r.OK() || !l.valid() {
		return malformed(b.Off, "item locations that contradict themselves")
	}
	f.head(b, r.Pos())
	for range count {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		at := r.Pos()
		id, loc := l.read(r)
		if !r.OK() {
			return malformed(b.Off, "item locations of the wrong length")
		}
		loc.off = off + at
		if f.extents += len(loc.extents); f.extents > maxExtents {
			return feature("a file of more than 65,536 extents")
		}
		if f.locs[id] != nil {
			return malformed(off+at, "two locations of one item")
		}
		f.locs[id] = loc
		f.ofItem(off+at, r.Pos()-at, id)
	}
	f.rest(b, r.Pos())
	return nil
}

// A layout holds the sizes of the fields of the item location box.
type layout struct {
	offset, length, base, index int
	version                     byte
}

func (l layout) valid() bool {
	for _, n := range []int{l.offset, l.length, l.base, l.index} {
		if n != 0 && n != 4 && n != 8 {
			return l.version == 0 && n == l.index // reserved in version 0
		}
	}
	return l.version <= 2
}

func (l layout) read(r *box.Reader) (id uint32, loc *location) {
	loc = &location{}
	id = readID(r, l.version > 1)
	if l.version > 0 {
		loc.method = byte(r.U16() & 15)
	}
	loc.data = r.U16()
	loc.base = r.Uint(l.base)
	for range r.U16() {
		var e located
		if l.version > 0 {
			e.index = r.Uint(l.index)
		}
		e.off, e.n = r.Uint(l.offset), r.Uint(l.length)
		loc.extents = append(loc.extents, e)
		if !r.OK() {
			break
		}
	}
	return id, loc
}
