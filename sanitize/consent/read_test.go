package consent_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

const head = "format: mediaveil-consent/1\nmanifest: a\nsequence: 1\nissued_at: 2026-01-01T00:00:00Z\n"

const full = head + `timezone: Africa/Nairobi
people:
- {id: p-1, age: adult}
- {id: p-2, age: 16-17, age_on: 2026-01-01, adult_from: 2027-02}
consents:
- id: c-1
  person: p-2
  status: granted
  given_on: 2026-01-01
  self: {answer: agreed, capacity: full}
  caregiver: {answer: agreed, role: parent, authority: verified}
  told: [purpose, withdrawal, aid-not-affected]
  notice: n-1
  language: sw
  method: written
  recorded_by: s-1
  evidence: {ref: "box:1"}
  purposes: [awareness]
  channels: [website]
  territories: [NO, KE]
  valid_until: 2027-01-01
  embargo_until: 2026-03-01
media:
- id: m-1
  match: {folder: a/b}
  kind: photo
  people: [p-1]
  others: none
  declared_by: s-1
withdrawals:
- {id: w-1, person: p-1, on: 2026-02-01, takedown: false}
`

func TestRead(t *testing.T) {
	m, err := consent.Read(strings.NewReader(full), consent.YAML)
	if err != nil {
		t.Fatal(err)
	}
	c := m.Consents[0]
	switch {
	case m.Name != "a" || m.Sequence != 1 || m.Zone.String() != "Africa/Nairobi":
		t.Errorf("top level: %+v", m)
	case m.People[0].Risk != "standard" || m.People[1].Risk != "elevated":
		t.Errorf("risk: %+v", m.People)
	case m.People[1].AdultOn.String() != "2027-02-01":
		t.Errorf("adult on %v", m.People[1].AdultOn)
	case c.ValidFrom != c.GivenOn || c.Territories[0] != "NO":
		t.Errorf("consent: %+v", c)
	case c.Embargo.UTC().Format("2006-01-02T15:04") != "2026-02-28T21:00":
		t.Errorf("embargo: %v", c.Embargo)
	case m.Media[0].Level != consent.LevelFolder || m.Withdrawals[0].Takedown:
		t.Errorf("media and withdrawals: %+v %+v", m.Media, m.Withdrawals)
	}
}

// TestFaults holds the place and the words of faults, and that none quotes the file.
func TestFaults(t *testing.T) {
	const canary = "zanzibar"
	for _, tc := range []struct {
		name, text string
		code       consent.Code
		want       string
	}{
		{"anchor", head + "people: &" + canary + " []\n", consent.ManifestMalformed, "5:9: anchor"},
		{"alias of nothing", head + "people: *" + canary + "\n", consent.ManifestMalformed, "not YAML"},
		{"tag", head + "people: !" + canary + " []\n", consent.ManifestMalformed, "5:9: tag"},
		{"lone tag", head + "manifest2: ! " + canary + "\n", consent.ManifestMalformed, "5:12: tag"},
		{"repeated key", head + canary + ": 1\n" + canary + ": 2\n", consent.ManifestMalformed, "6:1: repeated key"},
		{"control character", head + "# " + canary + "\x07\n", consent.ManifestMalformed, "5:11: control character"},
		{"line separator", head + "# " + canary + "\u2028x: 1\n", consent.ManifestMalformed, "5:11: line separator"},
		{"second mark", "\ufeff\ufeff" + head, consent.ManifestMalformed, "1:1: byte order mark"},
		{"latin-1", head + "# caf\xe9 " + canary, consent.ManifestMalformed, "5:6: not UTF-8"},
		{"deep", head + "people: " + strings.Repeat("[", 16) + strings.Repeat("]", 16), consent.ManifestMalformed, "nested too deep"},
		{"documents", head + "---\n" + canary + ": 1\n", consent.ManifestMalformed, "more than one document"},
		{"key list", head + "? [" + canary + "]\n: 1\n", consent.ManifestMalformed, "key is not a scalar"},
		{"not YAML", head + "people: {" + canary + "\n", consent.ManifestMalformed, "not YAML"},
		{"version", "format: mediaveil-consent/12\n" + canary + ": 1\n", consent.ManifestVersion, "1:9: format: a version"},
		{"field", head + "peple: []\n", consent.ManifestSchema, "5:1: unknown field: did you mean `people`?"},
		{"unknown field", head + canary + ": []\n", consent.ManifestSchema, "5:1: unknown field"},
		{"word", strings.Replace(full, "[website]", "[web-site]", 1), consent.ManifestSchema, "did you mean `website`?"},
		{"word in list", strings.Replace(full, "[purpose,", "[purposes,", 1), consent.ManifestSchema, "16:10: consents[0].told[0]: must be one of"},
		{"missing", strings.Replace(full, "  notice: n-1\n", "", 1), consent.ManifestSchema, "10:3: consents[0]: field `notice` is missing"},
		{"date", strings.Replace(full, "2027-01-01", "2027-13-01", 1), consent.ManifestSchema, "is not a date"},
		{"number", strings.Replace(full, "sequence: 1", "sequence: 0", 1), consent.ManifestSchema, "3:11: sequence: is out of range"},
		{"nobody", strings.Replace(full, "people: [p-1]", "people: [p-9]", 1), consent.ManifestSemantics, "31:12: media[0].people[0]: nobody"},
		{"zone", strings.Replace(full, "Africa/Nairobi", "Africa/Zanzibar", 1), consent.ManifestSemantics, "5:11: timezone: is not a zone"},
		{"country", strings.Replace(full, "[NO, KE]", "[NO, ZZ]", 1), consent.ManifestSemantics, "consents[0].territories[1]: is not a country code"},
		{"path", strings.Replace(full, "a/b", "a/../"+canary, 1), consent.ManifestSemantics, "29:19: media[0].match.folder: has an empty"},
	} {
		_, err := consent.Read(strings.NewReader(tc.text), consent.YAML)
		var e *consent.Error
		if !errors.As(err, &e) || e.Code != tc.code {
			t.Errorf("%s: got %v, want %v", tc.name, err, tc.code)
			continue
		}
		if !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %q, want %q", tc.name, err, tc.want)
		}
		for _, f := range e.Faults {
			if strings.Contains(strings.ToLower(f.String()), canary) {
				t.Errorf("%s: quotes the file: %s", tc.name, f)
			}
		}
	}
}

