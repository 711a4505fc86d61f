package png_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/png"
)

// refused names the samples that are no PNG as the standard has it, and says why.
var refused = map[string]string{
	"badcrc.png": "its picture data have a checksum that does not fit; libpng and the standard library refuse it as well",
}

// Every valid picture of the collection is accepted, clean afterwards, and shows the same.
func TestPhotos(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	files := containertest.Photos(t, "valid", "PNG", "APNG")
	results := map[string][]byte{}
	for i, file := range files {
		if containertest.Race && i%8 != 0 {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out, err := containertest.Clean(context.Background(), png.Format{}, bytes.NewReader(b), containertest.Strict)
		if _, known := refused[filepath.Base(file)]; known != (err != nil) {
			t.Errorf("%s: %v", file, err)
		}
		if err != nil {
			continue
		}
		results[fmt.Sprintf("%d-%s.png", i, filepath.Base(file))] = out
		if err := checkPhoto(b, out); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	t.Logf("%d photos, %d cleaned", len(files), len(results))
	t.Run("exiftool", func(t *testing.T) { suite().Exiftool(t, results) })
	t.Run("pngcheck", func(t *testing.T) { checkPNGs(t, results) })
}

func checkPhoto(b, out []byte) error {
	spans, err := container.Map(context.Background(), png.Format{}, bytes.NewReader(out))
	if err != nil {
		return err
	}
	for _, s := range spans {
		for _, it := range s.Items {
			if !containertest.Strict(it) {
				return fmt.Errorf("%s is left", it.Path)
			}
		}
	}
	again, err := containertest.Clean(context.Background(), png.Format{}, bytes.NewReader(out), containertest.Strict)
	if err != nil || !bytes.Equal(again, out) {
		return fmt.Errorf("cleaning it again changes it (%v)", err)
	}
	const small = 1 << 18 // pixels; larger ones take long to compare
	config, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || config.Width*config.Height > small {
		return nil
	}
	before, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil // the standard library refuses what other decoders pass over
	}
	after, _, err := image.Decode(bytes.NewReader(out))
	if err != nil {
		return err
	}
	return containertest.SamePixels(before, after)
}

// checkPNGs asks pngcheck whether results are right.
func checkPNGs(t *testing.T, results map[string][]byte) {
	name := containertest.Judge(t, "pngcheck")
	dir := t.TempDir()
	for file, out := range results {
		path := filepath.Join(dir, file)
		if err := os.WriteFile(path, out, 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command(name, "-q", path).CombinedOutput(); err != nil && !excused(string(said)) {
			t.Errorf("%s: %s", file, bytes.TrimSpace(said))
		}
	}
}

// excused reports whether pngcheck complains of what it is too old for, or of what the source
// has as well and no viewer minds.
func excused(said string) bool {
	for _, known := range []string{"illegal (unless recently approved) unknown, public chunk cICP"} {
		if strings.Contains(said, known) {
			return true
		}
	}
	return false
}
