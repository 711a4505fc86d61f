package heif_test

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
	"github.com/mediaveil/mediaveil/sanitize/internal/heif"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A golden file says what is found in a sample and what is left of it.
type golden struct {
	Found   []string `json:"found"`   // path, category, bytes
	Result  []string `json:"result"`  // the spans of the cleaned file
	Notes   []string `json:"notes"`   // of the draft
	Digest  string   `json:"sha256"`  // of the cleaned file
	GainMap string   `json:"gainMap"` // digest of the file cleaned with its gain map, if it has one
}

func goldenOf(t *testing.T, b []byte) golden {
	t.Helper()
	var g golden
	hdr := false
	for _, it := range itemsOf(t, b) {
		g.Found = append(g.Found, fmt.Sprintf("%s %s %d", it.Path, it.Category, it.Size))
		hdr = hdr || it.Category == metadata.GainMap
	}
	out, notes := clean(t, b, keeping())
	spans, err := container.Map(context.Background(), heif.Format{}, bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	roles := []string{"metadata", "frame", "media"}
	for _, s := range spans {
		g.Result = append(g.Result, strings.TrimSpace(fmt.Sprintf("%d+%d %s %s", s.Off, s.Len, roles[s.Role], s.Tag)))
	}
	g.Notes, g.Digest = notes, digest(out)
	if hdr {
		kept, _ := clean(t, b, keeping(metadata.GainMap))
		g.GainMap = digest(kept)
	}
	return g
}

func digest(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }

func TestGolden(t *testing.T) {
	for name, b := range samples(t) {
		got, err := json.MarshalIndent(goldenOf(t, b), "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		file := filepath.Join(containertest.Root(t), "testdata", "golden", "heif", name+".json")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: found or left is something else than in %s.json; see what, then run with -update:\n%s", name, name, got)
		}
	}
}
