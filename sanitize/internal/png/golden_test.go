package png_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/png"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// keeping is the policy of what a viewer needs and the given categories.
func keeping(cs ...metadata.Category) func(metadata.Item) bool {
	set := metadata.SetOf(cs...).With(metadata.Rendering)
	return func(it metadata.Item) bool { return set.Has(it.Category) }
}

// cleanAll is the way of the engine: nothing is written before the result has been verified.
func cleanAll(b []byte, keep func(metadata.Item) bool, set ...metadata.Entry) (out []byte, notes []string, err error) {
	ctx := context.Background()
	job, err := container.Prepare(ctx, png.Format{}, bytes.NewReader(b), keep, set)
	if err != nil {
		return nil, nil, err
	}
	if _, err = job.Verify(ctx, job.Draft); err != nil {
		return nil, nil, err
	}
	var w bytes.Buffer
	err = job.Draft.Write(ctx, &w)
	return w.Bytes(), job.Draft.Notes, err
}

func itemsOf(t *testing.T, b []byte) (items []metadata.Item) {
	t.Helper()
	spans, err := container.Map(context.Background(), png.Format{}, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spans {
		items = append(items, s.Items...)
	}
	return items
}

// A golden file says what is found in a sample and what is left of it.
type golden struct {
	Found  []string `json:"found"`  // path, category, bytes
	Result []string `json:"result"` // the chunks of the cleaned file
	Notes  []string `json:"notes"`  // of the draft
	Digest string   `json:"sha256"` // of the cleaned file
}

func goldenOf(t *testing.T, b []byte) (g golden) {
	t.Helper()
	for _, it := range itemsOf(t, b) {
		g.Found = append(g.Found, fmt.Sprintf("%s %s %d", it.Path, it.Category, it.Size))
	}
	out, notes, err := cleanAll(b, keeping())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range places(out) {
		g.Result = append(g.Result, fmt.Sprintf("%s %d", p.typ, p.end-p.off-12))
	}
	g.Notes, g.Digest = notes, fmt.Sprintf("%x", sha256.Sum256(out))
	return g
}

func TestGolden(t *testing.T) {
	for name, b := range samples(t) {
		got, err := json.MarshalIndent(goldenOf(t, b), "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		file := filepath.Join(containertest.Root(t), "testdata", "golden", "png", name+".json")
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: found or left is something else than in its golden file; see what, then run with -update:\n%s", name, got)
		}
	}
}

// No word of the file comes into a path.
func TestPaths(t *testing.T) {
	for name, b := range samples(t) {
		for _, it := range itemsOf(t, b) {
			if !strings.HasPrefix(it.Path, "png/") || strings.Contains(it.Path, canary) || strings.Contains(it.Path, "prIV") {
				t.Errorf("%s: %s", name, it.Path)
			}
		}
	}
}

// pngChunks returns the types of the chunks, with the length of those that are asked for.
func chunkTypes(b []byte) string {
	var all []string
	for _, p := range places(b) {
		all = append(all, p.typ)
	}
	return strings.Join(all, " ")
}

// What stays is where viewers look for it, and nothing else is there.
func TestChunksThatStay(t *testing.T) {
	all := samples(t)
	for name, want := range map[string]string{
		"everything":                       "IHDR iCCP gAMA pHYs eXIf IDAT",
		"phone":                            "IHDR eXIf IDAT IEND",
		"exif-behind-the-picture":          "IHDR IDAT eXIf IEND",
		"two-exif-blocks":                  "IHDR eXIf IDAT IEND",
		"icc-srgb":                         "IHDR sRGB IDAT IEND",
		"icc-display-p3":                   "IHDR iCCP IDAT IEND",
		"icc-adobe-rgb":                    "IHDR iCCP IDAT IEND",
		"icc-without-checksum":             "IHDR iCCP IDAT IEND",
		"icc-of-the-wrong-kind":            "IHDR IDAT IEND",
		"icc-not-a-profile":                "IHDR IDAT IEND",
		"colours":                          "IHDR cICP sRGB gAMA cHRM mDCV cLLI sBIT bKGD IDAT IEND",
		"palette-of-more-colours":          "IHDR PLTE tRNS bKGD IDAT IEND",
		"palette-of-true-colours":          "IHDR IDAT IEND",
		"animation":                        "IHDR acTL fcTL IDAT fcTL fdAT fdAT fcTL fdAT IEND",
		"animation-apart-from-the-picture": "IHDR acTL IDAT fcTL fdAT eXIf IEND",
		"animation-of-more-frames":         "IHDR acTL fcTL IDAT IEND",
		"frames-of-no-animation":           "IHDR IDAT IEND",
	} {
		out, _, err := cleanAll(all[name], keeping())
		if got := chunkTypes(out); err != nil || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s (%v)", name, got, want, err)
		}
	}
}

// The numbers of the frames have no gap where frame data has gone.
func TestFrameNumbers(t *testing.T) {
	out, _, err := cleanAll(samples(t)["animation"], keeping())
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, p := range places(out) {
		if p.typ != "fcTL" && p.typ != "fdAT" {
			continue
		}
		if got := string(out[p.off+8 : p.off+12]); got != be32(want) {
			t.Errorf("%s has number %x, want %d", p.typ, got, want)
		}
		want++
	}
	if want != 6 {
		t.Errorf("%d chunks with a number", want)
	}
}

// Texts that may stay are written anew; all else of them goes.
func TestKeptTexts(t *testing.T) {
	b := samples(t)["credited"]
	out, _, err := cleanAll(b, keeping(metadata.Rights, metadata.Description), metadata.Entry{Field: metadata.UsageTerms, Value: "Ask us"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"A. Photographer", "2026 Example Relief", "caf\u00e9", "Ask us", ">Example Relief<"} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("%q is lost", want)
		}
	}
	if bytes.Contains(out, []byte(canary)) || chunkTypes(out) != "IHDR eXIf iTXt IDAT IEND" {
		t.Errorf("left is %s", chunkTypes(out))
	}
}
