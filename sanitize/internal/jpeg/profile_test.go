package jpeg_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
)

// printer is a CMYK profile with a table of the given grid, larger than one segment.
func printer(grid int) string {
	lut := "mft1\x00\x00\x00\x00\x04\x03" + string([]byte{byte(grid)}) + "\x00"
	for i := range 9 {
		lut += be32(map[bool]int{true: 1 << 16}[i%4 == 0])
	}
	ramp := make([]byte, 256)
	for i := range ramp {
		ramp[i] = byte(i)
	}
	colours := make([]byte, int(math.Pow(float64(grid), 4))*3)
	for i := range colours {
		colours[i] = byte(i * 7)
	}
	lut += strings.Repeat(string(ramp), 4) + string(colours) + strings.Repeat(string(ramp), 3)
	lut += strings.Repeat("\x00", -len(lut)&3)
	white := "XYZ \x00\x00\x00\x00" + be32(0xF6D6) + be32(0x10000) + be32(0xD32D)
	text := "text\x00\x00\x00\x00" + secret("printer") + "\x00"
	text += strings.Repeat("\x00", -len(text)&3)
	b := make([]byte, 128)
	b[8], b[9] = 2, 0x10
	copy(b[12:], "prtrCMYKLab ")
	copy(b[36:], "acsp")
	copy(b[68:], white[8:])
	out := string(b) + be32(3)
	at := 132 + 36
	for i, sig := range []string{"A2B0", "wtpt", "cprt"} {
		data := []string{lut, white, text}[i]
		out += sig + be32(at) + be32(len(data))
		at += len(data)
	}
	return be32(at) + (out + lut + white + text)[4:]
}

// A profile is put together from its chunks, rebuilt, and cut into chunks again.
func TestProfile(t *testing.T) {
	plain := bare(base(t, "baseline"))
	shuffled := iccSegs(talkative(icc.Profile(icc.AdobeRGB)), 4)
	slices.Reverse(shuffled)
	for name, test := range map[string]struct {
		segs []string
		want []byte
		note string
	}{
		"sRGB":                 {iccSegs(talkative(icc.Profile(icc.SRGB)), 1), icc.Profile(icc.SRGB), ""},
		"Display P3":           {iccSegs(talkative(icc.Profile(icc.DisplayP3)), 1), icc.Profile(icc.DisplayP3), ""},
		"chunks":               {iccSegs(talkative(icc.Profile(icc.DisplayP3)), 3), icc.Profile(icc.DisplayP3), ""},
		"chunks in disorder":   {shuffled, icc.Profile(icc.AdobeRGB), ""},
		"no space with a name": {iccSegs(custom(0), 1), filtered(t, custom(0)), "profile-custom"},
		"two segments long":    {iccSegs(printer(13), 2), filtered(t, printer(13)), "profile-custom"},
		"a chunk is missing":   {iccSegs(talkative(icc.Profile(icc.SRGB)), 3)[1:], nil, "profile-dropped"},
		"a chunk comes twice":  {append(iccSegs(talkative(icc.Profile(icc.SRGB)), 2), iccSegs(talkative(icc.Profile(icc.SRGB)), 2)...), nil, "profile-dropped"},
		"two profiles":         {append(iccSegs(string(icc.Profile(icc.SRGB)), 1), iccSegs(custom(0), 2)...), nil, "profile-dropped"},
		"no profile":           {iccSegs(secret("profile"), 1), nil, "profile-dropped"},
		"chunk 0 of 0":         {[]string{seg(0xE2, "ICC_PROFILE\x00\x00\x00", secret("chunk"))}, nil, "profile-dropped"},
		"without a number":     {[]string{seg(0xE2, "ICC_PROFILE\x00")}, nil, "profile-dropped"},
	} {
		b := head(plain, test.segs...)
		out, notes := clean(t, b, keeping())
		whole := ""
		for i, chunk := range payloads(out, 0xE2, "ICC_PROFILE\x00") {
			if int(chunk[0]) != i+1 {
				t.Errorf("%s: chunk %d has number %d", name, i+1, chunk[0])
			}
			whole += chunk[2:]
		}
		if whole != string(test.want) {
			t.Errorf("%s: a profile of %d bytes, want %d", name, len(whole), len(test.want))
		}
		if !bytes.Equal(bare(out), plain) || contains(out, canary) {
			t.Errorf("%s: more than the profile is left: %s", name, sequence(out))
		}
		if got := strings.Join(notes, " "); got != test.note {
			t.Errorf("%s: notes are %q, want %q", name, got, test.note)
		}
	}
}

func filtered(t *testing.T, profile string) []byte {
	t.Helper()
	out, space, err := icc.Filter([]byte(profile))
	if err != nil || space != icc.Custom {
		t.Fatal(space, err)
	}
	return out
}

// Adobe RGB by EXIF alone becomes a profile; beside a profile it says nothing.
func TestAdobeRGB(t *testing.T) {
	plain := bare(base(t, "baseline"))
	out, notes := clean(t, head(plain, adobeRGB()), keeping())
	want := head(plain, iccSegs(string(icc.Profile(icc.AdobeRGB)), 1)...)
	if !bytes.Equal(out, want) || !slices.Equal(notes, []string{"profile-added"}) {
		t.Errorf("%s, notes %q", sequence(out), notes)
	}
	out, notes = clean(t, head(plain, append(iccSegs(string(icc.Profile(icc.SRGB)), 1), adobeRGB())...), keeping())
	want = head(plain, iccSegs(string(icc.Profile(icc.SRGB)), 1)...)
	if !bytes.Equal(out, want) || len(notes) > 0 {
		t.Errorf("beside a profile: %s, notes %q", sequence(out), notes)
	}
	// A broken profile is none, so that EXIF counts again.
	out, notes = clean(t, head(plain, adobeRGB(), iccSegs(secret("profile"), 1)[0]), keeping())
	want = head(plain, iccSegs(string(icc.Profile(icc.AdobeRGB)), 1)...)
	if !bytes.Equal(out, want) || !slices.Equal(notes, []string{"profile-dropped", "profile-added"}) {
		t.Errorf("beside a broken profile: %s, notes %q", sequence(out), notes)
	}
}
