package bmp_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// refused are pictures of the collection that contradict themselves.
var refused = map[string]string{
	"mmap_error.bmp": "the pixels begin where the colours should, and the last byte is missing",
}

// Every valid picture of the collection is accepted, clean afterwards, and shows the same.
func TestPhotos(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	files := containertest.Photos(t, "valid", "BMP")
	results := map[string][]byte{}
	ffmpeg, _ := exec.LookPath("ffmpeg")
	for i, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := tryClean(b, keeping())
		if _, known := refused[filepath.Base(file)]; err != nil || known {
			if err == nil || !known {
				t.Errorf("%s: %v", file, err)
			}
			continue
		}
		results[fmt.Sprintf("%d-%s", i, filepath.Base(file))] = out
		if again, _, err := tryClean(out, keeping()); err != nil || !bytes.Equal(again, out) {
			t.Errorf("%s: cleaning it again changes it (%v)", file, err)
		}
		if before := decode(ffmpeg, b); before != "" && before != decode(ffmpeg, out) {
			t.Errorf("%s: ffmpeg decodes something else", file)
		}
	}
	t.Logf("%d pictures", len(files))
	t.Run("exiftool", func(t *testing.T) { suite().Exiftool(t, results) })
}

// decode returns the digests of what ffmpeg makes of a picture, "" when it cannot read it.
func decode(ffmpeg string, b []byte) string {
	if ffmpeg == "" {
		return ""
	}
	cmd := exec.Command(ffmpeg, "-nostdin", "-v", "error", "-f", "bmp_pipe", "-i", "pipe:0", "-f", "framemd5", "-")
	cmd.Stdin = bytes.NewReader(b)
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return string(out)
}
