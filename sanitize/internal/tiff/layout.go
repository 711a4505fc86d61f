package tiff

import (
	"slices"
	"sort"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
)

// A region is a range of the source that stays: strips and tiles, or a value that belongs to
// the picture. Several pages, or several strips, may share one.
type region struct {
	extent
	page   *page
	coding coding
	tables bool // the JPEG tables of pages

	spans []container.Span // of a JPEG stream
	lacks jpeg.Tables      // what it takes from the tables of its page
	draft *container.Draft // what becomes of a JPEG stream
	at    int64            // where it begins in the cleaned file
}

// size is how long the region is in the cleaned file.
func (r *region) size() int64 {
	if r.draft != nil {
		return r.draft.Size()
	}
	return r.n
}

// A layout is all regions in the order of the source, which share no byte.
type layout []*region

// find returns the region that holds e.
func (l layout) find(e extent) *region {
	i := sort.Search(len(l), func(i int) bool { return l[i].end() > e.off })
	if i == len(l) || e.off < l[i].off || e.end() > l[i].end() {
		return nil
	}
	return l[i]
}

// place returns where e stands in the cleaned file.
func (l layout) place(e extent) extent {
	r := l.find(e)
	switch {
	case e.n == 0 || r == nil:
		return extent{}
	case r.draft != nil:
		return extent{r.at, r.size()}
	}
	return extent{r.at + e.off - r.off, e.n}
}

// layout puts the picture data of all pages that stay into order.
func (f *file) layout() (layout, error) {
	var all layout
	for _, p := range f.pages {
		if p.reduced {
			continue
		}
		for _, e := range p.strips {
			if e.n > 0 {
				all = append(all, &region{extent: e, page: p, coding: p.coding})
			}
		}
		for _, e := range p.bulk {
			r := &region{extent: extent{e.off, e.n}, page: p}
			if r.tables = e.tag == tagJPEGTables; r.tables {
				r.coding = jpegged
			}
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b *region) int {
		return int(max(-1, min(1, a.off-b.off)))
	})
	l, err := all.merge()
	if err != nil {
		return nil, err
	}
	if err := f.scanStreams(l); err != nil {
		return nil, err
	}
	return l, f.scanTables(l)
}

// merge makes one region of those that share bytes: writers store equal strips once, or say
// that a strip is longer than it is.
func (all layout) merge() (layout, error) {
	var out layout
	for _, r := range all {
		if len(out) == 0 || out[len(out)-1].end() <= r.off {
			out = append(out, r)
			continue
		}
		last := out[len(out)-1]
		switch {
		case last.extent == r.extent && last.coding == r.coding && last.tables == r.tables:
		case last.coding == jpegged || r.coding == jpegged:
			return nil, malformed(r.off, "JPEG streams that overlap")
		default:
			last.n = max(last.end(), r.end()) - last.off
		}
	}
	return out, nil
}

// scanStreams looks into the JPEG streams.
func (f *file) scanStreams(l layout) (err error) {
	for _, r := range l {
		if r.coding != jpegged || r.tables {
			continue
		}
		if r.spans, r.lacks, err = jpeg.ScanStream(f.ctx, f.src, r.off, r.n, r.page.path+"jpeg/"); err != nil {
			return err
		}
		r.draft = container.NewDraft(f.src)
		jpeg.AppendStream(r.draft, r.spans)
	}
	return nil
}

// scanTables looks into the JPEG tables, of which those stay that a stream uses.
func (f *file) scanTables(l layout) error {
	used := make(map[*region]jpeg.Tables)
	for _, p := range f.pages {
		for _, e := range p.bulk {
			if e.tag != tagJPEGTables {
				continue
			}
			tables := l.find(extent{e.off, e.n})
			for _, strip := range p.strips {
				if r := l.find(strip); strip.n > 0 && r != nil {
					used[tables] |= r.lacks
				}
			}
		}
	}
	for _, r := range l {
		if !r.tables {
			continue
		}
		var err error
		if r.spans, err = jpeg.ScanTables(f.ctx, f.src, r.off, r.n, r.page.path+"jpeg-tables/", used[r]); err != nil {
			return err
		}
		r.draft = container.NewDraft(f.src)
		jpeg.AppendStream(r.draft, r.spans)
	}
	return nil
}
