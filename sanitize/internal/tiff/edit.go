package tiff

import (
	"bytes"
	"context"
	"slices"
	"sort"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A mapped source knows which of its bytes Map has found to be media, so that a stream is
// not read a second time.
type mapped struct {
	container.Source
	spans []container.Span
}

// KnownMedia returns how many bytes from off on are one medium.
func (m *mapped) KnownMedia(off int64) int64 {
	i := sort.Search(len(m.spans), func(i int) bool { return m.spans[i].End() > off })
	if i == len(m.spans) || m.spans[i].Role != container.Media || m.spans[i].Off > off {
		return 0
	}
	return m.spans[i].End() - off
}

// Edit describes the cleaned file: a header, the picture data of the pages that stay in the
// order of the source, and their directories written anew.
func (Format) Edit(ctx context.Context, src container.Source, spans []container.Span, plan container.Plan) (*container.Draft, error) {
	f, err := open(ctx, &mapped{src, spans})
	if err != nil {
		return nil, err
	}
	l, err := f.layout()
	if err != nil {
		return nil, err
	}
	e := &editor{file: f, layout: l, draft: container.NewDraft(src)}
	return e.write(plan)
}

// An editor describes the cleaned form of a file.
type editor struct {
	*file
	layout layout
	draft  *container.Draft
}

func (e *editor) write(plan container.Plan) (*container.Draft, error) {
	at := e.size()
	for _, r := range e.layout {
		r.at = at
		at += r.size()
	}
	first := at + e.padding(at)
	e.draft.Put(e.head(first))
	for _, r := range e.layout {
		if r.draft == nil {
			e.draft.Copy(r.off, r.n)
			continue
		}
		jpeg.AppendStream(e.draft, r.spans)
	}
	texts, err := e.texts(plan)
	if err != nil {
		return nil, err
	}
	if err := e.pagesAt(texts); err != nil {
		return nil, err
	}
	if !e.big && e.draft.Size() > 1<<32-1 {
		return nil, &container.Feature{Name: "a classic TIFF file of 4 GiB"}
	}
	return e.draft, e.ctx.Err()
}

// padding is how many bytes bring at to where a directory or value may stand.
func (e *editor) padding(at int64) int64 {
	if e.big {
		return -at & 7
	}
	return at & 1
}

func (e *editor) head(first int64) []byte {
	out := []byte("II")
	if e.order.Uint16([]byte{0, 1}) == 1 {
		out = []byte("MM")
	}
	if !e.big {
		return e.order.AppendUint32(e.order.AppendUint16(out, 42), uint32(first))
	}
	out = e.order.AppendUint16(e.order.AppendUint16(out, 43), 8)
	return e.order.AppendUint64(e.order.AppendUint16(out, 0), uint64(first))
}

// pagesAt adds the directories of the pages, each behind the one before.
func (e *editor) pagesAt(texts []field) error {
	var pages []*page
	for _, p := range e.pages {
		if !p.reduced {
			pages = append(pages, p)
		}
	}
	for i, p := range pages {
		fields := slices.Concat(p.fresh, e.placeFields(p), texts)
		texts = nil
		profile, err := e.profileField(p)
		if err != nil {
			return err
		}
		e.draft.Zero(e.padding(e.draft.Size()))
		e.draft.Put(e.directoryAt(e.draft.Size(), append(fields, profile...), i+1 == len(pages)))
	}
	return nil
}

// placeFields say where the picture data of a page stands in the cleaned file.
func (e *editor) placeFields(p *page) []field {
	offsets, counts := uint16(tagStripOffsets), uint16(tagStripByteCounts)
	if p.shape.columns > 0 {
		offsets, counts = tagTileOffsets, tagTileByteCounts
	}
	var at, sizes []byte
	for _, strip := range p.strips {
		to := e.layout.place(strip)
		at, sizes = e.appendOffset(at, to.off), e.appendOffset(sizes, to.n)
	}
	typ, n := e.offsetType(), int64(len(p.strips))
	fields := []field{{tag: offsets, typ: typ, count: n, value: at}, {tag: counts, typ: typ, count: n, value: sizes}}
	for _, b := range p.bulk {
		to := e.layout.place(extent{b.off, b.n})
		fields = append(fields, field{tag: b.tag, typ: b.typ, count: to.n / typeSizes[b.typ], from: &to})
	}
	return fields
}

func (e *editor) offsetType() uint16 {
	if e.big {
		return typeLong8
	}
	return typeLong
}

func (e *editor) appendOffset(b []byte, v int64) []byte {
	if e.big {
		return e.order.AppendUint64(b, uint64(v))
	}
	return e.order.AppendUint32(b, uint32(v))
}

// profileField is the colour profile of a page, rebuilt.
func (e *editor) profileField(p *page) ([]field, error) {
	entry := p.find(tagICC)
	if entry == nil {
		return nil, nil
	}
	profile, err := e.profile(entry)
	if err != nil {
		return nil, err
	}
	if profile.clean == nil {
		e.draft.Note("profile-dropped")
		return nil, nil
	}
	if profile.space == icc.Custom {
		e.draft.Note("profile-custom")
	}
	return []field{{tag: tagICC, typ: typeUndefined, count: int64(len(profile.clean)), value: profile.clean}}, nil
}

// texts are the fields that hold what the plan writes.
func (e *editor) texts(plan container.Plan) ([]field, error) {
	entries := slices.DeleteFunc(slices.Clone(plan.Write), func(w metadata.Entry) bool {
		return w.Field == metadata.Orientation || w.Field == metadata.ColorSpace
	})
	var fields []field
	if block := exif.Write(entries); block != nil {
		var err error
		if fields, err = blockFields(e.ctx, block); err != nil {
			return nil, err
		}
	}
	if packet := xmp.Write(entries); packet != nil {
		fields = append(fields, field{tag: tagXMP, typ: typeByte, count: int64(len(packet)), value: packet})
	}
	return fields, nil
}

// blockFields takes the texts out of a block that exif has written.
func blockFields(ctx context.Context, block []byte) ([]field, error) {
	src := bytes.NewReader(block)
	head, err := readHeader(block)
	if err != nil {
		return nil, err
	}
	f := &file{header: head, ctx: ctx, src: src}
	f.block.src = src
	d, err := f.readDirectory(head.first)
	if err != nil {
		return nil, err
	}
	var fields []field
	for i := range d.entries {
		entry := &d.entries[i]
		if entry.typ != typeASCII {
			continue
		}
		b, err := f.value(entry, entry.n)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field{tag: entry.tag, typ: entry.typ, count: entry.count, value: b})
	}
	return fields, nil
}

