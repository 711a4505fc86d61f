// Package containertest is the suite that every format runs.
//
// A format's own test says where its samples are and what a clean file of the format may
// still say; the suite does the rest, over testdata/DIR and testdata/hostile:
//
//	func TestSuite(t *testing.T) {
//		containertest.Suite{Format: webp.Format{}, Dir: "webp", MayRemain: mayRemain}.Run(t)
//	}
//
// Every file in testdata/DIR with an extension of the format is one that has to be cleaned;
// its secrets begin with [Canary]. The files in testdata/hostile belong to nobody: every
// format sees all of them and has to refuse them or to clean them.
//
// The package knows no format. Its outside judges, exiftool, ffmpeg and a decoder that the
// format names, are asked when they are installed; MEDIAVEIL_JUDGES=require makes it an error
// when one is not.
package containertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Canary is what every secret in a sample begins with. None may be found in a result.
const Canary = "MVCANARY"

// A Suite holds a format to the promises of package container.
type Suite struct {
	Format container.Format
	// Dir is the folder of samples below testdata of the module.
	Dir string
	// FrameText lists texts that the structure of a clean file may hold, "matroska".
	FrameText []string
	// MayRemain lists what exiftool may find in a clean file, as patterns of path.Match for
	// "Group1:Tag", or with the one value that it may have: "File:*", "IFD0:Orientation",
	// "ICC-header:ProfileCreator=".
	MayRemain []string
	// Decoder is a program with its arguments that reads a file from its standard input and
	// writes pixels to its standard output. It is asked where the standard library cannot
	// decode a sample.
	Decoder []string
	// FFmpeg are options behind the input: "-frames:v", "1" for formats of one picture.
	FFmpeg []string
	// Disagree names the samples of which ffmpeg decodes something else than the viewers
	// that we follow, and says why.
	Disagree map[string]string
	// Huge makes a valid file of at least a gigabyte, and MaxAlloc says how many bytes a
	// whole run over it may allocate. Nil leaves the test out.
	Huge     func() container.Source
	MaxAlloc uint64
}

// A sample is one file of testdata.
type sample struct {
	name string
	data []byte
}

// Run runs the suite.
func (s Suite) Run(t *testing.T) {
	t.Helper()
	samples := s.samples(t)
	results := make(map[string][]byte, len(samples))
	t.Run("clean", func(t *testing.T) {
		for _, smp := range samples {
			out, err := s.checkSample(smp.data)
			if err != nil {
				t.Errorf("%s: %v", smp.name, err)
				continue
			}
			results[smp.name] = out
		}
	})
	s.each(t, "generous", samples, s.checkGenerous)
	t.Run("secrets", func(t *testing.T) { s.testSecrets(t, samples, results) })
	t.Run("pictures", func(t *testing.T) { s.testPictures(t, samples, results) })
	t.Run("hostile", s.testHostile)
	s.each(t, "truncated", samples, s.checkTruncated)
	s.each(t, "mutated", samples, s.checkMutated)
	s.each(t, "cancelled", samples, s.checkCancelled)
	s.each(t, "failing", samples, s.checkFailing)
	s.each(t, "shrunk", samples, s.checkShrunk)
	t.Run("memory", s.testMemory)
	t.Run("exiftool", func(t *testing.T) { s.Exiftool(t, results) })
	t.Run("ffmpeg", func(t *testing.T) { s.testFFmpeg(t, samples, results) })
}

func (s Suite) each(t *testing.T, name string, samples []sample, check func([]byte) error) {
	t.Run(name, func(t *testing.T) {
		for _, smp := range samples {
			if err := check(smp.data); err != nil {
				t.Errorf("%s: %v", smp.name, err)
			}
		}
	})
}

// Strict is the policy of nothing but what a viewer needs.
func Strict(it metadata.Item) bool { return it.Category == metadata.Rendering }

// Generous is the policy of everything that can be written anew.
func Generous(it metadata.Item) bool {
	switch it.Category {
	case metadata.Unknown, metadata.Device, metadata.Software, metadata.Thumbnail:
		return false
	}
	return true
}

// Root returns the folder of the module, which holds go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

func (s Suite) samples(t *testing.T) []sample {
	t.Helper()
	all := load(t, s.Dir)
	all = slices.DeleteFunc(all, func(smp sample) bool {
		return !slices.Contains(s.Format.Info().Extensions, strings.ToLower(filepath.Ext(smp.name)))
	})
	if len(all) == 0 {
		t.Fatalf("testdata/%s holds no sample of %s", s.Dir, s.Format.Info().Name)
	}
	return all
}

func load(t *testing.T, dir string) []sample {
	t.Helper()
	dir = filepath.Join(Root(t), "testdata", dir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, sample{e.Name(), data})
	}
	return all
}

