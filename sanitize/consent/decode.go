package consent

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"
)

// decode turns a value that follows the schema into a Manifest, and checks section 6.
func decode(root *node) (*Manifest, error) {
	c := checker{root: root}
	m := &Manifest{
		Name:     root.text1("manifest", ""),
		Sequence: root.integer("sequence"),
		IssuedAt: c.instant(root.get("issued_at"), "issued_at"),
		Zone:     c.zone(root.get("timezone")),
		content:  contentOf(root),
	}
	m.People = decodeList(root.get("people"), decodePerson)
	m.Consents = decodeList(root.get("consents"), func(n *node) Consent { return decodeConsent(n, m.Zone) })
	m.Media = decodeList(root.get("media"), decodeEntry)
	m.Withdrawals = decodeList(root.get("withdrawals"), decodeWithdrawal)
	c.check(m)
	if len(c.faults) > 0 {
		return nil, &Error{ManifestSemantics, c.faults}
	}
	return m, nil
}

func decodeList[T any](n *node, one func(*node) T) []T {
	if n == nil {
		return nil
	}
	list := make([]T, len(n.kids))
	for i := range n.kids {
		list[i] = one(&n.kids[i])
	}
	return list
}

func (n *node) text1(key, otherwise string) string {
	if v := n.get(key); v != nil && v.kind == isString {
		return v.text
	}
	return otherwise
}

func (n *node) texts(key string) []string {
	return decodeList(n.get(key), func(kid *node) string { return kid.text })
}

func (n *node) date(key string) Date {
	d, _ := ParseDate(n.text1(key, ""))
	return d
}

func (n *node) boolean(key string, otherwise bool) bool {
	if v := n.get(key); v != nil && v.kind == isBool {
		return v.text == "true"
	}
	return otherwise
}

// integer reads a number that the schema has found to be an integer; 1.0 and 1e3 are.
func (n *node) integer(key string) int64 {
	v := n.get(key)
	if v == nil {
		return 0
	}
	f, _ := strconv.ParseFloat(v.text, 64)
	return int64(f)
}

func decodePerson(n *node) Person {
	p := Person{ID: n.text1("id", ""), Age: n.text1("age", "unknown")}
	otherwise := "elevated"
	if p.Age == adult {
		otherwise = "standard"
	}
	p.Risk = n.text1("risk", otherwise)
	if band, ok := childBands[p.Age]; ok {
		p.AdultOn = n.date("age_on").AddYears(band.adultAfter)
		if day, _, ok := adultFrom(n); ok {
			p.AdultOn = day
		}
	}
	return p
}

const adult = "adult"

// childBands says after how many years a band ends in adulthood at the latest (section 3),
// and between how many years adult_from must lie (section 6).
var childBands = map[string]struct{ adultAfter, from, to int }{
	"16-17": {2, 0, 2},
	"13-15": {2, 2, 5},
	"6-12":  {5, 5, 12},
	"0-5":   {12, 12, 18},
}

// adultFrom reads adult_from: a day, or a month, which means its first day.
func adultFrom(n *node) (day Date, month, ok bool) {
	text := n.text1("adult_from", "")
	if len(text) == len("2006-01") {
		day, ok = ParseDate(text + "-01")
		return day, true, ok
	}
	day, ok = ParseDate(text)
	return day, false, ok
}

func decodeConsent(n *node, zone *time.Location) Consent {
	c := Consent{
		ID: n.text1("id", ""), Person: n.text1("person", ""), Status: n.text1("status", ""),
		GivenOn:   n.date("given_on"),
		Self:      decodeAnswer(n.get("self")),
		Caregiver: decodeAnswer(n.get("caregiver")),
		Told:      n.texts("told"), Method: n.text1("method", ""),
		RecordedBy: n.text1("recorded_by", ""), Witness: n.text1("witness", ""),
		Evidence: n.get("evidence").text1("ref", ""),
		Purposes: n.texts("purposes"), Channels: n.texts("channels"),
		Territories: n.texts("territories"), NotIn: n.texts("not_in"),
		ValidFrom: n.date("valid_from"), ValidUntil: n.date("valid_until"),
		Embargo:    embargo(n.text1("embargo_until", ""), zone),
		Conditions: n.texts("conditions"), Supersedes: n.texts("supersedes"), Media: n.texts("media"),
	}
	if c.ValidFrom.IsZero() {
		c.ValidFrom = c.GivenOn
	}
	return c
}

func decodeAnswer(n *node) Answer {
	if n == nil {
		return Answer{}
	}
	return Answer{
		Answer:    n.text1("answer", ""),
		Capacity:  n.text1("capacity", "not-assessed"),
		Role:      n.text1("role", ""),
		Authority: n.text1("authority", "not-checked"),
	}
}

func embargo(text string, zone *time.Location) time.Time {
	if day, ok := ParseDate(text); ok {
		return day.Start(zone)
	}
	t, _ := ParseInstant(text)
	return t
}

func decodeEntry(n *node) Entry {
	e := Entry{
		ID: n.text1("id", ""), Kind: n.text1("kind", ""), People: n.texts("people"),
		Others: n.text1("others", "unknown"), DeclaredBy: n.text1("declared_by", ""),
	}
	if crowd := n.get("crowd"); crowd != nil {
		e.Crowd = Crowd{
			Event: crowd.text1("event", ""), NoticePosted: crowd.boolean("notice_posted", false),
			Prominent: crowd.text1("prominent", ""), Children: crowd.text1("children", ""),
		}
	}
	match := n.get("match")
	e.SHA256 = match.texts("sha256")
	for level := LevelPath; level <= LevelFolder; level++ {
		if text := match.text1(levelNames[level], ""); text != "" {
			e.Level, e.Pattern = level, text
		}
	}
	return e
}

func decodeWithdrawal(n *node) Withdrawal {
	return Withdrawal{
		ID: n.text1("id", ""), Person: n.text1("person", ""), Consent: n.text1("consent", ""),
		SHA256: n.text1("sha256", ""), On: n.date("on"), Channels: n.texts("channels"),
		Takedown: n.boolean("takedown", true), RecordedBy: n.text1("recorded_by", ""),
	}
}

// contentOf returns a digest of the parsed value, so that two files that say the same in
// different order or syntax count as one (section 7).
func contentOf(root *node) [sha256.Size]byte {
	return sha256.Sum256(appendCanonical(nil, root))
}

// appendCanonical writes a value so that equal values, and no others, give equal bytes.
func appendCanonical(b []byte, n *node) []byte {
	b = append(b, byte(n.kind))
	b = binary.AppendUvarint(b, uint64(len(n.text)+len(n.kids)))
	b = append(b, n.text...)
	if n.kind != isMap {
		for i := range n.kids {
			b = appendCanonical(b, &n.kids[i])
		}
		return b
	}
	var few [16]int
	order := few[:0]
	for i := 0; i < len(n.kids); i += 2 {
		order = append(order, i)
	}
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(n.kids[i].text, n.kids[j].text) })
	for _, i := range order {
		b = appendCanonical(b, &n.kids[i])
		b = appendCanonical(b, &n.kids[i+1])
	}
	return b
}
