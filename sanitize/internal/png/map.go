package png

import (
	"context"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Tags by which Edit knows a span again. The first span of a chunk that stays is tagged with
// the type of the chunk, the spans behind it have none of these.
const (
	tagSignature = "signature"
	tagRest      = "rest" // part of the chunk that the span before belongs to
	tagDrop      = ""
	tagLostICC   = "unusable-icc"
	tagLateExif  = "late-exif"
	tagFrame     = "unused-frame" // of an animation, with a number in its order
)

// A mapper turns the chunks of a file into spans.
type mapper struct {
	ctx    context.Context
	src    container.Source
	w      *container.Window
	chunks []chunk
	spans  []container.Span

	header     header
	palette    int // colours that count
	image      int // the first IDAT
	animated   bool
	control    int           // the acTL that counts
	frameCount int64         // what it says
	keep       map[int]int64 // for a chunk of picture data that stays, how many bytes of it
	icc        *profile
	exif       int   // the eXIf that counts, or -1
	seen       seen  // chunks that count once
	budget     int64 // bytes that texts may still be inflated to
}

type seen map[string]bool

// first reports whether a chunk of the type has not been seen before.
func (s seen) first(typ string) bool {
	was := s[typ]
	s[typ] = true
	return !was
}

func (m *mapper) read() error {
	b, err := container.ReadPayload(m.src, 0, min(m.src.Size(), int64(len(signature))))
	if err != nil {
		return err
	}
	if string(b) != signature {
		return malformed(0, "no PNG signature")
	}
	m.chunks, err = readChunks(m.ctx, m.src)
	return err
}

// survey finds what decides about other chunks: the header, where the picture data end, the
// colour profile and the orientation that count.
func (m *mapper) survey() error {
	m.image, m.exif, m.seen, m.keep = -1, -1, seen{}, map[int]int64{}
	b, ok, err := m.payload(m.chunks[0])
	if err != nil {
		return err
	}
	if !ok {
		return badSum(m.chunks[0])
	}
	if m.header, err = parseHeader(m.chunks[0], b); err != nil {
		return err
	}
	for i, c := range m.chunks {
		switch {
		case c.typ == "IDAT" && m.image < 0:
			m.image = i
		case c.typ == "acTL" && m.image < 0 && !m.animated:
			if err := m.surveyControl(i); err != nil {
				return err
			}
		case c.typ == "eXIf" && m.exif < 0:
			if err := m.surveyExif(i); err != nil {
				return err
			}
		case c.typ == "iCCP" && m.image < 0 && m.icc == nil:
			if m.icc, err = m.readProfile(c); err != nil {
				return err
			}
		}
	}
	if m.image < 0 {
		return malformed(m.chunks[len(m.chunks)-1].off, "no picture data")
	}
	frames, err := m.frames()
	if err != nil {
		return err
	}
	for _, f := range frames {
		if err := m.walk(f); err != nil {
			return err
		}
	}
	return nil
}

// surveyExif remembers a block that decoders do not pass over.
func (m *mapper) surveyExif(i int) error {
	if m.chunks[i].n > container.MaxPayload-overhead {
		return nil
	}
	_, ok, err := m.payload(m.chunks[i])
	if ok {
		m.exif = i
	}
	return err
}

func badSum(c chunk) error {
	return malformed(c.off, "a checksum that does not fit a chunk which decoders need")
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

// cut makes the spans.
func (m *mapper) cut() error {
	m.add(int64(len(signature)), container.Frame, tagSignature)
	for i, c := range m.chunks {
		if err := m.ctx.Err(); err != nil {
			return err
		}
		if err := m.chunk(i, c); err != nil {
			return err
		}
	}
	return m.trailer(m.chunks[len(m.chunks)-1].end())
}

func (m *mapper) chunk(i int, c chunk) error {
	switch k := kinds[c.typ]; {
	case c.typ == "IEND":
		return m.end(c)
	case c.typ == "PLTE":
		return m.plte(c, i)
	case c.typ == "IDAT", c.typ == "fdAT":
		m.pictureData(i, c)
		return nil
	case k.valid != nil:
		return m.rendering(i, c, k)
	case k.read != nil:
		return k.read(m, i, c)
	default:
		m.drop(c, metadata.Item{Path: "png/" + k.name(c), Category: k.category})
		return nil
	}
}

// drop adds a chunk that goes. Without items it is of unknown content.
func (m *mapper) drop(c chunk, items ...metadata.Item) { m.dropAs(tagDrop, c, items...) }

func (m *mapper) dropAs(tag string, c chunk, items ...metadata.Item) {
	if len(items) == 1 {
		items[0].Size = overhead + c.n
	}
	m.add(overhead+c.n, container.Metadata, tag, items...)
}

// fields adds a chunk whose numbers are all understood. No field of PNG is longer than four
// bytes.
func (m *mapper) fields(c chunk) {
	m.add(8, container.Frame, c.typ)
	for left := c.n; left > 0; left -= 4 {
		m.add(min(left, 4), container.Frame, tagRest)
	}
	m.add(4, container.Frame, tagRest)
}

// media adds a chunk of which the first n bytes are media, skip bytes of numbers before them.
func (m *mapper) media(c chunk, skip, n int64, rest metadata.Item) {
	m.add(8, container.Frame, c.typ)
	m.add(skip, container.Frame, tagRest)
	m.add(n, container.Media, tagRest)
	rest.Size = c.n - skip - n
	m.add(rest.Size, container.Metadata, tagRest, rest)
	m.add(4, container.Frame, tagRest)
}

// end adds the IEND. What it holds, which should be nothing, goes.
func (m *mapper) end(c chunk) error {
	if c.n <= container.MaxPayload-overhead {
		if _, ok, err := m.payload(c); err != nil {
			return err
		} else if !ok {
			return badSum(c)
		}
	}
	m.media(c, 0, 0, metadata.Item{Path: "png/IEND/data"})
	return nil
}

// plte adds the palette. Colours that no pixel can name can hold anything, and so can the
// palette of a picture that has none.
func (m *mapper) plte(c chunk, i int) error {
	if m.header.color != indexed {
		m.drop(c, metadata.Item{Path: "png/PLTE/unused"})
		return nil
	}
	switch {
	case !m.seen.first("PLTE"), i > m.image:
		return malformed(c.off, "a palette where none can be")
	case c.n == 0, c.n%3 != 0, c.n > 3*256:
		return malformed(c.off, "a palette of the wrong length")
	case m.seen["tRNS"]:
		return malformed(c.off, "a palette behind its transparency")
	}
	if _, ok, err := m.payload(c); err != nil {
		return err
	} else if !ok {
		return badSum(c)
	}
	n := min(c.n, 3<<m.header.depth)
	m.palette = int(n / 3)
	m.media(c, 0, n, metadata.Item{Path: "png/PLTE/unused"})
	return nil
}

// pictureData adds an IDAT or fdAT.
func (m *mapper) pictureData(i int, c chunk) {
	n, ok := m.keep[i]
	if !ok {
		if c.typ == "fdAT" {
			m.dropAs(tagFrame, c, metadata.Item{Path: "png/fdAT/unused", Category: metadata.Thumbnail})
		} else {
			m.unused(c)
		}
		return
	}
	skip := int64(0)
	if c.typ == "fdAT" {
		skip = 4
	}
	m.media(c, skip, n, metadata.Item{Path: "png/" + c.typ + "/behind-the-picture"})
}