// Clean takes a file through everything that the engine does and returns what it would
// write. It is for the tests of formats.
func Clean(ctx context.Context, f container.Format, src container.Source, keep func(metadata.Item) bool) ([]byte, error) {
	job, err := container.Prepare(ctx, f, src, keep, nil)
	if err != nil {
		return nil, err
	}
	if _, err := job.Verify(ctx, job.Draft); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	var out bytes.Buffer
	if err := job.Draft.Write(ctx, &out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (s Suite) clean(data []byte) ([]byte, error) {
	return Clean(context.Background(), s.Format, bytes.NewReader(data), Strict)
}

// checkSample checks one valid file: it can be cleaned, the result is clean, of the same
// format, and cleaning it again changes nothing.
func (s Suite) checkSample(data []byte) ([]byte, error) {
	if !s.Format.Match(data[:min(len(data), 64)]) {
		return nil, errors.New("not known by Match")
	}
	out, err := s.clean(data)
	if err != nil {
		return nil, err
	}
	if !s.Format.Match(out[:min(len(out), 64)]) {
		return nil, errors.New("the result is not known by Match")
	}
	if err := s.checkClean(out); err != nil {
		return nil, err
	}
	again, err := s.clean(out)
	if err != nil {
		return nil, fmt.Errorf("cleaning the result: %w", err)
	}
	if !bytes.Equal(out, again) {
		return nil, errors.New("cleaning the result changes it")
	}
	return out, nil
}

// checkClean maps a result: nothing but what a viewer needs, and no text in its structure.
func (s Suite) checkClean(out []byte) error {
	spans, err := container.Map(context.Background(), s.Format, bytes.NewReader(out))
	if err != nil {
		return fmt.Errorf("the result cannot be mapped: %w", err)
	}
	for _, span := range spans {
		if span.Role == container.Metadata && len(span.Items) == 0 {
			return fmt.Errorf("the result holds %d bytes of unknown content at %d", span.Len, span.Off)
		}
		for _, it := range span.Items {
			if !Strict(it) {
				return fmt.Errorf("the result holds %s (%s)", it.Path, it.Category)
			}
		}
		if span.Role != container.Frame {
			continue
		}
		if n := s.longestText(out[span.Off:span.End()]); n >= minText {
			return fmt.Errorf("%d printable bytes in a frame span at %d of the result", n, span.Off)
		}
	}
	return nil
}

// checkGenerous cleans a file and keeps what can be kept. What has no canonical form goes
// nevertheless, and what a kind policy has written a strict one takes away again.
func (s Suite) checkGenerous(data []byte) error {
	ctx := context.Background()
	out, err := Clean(ctx, s.Format, bytes.NewReader(data), Generous)
	if err != nil {
		return err
	}
	again, err := Clean(ctx, s.Format, bytes.NewReader(out), Generous)
	if err != nil || !bytes.Equal(out, again) {
		return fmt.Errorf("cleaning the result changes it (%v)", err)
	}
	spans, err := container.Map(ctx, s.Format, bytes.NewReader(out))
	if err != nil {
		return err
	}
	for _, span := range spans {
		for _, it := range span.Items {
			if !Generous(it) {
				return fmt.Errorf("the result holds %s (%s)", it.Path, it.Category)
			}
		}
	}
	once, err := s.clean(data)
	if err != nil {
		return err
	}
	twice, err := s.clean(out)
	if err != nil || !bytes.Equal(once, twice) {
		return fmt.Errorf("a strict cleaning after a generous one gives something else (%v)", err)
	}
	return nil
}

// minText is how many printable bytes in a row are taken for text.
const minText = 6

// longestText returns the length of the longest printable run of b that FrameText does not
// explain.
func (s Suite) longestText(b []byte) int {
	for _, known := range s.FrameText {
		b = bytes.ReplaceAll(b, []byte(known), []byte{0})
	}
	longest, run := 0, 0
	for _, c := range b {
		if run++; c < ' ' || c > '~' {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// errorOrClean checks what holds for any bytes: a typed error, or a result that is clean.
func (s Suite) errorOrClean(data []byte) ([]byte, error) {
	out, err := s.clean(data)
	if err != nil {
		if !container.IsVerdict(err) || isOurs(err) {
			return nil, fmt.Errorf("not a verdict about the file: %w", err)
		}
		return nil, nil
	}
	return out, s.checkClean(out)
}

// isOurs reports whether an error says that we are wrong.
func isOurs(err error) bool {
	var left *container.Leftover
	var back *container.ReadBackError
	return errors.As(err, &left) || errors.As(err, &back)
}

func (s Suite) testHostile(t *testing.T) {
	for _, smp := range load(t, "hostile") {
		if _, err := s.errorOrClean(smp.data); err != nil {
			t.Errorf("%s: %v", smp.name, err)
		}
	}
}
