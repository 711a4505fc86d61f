package png_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/png"
)

// material is data of several kinds: noise, runs, and words that come again near and far.
func material(random *rand.Rand, n int) []byte {
	b := make([]byte, 0, n)
	for len(b) < n {
		k := min(n-len(b), 1+random.IntN(3000))
		switch random.IntN(4) {
		case 0:
			for range k {
				b = append(b, byte(random.Uint32()))
			}
		case 1:
			b = append(b, bytes.Repeat([]byte{byte(random.Uint32())}, k)...)
		case 2:
			for range k {
				b = append(b, byte(random.ExpFloat64()*3))
			}
		default:
			if len(b) > 0 {
				from := random.IntN(len(b))
				b = append(b, b[from:min(len(b), from+k)]...)
			}
		}
	}
	return b
}

func deflate(t testing.TB, b []byte, level int) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zlib.NewWriterLevel(&out, level)
	if err != nil {
		t.Fatal(err)
	}
	half := len(b) / 2
	_, _ = z.Write(b[:half])
	_ = z.Flush()
	_, _ = z.Write(b[half:])
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The walk ends where inflating ends, whatever stands behind it and however it comes.
func TestWalkFindsTheEnd(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	rounds := 40
	if containertest.Race {
		rounds = 6
	}
	for round := range rounds {
		raw := material(random, random.IntN(1<<random.IntN(18)+1))
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, 1, 6, 9} {
			z := deflate(t, raw, level)
			more := append(bytes.Clone(z), material(random, random.IntN(40))...)
			for _, piece := range []int{1, 7, 8, 9, 1000, 1 << 20} {
				used, out, err := png.Walk(more, piece)
				if err != nil || used != int64(len(z)) || out != int64(len(raw)) {
					t.Fatalf("round %d, level %d, pieces of %d: used %d of %d, %d bytes of %d, %v",
						round, level, piece, used, len(z), out, len(raw), err)
				}
			}
		}
	}
}

// Cut off or damaged, a stream gives an error wherever inflating gives one for its codes.
func TestWalkOfDamage(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	z := deflate(t, material(random, 5000), 6)
	for n := range z {
		if _, _, err := png.Walk(z[:n], 100); err == nil {
			t.Fatalf("cut off behind byte %d, and nobody says so", n)
		}
	}
	for range 800 {
		bad := bytes.Clone(z)
		bad[random.IntN(len(bad))] ^= 1 << random.IntN(8)
		compareWalk(t, bad)
	}
}

// compareWalk compares the walk with the inflater of the standard library.
func compareWalk(t *testing.T, b []byte) {
	t.Helper()
	used, out, err := png.Walk(b, 64)
	src := &counted{Reader: bytes.NewReader(b)}
	z, headErr := zlib.NewReader(src)
	if headErr != nil {
		if err == nil {
			t.Fatal("the walk accepts a header that zlib does not")
		}
		return
	}
	n, zerr := io.Copy(io.Discard, io.LimitReader(z, 1<<26))
	switch {
	case zerr == nil && (err != nil || out != n || used != int64(len(b)-src.Len())):
		t.Fatalf("inflates to %d bytes; the walk says %d, %v", n, out, err)
	case zerr != nil && zerr != zlib.ErrChecksum && err == nil && !tooFar(zerr):
		t.Fatalf("%v; the walk sees nothing", zerr)
	}
}

// tooFar is for distances that reach behind the beginning, which a walk does not look at.
func tooFar(err error) bool {
	_, ok := err.(flate.CorruptInputError)
	return ok
}

type counted struct{ *bytes.Reader }

func FuzzWalk(f *testing.F) {
	random := rand.New(rand.NewPCG(9, 9))
	raw := material(random, 300)
	for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, 1, 9} {
		f.Add(deflate(f, raw, level))
	}
	f.Fuzz(func(t *testing.T, b []byte) { compareWalk(t, b) })
}

func BenchmarkWalk(b *testing.B) {
	random := rand.New(rand.NewPCG(3, 3))
	z := deflate(b, material(random, 4<<20), 6)
	b.SetBytes(int64(len(z)))
	b.Run("walk", func(b *testing.B) {
		b.SetBytes(int64(len(z)))
		for b.Loop() {
			if _, _, err := png.Walk(z, 128<<10); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("inflate", func(b *testing.B) {
		b.SetBytes(int64(len(z)))
		for b.Loop() {
			r, _ := zlib.NewReader(bytes.NewReader(z))
			_, _ = io.Copy(io.Discard, r)
		}
	})
}
