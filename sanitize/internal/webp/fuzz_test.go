package webp_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
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
		keeps := keeping(metadata.Set(keep).List()...)
		out, _, err := tryClean(b, keeps)
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
		again, _, err := tryClean(out, keeps)
		if err != nil {
			t.Fatalf("the result cannot be cleaned: %v", err)
		}
		if !bytes.Equal(out, again) {
			t.Fatal("cleaning the result changes it")
		}
	})
}

// A seed is where the fuzzer begins. Each is small and tells its story by its name.
type seed struct {
	data []byte
	keep uint16
}

func seeds(t testing.TB) map[string]seed {
	const lossy = "\x30\x00\x00\x9d\x01\x2a\x01\x00\x01\x00\x00\x00"
	vp8, vp8l := chunk("VP8 ", lossy), chunk("VP8L", "\x2f\x00\x00\x00\x10\x88\x88\x08")
	frame := chunk("ANMF", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x50\x00\x00\xff", chunk("ALPH", "\x00\xff\xff"), vp8, chunk("note", "text"))
	rights := uint16(metadata.SetOf(metadata.Rights, metadata.Location))
	return map[string]seed{
		"smallest-picture":        {riffOf(vp8), 0},
		"smallest-lossless":       {riffOf(vp8l), 0},
		"lossless-with-a-rest":    {riffOf(chunk("VP8L", payload(base(t, "lossless"), "VP8L", 0), "rest")), 0},
		"turned-with-rights":      {riffOf(vp8x(0x0C, 1, 1), vp8, chunk("EXIF", dirtyExif(6)), chunk("XMP ", dirtyXMP())), rights},
		"prefix-before-exif":      {riffOf(vp8x(8, 1, 1), vp8, chunk("EXIF", "Exif\x00\x00", dirtyExif(6))), 0},
		"profile":                 {riffOf(vp8x(0x20, 1, 1), chunk("ICCP", dirtyProfile(icc.SRGB)), vp8l), 0},
		"alpha-plane-with-a-rest": {riffOf(vp8x(0x10, 1, 1), chunk("ALPH", "\x00\xff", secret("rest")), vp8), 0},
		"two-frames":              {append(riffOf(vp8x(0x12, 1, 1), chunk("ANIM", "\x00\x00\x00\x00\x00\x00rest"), frame, frame), "trailer"...), 0},
		"odd-and-not-padded":      {riffOf(vp8x(0, 1, 1), vp8, "C2PA\x03\x00\x00\x00abc"), 0},
	}
}

// TestSeeds checks that the committed seeds are those of this package, and writes them with
// -update.
func TestSeeds(t *testing.T) {
	for name, s := range seeds(t) {
		if _, _, err := tryClean(s.data, keeping()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want := fmt.Sprintf("go test fuzz v1\n[]byte(%q)\nuint16(%d)\n", s.data, s.keep)
		file := filepath.Join("testdata", "fuzz", "FuzzClean", name)
		if *update {
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
