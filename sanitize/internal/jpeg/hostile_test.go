package jpeg_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
)

// An outcome is what becomes of a hostile file.
type outcome uint8

const (
	cleaned   outcome = iota
	malformed         // *container.Malformed
	cutOff            // the same, and Repair may be asked
	feature           // *container.Feature
)

// A hostileFile is one that somebody made to be trouble, or that broke on its way.
type hostileFile struct {
	want outcome
	data []byte
}

// chain is an EXIF block whose only directory says where the next one is.
func chain(next int) string {
	return seg(0xE1, "Exif\x00\x00", "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x01\x00\x00", be32(next))
}

// patched is b with bytes at an offset replaced.
func patched(b []byte, at int, with string) []byte {
	b = slices.Clone(b)
	copy(b[at:], with)
	return b
}

// without is b without its nth segment of a kind.
func without(b []byte, marker byte, nth int) []byte {
	p := find(b, marker, nth)
	return append(slices.Clone(b[:p.off]), b[p.end:]...)
}

// hostileFiles are small; they are written to testdata/hostile, where every format meets them.
func hostileFiles(t testing.TB) map[string]hostileFile {
	b := pure(t, "baseline")
	frame, scan := find(b, 0xC0, 0), find(b, 0xDA, 0)
	quant, huffman := find(b, 0xDB, 0), find(b, 0xC4, 0)
	scanHead := scan.off + 2 + int(b[scan.off+3])
	eoi := len(b) - 2
	long := func(n int) string { return "\xFF\xE5" + be16(n) + secret("app5") }
	png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"
	files := map[string]hostileFile{
		"empty.jpg":      {cutOff, nil},
		"text.jpg":       {malformed, []byte("This is not a picture. " + secret("text"))},
		"png-header.jpg": {malformed, []byte(png)},
		"lone-ff.jpg":    {cutOff, []byte("\xFF")},

		"jpeg-soi-only.jpg":                    {cutOff, b[:2]},
		"jpeg-soi-and-ff.jpg":                  {cutOff, b[:3]},
		"jpeg-cut-in-a-length.jpg":             {cutOff, b[:quant.off+3]},
		"jpeg-cut-in-a-table.jpg":              {cutOff, b[:quant.off+40]},
		"jpeg-cut-in-the-frame-header.jpg":     {cutOff, b[:frame.off+9]},
		"jpeg-cut-before-the-scan.jpg":         {cutOff, b[:scan.off]},
		"jpeg-cut-in-the-scan-header.jpg":      {cutOff, b[:scan.off+5]},
		"jpeg-cut-behind-the-scan-header.jpg":  {cutOff, b[:scanHead]},
		"jpeg-cut-in-the-scan.jpg":             {cutOff, b[:(scanHead+eoi)/2]},
		"jpeg-cut-before-eoi.jpg":              {cutOff, b[:eoi]},
		"jpeg-lone-ff-at-the-end.jpg":          {cutOff, b[:eoi+1]},
		"jpeg-two-soi.jpg":                     {malformed, head(b, "\xFF\xD8")},
		"jpeg-eoi-first.jpg":                   {malformed, head(b, "\xFF\xD9")},
		"jpeg-nothing-between-soi-and-eoi.jpg": {malformed, []byte("\xFF\xD8\xFF\xD9")},
		"jpeg-no-scan.jpg":                     {malformed, append(slices.Clone(b[:scan.off]), 0xFF, 0xD9)},
		"jpeg-no-frame-header.jpg":             {malformed, without(b, 0xC0, 0)},
		"jpeg-frame-behind-the-scan.jpg":       {malformed, append(slices.Clone(without(b, 0xC0, 0)[:eoi-(frame.end-frame.off)]), string(b[frame.off:frame.end])+"\xFF\xD9"...)},
		"jpeg-two-frames.jpg":                  {malformed, before(b, 0xDA, 0, string(b[frame.off:frame.end]))},
		"jpeg-length-0.jpg":                    {malformed, head(b, long(0))},
		"jpeg-length-1.jpg":                    {malformed, head(b, long(1))},
		"jpeg-length-2.jpg":                    {cleaned, head(b, "\xFF\xE5\x00\x02", secret("junk"))},
		"jpeg-length-past-the-end.jpg":         {cutOff, head(b, long(65535))},
		"jpeg-quantisation-table-short.jpg":    {malformed, head(b, seg(0xDB, "\x00", strings.Repeat("\x01", 63)))},
		"jpeg-quantisation-table-id-9.jpg":     {malformed, head(b, seg(0xDB, "\x09", strings.Repeat("\x01", 64)))},
		"jpeg-huffman-counts-overflow.jpg":     {malformed, head(b, seg(0xC4, "\x00", strings.Repeat("\xFF", 16), strings.Repeat("\x01", 300)))},
		"jpeg-huffman-table-short.jpg":         {malformed, patched(b, huffman.off+4+16, "\xFF")},
		"jpeg-huffman-class-9.jpg":             {malformed, head(b, seg(0xC4, "\x90", strings.Repeat("\x00", 16)))},
		"jpeg-255-components.jpg":              {malformed, patched(b, frame.off+9, "\xFF")},
		"jpeg-no-components.jpg":               {malformed, patched(b, frame.off+9, "\x00")},
		"jpeg-frame-with-more-behind-it.jpg":   {malformed, append(append(slices.Clone(b[:frame.off]), seg(0xC0, string(b[frame.off+4:frame.end]), secret("frame"))...), b[frame.end:]...)},
		"jpeg-frame-names-table-200.jpg":       {malformed, patched(b, frame.off+12, "\xC8")},
		"jpeg-width-0.jpg":                     {malformed, patched(b, frame.off+7, "\x00\x00")},
		"jpeg-height-0-and-no-line-count.jpg":  {malformed, patched(b, frame.off+5, "\x00\x00")},
		"jpeg-line-count-of-one-byte.jpg":      {malformed, before(patched(b, frame.off+5, "\x00\x00"), 0xD9, 0, seg(0xDC, "\x30"))},
		"jpeg-scan-of-unknown-component.jpg":   {malformed, patched(b, scan.off+5, "\x77")},
		"jpeg-scan-of-no-component.jpg":        {malformed, patched(b, scan.off+4, "\x00")},
		"jpeg-scan-of-9-components.jpg":        {malformed, patched(b, scan.off+4, "\x09")},
		"jpeg-scan-names-table-15.jpg":         {malformed, patched(b, scan.off+6, "\xFF")},
		"jpeg-reserved-marker.jpg":             {malformed, head(b, seg(0xF3, secret("reserved")))},
		"jpeg-marker-02.jpg":                   {malformed, head(b, seg(0x02, secret("reserved")))},
		"jpeg-restart-markers-anywhere.jpg":    {cleaned, head(before(b, 0xC0, 0, "\xFF\xD3"), "\xFF\xD0\xFF\xD7\xFF\x01")},
		"jpeg-restart-interval-of-3-bytes.jpg": {malformed, head(b, seg(0xDD, "\x00\x00\x04"))},
		"jpeg-conditioning-of-99-bytes.jpg":    {malformed, head(b, seg(0xCC, strings.Repeat("\x00", 99)))},
		"jpeg-hierarchical.jpg":                {feature, head(b, seg(0xDE, "\x08\x00\x30\x00\x40\x01\x01\x11\x00"))},
		"jpeg-ls.jpg":                          {feature, []byte("\xFF\xD8" + seg(0xF7, "\x08\x00\x30\x00\x40\x01\x01\x11\x00") + "\xFF\xD9")},
		"jpeg-icc-one-chunk-of-255.jpg":        {cleaned, head(b, seg(0xE2, "ICC_PROFILE\x00\x01\xFF", secret("icc")))},
		"jpeg-icc-chunk-0.jpg":                 {cleaned, head(b, seg(0xE2, "ICC_PROFILE\x00\x00\x01", secret("icc")))},
		"jpeg-exif-loop.jpg":                   {cleaned, head(b, chain(8))},
		"jpeg-exif-next-past-the-end.jpg":      {cleaned, head(b, chain(1<<31))},
		"jpeg-exif-2-to-32-values.jpg":         {cleaned, head(b, seg(0xE1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x0F\x00\x02\xFF\xFF\xFF\xFF\x00\x00\x00\x08\x00\x00\x00\x00", secret("make")))},
		"jpeg-exif-65535-entries.jpg":          {cleaned, head(b, seg(0xE1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08\xFF\xFF", secret("make")))},
		"jpeg-exif-of-no-bytes.jpg":            {cleaned, head(b, seg(0xE1, "Exif\x00"), seg(0xE1, "Exif\x00\x00"))},
		"jpeg-xmp-that-breaks-off.jpg":         {cleaned, head(b, seg(0xE1, idXMP, description("", "<dc:creator>"+secret("creator"))[:500]))},
		"jpeg-xmp-billion-laughs.jpg":          {cleaned, head(b, seg(0xE1, idXMP, `<!DOCTYPE x [<!ENTITY a "`+secret("a")+`"><!ENTITY b "&a;&a;&a;">]>`, description("", "<dc:title>&b;</dc:title>")))},
		"jpeg-irb-2-to-32-bytes.jpg":           {cleaned, head(b, seg(0xED, "Photoshop 3.0\x008BIM\x04\x04\x00\x00\xFF\xFF\xFF\xFF", secret("irb")))},
		"jpeg-mpf-points-outside.jpg":          {cleaned, head(b, seg(0xE2, mpf(1<<30, 1<<30, 1<<30)))},
		"jpeg-gain-map-that-is-not-there.jpg":  {cleaned, head(b, xmpSeg(`hdrgm:Version="1.0" hdrgm:GainMapMax="1" hdrgm:HDRCapacityMax="1"`, ""), seg(0xE2, mpf(len(b), 5000, len(b))))},
		"jpeg-gain-map-in-itself.jpg":          {cleaned, behind(head(b, gainXMP()), string(head(b, gainXMP())))},
		"jpeg-gain-map-without-a-frame.jpg":    {cleaned, behind(b, "\xFF\xD8"+gainXMP()+seg(0xDA, "\x01\x01\x00\x00\x3f\x00")+"\xFF\xD9")},
		"jpeg-trailer-of-one-ff.jpg":           {cleaned, behind(b, "\xFF")},
		"jpeg-trailer-of-soi.jpg":              {cleaned, behind(b, "\xFF\xD8\xFF")},
		"jpeg-40-pictures-behind.jpg":          {cleaned, behind(b, strings.Repeat(string(b), 40))},
		"jpeg-fill-before-every-marker.jpg":    {cleaned, filled(b, 9)},
	}
	return files
}

// filled is a picture with fill bytes before each of its markers but the first.
func filled(b []byte, n int) []byte {
	var out []byte
	for _, p := range places(b) {
		if p.off > 0 {
			out = append(out, bytes.Repeat([]byte{0xFF}, n)...)
		}
		out = append(out, b[p.off:p.end]...)
	}
	return out
}

// largeFiles are hostile by their number of parts; they are not written anywhere.
func largeFiles(t testing.TB) map[string]hostileFile {
	b := pure(t, "baseline")
	fill := strings.Repeat("\xFF", 1<<20)
	return map[string]hostileFile{
		"10,000 segments":               {feature, head(b, strings.Repeat(seg(0xFE, secret("com")), 10000))},
		"8,000 segments":                {cleaned, head(b, strings.Repeat(seg(0xFE, secret("com")), 8000))},
		"9,000 scans":                   {feature, before(b, 0xDA, 0, strings.Repeat(seg(0xDA, "\x01\x01\x00\x00\x3f\x00"), 9000))},
		"10,000 tables":                 {cleaned, head(b, strings.Repeat(seg(0xDB, strings.Repeat("\x03"+strings.Repeat("x", 64), 1000)), 10))},
		"1 MiB of fill at the head":     {cleaned, head(b, fill)},
		"1 MiB of fill behind the scan": {feature, before(b, 0xD9, 0, fill)},
		"1 MiB of junk at the head":     {cleaned, head(b, strings.Repeat(secret("junk"), 1<<16))},
		"3,000 stuffed zeros":           {cleaned, head(b, strings.Repeat("\xFF\x00", 3000))},
		"1 MiB behind the end":          {cleaned, behind(b, strings.Repeat(secret("trailer"), 1<<16))},
		"a profile of 16 MiB":           {cleaned, head(b, iccSegs(strings.Repeat("\x00", 255*65519), 255)...)},
	}
}

func TestHostile(t *testing.T) {
	for name, f := range hostileFiles(t) {
		checkHostile(t, name, f)
	}
	for name, f := range largeFiles(t) {
		checkHostile(t, name, f)
	}
}

func checkHostile(t *testing.T, name string, f hostileFile) {
	t.Helper()
	out, err := containertest.Clean(context.Background(), jpeg.Format{}, bytes.NewReader(f.data), keeping())
	var m *container.Malformed
	var u *container.Feature
	got := cleaned
	switch {
	case errors.As(err, &m) && m.CutOff:
		got = cutOff
	case errors.As(err, &m):
		got = malformed
	case errors.As(err, &u):
		got = feature
	case err != nil:
		t.Errorf("%s: %v", name, err)
		return
	}
	if got != f.want {
		t.Errorf("%s: outcome %d (%v), want %d", name, got, err, f.want)
	}
	if m != nil && (m.Off < 0 || m.Off > int64(len(f.data))) {
		t.Errorf("%s: the error points outside the file: %d of %d", name, m.Off, len(f.data))
	}
	if err != nil && strings.Contains(err.Error(), canary) {
		t.Errorf("%s: the error quotes the file: %v", name, err)
	}
	if contains(out, canary) {
		t.Errorf("%s: a secret is left", name)
	}
}

// TestHostileFiles checks that the committed files are the ones of this package, and writes
// them with -update.
func TestHostileFiles(t *testing.T) {
	dir := filepath.Join(containertest.Root(t), "testdata", "hostile")
	for name, f := range hostileFiles(t) {
		file := filepath.Join(dir, name)
		if *update {
			if err := os.WriteFile(file, f.data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, f.data) {
			t.Errorf("%s is not what the test composes; run with -update", name)
		}
	}
}
