//go:build unix

package sanitize_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize"
)

// Opening a pipe would wait for a writer, for ever.
func TestNothingButFilesIsOpened(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe.jpg")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	for _, name := range []string{pipe, "/dev/zero", dir} {
		_, err := sanitize.CleanFile(t.Context(), filepath.Join(dir, "out.jpg"), name, sanitize.Options{})
		if !errors.Is(err, sanitize.ErrNotFile) {
			t.Errorf("got %v", err)
		}
	}
	dangling := filepath.Join(dir, "dangling.jpg")
	if err := os.Symlink(filepath.Join(dir, "none"), dangling); err != nil {
		t.Fatal(err)
	}
	if _, err := sanitize.InspectFile(t.Context(), dangling, sanitize.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a dangling link: %v", err)
	}
}
