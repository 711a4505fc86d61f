package webp

import (
	"context"
	"encoding/binary"
	"io"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/profile"
	"github.com/mediaveil/mediaveil/sanitize/internal/riff"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Tags by which Edit knows a span again. The header of a picture chunk has the name of the
// chunk as its tag.
const (
	tagRIFF    = "riff"
	tagVP8X    = "vp8x"
	tagICC     = "icc"
	tagLostICC = "unusable-icc"
	tagANIM    = "anim"   // header of the chunk; its six bytes are media
	tagANMF    = "anmf"   // header of a frame; its place, size and duration are media
	tagFlags   = "flags-" // of a frame, followed by their value
	tagData    = "data"   // media
	tagPad     = "pad"
	tagPrefix  = "exif-prefix" // EXIF that begins as it would in JPEG
)

// A mapper turns the chunks of a file into spans.
type mapper struct {
	ctx      context.Context
	src      container.Source
	w        *container.Window
	spans    []container.Span
	end      int64   // of the RIFF chunk
	extended bool    // the file begins with VP8X
	canvas   canvas  // what it says
	chunks   counter // how often a chunk was seen, of those that count once
	frames   int
	pixels   int64 // of lossless streams
}

type counter map[string]int

// first counts a chunk and reports whether it is the first of its name.
func (c counter) first(id string) bool {
	c[id]++
	return c[id] == 1
}

// add adds a span of n bytes behind the last one.
func (m *mapper) add(n int64, role container.Role, tag string, items ...metadata.Item) {
	if n > 0 {
		m.spans = append(m.spans, container.Span{Off: m.at(), Len: n, Role: role, Tag: tag, Items: items})
	}
}

// at is where the next span begins.
func (m *mapper) at() int64 {
	if last := len(m.spans); last > 0 {
		return m.spans[last-1].End()
	}
	return 0
}

func (m *mapper) unknown(n int64, name string) {
	m.add(n, container.Metadata, "", metadata.Item{Path: "webp/" + name, Size: n})
}

// file maps everything.
func (m *mapper) file() error {
	if err := m.ctx.Err(); err != nil {
		return err
	}
	b, err := m.w.Bytes(0, fileHeader)
	if err == io.EOF {
		return &container.Malformed{What: "the file ends before its header does", CutOff: true}
	} else if err != nil {
		return err
	}
	if !(Format{}).Match(b) {
		return malformed(0, "no WebP file")
	}
	m.end = riff.HeaderSize + int64(binary.LittleEndian.Uint32(b[4:]))
	if m.end > m.src.Size() {
		return &container.Malformed{Off: 4, What: "the file ends before its pictures do", CutOff: true}
	}
	m.add(fileHeader, container.Frame, tagRIFF)
	m.chunks = make(counter)
	if err := m.body(); err != nil {
		return err
	}
	m.unknown(m.end-m.at(), "between-chunks") // too short for a chunk
	m.unknown(m.src.Size()-m.end, "trailer")
	return nil
}

// body maps the chunks of the file. Without VP8X the first one is the picture.
func (m *mapper) body() error {
	first, err := riff.Next(m.w, m.at(), m.end)
	if err != nil {
		return err
	}
	chunk := (*mapper).rest
	switch first.ID {
	case idVP8, idVP8L:
		_, err = m.picture(first)
	case idVP8X:
		err = m.vp8x(first)
		chunk = (*mapper).still
		if m.canvas.flags&flagAnimation != 0 {
			chunk = (*mapper).animated
		}
	default:
		err = malformed(first.Off, "neither a picture nor a header where one must be")
	}
	if err != nil {
		return err
	}
	return m.each(m.end, chunk)
}

// each calls do for every chunk up to end, the last of which may leave less than a header.
func (m *mapper) each(end int64, do func(*mapper, riff.Chunk) error) error {
	for end-m.at() >= riff.HeaderSize {
		if err := m.ctx.Err(); err != nil {
			return err
		}
		if len(m.spans) > container.MaxSpans {
			return errTooMany
		}
		c, err := riff.Next(m.w, m.at(), end)
		if err != nil {
			return err
		}
		if err := do(m, c); err != nil {
			return err
		}
	}
	if m.frames == 0 {
		return &container.Malformed{Off: end, What: "the file holds no picture", CutOff: end == m.src.Size()}
	}
	return nil
}

// vp8x maps the header of an extended file.
func (m *mapper) vp8x(c riff.Chunk) error {
	if c.Size < vp8xSize {
		return malformed(c.Off, "a header of the wrong length")
	}
	b, err := m.w.Bytes(c.Payload(), vp8xSize)
	if err != nil {
		return err
	}
	m.extended, m.canvas = true, parseVP8X(b)
	m.add(riff.HeaderSize+vp8xSize, container.Frame, tagVP8X)
	m.unknown(c.End()-m.at(), "VP8X/rest")
	return nil
}

// rest maps a chunk that no decoder looks at, since it stands behind the one picture of a
// file without VP8X.
func (m *mapper) rest(c riff.Chunk) error { return m.metadata("webp/", "", c, false) }

// still maps a chunk of an extended file of one picture.
func (m *mapper) still(c riff.Chunk) error {
	switch {
	case c.ID == idALPH && m.frames == 0 && m.chunks.first(idALPH):
		return m.alpha(c, m.canvas.width, m.canvas.height)
	case (c.ID == idVP8 || c.ID == idVP8L) && m.frames == 0:
		if c.ID == idVP8L && m.chunks[idALPH] > 0 {
			return malformed(c.Off, "a lossless picture with a second alpha plane")
		}
		img, err := m.picture(c)
		if err == nil && (img.width != m.canvas.width || img.height != m.canvas.height) {
			err = malformed(c.Off, "the picture is not of the size that the header says")
		}
		return err
	}
	return m.shared(c)
}

// animated maps a chunk of an animation.
func (m *mapper) animated(c riff.Chunk) error {
	switch c.ID {
	case idANIM:
		if m.chunks.first(idANIM) {
			return m.anim(c)
		}
	case idANMF:
		return m.frame(c)
	case idVP8, idVP8L, idALPH:
		return malformed(c.Off, "a picture of an animation outside its frames")
	}
	return m.shared(c)
}

// shared maps a chunk that means the same in every extended file.
func (m *mapper) shared(c riff.Chunk) error {
	switch {
	case c.ID == idICCP && m.canvas.flags&flagICC != 0 && m.chunks.first(idICCP):
		return m.profile(c)
	case c.ID == idEXIF && m.canvas.flags&flagEXIF != 0 && m.chunks.first(idEXIF):
		return m.exif(c)
	}
	return m.metadata("webp/", "", c, false)
}

// exif maps the EXIF block that viewers look at. Some find one only behind the identifier
// that belongs to JPEG, some only without it, so the result has it where the source has it.
func (m *mapper) exif(c riff.Chunk) error {
	b, err := m.w.Bytes(c.Payload(), int(min(c.Size, int64(len(exifPrefix)))))
	if err != nil {
		return err
	}
	tag := ""
	if string(b) == exifPrefix {
		tag = tagPrefix
	}
	return m.metadata("webp/", tag, c, true)
}

// profile maps the colour profile that counts.
func (m *mapper) profile(c riff.Chunk) error {
	if c.Size <= icc.MaxSize {
		b, err := container.ReadPayload(m.src, c.Payload(), c.Size)
		if err != nil {
			return err
		}
		if items, ok := profile.Items("webp/ICCP/", b); ok {
			m.add(riff.HeaderSize+c.Size, container.Metadata, tagICC, items...)
			return m.padding(c)
		}
	}
	return m.metadata("webp/", tagLostICC, c, false)
}

// picture maps a bitstream.
func (m *mapper) picture(c riff.Chunk) (image, error) {
	img, err := readImage(m.w, c.ID, c.Payload(), c.Size)
	if err != nil {
		return image{}, err
	}
	n := c.Size
	if img.lossless {
		n, err = m.lossless(c.Payload()+vp8lHeader, c.Size-vp8lHeader, img.width, img.height)
		if err != nil {
			return image{}, err
		}
		n += vp8lHeader
	}
	m.frames++
	m.add(riff.HeaderSize, container.Frame, c.ID)
	m.add(n, container.Media, tagData)
	m.unknown(c.Size-n, "VP8L/rest")
	return img, m.padding(c)
}

// maxPixels bounds how many pixels of lossless streams are followed in one file: some code
// millions of them in no bits at all.
const maxPixels = 1 << 31

// lossless returns how many of the n bytes at off a lossless stream takes up.
func (m *mapper) lossless(off, n int64, width, height int) (int64, error) {
	if m.pixels += int64(width) * int64(height); m.pixels > maxPixels {
		return 0, &container.Feature{Name: "a file of so many lossless pixels"}
	}
	return losslessSize(m.ctx, m.w, off, n, width, height)
}

// alpha maps the alpha plane of a picture of the given size.
func (m *mapper) alpha(c riff.Chunk, width, height int) error {
	if c.Size < 1 {
		return malformed(c.Off, "an alpha plane of no bytes")
	}
	b, err := m.w.Bytes(c.Payload(), 1)
	if err != nil {
		return err
	}
	n, err := m.alphaSize(b[0], c, width, height)
	if err != nil {
		return err
	}
	m.add(riff.HeaderSize, container.Frame, c.ID)
	m.add(n, container.Media, tagData)
	m.unknown(c.Size-n, "ALPH/rest")
	return m.padding(c)
}

// alphaSize returns how many bytes of an alpha plane a decoder looks at.
func (m *mapper) alphaSize(header byte, c riff.Chunk, width, height int) (int64, error) {
	const compression = 3
	switch plain := int64(width) * int64(height); {
	case header&compression == 1:
		n, err := m.lossless(c.Payload()+1, c.Size-1, width, height)
		return 1 + n, err
	case header&compression > 1:
		return 0, malformed(c.Off, "an alpha plane of unknown compression")
	case plain > c.Size-1:
		return 0, malformed(c.Off, "an alpha plane that is too short")
	default:
		return 1 + plain, nil
	}
}

// padding maps the byte behind a chunk of odd length, which is 0 by rule.
func (m *mapper) padding(c riff.Chunk) error {
	if c.Pad == 0 {
		return nil
	}
	b, err := m.w.Bytes(c.End()-1, 1)
	if err != nil {
		return err
	}
	if b[0] != 0 {
		m.unknown(1, "padding")
		return nil
	}
	m.add(1, container.Frame, tagPad)
	return nil
}

// anim maps background colour and number of loops.
func (m *mapper) anim(c riff.Chunk) error {
	if c.Size < animSize {
		return malformed(c.Off, "animation parameters of the wrong length")
	}
	m.add(riff.HeaderSize, container.Frame, tagANIM)
	m.add(animSize, container.Media, tagData)
	m.unknown(c.End()-m.at(), "ANIM/rest")
	return nil
}

// frame maps one frame of an animation with the chunks inside it: a picture, its alpha plane
// before it, and what else somebody put there.
func (m *mapper) frame(c riff.Chunk) error {
	if m.chunks[idANIM] == 0 {
		return malformed(c.Off, "a frame before the animation parameters")
	}
	if c.Size < anmfSize+riff.HeaderSize {
		return malformed(c.Off, "a frame too short to hold a picture")
	}
	b, err := m.w.Bytes(c.Payload(), anmfSize)
	if err != nil {
		return err
	}
	width := 1 + (int(b[6]) | int(b[7])<<8 | int(b[8])<<16)
	height := 1 + (int(b[9]) | int(b[10])<<8 | int(b[11])<<16)
	flags := tagFlags + string('0'+rune(b[anmfSize-1]&3)) // the others are reserved
	m.add(riff.HeaderSize, container.Frame, tagANMF)
	m.add(anmfSize-1, container.Media, tagData)
	m.add(1, container.Frame, flags)
	if err := m.framePicture(c, width, height); err != nil {
		return err
	}
	end := c.Payload() + c.Size
	if err := m.each(end, (*mapper).inFrame); err != nil {
		return err
	}
	m.unknown(end-m.at(), "ANMF/between-chunks")
	return m.padding(c)
}

// framePicture maps the picture that a frame begins with.
func (m *mapper) framePicture(frame riff.Chunk, width, height int) error {
	end := frame.Payload() + frame.Size
	c, err := riff.Next(m.w, m.at(), end)
	if err != nil {
		return err
	}
	withAlpha := c.ID == idALPH
	if withAlpha {
		if err := m.alpha(c, width, height); err != nil {
			return err
		}
		if c, err = riff.Next(m.w, m.at(), end); err != nil {
			return err
		}
	}
	if c.ID != idVP8 && (c.ID != idVP8L || withAlpha) {
		return malformed(c.Off, "a frame that does not begin with a picture")
	}
	img, err := m.picture(c)
	if err == nil && (img.width != width || img.height != height) {
		err = malformed(c.Off, "the picture is not of the size that its frame says")
	}
	return err
}

// inFrame maps a chunk behind the picture of a frame.
func (m *mapper) inFrame(c riff.Chunk) error { return m.metadata("webp/ANMF/", "", c, false) }
