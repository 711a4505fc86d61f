package containertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// everyByte is up to which size a file is cut off at each of its bytes.
const everyByte = 64 << 10

// checkTruncated cuts a file off wherever that can be done in a reasonable time.
func (s Suite) checkTruncated(data []byte) error {
	step := 1
	if testing.Short() {
		step = 17
	}
	if len(data) > everyByte {
		step = len(data) / 500
	}
	for n := 0; n < len(data); n += step {
		out, err := s.errorOrClean(data[:n])
		if err == nil {
			err = findCanary(out)
		}
		if err != nil {
			return fmt.Errorf("cut off behind byte %d: %w", n, err)
		}
	}
	return nil
}

// checkMutated damages a file in ways that are random but the same in every run.
func (s Suite) checkMutated(data []byte) error {
	rounds := 400
	if testing.Short() || len(data) > everyByte {
		rounds = 60
	}
	random := rand.New(rand.NewPCG(1, uint64(len(data))))
	for round := range rounds {
		damaged := slices.Clone(data)
		for range 1 + random.IntN(3) {
			damaged = mutate(random, damaged)
		}
		if _, err := s.errorOrClean(damaged); err != nil {
			return fmt.Errorf("mutation %d: %w", round, err)
		}
	}
	return nil
}

// mutate changes b in one of the ways in which files break and are broken.
func mutate(random *rand.Rand, b []byte) []byte {
	if len(b) == 0 {
		return []byte{byte(random.Uint32())}
	}
	at := random.IntN(len(b))
	// Most of what counts stands at the beginning.
	if random.IntN(2) == 0 {
		at = random.IntN(min(len(b), 1024))
	}
	end := min(len(b), at+1+random.IntN(64))
	switch random.IntN(6) {
	case 0:
		b[at] ^= 1 << random.IntN(8)
	case 1:
		b[at] = []byte{0, 1, 0x7F, 0x80, 0xFE, 0xFF}[random.IntN(6)]
	case 2:
		b = slices.Insert(b, at, slices.Repeat([]byte{byte(random.Uint32())}, 1+random.IntN(8))...)
	case 3:
		b = slices.Delete(b, at, end)
	case 4:
		b = slices.Insert(b, random.IntN(len(b)), slices.Clone(b[at:end])...)
	case 5:
		for i := at; i < end; i++ {
			b[i] = byte(random.Uint32())
		}
	}
	return b
}

// checkCancelled checks that nothing goes on when the context has ended.
func (s Suite) checkCancelled(data []byte) error {
	ctx, cancel := context.WithCancel(context.Background())
	job, err := container.Prepare(ctx, s.Format, bytes.NewReader(data), Strict, nil)
	if err != nil {
		cancel()
		return err
	}
	cancel()
	if _, err := s.Format.Map(ctx, bytes.NewReader(data)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("after cancel, Map returns %v", err)
	}
	if _, err := container.Prepare(ctx, s.Format, bytes.NewReader(data), Strict, nil); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("after cancel, Prepare returns %v", err)
	}
	if _, err := job.Verify(ctx, job.Draft); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("after cancel, Verify returns %v", err)
	}
	var out bytes.Buffer
	if err := job.Draft.Write(ctx, &out); !errors.Is(err, context.Canceled) || out.Len() > 0 {
		return fmt.Errorf("after cancel, Write returns %v and wrote %d bytes", err, out.Len())
	}
	return nil
}

// maxReads bounds how many places of one file are tried as the one that cannot be read.
const maxReads = 400

// checkFailing lets the first, the second … read fail. What comes out is that very error: a
// disk that fails says nothing about the file.
func (s Suite) checkFailing(data []byte) error {
	for n := 1; n <= maxReads; n++ {
		src := &failingSource{Reader: bytes.NewReader(data), left: n}
		_, err := Clean(context.Background(), s.Format, src, Strict)
		switch {
		case src.left > 0 && err == nil:
			return nil // all reads have had their turn
		case !errors.Is(err, errDisk):
			return fmt.Errorf("read %d fails and the result is %v", n, err)
		case container.IsVerdict(err) || isOurs(err):
			return fmt.Errorf("read %d fails and the file gets the blame: %w", n, err)
		}
	}
	return nil
}

// checkShrunk takes bytes away from the end of a file after its size has been told.
func (s Suite) checkShrunk(data []byte) error {
	want, err := s.clean(data)
	if err != nil {
		return err
	}
	for _, gone := range []int{1, 2, 3, 17, len(data) / 2, len(data) - 1, len(data)} {
		src := &shrunkSource{Reader: bytes.NewReader(data[:max(0, len(data)-gone)]), size: int64(len(data))}
		out, err := Clean(context.Background(), s.Format, src, Strict)
		if err == nil && !bytes.Equal(out, want) {
			return fmt.Errorf("%d bytes short of its size, and cleaned to something else", gone)
		}
		if err != nil && container.IsVerdict(err) {
			return fmt.Errorf("%d bytes short of its size, and the file gets the blame: %w", gone, err)
		}
	}
	return nil
}

// testMemory runs a file that no memory holds.
func (s Suite) testMemory(t *testing.T) {
	if s.Huge == nil {
		t.Skip("the format has no synthetic file of this size")
	}
	if testing.Short() || Race {
		t.Skip("short, or under the race detector")
	}
	src := s.Huge()
	if src.Size() < 1<<30 {
		t.Fatalf("the huge file has %d bytes only", src.Size())
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := prepareAndVerify(context.Background(), s.Format, src); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > s.MaxAlloc {
		t.Errorf("a run over %d bytes allocates %d, want at most %d", src.Size(), n, s.MaxAlloc)
	}
	t.Run("cancel", func(t *testing.T) { s.testCancelHuge(t, src) })
}

func prepareAndVerify(ctx context.Context, f container.Format, src container.Source) error {
	job, err := container.Prepare(ctx, f, src, Strict, nil)
	if err != nil {
		return err
	}
	_, err = job.Verify(ctx, job.Draft)
	return err
}

// testCancelHuge ends the context in the middle of a long run.
func (s Suite) testCancelHuge(t *testing.T, huge container.Source) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	src := &cancellingSource{Source: huge, cancel: cancel, at: 3}
	if err := prepareAndVerify(ctx, s.Format, src); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled in the middle, and the result is %v", err)
	}
	if src.after > 4 {
		t.Errorf("%d reads after the context ended", src.after)
	}
}
