package ico_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// FuzzClean checks what holds for any bytes: a verdict about the file, or a result that is
// clean, has the pixels of the source, and is not changed by another cleaning.
func FuzzClean(f *testing.F) {
	for _, b := range seeds() {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		out, _, err := tryClean(b)
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
		again, _, err := tryClean(out)
		if err != nil {
			t.Fatalf("the result cannot be cleaned: %v", err)
		}
		if !bytes.Equal(out, again) {
			t.Fatal("cleaning the result changes it")
		}
	})
}

// seeds are where the fuzzer begins.
func seeds() map[string][]byte {
	all := make(map[string][]byte)
	for name, sample := range samples() {
		all[name] = sample[0]
	}
	return all
}

// TestSeeds checks that the committed seeds are those of this package, and writes them with
// -update.
func TestSeeds(t *testing.T) {
	for name, b := range seeds() {
		want := fmt.Sprintf("go test fuzz v1\n[]byte(%q)\n", b)
		file := filepath.Join("testdata", "fuzz", "FuzzClean", name)
		if *update {
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
