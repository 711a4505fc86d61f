package webp_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

func oriented(v string) string {
	return string(exif.Write([]metadata.Entry{{Field: metadata.Orientation, Value: metadata.Secret(v)}}))
}

// What is left of each sample, to the byte.
func TestResults(t *testing.T) {
	lossy, lossless, plain, moving := base(t, "lossy"), base(t, "lossless"), base(t, "alpha-plain"), base(t, "animated")
	vp8, vp8l := chunk("VP8 ", payload(lossy, "VP8 ", 0)), chunk("VP8L", payload(lossless, "VP8L", 0))
	p3, srgb := chunk("ICCP", string(icc.Profile(icc.DisplayP3))), chunk("ICCP", string(icc.Profile(icc.SRGB)))
	turned := chunk("EXIF", oriented("6"))
	frames := ""
	for _, p := range places(moving, 12) {
		if p.id == "ANIM" || p.id == "ANMF" {
			frames += chunk(p.id, p.payload)
		}
	}
	files := samples(t)
	for name, test := range map[string]struct {
		want []byte
		note string
	}{
		"base-lossy": {lossy, ""}, "base-lossless": {lossless, ""}, "base-alpha-plain": {plain, ""}, "base-animated": {moving, ""},
		"everything":                             {riffOf(vp8x(0x38, 37, 23), p3, chunk("ALPH", payload(plain, "ALPH", 0)), chunk("VP8 ", payload(plain, "VP8 ", 0)), turned), ""},
		"animation-with-everything":              {riffOf(vp8x(0x3A, 37, 23), srgb, frames, turned), ""},
		"behind-a-bare-picture":                  {lossy, ""},
		"behind-a-bare-lossless-picture":         {lossless, ""},
		"behind-a-lossless-stream":               {lossless, ""},
		"behind-a-packed-alpha-plane":            {base(t, "alpha"), ""},
		"extended-for-no-reason":                 {lossy, ""},
		"lossless-with-alpha-in-the-header-only": {riffOf(vp8x(0x10, 37, 23), vp8l), ""},
		"exif-that-the-header-denies":            {lossy, ""},
		"icc-not-a-profile":                      {lossy, "profile-dropped"},
		"icc-twice":                              {riffOf(vp8x(0x20, 37, 23), srgb, vp8l), ""},
		"padding-with-content":                   {riffOf(vp8x(0x28, 37, 23), srgb, vp8, turned), ""},
		"orientation-1":                          {lossy, ""},
		"orientation-8":                          {riffOf(vp8x(8, 37, 23), vp8, chunk("EXIF", oriented("8"))), ""},
		"orientation-behind-a-prefix":            {riffOf(vp8x(8, 37, 23), vp8, chunk("EXIF", "Exif\x00\x00", oriented("8"))), ""},
		"no-padding-at-the-end":                  {lossy, ""},
	} {
		out, notes := clean(t, files[name], keeping())
		if !bytes.Equal(out, test.want) {
			t.Errorf("%s: %s, want %s", name, order(out), order(test.want))
		}
		if got := strings.Join(notes, " "); got != test.note {
			t.Errorf("%s: notes are %q, want %q", name, got, test.note)
		}
	}
	if _, notes := clean(t, files["icc-custom"], keeping()); !slices.Equal(notes, []string{"profile-custom"}) {
		t.Errorf("notes of a custom profile: %q", notes)
	}
}

// A bare file gets the header that a text needs, with the alpha that its bitstream has.
func TestTexts(t *testing.T) {
	set := metadata.Entry{Field: metadata.Credit, Value: "Example Relief"}
	for name, want := range map[string]string{
		"lossy": "VP8X VP8 XMP", "lossless-alpha": "VP8X VP8L XMP", "animated": "VP8X ANIM ANMF[ALPH VP8] ANMF[VP8L] ANMF[ALPH VP8] XMP",
	} {
		b := base(t, name)
		out, _ := clean(t, b, keeping(), set)
		if got := order(out); !strings.HasPrefix(got, "VP8X") || !strings.HasSuffix(got, "XMP") || name != "animated" && got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		alpha := payload(out, "VP8X", 0)[0]&0x10 != 0
		if alpha != (name == "lossless-alpha") && name != "animated" {
			t.Errorf("%s: alpha flag is %v", name, alpha)
		}
		if again, _ := clean(t, out, keeping()); !bytes.Equal(again, b) {
			t.Errorf("%s: %s after the text is taken away again", name, order(again))
		}
	}
	kept, _ := clean(t, samples(t)["everything"], keeping(metadata.Rights))
	if !has(kept, "XMP ") || !strings.Contains(payload(kept, "XMP ", 0), "Example Relief") || !strings.Contains(payload(kept, "EXIF", 0), "2026 Example Relief") {
		t.Errorf("credit and copyright are not kept: %s", order(kept))
	}
	if bytes.Contains(kept, []byte(canary)) {
		t.Error("a secret is kept with the rights")
	}
}

