package consent

import (
	"fmt"
	"math/bits"
)

// A Verdict is what may be done. The zero Verdict refuses.
type Verdict uint8

// The verdicts, most restrictive first.
const (
	Refuse Verdict = iota
	Hold
	Clear
	numVerdicts
)

var verdictNames = [numVerdicts]string{"refuse", "hold", "clear"}

// String returns "refuse", "hold" or "clear".
func (v Verdict) String() string {
	if v >= numVerdicts {
		return verdictNames[Refuse]
	}
	return verdictNames[v]
}

// MarshalText returns what String returns.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// A Role is what a registered key or a reviewer may do (FORMAT.md, section 7).
type Role string

// The roles.
const (
	Recorder       Role = "recorder"
	ConsentOfficer Role = "consent-officer"
	Safeguarding   Role = "safeguarding"
	Reviewer       Role = "reviewer"
)

// A Code says why a decision is what it is. Codes are ordered as in section 10 of FORMAT.md:
// of two raised codes the smaller one is the reason.
type Code uint8

// The codes that refuse, hold and clear, in the order of section 10.
const (
	noCode Code = iota

	Withdrawn
	SubjectRefused
	CaregiverRefused
	SignatureBad
	Rollback
	Expired
	Purpose
	Channel
	TerritoryExcluded
	Territory
	SingleUseSpent

	RequestInvalid
	ManifestTooLarge
	ManifestMalformed
	ManifestVersion
	ManifestSchema
	ManifestSemantics
	ManifestConflict
	ManifestMissing
	Clock
	NoManifest
	SignatureMissing
	SignatureUntrusted
	SignatureRevoked
	NoMatch
	SecondSignature
	NoConsent
	ConsentPending
	AgeUnknown
	TurnedAdult
	SelfNotAsked
	AssentMissing
	Capacity
	CapacityNotAssessed
	CaregiverMissing
	CaregiverUnreachable
	CaregiverRole
	CaregiverUnverified
	NotInformed
	EvidenceMissing
	WitnessMissing
	FutureDated
	NotYetValid
	Embargo
	ValidityCap
	Reconsent
	OthersUnknown
	CrowdRule
	PeopleMismatch
	MatchWeak
	Lookalike
	ConditionUnmet
	Pillars
	PriorApproval
	HighRiskReview
	ReviewInvalid
	ReviewSelf

	ClearReviewed
	ClearCrowd
	ClearListed
	ClearNoPeople
	numCodes
)

// A release says which reviews may lift a code.
type release uint8

const (
	byNobody release = iota
	bySafeguarding
	byReviewer // or safeguarding
)

