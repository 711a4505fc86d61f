package png

import (
	"bytes"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// profileName is the name that every profile gets (clause 11.3.3.3).
const profileName = "icc"

// perceptual is the rendering intent of an sRGB that we write (clause 11.3.3.5).
const perceptual = 0

// A profile is what an iCCP holds.
type profile struct {
	at    int64 // the chunk
	name  string
	clean []byte // rebuilt; nil when the profile cannot be used
	space icc.Space
	found []metadata.Item
}

// readProfile reads an iCCP. Decoders pass over one that is damaged or for other colours than
// the picture has, and so do we.
func (m *mapper) readProfile(c chunk) (*profile, error) {
	p := &profile{at: c.off}
	if c.n > container.MaxPayload-overhead {
		return p, nil
	}
	b, ok, err := m.payload(c)
	if err != nil || !ok {
		return p, err
	}
	name, _, _ := bytes.Cut(b, []byte{0})
	p.name = string(name)
	raw := unpackProfile(b)
	if !m.fits(raw) {
		return p, nil
	}
	clean, space, err := icc.Filter(raw)
	if err != nil {
		return p, nil // it goes, as if it were not there; the report says so
	}
	items, err := icc.Read(raw)
	if err != nil {
		return p, nil
	}
	p.clean, p.space, p.found = clean, space, items
	return p, nil
}

// fits reports whether a profile is for grey when the picture is grey, and for RGB otherwise.
func (m *mapper) fits(raw []byte) bool {
	const spaceAt = 16 // ICC.1, 7.2.6
	if len(raw) < spaceAt+4 {
		return false
	}
	want := "RGB "
	if m.header.color == gray || m.header.color == grayAlpha {
		want = "GRAY"
	}
	return string(raw[spaceAt:spaceAt+4]) == want
}

// profiled reports whether a profile decides about the colours.
func (m *mapper) profiled() bool { return m.icc != nil && m.icc.clean != nil }

// iccp adds an iCCP.
func (m *mapper) iccp(i int, c chunk) error {
	p := m.icc
	if p == nil || p.at != c.off {
		m.unused(c)
		return nil
	}
	if p.clean == nil {
		m.dropAs(tagLostICC, c, metadata.Item{Path: "png/iCCP/icc/unusable"})
		return nil
	}
	items := make([]metadata.Item, 0, len(p.found)+2)
	for _, it := range p.found {
		it.Path = "png/iCCP/" + it.Path
		items = append(items, it)
	}
	if p.name != profileName {
		items = append(items, metadata.Item{
			Path: "png/iCCP/icc/name", Category: metadata.Description, Size: int64(len(p.name)), Value: short([]byte(p.name)),
		})
	}
	m.add(overhead+c.n, container.Metadata, c.typ, append(items, colorItem("png/iCCP/icc/space", p.space))...)
	return nil
}

// colorItem says which known space the colours are in.
func colorItem(path string, space icc.Space) metadata.Item {
	it := metadata.Item{Path: path, Category: metadata.Rendering}
	if space != icc.Custom {
		it.Field, it.Value = metadata.ColorSpace, metadata.Secret(space.String())
	}
	return it
}

// srgb adds an sRGB, which means nothing beside a profile that can be used.
func (m *mapper) srgb(i int, c chunk) error {
	if c.n != 1 || i > m.image || m.profiled() || !m.seen.first(c.typ) {
		m.unused(c)
		return nil
	}
	b, ok, err := m.payload(c)
	if err != nil {
		return err
	}
	if !ok || b[0] > 3 {
		m.unused(c)
		return nil
	}
	m.add(overhead+c.n, container.Metadata, c.typ, colorItem("png/sRGB", icc.SRGB))
	return nil
}

// appendProfile adds an iCCP of ours. Its zlib stream is stored, so that it depends on nothing
// but the profile.
func appendProfile(out, clean []byte) []byte {
	return appendChunk(out, "iCCP", []byte(profileName+"\x00\x00"), store(clean))
}
