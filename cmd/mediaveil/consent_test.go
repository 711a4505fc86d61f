package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

// mkTrust FILE NAME=ROLE... writes a trust file for the keys NAME.pub.
func mkTrust(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: mktrust FILE NAME=ROLE...")
	}
	text := "format: mediaveil-trust/1\nkeys:\n"
	for _, arg := range args[1:] {
		name, role, _ := strings.Cut(arg, "=")
		lines := strings.Split(strings.TrimSpace(ts.ReadFile(name+".pub")), "\n")
		text += fmt.Sprintf("- key: %s\n  minisign: %s\n  role: %s\n", name, lines[len(lines)-1], role)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// Every code is put into words, and every one that stops something says what to do.
func TestConsentWords(t *testing.T) {
	for _, code := range consent.Codes() {
		w := consentWords[code]
		if w.means == "" || (w.todo == "") != (code.Verdict() == consent.Clear) {
			t.Errorf("%v: %+v", code, w)
		}
	}
	if len(consentWords) != len(consent.Codes()) {
		t.Errorf("words for %d of %d codes", len(consentWords), len(consent.Codes()))
	}
}

// An encrypted manifest counts once its identity is given, and holds everything until then.
func TestEncryptedManifest(t *testing.T) {
	dir := t.TempDir()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, "format: mediaveil-consent/1\nmanifest: a\nsequence: 1\nissued_at: 2026-01-01T00:00:00Z\n")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"a.consent.yaml.age": b.String(), "id.txt": id.String() + "\n", "no.txt": "secret\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for identity, want := range map[string]consent.Code{"": consent.ManifestMalformed, filepath.Join(dir, "id.txt"): consent.SignatureMissing} {
		r := registerFlags{paths: []string{dir}, identity: identity}
		found, err := r.found(time.Now())
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		if got, _ := found[0].Problem(false); got != want {
			t.Errorf("identity %q: got %v, want %v", identity, got, want)
		}
	}
	r := registerFlags{paths: []string{dir}, identity: filepath.Join(dir, "no.txt")}
	if _, err := r.found(time.Now()); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a file that is no identity: %v", err)
	}
}
