package heif

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/box"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A file is what the boxes of a HEIF file say.
type file struct {
	ctx context.Context
	src container.Source

	major  string
	brands []string
	mdats  []extent // their bodies
	idat   extent

	seen    map[string]bool // boxes of meta that may occur once
	primary uint32
	items   []*item // in the order of the file
	byID    map[uint32]*item
	locs    map[uint32]*location
	assoc   map[uint32][]association
	targets map[refKey][]uint32
	refs    []refKey // in the order of the file
	props   []*property
	groups  []*group

	extents int   // counted over all items
	units   int   // NAL units and OBUs, counted over all items
	grouped int   // members of all groups
	payload int64 // bytes of payloads that have been read
	pieces  []piece
}

// An extent is a run of bytes of the file.
type extent struct{ off, n int64 }

func (e extent) end() int64 { return e.off + e.n }

// A piece is a run of bytes outside of the media data.
type piece struct {
	extent
	stays func() bool // whether it is structure of the cleaned file; nil is never
	items func() []metadata.Item
	tag   string
}

// always is for what every file has.
func always() bool { return true }

func malformed(off int64, what string) *container.Malformed {
	return &container.Malformed{Off: off, What: what}
}

func feature(name string) *container.Feature { return &container.Feature{Name: name} }

// read reads the structure of a file and decides what of it stays.
func read(ctx context.Context, src container.Source) (*file, error) {
	f := &file{ctx: ctx, src: src, seen: map[string]bool{}, byID: map[uint32]*item{}, locs: map[uint32]*location{}}
	f.assoc, f.targets = map[uint32][]association{}, map[refKey][]uint32{}
	if err := f.top(); err != nil {
		return nil, err
	}
	if !f.seen["meta"] {
		return nil, &container.Malformed{Off: src.Size(), What: "the file holds no picture", CutOff: true}
	}
	if err := f.choose(); err != nil {
		return nil, err
	}
	return f, nil
}

// structure adds a piece that stays under a condition, and otherwise is one of what.
func (f *file) structure(off, n int64, stays func() bool, what metadata.Item) {
	if n > 0 {
		what.Size = n
		f.pieces = append(f.pieces, piece{extent{off, n}, stays, func() []metadata.Item { return []metadata.Item{what} }, ""})
	}
}

// frame adds a piece that every file has.
func (f *file) frame(off, n int64) { f.structure(off, n, always, metadata.Item{}) }

// goes adds a piece that never stays.
func (f *file) goes(off, n int64, name string, category metadata.Category) {
	f.structure(off, n, nil, metadata.Item{Path: "heif/" + name, Category: category})
}

// body reads what stands behind the header of a box.
func (f *file) body(b box.Box) ([]byte, error) {
	off, n := b.Body()
	return container.ReadPayload(f.src, off, n)
}

// head adds the header of a box as a piece, with the first n bytes of its body.
func (f *file) head(b box.Box, n int64) { f.frame(b.Off, b.Head+n) }

// rest adds what a box holds behind the first n bytes of its body.
func (f *file) rest(b box.Box, n int64) {
	off, size := b.Body()
	f.goes(off+n, size-n, "box-rest", metadata.Unknown)
}

// top walks the boxes of the file.
func (f *file) top() error {
	b, err := box.Read(f.src, 0, f.src.Size())
	if err != nil {
		return err
	}
	if b.Type != "ftyp" {
		return malformed(0, "the file does not begin with its type")
	}
	if err := f.fileType(b); err != nil {
		return err
	}
	for off := b.End(); off < f.src.Size(); off = b.End() {
		if b, err = f.next(off); err != nil {
			return err
		}
		if b.Len == 0 || b.Type == "ftyp" {
			return f.trailer(off)
		}
		if err := f.topBox(b); err != nil {
			return err
		}
	}
	return nil
}

