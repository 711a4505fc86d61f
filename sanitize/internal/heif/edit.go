package heif

import (
	"context"
	"encoding/binary"
	"slices"
	"sort"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/box"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Edit describes the cleaned file: its type, a meta box written anew, and one media data box
// with the media of the source in their order and the texts that stay behind them.
func (Format) Edit(ctx context.Context, src container.Source, _ []container.Span, plan container.Plan) (*container.Draft, error) {
	f, err := read(ctx, src)
	if err != nil {
		return nil, err
	}
	d := container.NewDraft(src)
	if f.hasGainMap() {
		if plan.Drop(gainItem) {
			f.dropGainMap()
		}
		if !slices.ContainsFunc(f.items, func(it *item) bool { return it.use == gainMapUse }) {
			d.Note("gain-map-dropped")
		}
	}
	for _, p := range f.props {
		switch {
		case p.used && p.lost:
			d.Note("profile-dropped")
		case p.used && p.found != nil && p.space == icc.Custom:
			d.Note("profile-custom")
		}
	}
	e := newEditor(f, xmp.Write(plan.Write))
	head, err := e.head()
	if err != nil {
		return nil, err
	}
	d.Put(head)
	for _, m := range e.media {
		d.Copy(m.off, m.n)
	}
	d.Put(e.packet)
	return d, nil
}

// An editor writes the structure of a cleaned file.
type editor struct {
	*file
	items  []*item
	number map[uint32]uint16 // of the items in the cleaned file, from 1
	packet []byte            // XMP about the picture, nil for none
	media  []extent          // ranges of the source
	behind []int64           // how many bytes of media stand before each of them
	total  int64             // bytes of media
	wide   bool              // offsets take eight bytes
}

func newEditor(f *file, packet []byte) *editor {
	e := &editor{file: f, items: f.kept(), packet: packet, media: f.media(), number: map[uint32]uint16{}}
	for n, it := range e.items {
		e.number[it.id] = uint16(n + 1)
	}
	for _, m := range e.media {
		e.behind = append(e.behind, e.total)
		e.total += m.n
	}
	return e
}

// textItem is the number of the XMP packet.
func (e *editor) textItem() uint16 { return uint16(len(e.items) + 1) }

// head returns everything before the media. Where these begin depends on how long it is, and
// that does not depend on where they begin.
func (e *editor) head() ([]byte, error) {
	if len(e.items) >= maxItems {
		return nil, feature("a picture of more than 65,534 items")
	}
	body := e.total + int64(len(e.packet))
	for _, e.wide = range []bool{false, true} {
		start, err := e.write(0, body)
		if err != nil {
			return nil, err
		}
		if e.wide || int64(len(start))+body <= 0xFFFFFFFF {
			return e.write(int64(len(start)), body)
		}
	}
	return nil, feature("a file of this size")
}

// write returns everything before the media, which begin at the given offset.
func (e *editor) write(start, body int64) ([]byte, error) {
	idat, places := e.itemData()
	locations, err := e.locationBox(start, places)
	if err != nil {
		return nil, err
	}
	references, err := e.referenceBox()
	if err != nil {
		return nil, err
	}
	properties, index := e.propertyContainer()
	meta := box.AppendFull(nil, "hdlr", 0, 0, []byte("\x00\x00\x00\x00pict\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	meta = box.AppendFull(meta, "pitm", 0, 0, box.Uint16s(e.number[e.primary]))
	meta = append(meta, locations...)
	meta = append(meta, e.infoBox()...)
	meta = append(meta, references...)
	meta = box.Append(meta, "iprp", properties, e.associationBox(e.items, index))
	if len(idat) > 0 {
		meta = box.Append(meta, "idat", idat)
	}
	meta = append(meta, e.groupBox()...)
	out := box.AppendFull(e.typeBox(), "meta", 0, 0, meta)
	return box.AppendHead(out, "mdat", body), nil
}

// itemData puts together how pictures are derived, and says where each begins.
func (e *editor) itemData() (idat []byte, places map[*item]int64) {
	places = make(map[*item]int64)
	for _, it := range e.items {
		if it.derived != nil {
			places[it] = int64(len(idat))
			idat = append(idat, it.derived...)
		}
	}
	return idat, places
}

// place is where a range of the source begins in the cleaned file.
func (e *editor) place(r extent, start int64) int64 {
	i := sort.Search(len(e.media), func(i int) bool { return e.media[i].end() > r.off })
	return start + e.behind[i] + r.off - e.media[i].off
}

// locationBox says where the data of items lie. Version 1 is for those in the meta box.
func (e *editor) locationBox(start int64, places map[*item]int64) ([]byte, error) {
	version := byte(0)
	if len(places) > 0 {
		version = 1
	}
	count, body := uint16(0), []byte(nil)
	entry := func(id uint16, method uint16, extents []extent) {
		count++
		body = binary.BigEndian.AppendUint16(body, id)
		if version > 0 {
			body = binary.BigEndian.AppendUint16(body, method)
		}
		body = append(body, 0, 0) // the data are in this file
		body = binary.BigEndian.AppendUint16(body, uint16(len(extents)))
		for _, x := range extents {
			body = e.appendNumber(e.appendNumber(body, x.off), x.n)
		}
	}
	for n, it := range e.items {
		if at, ok := places[it]; ok {
			entry(uint16(n+1), inIdat, []extent{{at, int64(len(it.derived))}})
			continue
		}
		var extents []extent
		for _, r := range it.media {
			extents = append(extents, extent{e.place(r, start), r.n})
		}
		if len(extents) > 65535 {
			return nil, feature("an item of more than 65,535 extents")
		}
		if len(extents) > 0 {
			entry(uint16(n+1), inFile, extents)
		}
	}
	if e.packet != nil {
		entry(e.textItem(), inFile, []extent{{start + e.total, int64(len(e.packet))}})
	}
	sizes := []byte{0x44, 0}
	if e.wide {
		sizes = []byte{0x88, 0}
	}
	return box.AppendFull(nil, "iloc", version, 0, sizes, box.Uint16s(count), body), nil
}

func (e *editor) appendNumber(b []byte, v int64) []byte {
	if e.wide {
		return binary.BigEndian.AppendUint64(b, uint64(v))
	}
	return binary.BigEndian.AppendUint32(b, uint32(v))
}

// infoBox lists the items, without names.
func (e *editor) infoBox() []byte {
	var body []byte
	for n, it := range e.items {
		flags := uint32(0)
		if it.hidden {
			flags = 1
		}
		body = box.AppendFull(body, "infe", 2, flags, box.Uint16s(uint16(n+1), 0), []byte(it.typ), []byte{0})
	}
	count := len(e.items)
	if e.packet != nil {
		count++
		body = box.AppendFull(body, "infe", 2, 0, box.Uint16s(e.textItem(), 0), []byte("mime\x00"+xmpType+"\x00"))
	}
	return box.AppendFull(nil, "iinf", 0, 0, box.Uint16s(uint16(count)), body)
}

// referenceBox ties the items together, those that stay.
func (e *editor) referenceBox() ([]byte, error) {
	var body []byte
	for _, ref := range e.refs {
		from, ok := e.number[ref.from]
		if !ok || !keptRefs[ref.typ] || ref.typ == "cdsc" {
			continue
		}
		var to []uint16
		for _, id := range e.targets[ref] {
			if n, ok := e.number[id]; ok {
				to = append(to, n)
			}
		}
		if len(to) > 65535 {
			return nil, feature("a picture derived from more than 65,535 others")
		}
		if len(to) > 0 {
			body = box.Append(body, ref.typ, box.Uint16s(from, uint16(len(to))), box.Uint16s(to...))
		}
	}
	if e.packet != nil {
		body = box.Append(body, "cdsc", box.Uint16s(e.textItem(), 1, e.number[e.primary]))
	}
	if len(body) == 0 {
		return nil, nil
	}
	return box.AppendFull(nil, "iref", 0, 0, body), nil
}

// groupBox lists which items are alternatives to each other. The numbers of the groups are
// not those of items.
func (e *editor) groupBox() []byte {
	var body []byte
	number := uint32(len(e.items) + 2)
	for _, g := range e.groups {
		var ids []uint32
		for _, it := range e.alternatives(g) {
			if n, ok := e.number[it.id]; ok {
				ids = append(ids, uint32(n))
			}
		}
		if len(ids) > 1 {
			body = box.AppendFull(body, "altr", 0, 0, box.Uint32s(number, uint32(len(ids))), box.Uint32s(ids...))
			number++
		}
	}
	if body == nil {
		return nil
	}
	return box.Append(nil, "grpl", body)
}
