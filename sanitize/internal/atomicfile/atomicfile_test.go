package atomicfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/atomicfile"
)

// forms are the two ways to keep a file out of sight. On systems other than Linux both are
// the same.
var forms = map[string]func(string, atomicfile.Options) (*atomicfile.File, error){
	"default": atomicfile.Create,
	"named":   atomicfile.CreateNamed,
}

func each(t *testing.T, test func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error))) {
	for name, create := range forms {
		t.Run(name, func(t *testing.T) { test(t, create) })
	}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantDir asserts that a folder holds exactly the named files, with their text.
func wantDir(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, ok := want[e.Name()]
		if !ok {
			t.Errorf("%s was left behind", e.Name())
			continue
		}
		if got, err := os.ReadFile(filepath.Join(dir, e.Name())); err != nil || string(got) != text {
			t.Errorf("%s holds %q, %v", e.Name(), got, err)
		}
	}
	if len(entries) < len(want) {
		t.Errorf("%d files, want %d", len(entries), len(want))
	}
}

func write(t *testing.T, f *atomicfile.File, text string) {
	t.Helper()
	if n, err := f.Write([]byte(text)); err != nil || n != len(text) {
		t.Fatalf("Write = %d, %v", n, err)
	}
}

func ExampleCreate() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	f, err := atomicfile.Create(filepath.Join(dir, "photo.jpg"), atomicfile.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Cleanup()
	n, err := f.Write([]byte("whole"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Commit(int64(n)))
	// Output: <nil>
}

func TestCommit(t *testing.T) {
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		for _, opt := range []atomicfile.Options{{}, {Sync: true}, {Replace: true}, {Replace: true, Sync: true}} {
			dir := t.TempDir()
			name := filepath.Join(dir, "a.jpg")
			f, err := create(name, opt)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Cleanup()
			write(t, f, "who")
			if n, err := f.ReadFrom(strings.NewReader("le")); n != 2 || err != nil {
				t.Fatalf("ReadFrom = %d, %v", n, err)
			}
			var back [5]byte
			if n, err := f.ReadAt(back[:], 0); n != 5 || err != nil || string(back[:]) != "whole" {
				t.Fatalf("ReadAt = %q, %v", back[:n], err)
			}
			if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%+v: there before Commit", opt)
			}
			if err := f.Commit(5); err != nil {
				t.Fatalf("%+v: %v", opt, err)
			}
			f.Cleanup()
			f.Cleanup()
			wantDir(t, dir, map[string]string{"a.jpg": "whole"})
			if err := f.Commit(5); !errors.Is(err, fs.ErrClosed) {
				t.Errorf("second Commit: %v", err)
			}
			wantDir(t, dir, map[string]string{"a.jpg": "whole"})
		}
	})
}

func TestCleanup(t *testing.T) {
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		dir := t.TempDir()
		f, err := create(filepath.Join(dir, "a"), atomicfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		write(t, f, "half")
		f.Cleanup()
		f.Cleanup()
		wantDir(t, dir, nil)
		if _, err := f.Write([]byte("x")); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("Write after Cleanup: %v", err)
		}
		if err := f.Commit(4); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("Commit after Cleanup: %v", err)
		}
		wantDir(t, dir, nil)
	})
}

func TestLengthMismatch(t *testing.T) {
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		for _, size := range []int64{0, 3, 5, -1} {
			dir := t.TempDir()
			f, err := create(filepath.Join(dir, "a"), atomicfile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			write(t, f, "half")
			if err := f.Commit(size); err == nil {
				t.Errorf("4 bytes were committed as %d", size)
			}
			f.Cleanup()
			wantDir(t, dir, nil)
		}
	})
}

func TestExisting(t *testing.T) {
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		dir := t.TempDir()
		name := filepath.Join(dir, "a")
		late, err := create(name, atomicfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		write(t, late, "late")
		put(t, name, "first")
		if _, err := create(name, atomicfile.Options{}); !errors.Is(err, atomicfile.ErrExists) {
			t.Errorf("Create over a file: %v", err)
		}
		if err := late.Commit(4); !errors.Is(err, atomicfile.ErrExists) || !errors.Is(err, fs.ErrExist) {
			t.Errorf("Commit over a file: %v", err)
		}
		late.Cleanup()
		wantDir(t, dir, map[string]string{"a": "first"})

		f, err := create(name, atomicfile.Options{Replace: true})
		if err != nil {
			t.Fatal(err)
		}
		write(t, f, "second")
		if err := f.Commit(6); err != nil {
			t.Fatal(err)
		}
		wantDir(t, dir, map[string]string{"a": "second"})
	})
}