// next reads the header of the next box. Behind the picture a header that cannot be is the
// beginning of something else, for which it returns an empty box.
func (f *file) next(off int64) (box.Box, error) {
	if err := f.ctx.Err(); err != nil {
		return box.Box{}, err
	}
	if len(f.pieces) > container.MaxSpans {
		return box.Box{}, feature("a file of so many parts")
	}
	b, err := box.Read(f.src, off, f.src.Size())
	var m *container.Malformed
	if errors.As(err, &m) && f.seen["meta"] && len(f.mdats) > 0 && b.Type != "mdat" && b.Type != "meta" {
		return box.Box{}, nil
	}
	return b, err
}

func (f *file) topBox(b box.Box) error {
	off, n := b.Body()
	switch {
	case b.Type == "meta" && !f.seen["meta"]:
		f.seen["meta"] = true
		return f.meta(b)
	case b.Type == "mdat":
		f.head(b, 0)
		f.mdats = append(f.mdats, extent{off, n})
		return nil
	case b.Type == "moov" && brands[f.major] == sequenceBrand:
		return feature("a HEIF sequence (an animation or a burst)")
	case b.Type == "mini":
		return feature("a HEIF file in the low-overhead form (mini box)")
	case b.Type == "free" || b.Type == "skip":
		f.goes(b.Off, b.Len, "padding", metadata.Unknown)
		return nil
	case b.Type == "uuid":
		f.goes(b.Off, b.Len, userBox(b.User), metadata.Software)
		return nil
	}
	if known, ok := topBoxes[b.Type]; ok {
		f.goes(b.Off, b.Len, known.name, known.category)
		return nil
	}
	f.goes(b.Off, b.Len, "unknown-box", metadata.Unknown)
	return nil
}

// A named is how a report speaks of something that goes.
type named struct {
	name     string
	category metadata.Category
}

// topBoxes are the boxes that have been seen beside the picture.
var topBoxes = map[string]named{
	"moov": {"film", metadata.Thumbnail},
	"moof": {"film", metadata.Thumbnail},
	"mpvd": {"motion-video", metadata.Thumbnail},
	"sefd": {"samsung", metadata.Device},
	"meta": {"second-meta", metadata.Unknown},
	"udta": {"user-data", metadata.Unknown},
	"jumb": {"c2pa", metadata.Software},
}

// userBox names the boxes with a type of their own that have been seen.
func userBox(user [16]byte) string {
	switch {
	case bytes.HasPrefix(user[:], []byte("\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c")):
		return "c2pa"
	case bytes.HasPrefix(user[:], []byte("\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8")):
		return "xmp-box"
	}
	return "vendor-box"
}

// trailer adds everything from off as what does not belong to the picture.
func (f *file) trailer(off int64) error {
	n := f.src.Size() - off
	head, err := container.ReadPayload(f.src, off, min(n, 8))
	if err != nil {
		return err
	}
	if bytes.HasSuffix(head, []byte("ftyp")) {
		f.goes(off, n, "trailer/video", metadata.Thumbnail)
		return nil
	}
	f.goes(off, n, "trailer/unknown", metadata.Unknown)
	return nil
}

// maxPayloads is how many bytes of payloads are read of one file, however many items share
// them.
const maxPayloads = 64 << 20

func (f *file) mayRead(n int64) bool {
	return n <= container.MaxPayload && f.payload+n <= maxPayloads
}

// data returns all bytes of the given extents, which are payload and not a picture.
func (f *file) data(of []extent) ([]byte, error) {
	var total int64
	for _, e := range of {
		total += e.n
	}
	if !f.mayRead(total) {
		return nil, feature("a single part of more than 4 MiB")
	}
	f.payload += total
	out := make([]byte, 0, total)
	for _, e := range of {
		b, err := container.ReadPayload(f.src, e.off, e.n)
		if err == io.EOF {
			return nil, malformed(e.off, "an extent runs past the end of the file")
		} else if err != nil {
			return nil, err
		}
		out = append(out, b...)
	}
	return out, nil
}
