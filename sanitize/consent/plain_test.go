package consent

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sameTree compares two trees, places included.
func sameTree(a, b *node) bool {
	if a.kind != b.kind || a.text != b.text || a.line != b.line || a.col != b.col || len(a.kids) != len(b.kids) {
		return false
	}
	for i := range a.kids {
		if !sameTree(&a.kids[i], &b.kids[i]) {
			return false
		}
	}
	return true
}

var plainSeeds = []string{
	"a: 1\nb:\n- c: d\n  e: [f, {g: h}]\n- i: \"j k\" # l\nm:\n    n: o\n",
	"a:\n  - b\n  - c\nd: x:y\ne: 2026-01-01T00:00:00Z\n",
	"a: {b: c, d: [e,f]}\n", "a: [b ]\n", "- a\n- b: c\n  d: e\n", "a: true\nb: 01\nc: null\nd: ~\n",
	"a: b\n  c\n", "a: b\n c: d\n", "a:\n- b\n - c\n", "a: [b:c]\n", "a: {b:c}\n", "a: b #c\n", "a: b#c\n", "a:\nb: c\n",
	"a: 'b' c\n", "a: \"b\"c\n", "a: 'it''s'\n", "a: [b, ]\n", "a: b: c\n", "-  a: b\n   c: d\n", "a: [\"b\":c]\n", "a:\n# c\n  b: c\n",
	"a: b\na: c\n", "a:   \n  b: c\n", "a: [b] c\n", "a: {b: }\n", "a: {b: c, b: d}\n", "a: - b\n", "- - a\n", "a:\n- b: c\n- d\n",
	"a: 1:2\n", "a: [1:2, b/c]\n", "a: b/\n", "a: b-\n", "a: +1\n", "a: 1+\n", "a: [b+]\n", "a: http://b\n", "? a\n: b\n",
}

// FuzzPlain: what the plain reader accepts, the YAML library reads in the same way.
func FuzzPlain(f *testing.F) {
	for _, s := range plainSeeds {
		f.Add(s)
	}
	const start = "format: mediaveil-consent/1\nmanifest: a\nsequence: 1\nissued_at: 2026-01-01T00:00:00Z\n"
	f.Add(start + "people: [{id: p-1, age: adult}, {id: p-2, age: adult}]\nwithdrawals: [{id: w-1, person: p-1, on: 2026-01-01}]\n")
	f.Add(start + "media: [{id: m-1, match: {path: a}, kind: photo, people: [p-1, p-2], others: none, declared_by: s-1}, {id: m-2, match: {path: a}, kind: photo, people: [p-1, p-1], others: none, declared_by: s-1}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		if checkText([]byte(text), YAML) != nil {
			return
		}
		fast, ok := readPlain([]byte(text))
		if !ok {
			return
		}
		slow, err := readAnyYAML([]byte(text))
		if err != nil {
			t.Fatalf("the library refuses it: %v", err)
		}
		if !sameTree(fast, slow) {
			t.Fatalf("%+v\n%+v", fast, slow)
		}
		s, err := schema()
		if err != nil {
			t.Fatal(err)
		}
		if full, part := s.Validate(fast.any()), s.Validate(pruned(fast).any()); (full == nil) != (part == nil) {
			t.Fatalf("%v, pruned %v", full, part)
		}
	})
}

// TestPlainTakesManifests holds the plain reader to what it is there for.
func TestPlainTakesManifests(t *testing.T) {
	example := filepath.Join("..", "..", "..", "shared", "consent", "manifest.example.yaml")
	texts := map[string]string{"draft": string(Draft("a", dayOne, []DraftMedium{{strings.Repeat("a", 64), "photo"}}))}
	if data, err := os.ReadFile(example); err == nil {
		texts["example"] = string(data)
	}
	for name, text := range texts {
		fast, ok := readPlain([]byte(text))
		slow, err := readAnyYAML([]byte(text))
		if !ok || err != nil || !sameTree(fast, slow) {
			t.Errorf("%s: %v %v", name, ok, err)
		}
	}
}

