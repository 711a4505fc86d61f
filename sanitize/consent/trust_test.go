package consent_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"aead.dev/minisign"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// A keyPair is one for tests; its public part is one line.
type keyPair struct {
	public  string
	private []byte
}

func newKey(t *testing.T) keyPair {
	t.Helper()
	public, private, err := consent.GenerateKey(rand.Reader, "")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(public)), "\n")
	return keyPair{lines[len(lines)-1], private}
}

func (k keyPair) sign(t *testing.T, data string) []byte {
	t.Helper()
	sig, err := consent.Sign(k.private, "", []byte(data), noon)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

func trust(t *testing.T, entries string, args ...any) *consent.Trust {
	t.Helper()
	tr, err := consent.ReadTrust(strings.NewReader(fmt.Sprintf("format: mediaveil-trust/1\nkeys:\n"+entries, args...)))
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestVerify(t *testing.T) {
	k, other := newKey(t), newKey(t)
	const data = "some bytes\n"
	var legacy minisign.PrivateKey
	if err := legacy.UnmarshalText(k.private); err != nil {
		t.Fatal(err)
	}
	good := k.sign(t, data)
	for name, tc := range map[string]struct {
		entry string
		data  string
		sig   []byte
		want  consent.KeyState
	}{
		"valid":                    {"", data, good, consent.StateValid},
		"other bytes":              {"", data + " ", good, consent.StateBad},
		"not a signature":          {"", data, []byte("hello"), consent.StateBad},
		"unhashed":                 {"", data, minisign.Sign(legacy, []byte(data)), consent.StateBad},
		"unknown key":              {"", data, other.sign(t, data), consent.StateUnknownKey},
		"revoked":                  {"  revoked_on: 2026-05-01\n", data, good, consent.StateRevokedKey},
		"revoked from a day ahead": {"  revoked_on: 2027-05-01\n", data, good, consent.StateRevokedKey},
		"revoked, altered":         {"  revoked_on: 2026-05-01\n", "x", good, consent.StateBad},
		"last day":                 {"  until: 2026-06-01\n", data, good, consent.StateValid},
		"day after":                {"  until: 2026-05-31\n", data, good, consent.StateExpiredKey},
		"too early":                {"  from: 2026-06-02\n", data, good, consent.StateExpiredKey},
		"in scope":                 {"  manifests: [\"v-*\", visit-*]\n", data, good, consent.StateValid},
		"out of scope":             {"  manifests: [other-*]\n", data, good, consent.StateOutOfScope},
		"out of scope, too late":   {"  manifests: [other-*]\n  until: 2026-01-01\n", data, good, consent.StateOutOfScope},
	} {
		tr := trust(t, "- key: k-1\n  minisign: %s\n  role: consent-officer\n%s", k.public, tc.entry)
		if got := tr.Verify("visit-1", []byte(tc.data), tc.sig, noon); got.State != tc.want {
			t.Errorf("%s: got %v, want %v", name, got.State, tc.want)
		}
	}
	var nobody *consent.Trust
	if got := nobody.Verify("visit-1", []byte(data), good, noon); got.State != consent.StateUnknownKey {
		t.Errorf("without a trust file: %v", got.State)
	}
}

func TestTrustFileIsStrict(t *testing.T) {
	k := newKey(t)
	entry := "- key: k-1\n  minisign: " + k.public + "\n  role: consent-officer\n"
	const form = "format: mediaveil-trust/1\nkeys:\n"
	for name, text := range map[string]string{
		"other format":   "format: mediaveil-trust/2\nkeys:\n" + entry,
		"unknown field":  form + entry + "  email: a\n",
		"at the top":     form + entry + "more: 1\n",
		"unknown role":   form + strings.Replace(entry, "consent-officer", "admin", 1),
		"wrong key":      form + strings.Replace(entry, k.public, "RWQ", 1),
		"id twice":       form + entry + strings.Replace(entry, k.public, newKey(t).public, 1),
		"key twice":      form + entry + strings.Replace(entry, "k-1", "k-2", 1),
		"wrong day":      form + entry + "  until: soon\n",
		"empty scope":    form + entry + "  manifests: []\n",
		"repeated field": form + entry + "  role: safeguarding\n",
		"nothing":        "",
	} {
		if _, err := consent.ReadTrust(strings.NewReader(text)); !errors.Is(err, consent.ErrTrust) {
			t.Errorf("%s: got %v", name, err)
		} else if strings.Contains(err.Error(), "RWQ") {
			t.Errorf("%s: quotes the file", name)
		}
	}
}

// TestLoader finds manifests at any depth, with their signatures, and overlooks nothing that
// might hold a withdrawal.
func TestLoader(t *testing.T) {
	k, second := newKey(t), newKey(t)
	tr := trust(t, "- {key: k-1, minisign: %s, role: consent-officer}\n- {key: k-2, minisign: %s, role: safeguarding}\n", k.public, second.public)
	signed := func(data string, keys ...keyPair) (out [][]byte) {
		for _, key := range keys {
			out = append(out, key.sign(t, data))
		}
		return out
	}
	sigs := signed(full, k, second)
	fsys := fstest.MapFS{
		"a.consent.yaml":           {Data: []byte(full)},
		"a.consent.yaml.minisig":   {Data: sigs[0]},
		"a.consent.yaml.7.minisig": {Data: sigs[1]},
		"deep/er/B.CONSENT.YML":    {Data: []byte(strings.Replace(full, "manifest: a", "manifest: b", 1))},
		"c.consent.yaml.age":       {Data: []byte("age-encryption.org/v1")},
		"d.consent.json":           {Data: []byte("{")},
		"d.consent.json.minisig":   {Data: []byte("x")},
		"notes.yaml":               {Data: []byte("nothing")},
	}
	byName := map[string]consent.Found{}
	for _, f := range (consent.Loader{Trust: tr, At: noon}).Load(fsys) {
		byName[f.Name] = f
	}
	if len(byName) != 4 {
		t.Fatalf("found %v", byName)
	}
	if a := byName["a.consent.yaml"]; len(a.Signatures) != 2 || a.Signatures[1].Role != consent.Safeguarding {
		t.Errorf("%+v", a.Signatures)
	}
	for name, want := range map[string]consent.Code{
		"a.consent.yaml": 0, "deep/er/B.CONSENT.YML": consent.SignatureMissing,
		"c.consent.yaml.age": consent.ManifestMalformed, "d.consent.json": consent.ManifestMalformed,
	} {
		f := byName[name]
		if got, _ := f.Problem(false); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	open := consent.Loader{Trust: tr, At: noon, Decrypt: func([]byte) ([]byte, error) { return []byte(full), nil }}
	if f := open.LoadFile(fsys, "c.consent.yaml.age"); f.Err != nil || f.Manifest.Name != "a" {
		t.Errorf("decrypted: %v", f.Err)
	}
	if f := open.LoadFile(fsys, "gone.consent.yaml"); f.Err == nil {
		t.Error("a file that is not there was read")
	}
}

func TestReadReview(t *testing.T) {
	k := newKey(t)
	tr := trust(t, "- {key: k-1, minisign: %s, role: safeguarding}\n", k.public)
	text := "format: mediaveil-review/1\nsha256: " + strings.Repeat("a", 64) + "\nby: s-7\nrole: safeguarding\nat: 2026-05-30T00:00:00Z\nrelease: [PILLARS]\n"
	r, err := consent.ReadReview([]byte(text), [][]byte{k.sign(t, text)}, tr, noon)
	if err != nil || r.Signatures[0].State != consent.StateValid || r.Release[0] != consent.Pillars {
		t.Fatal(r, err)
	}
	for _, change := range [][2]string{{"PILLARS", "ALL"}, {"by: s-7", "by: anna"}, {"review/1", "review/2"}, {"role:", "rank:"}, {"00Z", "00"}} {
		if _, err := consent.ReadReview([]byte(strings.Replace(text, change[0], change[1], 1)), nil, tr, noon); err == nil {
			t.Errorf("%s was taken", change[1])
		}
	}
}

// TestZeroValuesClearNothing: whoever forgets something gets no.
func TestZeroValuesClearNothing(t *testing.T) {
	m, err := consent.Read(strings.NewReader(full), consent.YAML)
	if err != nil {
		t.Fatal(err)
	}
	good := consent.Query{
		Request: consent.Request{Purpose: "awareness", Channel: "website", At: noon},
		Medium:  consent.Medium{SHA256: strings.Repeat("a", 64), Path: "a/b/c.jpg", Kind: "photo"},
	}
	var d consent.Decision
	if d.Verdict != consent.Refuse || d.Reason.Verdict() != consent.Refuse {
		t.Error("the zero Decision does not refuse")
	}
	registers := map[string]*consent.Register{
		"zero":           new(consent.Register),
		"empty":          consent.NewRegister(nil, consent.Options{}),
		"empty found":    consent.NewRegister(make([]consent.Found, 1), consent.Options{TrustFolder: true}),
		"unsigned":       consent.NewRegister([]consent.Found{{Manifest: m}}, consent.Options{}),
		"zero signature": consent.NewRegister([]consent.Found{{Manifest: m, Signatures: make([]consent.Signature, 2)}}, consent.Options{}),
		"zero manifest":  consent.NewRegister([]consent.Found{{Manifest: new(consent.Manifest)}}, consent.Options{TrustFolder: true}),
	}
	for name, reg := range registers {
		for _, q := range []consent.Query{{}, good} {
			if d := reg.Decide(q); d.Verdict == consent.Clear {
				t.Errorf("%s: %v", name, d.Reasons)
			}
		}
	}
	folder := consent.NewRegister([]consent.Found{{Manifest: m}}, consent.Options{TrustFolder: true})
	if d := folder.Decide(good); len(d.Notes) != 1 || d.Notes[0] != consent.NoteTrustFolder {
		t.Errorf("no note that the decision rests on a folder: %v", d.Notes)
	}
	if d := folder.Decide(consent.Query{}); d.Reason != consent.RequestInvalid || len(d.Notes) != 1 {
		t.Errorf("%v", d)
	}
}

func ExampleRegister_Decide() {
	m, err := consent.Read(strings.NewReader(full), consent.YAML)
	if err != nil {
		fmt.Println(err)
		return
	}
	reg := consent.NewRegister([]consent.Found{{Manifest: m}}, consent.Options{}) // nobody signed it
	d := reg.Decide(consent.Query{
		Request: consent.Request{Purpose: "awareness", Channel: "website", At: noon},
		Medium:  consent.Medium{SHA256: strings.Repeat("a", 64), Path: "a/b/c.jpg", Kind: "photo"},
	})
	fmt.Println(d.Verdict, d.Reasons)
	// Output: hold [SIGNATURE_MISSING]
}

func ExampleRead() {
	_, err := consent.Read(bytes.NewReader([]byte("format: mediaveil-consent/1\nmanifets: a\nsequence: 1\nissued_at: 2026-01-01T00:00:00Z\n")), consent.YAML)
	fmt.Println(err)
	// Output: consent: MANIFEST_SCHEMA: 1:1: field `manifest` is missing (and 1 more)
}
