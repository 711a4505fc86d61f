package xmp

import (
	"encoding/xml"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A place is where in a packet a value stands, in words of our tables.
type place struct {
	path     string
	space    string // namespace of the last property on the path
	category metadata.Category
	field    *property
	level    int
	lost     bool // inside something unknown, where nothing has a name
}

// root is the place of the resource itself. Its category is that of what stands in it
// outside of any property.
var root = place{path: "xmp"}

// step returns the place of a property within p.
func (p place) step(n xml.Name) place {
	ns, ok := namespaces[n.Space]
	switch {
	case p.lost:
		return p
	case !ok || p.level == maxLevel:
		return p.unknown()
	}
	q := place{space: n.Space, level: p.level + 1}
	prefix := "/" + ns.prefix
	if p.space == n.Space {
		prefix = ""
	}
	name, ok := ns.names[n.Local]
	if !ok {
		q.path, q.category, q.lost = p.path+prefix+"/unknown", ns.category, true
		return q
	}
	if prefix == "" {
		prefix = "/"
	} else {
		prefix += ":"
	}
	q.path, q.category = p.path+prefix+name.local, name.category
	if q.level == 1 {
		q.field = readable[n]
	}
	return q
}

// unknown is the place of what has no name in p.
func (p place) unknown() place {
	if p.lost {
		return p
	}
	return place{path: p.path + "/unknown", level: p.level + 1, lost: true}
}

// named is the place of something in p that is not a property.
func (p place) named(word string, c metadata.Category) place {
	return place{path: p.path + "/" + word, category: c, level: p.level + 1, lost: true}
}

// emit lists a value of size bytes at p. Values that cannot be written anew are added to
// the item of that path: some programs keep a hundred thousand ancestors of a document.
func (r *reader) emit(p place, value string, size int64) error {
	r.spent += size
	r.count++
	item := p.item(value, size)
	i, merge := r.byKey[p.path]
	switch {
	case item.Field != "":
	case merge:
		add(&r.items[i], item)
		return nil
	default:
		r.byKey[p.path] = len(r.items)
	}
	if len(r.items) >= maxItems {
		return errItems
	}
	r.items = append(r.items, item)
	return nil
}

func add(to *metadata.Item, more metadata.Item) {
	to.Size += more.Size
	if to.Category != more.Category {
		to.Category = metadata.Unknown
	}
	if more.Value != "" && len(to.Value) < maxValue {
		both := to.Value.Reveal() + "; " + more.Value.Reveal()
		to.Value = metadata.Secret(clean(strings.TrimPrefix(both, "; "), maxValue))
	}
}

// item makes the item of a value at p. It has a field only when the value is one that
// Write would take.
func (p place) item(value string, size int64) metadata.Item {
	it := metadata.Item{Path: p.path, Category: p.category, Size: size}
	if p.field != nil {
		text, within, ok := p.field.parse(clean(value, maxField))
		if ok && text != "" {
			it.Field, it.Within, it.Value = p.field.field, within, metadata.Secret(text)
			return it
		}
	}
	text := clean(value, maxValue)
	if it.Category == metadata.Rendering && !isNumbers(text) {
		it.Category = metadata.Unknown
	}
	it.Value = metadata.Secret(text)
	return it
}

// isNumbers reports whether a value can be orientation, resolution and the like, and is
// not words under their name.
func isNumbers(s string) bool {
	return len(s) <= 64 && strings.Trim(s, "0123456789./+- ;") == ""
}
