// Package cases runs case files (FORMAT.md, section 13): manifests, a question, and the
// decision that is expected. Policy officers use them to prove what their rules do.
//
// A case stands by itself: its signatures are what a verifier is said to have found, its
// state and its clock are written down, and nothing is read from anywhere else.
package cases

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

const formatName = "mediaveil-consent-cases/1"

// maxFile bounds a case file.
const maxFile = 256 << 20

// A Case is one question with its surroundings and the expected answer.
type Case struct {
	ID        string          `json:"id"`
	Area      string          `json:"area"`
	Title     string          `json:"title"`
	Manifests []manifest      `json:"manifests"`
	Medium    json.RawMessage `json:"media"`
	Request   json.RawMessage `json:"request"`
	State     state           `json:"state"`
	Policy    policy          `json:"policy"`
	Trust     string          `json:"trust"`
	Review    *review         `json:"review"`
	Expect    Expect          `json:"expect"`
}

// Expect is what a case file says about the decision. Decision and Reason are always
// compared, the others where the file gives them.
type Expect struct {
	Decision   string    `json:"decision"`
	Reason     string    `json:"reason"`
	Reasons    *[]string `json:"reasons"`
	RecheckAt  *string   `json:"recheck_at"`
	Missing    *[]string `json:"missing"`
	Conditions *[]string `json:"conditions"`
}

// A Result is what a case got. In JSON it is one line of `mediaveil consent cases --json`.
type Result struct {
	ID string `json:"id"`
	consent.Decision
	Pass bool `json:"pass"`
}

// Read reads a case file.
func Read(r io.Reader) ([]Case, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("case file: %w", err)
	}
	if len(data) > maxFile {
		return nil, errors.New("case file: too large")
	}
	var doc struct {
		Format string `json:"format"`
		Cases  []Case `json:"cases"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, errors.New("case file: not the JSON of a case file") // the error may quote it
	}
	if doc.Format != formatName {
		return nil, errors.New("case file: format is not " + formatName)
	}
	return doc.Cases, nil
}

// Run decides the case.
func (c *Case) Run() Result {
	d := c.decide()
	return Result{ID: c.ID, Decision: d, Pass: c.Expect.met(d)}
}

func (c *Case) decide() consent.Decision {
	found := make([]consent.Found, len(c.Manifests))
	for i := range c.Manifests {
		found[i] = c.Manifests[i].read()
	}
	reg := consent.NewRegister(found, consent.Options{
		Memory:      c.State.memory(),
		TrustFolder: c.Trust == "folder" || c.Policy.Trust == "folder",
	})
	return reg.Decide(consent.Query{
		Request: readRequest(c.Request),
		Medium:  readMedium(c.Medium),
		State:   c.State.state(),
		Policy:  c.Policy.policy(),
		Review:  c.Review.review(),
	})
}

func (e *Expect) met(d consent.Decision) bool {
	return e.Decision == d.Verdict.String() && e.Reason == d.Reason.String() &&
		same(e.Reasons, names(d.Reasons)) && same(e.Missing, d.Missing) &&
		same(e.Conditions, d.Conditions) && sameInstant(e.RecheckAt, d.RecheckAt)
}

func names(codes []consent.Code) []string {
	list := make([]string, len(codes))
	for i, c := range codes {
		list[i] = c.String()
	}
	return list
}

func same(want *[]string, got []string) bool { return want == nil || slices.Equal(*want, got) }

func sameInstant(want *string, got time.Time) bool {
	if want == nil {
		return true
	}
	t, ok := consent.ParseInstant(*want)
	return ok && t.Equal(got)
}
