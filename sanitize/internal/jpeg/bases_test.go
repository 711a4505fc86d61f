package jpeg_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

var update = flag.Bool("update", false, "write the samples and golden files anew, and the base pictures that are missing")

// samplesDir is testdata/jpeg of the module.
func samplesDir(t testing.TB) string {
	return filepath.Join(containertest.Root(t), "testdata", "jpeg")
}

// draw is a picture of our own: a gradient, a disc, a few stripes.
func draw(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{uint8(255 * x / width), uint8(255 * y / height), 128, 255}
			if dx, dy := x-width/3, y-height/2; dx*dx+dy*dy < height*height/9 {
				c = color.NRGBA{220, 60, 30, 255}
			}
			if x > 2*width/3 && y%8 < 4 {
				c = color.NRGBA{20, 90, 160, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func gray(img image.Image) *image.Gray {
	out := image.NewGray(img.Bounds())
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out
}

// ppm is what the tools read.
func ppm(img *image.NRGBA) []byte {
	out := fmt.Appendf(nil, "P6 %d %d 255\n", img.Rect.Dx(), img.Rect.Dy())
	for i := 0; i < len(img.Pix); i += 4 {
		out = append(out, img.Pix[i:i+3]...)
	}
	return out
}

func encode(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// tool runs a program over the drawn picture.
func tool(t *testing.T, img *image.NRGBA, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(ppm(img)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(name, err)
	}
	return out
}

func cjpeg(t *testing.T, img *image.NRGBA, args ...string) []byte {
	return tool(t, img, "cjpeg", append([]string{"-quality", "60"}, args...)...)
}

// bases make the pictures that all others are composed of.
var bases = map[string]func(t *testing.T) []byte{
	"base-baseline":               func(t *testing.T) []byte { return encode(t, draw(64, 48)) },
	"base-gray":                   func(t *testing.T) []byte { return encode(t, gray(draw(64, 48))) },
	"base-odd-444":                func(t *testing.T) []byte { return cjpeg(t, draw(37, 23), "-sample", "1x1") },
	"base-odd-422":                func(t *testing.T) []byte { return cjpeg(t, draw(37, 23), "-sample", "2x1") },
	"base-progressive":            func(t *testing.T) []byte { return cjpeg(t, draw(64, 48), "-progressive") },
	"base-restart":                func(t *testing.T) []byte { return cjpeg(t, draw(64, 48), "-restart", "1B") },
	"base-arithmetic":             func(t *testing.T) []byte { return cjpeg(t, draw(64, 48), "-arithmetic") },
	"base-arithmetic-progressive": func(t *testing.T) []byte { return cjpeg(t, draw(37, 23), "-arithmetic", "-progressive") },
	"base-cmyk": func(t *testing.T) []byte {
		out := tool(t, draw(37, 23), "convert", "-", "-colorspace", "CMYK", "-quality", "60", "jpeg:-")
		return head(bare(out), adobeSeg(0, ""))
	},
	"base-ycck": func(t *testing.T) []byte {
		out := tool(t, draw(37, 23), "convert", "-", "-colorspace", "CMYK", "-quality", "60", "jpeg:-")
		return head(bare(out), adobeSeg(2, ""))
	},
	"base-lossless": func(t *testing.T) []byte {
		out := tool(t, draw(37, 23), "ffmpeg", "-v", "error", "-f", "ppm_pipe", "-i", "-", "-c:v", "ljpeg", "-strict", "unofficial",
			"-pix_fmt", "yuv444p", "-f", "image2pipe", "-")
		return bare(out)
	},
	"base-twelve-bit": func(*testing.T) []byte { return twelveBit(64, 48) },
	"base-dnl":        func(t *testing.T) []byte { return openHeight(encode(t, draw(64, 48))) },
}

// openHeight leaves the height of a picture open in the frame header and gives it in a DNL
// segment behind the first scan (T.81 B.2.5).
func openHeight(b []byte) []byte {
	frame, scan := find(b, 0xC0, 0), find(b, 0xDA, 0)
	height := string(b[frame.off+5 : frame.off+7])
	b[frame.off+5], b[frame.off+6] = 0, 0
	return append(append(b[:scan.end:scan.end], seg(0xDC, height)...), b[scan.end:]...)
}

// twelveBit is a grey ramp of 12 bits a sample, coded by hand: each block has a mean and no
// more (T.81 extended sequential, 16-bit quantisation table).
func twelveBit(width, height int) []byte {
	var w bitWriter
	last := 0
	for block := range width / 8 * (height / 8) {
		mean := block*60 - 2000
		diff := mean - last
		last = mean
		size := 0
		for m := max(diff, -diff); m > 0; m >>= 1 {
			size++
		}
		w.put(size, 5) // DC: codes of five bits in the order of their sizes
		if diff < 0 {
			diff += 1<<size - 1
		}
		w.put(diff, size)
		w.put(0, 1) // AC: end of block is the only code
	}
	quant := "\x10" + be16(8) // times eight, as the mean counts eight times
	for range 63 {
		quant += be16(16)
	}
	sizes := "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
	out := "\xFF\xD8" + seg(0xDB, quant) +
		seg(0xC1, "\x0c", be16(height), be16(width), "\x01\x01\x11\x00") +
		seg(0xC4, "\x00", "\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", sizes) +
		seg(0xC4, "\x10", "\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "\x00") +
		seg(0xDA, "\x01\x01\x00\x00\x3f\x00")
	return append(append([]byte(out), w.close()...), 0xFF, 0xD9)
}

// A bitWriter writes entropy-coded data with its stuffed bytes (T.81 F.1.2.3).
type bitWriter struct {
	out  []byte
	bits uint32
	n    int
}

func (w *bitWriter) put(v, n int) {
	for i := n - 1; i >= 0; i-- {
		w.bits = w.bits<<1 | uint32(v>>i&1)
		if w.n++; w.n == 8 {
			w.out = append(w.out, byte(w.bits))
			if byte(w.bits) == 0xFF {
				w.out = append(w.out, 0)
			}
			w.bits, w.n = 0, 0
		}
	}
}

func (w *bitWriter) close() []byte {
	for w.n != 0 {
		w.put(1, 1)
	}
	return w.out
}

// base returns a base picture as it is committed.
func base(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(samplesDir(t), "base-"+name+".jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBases writes the base pictures that are missing and checks that each is what its name
// says. It comes before the tests that compose others from them.
func TestBases(t *testing.T) {
	for name, build := range bases {
		file := filepath.Join(samplesDir(t), name+".jpg")
		if _, err := os.Stat(file); err != nil && *update {
			if err := os.WriteFile(file, build(t), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	frames := map[string]byte{
		"baseline": 0xC0, "gray": 0xC0, "odd-444": 0xC0, "odd-422": 0xC0, "progressive": 0xC2, "restart": 0xC0,
		"arithmetic": 0xC9, "arithmetic-progressive": 0xCA, "cmyk": 0xC0, "ycck": 0xC0,
		"lossless": 0xC3, "twelve-bit": 0xC1, "dnl": 0xC0,
	}
	if len(frames) != len(bases) {
		t.Errorf("%d bases, %d frame markers", len(bases), len(frames))
	}
	for name, marker := range frames {
		found := 0
		for _, p := range places(base(t, name)) {
			if p.marker == marker {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s has %d frame headers %X", name, found, marker)
		}
	}
}
