package irb_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mediaveil/mediaveil/exif/iptc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/irb"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// resource returns one resource with its padding.
func resource(signature string, id uint16, name, data string) string {
	b := binary.BigEndian.AppendUint16([]byte(signature), id)
	b = append(append(b, byte(len(name))), name...)
	if len(name)%2 == 0 {
		b = append(b, 0)
	}
	b = append(binary.BigEndian.AppendUint32(b, uint32(len(data))), data...)
	if len(data)%2 != 0 {
		b = append(b, 0)
	}
	return string(b)
}

func photoshop(id uint16, data string) string { return resource("8BIM", id, "", data) }

// list writes items as "path category field=value".
func list(items []metadata.Item) []string {
	out := []string{}
	for _, it := range items {
		out = append(out, fmt.Sprintf("%s %s %s=%s", it.Path, it.Category, it.Field, it.Value.Reveal()))
	}
	return out
}

const (
	byline   = "\x1c\x02\x50\x00\x05Nadia"
	oneTag   = "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00" // Orientation 6
	fourDone = "\x00\x00\x00\x04\x00D\x00o\x00n\x00e"
)

var packet = string(xmp.Write([]metadata.Entry{{Field: metadata.City, Value: "Duhok"}}))

var readTests = []struct {
	name, block string
	want        []string
}{
	{"nothing", "", []string{}},
	{"padding", "\x00\x00", []string{}},
	{"iptc", photoshop(0x0404, byline), []string{"irb/0x0404/iptc/2:080/By-line rights creator=Nadia"}},
	{"empty iptc", photoshop(0x0404, ""), []string{"irb/0x0404/iptc software ="}},
	{"xmp", photoshop(0x0424, packet), []string{"irb/0x0424/xmp/photoshop:City location city=Duhok"}},
	{"exif", photoshop(0x0422, oneTag), []string{"irb/0x0422/exif/ifd0/Orientation rendering orientation=6"}},
	{"thumbnails", photoshop(0x0409, "abc") + photoshop(0x040C, "abcd"), []string{"irb/0x0409/thumbnail thumbnail =", "irb/0x040c/thumbnail thumbnail ="}},
	{"texts", photoshop(0x040B, "https://example.org") + photoshop(0x043E, fourDone) + photoshop(0x03F0, "\x03abcd") + photoshop(0x040A, "\x01"),
		[]string{"irb/0x040b/url rights =https://example.org", "irb/0x043e/auto-save-path person =Done",
			"irb/0x03f0/caption description =abc", "irb/0x040a/copyright-flag rights =1"}},
	{"lying text lengths", photoshop(0x043E, "\xff\xff\xff\xff\x00D") + photoshop(0x03F0, "\xffab") + photoshop(0x03F0, "") + photoshop(0x043E, "ab"),
		[]string{"irb/0x043e/auto-save-path person =D", "irb/0x03f0/caption description =ab", "irb/0x03f0/caption description =", "irb/0x043e/auto-save-path person ="}},
	{"latin-1 and controls", photoshop(0x040B, "Z\xfcrich\x00\x1b"), []string{"irb/0x040b/url rights =Zürich"}},
	{"named path", resource("8BIM", 0x07D0, "Amina", "xx"), []string{"irb/0x07d0/name description =Amina", "irb/0x07d0/path description ="}},
	{"resolution", photoshop(0x03ED, strings.Repeat("\x00", 16)), []string{"irb/0x03ed/resolution rendering ="}},
	{"resolution with more", photoshop(0x03ED, strings.Repeat("\x00", 16)+"Amina"), []string{"irb/0x03ed/resolution unknown ="}},
	{"unknown", photoshop(0x1234, "Amina") + photoshop(0x0FA0, "Amina"), []string{"irb/0x1234 unknown =", "irb/0x0fa0 unknown ="}},
	{"another program", resource("PHUT", 0x0404, "", byline) + resource("MeSa", 0x040C, "ab", "x"),
		[]string{"irb/PHUT/0x0404 unknown =", "irb/MeSa/0x040c/name description =ab", "irb/MeSa/0x040c unknown ="}},
	{"last padding missing", strings.TrimSuffix(photoshop(0x040B, "abc"), "\x00"), []string{"irb/0x040b/url rights =abc"}},
}

func TestRead(t *testing.T) {
	for _, test := range readTests {
		items, err := irb.Read([]byte(test.block))
		if got := list(items); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, got\n%s\nwant\n%s", test.name, err, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
		checkItems(t, []byte(test.block), items)
	}
}

