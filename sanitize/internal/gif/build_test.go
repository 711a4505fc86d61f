package gif_test

import (
	"bytes"
	"compress/lzw"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// This file builds the dirty pictures of the tests: blocks, and where they are put.

const canary = containertest.Canary

// secret is a text that may not come through, with a word that says where it was planted.
func secret(where string) string { return canary + "-" + where }

func le16(v int) string { return string([]byte{byte(v), byte(v >> 8)}) }

// subs cuts data into sub-blocks of at most n bytes, with a terminator.
func subs(n int, data string) string {
	var b strings.Builder
	for len(data) > 0 {
		k := min(n, len(data))
		b.WriteString(string([]byte{byte(k)}) + data[:k])
		data = data[k:]
	}
	return b.String() + "\x00"
}

// screen is the header of a 16x8 picture with four colours.
func screen(version string) string {
	return version + le16(16) + le16(8) + "\x91\x00\x00" + "\x00\x00\x00\xC0\x20\x40\x20\xC0\x40\xFF\xFF\xFF"
}

// coded is a gradient of w times h pixels, with LZW codes for pixels of the given size.
func coded(size, w, h int) string {
	var out bytes.Buffer
	z := lzw.NewWriter(&out, lzw.LSB, size)
	for i := range w * h {
		_, _ = z.Write([]byte{byte(i/3+i/w) % byte(1<<size)})
	}
	_ = z.Close()
	return out.String()
}

// frame is an image of its own at a place, with data in sub-blocks of n bytes.
func frame(x, y, w, h, n int, data string) string {
	return "\x2C" + le16(x) + le16(y) + le16(w) + le16(h) + "\x00\x02" + subs(n, data)
}

func ext(label byte, data ...string) string {
	out := string([]byte{0x21, label})
	for _, d := range data {
		out += strings.TrimSuffix(subs(255, d), "\x00")
	}
	return out + "\x00"
}

func gce(flags, delay, transparent int) string {
	return ext(0xF9, string([]byte{byte(flags)})+le16(delay)+string([]byte{byte(transparent)}))
}

func app(id string, data ...string) string { return ext(0xFF, append([]string{id}, data...)...) }

func loop(count int) string { return app("NETSCAPE2.0", "\x01"+le16(count)) }

// packet is an XMP extension.
func packet(attributes string) string {
	magic := "\x01"
	for i := 255; i >= 0; i-- {
		magic += string([]byte{byte(i)})
	}
	return "\x21\xFF\x0BXMP DataXMP" + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" ` + attributes + `/></rdf:RDF></x:xmpmeta>` + magic + "\x00"
}

// picture is a whole file with blocks before and behind its image.
func picture(before, behind string) []byte {
	return []byte(screen("GIF89a") + before + frame(0, 0, 16, 8, 255, coded(2, 16, 8)) + behind + ";")
}
