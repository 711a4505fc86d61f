package tiff

import (
	"slices"
	"sort"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// writable are the tags that a cleaned file can have, with a value made anew.
var writable = map[uint16]bool{tagArtist: true, tagCopyright: true, tagXMP: true, tagICC: true}

// A claim says what a range of the file is for.
type claim struct {
	container.Span
	picture bool // belongs to a picture that stays; nothing else may stand there
	strict  bool // of a soft claim: must not stand in a picture
}

// A mapper turns what a file says into spans.
type mapper struct {
	*file
	hard, soft []claim
	first      bool // the first page that stays has been seen
	colour     bool // a page has said its colour space
}

func (m *mapper) spans() ([]container.Span, error) {
	l, err := m.layout()
	if err != nil {
		return nil, err
	}
	m.claimRegions(l)
	m.frame(0, m.size())
	for _, p := range m.pages {
		if p.reduced {
			err = m.claimReduced(p.directory, p.path, &m.hard)
		} else {
			err = m.claimPage(p)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, b := range m.below {
		if err := m.claimBelow(b); err != nil {
			return nil, err
		}
	}
	return m.tile()
}

func (m *mapper) claimRegions(l layout) {
	for _, r := range l {
		if r.draft == nil {
			m.hard = append(m.hard, claim{Span: container.Span{Off: r.off, Len: r.n, Role: container.Media}, picture: true})
			continue
		}
		for _, s := range r.spans {
			m.hard = append(m.hard, claim{Span: s, picture: true})
		}
	}
}

func (m *mapper) frame(off, n int64) {
	m.hard = append(m.hard, claim{Span: container.Span{Off: off, Len: n, Role: container.Frame}})
}

func (m *mapper) goes(off, n int64, items []metadata.Item) {
	m.hard = append(m.hard, claim{Span: container.Span{Off: off, Len: n, Items: items}})
}

// claimPage claims the directory of a page that stays, and its values.
func (m *mapper) claimPage(p *page) error {
	m.frame(p.off, m.countSize())
	m.frame(p.off+p.n-m.inline(), m.inline())
	for i := range p.entries {
		e := &p.entries[i]
		if used, ok := p.kept[e]; ok {
			m.frame(e.at, m.entrySize())
			if e.far && bulk[e.tag] == "" {
				m.frame(e.off, used)
				m.goes(e.off+used, e.n-used, nil)
			}
			continue
		}
		items, err := m.itemsOf(p.path, e)
		if err != nil {
			return err
		}
		items = m.choose(items, e == p.find(e.tag))
		if e.far && writable[e.tag] && e == p.find(e.tag) {
			m.frame(e.at, m.entrySize())
			m.goes(e.off, e.n, items)
			continue
		}
		m.goes(e.at, m.entrySize(), items)
		if e.far {
			m.goes(e.off, e.n, nil)
		}
		if e.tag == tagOldJPEG {
			if err := m.claimOldJPEG(p.directory); err != nil {
				return err
			}
		}
	}
	m.first = true
	return nil
}

// choose takes their fields from all items but those of the first page, since one text is
// said of the file, and from the colour space of all pages but the first that has one. Only
// the first of several entries of a tag counts.
func (m *mapper) choose(items []metadata.Item, counts bool) []metadata.Item {
	for i := range items {
		f := &items[i].Field
		switch {
		case *f == metadata.ColorSpace && counts && !m.colour:
			m.colour = true
		case *f == metadata.ColorSpace, *f == metadata.Orientation, m.first:
			*f = ""
		}
	}
	return items
}

// claimOldJPEG claims a thumbnail as EXIF has it.
func (m *mapper) claimOldJPEG(d *directory) error {
	off, err := m.number(d, tagOldJPEG, 0)
	if err != nil {
		return err
	}
	n, err := m.number(d, tagOldJPEGLength, 0)
	if err != nil {
		return err
	}
	m.softly(off, n, nil, false)
	return nil
}

// softly claims a range that goes, as far as it is in the file and nobody else claims it.
func (m *mapper) softly(off, n uint64, items []metadata.Item, strict bool) {
	end := uint64(m.src.Size())
	if off >= end {
		return
	}
	s := container.Span{Off: int64(off), Len: int64(min(n, end-off)), Items: items}
	m.soft = append(m.soft, claim{Span: s, strict: strict})
}

// claimReduced claims a smaller copy of a picture: a page of a file, or a directory below one.
func (m *mapper) claimReduced(d *directory, path string, to *[]claim) error {
	item := metadata.Item{Path: path + "reduced-resolution", Category: metadata.Thumbnail, Size: d.n}
	strips, err := m.reducedStrips(d)
	if err != nil {
		return err
	}
	for _, s := range strips {
		m.softly(uint64(s.off), uint64(s.n), nil, false)
		item.Size += s.n
	}
	items := []metadata.Item{item}
	for i := range d.entries {
		e := &d.entries[i]
		if e.far {
			m.softly(uint64(e.off), uint64(e.n), nil, false)
		}
		if ownName(e.tag) != "" {
			continue
		}
		more, err := m.itemsOf(path, e)
		if err != nil {
			return err
		}
		for _, it := range more {
			it.Field = ""
			items = append(items, it)
		}
	}
	*to = append(*to, claim{Span: container.Span{Off: d.off, Len: d.n, Items: items}, strict: true})
	return nil
}

// reducedStrips finds the picture of a directory that goes, whatever else it says.
func (m *mapper) reducedStrips(d *directory) ([]extent, error) {
	if err := m.claimOldJPEG(d); err != nil {
		return nil, err
	}
	var strips []extent
	for i := 0; i+1 < len(places); i += 2 {
		offsets, counts := d.find(places[i]), d.find(places[i+1])
		if offsets == nil || counts == nil || m.parts > maxParts {
			continue
		}
		at, _, err := m.numbers(offsets, maxEntries)
		if err != nil {
			return nil, err
		}
		sizes, _, err := m.numbers(counts, int64(len(at)))
		if err != nil {
			return nil, err
		}
		m.parts += int64(len(at))
		for i := range min(len(at), len(sizes)) {
			end := uint64(m.src.Size())
			if at[i] < end && sizes[i] <= end-at[i] {
				strips = append(strips, extent{int64(at[i]), int64(sizes[i])})
			}
		}
	}
	return strips, nil
}

// claimBelow claims a directory that a page refers to.
func (m *mapper) claimBelow(b *below) error {
	if b.kind == "subifd" {
		return m.claimReduced(b.directory, b.path, &m.soft)
	}
	items, err := m.directoryItems(b)
	if err != nil {
		return err
	}
	if !m.isFirst(b) {
		for i := range items {
			items[i].Field = ""
		}
	}
	m.softly(uint64(b.off), uint64(b.n), items, true)
	for i := range b.entries {
		if e := &b.entries[i]; e.far {
			m.softly(uint64(e.off), uint64(e.n), nil, false)
		}
	}
	return nil
}

// isFirst reports whether a directory stands directly below the first page that stays.
func (m *mapper) isFirst(b *below) bool {
	for _, p := range m.pages {
		if !p.reduced {
			return b.path == p.path+b.kind+"/"
		}
	}
	return false
}

// tile puts the claims into order and accounts for the bytes that nobody claims.
func (m *mapper) tile() ([]container.Span, error) {
	owned, err := disjoint(m.hard)
	if err != nil {
		return nil, err
	}
	more, err := between(m.soft, owned)
	if err != nil {
		return nil, err
	}
	owned = append(owned, more...)
	slices.SortFunc(owned, func(a, b claim) int { return order(a.Off, b.Off) })
	var spans []container.Span
	at := int64(0)
	for _, c := range append(owned, claim{Span: container.Span{Off: m.src.Size()}}) {
		if c.Off > at {
			gap, err := m.gap(at, c.Off-at)
			if err != nil {
				return nil, err
			}
			spans = add(spans, gap)
		}
		spans = add(spans, c.Span)
		at = c.End()
		if len(spans) > container.MaxSpans {
			return nil, &container.Feature{Name: "a file of so many parts"}
		}
	}
	return spans, m.ctx.Err()
}

// add adds a span behind the others. Frames that touch are one.
func add(spans []container.Span, s container.Span) []container.Span {
	if s.Len == 0 {
		return spans
	}
	if last := len(spans) - 1; last >= 0 && s.Role == container.Frame && spans[last].Role == container.Frame {
		spans[last].Len += s.Len
		return spans
	}
	return append(spans, s)
}

// gap is a range that nothing refers to. A few zeros bring what follows to an even place.
func (m *mapper) gap(off, n int64) (container.Span, error) {
	s := container.Span{Off: off, Len: n}
	if n < 8 {
		b, err := m.block.bytes(off, n)
		if err != nil {
			return s, err
		}
		if !slices.ContainsFunc(b, func(c byte) bool { return c != 0 }) {
			s.Role = container.Frame
			return s, nil
		}
	}
	s.Items = []metadata.Item{{Path: "tiff/unreferenced", Size: n}}
	return s, nil
}

func order(a, b int64) int { return int(max(-1, min(1, a-b))) }

// disjoint orders claims and takes from each what an earlier one has. Values may share bytes
// with each other, but no picture with anything else.
func disjoint(claims []claim) ([]claim, error) {
	slices.SortStableFunc(claims, func(a, b claim) int { return order(a.Off, b.Off) })
	var out []claim
	var pictures, others int64 // where they end
	for _, c := range claims {
		if c.Len == 0 {
			continue
		}
		if c.picture && c.Off < others || !c.picture && c.Off < pictures {
			return nil, malformed(c.Off, "picture data and something else in one place")
		}
		at := max(pictures, others)
		if c.picture {
			pictures = max(pictures, c.End())
		} else {
			others = max(others, c.End())
		}
		if c.End() <= at {
			continue
		}
		if c.Off < at {
			c.Len, c.Off = c.End()-at, at
		}
		out = append(out, c)
	}
	return out, nil
}

// between cuts soft claims to what is free between others, which are disjoint.
func between(soft, owned []claim) ([]claim, error) {
	slices.SortStableFunc(soft, func(a, b claim) int { return order(a.Off, b.Off) })
	var out []claim
	taken := int64(0)
	for _, c := range soft {
		items := c.Items
		for at := max(c.Off, taken); at < c.End(); {
			i := sort.Search(len(owned), func(i int) bool { return owned[i].End() > at })
			end := c.End()
			if i < len(owned) && owned[i].Off < end {
				if c.strict && owned[i].picture { // a strip that is longer than it should be
					return nil, malformed(owned[i].Off, "picture data and something else in one place")
				}
				end = max(at, owned[i].Off)
			}
			if end > at {
				out = append(out, claim{Span: container.Span{Off: at, Len: end - at, Items: items}})
				items = nil
			}
			if at = end; i < len(owned) && owned[i].Off <= at {
				at = max(at, owned[i].End())
			}
		}
		taken = max(taken, c.End())
	}
	return out, nil
}
