package png_test

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/color/palette"
	stdpng "image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

var update = flag.Bool("update", false, "write samples, golden files and seeds anew")

// draw is a gradient with a disc, in the given kind of picture.
func draw(m interface {
	image.Image
	Set(x, y int, c color.Color)
}) image.Image {
	b := m.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			c := color.NRGBA{uint8(x * 4), uint8(y * 5), uint8(x + y), uint8(255 - x)}
			if (x-20)*(x-20)+(y-16)*(y-16) < 100 {
				c = color.NRGBA{200, 40, 90, 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

// bases are the pictures that come from an encoder. They are written once, since another
// version of it may write other bytes.
func bases() map[string]image.Image {
	r := image.Rect(0, 0, 48, 32)
	return map[string]image.Image{
		"base-grey": draw(image.NewGray(r)), "base-grey16": draw(image.NewGray16(r)), "base-rgba": draw(image.NewNRGBA(r)),
		"base-rgba16": draw(image.NewNRGBA64(r)), "base-palette": draw(image.NewPaletted(r, palette.Plan9[:200])),
		"base-palette4": draw(image.NewPaletted(r, palette.Plan9[:16])),
	}
}

func samplePath(t testing.TB, name string) string {
	return filepath.Join(containertest.Root(t), "testdata", "png", name+".png")
}

// base returns a committed base picture.
func base(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(samplePath(t, name))
	if os.IsNotExist(err) && *update {
		var out bytes.Buffer
		if err := stdpng.Encode(&out, bases()[name]); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(samplePath(t, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// otherChunks holds a chunk for every row of the table that goes whatever it holds.
func otherChunks() string {
	var all strings.Builder
	for _, typ := range strings.Fields("tIME zxIf caBX dSIG seAl iDOT gdAT gmAP sPLT hIST pCAL oFFs sCAL sTER fRAc gIFg gIFt gIFx vpAg caNv " +
		"cpIp meTa tXMP mkBF mkTS mkBS mkBT prVW npTc npLb npOl prIV abCD unKn") {
		all.WriteString(ck(typ, secret(typ)))
	}
	return all.String()
}

// allTexts are texts of every kind, known and not.
func allTexts() string {
	long := strings.Repeat("x", 300)
	return text("Title", secret("title")) + text("Author", secret("author")) + text("Software", secret("software")) +
		text("parameters", secret("prompt")+long) + text(secret("keyword"), secret("own")) + text("Thumb::URI", "file:///home/"+secret("user")) +
		text("date:create", "2026-01-31T14:05:09+00:00") + text("Comment", "caf\xe9 "+secret("latin")) +
		packed("Description", secret("packed")) + packed("Raw profile type exif", raw("exif", "Exif\x00\x00"+exifBlock(8))) +
		text("Raw profile type iptc", raw("iptc", iptcBlock())) + packed("Raw profile type xmp", raw("xmp", packet(`photoshop:City="`+secret("raw-city")+`"`))) +
		text("Raw profile type icc", raw("icc", secret("raw-icc"))) + text("Raw profile type exif", "nothing") +
		international("Comment", "de-"+secret("language"), secret("translated"), secret("international")) +
		ck("iTXt", "workflow\x00\x01\x00\x00\x00", z(secret("workflow"))) +
		xmpChunk(`photoshop:City="`+secret("city")+`" tiff:Orientation="3" mv:x="`+secret("own-namespace")+`" xmpMM:DocumentID="xmp.did:`+secret("document")+`"`) +
		ck("tEXt", secret("no-separator")) + ck("zTXt", "x\x00\x07", secret("method")) + ck("iTXt", "x\x00") + ck("zTXt", "y\x00\x00", secret("no-zlib"))
}

// samples composes every file of testdata/png.
func samples(t testing.TB) map[string][]byte {
	all := map[string][]byte{}
	for name := range bases() {
		all[name] = base(t, name)
	}
	rgba, pal := all["base-rgba"], all["base-palette4"]
	all["everything"] = behind(datas(before(before(rgba, "IDAT", otherChunks(), allTexts(), ck("eXIf", exifBlock(6)),
		iccp(secret("profile-name"), named(icc.DisplayP3)), ck("gAMA", be32(45455)), ck("pHYs", be32(2835), be32(2835), "\x01")),
		"IEND", allTexts(), otherChunks(), ck("eXIf", exifBlock(3)), ck("gAMA", be32(0x4D564341)), ck("acTL", secret("acTL"))), 500, secret("behind-zlib")),
		secret("behind"))
	all["phone"] = before(rgba, "IDAT", ck("eXIf", exifBlock(6)), text("Software", secret("app")))
	all["exif-behind-the-picture"] = before(rgba, "IEND", ck("eXIf", exifBlock(6)))
	all["two-exif-blocks"] = before(rgba, "IDAT", badSum(ck("eXIf", exifBlock(3))), ck("eXIf", exifBlock(6)), ck("eXIf", exifBlock(8)))
	all["credited"] = grey(text("Author", "A. Photographer")+text("Copyright", "2026 Example Relief")+text("Title", "caf\xe9")+text("Comment", secret("comment"))+
		xmpChunk(`photoshop:Credit="Example Relief" photoshop:City="`+secret("city")+`"`), "")
	for _, space := range []icc.Space{icc.SRGB, icc.DisplayP3, icc.AdobeRGB} {
		all["icc-"+space.String()] = before(rgba, "IDAT", iccp(secret("name"), named(space)), ck("sRGB", "\x01"))
	}
	all["icc-of-the-wrong-kind"] = grey(iccp("icc", named(icc.SRGB)), "")
	all["icc-not-a-profile"] = before(rgba, "IDAT", iccp(secret("name"), secret("profile")))
	all["icc-without-checksum"] = before(rgba, "IDAT", ck("iCCP", "x\x00\x00", stored(named(icc.AdobeRGB))))
	all["colours"] = before(rgba, "IDAT", ck("cICP", "\x0c\x0d\x00\x01"), ck("sRGB", "\x00"), ck("gAMA", be32(45455)),
		ck("cHRM", be32(31270), be32(32900), be32(64000), be32(33000), be32(30000), be32(60000), be32(15000), be32(6000)),
		ck("mDCV", be16(35400), be16(14600), be16(8500), be16(39850), be16(6550), be16(2300), be16(15635), be16(16450), be32(10000000), be32(1)),
		ck("cLLI", be32(10000000), be32(4000000)), ck("sBIT", "\x08\x08\x08\x08"), ck("bKGD", be16(1), be16(2), be16(3)),
		ck("gAMA", be32(50000)), ck("cHRM", secret("eight-numbers"), strings.Repeat("x", 10)), ck("tEXt", "Comment\x00", secret("comment")))
	all["text-in-numbers"] = grey(ck("pHYs", "MVCANARY\x01")+ck("cLLI", "MVCANARY")+ck("bKGD", canary)+ck("cHRM", strings.Repeat("MVCANARY", 4))+
		ck("mDCV", strings.Repeat("MVCANARY", 4)), "")
	all["palette-of-more-colours"] = before(before(pal, "PLTE"), "IDAT", ck("tRNS", "\x00\x80"), ck("bKGD", "\x03"))
	plte := find(pal, "PLTE", 0)
	all["palette-of-more-colours"] = []byte(strings.Replace(string(all["palette-of-more-colours"]), string(pal[plte.off:plte.end]),
		ck("PLTE", string(pal[plte.off+8:plte.end-4]), secret("colour-of-none!")), 1))
	all["palette-of-true-colours"] = before(rgba, "IDAT", ck("PLTE", secret("suggested"), "xxx"[:(3-len(secret("suggested"))%3)%3]), ck("tRNS", secret("tRNS")))
	all["chunks-between-data"] = before(datas(all["base-grey"], 100, ""), "IEND", ck("IDAT"), ck("IDAT", secret("more-data")))
	all["data-behind-the-stream"] = datas(all["base-grey"], 77, strings.Repeat(secret("behind-zlib"), 20))
	all["older-picture-behind"] = behind(all["base-grey"], string(rgba[200:]), ck("tEXt", "Comment\x00", secret("older")), ck("IEND"))
	all["end-with-data"] = append(grey("", "")[:len(grey("", ""))-12], ck("IEND", secret("end"))...)
	all["interlaced"] = []byte(signature + ihdr(13, 9, 8, 0, 1) + text("Comment", secret("comment")) + ck("IDAT", z(adam7(13, 9))) + ck("IEND"))
	all["no-checksum-in-the-stream"] = []byte(signature + ihdr(16, 8, 8, 0, 0) + ck("IDAT", strings.TrimSuffix(stored(rows(16, 8)), "\x00\x00\x00\x00")) +
		text("Comment", secret("comment")) + ck("IEND"))
	all["animation"] = []byte(signature + ihdr(16, 8, 8, 0, 0) + text("Comment", secret("comment")) + actl(3) + fctl(0, 16, 8, 0, 0) + ck("IDAT", z(rows(16, 8))) +
		text("Comment", secret("between")) + fctl(1, 8, 4, 2, 1) + fdat(2, tiny()[:10]) + fdat(3, tiny()[10:]+secret("behind-zlib")) + fdat(4, secret("more")) +
		fctl(5, 8, 4, 8, 4) + fdat(6, tiny()) + ck("IEND"))
	all["animation-of-more-frames"] = []byte(signature + ihdr(16, 8, 8, 0, 0) + actl(1) + fctl(0, 16, 8, 0, 0) + ck("IDAT", z(rows(16, 8))) +
		fctl(1, 8, 4, 0, 0) + fdat(2, tiny()+secret("hidden-frame")) + ck("IEND"))
	all["animation-apart-from-the-picture"] = []byte(signature + ihdr(16, 8, 8, 0, 0) + actl(1) + ck("IDAT", z(rows(16, 8))) + ck("eXIf", exifBlock(6)) +
		fctl(0, 16, 8, 0, 0) + fdat(1, z(rows(16, 8))) + ck("IEND"))
	all["frames-of-no-animation"] = grey(fctl(0, 16, 8, 0, 0), fctl(1, 8, 4, 0, 0)+fdat(2, tiny()+secret("frame"))+actl(2))
	return all
}

// TestSamples checks that the committed samples are those of this package.
func TestSamples(t *testing.T) {
	all := samples(t)
	for name, want := range all {
		if *update {
			if err := os.WriteFile(samplePath(t, name), want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(samplePath(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the test composes; run with -update", name)
		}
	}
	files, err := filepath.Glob(samplePath(t, "*"))
	if err != nil || len(files) != len(all) {
		t.Errorf("%d files for %d samples, %v", len(files), len(all), err)
	}
}
