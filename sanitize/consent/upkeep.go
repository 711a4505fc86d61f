package consent

import (
	"slices"
	"time"
)

// An Ending is something that will stop a consent from counting, unless somebody acts.
type Ending struct {
	Manifest string    `json:"manifest"`
	Person   string    `json:"person"`
	Consent  string    `json:"consent,omitempty"` // empty where a person turns adult
	What     string    `json:"what"`              // "ends", "reaches-the-limit" or "turns-adult"
	At       time.Time `json:"at"`                // the first instant at which it is over
}

// Endings lists which live consents end, and which children turn adult, after from and no
// later than until, in the order of time. Answers that were replaced are left out.
func (r *Register) Endings(from, until time.Time, policy Policy) []Ending {
	in := &inquiry{reg: r}
	in.q.Policy = policy.withDefaults()
	in.q.Request.At = from
	var list []Ending
	add := func(e Ending) {
		if e.At.After(from) && !e.At.After(until) {
			e.At = e.At.UTC()
			list = append(list, e)
		}
	}
	for _, f := range r.files {
		if !f.live {
			continue
		}
		for i := range f.People {
			if p := &f.People[i]; !p.AdultOn.IsZero() {
				add(Ending{f.Name, p.ID, "", "turns-adult", p.AdultOn.Start(f.Zone)})
			}
		}
		for i := range f.Consents {
			if c := &f.Consents[i]; c.granted() && len(r.superseding(c)) == 0 {
				add(in.ending(f, c))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Ending) int { return a.At.Compare(b.At) })
	return list
}

func (in *inquiry) ending(f *file, c *Consent) Ending {
	m := match{file: f}
	s := subject{Person: f.people[c.Person], in: &m}
	g := &grant{Consent: c, subject: &s, standing: in.standing(&s, c)}
	if limit := in.lastDay(g); limit.Before(c.ValidUntil) {
		return Ending{f.Name, c.Person, c.ID, "reaches-the-limit", limit.AddDays(1).Start(f.Zone)}
	}
	return Ending{f.Name, c.Person, c.ID, "ends", c.ValidUntil.AddDays(1).Start(f.Zone)}
}

// Withdrawals returns every withdrawal that the register knows, for the audit log to
// remember.
func (r *Register) Withdrawals() []Withdrawal {
	var list []Withdrawal
	seen := map[*Withdrawal]bool{}
	for _, index := range []map[string][]*Withdrawal{r.withdrawnPerson, r.withdrawnConsent, r.withdrawnSHA256} {
		for _, ws := range index {
			for _, w := range ws {
				if !seen[w] {
					seen[w] = true
					list = append(list, *w)
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b Withdrawal) int {
		return slices.Compare([]string{a.ID, a.Person, a.Consent, a.SHA256, a.On.String()},
			[]string{b.ID, b.Person, b.Consent, b.SHA256, b.On.String()})
	})
	return list
}

// Sequences returns the sequence of every live manifest, for the audit log to remember.
func (r *Register) Sequences() map[string]int64 {
	out := map[string]int64{}
	for _, f := range r.files {
		if f.live {
			out[f.Name] = max(out[f.Name], f.Sequence)
		}
	}
	return out
}
