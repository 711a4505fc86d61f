package icc_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
)

// judge returns the path of an outside program, or skips; where judges are required it fails.
func judge(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("MEDIAVEIL_JUDGES") == "require" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

func save(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// mayRemain lists what exiftool may find in a filtered profile. Values that must be empty
// are checked beside it.
var mayRemain = map[string]bool{
	"ProfileCMMType": true, "ProfileVersion": true, "ProfileClass": true, "ColorSpaceData": true,
	"ProfileConnectionSpace": true, "ProfileDateTime": true, "ProfileFileSignature": true,
	"PrimaryPlatform": true, "CMMFlags": true, "DeviceManufacturer": true, "DeviceModel": true,
	"DeviceAttributes": true, "RenderingIntent": true, "ConnectionSpaceIlluminant": true,
	"ProfileCreator": true, "ProfileID": true, "ProfileDescription": true, "ProfileCopyright": true,
	"MediaWhitePoint": true, "MediaBlackPoint": true, "ChromaticAdaptation": true,
	"RedMatrixColumn": true, "GreenMatrixColumn": true, "BlueMatrixColumn": true,
	"RedTRC": true, "GreenTRC": true, "BlueTRC": true, "GrayTRC": true, "Luminance": true,
	"AToB0": true, "AToB1": true, "AToB2": true, "BToA0": true, "BToA1": true, "BToA2": true,
	"Gamut": true, "ColorantTable": true, "ColorPrimaries": true, "TransferCharacteristics": true,
	"MatrixCoefficients": true, "VideoFullRangeFlag": true,
}

func TestJudgeExiftool(t *testing.T) {
	tool := judge(t, "exiftool")
	for name, r := range samples() {
		clean, _, err := icc.Filter(dirty(r).build())
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, "-s", "-n", "-a", "-ICC_Profile:all", "-Warning", save(t, "p.icc", clean)).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		for line := range strings.Lines(string(out)) {
			tag, value, _ := strings.Cut(line, ":")
			tag, value = strings.TrimSpace(tag), strings.TrimSpace(value)
			if !mayRemain[tag] && !strings.HasPrefix(tag, "Colorant") {
				t.Errorf("%s: exiftool finds %s", name, tag)
			}
			mustBeEmpty := strings.HasPrefix(tag, "Device") || tag == "ProfileCMMType" || tag == "ProfileCreator" || tag == "PrimaryPlatform"
			if mustBeEmpty && strings.Trim(value, "0 ") != "" {
				t.Errorf("%s: %s is %q", name, tag, value)
			}
		}
	}
}

// testPicture holds greys, primaries and mixtures, dark and light.
func testPicture(t *testing.T) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 96, 96))
	for y := range 96 {
		for x := range 96 {
			c := color.NRGBA{uint8(x * 255 / 95), uint8(y * 255 / 95), uint8((x * y) % 16 * 17), 255}
			if y%8 == 0 {
				c.G, c.B = c.R, c.R
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return save(t, "picture.png", buf.Bytes())
}

// convert has lcms turn the picture from one profile into another.
func convert(t *testing.T, tool, picture string, from, to []byte) image.Image {
	t.Helper()
	name := filepath.Join(t.TempDir(), "out.png")
	out, err := exec.Command(tool, picture, "-strip", "-profile", save(t, "from.icc", from),
		"-profile", save(t, "to.icc", to), "-depth", "8", "PNG24:"+name).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Fatalf("%v: %s", err, out)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// farthest returns the greatest difference between two pictures, in 8-bit steps.
func farthest(a, b image.Image) int {
	most := 0.0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r, g, bl, _ := a.At(x, y).RGBA()
			r2, g2, bl2, _ := b.At(x, y).RGBA()
			for _, d := range []float64{float64(r) - float64(r2), float64(g) - float64(g2), float64(bl) - float64(bl2)} {
				most = max(most, math.Abs(d)/257)
			}
		}
	}
	return int(most + 0.5)
}

// lcms must accept what Filter makes and give every pixel the colour it had.
func TestJudgeLCMS(t *testing.T) {
	tool := judge(t, "convert")
	picture := testPicture(t)
	p3, srgb := icc.Profile(icc.DisplayP3), icc.Profile(icc.SRGB)
	for _, tt := range []struct {
		name  string
		in    recipe
		to    []byte
		steps int
	}{
		{"sRGB, table", matrixRGB(oldSRGBXYZ, table(1024, srgbCurve)), p3, 1},
		{"sRGB, function", matrixRGB(srgbXYZ, srgbPara()), p3, 1},
		{"P3", matrixRGB(p3XYZ, srgbPara()), srgb, 1},
		{"Adobe", matrixRGB(adobeXYZ, gamma(563/256.0)), srgb, 1},
		{"custom matrix", samples()["matrix-v2"], srgb, 0},
		{"custom matrix, version 4", samples()["matrix-v4"], srgb, 0},
		{"tables beside a matrix", samples()["srgb-and-lut"], p3, 0},
		{"multi-stage table", samples()["rgb-multi"], srgb, 0},
	} {
		before := tt.in.build()
		clean, _, err := icc.Filter(before)
		if err != nil {
			t.Fatal(err)
		}
		if got := farthest(convert(t, tool, picture, before, tt.to), convert(t, tool, picture, clean, tt.to)); got > tt.steps {
			t.Errorf("%s: pixels differ by up to %d", tt.name, got)
		}
	}
}

// Profiles of real pictures: what can be rebuilt is clean, and the usual spaces are known.
func TestRealPictures(t *testing.T) {
	dir := sharedPhotos(t)
	found, spaces := 0, map[icc.Space]int{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		ext := strings.ToLower(filepath.Ext(path))
		if err != nil || ext != ".jpg" && ext != ".jpeg" {
			return err
		}
		for _, profile := range jpegProfiles(path) {
			clean, space, err := icc.Filter(profile)
			if err != nil {
				continue
			}
			found++
			spaces[space]++
			checkClean(t, clean, space)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 20 || spaces[icc.SRGB] == 0 || spaces[icc.DisplayP3] == 0 || spaces[icc.AdobeRGB] == 0 {
		t.Errorf("%d profiles, %v", found, spaces)
	}
}

// sharedPhotos finds the sample pictures beside the checkout.
func sharedPhotos(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		photos := filepath.Join(dir, "shared", "media", "photos")
		if _, err := os.Stat(photos); err == nil {
			return photos
		}
	}
	t.Skip("the sample pictures are not here")
	return ""
}

// jpegProfiles returns the profiles of a JPEG file that fit into one segment.
func jpegProfiles(path string) [][]byte {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var all [][]byte
	mark := []byte("ICC_PROFILE\x00\x01\x01")
	for i := bytes.Index(b, mark); i >= 2; i = bytes.Index(b, mark) {
		if end := i - 2 + int(be.Uint16(b[i-2:])); end <= len(b) && end > i+len(mark) {
			all = append(all, b[i+len(mark):end])
		}
		b = b[i+len(mark):]
	}
	return all
}
