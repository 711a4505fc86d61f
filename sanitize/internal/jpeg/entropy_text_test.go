package jpeg

import (
	"bytes"
	"image"
	"slices"
	"strings"
	"testing"
)

func TestSuspicious(t *testing.T) {
	quiet := bytes.Repeat([]byte{0x9C, 'a', 0xB1, 0x03, 'Z', '4', 0xE2, 0x80, 0xC4, 0x11}, 40)
	for _, c := range []struct {
		tail string
		want bool
	}{
		{"", false},
		{"short", false},
		{"Anna Smith", true},
		{"59.91,10.75", true},
		{"a}b{c~d!e#", false},
		{"a}b{c~d!e#f$g%", true},
		{"ринг", true},
		{"القدس", true},
		{"東京都庁", true},
		{"A\x00n\x00n\x00a\x00 \x00A\x00B\x00C\x00", true},
		{"\x04\x10\x04\x3D\x04\x3D\x04\x30\x04\x10\x04\x3D\x04\x3D\x04\x30", true},
		{"\x50\xA0\x50\xA1\x50\xA0\x50\xA1\x50\xA0\x50\xA1\x50\xA0\x50\xA1\x50\xA0", false},
		{strings.Repeat("\x00", 14), false},
		{strings.Repeat("\x00", 16), true},
		{strings.Repeat("\xAA", 15), false},
		{strings.Repeat("\xAA", 16), true},
		{"II*\x00\x08", true},
		{"MM\x00*", true},
		{"\x00\x00\x00\x18ftyp", true},
	} {
		if got := suspicious([]byte(c.tail)); got != c.want {
			t.Errorf("suspicious(%q) = %t", c.tail, got)
		}
		if got := suspicious(slices.Concat(quiet, []byte(c.tail), quiet)); got != c.want {
			t.Errorf("suspicious(… %q …) = %t", c.tail, got)
		}
	}
}

func TestSuspiciousScan(t *testing.T) {
	for name, b := range samples(t) {
		scans, _ := walk(t, b)
		for i, s := range scans {
			w, pic, _, err := read(insert(b, s.off+s.n, "said behind the picture"))
			if err != nil {
				t.Fatal(err)
			}
			if alarm, err := suspiciousScan(w, pic); err != nil || !alarm {
				t.Errorf("%s: text behind scan %d: %t, %v", name, i, alarm, err)
			}
		}
	}
	w, pic, _, err := read(noise(t, image.Pt(64, 64), 90))
	if err != nil {
		t.Fatal(err)
	}
	if alarm, err := suspiciousScan(w, pic); err != nil || alarm {
		t.Errorf("a picture with nothing behind it: %t, %v", alarm, err)
	}
}
