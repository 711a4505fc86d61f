package container_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

const alphabet = "abcdefghijklmnopqrstuvwxyz"

func ExampleDraft() {
	d := container.NewDraft(strings.NewReader(alphabet))
	d.Copy(2, 3)
	d.Put([]byte("-"))
	d.Zero(2)
	var out bytes.Buffer
	err := d.Write(context.Background(), &out)
	fmt.Printf("%q %v\n", out.String(), err)
	off, ok := d.Origin(0, 3)
	fmt.Println(off, ok)
	// Output:
	// "cde-\x00\x00" <nil>
	// 2 true
}

// content writes a draft and checks that reading it at any place gives the same.
func content(t *testing.T, d *container.Draft) string {
	t.Helper()
	var out bytes.Buffer
	if err := d.Write(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if int64(out.Len()) != d.Size() {
		t.Fatalf("wrote %d bytes, Size is %d", out.Len(), d.Size())
	}
	if err := iotest.TestReader(io.NewSectionReader(d, 0, d.Size()), out.Bytes()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDraft(t *testing.T) {
	for name, test := range map[string]struct {
		build func(*container.Draft)
		want  string
	}{
		"empty":               {func(*container.Draft) {}, ""},
		"nothing of anything": {func(d *container.Draft) { d.Copy(3, 0); d.Copy(3, -1); d.Put(nil); d.Zero(0); d.Zero(-5) }, ""},
		"all":                 {func(d *container.Draft) { d.Copy(0, 26) }, alphabet},
		"touching ranges":     {func(d *container.Draft) { d.Copy(0, 2); d.Copy(2, 2) }, "abcd"},
		"backwards":           {func(d *container.Draft) { d.Copy(4, 2); d.Copy(0, 2) }, "efab"},
		"twice":               {func(d *container.Draft) { d.Copy(1, 2); d.Copy(1, 2) }, "bcbc"},
		"mixed":               {func(d *container.Draft) { d.Put([]byte("<")); d.Copy(0, 1); d.Zero(1); d.Put([]byte(">")) }, "<a\x00>"},
	} {
		d := container.NewDraft(strings.NewReader(alphabet))
		test.build(d)
		if got := content(t, d); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestDraftAppend(t *testing.T) {
	src := strings.NewReader(alphabet)
	first, second := container.NewDraft(src), container.NewDraft(src)
	first.Copy(0, 2)
	first.Note("one")
	second.Copy(2, 2)
	second.Put([]byte("!"))
	second.Zero(1)
	second.Note("two")
	second.Note("one")
	first.Append(second)
	if got := content(t, first); got != "abcd!\x00" {
		t.Errorf("%q", got)
	}
	if !slices.Equal(first.Notes, []string{"one", "two"}) {
		t.Errorf("notes are %q", first.Notes)
	}
	if off, ok := first.Origin(0, 4); off != 0 || !ok {
		t.Error("two ranges that touch are not one")
	}
}

func TestDraftOrigin(t *testing.T) {
	d := container.NewDraft(strings.NewReader(alphabet))
	d.Put([]byte("head"))
	d.Copy(10, 5)
	d.Copy(20, 2)
	d.Zero(3)
	for _, test := range []struct {
		off, n, want int64
		ok           bool
	}{
		{4, 5, 10, true}, {6, 2, 12, true}, {9, 2, 20, true}, {8, 1, 14, true},
		{0, 4, 0, false}, {3, 2, 0, false}, {8, 2, 0, false}, {10, 2, 0, false}, {11, 1, 0, false},
		{4, 0, 0, false}, {-1, 2, 0, false}, {13, 2, 0, false}, {14, 1, 0, false}, {4, 1 << 62, 0, false}, {1 << 62, 1, 0, false},
	} {
		if off, ok := d.Origin(test.off, test.n); off != test.want || ok != test.ok {
			t.Errorf("Origin(%d, %d) = %d, %v, want %d, %v", test.off, test.n, off, ok, test.want, test.ok)
		}
	}
	if _, ok := container.NewDraft(strings.NewReader("")).Origin(0, 1); ok {
		t.Error("an empty draft has an origin")
	}
}

func TestDraftReadAtEnds(t *testing.T) {
	d := container.NewDraft(strings.NewReader(alphabet))
	d.Copy(0, 3)
	for _, test := range []struct {
		off  int64
		n    int
		want string
		err  error
	}{
		{0, 3, "abc", nil}, {1, 5, "bc", io.EOF}, {3, 1, "", io.EOF}, {-1, 1, "", io.EOF}, {1 << 62, 1, "", io.EOF}, {0, 0, "", nil},
	} {
		b := make([]byte, test.n)
		n, err := d.ReadAt(b, test.off)
		if string(b[:n]) != test.want || err != test.err {
			t.Errorf("ReadAt(%d bytes, %d) = %q, %v", test.n, test.off, b[:n], err)
		}
	}
}

// A range of the source that is not there is an error, not zeros.
func TestDraftPastTheSource(t *testing.T) {
	d := container.NewDraft(strings.NewReader(alphabet))
	d.Copy(20, 10)
	if _, err := d.ReadAt(make([]byte, 10), 0); err != io.ErrUnexpectedEOF {
		t.Errorf("ReadAt: %v", err)
	}
	if err := d.Write(context.Background(), io.Discard); err != io.ErrUnexpectedEOF {
		t.Errorf("Write: %v", err)
	}
}

// A fastSource moves its ranges itself.
type fastSource struct {
	*bytes.Reader
	all    []byte
	ranges [][2]int64
}

func (s *fastSource) CopyRange(w io.Writer, off, n int64) error {
	s.ranges = append(s.ranges, [2]int64{off, n})
	_, err := w.Write(s.all[off : off+n])
	return err
}

// Long ranges go through the kernel where the source can do that, short ones do not.
func TestDraftCopyRange(t *testing.T) {
	all := bytes.Repeat([]byte(alphabet), 1<<20/26)
	src := &fastSource{Reader: bytes.NewReader(all), all: all}
	d := container.NewDraft(src)
	d.Put([]byte("head"))
	d.Copy(7, 100)
	d.Put([]byte("-"))
	d.Copy(1000, 500000)
	want := slices.Concat([]byte("head"), all[7:107], []byte("-"), all[1000:501000])
	var out bytes.Buffer
	if err := d.Write(context.Background(), &out); err != nil || !bytes.Equal(out.Bytes(), want) {
		t.Errorf("wrote %d bytes, want %d, %v", out.Len(), len(want), err)
	}
	if !slices.Equal(src.ranges, [][2]int64{{1000, 500000}}) {
		t.Errorf("ranges %v went the fast way", src.ranges)
	}
}

// A cancelWriter ends the context while it is written to.
type cancelWriter struct {
	cancel func()
	n      int
}

func (w *cancelWriter) Write(b []byte) (int, error) {
	w.cancel()
	w.n += len(b)
	return len(b), nil
}

func TestDraftWriteStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	d := container.NewDraft(bytes.NewReader(make([]byte, 10<<20)))
	d.Copy(0, 10<<20)
	w := &cancelWriter{cancel: cancel}
	if err := d.Write(ctx, w); !errors.Is(err, context.Canceled) || w.n > 1<<20 {
		t.Errorf("%v after %d bytes", err, w.n)
	}
	full := errors.New("no space")
	if err := d.Write(context.Background(), failWriter{full}); !errors.Is(err, full) {
		t.Errorf("the error of the writer becomes %v", err)
	}
}

type failWriter struct{ err error }

func (w failWriter) Write([]byte) (int, error) { return 0, w.err }

// FuzzDraft builds a draft from a program of three bytes a step and compares it with a plain
// slice of bytes.
func FuzzDraft(f *testing.F) {
	f.Add([]byte("\x00\x00\x05\x01ab\x02\x00\x03\x00\x05\x05"), uint8(2), uint8(9))
	f.Add([]byte("\x03\x00\x00\x00\x0a\x0a\x03\x01\x00"), uint8(0), uint8(20))
	f.Fuzz(func(t *testing.T, program []byte, off, n uint8) {
		d, model, origin := build(program)
		if got := content(t, d); got != string(model) {
			t.Fatalf("%q, want %q", got, model)
		}
		b := make([]byte, n)
		got, err := d.ReadAt(b, int64(off))
		want := model[min(int(off), len(model)):min(int(off)+int(n), len(model))]
		if !bytes.Equal(b[:got], want) || err != nil && err != io.EOF || got < int(n) && err != io.EOF {
			t.Fatalf("ReadAt(%d, %d) = %q, %v, want %q", n, off, b[:got], err, want)
		}
		src, ok := d.Origin(int64(off), int64(n))
		if !ok {
			return
		}
		for i := range int(n) {
			if origin[int(off)+i] != int(src)+i {
				t.Fatalf("byte %d comes from %d, not from %d", int(off)+i, origin[int(off)+i], int(src)+i)
			}
		}
	})
}

// build returns a draft, what it should hold, and for each byte where it comes from or -1.
func build(program []byte) (d *container.Draft, model []byte, origin []int) {
	d = container.NewDraft(strings.NewReader(alphabet))
	step := func(op, a, b byte) {
		off, n := int(a%26), int(b)
		switch op % 4 {
		case 0:
			n = min(n, 26-off)
			d.Copy(int64(off), int64(n))
			model = append(model, alphabet[off:off+n]...)
			for i := range n {
				origin = append(origin, off+i)
			}
		case 1:
			d.Put([]byte{a, b})
			model, origin = append(model, a, b), append(origin, -1, -1)
		case 2:
			n %= 9
			d.Zero(int64(n))
			model, origin = append(model, make([]byte, n)...), append(origin, slices.Repeat([]int{-1}, n)...)
		case 3:
			if len(model) > 1<<12 {
				return
			}
			whole := container.NewDraft(strings.NewReader(alphabet))
			whole.Append(d)
			whole.Append(d)
			d, model, origin = whole, append(model, model...), append(origin, origin...)
		}
	}
	for ; len(program) >= 3; program = program[3:] {
		step(program[0], program[1], program[2])
	}
	return d, model, origin
}
