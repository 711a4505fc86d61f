package consent

import (
	"slices"
	"time"
)

// A standing is how the age rules treat a person at the instant of the request.
type standing uint8

const (
	ageUnknown standing = iota
	isChild
	turnedAdult // and has not answered since
	isAdult     // or turned adult and answered since
)

// standing applies section 3: from the adult boundary on a child counts as turned adult, and
// an answer from before that day was not the adult's.
func (in *inquiry) standing(s *subject, c *Consent) standing {
	switch {
	case s.Age == adult:
		return isAdult
	case s.AdultOn.IsZero():
		return ageUnknown
	case in.q.Request.At.Before(s.AdultOn.Start(s.in.Zone)):
		return isChild
	case c.GivenOn.Before(s.AdultOn):
		return turnedAdult
	}
	return isAdult
}

func (in *inquiry) ruleAnswers(g *grant) {
	in.raiseIf(g.Self.Answer == "refused", SubjectRefused)
	in.raiseIf(g.Caregiver.Answer == "refused", CaregiverRefused)
}

func (in *inquiry) ruleAge(g *grant) {
	in.raiseIf(g.standing == ageUnknown, AgeUnknown)
	in.raiseIf(g.standing == turnedAdult, TurnedAdult)
}

func (in *inquiry) ruleAdult(g *grant) {
	if g.standing != isAdult {
		return
	}
	in.raiseIf(g.Self.Answer == "not-asked", SelfNotAsked)
	unable := g.Self.Answer == "not-able" || g.Self.Capacity == "none"
	in.raiseIf(unable && !g.guarded() || g.Self.Capacity == "limited", Capacity)
}

// guarded reports whether somebody agreed who may decide for an adult.
func (g *grant) guarded() bool {
	return g.Caregiver.Answer == "agreed" && g.Caregiver.Role == "legal-guardian" &&
		g.Caregiver.Authority == "verified"
}

func (in *inquiry) ruleChild(g *grant) {
	if g.standing != isChild || g.subject.Age == "0-5" {
		return
	}
	unable := g.Self.Answer == "not-able" && g.Self.Capacity != "none"
	in.raiseIf(g.Self.Answer == "not-asked" || unable, AssentMissing)
	in.raiseIf(g.Self.Capacity == "not-assessed", CapacityNotAssessed)
}

func (in *inquiry) ruleCaregiver(g *grant) {
	if g.standing != isChild {
		return
	}
	switch g.Caregiver.Answer {
	case "agreed":
		weak := g.Caregiver.Role == "kinship-carer" || g.Caregiver.Role == "institution"
		in.raiseIf(weak, CaregiverRole)
		in.raiseIf(g.Caregiver.Authority != "verified", CaregiverUnverified)
	case "refused": // ruleAnswers
	default:
		mature := g.Caregiver.Answer == "unreachable" && g.subject.Age == "16-17" &&
			g.Self.Answer == "agreed" && g.Self.Capacity == "full"
		in.raiseIf(mature, CaregiverUnreachable)
		in.raiseIf(!mature, CaregiverMissing)
	}
}

func (in *inquiry) ruleTold(g *grant) {
	for _, must := range []string{"purpose", "withdrawal", "aid-not-affected"} {
		in.raiseIf(!slices.Contains(g.Told, must), NotInformed)
	}
}

func (in *inquiry) ruleEvidence(g *grant) { in.raiseIf(g.Evidence == "", EvidenceMissing) }

func (in *inquiry) ruleWitness(g *grant) {
	needed := g.Method == "mark" || g.Method == "verbal-witnessed"
	in.raiseIf(needed && (g.Witness == "" || g.Witness == g.RecordedBy), WitnessMissing)
}

func (in *inquiry) ruleFuture(g *grant) {
	in.raiseIf(g.GivenOn.After(dateOf(in.now.In(g.subject.in.Zone))), FutureDated)
}

