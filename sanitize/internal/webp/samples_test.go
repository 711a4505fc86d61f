package webp_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/webp"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

var update = flag.Bool("update", false, "write test pictures and golden files anew")

// draw is the picture of the tests: a gradient, a disc and stripes, its edge transparent when
// that is asked for. shift moves the disc.
func draw(alpha bool, shift int) image.Image {
	const width, height = 37, 23
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{uint8(x * 6), uint8(y * 10), 90, 255}
			if dx, dy := x-12-shift, y-11; dx*dx+dy*dy < 49 {
				c = color.NRGBA{220, 200, 40, 255}
			}
			if x > 28 && y%4 < 2 {
				c = color.NRGBA{20, 20, 160, 255}
			}
			if alpha && (x < 3 || y < 3) {
				c.A = uint8(40 * x)
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// bases says how the pictures are coded that all others are composed of.
var bases = []struct {
	name   string
	alpha  bool
	frames int
	args   string // %s is the PNG file, or as many as there are frames; -o follows
}{
	{"lossy", false, 1, "cwebp -quiet -q 50 -segments 2 %s"},
	{"lossless", false, 1, "cwebp -quiet -lossless %s"},
	{"lossless-alpha", true, 1, "cwebp -quiet -lossless -exact %s"},
	{"alpha", true, 1, "cwebp -quiet -q 50 %s"},
	{"alpha-plain", true, 1, "cwebp -quiet -q 50 -alpha_method 0 %s"},
	{"animated", true, 3, "img2webp -loop 3 -lossy -q 50 -d 80 %s -lossless -d 120 %s -lossy -d 70 %s"},
}

// base returns a picture of testdata/webp. With -update it is coded when it is missing:
// another version of a tool may write other bytes.
func base(t testing.TB, name string) []byte {
	t.Helper()
	file := filepath.Join(containertest.Root(t), "testdata", "webp", "base-"+name+".webp")
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && *update {
		encode(t, name, file)
		b, err = os.ReadFile(file)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func encode(t testing.TB, name, file string) {
	t.Helper()
	for _, c := range bases {
		if c.name != name {
			continue
		}
		args := c.args
		for i := range c.frames {
			var b bytes.Buffer
			if err := png.Encode(&b, draw(c.alpha, 4*i)); err != nil {
				t.Fatal(err)
			}
			in := filepath.Join(t.TempDir(), "in.png")
			if err := os.WriteFile(in, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			args = strings.Replace(args, "%s", in, 1)
		}
		words := append(strings.Fields(args), "-o", file)
		if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", words[0], err, out)
		}
	}
}

// samples are the files that have to be cleaned, by name.
func samples(t testing.TB) map[string][]byte {
	all := make(map[string][]byte)
	for _, c := range bases {
		all["base-"+c.name] = base(t, c.name)
	}
	vp8, vp8l := chunk("VP8 ", payload(base(t, "lossy"), "VP8 ", 0)), chunk("VP8L", payload(base(t, "lossless"), "VP8L", 0))
	alphaPlain := base(t, "alpha-plain")
	alph := chunk("ALPH", payload(alphaPlain, "ALPH", 0), secret("behind-the-plane"))
	head := vp8x(0x2C, 37, 23)
	exifs, xmps := chunk("EXIF", dirtyExif(6)), chunk("XMP ", dirtyXMP())
	odd := chunk("C2PA", secret("c2pa"))
	junk := chunk("SEAL", secret("seal")) + odd + chunk("MVC\x00", secret("unknown")) + chunk("LIST", "INFOICMT", secret("list"))

	all["everything"] = append(riffOf(
		chunk("VP8X", "\x3C\x4D\x56\x43\x24\x00\x00\x16\x00\x00", secret("header")), chunk("ICCP", dirtyProfile(icc.DisplayP3)),
		junk, alph, chunk("JUNK", secret("between")), chunk("VP8 ", payload(alphaPlain, "VP8 ", 0)), exifs, xmps,
		chunk("XMP\x00", dirtyXMP()), chunk("EXIF", dirtyExif(3)), vp8l, chunk("ANMF", secret("frame")), "tail"), secret("trailer")...)
	all["animation-with-everything"] = dirtyAnimation(base(t, "animated"))
	all["behind-a-bare-picture"] = append(riffOf(vp8, exifs, xmps, junk), secret("trailer")...)
	all["behind-a-bare-lossless-picture"] = riffOf(vp8l, chunk("ICCP", dirtyProfile(icc.AdobeRGB)), exifs, vp8)
	all["extended-for-no-reason"] = riffOf(vp8x(0x10, 37, 23), vp8)
	all["lossless-with-alpha-in-the-header-only"] = riffOf(vp8x(0x10, 37, 23), vp8l, junk)
	all["exif-that-the-header-denies"] = riffOf(vp8x(0, 37, 23), chunk("ICCP", dirtyProfile(icc.AdobeRGB)), vp8, exifs)
	all["icc-custom"] = riffOf(vp8x(0x20, 37, 23), chunk("ICCP", customProfile()), vp8l)
	all["icc-twice"] = riffOf(vp8x(0x20, 37, 23), chunk("ICCP", dirtyProfile(icc.SRGB)), chunk("ICCP", customProfile()), vp8l)
	all["icc-not-a-profile"] = riffOf(vp8x(0x20, 37, 23), chunk("ICCP", secret("profile")), vp8)
	all["behind-a-lossless-stream"] = riffOf(chunk("VP8L", payload(base(t, "lossless"), "VP8L", 0), secret("rest")))
	packed := base(t, "alpha")
	all["behind-a-packed-alpha-plane"] = riffOf(vp8x(0x10, 37, 23), chunk("ALPH", payload(packed, "ALPH", 0), secret("rest")), chunk("VP8 ", payload(packed, "VP8 ", 0)))
	all["padding-with-content"] = paddingWithContent(vp8, head)
	for o := 1; o <= 8; o++ {
		all[fmt.Sprintf("orientation-%d", o)] = riffOf(vp8x(8, 37, 23), vp8, chunk("EXIF", dirtyExif(o)))
	}
	all["orientation-behind-a-prefix"] = riffOf(vp8x(8, 37, 23), vp8, chunk("EXIF", "Exif\x00\x00", dirtyExif(8)))
	all["no-padding-at-the-end"] = bytes.TrimSuffix(riffOf(vp8x(0, 37, 23), vp8, odd), []byte{0})
	all["no-padding-at-the-end"][4]--
	return all
}

// paddingWithContent has a letter behind each chunk of odd length.
func paddingWithContent(vp8, head string) []byte {
	profile := dirtyProfile(icc.SRGB) + "\x00" // no profile has an odd length, and this is no part of it
	b := riffOf(head, chunk("ICCP", profile), vp8, chunk("EXIF", dirtyExif(6)+"\x00"), chunk("XMP ", dirtyXMP()+" "))
	for _, p := range places(b, 12) {
		if len(p.payload)%2 == 1 {
			b[p.off+8+len(p.payload)] = 'M'
		}
	}
	return b
}

// dirtyAnimation plants secrets in and between the frames of an animation.
func dirtyAnimation(b []byte) []byte {
	all := vp8x(0x3E, 37, 23) + chunk("ICCP", dirtyProfile(icc.SRGB)) + chunk("FRGM", secret("fragment"))
	for _, p := range places(b, 12) {
		switch p.id {
		case "ANIM":
			all += chunk("ANIM", p.payload, secret("anim")) + chunk("ANIM", p.payload)
		case "ANMF":
			flags := string([]byte{p.payload[15] | 0x54}) // reserved bits
			all += chunk("ANMF", p.payload[:15], flags, p.payload[16:],
				chunk("EXIF", dirtyExif(3)), chunk("XMP ", dirtyXMP()), chunk("note", secret("in-frame")), "rest")
			all += chunk("note", secret("between-frames"))
		}
	}
	return append(riffOf(all, chunk("EXIF", dirtyExif(6)), chunk("XMP ", dirtyXMP())), secret("trailer")...)
}

// TestSamples checks that the committed samples are those of this package, and writes them
// with -update.
func TestSamples(t *testing.T) { checkFiles(t, "webp", samples(t)) }

func checkFiles(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, want := range files {
		file := filepath.Join(containertest.Root(t), "testdata", dir, name+".webp")
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the test composes; run with -update", name)
		}
	}
}

// keeping is a policy of what a viewer needs and the given categories.
func keeping(more ...metadata.Category) func(metadata.Item) bool {
	set := metadata.SetOf(more...).With(metadata.Rendering)
	return func(it metadata.Item) bool { return set.Has(it.Category) }
}

// clean cleans b, checks the result, and returns it with the notes.
func clean(t testing.TB, b []byte, keep func(metadata.Item) bool, set ...metadata.Entry) ([]byte, []string) {
	t.Helper()
	out, notes, err := tryClean(b, keep, set...)
	if err != nil {
		t.Fatal(err)
	}
	return out, notes
}

func tryClean(b []byte, keep func(metadata.Item) bool, set ...metadata.Entry) ([]byte, []string, error) {
	ctx := context.Background()
	job, err := container.Prepare(ctx, webp.Format{}, bytes.NewReader(b), keep, set)
	if err != nil {
		return nil, nil, err
	}
	if _, err := job.Verify(ctx, job.Draft); err != nil {
		return nil, nil, err
	}
	var out bytes.Buffer
	err = job.Draft.Write(ctx, &out)
	return out.Bytes(), job.Draft.Notes, err
}
