package consent

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are known on every system, and the same everywhere
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A checker gathers what is wrong past the schema (section 6).
type checker struct {
	root   *node
	faults []Fault
}

func (c *checker) fault(n *node, problem, where string, at ...any) {
	if len(c.faults) >= maxFaults {
		return
	}
	f := Fault{Where: fmt.Sprintf(where, at...), Problem: problem}
	if n != nil {
		f.Line, f.Column = int(n.line), int(n.col)
	}
	c.faults = append(c.faults, f)
}

func (c *checker) instant(n *node, where string) time.Time {
	if n == nil {
		return time.Time{}
	}
	t, ok := ParseInstant(n.text)
	if !ok {
		c.fault(n, "is not an instant with an offset", "%s", where)
	}
	return t
}

// zone returns the zone of an IANA name. The two trees that some systems keep beside the
// real one are not IANA names: one of them counts leap seconds.
func (c *checker) zone(n *node) *time.Location {
	if n == nil {
		return time.UTC
	}
	zone, err := time.LoadLocation(n.text)
	if err != nil || strings.HasPrefix(n.text, "posix/") || strings.HasPrefix(n.text, "right/") {
		c.fault(n, "is not a zone of the IANA database", "timezone")
		return time.UTC
	}
	return zone
}

// check runs the checks of section 6 in its order.
func (c *checker) check(m *Manifest) {
	people := c.unique("people")
	c.unique("consents")
	media := c.unique("media")
	c.unique("withdrawals")
	for i := range m.Consents {
		n := &c.root.get("consents").kids[i]
		c.consentRefs(i, n, people, media)
		c.consentCountries(i, n)
		c.consentDates(i, n, &m.Consents[i])
	}
	for i := range m.Media {
		n := &c.root.get("media").kids[i]
		c.entryPeople(i, n, people)
		c.entryPattern(i, n, &m.Media[i])
	}
	for i := range m.People {
		c.adulthood(i, &c.root.get("people").kids[i])
	}
}

// unique checks that no id occurs twice in a block, and returns the ids.
func (c *checker) unique(block string) map[string]bool {
	list := c.root.get(block)
	if list == nil {
		return nil
	}
	seen := make(map[string]bool, len(list.kids))
	for i := range list.kids {
		id := list.kids[i].get("id")
		if id == nil {
			continue
		}
		if seen[id.text] {
			c.fault(id, "an id that is used twice", "%s[%d].id", block, i)
		}
		seen[id.text] = true
	}
	return seen
}

func (c *checker) consentRefs(i int, n *node, people, media map[string]bool) {
	if p := n.get("person"); p != nil && !people[p.text] {
		c.fault(p, "nobody in `people` has this id", "consents[%d].person", i)
	}
	if list := n.get("media"); list != nil {
		for j := range list.kids {
			if !media[list.kids[j].text] {
				c.fault(&list.kids[j], "nothing in `media` has this id", "consents[%d].media[%d]", i, j)
			}
		}
	}
	if list := n.get("supersedes"); list != nil {
		for j := range list.kids {
			if list.kids[j].text == n.text1("id", "") {
				c.fault(&list.kids[j], "a consent cannot supersede itself", "consents[%d].supersedes[%d]", i, j)
			}
		}
	}
}

func (c *checker) consentCountries(i int, n *node) {
	for _, field := range []string{"territories", "not_in"} {
		list := n.get(field)
		if list == nil {
			continue
		}
		for j := range list.kids {
			code := list.kids[j].text
			if field == "territories" && code == worldwide || isCountry(code) {
				continue
			}
			c.fault(&list.kids[j], "is not a country code of ISO 3166-1", "consents[%d].%s[%d]", i, field, j)
		}
	}
}

// consentDates checks given_on ≤ valid_from ≤ valid_until of what was granted.
func (c *checker) consentDates(i int, n *node, consent *Consent) {
	if consent.Status != "granted" {
		return
	}
	if consent.ValidFrom.Before(consent.GivenOn) {
		c.fault(n.get("valid_from"), "is before `given_on`", "consents[%d].valid_from", i)
	}
	if consent.ValidUntil.Before(consent.ValidFrom) {
		c.fault(n.get("valid_until"), "is before the first day", "consents[%d].valid_until", i)
	}
}

func (c *checker) entryPeople(i int, n *node, people map[string]bool) {
	list := n.get("people")
	if list == nil {
		return
	}
	for j := range list.kids {
		if !people[list.kids[j].text] {
			c.fault(&list.kids[j], "nobody in `people` has this id", "media[%d].people[%d]", i, j)
		}
	}
}

func (c *checker) entryPattern(i int, n *node, e *Entry) {
	if e.Level == LevelSHA256 {
		return
	}
	field := levelNames[e.Level]
	problem := badPath(e.Pattern)
	if problem == "" && !norm.NFC.IsNormalString(e.Pattern) {
		problem = "is not in Unicode normal form NFC"
	}
	if problem == "" && e.Level != LevelGlob && strings.ContainsAny(e.Pattern, "*?") {
		problem = "has a wildcard, which only `glob` may have"
	}
	if problem != "" {
		c.fault(n.get("match").get(field), problem, "media[%d].match.%s", i, field)
	}
}

// badPath says what is wrong with a path relative to the watched root.
func badPath(path string) string {
	for _, r := range path {
		if unicode.In(r, unicode.Cc, unicode.Cf) {
			return "has a control or format character"
		}
	}
	if strings.Contains(path, `\`) {
		return "has a backslash"
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return "has an empty, `.` or `..` segment"
		}
	}
	return ""
}

// adulthood checks adult_from against the band and the day on which it was true.
func (c *checker) adulthood(i int, n *node) {
	day, month, ok := adultFrom(n)
	band, child := childBands[n.text1("age", "")]
	if !ok || !child {
		return
	}
	on := n.date("age_on")
	slack := 0
	if month {
		slack = 31
	}
	late := day.AddDays(slack)
	if !late.After(on) || late.Before(on.AddYears(band.from)) || day.After(on.AddYears(band.to)) {
		c.fault(n.get("adult_from"), "does not fit the age band on `age_on`", "people[%d].adult_from", i)
	}
}

// fold brings a path into the form in which paths are compared (section 5).
func fold(path string) string {
	ascii := !slices.ContainsFunc([]byte(path), func(b byte) bool { return b >= 0x80 })
	if ascii {
		return strings.ToLower(path)
	}
	return folder.String(norm.NFC.String(path))
}
