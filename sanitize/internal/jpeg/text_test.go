package jpeg_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// written is what the segments of a cleaned picture say, read by the packages of EXIF and
// XMP.
func written(t *testing.T, b []byte) map[metadata.Field][]string {
	t.Helper()
	said := map[metadata.Field][]string{}
	add := func(items []metadata.Item, err error) {
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			if it.Field == "" {
				t.Errorf("%s says something that nobody asked for", it.Path)
			}
			if v := it.Value.Reveal(); !slices.Contains(said[it.Field], v) {
				said[it.Field] = append(said[it.Field], v)
			}
		}
	}
	for _, block := range payloads(b, 0xE1, "Exif\x00\x00") {
		add(exif.Read([]byte(block)))
	}
	for _, packet := range payloads(b, 0xE1, idXMP) {
		add(xmp.Read([]byte(packet)))
	}
	return said
}

var (
	rightsXMP = xmpSeg(`photoshop:Credit="From XMP" photoshop:City="`+secret("city")+`" photoshop:Headline="`+secret("headline")+`"`,
		`<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li><rdf:li>Berta</rdf:li></rdf:Seq></dc:creator>`+
			`<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© XMP &amp; Söhne</rdf:li></rdf:Alt></dc:rights>`)
	rightsIPTC = irbSeg(resource(0x0404, "\x1C\x01\x5A\x00\x03\x1B%G"+iim(80, "Ines")+iim(110, "From IPTC")+iim(116, "© IPTC")+iim(90, secret("city"))+iim(120, secret("caption"))))
	rightsEXIF = exifSeg([]tag{ascii(0x10F, secret("make")), short(0x112, 3), ascii(0x13B, "Emil; Erna"), ascii(0x8298, "(c) EXIF")})
)

// Credit, creator and copyright come from wherever the file says them, the best place first.
func TestRights(t *testing.T) {
	plain := pure(t, "baseline")
	said := func(credit, rights string, creators ...string) map[metadata.Field][]string {
		m := map[metadata.Field][]string{metadata.Creator: creators, metadata.Copyright: {rights}}
		if credit != "" {
			m[metadata.Credit] = []string{credit}
		}
		return m
	}
	turned := func(m map[metadata.Field][]string) map[metadata.Field][]string {
		m[metadata.Orientation] = []string{"3"}
		return m
	}
	for name, test := range map[string]struct {
		in   []string
		want map[metadata.Field][]string
	}{
		"XMP":               {[]string{rightsXMP}, said("From XMP", "© XMP & Söhne", "Ada", "Berta")},
		"IPTC":              {[]string{rightsIPTC}, said("From IPTC", "© IPTC", "Ines")},
		"EXIF":              {[]string{rightsEXIF}, turned(said("", "(c) EXIF", "Emil", "Erna"))},
		"XMP before all":    {[]string{rightsEXIF, rightsIPTC, rightsXMP}, turned(said("From XMP", "© XMP & Söhne", "Ada", "Berta"))},
		"IPTC before EXIF":  {[]string{rightsEXIF, rightsIPTC}, turned(said("From IPTC", "© IPTC", "Ines"))},
		"each what it says": {[]string{rightsEXIF, xmpSeg(`photoshop:Credit="Only credit"`, "")}, turned(said("Only credit", "(c) EXIF", "Emil", "Erna"))},
		"none":              {[]string{seg(0xFE, secret("com"))}, map[metadata.Field][]string{}},
	} {
		b := head(plain, test.in...)
		out, _ := clean(t, b, keeping(metadata.Rights))
		got := written(t, out)
		for _, f := range metadata.Fields() {
			if !slices.Equal(got[f], test.want[f]) {
				t.Errorf("%s: %s is %q, want %q", name, f, got[f], test.want[f])
			}
		}
		if contains(out, canary) {
			t.Errorf("%s: a secret is left", name)
		}
		if again, _ := clean(t, out, keeping(metadata.Rights)); string(again) != string(out) {
			t.Errorf("%s: cleaning it again changes it", name)
		}
		if strict, _ := clean(t, out, keeping()); len(payloads(strict, 0xE1, idXMP)) > 0 {
			t.Errorf("%s: a strict policy keeps what a kinder one wrote", name)
		}
	}
}

