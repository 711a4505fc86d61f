package consent

import "slices"

// review applies step 6: it removes what the review may lift, or raises why it may not, and
// returns what was removed.
func (in *inquiry) review() codeSet {
	r := in.q.Review
	if r == nil || !r.signed() {
		return 0
	}
	var lifts codeSet
	for _, c := range r.Release {
		if c.ReleasedBy(r.Role) && in.raised.has(c) {
			lifts.add(c)
		}
	}
	if lifts == 0 {
		return 0
	}
	invalid, self := in.reviewInvalid(r), in.reviewSelf(r)
	in.raiseIf(invalid, ReviewInvalid)
	in.raiseIf(self, ReviewSelf)
	if invalid || self {
		return 0
	}
	in.raised &^= lifts
	return lifts
}

func (in *inquiry) reviewInvalid(r *Review) bool {
	p := in.q.Policy
	return r.SHA256 != in.q.Medium.SHA256 || r.At.After(in.now.Add(p.Skew)) ||
		r.At.Add(days(p.ReviewMaxDays)).Before(in.q.Request.At)
}

// reviewSelf reports whether the reviewer took part in what is reviewed.
func (in *inquiry) reviewSelf(r *Review) bool {
	if r.By == "" || r.By == in.q.Request.Uploader {
		return true
	}
	for i := range in.matched {
		m := &in.matched[i]
		if slices.ContainsFunc(m.entries, func(e *Entry) bool { return e.DeclaredBy == r.By }) {
			return true
		}
		for _, s := range in.subjects(m) {
			if slices.ContainsFunc(s.granted(), func(c *Consent) bool {
				return c.RecordedBy == r.By || c.Witness == r.By
			}) {
				return true
			}
		}
	}
	return false
}
