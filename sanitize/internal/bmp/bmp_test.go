package bmp_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// What is left of each sample, to the byte.
func TestResults(t *testing.T) {
	for name, s := range samples() {
		out, notes, err := tryClean(s.dirty.bytes(), keeping())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := s.clean.bytes(); !bytes.Equal(out, want) {
			t.Errorf("%s: %d bytes, want %d:\n%q\n%q", name, len(out), len(want), out[:min(len(out), 200)], want[:min(len(want), 200)])
		}
		if got := strings.Join(notes, " "); got != s.note {
			t.Errorf("%s: notes are %q, want %q", name, got, s.note)
		}
	}
}

func TestItems(t *testing.T) {
	for _, test := range []struct {
		sample, path string
		category     metadata.Category
		size         int64
	}{
		{"info-24", "bmp/row-padding", metadata.Unknown, height},
		{"info-24", "bmp/gap", metadata.Unknown, int64(len(secret("gap")))},
		{"info-24", "bmp/trailer", metadata.Unknown, int64(len(secret("trailer")))},
		{"info-8", "bmp/colour-padding", metadata.Unknown, 40},
		{"rle8", "bmp/run-padding", metadata.Unknown, 3},
		{"profile", "bmp/icc/header/manufacturer", metadata.Device, 4},
		{"profile-linked", "bmp/icc/file-name", metadata.Software, 43},
		{"profile-that-is-none", "bmp/icc/unusable", metadata.Unknown, int64(len(secret("no-profile")))},
	} {
		found := false
		for _, s := range spansOf(t, samples()[test.sample].dirty.bytes()) {
			for _, it := range s.Items {
				found = found || it.Path == test.path && it.Category == test.category && it.Size == test.size
			}
		}
		if !found {
			t.Errorf("%s: no %s (%s) of %d bytes", test.sample, test.path, test.category, test.size)
		}
	}
}

// hostileFiles are files that have to be refused; true are those that are right and use
// something that is not supported.
func hostileFiles() map[string]struct {
	b       []byte
	feature bool
} {
	plain := bitmap{header: 40, bits: 24}
	with := func(m bitmap, at int, value string) []byte {
		b := m.bytes()
		copy(b[at:], value)
		return b
	}
	return map[string]struct {
		b       []byte
		feature bool
	}{
		"jpeg-inside":               {with(plain, 30, le32(4)), true},
		"png-inside":                {with(plain, 30, le32(5)), true},
		"cmyk":                      {with(plain, 30, le32(11)), true},
		"depth-0":                   {with(plain, 28, le16(0)), true},
		"header-of-200-bytes":       {with(plain, 14, le32(200)), true},
		"os2-huffman":               {with(bitmap{header: 64, bits: 1, colors: 2}, 30, le32(3)), true},
		"width-0":                   {with(plain, 18, le32(0)), false},
		"width-negative":            {with(plain, 18, le32(-37)), false},
		"width-2-to-31":             {with(plain, 18, le32(1<<31-1)), false},
		"height-2-to-31":            {with(plain, 22, le32(-1<<31)), false},
		"height-0":                  {with(plain, 22, le32(0)), false},
		"both-2-to-31":              {with(plain, 18, le32(1<<31-1)+le32(-1<<31)), false},
		"pixels-in-the-header":      {with(plain, 10, le32(30)), false},
		"pixels-at-0":               {with(plain, 10, le32(0)), false},
		"pixels-behind-the-end":     {with(plain, 10, le32(1<<30)), false},
		"pixels-in-the-masks":       {with(bitmap{header: 40, bits: 16, coding: 3, masks: masks565}, 10, le32(60)), false},
		"masks-with-holes":          {bitmap{header: 40, bits: 16, coding: 3, masks: "MVCANARYtext"}.bytes(), false},
		"no-colours":                {bitmap{header: 40, bits: 8, used: 256}.bytes(), false},
		"runs-of-24-bits":           {with(plain, 30, le32(1)), false},
		"runs-that-never-end":       {bitmap{header: 40, bits: 8, coding: 1, colors: 256, pixels: strings.Repeat("\x05\x05", 40)}.bytes(), false},
		"runs-that-jump-off":        {bitmap{header: 40, bits: 8, coding: 1, colors: 256, pixels: "\x00\x02\x05"}.bytes(), false},
		"runs-cut-in-single-pixels": {bitmap{header: 40, bits: 8, coding: 1, colors: 256, pixels: "\x00\x09\x05"}.bytes(), false},
	}
}

func TestHostile(t *testing.T) {
	named := make(map[string][]byte)
	for name, h := range hostileFiles() {
		_, _, err := tryClean(h.b, keeping())
		var m *container.Malformed
		var f *container.Feature
		if !errors.As(err, &m) && !h.feature || !errors.As(err, &f) && h.feature {
			t.Errorf("%s: %v", name, err)
		}
		named["bmp-"+name] = h.b
	}
	checkFiles(t, "hostile", named)
}

// A profile that lies in the pixels or outside the file does not count.
func TestProfileOutside(t *testing.T) {
	m := bitmap{header: 124, bits: 24, space: embedded, profile: strings.Repeat("x", 20)}
	for _, at := range []int{0, 14, 130, 200, 1 << 30} {
		b := m.bytes()
		copy(b[14+112:], le32(at))
		out, notes, err := tryClean(b, keeping())
		if err != nil || len(notes) != 1 || string(out[14+56:14+60]) != sRGB {
			t.Errorf("profile at %d: %v, %q", at, err, notes)
		}
	}
}
