package heif_test

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
	"github.com/mediaveil/mediaveil/sanitize/internal/heif"
)

// refused are the photos of the collection that are valid for an index of files and not for
// us, with the reason.
var refused = map[string]string{
	"bird_burst.heic": "a HEIF sequence",
	"ignore_1.heic":   "a HEIF sequence",
	"invalid_id.heic": "the thumbnail of another one",
}

// Every valid photo of the collection is accepted, clean afterwards, and shows the same.
func TestPhotos(t *testing.T) {
	if testing.Short() || containertest.Race {
		t.Skip("short, or under the race detector")
	}
	results := map[string][]byte{}
	for i, file := range containertest.Photos(t, "valid", "HEIC", "HEIF", "HEIFS", "AVIF") {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out, err := containertest.Clean(context.Background(), heif.Format{}, bytes.NewReader(b), keeping())
		if why := refused[filepath.Base(file)]; why != "" {
			if err == nil || !strings.Contains(err.Error(), why) {
				t.Errorf("%s: %v, want %s", file, err, why)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		name := fmt.Sprintf("%d-%s", i, filepath.Base(file))
		results[name] = out
		if err := checkPhoto(b, out); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if len(b) < 6<<10 { // larger ones take long to decode
			if _, _, err := compareDecoded(t, filepath.Ext(file), b, out); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	t.Logf("%d photos cleaned", len(results))
	t.Run("exiftool", func(t *testing.T) { suite(t, heif.Format{}).Exiftool(t, results) })
}

func checkPhoto(b, out []byte) error {
	if len(out) > len(b)+1000 {
		return errors.New("the result is larger than the photo")
	}
	spans, err := container.Map(context.Background(), heif.Format{}, bytes.NewReader(out))
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
	again, err := containertest.Clean(context.Background(), heif.Format{}, bytes.NewReader(out), keeping())
	if err != nil || !bytes.Equal(again, out) {
		return fmt.Errorf("cleaning it again changes it (%v)", err)
	}
	return nil
}

// undecodable are samples that no decoder here has learnt to read, before or after.
var undecodable = map[string]bool{"identity.heic": true}

// Every sample shows the same before and after in other decoders.
func TestDecoders(t *testing.T) {
	if testing.Short() || containertest.Race {
		t.Skip("short, or under the race detector")
	}
	containertest.Judge(t, "heif-convert")
	compared := 0
	for name, b := range samples(t) {
		out, _ := clean(t, b, keeping())
		n, shown, err := compareDecoded(t, filepath.Ext(name), b, out)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !shown && !undecodable[name] {
			t.Errorf("%s: no decoder shows the result", name)
		}
		compared += n
	}
	t.Logf("%d pictures compared", compared)
	if compared < 25 {
		t.Errorf("only %d samples can be decoded", compared)
	}
}

// compareDecoded asks each decoder what it shows before and after. It returns how many can
// read the source, and whether one can read the result. Where one cannot read the source it
// is stricter than the standard, and there is nothing to compare.
func compareDecoded(t *testing.T, ext string, b, out []byte) (n int, shown bool, err error) {
	for _, decoder := range []string{"heif-convert", "avifdec"} {
		if decoder == "avifdec" && ext != ".avif" {
			continue
		}
		before, after := decode(t, decoder, ext, b), decode(t, decoder, ext, out)
		shown = shown || after != ""
		if before == "" {
			continue
		}
		if n++; before != after {
			err = errors.New("the picture has changed for " + decoder)
		}
	}
	return n, shown, err
}

// decode returns the digest of the pixels that a decoder shows, "" when it can not or when
// there is no such program.
func decode(t *testing.T, decoder, ext string, b []byte) string {
	t.Helper()
	dir := t.TempDir()
	in, png := filepath.Join(dir, "in"+ext), filepath.Join(dir, "out.png")
	if err := os.WriteFile(in, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if exec.Command(decoder, in, png).Run() != nil {
		return ""
	}
	out, err := exec.Command("ffmpeg", "-nostdin", "-v", "error", "-i", png, "-f", "md5", "-").Output()
	if err != nil {
		return ""
	}
	return string(out)
}
