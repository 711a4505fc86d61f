package atomicfile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/atomicfile"
)

func TestNamesThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "file"), "x")
	for _, name := range []string{
		"", ".", "..", "/", "a/", dir, dir + "/", filepath.Join(dir, "sub"), dir + "/sub/..", dir + "/sub/.",
		dir + "/new/", dir + "/missing/a", dir + "/file/a", dir + "/a\x00b", dir + "/" + strings.Repeat("x", 256),
	} {
		for _, replace := range []bool{false, true} {
			f, err := atomicfile.Create(name, atomicfile.Options{Replace: replace})
			if err == nil {
				f.Cleanup()
				t.Errorf("%.40q was accepted", name)
				continue
			}
			wantNoPath(t, err, name, dir)
		}
	}
	wantDir(t, filepath.Join(dir, "sub"), nil)
}

// wantNoPath asserts that an error tells no part of a path.
func wantNoPath(t *testing.T, err error, paths ...string) {
	t.Helper()
	for _, p := range paths {
		if len(p) > 2 && strings.Contains(err.Error(), p) {
			t.Errorf("the error names a file: %v", err)
		}
	}
	if strings.ContainsAny(err.Error(), `/\`) {
		t.Errorf("the error holds a path: %v", err)
	}
}

func TestNamesThatCanBe(t *testing.T) {
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		names := []string{strings.Repeat("n", 255), "-rf", "…", ".hidden", "..a"}
		if runtime.GOOS != "windows" {
			names = append(names, "a\nb", " ", "a:b")
		}
		for _, base := range names {
			for _, replace := range []bool{false, true} {
				dir := t.TempDir()
				f, err := create(filepath.Join(dir, base), atomicfile.Options{Replace: replace})
				if err != nil {
					t.Errorf("%.10q: %v", base, err)
					continue
				}
				write(t, f, "ok")
				if err := f.Commit(2); err != nil {
					t.Errorf("%.10q: %v", base, err)
				}
				wantDir(t, dir, map[string]string{base: "ok"})
			}
		}
	})
}
