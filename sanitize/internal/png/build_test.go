package png_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// This file builds the dirty pictures of the tests: chunks, what is inside them, and where
// they are put.

const (
	canary    = containertest.Canary
	signature = "\x89PNG\r\n\x1a\n"
)

// secret is a text that may not come through, with a word that says where it was planted.
func secret(where string) string { return canary + "-" + where }

func be16(v int) string { return string(binary.BigEndian.AppendUint16(nil, uint16(v))) }
func be32(v int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(v))) }

// ck is a chunk with the given data.
func ck(typ string, data ...string) string {
	body := typ + strings.Join(data, "")
	return be32(len(body)-4) + body + be32(int(crc32.ChecksumIEEE([]byte(body))))
}

// badSum gives a chunk a checksum that does not fit.
func badSum(chunk string) string {
	b := []byte(chunk)
	b[len(b)-1] ^= 0x55
	return string(b)
}

// stored is a zlib stream without compression.
func stored(s string) string {
	out := "\x78\x01"
	for last := 0; last == 0; {
		n := min(len(s), 1<<16-1)
		if n == len(s) {
			last = 1
		}
		out += string([]byte{byte(last), byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)}) + s[:n]
		s = s[n:]
		if last == 1 {
			break
		}
	}
	return out + "\x00\x00\x00\x00"
}

// z is stored with its checksum right.
func z(s string) string {
	out := stored(s)
	return out[:len(out)-4] + be32(int(adler32.Checksum([]byte(s))))
}

func ihdr(w, h, depth, color, interlace int) string {
	return ck("IHDR", be32(w), be32(h), string([]byte{byte(depth), byte(color), 0, 0, byte(interlace)}))
}

// rows is the data of a grey picture of 8 bits, a gradient, with filter 0.
func rows(w, h int) string {
	var b strings.Builder
	for y := range h {
		b.WriteByte(0)
		for x := range w {
			b.WriteByte(byte(x*16 + y*8))
		}
	}
	return b.String()
}

// adam7 is the same with the passes of Adam7.
func adam7(w, h int) string {
	var b strings.Builder
	for _, p := range [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		for y := p[1]; y < h && p[0] < w; y += p[3] {
			b.WriteByte(0)
			for x := p[0]; x < w; x += p[2] {
				b.WriteByte(byte(x*16 + y*8))
			}
		}
	}
	return b.String()
}

// grey is a whole picture of 16x8 with chunks before and behind its data.
func grey(before, behind string) []byte {
	return []byte(signature + ihdr(16, 8, 8, 0, 0) + before + ck("IDAT", z(rows(16, 8))) + behind + ck("IEND"))
}

// A place is a chunk of a picture, read without the code under test.
type place struct {
	typ      string
	off, end int
}

func places(b []byte) (all []place) {
	for at := len(signature); at+12 <= len(b); {
		p := place{string(b[at+4 : at+8]), at, at + 12 + int(binary.BigEndian.Uint32(b[at:]))}
		all = append(all, p)
		if at = p.end; p.typ == "IEND" {
			break
		}
	}
	return all
}

// find returns the nth chunk of a type, counted from 0.
func find(b []byte, typ string, nth int) place {
	for _, p := range places(b) {
		if p.typ == typ {
			if nth--; nth < 0 {
				return p
			}
		}
	}
	panic("a test looks for a chunk that is not there")
}

// before puts chunks before the first of a type.
func before(b []byte, typ string, add ...string) []byte {
	return slices.Insert(slices.Clone(b), find(b, typ, 0).off, []byte(strings.Join(add, ""))...)
}

// behind puts bytes behind the file.
func behind(b []byte, add ...string) []byte {
	return append(slices.Clone(b), strings.Join(add, "")...)
}

// datas cuts the picture data into IDATs of n bytes, with more behind its zlib stream.
func datas(b []byte, n int, more string) []byte {
	var data []byte
	var from, to int
	for _, p := range places(b) {
		if p.typ == "IDAT" {
			if from == 0 {
				from = p.off
			}
			data = append(data, b[p.off+8:p.end-4]...)
			to = p.end
		}
	}
	data = append(data, more...)
	var out string
	for piece := range slices.Chunk(data, n) {
		out += ck("IDAT", string(piece))
	}
	return slices.Concat(b[:from], []byte(out), b[to:])
}

func text(keyword, s string) string { return ck("tEXt", keyword, "\x00", s) }

func packed(keyword, s string) string { return ck("zTXt", keyword, "\x00\x00", z(s)) }

func international(keyword, language, translated, s string) string {
	return ck("iTXt", keyword, "\x00\x00\x00", language, "\x00", translated, "\x00", s)
}

// raw is a block as ImageMagick puts it into a text.
func raw(kind, block string) string {
	digits := hex.EncodeToString([]byte(block))
	var lines strings.Builder
	for len(digits) > 0 {
		n := min(len(digits), 72)
		lines.WriteString(digits[:n] + "\n")
		digits = digits[n:]
	}
	return fmt.Sprintf("\n%s\n%8d\n%s", kind, len(block), lines.String())
}

func packet(attributes string) string {
	return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" ` +
		`xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:mv="http://example.org/mv/" ` + attributes + `/></rdf:RDF></x:xmpmeta>`
}

func xmpChunk(attributes string) string {
	return international("XML:com.adobe.xmp", "", "", packet(attributes))
}

// exifBlock is a block with an orientation and two texts.
func exifBlock(orientation int) string {
	model, artist := secret("model")+"\x00", secret("artist")+"\x00"
	at := 8 + 2 + 3*12 + 4
	return "MM\x00*\x00\x00\x00\x08" + be16(3) +
		be16(0x0110) + be16(2) + be32(len(model)) + be32(at) +
		be16(0x0112) + be16(3) + be32(1) + be16(orientation) + be16(0) +
		be16(0x013B) + be16(2) + be32(len(artist)) + be32(at+len(model)) +
		be32(0) + model + artist
}

func iptcBlock() string {
	s := secret("iptc-caption")
	return "\x1C\x02\x78" + be16(len(s)) + s
}

func iccp(name, profile string) string { return ck("iCCP", name, "\x00\x00", z(profile)) }

// named is a known profile with words and a date of its own.
func named(space icc.Space) string {
	b := icc.Profile(space)
	copy(b[24:36], "\x07\xe7\x00\x05\x00\x11\x00\x08\x00\x1e\x00\x00")
	copy(b[48:56], "MVCANARY") // manufacturer and model
	return string(b)
}

// fctl is a frame control for a frame of a 16x8 picture.
func fctl(seq, w, h, x, y int) string {
	return ck("fcTL", be32(seq), be32(w), be32(h), be32(x), be32(y), be16(1), be16(10), "\x00\x00")
}

func fdat(seq int, data string) string { return ck("fdAT", be32(seq), data) }

func actl(frames int) string { return ck("acTL", be32(frames), be32(0)) }

// tiny is the data of an 8x4 frame.
func tiny() string { return z(rows(8, 4)) }
