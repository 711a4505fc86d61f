package consent

import "slices"

// A subject is a person listed by a matched manifest, in that manifest (section 9, step 4).
type subject struct {
	*Person
	in         *match
	applicable []*Consent // that reach the medium and are not superseded
}

// A grant is an applicable yes of a subject.
type grant struct {
	*Consent
	subject  *subject
	standing standing
}

func (in *inquiry) subjects(m *match) []subject {
	people := m.listed()
	in.listed = in.listed || len(people) > 0
	list := make([]subject, len(people))
	for i, p := range people {
		list[i] = subject{Person: p, in: m}
		for _, c := range m.byPerson[p.ID] {
			if m.reached(c) && len(in.reg.superseding(c)) == 0 {
				list[i].applicable = append(list[i].applicable, c)
			}
		}
	}
	return list
}

// reached reports whether a consent of the manifest reaches a matched entry: one that lists
// the person and, if the consent names media, is among them.
func (m *match) reached(c *Consent) bool {
	return slices.ContainsFunc(m.entries, func(e *Entry) bool {
		return slices.Contains(e.People, c.Person) &&
			(len(c.Media) == 0 || slices.Contains(c.Media, e.ID))
	})
}

// superseding returns the live answers that replace c (step 4a).
func (r *Register) superseding(c *Consent) []*Consent {
	var list []*Consent
	for _, d := range r.supersedes[c.ID] {
		if d.Status != "pending" && d.Person == c.Person && !d.GivenOn.Before(c.GivenOn) {
			list = append(list, d)
		}
	}
	return list
}

func (s *subject) granted() []*Consent {
	var list []*Consent
	for _, c := range s.applicable {
		if c.granted() {
			list = append(list, c)
		}
	}
	return list
}

func (c *Consent) granted() bool { return c.Status == "granted" }

func (in *inquiry) ruleNoConsent(s *subject) { in.raiseIf(len(s.applicable) == 0, NoConsent) }

// ruleWithdrawnPerson: who took everything back has to be asked anew and say so in answers
// that replace earlier ones; safeguarding looks at those.
func (in *inquiry) ruleWithdrawnPerson(s *subject) {
	granted := s.granted()
	for _, w := range in.reg.withdrawnPerson[s.ID] {
		if !in.applies(w) {
			continue
		}
		renewed := func(c *Consent) bool { return c.GivenOn.After(w.On) && len(c.Supersedes) > 0 }
		if len(granted) > 0 && !w.On.IsZero() && all(granted, renewed) {
			in.raise(Reconsent)
		} else {
			in.raise(Withdrawn)
		}
	}
}

// ruleWithdrawnConsent: taking an answer back takes back what had replaced it by that day.
func (in *inquiry) ruleWithdrawnConsent(s *subject) {
	if len(in.reg.withdrawnConsent) == 0 {
		return
	}
	for _, id := range in.reg.ancestors(s) {
		for _, w := range in.reg.withdrawnConsent[id] {
			if in.applies(w) {
				in.weighChain(s, in.reg.chain(s.ID, w))
			}
		}
	}
}

func (in *inquiry) weighChain(s *subject, chain map[string]bool) {
	names := func(c *Consent) bool {
		return c.granted() && slices.ContainsFunc(c.Supersedes, func(id string) bool { return chain[id] })
	}
	switch {
	case slices.ContainsFunc(s.applicable, func(c *Consent) bool { return chain[c.ID] }):
		in.raise(Withdrawn)
	case slices.ContainsFunc(s.applicable, names):
		in.raise(Reconsent)
	}
}

// ancestors returns the ids of the applicable answers of s and of all that they replace,
// step by step.
func (r *Register) ancestors(s *subject) []string {
	var ids []string
	seen := map[string]bool{}
	take := func(id string) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, c := range s.applicable {
		take(c.ID)
	}
	for i := 0; i < len(ids); i++ {
		for _, c := range r.consents[ids[i]] {
			if c.Person == s.ID {
				for _, id := range c.Supersedes {
					take(id)
				}
			}
		}
	}
	return ids
}

// chain is the withdrawn consent and, repeatedly, every answer of the person that replaces a
// member and was given by the day of the withdrawal.
func (r *Register) chain(person string, w *Withdrawal) map[string]bool {
	chain := map[string]bool{w.Consent: true}
	queue := []string{w.Consent}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		for _, c := range r.supersedes[id] {
			early := !c.GivenOn.After(w.On) || w.On.IsZero()
			if c.Person == person && early && !chain[c.ID] {
				chain[c.ID] = true
				queue = append(queue, c.ID)
			}
		}
	}
	return chain
}

// ruleRefusals: a no counts from every manifest that parses, signed or not.
func (in *inquiry) ruleRefusals(s *subject) {
	for _, r := range in.reg.refusals[s.ID] {
		if !in.refusalReaches(r) {
			continue
		}
		by := in.reg.superseding(r.Consent)
		switch {
		case len(by) > 0 && all(by, (*Consent).granted):
			in.raise(Reconsent)
		case len(by) > 0: // a later no says the rest
		case r.Caregiver.Answer == "refused" && r.Self.Answer != "refused":
			in.raise(CaregiverRefused)
		default:
			in.raise(SubjectRefused)
		}
	}
}

// refusalReaches: without media a refusal reaches every medium that lists the person, with
// media those of its own manifest (section 4).
func (in *inquiry) refusalReaches(r refusal) bool {
	if len(r.Media) == 0 {
		return true
	}
	named := func(e *Entry) bool { return slices.Contains(r.Media, e.ID) }
	for _, list := range [][]match{in.matched, in.untrusted} {
		for i := range list {
			if list[i].file == r.in && slices.ContainsFunc(list[i].entries, named) {
				return true
			}
		}
	}
	return false
}

func (in *inquiry) rulePending(s *subject) {
	pending := func(c *Consent) bool { return c.Status == "pending" }
	in.raiseIf(slices.ContainsFunc(s.applicable, pending), ConsentPending)
}

func (in *inquiry) ruleGranted(s *subject) {
	for _, c := range s.granted() {
		g := &grant{Consent: c, subject: s, standing: in.standing(s, c)}
		for _, rule := range grantRules {
			rule.raise(in, g)
		}
		in.noteEnds(g)
	}
}

// pillars says how many of face, name and place must go, by risk (section 8).
var pillars = map[string]int{"standard": 0, "elevated": 1, "high": 2}

func (in *inquiry) rulePillars(s *subject) {
	removed := 0
	for _, gone := range []bool{
		in.q.Medium.Kind == "audio" || in.treated(s.ID, "face-hidden"),
		in.treated(s.ID, "name-removed", "name-changed"),
		in.treated(s.ID, "location-removed"),
	} {
		if gone {
			removed++
		}
	}
	needed, known := pillars[s.Risk]
	in.raiseIf(!known || removed < needed, Pillars)
}

func (in *inquiry) ruleHighRisk(s *subject) { in.raiseIf(s.Risk == "high", HighRiskReview) }

// treated reports whether one of the treatments was applied for everybody or for the person.
func (in *inquiry) treated(person string, treatments ...string) bool {
	return slices.ContainsFunc(in.q.Request.Applied, func(applied string) bool {
		return slices.ContainsFunc(treatments, func(t string) bool {
			return applied == t || applied == t+":"+person
		})
	})
}
