package xmp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// full has every field that XMP has a place for, in the order of metadata.Fields, with
// what has to be escaped.
var full = []metadata.Entry{
	{Field: metadata.Credit, Value: "Field & Office"},
	{Field: metadata.Copyright, Value: "© 2026 <Office>"},
	{Field: metadata.Creator, Value: "Nadia"},
	{Field: metadata.Creator, Value: "Omar \"O\""},
	{Field: metadata.UsageTerms, Value: "Not for sale.\nAsk first."},
	{Field: metadata.LicenseURL, Value: "https://example.org/licence?a=1&b=2"},
	{Field: metadata.AltTextShort, Value: "A child draws."},
	{Field: metadata.AltTextLong, Value: "A child, seen from behind, draws a house ]]> with a pen."},
	{Field: metadata.Title, Value: "رسم"},
	{Field: metadata.Headline, Value: "Drawing"},
	{Field: metadata.Caption, Value: "At school"},
	{Field: metadata.Keyword, Value: "school"},
	{Field: metadata.Keyword, Value: "school"},
	{Field: metadata.Keyword, Value: "art"},
	{Field: metadata.DateTaken, Value: "2026-01-31T14:05:09.25+03:00"},
	{Field: metadata.PersonShown, Value: "Person A"},
	{Field: metadata.Sublocation, Value: "Block 7"},
	{Field: metadata.City, Value: "Duhok"},
	{Field: metadata.Country, Value: "Iraq"},
	{Field: metadata.Latitude, Value: "36.20576"},
	{Field: metadata.Longitude, Value: "-43.0084722"},
}