// codes is the table of section 10.
var codes = [numCodes]struct {
	name     string
	verdict  Verdict
	released release
}{
	Withdrawn:            {"WITHDRAWN", Refuse, byNobody},
	SubjectRefused:       {"SUBJECT_REFUSED", Refuse, byNobody},
	CaregiverRefused:     {"CAREGIVER_REFUSED", Refuse, byNobody},
	SignatureBad:         {"SIGNATURE_BAD", Refuse, byNobody},
	Rollback:             {"ROLLBACK", Refuse, byNobody},
	Expired:              {"EXPIRED", Refuse, byNobody},
	Purpose:              {"PURPOSE", Refuse, byNobody},
	Channel:              {"CHANNEL", Refuse, byNobody},
	TerritoryExcluded:    {"TERRITORY_EXCLUDED", Refuse, byNobody},
	Territory:            {"TERRITORY", Refuse, byNobody},
	SingleUseSpent:       {"SINGLE_USE_SPENT", Refuse, byNobody},
	RequestInvalid:       {"REQUEST_INVALID", Hold, byNobody},
	ManifestTooLarge:     {"MANIFEST_TOO_LARGE", Hold, byNobody},
	ManifestMalformed:    {"MANIFEST_MALFORMED", Hold, byNobody},
	ManifestVersion:      {"MANIFEST_VERSION", Hold, byNobody},
	ManifestSchema:       {"MANIFEST_SCHEMA", Hold, byNobody},
	ManifestSemantics:    {"MANIFEST_SEMANTICS", Hold, byNobody},
	ManifestConflict:     {"MANIFEST_CONFLICT", Hold, byNobody},
	ManifestMissing:      {"MANIFEST_MISSING", Hold, byNobody},
	Clock:                {"CLOCK", Hold, byNobody},
	NoManifest:           {"NO_MANIFEST", Hold, byNobody},
	SignatureMissing:     {"SIGNATURE_MISSING", Hold, byNobody},
	SignatureUntrusted:   {"SIGNATURE_UNTRUSTED", Hold, byNobody},
	SignatureRevoked:     {"SIGNATURE_REVOKED", Hold, byNobody},
	NoMatch:              {"NO_MATCH", Hold, byNobody},
	SecondSignature:      {"SECOND_SIGNATURE", Hold, byNobody},
	NoConsent:            {"NO_CONSENT", Hold, byNobody},
	ConsentPending:       {"CONSENT_PENDING", Hold, byNobody},
	AgeUnknown:           {"AGE_UNKNOWN", Hold, byNobody},
	TurnedAdult:          {"TURNED_ADULT", Hold, byNobody},
	SelfNotAsked:         {"SELF_NOT_ASKED", Hold, byNobody},
	AssentMissing:        {"ASSENT_MISSING", Hold, byNobody},
	Capacity:             {"CAPACITY", Hold, bySafeguarding},
	CapacityNotAssessed:  {"CAPACITY_NOT_ASSESSED", Hold, byNobody},
	CaregiverMissing:     {"CAREGIVER_MISSING", Hold, byNobody},
	CaregiverUnreachable: {"CAREGIVER_UNREACHABLE", Hold, bySafeguarding},
	CaregiverRole:        {"CAREGIVER_ROLE", Hold, bySafeguarding},
	CaregiverUnverified:  {"CAREGIVER_UNVERIFIED", Hold, byNobody},
	NotInformed:          {"NOT_INFORMED", Hold, byNobody},
	EvidenceMissing:      {"EVIDENCE_MISSING", Hold, byNobody},
	WitnessMissing:       {"WITNESS_MISSING", Hold, byNobody},
	FutureDated:          {"FUTURE_DATED", Hold, byNobody},
	NotYetValid:          {"NOT_YET_VALID", Hold, byNobody},
	Embargo:              {"EMBARGO", Hold, byNobody},
	ValidityCap:          {"VALIDITY_CAP", Hold, byNobody},
	Reconsent:            {"RECONSENT", Hold, bySafeguarding},
	OthersUnknown:        {"OTHERS_UNKNOWN", Hold, byReviewer},
	CrowdRule:            {"CROWD_RULE", Hold, bySafeguarding},
	PeopleMismatch:       {"PEOPLE_MISMATCH", Hold, byReviewer},
	MatchWeak:            {"MATCH_WEAK", Hold, byReviewer},
	Lookalike:            {"LOOKALIKE", Hold, bySafeguarding},
	ConditionUnmet:       {"CONDITION_UNMET", Hold, byNobody},
	Pillars:              {"PILLARS", Hold, bySafeguarding},
	PriorApproval:        {"PRIOR_APPROVAL", Hold, byReviewer},
	HighRiskReview:       {"HIGH_RISK_REVIEW", Hold, bySafeguarding},
	ReviewInvalid:        {"REVIEW_INVALID", Hold, byNobody},
	ReviewSelf:           {"REVIEW_SELF", Hold, byNobody},
	ClearReviewed:        {"CLEAR_REVIEWED", Clear, byNobody},
	ClearCrowd:           {"CLEAR_CROWD", Clear, byNobody},
	ClearListed:          {"CLEAR", Clear, byNobody},
	ClearNoPeople:        {"CLEAR_NO_PEOPLE", Clear, byNobody},
}

// String returns the stable name of c, such as "NO_CONSENT".
func (c Code) String() string {
	if c == noCode || c >= numCodes {
		return "NO_CODE"
	}
	return codes[c].name
}

// Verdict returns the best verdict that a decision with c can have.
func (c Code) Verdict() Verdict {
	if c == noCode || c >= numCodes {
		return Refuse
	}
	return codes[c].verdict
}

// ReleasedBy reports whether a review in role r may lift c.
func (c Code) ReleasedBy(r Role) bool {
	if c >= numCodes {
		return false
	}
	switch codes[c].released {
	case bySafeguarding:
		return r == Safeguarding
	case byReviewer:
		return r == Safeguarding || r == Reviewer
	}
	return false
}

// MarshalText returns the stable name of c.
func (c Code) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText accepts the names that String returns.
func (c *Code) UnmarshalText(text []byte) error {
	got, ok := ParseCode(string(text))
	if !ok {
		return fmt.Errorf("consent: no such code")
	}
	*c = got
	return nil
}

// ParseCode returns the code of that name, and whether there is one.
func ParseCode(name string) (Code, bool) {
	for c := noCode + 1; c < numCodes; c++ {
		if codes[c].name == name {
			return c, true
		}
	}
	return noCode, false
}

// Codes lists every code in the order of section 10.
func Codes() []Code {
	all := make([]Code, 0, numCodes-1)
	for c := noCode + 1; c < numCodes; c++ {
		all = append(all, c)
	}
	return all
}

// A codeSet is a set of codes; there are fewer than 64.
type codeSet uint64

func (s *codeSet) add(c Code)       { *s |= 1 << c }
func (s *codeSet) addAll(t codeSet) { *s |= t }
func (s codeSet) has(c Code) bool   { return s&(1<<c) != 0 }

// list returns the codes in their order.
func (s codeSet) list() []Code {
	out := make([]Code, 0, bits.OnesCount64(uint64(s)))
	for t := uint64(s); t != 0; t &= t - 1 {
		out = append(out, Code(bits.TrailingZeros64(t)))
	}
	return out
}

// verdict returns the verdict of the first code, which is the most restrictive one.
func (s codeSet) verdict() Verdict {
	if s == 0 {
		return Clear
	}
	return Code(bits.TrailingZeros64(uint64(s))).Verdict()
}
