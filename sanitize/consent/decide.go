package consent

import (
	"slices"
	"time"
)

// The rules of section 9, in its order. Each raises the codes that it is named after and
// looks at nothing that another one decided. Step 3 runs per matched manifest, step 4 per
// person listed in one, step 4d per applicable answer of that person.
var (
	requestRules = []struct { // steps 1, 2 and 5
		section string
		raise   func(*inquiry)
	}{
		{"9.1 load", (*inquiry).ruleLoad},
		{"9.1 withdrawn picture", (*inquiry).ruleWithdrawnPicture},
		{"9.1 untrusted", (*inquiry).ruleUntrusted},
		{"9.1 conflict", (*inquiry).ruleConflict},
		{"9.1 nothing matched", (*inquiry).ruleNothing}, // needs the reasons so far
		{"9.2 clock", (*inquiry).ruleClock},
		{"9.5 lookalike", (*inquiry).ruleLookalike},
	}
	manifestRules = []struct { // step 3
		section string
		raise   func(*inquiry, *match)
	}{
		{"9.3 weak match", (*inquiry).ruleWeakMatch},
		{"9.3 four eyes", (*inquiry).ruleFourEyes},
		{"9.3 others", (*inquiry).ruleOthers},
		{"9.3 count", (*inquiry).ruleCount},
	}
	personRules = []struct { // step 4
		section string
		raise   func(*inquiry, *subject)
	}{
		{"9.4a no consent", (*inquiry).ruleNoConsent},
		{"9.4b withdrawn person", (*inquiry).ruleWithdrawnPerson},
		{"9.4b withdrawn consent", (*inquiry).ruleWithdrawnConsent},
		{"9.4c refusals", (*inquiry).ruleRefusals},
		{"9.4d pending", (*inquiry).rulePending},
		{"9.4d granted", (*inquiry).ruleGranted}, // runs grantRules
		{"9.4e pillars", (*inquiry).rulePillars},
		{"9.4e high risk", (*inquiry).ruleHighRisk},
	}
	grantRules = []struct { // step 4d
		section string
		raise   func(*inquiry, *grant)
	}{
		{"9.4d answers", (*inquiry).ruleAnswers},
		{"9.4d age", (*inquiry).ruleAge},
		{"9.4d adult", (*inquiry).ruleAdult},
		{"9.4d child", (*inquiry).ruleChild},
		{"9.4d caregiver", (*inquiry).ruleCaregiver},
		{"9.4d told", (*inquiry).ruleTold},
		{"9.4d evidence", (*inquiry).ruleEvidence},
		{"9.4d witness", (*inquiry).ruleWitness},
		{"9.4d future", (*inquiry).ruleFuture},
		{"9.4d scope", (*inquiry).ruleScope},
		{"9.4d worldwide", (*inquiry).ruleWorldwide},
		{"9.4d countries", (*inquiry).ruleCountries},
		{"9.4d first and last day", (*inquiry).ruleDays},
		{"9.4d cap", (*inquiry).ruleCap},
		{"9.4d embargo", (*inquiry).ruleEmbargo},
		{"9.4d conditions", (*inquiry).ruleConditions},
	}
)

// An inquiry is one query being answered.
type inquiry struct {
	reg       *Register
	q         Query
	now       time.Time
	worldwide bool
	matched   []match // live
	untrusted []match
	raised    codeSet

	listed     bool
	missing    map[string]bool
	conditions map[string]bool
	ends       []time.Time // instants at which a clear decision may change
	starts     []time.Time // instants that a held decision waits for
}

// Decide answers q by section 9. It never fails: whatever is wrong with q holds.
func (r *Register) Decide(q Query) Decision {
	in := &inquiry{reg: r, q: q, missing: map[string]bool{}, conditions: map[string]bool{}}
	in.q.Policy = q.Policy.withDefaults()
	if !q.valid() {
		in.raised.add(RequestInvalid)
		return in.decision(0)
	}
	in.prepare()
	in.run()
	return in.decision(in.review())
}

func (in *inquiry) prepare() {
	in.now = in.q.State.Now
	if in.now.IsZero() {
		in.now = in.q.Request.At
	}
	asked := in.q.Request.Territories
	open := openChannels[in.q.Request.Channel] && !in.q.Request.Geofenced
	in.worldwide = open || len(asked) == 0 || slices.Contains(asked, worldwide)
	for _, m := range in.reg.index.find(in.q.Medium.SHA256, in.q.Medium.Path) {
		if m.live {
			in.matched = append(in.matched, m)
		} else {
			in.untrusted = append(in.untrusted, m)
		}
	}
}

func (in *inquiry) run() {
	for _, rule := range requestRules {
		rule.raise(in)
	}
	for i := range in.matched {
		for _, rule := range manifestRules {
			rule.raise(in, &in.matched[i])
		}
		for _, s := range in.subjects(&in.matched[i]) {
			for _, rule := range personRules {
				rule.raise(in, &s)
			}
		}
	}
}

// decision turns what was raised into the answer of section 11. released is what a review
// lifted.
func (in *inquiry) decision(released codeSet) Decision {
	d := Decision{Verdict: in.raised.verdict(), Missing: keys(in.missing)}
	if in.reg.folderTrust {
		d.Notes = []string{NoteTrustFolder}
	}
	if d.Verdict == Clear {
		in.raised.add(in.clearCode(released))
		d.Conditions = keys(in.conditions)
		if released != 0 {
			in.ends = append(in.ends, in.q.Review.At.Add(days(in.q.Policy.ReviewMaxDays)))
		}
		if len(in.ends) > 0 {
			d.RecheckAt = slices.MinFunc(in.ends, time.Time.Compare).UTC().Truncate(time.Second)
		}
	}
	d.Reasons = in.raised.list()
	d.Reason = d.Reasons[0]
	if in.waitsOnly() {
		last := slices.MaxFunc(in.starts, time.Time.Compare)
		d.RecheckAt = last.Add(time.Second - 1).UTC().Truncate(time.Second)
	}
	return d
}

func (in *inquiry) clearCode(released codeSet) Code {
	crowd := func(m match) bool { return slices.ContainsFunc(m.entries, (*Entry).crowd) }
	switch {
	case released != 0:
		return ClearReviewed
	case slices.ContainsFunc(in.matched, crowd):
		return ClearCrowd
	case in.listed:
		return ClearListed
	}
	return ClearNoPeople
}

// waitsOnly reports whether nothing but time is missing.
func (in *inquiry) waitsOnly() bool {
	var waiting codeSet
	waiting.add(NotYetValid)
	waiting.add(Embargo)
	return in.raised != 0 && in.raised&^waiting == 0 && len(in.starts) > 0
}

func (in *inquiry) raise(c Code) { in.raised.add(c) }

// raiseIf raises c if bad, so that a rule reads like its sentence in section 9.
func (in *inquiry) raiseIf(bad bool, c Code) {
	if bad {
		in.raised.add(c)
	}
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// keys returns the members of a set in order, or nil.
func keys(set map[string]bool) []string {
	var list []string
	for k := range set {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}
