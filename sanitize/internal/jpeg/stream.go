package jpeg

import (
	"context"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Tables is a set of tables that a stream takes from elsewhere: T.81 B.4 and B.5 let a file
// of another format keep them once for many pictures.
type Tables uint16

// Classes of tables, with four slots each.
const (
	classQuant = iota
	classDC
	classAC
)

func slotOf(class int, slot byte) Tables { return 1 << (4*class + int(slot)) }

// streamTag stands before the tags of a stream inside another file.
const streamTag = "jpeg/"

// ScanStream cuts the JPEG stream that fills the n bytes at off of src, a strip or tile of
// another format, into spans, and says which tables it lacks. Decoders of such formats know
// the colours from elsewhere, so of all APPn only an Adobe segment stays. The paths of items
// begin with path. AppendStream describes the stream without what has to go.
func ScanStream(ctx context.Context, src container.Source, off, n int64, path string) ([]container.Span, Tables, error) {
	p, err := newStream(ctx, src, off, n, path)
	if err != nil {
		return nil, 0, err
	}
	if p.coding.scans == 0 {
		return nil, 0, malformed(off, "a part of the picture without a scan")
	}
	spans, err := p.cut(off, n)
	return spans, p.coding.lacks, err
}

// ScanTables is ScanStream for a stream of tables, of which the used ones stay.
func ScanTables(ctx context.Context, src container.Source, off, n int64, path string, used Tables) ([]container.Span, error) {
	p, err := newStream(ctx, src, off, n, path)
	if err != nil {
		return nil, err
	}
	if p.coding.frame || p.coding.scans > 0 {
		return nil, malformed(off, "a picture where tables should be")
	}
	for slot := range byte(4) {
		for class, t := range []*table{p.coding.quant[slot], p.coding.huffman[0][slot], p.coding.huffman[1][slot]} {
			if t != nil {
				t.used = used&slotOf(class, slot) != 0
			}
		}
	}
	return p.cut(off, n)
}

// AppendStream adds a stream to d without what is not needed.
func AppendStream(d *container.Draft, spans []container.Span) {
	e := &editor{tag: streamTag}
	for i, s := range spans {
		switch {
		case s.Role == container.Media:
			d.Copy(s.Off, s.Len)
		case s.Tag == streamTag+tagSOI:
			d.Put([]byte{0xFF, soi})
		case s.Tag == streamTag+tagEOI:
			d.Put([]byte{0xFF, eoi})
		case s.Tag == streamTag+tagDQT, s.Tag == streamTag+tagDHT:
			d.Put(e.tablesHeader(s, spans[i+1:]))
		case s.Tag == streamTag+tagTransform0, s.Tag == streamTag+tagTransform1, s.Tag == streamTag+tagTransform2:
			d.Put(appendSegment(nil, appE, idAdobe, []byte{0, 100, 0, 0, 0, 0, s.Tag[len(s.Tag)-1] - '0'}))
		}
	}
}

// Tags of an Adobe segment by the colour transform that it asks for.
const (
	tagTransform0 = "adobe-0"
	tagTransform1 = "adobe-1"
	tagTransform2 = "adobe-2"
)

var transforms = []string{tagTransform0, tagTransform1, tagTransform2}

// A section is a part of a source, with the same offsets as in the whole.
type section struct {
	container.Source
	end int64
}

func (s *section) Size() int64 { return s.end }

// KnownMedia passes on what the source knows of itself.
func (s *section) KnownMedia(off int64) int64 {
	k, ok := s.Source.(interface{ KnownMedia(off int64) int64 })
	if !ok || off >= s.end {
		return 0
	}
	return min(k.KnownMedia(off), s.end-off)
}

// A stream maps one stream inside another file.
type stream struct{ *pictureMapper }

func newStream(ctx context.Context, src container.Source, off, n int64, path string) (*stream, error) {
	part := &section{src, off + n}
	w := container.NewWindow(part)
	pic, err := scanPicture(ctx, w, off)
	if m, ok := cutOff(err); ok && pic != nil && pic.lastScanEnd == off+n {
		pic.end = m.Off // decoders do without an EOI behind the last scan
	} else if err != nil {
		return nil, err
	}
	p := &pictureMapper{
		mapper: &mapper{ctx: ctx, src: part, w: w},
		pic:    pic, path: path, tag: streamTag, header: true, adobe: -1,
	}
	if p.coding, err = readSegments(w, pic); err != nil {
		return nil, err
	}
	return &stream{p}, nil
}

// cut turns the parts of the stream into spans from off on.
func (p *stream) cut(off, n int64) ([]container.Span, error) {
	p.spans = []container.Span{{Off: off}}
	adobe := false
	for _, seg := range p.pic.parts {
		_, coded := codingSegments[seg.marker]
		switch {
		case seg.kind == kindEntropy:
			p.add(seg.n, container.Media, "")
		case seg.kind != kindSegment:
			if err := p.part(seg); err != nil {
				return nil, err
			}
		case seg.marker == dqt, seg.marker == dht:
			p.tables(seg)
		case seg.marker == dnl && seg.off != p.coding.lineCount:
			p.unknown(seg.n, "unused-line-count")
		case seg.marker == dac && !p.coding.arithmetic:
			p.unknown(seg.n, "unused-conditioning")
		case coded:
			p.add(seg.n, container.Media, "")
		default:
			b, err := p.payload(seg)
			if err != nil {
				return nil, err
			}
			if !adobe && isAdobe(seg, b) {
				adobe = true
				p.frameThenRest(seg, transforms[b[adobeLen-1]], adobeLen, metadata.Item{Path: p.path + "app14/rest"})
				continue
			}
			p.add(seg.n, container.Metadata, "", withoutFields(p.read(seg, b))...)
		}
	}
	p.unknown(off+n-p.pic.end, "behind-picture")
	return p.spans[1:], nil
}

func isAdobe(seg part, b []byte) bool {
	return seg.marker == appE && len(b) >= adobeLen && string(b[:len(idAdobe)]) == idAdobe && b[adobeLen-1] <= 2
}

func withoutFields(items []metadata.Item) []metadata.Item {
	for i := range items {
		items[i].Field = ""
	}
	return items
}
