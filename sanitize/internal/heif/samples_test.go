package heif_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

var update = flag.Bool("update", false, "write the samples, seeds and golden files anew")

// talkative is a profile with texts, tags that no table knows and bytes behind its end.
func talkative(profile []byte) string {
	b := slices.Clone(profile)
	copy(b[48:], "MVCA")
	b = append(b, "text\x00\x00\x00\x00"+secret("icc-rest")...)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return string(b)
}

// moved is a profile of no space with a name: the red of sRGB moved.
func moved() string {
	p := slices.Clone(icc.Profile(icc.SRGB))
	for i := range int(binary.BigEndian.Uint32(p[128:])) {
		if e := p[132+12*i:]; string(e[:4]) == "rXYZ" {
			off := binary.BigEndian.Uint32(e[4:])
			binary.BigEndian.PutUint32(p[off+8:], binary.BigEndian.Uint32(p[off+8:])+0x0400)
		}
	}
	return talkative(p)
}

func profile(p string) prop { return prop{bx("colr", "prof", p), false} }

// exifItem is an EXIF block as an item: an offset, the name of the block, and the block.
func exifItem(id int) entry {
	block := "MM\x00*\x00\x00\x00\x08\x00\x03" + "\x01\x0F\x00\x02" + be32(len(secret("make"))+1) + be32(50) +
		"\x01\x12\x00\x03" + be32(1) + "\x00\x06\x00\x00" +
		"\x01\x32\x00\x02" + be32(20) + be32(50+len(secret("make"))+1) + be32(0) + secret("make") + "\x00" + "2026:01:31 14:05:09\x00"
	return entry{id: id, typ: "Exif", name: secret("exif-name"), data: be32(6) + "Exif\x00\x00" + block}
}

func xmpItem(id int, packet string) entry {
	return entry{id: id, typ: "mime", name: "XMP " + secret("xmp-name") + "\x00application/rdf+xml", data: packet}
}

