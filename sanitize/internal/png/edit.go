package png

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"slices"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Edit describes the cleaned file: the chunks that stay, in their order, and before the
// picture what is written anew.
func (Format) Edit(ctx context.Context, src container.Source, spans []container.Span, plan container.Plan) (*container.Draft, error) {
	e := &editor{ctx: ctx, src: src, w: container.NewWindow(src), plan: plan, d: container.NewDraft(src)}
	e.lateExif = slices.ContainsFunc(spans, func(s container.Span) bool { return s.Tag == tagLateExif })
	for len(spans) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := 1
		for n < len(spans) && spans[n].Tag == tagRest {
			n++
		}
		if err := e.chunk(spans[:n]); err != nil {
			return nil, err
		}
		spans = spans[n:]
	}
	return e.d, nil
}

// An editor describes one file.
type editor struct {
	ctx      context.Context
	src      container.Source
	w        *container.Window
	plan     container.Plan
	d        *container.Draft
	texts    bool   // what is written anew has been written
	lateExif bool   // the EXIF block that counts stands behind the picture, and stays there
	gone     uint32 // chunks that are missing from the order of an animation
}

// chunk adds one chunk of the source, cut into spans, if it stays.
func (e *editor) chunk(spans []container.Span) error {
	switch tag := spans[0].Tag; tag {
	case tagDrop, "eXIf", tagLateExif:
	case tagLostICC:
		e.d.Note("profile-dropped")
	case tagFrame:
		e.gone++
	case tagSignature:
		e.d.Put([]byte(signature))
	case "iCCP":
		return e.profile(spans[0])
	case "fcTL":
		return e.frameControl(spans)
	case "IDAT", "fdAT":
		return e.pictureData(spans)
	case "PLTE", "tRNS":
		return e.media(spans, nil)
	case "IEND":
		e.end()
	default:
		return e.again(spans)
	}
	return nil
}

// data reads the data of a chunk, all of which stays.
func (e *editor) data(spans []container.Span) ([]byte, error) {
	from, to := spans[0].Off+8, spans[len(spans)-1].End()-4
	if len(spans) == 1 {
		to = spans[0].End() - 4
	}
	return container.ReadPayload(e.src, from, to-from)
}

// again writes a chunk anew with the same numbers.
func (e *editor) again(spans []container.Span) error {
	b, err := e.data(spans)
	if err == nil {
		e.d.Put(appendChunk(nil, spans[0].Tag, b))
	}
	return err
}

func (e *editor) frameControl(spans []container.Span) error {
	e.anew()
	b, err := e.data(spans)
	if err != nil {
		return err
	}
	e.number(b)
	e.d.Put(appendChunk(nil, "fcTL", b))
	return nil
}

// number closes the gaps that chunks have left in the order of an animation.
func (e *editor) number(b []byte) {
	binary.BigEndian.PutUint32(b, binary.BigEndian.Uint32(b)-e.gone)
}

func (e *editor) pictureData(spans []container.Span) error {
	e.anew()
	if spans[0].Tag != "fdAT" {
		return e.media(spans, nil)
	}
	b, err := container.ReadPayload(e.src, spans[1].Off, 4)
	if err != nil {
		return err
	}
	e.number(b)
	return e.media(spans, b)
}

// media adds a chunk of which the media stay, with the given bytes before them. A checksum is
// computed only when it is another one than before, since that means reading all of them.
func (e *editor) media(spans []container.Span, before []byte) error {
	body, whole := container.Span{}, e.gone == 0 || before == nil
	for _, s := range spans {
		switch s.Role {
		case container.Media:
			body = s
		case container.Metadata:
			whole = false
		}
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(int64(len(before))+body.Len))
	head = append(append(head, spans[0].Tag...), before...)
	sum, err := container.ReadPayload(e.src, spans[len(spans)-1].Off, 4)
	if err != nil {
		return err
	}
	if !whole {
		n, err := sumRange(e.ctx, e.w, crc32.ChecksumIEEE(head[4:]), body.Off, body.Len)
		if err != nil {
			return err
		}
		binary.BigEndian.PutUint32(sum, n)
	}
	e.d.Put(head)
	e.d.Copy(body.Off, body.Len)
	e.d.Put(sum)
	return nil
}

// anew writes, before the picture, what the plan says.
func (e *editor) anew() {
	if e.texts {
		return
	}
	e.texts = true
	if !e.lateExif {
		e.exif()
	}
	if packet := xmp.Write(e.plan.Write); packet != nil {
		// No compression, no language, no translated keyword (clause 11.3.3.4).
		e.d.Put(appendChunk(nil, "iTXt", []byte(keywordXMP+"\x00\x00\x00\x00\x00"), packet))
	}
}

func (e *editor) exif() {
	if block := exif.Write(e.plan.Write); block != nil {
		e.d.Put(appendChunk(nil, "eXIf", block))
	}
}

func (e *editor) end() {
	if e.lateExif {
		e.exif()
	}
	e.d.Put(appendChunk(nil, "IEND"))
}

// profile writes the colour profile of the source, rebuilt. The numbers of sRGB need none.
func (e *editor) profile(s container.Span) error {
	b, err := container.ReadPayload(e.src, s.Off+8, s.Len-overhead)
	if err != nil {
		return err
	}
	clean, space, err := icc.Filter(unpackProfile(b))
	if err != nil {
		return err
	}
	switch space {
	case icc.SRGB:
		e.d.Put(appendChunk(nil, "sRGB", []byte{perceptual}))
		return nil
	case icc.Custom:
		e.d.Note("profile-custom")
	}
	e.d.Put(appendProfile(nil, clean))
	return nil
}
