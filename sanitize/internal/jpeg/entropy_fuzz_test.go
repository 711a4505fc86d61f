package jpeg

import (
	"bytes"
	"context"
	"image"
	"image/color"
	imagejpeg "image/jpeg"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func FuzzExcess(f *testing.F) {
	names, err := filepath.Glob("testdata/entropy/*.jpg")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		w, pic, c, err := read(b)
		if err != nil {
			return
		}
		begin := time.Now()
		found, err := excess(context.Background(), w, pic, c)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took > 2*time.Second {
			t.Fatalf("%d bytes took %v", len(b), took)
		}
		inside := 0
		for _, s := range scansOf(pic) {
			at := s.off
			for _, e := range found[s.off] {
				if e.off < at || e.n <= 0 || e.off+e.n > s.off+s.n {
					t.Fatalf("%v outside the scan %v", e, s)
				}
				at = e.off + e.n
				inside++
			}
		}
		if inside == 0 {
			return
		}
		// What is cut does not come back, and nothing else goes with it.
		_, again := walk(t, cut(b, found))
		if len(again) != len(found) {
			t.Fatalf("%d scans were walked, %d after the cut", len(found), len(again))
		}
		for _, e := range again {
			if len(e) > 0 {
				t.Fatalf("left after the cut: %v", e)
			}
		}
	})
}

func BenchmarkExcess(b *testing.B) {
	for _, name := range []string{"noise", "smooth", "progressive-deep.jpg", "progressive-420.jpg"} {
		b.Run(name, func(b *testing.B) { benchmarkExcess(b, benchmarkPicture(b, name)) })
	}
}

func benchmarkPicture(b *testing.B, name string) []byte {
	switch name {
	case "noise":
		return noise(b, image.Pt(1600, 1200), 90)
	case "smooth":
		img := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
		for i := range 1600 * 1200 {
			x, y := i%1600, i/1600
			img.Set(x, y, color.RGBA{byte(x * y >> 9), byte(x / 6), byte(y/4 ^ x/16), 255})
		}
		var out bytes.Buffer
		if err := imagejpeg.Encode(&out, img, &imagejpeg.Options{Quality: 85}); err != nil {
			b.Fatal(err)
		}
		return out.Bytes()
	}
	whole, err := os.ReadFile(filepath.Join("testdata/entropy", name))
	if err != nil {
		b.Fatal(err)
	}
	return whole
}

func benchmarkExcess(b *testing.B, whole []byte) {
	w, pic, c, err := read(whole)
	if err != nil {
		b.Fatal(err)
	}
	for _, s := range scansOf(pic) {
		b.SetBytes(s.n) // of the last scan when there are several
	}
	for b.Loop() {
		if _, err := excess(context.Background(), w, pic, c); err != nil {
			b.Fatal(err)
		}
	}
}
