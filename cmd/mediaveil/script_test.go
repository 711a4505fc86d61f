package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mediaveil": main})
}

// Each verb is a script: files in, a command, and what must and must not be there afterwards.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"mkjpeg": mkjpeg, "samepicture": samePicture, "quiet-about": quietAbout, "jsonlines": jsonLines,
			"count": count, "mkpsd": mkpsd, "mktrust": mkTrust,
		},
		Condition: func(cond string) (bool, error) {
			return cond == "root" && os.Getuid() == 0 || cond == "foldcase" && (runtime.GOOS == "darwin" || runtime.GOOS == "windows"), nil
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("GORACE", "atexit_sleep_ms=0") // or each run of the program waits a second
			return nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// marker is planted wherever a photo has room for a text. Nobody may ever print it unasked.
const marker = "Amina"

// mkjpeg FILE [what...] writes a photo that carries what is named. Go escapes in the name
// make those that no script could hold.
func mkjpeg(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: mkjpeg FILE [what...]")
	}
	name, err := strconv.Unquote(`"` + args[0] + `"`)
	ts.Check(err)
	name = ts.MkAbs(name)
	ts.Check(os.MkdirAll(filepath.Dir(name), 0o777))
	ts.Check(os.WriteFile(name, photo(args[1:]...), 0o666))
}

// mkpsd FILE writes the beginning of a Photoshop document, which is never cleaned.
func mkpsd(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("8BPS\x00\x01\x00\x00\x00\x00\x00\x00\x00\x03"), 0o666))
}

// samePicture A B compares what two photos show.
func samePicture(ts *testscript.TestScript, neg bool, args []string) {
	var pictures []image.Image
	for _, name := range args {
		img, err := jpeg.Decode(strings.NewReader(ts.ReadFile(name)))
		ts.Check(err)
		pictures = append(pictures, img)
	}
	a, b := pictures[0].(*image.YCbCr), pictures[1].(*image.YCbCr)
	same := bytes.Equal(a.Y, b.Y) && bytes.Equal(a.Cb, b.Cb) && bytes.Equal(a.Cr, b.Cr)
	if same == neg {
		ts.Fatalf("same picture: %v", same)
	}
}

// quietAbout TEXT FILE... fails when a file, or the output of the last command, holds the text.
func quietAbout(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range append([]string{"stdout", "stderr"}, args[1:]...) {
		if held := strings.Contains(strings.ToLower(ts.ReadFile(name)), strings.ToLower(args[0])); held != neg {
			ts.Fatalf("%s holds %q: %v", name, args[0], held)
		}
	}
}

// jsonLines N fails unless the last command printed N documents.
func jsonLines(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	got := 0
	for ; ; got++ {
		var doc struct{ Schema, File, Status string }
		if err := d.Decode(&doc); err == io.EOF {
			break
		} else if err != nil {
			ts.Fatalf("line %d: %v", got+1, err)
		}
		if doc.Schema != resultSchema || doc.File == "" || doc.Status == "" {
			ts.Fatalf("line %d lacks something: %+v", got+1, doc)
		}
	}
	if lines := strings.Count(ts.ReadFile("stdout"), "\n"); got != want || lines != want {
		ts.Fatalf("%d documents on %d lines, want %d", got, lines, want)
	}
}

// count DIR N fails unless a folder holds N names, hidden ones too.
func count(ts *testscript.TestScript, neg bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if want, err := strconv.Atoi(args[1]); err != nil || len(entries) != want {
		ts.Fatalf("%s holds %d names, want %s: %v", args[0], len(entries), args[1], entries)
	}
}

// photo makes a small photo that carries what is asked for.
func photo(what ...string) []byte {
	out := picture()
	for _, w := range what {
		out = additions[w](out)
	}
	return out
}

