package jpeg

import (
	"bytes"
	"context"
	"image"
	imagejpeg "image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

type memory struct{ *bytes.Reader }

func (m memory) Size() int64 { return m.Reader.Size() }

func open(b []byte) *container.Window { return container.NewWindow(memory{bytes.NewReader(b)}) }

// read cuts b into parts and reads how it is coded.
func read(b []byte) (*container.Window, *picture, *coding, error) {
	w := open(b)
	pic, err := scanPicture(context.Background(), w, 0)
	if err != nil {
		return w, nil, nil, err
	}
	c, err := readCoding(w, pic)
	return w, pic, c, err
}

// walk returns the scans of b and what is in excess.
func walk(t testing.TB, b []byte) (scans []part, found map[int64][]extent) {
	t.Helper()
	w, pic, c, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	if found, err = excess(context.Background(), w, pic, c); err != nil {
		t.Fatal(err)
	}
	return scansOf(pic), found
}

func scansOf(pic *picture) (scans []part) {
	for i, p := range pic.parts {
		if p.kind == kindSegment && p.marker == sos {
			scans = append(scans, dataBehind(pic.parts, i))
		}
	}
	return scans
}

// cut is b without what was found in it.
func cut(b []byte, found map[int64][]extent) []byte {
	var all []extent
	for _, e := range found {
		all = append(all, e...)
	}
	slices.SortFunc(all, func(x, y extent) int { return int(x.off - y.off) })
	var out []byte
	at := int64(0)
	for _, e := range all {
		out = append(out, b[at:e.off]...)
		at = e.off + e.n
	}
	return append(out, b[at:]...)
}

// insert is b with more bytes at the given place.
func insert(b []byte, at int64, more string) []byte {
	return slices.Concat(b[:at], []byte(more), b[at:])
}

// samples are pictures that are walked: our own, those shared by all tests of the format,
// and some from the encoder of the standard library.
func samples(t testing.TB) map[string][]byte {
	all := make(map[string][]byte)
	for _, pattern := range []string{"testdata/entropy/*.jpg", "../../../testdata/jpeg/*.jpg"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, _, err = read(b); err == nil && !strings.Contains(name, "arithmetic") && !strings.Contains(name, "lossless") {
				all[filepath.Base(name)] = b
			}
		}
	}
	if len(all) < 13 {
		t.Fatalf("only %d samples", len(all))
	}
	for _, size := range []image.Point{{1, 1}, {8, 8}, {17, 9}, {640, 400}} {
		all["go-"+size.String()] = noise(t, size, 90)
	}
	wide := noise(t, image.Pt(65, 33), 60)
	sof := bytes.Index(wide, []byte{0xFF, sof0})
	wide[sof+1], wide[sof+4] = sof0+1, 12 // the data is coded alike
	all["go-twelve-bit"] = wide
	return all
}

func noise(t testing.TB, size image.Point, quality int) []byte {
	img := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	random := rand.New(rand.NewPCG(1, 2))
	for _, plane := range [][]byte{img.Y, img.Cb, img.Cr} {
		for i := range plane {
			plane[i] = byte(i/3 + random.IntN(64))
		}
	}
	var out bytes.Buffer
	if err := imagejpeg.Encode(&out, img, &imagejpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func isProgressive(b []byte) bool {
	_, pic, _, err := read(b)
	return err == nil && slices.ContainsFunc(pic.parts, func(p part) bool { return p.marker == sof0+2 })
}

// photos is the folder of real photos, which not every checkout has beside it.
func photos(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		at := filepath.Join(dir, "shared", "media", "photos")
		if _, err := os.Stat(at); err == nil {
			return at
		}
		if filepath.Dir(dir) == dir {
			t.Skip("no folder of real photos beside the checkout")
		}
		dir = filepath.Dir(dir)
	}
}
