package heif_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/heif"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

func keeping(more ...metadata.Category) func(metadata.Item) bool {
	set := metadata.SetOf(more...).With(metadata.Rendering)
	return func(it metadata.Item) bool { return set.Has(it.Category) }
}

// clean cleans b, checks the result, and returns it with the notes.
func clean(t testing.TB, b []byte, keep func(metadata.Item) bool, set ...metadata.Entry) ([]byte, []string) {
	t.Helper()
	out, notes, err := tryClean(b, keep, set...)
	if err != nil {
		t.Fatal(err)
	}
	return out, notes
}

// tryClean is the way of the engine: nothing is written before the result has been verified.
func tryClean(b []byte, keep func(metadata.Item) bool, set ...metadata.Entry) ([]byte, []string, error) {
	ctx := context.Background()
	job, err := container.Prepare(ctx, heif.Format{}, bytes.NewReader(b), keep, set)
	if err != nil {
		return nil, nil, err
	}
	if _, err = job.Verify(ctx, job.Draft); err != nil {
		return nil, nil, err
	}
	var out bytes.Buffer
	err = job.Draft.Write(ctx, &out)
	return out.Bytes(), job.Draft.Notes, err
}

func itemsOf(t testing.TB, b []byte) (items []metadata.Item) {
	t.Helper()
	spans, err := container.Map(context.Background(), heif.Format{}, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spans {
		items = append(items, s.Items...)
	}
	return items
}

// Texts that a policy keeps are written anew into one XMP packet, whatever they came from.
func TestKeepsTexts(t *testing.T) {
	b := samples(t)["credited.heic"]
	out, _ := clean(t, b, keeping(metadata.Rights, metadata.AltText))
	found := map[metadata.Field]string{}
	for _, it := range itemsOf(t, out) {
		if it.Field != "" {
			found[it.Field] = it.Value.Reveal()
		}
	}
	want := map[metadata.Field]string{
		metadata.Credit: "Photo: A. Photographer", metadata.Copyright: "2026 Example Relief", metadata.AltTextShort: "A red disc",
	}
	if len(found) != len(want) {
		t.Errorf("the result says %v", found)
	}
	for field, value := range want {
		if found[field] != value {
			t.Errorf("%s is %q, want %q", field, found[field], value)
		}
	}
	again, _ := clean(t, out, keeping())
	strict, _ := clean(t, b, keeping())
	if !bytes.Equal(again, strict) {
		t.Error("a strict cleaning after a kind one gives something else")
	}
	if bytes.Contains(strict, []byte("rdf")) {
		t.Error("a strict result holds a packet")
	}
}

// A text that the caller sets is written although the file had none.
func TestSetsTexts(t *testing.T) {
	out, _ := clean(t, baseFile(t, "av1.avif"), keeping(), metadata.Entry{Field: metadata.Credit, Value: "Photo: Example"})
	if !strings.Contains(string(out), "Photo: Example") {
		t.Error("the text is not in the result")
	}
}

// A gain map goes, and says so, unless it is kept; then it is as clean as the picture.
func TestGainMap(t *testing.T) {
	for _, name := range []string{"apple-gain-map.heic", "tone-mapped.avif", "tone-mapped-and-auxiliary.avif"} {
		b := samples(t)[name]
		out, notes := clean(t, b, keeping())
		if len(notes) != 1 || notes[0] != "gain-map-dropped" {
			t.Errorf("%s: notes are %v", name, notes)
		}
		for _, trace := range []string{"tmap", "hdrgainmap", "altr"} {
			if bytes.Contains(out, []byte(trace)) {
				t.Errorf("%s: a strict result holds %s", name, trace)
			}
		}
		kept, notes := clean(t, b, keeping(metadata.GainMap))
		if len(notes) != 0 {
			t.Errorf("%s: notes are %v", name, notes)
		}
		if len(kept) <= len(out)+len(av1Gray(t).data) {
			t.Errorf("%s: the gain map is not in the result", name)
		}
		if bytes.Contains(kept, []byte(canary)) {
			t.Errorf("%s: a secret is in the result", name)
		}
		if bytes.Contains(b, []byte("altr")) != bytes.Contains(kept, []byte("altr")) {
			t.Errorf("%s: what the gain map is an alternative to is not said", name)
		}
		if again, _ := clean(t, kept, keeping()); !bytes.Equal(again, out) {
			t.Errorf("%s: a strict cleaning after a kind one gives something else", name)
		}
	}
}

// A gain map of a version that no table knows goes, even when gain maps are kept.
func TestUnknownGainMap(t *testing.T) {
	out, notes := clean(t, samples(t)["tone-mapped-of-version-9.avif"], keeping(metadata.GainMap))
	if len(notes) != 1 || notes[0] != "gain-map-dropped" || bytes.Contains(out, []byte("tmap")) {
		t.Errorf("notes are %v", notes)
	}
}

// What an EXIF block says about orientation does not count: viewers follow the properties.
func TestOrientation(t *testing.T) {
	for _, it := range itemsOf(t, samples(t)["everything.heic"]) {
		if it.Field == metadata.Orientation {
			t.Errorf("%s gives an orientation", it.Path)
		}
	}
}

// Profiles are rebuilt; one that cannot be goes, and both are said.
func TestProfileNotes(t *testing.T) {
	for name, want := range map[string]string{
		"icc-custom.heic": "profile-custom", "icc-broken.avif": "profile-dropped", "icc-srgb.avif": "",
	} {
		out, notes := clean(t, samples(t)[name], keeping())
		if strings.Join(notes, " ") != want {
			t.Errorf("%s: notes are %v, want %s", name, notes, want)
		}
		if has := bytes.Contains(out, []byte("colrprof")); has == (want == "profile-dropped") {
			t.Errorf("%s: the result has a profile: %v", name, has)
		}
	}
}