const packetHead = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:mv="http://example.org/mv/" `

func packet() string {
	return packetHead + `photoshop:City="` + secret("city") + `" mv:x="` + secret("own-namespace") + `"/></rdf:RDF></x:xmpmeta>`
}

// nal is a NAL unit of HEVC with its length, obu an open bitstream unit with its size.
func nal(typ byte, body string) string {
	return be32(len(body)+2) + string([]byte{typ << 1, 1}) + body
}

func obu(typ byte, body string) string {
	return string([]byte{typ<<3 | 2, byte(len(body))}) + body
}

// talking adds messages to coded data, around it and in the configuration.
func talking(c coded) coded {
	switch c.typ {
	case "hvc1":
		c.data = nal(39, "\x05\x20"+secret("sei-user-data")+"\x80") + c.data + nal(38, secret("filler")) + nal(40, "\x05\x10"+secret("suffix")+"\x80") +
			nal(48, secret("unspecified"))
		body := []byte(c.config[8:])
		body[22]++
		c.config = bx("hvcC", string(body), "\x27\x00\x01", be16(len(secret("sei-array"))), secret("sei-array"))
	case "av01":
		c.data = obu(5, "\x04\xB5\x00\x01"+secret("t35")+"\x80") + c.data + obu(5, "\x06"+secret("private")+"\x80") + obu(15, secret("padding")) + obu(9, secret("reserved"))
		c.config = bx("av1C", c.config[8:], obu(5, "\x04"+secret("config-t35")))
	}
	return c
}

// describing are properties that say something about a picture.
func describing() []prop {
	return []prop{
		{fullBx("udes", 0, 0, "en\x00", secret("udes-name"), "\x00", secret("udes-text"), "\x00", secret("tags"), "\x00"), false},
		{fullBx("altt", 0, 0, secret("altt"), "\x00en\x00"), false},
		{fullBx("crtt", 0, 0, be64(3900000000000000)), false},
		{fullBx("cmin", 0, 0, secret("camera")), false},
		{bx("uuid", "0123456789abcdef", secret("uuid-property")), false},
		{bx("mvcn", secret("unknown-property")), false},
	}
}

// everything is one picture with a secret in every place that is known.
func everything(c coded, brands string) builder {
	t := talking(c)
	tile := of(9, t, describing()...)
	tile.hidden, tile.name = true, secret("tile-name")
	main := entry{
		id: 3, typ: "grid", name: secret("grid-name"), method: 1, data: "\x00\x00\x00\x00" + be16(64) + be16(64) + secret("behind-the-grid"),
		props: append([]prop{{ispe(64, 64), false}, {bx("irot", "\x01"), isEssential}, profile(talkative(icc.Profile(icc.DisplayP3)))}, describing()...),
	}
	alpha := of(12, t, prop{auxC(urnAlpha), isEssential})
	alpha.name = secret("alpha-name")
	depth := of(13, t, prop{auxC(urnDepth), false})
	thumb := of(14, t, profile(moved()))
	thumb.name = secret("thumb-name")
	b := builder{
		brands: brands + "MVCAmif1miafMVCN", minor: 0x4D564341, handler: secret("handler"), primary: 3, gap: secret("gap"), iloc: 1,
		entries: []entry{
			main, tile, exifItem(10), xmpItem(11, packet()), alpha, depth, thumb, of(15, t), xmpItem(16, packet()),
			{id: 17, typ: "mime", name: secret("n") + "\x00text/plain\x00" + secret("encoding"), data: secret("text/plain")},
			{id: 18, typ: "uri ", name: secret("n") + "\x00http://example.org/" + secret("uri"), data: secret("uri-data")},
			{id: 19, typ: "mvca", data: secret("unknown-item")},
			{id: 20, typ: "jpeg", data: secret("jpeg-thumbnail")},
			{id: 21, typ: "iptc", data: "\x1C\x02\x78" + be16(len(secret("caption"))) + secret("caption")},
			{id: 22, typ: "mime", name: "\x00image/jpeg", method: 1, data: secret("in-idat")},
		},
		refs: []ref{
			{"dimg", 3, []int{9}}, {"cdsc", 10, []int{3}}, {"cdsc", 11, []int{3}}, {"auxl", 12, []int{3}}, {"auxl", 13, []int{3}},
			{"thmb", 14, []int{3}}, {"thmb", 20, []int{3}}, {"cdsc", 16, []int{13}}, {"cdsc", 18, []int{3, 9}}, {"mvrf", 3, []int{19}},
		},
		groups: fullBx("ster", 0, 0, "MVCA", be32(2), be32(3), be32(15)) + fullBx("mvgr", 0, 0, be32(1), be32(0), secret("group")),
		inMeta: bx("dinf", secret("dinf")) + bx("free", secret("meta-free")) + bx("xml ", secret("xml")) + bx("mvbx", secret("meta-box")),
		inIPCO: bx("mvpr", secret("no-item")),
		front:  bx("free", secret("free")) + bx("uuid", "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", packet()),
	}
	b.behind = bx("mpvd", bx("ftyp", "mp42"), secret("motion")) + bx("sefd", secret("samsung")) + bx("moov", secret("moov")) +
		bx("mdat", secret("second-mdat")) + bx("skip", secret("skip")) +
		bx("uuid", "\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81", secret("c2pa")) + bx("mvtp", secret("top")) + "\x00\x00\x00\x02" + secret("trailer")
	return b
}

// plain is one picture.
func plain(c coded, more ...prop) builder {
	brands := "heicmif1heic"
	if c.typ == "av01" {
		brands = "avifmif1avifmiaf"
	}
	return builder{brands: brands, primary: 1, gap: secret("gap"), entries: []entry{of(1, c, more...), exifItem(2)}, refs: []ref{{"cdsc", 2, []int{1}}}}
}

// gridOf is a picture of many tiles, which may all have the same data.
func gridOf(c coded, columns, rows int, wide bool) builder {
	b := builder{primary: 1000, wide: wide, gap: secret("gap"), iloc: 1}
	main := entry{id: 1000, typ: "grid", data: "\x00\x00" + string([]byte{byte(rows - 1), byte(columns - 1)}) + be16(columns*c.w) + be16(rows*c.h), method: 1, props: []prop{{ispe(columns*c.w, rows*c.h), false}}}
	r := ref{typ: "dimg", from: 1000}
	for i := range columns * rows {
		tile := of(i+1, c)
		tile.hidden = true
		if i > 0 {
			tile.same, tile.data = 1, ""
		}
		b.entries, r.to = append(b.entries, tile), append(r.to, i+1)
	}
	b.entries = append(b.entries, main, exifItem(2000))
	b.refs = append(b.refs, r, ref{"cdsc", 2000, []int{1000}})
	return b
}

// isoNumbers is the metadata of a gain map of one channel (ISO 21496-1 annex C).
func isoNumbers() string {
	b := "\x00\x00\x00\x00\x40"
	for _, n := range []int{0, 1, 4, 1, 0, 1, 4, 1, 1, 1, 1, 64, 1, 64} {
		b += be32(n)
	}
	return b
}

// toneMapped is a picture with a gain map that an item of its own applies.
func toneMapped(main, gain coded, numbers string) builder {
	b := plain(main)
	b.brands += "tmap"
	b.entries = append(b.entries,
		entry{id: 3, typ: "tmap", name: secret("tmap-name"), data: numbers, props: []prop{{ispe(64, 64), false}, {bx("clli", be16(1000), be16(400)), false}}},
		of(4, gain, describing()...), xmpItem(5, packet()))
	b.refs = append(b.refs, ref{"dimg", 3, []int{1, 4}}, ref{"cdsc", 5, []int{4}})
	b.groups = fullBx("altr", 0, 0, "MVCA", be32(2), be32(3), be32(1))
	return b
}

func withAux(b builder, id int, urn string) builder {
	for i := range b.entries {
		if b.entries[i].id == id {
			b.entries[i].props = append(b.entries[i].props, prop{auxC(urn), false})
		}
	}
	b.refs = append(b.refs, ref{"auxl", id, []int{1}})
	return b
}

func with(b builder, change func(*builder)) builder {
	change(&b)
	return b
}

// hide hides an item that is shown as a part of another one.
func hide(e entry) entry {
	e.hidden = true
	return e
}

// credited is a picture with texts that may be kept, in XMP, EXIF and a property.
func credited(t testing.TB) builder {
	texts := xmp.Write([]metadata.Entry{
		{Field: metadata.Credit, Value: "Photo: A. Photographer"},
		{Field: metadata.Caption, Value: metadata.Secret(secret("caption"))},
	})
	block := exif.Write([]metadata.Entry{{Field: metadata.Copyright, Value: "2026 Example Relief"}, {Field: metadata.Orientation, Value: "6"}})
	if texts == nil || block == nil {
		t.Fatal("no texts")
	}
	b := plain(hevc(t), prop{fullBx("altt", 0, 0, "A red disc\x00en\x00"), false})
	b.entries[1].data = be32(0) + string(block)
	b.entries = append(b.entries, xmpItem(3, string(texts)))
	b.refs = append(b.refs, ref{"cdsc", 3, []int{1}})
	return b
}

// samples are the dirty pictures, each composed of a base.
func samples(t testing.TB) map[string][]byte {
	h, a, g := hevc(t), av1(t), av1Gray(t)
	one := []prop{
		{bx("pasp", be32(1), be32(1)), false}, {bx("colr", "nclx", be16(1), be16(13), be16(6), "\x80"), false},
		{bx("clap", be32(60), be32(1), be32(40), be32(1), be32(0), be32(1), be32(0), be32(1)), isEssential},
		{bx("irot", "\x03"), isEssential}, {bx("imir", "\x01"), isEssential}, {bx("clli", be16(1000), be16(400)), false},
		{bx("mdcv", strings.Repeat(be32(1000), 6)), false}, {bx("amve", be64(1)), false}, {bx("cclv", "\x1C", strings.Repeat(be32(7), 3)), false},
	}
	inItem := with(plain(h), func(b *builder) {
		b.iloc = 1
		b.entries[0].method, b.entries[0].extents = 2, be16(2)+be32(6)+be32(len(h.data)-10)+be32(len(h.data)-4)+be32(10)
		b.entries = append(b.entries, entry{id: 3, typ: "mime", name: secret("n") + "\x00image/x-parts", data: secret("")[:6] + h.data})
		b.refs = append(b.refs, ref{"iloc", 1, []int{3}})
	})
	overlay := with(plain(h), func(b *builder) {
		b.entries[0].hidden = true
		b.entries = append(b.entries, entry{id: 3, typ: "iovl", data: "\x00\x00" + strings.Repeat(be16(65535), 4) + be16(96) + be16(80) + be16(0) + be16(0) + be16(20) + be16(10),
			props: []prop{{ispe(96, 80), false}}}, hide(of(4, h)))
		b.primary, b.refs = 3, append(b.refs, ref{"dimg", 3, []int{1, 4}})
	})
	identity := with(plain(h), func(b *builder) {
		b.entries[0].hidden = true
		b.entries = append(b.entries, entry{id: 3, typ: "iden", props: []prop{{ispe(64, 64), false}, {bx("irot", "\x02"), isEssential}}})
		b.primary, b.refs = 3, append(b.refs, ref{"dimg", 3, []int{1}})
	})
	alpha := with(plain(a), func(b *builder) {
		gray := of(3, a, prop{auxC(urnAlpha), isEssential})
		b.entries = append(b.entries, gray)
		b.refs = append(b.refs, ref{"auxl", 3, []int{1}}, ref{"prem", 1, []int{3}})
	})
	all := map[string]builder{
		"everything.heic":          everything(h, "heic"),
		"everything.avif":          everything(a, "avif"),
		"messages-in-hevc.heic":    plain(talking(h)),
		"messages-in-av1.avif":     plain(talking(a)),
		"grid-of-60-tiles.heic":    gridOf(h, 10, 6, false),
		"overlay.heic":             overlay,
		"identity.heic":            identity,
		"alpha-premultiplied.avif": alpha,
		"all-properties.avif":      plain(a, one...),
		"apple-gain-map.heic": with(withAux(with(plain(h), func(b *builder) {
			b.entries = append(b.entries, of(3, talking(h)), xmpItem(4, packet()))
			b.refs = append(b.refs, ref{"cdsc", 4, []int{3}})
		}), 3, urnApple), func(*builder) {}),
		"tone-mapped.avif":               toneMapped(a, g, "\x00"+isoNumbers()),
		"tone-mapped-and-auxiliary.avif": withAux(toneMapped(a, g, "\x00"+isoNumbers()), 4, urnApple),
		"tone-mapped-of-version-9.avif":  toneMapped(a, g, "\x09"+secret("numbers")),
		"icc-custom.heic":                plain(h, profile(moved())),
		"icc-broken.avif":                plain(a, profile(secret("profile"))),
		"icc-srgb.avif":                  plain(a, prop{bx("colr", "rICC", talkative(icc.Profile(icc.SRGB))), false}),
		"credited.heic":                  credited(t),
		"extents.heic":                   with(plain(h), func(b *builder) { b.entries[0].cuts = []int{1, 2, 100, 0, 30} }),
		"fields-of-8-bytes.heic":         with(plain(h), func(b *builder) { b.iloc, b.size, b.base = 1, 8, 8 }),
		"base-offset.heic":               with(plain(h), func(b *builder) { b.base = 4 }),
		"extent-index.heic":              with(plain(h), func(b *builder) { b.iloc, b.index = 1, 4 }),
		"in-another-item.heic":           inItem,
		"second-meta.heic":               with(plain(h), func(b *builder) { b.behind = fullBx("meta", 0, 0, secret("second-meta")) }),
		"in-idat.avif":                   with(plain(a), func(b *builder) { b.iloc, b.entries[0].method = 1, 1 }),
		"media-first.heic":               with(plain(h), func(b *builder) { b.mdatFirst = true }),
		"large-mdat.heic":                with(plain(h), func(b *builder) { b.mdatHead = 1 }),
		"open-mdat.heic":                 with(plain(h), func(b *builder) { b.mdatHead = 2 }),
		"wide-numbers.avif":              with(plain(a), func(b *builder) { b.wide = true }),
		"video-behind.heic": with(plain(h), func(b *builder) {
			b.behind = bx("ftyp", "mp42") + bx("moov", secret("moov")) + bx("mdat", secret("voices"))
		}),
	}
	for rot := range 4 {
		for mir := range 2 {
			if rot+mir == 0 || rot > 1 && mir > 0 {
				continue
			}
			all[fmt.Sprintf("rotated-%d-mirrored-%d.heic", rot, mir)] = plain(h, prop{bx("irot", string([]byte{byte(rot)})), isEssential}, prop{bx("imir", string([]byte{byte(mir)})), isEssential})
		}
	}
	files := make(map[string][]byte)
	for name, b := range all {
		files[name] = b.bytes()
	}
	return files
}

// TestSamples checks that the committed files are the ones that this package composes, and
// writes them with -update.
func TestSamples(t *testing.T) {
	for name, want := range samples(t) {
		file := filepath.Join(samplesDir(t), name)
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the test composes; run with -update", name)
		}
		if !bytes.Contains(got, []byte(canary)) {
			t.Errorf("%s holds no secret", name)
		}
	}
}
