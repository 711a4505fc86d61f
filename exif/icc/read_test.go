package icc_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

func ExampleRead() {
	items, err := icc.Read(matrixRGB(srgbXYZ, srgbPara()).build())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(items[0].Path, items[0].Category)
	// Output: icc/wtpt rendering
}

func read(t *testing.T, b []byte) map[string]metadata.Item {
	t.Helper()
	items, err := icc.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	byPath := map[string]metadata.Item{}
	for _, item := range items {
		byPath[item.Path] = item
	}
	return byPath
}

func TestReadNamesEverything(t *testing.T) {
	for _, form := range []recipe{samples()["matrix-v2"], samples()["matrix-v4"]} {
		items := read(t, dirty(form).build())
		for _, want := range []struct {
			path     string
			category metadata.Category
			value    string
		}{
			{"icc/header/cmm", metadata.Software, word},
			{"icc/header/date", metadata.Time, "2023-05-17T10:11:12Z"},
			{"icc/header/platform", metadata.Software, word},
			{"icc/header/flags", metadata.Software, "414d494e"},
			{"icc/header/manufacturer", metadata.Device, word},
			{"icc/header/model", metadata.Device, word},
			{"icc/header/attributes", metadata.Device, "414d494e414d494e"},
			{"icc/header/creator", metadata.Software, word},
			{"icc/header/profile-id", metadata.Software, strings.Repeat("414d494e", 4)},
			{"icc/header/reserved", metadata.Unknown, ""},
			{"icc/desc", metadata.Description, secret},
			{"icc/cprt", metadata.Description, secret},
			{"icc/dscm", metadata.Description, secret},
			{"icc/dmnd", metadata.Device, secret},
			{"icc/vcgt", metadata.Device, secret},
			{"icc/CxF", metadata.Device, secret},
			{"icc/psid", metadata.Software, secret},
			{"icc/calt", metadata.Time, "2023-05-17T10:11:12Z"},
			{"icc/unknown", metadata.Unknown, ""},
			{"icc/unreferenced", metadata.Unknown, ""},
			{"icc/rTRC", metadata.Rendering, ""},
			{"icc/rXYZ", metadata.Rendering, ""},
		} {
			got, ok := items[want.path]
			if !ok || got.Category != want.category || got.Value.Reveal() != want.value {
				t.Errorf("%s: %v, %s, %q", want.path, ok, got.Category, got.Value.Reveal())
			}
			if got.Size <= 0 {
				t.Errorf("%s has no size", want.path)
			}
		}
	}
}

// Paths are made of our words: a tag whose name is text from the file must not become one.
func TestReadPathsAreOurs(t *testing.T) {
	r := samples()["gray"]
	items := read(t, with(r, tag{"Amin", text(secret)}).build())
	if _, ok := items["icc/unknown"]; !ok {
		t.Error("an unknown tag is not listed")
	}
	for path := range items {
		if strings.Contains(path, "Amin") {
			t.Errorf("path %s", path)
		}
	}
}

func TestReadStrayBytes(t *testing.T) {
	plain := samples()["gray"]
	padded := func(n int) []byte { return append(plain.build(), make([]byte, n)...) }
	slack := samples()["gray"]
	slack.tags[2].data = append(slack.tags[2].data, "Amina"...)
	reserved := samples()["gray"]
	copy(reserved.tags[0].data[4:], "Am")
	gap := samples()["gray"]
	gap.tags = append([]tag{{"zzzz", []byte(secret)}}, gap.tags...)
	hole := gap.build()
	copy(hole[132:], hole[144:132+12*4])
	be.PutUint32(hole[128:], 3)
	for _, tt := range []struct {
		name string
		in   []byte
		want int64
	}{
		{"none", plain.build(), 0},
		{"after the end", padded(9), 9},
		{"in a colour tag", slack.build(), 5},
		{"in a reserved word", reserved.build(), 2},
		{"between tags", hole, 12 + int64(len(secret)) + 1},
	} {
		if got := read(t, tt.in)["icc/unreferenced"]; got.Size != tt.want || got.Category != metadata.Unknown {
			t.Errorf("%s: %d bytes, %s", tt.name, got.Size, got.Category)
		}
	}
}

func TestReadOurTexts(t *testing.T) {
	for name, r := range samples() {
		r.tags = append(r.tags, tag{"desc", mluc("RGB")}, tag{"cprt", mluc("Public domain")})
		if r.version == v2 {
			r.tags[len(r.tags)-1].data = text("Public domain")
			r.tags[len(r.tags)-2].data = desc("RGB")
		}
		items := read(t, r.build())
		if got := items["icc/cprt"].Category; got != metadata.Rendering {
			t.Errorf("%s: our copyright is %s", name, got)
		}
		// In version 2 the Macintosh text of desc is filled here and empty in ours.
		if got := items["icc/desc"].Category; (got == metadata.Rendering) != (r.version == v4) {
			t.Errorf("%s: description is %s", name, got)
		}
	}
}

func TestReadTexts(t *testing.T) {
	long := strings.Repeat("é", 5000)
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"text", text("hello"), "hello"},
		{"not UTF-8", text("a\xffb"), "a?b"},
		{"long text", text(long), long[:256]},
		{"long localized", mluc(long), long[:256]},
		{"signature", elem("sig ", 'C', 'R', 'T', ' '), "CRT"},
		{"desc longer than its tag", elem("desc", 0xff, 0xff, 0xff, 0xff, 'h', 'i'), "hi"},
		{"mluc record outside", func() []byte { b := mluc("hi"); be.PutUint32(b[20:], 1<<31); return b }(), ""},
		{"mluc records without end", func() []byte { b := mluc("hi"); be.PutUint32(b[8:], 1<<32-1); return b }(), "hi"},
		{"mluc of odd records", func() []byte { b := mluc("hi"); be.PutUint32(b[12:], 7); return b }(), ""},
		{"short", []byte("text"), ""},
		{"other type", elem("vcgt", 1, 2, 3, 4, 5), ""},
	} {
		r := samples()["gray"]
		items := read(t, with(r, tag{"dmdd", tt.data}).build())
		if got := items["icc/dmdd"].Value.Reveal(); got != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

func TestReadColourTagOfOtherType(t *testing.T) {
	r := samples()["gray"]
	r.tags[1].data = text(secret)
	if got := read(t, r.build())["icc/bkpt"]; got.Category != metadata.Unknown {
		t.Errorf("text in bkpt is %s", got.Category)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, b := range [][]byte{nil, make([]byte, 131), make([]byte, 200), make([]byte, icc.MaxSize+1)} {
		items, err := icc.Read(b)
		if items != nil || !errors.Is(err, icc.ErrMalformed) && !errors.Is(err, icc.ErrUnsupported) {
			t.Errorf("%d bytes: %d items, %v", len(b), len(items), err)
		}
	}
	b := samples()["gray"].build()
	b[8] = 5 // iccMAX is not rebuilt, but what it carries can be told
	if got := read(t, b)["icc/header/kind"]; got.Category != metadata.Unknown || got.Size == 0 {
		t.Error("version 5 is not told")
	}
	b[8] = 2
	copy(b[12:], word)
	if got := read(t, b)["icc/header/kind"]; got.Category != metadata.Unknown || got.Size == 0 {
		t.Error("text in place of the class is not told")
	}
}