// A folder that comes to be at the name stays, whatever was asked for.
func TestFolderAtCommit(t *testing.T) {
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		for _, replace := range []bool{false, true} {
			dir := t.TempDir()
			name := filepath.Join(dir, "a")
			f, err := create(name, atomicfile.Options{Replace: replace})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(name, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := f.Commit(0); err == nil {
				t.Error("a file took the place of a folder")
			} else {
				wantNoPath(t, err, dir)
			}
			f.Cleanup()
			if err := os.Remove(name); err != nil {
				t.Errorf("the folder is gone: %v", err)
			}
			wantDir(t, dir, nil)
		}
	})
}

func TestSymlink(t *testing.T) {
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		for _, target := range []string{"original", "missing"} {
			dir := t.TempDir()
			put(t, filepath.Join(dir, "original"), "precious")
			name := filepath.Join(dir, "link")
			f, err := create(name, atomicfile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			write(t, f, "clean")
			if err := os.Symlink(target, name); err != nil {
				t.Skip("no symbolic links here")
			}
			if _, err := create(name, atomicfile.Options{}); !errors.Is(err, atomicfile.ErrExists) {
				t.Errorf("Create over a link: %v", err)
			}
			if err := f.Commit(5); !errors.Is(err, atomicfile.ErrExists) {
				t.Errorf("Commit over a link: %v", err)
			}
			f.Cleanup()

			f, err = create(name, atomicfile.Options{Replace: true})
			if err != nil {
				t.Fatal(err)
			}
			write(t, f, "clean")
			if err := f.Commit(5); err != nil {
				t.Fatal(err)
			}
			if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
				t.Errorf("the link was not replaced: %v", err)
			}
			wantDir(t, dir, map[string]string{"original": "precious", "link": "clean"})
		}
	})
}

func TestWorkingDirectory(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		f, err := create("a", atomicfile.Options{Sync: true})
		if err != nil {
			t.Fatal(err)
		}
		write(t, f, "ok")
		if err := f.Commit(2); err != nil {
			t.Fatal(err)
		}
		wantDir(t, dir, map[string]string{"a": "ok"})
		if err := os.Remove("a"); err != nil {
			t.Fatal(err)
		}
	})
}

// Of many that publish one name at the same time, exactly one wins, and its text is there.
func TestRace(t *testing.T) {
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		dir := t.TempDir()
		winners := race(t, func(i int) error {
			f, err := create(filepath.Join(dir, "a"), atomicfile.Options{})
			if err != nil {
				return err
			}
			defer f.Cleanup()
			if _, err := fmt.Fprintf(f, "%04d", i); err != nil {
				t.Error(err)
			}
			return f.Commit(4)
		})
		if len(winners) != 1 {
			t.Fatalf("%d won", len(winners))
		}
		wantDir(t, dir, map[string]string{"a": fmt.Sprintf("%04d", winners[0])})
	})
}

// race runs fifty at once and returns which did not fail. A loser must hear that the target
// exists.
func race(t *testing.T, run func(int) error) []int {
	t.Helper()
	const runners = 50
	var wg sync.WaitGroup
	start := make(chan struct{})
	errs := make([]error, runners)
	for i := range runners {
		wg.Go(func() {
			<-start
			errs[i] = run(i)
		})
	}
	close(start)
	wg.Wait()
	var winners []int
	for i, err := range errs {
		if err == nil {
			winners = append(winners, i)
		} else if !errors.Is(err, fs.ErrExist) {
			t.Errorf("runner %d: %v", i, err)
		}
	}
	return winners
}

func TestReadFromFile(t *testing.T) {
	dir := t.TempDir()
	want := bytes.Repeat([]byte("media"), 50_000)
	put(t, filepath.Join(dir, "src"), string(want))
	src, err := os.Open(filepath.Join(dir, "src"))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	f, err := atomicfile.Create(filepath.Join(dir, "dst"), atomicfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Cleanup()
	if n, err := f.File().ReadFrom(src); err != nil || n != int64(len(want)) {
		t.Fatalf("%d, %v", n, err)
	}
	if err := f.Commit(int64(len(want))); err != nil {
		t.Fatal(err)
	}
	wantDir(t, dir, map[string]string{"src": string(want), "dst": string(want)})
}

func BenchmarkCommit(b *testing.B) {
	text := bytes.Repeat([]byte("x"), 64<<10)
	for name, create := range forms {
		for _, replace := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/replace=%v", name, replace), func(b *testing.B) {
				dir := b.TempDir()
				for i := 0; b.Loop(); i++ {
					f, err := create(filepath.Join(dir, fmt.Sprint(i)), atomicfile.Options{Replace: replace})
					if err != nil {
						b.Fatal(err)
					}
					if _, err := f.Write(text); err != nil {
						b.Fatal(err)
					}
					if err := f.Commit(int64(len(text))); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
