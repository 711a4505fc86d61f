package exif_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

func ExampleRead() {
	items, err := exif.Read(exif.Write([]metadata.Entry{
		{Field: metadata.Orientation, Value: "6"},
		{Field: metadata.Creator, Value: "A. Photographer"},
	}))
	for _, item := range items {
		fmt.Println(item.Path, item.Category, item.Value)
	}
	fmt.Println(err)
	// Output:
	// exif/ifd0/Orientation rendering [1 bytes withheld]
	// exif/ifd0/Artist rights [15 bytes withheld]
	// <nil>
}

func ExampleWrite() {
	block := exif.Write([]metadata.Entry{
		{Field: metadata.Orientation, Value: "6"},
		{Field: metadata.Latitude, Value: "36.2021"}, // EXIF is no place for what was kept of a position
	})
	fmt.Printf("% x\n", block)
	fmt.Println(exif.Write(nil) == nil)
	// Output:
	// 4d 4d 00 2a 00 00 00 08 00 01 01 12 00 03 00 00 00 01 00 06 00 00 00 00 00 00
	// true
}

func entry(f metadata.Field, v string) metadata.Entry {
	return metadata.Entry{Field: f, Value: metadata.Secret(v)}
}

func TestWrite(t *testing.T) {
	long := strings.Repeat("é", 40000)
	for _, c := range []struct {
		name string
		in   []metadata.Entry
		want []metadata.Entry
	}{
		{"nothing", nil, nil},
		{"other fields", []metadata.Entry{entry(metadata.DateTaken, "2026-01-31T14:05:09"), entry(metadata.Caption, "x"), entry(metadata.ColorSpace, "adobe-rgb")}, nil},
		{"upright", []metadata.Entry{entry(metadata.Orientation, "1")}, nil},
		{"orientation 0", []metadata.Entry{entry(metadata.Orientation, "0")}, nil},
		{"orientation 9", []metadata.Entry{entry(metadata.Orientation, "9")}, nil},
		{"orientation 66", []metadata.Entry{entry(metadata.Orientation, "66")}, nil},
		{"turned", []metadata.Entry{entry(metadata.Orientation, "8")}, []metadata.Entry{entry(metadata.Orientation, "8")}},
		{"blank texts", []metadata.Entry{entry(metadata.Copyright, " \x00"), entry(metadata.Creator, " ; ")}, nil},
		{"in the order of tags", []metadata.Entry{entry(metadata.Copyright, "C"), entry(metadata.Creator, "A"), entry(metadata.Creator, "B"), entry(metadata.Orientation, "3")},
			[]metadata.Entry{entry(metadata.Orientation, "3"), entry(metadata.Creator, "A"), entry(metadata.Creator, "B"), entry(metadata.Copyright, "C")}},
		{"control characters", []metadata.Entry{entry(metadata.Copyright, "\x1Ba\x00b\r\n")}, []metadata.Entry{entry(metadata.Copyright, "a b")}},
		{"the first of two", []metadata.Entry{entry(metadata.Copyright, "a"), entry(metadata.Copyright, "b")}, []metadata.Entry{entry(metadata.Copyright, "a")}},
		{"too long", []metadata.Entry{entry(metadata.Copyright, long), entry(metadata.Creator, long), entry(metadata.Creator, long)},
			[]metadata.Entry{entry(metadata.Creator, long[:32000]), entry(metadata.Copyright, long[:32000])}},
	} {
		data := exif.Write(c.in)
		if len(data) > 65535-2-6 {
			t.Errorf("%s: %d bytes do not fit a JPEG segment", c.name, len(data))
		}
		if c.want == nil {
			if data != nil {
				t.Errorf("%s: wrote %d bytes", c.name, len(data))
			}
			continue
		}
		if got := readBack(t, data); !slices.Equal(got, c.want) {
			t.Errorf("%s: read back %d entries, want %d", c.name, len(got), len(c.want))
		}
		if again := exif.Write(readBack(t, data)); !bytes.Equal(again, data) {
			t.Errorf("%s: a second write differs", c.name)
		}
	}
}

// readBack returns the entries of a fresh block, and fails when there is anything else in it.
func readBack(t *testing.T, data []byte) (entries []metadata.Entry) {
	t.Helper()
	items, err := exif.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		if item.Field == "" {
			t.Errorf("wrote %s", item.Path)
		}
		entries = append(entries, metadata.Entry{Field: item.Field, Value: item.Value})
	}
	return entries
}
