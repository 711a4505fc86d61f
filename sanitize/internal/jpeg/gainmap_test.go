package jpeg_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/gainmap"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

var gainMaps = map[string]func(testing.TB) []byte{"ultra-hdr": ultraHDR, "iso-hdr": isoHDR}

// twoPictures cuts a cleaned file at the end of its first picture.
func twoPictures(t *testing.T, b []byte) (primary, gain []byte) {
	t.Helper()
	end := primaryEnd(t, b)
	if end == int64(len(b)) {
		t.Fatal("there is one picture only")
	}
	return b[:end], b[end:]
}

// A gain map goes unless it is asked for, and the report can say so.
func TestGainMapDropped(t *testing.T) {
	for name, build := range gainMaps {
		out, notes := clean(t, build(t), keeping())
		if !slices.Equal(notes, []string{"gain-map-dropped"}) {
			t.Errorf("%s: notes are %q", name, notes)
		}
		if got, want := sequence(out), "D8 E0 E1 "+strings.TrimPrefix(sequence(pure(t, "baseline")), "D8 "); got != want || int(primaryEnd(t, out)) != len(out) {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// A gain map that is kept is a picture like the first, with numbers of its own and no more.
func TestGainMapKept(t *testing.T) {
	for name, build := range gainMaps {
		b := build(t)
		out, notes := clean(t, b, keeping(metadata.GainMap))
		if len(notes) > 0 {
			t.Errorf("%s: notes are %q", name, notes)
		}
		if contains(out, canary) {
			t.Errorf("%s: a secret is left", name)
		}
		if again, _ := clean(t, out, keeping(metadata.GainMap)); !bytes.Equal(again, out) {
			t.Errorf("%s: cleaning it again changes it", name)
		}
		primary, gain := twoPictures(t, out)
		if !bytes.Equal(bare(primary), pure(t, "baseline")) || !bytes.Equal(bare(gain), pure(t, "gray")) {
			t.Errorf("%s: the pictures are not those of the source", name)
		}
		for i, picture := range [][]byte{primary, gain} {
			if _, _, err := image.Decode(bytes.NewReader(picture)); err != nil {
				t.Errorf("%s: picture %d: %v", name, i+1, err)
			}
		}
		checkMPF(t, name, out, len(primary))
	}
}

// checkMPF reads the index as CIPA DC-007 5.2 has it: where the second picture is.
func checkMPF(t *testing.T, name string, b []byte, end int) {
	t.Helper()
	for _, p := range places(b) {
		if p.marker != 0xE2 || string(b[p.off+4:p.off+8]) != "MPF\x00" {
			continue
		}
		header := p.off + 8
		entries := b[header+int(binary.BigEndian.Uint32(b[header+8+2+2*12+8:])):]
		size := func(i int) int { return int(binary.BigEndian.Uint32(entries[16*i+4:])) }
		offset := header + int(binary.BigEndian.Uint32(entries[16+8:]))
		if size(0) != end || offset != end || size(1) != len(b)-end {
			t.Errorf("%s: the index says %d bytes, then %d at %d; it is %d, then %d", name, size(0), size(1), offset, end, len(b)-end)
		}
		return
	}
	t.Errorf("%s: no index", name)
}

// What viewers need to apply a gain map is written anew.
func TestGainMapNumbers(t *testing.T) {
	out, _ := clean(t, ultraHDR(t), keeping(metadata.GainMap))
	primary, gain := twoPictures(t, out)
	packet := strings.Join(payloads(primary, 0xE1, idXMP), "")
	if !strings.Contains(packet, `Item:Semantic="GainMap"`) || !strings.Contains(packet, `Item:Length="`+strconv.Itoa(len(gain))+`"`) {
		t.Error("the directory of the first picture does not lead to the second")
	}
	said := payloads(gain, 0xE1, idXMP)
	if len(said) != 1 {
		t.Fatalf("the gain map has %d packets", len(said))
	}
	for _, want := range []string{
		`hdrgm:Version="1.0"`, `hdrgm:GainMapMin="-0.5"`, `hdrgm:GainMapMax="3.25"`, `hdrgm:HDRCapacityMax="3.25"`,
		"<hdrgm:Gamma><rdf:Seq><rdf:li>1</rdf:li><rdf:li>1.5</rdf:li><rdf:li>2</rdf:li></rdf:Seq></hdrgm:Gamma>",
	} {
		if !strings.Contains(said[0], want) {
			t.Errorf("the packet of the gain map lacks %s", want)
		}
	}
	if _, ok := gainmap.ParseXMP([]byte(said[0])); !ok {
		t.Error("our own packet cannot be read")
	}
	out, _ = clean(t, isoHDR(t), keeping(metadata.GainMap))
	primary, gain = twoPictures(t, out)
	if got := payloads(primary, 0xE2, isoPrefix); !slices.Equal(got, []string{"\x00\x00\x00\x00"}) {
		t.Errorf("the version of the first picture is %q", got)
	}
	if got := payloads(gain, 0xE2, isoPrefix); !slices.Equal(got, []string{cleanNumbers()}) {
		t.Errorf("the numbers of the gain map are %q", got)
	}
}

// Credit and gain map share one packet.
func TestGainMapAndRights(t *testing.T) {
	b := ultraHDR(t)
	b = slices.Concat(b[:2], []byte(rightsIPTC), b[2:])
	out, _ := clean(t, b, keeping(metadata.GainMap, metadata.Rights))
	primary, gain := twoPictures(t, out)
	packets := payloads(primary, 0xE1, idXMP)
	if len(packets) != 1 || !strings.Contains(packets[0], "From IPTC") || !strings.Contains(packets[0], `Item:Semantic="GainMap"`) {
		t.Errorf("%d packets, not one with credit and directory", len(packets))
	}
	if contains(gain, "IPTC") || contains(out, canary) {
		t.Error("a text is where it should not be")
	}
}

// What only looks like a gain map goes, whatever the policy.
func TestNotAGainMap(t *testing.T) {
	plain, gray := pure(t, "baseline"), pure(t, "gray")
	gain := string(head(gray, gainXMP()))
	for name, b := range map[string][]byte{
		"no numbers":              behind(plain, string(gray)),
		"numbers of another time": behind(plain, string(head(gray, xmpSeg(`hdrgm:Version="2.0" hdrgm:GainMapMax="1" hdrgm:HDRCapacityMax="1"`, "")))),
		"not a number":            behind(plain, string(head(gray, xmpSeg(`hdrgm:Version="1.0" hdrgm:GainMapMax="`+secret("x")+`" hdrgm:HDRCapacityMax="1"`, "")))),
		"not next to it":          behind(plain, secret("gap"), gain),
		"cut off":                 behind(plain, gain[:len(gain)-30]),
		"ISO of the wrong length": behind(plain, string(head(gray, seg(0xE2, isoPrefix, isoNumbers(), secret("iso"))))),
		"broken picture":          behind(plain, "\xFF\xD8"+gainXMP()+"\xFF\xD9"),
		"a second one":            behind(plain, string(gray), gain),
	} {
		if out, _ := clean(t, b, keeping(metadata.GainMap)); !bytes.Equal(out, plain) {
			t.Errorf("%s: %d bytes, want %d", name, len(out), len(plain))
		}
	}
}

// exiftool finds the second picture where the index says, and nothing of the camera.
func TestGainMapByExiftool(t *testing.T) {
	exiftool := containertest.Judge(t, "exiftool")
	for name, build := range gainMaps {
		out, _ := clean(t, build(t), keeping(metadata.GainMap))
		_, gain := twoPictures(t, out)
		file := filepath.Join(t.TempDir(), name+".jpg")
		if err := os.WriteFile(file, out, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := exec.Command(exiftool, "-b", "-MPImage2", file).Output()
		if err != nil || !bytes.Equal(got, gain) {
			t.Errorf("%s: exiftool finds a second picture of %d bytes, want %d (%v)", name, len(got), len(gain), err)
		}
		if warned, _ := exec.Command(exiftool, "-s3", "-Warning", file).Output(); len(warned) > 0 {
			t.Errorf("%s: exiftool warns: %s", name, warned)
		}
	}
}