// A broken block within the block does not hide what comes after it.
func TestReadBrokenInside(t *testing.T) {
	items, err := irb.Read([]byte(photoshop(0x0404, byline+"Amina") + photoshop(0x0424, "<Amina") + photoshop(0x040B, "u")))
	want := []string{"irb/0x0404/iptc/2:080/By-line rights creator=Nadia", "irb/0x0404/iptc/unreadable unknown =",
		"irb/0x0404/unreadable unknown =", "irb/0x0424/unreadable unknown =", "irb/0x040b/url rights =u"}
	if got := list(items); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !errors.Is(err, irb.ErrMalformed) || !errors.Is(err, iptc.ErrMalformed) || strings.Contains(err.Error(), "Amina") {
		t.Errorf("error %v", err)
	}
}

func TestReadMalformed(t *testing.T) {
	good := photoshop(0x040B, "u")
	tests := []struct {
		name, block string
		items       int
	}{
		{"no resource", "Amina, Amina, Amina", 0},
		{"text after", good + "Amina", 1},
		{"text after padding", good + "\x00\x00Amina and Yusuf", 1},
		{"header cut off", good + "8BIM\x04\x04\x00", 1},
		{"name past the end", good + "8BIM\x04\x04\xffAmina", 1},
		{"size past the end", good + "8BIM\x04\x04\x00\x00\x00\x00\x00\x06Amina", 1},
		{"size of 2^32-1", good + "8BIM\x04\x04\x00\x00\xff\xff\xff\xffAmina", 1},
		{"too many", strings.Repeat(good, 5000), 4096},
	}
	for _, test := range tests {
		items, err := irb.Read([]byte(test.block))
		if !errors.Is(err, irb.ErrMalformed) || strings.Contains(err.Error(), "Amina") {
			t.Errorf("%s: error %v", test.name, err)
		}
		if len(items) != test.items+1 || items[test.items].Path != "irb/unreadable" {
			t.Errorf("%s: %d items", test.name, len(items))
		}
		checkItems(t, []byte(test.block), items)
	}
}

func TestReadTruncated(t *testing.T) {
	var whole string
	for _, test := range readTests[2:] {
		whole += test.block
		if len(whole)%2 != 0 {
			whole += "\x00"
		}
	}
	all, err := irb.Read([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		items, err := irb.Read([]byte(whole[:n]))
		checkItems(t, []byte(whole[:n]), items)
		if err == nil && len(items) > len(all) || len(items) > len(all)+1 {
			t.Fatalf("cut at %d: %d items, of %d in the whole", n, len(items), len(all))
		}
	}
}

var pathShape = regexp.MustCompile(`^irb/(unreadable|((PHUT|AgHg|DCSR|MeSa)/)?0x[0-9a-f]{4}(/[A-Za-z0-9:_.-]+)*)$`)

// checkItems holds items of a block to what Read promises of all of them.
func checkItems(t *testing.T, block []byte, items []metadata.Item) {
	t.Helper()
	var sum int64
	for _, it := range items {
		if !pathShape.MatchString(it.Path) {
			t.Errorf("path %q", it.Path)
		}
		if it.Size < 0 || it.Field != "" && it.Field.Category() != it.Category {
			t.Errorf("%s has %d bytes, category %s, field %s", it.Path, it.Size, it.Category, it.Field)
		}
		if strings.Count(it.Path, "/") == 2 && len(it.Value) > 256 || !utf8.ValidString(it.Value.Reveal()) {
			t.Errorf("%s has a bad value of %d bytes", it.Path, len(it.Value))
		}
		sum += it.Size
	}
	if sum > int64(len(block)) {
		t.Errorf("items have %d bytes of a block of %d", sum, len(block))
	}
}

// FuzzRead: every resource has an item, and all items together fit in the block.
func FuzzRead(f *testing.F) {
	for _, test := range readTests {
		f.Add([]byte(test.block))
	}
	f.Fuzz(func(t *testing.T, block []byte) {
		items, err := irb.Read(block)
		if len(items) == 0 && strings.Trim(string(block), "\x00") != "" {
			t.Errorf("no item in %d bytes", len(block))
		}
		unread := slices.ContainsFunc(items, func(it metadata.Item) bool { return strings.HasSuffix(it.Path, "/unreadable") })
		if unread != (err != nil) {
			t.Errorf("unreadable %v, error %v", unread, err)
		}
		checkItems(t, block, items)
	})
}
