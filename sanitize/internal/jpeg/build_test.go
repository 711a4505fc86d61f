package jpeg_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// This file builds the dirty pictures of the tests: segments, the blocks inside them, and
// where they are put.

const canary = containertest.Canary

// secret is a text that may not come through, with a word that says where it was planted.
func secret(where string) string { return canary + "-" + where }

// seg is a segment with the given payload.
func seg(marker byte, payload ...string) string {
	all := strings.Join(payload, "")
	return string([]byte{0xFF, marker, byte((len(all) + 2) >> 8), byte(len(all) + 2)}) + all
}

// A place is a marker of a picture, read without the code under test.
type place struct {
	marker byte
	off    int
	end    int // of the segment; of an SOS, behind its entropy-coded data
}

// places lists the markers of a well-formed picture up to its EOI.
func places(b []byte) []place {
	all := []place{{0xD8, 0, 2}}
	for at := 2; at+4 <= len(b); {
		p := place{b[at+1], at, at + 2 + int(binary.BigEndian.Uint16(b[at+2:]))}
		if p.marker == 0xD9 {
			return append(all, place{0xD9, at, at + 2})
		}
		for p.marker == 0xDA && (b[p.end] != 0xFF || b[p.end+1] == 0 || b[p.end+1]&0xF8 == 0xD0) {
			p.end++
		}
		all = append(all, p)
		at = p.end
	}
	if b[len(b)-2] == 0xFF && b[len(b)-1] == 0xD9 {
		all = append(all, place{0xD9, len(b) - 2, len(b)})
	}
	return all
}

// find returns the nth place of a marker, counted from 0.
func find(b []byte, marker byte, nth int) place {
	for _, p := range places(b) {
		if p.marker == marker {
			if nth--; nth < 0 {
				return p
			}
		}
	}
	panic("a test looks for a marker that is not there")
}

// before puts bytes before the nth marker of a kind, counted from 0.
func before(b []byte, marker byte, nth int, add ...string) []byte {
	return slices.Insert(slices.Clone(b), find(b, marker, nth).off, []byte(strings.Join(add, ""))...)
}

// head puts bytes behind the SOI.
func head(b []byte, add ...string) []byte {
	return slices.Insert(slices.Clone(b), 2, []byte(strings.Join(add, ""))...)
}

// behind puts bytes behind the EOI.
func behind(b []byte, add ...string) []byte {
	return append(slices.Clone(b), strings.Join(add, "")...)
}

// bare is a picture without any APPn or COM segment.
func bare(b []byte) []byte {
	var out []byte
	for _, p := range places(b) {
		if p.marker < 0xE0 || p.marker > 0xEF && p.marker != 0xFE {
			out = append(out, b[p.off:p.end]...)
		}
	}
	return out
}

func be16(v int) string { return string(binary.BigEndian.AppendUint16(nil, uint16(v))) }
func be32(v int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(v))) }

func utf16be(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return string(b)
}

func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// A tag is an entry of a TIFF directory. A directory or data in it becomes an offset.
type tag struct {
	id, typ int
	value   string
	sub     []tag
	data    string
}

func ascii(id int, s string) tag     { return tag{id: id, typ: 2, value: s + "\x00"} }
func short(id, v int) tag            { return tag{id: id, typ: 3, value: be16(v)} }
func long(id, v int) tag             { return tag{id: id, typ: 4, value: be32(v)} }
func undefined(id int, s string) tag { return tag{id: id, typ: 7, value: s} }
func octets(id int, s string) tag    { return tag{id: id, typ: 1, value: s} }
func dir(id int, tags ...tag) tag    { return tag{id: id, typ: 4, sub: tags} }
func ratios(id int, v ...int) tag {
	t := tag{id: id, typ: 5}
	for _, n := range v {
		t.value += be32(n)
	}
	return t
}

var typeSize = []int{0, 1, 1, 2, 4, 8, 1, 1}

// tiff is a big-endian TIFF block of one or more directories in a chain.
func tiff(chain ...[]tag) string {
	b := []byte("MM\x00*\x00\x00\x00\x08")
	link := -1
	for _, tags := range chain {
		at := len(b)
		if link >= 0 {
			binary.BigEndian.PutUint32(b[link:], uint32(at))
		}
		b = appendDir(b, tags)
		link = at + 2 + 12*len(tags)
	}
	return string(b)
}