// The packet is part of what a clean file is: a byte of it changes only on purpose.
func TestWriteGolden(t *testing.T) {
	want, err := os.ReadFile("testdata/full.xmp")
	if err != nil {
		t.Fatal(err)
	}
	backwards := slices.Clone(full)
	slices.SortStableFunc(backwards, func(a, b metadata.Entry) int { return strings.Compare(string(a.Field), string(b.Field)) })
	for _, entries := range [][]metadata.Entry{full, backwards} {
		if got := xmp.Write(entries); !bytes.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestWriteReadsBack(t *testing.T) {
	items, err := xmp.Read(xmp.Write(full))
	if err != nil {
		t.Fatal(err)
	}
	if got := entriesOf(items); !slices.Equal(got, full) || len(items) != len(full) {
		t.Errorf("%d entries read back as %d, or differ", len(full), len(items))
	}
	for _, e := range full {
		checkRoundTrip(t, []metadata.Item{{Field: e.Field, Value: e.Value}})
	}
}

func TestWriteNothing(t *testing.T) {
	tests := [][]metadata.Entry{
		nil,
		{{Field: metadata.Orientation, Value: "6"}, {Field: metadata.ColorSpace, Value: "adobe-rgb"}},
		{{Field: "nonsense", Value: "Amina"}, {Value: "Amina"}},
		{{Field: metadata.Credit, Value: " \t\x00\x1b\xff\uffff "}},
		{{Field: metadata.DateTaken, Value: "yesterday"}, {Field: metadata.Latitude, Value: "north"}},
		{{Field: metadata.Latitude, Value: "NaN"}, {Field: metadata.Longitude, Value: "180.1"}},
	}
	for i, entries := range tests {
		if got := xmp.Write(entries); got != nil {
			t.Errorf("%d: got %q", i, got)
		}
	}
}

func TestWriteCleans(t *testing.T) {
	long := strings.Repeat("é", 40_000)
	tests := []struct {
		field      metadata.Field
		value, out string
	}{
		{metadata.Credit, " \u00a0Field\x00 Office\r\n", "Field Office"},
		{metadata.Credit, "a\r\nb\rc\td", "a\nb\nc\td"},
		{metadata.Credit, "bad \xff\xfeUTF-8 \ufffe\uffff", "bad UTF-8"},
		{metadata.Credit, "a" + long, "a" + long[:65534]},
		{metadata.Caption, "</rdf:li><!-- &amp; --><?x?>", "</rdf:li><!-- &amp; --><?x?>"},
		{metadata.Latitude, "36", "36"},
		{metadata.Latitude, "-0.0000000001", "0"},
		{metadata.Latitude, "59.99999999999", "60"},
		{metadata.Longitude, "-180", "-180"},
		{metadata.DateTaken, "2026", "2026"},
		{metadata.DateTaken, "2026:01:31 14:05:09", "2026-01-31T14:05:09"},
		{metadata.DateTaken, "2026-01-31 14:05:09.5Z", "2026-01-31T14:05:09.5Z"},
	}
	for _, test := range tests {
		items, err := xmp.Read(xmp.Write([]metadata.Entry{{Field: test.field, Value: metadata.Secret(test.value)}}))
		if err != nil || len(items) != 1 || items[0].Value.Reveal() != test.out || items[0].Field != test.field {
			t.Errorf("%.40q: %v, %v", test.value, list(items), err)
		}
	}
}

func TestWriteDates(t *testing.T) {
	good := []string{"2026", "2026-01", "2026-01-31", "2026-01-31T14:05", "2026-01-31T14:05Z", "2026-01-31T14:05:09",
		"2026-01-31T14:05:09-11:30", "2026-01-31T14:05:09.123456789Z"}
	bad := []string{"20260131", "2026-1-31", "2026:01:31T14:05:09", "2026:01:31", "0000:00-00 00:00:00x", "2026-01-31T", "2026-01-31T14", "2026-01-31T14:05:09.",
		"2026-01T14:05", "2026-01-31T14:05+1", "2026-01-31T14:05.5", "2026-01-31T14:05:09.1234567890", "2026-01-31TZ", "T14:05", "2026Z"}
	for i, s := range append(good, bad...) {
		got := xmp.Write([]metadata.Entry{{Field: metadata.DateTaken, Value: metadata.Secret(s)}}) != nil
		if want := i < len(good); got != want {
			t.Errorf("%s is a date: %v, want %v", s, got, want)
		}
	}
}

// However much is asked for, Read takes what Write gives.
func TestWriteMuch(t *testing.T) {
	var many, large []metadata.Entry
	for i := range 20_000 {
		many = append(many, metadata.Entry{Field: metadata.Keyword, Value: metadata.Secret(strconv.Itoa(i))},
			metadata.Entry{Field: metadata.Credit, Value: metadata.Secret(strconv.Itoa(i))})
		large = append(large, metadata.Entry{Field: metadata.Creator, Value: metadata.Secret(strings.Repeat("&", 70_000))})
	}
	for name, test := range map[string]struct {
		entries []metadata.Entry
		want    int
	}{"many": {many, 1025}, "large": {large, 32}} {
		packet := xmp.Write(test.entries)
		items, err := xmp.Read(packet)
		if err != nil || len(items) != test.want {
			t.Errorf("%s: %d items in %d bytes, want %d; %v", name, len(items), len(packet), test.want, err)
		}
		checkItems(t, packet, items)
	}
}

// exiftool must find in the packet what was meant, under the names of the standards.
func TestWriteExiftool(t *testing.T) {
	tool, err := exec.LookPath("exiftool")
	if err != nil {
		if os.Getenv("MEDIAVEIL_JUDGES") == "require" {
			t.Fatal("exiftool is required and not installed")
		}
		t.Skip("exiftool is not installed")
	}
	file := filepath.Join(t.TempDir(), "packet.xmp")
	if err := os.WriteFile(file, xmp.Write(full), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "-json", "-G1", "-a", "-struct", "-n", "-XMP:all", "-Warning", "-Error", "-charset", "UTF8", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(out, &got); err != nil || len(got) != 1 {
		t.Fatalf("%v in %s", err, out)
	}
	delete(got[0], "SourceFile")
	if want := judged(); fmt.Sprint(got[0]) != fmt.Sprint(want) {
		t.Errorf("got\n%v\nwant\n%v", got[0], want)
	}
}

// judged is how exiftool names full.
func judged() map[string]any {
	return map[string]any{
		"XMP-photoshop:Credit":               "Field & Office",
		"XMP-dc:Rights":                      "© 2026 <Office>",
		"XMP-dc:Creator":                     []any{"Nadia", "Omar \"O\""},
		"XMP-xmpRights:UsageTerms":           "Not for sale.\nAsk first.",
		"XMP-xmpRights:WebStatement":         "https://example.org/licence?a=1&b=2",
		"XMP-iptcCore:AltTextAccessibility":  "A child draws.",
		"XMP-iptcCore:ExtDescrAccessibility": "A child, seen from behind, draws a house ]]> with a pen.",
		"XMP-dc:Title":                       "رسم",
		"XMP-photoshop:Headline":             "Drawing",
		"XMP-dc:Description":                 "At school",
		"XMP-dc:Subject":                     []any{"school", "school", "art"},
		"XMP-photoshop:DateCreated":          "2026:01:31 14:05:09.25+03:00",
		"XMP-iptcExt:PersonInImage":          []any{"Person A"},
		"XMP-iptcCore:Location":              "Block 7",
		"XMP-photoshop:City":                 "Duhok",
		"XMP-photoshop:Country":              "Iraq",
		"XMP-exif:GPSLatitude":               36.20576,
		"XMP-exif:GPSLongitude":              -43.0084722,
	}
}

func ExampleWrite() {
	packet := xmp.Write([]metadata.Entry{{Field: metadata.Credit, Value: "Field Office"}})
	_, body, _ := bytes.Cut(packet, []byte("\n")) // the first line holds a byte order mark
	fmt.Printf("%s\n", body)
	// Output:
	// <x:xmpmeta xmlns:x="adobe:ns:meta/">
	// <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
	// <rdf:Description rdf:about=""
	//  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">
	// <photoshop:Credit>Field Office</photoshop:Credit>
	// </rdf:Description>
	// </rdf:RDF>
	// </x:xmpmeta>
	// <?xpacket end="r"?>
}

// FuzzRead: whatever the bytes, the items keep their promises, and what they say can be
// written and reads back the same.
func FuzzRead(f *testing.F) {
	for _, test := range readTests {
		f.Add(packet(test.content))
	}
	f.Add(xmp.Write(full))
	f.Fuzz(func(t *testing.T, data []byte) {
		items, err := xmp.Read(data)
		if err == nil && len(data) < 2 {
			t.Fatal("read a packet in no bytes")
		}
		checkItems(t, data, items)
		checkRoundTrip(t, items)
	})
}

// FuzzWrite: any texts make a packet that reads back as them, but for what cannot stand in
// XML, and nothing else.
func FuzzWrite(f *testing.F) {
	f.Add("Field & Office", "Nadia", "2026-01-31", 36.2021)
	f.Add("</rdf:li>", "]]>", "2026-13-32T25:61:61Z", -89.99999999)
	f.Add(" \r\n\x00", "\xff\ufffe\u00a0", "T", math.Inf(-1))
	f.Fuzz(func(t *testing.T, text, other, date string, angle float64) {
		var entries []metadata.Entry
		for _, fd := range metadata.Fields() {
			value := text
			switch fd {
			case metadata.DateTaken:
				value = date
			case metadata.Latitude, metadata.Longitude:
				value = strconv.FormatFloat(angle, 'f', 7, 64)
			}
			entries = append(entries, metadata.Entry{Field: fd, Value: metadata.Secret(value)})
			if fd.Repeats() {
				entries = append(entries, metadata.Entry{Field: fd, Value: metadata.Secret(other)})
			}
		}
		packet := xmp.Write(entries)
		if packet == nil {
			return
		}
		items, err := xmp.Read(packet)
		if err != nil {
			t.Fatal(err)
		}
		checkItems(t, packet, items)
		checkRoundTrip(t, items)
		if !bytes.Equal(xmp.Write(entriesOf(items)), packet) {
			t.Error("what was read does not write as the same packet")
		}
		for _, it := range items {
			checkValue(t, it, text, other, date, angle)
		}
	})
}

// plain makes dates comparable.
var plain = strings.NewReplacer(":", "", "-", "", "T", "", " ", "")

// checkValue holds what was read to what was written.
func checkValue(t *testing.T, it metadata.Item, text, other, date string, angle float64) {
	t.Helper()
	got := it.Value.Reveal()
	switch it.Field {
	case "":
		t.Errorf("%s was not asked for", it.Path)
	case metadata.Latitude, metadata.Longitude:
		if v, err := strconv.ParseFloat(got, 64); err != nil || math.Abs(v-angle) > 1.1e-7 {
			t.Errorf("%s is %s, was %g", it.Field, got, angle)
		}
	case metadata.DateTaken:
		if plain.Replace(got) != plain.Replace(legal(date)) {
			t.Errorf("date %q was %q", got, date)
		}
	default:
		if a, b := legal(text), legal(other); len(a) <= 64<<10 && len(b) <= 64<<10 && got != a && (got != b || !it.Field.Repeats()) {
			t.Errorf("%s %q was %q or %q", it.Field, got, text, other)
		}
	}
}

// legal is s without what XML does not allow, written in another way than the package does.
func legal(s string) string {
	var out []rune
	for _, c := range strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n") {
		switch {
		case c == '\r':
			out = append(out, '\n')
		case c == '\t', c == '\n', c >= 0x20 && c <= 0xD7FF, c >= 0xE000 && c <= 0xFFFD, c > 0xFFFF:
			out = append(out, c)
		}
	}
	return strings.TrimSpace(string(out))
}
