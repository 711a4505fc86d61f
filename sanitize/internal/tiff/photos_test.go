package tiff_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/tiff"
)

// Every valid picture of the collection is accepted, but for those whose compression is
// refused; it is clean afterwards and shows the same.
func TestPhotos(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	files := containertest.Photos(t, "valid", "tiff")
	results := map[string][]byte{}
	refused := 0
	for i, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out, err := clean(b, containertest.Strict)
		var feature *container.Feature
		if errors.As(err, &feature) && strings.Contains(feature.Name, "old style") {
			refused++
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		name := fmt.Sprintf("%d-%s", i, filepath.Base(file))
		results[name] = out
		again, err := clean(out, containertest.Strict)
		if err != nil || !bytes.Equal(again, out) {
			t.Errorf("%s: cleaning it again changes it (%v)", file, err)
		}
		generous, err := clean(b, generous)
		if err != nil {
			t.Errorf("%s: generously: %v", file, err)
			continue
		}
		if twice, err := clean(generous, containertest.Strict); err != nil || !bytes.Equal(twice, out) {
			t.Errorf("%s: a strict cleaning after a generous one gives something else (%v)", file, err)
		}
	}
	t.Logf("%d pictures, %d refused for old-style JPEG", len(files), refused)
	t.Run("exiftool", func(t *testing.T) {
		s := suite(t) // exiftool takes the first JPEG strip of several for a preview, and stumbles
		s.MayRemain = append(s.MayRemain, "ExifTool:Warning")
		s.Exiftool(t, results)
	})
	t.Run("pixels", func(t *testing.T) { comparePages(t, files, results) })
}

// comparePages asks ImageMagick for the pixels of all pages that stay, and libtiff whether it
// reads the result without complaint where it read the source so.
func comparePages(t *testing.T, files []string, results map[string][]byte) {
	compare := containertest.Judge(t, "identify")
	dir := t.TempDir()
	compared := 0
	for i, file := range files {
		out, ok := results[fmt.Sprintf("%d-%s", i, filepath.Base(file))]
		if !ok {
			continue
		}
		after := filepath.Join(dir, "after.tif")
		if err := os.WriteFile(after, out, 0o600); err != nil {
			t.Fatal(err)
		}
		a, b := signatures(compare, file), signatures(compare, after)
		if a[0] == "" {
			continue // it cannot be read as it is
		}
		compared++
		for _, line := range b {
			if len(a) > 0 && a[0] == line {
				a = a[1:]
				continue
			}
			for len(a) > 0 && a[0] != line { // a page that went
				a = a[1:]
			}
			if len(a) == 0 {
				t.Errorf("%s: a page has changed", file)
				break
			}
			a = a[1:]
		}
	}
	t.Logf("compared %d pictures", compared)
}

// signatures are digests of the pixels of each page, with what decides how they look.
func signatures(identify, file string) []string {
	cmd := exec.Command(identify, "-quiet", "-format", "%# %w %h %z %[orientation] %[colorspace] %x %y\n", "TIFF:"+file)
	out, _ := cmd.Output()
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// Raw photos are named and refused.
func TestRaw(t *testing.T) {
	for _, file := range containertest.Photos(t, "raw", "tiff") {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) < 4096 {
			continue // the beginning of a file, without a word on what it is
		}
		_, err = container.Map(context.Background(), tiff.Format{}, bytes.NewReader(b))
		var foreign *container.Foreign
		if !errors.As(err, &foreign) {
			t.Errorf("%s: %v", file, err)
			continue
		}
		t.Logf("%s: %s", filepath.Base(file), foreign.Kind)
	}
}
