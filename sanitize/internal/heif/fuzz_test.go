package heif_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// FuzzClean checks what holds for any bytes and any policy: a verdict about the file, or a
// result that is clean, has the pictures of the source, and is not changed by another
// cleaning. Whatever we find wrong with our own result is a fault of ours.
func FuzzClean(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed.data, seed.keep)
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
		case err != nil && len(out) > 0:
			t.Fatal("wrote before failing")
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
	// The data need not be a picture: nobody decodes them here.
	h := hevc(t)
	h.data = nal(20, strings.Repeat("\x55", 20))
	a := coded{"av01", bx("av1C", "\x81\x00\x0C\x00"), obu(1, "\x38\x15\x7F\xFD") + obu(6, strings.Repeat("\x55", 20)), 64, 64, 3}
	hdr := uint16(metadata.SetOf(metadata.GainMap))
	all := uint16(metadata.SetOf(metadata.Rights, metadata.AltText, metadata.Description, metadata.Time, metadata.Location, metadata.GainMap))
	hostile := hostileFiles(t)
	return map[string]seed{
		"one-hevc-picture":   {plain(h).bytes(), 0},
		"one-av1-picture":    {plain(a).bytes(), 0},
		"messages-in-hevc":   {plain(talking(h)).bytes(), 0},
		"messages-in-av1":    {plain(talking(a)).bytes(), 0},
		"everything":         {everything(h, "heic").bytes(), all},
		"grid-of-four":       {gridOf(h, 2, 2, false).bytes(), 0},
		"wide-numbers":       {gridOf(h, 2, 1, true).bytes(), 0},
		"tone-mapped-kept":   {toneMapped(a, a, "\x00"+isoNumbers()).bytes(), hdr},
		"apple-gain-map":     {withAux(toneMapped(a, a, "\x09"), 4, urnApple).bytes(), hdr},
		"three-extents":      {with(plain(h), func(b *builder) { b.entries[0].cuts = []int{3, 9} }).bytes(), 0},
		"fields-of-8-bytes":  {with(plain(h), func(b *builder) { b.iloc, b.size, b.base, b.index = 1, 8, 8, 8 }).bytes(), 0},
		"data-in-idat":       {with(plain(a), func(b *builder) { b.iloc, b.entries[0].method = 1, 1 }).bytes(), 0},
		"items-in-a-circle":  {hostile["items-inside-each-other"].data, 0},
		"grid-of-itself":     {hostile["grid-of-itself"].data, 0},
		"exif-in-the-middle": {hostile["exif-inside-the-picture"].data, 0},
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
