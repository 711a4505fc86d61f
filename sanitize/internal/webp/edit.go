package webp

import (
	"context"
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/profile"
	"github.com/mediaveil/mediaveil/sanitize/internal/riff"
)

// Edit describes the cleaned file: RIFF header, VP8X when something needs it, profile,
// pictures, EXIF, XMP, in the order of RFC 9649 section 2.7.
func (Format) Edit(_ context.Context, src container.Source, spans []container.Span, plan container.Plan) (*container.Draft, error) {
	e := &editor{src: src, w: container.NewWindow(src), spans: spans, body: container.NewDraft(src)}
	e.pictures()
	if err := e.read(); err != nil {
		return nil, err
	}
	d := container.NewDraft(src)
	icc, err := e.profile(d)
	if err != nil {
		return nil, err
	}
	block, packet := e.exif(plan), xmp.Write(plan.Write)
	head := e.header(icc != nil, block != nil, packet != nil)
	if icc != nil {
		head = riff.AppendChunk(head, idICCP, icc)
	}
	var tail []byte
	if block != nil {
		tail = riff.AppendChunk(tail, idEXIF, block)
	}
	if packet != nil {
		tail = riff.AppendChunk(tail, idXMP, packet)
	}
	size := int64(len(idWEBP)+len(head)+len(tail)) + e.body.Size()
	if size > riff.MaxSize {
		return nil, &container.Feature{Name: "a WebP file of more than 4 GiB"}
	}
	d.Put(append(riff.AppendHeader(nil, idRIFF, size), idWEBP...))
	d.Put(head)
	d.Append(e.body)
	d.Put(tail)
	return d, nil
}

// An editor describes the chunks of a cleaned file.
type editor struct {
	src   container.Source
	w     *container.Window
	spans []container.Span

	body     *container.Draft // pictures with their chunk headers
	frame    *container.Draft // the frame of an animation that is being described
	hasAlpha bool             // there is an ALPH chunk
	extended bool             // the source has a VP8X
	canvas   canvas
	image    image // the first one
}

// pictures describes what is copied, chunk by chunk.
func (e *editor) pictures() {
	for i, s := range e.spans {
		switch {
		case s.Tag == tagANIM:
			e.chunk(e.body, idANIM, i)
		case s.Tag == tagANMF:
			e.closeFrame()
			e.frame = container.NewDraft(e.src)
			e.copy(e.frame, i)
		case strings.HasPrefix(s.Tag, tagFlags):
			e.frame.Put([]byte{s.Tag[len(tagFlags)] - '0'})
		case s.Tag == idALPH, s.Tag == idVP8, s.Tag == idVP8L:
			e.hasAlpha = e.hasAlpha || s.Tag == idALPH
			d := e.body
			if e.frame != nil {
				d = e.frame
			}
			e.chunk(d, s.Tag, i)
		}
	}
	e.closeFrame()
}

// copy adds the media behind the span of a chunk header and returns how many bytes that are.
func (e *editor) copy(d *container.Draft, header int) int64 {
	s := e.spans[header+1]
	d.Copy(s.Off, s.Len)
	return s.Len
}

// chunk adds a chunk of media.
func (e *editor) chunk(d *container.Draft, id string, header int) {
	d.Put(riff.AppendHeader(nil, id, e.spans[header+1].Len))
	d.Zero(e.copy(d, header) & 1)
}

func (e *editor) closeFrame() {
	if e.frame != nil {
		e.body.Put(riff.AppendHeader(nil, idANMF, e.frame.Size()))
		e.body.Append(e.frame)
		e.frame = nil
	}
}

// read reads what the header of the file has to say.
func (e *editor) read() error {
	for i, s := range e.spans {
		switch s.Tag {
		case tagVP8X:
			b, err := e.w.Bytes(s.Off+riff.HeaderSize, vp8xSize)
			if err != nil {
				return err
			}
			e.extended, e.canvas = true, parseVP8X(b)
		case idVP8, idVP8L:
			data := e.spans[i+1]
			var err error
			e.image, err = readImage(e.w, s.Tag, data.Off, data.Len)
			return err
		}
	}
	return nil
}

// exif returns what the plan writes as EXIF, or nil.
func (e *editor) exif(plan container.Plan) []byte {
	block := exif.Write(plan.Write)
	prefixed := slices.ContainsFunc(e.spans, func(s container.Span) bool { return s.Tag == tagPrefix })
	if block == nil || !prefixed {
		return block
	}
	return append([]byte(exifPrefix), block...)
}

// header returns VP8X, or nothing when a decoder finds the same without it.
func (e *editor) header(icc, exif, xmp bool) []byte {
	c := e.canvas
	if !e.extended {
		c = canvas{width: e.image.width, height: e.image.height}
		if e.image.alpha {
			c.flags = flagAlpha
		}
	}
	c.flags &= flagAlpha | flagAnimation
	alpha := e.image.lossless && e.image.alpha != (c.flags&flagAlpha != 0)
	if c.flags&flagAnimation == 0 && !e.hasAlpha && !alpha && !icc && !exif && !xmp {
		return nil
	}
	for _, f := range []struct {
		set  bool
		flag byte
	}{{icc, flagICC}, {exif, flagEXIF}, {xmp, flagXMP}} {
		if f.set {
			c.flags |= f.flag
		}
	}
	return riff.AppendChunk(nil, idVP8X, c.vp8x())
}

// profile returns the colour profile of the source, rebuilt, or nil.
func (e *editor) profile(d *container.Draft) ([]byte, error) {
	for _, s := range e.spans {
		switch s.Tag {
		case tagLostICC:
			d.Note("profile-dropped")
		case tagICC:
			b, err := container.ReadPayload(e.src, s.Off+riff.HeaderSize, s.Len-riff.HeaderSize)
			if err != nil {
				return nil, err
			}
			return profile.Rebuild(d, b)
		}
	}
	return nil, nil
}
