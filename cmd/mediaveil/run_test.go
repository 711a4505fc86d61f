package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A console is where a run of the program in a test prints.
type console struct {
	mu       sync.Mutex
	out, err bytes.Buffer
	onOut    func() // is called once, at the first write
	once     sync.Once
}

type stream struct {
	c *console
	b *bytes.Buffer
}

func (s stream) Write(p []byte) (int, error) {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	if s.b == &s.c.out && s.c.onOut != nil {
		s.c.once.Do(s.c.onOut)
	}
	return s.b.Write(p)
}

func (c *console) env(terminal bool) env {
	return env{out: stream{c, &c.out}, err: stream{c, &c.err}, outTerminal: terminal, errTerminal: terminal}
}

// album writes so many photos and returns their folder.
func album(t *testing.T, n int, what ...string) string {
	t.Helper()
	dir := t.TempDir()
	b := photo(what...)
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.jpg", i)), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// checkWhole fails unless a folder holds whole clean photos only, and fewer than so many.
func checkWhole(t *testing.T, dir string, fewer int) {
	t.Helper()
	clean := photo()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) >= fewer {
		t.Fatalf("%d files, want fewer than %d: %v", len(entries), fewer, err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil || !strings.HasSuffix(e.Name(), ".jpg") || !bytes.HasSuffix(b, clean[len(clean)-200:]) {
			t.Errorf("%s is left, not whole: %v", e.Name(), err)
		}
	}
}

func TestExitCodes(t *testing.T) {
	bare, found, bad := album(t, 1), album(t, 1, "gps"), album(t, 1, "cut")
	for _, tt := range []struct {
		args []string
		want int
	}{
		{nil, exitUsage},
		{[]string{"clena"}, exitUsage},
		{[]string{"clean"}, exitUsage},
		{[]string{"clean", "--nonsense", bare}, exitUsage},
		{[]string{"inspect", "--keep", "nonsense", bare}, exitUsage},
		{[]string{"help", "nonsense"}, exitUsage},
		{[]string{"help"}, exitDone},
		{[]string{"clean", "--help"}, exitDone},
		{[]string{"formats"}, exitDone},
		{[]string{"version"}, exitDone},
		{[]string{"clean", "--dry-run", found}, exitDone},
		{[]string{"clean", "--dry-run", bad}, exitFailed},
		{[]string{"clean", "--dry-run", "--repair", bad}, exitDone},
		{[]string{"clean", "--dry-run", "/nowhere/at/all"}, exitFailed},
		{[]string{"inspect", bare}, exitDone},
		{[]string{"inspect", found}, exitFound},
		{[]string{"inspect", "--json", found, bare}, exitFound},
		{[]string{"inspect", found, bad}, exitFailed},
	} {
		c := &console{}
		if got := run(t.Context(), tt.args, c.env(false)); got != tt.want {
			t.Errorf("%v: exit code %d, want %d: %s", tt.args, got, tt.want, c.err.String())
		}
	}
}

func TestInterruptLeavesNoPart(t *testing.T) {
	const n = 600
	in, out := album(t, n, "gps"), filepath.Join(t.TempDir(), "out")
	ctx, cancel := context.WithCancel(t.Context())
	c := &console{onOut: cancel}
	if code := run(ctx, []string{"clean", "--json", "-j", "3", "-o", out, in}, c.env(false)); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	checkWhole(t, out, n)
}

func TestInterruptBeforeTheStart(t *testing.T) {
	in := album(t, 3)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := &console{}
	if code := run(ctx, []string{"clean", in}, c.env(false)); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(c.out.String(), "Stopped before everything was done. No half-written file is left.\nNothing was cleaned.") {
		t.Errorf("says %q", c.out.String())
	}
	if c.err.Len() > 0 {
		t.Errorf("says on stderr %q", c.err.String())
	}
}

// A reader that has gone away stops the work as a signal does.
func TestOutputThatFails(t *testing.T) {
	const n = 600
	in, out := album(t, n, "gps"), filepath.Join(t.TempDir(), "out")
	c := &console{}
	e := c.env(false)
	e.out = broken{}
	if code := run(t.Context(), []string{"clean", "--json", "-o", out, in}, e); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	if want := "mediaveil: writing the output: the pipe is closed\n"; c.err.String() != want {
		t.Errorf("says %q, want %q", c.err.String(), want)
	}
	checkWhole(t, out, n)
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("the pipe is closed") }

func TestProgressOnlyOnTerminals(t *testing.T) {
	for _, tt := range []struct {
		name     string
		terminal bool
		flags    []string
		want     bool
	}{
		{"terminal", true, nil, true},
		{"pipe", false, nil, false},
		{"quiet", true, []string{"-q"}, false},
		{"json", true, []string{"--json"}, false},
		{"not wanted", true, []string{"--no-progress"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &console{}
			args := append([]string{"clean", "--dry-run", album(t, 3, "gps")}, tt.flags...)
			if code := run(t.Context(), args, c.env(tt.terminal)); code != exitDone {
				t.Fatalf("exit code %d: %s", code, c.err.String())
			}
			if got := strings.Contains(c.err.String(), "/3"); got != tt.want {
				t.Errorf("bar shown: %v: %q", got, c.err.String())
			}
		})
	}
}

// With a bar on the terminal, what failed still stands in lines of its own.
func TestFailuresBesideTheBar(t *testing.T) {
	dir := album(t, 5)
	bad := filepath.Join(dir, "0002.jpg")
	if err := os.WriteFile(bad, []byte("words"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &console{}
	if code := run(t.Context(), []string{"clean", "--dry-run", dir}, c.env(true)); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	lines := strings.FieldsFunc(c.err.String(), func(r rune) bool { return r == '\r' || r == '\n' })
	if !slices.Contains(lines, "\x1b[31m"+bad+"\x1b[0m: this is a text file, not a photo; leave it out") {
		t.Errorf("no line of its own in %q", c.err.String())
	}
}

func TestColour(t *testing.T) {
	dir := album(t, 1, "gps")
	for _, tt := range []struct {
		terminal, plain, want bool
	}{{true, false, true}, {true, true, false}, {false, false, false}} {
		c := &console{}
		e := c.env(tt.terminal)
		e.plain = tt.plain
		run(t.Context(), []string{"inspect", dir}, e)
		run(t.Context(), []string{"clean", "--dry-run", "--no-progress", dir}, e)
		if got := strings.Contains(c.out.String()+c.err.String(), "\x1b["); got != tt.want {
			t.Errorf("terminal %v, plain %v: colour %v", tt.terminal, tt.plain, got)
		}
	}
}

// Whatever a file says, nobody may read it unless --values was given.
func TestNothingIsSaidUnasked(t *testing.T) {
	dir := t.TempDir()
	for what := range additions {
		for _, more := range [][]string{{what}, {what, "gps", "xmp", "comment"}, {"xmp", "gps", what, "trailer"}} {
			name := filepath.Join(dir, strings.Join(more, "-")+".jpg")
			if err := os.WriteFile(name, photo(more...), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, args := range [][]string{
		{"inspect"}, {"inspect", "--json"}, {"inspect", "--repair"}, {"inspect", "--keep", "archive"},
		{"clean", "--dry-run"}, {"clean", "--dry-run", "--json"}, {"clean", "--dry-run", "--keep", "archive", "--keep-hdr"},
		{"clean", "--repair", "-o", filepath.Join(t.TempDir(), "out")},
	} {
		c := &console{}
		code := run(t.Context(), append(args, dir), c.env(true))
		if code != exitDone && code != exitFailed {
			t.Errorf("%v: exit code %d", args, code)
		}
		if said := c.out.String() + c.err.String(); strings.Contains(strings.ToLower(said), strings.ToLower(marker)) {
			t.Errorf("%v says what a file says:\n%s", args, said)
		} else if c.out.Len() == 0 {
			t.Errorf("%v says nothing", args)
		}
	}
	c := &console{}
	run(t.Context(), []string{"inspect", "--values", dir}, c.env(true))
	if !strings.Contains(c.out.String(), marker) {
		t.Error("--values does not show values, so this test proves nothing")
	}
}

func TestPoolKeepsOrderAndEnds(t *testing.T) {
	numbers := func(yield func(int) bool) {
		for i := range 1000 {
			if !yield(i) {
				return
			}
		}
	}
	slow := func(_ context.Context, i int) int {
		if i%97 == 0 {
			time.Sleep(time.Millisecond)
		}
		return i
	}
	var got []int
	err := pool(t.Context(), 8, numbers, slow, func(i int) error { got = append(got, i); return nil })
	if err != nil || len(got) != 1000 || !slices.IsSorted(got) {
		t.Errorf("%d results, sorted %v, %v", len(got), slices.IsSorted(got), err)
	}
	got = nil
	err = pool(t.Context(), 8, numbers, slow, func(i int) error { got = append(got, i); return io.ErrClosedPipe })
	if err != io.ErrClosedPipe || len(got) != 1 {
		t.Errorf("%d results after a failure, %v", len(got), err)
	}
}
