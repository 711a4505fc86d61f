package iptc_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mediaveil/mediaveil/exif/iptc"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// set returns one dataset with a standard length.
func set(record, number byte, data string) string {
	return string(binary.BigEndian.AppendUint16([]byte{0x1C, record, number}, uint16(len(data)))) + data
}

// extended returns one dataset with a length of n bytes.
func extended(record, number byte, n int, length uint64, data string) string {
	wide := binary.BigEndian.AppendUint64(nil, length)
	head := binary.BigEndian.AppendUint16([]byte{0x1C, record, number}, 0x8000|uint16(n))
	return string(head) + string(wide[max(0, 8-n):]) + data
}

// list writes items as "path category field=value".
func list(items []metadata.Item) []string {
	out := []string{}
	for _, it := range items {
		out = append(out, fmt.Sprintf("%s %s %s=%s", it.Path, it.Category, it.Field, it.Value.Reveal()))
	}
	return out
}

const utf8Set = "\x1b%G"

var readTests = []struct {
	name, block string
	want        []string
}{
	{"nothing", "", []string{}},
	{"padding", "\x00\x00\x00", []string{}},
	{"fields", set(2, 5, "T") + set(2, 80, "Nadia") + set(2, 80, " Omar ") + set(2, 25, "k") + set(2, 90, "Duhok") + set(2, 92, "S") +
		set(2, 101, "Iraq") + set(2, 105, "H") + set(2, 110, "C") + set(2, 116, "R") + set(2, 120, "a\r\nb\rc"),
		[]string{"iptc/2:005/ObjectName description title=T", "iptc/2:080/By-line rights creator=Nadia",
			"iptc/2:080/By-line rights creator=Omar", "iptc/2:025/Keywords description keyword=k",
			"iptc/2:090/City location city=Duhok", "iptc/2:092/Sub-location location sublocation=S",
			"iptc/2:101/Country location country=Iraq", "iptc/2:105/Headline description headline=H",
			"iptc/2:110/Credit rights credit=C", "iptc/2:116/CopyrightNotice rights copyright=R",
			"iptc/2:120/Caption description description=a\nb\nc"}},
	{"no fields", set(2, 0, "\x00\x04") + set(2, 95, "P") + set(2, 115, "S") + set(2, 118, "tel") + set(2, 122, "W") + set(2, 187, "id"),
		[]string{"iptc/2:000/ApplicationRecordVersion software =4", "iptc/2:095/Province-State location =P", "iptc/2:115/Source rights =S",
			"iptc/2:118/Contact person =tel", "iptc/2:122/Writer person =W", "iptc/2:187/UniqueDocumentID software =id"}},
	{"merged", set(2, 118, "a") + set(2, 118, "b") + set(2, 199, "x") + set(2, 199, "y"),
		[]string{"iptc/2:118/Contact person =a; b", "iptc/2:199 unknown =x; y"}},
	{"preview", set(2, 202, "\xff\xd8\xff") + set(8, 10, "abc"),
		[]string{"iptc/2:202/ObjectPreviewData thumbnail =", "iptc/8:010/Subfile thumbnail ="}},
	{"unknown record", set(240, 1, "Amina"), []string{"iptc/240:001 unknown =Amina"}},
	{"date and time", set(2, 60, "140509+0300") + set(2, 55, "20260131"),
		[]string{"iptc/2:060/TimeCreated time =140509+0300", "iptc/2:055/DateCreated time date-taken=2026-01-31T14:05:09+03:00"}},
	{"date without time", set(2, 55, "20260131") + set(2, 60, "late"),
		[]string{"iptc/2:055/DateCreated time date-taken=2026-01-31", "iptc/2:060/TimeCreated time =late"}},
	{"time without zone", set(2, 55, "20260131") + set(2, 60, "140509"),
		[]string{"iptc/2:055/DateCreated time date-taken=2026-01-31T14:05:09", "iptc/2:060/TimeCreated time =140509"}},
	{"month only", set(2, 55, "20260100") + set(2, 60, "140509"),
		[]string{"iptc/2:055/DateCreated time date-taken=2026-01", "iptc/2:060/TimeCreated time =140509"}},
	{"no date", set(2, 55, "20261331"), []string{"iptc/2:055/DateCreated time =20261331"}},
	{"latin-1", set(2, 90, "Z\xfcrich"), []string{"iptc/2:090/City location city=Zürich"}},
	{"windows-1252", set(2, 90, "\x93Z\xfcrich\x94\x81"), []string{"iptc/2:090/City location city=“Zürich”\ufffd"}},
	{"UTF-8 not declared", set(2, 90, "Zürich"), []string{"iptc/2:090/City location city=Zürich"}},
	{"UTF-8 cut in a character", set(1, 90, utf8Set) + set(2, 5, "رس\xd9"),
		[]string{"iptc/1:090/CodedCharacterSet software =%G", "iptc/2:005/ObjectName description title=رس"}},
	{"only controls", set(2, 116, "\x00\x01 "), []string{"iptc/2:116/CopyrightNotice rights ="}},
	{"extended length", extended(2, 120, 4, 3, "abc") + extended(2, 105, 0, 0, "") + extended(2, 110, 8, 1, "c"),
		[]string{"iptc/2:120/Caption description description=abc", "iptc/2:105/Headline description =", "iptc/2:110/Credit rights credit=c"}},
}