func (in *inquiry) ruleScope(g *grant) {
	in.raiseIf(!slices.Contains(g.Purposes, in.q.Request.Purpose), Purpose)
	in.raiseIf(!slices.Contains(g.Channels, in.q.Request.Channel), Channel)
}

func (g *grant) everywhere() bool { return slices.Contains(g.Territories, worldwide) }

func (in *inquiry) ruleWorldwide(g *grant) {
	if in.worldwide {
		in.raiseIf(!g.everywhere(), Territory)
		in.raiseIf(g.everywhere() && len(g.NotIn) > 0, TerritoryExcluded)
	}
}

func (in *inquiry) ruleCountries(g *grant) {
	if in.worldwide {
		return
	}
	for _, country := range in.q.Request.Territories {
		in.raiseIf(slices.Contains(g.NotIn, country), TerritoryExcluded)
		in.raiseIf(!g.everywhere() && !slices.Contains(g.Territories, country), Territory)
	}
}

func (in *inquiry) today(g *grant) Date { return dateOf(in.q.Request.At.In(g.subject.in.Zone)) }

func (in *inquiry) ruleDays(g *grant) {
	today := in.today(g)
	in.raiseIf(today.After(g.ValidUntil), Expired)
	if today.Before(g.ValidFrom) {
		in.raise(NotYetValid)
		in.starts = append(in.starts, g.ValidFrom.Start(g.subject.in.Zone))
	}
}

// lastDay is the last day that the policy allows, however long a consent was meant to hold.
func (in *inquiry) lastDay(g *grant) Date {
	if g.standing == isAdult {
		return g.GivenOn.AddDays(in.q.Policy.MaxDaysAdult)
	}
	return g.GivenOn.AddDays(in.q.Policy.MaxDaysChild)
}

func (in *inquiry) ruleCap(g *grant) {
	in.raiseIf(in.today(g).After(in.lastDay(g)), ValidityCap)
}

func (in *inquiry) ruleEmbargo(g *grant) {
	if in.q.Request.At.Before(g.Embargo) {
		in.raise(Embargo)
		in.starts = append(in.starts, g.Embargo)
	}
}

// treatments says what satisfies a condition, and for which kind of medium nothing is needed
// (section 8).
var treatments = map[string]struct {
	by      []string
	trivial string
}{
	"hide-face":      {[]string{"face-hidden"}, "audio"},
	"hide-marks":     {[]string{"marks-hidden"}, "audio"},
	"change-name":    {[]string{"name-changed", "name-removed"}, ""},
	"no-name":        {[]string{"name-removed"}, ""},
	"no-location":    {[]string{"location-removed"}, ""},
	"no-date":        {[]string{"date-removed"}, ""},
	"no-voice":       {[]string{"voice-altered", "audio-removed"}, "photo"},
	"no-audio":       {[]string{"audio-removed"}, "photo"},
	"no-ai-training": {[]string{"ai-optout"}, ""},
}

func (in *inquiry) ruleConditions(g *grant) {
	for _, condition := range g.Conditions {
		switch condition {
		case "prior-approval":
			in.raise(PriorApproval)
		case "single-use":
			in.raiseIf(in.q.State.Publications != 0, SingleUseSpent)
		default:
			in.condition(g, condition)
		}
	}
}

func (in *inquiry) condition(g *grant, condition string) {
	t := treatments[condition]
	in.conditions[condition] = true
	trivial := t.trivial != "" && t.trivial == in.q.Medium.Kind
	if !trivial && !in.treated(g.subject.ID, t.by...) {
		in.raise(ConditionUnmet)
		in.missing[condition] = true
	}
}

// noteEnds remembers until when a clear decision can stand on g (section 11).
func (in *inquiry) noteEnds(g *grant) {
	zone := g.subject.in.Zone
	last := g.ValidUntil
	if limit := in.lastDay(g); limit.Before(last) {
		last = limit
	}
	ends := []time.Time{last.AddDays(1).Start(zone)}
	if g.standing == isChild {
		ends = append(ends, g.subject.AdultOn.Start(zone))
	}
	in.ends = append(in.ends, ends...)
}
