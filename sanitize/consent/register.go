package consent

import (
	"errors"
	"slices"
)

// A KeyState is what the verifier found out about one signature. The zero state is not valid.
type KeyState uint8

// The states of section 7.
const (
	StateUnknownKey KeyState = iota
	StateValid
	StateBad // bytes and signature disagree
	StateExpiredKey
	StateOutOfScope
	StateRevokedKey
)

var stateNames = [...]string{"unknown-key", "valid", "bad", "expired-key", "out-of-scope", "revoked-key"}

// String returns the name of section 7.
func (s KeyState) String() string {
	if int(s) >= len(stateNames) {
		return stateNames[StateBad]
	}
	return stateNames[s]
}

// ParseKeyState returns the state of that name, and whether there is one.
func ParseKeyState(name string) (KeyState, bool) {
	i := slices.Index(stateNames[:], name)
	return KeyState(max(i, 0)), i >= 0
}

// A Signature is what a verifier found beside a manifest or a review.
type Signature struct {
	Key   string // id in the trust file
	State KeyState
	Role  Role
}

// Found is a manifest as it was found: read, or with the reason why not, and its signatures.
// One with neither counts as malformed.
type Found struct {
	Name       string // of the file, for messages
	Manifest   *Manifest
	Err        error
	Signatures []Signature
}

// Memory is what the audit log knows of earlier manifests. Without it, a deleted withdrawal
// and an older version put back cannot be noticed.
type Memory struct {
	Sequences   map[string]int64 // highest trusted sequence of each manifest
	Withdrawals []Withdrawal     // every withdrawal ever seen
}

// Options say what a register may rely on. The zero Options need signatures.
type Options struct {
	Memory Memory
	// TrustFolder counts unsigned manifests as signed by an officer. It is for a folder
	// outside all watched folders that uploaders cannot write to.
	TrustFolder bool
}

// A Register holds all manifests of an organisation, weighed by section 7 and indexed. It is
// not changed by decisions and may be used by several goroutines. The zero Register holds
// everything back.
type Register struct {
	any         bool    // whether any manifest was found at all
	load        codeSet // codes that hold every decision
	folderTrust bool
	files       []*file            // live, then untrusted
	namesakes   map[string][]*file // untrusted, by name
	index       index

	withdrawnPerson  map[string][]*Withdrawal
	withdrawnConsent map[string][]*Withdrawal
	withdrawnSHA256  map[string][]*Withdrawal

	consents   map[string][]*Consent // live, by id
	supersedes map[string][]*Consent // live consents that name this id
	refusals   map[string][]refusal  // live and untrusted, by person
}

// A file is a manifest that contributes something.
type file struct {
	*Manifest
	signatures []Signature
	live       bool
	code       Code // of an untrusted manifest
	conflict   bool // another live version has the same sequence
	byPerson   map[string][]*Consent
	people     map[string]*Person
	number     int
}

type refusal struct {
	*Consent
	in *file
}

// NewRegister weighs what was found against what is remembered.
func NewRegister(found []Found, opt Options) *Register {
	r := &Register{any: len(found) > 0, folderTrust: opt.TrustFolder}
	var trusted, rest []*file
	for i := range found {
		f := r.admit(&found[i], opt)
		switch {
		case f == nil:
		case f.code == noCode:
			trusted = append(trusted, f)
		default:
			rest = append(rest, f)
		}
	}
	live, superseded := newest(trusted)
	r.checkMissing(live, opt.Memory)
	r.files = append(live, rest...)
	r.collectWithdrawals(superseded, opt.Memory.Withdrawals)
	r.buildIndex()
	return r
}

// admit reads the trust of one manifest, and notes the code of one that failed to load.
func (r *Register) admit(f *Found, opt Options) *file {
	if f.Err != nil || f.Manifest == nil {
		r.load.add(loadCode(f.Err))
		return nil
	}
	code := trustCode(f.Signatures, opt.TrustFolder)
	if code == noCode && f.Manifest.Sequence < opt.Memory.Sequences[f.Manifest.Name] {
		code = Rollback
	}
	return &file{Manifest: f.Manifest, signatures: f.Signatures, code: code}
}

func loadCode(err error) Code {
	var e *Error
	if errors.As(err, &e) && e.Code >= ManifestTooLarge && e.Code <= ManifestSemantics {
		return e.Code
	}
	return ManifestMalformed
}