// directoryAt returns a directory that begins at the given place, with its values behind it.
func (e *editor) directoryAt(at int64, fields []field, last bool) []byte {
	slices.SortFunc(fields, func(a, b field) int { return int(a.tag) - int(b.tag) })
	behind := at + e.countSize() + int64(len(fields))*e.entrySize() + e.inline()
	var values []byte
	place := func() int64 {
		values = append(values, make([]byte, e.padding(behind+int64(len(values))))...)
		return behind + int64(len(values))
	}
	var out []byte
	if e.big {
		out = e.order.AppendUint64(out, uint64(len(fields)))
	} else {
		out = e.order.AppendUint16(out, uint16(len(fields)))
	}
	for _, v := range fields {
		out = e.order.AppendUint16(e.order.AppendUint16(out, v.tag), v.typ)
		out = e.appendOffset(out, v.count)
		switch {
		case v.from != nil:
			out = e.appendOffset(out, v.from.off)
		case int64(len(v.value)) <= e.inline():
			out = append(append(out, v.value...), make([]byte, e.inline()-int64(len(v.value)))...)
		default:
			out = e.appendOffset(out, place())
			values = append(values, v.value...)
		}
	}
	next := int64(0)
	if !last {
		next = behind + int64(len(values))
		next += e.padding(next)
	}
	return append(e.appendOffset(out, next), values...)
}
