package jpeg

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/gainmap"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Payload lengths: JFIF without its thumbnail, Adobe as decoders know it.
const (
	jfifLen  = 14
	adobeLen = 12
)

// maxText is what one segment can hold of a packet or block of ours.
const maxText = 65533 - len(idXMP)

// appendSegment adds a segment whose payload consists of the given parts.
func appendSegment(out []byte, marker byte, id string, parts ...[]byte) []byte {
	n := 2 + len(id)
	for _, p := range parts {
		n += len(p)
	}
	out = append(out, 0xFF, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(n))
	out = append(out, id...)
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// Edit describes the cleaned file: the header segments written anew, then the media of the
// source in their order.
func (Format) Edit(_ context.Context, src container.Source, spans []container.Span, plan container.Plan) (*container.Draft, error) {
	primary, gain := split(spans)
	e := &editor{src: src, plan: plan}
	if len(gain) == 0 || plan.Drop(gainItem) {
		if len(gain) > 0 {
			e.note("gain-map-dropped")
		}
		return e.write(primary, nil)
	}
	second, err := (&editor{src: src, tag: gainTag}).write(gain, nil)
	if err != nil {
		return nil, err
	}
	first, err := e.write(primary, second)
	if err != nil {
		return nil, err
	}
	first.Append(second)
	return first, nil
}

// split tells the spans of the picture from those of its gain map. The rest goes.
func split(spans []container.Span) (primary, gain []container.Span) {
	for _, s := range spans {
		if strings.HasPrefix(s.Tag, gainTag) {
			gain = append(gain, s)
		} else {
			primary = append(primary, s)
		}
	}
	return primary, gain
}

// An editor describes one picture.
type editor struct {
	src   container.Source
	plan  container.Plan
	tag   string // "" or gainTag
	notes []string
}

func (e *editor) note(code string) { e.notes = append(e.notes, code) }

func (e *editor) write(spans []container.Span, gain *container.Draft) (*container.Draft, error) {
	head, err := e.header(spans, gain)
	if err != nil {
		return nil, err
	}
	body := container.NewDraft(e.src)
	for i, s := range spans {
		switch {
		case s.Role == container.Media:
			body.Copy(s.Off, s.Len)
		case s.Tag == e.tag+tagDQT, s.Tag == e.tag+tagDHT:
			body.Put(e.tablesHeader(s, spans[i+1:]))
		case s.Tag == e.tag+tagEOI:
			body.Put([]byte{0xFF, eoi})
		}
	}
	d := container.NewDraft(e.src)
	d.Put(head)
	if gain != nil {
		at := d.Size()
		mpf := mpfSegment(at, at+mpfSize+body.Size(), gain.Size())
		d.Put(mpf)
	}
	d.Append(body)
	for _, n := range e.notes {
		d.Note(n)
	}
	return d, nil
}

// mpfSize is the size of the segment that mpfSegment makes.
var mpfSize = int64(len(mpfSegment(0, 0, 0)))

// tablesHeader is the marker and length of a segment for the tables that follow and stay.
func (e *editor) tablesHeader(segment container.Span, rest []container.Span) []byte {
	marker, n := byte(dqt), int64(0)
	if segment.Tag == e.tag+tagDHT {
		marker = dht
	}
	for _, s := range rest {
		if s.Tag != e.tag+tagTable {
			break
		}
		if s.Role == container.Media {
			n += s.Len
		}
	}
	if n == 0 {
		return nil
	}
	return binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(2+n))
}

