package ico_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/ico"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

var update = flag.Bool("update", false, "write test pictures and golden files anew")

// secret is a text that may not come through, with a word that says where it was planted.
func secret(where string) string { return containertest.Canary + "-" + where }

func le16(v int) string { return string(binary.LittleEndian.AppendUint16(nil, uint16(v))) }
func le32(v int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(v))) }

// A picture is one bitmap of an icon in the making.
type picture struct {
	size, bits int
	dirt       bool
	noMask     bool
}

// rows is a pattern, each row filled up to four bytes.
func (p picture) rows(bits, seed int) string {
	used := (p.size*bits + 7) / 8
	var b strings.Builder
	for y := range p.size {
		for x := range used {
			b.WriteByte(byte(x*x*seed + y*3))
		}
		b.WriteString(strings.Repeat(p.fill(), -used&3))
	}
	return b.String()
}

func (p picture) fill() string {
	if p.dirt {
		return "M"
	}
	return "\x00"
}

// bytes is header, colours, pixels, mask.
func (p picture) bytes() string {
	pixels := p.rows(p.bits, 5)
	if !p.noMask {
		pixels += p.rows(1, 1)
	}
	density, important := le32(0)+le32(0), le32(0)
	if p.dirt {
		density, important = "MVCANARY", "MVCA"
	}
	out := le32(40) + le32(p.size) + le32(2*p.size) + le16(1) + le16(p.bits) + le32(0) + le32(len(pixels)) + density + le32(0) + important
	if p.bits <= 8 {
		for i := range 1 << p.bits {
			out += string([]byte{byte(i * 9), byte(i * 5), byte(255 - i)}) + p.fill()
		}
	}
	return out + pixels
}

// icon is a file of the given kind: 1 for an icon, 2 for a cursor, whose hot spot is 3,4.
func icon(kind int, dirt bool, pictures ...picture) []byte {
	dir, body := le16(0)+le16(kind)+le16(len(pictures)), ""
	begin := 6 + 16*len(pictures)
	for _, p := range pictures {
		planes, depth, reserved := 1, p.bits, byte(0)
		if kind == 2 {
			planes, depth = 3, 4
		}
		if dirt {
			p.dirt, reserved = true, 'M'
			body += secret("gap")
		}
		b := p.bytes()
		behind := ""
		if dirt {
			behind = secret("behind")
		}
		dir += string([]byte{byte(p.size), byte(p.size), 0, reserved}) + le16(planes) + le16(depth) + le32(len(b)+len(behind)) + le32(begin+len(body))
		body += b + behind
	}
	if dirt {
		body += secret("trailer")
	}
	return []byte(dir + body)
}

// samples are pictures with secrets, and what has to be left of them.
func samples() map[string][2][]byte {
	of := func(kind int, pictures ...picture) [2][]byte {
		return [2][]byte{icon(kind, true, pictures...), icon(kind, false, pictures...)}
	}
	all := map[string][2][]byte{
		"one.ico":     of(1, picture{size: 16, bits: 4}),
		"several.ico": of(1, picture{size: 10, bits: 1}, picture{size: 9, bits: 8}, picture{size: 7, bits: 24}, picture{size: 5, bits: 32}),
		"cursor.cur":  of(2, picture{size: 12, bits: 4}),
	}
	noMask := icon(1, false, picture{size: 5, bits: 32, noMask: true})
	all["no-mask.ico"] = [2][]byte{append(bytes.Clone(noMask), secret("trailer")...), noMask}
	return all
}

// backwards is an icon whose directory names its pictures in another order than they have.
func backwards() []byte {
	b := icon(1, false, picture{size: 8, bits: 1}, picture{size: 6, bits: 24})
	first := string(b[6:22])
	copy(b[6:], b[22:38])
	copy(b[22:], first)
	return b
}

func checkFiles(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, want := range files {
		file := filepath.Join(containertest.Root(t), "testdata", dir, name)
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the test composes; run with -update", name)
		}
	}
}

// TestSamples checks that the committed samples are those of this package, and writes them
// with -update.
func TestSamples(t *testing.T) {
	files := make(map[string][]byte)
	for name, s := range samples() {
		files[name] = s[0]
	}
	checkFiles(t, "ico", files)
}

func strict(it metadata.Item) bool { return it.Category == metadata.Rendering }

func tryClean(b []byte) ([]byte, []string, error) {
	ctx := context.Background()
	job, err := container.Prepare(ctx, ico.Format{}, bytes.NewReader(b), strict, nil)
	if err != nil {
		return nil, nil, err
	}
	if _, err := job.Verify(ctx, job.Draft); err != nil {
		return nil, nil, err
	}
	var out bytes.Buffer
	err = job.Draft.Write(ctx, &out)
	return out.Bytes(), job.Draft.Notes, err
}
