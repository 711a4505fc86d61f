package exif_test

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"testing"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

var plainPath = regexp.MustCompile(`^exif/[A-Za-z0-9/_-]+$`)

// canWrite are the fields that EXIF has a place for.
var canWrite = []metadata.Field{metadata.Orientation, metadata.Creator, metadata.Copyright}

func FuzzRead(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		items, err := exif.Read(data)
		if err != nil && !errors.Is(err, exif.ErrMalformed) {
			t.Errorf("error of another kind: %v", err)
		}
		// An entry is 12 bytes; directories may share them, once per place in the block.
		if most := 4096 + 64 + 3*64 + 1; len(items) > most {
			t.Errorf("%d items", len(items))
		}
		var entries []metadata.Entry
		for _, item := range items {
			if !plainPath.MatchString(item.Path) {
				t.Errorf("path %q", item.Path)
			}
			if item.Size < 0 || item.Size > int64(len(data))+12 {
				t.Errorf("%s: size %d of %d", item.Path, item.Size, len(data))
			}
			if len(item.Value) > 32000 || item.Field == "" && len(item.Value) > 256 {
				t.Errorf("%s: value of %d bytes", item.Path, len(item.Value))
			}
			if item.Field != "" && item.Field.Category() != item.Category {
				t.Errorf("%s: %v with field %s", item.Path, item.Category, item.Field)
			}
			if slices.Contains(canWrite, item.Field) && (item.Field != metadata.Orientation || item.Value != "1") {
				entries = append(entries, metadata.Entry{Field: item.Field, Value: item.Value})
			}
		}
		checkWrite(t, entries)
	})
}

// checkWrite holds that what was read can be written, reads back the same, and is alone there.
func checkWrite(t *testing.T, entries []metadata.Entry) {
	t.Helper()
	fresh := exif.Write(entries)
	if len(entries) == 0 {
		if fresh != nil {
			t.Error("wrote something from nothing")
		}
		return
	}
	items, err := exif.Read(fresh)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range canWrite {
		var want []string
		for _, e := range entries {
			if e.Field == field {
				want = append(want, e.Value.Reveal())
			}
		}
		if got := fieldsOf(items, field); !slices.Equal(got, want) {
			t.Errorf("%s: %q reads back as %q", field, want, got)
		}
	}
	if len(items) != len(entries) {
		t.Errorf("%d items from %d entries", len(items), len(entries))
	}
	if !bytes.Equal(exif.Write(entries), fresh) {
		t.Error("two writes differ")
	}
}
