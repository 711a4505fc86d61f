package bmp_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/bmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

var update = flag.Bool("update", false, "write test pictures and golden files anew")

// A sample is a file with secrets, and what has to be left of it.
type sample struct {
	dirty, clean bitmap
	note         string
}

// dirty adds a secret in every place that a picture of any kind has.
func dirty(m bitmap) bitmap {
	m.reserved, m.density, m.rest = "MVCA", "MVCANARY", "NARY"
	m.dirt, m.gap, m.behind = 'M', secret("gap"), secret("trailer")
	return m
}

// of is a sample that is clean but for what dirty adds.
func of(m bitmap) sample { return sample{dirty: dirty(m), clean: m} }

func samples() map[string]sample {
	all := map[string]sample{
		"info-1":  of(bitmap{header: 40, bits: 1, colors: 2}),
		"info-4":  of(bitmap{header: 40, bits: 4, colors: 16}),
		"info-8":  of(bitmap{header: 40, bits: 8, colors: 40, used: 40}),
		"info-16": of(bitmap{header: 40, bits: 16}),
		"info-24": of(bitmap{header: 40, bits: 24}),
		"info-32": of(bitmap{header: 40, bits: 32, topDown: true}),
		"565":     of(bitmap{header: 40, bits: 16, coding: 3, masks: masks565}),
		"v2":      of(bitmap{header: 52, bits: 16, coding: 3, masks: masks565}),
		"v3":      of(bitmap{header: 56, bits: 32, coding: 3, masks: masks8888}),
		"v4":      of(bitmap{header: 108, bits: 32, coding: 3, masks: masks8888, space: sRGB}),
		"v5":      of(bitmap{header: 124, bits: 24, space: sRGB, intent: 4}),
	}
	core := bitmap{header: 12, bits: 4, colors: 16}
	all["core"] = sample{dirty: bitmap{header: 12, bits: 4, colors: 16, reserved: "MVCA", dirt: 'M', gap: secret("gap"), behind: secret("trailer")}, clean: core}

	os2 := of(bitmap{header: 40, bits: 4, colors: 16})
	os2.dirty.header, os2.dirty.rest, os2.dirty.density = 64, le32(0)+secret("os2-text"), ""
	all["os2"] = os2
	short := of(bitmap{header: 40, bits: 4, colors: 16})
	short.dirty.header = 16
	all["os2-of-16-bytes"] = short

	more := of(bitmap{header: 40, bits: 4, colors: 16})
	more.dirty.colors, more.dirty.used = 40, 40
	all["more-colours-than-pixels-can-name"] = more
	hint := of(bitmap{header: 40, bits: 24})
	hint.dirty.colors, hint.dirty.used = 12, 12
	all["colours-of-a-true-colour-picture"] = hint

	rle8 := of(bitmap{header: 40, bits: 8, coding: 1, colors: 16, used: 16, pixels: runs8(0, "\x00\x01")})
	rle8.dirty.pixels = runs8('M', "\x00\x01"+secret("behind-the-runs"))
	all["rle8"] = rle8
	rle4 := of(bitmap{header: 40, bits: 4, coding: 2, colors: 16, pixels: runs4(0, "\x00\x01")})
	rle4.dirty.pixels = runs4('M', secret("no-end-mark"))
	all["rle4-without-an-end"] = rle4

	p3 := of(bitmap{header: 124, bits: 24, space: embedded, intent: 4, profile: string(icc.Profile(icc.DisplayP3))})
	p3.dirty.profile = dirtyProfile(icc.DisplayP3)
	all["profile"] = p3
	p3.dirty.before = true
	all["profile-before-the-pixels"] = p3
	lost := of(bitmap{header: 124, bits: 24, space: sRGB})
	lost.dirty.space, lost.dirty.profile, lost.note = embedded, secret("no-profile"), "profile-dropped"
	all["profile-that-is-none"] = lost
	lost.dirty.space, lost.dirty.profile = linked, `C:\Users\`+secret("amina")+`\Desktop\screen.icm`+"\x00"
	all["profile-linked"] = lost
	strange := of(bitmap{header: 108, bits: 24, space: sRGB})
	strange.dirty.space, strange.dirty.masks = "MVCA"+"NARY-end-points", "MVCANARY-masks"
	all["colour-space-of-text"] = strange

	calibrated := of(bitmap{header: 108, bits: 24, space: le32(0) + strings.Repeat("\x00\x40\x29\x15", 9) + strings.Repeat("\x00\x33\x02\x00", 3)})
	calibrated.dirty.space = le32(0) + strings.Repeat("\x4d\x56\x29\x15", 9) + strings.Repeat("\x4d\x33\x02\x56", 3)
	all["calibrated"] = calibrated
	return all
}

func checkFiles(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, want := range files {
		file := filepath.Join(containertest.Root(t), "testdata", dir, name+".bmp")
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
	}
}

// TestSamples checks that the committed samples are those of this package, and writes them
// with -update.
func TestSamples(t *testing.T) {
	files := make(map[string][]byte)
	for name, s := range samples() {
		files[name] = s.dirty.bytes()
	}
	checkFiles(t, "bmp", files)
}

func keeping(more ...metadata.Category) func(metadata.Item) bool {
	set := metadata.SetOf(more...).With(metadata.Rendering)
	return func(it metadata.Item) bool { return set.Has(it.Category) }
}

func tryClean(b []byte, keep func(metadata.Item) bool) ([]byte, []string, error) {
	ctx := context.Background()
	job, err := container.Prepare(ctx, bmp.Format{}, bytes.NewReader(b), keep, nil)
	if err != nil {
		return nil, nil, err
	}
	if _, err := job.Verify(ctx, job.Draft); err != nil {
		return nil, nil, err
	}
	var out bytes.Buffer
	err = job.Draft.Write(ctx, &out)
	return out.Bytes(), job.Draft.Notes, err
}
