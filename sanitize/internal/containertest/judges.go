package containertest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // registers the decoder
	_ "image/jpeg" // registers the decoder
	_ "image/png"  // registers the decoder
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Judge returns the path of an outside program. Without it the test is skipped, or fails
// when judges are required.
func Judge(t *testing.T, name string) string {
	t.Helper()
	found, err := exec.LookPath(name)
	switch {
	case err == nil:
	case os.Getenv("MEDIAVEIL_JUDGES") == "require":
		t.Fatalf("%s is required and not installed", name)
	default:
		t.Skipf("%s is not installed", name)
	}
	return found
}

// canaries are the forms in which a secret may come through. Base64 depends on where in a
// group of three bytes the text begins; taken are the groups that hold nothing else.
var canaries = func() [][]byte {
	wide := func(order binary.AppendByteOrder) (b []byte) {
		for _, c := range Canary {
			b = order.AppendUint16(b, uint16(c))
		}
		return b
	}
	all := [][]byte{
		[]byte(Canary), []byte(strings.ToLower(Canary)),
		wide(binary.LittleEndian), wide(binary.BigEndian),
		[]byte(hex.EncodeToString([]byte(Canary))), []byte(strings.ToUpper(hex.EncodeToString([]byte(Canary)))),
	}
	for skip, first := range []int{0, 4, 4} {
		coded := base64.StdEncoding.EncodeToString(append(make([]byte, skip), Canary...))
		all = append(all, []byte(coded[first:first+8]))
	}
	return all
}()

// findCanary returns an error when a secret of a sample is in b, in whatever encoding.
func findCanary(b []byte) error {
	for form, c := range canaries {
		if at := bytes.Index(b, c); at >= 0 {
			return fmt.Errorf("a planted secret is at byte %d of the result (form %d)", at, form)
		}
	}
	return nil
}

func (s Suite) testSecrets(t *testing.T, samples []sample, results map[string][]byte) {
	planted := 0
	for _, smp := range samples {
		if findCanary(smp.data) != nil {
			planted++
		}
		if err := findCanary(results[smp.name]); err != nil {
			t.Errorf("%s: %v", smp.name, err)
		}
	}
	if planted == 0 {
		t.Errorf("no sample holds a secret that begins with %s", Canary)
	}
}

func (s Suite) testPictures(t *testing.T, samples []sample, results map[string][]byte) {
	compared := 0
	for _, smp := range samples {
		out, ok := results[smp.name]
		if !ok {
			continue
		}
		before, _, err := image.Decode(bytes.NewReader(smp.data))
		if err != nil {
			compared += s.compareDecoded(t, smp, out)
			continue
		}
		compared++
		after, _, err := image.Decode(bytes.NewReader(out))
		if err != nil {
			t.Errorf("%s: the result cannot be decoded: %v", smp.name, err)
		} else if err := SamePixels(before, after); err != nil {
			t.Errorf("%s: %v", smp.name, err)
		}
	}
	t.Logf("compared %d of %d pictures", compared, len(samples))
}

// compareDecoded asks the decoder of the format and returns how many pictures it compared. A
// sample that it cannot decode either has nothing to be compared with.
func (s Suite) compareDecoded(t *testing.T, smp sample, out []byte) (n int) {
	if len(s.Decoder) == 0 {
		return 0
	}
	t.Run(smp.name, func(t *testing.T) {
		name := Judge(t, s.Decoder[0])
		before := run(smp.data, name, s.Decoder[1:]...)
		if len(before) == 0 {
			t.Skipf("%s cannot decode the sample", s.Decoder[0])
		}
		n = 1
		if !bytes.Equal(before, run(out, name, s.Decoder[1:]...)) {
			t.Error("the picture has changed")
		}
	})
	return n
}

// run returns what a program wrote. Its exit code may speak of a mere warning.
func run(stdin []byte, name string, args ...string) []byte {
	cmd := exec.Command(name, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, _ := cmd.Output()
	return out
}

// SamePixels compares two pictures point by point.
func SamePixels(a, b image.Image) error {
	if a.Bounds() != b.Bounds() {
		return errors.New("the picture has another size")
	}
	if !reflect.DeepEqual(a.ColorModel(), b.ColorModel()) { // a palette cannot be compared with !=
		return errors.New("the picture has another colour model")
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				return fmt.Errorf("pixel %d,%d has changed", x, y)
			}
		}
	}
	return nil
}

// always is what exiftool says of the file in the folder and of itself.
var always = []string{"SourceFile", "ExifTool:ExifToolVersion", "System:*"}

// Exiftool asks exiftool, which knows more places than anybody, what is left in cleaned files,
// and compares that with MayRemain.
func (s Suite) Exiftool(t *testing.T, results map[string][]byte) {
	name := Judge(t, "exiftool")
	dir := t.TempDir()
	for file, out := range results {
		if err := os.WriteFile(filepath.Join(dir, file), out, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A warning about one file gives exit code 1 as well; what counts is the document.
	listing, err := exec.Command(name, "-a", "-u", "-U", "-ee3", "-G1", "-j", dir).Output()
	var found []map[string]any
	if jsonErr := json.Unmarshal(listing, &found); jsonErr != nil {
		t.Fatalf("exiftool: %v, %v", err, jsonErr)
	}
	if len(found) != len(results) {
		t.Errorf("exiftool speaks of %d files of %d", len(found), len(results))
	}
	may := slices.Concat(always, s.MayRemain)
	for _, tags := range found {
		file := filepath.Base(fmt.Sprint(tags["SourceFile"]))
		for tag, value := range tags {
			if !matchesAny(may, tag, fmt.Sprint(value)) {
				t.Errorf("%s: exiftool finds %s = %.60v", file, tag, value)
			}
		}
	}
}

func matchesAny(patterns []string, name, value string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		p, want, exact := strings.Cut(p, "=")
		ok, err := path.Match(p, name)
		return ok && err == nil && (!exact || want == value)
	})
}

// testFFmpeg compares what ffmpeg decodes before and after.
func (s Suite) testFFmpeg(t *testing.T, samples []sample, results map[string][]byte) {
	name := Judge(t, "ffmpeg")
	dir, compared := t.TempDir(), 0
	for _, smp := range samples {
		out, ok := results[smp.name]
		if !ok {
			continue
		}
		before, err := s.frames(name, filepath.Join(dir, "before-"+smp.name), smp.data)
		if err != nil {
			continue // nothing to compare with
		}
		compared++
		after, err := s.frames(name, filepath.Join(dir, "after-"+smp.name), out)
		_, disagrees := s.Disagree[smp.name]
		switch {
		case err != nil:
			t.Errorf("%s: ffmpeg decodes the sample and not the result: %v", smp.name, err)
		case before == after && disagrees:
			t.Errorf("%s: ffmpeg agrees; take it off the list", smp.name)
		case before != after && !disagrees:
			t.Errorf("%s: ffmpeg decodes something else", smp.name)
		}
	}
	t.Logf("compared %d of %d files", compared, len(samples))
}

// frames returns the digests of what ffmpeg decodes, without the lines about the file.
func (s Suite) frames(ffmpeg, file string, data []byte) (string, error) {
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return "", err
	}
	args := slices.Concat([]string{"-nostdin", "-v", "error", "-i", file}, s.FFmpeg, []string{"-f", "framemd5", "-"})
	out, err := exec.Command(ffmpeg, args...).Output()
	if err != nil {
		return "", err
	}
	var lines []string
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return "", errors.New("no frame")
	}
	return strings.Join(lines, ""), nil
}
