package gif_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/gif"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

var update = flag.Bool("update", false, "write samples and seeds anew")

// dirt is a block of every kind that goes.
func dirt(where string) string {
	return ext(0xFE, secret("comment"+where)) + ext(0x01, strings.Repeat("\x00", 12), secret("plain"+where)) +
		app("ICCRGBG1012", secret("icc"+where)) + app("MGK8BIM0000", "8BIM\x04\x04\x00\x00\x00\x00\x00\x22\x1C\x02\x78\x00\x1d"+secret("iptc-caption-text")[:25]+"1234") +
		app("MGKIPTC0000", "\x1C\x02\x78\x00\x0e"+secret("iptc!")) + app("C2PA_GIF\x01\x00\x00", secret("c2pa")) + app("MIDICTRLJon", secret("midi")) +
		app("OTHERAPP1.0", secret("other"), secret("more")) + ext(0x77, secret("label")) + ext(0xFF, secret("short")[:10]) +
		packet(`photoshop:City="`+secret("city")+`"`)
}

func samples() map[string][]byte {
	data := coded(2, 16, 8)
	noEnd := data[:len(data)-1] // the code for the end stands in the last two bytes
	colours := strings.Repeat("\x10\x20\x30", 4)
	return map[string][]byte{
		"plain":                   picture("", ""),
		"everything":              append(picture(dirt("-before"), dirt("-behind")), secret("behind")...),
		"version-87a":             []byte(screen("GIF87a") + ext(0xFE, secret("comment")) + frame(0, 0, 16, 8, 255, data) + ";"),
		"without-trailer":         []byte(screen("GIF89a") + ext(0xFE, secret("comment")) + frame(0, 0, 16, 8, 255, data)),
		"zeros-between":           []byte(screen("GIF89a") + "\x00\x00" + frame(0, 0, 16, 8, 255, data) + "\x00" + ext(0xFE, secret("comment")) + "\x00;"),
		"data-behind-the-end":     []byte(screen("GIF89a") + frame(0, 0, 16, 8, 20, data+secret("hidden")+strings.Repeat(secret("sub-block"), 3)) + ";"),
		"data-in-a-further-block": []byte(screen("GIF89a") + strings.TrimSuffix(frame(0, 0, 16, 8, 20, data), "\x00") + subs(50, secret("further")) + ";"),
		"more-pixels-than-shown":  []byte(screen("GIF89a") + frame(0, 0, 16, 4, 255, data) + ext(0xFE, secret("comment")) + ";"),
		"no-end-code":             []byte(screen("GIF89a") + frame(0, 0, 16, 8, 10, noEnd) + ext(0xFE, secret("comment")) + ";"),
		"own-colours": []byte(screen("GIF89a") + "\x2C\x00\x00\x00\x00" + le16(16) + le16(8) + "\xD9" + colours + "\x02" + subs(7, data) +
			ext(0xFE, secret("comment")) + ";"),
		"animation": []byte(screen("GIF89a") + app("ANIMEXTS1.0", "\x01"+le16(5)) + loop(3) + gce(0xE5, 10, 1) + ext(0xFE, secret("between")) +
			frame(0, 0, 16, 8, 255, data) + gce(9, 7, 0) + gce(5, 20, 3) + frame(4, 2, 8, 4, 255, coded(2, 8, 4)+secret("hidden")) +
			ext(0xF9, "\x04\x1E\x00\x00"+secret("control"), secret("rest")) + frame(8, 4, 8, 4, 255, coded(2, 8, 4)) + gce(0, 5, 0) + ";"),
		"loop-with-more": picture(app("NETSCAPE2.0", "\x02"+canary[:4], "\x01\x00\x00", secret("buffer")), ""),
		"credited":       picture(packet(`photoshop:Credit="Example Relief" photoshop:City="`+secret("city")+`"`), ""),
	}
}

func samplePath(t testing.TB, dir, name string) string {
	return filepath.Join(containertest.Root(t), "testdata", dir, name+".gif")
}

// checkFile compares a committed file with what a test composes.
func checkFile(t *testing.T, file string, want []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the test composes; run with -update (%v)", file, err)
	}
}

func TestSamples(t *testing.T) {
	for name, b := range samples() {
		checkFile(t, samplePath(t, "gif", name), b)
	}
}

func keeping(cs ...metadata.Category) func(metadata.Item) bool {
	set := metadata.SetOf(cs...).With(metadata.Rendering)
	return func(it metadata.Item) bool { return set.Has(it.Category) }
}

func cleanAll(b []byte, keep func(metadata.Item) bool) ([]byte, error) {
	return containertest.Clean(context.Background(), gif.Format{}, bytes.NewReader(b), keep)
}

// What is left of a sample is, to the byte, the same picture without the dirt.
func TestResults(t *testing.T) {
	data, all := coded(2, 16, 8), samples()
	plain := string(picture("", ""))
	for name, want := range map[string]string{
		"plain": plain, "everything": plain, "version-87a": plain, "without-trailer": plain, "zeros-between": plain,
		"data-behind-the-end":     screen("GIF89a") + frame(0, 0, 16, 8, 20, data) + ";",
		"data-in-a-further-block": screen("GIF89a") + frame(0, 0, 16, 8, 20, data) + ";",
		"loop-with-more":          string(picture(loop(0), "")),
		"credited":                plain,
		"animation": screen("GIF89a") + loop(3) + gce(5, 10, 1) + frame(0, 0, 16, 8, 255, data) + gce(5, 20, 3) +
			frame(4, 2, 8, 4, 255, coded(2, 8, 4)) + gce(4, 30, 0) + frame(8, 4, 8, 4, 255, coded(2, 8, 4)) + ";",
	} {
		if out, err := cleanAll(all[name], keeping()); err != nil || string(out) != want {
			t.Errorf("%s:\n%x, want\n%x (%v)", name, out, want, err)
		}
	}
	out, err := cleanAll(all["credited"], keeping(metadata.Rights))
	if err != nil || !bytes.Contains(out, []byte("Example Relief")) || bytes.Contains(out, []byte(canary)) {
		t.Errorf("the credit is lost, or more is kept (%v)", err)
	}
}

