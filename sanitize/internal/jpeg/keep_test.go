package jpeg_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// keeping is a policy of what a viewer needs and the given categories.
func keeping(more ...metadata.Category) func(metadata.Item) bool {
	set := metadata.SetOf(more...).With(metadata.Rendering)
	return func(it metadata.Item) bool { return set.Has(it.Category) }
}

// clean cleans b, checks the result, and returns it with the notes.
func clean(t testing.TB, b []byte, keep func(metadata.Item) bool, set ...metadata.Entry) ([]byte, []string) {
	t.Helper()
	ctx := context.Background()
	job, err := container.Prepare(ctx, jpeg.Format{}, bytes.NewReader(b), keep, set)
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
	return out.Bytes(), job.Draft.Notes
}

func itemsOf(t testing.TB, b []byte) (items []metadata.Item) {
	t.Helper()
	spans, err := container.Map(context.Background(), jpeg.Format{}, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spans {
		items = append(items, s.Items...)
	}
	return items
}

// payloads returns what stands in the segments of a marker behind an identifier.
func payloads(b []byte, marker byte, id string) (all []string) {
	for _, p := range places(b) {
		if p.marker == marker && strings.HasPrefix(string(b[p.off+4:p.end]), id) {
			all = append(all, string(b[p.off+4+len(id):p.end]))
		}
	}
	return all
}

// sequence is the markers of a picture in hexadecimal.
func sequence(b []byte) string {
	var all []string
	for _, p := range places(b) {
		all = append(all, fmt.Sprintf("%X", p.marker))
	}
	return strings.Join(all, " ")
}

// Each application segment is known by name and goes without a trace.
func TestApps(t *testing.T) {
	plain := bare(base(t, "baseline"))
	for _, a := range appSegs {
		if a.data == "" {
			continue
		}
		for place, b := range map[string][]byte{
			"behind SOI": head(plain, a.data), "before SOS": before(plain, 0xDA, 0, a.data), "before EOI": before(plain, 0xD9, 0, a.data),
		} {
			items := itemsOf(t, b)
			if len(items) != 1 || items[0].Path != a.path || items[0].Category.String() != a.category || items[0].Field != "" {
				t.Errorf("%s %s is reported as %v", a.path, place, items)
			}
			if out, _ := clean(t, b, keeping()); !bytes.Equal(out, plain) {
				t.Errorf("%s %s leaves a trace", a.path, place)
			}
		}
	}
}

// Each row of the table of apps has its test.
func TestAppsAreTested(t *testing.T) {
	structured := []string{"jpeg/app1", "jpeg/app13", "jpeg/app2/mpf", "jpeg/app2/icc/unusable"}
	for _, name := range jpeg.AppNames() {
		tested := slices.Contains(structured, name)
		for _, a := range appSegs {
			tested = tested || a.path == name
		}
		if !tested {
			t.Errorf("no test of %s", name)
		}
	}
}

// Blocks with a structure of their own are read down to their parts.
func TestStructuredApps(t *testing.T) {
	found := map[string]metadata.Category{}
	for _, it := range itemsOf(t, everything(t)) {
		found[it.Path] = it.Category
		if strings.Contains(it.Path, canary) {
			t.Errorf("a path tells a secret: %s", it.Path)
		}
	}
	for path, want := range map[string]metadata.Category{
		"jpeg/app1/exif/gps/GPSLatitude":              metadata.Location,
		"jpeg/app1/exif/exif/MakerNote":               metadata.Device,
		"jpeg/app1/exif/ifd1/thumbnail":               metadata.Thumbnail,
		"jpeg/app1/exif/ifd0/Orientation":             metadata.Rendering,
		"jpeg/app1/xmp/Iptc4xmpExt:PersonInImage":     metadata.Person,
		"jpeg/app1/xmp/photoshop:City":                metadata.Location,
		"jpeg/app13/irb/0x0404/iptc/2:080/By-line":    metadata.Rights,
		"jpeg/app13/irb/0x040c/thumbnail":             metadata.Thumbnail,
		"jpeg/app13/irb/0x0422/exif/ifd0/Make":        metadata.Device,
		"jpeg/app13/irb/0x0424/xmp/photoshop:Country": metadata.Location,
		"jpeg/app13/irb/0x4321":                       metadata.Unknown,
		"jpeg/app2/mpf":                               metadata.Thumbnail,
		"jpeg/app2/iso-21496":                         metadata.Unknown,
		"jpeg/app2/icc/part":                          metadata.Rendering,
		"jpeg/app2/icc/dmnd":                          metadata.Device,
		"jpeg/app0/jfif/thumbnail":                    metadata.Thumbnail,
		"jpeg/app14/rest":                             metadata.Unknown,
		"jpeg/unused-table":                           metadata.Unknown,
		"jpeg/unused-line-count":                      metadata.Unknown,
		"jpeg/fill":                                   metadata.Unknown,
		"jpeg/between-segments":                       metadata.Unknown,
		"jpeg/trailer/picture":                        metadata.Thumbnail,
		"jpeg/trailer/video":                          metadata.Thumbnail,
	} {
		if got, ok := found[path]; !ok || got != want {
			t.Errorf("%s: found %v as %v, want %v", path, ok, got, want)
		}
	}
}

func TestTrailers(t *testing.T) {
	plain := pure(t, "gray")
	for path, test := range map[string]struct {
		category metadata.Category
		data     string
	}{
		"jpeg/trailer/video":   {metadata.Thumbnail, film()},
		"jpeg/trailer/samsung": {metadata.Device, samsung()},
		"jpeg/trailer/vivo":    {metadata.Device, `vivo{"x":"` + secret("vivo") + `"}`},
		"jpeg/trailer/zip":     {metadata.Unknown, "PK\x03\x04" + secret("zip")},
		"jpeg/trailer/picture": {metadata.Thumbnail, string(plain)},
		"jpeg/trailer/padding": {metadata.Unknown, strings.Repeat("\x00", 300)},
		"jpeg/trailer/unknown": {metadata.Unknown, secret("trailer")},
	} {
		b := behind(plain, test.data)
		items := itemsOf(t, b)
		if len(items) != 1 || items[0].Path != path || items[0].Category != test.category || items[0].Size != int64(len(test.data)) {
			t.Errorf("%s is reported as %v", path, items)
		}
		if out, _ := clean(t, b, keeping()); !bytes.Equal(out, plain) {
			t.Errorf("%s is still there", path)
		}
	}
}

// A turned picture keeps one EXIF block of one tag and nothing else.
func TestOrientation(t *testing.T) {
	plain := bare(base(t, "baseline"))
	block := func(n int) string {
		return "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01" + be16(n) + "\x00\x00\x00\x00\x00\x00"
	}
	for n := 1; n <= 8; n++ {
		want := plain
		if n > 1 {
			want = head(plain, seg(0xE1, "Exif\x00\x00", block(n)))
		}
		for name, b := range map[string][]byte{
			"first": head(plain, orientationSeg(n)), "behind XMP": head(plain, fullXMP(), fullExif(n, plain)),
			"before another":  head(plain, orientationSeg(n), orientationSeg(n%8+1)),
			"before the scan": before(plain, 0xDA, 0, orientationSeg(n)),
		} {
			if out, _ := clean(t, b, keeping()); !bytes.Equal(out, want) {
				t.Errorf("orientation %d, EXIF %s: %s", n, name, sequence(out))
			}
		}
	}
	for name, b := range map[string][]byte{
		"0": head(plain, orientationSeg(0)), "9": head(plain, orientationSeg(9)),
		"behind the scan": before(plain, 0xD9, 0, orientationSeg(6)),
		"in the IRB":      head(plain, irbSeg(resource(0x0422, tiff([]tag{short(0x112, 6)})))),
		"in IFD1":         head(plain, exifSeg([]tag{ascii(0x10F, "x")}, []tag{short(0x112, 6)})),
	} {
		if out, _ := clean(t, b, keeping()); !bytes.Equal(out, plain) {
			t.Errorf("an orientation %s that no viewer follows was kept", name)
		}
	}
}

// A JFIF segment keeps units and density; all else in it is ours.
func TestJFIF(t *testing.T) {
	plain := bare(base(t, "baseline"))
	jfif := func(parts ...string) []byte { return head(plain, seg(0xE0, parts...)) }
	ours := func(units, x, y int) []byte {
		return jfif("JFIF\x00\x01\x01", string([]byte{byte(units)}), be16(x), be16(y), "\x00\x00")
	}
	thumb := "\x04\x02" + secret("jfif-thumb.")
	for name, test := range map[string]struct{ in, want []byte }{
		"inches":             {head(plain, jfifSeg(1, 300, 301)), ours(1, 300, 301)},
		"no units":           {head(plain, jfifSeg(0, 1, 2)), ours(0, 1, 2)},
		"thumbnail":          {jfif("JFIF\x00\x01\x02\x02", be16(118), be16(118), thumb), ours(2, 118, 118)},
		"longer than it is":  {jfif("JFIF\x00\x01\x02\x02", be16(118), be16(118), "\x00\x00", secret("jfif")), ours(2, 118, 118)},
		"cut short":          {jfif("JFIF\x00\x01\x02\x01", be16(72), "\x00"), plain},
		"the second is none": {head(plain, jfifSeg(1, 72, 72), jfifSeg(2, 9, 9)), ours(1, 72, 72)},
		"behind EXIF":        {head(plain, orientationSeg(1), jfifSeg(1, 72, 72)), ours(1, 72, 72)},
		"behind the scan":    {before(plain, 0xD9, 0, jfifSeg(1, 72, 72)), plain},
	} {
		if out, _ := clean(t, test.in, keeping()); !bytes.Equal(out, test.want) {
			t.Errorf("%s: %s", name, sequence(out))
		}
	}
}

// The colour transform of the last Adobe segment before the scan counts, as in libjpeg.
func TestAdobe(t *testing.T) {
	plain := bare(base(t, "cmyk"))
	ours := func(transform string) []byte {
		return head(plain, seg(0xEE, "Adobe\x00\x64\x00\x00\x00\x00", transform))
	}
	for name, test := range map[string]struct{ in, want []byte }{
		"CMYK":            {head(plain, adobeSeg(0, "")), ours("\x00")},
		"YCCK":            {head(plain, adobeSeg(2, "")), ours("\x02")},
		"longer":          {head(plain, adobeSeg(2, secret("more"))), ours("\x02")},
		"the last counts": {head(plain, adobeSeg(0, ""), adobeSeg(2, secret("more"))), ours("\x02")},
		"before the scan": {before(head(plain, adobeSeg(0, "")), 0xDA, 0, adobeSeg(2, "")), ours("\x02")},
		"behind the scan": {before(head(plain, adobeSeg(0, "")), 0xD9, 0, adobeSeg(2, "")), ours("\x00")},
		"too short":       {head(plain, seg(0xEE, "Adobe\x00\x64\x00\x00\x00\x00")), plain},
		"none":            {plain, plain},
	} {
		if out, _ := clean(t, test.in, keeping()); !bytes.Equal(out, test.want) {
			t.Errorf("%s: %s", name, sequence(out))
		}
	}
}

// What a decoder needs stays in its order, whatever stood between.
func TestScanStructure(t *testing.T) {
	for _, name := range []string{"baseline", "gray", "odd-444", "odd-422", "progressive", "restart", "arithmetic", "arithmetic-progressive", "lossless", "twelve-bit", "dnl"} {
		plain := pure(t, name)
		var dirty []byte
		for _, p := range places(plain) {
			if p.marker != 0xD8 {
				dirty = append(dirty, seg(0xFE, secret("com"))+"\xFF\xFF"+seg(0xE5, secret("app5"))+"\xFF\xFF"...)
			}
			if p.marker == 0xDC {
				dirty = dirty[:len(dirty)-len(seg(0xFE, secret("com"))+"\xFF\xFF"+seg(0xE5, secret("app5"))+"\xFF\xFF")]
			}
			dirty = append(dirty, plain[p.off:p.end]...)
		}
		out, _ := clean(t, dirty, keeping())
		if !bytes.Equal(out, plain) {
			t.Errorf("%s: %s instead of %s", name, sequence(out), sequence(plain))
		}
	}
}

// Tables that no scan uses hold whatever somebody put there; they go, the others stay.
func TestUnusedTables(t *testing.T) {
	plain := bare(base(t, "baseline"))
	quant := find(plain, 0xDB, 0)
	tables := string(plain[quant.off+4 : quant.end])
	rest := func(add string) []byte {
		return append(append(slices.Clone(plain[:quant.off]), seg(0xDB, add)...), plain[quant.end:]...)
	}
	hidden := unusedQuant()[4:]
	for name, b := range map[string][]byte{
		"a segment of its own":   head(plain, unusedQuant(), unusedHuffman()),
		"before the used ones":   rest(hidden + tables),
		"behind the used ones":   rest(tables + hidden),
		"between scan and EOI":   before(plain, 0xD9, 0, unusedQuant(), unusedHuffman()),
		"replaced before use":    head(plain, seg(0xDB, "\x00"+hidden[1:])),
		"both replaced and used": rest("\x00" + hidden[1:] + tables),
	} {
		if out, _ := clean(t, b, keeping()); !bytes.Equal(out, plain) {
			t.Errorf("%s: %s", name, sequence(out))
		}
	}
}

// pure is a base picture without APPn segments and without the tables that its encoder wrote
// and did not use.
func pure(t testing.TB, name string) []byte {
	t.Helper()
	out, _ := clean(t, bare(base(t, name)), keeping())
	return out
}
