package png_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/png"
)

// A verdict is what has to become of a file.
type verdict int

const (
	clean verdict = iota
	broken
	cutOff
	feature
)

func verdictOf(err error) verdict {
	var m *container.Malformed
	var f *container.Feature
	switch {
	case errors.As(err, &m) && m.CutOff:
		return cutOff
	case errors.As(err, &m):
		return broken
	case errors.As(err, &f):
		return feature
	case err != nil:
		return -1
	}
	return clean
}

// bomb is a zlib stream of a few kilobytes for many megabytes.
func bomb(n int) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	for range n {
		_, _ = w.Write(make([]byte, 1<<20))
	}
	_ = w.Close()
	return out.String()
}

// A hostile file contradicts itself, breaks off or attacks a parser.
type hostile struct {
	want verdict
	data string
}

func hostileFiles() map[string]hostile {
	sig, head, data, end := signature, ihdr(16, 8, 8, 0, 0), ck("IDAT", z(rows(16, 8))), ck("IEND")
	animated := sig + head + actl(2) + fctl(0, 16, 8, 0, 0) + data
	return map[string]hostile{
		"signature-only":             {cutOff, sig},
		"header-only":                {cutOff, sig + head},
		"no-picture-data":            {broken, sig + head + end},
		"no-end":                     {cutOff, sig + head + data},
		"data-before-the-header":     {broken, sig + data + head + end},
		"two-headers":                {broken, sig + head + head + data + end},
		"header-of-14-bytes":         {broken, sig + ck("IHDR", string([]byte(head)[8:21]), "x") + data + end},
		"header-with-bad-sum":        {broken, sig + badSum(head) + data + end},
		"width-0":                    {broken, sig + ihdr(0, 8, 8, 0, 0) + data + end},
		"height-2-to-the-31":         {broken, sig + ihdr(16, 1<<31, 8, 0, 0) + data + end},
		"size-2-to-the-31-less-one":  {clean, sig + ihdr(1<<31-1, 1<<31-1, 16, 6, 1) + data + end},
		"depth-3":                    {broken, sig + ihdr(16, 8, 3, 0, 0) + data + end},
		"colour-type-5":              {broken, sig + ihdr(16, 8, 8, 5, 0) + data + end},
		"interlace-2":                {feature, sig + ihdr(16, 8, 8, 0, 2) + data + end},
		"apple-crushed":              {feature, sig + ck("CgBI", "\x50\x00\x20\x02") + head + data + end},
		"unknown-critical-chunk":     {feature, sig + head + ck("ABCD", secret("critical")) + data + end},
		"type-of-no-letters":         {broken, sig + head + ck("a1b2") + data + end},
		"length-2-to-the-32":         {broken, sig + head + "\xFF\xFF\xFF\xFFtEXt" + data + end},
		"length-past-the-end":        {cutOff, sig + head + "\x7F\xFF\xFF\xFFtEXt" + data + end},
		"data-with-bad-sum":          {broken, sig + head + badSum(data) + end},
		"end-with-bad-sum":           {broken, sig + head + data + badSum(end)},
		"data-that-breaks-off":       {cutOff, sig + head + ck("IDAT", z(rows(16, 8))[:50]) + end},
		"data-that-is-no-zlib":       {broken, sig + head + ck("IDAT", strings.Repeat("no zlib ", 20)) + end},
		"data-with-a-dictionary":     {broken, sig + head + ck("IDAT", "\x78\x20"+z(rows(16, 8))[2:]) + end},
		"data-of-a-reserved-block":   {broken, sig + head + ck("IDAT", "\x78\x01\x07\x00\x00\x00\x00\x00\x00") + end},
		"more-rows-than-the-picture": {feature, sig + head + ck("IDAT", z(rows(16, 9))) + end},
		"fewer-rows":                 {clean, sig + head + ck("IDAT", z(rows(16, 7))) + end},
		"empty-data":                 {cutOff, sig + head + ck("IDAT") + end},
		"palette-twice":              {broken, sig + ihdr(16, 8, 8, 3, 0) + ck("PLTE", "abc") + ck("PLTE", "abc") + data + end},
		"palette-of-4-bytes":         {broken, sig + ihdr(16, 8, 8, 3, 0) + ck("PLTE", "abcd") + data + end},
		"palette-behind-the-data":    {broken, sig + ihdr(16, 8, 8, 3, 0) + data + ck("PLTE", "abc") + end},
		"palette-with-bad-sum":       {broken, sig + ihdr(16, 8, 8, 3, 0) + badSum(ck("PLTE", "abc")) + data + end},
		"transparency-too-long":      {broken, sig + ihdr(16, 8, 8, 3, 0) + ck("PLTE", "abc") + ck("tRNS", "ab") + data + end},
		"frame-outside":              {broken, animated + fctl(1, 8, 4, 9, 0) + fdat(2, tiny()) + end},
		"frame-of-no-size":           {broken, animated + fctl(1, 0, 4, 0, 0) + fdat(2, tiny()) + end},
		"frame-size-overflows":       {broken, animated + fctl(1, 8, 4, 1<<32-8, 0) + fdat(2, tiny()) + end},
		"first-frame-too-small":      {broken, sig + head + actl(1) + fctl(0, 8, 4, 0, 0) + data + end},
		"two-first-frames":           {broken, sig + head + actl(2) + fctl(0, 16, 8, 0, 0) + fctl(1, 16, 8, 0, 0) + data + end},
		"frame-data-without-frame":   {broken, animated + fdat(1, tiny()) + end},
		"frame-data-of-3-bytes":      {broken, animated + fctl(1, 8, 4, 0, 0) + ck("fdAT", "abc") + end},
		"frame-without-data":         {clean, animated + fctl(1, 8, 4, 0, 0) + end},
		"frame-data-breaks-off":      {cutOff, animated + fctl(1, 8, 4, 0, 0) + fdat(2, tiny()[:9]) + end},
		"frame-with-bad-sum":         {broken, animated + badSum(fctl(1, 8, 4, 0, 0)) + end},
		"animation-of-no-frames":     {clean, sig + head + actl(0) + data + end},
		"animation-of-2-to-the-31":   {clean, sig + head + actl(1<<31-1) + data + end},
		"ztxt-bomb":                  {clean, sig + head + strings.Repeat(ck("zTXt", "Comment\x00\x00", bomb(6)), 9) + data + end},
		"iccp-bomb":                  {clean, sig + head + ck("iCCP", "icc\x00\x00", bomb(6)) + data + end},
		"exif-that-points-at-itself": {clean, sig + head + ck("eXIf", "MM\x00*\x00\x00\x00\x08\x00\x01\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00\x08") + data + end},
		"texts-without-end":          {clean, sig + head + ck("tEXt") + ck("zTXt") + ck("iTXt") + ck("iCCP") + ck("eXIf") + ck("sRGB") + ck("tRNS") + data + end},
		"raw-profile-of-no-digits":   {clean, sig + head + text("Raw profile type exif", "\nexif\n 99999999999999999999\nzz") + data + end},
	}
}

func TestHostile(t *testing.T) {
	dir := filepath.Join(containertest.Root(t), "testdata", "hostile")
	for name, h := range hostileFiles() {
		out, err := containertest.Clean(context.Background(), png.Format{}, strings.NewReader(h.data), containertest.Strict)
		if verdictOf(err) != h.want {
			t.Errorf("%s: %v, want verdict %d", name, err, h.want)
		}
		if bytes.Contains(out, []byte(canary)) {
			t.Errorf("%s: a secret got through", name)
		}
		file := filepath.Join(dir, "png-"+name+".png")
		if *update {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(h.data), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != h.data && !strings.HasSuffix(name, "-bomb") {
			t.Errorf("%s is not what the test composes; run with -update (%v)", file, err)
		}
	}
}
