package heif

import (
	"slices"
	"sort"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// maxDepth is how deep pictures may be derived from each other. A grid of rotated tiles is
// three deep.
const maxDepth = 8

// gainItem is what all of a gain map belongs to: it goes and stays as one.
var gainItem = metadata.Item{Path: "heif/gain-map", Category: metadata.GainMap}

// choose decides what every item is there for.
func (f *file) choose() error {
	for _, it := range f.items {
		it.props = f.assoc[it.id]
	}
	primary := f.byID[f.primary]
	if primary == nil {
		return malformed(0, "the file has no primary picture")
	}
	if len(f.targets[refKey{"thmb", f.primary}]) > 0 {
		return malformed(primary.off, "the picture is the thumbnail of another one, so that viewers disagree about what to show")
	}
	if err := f.take(primary, pictureUse); err != nil {
		return err
	}
	for _, step := range []func() error{f.takeAlternatives, f.takeAlpha, f.takeGainMaps} {
		if err := step(); err != nil {
			return err
		}
	}
	f.takeTexts()
	f.markProperties()
	return f.disjoint()
}

// take lets an item and all that it is derived from stay.
func (f *file) take(it *item, u use) error {
	all, err := f.family(it, nil, map[*item]bool{})
	if err != nil {
		return err
	}
	for it := range all {
		if it.use == noUse {
			it.use = u
		}
	}
	return nil
}

// family returns an item with all that it is derived from. path holds what is derived from
// it.
func (f *file) family(it *item, path []*item, all map[*item]bool) (map[*item]bool, error) {
	switch {
	case slices.Contains(path, it):
		return nil, malformed(it.off, "a picture that is derived from itself")
	case len(path) > maxDepth:
		return nil, feature("a picture that is derived in more than eight steps")
	case all[it], it.use != noUse:
		return all, nil
	}
	if err := f.check(it); err != nil {
		return nil, err
	}
	all[it] = true
	if _, derived := derivations[it.typ]; !derived {
		return all, nil
	}
	path = append(path, it)
	for _, id := range f.targets[refKey{"dimg", it.id}] {
		input := f.byID[id]
		if input == nil {
			return nil, malformed(it.off, "a picture that is derived from nothing")
		}
		if _, err := f.family(input, path, all); err != nil {
			it.failed = err // so that nobody asks again
			return nil, err
		}
	}
	return all, nil
}

// check finds out once whether an item can stay.
func (f *file) check(it *item) error {
	if !it.checked {
		it.checked, it.failed = true, f.examine(it)
	}
	return it.failed
}

// examine reads one item that is to stay.
func (f *file) examine(it *item) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	_, coded := codings[it.typ]
	derive, derived := derivations[it.typ]
	switch {
	case it.protected:
		return feature("an encrypted picture")
	case otherCodings[it.typ] != "":
		return feature("a " + otherCodings[it.typ] + " picture in HEIF")
	case !coded && !derived:
		return feature("a kind of picture that no table knows in HEIF")
	}
	if err := f.checkProperties(it); err != nil {
		return err
	}
	if err := f.resolve(it); err != nil {
		return err
	}
	if coded {
		return f.strip(it)
	}
	return f.derive(it, derive)
}

// derive reads how a picture is made of others.
func (f *file) derive(it *item, read derivation) error {
	b, err := f.data(it.ranges)
	if err != nil {
		return err
	}
	inputs := len(f.targets[refKey{"dimg", it.id}])
	clean, n := read(b, inputs)
	if clean == nil && it.typ != "iden" || it.typ == "iden" && inputs != 1 {
		return malformed(it.off, "a derived picture that contradicts itself")
	}
	it.derived = clean
	it.ranges = (&stream{parts: it.ranges, size: int64(len(b))}).cut(0, n)
	return nil
}

// checkProperties refuses an item that a viewer could not show without what has to go.
func (f *file) checkProperties(it *item) error {
	for _, a := range it.props {
		if a.index == 0 {
			continue
		}
		p := f.prop(a)
		switch {
		case p == nil:
			return malformed(it.off, "a property that is not there")
		case p.clean != nil, p.lost:
		case a.essential && !p.known:
			return feature("a picture property that viewers have to know and no table does")
		case p.known && p.typ != "colr" && p.typ != "auxC":
			return malformed(p.off, "a picture property of the wrong length")
		}
	}
	return nil
}

// auxiliaryKind returns what an item is auxiliary for.
func (f *file) auxiliaryKind(it *item) auxiliary {
	kind := noAux
	for _, a := range it.props {
		if p := f.prop(a); p != nil && p.aux != noAux && kind != alphaAux {
			kind = p.aux
		}
	}
	return kind
}

// isPicture reports whether an item belongs to the picture that is shown.
func (f *file) isPicture(id uint32) bool {
	it := f.byID[id]
	return it != nil && it.use == pictureUse
}

