package consent_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

// large writes one of 200 manifests that hold 500 media and 50 people each.
func large(number int, syntax consent.Syntax) []byte {
	var b strings.Builder
	if syntax == consent.JSON {
		return largeJSON(number)
	}
	fmt.Fprintf(&b, "format: mediaveil-consent/1\nmanifest: m%d\nsequence: 1\nissued_at: 2026-01-01T00:00:00Z\npeople:\n", number)
	for i := range 50 {
		fmt.Fprintf(&b, "- id: p-%d\n  age: adult\n", i)
	}
	b.WriteString("consents:\n")
	for i := range 50 {
		fmt.Fprintf(&b, "- id: c-%dx%d\n  person: p-%d\n  status: granted\n  given_on: 2026-01-01\n  self: {answer: agreed}\n  told: [purpose, withdrawal, aid-not-affected]\n  notice: n-1\n  language: en\n  method: written\n  recorded_by: s-1\n  evidence: {ref: b-1}\n  purposes: [awareness]\n  channels: [website]\n  territories: [worldwide]\n  valid_until: 2027-01-01\n", number, i, i)
	}
	b.WriteString("media:\n")
	for i := range 500 {
		fmt.Fprintf(&b, "- id: m-%d\n  match: {sha256: [\"%s\"]}\n  kind: photo\n  people: [p-1]\n  others: none\n  declared_by: s-1\n", i, sum(number, i))
	}
	return []byte(b.String())
}

func sum(number, i int) string { return fmt.Sprintf("%060d%04x", number, i) }

func largeJSON(number int) []byte {
	var people, consents, media []string
	for i := range 50 {
		people = append(people, fmt.Sprintf(`{"id":"p-%d","age":"adult"}`, i))
		consents = append(consents, fmt.Sprintf(`{"id":"c-%dx%d","person":"p-%d","status":"granted","given_on":"2026-01-01",`+
			`"self":{"answer":"agreed"},"told":["purpose","withdrawal","aid-not-affected"],"notice":"n-1","language":"en",`+
			`"method":"written","recorded_by":"s-1","evidence":{"ref":"b-1"},"purposes":["awareness"],"channels":["website"],`+
			`"territories":["worldwide"],"valid_until":"2027-01-01"}`, number, i, i))
	}
	for i := range 500 {
		media = append(media, fmt.Sprintf(`{"id":"m-%d","match":{"sha256":["%s"]},"kind":"photo","people":["p-1"],"others":"none","declared_by":"s-1"}`,
			i, sum(number, i)))
	}
	return fmt.Appendf(nil, `{"format":"mediaveil-consent/1","manifest":"m%d","sequence":1,"issued_at":"2026-01-01T00:00:00Z",`+
		`"people":[%s],"consents":[%s],"media":[%s]}`, number, strings.Join(people, ","), strings.Join(consents, ","), strings.Join(media, ","))
}

func load(tb testing.TB, files [][]byte, syntax consent.Syntax) *consent.Register {
	tb.Helper()
	found := make([]consent.Found, len(files))
	for i, data := range files {
		m, err := consent.Read(bytes.NewReader(data), syntax)
		if err != nil {
			tb.Fatal(err)
		}
		found[i] = consent.Found{Manifest: m, Signatures: []consent.Signature{{State: consent.StateValid, Role: consent.ConsentOfficer}}}
	}
	return consent.NewRegister(found, consent.Options{})
}

func question(number, i int) consent.Query {
	return consent.Query{
		Request: consent.Request{Purpose: "awareness", Channel: "website", At: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)},
		Medium:  consent.Medium{SHA256: sum(number, i), Path: "a/b/c.jpg", Kind: "photo"},
	}
}

// BenchmarkLoad reads 100,000 media entries in 200 manifests; one round is one load.
func BenchmarkLoad(b *testing.B) {
	for name, syntax := range map[string]consent.Syntax{"yaml": consent.YAML, "json": consent.JSON} {
		files := make([][]byte, 200)
		for i := range files {
			files[i] = large(i, syntax)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				load(b, files, syntax)
			}
		})
	}
}

// BenchmarkDecide asks the same register.
func BenchmarkDecide(b *testing.B) {
	files := make([][]byte, 200)
	for i := range files {
		files[i] = large(i, consent.JSON)
	}
	reg := load(b, files, consent.JSON)
	if d := reg.Decide(question(150, 77)); d.Verdict != consent.Clear {
		b.Fatal(d)
	}
	b.ReportAllocs()
	for b.Loop() {
		reg.Decide(question(150, 77))
	}
}
