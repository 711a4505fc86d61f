package png_test

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
// cleaning. The checksums are put right first, or nothing would come past them.
func FuzzClean(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s.data, s.keep)
	}
	f.Fuzz(func(t *testing.T, b []byte, keep uint16) {
		checkAny(t, b, keep)
		checkAny(t, rightSums(b), keep)
	})
}

// rightSums gives every chunk the checksum that fits.
func rightSums(b []byte) []byte {
	if len(b) < len(signature) {
		return b
	}
	out := bytes.Clone(b[:len(signature)])
	at := len(signature)
	for _, p := range places(b) {
		if p.end > len(b) || p.end < p.off {
			break
		}
		out = append(out, ck(p.typ, string(b[p.off+8:p.end-4]))...)
		at = p.end
	}
	return append(out, b[at:]...)
}

func checkAny(t *testing.T, b []byte, keep uint16) {
	keeps := keeping(metadata.Set(keep).List()...)
	out, _, err := cleanAll(b, keeps)
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
	again, _, err := cleanAll(out, keeps)
	if err != nil {
		t.Fatalf("the result cannot be cleaned: %v", err)
	}
	if !bytes.Equal(out, again) {
		t.Fatal("cleaning the result changes it")
	}
}

// A seed is where the fuzzer begins. Each is small and tells its story by its name.
type seed struct {
	data []byte
	keep uint16
}

func seeds() map[string]seed {
	all := uint16(metadata.SetOf(metadata.Rights, metadata.AltText, metadata.Description, metadata.Time, metadata.Person, metadata.Location))
	return map[string]seed{
		"smallest-picture":   {grey("", ""), 0},
		"turned-and-texts":   {grey(ck("eXIf", exifBlock(6))+text("Author", "A")+packed("Title", "B"), ""), all},
		"exif-behind":        {grey("", ck("eXIf", exifBlock(3))), all},
		"xmp-with-a-city":    {grey(xmpChunk(`photoshop:City="C" photoshop:Credit="D"`), ""), all},
		"raw-profiles":       {grey(packed("Raw profile type exif", raw("exif", exifBlock(8)))+text("Raw profile type iptc", raw("iptc", iptcBlock())), ""), all},
		"profile-display-p3": {before([]byte(signature+ihdr(1, 1, 8, 2, 0)+ck("IDAT", z("\x00abc"))+ck("IEND")), "IDAT", iccp("x", named(icc.DisplayP3))), 0},
		"profile-srgb":       {before([]byte(signature+ihdr(1, 1, 8, 2, 0)+ck("IDAT", z("\x00abc"))+ck("IEND")), "IDAT", iccp("x", named(icc.SRGB))), 0},
		"palette-of-three":   {[]byte(signature + ihdr(2, 2, 1, 3, 0) + ck("PLTE", "abcdefghi") + ck("tRNS", "x") + ck("bKGD", "\x01") + ck("IDAT", z("\x00\x80\x00\x40")) + ck("IEND")), 0},
		"interlaced":         {[]byte(signature + ihdr(5, 5, 8, 0, 1) + ck("IDAT", z(adam7(5, 5))+"more") + ck("IEND") + "behind"), 0},
		"animation": {[]byte(signature + ihdr(2, 2, 8, 0, 0) + actl(2) + fctl(0, 2, 2, 0, 0) + ck("IDAT", z(rows(2, 2))) + fctl(1, 1, 1, 1, 1) +
			fdat(2, z(rows(1, 1))+"more") + fdat(3, "") + ck("IEND")), 0},
	}
}

// TestSeeds checks that the committed seeds are those of this package.
func TestSeeds(t *testing.T) {
	dir := filepath.Join("testdata", "fuzz", "FuzzClean")
	for name, s := range seeds() {
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
