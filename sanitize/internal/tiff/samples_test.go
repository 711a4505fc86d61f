package tiff_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

var update = flag.Bool("update", false, "write the test files anew")

// texts are tags that say something, in the directory of a page.
func texts() []tag {
	packet := xmp.Write([]metadata.Entry{
		{Field: metadata.Caption, Value: metadata.Secret(secret("xmp-caption"))},
		{Field: metadata.Creator, Value: metadata.Secret(secret("xmp-creator"))},
	})
	iptc := "\x1C\x02\x50\x00\x10" + containertest.Canary + "-by-line" + "\x1C\x02\x5A\x00\x0D" + containertest.Canary + "-city"
	block := "8BIM\x04\x04\x00\x00\x00\x00\x00" + string(rune(len(iptc))) + iptc
	return []tag{
		ascii(269, secret("document-name")), ascii(270, secret("description")), ascii(271, secret("make")),
		ascii(272, secret("model")), ascii(285, secret("page-name")), ascii(305, secret("software")),
		ascii(306, "2026:01:31 14:05:09"), ascii(315, secret("artist")), ascii(316, secret("host")),
		ascii(333, secret("ink")), ascii(337, secret("printer")), bytesTag(700, string(packet)),
		ascii(0x8298, secret("copyright")), undefined(33723, iptc), bytesTag(34377, block),
		undefined(34675, string(icc.Profile(icc.DisplayP3))+secret("icc-trailer")),
		undefined(37724, "Adobe Photoshop Document Data Block\x00"+secret("layers")),
		{id: 33550, typ: 12, numbers: double(0, 1.5).numbers}, {id: 33922, typ: 12, numbers: []uint64{1, 2, 3, 4, 5, 6}},
		short(34735, 1, 1, 0, 1, 1024, 0, 1, 1), ascii(34737, secret("geo-ascii")), ascii(42112, secret("gdal")),
		bytesTag(0x9C9B, wide(secret("xp-title"))), ascii(50735, secret("serial")), undefined(51000, secret("private")),
		ascii(65000, "short"), {id: 65001, typ: 77, text: []byte(secret("odd-type"))},
	}
}

func wide(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.Write([]byte{c, 0})
	}
	return b.String()
}

// directories lead to what hangs below a page.
func directories() []tag {
	interop := page(ascii(1, "R98"), ascii(0x1000, secret("related")))
	camera := page(
		undefined(0x9000, "0232"), ascii(0x9003, "2026:01:31 14:05:09"), undefined(0x927C, "MVNote\x00"+secret("maker-note")),
		undefined(0x9286, "ASCII\x00\x00\x00"+secret("user-comment")), ascii(0xA430, secret("owner")), ascii(0xA431, secret("body-serial")),
		below(0xA005, interop),
	)
	gps := page(
		bytesTag(0, "\x02\x03\x00\x00"), ascii(1, "N"), ratio(2, 1, 1, 2, 1, 345, 100), ascii(3, "W"), ratio(4, 30, 1, 4, 1, 567, 100),
		undefined(28, "ASCII\x00\x00\x00"+secret("area")),
	)
	small := picture(8, 8, 1).with(ascii(305, secret("sub-software")))
	small.tags[6] = parts(273, []byte(secret("sub-picture")+strings.Repeat("\x00", 64)))
	other := without(small, 254).with(long(254, 0))
	return []tag{below(34665, camera), below(34853, gps), below(330, small, other)}
}

// thumbnail is a page that says it is a smaller copy.
func thumbnail() *dir {
	d := without(picture(8, 8, 1), 254, 273, 279).with(long(254, 1), ascii(305, secret("thumbnail-software")))
	return d.with(parts(273, []byte(secret("thumbnail")+strings.Repeat("\x00", 64))), long(279, 64))
}

// exifThumbnail is a second directory as EXIF has it.
func exifThumbnail() *dir {
	jpg := append([]byte("\xFF\xD8"), jpegSegment(0xFE, secret("exif-thumbnail"))...)
	return page(short(259, 6), parts(513, jpg), long(514, uint64(len(jpg))), ascii(271, secret("ifd1-make")))
}

