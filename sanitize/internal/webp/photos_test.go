package webp_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// Every valid picture of the collection is accepted, clean afterwards, and shows the same.
func TestPhotos(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	files := containertest.Photos(t, "valid", "WEBP", "Extended WEBP")
	results := map[string][]byte{}
	dwebp, _ := exec.LookPath("dwebp")
	for i, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := tryClean(b, keeping())
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		results[fmt.Sprintf("%d-%s", i, filepath.Base(file))] = out
		if again, _, err := tryClean(out, keeping()); err != nil || !bytes.Equal(again, out) {
			t.Errorf("%s: cleaning it again changes it (%v)", file, err)
		}
		if dwebp != "" && !bytes.Equal(decode(dwebp, b), decode(dwebp, out)) {
			t.Errorf("%s: dwebp decodes something else", file)
		}
	}
	t.Logf("%d pictures", len(files))
	t.Run("exiftool", func(t *testing.T) { suite(t).Exiftool(t, results) })
}

// decode returns what dwebp makes of a still picture, and nothing for an animation.
func decode(dwebp string, b []byte) []byte {
	cmd := exec.Command(dwebp, "-quiet", "-pam", "-o", "-", "--", "-")
	cmd.Stdin = bytes.NewReader(b)
	out, err := cmd.Output()
	if err != nil {
		return nil
	}
	return out
}

// webpinfo, which checks headers, flags and the bounds of frames, finds our results right.
func TestWebpinfo(t *testing.T) {
	name := containertest.Judge(t, "webpinfo")
	for sample, b := range samples(t) {
		out, _ := clean(t, b, keeping())
		file := filepath.Join(t.TempDir(), sample+".webp")
		if err := os.WriteFile(file, out, 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command(name, file).CombinedOutput(); err != nil || bytes.Contains(said, []byte("Warning")) {
			t.Errorf("%s: %v\n%s", sample, err, said)
		}
	}
}
