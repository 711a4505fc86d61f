package tiff_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/tiff"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// FuzzClean checks what holds for any bytes and any policy: a verdict about the file, or a
// result that is clean, has the pictures of the source, and is not changed by another
// cleaning. Whatever we find wrong with our own result is a fault of ours.
func FuzzClean(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s.data, s.keep)
	}
	f.Fuzz(func(t *testing.T, b []byte, keep uint16) {
		keeps := func(it metadata.Item) bool {
			return it.Category == metadata.Rendering || metadata.Set(keep).Has(it.Category)
		}
		out, err := cleanAll(b, keeps)
		var left *container.Leftover
		var back *container.ReadBackError
		switch {
		case errors.As(err, &left), errors.As(err, &back):
			t.Fatalf("our own result is wrong: %v", err)
		case err != nil && !container.IsVerdict(err):
			t.Fatalf("no verdict: %v", err)
		case err != nil:
			return
		}
		again, err := cleanAll(out, keeps)
		if err != nil {
			t.Fatalf("the result cannot be cleaned: %v", err)
		}
		if !bytes.Equal(out, again) {
			t.Fatal("cleaning the result changes it")
		}
	})
}

func cleanAll(b []byte, keep func(metadata.Item) bool) ([]byte, error) {
	ctx := context.Background()
	job, err := container.Prepare(ctx, tiff.Format{}, bytes.NewReader(b), keep, nil)
	if err != nil {
		return nil, err
	}
	if _, err = job.Verify(ctx, job.Draft); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = job.Draft.Write(ctx, &out)
	return out.Bytes(), err
}

// A seed is where the fuzzer begins. Each is small and tells its story by its name.
type seed struct {
	data []byte
	keep uint16
}

func seeds(t testing.TB) map[string]seed {
	tiny := without(stored(4, 4, 1, 1, []byte("0123456789abcdef")), 282, 283, 296)
	all := uint16(metadata.SetOf(metadata.Rights, metadata.AltText, metadata.Description, metadata.Time, metadata.Person, metadata.Location))
	stream := coded(t, 8, 8)
	tables, rest := takeTables(stream)
	tables = append(append([]byte("\xFF\xD8"), tables...), 0xFF, 0xD9)
	texts := tiny.with(ascii(270, "caption"), ascii(315, "A; B"), ascii(0x8298, "2026 A"), bytesTag(0x9C9B, "t\x00i\x00"))
	gps := page(ascii(1, "N"), ratio(2, 1, 1, 2, 1, 3, 1), ascii(3, "E"), ratio(4, 1, 1, 2, 1, 3, 1))
	return map[string]seed{
		"smallest-picture":    {build(little, false, tiny), 0},
		"big-endian-texts":    {build(bigEnd, false, texts), all},
		"bigtiff-texts":       {build(little, true, texts), all},
		"two-pages":           {build(little, false, tiny, texts), all},
		"thumbnail-page":      {build(little, false, tiny, thumbnail()), 0},
		"gps-below":           {build(little, false, tiny.with(below(34853, gps))), all},
		"sub-directory":       {build(little, false, tiny.with(below(330, tiny))), 0},
		"jpeg-strip":          {build(little, false, inJPEG(8, 8, inside(stream))), 0},
		"jpeg-tables":         {build(little, false, inJPEG(8, 8, rest).with(undefined(347, string(tables)))), 0},
		"profile":             {build(little, false, tiny.with(undefined(34675, string(icc.Profile(icc.SRGB))))), 0},
		"shared-strips":       {sharedStrips(make([]byte, 320)), 0},
		"tiles-in-planes":     {build(little, false, without(tiny, 273, 277, 278, 279, 258).with(short(258, 8, 8), short(277, 2), short(284, 2), short(322, 16), short(323, 16), parts(324, make([]byte, 256), make([]byte, 256)), long(325, 256, 256))), 0},
		"palette":             {build(little, false, without(tiny, 258, 262).with(short(258, 2), short(262, 3), short(320, ramp(4)...))), 0},
		"circle-of-pages":     {build(little, false, loop(tiny)), 0},
		"strip-without-sizes": {build(little, false, without(tiny, 279)), 0},
	}
}

// TestSeeds checks that the committed seeds are those of this package, and writes them with
// -update.
func TestSeeds(t *testing.T) {
	dir := filepath.Join("testdata", "fuzz", "FuzzClean")
	for name, s := range seeds(t) {
		want := fmt.Sprintf("go test fuzz v1\n[]byte(%q)\nuint16(%d)\n", s.data, s.keep)
		file := filepath.Join(dir, name)
		if *update {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is not what the test composes; run with -update", name)
		}
	}
}
