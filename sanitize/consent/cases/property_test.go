package cases_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/consent"
	"github.com/mediaveil/mediaveil/sanitize/consent/cases"
)

type object = map[string]any

// load returns the cases as JSON values, to be changed.
func load(t *testing.T) []object {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Cases []object }
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(doc.Cases, func(c object) bool { // megabytes of text, many times over
		return slices.ContainsFunc(list(c, "manifests"), func(m any) bool { return m.(object)["generate"] != nil })
	})
}

func decide(t *testing.T, c object) consent.Decision {
	t.Helper()
	data, err := json.Marshal(object{"format": "mediaveil-consent-cases/1", "cases": []any{c}})
	if err != nil {
		t.Fatal(err)
	}
	list, err := cases.Read(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return list[0].Run().Decision
}

func clone(t *testing.T, c object) object {
	t.Helper()
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var out object
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func list(o object, key string) []any { l, _ := o[key].([]any); return l }

// docs returns the manifests of a case that are given as values.
func docs(c object) []object {
	var out []object
	for _, m := range list(c, "manifests") {
		if d, ok := m.(object)["doc"].(object); ok {
			out = append(out, d)
		}
	}
	return out
}

// remembered adds to the state what an audit log would know of the case as it stands.
func remembered(c object) {
	state, _ := c["state"].(object)
	if state == nil {
		state = object{}
		c["state"] = state
	}
	sequences, _ := state["sequences"].(object)
	if sequences == nil {
		sequences = object{}
		state["sequences"] = sequences
	}
	seen := list(state, "withdrawals_seen")
	for _, m := range list(c, "manifests") {
		d, ok := m.(object)["doc"].(object)
		if !ok {
			continue
		}
		seen = append(seen, list(d, "withdrawals")...)
		name, _ := d["manifest"].(string)
		n, _ := d["sequence"].(float64)
		if old, _ := sequences[name].(float64); trusted(m.(object)) && n > old {
			sequences[name] = n
		}
	}
	state["withdrawals_seen"] = seen
}

func trusted(m object) bool {
	ok := false
	for _, s := range list(m, "signatures") {
		sig := s.(object)
		ok = ok || sig["state"] == "valid" && (sig["role"] == "consent-officer" || sig["role"] == "safeguarding")
		if sig["state"] == "bad" {
			return false
		}
	}
	return ok
}

// shrink lists ways to take something away that speaks for publishing: each returns copies
// of the case with one such thing gone.
func shrink(t *testing.T, c object) map[string]object {
	out := map[string]object{}
	try := func(name string, change func(object) bool) {
		copied := clone(t, c)
		if change(copied) {
			out[name] = copied
		}
	}
	for i, m := range list(c, "manifests") {
		try(fmt.Sprintf("manifest %d gone", i), func(c object) bool {
			c["manifests"] = slices.Delete(list(c, "manifests"), i, i+1)
			// The audit log remembers trusted names and all withdrawals. It cannot remember an
			// unsigned refusal, nor which of two contents a sequence number had.
			return trusted(m.(object)) && !twins(c, m.(object))
		})
		for j, s := range list(m.(object), "signatures") {
			if s.(object)["state"] != "valid" {
				continue
			}
			try(fmt.Sprintf("manifest %d signature %d gone", i, j), func(c object) bool {
				m := list(c, "manifests")[i].(object)
				m["signatures"] = slices.Delete(list(m, "signatures"), j, j+1)
				return true
			})
		}
	}
	for i, d := range docs(c) {
		for j := range list(d, "consents") {
			shrinkConsent(i, j, try)
		}
		try(fmt.Sprintf("doc %d, all consents gone", i), func(c object) bool {
			docs(c)[i]["consents"] = []any{}
			return !has(list(d, "consents"), "status", "refused")
		})
		try(fmt.Sprintf("doc %d, all media gone", i), func(c object) bool {
			// Another manifest may clear the medium: what this one said is then a lost objection,
			// and only its absence from the audit log could tell.
			docs(c)[i]["media"] = []any{}
			return len(docs(c)) == 1
		})
	}
	try("treatments gone", func(c object) bool { c["request"].(object)["applied"] = []any{}; return true })
	try("review gone", func(c object) bool { delete(c, "review"); return true })
	return out
}

// twins reports whether c still holds another manifest of the same name and sequence.
func twins(c, m object) bool {
	d, _ := m["doc"].(object)
	return slices.ContainsFunc(docs(c), func(o object) bool {
		return o["manifest"] == d["manifest"] && o["sequence"] == d["sequence"]
	})
}

func has(items []any, key, value string) bool {
	return slices.ContainsFunc(items, func(o any) bool { return o.(object)[key] == value })
}

func shrinkConsent(i, j int, try func(string, func(object) bool)) {
	at := func(c object) object { return list(docs(c)[i], "consents")[j].(object) }
	for _, field := range []string{"evidence", "witness", "told"} {
		try(fmt.Sprintf("doc %d consent %d without %s", i, j, field), func(c object) bool {
			_, ok := at(c)[field]
			delete(at(c), field)
			return ok
		})
	}
	for _, field := range []string{"told", "purposes", "channels", "territories"} {
		try(fmt.Sprintf("doc %d consent %d with less in %s", i, j, field), func(c object) bool {
			items := list(at(c), field)
			if len(items) > 1 {
				at(c)[field] = items[:len(items)-1]
			}
			return len(items) > 1
		})
	}
	try(fmt.Sprintf("doc %d consent %d without a caregiver's yes", i, j), func(c object) bool {
		g, _ := at(c)["caregiver"].(object)
		delete(at(c), "caregiver")
		return g["answer"] == "agreed"
	})
	try(fmt.Sprintf("doc %d consent %d, a caregiver nobody checked", i, j), func(c object) bool {
		g, _ := at(c)["caregiver"].(object)
		delete(g, "authority")
		return g != nil
	})
}

// TestLessNeverClears takes evidence, signatures, records and treatments away from every
// case, with an audit log that remembers: what was not clear never becomes clear.
func TestLessNeverClears(t *testing.T) {
	tried := 0
	for _, c := range load(t) {
		remembered(c)
		before := decide(t, c)
		if before.Verdict == consent.Clear {
			continue
		}
		for name, less := range shrink(t, c) {
			tried++
			if after := decide(t, less); after.Verdict == consent.Clear {
				t.Errorf("%v %v: %v became clear with %s", c["id"], c["title"], before.Reasons, name)
			}
		}
	}
	if tried < 500 {
		t.Errorf("only %d ways tried", tried)
	}
}

// TestClearNeedsItsGrounds: nobody listed is shown without a signature, evidence, an answer
// and what had to be told; and one withdrawal, from anywhere, is enough to refuse.
func TestClearNeedsItsGrounds(t *testing.T) {
	clears := 0
	for _, c := range load(t) {
		if d := decide(t, c); d.Verdict != consent.Clear || d.Reason == consent.ClearNoPeople || len(docs(c)) != 1 {
			continue
		}
		clears++
		folder := c["policy"] != nil && c["policy"].(object)["trust"] == "folder"
		for name, change := range map[string]func(object){
			"signatures": func(c object) {
				if folder {
					delete(c, "policy")
				}
				list(c, "manifests")[0].(object)["signatures"] = []any{}
			},
			"manifests": func(c object) { c["manifests"] = []any{} },
			"consents":  func(c object) { docs(c)[0]["consents"] = []any{} },
			"evidence":  func(c object) { each(docs(c)[0], func(o object) { delete(o, "evidence") }) },
			"told":      func(c object) { each(docs(c)[0], func(o object) { delete(o, "told") }) },
			"purposes":  func(c object) { c["request"].(object)["purpose"] = "x-another" },
			"channels":  func(c object) { c["request"].(object)["channel"] = "x-another" },
		} {
			less := clone(t, c)
			change(less)
			if d := decide(t, less); d.Verdict == consent.Clear {
				t.Errorf("%v %v: clear without %s", c["id"], c["title"], name)
			}
		}
		more := clone(t, c)
		note := object{"format": "mediaveil-consent/1", "manifest": "note", "sequence": 1, "issued_at": "2026-01-01T00:00:00Z",
			"withdrawals": []any{object{"id": "w-1", "sha256": c["media"].(object)["sha256"], "on": "2026-01-01"}}}
		more["manifests"] = append(list(more, "manifests"), object{"doc": note})
		if d := decide(t, more); d.Reason != consent.Withdrawn {
			t.Errorf("%v: an unsigned withdrawal gives %v", c["id"], d.Reasons)
		}
	}
	if clears < 35 {
		t.Errorf("only %d clear cases", clears)
	}
}

func each(doc object, change func(object)) {
	for _, c := range list(doc, "consents") {
		change(c.(object))
	}
}

// TestAFailingManifestHoldsAll adds a manifest that cannot be read to every case.
func TestAFailingManifestHoldsAll(t *testing.T) {
	for _, c := range load(t) {
		more := clone(t, c)
		more["manifests"] = append(list(more, "manifests"), object{"text": "{", "syntax": "yaml"})
		if d := decide(t, more); d.Verdict == consent.Clear {
			t.Errorf("%v %v: clear beside a manifest that cannot be read", c["id"], c["title"])
		}
	}
}

// TestOrderDoesNotMatter reverses the manifests of every case.
func TestOrderDoesNotMatter(t *testing.T) {
	for _, c := range load(t) {
		turned := clone(t, c)
		slices.Reverse(list(turned, "manifests"))
		if a, b := decide(t, c), decide(t, turned); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%v %v: %v, turned round %v", c["id"], c["title"], a, b)
		}
	}
}
