package consent_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

// FuzzRead: no input panics; what is refused is refused with a code and a place; what is
// accepted in one syntax is accepted again, and holds what the checks promise.
func FuzzRead(f *testing.F) {
	if _, err := consent.Read(bytes.NewReader([]byte(full)), consent.YAML); err != nil { // compiles the schema
		f.Fatal(err)
	}
	f.Add([]byte(full), false)
	f.Add([]byte(`{"format":"mediaveil-consent/1","manifest":"a","sequence":1,"issued_at":"2026-01-01T00:00:00Z","people":[]}`), true)
	for _, text := range hostile {
		f.Add([]byte(text[:min(len(text), 60)]), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, asJSON bool) {
		syntax := consent.YAML
		if asJSON {
			syntax = consent.JSON
		}
		m, err := consent.Read(bytes.NewReader(data), syntax)
		if err != nil {
			var e *consent.Error
			if !errors.As(err, &e) || len(e.Faults) == 0 || e.Code.Verdict() != consent.Hold || m != nil {
				t.Fatalf("not an error of ours: %v", err)
			}
			return
		}
		checkManifest(t, m)
		if again, err := consent.Read(bytes.NewReader(data), syntax); err != nil || again.Name != m.Name {
			t.Fatal("not accepted twice", err)
		}
	})
}

// checkManifest holds an accepted manifest to sections 2 to 6.
func checkManifest(t *testing.T, m *consent.Manifest) {
	t.Helper()
	if m.Name == "" || m.Sequence < 1 || m.Sequence > 1e9 || m.IssuedAt.IsZero() && m.IssuedAt.Year() != 1 || m.Zone == nil {
		t.Fatalf("top level: %+v", m)
	}
	people := map[string]bool{}
	for _, p := range m.People {
		if people[p.ID] || (p.Age != "adult" && p.Risk == "standard") {
			t.Fatalf("person %+v", p)
		}
		people[p.ID] = true
	}
	for _, c := range m.Consents {
		if !people[c.Person] || c.GivenOn.IsZero() || c.RecordedBy == "" {
			t.Fatalf("consent %+v", c)
		}
		if c.Status == "granted" && (c.ValidUntil.Before(c.ValidFrom) || len(c.Purposes) == 0 || len(c.Channels) == 0) {
			t.Fatalf("granted %+v", c)
		}
	}
	for _, e := range m.Media {
		if (len(e.SHA256) == 0) == (e.Pattern == "") || (e.Level == consent.LevelSHA256) != (e.Pattern == "") {
			t.Fatalf("entry %+v", e)
		}
		for _, p := range e.People {
			if !people[p] {
				t.Fatalf("entry lists nobody: %+v", e)
			}
		}
	}
}
