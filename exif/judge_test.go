package exif_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	goexif "github.com/rwcarlsen/goexif/exif"
	"github.com/rwcarlsen/goexif/tiff"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// needExiftool skips the test where the outside judge is missing, unless it is required.
func needExiftool(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("exiftool"); err == nil {
		return
	}
	if os.Getenv("MEDIAVEIL_JUDGES") == "require" {
		t.Fatal("exiftool is required and not installed")
	}
	t.Skip("exiftool is not installed")
}

// exiftoolRead returns what exiftool finds in each block: group and tag to value.
func exiftoolRead(t *testing.T, blocks [][]byte, args ...string) []map[string]any {
	t.Helper()
	dir := t.TempDir()
	args = append([]string{"-j", "-n", "-G1", "-a"}, args...)
	for i, b := range blocks {
		name := filepath.Join(dir, fmt.Sprintf("%04d.tif", i))
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	out, err := exec.Command("exiftool", args...).Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	var found []map[string]any
	if err := json.Unmarshal(out, &found); err != nil || len(found) != len(blocks) {
		t.Fatalf("exiftool read %d of %d blocks: %v", len(found), len(blocks), err)
	}
	return found
}

var written = []struct {
	name    string
	entries []metadata.Entry
	want    map[string]any // what exiftool has to find, and nothing else
}{
	{"strict", []metadata.Entry{{Field: metadata.Orientation, Value: "6"}}, map[string]any{"IFD0:Orientation": 6.}},
	{"credited", []metadata.Entry{
		{Field: metadata.Copyright, Value: "© 2026 Example Aid"},
		{Field: metadata.Creator, Value: "Łukasz A."}, {Field: metadata.Creator, Value: "B. Second"},
		{Field: metadata.Orientation, Value: "8"},
		{Field: metadata.DateTaken, Value: "2026-01-31T14:05:09"}, {Field: metadata.Latitude, Value: "36.2"},
	}, map[string]any{
		"IFD0:Orientation": 8., "IFD0:Artist": "Łukasz A.; B. Second", "IFD0:Copyright": "© 2026 Example Aid",
	}},
	{"three letters", []metadata.Entry{{Field: metadata.Copyright, Value: "abc"}}, map[string]any{"IFD0:Copyright": "abc"}},
}

func TestWriteBeforeExiftool(t *testing.T) {
	needExiftool(t)
	var blocks [][]byte
	for _, w := range written {
		blocks = append(blocks, exif.Write(w.entries))
	}
	for i, found := range exiftoolRead(t, blocks) {
		for key, value := range found {
			if strings.HasPrefix(key, "System:") || strings.HasPrefix(key, "File:") || key == "SourceFile" || strings.HasPrefix(key, "ExifTool:ExifToolVersion") {
				continue
			}
			if value != written[i].want[key] {
				t.Errorf("%s: exiftool finds %s = %v, want %v", written[i].name, key, value, written[i].want[key])
			}
		}
		for key := range written[i].want {
			if _, ok := found[key]; !ok {
				t.Errorf("%s: exiftool does not find %s", written[i].name, key)
			}
		}
	}
}

func TestWriteBeforeGoexif(t *testing.T) {
	x, err := goexif.Decode(strings.NewReader(string(exif.Write(written[1].entries))))
	if err != nil {
		t.Fatal(err)
	}
	if tag, err := x.Get(goexif.Orientation); err != nil || tag.String() != "8" {
		t.Errorf("Orientation = %v, %v", tag, err)
	}
	for name, want := range map[goexif.FieldName]string{goexif.Artist: "Łukasz A.; B. Second", goexif.Copyright: "© 2026 Example Aid"} {
		tag, err := x.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := tag.StringVal(); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}

// A second reader has to find the same names, and the same place.
func TestReadBesideGoexif(t *testing.T) {
	for _, o := range bothOrders {
		data := block(o, phone())
		items, err := exif.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		x, err := goexif.Decode(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		ours := names{}
		for _, item := range items {
			ours[item.Path[strings.LastIndex(item.Path, "/")+1:]] = true
		}
		if err := x.Walk(ours); err != nil {
			t.Error(err)
		}
		lat, long, err := x.LatLong()
		if err != nil {
			t.Fatal(err)
		}
		near(t, fieldsOf(items, metadata.Latitude), lat)
		near(t, fieldsOf(items, metadata.Longitude), long)
	}
}

type names map[string]bool

// goexifNames are the names that it spells as an older edition of the standard, or wrongly.
var goexifNames = map[goexif.FieldName]string{
	goexif.ISOSpeedRatings:                  "PhotographicSensitivity",
	goexif.GPSSatelites:                     "GPSSatellites",
	goexif.ThumbJPEGInterchangeFormat:       "JPEGInterchangeFormat",
	goexif.ThumbJPEGInterchangeFormatLength: "JPEGInterchangeFormatLength",
}

func (n names) Walk(name goexif.FieldName, _ *tiff.Tag) error {
	want := string(name)
	if other, ok := goexifNames[name]; ok {
		want = other
	}
	if !n[want] {
		return fmt.Errorf("goexif finds %s, Read does not", name)
	}
	return nil
}

func near(t *testing.T, got []string, want float64) {
	t.Helper()
	var v float64
	if len(got) == 1 {
		_, _ = fmt.Sscan(got[0], &v)
	}
	if math.Abs(v-want) > 1e-6 {
		t.Errorf("coordinate %v differs from goexif's", got)
	}
}

// exiftoolGroups are the directories that both name alike.
var exiftoolGroups = map[string]string{
	"IFD0": "exif/ifd0", "IFD1": "exif/ifd1", "ExifIFD": "exif/exif", "GPS": "exif/gps", "InteropIFD": "exif/interop",
}

// Whatever exiftool finds in real blocks, Read has to find in the same directory.
func TestMediaBesideExiftool(t *testing.T) {
	media := mediaBlocks(t)
	needExiftool(t)
	var files []string
	var blocks [][]byte
	for name, b := range media {
		if _, err := exif.Read(b); err == nil { // readers differ in what they make of a broken block
			files, blocks = append(files, name), append(blocks, b)
		}
	}
	if len(files) < 100 {
		t.Fatalf("only %d blocks", len(files))
	}
	total := 0
	for i, found := range exiftoolRead(t, blocks, "-H", "-u") {
		items, _ := exif.Read(blocks[i])
		for key, field := range exiftoolFields {
			sameNumber(t, files[i]+" "+key, found[key], fieldsOf(items, field))
		}
		count := map[string]int{}
		for _, item := range items {
			count[item.Path[:strings.LastIndex(item.Path, "/")]]++
		}
		for group, dir := range exiftoolGroups {
			theirs := 0
			for key, value := range found {
				fields, _ := value.(map[string]any)
				id, _ := fields["id"].(string) // what exiftool makes of several tags has a name for an id
				if strings.HasPrefix(key, group+":") && strings.HasPrefix(id, "0x") {
					theirs++
				}
			}
			total += theirs
			if theirs > count[dir] {
				t.Errorf("%s: exiftool finds %d tags in %s, Read %d", files[i], theirs, group, count[dir])
			}
		}
	}
	if total < 1000 {
		t.Errorf("exiftool finds only %d tags", total)
	}
}

// exiftoolFields are the fields that have a number in its answers.
var exiftoolFields = map[string]metadata.Field{
	"IFD0:Orientation": metadata.Orientation, "Composite:GPSLatitude": metadata.Latitude, "Composite:GPSLongitude": metadata.Longitude,
}

// sameNumber holds a field that was read to what exiftool makes of it.
func sameNumber(t *testing.T, what string, theirs any, ours []string) {
	t.Helper()
	if len(ours) == 0 {
		return
	}
	fields, _ := theirs.(map[string]any)
	want, isNumber := fields["val"].(float64)
	var got float64
	if _, err := fmt.Sscan(ours[0], &got); err != nil || !isNumber || math.Abs(got-want) > 1e-6 {
		t.Errorf("%s: exiftool reads another number", what)
	}
}
