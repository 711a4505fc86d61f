package jpeg_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
)

// Every valid photo of the collection is accepted, clean afterwards, and shows the same.
func TestPhotos(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	files := containertest.Photos(t, "valid", "JPEG")
	results := map[string][]byte{}
	for i, file := range files {
		if containertest.Race && i%8 != 0 {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out, err := containertest.Clean(context.Background(), jpeg.Format{}, bytes.NewReader(b), keeping())
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		results[fmt.Sprintf("%d-%s.jpg", i, filepath.Base(file))] = out
		if err := checkPhoto(b, out); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	t.Logf("%d photos", len(files))
	t.Run("exiftool", func(t *testing.T) { suite(t).Exiftool(t, results) })
}

func checkPhoto(b, out []byte) error {
	spans, err := container.Map(context.Background(), jpeg.Format{}, bytes.NewReader(out))
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
	again, err := containertest.Clean(context.Background(), jpeg.Format{}, bytes.NewReader(out), keeping())
	if err != nil || !bytes.Equal(again, out) {
		return fmt.Errorf("cleaning it again changes it (%v)", err)
	}
	const small = 128 << 10 // larger ones take long to decode
	if len(b) > small {
		return nil
	}
	before, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil // the standard library knows no arithmetic coding, 12 bits, DNL
	}
	after, _, err := image.Decode(bytes.NewReader(out))
	if err != nil {
		return err
	}
	return containertest.SamePixels(before, after)
}