// What stands behind the scan or in the picture that follows says nothing about this one.
func TestRightsElsewhere(t *testing.T) {
	plain := pure(t, "baseline")
	second := string(head(plain, rightsXMP))
	for name, b := range map[string][]byte{
		"behind the scan": before(plain, 0xD9, 0, rightsXMP, rightsIPTC, rightsEXIF), "in a second picture": behind(plain, second),
	} {
		if out, _ := clean(t, b, keeping(metadata.Rights)); string(out) != string(plain) {
			t.Errorf("%s: %s", name, sequence(out))
		}
	}
}

// Texts that the caller sets take the place of those in the file, under any policy.
func TestSet(t *testing.T) {
	plain := pure(t, "baseline")
	b := head(plain, rightsXMP, rightsEXIF)
	out, _ := clean(t, b, keeping(), metadata.Entry{Field: metadata.Credit, Value: "Field Office"}, metadata.Entry{Field: metadata.AltTextShort, Value: "Two boats"})
	got := written(t, out)
	want := map[metadata.Field][]string{metadata.Orientation: {"3"}, metadata.Credit: {"Field Office"}, metadata.AltTextShort: {"Two boats"}}
	for _, f := range metadata.Fields() {
		if !slices.Equal(got[f], want[f]) {
			t.Errorf("strict: %s is %q, want %q", f, got[f], want[f])
		}
	}
	out, _ = clean(t, b, keeping(metadata.Rights), metadata.Entry{Field: metadata.Creator, Value: "One"}, metadata.Entry{Field: metadata.Creator, Value: "Two"}, metadata.Entry{Field: metadata.Copyright})
	got = written(t, out)
	if !slices.Equal(got[metadata.Creator], []string{"One", "Two"}) || got[metadata.Copyright] != nil || !slices.Equal(got[metadata.Credit], []string{"From XMP"}) {
		t.Errorf("credited: %q", got)
	}
}

// Every field can be set and is found again, but for those that are no text: what a viewer
// needs comes from the file alone.
func TestSetEveryField(t *testing.T) {
	values := map[metadata.Field]string{
		metadata.DateTaken: "2026-01-31T14:05:09+02:00", metadata.Latitude: "36.5", metadata.Longitude: "-37.25",
	}
	var set []metadata.Entry
	for _, f := range metadata.Fields() {
		v, ok := values[f]
		if f.Category() == metadata.Rendering {
			continue
		}
		if !ok {
			v = "said of " + string(f)
		}
		set = append(set, metadata.Entry{Field: f, Value: metadata.Secret(v)})
	}
	out, _ := clean(t, pure(t, "gray"), keeping(), set...)
	got := written(t, out)
	for _, e := range set {
		if v := e.Value.Reveal(); !slices.Contains(got[e.Field], v) {
			t.Errorf("%s is %q, want %q", e.Field, got[e.Field], v)
		}
	}
}

// exiftool reads the same.
func TestRightsByExiftool(t *testing.T) {
	exiftool := containertest.Judge(t, "exiftool")
	file := filepath.Join(t.TempDir(), "credited.jpg")
	out, _ := clean(t, head(pure(t, "baseline"), rightsEXIF, rightsIPTC, rightsXMP), keeping(metadata.Rights))
	if err := os.WriteFile(file, out, 0o600); err != nil {
		t.Fatal(err)
	}
	listing, err := exec.Command(exiftool, "-a", "-u", "-U", "-G1", "-j", "-charset", "exif=utf8", file).Output()
	var found []map[string]any
	if err := json.Unmarshal(listing, &found); err != nil || len(found) != 1 {
		t.Fatal(err)
	}
	if err != nil {
		t.Error(err)
	}
	want := map[string]string{
		"IFD0:Artist": "Ada; Berta", "IFD0:Copyright": "© XMP & Söhne", "IFD0:Orientation": "Rotate 180",
		"XMP-photoshop:Credit": "From XMP", "XMP-dc:Rights": "© XMP & Söhne",
	}
	for name, value := range want {
		if got := found[0][name]; got != value {
			t.Errorf("%s is %v, want %s", name, got, value)
		}
	}
	for name := range found[0] {
		group, _, _ := strings.Cut(name, ":")
		if (group == "IFD0" || strings.HasPrefix(group, "XMP")) && want[name] == "" && name != "XMP-dc:Creator" {
			t.Errorf("exiftool finds %s", name)
		}
	}
}
