package heif

import (
	"encoding/binary"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/box"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A property says something about items: how large they are, how they are coded.
type property struct {
	off   int64
	typ   string
	known bool   // a table has it
	clean []byte // the body as it is written anew; nil when it goes
	lost  bool   // a colour profile that cannot be rebuilt
	space icc.Space
	found []metadata.Item // what a colour profile carries
	aux   auxiliary
	nal   int // bytes of the lengths before NAL units
	used  bool
}

// An association ties a property to an item.
type association struct {
	index     int // from 1
	essential bool
}

// A propertyKind says how a property is read. It returns the body that is written anew, nil
// when what it found cannot be.
type propertyKind func(p *property, body []byte) []byte

// propertyKinds are the properties that stay: ISO/IEC 23008-12 section 6.5 and annexes B, E,
// ISO/IEC 14496-12 section 12.1.5, AV1-ISOBMFF and AVIF.
var propertyKinds = map[string]propertyKind{
	"ispe": fullOf(8), "pixi": pixelInformation, "colr": colour, "auxC": auxiliaryType,
	"irot": bytesOf(1), "imir": bytesOf(1), "clap": bytesOf(32), "pasp": bytesOf(8),
	"clli": bytesOf(4), "mdcv": bytesOf(24), "amve": bytesOf(8), "cclv": colourVolume,
	"ccst": fullOf(4), "lsel": bytesOf(2), "a1op": bytesOf(1), "a1lx": layerSizes,
	"hvcC": hevcConfig, "av1C": av1Config, "avcC": avcConfig, "rloc": fullOf(8),
	"ndwt": fullOf(4), "reve": fullOf(20),
}

// otherProperties are those that describe a picture and are not needed to show it.
var otherProperties = map[string]named{
	"udes": {"user-description", metadata.Description},
	"altt": {"alt-text", metadata.AltText},
	"crtt": {"created", metadata.Time},
	"mdft": {"modified", metadata.Time},
	"cmin": {"camera", metadata.Device},
	"cmex": {"camera", metadata.Device},
	"aebr": {"exposure-bracket", metadata.Device},
	"wbbr": {"white-balance-bracket", metadata.Device},
	"fobr": {"focus-bracket", metadata.Device},
	"afbr": {"flash-bracket", metadata.Device},
	"dobr": {"depth-bracket", metadata.Device},
	"pano": {"panorama", metadata.Device},
	"free": {"padding", metadata.Unknown},
	"skip": {"padding", metadata.Unknown},
}

// bytesOf is a property of n bytes, all of them numbers.
func bytesOf(n int) propertyKind {
	return func(_ *property, b []byte) []byte {
		if len(b) != n {
			return nil
		}
		return b
	}
}

// fullOf is a property of version 0 with n bytes behind its flags.
func fullOf(n int) propertyKind {
	return func(_ *property, b []byte) []byte {
		if len(b) != 4+n || b[0] != 0 {
			return nil
		}
		return append(make([]byte, 4), b[4:]...)
	}
}

// pixelInformation is the number of channels and the bits of each.
func pixelInformation(_ *property, b []byte) []byte {
	if len(b) < 5 || b[0] != 0 || len(b) != 5+int(b[4]) {
		return nil
	}
	return append(make([]byte, 4), b[4:]...)
}

// layerSizes are three numbers of two or four bytes.
func layerSizes(_ *property, b []byte) []byte {
	if len(b) == 0 || len(b) != 1+3*2*(1+int(b[0]&1)) {
		return nil
	}
	return append([]byte{b[0] & 1}, b[1:]...)
}

// colourVolume is the content colour volume: six numbers and three more, as the flags say.
func colourVolume(_ *property, b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	n := 1
	for bit, size := range map[byte]int{0x20: 24, 0x10: 4, 0x08: 4, 0x04: 4} {
		if b[0]&bit != 0 {
			n += size
		}
	}
	if len(b) != n {
		return nil
	}
	return append([]byte{b[0] & 0x3C}, b[1:]...)
}

// auxiliary is what an auxiliary picture is for.
type auxiliary uint8

const (
	noAux auxiliary = iota
	otherAux
	alphaAux
	gainMapAux
)

// auxiliaries are the names of what may stay, ISO/IEC 23008-12 section 6.6.2.1 and others.
var auxiliaries = map[string]auxiliary{
	"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha": alphaAux,
	"urn:mpeg:hevc:2015:auxid:1":                  alphaAux,
	"urn:mpeg:avc:2015:auxid:1":                   alphaAux,
	"urn:com:apple:photo:2020:aux:hdrgainmap":     gainMapAux,
	"urn:iso:std:iso:ts:21496:-1":                 gainMapAux,
}

// auxiliaryType keeps the name and not the bytes behind it, which no viewer reads.
func auxiliaryType(p *property, b []byte) []byte {
	r := box.NewReader(b)
	r.Full()
	urn := r.Text()
	if p.aux = auxiliaries[urn]; p.aux == noAux || !r.OK() {
		p.aux = otherAux
		return nil
	}
	return append(append(make([]byte, 4), urn...), 0)
}

// properties reads the item properties box, ISO/IEC 23008-12 section 9.3.
func (f *file) properties(b box.Box) error {
	f.head(b, 0)
	off, _ := b.Body()
	return box.Each(f.ctx, f.src, off, b.End(), func(c box.Box) error {
		switch {
		case c.Type == "ipco" && len(f.props) > 0:
			return malformed(c.Off, "a box that may stand there once")
		case c.Type == "ipco":
			return f.container(c)
		case c.Type == "ipma":
			return f.associations(c)
		}
		f.goes(c.Off, c.Len, "meta/unknown-box", metadata.Unknown)
		return nil
	})
}

// maxProperties is what an association can refer to.
const maxProperties = 1<<15 - 1

// container reads the properties themselves.
func (f *file) container(b box.Box) error {
	body, err := f.body(b)
	if err != nil {
		return err
	}
	f.head(b, 0)
	off, _ := b.Body()
	return box.Each(f.ctx, f.src, off, b.End(), func(c box.Box) error {
		if len(f.props) == maxProperties {
			return feature("a file of more than 32,767 properties")
		}
		at, n := c.Body()
		p := &property{off: c.Off, typ: c.Type}
		f.props = append(f.props, p)
		inside := body[at-off:][:n]
		if kind := propertyKinds[c.Type]; kind != nil {
			p.known = true
			p.clean = kind(p, inside)
		}
		f.property(c, p, inside)
		return nil
	})
}

// property adds the pieces of a property.
func (f *file) property(b box.Box, p *property, body []byte) {
	if p.found != nil {
		f.pieces = append(f.pieces, piece{
			extent: extent{b.Off, b.Len}, tag: tagProfile,
			items: func() []metadata.Item { return f.profileItems(p, b.Len) },
		})
		return
	}
	other, ok := otherProperties[b.Type]
	if !ok {
		other = named{"unknown", metadata.Unknown}
		if p.known {
			other = named{"unused", metadata.Unknown}
		}
	}
	what := metadata.Item{Path: "heif/property/" + other.name, Category: other.category}
	if b.Type == "altt" && len(body) > 4 {
		if v := altText(box.NewReader(body[4:]).Text()); v != "" {
			what.Field, what.Value = metadata.AltTextShort, v
		}
	}
	kept := func() bool { return p.used && p.clean != nil }
	if isConfig(b.Type) {
		f.config(b, kept, body, what)
		return
	}
	f.structure(b.Off, b.Len, kept, what)
}

// config adds the pieces of a decoder configuration. What of it stays is something that a
// viewer needs, and not structure: the parameters of a picture are as good as any bytes.
func (f *file) config(b box.Box, kept func() bool, body []byte, what metadata.Item) {
	off, _ := b.Body()
	at := b.Off
	part := func(n int64) {
		if n > 0 {
			f.pieces = append(f.pieces, piece{extent: extent{at, n}, items: func() []metadata.Item {
				what := what
				if kept() {
					what = metadata.Item{Path: "heif/property/decoder-configuration", Category: metadata.Rendering}
				}
				what.Size = n
				return []metadata.Item{what}
			}})
		}
	}
	for _, message := range configParts(b.Type, body) {
		part(off + message.off - at)
		f.goes(off+message.off, message.n, "property/coded-message", metadata.Software)
		at = off + message.end()
	}
	part(b.End() - at)
}

// altText returns a text in the form in which it is written anew, "" when it has none.
func altText(s string) metadata.Secret {
	const most = 32000
	packet := xmp.Write([]metadata.Entry{{Field: metadata.AltTextShort, Value: metadata.Secret(s[:min(len(s), most)])}})
	items, err := xmp.Read(packet)
	if err != nil {
		return ""
	}
	for _, it := range items {
		if it.Field == metadata.AltTextShort {
			return it.Value
		}
	}
	return ""
}

// prop returns the property that an association refers to, nil when there is none.
func (f *file) prop(a association) *property {
	if a.index < 1 || a.index > len(f.props) {
		return nil
	}
	return f.props[a.index-1]
}

// associations reads which properties an item has, section 9.3.2.
func (f *file) associations(b box.Box) error {
	body, err := f.body(b)
	if err != nil {
		return err
	}
	off, _ := b.Body()
	r := box.NewReader(body)
	version, flags := r.Full()
	count := r.U32()
	f.head(b, r.Pos())
	for range count {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		at := r.Pos()
		id := readID(r, version > 0)
		if _, twice := f.assoc[id]; twice {
			return malformed(off+at, "properties of one item in two places")
		}
		all := []association{}
		for range r.U8() {
			v, mark := uint16(r.U8()), uint16(0x80)
			if flags&1 != 0 {
				v, mark = v<<8|uint16(r.U8()), 0x8000
			}
			all = append(all, association{int(v &^ mark), v&mark != 0})
		}
		if !r.OK() {
			return malformed(b.Off, "property associations of the wrong length")
		}
		f.assoc[id] = all
		f.ofItem(off+at, r.Pos()-at, id)
	}
	if !r.OK() {
		return malformed(b.Off, "property associations of the wrong length")
	}
	f.rest(b, r.Pos())
	return nil
}

// propertyContainer is the box of the properties that kept items use, and where each of them
// went, counted from 1.
func (f *file) propertyContainer() (out []byte, index map[*property]int) {
	index = make(map[*property]int)
	var body []byte
	for _, p := range f.props {
		if p.used && p.clean != nil {
			index[p] = len(index) + 1
			body = box.Append(body, p.typ, p.clean)
		}
	}
	return box.Append(nil, "ipco", body), index
}

// associationBox ties the properties to the items, which are numbered from 1.
func (f *file) associationBox(items []*item, index map[*property]int) []byte {
	wide := len(index) > 0x7F
	count, body := uint32(0), []byte(nil)
	for n, it := range items {
		var all []byte
		for _, a := range it.props {
			i, ok := index[f.prop(a)]
			if !ok {
				continue
			}
			v := uint16(i)
			if wide && a.essential {
				v |= 0x8000
			} else if a.essential {
				v |= 0x80
			}
			if wide {
				all = append(all, byte(v>>8))
			}
			all = append(all, byte(v))
		}
		if len(all) == 0 {
			continue
		}
		count++
		body = binary.BigEndian.AppendUint16(body, uint16(n+1))
		per := 1
		if wide {
			per = 2
		}
		body = append(append(body, byte(len(all)/per)), all...)
	}
	flags := uint32(0)
	if wide {
		flags = 1
	}
	return box.AppendFull(nil, "ipma", 0, flags, box.Uint32s(count), body)
}
