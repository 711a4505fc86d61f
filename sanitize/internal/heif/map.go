package heif

import (
	"container/heap"
	"encoding/binary"
	"slices"
	"sort"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/iptc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// tagProfile marks the span of a colour profile.
const tagProfile = "profile"

// rank says which owner of a byte counts when there are several, the best first.
type rank uint8

const (
	rankPicture rank = iota
	rankGainMap
	rankDerived
	rankText
	rankDropped
)

// A claim is an extent of the media data that an item owns.
type claim struct {
	extent
	rank  rank
	what  named
	items []metadata.Item // what it says, when it can be read
	told  bool
}

// spans cuts the file.
func (f *file) spans() ([]container.Span, error) {
	claims, err := f.claims()
	if err != nil {
		return nil, err
	}
	var all []container.Span
	for _, p := range f.pieces {
		s := container.Span{Off: p.off, Len: p.n, Tag: p.tag}
		if p.stays != nil && p.stays() {
			s.Role = container.Frame
		} else {
			s.Items = p.items()
		}
		all = append(all, s)
	}
	for _, body := range append(slices.Clone(f.mdats), f.idat) {
		all = append(all, paint(body, claims)...)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Off < all[j].Off })
	if len(all) > container.MaxSpans {
		return nil, feature("a file of so many parts")
	}
	return f.close(all)
}

// close fills what nothing accounts for.
func (f *file) close(spans []container.Span) (all []container.Span, err error) {
	at := int64(0)
	gap := func(to int64) {
		if to > at {
			all = append(all, unowned(extent{at, to - at}))
		}
	}
	for _, s := range spans {
		if s.Off < at {
			return nil, malformed(s.Off, "two boxes share bytes")
		}
		gap(s.Off)
		all, at = append(all, s), s.End()
	}
	gap(f.src.Size())
	return all, nil
}

func unowned(e extent) container.Span {
	return container.Span{Off: e.off, Len: e.n, Items: []metadata.Item{{Path: "heif/unreferenced", Size: e.n}}}
}

// claims lists who owns what of the media data.
func (f *file) claims() (all []claim, err error) {
	for _, it := range f.items {
		if err := f.ctx.Err(); err != nil {
			return nil, err
		}
		for _, j := range it.junk {
			all = append(all, claim{extent: j.extent, rank: rankDropped, what: named{j.name, metadata.Software}})
		}
		own, err := f.claimsOf(it)
		if err != nil {
			return nil, err
		}
		all = append(all, own...)
	}
	return all, nil
}

func (f *file) claimsOf(it *item) (all []claim, err error) {
	c := claim{rank: rankDropped, what: f.whatGoes(it)}
	switch it.use {
	case pictureUse, gainMapUse:
		c.rank = rankDerived
		if len(it.media) > 0 {
			c.rank = rankPicture
		}
		if it.use == gainMapUse {
			c.items = []metadata.Item{gainItem}
		}
		if it.use == gainMapUse && c.rank == rankPicture {
			c.rank = rankGainMap
		}
		for _, e := range append(slices.Clone(it.media), derivedRanges(it)...) {
			c.extent = e
			all = append(all, c)
		}
		return all, nil
	case textUse:
		c.rank = rankText
	}
	if err := f.resolve(it); err != nil && !container.IsVerdict(err) {
		return nil, err
	}
	if c.items, err = f.carries(it); err != nil {
		return nil, err
	}
	for i, e := range it.ranges {
		c.extent = e
		if i > 0 {
			c.told = true
		}
		all = append(all, c)
	}
	return all, nil
}

// derivedRanges is where it says how an item is derived.
func derivedRanges(it *item) []extent {
	if it.derived == nil {
		return nil
	}
	return it.ranges
}

// reader reads a payload that another package knows.
type reader func([]byte) ([]metadata.Item, error)

// readers are the items that hold such a payload.
func (f *file) reader(it *item) reader {
	switch {
	case it.typ == "Exif":
		return readExif
	case it.contentType == xmpType:
		return xmp.Read
	case it.typ == "iptc":
		return iptc.Read
	}
	return nil
}

// readExif skips the offset that stands before an EXIF block, ISO/IEC 23008-12 annex A.2.1.
func readExif(b []byte) ([]metadata.Item, error) {
	if len(b) < 4 {
		return nil, nil
	}
	skip := int64(binary.BigEndian.Uint32(b))
	if skip > int64(len(b)-4) {
		skip = 0
	}
	return exif.Read(b[4+skip:])
}

