package ico_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/ico"
)

// mayRemain is all that exiftool may find in a strictly cleaned icon.
var mayRemain = []string{
	"File:FileType=ICO", "File:FileType=CUR", "File:FileTypeExtension", "File:MIMEType",
	"File:ImageCount", "File:ImageWidth", "File:ImageHeight", "File:NumColors", "File:ColorPlanes", "File:BitsPerPixel",
	"File:HotspotX", "File:HotspotY", "File:ImageLength", "Composite:ImageSize", "Composite:Megapixels",
	"File:ICO_0x0006", "File:ICO_0x0016", "File:ICO_0x0026", "File:ICO_0x0036",
}

func TestSuite(t *testing.T) {
	containertest.Suite{Format: ico.Format{}, Dir: "ico", MayRemain: mayRemain}.Run(t)
}

// What is left of each sample, to the byte.
func TestResults(t *testing.T) {
	all := samples()
	all["backwards"] = [2][]byte{backwards(), backwards()}
	for name, s := range all {
		out, notes, err := tryClean(s[0])
		if err != nil || len(notes) > 0 {
			t.Errorf("%s: %v, notes %q", name, err, notes)
			continue
		}
		if !bytes.Equal(out, s[1]) {
			t.Errorf("%s: %d bytes, want %d:\n%q\n%q", name, len(out), len(s[1]), out[:min(len(out), 200)], s[1][:min(len(s[1]), 200)])
		}
	}
}

// hostileFiles are files that have to be refused; true are those that are right and use
// something that is not supported.
func hostileFiles() map[string]struct {
	b       []byte
	feature bool
} {
	with := func(at int, value string) []byte {
		b := icon(1, false, picture{size: 9, bits: 4}, picture{size: 7, bits: 24})
		copy(b[at:], value)
		return b
	}
	return map[string]struct {
		b       []byte
		feature bool
	}{
		"png-inside.ico":                 {with(38, "\x89PNG\r\n\x1a\n"), true},
		"runs-inside.ico":                {with(38+16, le32(2)), true},
		"300-pictures.ico":               {append([]byte("\x00\x00\x01\x00\x2c\x01"), make([]byte, 16*300)...), true},
		"no-picture.ico":                 {with(4, "\x00\x00"), false},
		"65535-pictures-cut.ico":         {with(4, "\xc8\x00"), false},
		"picture-in-the-directory.ico":   {with(6+12, le32(10)), false},
		"two-entries-of-one-picture.ico": {with(22+12, le32(38)), false},
		"picture-of-no-bytes.ico":        {with(6+8, le32(0)), false},
		"picture-past-the-end.ico":       {with(22+8, le32(-1)), false},
		"picture-behind-the-end.ico":     {with(22+12, le32(-1)), false},
		"picture-without-a-mask.ico":     {with(38+8, le32(9)), false},
		"picture-of-2-to-31-rows.ico":    {with(38+8, le32(-1<<31)), false},
		"height-that-is-odd.ico":         {with(38+8, le32(19)), false},
	}
}

func TestHostile(t *testing.T) {
	named := make(map[string][]byte)
	for name, h := range hostileFiles() {
		_, _, err := tryClean(h.b)
		var m *container.Malformed
		var f *container.Feature
		if !errors.As(err, &m) && !h.feature || !errors.As(err, &f) && h.feature {
			t.Errorf("%s: %v", name, err)
		}
		named["ico-"+name] = h.b
	}
	checkFiles(t, "hostile", named)
}

func TestMatch(t *testing.T) {
	for head, want := range map[string]bool{
		string(icon(1, false, picture{size: 4, bits: 1})): true,
		string(icon(2, false, picture{size: 4, bits: 1})): true,
		"\x00\x00\x01\xba":                                     false, // an MPEG program stream
		"\x00\x00\x01\x00\x00\x00":                             false,
		"\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00":             false, // a TGA picture
		"\x00\x00\x01\x00\x01\x00abcdefghijkl\x06\x00\x00\x00": false, // a picture inside the directory
	} {
		if got := (ico.Format{}).Match([]byte(head)); got != want {
			t.Errorf("%q: %v", head[:min(len(head), 22)], got)
		}
	}
}
