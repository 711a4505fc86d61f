package cases

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

// A manifest is given as a value, as text, as bytes, or as a rule for making many bytes.
type manifest struct {
	Doc        json.RawMessage `json:"doc"`
	Text       *string         `json:"text"`
	Base64     *string         `json:"base64"`
	Generate   *generate       `json:"generate"`
	Syntax     string          `json:"syntax"`
	Signatures []signature     `json:"signatures"`
}

type generate struct {
	Prefix string `json:"prefix"`
	Repeat string `json:"repeat"`
	Times  int    `json:"times"`
	Suffix string `json:"suffix"`
}

type signature struct {
	Key   string       `json:"key"`
	State string       `json:"state"`
	Role  consent.Role `json:"role"`
}

func (m *manifest) read() consent.Found {
	f := consent.Found{Signatures: signatures(m.Signatures)}
	src, syntax, err := m.source()
	if err != nil {
		f.Err = err
		return f
	}
	f.Manifest, f.Err = consent.Read(src, syntax)
	return f
}

func (m *manifest) source() (io.Reader, consent.Syntax, error) {
	syntax := consent.YAML
	if m.Syntax == "json" {
		syntax = consent.JSON
	}
	switch {
	case m.Doc != nil:
		return bytes.NewReader(m.Doc), consent.JSON, nil
	case m.Text != nil:
		return strings.NewReader(*m.Text), syntax, nil
	case m.Base64 != nil:
		data, err := base64.StdEncoding.DecodeString(*m.Base64)
		return bytes.NewReader(data), syntax, err
	case m.Generate != nil:
		return m.Generate.reader(), syntax, nil
	}
	return nil, syntax, errors.New("a manifest without content")
}

// reader makes the text while it is read, so that a case of any size costs nothing.
func (g *generate) reader() io.Reader {
	return io.MultiReader(strings.NewReader(g.Prefix), &repeater{text: g.Repeat, times: g.Times},
		strings.NewReader(g.Suffix))
}

type repeater struct {
	text  string
	times int
	at    int // in text
}

func (r *repeater) Read(p []byte) (n int, err error) {
	for n < len(p) && r.times > 0 && r.text != "" {
		k := copy(p[n:], r.text[r.at:])
		n, r.at = n+k, r.at+k
		if r.at == len(r.text) {
			r.at, r.times = 0, r.times-1
		}
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func signatures(list []signature) []consent.Signature {
	out := make([]consent.Signature, len(list))
	for i, s := range list {
		state, ok := consent.ParseKeyState(s.State)
		if !ok {
			state = consent.StateBad
		}
		out[i] = consent.Signature{Key: s.Key, State: state, Role: s.Role}
	}
	return out
}

// readRequest reads a request. One that cannot be read is the zero Request, which is invalid.
func readRequest(raw json.RawMessage) consent.Request {
	var r struct {
		Purpose     string   `json:"purpose"`
		Channel     string   `json:"channel"`
		Territories []string `json:"territories"`
		At          string   `json:"at"`
		Geofenced   bool     `json:"geofenced"`
		Applied     []string `json:"applied"`
		Uploader    string   `json:"uploader"`
	}
	if json.Unmarshal(raw, &r) != nil {
		return consent.Request{}
	}
	at, _ := consent.ParseInstant(r.At)
	return consent.Request{
		Purpose: r.Purpose, Channel: r.Channel, Territories: r.Territories, At: at,
		Geofenced: r.Geofenced, Applied: r.Applied, Uploader: r.Uploader,
	}
}

// readMedium reads a medium. One that cannot be read is the zero Medium, which is invalid.
func readMedium(raw json.RawMessage) consent.Medium {
	var m struct {
		SHA256   string   `json:"sha256"`
		Path     string   `json:"path"`
		Kind     string   `json:"kind"`
		Observed *int     `json:"observed_people"`
		Near     []string `json:"near"`
	}
	if json.Unmarshal(raw, &m) != nil {
		return consent.Medium{}
	}
	return consent.Medium(m)
}

// A state is what the audit log and the clock say.
type state struct {
	Now          string           `json:"now"`
	LastAudit    string           `json:"last_audit_at"`
	Sequences    map[string]int64 `json:"sequences"`
	Withdrawals  []withdrawal     `json:"withdrawals_seen"`
	Publications int              `json:"prior_publications"`
}

type withdrawal struct {
	ID       string   `json:"id"`
	Person   string   `json:"person"`
	Consent  string   `json:"consent"`
	SHA256   string   `json:"sha256"`
	On       string   `json:"on"`
	Channels []string `json:"channels"`
	Takedown *bool    `json:"takedown"`
}

func (s *state) memory() consent.Memory {
	m := consent.Memory{Sequences: s.Sequences}
	for _, w := range s.Withdrawals {
		on, _ := consent.ParseDate(w.On)
		m.Withdrawals = append(m.Withdrawals, consent.Withdrawal{
			ID: w.ID, Person: w.Person, Consent: w.Consent, SHA256: w.SHA256, On: on,
			Channels: w.Channels, Takedown: w.Takedown == nil || *w.Takedown,
		})
	}
	return m
}

func (s *state) state() consent.State {
	return consent.State{Now: instant(s.Now), LastAudit: instant(s.LastAudit), Publications: s.Publications}
}

// instant reads an instant of the state. One that cannot be read lies far ahead, so that the
// clock rule holds.
func instant(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, ok := consent.ParseInstant(s)
	if !ok {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return t
}

type policy struct {
	FourEyes      bool   `json:"four_eyes"`
	WeakMatch     string `json:"weak_match"`
	MaxDaysAdult  *int   `json:"max_days_adult"`
	MaxDaysChild  *int   `json:"max_days_child"`
	SkewSeconds   *int   `json:"skew_seconds"`
	ReviewMaxDays *int   `json:"review_max_days"`
	Trust         string `json:"trust"`
}

func (p *policy) policy() consent.Policy {
	return consent.Policy{
		FourEyes: p.FourEyes, WeakMatch: p.WeakMatch,
		MaxDaysAdult: given(p.MaxDaysAdult), MaxDaysChild: given(p.MaxDaysChild),
		Skew:          time.Duration(given(p.SkewSeconds)) * time.Second,
		ReviewMaxDays: given(p.ReviewMaxDays),
	}
}

// given turns a number of a case file into one of a Policy, where zero means the default.
func given(n *int) int {
	switch {
	case n == nil:
		return 0
	case *n == 0:
		return -1
	}
	return *n
}

type review struct {
	SHA256     string       `json:"sha256"`
	By         string       `json:"by"`
	Role       consent.Role `json:"role"`
	At         string       `json:"at"`
	Release    []string     `json:"release"`
	Signatures *[]signature `json:"signatures"`
}

// review reads a review. Where the case says nothing about its signature, it is signed by a
// key of its role.
func (r *review) review() *consent.Review {
	if r == nil {
		return nil
	}
	out := &consent.Review{SHA256: r.SHA256, By: r.By, Role: r.Role, At: instant(r.At)}
	for _, name := range r.Release {
		if code, ok := consent.ParseCode(name); ok {
			out.Release = append(out.Release, code)
		}
	}
	out.Signatures = []consent.Signature{{State: consent.StateValid, Role: r.Role}}
	if r.Signatures != nil {
		out.Signatures = signatures(*r.Signatures)
	}
	return out
}
