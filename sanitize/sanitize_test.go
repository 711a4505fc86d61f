package sanitize_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
	"github.com/mediaveil/mediaveil/sanitize/policy"
)

var update = flag.Bool("update", false, "write golden files anew")

// canary is a text that must never get out.
const canary = "MVCANARY"

// picture draws and encodes a small photo.
func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{uint8(x * 5), uint8(y * 7), uint8(x * y), 255})
		}
	}
	var out bytes.Buffer
	if err := stdjpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// segment is a JPEG segment.
func segment(marker byte, payload string) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(payload)+2))
	return append(b, payload...)
}

// withSegments puts segments behind the SOI marker of a photo.
func withSegments(photo []byte, segments ...[]byte) []byte {
	return slices.Concat(photo[:2], slices.Concat(segments...), photo[2:])
}

// dirty is a photo with canaries in a comment, an XMP packet and behind its end.
func dirty(t testing.TB) []byte {
	t.Helper()
	packet := xmp.Write([]metadata.Entry{
		{Field: metadata.Credit, Value: "Photo: A. Photographer"},
		{Field: metadata.Caption, Value: canary + " caption"},
		{Field: metadata.City, Value: canary + " city"},
	})
	photo := withSegments(picture(t, 64, 48),
		segment(0xFE, canary+" comment"),
		segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+string(packet)))
	return append(photo, canary+" behind the end"...)
}

func clean(t testing.TB, photo []byte, opt sanitize.Options) ([]byte, *sanitize.Report) {
	t.Helper()
	var out bytes.Buffer
	report, err := sanitize.Clean(t.Context(), &out, bytes.NewReader(photo), int64(len(photo)), opt)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), report
}

func TestCleanRemovesAndReports(t *testing.T) {
	photo := dirty(t)
	out, report := clean(t, photo, sanitize.Options{})
	if bytes.Contains(out, []byte(canary)) || bytes.Contains(out, []byte("Photographer")) {
		t.Error("a text got through")
	}
	want := metadata.SetOf(metadata.Location, metadata.Description, metadata.Rights, metadata.Unknown)
	if got := report.Found(); got != want {
		t.Errorf("found %v, want %v", got.List(), want.List())
	}
	if report.InputBytes != int64(len(photo)) || report.OutputBytes != int64(len(out)) {
		t.Errorf("sizes %d and %d, want %d and %d", report.InputBytes, report.OutputBytes, len(photo), len(out))
	}
	samePicture(t, photo, out)
}

func samePicture(t testing.TB, a, b []byte) {
	t.Helper()
	before, err := stdjpeg.Decode(bytes.NewReader(a))
	if err != nil {
		t.Fatal(err)
	}
	after, err := stdjpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before.(*image.YCbCr).Y, after.(*image.YCbCr).Y) || !bytes.Equal(before.(*image.YCbCr).Cb, after.(*image.YCbCr).Cb) {
		t.Error("the picture changed")
	}
}

func TestCleanKeepsWhatThePolicySays(t *testing.T) {
	out, report := clean(t, dirty(t), sanitize.Options{
		Policy: policy.Credited(),
		Set:    []metadata.Entry{{Field: metadata.Copyright, Value: "2026 Example Relief"}},
	})
	if !bytes.Contains(out, []byte("Photo: A. Photographer")) || !bytes.Contains(out, []byte("2026 Example Relief")) {
		t.Error("credit or copyright is missing")
	}
	if bytes.Contains(out, []byte(canary)) {
		t.Error("a text that may not stay got through")
	}
	if want := []metadata.Field{metadata.Credit, metadata.Copyright}; !slices.Equal(report.Written, want) {
		t.Errorf("Written = %v, want %v", report.Written, want)
	}
}

// A report must not say what a file said unless it was asked to, in any form.
func TestReportWithholdsValues(t *testing.T) {
	for _, values := range []bool{false, true} {
		_, report := clean(t, dirty(t), sanitize.Options{Values: values})
		doc, err := json.Marshal(report)
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(doc, []byte(canary)); got != values {
			t.Errorf("Values %v: values in JSON: %v", values, got)
		}
	}
}

