package bmp_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// This file builds the pictures of the tests, without the code under test.

const canary = containertest.Canary

// secret is a text that may not come through, with a word that says where it was planted.
func secret(where string) string { return canary + "-" + where }

func le16(v int) string { return string(binary.LittleEndian.AppendUint16(nil, uint16(v))) }
func le32(v int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(v))) }

const width, height = 37, 11

// A bitmap is a file in the making. What is left out is 0 or empty.
type bitmap struct {
	header   int // its size; the fields of longer ones follow
	bits     int
	topDown  bool
	coding   int
	density  string // 8 bytes
	used     int    // colours, as the header says
	masks    string // in or behind the header
	space    string // 4 bytes, then 48 of end points, as far as they are given
	intent   int
	reserved string // 4 bytes in the file header
	rest     string // of the header: important colours, and the end of an OS/2 one
	colors   int    // in the file
	dirt     byte   // in fill bytes
	gap      string // before the pixels
	pixels   string // drawn when empty
	before   bool   // the profile stands before the pixels
	profile  string
	behind   string
}

func pad(s string, n int) string { return (s + strings.Repeat("\x00", n))[:n] }

// color is an entry of the colour table.
func (m bitmap) color(i int) string {
	c := []byte{byte(i * 7), byte(255 - i*5), byte(i * 3)}
	if m.header != 12 {
		c = append(c, m.dirt)
	}
	return string(c)
}

// draw returns the rows of a pattern, filled up with dirt.
func (m bitmap) draw() string {
	used := (width*m.bits + 7) / 8
	var b bytes.Buffer
	for y := range height {
		for x := range used {
			v := byte(x*7 + y*5)
			if m.bits == 8 {
				v %= byte(max(1, min(m.colors, 255)))
			}
			b.WriteByte(v)
		}
		b.Write(bytes.Repeat([]byte{m.dirt}, -used&3))
	}
	return b.String()
}

// bytes is the whole file.
func (m bitmap) bytes() []byte {
	pixels := m.pixels
	if pixels == "" {
		pixels = m.draw()
	}
	palette := ""
	for i := range m.colors {
		palette += m.color(i)
	}
	masks := ""
	if m.header == 40 {
		masks = m.masks
	}
	begin := 14 + m.header + len(masks) + len(palette) + len(m.gap)
	profileAt := begin + len(pixels)
	if m.before {
		profileAt = begin
		begin += len(m.profile)
	}
	h := m.headerBytes(len(pixels), profileAt-14)
	if m.before {
		pixels = m.profile + pixels
	} else {
		pixels += m.profile
	}
	all := h + masks + palette + m.gap + pixels + m.behind
	size := 14 + len(all) - len(m.behind)
	return []byte("BM" + le32(size) + pad(m.reserved, 4) + le32(begin) + all)
}

func (m bitmap) headerBytes(pixels, profileAt int) string {
	h := height
	if m.topDown {
		h = -h
	}
	if m.header == 12 {
		return le32(12) + le16(width) + le16(height) + le16(1) + le16(m.bits)
	}
	if len(m.profile) == 0 {
		profileAt = 0
	}
	out := le32(m.header) + le32(width) + le32(h) + le16(1) + le16(m.bits)
	out += le32(m.coding) + le32(pixels) + pad(m.density, 8) + le32(m.used)
	if m.header < 52 || m.header == 64 {
		return pad(out+m.rest, m.header)
	}
	out += pad(m.rest, 4) + pad(m.masks, 16)
	if m.header <= 56 {
		return out[:m.header]
	}
	out += pad(m.space, 52)
	if m.header == 124 {
		out += le32(m.intent) + le32(profileAt) + le32(len(m.profile)) + pad("", 4)
	}
	return out
}

// Spaces as they stand in a header.
const (
	sRGB     = "BGRs"
	linked   = "KNIL"
	embedded = "DEBM"
)

const (
	masks565  = "\x00\xf8\x00\x00\xe0\x07\x00\x00\x1f\x00\x00\x00"
	masks8888 = "\x00\x00\xff\x00\x00\xff\x00\x00\xff\x00\x00\x00\x00\x00\x00\xff"
)

// dirtyProfile is a profile with a maker in its header and a secret behind its tags.
func dirtyProfile(space icc.Space) string {
	b := bytes.Clone(icc.Profile(space))
	copy(b[48:], "MVCA")
	b = append(b, secret("profile")...)
	b = append(b, make([]byte, -len(b)&3)...)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return string(b)
}

// runs8 is a picture of runs and, in every third row, pixels one by one with a fill byte.
func runs8(fill byte, end string) string {
	var b strings.Builder
	for y := range height {
		if y%3 == 2 {
			b.WriteString("\x00\x23" + strings.Repeat("\x01\x02\x03\x04\x05", 7) + string([]byte{fill}))
			b.WriteString("\x02\x06")
		} else {
			fmt.Fprintf(&b, "%c%c%c%c", 20, y%9, 17, y%5)
		}
		if y < height-1 {
			b.WriteString("\x00\x00")
		}
	}
	return b.String() + end
}

// runs4 has a jump as well.
func runs4(fill byte, end string) string {
	var b strings.Builder
	for y := range height {
		switch {
		case y == 5:
			b.WriteString("\x00\x02\x04\x02") // over two rows
			continue
		case y == 6:
			continue
		case y == 7: // nothing
		case y%3 == 2:
			b.WriteString("\x00\x05\x12\x34\x50" + string([]byte{fill}) + "\x20\x67")
		default:
			b.WriteString("\x25\x12")
		}
		b.WriteString("\x00\x00")
	}
	return b.String() + end
}
