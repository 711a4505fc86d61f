package consent

import "time"

// A Query is one question: may this medium be shown in this way at this instant?
type Query struct {
	Request Request
	Medium  Medium
	State   State
	Policy  Policy
	Review  *Review // nil if nobody looked at it
}

// A Request says how a medium is to be used (section 8).
type Request struct {
	Purpose     string
	Channel     string
	Territories []string  // ISO 3166-1 alpha-2; none means worldwide
	At          time.Time // the instant of publication; the zero time is invalid
	Geofenced   bool      // the channel shows it in these territories only
	Applied     []string  // treatments: face-hidden for everybody, face-hidden:p-7f3k for one
	Uploader    string    // s-…
}

// A Medium is the file that the question is about.
type Medium struct {
	SHA256   string   // lower-case hex of the original bytes as received
	Path     string   // relative to the watched root, with slashes
	Kind     string   // photo, video or audio
	Observed *int     // how many people a detector or a person counted; nil if nobody did
	Near     []string // SHA-256 of known media that look alike
}

// State is what the clock and the audit log say when the question is asked.
type State struct {
	Now          time.Time // the zero time stands for Request.At
	LastAudit    time.Time // instant of the newest audit record; zero if there is none
	Publications int       // how often this medium was published before
}

// Policy is what an organisation configures. It is never read from a manifest. A zero number
// stands for the default of section 8, a negative one for zero.
type Policy struct {
	FourEyes      bool
	WeakMatch     string        // "hold", which is the default, or "adults"
	MaxDaysAdult  int           // 1826
	MaxDaysChild  int           // 1096
	Skew          time.Duration // ten minutes
	ReviewMaxDays int           // 30
}

func (p Policy) withDefaults() Policy {
	p.MaxDaysAdult = orDefault(p.MaxDaysAdult, 1826)
	p.MaxDaysChild = orDefault(p.MaxDaysChild, 1096)
	p.ReviewMaxDays = orDefault(p.ReviewMaxDays, 30)
	p.Skew = orDefault(p.Skew, 600*time.Second)
	return p
}

func orDefault[N int | time.Duration](n, otherwise N) N {
	if n == 0 {
		return otherwise
	}
	return max(n, 0)
}

// A Review is the word of a person who looked at what was held (mediaveil-review/1). It lifts
// the codes that it lists and that its role may lift, if it carries a valid signature by a
// key of that role; without one it lifts nothing.
type Review struct {
	SHA256     string
	By         string // s-…
	Role       Role
	At         time.Time
	Release    []Code
	Signatures []Signature
}

// signed reports whether a registered key of the review's role signed it.
func (r *Review) signed() bool {
	ok := false
	for _, s := range r.Signatures {
		if s.State == StateBad {
			return false
		}
		ok = ok || s.State == StateValid && s.Role == r.Role
	}
	return ok
}

// A Decision is the answer (section 11). It is good for the instant of its request only.
type Decision struct {
	Verdict    Verdict   `json:"decision"`
	Reason     Code      `json:"reason"`
	Reasons    []Code    `json:"reasons"`
	RecheckAt  time.Time `json:"recheck_at,omitzero"` // UTC, whole seconds
	Missing    []string  `json:"missing,omitempty"`
	Conditions []string  `json:"conditions,omitempty"`
	Notes      []string  `json:"notes,omitempty"`
}

// NoteTrustFolder says that a decision rests on who may write to a folder, not on signatures.
const NoteTrustFolder = "TRUST_FOLDER"