// TestPrunedJudgesAlike: leaving out entries of the same shape never changes what the schema
// says.
func TestPrunedJudgesAlike(t *testing.T) {
	s, err := schema()
	if err != nil {
		t.Fatal(err)
	}
	for _, entries := range []string{
		"people: [{id: p-1, age: adult}, {id: p-2, age: adult}, {id: p-x, age: adult}]",
		"people: [{id: p-1, age: adult}, {id: c-2, age: adult}]",
		"people: [{id: p-1, age: 6-12, age_on: 2026-01-01}, {id: p-1, age: 6-12, age_on: 2026-01-32}]",
		"withdrawals: [{id: w-1, person: p-1, on: 2026-01-01}, {id: w-2, person: p-2, on: 2026-01-02}]",
		"media: [{id: m-1, match: {path: a}, kind: photo, people: [p-1, p-2], others: none, declared_by: s-1}, {id: m-1, match: {path: a}, kind: photo, people: [p-1, p-1], others: none, declared_by: s-1}]",
		"media: [{id: m-1, match: {path: a}, kind: photo, people: [p-1, p-2, p-3], others: none, declared_by: s-1}, {id: m-1, match: {path: a}, kind: photo, people: [p-4, p-5, p-4], others: none, declared_by: s-1}]",
		"people: [{id: p-1" + strings.Repeat("1", 40) + ", age: adult}]",
		"people: [{id: p-1, age: adult, x: 1}, {id: p-2, age: adult}]",
	} {
		root, err := readYAML([]byte("format: mediaveil-consent/1\nmanifest: a\nsequence: 1\nissued_at: 2026-01-01T00:00:00Z\n" + entries + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		full, part := s.Validate(root.any()), s.Validate(pruned(root).any())
		if (full == nil) != (part == nil) {
			t.Errorf("%s: %v, pruned %v", entries, full, part)
		}
	}
}

// TestFastPatterns holds the patterns that are matched by hand to the regular expressions.
func TestFastPatterns(t *testing.T) {
	for text, fast := range fastPatterns {
		slow, err := compilePattern(text + "(?:)")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{"", "p-", "p-1", "p-a", "p-a1", "p-A1", "p-1\n", "p-1 ", "c-1", "m-0a", "w-9", "s-x9x", "p1", "-1",
			strings.Repeat("a", 64), strings.Repeat("g", 64), strings.Repeat("A", 64), strings.Repeat("0", 63), strings.Repeat("0", 65), "p-é1"} {
			if fast(s) != slow.MatchString(s) {
				t.Errorf("%s on %q: %v by hand", text, s, fast(s))
			}
		}
	}
}

// TestCodesAreThoseOfTheFormat reads section 10 and compares order, decision and release.
func TestCodesAreThoseOfTheFormat(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "consent", "FORMAT.md"))
	if err != nil {
		t.Skip("no shared folder beside the checkout")
	}
	_, section, _ := strings.Cut(string(data), "## 10. Reason codes")
	section, _, _ = strings.Cut(section, "## 11.")
	next := noCode + 1
	for line := range strings.SplitSeq(section, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 5 || !strings.Contains(cells[1], "`") {
			continue
		}
		verdict, by := strings.TrimSpace(cells[2]), strings.TrimSpace(cells[3])
		for name := range strings.FieldsSeq(strings.ReplaceAll(cells[1], "`", " ")) {
			if name == "code" {
				continue
			}
			if next.String() != name || next.Verdict().String() != verdict ||
				next.ReleasedBy(Safeguarding) != (by != "nobody") || next.ReleasedBy(Reviewer) != strings.Contains(by, "reviewer") {
				t.Errorf("%s: here %v, %v", name, next, next.Verdict())
			}
			next++
		}
	}
	if next != ClearReviewed {
		t.Errorf("%d codes in the format, %d here", next-1, ClearReviewed-1)
	}
}
