package tiff_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/tiff"
)

// A hostile file has to be refused with the given words.
type hostile struct {
	data []byte
	want string
}

// hostileFiles attack the parser, or use what is not supported. They are committed to
// testdata/hostile, where every format sees them.
func hostileFiles(t testing.TB) map[string]hostile {
	gray := picture(40, 24, 1)
	file := func(d ...*dir) []byte { return build(little, false, d...) }
	stream := coded(t, 40, 24)
	jpegPage := inJPEG(40, 24, stream)
	cut := file(gray)
	return map[string]hostile{
		"no-directory.tif":        {[]byte("II*\x00\x00\x00\x00\x00"), "no page"},
		"header-only.tif":         {[]byte("II*\x00\x08\x00\x00\x00"), "past the end"},
		"bigtiff-header-cut.tif":  {[]byte("II+\x00\x08\x00\x00\x00"), "too short"},
		"bigtiff-odd-offsets.tif": {[]byte("II+\x00\x04\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00"), "unknown size"},
		"bigtiff-many.tif":        {[]byte("II+\x00\x08\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "4,096 entries"},
		"bigtiff-negative.tif":    {[]byte("II+\x00\x08\x00\x00\x00\xF0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00\x00\x00\x00\x00\x00\x00\x00"), "past the end"},
		"directory-cut.tif":       {cut[:len(cut)-1], "past the end"},
		"second-page-missing.tif": {file(&dir{tags: gray.tags, next: 1 << 20}), "past the end"},
		"no-picture.tif":          {file(page(ascii(271, secret("make")))), "no picture"},
		"no-size.tif":             {file(without(gray, 256).with(short(256, 0))), "without a size"},
		"strips-behind-end.tif":   {file(without(gray, 273).with(places(273, 1<<20, 1<<20, 1<<20))), "past the end"},
		"strip-over-header.tif":   {file(without(gray, 273).with(places(273, 0, 0, 0), undefined(65000, strings.Repeat("x", 1000)))), "in one place"},
		"strip-over-text.tif":     {file(without(gray, 273, 279).with(ascii(305, secret(strings.Repeat("long", 300))), places(273, 8, 328, 648), long(279, 320, 320, 320))), "in one place"},
		"too-few-sizes.tif":       {file(without(gray, 279).with(long(279, 320, 320))), "do not fit"},
		"size-of-two-kinds.tif":   {file(gray.with(short(256, 41))), "says twice"},
		"width-of-text.tif":       {file(without(gray, 274, 266).with(ascii(266, "1"))), "wrong type"},
		"too-many-strips.tif":     {file(without(gray, 257, 278).with(long(257, 1<<30), short(278, 1))), "so many strips"},
		"samples.tif":             {file(without(gray, 277).with(short(277, 60000))), "samples per pixel"},
		"bits-of-zero.tif":        {file(without(gray, 258).with(short(258, 0))), "impossible size"},
		"bits-past-end.tif":       {file(without(gray, 258).with(tag{id: 258, typ: 3, at: []uint64{8, 8, 8}, count: 1 << 30})), "wrong type"},
		"old-jpeg.tif":            {file(without(gray, 259).with(short(259, 6))), "old style"},
		"jpeg2000.tif":            {file(without(gray, 259).with(short(259, 34712))), "JPEG 2000"},
		"new-compression.tif":     {file(without(gray, 259).with(short(259, 60001))), "unknown compression"},
		"volume.tif":              {file(gray.with(short(32997, 7))), "three dimensions"},
		"no-sizes-packed.tif":     {file(without(stored(40, 24, 1, 32773, packBits(draw(40, 24, 1))), 279, 278).with(short(278, 24))), "unknown length"},
		"palette-too-long.tif":    {file(without(gray, 262).with(short(262, 3), short(320, ramp(300)...))), "colour map"},
		"webp-with-exif.tif":      {file(stored(40, 24, 1, 50001, []byte("RIFF\x20\x00\x00\x00WEBPVP8X\x0A\x00\x00\x00"+secret("vp8x")), nil, nil)), "WebP"},
		"no-jpeg.tif":             {file(inJPEG(40, 24, []byte(secret("no jpeg")))), "no start of image"},
		"jpeg-cut.tif":            {file(inJPEG(40, 24, stream[:100])), "past the end"},
		"jpeg-overlap.tif":        {overlap(stream), "overlap"},
		"jpeg-tables-picture.tif": {file(jpegPage.with(undefined(347, string(stream)))), "where tables should be"},
		"larger-one-below.tif":    {file(without(thumbnail(), 271).with(below(330, gray))), "sub-directory"},

		"raw-dng.tif":   {file(gray.with(bytesTag(50706, "\x01\x04\x00\x00"))), "DNG"},
		"raw-cr2.tif":   {patchedHead(file(gray), "CR\x02\x00"), "CR2"},
		"raw-iiq.tif":   {patchedHead(file(gray), "IIII"), "IIQ"},
		"raw-nef.tif":   {file(thumbnail().with(ascii(271, "NIKON CORPORATION"), below(330, gray))), "Nikon"},
		"raw-arw.tif":   {file(without(gray, 259).with(short(259, 32767), ascii(271, "SONY"))), "Sony"},
		"raw-pef.tif":   {file(without(gray, 262).with(short(262, 32803), ascii(271, "PENTAX"))), "Pentax"},
		"raw-3fr.tif":   {file(gray.with(ascii(271, "Hasselblad"), short(33421, 2, 2))), "Hasselblad"},
		"raw-other.tif": {file(without(gray, 262).with(short(262, 34892))), "camera raw"},
	}
}

// patchedHead puts bytes behind the header, where some raw photos say what they are.
func patchedHead(b []byte, s string) []byte {
	return append(b[:8:8], append([]byte(s), b[8+len(s):]...)...)
}

// overlap is a page of two JPEG strips of which the second begins inside the first.
func overlap(stream []byte) []byte {
	d := without(inJPEG(40, 24, nil), 273, 278, 279)
	d.lead = stream
	n := uint64(len(stream))
	return build(little, false, d.with(short(278, 12), places(273, 8, 10), long(279, n, n-2)))
}

func TestHostile(t *testing.T) {
	files := make(map[string][]byte)
	for name, h := range hostileFiles(t) {
		files[name] = h.data
		_, err := container.Map(context.Background(), tiff.Format{}, bytes.NewReader(h.data))
		if err == nil || !container.IsVerdict(err) || !strings.Contains(err.Error(), h.want) {
			t.Errorf("%s: %v, want something about %q", name, err, h.want)
		}
	}
	commit(t, "hostile", "tiff-", files)
}

// A pointer that a program forgot to take along leads nowhere, and does no harm.
func TestStalePointers(t *testing.T) {
	gray := picture(40, 24, 1)
	for name, stale := range map[string]tag{
		"into the picture": places(34665, 100), "past the end": places(34853, 1<<30), "to itself": places(330, 8),
	} {
		out, err := clean(build(little, false, gray.with(stale)), containertest.Strict)
		if err != nil || !bytes.Contains(out, draw(40, 24, 1)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	twice := picture(40, 24, 3).with(undefined(34675, "no profile at all"), undefined(34675, string(icc.Profile(icc.SRGB))))
	if _, err := clean(build(little, false, twice), containertest.Strict); err != nil {
		t.Errorf("two profiles: %v", err)
	}
}

// An EXIF directory inside a strip means that the strip is too long.
func TestDirectoryInStrip(t *testing.T) {
	d := without(stored(40, 24, 1, 34925, draw(40, 24, 1)), 273, 278, 279).with(short(278, 24), places(273, 8), long(279, 994))
	d.lead = draw(40, 24, 1)
	_, err := clean(build(little, false, d.with(below(34665, page(ascii(0xA431, secret("serial")))))), containertest.Strict)
	if err == nil || !strings.Contains(err.Error(), "something else in one place") {
		t.Fatal(err)
	}
}

// A file that ends too early says so, and nothing else does.
func TestCutOff(t *testing.T) {
	whole := build(little, false, picture(40, 24, 1))
	for n := range whole {
		_, err := container.Map(context.Background(), tiff.Format{}, bytes.NewReader(whole[:n]))
		var m *container.Malformed
		if !errors.As(err, &m) || n >= 16 && !m.CutOff {
			t.Fatalf("cut off behind byte %d: %v", n, err)
		}
	}
}

// Directories that share their bytes must not multiply.
func TestManyDirectories(t *testing.T) {
	var entries []byte
	for range 4000 {
		entries = append(entries, 0x4A, 1, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0)
	}
	b := append([]byte("II*\x00\x08\x00\x00\x00\xA0\x0F"), entries...)
	b = append(b, 20, 0, 0, 0)
	_, err := clean(b, containertest.Strict)
	if err == nil || !container.IsVerdict(err) {
		t.Fatal(err)
	}
}
