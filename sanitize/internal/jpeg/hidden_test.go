package jpeg_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// huffman is a DHT segment with one table that holds a text as its values.
func huffman(class, id byte, text string) string {
	counts := make([]byte, 16)
	counts[7] = byte(len(text))
	return seg(0xC4, string([]byte{class<<4 | id}), string(counts), text)
}

// Segments that belong to a kind of coding say nothing in a picture that is coded in another
// way. No decoder looks at them, so they can hold anything.
func TestHiddenInTables(t *testing.T) {
	baseline, progressive := pure(t, "baseline"), pure(t, "progressive")
	scan := find(baseline, 0xDA, 0)
	quant := seg(0xDB, "\x00", (secret("quantisation") + strings.Repeat(".", 64))[:64])
	text := secret("conditioning")
	for name, b := range map[string][]byte{
		"Huffman table, arithmetic coding":        before(pure(t, "arithmetic"), 0xDA, 0, huffman(0, 0, secret("dc")), huffman(1, 0, secret("ac"))),
		"conditioning, Huffman coding":            before(baseline, 0xDA, 0, seg(0xCC, text[:len(text)&^1])),
		"conditioning of no table":                before(pure(t, "arithmetic"), 0xDA, 0, seg(0xCC, text[:len(text)&^1])),
		"AC table, DC scan":                       before(progressive, 0xDA, 0, huffman(1, 0, secret("ac")), huffman(1, 1, secret("ac"))),
		"DC table, AC scan":                       before(progressive, 0xDA, 1, huffman(0, 0, secret("dc")), huffman(0, 1, secret("dc"))),
		"quantisation, lossless coding":           before(pure(t, "lossless"), 0xC3, 0, quant),
		"AC table, lossless coding":               before(pure(t, "lossless"), 0xDA, 0, huffman(1, 0, secret("ac"))),
		"a second scan of all components":         before(baseline, 0xD9, 0, string(baseline[scan.off:scan.off+14]), secret("scan")),
		"a scan of a picture of its own, 9 times": before(baseline, 0xD9, 0, strings.Repeat(string(baseline[scan.off:scan.off+14])+secret("scan"), 9)),
	} {
		out, err := containertest.Clean(context.Background(), jpeg.Format{}, bytes.NewReader(b), keeping())
		if err == nil && contains(out, canary) {
			t.Errorf("%s: a secret is left", name)
		}
	}
}

// The numbers of a gain map are numbers; a text is none.
func TestHiddenInGainMap(t *testing.T) {
	text := []byte(isoNumbers())
	copy(text[5:], strings.Repeat(secret("iso"), 5))
	gain := head(pure(t, "gray"), seg(0xE2, isoPrefix, string(text)))
	b := behind(head(pure(t, "baseline"), seg(0xE2, isoPrefix, "\x00\x00\x00\x00")), string(gain))
	out, _ := clean(t, b, keeping(metadata.GainMap))
	if contains(out, canary) {
		t.Error("a secret is left in ISO 21496-1")
	}
}

// A frame header has room for two bytes of anything with each component.
func TestHiddenInFrame(t *testing.T) {
	b := pure(t, "baseline")
	frame := find(b, 0xC0, 0)
	header := slices.Clone(b[frame.off+4 : frame.end])
	header[5] += 40
	for i := range 40 {
		header = append(header, canary[2*i%8], canary[2*i%8+1], 0)
	}
	b = slices.Concat(b[:frame.off], []byte(seg(0xC0, string(header))), b[frame.end:])
	out, err := containertest.Clean(context.Background(), jpeg.Format{}, bytes.NewReader(b), keeping())
	if err == nil && bytes.Contains(out, []byte("MV\x00CA\x00NA\x00RY")) {
		t.Error("a secret is left in the frame header")
	}
}

// What stands behind the last block of a scan or of a restart interval is seen by nobody.
func TestHiddenBehindScans(t *testing.T) {
	for _, name := range []string{"baseline", "gray", "odd-444", "odd-422", "progressive", "restart"} {
		plain := pure(t, name)
		if out, _ := clean(t, behindIntervals(behindScans(plain)), keeping()); !bytes.Equal(out, plain) {
			t.Errorf("%s: %d bytes, want %d; a secret is left: %v", name, len(out), len(plain), contains(out, canary))
		}
	}
}

// behindScans puts a text behind the last block of every scan, where no decoder looks.
func behindScans(b []byte) []byte {
	for n := bytes.Count(b, []byte("\xFF\xDA")) - 1; n >= 0; n-- {
		b = slices.Insert(slices.Clone(b), find(b, 0xDA, n).end, []byte(secret("behind-scan"))...)
	}
	return b
}

// behindIntervals puts a text behind the last block of every restart interval.
func behindIntervals(b []byte) []byte {
	scan := find(b, 0xDA, 0)
	for at := scan.end - 2; at > scan.off; at-- {
		if b[at] == 0xFF && b[at+1]&0xF8 == 0xD0 {
			b = slices.Insert(slices.Clone(b), at, []byte(secret("behind-interval"))...)
		}
	}
	return b
}