func TestItems(t *testing.T) {
	want := map[string]metadata.Category{
		"webp/EXIF/exif/ifd0/Make": metadata.Device, "webp/EXIF/exif/gps/GPSProcessingMethod": metadata.Location,
		"webp/C2PA": metadata.Software, "webp/SEAL": metadata.Software, "webp/unknown": metadata.Unknown,
		"webp/VP8X/rest": metadata.Unknown, "webp/ALPH/rest": metadata.Unknown, "webp/trailer": metadata.Unknown,
		"webp/between-chunks": metadata.Unknown, "webp/further-picture": metadata.Thumbnail,
		"webp/ICCP/icc/space": metadata.Rendering, "webp/ICCP/icc/unreferenced": metadata.Unknown,
		"webp/XMP/xmp/photoshop:City": metadata.Location,
	}
	for _, s := range spansOf(t, samples(t)["everything"]) {
		for _, it := range s.Items {
			if c, ok := want[it.Path]; ok && c == it.Category {
				delete(want, it.Path)
			}
			if strings.Contains(it.Path, canary) {
				t.Errorf("%s says what the file says", it.Path)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

// hostileFiles are files that have to be refused, by what is wrong with them.
func hostileFiles(t testing.TB) map[string][]byte {
	vp8, vp8l := chunk("VP8 ", payload(base(t, "lossy"), "VP8 ", 0)), chunk("VP8L", payload(base(t, "lossless"), "VP8L", 0))
	alph := chunk("ALPH", payload(base(t, "alpha-plain"), "ALPH", 0))
	anim, frame := chunk("ANIM", "\xff\xff\xff\xff\x00\x00"), payload(base(t, "animated"), "ANMF", 0)
	place := frame[:16]
	length := func(b []byte, n int) []byte { copy(b[4:], le32(n)); return b }
	interframe := []byte(vp8)
	interframe[8] |= 1
	partition := []byte(vp8)
	copy(partition[8:], "\xf0\xff\xff")
	stream := payload(base(t, "lossless"), "VP8L", 0)
	long := []byte(vp8)
	copy(long[4:], le32(0xFFFFFFFF))
	return map[string][]byte{
		"header-only":                  riffOf(),
		"no-picture":                   riffOf(vp8x(0, 37, 23)),
		"riff-of-no-bytes":             length(riffOf(vp8), 0),
		"riff-past-the-end":            length(riffOf(vp8), 1<<20),
		"riff-of-4-gib":                length(riffOf(vp8), 0xFFFFFFFF),
		"riff-ends-in-the-picture":     length(riffOf(vp8), 40),
		"chunk-of-4-gib":               riffOf(string(long)),
		"alpha-without-a-header":       riffOf(alph, vp8),
		"unknown-first":                riffOf(chunk("note", "text"), vp8),
		"header-of-4-bytes":            riffOf(chunk("VP8X", "\x00\x00\x00\x00"), vp8),
		"canvas-of-another-size":       riffOf(vp8x(0, 38, 23), vp8),
		"canvas-of-2-to-24":            riffOf(vp8x(0, 1<<24, 1<<24), vp8),
		"picture-of-9-bytes":           riffOf(chunk("VP8 ", payload(base(t, "lossy"), "VP8 ", 0)[:9])),
		"lossless-of-4-bytes":          riffOf(chunk("VP8L", "\x2f\x00\x00\x00")),
		"lossless-of-version-1":        riffOf(chunk("VP8L", "\x2f\x00\x00\x00\x20\x00")),
		"interframe":                   riffOf(string(interframe)),
		"partition-past-the-end":       riffOf(string(partition)),
		"picture-of-width-0":           riffOf(chunk("VP8 ", "\x10\x00\x00\x9d\x01\x2a\x00\x00\x17\x00\x00\x00")),
		"lossless-cut-before-its-end":  riffOf(chunk("VP8L", stream[:len(stream)-2])),
		"lossless-of-zeros":            riffOf(chunk("VP8L", stream[:5], strings.Repeat("\x00", 40))),
		"lossless-of-ones":             riffOf(chunk("VP8L", stream[:5], strings.Repeat("\xff", 40))),
		"lossless-without-codes":       riffOf(chunk("VP8L", stream[:5])),
		"alpha-plane-too-short":        riffOf(vp8x(0x10, 37, 23), chunk("ALPH", "\x00abc"), vp8),
		"alpha-plane-of-compression-2": riffOf(vp8x(0x10, 37, 23), chunk("ALPH", "\x02abc"), vp8),
		"lossless-with-alpha-plane":    riffOf(vp8x(0x10, 37, 23), alph, vp8l),
		"alpha-plane-of-no-bytes":      riffOf(vp8x(0x10, 37, 23), chunk("ALPH"), vp8),
		"alpha-plane-only":             riffOf(vp8x(0x10, 37, 23), alph),
		"animation-of-no-frame":        riffOf(vp8x(2, 37, 23), anim),
		"animation-of-one-picture":     riffOf(vp8x(2, 37, 23), anim, vp8),
		"animation-without-parameters": riffOf(vp8x(2, 37, 23), chunk("ANMF", frame)),
		"animation-parameters-short":   riffOf(vp8x(2, 37, 23), chunk("ANIM", "\x00\x00"), chunk("ANMF", frame)),
		"frame-without-the-flag":       riffOf(vp8x(0, 37, 23), anim, chunk("ANMF", frame)),
		"frame-of-no-picture":          riffOf(vp8x(2, 37, 23), anim, chunk("ANMF", place)),
		"frame-of-10-bytes":            riffOf(vp8x(2, 37, 23), anim, chunk("ANMF", place[:10])),
		"frame-that-begins-with-text":  riffOf(vp8x(2, 37, 23), anim, chunk("ANMF", place, chunk("note", "text"), vp8)),
		"frame-of-another-size":        riffOf(vp8x(2, 37, 23), anim, chunk("ANMF", strings.Repeat("\x00", 16), vp8)),
		"frame-in-a-frame":             riffOf(vp8x(2, 37, 23), anim, chunk("ANMF", place, chunk("ANMF", frame))),
		"chunk-past-its-frame":         riffOf(vp8x(2, 37, 23), anim, chunk("ANMF", frame, "note\xff\x00\x00\x00"), chunk("ANMF", frame)),
	}
}

// A stream that codes any number of pixels in no bits must not take time.
func TestFreePixels(t *testing.T) {
	frame := chunk("ANMF", "\x00\x00\x00\x00\x00\x00\xff\x3f\x00\xff\x3f\x00\x00\x00\x00\x00", chunk("VP8L", "\x2f\xff\xff\xff\x0f\x88\x88\x08"))
	anim := vp8x(2, 1<<14, 1<<14) + chunk("ANIM", "\xff\xff\xff\xff\x00\x00")
	if _, _, err := tryClean(riffOf(anim, strings.Repeat(frame, 8)), keeping()); err != nil {
		t.Error(err)
	}
	_, _, err := tryClean(riffOf(anim, strings.Repeat(frame, 9)), keeping())
	var f *container.Feature
	if !errors.As(err, &f) {
		t.Errorf("9 frames of 2 to 28 pixels: %v", err)
	}
}

func TestHostile(t *testing.T) {
	files := hostileFiles(t)
	named := make(map[string][]byte)
	for name, b := range files {
		_, _, err := tryClean(b, keeping())
		var m *container.Malformed
		if !errors.As(err, &m) {
			t.Errorf("%s: %v", name, err)
		}
		named["webp-"+name] = b
	}
	checkFiles(t, "hostile", named)
}
