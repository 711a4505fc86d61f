package containertest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// toy is a format for the test of the tests: "TOY", then blocks of a letter, a length and
// their content; P is picture, T text, F a frame. Each fault breaks one promise.
type toy struct{ fault string }

func (toy) Info() container.Info {
	return container.Info{Name: "toy", MediaType: "image/toy", Extensions: []string{".toy"}}
}

func (toy) Match(head []byte) bool { return bytes.HasPrefix(head, []byte("TOY")) }

func (f toy) Map(ctx context.Context, src container.Source) ([]container.Span, error) {
	if err := ctx.Err(); err != nil && f.fault != "deaf" {
		return nil, err
	}
	whole, err := container.ReadPayload(src, 0, src.Size())
	if err != nil && f.fault == "blames the file" {
		return nil, &container.Malformed{What: "cannot be read"}
	} else if err != nil {
		return nil, err
	}
	if !f.Match(whole) {
		return nil, &container.Malformed{What: "no toy"}
	}
	spans, picture := []container.Span{{Len: 3, Role: container.Frame}}, false
	for at := 3; at < len(whole); {
		if at+2 > len(whole) || at+2+int(whole[at+1]) > len(whole) {
			if f.fault == "untyped" {
				return nil, errors.New("cut off")
			}
			return nil, &container.Malformed{What: "cut off", CutOff: true}
		}
		s := container.Span{Off: int64(at), Len: 2 + int64(whole[at+1])}
		switch whole[at] {
		case 'P':
			s.Role, picture = container.Media, true
		case 'F':
			s.Role = container.Frame
		default:
			s.Items = []metadata.Item{{Path: "toy/text", Size: s.Len}}
		}
		spans = append(spans, s)
		at += int(s.Len)
	}
	if !picture {
		return nil, &container.Malformed{What: "no picture"}
	}
	return spans, nil
}

func (f toy) Edit(_ context.Context, src container.Source, spans []container.Span, _ container.Plan) (*container.Draft, error) {
	d := container.NewDraft(src)
	for _, s := range spans {
		if s.Role == container.Media || s.Role == container.Frame || f.fault == "keeps text" {
			d.Copy(s.Off, s.Len)
		}
	}
	if f.fault == "grows" {
		d.Put([]byte("F\x01."))
	}
	return d, nil
}

const toyFile = "TOYP\x04\x01\x02\x03\x04T\x0cMVCANARYname"

// The suite has to see each of the faults it is there for.
func TestSuiteSeesFaults(t *testing.T) {
	sample := func(s Suite, b []byte) error { _, err := s.checkSample(b); return err }
	for _, test := range []struct {
		fault, file string
		check       func(Suite, []byte) error
		wrong       bool
	}{
		{"", toyFile, sample, false},
		{"keeps text", toyFile, sample, true},
		{"grows", toyFile, sample, true},
		{"", toyFile + "F\x06secret", sample, true},
		{"", toyFile + "F\x05short", sample, false},
		{"", toyFile + "F\x08<libtoy>", sample, false},
		{"", "no toy at all", sample, true},
		{"", toyFile, Suite.checkGenerous, false},
		{"grows", toyFile, Suite.checkGenerous, true},
		{"", toyFile, Suite.checkTruncated, false},
		{"untyped", toyFile, Suite.checkTruncated, true},
		{"", toyFile, Suite.checkMutated, false},
		{"untyped", toyFile, Suite.checkMutated, true},
		{"", toyFile, Suite.checkCancelled, false},
		{"deaf", toyFile, Suite.checkCancelled, true},
		{"", toyFile, Suite.checkFailing, false},
		{"blames the file", toyFile, Suite.checkFailing, true},
		{"", toyFile, Suite.checkShrunk, false},
		{"blames the file", toyFile, Suite.checkShrunk, true},
	} {
		s := Suite{Format: toy{test.fault}, FrameText: []string{"<libtoy>"}}
		if err := test.check(s, []byte(test.file)); (err != nil) != test.wrong {
			t.Errorf("fault %q in %q: the suite says %v", test.fault, test.file, err)
		}
	}
}

func TestFindCanary(t *testing.T) {
	secret := Canary + " in Goma"
	wide := func(high int) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(secret)) {
			pair := []byte{byte(u), byte(u)}
			pair[high] = byte(u >> 8)
			b = append(b, pair...)
		}
		return string(b)
	}
	for _, text := range []string{
		secret, strings.ToLower(secret), wide(0), wide(1), hex.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("a" + secret)),
		base64.StdEncoding.EncodeToString([]byte("ab" + secret)),
		base64.StdEncoding.EncodeToString([]byte("abc" + secret)),
	} {
		if findCanary([]byte("\x00\x01"+text+"\x02")) == nil {
			t.Errorf("%q passes as clean", text)
		}
	}
	if err := findCanary([]byte("MVCANAR MVC QU5B nothing here")); err != nil {
		t.Error(err)
	}
}

func TestMatchesAny(t *testing.T) {
	may := []string{"File:*", "IFD0:Orientation", "ICC-header:ProfileCreator=", "File-x:Version=1/2"}
	for tag, want := range map[[2]string]bool{
		{"File:FileType", "JPEG"}: true, {"IFD0:Orientation", "6"}: true, {"IFD0:Make", ""}: false,
		{"IFD1:Orientation", "6"}: false, {"ICC-header:ProfileCreator", ""}: true,
		{"ICC-header:ProfileCreator", "name"}: false, {"File-x:Version", "1/2"}: true, {"File-x:Version", "1"}: false,
	} {
		if got := matchesAny(may, tag[0], tag[1]); got != want {
			t.Errorf("%q: %v, want %v", tag, got, want)
		}
	}
}

func TestSparse(t *testing.T) {
	for _, fill := range []byte{0, 'x'} {
		s := &Sparse{Head: []byte("head"), Tail: []byte("tail"), Fill: fill, Length: 20}
		want := "head" + strings.Repeat(string(rune(fill)), 12) + "tail"
		for off := range 20 {
			for n := range 21 - off {
				b := make([]byte, n)
				if _, err := s.ReadAt(b, int64(off)); err != nil || string(b) != want[off:off+n] {
					t.Fatalf("%d bytes at %d: %q, %v", n, off, b, err)
				}
			}
		}
		if _, err := s.ReadAt(make([]byte, 2), 19); err == nil {
			t.Error("a read past the end succeeds")
		}
	}
}
