package icc_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

func ExampleFilter() {
	profile := icc.Profile(icc.DisplayP3) // in life: from a picture
	clean, space, err := icc.Filter(profile)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(space, len(clean) < 1100)
	// Output: display-p3 true
}

// checkClean asserts what must hold for every result of Filter.
func checkClean(t *testing.T, clean []byte, space icc.Space) {
	t.Helper()
	items, err := icc.Read(clean)
	if err != nil {
		t.Fatalf("Read of the result: %v", err)
	}
	for _, item := range items {
		if item.Category != metadata.Rendering {
			t.Errorf("left over: %s, %s", item.Path, item.Category)
		}
	}
	again, spaceAgain, err := icc.Filter(clean)
	if err != nil || spaceAgain != space || !bytes.Equal(again, clean) {
		t.Errorf("filtered again it differs: %v, %v, %d and %d bytes", spaceAgain, err, len(clean), len(again))
	}
	if len(clean)%4 != 0 || int(be.Uint32(clean)) != len(clean) {
		t.Errorf("size %d, header says %d", len(clean), be.Uint32(clean))
	}
}

// traces are the forms in which planted text could survive.
func traces() [][]byte {
	return [][]byte{[]byte(secret), []byte(word), []byte("Ami"), mluc(secret)[28:], mluc("Amina")[28:], u16(2023, 5, 17)}
}

func TestFilterRemovesAll(t *testing.T) {
	for name, r := range samples() {
		t.Run(name, func(t *testing.T) {
			in := dirty(r).build()
			for i, trace := range traces() {
				if i != 3 && i != 4 && !bytes.Contains(in, trace) {
					t.Fatalf("trace %d was not planted", i)
				}
			}
			clean, space, err := icc.Filter(in)
			if err != nil {
				t.Fatal(err)
			}
			if space != icc.Custom {
				t.Errorf("space = %v", space)
			}
			checkClean(t, clean, space)
			for i, trace := range traces() {
				if bytes.Contains(clean, trace) {
					t.Errorf("trace %d is still there", i)
				}
			}
			// What surrounds the colours must not show in the result.
			plain, _, err := icc.Filter(r.build())
			if err != nil || !bytes.Equal(plain, clean) {
				t.Errorf("differs from the result without secrets: %v", err)
			}
		})
	}
}

