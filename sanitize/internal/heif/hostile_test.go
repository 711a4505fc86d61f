package heif_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// A hostile file contradicts itself, attacks a parser, or uses what is not supported.
type hostile struct {
	data []byte
	want string // what the error says
}

// replaced is a file in which the first run of bytes is another one.
func replaced(b []byte, old, by string) []byte {
	if !bytes.Contains(b, []byte(old)) {
		panic("a test changes what is not there")
	}
	return bytes.Replace(b, []byte(old), []byte(by), 1)
}

func hostileFiles(t testing.TB) map[string]hostile {
	h, a := hevc(t), av1(t)
	good := plain(h).bytes()
	extent := func(off, n int) string { return be16(1) + be32(off) + be32(n) }
	at := func(e string) []byte {
		return with(plain(h), func(b *builder) { b.entries[0].extents = e }).bytes()
	}
	grid := func(rows string, to ...int) []byte {
		return with(plain(h), func(b *builder) {
			b.iloc, b.primary = 1, 3
			b.entries = append(b.entries, entry{id: 3, typ: "grid", method: 1, data: "\x00\x00" + rows + be16(64) + be16(64)})
			b.refs = append(b.refs, ref{"dimg", 3, to})
		}).bytes()
	}
	inItem := func(to1, to3 int) []byte {
		return with(plain(h), func(b *builder) {
			b.iloc = 1
			b.entries[0].method, b.entries[0].extents = 2, extent(0, 4)
			b.entries = append(b.entries, entry{id: 3, typ: "mime", method: 2, extents: extent(0, 4)})
			b.refs = append(b.refs, ref{"iloc", 1, []int{to1}}, ref{"iloc", 3, []int{to3}})
		}).bytes()
	}
	chain := with(plain(h), func(b *builder) {
		b.primary = 10
		for i := 10; i < 30; i++ {
			b.entries = append(b.entries, entry{id: i, typ: "iden"})
			b.refs = append(b.refs, ref{"dimg", i, []int{i + 1}})
		}
	})
	exifInside := with(plain(h), func(b *builder) { b.entries[1].extents = extent(len(good)-len(h.data)-40, len(h.data)) })
	return map[string]hostile{
		"extent-past-the-end":     {at(extent(1<<30, 100)), "outside of the media data"},
		"extent-in-the-meta-box":  {at(extent(16, 100)), "outside of the media data"},
		"extent-past-2-to-the-32": {at(extent(0xFFFFFFFF, 0xFFFFFFFF)), "outside of the media data"},
		"extent-of-no-length":     {at(extent(len(good)-100, 0)), "without data"},
		"no-extent":               {at(be16(0)), "without data"},
		"too-few-extents":         {at(be16(9)), "wrong length"},
		"exif-inside-the-picture": {exifInside.bytes(), "shares bytes"},
		"item-inside-itself":      {inItem(3, 3), "inside itself"},
		"items-inside-each-other": {inItem(3, 1), "inside itself"},
		"item-inside-nothing":     {inItem(99, 1), "wrong length|without data|past the end of the item"},
		"grid-of-itself":          {grid("\x00\x00", 3), "derived from itself"},
		"grid-of-nothing":         {grid("\x00\x00", 77), "derived from nothing"},
		"grid-of-too-few-tiles":   {grid("\x01\x01", 1), "contradicts itself"},
		"grid-of-exif":            {grid("\x00\x00", 2), "no table knows"},
		"derived-in-twenty-steps": {chain.bytes(), "eight steps"},
		"two-items-of-one-number": {with(plain(h), func(b *builder) { b.entries = append(b.entries, of(1, h)) }).bytes(), "one"},
		"no-primary-item":         {with(plain(h), func(b *builder) { b.primary = 7 }).bytes(), "no primary"},
		"primary-item-is-exif":    {with(plain(h), func(b *builder) { b.primary = 2 }).bytes(), "no table knows"},
		"primary-item-is-a-thumbnail": {with(plain(h), func(b *builder) {
			b.entries, b.refs = append(b.entries, of(3, h)), append(b.refs, ref{"thmb", 1, []int{3}})
		}).bytes(), "thumbnail of another"},
		"encrypted":                    {with(plain(h), func(b *builder) { b.entries[0].protected = true }).bytes(), "encrypted"},
		"jpeg-inside":                  {with(plain(h), func(b *builder) { b.entries[0].typ = "jpeg" }).bytes(), "JPEG picture in HEIF"},
		"needed-property-unknown":      {plain(h, prop{bx("mvpr", "1"), isEssential}).bytes(), "viewers have to know"},
		"property-of-the-wrong-length": {plain(h, prop{bx("irot", "\x01\x02"), isEssential}).bytes(), "wrong length"},
		"property-that-is-not-there":   {replaced(good, "ipma"+be32(0)+be32(2)+be16(1)+"\x03\x81", "ipma"+be32(0)+be32(2)+be16(1)+"\x03\xFF"), "not there"},
		"associations-2-to-the-32":     {replaced(good, "ipma"+be32(0)+be32(2), "ipma"+be32(0)+"\xFF\xFF\xFF\xFF"), "wrong length"},
		"references-65535":             {replaced(good, "cdsc"+be16(2)+be16(1), "cdsc"+be16(2)+"\xFF\xFF"), "wrong length"},
		"locations-2-to-the-32":        {replaced(with(plain(h), func(b *builder) { b.wide = true }).bytes(), "\x44\x00"+be32(2), "\x44\x00\xFF\xFF\xFF\xFF"), "wrong length"},
		"field-size-7":                 {replaced(good, "iloc"+be32(0)+"\x44\x00", "iloc"+be32(0)+"\x74\x00"), "contradict themselves"},
		"units-past-the-end":           {replaced(good, h.data[:4], "\x7F\xFF\xFF\xFF"), "coded data of the wrong length"},
		"no-configuration":             {replaced(good, "hvcC", "free"), "how it is coded|viewers have to know"},
		"low-overhead-form":            {[]byte(bx("ftyp", "mif3", be32(0), "mif3avif") + bx("mini", strings.Repeat("\x00", 40))), "low-overhead"},
		"sequence":                     {with(plain(a), func(b *builder) { b.brands, b.behind = "avisavisavifmif1", bx("moov", "") }).bytes(), "sequence"},
		"cut-off-in-the-media":         {good[:len(good)-30], "runs past"},
		"no-meta-box":                  {[]byte(bx("ftyp", "heic", be32(0), "mif1heic") + bx("mdat", h.data)), "no picture"},
		"empty-meta-box":               {[]byte(bx("ftyp", "heic", be32(0), "mif1heic") + fullBx("meta", 0, 0)), "lacks what a picture needs"},
		"box-of-7-bytes":               {replaced(good, bx("pitm", be32(0), be16(1)), "\x00\x00\x00\x07pitm"+be32(0)+be16(1)), "shorter than its header"},
		"box-of-2-to-the-63":           {[]byte(bx("ftyp", "heic", be32(0), "mif1heic") + be32(1) + "meta" + "\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "runs past"},
		"two-primary-item-boxes":       {with(plain(h), func(b *builder) { b.inMeta = fullBx("pitm", 0, 0, be16(1)) }).bytes(), "once"},
		"no-picture-handler":           {replaced(good, "pict", "vide"), "not about a picture"},
		"layers-with-messages":         {plain(talking(a), prop{bx("a1lx", "\x00", be16(10), be16(10), be16(0)), false}).bytes(), "in layers"},
		"data-in-another-file":         {replaced(good, "iloc"+be32(0)+"\x44\x00"+be16(2)+be16(1)+be16(0), "iloc"+be32(0)+"\x44\x00"+be16(2)+be16(1)+be16(1)), "another file"},
		"construction-method-9":        {replaced(with(plain(h), func(b *builder) { b.iloc = 1 }).bytes(), be16(2)+be16(1)+be16(0), be16(2)+be16(1)+be16(9)), "no standard knows"},
	}
}

// TestHostile checks what becomes of each file, and that the committed ones are those.
func TestHostile(t *testing.T) {
	for name, h := range hostileFiles(t) {
		file := filepath.Join(containertest.Root(t), "testdata", "hostile", "heif-"+name+".heic")
		if *update {
			if err := os.WriteFile(file, h.data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, h.data) {
			t.Errorf("%s is not what the test composes; run with -update (%v)", name, err)
		}
		_, _, err := tryClean(h.data, keeping())
		fits := false
		for _, want := range strings.Split(h.want, "|") {
			fits = fits || err != nil && strings.Contains(err.Error(), want)
		}
		if !fits || !container.IsVerdict(err) {
			t.Errorf("%s: %v, want %q", name, err, h.want)
		}
	}
}

// A file that merely ends too early says so, one that lies about a length inside does not.
func TestCutOff(t *testing.T) {
	files := hostileFiles(t)
	for name, want := range map[string]bool{"cut-off-in-the-media": true, "units-past-the-end": false, "box-of-7-bytes": false} {
		_, _, err := tryClean(files[name].data, keeping())
		var m *container.Malformed
		if !errors.As(err, &m) || m.CutOff != want {
			t.Errorf("%s: %v, cut off is to be %v", name, err, want)
		}
	}
}

// Many items, many extents and many references take a bounded time.
func TestLarge(t *testing.T) {
	h := hevc(t)
	many := with(plain(h), func(b *builder) {
		b.wide = true
		for i := 10; i < 4000; i++ {
			b.entries = append(b.entries, entry{id: i, typ: "uri "})
			b.refs = append(b.refs, ref{"cdsc", i, []int{1}})
		}
	})
	cuts := make([]int, 4000)
	for i := range cuts {
		cuts[i] = 1
	}
	extents := with(plain(h), func(b *builder) { b.entries[1].data, b.entries[1].cuts = strings.Repeat("\x00", 30000), cuts })
	empty := with(plain(h), func(b *builder) {
		b.iloc = 1
		b.entries[1].method, b.entries[1].extents = 2, be16(65000)+strings.Repeat(be64(0), 65000)
		b.refs = append(b.refs, ref{"iloc", 2, []int{2}})
	})
	for name, b := range map[string]builder{"items": many, "extents": extents, "empty extents": empty} {
		data, begin := b.bytes(), time.Now()
		if _, _, err := tryClean(data, keeping()); err != nil && !container.IsVerdict(err) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

// A grid of 300 tiles has numbers and properties beyond one byte.
func TestWideNumbers(t *testing.T) {
	b := gridOf(hevc(t), 20, 15, true)
	for i := range b.entries {
		b.entries[i].props = append(b.entries[i].props, prop{bx("pasp", be32(1000+i), be32(1000+i)), false})
	}
	out, _ := clean(t, b.bytes(), keeping())
	if !bytes.Contains(out, []byte("ipma"+be32(1)+be32(301))) {
		t.Error("the associations are not those of 301 items with wide numbers")
	}
	if again, _ := clean(t, out, keeping()); !bytes.Equal(again, out) {
		t.Error("cleaning the result changes it")
	}
	if n := bytes.Count(out, []byte("infe")); n != 301 {
		t.Errorf("the result has %d items", n)
	}
	if len(out) > 301*100+len(hevc(t).data)+2000 {
		t.Error(fmt.Sprint("tiles that share their data have become ", len(out), " bytes"))
	}
}
