// Package consent decides whether a photo, film or recording may be published under the
// consents that were recorded for the people in it. The answer is no unless a signed record
// says yes for this file, this purpose, this channel, these countries and this instant.
//
// Records are kept in manifests (format mediaveil-consent/1; FORMAT.md is the normative text,
// manifest.schema.json its schema). [Read] reads one manifest, strictly; a [Loader] finds the
// manifests of a folder and verifies their signatures against a [Trust]; [NewRegister] weighs
// them against what the audit log remembers; [Register.Decide] answers one question:
//
//	found := consent.Loader{Trust: trust, At: time.Now()}.Load(os.DirFS("consent"))
//	reg := consent.NewRegister(found, consent.Options{Memory: fromAuditLog})
//	d := reg.Decide(consent.Query{
//		Request: consent.Request{Purpose: "awareness", Channel: "website", At: time.Now()},
//		Medium:  consent.Medium{SHA256: sum, Path: "visit/img-1.jpg", Kind: "photo"},
//	})
//	if d.Verdict != consent.Clear { … }
//
// A decision is pure: it reads no file and no clock; time and memory are arguments. Every
// fault holds or refuses: a manifest that cannot be read, a signature that is missing, a file
// that nobody listed. The zero value of every type here clears nothing.
//
// The package never stores or prints a name, and no error quotes what a manifest says.
package consent
