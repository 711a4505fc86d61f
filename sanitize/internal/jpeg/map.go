package jpeg

import (
	"bytes"
	"context"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/gainmap"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Tags by which Edit knows a span again. Those of a gain map have gainTag before them.
const (
	tagSOI   = "soi"
	tagEOI   = "eoi"
	tagJFIF  = "jfif"
	tagAdobe = "adobe"
	tagICC   = "icc"
	tagXMP   = "xmp"
	tagISO   = "iso"
	tagDQT   = "dqt" // marker and length of a segment of tables
	tagDHT   = "dht"
	tagTable = "table" // one table behind either
	gainTag  = "gain-map/"

	tagLostICC = "unusable-icc"
)

// gainItem is what all of a gain map belongs to: it goes and stays as one.
var gainItem = metadata.Item{Path: "jpeg/gain-map", Category: metadata.GainMap}

// What a report can hold of one file. Past it a segment is one item without a name, which
// goes like any other.
const (
	maxItems = 1 << 15
	maxTexts = 4 << 20 // bytes of all values together
)

// A mapper turns the parts of a file into spans.
type mapper struct {
	ctx   context.Context
	src   container.Source
	w     *container.Window
	spans []container.Span
	items int // listed so far
	texts int // bytes of their values
	full  bool
}

// A pictureMapper maps one picture of a file.
type pictureMapper struct {
	*mapper
	pic    *picture
	coding *coding
	path   string // "jpeg/" or "jpeg/gain-map/"
	tag    string // "" or gainTag
	header bool   // no scan has begun
	exif   bool   // an EXIF block has been seen; decoders look at the first only
	jfif   bool
	adobe  int64 // the APP14 that counts: the last one before the first scan
	icc    profile
	excess map[int64][]extent // by the offset of a scan's data
}

func newMapper(ctx context.Context, src container.Source) (*mapper, error) {
	m := &mapper{ctx: ctx, src: src, w: container.NewWindow(src)}
	pic, err := scanPicture(ctx, m.w, 0)
	if err != nil {
		return nil, err
	}
	if err := m.picture(pic, ""); err != nil {
		return nil, err
	}
	if err := m.trailer(pic.end); err != nil {
		return nil, err
	}
	if err := m.acceptMPF(pic.end); err != nil {
		return nil, err
	}
	if len(m.spans) > container.MaxSpans {
		return nil, &container.Feature{Name: "a file of so many parts"}
	}
	return m, nil
}

// picture adds the spans of one picture.
func (m *mapper) picture(pic *picture, tag string) error {
	p := &pictureMapper{mapper: m, pic: pic, path: "jpeg/" + tag, tag: tag, header: true}
	var err error
	if p.coding, err = readCoding(m.w, pic); err != nil {
		return err
	}
	if err := p.survey(); err != nil {
		return err
	}
	if err := p.findExcess(); err != nil {
		return err
	}
	for _, seg := range pic.parts {
		if err := m.ctx.Err(); err != nil {
			return err
		}
		if err := p.part(seg); err != nil {
			return err
		}
	}
	return nil
}

// survey finds what is spread over several segments or decided by the last of them.
func (p *pictureMapper) survey() error {
	for _, seg := range p.pic.parts {
		if seg.kind != kindSegment {
			continue
		}
		switch seg.marker {
		case sos:
			return p.icc.read(p.src)
		case app2:
			b, err := p.payload(seg)
			if err != nil {
				return err
			}
			p.icc.add(seg, b)
		case appE:
			b, err := p.payload(seg)
			if err != nil {
				return err
			}
			if len(b) >= adobeLen && bytes.HasPrefix(b, []byte(idAdobe)) {
				p.adobe = seg.off
			}
		}
	}
	return nil
}

// findExcess looks for bytes behind the end of a scan. Decoding every scan would cost many
// times what a copy does, so only a picture that looks as if it had some is walked.
func (p *pictureMapper) findExcess() error {
	alarm, err := suspiciousScan(p.w, p.pic)
	if err != nil || !alarm {
		return err
	}
	p.excess, err = excess(p.ctx, p.w, p.pic, p.coding)
	return err
}

func (p *pictureMapper) payload(seg part) ([]byte, error) {
	off, n := seg.payload()
	return p.w.Bytes(off, int(n))
}

// add adds a span of n bytes behind the last one.
func (m *mapper) add(n int64, role container.Role, tag string, items ...metadata.Item) {
	off := int64(0)
	if last := len(m.spans); last > 0 {
		off = m.spans[last-1].End()
	}
	if n > 0 {
		m.spans = append(m.spans, container.Span{Off: off, Len: n, Role: role, Tag: tag, Items: items})
	}
}

// media adds bytes that a decoder needs.
func (p *pictureMapper) media(n int64, tag string) {
	if p.tag == gainTag {
		p.add(n, container.Media, tag, gainItem)
		return
	}
	p.add(n, container.Media, tag)
}

func (p *pictureMapper) unknown(n int64, name string) {
	p.add(n, container.Metadata, "", metadata.Item{Path: p.path + name, Size: n})
}

func (p *pictureMapper) part(seg part) error {
	switch seg.kind {
	case kindMarker:
		tag := tagSOI
		if seg.marker == eoi {
			tag = tagEOI
		}
		p.add(seg.n, container.Frame, p.tag+tag)
	case kindEntropy:
		p.entropy(seg)
	case kindFill:
		p.unknown(seg.n, "fill")
	case kindJunk:
		p.unknown(seg.n, "between-segments")
	case kindSegment:
		return p.segment(seg)
	}
	return nil
}

// entropy adds the data of a scan, less what no decoder reads.
func (p *pictureMapper) entropy(seg part) {
	at := seg.off
	for _, e := range p.excess[seg.off] {
		p.media(e.off-at, p.tag)
		p.unknown(e.n, "behind-scan")
		at = e.off + e.n
	}
	p.media(seg.off+seg.n-at, p.tag)
}

func (p *pictureMapper) segment(seg part) error {
	switch _, coded := codingSegments[seg.marker]; {
	case seg.marker == dqt, seg.marker == dht:
		p.tables(seg)
		return nil
	case seg.marker == dnl && seg.off != p.coding.lineCount:
		p.unknown(seg.n, "unused-line-count")
		return nil
	case seg.marker == dac && !p.coding.arithmetic:
		p.unknown(seg.n, "unused-conditioning")
		return nil
	case coded:
		p.header = p.header && seg.marker != sos
		p.media(seg.n, p.tag)
		return nil
	}
	b, err := p.payload(seg)
	if err != nil {
		return err
	}
	p.app(seg, b)
	return nil
}

// tables cuts a DQT or DHT segment into its tables; one that no scan refers to can hold
// anything.
func (p *pictureMapper) tables(segment part) {
	tag := p.tag + tagDQT
	if segment.marker == dht {
		tag = p.tag + tagDHT
	}
	p.add(4, container.Frame, tag)
	for _, t := range p.coding.tables[segment.off] {
		if t.used {
			p.media(t.n, p.tag+tagTable)
			continue
		}
		p.add(t.n, container.Metadata, p.tag+tagTable, metadata.Item{Path: p.path + "unused-table", Size: t.n})
	}
}

// app adds an APPn or COM segment, or one with a marker that is not known.
func (p *pictureMapper) app(seg part, b []byte) {
	switch {
	case p.header && !p.jfif && seg.marker == app0 && len(b) >= jfifLen && bytes.HasPrefix(b, []byte(idJFIF)):
		p.jfif = true
		p.frameThenRest(seg, tagJFIF, jfifLen, metadata.Item{Path: p.path + "app0/jfif/thumbnail", Category: metadata.Thumbnail})
	case seg.marker == appE && seg.off == p.adobe:
		p.frameThenRest(seg, tagAdobe, adobeLen, metadata.Item{Path: p.path + "app14/rest"})
	case p.icc.has(seg):
		p.add(seg.n, container.Metadata, p.tag+tagICC, p.icc.items(p.path, seg)...)
	case seg.marker == app2 && bytes.HasPrefix(b, []byte(idISO)):
		p.iso(seg, b[len(idISO):])
	default:
		p.add(seg.n, container.Metadata, p.appTag(seg, b), p.appItems(seg, b)...)
	}
}

// frameThenRest adds a segment of which the first n bytes of payload are understood.
func (p *pictureMapper) frameThenRest(seg part, tag string, n int64, rest metadata.Item) {
	p.add(4+n, container.Frame, p.tag+tag)
	rest.Size = seg.n - 4 - n
	p.add(rest.Size, container.Metadata, "", rest)
}

// iso adds the numbers of ISO 21496-1, which a gain map is applied with.
func (p *pictureMapper) iso(seg part, b []byte) {
	item := metadata.Item{Path: p.path + "app2/iso-21496", Category: metadata.GainMap, Size: seg.n}
	valid := gainmap.IsISOVersion(b)
	if p.tag != "" {
		_, valid = gainmap.ParseISO(b)
	}
	if !valid {
		item.Category = metadata.Unknown
		p.add(seg.n, container.Metadata, "", item)
		return
	}
	p.add(seg.n, container.Metadata, p.tag+tagISO, item)
}

func (p *pictureMapper) appTag(seg part, b []byte) string {
	switch {
	case seg.marker == app1 && bytes.HasPrefix(b, []byte(idXMP)):
		return p.tag + tagXMP
	case seg.marker == app2 && bytes.HasPrefix(b, []byte(idICC)):
		return p.tag + tagLostICC
	}
	return p.tag
}

// appItems lists what a segment carries. What decoders do not look at gives no field.
func (p *pictureMapper) appItems(seg part, b []byte) []metadata.Item {
	items := p.read(seg, b)
	first := seg.marker == app1 && bytes.HasPrefix(b, []byte("Exif\x00")) && p.header && !p.exif
	if first {
		p.exif = true
	}
	for i := range items {
		f := &items[i].Field
		switch {
		case p.tag != "" || !p.header:
			*f = ""
		case *f == metadata.Orientation && !first, *f == metadata.ColorSpace && (!first || p.icc.usable()):
			*f = ""
		}
	}
	return items
}

// read lists what a segment says as long as there is room for it.
func (p *pictureMapper) read(seg part, b []byte) []metadata.Item {
	if !p.full {
		items := appItems(p.path, seg.marker, b)
		p.items += len(items)
		for _, it := range items {
			p.texts += len(it.Value)
		}
		if p.full = p.items > maxItems || p.texts > maxTexts; !p.full {
			return items
		}
	}
	return []metadata.Item{{Path: p.path + "one-of-too-many", Size: seg.n}}
}
