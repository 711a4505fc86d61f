package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

func TestSafe(t *testing.T) {
	for in, want := range map[string]string{
		"photo.jpg":                  "photo.jpg",
		"Straße 5 أمينة 日本 é.jpg":    "Straße 5 أمينة 日本 é.jpg",
		"می\u200cخواهم":              "می\u200cخواهم",
		"a\nb\tc\r.jpg":              `a\nb\tc\r.jpg`,
		"\x1b[31mred":                `\x1b[31mred`,
		"\x00\x7f":                   `\x00\x7f`,
		"gpj\u202e.exe":              `gpj\u202e.exe`,
		"\u2066a\u2069\ufeff":        `\u2066a\u2069\ufeff`,
		"c1\u009b31m":                `c1\u009b31m`,
		"line\u2028break":            `line\u2028break`,
		"bad\xff\xc3":                `bad\xff\xc3`,
		"narrow\u202fspace":          "narrow\u202fspace",
		"tag\U000e0041":              `tag\U000e0041`,
		`C:\photos`:                  `C:\photos`,
		"\U0001f469\u200d\U0001f467": "\U0001f469\u200d\U0001f467",
	} {
		if got := safe(in); got != want {
			t.Errorf("safe(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

func TestWriteJSONEscapes(t *testing.T) {
	var b strings.Builder
	if err := writeJSON(&b, map[string]string{"file": "a\u202eb\x7f\U000e0041<&>\n.jpg"}); err != nil {
		t.Fatal(err)
	}
	if want := `{"file":"a\u202eb\u007f\udb40\udc41<&>\n.jpg"}` + "\n"; b.String() != want {
		t.Errorf("writes %s, want %s", b.String(), want)
	}
}

func TestSizes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 12345: "12 kB", 999_900: "1.0 MB",
		2_300_000: "2.3 MB", 5_000_000_000: "5.0 GB",
	} {
		if got := bytesText(n); got != want {
			t.Errorf("bytesText(%d) = %s, want %s", n, got, want)
		}
	}
	for m, want := range map[float64]string{0.03: "1 m", 5: "5 m", 30.9: "31 m", 1852: "1.9 km", 111_000: "111 km"} {
		if got := meters(m); got != want {
			t.Errorf("meters(%v) = %s, want %s", m, got, want)
		}
	}
	for s, want := range map[string]int64{"500MB": 500_000_000, "2GiB": 2 << 30, "1000": 1000, " 1.5 kb ": 1500, "3b": 3, "1m": 1_000_000} {
		if got, err := parseSize(s); err != nil || got != want {
			t.Errorf("parseSize(%q) = %d, %v, want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "MB", "-1", "0", "NaN", "inf", "1e30GB", "5 apples"} {
		if got, err := parseSize(s); err == nil {
			t.Errorf("parseSize(%q) = %d", s, got)
		}
	}
}

// item is one that a report could hold.
func item(path string, c metadata.Category, value string) sanitize.Item {
	return sanitize.Item{Item: metadata.Item{Path: path, Category: c, Size: 12_000, Value: metadata.Secret(value)}}
}

func TestPhrases(t *testing.T) {
	for _, tt := range []struct {
		item sanitize.Item
		want string
	}{
		{item("jpeg/app1/exif/gps/GPSLatitude", metadata.Location, "1"), "Where: position"},
		{item("jpeg/app1/exif/gps/GPSAltitude", metadata.Location, "1"), "Where: altitude"},
		{item("jpeg/app1/exif/gps/GPSDestLatitude", metadata.Location, "1"), "Where: position of what is shown"},
		{item("jpeg/app1/xmp/exif:GPSLongitude", metadata.Location, "1"), "Where: position"},
		{item("jpeg/app1/xmp/photoshop:City", metadata.Location, "1"), "Where: place names"},
		{item("jpeg/app13/irb/0x0404/iptc/2:090/City", metadata.Location, "1"), "Where: place names"},
		{item("jpeg/app1/exif/exif/DateTimeOriginal", metadata.Time, "1"), "When: date and time taken"},
		{item("jpeg/app1/exif/exif/OffsetTime", metadata.Time, "1"), "When: time zone"},
		{item("jpeg/app1/exif/exif/SubSecTime", metadata.Time, "1"), "When: fractions of the second"},
		{item("jpeg/app1/exif/exif/BodySerialNumber", metadata.Device, "1"), "Which device: serial number"},
		{item("jpeg/app1/exif/exif/FNumber", metadata.Device, "1"), "Which device: camera settings"},
		{item("jpeg/app7/huawei", metadata.Device, "1"), "Which device: the maker's own data"},
		{item("jpeg/app1/xmp/mwg-rs:Regions/RegionList/Name", metadata.Person, "A; B"), "Who: 2 names of people shown"},
		{item("jpeg/app1/xmp/mwg-rs:Regions/RegionList/Area/stArea:x", metadata.Person, "1"), "Who: faces marked in the picture"},
		{item("jpeg/app1/xmp/Iptc4xmpCore:CreatorContactInfo/CiTelWork", metadata.Person, "1"), "Who: contact data"},
		{item("jpeg/com", metadata.Description, "1"), "What it says: comment"},
		{item("jpeg/app13/irb/0x0404/iptc/2:025/Keywords", metadata.Description, "1"), "What it says: keyword"},
		{item("jpeg/app1/xmp/Iptc4xmpCore:AltTextAccessibility", metadata.AltText, "1"), "What it says: alt text"},
		{item("jpeg/app13/irb/0x0404/iptc/2:080/By-line", metadata.Rights, "1"), "Whose it is: creator (rights)"},
		{item("jpeg/app1/xmp/xmpMM:History/stEvt:action", metadata.Software, "1"), "Programs: edit history"},
		{item("jpeg/app1/xmp/xmpMM:DocumentID", metadata.Software, "1"), "Programs: numbers that tie copies together"},
		{item("jpeg/app11/c2pa", metadata.Software, ""), "Programs: content credentials (C2PA)"},
		{item("jpeg/app1/exif/ifd1/thumbnail", metadata.Thumbnail, ""), "Hidden copies: thumbnail (12 kB)"},
		{item("jpeg/trailer/picture", metadata.Thumbnail, ""), "Hidden copies: a second picture (12 kB)"},
		{item("jpeg/trailer/video", metadata.Thumbnail, ""), "Hidden copies: video (12 kB)"},
		{item("jpeg/gain-map", metadata.GainMap, ""), "Hidden copies: HDR gain map (12 kB)"},
		{item("jpeg/app2/iso-21496", metadata.GainMap, ""), "Hidden copies: data of an HDR gain map (12 kB)"},
		{item("jpeg/app2/mpf", metadata.Thumbnail, ""), "Hidden copies: index of further pictures (12 kB)"},
		{item("jpeg/unused-table", metadata.Unknown, ""), "Unknown: 1 table the picture does not use (12 kB)"},
		{item("jpeg/app2/icc/desc", metadata.Description, "1"), "Colour profile: names and words"},
		{item("jpeg/app2/icc/header/date", metadata.Time, "1"), "Colour profile: its date"},
		{item("jpeg/app9/unknown", metadata.Unknown, ""), "Unknown: 1 part nobody can name (12 kB)"},
		{item("something/new", metadata.Time, ""), "When: other dates"},
	} {
		r := &sanitize.Report{Items: []sanitize.Item{tt.item}}
		var said []string
		for i := range harms {
			var b strings.Builder
			describeHarm(&b, &printer{}, &harms[i], r)
			if text := strings.TrimSpace(b.String()); text != "" {
				said = append(said, harms[i].title+": "+strings.TrimSpace(strings.TrimPrefix(text, harms[i].title)))
			}
		}
		if got := strings.Join(said, " + "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.item.Path, got, tt.want)
		}
	}
}

// Each category has its words: in the report on a photo, and in the summary.
func TestEveryCategoryHasWords(t *testing.T) {
	for _, c := range metadata.Categories() {
		it := item("jpeg/anything", c, "")
		said := 0
		for i := range harms {
			if harms[i].takes(it.Item) {
				said++
			}
			if last := harms[i].phrases[len(harms[i].phrases)-1]; last.keys != "" {
				t.Errorf("%s: the last phrase must take the rest", harms[i].title)
			}
		}
		want := 1
		if c == metadata.Rendering {
			want = 0
		}
		if _, ok := lossOf(it); said != want || ok != (want == 1) {
			t.Errorf("%v belongs to %d harms, and a loss: %v", c, said, ok)
		}
	}
	for _, f := range writable() {
		if fieldWords[f] == "" || f.Category() == metadata.Unknown {
			t.Errorf("%s has no words", f)
		}
	}
	for c, l := range categoryLosses {
		if !strings.Contains(fmt.Sprint(allLosses), string(l)) {
			t.Errorf("%v is removed and never told", c)
		}
	}
}

// A field with a minor phrase beside others goes without saying.
func TestMinorPhrases(t *testing.T) {
	r := &sanitize.Report{PositionWithin: 5, Items: []sanitize.Item{
		item("jpeg/app1/exif/gps/GPSVersionID", metadata.Location, "2"), item("jpeg/app1/exif/gps/GPSLatitude", metadata.Location, "1"),
	}}
	var b strings.Builder
	describeHarm(&b, &printer{}, &harms[0], r)
	if want := "  Where          position to within 5 m\n"; b.String() != want {
		t.Errorf("says %q, want %q", b.String(), want)
	}
}

func TestValuesAreEscapedAndCut(t *testing.T) {
	r := &sanitize.Report{Items: []sanitize.Item{item("jpeg/com", metadata.Description, "a\x1b[31m\n"+strings.Repeat("é", 300))}}
	var b strings.Builder
	p := &printer{common: common{values: true}}
	for i := range harms {
		describeHarm(&b, p, &harms[i], r)
	}
	want := "  What it says   comment\n" + `    com: a\x1b[31m\n` + strings.Repeat("é", maxShown-7) + "…\n"
	if b.String() != want {
		t.Errorf("says %q, want %q", b.String(), want)
	}
}

func TestReasons(t *testing.T) {
	path := func(err error) error { return &fs.PathError{Op: "open", Path: "Amina.jpg", Err: err} }
	for _, tt := range []struct {
		err        error
		code, text string
	}{
		{&sanitize.UnsupportedError{Kind: "Word document"}, "unsupported", "this is a Word document, not a photo; leave it out"},
		{&sanitize.UnsupportedError{Kind: "HEIC photo"}, "unsupported", "this is an HEIC photo, which cannot be cleaned yet; publish a JPEG made from it"},
		{&sanitize.UnsupportedError{Kind: "MP4 video"}, "unsupported", "this is an MP4 video, which cannot be cleaned yet; do not publish it as it is"},
		{&sanitize.UnsupportedError{Kind: "Excel workbook"}, "unsupported", "this is an Excel workbook, not a photo; leave it out"},
		{&sanitize.UnsupportedError{}, "unsupported", "this is not a photo; leave it out"},
		{&sanitize.FeatureError{Format: "jpeg", Feature: "hierarchical JPEG"}, "feature", "it uses hierarchical JPEG, which cannot be cleaned; save it anew with a photo program"},
		{&sanitize.FormatError{Format: "jpeg", Err: errors.New("x")}, "damaged", "the file is damaged (x); fetch it again from where it came from"},
		{&sanitize.FormatError{Format: "jpeg", CutOff: true, Repairable: true, Err: errors.New("x")}, "cut-off", "the file is cut off (x); fetch it again, or use --repair to close the picture"},
		{&sanitize.FormatError{Format: "png", CutOff: true, Err: errors.New("x")}, "cut-off", "the file is cut off (x); fetch it again from where it came from"},
		{&sanitize.VerifyError{Err: errors.New("x")}, "verify", "the copy did not pass its check and was thrown away (x); please report this"},
		{sanitize.ErrTooLarge, "too-large", "larger than --max-size allows; raise it"},
		{&targetError{"out/a.jpg", fs.ErrExist}, "exists", "out/a.jpg already exists; use --overwrite to replace it"},
		{&targetError{"out/a.jpg", path(fs.ErrExist)}, "exists", "out/a.jpg already exists; use --overwrite to replace it"},
		{fs.ErrExist, "exists", "the output already exists; use --overwrite to replace it"},
		{sanitize.ErrSameFile, "same-file", "its copy would replace the original; choose another folder with -o, or use --replace-originals"},
		{sanitize.ErrNotFile, "not-a-file", "this is not a regular file; give a photo"},
		{&notFileError{"a pipe"}, "not-a-file", "this is a pipe, not a file; give a photo"},
		{sanitize.ErrChanged, "changed", "the file changed while it was read; try again when it is complete"},
		{path(fs.ErrNotExist), "not-found", "there is no such file; check the name"},
		{path(fs.ErrPermission), "permission", "the system does not allow it; check the permissions of the file and of the output folder"},
		{&targetError{"x", fmt.Errorf("write: %w", syscall.ENOSPC)}, "disk-full", "the disk is full; make room, or choose another one with -o"},
		{path(syscall.ENAMETOOLONG), "other", "the name is too long; choose another folder with -o, or rename the file"},
		{fmt.Errorf("x: %w", context.Canceled), "cancelled", "stopped before it was done"},
		{path(errors.New("strange")), "other", "strange"},
	} {
		got := reasonFor(tt.err)
		if got.code != tt.code || got.text != tt.text {
			t.Errorf("%v: %s, %q, want %s, %q", tt.err, got.code, got.text, tt.code, tt.text)
		}
		if got.group == "" || strings.Contains(got.group, "%") || strings.Contains(got.group, "out/a.jpg") {
			t.Errorf("%v: group %q", tt.err, got.group)
		}
		if strings.Contains(got.text+got.group, marker) {
			t.Errorf("%v repeats the name", tt.err)
		}
	}
}

func TestNearest(t *testing.T) {
	for typed, want := range map[string]string{
		"claen": "clean", "ins": "inspect", "inspekt": "inspect", "Formats": "formats", "qqqqqqqq": "", "": "", "-": "",
		strings.Repeat("x", 10000): "",
	} {
		if got := nearest(typed, verbNames()); got != want {
			t.Errorf("nearest(%q) = %q, want %q", short(typed, 20), got, want)
		}
	}
}

func TestWithExtension(t *testing.T) {
	jpeg := sanitize.Info{Extensions: []string{".jpg", ".jpeg"}}
	for in, want := range map[string]string{
		"a.jpg": "a.jpg", "a.JPEG": "a.JPEG", "a.png": "a.jpg", "a": "a.jpg", "a.2024": "a.2024.jpg",
		"d.png/a": "d.png/a.jpg", ".png": ".png.jpg", "a.tar.png": "a.tar.jpg",
	} {
		if got, renamed := withExtension(in, jpeg); got != want || renamed != (in != want) {
			t.Errorf("withExtension(%s) = %s, %v, want %s", in, got, renamed, want)
		}
	}
}

func TestLeftOut(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{
		"a.jpg": "", "a.xmp": "sidecar", "A.AAE": "sidecar", "a.jpg_original": "sidecar", ".hidden": "hidden",
		"._a.jpg": "system", ".DS_Store": "system", "THUMBS.DB": "system", "a.srt": "sidecar", "a.clean.jpg": "",
	} {
		if err := os.WriteFile(dir+"/"+name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 1 {
			t.Fatal(entries, err)
		}
		if got := leftOut(entries[0]); got != want {
			t.Errorf("%s is left out as %q, want %q", name, got, want)
		}
		if err := os.Remove(dir + "/" + name); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]bool{"a.clean.jpg": true, "a.CLEAN.JPG": true, "a.jpg": false, ".clean.jpg": false, "clean.jpg": false, "a.clean": false} {
		if got := isCleanCopy(name); got != want {
			t.Errorf("isCleanCopy(%s) = %v", name, got)
		}
	}
}
