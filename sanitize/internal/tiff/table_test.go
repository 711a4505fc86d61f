package tiff_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/tiff"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// prepare takes a file through the engine and returns the job and what it would write.
func prepare(t *testing.T, b []byte, keep func(metadata.Item) bool, set ...metadata.Entry) (*container.Job, []byte) {
	t.Helper()
	ctx := context.Background()
	job, err := container.Prepare(ctx, tiff.Format{}, bytes.NewReader(b), keep, set)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := job.Verify(ctx, job.Draft); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := job.Draft.Write(ctx, &out); err != nil {
		t.Fatal(err)
	}
	return job, out.Bytes()
}

func itemsOf(t *testing.T, b []byte) (items []metadata.Item) {
	t.Helper()
	spans, err := container.Map(context.Background(), tiff.Format{}, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spans {
		items = append(items, s.Items...)
	}
	return items
}

// Texts that may stay are written into the tags and the packet of the first page, whatever
// page or place they come from.
func TestTexts(t *testing.T) {
	gray := picture(40, 24, 1)
	b := build(bigEnd, false, gray.with(ascii(270, "A caption"), ascii(315, "One; Two"), ascii(0x8298, "2026 Org")), gray.with(ascii(315, "Three")))
	_, out := prepare(t, b, generous, metadata.Entry{Field: metadata.Credit, Value: "Photo: Org"})
	want := map[metadata.Field][]string{
		metadata.Caption: {"A caption"}, metadata.Creator: {"One", "Two"}, metadata.Copyright: {"2026 Org"}, metadata.Credit: {"Photo: Org"},
	}
	got := map[metadata.Field][]string{}
	for _, it := range itemsOf(t, out) {
		if v := it.Value.Reveal(); it.Field != "" && !slices.Contains(got[it.Field], v) {
			got[it.Field] = append(got[it.Field], v)
		}
		if strings.HasPrefix(it.Path, "tiff/page2/") {
			t.Errorf("%s says something on the second page", it.Path)
		}
	}
	for f, v := range want {
		if !slices.Equal(got[f], v) {
			t.Errorf("%s: %q, want %q", f, got[f], v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("the result says %d things, want %d", len(got), len(want))
	}
	if !bytes.Contains(out, []byte("One; Two\x00")) {
		t.Error("no Artist tag")
	}
}

func TestNotes(t *testing.T) {
	gray, rgb := picture(40, 24, 1), picture(40, 24, 3)
	profile := func(s string) tag { return undefined(34675, s) }
	for name, test := range map[string]struct {
		data []byte
		want []string
	}{
		"none":    {build(little, false, gray), nil},
		"known":   {build(little, false, rgb.with(profile(string(icc.Profile(icc.DisplayP3))))), nil},
		"lost":    {build(little, false, rgb.with(profile("no profile"))), []string{"profile-dropped"}},
		"another": {build(little, false, rgb.with(profile(string(icc.Profile(icc.SRGB)))), rgb.with(profile(string(icc.Profile(icc.AdobeRGB))))), nil},
	} {
		job, out := prepare(t, test.data, containertest.Strict)
		if !slices.Equal(job.Draft.Notes, test.want) {
			t.Errorf("%s: notes %q, want %q", name, job.Draft.Notes, test.want)
		}
		if name == "another" && (!bytes.Contains(out, icc.Profile(icc.SRGB)) || !bytes.Contains(out, icc.Profile(icc.AdobeRGB))) {
			t.Error("a page has lost its profile")
		}
	}
}

// What a file is stays what it is: byte order, kind, pages, orientation, and the picture data
// of pages that stay.
func TestKeeps(t *testing.T) {
	gray := without(picture(40, 24, 1), 274)
	for name, test := range map[string]struct {
		data  []byte
		begin string
		pages int
	}{
		"little":    {build(little, false, gray.with(short(274, 6))), "II*\x00", 1},
		"big":       {build(bigEnd, false, gray.with(short(274, 6))), "MM\x00*", 1},
		"bigtiff":   {build(little, true, gray.with(short(274, 6))), "II+\x00\x08", 1},
		"thumbnail": {build(little, false, thumbnail(), gray.with(short(274, 6))), "II*\x00", 1},
		"three":     {build(bigEnd, true, gray.with(short(274, 6)), gray, thumbnail(), gray), "MM\x00+", 3},
	} {
		_, out := prepare(t, test.data, containertest.Strict)
		if !bytes.HasPrefix(out, []byte(test.begin)) {
			t.Errorf("%s: begins with % x", name, out[:8])
		}
		if n := bytes.Count(out, draw(40, 24, 1)); n != test.pages {
			t.Errorf("%s: %d pages, want %d", name, n, test.pages)
		}
		turned := []byte{0x12, 1, 3, 0}
		if test.begin[0] == 'M' {
			turned = []byte{1, 0x12, 0, 3}
		}
		if n := bytes.Count(out, turned); n != 1 {
			t.Errorf("%s: %d orientations", name, n)
		}
	}
}

// Strips that say they are longer than their rows lose what no decoder reads, and strips
// without sizes get them.
func TestStrips(t *testing.T) {
	rows := draw(40, 24, 1)
	for name, b := range map[string][]byte{
		"no sizes": build(little, false, without(picture(40, 24, 1), 279)),
		"too long": build(little, false, without(stored(40, 24, 1, 1, append(bytes.Clone(rows), secret("behind")...)), 278).with(short(278, 24))),
	} {
		_, out := prepare(t, b, containertest.Strict)
		if !bytes.Contains(out, rows) || bytes.Contains(out, []byte(containertest.Canary)) {
			t.Errorf("%s: the picture is not what decoders read", name)
		}
	}
}

// JPEG streams lose their segments and unused tables, and decode as before.
func TestJPEG(t *testing.T) {
	stream := coded(t, 40, 24)
	tables, rest := takeTables(stream)
	plain := bytes.Join([][]byte{[]byte("\xFF\xD8"), tables, []byte("\xFF\xD9")}, nil)
	unused := jpegSegment(0xDB, "\x03"+strings.Repeat("\x01", 64))
	padded := bytes.Join([][]byte{[]byte("\xFF\xD8"), unused, tables, unused, []byte("\xFF\xD9")}, nil)
	for name, b := range map[string][]byte{
		"tables": build(little, false, inJPEG(40, 24, rest).with(undefined(347, string(plain)))),
		"unused": build(little, false, inJPEG(40, 24, rest).with(undefined(347, string(padded)))),
	} {
		_, out := prepare(t, b, containertest.Strict)
		if !bytes.Contains(out, plain) || !bytes.Contains(out, rest) {
			t.Errorf("%s: the stream or its tables have changed", name)
		}
		if bytes.Contains(out, unused) {
			t.Errorf("%s: a table that no scan uses is still there", name)
		}
	}
	_, out := prepare(t, build(little, false, inJPEG(40, 24, inside(stream))), containertest.Strict)
	adobe := jpegSegment(0xEE, "Adobe\x00\x64\x00\x00\x00\x00\x01")
	if want := append(append([]byte("\xFF\xD8"), adobe...), stream[2:]...); !bytes.Contains(out, want) {
		t.Error("a stream with segments has become something else")
	}
	_, out = prepare(t, build(little, false, inJPEG(40, 24, stream[:len(stream)-2])), containertest.Strict)
	if !bytes.Contains(out, stream[:len(stream)-2]) {
		t.Error("a stream without an EOI has changed")
	}
}

// Every sample, cleaned generously, says nothing that a strict cleaning does not remove.
func TestGenerous(t *testing.T) {
	for name, b := range samples(t) {
		strict, err := clean(b, containertest.Strict)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		kind, err := clean(b, generous)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if again, err := clean(kind, generous); err != nil || !bytes.Equal(kind, again) {
			t.Errorf("%s: cleaning the result changes it (%v)", name, err)
		}
		if again, err := clean(kind, containertest.Strict); err != nil || !bytes.Equal(strict, again) {
			t.Errorf("%s: a strict cleaning after a generous one gives something else (%v)", name, err)
		}
	}
}