func TestReadJSON(t *testing.T) {
	const good = `{"format":"mediaveil-consent/1","manifest":"a","sequence":1.0,"issued_at":"2026-01-01T00:00:00Z"}`
	m, err := consent.Read(strings.NewReader("\ufeff"+good), consent.JSON)
	if err != nil || m.Sequence != 1 {
		t.Fatal(m, err)
	}
	for text, want := range map[string]string{
		`{"a":1,` + "\n" + ` "a":2}`:     "2:2: repeated key",
		`{"a":1,"\u0061":2}`:             "1:8: repeated key",
		good + "x":                       "not JSON",
		`{"a":01}`:                       "not JSON",
		`[` + strings.Repeat("[", 20000): "not JSON",
		strings.Repeat("[", 17) + strings.Repeat("]", 17): "1:17: nested too deep",
		`["` + "\x01" + `"]`:                              "control character",
		`{"a":` + "\n" + `"é", "b" "c"}`:                  "2:10: not JSON",
	} {
		if _, err := consent.Read(strings.NewReader(text), consent.JSON); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: got %v, want %s", text, err, want)
		}
	}
}

// hostile are inputs that make careless readers slow or large.
var hostile = map[string]string{
	"brackets":      strings.Repeat("[", 1<<20),
	"dashes":        strings.Repeat("- ", 1<<19),
	"questions":     strings.Repeat("? ", 1<<19),
	"braces":        strings.Repeat("{a: ", 1<<18),
	"one key":       strings.Repeat("a", 4<<20-2) + ": ",
	"many keys":     manyKeys(50000),
	"colons":        strings.Repeat(":\n", 1<<18),
	"comments":      strings.Repeat("#\n", 1<<19),
	"quote":         `"` + strings.Repeat("\n", 4<<20-2) + `"`,
	"flow list":     "[" + strings.Repeat("a,", 1<<18) + "]",
	"literal":       "a: |\n" + strings.Repeat(" x\n", 1<<18),
	"long comments": strings.Repeat("a: 1 # x\n# y\n", 50000),
	"laughs":        "a: &a [x]\n" + strings.Repeat("b: &b [*a,*a,*a]\n", 20000),
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("k")
		b.WriteString(strings.Repeat("0", i%7))
		b.WriteByte(byte('a' + i%26))
		b.WriteString(": 1\n")
	}
	return b.String()
}

func TestHostileInputIsRefused(t *testing.T) {
	for name, text := range hostile {
		for _, syntax := range []consent.Syntax{consent.YAML, consent.JSON} {
			if _, err := consent.Read(strings.NewReader(text), syntax); err == nil {
				t.Errorf("%s: accepted", name)
			}
		}
	}
}

// TestExample reads the example that comes with the format.
func TestExample(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(shared(t, "consent"), "manifest.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := consent.Read(bytes.NewReader(data), consent.YAML)
	if err != nil || len(m.Consents) != 3 || len(m.Media) != 4 {
		t.Fatal(m, err)
	}
}

// TestSchemaIsTheNormativeOne compares the embedded schema with the one of the format.
func TestSchemaIsTheNormativeOne(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(shared(t, "consent"), "manifest.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, consent.Schema()) {
		t.Error("the embedded schema differs from the normative one")
	}
}

// shared returns a folder of shared material, found beside the checkout.
func shared(t *testing.T, elements ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		name := filepath.Join(append([]string{filepath.Dir(dir), "shared"}, elements...)...)
		if _, err := os.Stat(name); err == nil {
			return name
		}
	}
	t.Skip("no shared folder beside the checkout")
	return ""
}