func TestReportGolden(t *testing.T) {
	_, report := clean(t, dirty(t), sanitize.Options{Policy: policy.Credited()})
	doc, err := json.MarshalIndent(report, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	doc = append(doc, '\n')
	golden := filepath.Join("testdata", "report.golden.json")
	if *update {
		if err := os.WriteFile(golden, doc, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(doc, want) {
		t.Errorf("the report is not that of %s:\n%s", golden, doc)
	}
}

func TestErrorsAnswerTheCallersQuestion(t *testing.T) {
	photo := dirty(t)
	whole := picture(t, 64, 48)
	jls := slices.Clone(whole)
	jls[slices.Index(jls, 0xC0)] = 0xF7
	for _, tt := range []struct {
		name  string
		in    []byte
		opt   sanitize.Options
		check func(error) bool
	}{
		{"empty", nil, sanitize.Options{}, is(sanitize.ErrUnsupported)},
		{"text", []byte("dear " + canary), sanitize.Options{}, is(sanitize.ErrUnsupported)},
		{"a Photoshop picture by its content", []byte("8BPS\x00\x01" + canary), sanitize.Options{}, func(err error) bool {
			var u *sanitize.UnsupportedError
			return errors.As(err, &u) && u.Kind == "Photoshop picture"
		}},
		{"too large", photo, sanitize.Options{MaxBytes: int64(len(photo)) - 1}, is(sanitize.ErrTooLarge)},
		{"cut off", whole[:len(whole)-40], sanitize.Options{}, func(err error) bool {
			var f *sanitize.FormatError
			return errors.As(err, &f) && f.CutOff && f.Repairable && f.Format == "jpeg" && f.Offset > 0
		}},
		{"two beginnings", slices.Concat(whole[:2], whole), sanitize.Options{Repair: true}, func(err error) bool {
			var f *sanitize.FormatError
			return errors.As(err, &f) && !f.CutOff
		}},
		{"a coding we lack", jls, sanitize.Options{}, func(err error) bool {
			var f *sanitize.FeatureError
			return errors.As(err, &f) && errors.Is(err, sanitize.ErrUnsupported)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			report, err := sanitize.Clean(t.Context(), &out, bytes.NewReader(tt.in), int64(len(tt.in)), tt.opt)
			if report != nil || out.Len() > 0 {
				t.Errorf("got a report %v and %d bytes beside %v", report != nil, out.Len(), err)
			}
			if !tt.check(err) {
				t.Errorf("Clean: %T %v", err, err)
			}
			if _, err := sanitize.Inspect(t.Context(), bytes.NewReader(tt.in), int64(len(tt.in)), tt.opt); !tt.check(err) {
				t.Errorf("Inspect: %T %v", err, err)
			}
			_, err = sanitize.CleanReader(t.Context(), &out, bytes.NewReader(tt.in), tt.opt)
			if !tt.check(err) || out.Len() > 0 {
				t.Errorf("CleanReader: %T %v, %d bytes", err, err, out.Len())
			}
			if err != nil && (strings.Contains(err.Error(), canary) || !strings.ContainsAny(err.Error(), ";")) {
				t.Errorf("quotes the file or says nothing of what to do: %v", err)
			}
		})
	}
}

func TestSetRefusesWhatItCannotWrite(t *testing.T) {
	photo := picture(t, 16, 16)
	for _, e := range []metadata.Entry{
		{Field: "nonsense", Value: "x"}, {Field: metadata.Orientation, Value: "6"},
		{Field: metadata.DateTaken, Value: "yesterday"}, {Field: metadata.Credit, Value: "\x01"},
	} {
		_, err := sanitize.Clean(t.Context(), io.Discard, bytes.NewReader(photo), int64(len(photo)), sanitize.Options{Set: []metadata.Entry{e}})
		var bad *sanitize.EntryError
		if !errors.As(err, &bad) || bad.Field != e.Field {
			t.Errorf("%s: %v", e.Field, err)
		}
	}
	out, report := clean(t, dirty(t), sanitize.Options{Policy: policy.Credited(), Set: []metadata.Entry{{Field: metadata.Credit}}})
	if bytes.Contains(out, []byte("Photographer")) || len(report.Written) > 0 {
		t.Errorf("an empty text did not take the credit away: %v", report.Written)
	}
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func TestRepairClosesWhatWasCutOff(t *testing.T) {
	whole := picture(t, 64, 48)
	cut := whole[:len(whole)-60]
	out, report := clean(t, cut, sanitize.Options{Repair: true})
	if !slices.Contains(report.Notes, "repaired") {
		t.Errorf("notes %v do not say that it was repaired", report.Notes)
	}
	if !bytes.HasSuffix(out, []byte{0xFF, 0xD9}) {
		t.Error("the result is not closed")
	}
	if _, report := clean(t, whole, sanitize.Options{Repair: true}); slices.Contains(report.Notes, "repaired") {
		t.Error("a whole photo was reported as repaired")
	}
}

func TestCleanReaderSpools(t *testing.T) {
	small := dirty(t)
	large := append(picture(t, 640, 480), bytes.Repeat([]byte(canary), 2<<20)...) // past 8 MiB
	for _, photo := range [][]byte{small, large} {
		dir := t.TempDir()
		var out bytes.Buffer
		_, err := sanitize.CleanReader(t.Context(), &out, iotest.HalfReader(bytes.NewReader(photo)), sanitize.Options{TempDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(out.Bytes(), []byte(canary)) {
			t.Error("a text got through")
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left in the temporary directory: %v, %v", left, err)
		}
	}
	_, err := sanitize.CleanReader(t.Context(), io.Discard, bytes.NewReader(large), sanitize.Options{MaxBytes: 9 << 20, TempDir: t.TempDir()})
	if !errors.Is(err, sanitize.ErrTooLarge) {
		t.Errorf("past MaxBytes: %v", err)
	}
	broken := errors.New("the network went away")
	_, err = sanitize.CleanReader(t.Context(), io.Discard, io.MultiReader(bytes.NewReader(small[:100]), iotest.ErrReader(broken)), sanitize.Options{})
	if !errors.Is(err, broken) {
		t.Errorf("a failing reader: %v", err)
	}
}

func writePhoto(t testing.TB, photo []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "amina.jpg")
	if err := os.WriteFile(name, photo, 0o640); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestCleanFile(t *testing.T) {
	photo := dirty(t)
	src := writePhoto(t, photo)
	old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	if err := os.Chtimes(src, old, old); err != nil {
		t.Fatal(err)
	}
	dst := filepath.Join(filepath.Dir(src), "out.png")
	if _, err := sanitize.CleanFile(t.Context(), dst, src, sanitize.Options{}); err != nil {
		t.Fatal(err)
	}
	want, _ := clean(t, photo, sanitize.Options{})
	if got := mustRead(t, dst); !bytes.Equal(got, want) {
		t.Error("the file differs from what Clean writes")
	}
	if !bytes.Equal(mustRead(t, src), photo) {
		t.Error("the original changed")
	}
	if info, err := os.Stat(dst); err != nil || time.Since(info.ModTime()) > time.Hour {
		t.Errorf("the copy has the time of the original: %v, %v", info, err)
	}
	if report, err := sanitize.InspectFile(t.Context(), dst, sanitize.Options{}); err != nil ||
		report.Found() != 0 || !slices.Contains(report.Notes, "extension-mismatch") {
		t.Errorf("the copy: %+v, %v", report, err)
	}
}

func TestCleanFileNeverLosesAnything(t *testing.T) {
	photo := dirty(t)
	src := writePhoto(t, photo)
	dir := filepath.Dir(src)
	link := filepath.Join(dir, "link.jpg")
	hard := filepath.Join(dir, "hard.jpg")
	other := filepath.Join(dir, "other.jpg")
	if err := errors.Join(os.Symlink(src, link), os.Link(src, hard), os.WriteFile(other, []byte("mine"), 0o600)); err != nil {
		t.Skip("no links here:", err)
	}
	for _, tt := range []struct {
		name     string
		dst, src string
		existing sanitize.Existing
		want     error
	}{
		{"existing", other, src, sanitize.KeepExisting, fs.ErrExist},
		{"itself", src, src, sanitize.KeepExisting, fs.ErrExist},
		{"itself, replacing copies", src, src, sanitize.ReplaceCopy, sanitize.ErrSameFile},
		{"its other name", hard, src, sanitize.ReplaceCopy, sanitize.ErrSameFile},
		{"through a link", link, src, sanitize.KeepExisting, fs.ErrExist},
		{"a link as original", link, link, sanitize.ReplaceOriginal, sanitize.ErrNotFile},
		{"a folder", dir, src, sanitize.ReplaceCopy, nil},
		{"no such folder", filepath.Join(dir, "none", "x.jpg"), src, sanitize.KeepExisting, fs.ErrNotExist},
		{"no such source", filepath.Join(dir, "x.jpg"), filepath.Join(dir, "none.jpg"), sanitize.KeepExisting, fs.ErrNotExist},
		{"a folder as source", filepath.Join(dir, "x.jpg"), dir, sanitize.KeepExisting, sanitize.ErrNotFile},
	} {
		_, err := sanitize.CleanFile(t.Context(), tt.dst, tt.src, sanitize.Options{Existing: tt.existing})
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "amina") {
			t.Errorf("%s: the error names the file: %v", tt.name, err)
		}
		if !bytes.Equal(mustRead(t, src), photo) || !bytes.Equal(mustRead(t, hard), photo) || string(mustRead(t, other)) != "mine" {
			t.Fatalf("%s: something was changed", tt.name)
		}
		if n := len(mustList(t, dir)); n != 4 {
			t.Fatalf("%s: %d files in the folder, want 4", tt.name, n)
		}
	}
}

func TestReplaceOriginal(t *testing.T) {
	photo := dirty(t)
	src := writePhoto(t, photo)
	if _, err := sanitize.CleanFile(t.Context(), src, src, sanitize.Options{Existing: sanitize.ReplaceOriginal}); err != nil {
		t.Fatal(err)
	}
	want, _ := clean(t, photo, sanitize.Options{})
	if !bytes.Equal(mustRead(t, src), want) {
		t.Error("the original is not the clean copy")
	}
	if info, err := os.Stat(src); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("permissions: %v, %v", info.Mode(), err)
	}
	damaged := photo[:200]
	if err := os.WriteFile(src, damaged, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := sanitize.CleanFile(t.Context(), src, src, sanitize.Options{Existing: sanitize.ReplaceOriginal}); err == nil {
		t.Error("a damaged file was replaced")
	}
	if !bytes.Equal(mustRead(t, src), damaged) || len(mustList(t, filepath.Dir(src))) != 1 {
		t.Error("a refused original was touched, or something was left behind")
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	photo := dirty(t)
	src := writePhoto(t, photo)
	var out bytes.Buffer
	_, errClean := sanitize.Clean(ctx, &out, bytes.NewReader(photo), int64(len(photo)), sanitize.Options{})
	_, errReader := sanitize.CleanReader(ctx, &out, bytes.NewReader(photo), sanitize.Options{})
	_, errFile := sanitize.CleanFile(ctx, src+".out", src, sanitize.Options{})
	_, errInspect := sanitize.InspectFile(ctx, src, sanitize.Options{})
	for _, err := range []error{errClean, errReader, errFile, errInspect} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	if out.Len() > 0 || len(mustList(t, filepath.Dir(src))) != 1 {
		t.Error("something was written")
	}
}

// A source that panics stands for a fault of ours anywhere below.
func TestNoPanicReachesTheCaller(t *testing.T) {
	_, err := sanitize.Clean(t.Context(), io.Discard, panicking{}, 1000, sanitize.Options{})
	var v *sanitize.VerifyError
	if !errors.As(err, &v) || strings.Contains(err.Error(), canary) {
		t.Errorf("got %v", err)
	}
}

type panicking struct{}

func (panicking) ReadAt([]byte, int64) (int, error) { panic(canary) }

func TestConcurrentUse(t *testing.T) {
	photo := dirty(t)
	want, _ := clean(t, photo, sanitize.Options{})
	src := bytes.NewReader(photo)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			var out bytes.Buffer
			if _, err := sanitize.Clean(t.Context(), &out, src, int64(len(photo)), sanitize.Options{}); err != nil || !bytes.Equal(out.Bytes(), want) {
				t.Errorf("got %d bytes, %v", out.Len(), err)
			}
		})
	}
	wg.Wait()
}

func TestIdentify(t *testing.T) {
	for _, tt := range []struct {
		head string
		kind string
	}{
		{"8BPS\x00\x01", "Photoshop picture"},
		{"RIFF\x00\x00\x00\x00AVI LIST", "AVI video"},
		{"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "QuickTime video"},
		{"%PDF-1.7", "PDF document"}, {"PK\x03\x04 and so on", "ZIP archive"},
		{"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL picture"}, {"\xff\x0a", "JPEG XL picture"},
		{"a caption", "text file"}, {"\x00\x01\x02\x03", ""}, {"", "file of no bytes"},
	} {
		for range 20 { // the answer must not depend on the order of a map
			_, err := sanitize.Identify(strings.NewReader(tt.head), int64(len(tt.head)))
			var u *sanitize.UnsupportedError
			if !errors.As(err, &u) || u.Kind != tt.kind {
				t.Errorf("%q: %v, want %q", tt.head, err, tt.kind)
				break
			}
		}
	}
	photo := picture(t, 8, 8)
	if info, err := sanitize.Identify(bytes.NewReader(photo), int64(len(photo))); err != nil || info.Name != "jpeg" {
		t.Errorf("a JPEG: %+v, %v", info, err)
	}
	if len(sanitize.Formats()) == 0 || sanitize.Formats()[0].Name == "" {
		t.Errorf("Formats() = %+v", sanitize.Formats())
	}
}

func mustRead(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustList(t testing.TB, dir string) []os.DirEntry {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// BenchmarkClean shows how far cleaning a photo in memory is from copying it.
func BenchmarkClean(b *testing.B) {
	large := withSegments(picture(b, 4000, 3000), segment(0xFE, canary))
	b.Run("clean", func(b *testing.B) {
		b.SetBytes(int64(len(large)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := sanitize.Clean(b.Context(), io.Discard, bytes.NewReader(large), int64(len(large)), sanitize.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("copy", func(b *testing.B) {
		b.SetBytes(int64(len(large)))
		buf := make([]byte, 128<<10)
		for b.Loop() {
			if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{bytes.NewReader(large)}, buf); err != nil {
				b.Fatal(err)
			}
		}
	})
}
