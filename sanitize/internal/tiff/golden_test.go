package tiff_test

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
	"github.com/mediaveil/mediaveil/sanitize/internal/tiff"
)

// A golden file says what is found in a sample and what is left of it.
type golden struct {
	Found  []string `json:"found"`  // path, category, bytes
	Result []string `json:"result"` // the spans of the cleaned file
	Notes  []string `json:"notes"`  // of the draft
	Digest string   `json:"sha256"` // of the cleaned file
}

func goldenOf(t *testing.T, b []byte) golden {
	t.Helper()
	var g golden
	ctx := context.Background()
	job, err := container.Prepare(ctx, tiff.Format{}, bytes.NewReader(b), containertest.Strict, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range job.Spans {
		for _, it := range s.Items {
			g.Found = append(g.Found, fmt.Sprintf("%s %s %d", it.Path, it.Category, it.Size))
		}
	}
	spans, err := job.Verify(ctx, job.Draft)
	if err != nil {
		t.Fatal(err)
	}
	roles := []string{"metadata", "frame", "media"}
	for _, s := range spans {
		g.Result = append(g.Result, fmt.Sprintf("%d+%d %s", s.Off, s.Len, roles[s.Role]))
	}
	var out bytes.Buffer
	if err := job.Draft.Write(ctx, &out); err != nil {
		t.Fatal(err)
	}
	g.Notes, g.Digest = job.Draft.Notes, fmt.Sprintf("%x", sha256.Sum256(out.Bytes()))
	return g
}

func TestGolden(t *testing.T) {
	for name, b := range samples(t) {
		got, err := json.MarshalIndent(goldenOf(t, b), "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		file := filepath.Join(containertest.Root(t), "testdata", "golden", "tiff", strings.TrimSuffix(name, ".tif")+".json")
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
