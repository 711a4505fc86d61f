package jpeg_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// awkward are texts that EXIF and XMP do not write alike, or not as they are.
var awkward = []string{
	"A;B", "A; B", "A;", ";", " A", "A ", "A  B", "A\u00a0", "\ufeffA", "A\tB", "A\nB", "A\r\nB", "A\x00B", "A\x7fB",
	"A\u0085B", "A\u2028B", "A\ufffe", "A\xffB", "\xe9", "é", "]]>", "<&>", strings.Repeat("x", 31_999), strings.Repeat("x", 32_001),
}

// ours reports whether a cleaning fails with an error that blames us.
func ours(b []byte, keep func(metadata.Item) bool, set ...metadata.Entry) error {
	ctx := context.Background()
	job, err := container.Prepare(ctx, jpeg.Format{}, bytes.NewReader(b), keep, set)
	if err == nil {
		_, err = job.Verify(ctx, job.Draft)
	}
	var left *container.Leftover
	var back *container.ReadBackError
	if errors.As(err, &left) || errors.As(err, &back) {
		return err
	}
	return nil
}

// Whatever a kept text looks like, it is written so that it reads back, or it is not written.
func TestAwkwardTexts(t *testing.T) {
	plain := pure(t, "gray")
	keep := keeping(metadata.Rights, metadata.Description)
	xmlText := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	for _, text := range awkward {
		for _, f := range []metadata.Field{metadata.Creator, metadata.Copyright, metadata.Credit, metadata.Caption} {
			if err := ours(plain, keep, metadata.Entry{Field: f, Value: metadata.Secret(text)}); err != nil {
				t.Errorf("set %s to %.20q: %v", f, text, err)
			}
		}
		if len(text) > 10_000 {
			continue // two of them fill a segment
		}
		li := "<rdf:li>" + xmlText.Replace(text) + "</rdf:li>"
		for name, b := range map[string][]byte{
			"XMP": head(plain, xmpSeg("", "<dc:creator><rdf:Seq>"+li+"</rdf:Seq></dc:creator><dc:rights><rdf:Alt>"+li+
				"</rdf:Alt></dc:rights>")),
			"IPTC": head(plain, irbSeg(resource(0x404, iim(80, text)+iim(110, text)+iim(116, text)+iim(120, text)))),
			"EXIF": head(plain, exifSeg([]tag{ascii(0x10E, text), ascii(0x13B, text), ascii(0x8298, text)})),
		} {
			if err := ours(b, keep); err != nil {
				t.Errorf("%s says %.20q: %v", name, text, err)
			}
		}
	}
}

// Entries that make no sense are refused or left out; the result is never called wrong.
func TestAwkwardEntries(t *testing.T) {
	plain := pure(t, "gray")
	for _, set := range [][]metadata.Entry{
		{{Field: metadata.Orientation, Value: "1"}}, {{Field: metadata.Orientation, Value: "9"}},
		{{Field: metadata.ColorSpace, Value: "adobe-rgb"}}, {{Field: metadata.ColorSpace, Value: "srgb"}},
		{{Field: metadata.Latitude, Value: "36.123456789"}}, {{Field: metadata.Latitude, Value: "36.5000"}},
		{{Field: metadata.Latitude, Value: "95"}}, {{Field: metadata.DateTaken, Value: "yesterday"}},
		{{Field: metadata.DateTaken, Value: "2026-01-31T14:05:09.1234567890123"}},
		{{Field: metadata.Credit, Value: "a"}, {Field: metadata.Credit, Value: "b"}},
		{{Field: metadata.Creator, Value: "a"}, {Field: metadata.Creator, Value: "a"}},
		{{Field: "no such field", Value: "a"}},
	} {
		if err := ours(plain, keeping(), set...); err != nil {
			t.Errorf("set %s: %v", set[0].Field, err)
		}
	}
}
