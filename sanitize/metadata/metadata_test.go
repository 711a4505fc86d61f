package metadata_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

func ExampleSecret() {
	item := metadata.Item{Path: "exif/gps/GPSLatitude", Category: metadata.Location, Value: "36.2021"}
	fmt.Println(item.Path, item.Value)
	fmt.Println(item.Value.Reveal())
	// Output:
	// exif/gps/GPSLatitude [7 bytes withheld]
	// 36.2021
}

// A secret must not show however somebody prints or encodes it.
func TestSecretNeverPrints(t *testing.T) {
	const text = "Amina"
	s := metadata.Secret(text)
	item := metadata.Item{Path: "p", Value: s}
	encoded, err := json.Marshal(map[string]any{"s": s, "item": item})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "s", s, "item", item)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "s", s, "item", item)
	outs := []string{string(encoded), log.String(), fmt.Sprint(s, item, &item), fmt.Errorf("bad %w %v", fmt.Errorf("%v", s), s).Error()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%10.3s"} {
		outs = append(outs, fmt.Sprintf(verb, s), fmt.Sprintf(verb, item), fmt.Sprintf(verb, []metadata.Item{item}))
	}
	for _, out := range outs {
		low := strings.ToLower(out)
		if strings.Contains(low, "amina") || strings.Contains(low, "ami") || strings.Contains(low, "416d696e61") || strings.Contains(low, "41 6d") {
			t.Errorf("shows the text: %s", out)
		}
	}
	if s.Reveal() != text {
		t.Errorf("Reveal() = %q", s.Reveal())
	}
}

func TestCategoryNames(t *testing.T) {
	for _, c := range metadata.Categories() {
		name, err := c.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back metadata.Category
		if err := back.UnmarshalText(name); err != nil || back != c {
			t.Errorf("%s reads back as %v, %v", name, back, err)
		}
	}
	var c metadata.Category
	if c != metadata.Unknown {
		t.Error("the zero Category must be Unknown")
	}
	if err := c.UnmarshalText([]byte("nonsense")); err == nil {
		t.Error("an unknown name was accepted")
	}
	if got := metadata.Category(200).String(); got != "category(200)" {
		t.Errorf("String() = %q", got)
	}
}

func TestSet(t *testing.T) {
	s := metadata.SetOf(metadata.Rights, metadata.Time)
	if !s.Has(metadata.Time) || s.Has(metadata.Location) || s.Has(metadata.Category(77)) {
		t.Errorf("Has is wrong for %v", s.List())
	}
	if got := s.Without(metadata.Time).With(metadata.Category(99)); got != metadata.SetOf(metadata.Rights) {
		t.Errorf("Without, With = %v", got.List())
	}
	if out, err := json.Marshal(s); err != nil || string(out) != `["time","rights"]` {
		t.Errorf("JSON = %s, %v", out, err)
	}
	if out, _ := json.Marshal(metadata.Set(0)); string(out) != `[]` {
		t.Errorf("JSON of the empty set = %s", out)
	}
}

func TestFields(t *testing.T) {
	for _, f := range metadata.Fields() {
		if f.Category() == metadata.Unknown {
			t.Errorf("%s has no category", f)
		}
	}
	if metadata.Field("nonsense").Category() != metadata.Unknown || metadata.Field("").Repeats() {
		t.Error("a field that does not exist must be Unknown")
	}
	if !metadata.Creator.Repeats() || metadata.Credit.Repeats() {
		t.Error("Repeats is wrong")
	}
}
