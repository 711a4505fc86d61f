package riff_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/riff"
)

func TestNext(t *testing.T) {
	const file = "abcd\x03\x00\x00\x00xyz\x00efgh\x01\x00\x00\x00z"
	for _, test := range []struct {
		at, end       int64
		id            string
		size, next    int64
		wrong, cutOff bool
	}{
		{at: 0, end: 21, id: "abcd", size: 3, next: 12},
		{at: 0, end: 11, id: "abcd", size: 3, next: 11}, // the padding byte is missing
		{at: 12, end: 21, id: "efgh", size: 1, next: 21},
		{at: 0, end: 10, wrong: true},
		{at: 0, end: 7, wrong: true},
		{at: 13, end: 21, wrong: true, cutOff: true}, // a length of 2 to 25
		{at: 20, end: 21, wrong: true, cutOff: true},
	} {
		c, err := riff.Next(container.NewWindow(bytes.NewReader([]byte(file))), test.at, test.end)
		var m *container.Malformed
		switch {
		case test.wrong && (!errors.As(err, &m) || m.CutOff != test.cutOff):
			t.Errorf("%d to %d: %v", test.at, test.end, err)
		case !test.wrong && (err != nil || c.ID != test.id || c.Size != test.size || c.End() != test.next):
			t.Errorf("%d to %d: %+v, %v", test.at, test.end, c, err)
		}
	}
}

func TestAppend(t *testing.T) {
	got := riff.AppendChunk(riff.AppendChunk(nil, "abcd", []byte("xyz")), "efgh", nil)
	if string(got) != "abcd\x03\x00\x00\x00xyz\x00efgh\x00\x00\x00\x00" {
		t.Errorf("%q", got)
	}
}