// header returns everything that is written anew: SOI, JFIF, EXIF, XMP, ISO 21496, ICC,
// Adobe.
func (e *editor) header(spans []container.Span, gain *container.Draft) ([]byte, error) {
	out := []byte{0xFF, soi}
	jfif, err := e.read(spans, tagJFIF)
	if err != nil {
		return nil, err
	}
	if len(jfif) > 0 {
		// Version 1.01, no thumbnail; units and density say how large a pixel is.
		out = appendSegment(out, app0, idJFIF, []byte{1, 1}, jfif[0][11:16], []byte{0, 0})
	}
	if out, err = e.text(out, spans, gain); err != nil {
		return nil, err
	}
	if out, err = e.profile(out, spans); err != nil {
		return nil, err
	}
	adobe, err := e.read(spans, tagAdobe)
	if err != nil {
		return nil, err
	}
	if len(adobe) > 0 {
		// Version 100, no flags; decoders look at the colour transform only.
		out = appendSegment(out, appE, idAdobe, []byte{0, 100, 0, 0, 0, 0, adobe[0][15]})
	}
	return out, nil
}

// read returns the spans of a tag, marker and length included.
func (e *editor) read(spans []container.Span, tag string) ([][]byte, error) {
	var all [][]byte
	for _, s := range spans {
		if s.Tag != e.tag+tag {
			continue
		}
		b, err := container.ReadPayload(e.src, s.Off, s.Len)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// text adds the blocks that hold what the plan writes, and what a gain map needs.
func (e *editor) text(out []byte, spans []container.Span, gain *container.Draft) ([]byte, error) {
	if block := exif.Write(e.plan.Write); block != nil {
		if len(block) > maxText {
			return nil, &container.Feature{Name: "a text of more than 64 KiB"}
		}
		out = appendSegment(out, app1, idExif, block)
	}
	packet := xmp.Write(e.plan.Write)
	if gain != nil {
		packet = gainmap.PrimaryXMP(gain.Size(), packet)
	}
	if e.tag != "" {
		packets, err := e.read(spans, tagXMP)
		if err != nil {
			return nil, err
		}
		packet = gainMapPacket(packets)
	}
	if len(packet) > maxText {
		return nil, &container.Feature{Name: "a text of more than 64 KiB"}
	}
	if packet != nil {
		out = appendSegment(out, app1, idXMP, packet)
	}
	if gain == nil && e.tag == "" {
		return out, nil
	}
	iso, err := e.read(spans, tagISO)
	if err != nil || len(iso) == 0 {
		return out, err
	}
	numbers := gainmap.ISOVersion()
	if e.tag != "" {
		parsed, _ := gainmap.ParseISO(iso[0][4+len(idISO):]) // Map has looked at it
		numbers = parsed.Bytes()
	}
	return appendSegment(out, app2, idISO, numbers), nil
}

// gainMapPacket writes anew what the packets of a gain map say about how to apply it.
func gainMapPacket(segments [][]byte) []byte {
	for _, b := range segments {
		if params, ok := gainmap.ParseXMP(bytes.TrimPrefix(b[4:], []byte(idXMP))); ok {
			return params.XMP()
		}
	}
	return nil
}

// profile adds the colour profile of the source, rebuilt, or the one that its EXIF block
// asks for.
func (e *editor) profile(out []byte, spans []container.Span) ([]byte, error) {
	if slices.ContainsFunc(spans, func(s container.Span) bool { return s.Tag == e.tag+tagLostICC }) {
		e.note("profile-dropped")
	}
	chunks, err := e.read(spans, tagICC)
	if err != nil {
		return nil, err
	}
	if len(chunks) > 0 {
		clean, space, err := icc.Filter(joinProfile(chunks))
		if err != nil {
			return nil, err
		}
		if space == icc.Custom {
			e.note("profile-custom")
		}
		return append(out, iccSegments(clean)...), nil
	}
	if e.tag == "" && e.plan.Value(metadata.ColorSpace) == icc.AdobeRGB.String() {
		e.note("profile-added")
		out = append(out, iccSegments(icc.Profile(icc.AdobeRGB))...)
	}
	return out, nil
}

// joinProfile puts the chunks of a profile, which Map has found complete, in their order.
func joinProfile(segments [][]byte) []byte {
	ordered := make([][]byte, len(segments))
	for _, b := range segments {
		ordered[b[4+len(idICC)]-1] = b[4+iccHeader:]
	}
	return bytes.Join(ordered, nil)
}