// trustCode is the result for a manifest (section 7); no code means trusted.
func trustCode(signatures []Signature, trustFolder bool) Code {
	has := func(ok func(Signature) bool) bool { return slices.ContainsFunc(signatures, ok) }
	switch {
	case has(func(s Signature) bool { return s.State == StateBad }):
		return SignatureBad
	case trustFolder:
		return noCode
	case len(signatures) == 0:
		return SignatureMissing
	case has(Signature.officer):
		return noCode
	case has(func(s Signature) bool { return s.State == StateRevokedKey }):
		return SignatureRevoked
	}
	return SignatureUntrusted
}

// officer reports whether s is valid and by somebody whose word makes a manifest count.
func (s Signature) officer() bool {
	return s.State == StateValid && (s.Role == ConsentOfficer || s.Role == Safeguarding)
}

// newest splits the trusted versions of each name into those that are live and those that
// they replace.
func newest(trusted []*file) (live, superseded []*file) {
	highest := map[string]int64{}
	for _, f := range trusted {
		highest[f.Name] = max(highest[f.Name], f.Sequence)
	}
	byName := map[string][]*file{}
	for _, f := range trusted {
		if f.Sequence < highest[f.Name] {
			superseded = append(superseded, f)
			continue
		}
		if same := sameContent(byName[f.Name], f); same != nil {
			same.signatures = slices.Concat(same.signatures, f.signatures)
			continue
		}
		f.live = true
		byName[f.Name] = append(byName[f.Name], f)
		live = append(live, f)
	}
	for _, f := range live {
		f.conflict = len(byName[f.Name]) > 1
	}
	return live, superseded
}

func sameContent(files []*file, f *file) *file {
	for _, g := range files {
		if g.content == f.content {
			return g
		}
	}
	return nil
}

// checkMissing notices a manifest that the audit log knows and that is not there any more.
func (r *Register) checkMissing(live []*file, m Memory) {
	have := map[string]int64{}
	for _, f := range live {
		have[f.Name] = f.Sequence
	}
	for name, sequence := range m.Sequences {
		if got, ok := have[name]; !ok || got < sequence {
			r.load.add(ManifestMissing)
		}
	}
}

// collectWithdrawals gathers withdrawals from wherever they come: live, untrusted and
// superseded manifests, and memory.
func (r *Register) collectWithdrawals(superseded []*file, seen []Withdrawal) {
	r.withdrawnPerson = map[string][]*Withdrawal{}
	r.withdrawnConsent = map[string][]*Withdrawal{}
	r.withdrawnSHA256 = map[string][]*Withdrawal{}
	for _, f := range slices.Concat(r.files, superseded) {
		r.withdraw(f.Withdrawals)
	}
	r.withdraw(seen)
}

func (r *Register) withdraw(list []Withdrawal) {
	for i := range list {
		w := &list[i]
		if w.Person != "" {
			r.withdrawnPerson[w.Person] = append(r.withdrawnPerson[w.Person], w)
		}
		if w.Consent != "" {
			r.withdrawnConsent[w.Consent] = append(r.withdrawnConsent[w.Consent], w)
		}
		if w.SHA256 != "" {
			r.withdrawnSHA256[w.SHA256] = append(r.withdrawnSHA256[w.SHA256], w)
		}
	}
}

func (r *Register) buildIndex() {
	r.consents = map[string][]*Consent{}
	r.supersedes = map[string][]*Consent{}
	r.refusals = map[string][]refusal{}
	r.index = newIndex()
	r.namesakes = map[string][]*file{}
	for number, f := range r.files {
		if !f.live {
			r.namesakes[f.Name] = append(r.namesakes[f.Name], f)
		}
		f.number = number
		r.index.add(f)
		f.people = make(map[string]*Person, len(f.People))
		for i := range f.People {
			f.people[f.People[i].ID] = &f.People[i]
		}
		f.byPerson = map[string][]*Consent{}
		for i := range f.Consents {
			r.addConsent(f, &f.Consents[i])
		}
	}
}

func (r *Register) addConsent(f *file, c *Consent) {
	if c.Status == "refused" {
		r.refusals[c.Person] = append(r.refusals[c.Person], refusal{c, f})
	}
	if !f.live {
		return
	}
	f.byPerson[c.Person] = append(f.byPerson[c.Person], c)
	r.consents[c.ID] = append(r.consents[c.ID], c)
	for _, id := range c.Supersedes {
		r.supersedes[id] = append(r.supersedes[id], c)
	}
}

// Problem returns why the manifest does not count by itself, and whether there is a reason:
// what failed when it was read, or what its signatures lack.
func (f *Found) Problem(trustFolder bool) (Code, bool) {
	if f.Err != nil || f.Manifest == nil {
		return loadCode(f.Err), true
	}
	code := trustCode(f.Signatures, trustFolder)
	return code, code != noCode
}