// samples are the files of testdata/tiff: what has to be cleaned, by a name that says why.
func samples(t testing.TB) map[string][]byte {
	gray, rgb := picture(40, 24, 1), picture(40, 24, 3)
	all := rgb.with(texts()...).with(directories()...).after(secret("gap"))
	stream := coded(t, 40, 24)
	dirty := inside(stream)
	tables, rest := takeTables(stream)
	unused := jpegSegment(0xDB, "\x03"+secret("quant")+strings.Repeat("\x01", 64-len(secret("quant"))))
	tables = bytes.Join([][]byte{[]byte("\xFF\xD8"), jpegSegment(0xFE, secret("tables-comment")), unused, tables, []byte("\xFF\xD9")}, nil)
	excess := append(bytes.Clone(draw(40, 24, 1)[40*16:]), secret("behind-strip")...)
	two := split(draw(40, 24, 1), 40*8)
	planes := append(split(draw(40, 24, 1), 40*8), append(split(draw(40, 24, 1), 40*8), split(draw(40, 24, 1), 40*8)...)...)

	files := map[string][]byte{
		"plain-little.tif":   build(little, false, rgb.with(ascii(305, secret("software")))),
		"plain-big.tif":      build(bigEnd, false, rgb.with(ascii(305, secret("software")))),
		"bigtiff-little.tif": build(little, true, rgb.with(ascii(305, secret("software")))),
		"bigtiff-big.tif":    build(bigEnd, true, rgb.with(ascii(305, secret("software")))),

		"everything.tif":            append(build(little, false, all, thumbnail(), exifThumbnail()), secret("trailer")...),
		"everything-big-endian.tif": append(build(bigEnd, false, all, thumbnail()), secret("trailer")...),
		"everything-bigtiff.tif":    append(build(little, true, all, thumbnail()), secret("trailer")...),

		"pages.tif": build(little, false,
			without(gray, 254, 274).with(long(254, 2), short(274, 6), ascii(285, secret("page-1"))), thumbnail(),
			without(rgb, 254).with(long(254, 2), ascii(270, secret("page-2"))),
			without(gray, 254, 262).with(long(254, 4), short(262, 4), undefined(34675, string(icc.Profile(icc.AdobeRGB))))),
		"only-a-small-one.tif": build(little, false, without(gray, 254).with(long(254, 1), ascii(305, secret("software")))),

		"planes.tif":  build(little, false, stored(40, 24, 3, 1, planes...).with(short(284, 2), ascii(305, secret("software")))),
		"palette.tif": build(bigEnd, false, without(gray, 262).with(short(262, 3), short(320, ramp(256)...), ascii(305, secret("software")))),
		"tiles.tif": build(little, false, without(rgb, 273, 278, 279).with(
			short(322, side), short(323, side), parts(324, tiles(40, 24, 3)...), long(325, side*side*3, side*side*3, side*side*3, side*side*3, side*side*3, side*side*3),
			ascii(305, secret("software")))),
		"deflate.tif":  build(little, false, stored(40, 24, 1, 8, deflate(two[0]), deflate(two[1]), deflate(two[2])).with(ascii(305, secret("software")))),
		"packbits.tif": build(bigEnd, false, stored(40, 24, 1, 32773, packBits(two[0]), packBits(two[1]), packBits(two[2])).with(ascii(305, secret("software")))),

		"behind-strips.tif":  build(little, false, stored(40, 24, 1, 1, two[0], two[1], excess)),
		"behind-streams.tif": build(little, false, behindAll(8, deflate, two), behindAll(5, lzw, two), behindAll(32773, packBits, two)),
		"behind-zstd.tif":    build(little, false, behindAll(50000, zstandard, two)),
		"no-sizes.tif":       build(little, false, without(gray, 279).with(ascii(305, secret("software")))),
		"shared-strips.tif":  sharedStrips(two[0]),
		"loop.tif":           build(little, false, loop(gray.with(ascii(305, secret("software"))))),
		"adobe-rgb.tif":      build(little, false, rgb.with(undefined(34675, string(icc.Profile(icc.AdobeRGB))+secret("icc")))),
		"lost-profile.tif":   build(little, false, rgb.with(undefined(34675, secret("no profile at all")))),

		"jpeg-strip.tif":  build(little, false, inJPEG(40, 24, dirty)),
		"jpeg-tables.tif": build(bigEnd, false, inJPEG(40, 24, rest).with(undefined(347, string(tables)), ascii(305, secret("software")))),
		"jpeg-twice.tif":  build(little, true, inJPEG(40, 24, dirty), inJPEG(40, 24, rest).with(undefined(347, string(tables)))),
	}
	for _, name := range []string{"lzw", "group3", "group4", "jpeg-tiles", "predictor", "zstd"} {
		if b := base(t, name); b != nil {
			files["tool-"+name+".tif"] = b
		}
	}
	return files
}