// What is found says what it is, in words of our own.
func TestItems(t *testing.T) {
	spans, err := container.Map(context.Background(), gif.Format{}, bytes.NewReader(samples()["everything"]))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]metadata.Category{}
	for _, s := range spans {
		for _, it := range s.Items {
			found[it.Path] = it.Category
			if strings.Contains(it.Path, canary) {
				t.Errorf("a word of the file is in the path %s", it.Path)
			}
		}
	}
	for path, want := range map[string]metadata.Category{
		"gif/comment": metadata.Description, "gif/plain-text/comment": metadata.Description, "gif/icc/unused": metadata.Unknown,
		"gif/magick/iptc/2:120/Caption": metadata.Description, "gif/c2pa": metadata.Software, "gif/midi": metadata.Thumbnail,
		"gif/application/unknown": metadata.Unknown, "gif/extension/unknown": metadata.Unknown,
		"gif/xmp/photoshop:City": metadata.Location, "gif/trailer/unknown": metadata.Unknown,
	} {
		if got, ok := found[path]; !ok || got != want {
			t.Errorf("%s: %v, found %v", path, got, ok)
		}
	}
}

// A verdict is what has to become of a hostile file.
type verdict int

const (
	clean verdict = iota
	broken
	cutOff
)

func verdictOf(err error) verdict {
	var m *container.Malformed
	switch {
	case err == nil:
		return clean
	case errors.As(err, &m) && m.CutOff:
		return cutOff
	case errors.As(err, &m):
		return broken
	}
	return -1
}

func TestHostile(t *testing.T) {
	head, data := screen("GIF89a"), coded(2, 16, 8)
	for name, h := range map[string]struct {
		want verdict
		data string
	}{
		"signature-only":      {cutOff, "GIF89a"},
		"no-picture":          {broken, head + ";"},
		"no-blocks":           {cutOff, head},
		"cut-in-the-colours":  {cutOff, head[:20]},
		"cut-in-the-data":     {cutOff, head + frame(0, 0, 16, 8, 255, data)[:20]},
		"cut-in-a-comment":    {cutOff, head + frame(0, 0, 16, 8, 255, data) + "\x21\xFE\xFFabc"},
		"unknown-block":       {broken, head + frame(0, 0, 16, 8, 255, data) + "\x99" + secret("block")},
		"frame-of-no-size":    {broken, head + frame(0, 0, 0, 8, 255, data) + ";"},
		"codes-of-length-12":  {broken, head + strings.Replace(frame(0, 0, 16, 8, 255, data), "\x00\x02", "\x00\x0C", 1) + ";"},
		"codes-of-no-meaning": {broken, head + frame(0, 0, 16, 8, 255, "\xFF\xFF\xFF") + ";"},
		"no-data":             {clean, head + frame(0, 0, 16, 8, 255, data) + frame(0, 0, 16, 8, 255, "") + ";"},
		"control-too-short":   {clean, head + ext(0xF9, "ab") + ext(0xF9) + frame(0, 0, 16, 8, 255, data) + ";"},
		"extensions-of-none":  {clean, head + ext(0xFF) + ext(0xFE) + ext(0x01) + app("NETSCAPE2.0") + app("XMP DataXMP") + frame(0, 0, 16, 8, 255, data) + ";"},
		"clear-codes-only":    {clean, head + frame(0, 0, 16, 8, 255, strings.Repeat("\x24\x49\x92", 40)) + ";"},
	} {
		out, err := cleanAll([]byte(h.data), keeping())
		if verdictOf(err) != h.want || bytes.Contains(out, []byte(canary)) {
			t.Errorf("%s: %v, want verdict %d", name, err, h.want)
		}
		checkFile(t, samplePath(t, "hostile", "gif-"+name), []byte(h.data))
	}
}

// FuzzClean checks what holds for any bytes and any policy: a verdict about the file, or a
// result that is clean, has the pictures of the source, and is not changed by another
// cleaning.
func FuzzClean(f *testing.F) {
	for _, b := range samples() {
		f.Add(b, uint16(0))
		f.Add(b, uint16(metadata.SetOf(metadata.Rights, metadata.Description, metadata.Location)))
	}
	f.Fuzz(func(t *testing.T, b []byte, keep uint16) {
		keeps := keeping(metadata.Set(keep).List()...)
		out, err := cleanAll(b, keeps)
		var left *container.Leftover
		var back *container.ReadBackError
		switch {
		case errors.As(err, &left), errors.As(err, &back):
			t.Fatalf("our own result is wrong: %v", err)
		case err != nil && !container.IsVerdict(err):
			t.Fatalf("no verdict: %v", err)
		case err != nil:
			return
		}
		again, err := cleanAll(out, keeps)
		if err != nil || !bytes.Equal(out, again) {
			t.Fatalf("cleaning the result changes it: %v", err)
		}
	})
}
