package webp_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// pattern is a picture that makes an encoder use what it has: noise, flat parts, gradients,
// or few colours.
func pattern(colors, width, height int) image.Image {
	random := rand.New(rand.NewPCG(uint64(colors), uint64(width)))
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			v := (x*x/7 + y*3 + x*y/50) % colors
			if x > width/2 && y > height/2 {
				v = random.IntN(colors)
			}
			m.SetNRGBA(x, y, color.NRGBA{uint8(v * 255 / colors), uint8(v * 31), uint8(x / 20 * v), uint8(255 - v%3*(x%2)*40)})
		}
	}
	return m
}

// An encoder ends its streams where we find their end: nothing is cut off, nothing is left.
func TestEncoder(t *testing.T) {
	cwebp := containertest.Judge(t, "cwebp")
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.png"), filepath.Join(dir, "out.webp")
	for _, colors := range []int{2, 4, 13, 200, 256 * 256} {
		var b bytes.Buffer
		if err := png.Encode(&b, pattern(colors, 110, 60)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(in, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range []string{"-lossless -z 0", "-lossless -z 4 -exact", "-near_lossless 20", "-q 40 -alpha_filter best", "-q 40 -alpha_q 20"} {
			if said, err := exec.Command(cwebp, append(strings.Fields(args), "-quiet", in, "-o", out)...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			want, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if got, _, err := tryClean(want, keeping()); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%d colours, %s: %d bytes of %d, %v", colors, args, len(got), len(want), err)
			}
		}
	}
}
