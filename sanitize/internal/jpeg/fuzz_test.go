package jpeg_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
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
		out, err := cleanAll(b, keeps)
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
			repairAny(t, b)
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

// cleanAll is the way of the engine: nothing is written before the result has been verified.
func cleanAll(b []byte, keep func(metadata.Item) bool) ([]byte, error) {
	ctx := context.Background()
	job, err := container.Prepare(ctx, jpeg.Format{}, bytes.NewReader(b), keep, nil)
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

// repairAny repairs what can be repaired; the result is then whole, if not always right.
func repairAny(t *testing.T, b []byte) {
	d, err := jpeg.Format{}.Repair(context.Background(), bytes.NewReader(b))
	if err != nil {
		if !container.IsVerdict(err) {
			t.Fatalf("repair gives no verdict: %v", err)
		}
		return
	}
	_, err = jpeg.Format{}.Map(context.Background(), d)
	var m *container.Malformed
	if errors.As(err, &m) && m.CutOff {
		t.Fatal("repaired, and still cut off")
	}
}

// A seed is where the fuzzer begins. Each is small and tells its story by its name.
type seed struct {
	data []byte
	keep uint16
}

func seeds(t testing.TB) map[string]seed {
	tiny := "\xFF\xD8" + seg(0xDB, "\x00"+strings.Repeat("\x01", 64)) + seg(0xC0, "\x08\x00\x08\x00\x08\x01\x01\x11\x00") +
		seg(0xC4, "\x00\x01"+strings.Repeat("\x00", 15)+"\x00") + seg(0xC4, "\x10\x01"+strings.Repeat("\x00", 15)+"\x00") +
		seg(0xDA, "\x01\x01\x00\x00\x3f\x00") + "\x3F\xFF\xD9"
	b := []byte(tiny)
	gain := string(head(b, xmpSeg(`hdrgm:Version="1.0" hdrgm:GainMapMax="1" hdrgm:HDRCapacityMax="1"`, "")))
	all := uint16(metadata.SetOf(metadata.Rights, metadata.AltText, metadata.Description, metadata.Time, metadata.Person, metadata.Location, metadata.GainMap))
	hdr := uint16(metadata.SetOf(metadata.GainMap))
	return map[string]seed{
		"smallest-picture":     {b, 0},
		"cut-off-in-the-scan":  {b[:len(b)-2], 0},
		"line-count-in-a-dnl":  {openHeight([]byte(tiny)), 0},
		"turned-with-rights":   {head(b, rightsEXIF), all},
		"iptc-with-a-city":     {head(b, rightsIPTC), all},
		"xmp-with-two-authors": {head(b, rightsXMP), all},
		"gain-map-kept":        {behind(head(b, jfifSeg(1, 72, 72)), gain), hdr},
		"gain-map-dropped":     {behind(b, gain, film()), 0},
		"iso-gain-map":         {behind(head(b, seg(0xE2, isoPrefix, "\x00\x00\x00\x00")), string(head(b, seg(0xE2, isoPrefix, isoNumbers())))), hdr},
		"adobe-rgb-by-exif":    {head(b, adobeRGB()), 0},
		"half-a-profile":       {head(b, iccSegs(secret("profile"), 2)[0]), 0},
		"comment-before-eoi":   {before(b, 0xD9, 0, "\xFF\xFF", seg(0xFE, secret("com")), "junk"), 0},
		"unused-tables":        {before(b, 0xDA, 0, unusedQuant(), unusedHuffman()), 0},
		"two-adobe-segments":   {head(b, adobeSeg(1, ""), adobeSeg(0, secret("rest"))), 0},
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
