//go:build !windows

package atomicfile_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/atomicfile"
)

// The variable tells a second run of the test program what to do, and in which folder.
const childVar = "ATOMICFILE_TEST_CHILD"

func TestMain(m *testing.M) {
	if job, dir, ok := strings.Cut(os.Getenv(childVar), ":"); ok {
		if err := children[job](dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

var children = map[string]func(dir string) error{
	"hang-default": func(dir string) error { return hang(atomicfile.Create, dir) },
	"hang-named":   func(dir string) error { return hang(atomicfile.CreateNamed, dir) },
	"full-default": func(dir string) error { return full(atomicfile.Create, dir) },
	"full-named":   func(dir string) error { return full(atomicfile.CreateNamed, dir) },
	"read-only":    readOnly,
}

func child(job, dir string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVar+"="+job+":"+dir)
	return cmd
}

func run(t *testing.T, job, dir string) {
	t.Helper()
	if out, err := child(job, dir).CombinedOutput(); err != nil {
		t.Errorf("%s: %v: %s", job, err, out)
	}
}

type creator func(string, atomicfile.Options) (*atomicfile.File, error)

// hang writes half a file, says so, and waits for the end.
func hang(create creator, dir string) error {
	f, err := create(filepath.Join(dir, "a"), atomicfile.Options{})
	if err != nil {
		return err
	}
	if _, err := f.Write(make([]byte, 1<<20)); err != nil {
		return err
	}
	fmt.Println("half", atomicfile.Unnamed(f))
	_, err = os.Stdin.Read(make([]byte, 1))
	return err
}

func TestKilled(t *testing.T) {
	for _, job := range []string{"hang-default", "hang-named"} {
		dir := t.TempDir()
		cmd := child(job, dir)
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		defer stdin.Close()
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		said, err := bufio.NewReader(stdout).ReadString('\n')
		if err != nil || !strings.HasPrefix(said, "half") {
			t.Fatalf("%s: %q, %v", job, said, err)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait() // says that it was killed
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range left {
			if e.Name() == "a" || !strings.HasPrefix(e.Name(), ".mediaveil-") || strings.Contains(said, "true") {
				t.Errorf("%s: %s is there", job, e.Name())
			}
			if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: others may read what was left", job)
			}
		}
	}
}

// full meets the end of the space in the middle of a write.
func full(create creator, dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 64 << 10, Max: 64 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	f, err := create(filepath.Join(dir, "a"), atomicfile.Options{})
	if err != nil {
		return err
	}
	defer f.Cleanup()
	n, err := f.Write(make([]byte, 1<<20))
	if !errors.Is(err, syscall.EFBIG) || strings.Contains(err.Error(), dir) {
		return fmt.Errorf("wrote %d bytes: %v", n, err)
	}
	if err := f.Commit(1 << 20); err == nil {
		return errors.New("half a file was committed")
	}
	return nil
}

func TestFullDisk(t *testing.T) {
	for _, job := range []string{"full-default", "full-named"} {
		dir := t.TempDir()
		run(t, job, dir)
		wantDir(t, dir, nil)
	}
}

func readOnly(dir string) error {
	if os.Geteuid() == 0 { // root may write everywhere
		if err := syscall.Setuid(65534); err != nil {
			return err
		}
	}
	_, err := atomicfile.Create(filepath.Join(dir, "a"), atomicfile.Options{})
	if !errors.Is(err, fs.ErrPermission) || strings.Contains(err.Error(), dir) {
		return fmt.Errorf("Create: %v", err)
	}
	return nil
}

func TestReadOnlyFolder(t *testing.T) {
	dir := t.TempDir()
	// Open the way to it for the user that root becomes.
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	run(t, "read-only", dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	wantDir(t, dir, nil)
}

func TestPerm(t *testing.T) {
	old := syscall.Umask(0o027)
	defer syscall.Umask(old)
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		for _, tt := range []struct{ perm, want fs.FileMode }{
			{0, 0o640}, {0o666, 0o640}, {0o600, 0o600}, {0o755, 0o750}, {0o444, 0o440}, {0o4755, 0o750},
		} {
			for _, replace := range []bool{false, true} {
				name := filepath.Join(t.TempDir(), "a")
				f, err := create(name, atomicfile.Options{Perm: tt.perm, Replace: replace})
				if err != nil {
					t.Fatal(err)
				}
				defer f.Cleanup()
				if info, err := f.File().Stat(); err != nil || !atomicfile.Unnamed(f) && info.Mode().Perm() != 0o600 {
					t.Errorf("others may read %v before Commit: %v", tt.perm, err)
				}
				if err := f.Commit(0); err != nil {
					t.Fatal(err)
				}
				if info, err := os.Stat(name); err != nil || info.Mode() != tt.want {
					t.Errorf("%o became %v, want %v", tt.perm, info.Mode(), tt.want)
				}
			}
		}
	})
}

// Each step of the way down must refuse what exists, and leave nothing beside what it makes.
func TestPublishNew(t *testing.T) {
	for name, publish := range map[string]func(temp, name string) error{
		"exclusive rename": atomicfile.PublishNew, "link": atomicfile.LinkNew, "look and rename": atomicfile.RenameNew,
	} {
		dir := t.TempDir()
		temp, target := filepath.Join(dir, "temp"), filepath.Join(dir, "a")
		put(t, temp, "new")
		put(t, target, "old")
		if err := publish(temp, target); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s over a file: %v", name, err)
		}
		wantDir(t, dir, map[string]string{"temp": "new", "a": "old"})
		if err := os.Remove(target); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("missing", target); err != nil {
			t.Fatal(err)
		}
		if err := publish(temp, target); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s over a link: %v", name, err)
		}
		if err := os.Remove(target); err != nil {
			t.Fatal(err)
		}
		if err := publish(temp, target); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantDir(t, dir, map[string]string{"a": "new"})
	}
}

// The second step down is as exclusive as the first.
func TestRaceByLink(t *testing.T) {
	dir := t.TempDir()
	winners := race(t, func(i int) error {
		temp := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(temp, fmt.Append(nil, i), 0o600); err != nil {
			return err
		}
		err := atomicfile.LinkNew(temp, filepath.Join(dir, "a"))
		if err != nil {
			os.Remove(temp)
		}
		return err
	})
	if len(winners) != 1 {
		t.Fatalf("%d won", len(winners))
	}
	wantDir(t, dir, map[string]string{"a": fmt.Sprint(winners[0])})
}

// A failure to publish is told without the name, whatever system call it came from.
func TestErrorsOfCommit(t *testing.T) {
	each(t, func(t *testing.T, create func(string, atomicfile.Options) (*atomicfile.File, error)) {
		for _, replace := range []bool{false, true} {
			parent := t.TempDir()
			dir := filepath.Join(parent, "sub")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			f, err := create(filepath.Join(dir, "a"), atomicfile.Options{Replace: replace})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			err = f.Commit(0)
			if !errors.Is(err, fs.ErrNotExist) {
				t.Fatalf("Commit into a folder that is gone: %v", err)
			}
			wantNoPath(t, err, dir)
			f.Cleanup()
		}
	})
}

func TestUnnamedWhereLinuxCan(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has files without a name")
	}
	dir := t.TempDir()
	f, err := atomicfile.Create(filepath.Join(dir, "a"), atomicfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Cleanup()
	if !atomicfile.Unnamed(f) {
		t.Skip("this file system has no files without a name")
	}
	wantDir(t, dir, nil)
}