func TestRead(t *testing.T) {
	for _, test := range readTests {
		items, err := iptc.Read([]byte(test.block))
		if got := list(items); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, got\n%s\nwant\n%s", test.name, err, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
		checkItems(t, []byte(test.block), items)
	}
}

func TestReadMalformed(t *testing.T) {
	good := set(2, 5, "T")
	tests := []struct {
		name, block string
		items       int
	}{
		{"no dataset", "Amina", 0},
		{"text after", good + "Amina", 1},
		{"text after padding", good + "\x00\x00Amina", 1},
		{"header cut off", good + "\x1c\x02\x05", 1},
		{"length past the end", good + "\x1c\x02\x05\x00\x06Amina", 1},
		{"extended length past the end", extended(2, 5, 4, 1<<32-1, "Amina"), 0},
		{"extended length of 2^32", extended(2, 5, 5, 1<<32, "Amina"), 0},
		{"extended length of 2^64-1", extended(2, 5, 8, 1<<64-1, "Amina"), 0},
		{"length of the length past the end", extended(2, 5, 0x7FFF, 5, "Amina"), 0},
		{"length of nine bytes", extended(2, 5, 9, 5, "\x00Amina"), 0},
		{"too many", strings.Repeat(set(2, 25, "k"), 10_000), 8192},
	}
	for _, test := range tests {
		items, err := iptc.Read([]byte(test.block))
		if !errors.Is(err, iptc.ErrMalformed) || strings.Contains(err.Error(), "Amina") {
			t.Errorf("%s: error %v", test.name, err)
		}
		if len(items) != test.items+1 || items[test.items].Path != "iptc/unreadable" {
			t.Errorf("%s: %d items", test.name, len(items))
		}
		checkItems(t, []byte(test.block), items)
	}
}

func TestReadTruncated(t *testing.T) {
	var whole string
	for _, test := range readTests[2:] {
		whole += test.block
	}
	all, err := iptc.Read([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		items, err := iptc.Read([]byte(whole[:n]))
		checkItems(t, []byte(whole[:n]), items)
		if err == nil && len(items) > len(all) || len(items) > len(all)+1 {
			t.Fatalf("cut at %d: %d items, of %d in the whole", n, len(items), len(all))
		}
	}
}

func TestReadLong(t *testing.T) {
	long := strings.Repeat("é", 50_000)
	block := []byte(extended(2, 120, 4, uint64(len(long)), long) + set(2, 118, strings.Repeat("é", 1000)) +
		extended(2, 116, 3, 70_000, strings.Repeat("\xe9", 70_000)))
	items, err := iptc.Read(block)
	if err != nil || len(items) != 3 {
		t.Fatal(len(items), err)
	}
	for i, want := range []string{long[:64<<10], long[:256], long[:64<<10]} {
		if got := items[i].Value.Reveal(); got != want {
			t.Errorf("%s has %d bytes, want %d", items[i].Path, len(got), len(want))
		}
	}
}

var pathShape = regexp.MustCompile(`^iptc/(unreadable|\d{1,3}:\d{3}(/[A-Za-z0-9-]+)?)$`)

// checkItems holds items of a block to what Read promises of all of them.
func checkItems(t *testing.T, block []byte, items []metadata.Item) {
	t.Helper()
	var sum int64
	for _, it := range items {
		if !pathShape.MatchString(it.Path) {
			t.Errorf("path %q", it.Path)
		}
		if it.Field != "" && (it.Field.Category() != it.Category || it.Value == "") {
			t.Errorf("%s is %s with field %s and %d bytes of value", it.Path, it.Category, it.Field, len(it.Value))
		}
		value := it.Value.Reveal()
		if it.Field == "" && len(value) > 256 || len(value) > 64<<10 || !utf8.ValidString(value) || strings.ContainsAny(value, "\x00\x1b\r") {
			t.Errorf("%s has a bad value of %d bytes", it.Path, len(value))
		}
		sum += it.Size
	}
	if want := int64(len(bytes.TrimRight(block, "\x00"))); sum < want || sum > int64(len(block)) {
		t.Errorf("items have %d bytes of a block of %d", sum, want)
	}
}

func ExampleRead() {
	items, err := iptc.Read([]byte("\x1c\x02\x5a\x00\x05Duhok"))
	for _, it := range items {
		fmt.Println(it.Path, it.Category, it.Value.Reveal(), err)
	}
	// Output: iptc/2:090/City location Duhok <nil>
}

// FuzzRead: every byte but padding at the end has an item, and no value can break XML.
func FuzzRead(f *testing.F) {
	for _, test := range readTests {
		f.Add([]byte(test.block))
	}
	f.Fuzz(func(t *testing.T, block []byte) {
		items, err := iptc.Read(block)
		checkItems(t, block, items)
		if unread := len(items) > 0 && items[len(items)-1].Path == "iptc/unreadable"; unread != (err != nil) {
			t.Errorf("unreadable %v, error %v", unread, err)
		}
	})
}