// takeAlternatives takes what viewers that know how show instead of the primary item.
func (f *file) takeAlternatives() error {
	for _, g := range f.groups {
		if g.typ != "altr" || !slices.Contains(g.ids, f.primary) {
			continue
		}
		for _, id := range g.ids {
			if it := f.byID[id]; it != nil && it.typ == "sato" {
				if err := f.take(it, pictureUse); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// takeAlpha takes the alpha planes of what has been taken.
func (f *file) takeAlpha() error {
	var all []*item
	for _, it := range f.items {
		if it.use == noUse && f.auxiliaryKind(it) == alphaAux && slices.ContainsFunc(f.targets[refKey{"auxl", it.id}], f.isPicture) {
			all = append(all, it)
		}
	}
	for _, it := range all {
		if err := f.take(it, pictureUse); err != nil {
			return err
		}
	}
	return nil
}

// takeGainMaps takes the gain maps of the picture. One that is not understood goes.
func (f *file) takeGainMaps() error {
	var all []*item
	alternatives := f.alternativesOfPicture()
	for _, it := range f.items {
		auxiliary := f.auxiliaryKind(it) == gainMapAux && slices.ContainsFunc(f.targets[refKey{"auxl", it.id}], f.isPicture)
		if it.use == noUse && (auxiliary || it.typ == toneMap && alternatives[it.id] && f.mapsPicture(it)) {
			all = append(all, it)
		}
	}
	for _, it := range all {
		if err := f.take(it, gainMapUse); err != nil && !container.IsVerdict(err) {
			return err
		}
	}
	return nil
}

// mapsPicture reports whether a tone-mapped item is made of the picture.
func (f *file) mapsPicture(it *item) bool {
	inputs := f.targets[refKey{"dimg", it.id}]
	return len(inputs) == 2 && f.isPicture(inputs[0])
}

// alternativesOfPicture returns what may be shown in place of the picture.
func (f *file) alternativesOfPicture() map[uint32]bool {
	all := make(map[uint32]bool)
	for _, g := range f.groups {
		if g.typ == "altr" && slices.ContainsFunc(g.ids, f.isPicture) {
			for _, id := range g.ids {
				all[id] = true
			}
		}
	}
	return all
}

// hasGainMap reports whether there is a gain map, understood or not.
func (f *file) hasGainMap() bool {
	return slices.ContainsFunc(f.items, func(it *item) bool {
		return it.use == gainMapUse || it.use == noUse && (it.typ == toneMap || f.auxiliaryKind(it) == gainMapAux)
	})
}

// dropGainMap takes the gain map out.
func (f *file) dropGainMap() {
	for _, it := range f.items {
		if it.use == gainMapUse {
			it.use = noUse
		}
	}
	f.markProperties()
}

// takeTexts marks the XMP packets that speak of the picture and of nothing else.
func (f *file) takeTexts() {
	for _, it := range f.items {
		about := f.targets[refKey{"cdsc", it.id}]
		if it.use == noUse && it.contentType == xmpType && !it.protected && len(about) == 1 && about[0] == f.primary {
			it.use = textUse
		}
	}
}

func (f *file) markProperties() {
	for _, p := range f.props {
		p.used = false
	}
	for _, it := range f.items {
		if it.use != pictureUse && it.use != gainMapUse {
			continue
		}
		for _, a := range it.props {
			if p := f.prop(a); p != nil {
				p.used = true
			}
		}
	}
}

// kept returns the items that stay as they are, in the order of the file.
func (f *file) kept() (all []*item) {
	for _, it := range f.items {
		if it.use == pictureUse || it.use == gainMapUse {
			all = append(all, it)
		}
	}
	return all
}

// media returns the ranges that kept items are coded in, in the order of the file and each
// byte once.
func (f *file) media() []extent {
	var all []extent
	for _, it := range f.kept() {
		all = append(all, it.media...)
	}
	return union(all)
}

// union sorts extents and puts together those that touch or overlap.
func union(all []extent) (out []extent) {
	sort.Slice(all, func(i, j int) bool { return all[i].off < all[j].off })
	for _, e := range all {
		if last := len(out) - 1; last >= 0 && e.off <= out[last].end() {
			out[last].n = max(out[last].end(), e.end()) - out[last].off
			continue
		}
		out = append(out, e)
	}
	return out
}

// disjoint refuses a file in which something that goes shares bytes with the picture.
func (f *file) disjoint() error {
	media := f.media()
	if len(media) == 0 {
		return malformed(0, "the file holds no picture")
	}
	holders := f.holders()
	for _, it := range f.items {
		if it.use != textUse && (it.use != noUse || f.isImage(it) || holders[it.id]) {
			continue
		}
		if err := f.resolve(it); container.IsVerdict(err) {
			continue // it goes, wherever it may be
		} else if err != nil {
			return err
		}
		for _, e := range it.ranges {
			i := sort.Search(len(media), func(i int) bool { return media[i].end() > e.off })
			if i < len(media) && media[i].off < e.end() {
				return malformed(e.off, "an item that is no picture shares bytes with the picture")
			}
		}
	}
	return nil
}

// holders returns the items that exist to hold the data of kept ones, and nothing that can
// be read otherwise.
func (f *file) holders() map[uint32]bool {
	all := make(map[uint32]bool)
	for _, it := range f.kept() {
		for _, id := range f.targets[refKey{"iloc", it.id}] {
			if holder := f.byID[id]; holder != nil && f.reader(holder) == nil {
				all[id] = true
			}
		}
	}
	return all
}

// isImage reports whether an item is a picture of some kind.
func (f *file) isImage(it *item) bool {
	_, coded := codings[it.typ]
	_, derived := derivations[it.typ]
	return coded || derived || otherCodings[it.typ] != ""
}