var additions = map[string]func([]byte) []byte{
	"gps":     func(b []byte) []byte { return insert(b, 0xE1, "Exif\x00\x00"+exifBlock()) },
	"xmp":     func(b []byte) []byte { return insert(b, 0xE1, "http://ns.adobe.com/xap/1.0/\x00"+xmpPacket) },
	"comment": func(b []byte) []byte { return insert(b, 0xFE, marker+" at school") },
	"unknown": func(b []byte) []byte { return insert(b, 0xE9, marker+" in a vendor's segment") },
	"c2pa":    func(b []byte) []byte { return insert(b, 0xEB, "JP\x00\x01\x00\x00\x00\x01"+marker) },
	"trailer": func(b []byte) []byte { return append(b, marker+" behind the picture"...) },
	"video":   func(b []byte) []byte { return append(b, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"+marker...) },
	"second":  func(b []byte) []byte { return append(b, insert(picture(), 0xFE, marker)...) },
	"gainmap": func(b []byte) []byte {
		return append(b, insert(picture(), 0xE1, "http://ns.adobe.com/xap/1.0/\x00"+gainMapPacket)...)
	},
	"cut":    func(b []byte) []byte { return b[:len(b)-2] },
	"two":    func(b []byte) []byte { return append([]byte{0xFF, 0xD8}, b...) },
	"nosos":  func(b []byte) []byte { return append(b[:bytes.Index(b, []byte{0xFF, 0xDA})], 0xFF, 0xD9) },
	"length": func(b []byte) []byte { return append(b[:2], append([]byte{0xFF, 0xE1, 0, 1}, b[2:]...)...) },
}

func picture() []byte {
	img := image.NewYCbCr(image.Rect(0, 0, 32, 24), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = byte(i * 7)
	}
	c := color.YCbCrModel.Convert(color.RGBA{200, 120, 40, 255}).(color.YCbCr)
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = c.Cb+byte(i%16), c.Cr
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// insert puts a segment behind the SOI marker.
func insert(b []byte, marker byte, payload string) []byte {
	n := len(payload) + 2
	out := append([]byte{0xFF, 0xD8, 0xFF, marker, byte(n >> 8), byte(n)}, payload...)
	return append(out, b[2:]...)
}

// exifBlock says where, when, with what, and who: two directories, big-endian.
func exifBlock() string {
	type entry struct {
		id, typ byte
		high    byte
		count   int
		value   string
	}
	text := func(high, id byte, s string) entry { return entry{id, 2, high, len(s) + 1, s + "\x00"} }
	directory := func(at int, entries []entry) string {
		head, data := string([]byte{0, byte(len(entries))}), ""
		at += 2 + 12*len(entries) + 4
		for _, e := range entries {
			head += string([]byte{e.high, e.id, 0, e.typ, 0, 0, 0, byte(e.count)})
			if len(e.value) <= 4 {
				head += e.value + strings.Repeat("\x00", 4-len(e.value))
				continue
			}
			head += string([]byte{0, 0, byte((at + len(data)) >> 8), byte(at + len(data))})
			data += e.value
		}
		return head + "\x00\x00\x00\x00" + data
	}
	rational := func(values ...byte) string {
		s := ""
		for _, v := range values {
			s += string([]byte{0, 0, 0, v, 0, 0, 0, 1})
		}
		return s
	}
	main := func(gps byte) []entry {
		return []entry{
			text(0x01, 0x0F, marker+" Phones"), text(0x01, 0x10, "Model "+marker), {0x12, 3, 0x01, 1, "\x00\x06"},
			text(0x01, 0x32, "2026:01:31 14:05:09"), text(0x01, 0x3B, marker+" Photographer."), {0x25, 4, 0x88, 1, "\x00\x00\x00" + string([]byte{gps})},
		}
	}
	gps := []entry{
		text(0, 1, "N"), {2, 5, 0, 3, rational(36, 12, 7)}, text(0, 3, "E"), {4, 5, 0, 3, rational(37, 9, 58)},
	}
	at := 8 + len(directory(8, main(0)))
	return "MM\x00\x2A\x00\x00\x00\x08" + directory(8, main(byte(at))) + directory(at, gps)
}

const xmpPacket = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
	` xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:a="urn:amina" photoshop:Credit="Amina Agency" photoshop:City="Amina City" a:b="Amina">` +
	`<dc:subject><rdf:Bag><rdf:li>Amina</rdf:li><rdf:li>school</rdf:li><rdf:li>tent</rdf:li></rdf:Bag></dc:subject>` +
	`<ext:PersonInImage><rdf:Bag><rdf:li>Amina A.</rdf:li><rdf:li>Amina B.</rdf:li></rdf:Bag></ext:PersonInImage>` +
	`</rdf:Description></rdf:RDF></x:xmpmeta>`

const gainMapPacket = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description rdf:about="Amina" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"` +
	` hdrgm:GainMapMax="2" hdrgm:HDRCapacityMax="2"/></rdf:RDF></x:xmpmeta>`
