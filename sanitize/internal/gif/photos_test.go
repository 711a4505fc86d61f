package gif_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	stdgif "image/gif"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/gif"
)

// refused names the samples that are no GIF as the standard has it, and says why.
var refused = map[string]string{}

// Every valid picture of the collection is accepted, clean afterwards, and shows the same.
func TestPhotos(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	files := containertest.Photos(t, "valid", "GIF")
	results := map[string][]byte{}
	for i, file := range files {
		if containertest.Race && i%8 != 0 {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out, err := containertest.Clean(context.Background(), gif.Format{}, bytes.NewReader(b), containertest.Strict)
		if _, known := refused[filepath.Base(file)]; known != (err != nil) {
			t.Errorf("%s: %v", file, err)
		}
		if err != nil {
			continue
		}
		results[fmt.Sprintf("%d-%s.gif", i, filepath.Base(file))] = out
		if err := checkPhoto(b, out); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	t.Logf("%d photos, %d cleaned", len(files), len(results))
	t.Run("exiftool", func(t *testing.T) { suite().Exiftool(t, results) })
}

func checkPhoto(b, out []byte) error {
	spans, err := container.Map(context.Background(), gif.Format{}, bytes.NewReader(out))
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
	again, err := containertest.Clean(context.Background(), gif.Format{}, bytes.NewReader(out), containertest.Strict)
	if err != nil || !bytes.Equal(again, out) {
		return fmt.Errorf("cleaning it again changes it (%v)", err)
	}
	const small = 1 << 18 // pixels; larger ones take long to compare
	config, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || config.Width*config.Height > small {
		return nil
	}
	before, err := stdgif.DecodeAll(bytes.NewReader(b))
	if err != nil {
		return nil // the standard library refuses what other decoders pass over
	}
	after, err := stdgif.DecodeAll(bytes.NewReader(out))
	if err != nil {
		return err
	}
	if len(before.Image) != len(after.Image) || before.LoopCount != after.LoopCount ||
		!slices.Equal(before.Delay, after.Delay) || !slices.Equal(before.Disposal, after.Disposal) {
		return errors.New("the animation has changed")
	}
	for i := range before.Image {
		if err := containertest.SamePixels(before.Image[i], after.Image[i]); err != nil {
			return err
		}
	}
	return nil
}
