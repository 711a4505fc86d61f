package jpeg_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	stdjpeg "image/jpeg"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
)

// streamSegment is one segment of a stream.
func streamSegment(marker byte, payload string) string {
	n := len(payload) + 2
	return "\xFF" + string([]byte{marker, byte(n >> 8), byte(n)}) + payload
}

// cutStream returns the tables of a small picture and the rest of it.
func cutStream(t *testing.T) (tables, rest string) {
	t.Helper()
	var out bytes.Buffer
	if err := stdjpeg.Encode(&out, image.NewYCbCr(image.Rect(0, 0, 16, 16), image.YCbCrSubsampleRatio420), nil); err != nil {
		t.Fatal(err)
	}
	for b := out.Bytes()[2:]; ; {
		n := 2 + int(b[2])<<8 + int(b[3])
		switch b[1] {
		case 0xDB, 0xC4:
			tables += string(b[:n])
		case 0xDA:
			return tables, rest + string(b)
		default:
			rest += string(b[:n])
		}
		b = b[n:]
	}
}

// A stream inside another file loses all but what a decoder of that file needs, and says
// which tables it lacks.
func TestScanStream(t *testing.T) {
	tables, rest := cutStream(t)
	const soi, eoi = "\xFF\xD8", "\xFF\xD9"
	adobe := func(s string) string { return streamSegment(0xEE, "Adobe\x00\x64"+s) }
	for name, test := range map[string]struct {
		stream, want string
		lacks        bool
	}{
		"whole":          {soi + tables + rest, soi + tables + rest, false},
		"without tables": {soi + rest, soi + rest, true},
		"without an end": {soi + rest[:len(rest)-2], soi + rest[:len(rest)-2], true},
		"segments":       {soi + streamSegment(0xE1, "Exif\x00\x00name") + streamSegment(0xFE, "name") + tables + rest, soi + tables + rest, false},
		"between":        {soi + tables + "name" + "\xFF\xFF\xFF" + rest, soi + tables + rest, false},
		"behind":         {soi + tables + rest + "name", soi + tables + rest, false},
		"adobe":          {soi + adobe("name\x01name") + adobe("\x00\x00\x00\x00\x02") + tables + rest, soi + adobe("\x00\x00\x00\x00\x01") + tables + rest, false},
		"unused table":   {soi + streamSegment(0xDB, "\x03"+strings.Repeat("n", 64)) + tables + rest, soi + tables + rest, false},
	} {
		src := bytes.NewReader([]byte("before" + test.stream + "behind"))
		spans, lacks, err := jpeg.ScanStream(context.Background(), src, 6, int64(len(test.stream)), "x/")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if (lacks != 0) != test.lacks {
			t.Errorf("%s: lacks tables %b", name, lacks)
		}
		checkStream(t, name, src, spans, int64(len(test.stream)), test.want)
	}
	for name, stream := range map[string]string{
		"no stream": "name", "tables only": soi + tables + eoi, "cut off": soi + tables, "a second picture": soi + tables + rest[:8] + soi,
	} {
		src := bytes.NewReader([]byte(stream))
		_, _, err := jpeg.ScanStream(context.Background(), src, 0, src.Size(), "x/")
		if !container.IsVerdict(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func checkStream(t *testing.T, name string, src container.Source, spans []container.Span, n int64, want string) {
	t.Helper()
	at := int64(6)
	for _, s := range spans {
		if s.Off != at {
			t.Fatalf("%s: a span begins at %d where %d was expected", name, s.Off, at)
		}
		for _, it := range s.Items {
			if it.Field != "" || !strings.HasPrefix(it.Path, "x/") {
				t.Errorf("%s: item %s", name, it.Path)
			}
		}
		at = s.End()
	}
	if at != 6+n {
		t.Errorf("%s: the spans end at %d, want %d", name, at, 6+n)
	}
	d := container.NewDraft(src)
	jpeg.AppendStream(d, spans)
	var out bytes.Buffer
	if err := d.Write(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if out.String() != want {
		t.Errorf("%s: the stream has become %q", name, out.String())
	}
}

// Of tables that stand apart those stay that a stream uses, once.
func TestScanTables(t *testing.T) {
	tables, rest := cutStream(t)
	src := bytes.NewReader([]byte("\xFF\xD8" + rest))
	_, lacks, err := jpeg.ScanStream(context.Background(), src, 0, src.Size(), "x/")
	if err != nil {
		t.Fatal(err)
	}
	unused := streamSegment(0xDB, "\x03"+strings.Repeat("n", 64))
	apart := "before\xFF\xD8" + streamSegment(0xFE, "name") + tables + unused + tables + "\xFF\xD9"
	src = bytes.NewReader([]byte(apart))
	spans, err := jpeg.ScanTables(context.Background(), src, 6, src.Size()-6, "x/", lacks)
	if err != nil {
		t.Fatal(err)
	}
	checkStream(t, "tables", src, spans, src.Size()-6, "\xFF\xD8"+tables+"\xFF\xD9")

	src = bytes.NewReader([]byte("\xFF\xD8" + tables + rest))
	_, err = jpeg.ScanTables(context.Background(), src, 0, src.Size(), "x/", lacks)
	var m *container.Malformed
	if !errors.As(err, &m) {
		t.Errorf("a picture instead of tables: %v", err)
	}
}
