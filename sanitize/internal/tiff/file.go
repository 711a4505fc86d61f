package tiff

import (
	"context"
	"io"
	"strconv"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Bounds. A stack of slides or a long fax has some thousand pages.
const (
	maxPages   = 16_384
	maxDirs    = 4_096 // directories that hang below pages
	maxDepth   = 4
	maxParts   = 1 << 18 // strips and tiles of all pages
	maxSamples = 4_096
	maxFields  = 1 << 19 // entries of all directories
)

// A file is what the directories of a source say.
type file struct {
	header
	ctx   context.Context
	src   container.Source
	block block
	pages []*page
	below []*below
	parts int64 // strips and tiles so far
	field int64 // entries so far
	tries int   // directories below pages that were looked for

	profiles map[extent]*profile
	window   *container.Window // for streams
	zlib     io.ReadCloser
}

// A below is a directory that a page refers to, and which goes.
type below struct {
	*directory
	path string // "tiff/page1/exif/"
	kind string // as in pointers
}

func open(ctx context.Context, src container.Source) (*file, error) {
	f := &file{ctx: ctx, src: src, block: block{src: src}}
	head, err := f.block.bytes(0, min(src.Size(), 16))
	if err != nil {
		return nil, err
	}
	if f.header, err = readHeader(head); err != nil {
		return nil, err
	}
	if kind := rawHeader(head); kind != "" {
		return nil, &container.Foreign{Kind: kind}
	}
	chain, broken := f.chain()
	if broken != nil && !container.IsVerdict(broken) {
		return nil, broken
	}
	for i, d := range chain {
		path := "tiff/page" + strconv.Itoa(i+1) + "/"
		f.pages = append(f.pages, &page{directory: d, path: path})
		if err := f.follow(d, path, 0); err != nil {
			return nil, err
		}
	}
	// What is called damaged should not be a whole raw photo, which is put together otherwise.
	if err := f.refuseRaw(); err != nil {
		return nil, err
	}
	if broken != nil {
		return nil, broken
	}
	return f, f.readPages()
}

// chain reads the directories of the pages. Those before one that cannot be read it returns
// beside the error. As for decoders, the file is over where a directory comes a second time.
func (f *file) chain() ([]*directory, error) {
	var chain []*directory
	seen := make(map[int64]bool)
	for at := f.first; at != 0 && !seen[at]; {
		if len(chain) == maxPages {
			return chain, &container.Feature{Name: "more than 16,384 pages"}
		}
		seen[at] = true
		d, err := f.readDirectory(at)
		if d != nil {
			chain = append(chain, d)
		}
		if err != nil {
			return chain, err
		}
		at = d.next
	}
	if len(chain) == 0 {
		return nil, malformed(0, "the file holds no page")
	}
	return chain, nil
}

// follow reads the directories below d. One that cannot be read is nothing but bytes.
func (f *file) follow(d *directory, path string, depth int) error {
	for i := range d.entries {
		e := &d.entries[i]
		kind, ok := pointers[e.tag]
		if !ok || depth == maxDepth {
			continue
		}
		offsets, _, err := f.numbers(e, maxDirs)
		if err != nil {
			return err
		}
		for n, off := range offsets {
			name := kind
			if kind == "subifd" {
				name += strconv.Itoa(n)
			}
			if err := f.descend(int64(off), path+name+"/", kind, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// descend reads a directory below a page, those that follow it, and those below it.
func (f *file) descend(off int64, path, kind string, depth int) error {
	for off > 0 && f.tries < maxDirs && !f.known(off) {
		f.tries++
		d, err := f.readDirectory(off)
		if container.IsVerdict(err) || err == nil && !d.plausible() {
			return nil
		} else if err != nil {
			return err
		}
		f.below = append(f.below, &below{d, path, kind})
		if err := f.follow(d, path, depth+1); err != nil || kind != "subifd" {
			return err // of the others nothing follows, whatever they say
		}
		off = d.next
	}
	return nil
}

// plausible tells a directory from bytes that a stale pointer leads to.
func (d *directory) plausible() bool {
	known := 0
	for _, e := range d.entries {
		if typeSizes[e.typ] > 0 {
			known++
		}
	}
	return known > 0 && 2*known >= len(d.entries)
}

func (f *file) known(off int64) bool {
	for _, b := range f.below {
		if b.off == off {
			return true
		}
	}
	return false
}

// readPages finds out what each page consists of, and which pages stay.
func (f *file) readPages() error {
	for _, p := range f.pages {
		if err := f.kindOfPage(p); err != nil {
			return err
		}
	}
	if err := f.keepOne(); err != nil {
		return err
	}
	for _, p := range f.pages {
		if p.reduced {
			continue
		}
		if err := f.readPage(p); err != nil {
			return err
		}
	}
	return nil
}

// keepOne keeps the first page of a file in which every page says that it is a smaller copy,
// unless the larger one is below it.
func (f *file) keepOne() error {
	var first *page
	for _, p := range f.pages {
		if !p.reduced {
			return nil
		}
		if first == nil && !p.empty {
			first = p
		}
	}
	if first == nil {
		return malformed(f.first, "the file holds no picture")
	}
	for _, b := range f.below {
		if b.kind == "subifd" {
			return &container.Feature{Name: "a picture in a sub-directory"}
		}
	}
	first.reduced = false
	return nil
}