func TestFilterKeepsColours(t *testing.T) {
	for name, r := range samples() {
		in := dirty(r).build()
		clean, _, err := icc.Filter(in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		seen := 0
		for i := range 12 {
			device := []float64{.03 * float64(i), .99, .5, .2, .71, 1}
			pcs := []float64{.1, .09 * float64(i), .8}
			n := map[string]int{"GRAY": 1, "2CLR": 2, "CMYK": 4, "6CLR": 6}[r.space]
			if n == 0 {
				n = 3
			}
			want, got := evaluate(in, device[:n], pcs), evaluate(clean, device[:n], pcs)
			if !reflect.DeepEqual(want, got) {
				t.Errorf("%s: colours differ:\n%v\n%v", name, want, got)
			}
			seen += len(got)
		}
		if seen == 0 {
			t.Errorf("%s: nothing was compared", name)
		}
		for _, at := range []int{12, 16, 20} { // class, colour space, connection space
			if !bytes.Equal(in[at:at+4], clean[at:at+4]) {
				t.Errorf("%s: header differs at %d", name, at)
			}
		}
		if in[8] != clean[8] || in[67] != clean[67] {
			t.Errorf("%s: version or intent differs", name)
		}
	}
}

func TestFilterStoresEqualDataOnce(t *testing.T) {
	clean, _, err := icc.Filter(samples()["matrix-v2"].build())
	if err != nil {
		t.Fatal(err)
	}
	r, g, b := tagOf(clean, "rTRC"), tagOf(clean, "gTRC"), tagOf(clean, "bTRC")
	if &r[0] != &g[0] || &g[0] != &b[0] {
		t.Error("three equal curves are stored more than once")
	}
}

// Text that has the place of a number, in tables that no decoder reads it from.
func TestFilterIgnoredMatrix(t *testing.T) {
	r := samples()["cmyk"]
	copy(r.tags[1].data[12:48], secret+secret)
	clean, _, err := icc.Filter(r.build())
	if err != nil || bytes.Contains(clean, []byte("Amina")) {
		t.Errorf("text survives in a matrix that is not applied: %v", err)
	}
}

func put32(at int, v uint32) func([]byte) []byte {
	return func(b []byte) []byte { be.PutUint32(b[at:], v); return b }
}

func putText(at int, s string) func([]byte) []byte {
	return func(b []byte) []byte { copy(b[at:], s); return b }
}

// tagData applies f to the data of a tag.
func tagData(sig string, f func([]byte) []byte) func([]byte) []byte {
	return func(b []byte) []byte { f(tagOf(b, sig)); return b }
}

func TestFilterRefuses(t *testing.T) {
	const entry = 132
	for _, tt := range []struct {
		name, sample string
		change       func([]byte) []byte
		want         error
	}{
		{"empty", "gray", func([]byte) []byte { return nil }, icc.ErrMalformed},
		{"too large", "gray", func(b []byte) []byte { return append(b, make([]byte, icc.MaxSize)...) }, icc.ErrUnsupported},
		{"no signature", "gray", putText(36, "xxxx"), icc.ErrMalformed},
		{"size past the end", "gray", put32(0, 1<<31), icc.ErrMalformed},
		{"size inside the header", "gray", put32(0, 100), icc.ErrMalformed},
		{"size cuts off a tag", "gray", put32(0, 200), icc.ErrMalformed},
		{"iccMAX", "gray", func(b []byte) []byte { b[8] = 5; return b }, icc.ErrUnsupported},
		{"version 0", "gray", func(b []byte) []byte { b[8] = 0; return b }, icc.ErrUnsupported},
		{"device link", "gray", putText(12, "link"), icc.ErrUnsupported},
		{"named colours", "gray", putText(12, "nmcl"), icc.ErrUnsupported},
		{"abstract", "gray", putText(12, "abst"), icc.ErrUnsupported},
		{"unknown class", "gray", putText(12, "Amin"), icc.ErrMalformed},
		{"unknown colour space", "gray", putText(16, "Amin"), icc.ErrMalformed},
		{"unknown connection space", "gray", putText(20, "Amin"), icc.ErrMalformed},
		{"257 tags", "gray", put32(128, 257), icc.ErrMalformed},
		{"2^32-1 tags", "gray", put32(128, 1<<32-1), icc.ErrMalformed},
		{"more tags than bytes", "gray", put32(128, 40), icc.ErrMalformed},
		{"tag in the table", "gray", put32(entry+4, 132), icc.ErrMalformed},
		{"tag past the end", "gray", put32(entry+8, 1<<20), icc.ErrMalformed},
		{"tag end wraps", "gray", put32(entry+8, 1<<32-8), icc.ErrMalformed},
		{"tag twice", "gray", putText(entry, "kTRC"), icc.ErrMalformed},
		{"tags overlap", "gray", func(b []byte) []byte { return put32(entry+4, be.Uint32(b[entry+16:])-4)(b) }, icc.ErrMalformed},
		{"same place, other size", "matrix-v2", func(b []byte) []byte { return put32(entry+12*5+8, 20)(b) }, icc.ErrMalformed},
		{"no curve", "gray", putText(entry+24, "zzzz"), icc.ErrMalformed},
		{"no colorant", "matrix-v2", putText(entry+12, "zzzz"), icc.ErrMalformed},
		{"matrix under Lab", "matrix-v2", putText(20, "Lab "), icc.ErrMalformed},
		{"colour tag of text type", "gray", tagData("wtpt", putText(0, "text")), icc.ErrMalformed},
		{"curve of text type", "gray", tagData("kTRC", putText(0, "text")), icc.ErrMalformed},
		{"curve too long", "gray", tagData("kTRC", put32(8, 1<<31)), icc.ErrMalformed},
		{"unknown function", "matrix-v4", tagData("rTRC", putText(8, "\x00\x05")), icc.ErrMalformed},
		{"function without parameters", "matrix-v4", tagData("rTRC", putText(8, "\x00\x04")), icc.ErrMalformed},
		{"table of wrong channels", "cmyk", tagData("A2B0", putText(8, "\x03")), icc.ErrMalformed},
		{"table of one point", "cmyk", tagData("A2B0", putText(10, "\x01")), icc.ErrMalformed},
		{"table of 2^32 points", "cmyk", tagData("A2B0", putText(10, "\xff")), icc.ErrMalformed},
		{"table of one entry", "cmyk", tagData("A2B1", putText(48, "\x00\x01")), icc.ErrMalformed},
		{"table of 65535 entries", "cmyk", tagData("A2B1", putText(50, "\xff\xff")), icc.ErrMalformed},
		{"mBA for mAB", "rgb-multi", tagData("A2B0", putText(0, "mBA ")), icc.ErrMalformed},
		{"stage outside", "rgb-multi", tagData("A2B0", put32(24, 1<<31)), icc.ErrMalformed},
		{"stage in the header", "rgb-multi", tagData("A2B0", put32(24, 8)), icc.ErrMalformed},
		{"no B curves", "rgb-multi", tagData("A2B0", put32(12, 0)), icc.ErrMalformed},
		{"no table from 4 to 3", "cmyk-multi", tagData("A2B0", put32(24, 0)), icc.ErrMalformed},
		{"precision 3", "rgb-multi", tagData("A2B0", func(b []byte) []byte { b[be.Uint32(b[24:])+16] = 3; return b }), icc.ErrMalformed},
		{"matrix cut off", "rgb-multi", tagData("A2B0", func(b []byte) []byte { return put32(16, uint32(len(b)-40))(b) }), icc.ErrMalformed},
		{"matrix on four channels", "cmyk-multi", tagData("B2A0", func(b []byte) []byte { b[8], b[9] = 4, 3; return b }), icc.ErrMalformed},
		{"grid cut off", "rgb-multi", tagData("A2B0", func(b []byte) []byte { return put32(24, uint32(len(b)-12))(b) }), icc.ErrMalformed},
		{"grid of one point", "rgb-multi", tagData("A2B0", func(b []byte) []byte { b[be.Uint32(b[24:])] = 1; return b }), icc.ErrMalformed},
		{"grid past the end", "rgb-multi", tagData("A2B0", func(b []byte) []byte { b[be.Uint32(b[24:])] = 200; return b }), icc.ErrMalformed},
		{"curves cut off", "rgb-multi", tagData("A2B0", func(b []byte) []byte { return put32(28, uint32(len(b)-20))(b) }), icc.ErrMalformed},
		{"wrong number of colorants", "six-colours", tagData("clrt", put32(8, 5)), icc.ErrMalformed},
	} {
		out, _, err := icc.Filter(tt.change(samples()[tt.sample].build()))
		if !errors.Is(err, tt.want) || out != nil {
			t.Errorf("%s: %d bytes, %v", tt.name, len(out), err)
		}
		if err != nil && bytes.Contains([]byte(err.Error()), []byte("Amin")) {
			t.Errorf("%s: the error quotes the profile: %v", tt.name, err)
		}
	}
}

// A profile cut anywhere is refused. When its header agrees with the cut, the result is
// clean if there is one.
func TestFilterCut(t *testing.T) {
	for name, r := range samples() {
		b := r.build()
		for n := range len(b) {
			if out, _, err := icc.Filter(b[:n]); !errors.Is(err, icc.ErrMalformed) || out != nil {
				t.Fatalf("%s cut to %d: %v", name, n, err)
			}
			if n%7 != 0 || n < 4 {
				continue
			}
			cut := bytes.Clone(b[:n])
			be.PutUint32(cut, uint32(n))
			if out, space, err := icc.Filter(cut); err == nil {
				checkClean(t, out, space)
			}
		}
	}
}

// Every word of the header, the table of tags and the head of each tag, set to extremes: the
// result is an error of ours or clean.
func TestFilterExtremes(t *testing.T) {
	for name, r := range samples() {
		plain := r.build()
		for _, at := range words(plain) {
			for _, v := range []uint32{0, 1, 1 << 31, 1<<32 - 1, be.Uint32(plain[at:]) + 1, be.Uint32(plain[at:]) - 1} {
				clean, space, err := icc.Filter(put32(at, v)(bytes.Clone(plain)))
				if err == nil {
					checkClean(t, clean, space)
				} else if clean != nil || !errors.Is(err, icc.ErrMalformed) && !errors.Is(err, icc.ErrUnsupported) {
					t.Errorf("%s, %d at %d: %v", name, v, at, err)
				}
			}
		}
	}
}

// words returns the offsets worth changing.
func words(p []byte) []int {
	var at []int
	n := int(be.Uint32(p[128:]))
	for i := 0; i < 132+12*n; i += 4 {
		at = append(at, i)
	}
	for i := range n {
		off, size := int(be.Uint32(p[136+12*i:])), int(be.Uint32(p[140+12*i:]))
		for j := 0; j < min(size-3, 400); j += 4 {
			at = append(at, off+j)
		}
	}
	return at
}

func FuzzFilter(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		items, readErr := icc.Read(b)
		for _, item := range items {
			if item.Size < 1 {
				t.Errorf("%s of no size", item.Path)
			}
			if len(item.Value) > 256 {
				t.Errorf("%s says %d bytes", item.Path, len(item.Value))
			}
		}
		clean, space, err := icc.Filter(b)
		if err != nil {
			if !errors.Is(err, icc.ErrMalformed) && !errors.Is(err, icc.ErrUnsupported) || clean != nil {
				t.Fatalf("%d bytes, %v", len(clean), err)
			}
			return
		}
		if readErr != nil {
			t.Errorf("filtered but not read: %v", readErr)
		}
		if len(clean) > 5*len(b)+2048 {
			t.Errorf("%d bytes made of %d", len(clean), len(b))
		}
		checkClean(t, clean, space)
	})
}