// inside puts into a stream what encoders leave in it.
func inside(stream []byte) []byte {
	exif := "Exif\x00\x00" + string(build(bigEnd, false, page(ascii(271, secret("app1-make")))))
	adobe := "Adobe\x00\x64MVCA\x01" + secret("adobe-rest")
	head := bytes.Join([][]byte{
		stream[:2], jpegSegment(0xE1, exif), jpegSegment(0xFE, secret("comment")), jpegSegment(0xEE, adobe),
		jpegSegment(0xEE, "Adobe\x00\x64\x00\x00\x00\x00\x02"+secret("second")),
	}, nil)
	return append(append(head, stream[2:]...), secret("behind-eoi")...)
}

// behindAll is a page of compressed strips with a secret behind the end of each.
func behindAll(compression int, pack func([]byte) []byte, rows [][]byte) *dir {
	var strips [][]byte
	for _, s := range rows {
		strips = append(strips, append(bytes.Clone(pack(s)), secret("behind-stream")...))
	}
	return stored(40, 24, 1, compression, strips...)
}

func ramp(n int) (v []uint64) {
	for c := range 3 {
		for i := range n {
			v = append(v, uint64((i*257+c*1000)%65536))
		}
	}
	return v
}

// tiles are those of our picture, filled up with black.
func tiles(w, h, samples int) (all [][]byte) {
	img := draw(w, h, samples)
	for ty := 0; ty < h; ty += side {
		for tx := 0; tx < w; tx += side {
			tile := make([]byte, side*side*samples)
			for y := ty; y < min(ty+side, h); y++ {
				copy(tile[(y-ty)*side*samples:][:side*samples], img[(y*w+tx)*samples:(y*w+min(tx+side, w))*samples])
			}
			all = append(all, tile)
		}
	}
	return all
}

// sharedStrips is a picture of which two strips stand in one place and a third one overlaps.
func sharedStrips(strip []byte) []byte {
	d := without(picture(40, 24, 1), 273, 279).with(places(273, 8, 8, 40), long(279, 320, 320, 320))
	d.lead = append(append(bytes.Clone(strip), strip[:32]...), secret("behind")...)
	return build(little, false, d)
}

// loop leads back to itself: the only directory of a file.
func loop(d *dir) *dir {
	looped := *d
	at := uint64(len(build(little, false, d))) - uint64(2+12*len(d.tags)+4)
	looped.next = at
	return &looped
}

// base reads a picture that libtiff has made: it writes what we can not.
func base(t testing.TB, name string) []byte {
	b, err := os.ReadFile(filepath.Join(containertest.Root(t), "testdata", "tiff", "base", name+".tif"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSamples checks that the committed files are those of this package, and writes them
// with -update.
func TestSamples(t *testing.T) { commit(t, "tiff", "", samples(t)) }

func commit(t *testing.T, folder, prefix string, files map[string][]byte) {
	t.Helper()
	dir := filepath.Join(containertest.Root(t), "testdata", folder)
	for name, want := range files {
		file := filepath.Join(dir, prefix+name)
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the test composes; run with -update", name)
		}
	}
}
