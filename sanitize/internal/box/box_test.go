package box_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/box"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

func ExampleEach() {
	file := string(box.Append(box.Append(nil, "ftyp", []byte("heic")), "free"))
	err := box.Each(context.Background(), strings.NewReader(file), 0, int64(len(file)), func(b box.Box) error {
		off, n := b.Body()
		fmt.Println(b.Type, off, n)
		return nil
	})
	fmt.Println(err)
	// Output:
	// ftyp 8 4
	// free 20 0
	// <nil>
}

func TestRead(t *testing.T) {
	for name, test := range map[string]struct {
		file   string
		end    int64 // 0 is the end of the file
		want   box.Box
		what   string // of the error
		cutOff bool
	}{
		"plain":              {file: "\x00\x00\x00\x0Afreexx", want: box.Box{Type: "free", Head: 8, Len: 10}},
		"empty":              {file: "\x00\x00\x00\x08free", want: box.Box{Type: "free", Head: 8, Len: 8}},
		"up to the end":      {file: "\x00\x00\x00\x00mdatxyz", want: box.Box{Type: "mdat", Head: 8, Len: 11}},
		"64 bits":            {file: "\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x12xy", want: box.Box{Type: "mdat", Head: 16, Len: 18}},
		"a type of its own":  {file: "\x00\x00\x00\x19uuid0123456789abcdefz", want: box.Box{Type: "uuid", Head: 24, Len: 25, User: [16]byte([]byte("0123456789abcdef"))}},
		"nothing":            {what: "shorter than its header", cutOff: true},
		"seven bytes":        {file: "\x00\x00\x00\x08fre", what: "shorter than its header", cutOff: true},
		"size of 7":          {file: "\x00\x00\x00\x07free", what: "shorter than its header"},
		"uuid without it":    {file: "\x00\x00\x00\x0Auuidxx", what: "shorter than its header"},
		"past the end":       {file: "\x00\x00\x00\x20freexx", what: "runs past", cutOff: true},
		"past its parent":    {file: "\x00\x00\x00\x0Afreexxyy", end: 9, what: "runs past"},
		"64 bits cut off":    {file: "\x00\x00\x00\x01mdat\x00\x00", what: "shorter than its header", cutOff: true},
		"64 bits of 15":      {file: "\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x0F", what: "shorter than its header"},
		"2 to the 63":        {file: "\x00\x00\x00\x01mdat\x80\x00\x00\x00\x00\x00\x00\x00", what: "runs past", cutOff: true},
		"2 to the 63 less 1": {file: "\x00\x00\x00\x01mdat\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", what: "runs past", cutOff: true},
	} {
		src := strings.NewReader(test.file)
		if test.end == 0 {
			test.end = src.Size()
		}
		got, err := box.Read(src, 0, test.end)
		var m *container.Malformed
		switch {
		case test.what == "" && (err != nil || got != test.want):
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, test.want)
		case test.what != "" && (!errors.As(err, &m) || !strings.Contains(m.What, test.what) || m.CutOff != test.cutOff):
			t.Errorf("%s: %v, want %s, cut off %v", name, err, test.what, test.cutOff)
		}
	}
}

func TestEachStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	file := strings.NewReader(strings.Repeat("\x00\x00\x00\x08free", 3))
	count := 0
	err := box.Each(ctx, file, 0, file.Size(), func(box.Box) error {
		count++
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || count != 1 {
		t.Errorf("%v after %d boxes", err, count)
	}
	mine := errors.New("enough")
	if err := box.Each(context.Background(), file, 0, file.Size(), func(box.Box) error { return mine }); err != mine {
		t.Errorf("%v", err)
	}
}

// A Reader that was asked for too much says so and gives nothing more.
func TestReader(t *testing.T) {
	r := box.NewReader([]byte("\x01\x00\x00\x02\x00\x07heic\x09name\x00rest"))
	version, flags := r.Full()
	if version != 1 || flags != 2 || r.U16() != 7 || r.Type() != "heic" || r.U8() != 9 || r.Text() != "name" || r.Pos() != 16 {
		t.Error("a field is wrong")
	}
	if r.Uint(0) != 0 || r.Left() != 4 || !r.OK() {
		t.Error("no bytes are no number")
	}
	if r.Uint(8) != 0 || r.OK() || r.U8() != 0 || r.Text() != "" {
		t.Error("asked for too much, and it goes on")
	}
	if open := box.NewReader([]byte("open")); open.Text() != "open" || open.Left() != 0 {
		t.Error("a text without an end ends with the box")
	}
}

func TestAppend(t *testing.T) {
	got := box.AppendFull(box.Uint16s(1, 2), "pitm", 1, 3, box.Uint32s(7))
	if !bytes.Equal(got, []byte("\x00\x01\x00\x02\x00\x00\x00\x10pitm\x01\x00\x00\x03\x00\x00\x00\x07")) {
		t.Errorf("%q", got)
	}
	if got := box.AppendHead(nil, "mdat", 1<<32); !bytes.Equal(got, []byte("\x00\x00\x00\x01mdat\x00\x00\x00\x01\x00\x00\x00\x10")) {
		t.Errorf("%q", got)
	}
	if got := box.AppendHead(nil, "mdat", 5); string(got) != "\x00\x00\x00\x0Dmdat" {
		t.Errorf("%q", got)
	}
}
