package jpeg

import (
	"bytes"
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

func TestExcessOfWholeScans(t *testing.T) {
	for name, b := range samples(t) {
		scans, found := walk(t, b)
		for i, s := range scans {
			if got, ok := found[s.off]; !ok || len(got) > 0 {
				t.Errorf("%s: scan %d of %d bytes: walked %t, excess %v", name, i, s.n, ok, got)
			}
		}
		if len(found) != len(scans) {
			t.Errorf("%s: %d scans, %d walked", name, len(scans), len(found))
		}
	}
}

func TestExcessBehindEachScan(t *testing.T) {
	for _, more := range []string{
		"\x00", "\xFF\x00", "\x00\x00", "\xFF\xD0", "\xFF\xFF\xD3",
		"Photo of a child, 59.9N 10.7E", "\x7F\xFF\x00\xFF\xD5text\xFF\x00",
		strings.Repeat("between the lines ", 20000),
	} {
		for name, b := range samples(t) {
			scans, _ := walk(t, b)
			for i, s := range scans {
				longer := insert(b, s.off+s.n, more)
				_, found := walk(t, longer)
				want := []extent{{off: s.off + s.n, n: int64(len(more))}}
				if got := found[s.off]; !reflect.DeepEqual(got, want) {
					t.Fatalf("%s: scan %d with %.10q behind it: got %v, want %v", name, i, more, got, want)
				}
				if len(found) != len(scans) || !bytes.Equal(cut(longer, found), b) {
					t.Fatalf("%s: scan %d with %.10q behind it: cut is not the original", name, i, more)
				}
			}
		}
	}
}

func TestExcessBeforeRestarts(t *testing.T) {
	tested := 0
	for name, b := range samples(t) {
		scans, _ := walk(t, b)
		for _, s := range scans {
			for at := s.off; at < s.off+s.n-1; at++ {
				if b[at] != 0xFF || b[at+1] < rst0 || b[at+1] > rst7 {
					continue
				}
				tested++
				for _, more := range []string{"\xFF", "hidden\xFF\x00here", "\x00"} {
					longer := insert(b, at, more)
					_, found := walk(t, longer)
					if got, want := found[s.off], []extent{{off: at, n: int64(len(more))}}; !reflect.DeepEqual(got, want) {
						t.Fatalf("%s: %q before the restart at %d: got %v, want %v", name, more, at, got, want)
					}
				}
				wrong := slices.Clone(b)
				wrong[at+1] ^= 1
				if _, found := walk(t, wrong); found[s.off] != nil || len(found) == len(scans) {
					t.Fatalf("%s: walked over the wrong restart marker at %d", name, at)
				}
			}
		}
	}
	if tested < 20 {
		t.Fatalf("only %d restart markers in the samples", tested)
	}
}

// No scan is walked when its last bytes are missing: the end that is found is not a byte too
// late. Behind it, no progressive scan is.
func TestExcessOfShortScans(t *testing.T) {
	for name, b := range samples(t) {
		scans, _ := walk(t, b)
		progressive := isProgressive(b)
		for i, s := range scans {
			for missing := int64(1); missing <= min(s.n, 40); missing++ {
				shorter := slices.Concat(b[:s.off+s.n-missing], b[s.off+s.n:])
				_, found := walk(t, shorter)
				walked := len(scans) - 1
				if progressive {
					walked = i
				}
				if _, ok := found[s.off]; ok || len(found) != walked {
					t.Fatalf("%s: scan %d without its last %d bytes: walked %t, %d scans in all", name, i, missing, ok, len(found))
				}
			}
		}
	}
}

func TestExcessNotWalked(t *testing.T) {
	whole := noise(t, image.Pt(40, 40), 80)
	sof := bytes.Index(whole, []byte{0xFF, sof0})
	dhtAt := bytes.Index(whole, []byte{0xFF, dht})
	sosAt := bytes.Index(whole, []byte{0xFF, sos})
	for name, change := range map[string]func(b []byte){
		"lossless":                func(b []byte) { b[sof+1] = sof3 },
		"arithmetic":              func(b []byte) { b[sof+1] = 0xC9 },
		"precision of 16 bits":    func(b []byte) { b[sof+4] = 16 },
		"no sampling factor":      func(b []byte) { b[sof+11] = 0x02 },
		"sampling factor of 5":    func(b []byte) { b[sof+11] = 0x15 },
		"12 blocks in an MCU":     func(b []byte) { b[sof+11], b[sof+14], b[sof+17] = 0x22, 0x22, 0x22 },
		"a component twice":       func(b []byte) { b[sof+13], b[sosAt+7] = 1, 1 },
		"more codes than fit":     func(b []byte) { copy(b[dhtAt+5:], "\x03\x00\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x00\x00\x00\x00") },
		"a table that is missing": func(b []byte) { b[sosAt+6] = 0x33 },
		"bad spectral selection":  func(b []byte) { b[sof+1] = sof0 + 2 },
		"taller than the data":    func(b []byte) { b[sof+5] = 1 },
	} {
		b := slices.Clone(whole)
		change(b)
		if _, found := walk(t, b); len(found) != 0 {
			t.Errorf("%s: walked, found %v", name, found)
		}
	}
}

// A picture that claims to be as large as can be takes no more time and memory than its
// bytes are worth.
func TestExcessOfHugePictures(t *testing.T) {
	for _, name := range []string{"baseline-420.jpg", "progressive-420.jpg", "progressive-deep.jpg"} {
		b, err := os.ReadFile(filepath.Join("testdata/entropy", name))
		if err != nil {
			t.Fatal(err)
		}
		sof := max(bytes.Index(b, []byte{0xFF, sof0, 0}), bytes.Index(b, []byte{0xFF, sof0 + 2, 0}))
		copy(b[sof+5:], "\xFF\xFF\xFF\xFF")
		begin := time.Now()
		if _, found := walk(t, b); len(found) != 0 {
			t.Errorf("%s: found %v", name, found)
		}
		if took := time.Since(begin); took > time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

// Memory is bounded whatever size a progressive picture claims to have.
func TestExcessMasks(t *testing.T) {
	for side, want := range map[int]bool{5792: true, 5793: false, 65535: false} {
		f := newFrame(sof0+2, []byte{8, byte(side >> 8), byte(side), byte(side >> 8), byte(side), 1, 1, 0x11, 0}, side)
		if got := new(scan).setMasks(f, 1); got != want {
			t.Errorf("a record for %d x %d samples: %t", side, side, got)
		}
	}
}

func TestExcessErrors(t *testing.T) {
	b := noise(t, image.Pt(700, 500), 95)
	w, pic, c, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := excess(ctx, w, pic, c); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: got %v", err)
	}
	torn := container.NewWindow(tornSource{memory{bytes.NewReader(b)}})
	if _, err := excess(context.Background(), torn, pic, c); !errors.Is(err, errTorn) {
		t.Errorf("unreadable: got %v", err)
	}
}

var errTorn = errors.New("torn")

// A tornSource cannot be read behind its first 64 KiB.
type tornSource struct{ memory }

func (s tornSource) ReadAt(b []byte, off int64) (int, error) {
	if off > 64<<10 {
		return 0, errTorn
	}
	return s.memory.ReadAt(b, off)
}

// Over real photos: nearly all walk to the very end, and few raise an alarm.
func TestExcessOfPhotos(t *testing.T) {
	root := photos(t)
	var files, alarms, scans, full, surplus, lost int
	err := filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if err != nil || !(Format{}).Match(b) {
			return err
		}
		w, pic, c, err := read(b)
		if err != nil {
			return nil
		}
		files++
		if alarm, _ := suspiciousScan(w, pic); alarm {
			alarms++
		}
		found, err := excess(context.Background(), w, pic, c)
		if err != nil {
			return err
		}
		for _, s := range scansOf(pic) {
			scans++
			switch e, ok := found[s.off]; {
			case !ok:
				lost++
			case len(e) == 0:
				full++
			default:
				surplus++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d alarms; %d scans: %d full, %d with excess, %d not walked", files, alarms, scans, full, surplus, lost)
	if files == 0 || full*100 < scans*95 || alarms*100 > files*10 {
		t.Error("not what photos are like")
	}
}