func appendDir(b []byte, tags []tag) []byte {
	at := len(b)
	b = append(b, be16(len(tags))...)
	b = append(b, make([]byte, 12*len(tags)+4)...)
	for i, t := range tags {
		value := t.value
		if t.sub != nil {
			value = be32(len(b))
			b = appendDir(b, t.sub)
		}
		if t.data != "" {
			value = be32(len(b))
			b = append(b, t.data...)
		}
		e := at + 2 + 12*i
		copy(b[e:], be16(t.id)+be16(t.typ)+be32(len(value)/typeSize[t.typ]))
		if len(value) <= 4 {
			copy(b[e+8:], value)
			continue
		}
		copy(b[e+8:], be32(len(b)))
		b = append(b, value...)
	}
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// exifSeg is an APP1 segment with an EXIF block.
func exifSeg(chain ...[]tag) string { return seg(0xE1, "Exif\x00\x00", tiff(chain...)) }

// orientationSeg is the smallest EXIF block of a camera that was turned.
func orientationSeg(n int) string {
	return exifSeg([]tag{ascii(0x10F, secret("make")), short(0x112, n)})
}

const idXMP = "http://ns.adobe.com/xap/1.0/\x00"

// description is an XMP packet with one description; attributes and properties are XML.
func description(attributes, properties string) string {
	return `<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">` +
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"` +
		` xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"` +
		` xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" ` +
		attributes + `>` + properties + `</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
}

func xmpSeg(attributes, properties string) string {
	return seg(0xE1, idXMP, description(attributes, properties))
}

// iim is one IPTC dataset of record 2.
func iim(number byte, text string) string {
	return string([]byte{0x1C, 2, number}) + be16(len(text)) + text
}

// resource is one Photoshop image resource.
func resource(id int, data string) string {
	r := "8BIM" + be16(id) + "\x00\x00" + be32(len(data)) + data
	return r + strings.Repeat("\x00", len(data)%2)
}

func irbSeg(resources ...string) string {
	return seg(0xED, "Photoshop 3.0\x00", strings.Join(resources, ""))
}

// box is a box of ISO 14496-12, as JUMBF and MP4 have them.
func box(kind string, content ...string) string {
	all := strings.Join(content, "")
	return be32(len(all)+8) + kind + all
}

// adobeSeg is an APP14 segment as decoders know it, with what is added to it.
func adobeSeg(transform byte, more string) string {
	return seg(0xEE, "Adobe\x00\x64\x80\x00\x00\x00", string([]byte{transform}), more)
}

func jfifSeg(units byte, x, y int) string {
	return seg(0xE0, "JFIF\x00\x01\x02", string([]byte{units}), be16(x), be16(y), "\x00\x00")
}

// iccSegs cuts a profile into so many chunks.
func iccSegs(profile string, count int) (all []string) {
	size := (len(profile) + count - 1) / count
	for i := range count {
		chunk := profile[min(i*size, len(profile)):min((i+1)*size, len(profile))]
		all = append(all, seg(0xE2, "ICC_PROFILE\x00", string([]byte{byte(i + 1), byte(count)}), chunk))
	}
	return all
}

// talkative is a profile of ours with all the texts that other makers add.
func talkative(profile []byte) string {
	text := "text\x00\x00\x00\x00" + secret("icc-text") + "\x00"
	wide := "mluc\x00\x00\x00\x00" + be32(1) + be32(12) + "enUS" + be32(2*len(secret("icc-mluc"))) + be32(28) + utf16be(secret("icc-mluc"))
	extra := []struct{ sig, data string }{{"cprt", text}, {"desc", wide}, {"dmnd", wide}, {"mmod", "mmod" + secret("icc-serial")}, {"MVCA", secret("icc-private")}}
	type entry struct{ sig, data string }
	var tags []entry
	for i := range int(binary.BigEndian.Uint32(profile[128:])) {
		e := profile[132+12*i:]
		sig, off, n := string(e[:4]), binary.BigEndian.Uint32(e[4:]), binary.BigEndian.Uint32(e[8:])
		if sig != "cprt" && sig != "desc" {
			tags = append(tags, entry{sig, string(profile[off : off+n])})
		}
	}
	for _, x := range extra {
		tags = append(tags, entry{x.sig, x.data})
	}
	b := slices.Clone(profile[:128])
	copy(b[48:], "MVCA")
	b = append(b, be32(len(tags))...)
	at, body := 132+12*len(tags), ""
	for _, t := range tags {
		b = append(b, t.sig+be32(at+len(body))+be32(len(t.data))...)
		body += t.data + strings.Repeat("\x00", -len(t.data)&3)
	}
	b = append(b, body...)
	copy(b, be32(len(b)))
	return string(b)
}

// custom is a profile of no space with a name: the red of sRGB moved.
func custom(padding int) string {
	p := slices.Clone(icc.Profile(icc.SRGB))
	for i := range int(binary.BigEndian.Uint32(p[128:])) {
		if e := p[132+12*i:]; string(e[:4]) == "rXYZ" {
			off := binary.BigEndian.Uint32(e[4:])
			binary.BigEndian.PutUint32(p[off+8:], binary.BigEndian.Uint32(p[off+8:])+0x0400)
		}
	}
	return talkative(p)
}

// mpf is an index of two pictures, with an individual number of the first (CIPA DC-007).
func mpf(primary, second, offset int) string {
	b := "MM\x00*\x00\x00\x00\x08" + be16(4) +
		"\xB0\x00\x00\x07" + be32(4) + "0100" +
		"\xB0\x01\x00\x04" + be32(1) + be32(2) +
		"\xB0\x02\x00\x07" + be32(32) + be32(62) +
		"\xB0\x03\x00\x07" + be32(66) + be32(94) + be32(0)
	b += "\x00\x03\x00\x00" + be32(primary) + be32(0) + be32(0)
	b += "\x00\x00\x00\x00" + be32(second) + be32(offset) + be32(0)
	b += strings.Repeat(secret("mpf-uid")+"=", 4)
	return "MPF\x00" + (b + strings.Repeat("\x00", 200))[:94+66]
}

// samsung is a trailer of Samsung phones with one block.
func samsung() string {
	name := "MCC_Data"
	block := "\x00\x00\xa1\x0a" + string([]byte{byte(len(name)), 0, 0, 0}) + name + secret("mcc-310")
	le32 := func(v int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(v))) }
	dir := "SEFH" + le32(0x6B) + le32(1) + "\x00\x00\xa1\x0a" + le32(len(block)) + le32(len(block))
	return block + dir + le32(len(dir)) + "SEFT"
}

// film is the beginning of the MP4 of a motion photo.
func film() string {
	return box("ftyp", "mp42\x00\x00\x00\x00isommp42") +
		box("moov", box("udta", box("\xa9xyz", be16(len(secret("film-xyz"))), "\x15\xc7", secret("film-xyz")))) +
		box("mdat", secret("voices"))
}

// c2pa is an APP11 segment with one JUMBF superbox.
func c2pa() string {
	label := "c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\x00"
	claim := box("jumb", box("jumd", "cbor\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03"+secret("claim")+"\x00"), box("cbor", "\xa1", secret("signer")))
	return seg(0xEB, "JP\x00\x01\x00\x00\x00\x01", box("jumb", box("jumd", label), claim))
}

// unusedQuant is a DQT segment whose table 3 holds a text.
func unusedQuant() string {
	return seg(0xDB, "\x03", (secret("quantisation-table") + strings.Repeat(".", 64))[:64])
}

// unusedHuffman is a DHT segment whose DC table 3 holds a text as its values.
func unusedHuffman() string {
	values := secret("huffman-table")
	counts := make([]byte, 16)
	counts[7] = byte(len(values))
	return seg(0xC4, "\x03", string(counts), values)
}

// contains reports whether b holds the text in one of the encodings that files use.
func contains(b []byte, text string) bool {
	return bytes.Contains(b, []byte(text)) || bytes.Contains(b, []byte(utf16le(text))) || bytes.Contains(b, []byte(utf16be(text)))
}
