package consent

import (
	"slices"
)

// valid reports whether the request and the medium can be looked at (section 8). What the
// page leaves open, such as a digest in capitals or a path that climbs, is not valid: it
// could slip past a withdrawal.
func (q *Query) valid() bool {
	r, m := &q.Request, &q.Medium
	return inVocabulary(r.Purpose, purposes) && inVocabulary(r.Channel, channels) &&
		validTerritories(r.Territories) && !r.At.IsZero() &&
		isSHA256(m.SHA256) && (m.Path == "" || badPath(m.Path) == "") &&
		(m.Kind == "" || slices.Contains(kinds, m.Kind))
}

func inVocabulary(word string, vocabulary []string) bool {
	return slices.Contains(vocabulary, word) || ownWord.MatchString(word)
}

func validTerritories(list []string) bool {
	if len(list) == 1 && list[0] == worldwide {
		return true
	}
	return !slices.ContainsFunc(list, func(c string) bool { return !isCountry(c) })
}

// applies reports whether a withdrawal covers the channel of the request.
func (in *inquiry) applies(w *Withdrawal) bool {
	return len(w.Channels) == 0 || slices.Contains(w.Channels, in.q.Request.Channel)
}

func (in *inquiry) anyApplies(list []*Withdrawal) bool {
	return slices.ContainsFunc(list, in.applies)
}

// ruleLoad: a manifest that cannot be used, or is gone, might have held a withdrawal.
func (in *inquiry) ruleLoad() { in.raised.addAll(in.reg.load) }

func (in *inquiry) ruleWithdrawnPicture() {
	in.raiseIf(in.anyApplies(in.reg.withdrawnSHA256[in.q.Medium.SHA256]), Withdrawn)
}

// ruleUntrusted gives the code of an untrusted manifest that somebody would miss, or that
// may be the next version of one that matches (section 7, last paragraph).
func (in *inquiry) ruleUntrusted() {
	if len(in.matched) == 0 {
		for _, m := range in.untrusted {
			in.raise(m.code)
		}
	}
	for i := range in.matched {
		for _, f := range in.reg.namesakes[in.matched[i].Name] {
			in.raiseIf(f.Sequence >= in.matched[i].Sequence, f.code)
		}
	}
}

func (in *inquiry) ruleConflict() {
	for i := range in.matched {
		in.raiseIf(in.matched[i].conflict, ManifestConflict)
	}
}

func (in *inquiry) ruleNothing() {
	switch {
	case in.raised != 0 || len(in.matched) > 0:
	case !in.reg.any:
		in.raise(NoManifest)
	default:
		in.raise(NoMatch)
	}
}

func (in *inquiry) ruleClock() {
	skew := in.q.Policy.Skew
	late := in.now.Add(skew)
	in.raiseIf(late.Before(in.q.State.LastAudit), Clock)
	for i := range in.matched {
		in.raiseIf(late.Before(in.matched[i].IssuedAt), Clock)
	}
	in.raiseIf(in.q.Request.At.Add(skew).Before(in.now), Clock)
}

// ruleLookalike: a copy of a picture that somebody took back has another digest.
func (in *inquiry) ruleLookalike() {
	for _, sum := range in.q.Medium.Near {
		in.raiseIf(in.anyApplies(in.reg.withdrawnSHA256[sum]), Lookalike)
		for _, at := range in.reg.index.sha256[sum] {
			in.raiseIf(at.in.live && slices.ContainsFunc(at.entry.People, in.objects), Lookalike)
		}
	}
}

// objects reports whether a person has withdrawn or refused anything.
func (in *inquiry) objects(person string) bool {
	return in.anyApplies(in.reg.withdrawnPerson[person]) || len(in.reg.refusals[person]) > 0
}

func (e *Entry) crowd() bool { return e.Others == "crowd" }

// ruleWeakMatch: only a digest ties an entry to a file for good.
func (in *inquiry) ruleWeakMatch(m *match) {
	if m.level == LevelSHA256 {
		return
	}
	people := m.listed()
	harmless := func(p *Person) bool { return p.Age == adult && p.Risk == "standard" }
	fine := in.q.Policy.WeakMatch == "adults" && m.level == LevelPath &&
		len(people) > 0 && all(people, harmless)
	in.raiseIf(!fine, MatchWeak)
}

func (in *inquiry) ruleFourEyes(m *match) {
	needed := func(p *Person) bool { return p.Age != adult || p.Risk == "high" }
	if !in.q.Policy.FourEyes || !slices.ContainsFunc(m.listed(), needed) {
		return
	}
	signers, safeguarding := map[string]bool{}, false
	for _, s := range m.signatures {
		if s.officer() {
			signers[s.Key] = true
			safeguarding = safeguarding || s.Role == Safeguarding
		}
	}
	in.raiseIf(len(signers) < 2 || !safeguarding, SecondSignature)
}

func (in *inquiry) ruleOthers(m *match) {
	for _, e := range m.entries {
		in.raiseIf(e.Others == "unknown", OthersUnknown)
		c := &e.Crowd
		fine := c.Event == "public" && c.NoticePosted && c.Prominent != "some" && c.Children != "prominent"
		in.raiseIf(e.crowd() && !fine, CrowdRule)
	}
}

func (in *inquiry) ruleCount(m *match) {
	uncounted := func(e *Entry) bool { return e.crowd() || e.Others == "unknown" }
	if in.q.Medium.Observed == nil || slices.ContainsFunc(m.entries, uncounted) {
		return
	}
	in.raiseIf(*in.q.Medium.Observed > len(m.listed()), PeopleMismatch)
}

// listed returns everybody whom the matched entries of the manifest list, once.
func (m *match) listed() []*Person {
	var people []*Person
	seen := map[string]bool{}
	for _, e := range m.entries {
		for _, id := range e.People {
			if p := m.people[id]; p != nil && !seen[id] {
				seen[id] = true
				people = append(people, p)
			}
		}
	}
	return people
}

func all[T any](list []T, ok func(T) bool) bool {
	return !slices.ContainsFunc(list, func(t T) bool { return !ok(t) })
}
