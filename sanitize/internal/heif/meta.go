package heif

import (
	"github.com/mediaveil/mediaveil/sanitize/internal/box"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// metaBoxes are the boxes in the meta box that say something about items, each at most once.
var metaBoxes = map[string]func(*file, box.Box) error{
	"hdlr": (*file).handler, "pitm": (*file).primaryItem, "iinf": (*file).itemInfos,
	"iloc": (*file).locations, "iref": (*file).references, "iprp": (*file).properties,
	"idat": (*file).itemData, "grpl": (*file).entityGroups,
}

// needed are those without which there is no picture.
var needed = []string{"hdlr", "pitm", "iinf", "iprp"}

// otherMeta are boxes in the meta box that go.
var otherMeta = map[string]named{
	"dinf": {"data-information", metadata.Software},
	"ipro": {"protection", metadata.Unknown},
	"xml ": {"xml", metadata.Description},
	"bxml": {"xml", metadata.Description},
	"free": {"padding", metadata.Unknown},
	"skip": {"padding", metadata.Unknown},
}

// meta reads the meta box, ISO/IEC 14496-12 section 8.11.1.
func (f *file) meta(b box.Box) error {
	off, n := b.Body()
	if n < 4 {
		return malformed(b.Off, "a meta box of the wrong length")
	}
	f.head(b, 4)
	err := box.Each(f.ctx, f.src, off+4, b.End(), func(c box.Box) error {
		if read := metaBoxes[c.Type]; read != nil {
			if f.seen[c.Type] {
				return malformed(c.Off, "a box that may stand there once")
			}
			f.seen[c.Type] = true
			return read(f, c)
		}
		known, ok := otherMeta[c.Type]
		if !ok {
			known = named{"unknown-box", metadata.Unknown}
		}
		f.goes(c.Off, c.Len, "meta/"+known.name, known.category)
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range needed {
		if !f.seen[name] {
			return malformed(b.Off, "a meta box that lacks what a picture needs")
		}
	}
	return nil
}

// handler reads what kind of meta box it is, section 8.4.3. Its name can say anything.
func (f *file) handler(b box.Box) error {
	body, err := f.body(b)
	if err != nil {
		return err
	}
	const fields = 24
	if len(body) < fields {
		return malformed(b.Off, "a handler of the wrong length")
	}
	if string(body[8:12]) != "pict" {
		return feature("a HEIF file whose metadata are not about a picture")
	}
	f.head(b, fields)
	name := body[fields:]
	off, _ := b.Body()
	if len(name) > 0 && name[len(name)-1] == 0 && len(name) == 1 {
		f.frame(off+fields, 1)
		return nil
	}
	f.goes(off+fields, int64(len(name)), "handler-name", metadata.Software)
	return nil
}

// primaryItem reads which item is the picture, section 8.11.4.
func (f *file) primaryItem(b box.Box) error {
	body, err := f.body(b)
	if err != nil {
		return err
	}
	r := box.NewReader(body)
	version, _ := r.Full()
	f.primary = readID(r, version > 0)
	if !r.OK() {
		return malformed(b.Off, "a primary item box of the wrong length")
	}
	f.head(b, r.Pos())
	f.rest(b, r.Pos())
	return nil
}

// readID takes the number of an item.
func readID(r *box.Reader, wide bool) uint32 {
	if wide {
		return r.U32()
	}
	return uint32(r.U16())
}

// itemData notes where the data of items lie that are in the meta box, section 8.11.11.
func (f *file) itemData(b box.Box) error {
	off, n := b.Body()
	f.head(b, 0)
	f.idat = extent{off, n}
	return nil
}

// A refKey names the references of one type from one item.
type refKey struct {
	typ  string
	from uint32
}

// keptRefs are the references between pictures that stay; that from a text to the picture
// is written anew.
var keptRefs = map[string]bool{"dimg": true, "auxl": true, "prem": true, "cdsc": true}

// references reads the item reference box, section 8.11.12.
func (f *file) references(b box.Box) error {
	off, n := b.Body()
	if n < 4 {
		return malformed(b.Off, "item references of the wrong length")
	}
	body, err := f.body(b)
	if err != nil {
		return err
	}
	f.head(b, 4)
	wide := body[0] > 0
	return box.Each(f.ctx, f.src, off+4, b.End(), func(c box.Box) error {
		at, size := c.Body()
		r := box.NewReader(body[at-off:][:size])
		ref := refKey{c.Type, readID(r, wide)}
		var to []uint32
		for range r.U16() {
			to = append(to, readID(r, wide))
			if !r.OK() {
				break
			}
		}
		if !r.OK() {
			return malformed(c.Off, "an item reference of the wrong length")
		}
		if f.targets[ref] == nil {
			f.refs = append(f.refs, ref)
		}
		f.targets[ref] = append(f.targets[ref], to...)
		item := metadata.Item{Path: "heif/reference", Category: metadata.Software}
		f.structure(c.Off, c.Head+r.Pos(), func() bool { return f.keepsRef(ref, to) }, item)
		f.rest(c, r.Pos())
		return nil
	})
}

// keepsRef reports whether all that a reference ties together stays.
func (f *file) keepsRef(ref refKey, to []uint32) bool {
	if !keptRefs[ref.typ] || !f.stays(ref.from) {
		return false
	}
	for _, id := range to {
		if !f.stays(id) {
			return false
		}
	}
	return true
}

func (f *file) stays(id uint32) bool {
	it := f.byID[id]
	return it != nil && it.use != noUse
}

// A group holds entities that belong together.
type group struct {
	typ string
	ids []uint32
}

// maxGroups is far above what files have: one or two.
const maxGroups = 1024

// entityGroups reads the groups list box, section 8.15.
func (f *file) entityGroups(b box.Box) error {
	f.head(b, 0)
	off, _ := b.Body()
	return box.Each(f.ctx, f.src, off, b.End(), func(c box.Box) error {
		body, err := f.body(c)
		if err != nil {
			return err
		}
		r := box.NewReader(body)
		r.Full()
		r.U32() // the number of the group, which nothing refers to
		g := &group{typ: c.Type}
		for range r.U32() {
			g.ids = append(g.ids, r.U32())
			if !r.OK() {
				return malformed(c.Off, "an entity group of the wrong length")
			}
		}
		if f.grouped += len(g.ids); f.grouped > maxItems {
			return feature("a file of so many items in groups")
		}
		if f.groups = append(f.groups, g); len(f.groups) > maxGroups {
			return feature("a file of more than 1,024 groups of items")
		}
		item := metadata.Item{Path: "heif/group", Category: metadata.Unknown}
		f.structure(c.Off, c.Head+r.Pos(), func() bool { return len(f.alternatives(g)) > 1 }, item)
		f.rest(c, r.Pos())
		return nil
	})
}

// alternatives returns the kept items of a group of alternatives, the best first.
func (f *file) alternatives(g *group) (kept []*item) {
	if g.typ != "altr" {
		return nil
	}
	for _, id := range g.ids {
		if f.stays(id) {
			kept = append(kept, f.byID[id])
		}
	}
	return kept
}