// carries says what an item that goes holds. Only what is about the picture gives a field,
// and orientation never does: it is a property of the picture.
func (f *file) carries(it *item) ([]metadata.Item, error) {
	what := f.whatGoes(it)
	whole := metadata.Item{Path: "heif/" + what.name, Category: what.category}
	for _, e := range it.ranges {
		whole.Size += e.n
	}
	read := f.reader(it)
	if read == nil || !f.mayRead(whole.Size) {
		return []metadata.Item{whole}, nil
	}
	b, err := f.data(it.ranges)
	if err != nil {
		return nil, err
	}
	items, err := read(b)
	own := slices.Contains(f.targets[refKey{"cdsc", it.id}], f.primary)
	for i := range items {
		items[i].Path = "heif/" + items[i].Path
		if field := items[i].Field; !own || field == metadata.Orientation || field == metadata.ColorSpace {
			items[i].Field = ""
		}
	}
	if err != nil || len(items) == 0 {
		whole.Path += "/unreadable"
		whole.Category = metadata.Unknown
		items = append(items, whole)
	}
	return items, nil
}

// whatGoes says what an item is, for reports.
func (f *file) whatGoes(it *item) named {
	switch {
	case it == nil:
		return named{"no-item", metadata.Unknown}
	case it.typ == "Exif":
		return named{"exif", metadata.Software}
	case it.contentType == xmpType:
		return named{"xmp", metadata.Software}
	case it.typ == "iptc":
		return named{"iptc", metadata.Software}
	case !f.isImage(it):
		return named{"item", metadata.Unknown}
	case it.typ == toneMap || f.auxiliaryKind(it) == gainMapAux:
		return named{"gain-map", metadata.GainMap}
	case f.auxiliaryKind(it) != noAux:
		return named{"auxiliary-picture", metadata.Thumbnail}
	case len(f.targets[refKey{"thmb", it.id}]) > 0:
		return named{"thumbnail", metadata.Thumbnail}
	}
	return named{"other-picture", metadata.Thumbnail}
}

// owners are the claims on one place, the one that counts first.
type owners []*claim

func (o owners) Len() int           { return len(o) }
func (o owners) Less(i, j int) bool { return o[i].rank < o[j].rank }
func (o owners) Swap(i, j int)      { o[i], o[j] = o[j], o[i] }
func (o *owners) Push(c any)        { *o = append(*o, c.(*claim)) }
func (o *owners) Pop() any {
	last := len(*o) - 1
	c := (*o)[last]
	*o = (*o)[:last]
	return c
}

// paint cuts the body of a box by the claims on it.
func paint(body extent, claims []claim) (spans []container.Span) {
	var here []*claim
	cuts := []int64{body.off, body.end()}
	for i := range claims {
		c := &claims[i]
		if c.off < body.end() && c.end() > body.off {
			here = append(here, c)
			cuts = append(cuts, max(c.off, body.off), min(c.end(), body.end()))
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	sort.SliceStable(here, func(i, j int) bool { return here[i].off < here[j].off })
	var open owners
	var last *claim
	for i := 0; i+1 < len(cuts); i++ {
		for len(here) > 0 && here[0].off <= cuts[i] {
			heap.Push(&open, here[0])
			here = here[1:]
		}
		for len(open) > 0 && open[0].end() <= cuts[i] {
			heap.Pop(&open)
		}
		e := extent{cuts[i], cuts[i+1] - cuts[i]}
		var c *claim
		if len(open) > 0 {
			c = open[0]
		}
		if n := len(spans); n > 0 && c == last {
			spans[n-1].Len += e.n
		} else if c == nil {
			spans = append(spans, unowned(e))
		} else {
			spans = append(spans, c.span(e))
		}
		last = c
	}
	return spans
}

// span makes a span of a part of a claim. The first part says what all of it holds.
func (c *claim) span(e extent) container.Span {
	s := container.Span{Off: e.off, Len: e.n}
	switch {
	case c.rank == rankPicture:
		s.Role = container.Media
	case c.rank == rankGainMap:
		s.Role, s.Items = container.Media, c.items
	case c.rank == rankDerived && c.items == nil:
		s.Role = container.Frame
	case c.items != nil && !c.told:
		s.Items, c.told = c.items, true
	default:
		s.Items = []metadata.Item{{Path: "heif/" + c.what.name + "/part", Category: c.what.category, Size: e.n}}
	}
	return s
}
