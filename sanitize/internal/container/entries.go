package container

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Bounds of what a clean file says. A text within them fits where EXIF and XMP put it.
const (
	maxText    = 32000 // bytes of one text, and of all creators together
	maxRepeats = 64    // values of a field that may occur more than once
)

// A BadEntry says that a text which a caller wants written cannot be.
type BadEntry struct{ Field metadata.Field }

func (e *BadEntry) Error() string { return "the text for " + string(e.Field) + " cannot be written" }

// entries collects what is written anew: for each field what the caller sets, else what the
// best source in the file says, if it may stay. Values are in the one form in which every
// writer writes and every reader reads them.
func entries(writes []metadata.Field, spans []Span, keep func(metadata.Item) bool, set []metadata.Entry) ([]metadata.Entry, error) {
	values := found(spans, keep)
	given := make(map[metadata.Field][]metadata.Secret)
	for _, e := range set {
		v := canonical(e.Field, e.Value)
		if c := e.Field.Category(); c == metadata.Unknown || c == metadata.Rendering || len(v) == 0 && e.Value != "" {
			return nil, &BadEntry{e.Field}
		}
		given[e.Field] = append(given[e.Field], v...)
	}
	for f, v := range given {
		values[f] = v
	}
	var out []metadata.Entry
	for _, f := range metadata.Fields() {
		if !slices.Contains(writes, f) {
			continue
		}
		for _, v := range bounded(f, values[f]) {
			out = append(out, metadata.Entry{Field: f, Value: v})
		}
	}
	return out, nil
}

// found returns what the file says of each field that may stay, from the best source only.
func found(spans []Span, keep func(metadata.Item) bool) map[metadata.Field][]metadata.Secret {
	best := make(map[metadata.Field]int)
	values := make(map[metadata.Field][]metadata.Secret)
	for _, s := range spans {
		for _, it := range s.Items {
			if it.Field == "" || it.Value == "" || !keep(it) {
				continue
			}
			v := canonical(it.Field, it.Value)
			rank, have := rankOf(it.Path), len(values[it.Field]) > 0
			if len(v) == 0 || have && rank > best[it.Field] {
				continue
			}
			if have && rank < best[it.Field] {
				values[it.Field] = nil
			}
			best[it.Field] = rank
			values[it.Field] = append(values[it.Field], v...)
		}
	}
	return values
}

// bounded returns the values of f that are written: no value twice, one only unless the field
// repeats, and no more than there is room for.
func bounded(f metadata.Field, values []metadata.Secret) []metadata.Secret {
	most, room := 1, maxText
	if f.Repeats() {
		most = maxRepeats
	}
	var out []metadata.Secret
	for _, v := range values {
		const separator = 2 // EXIF joins creators with "; "
		if len(out) == most || len(v)+separator > room && len(out) > 0 {
			break
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
			room -= len(v) + separator
		}
	}
	return out
}

// rankOf says how far a place is to be believed when several say something different, the
// best first. XMP is what editors of today write; EXIF is what a camera wrote before them.
func rankOf(path string) int {
	switch {
	case strings.Contains(path, "/icc/"), strings.Contains(path, "/xmp/"):
		return 0
	case strings.Contains(path, "/iptc/"):
		return 1
	}
	return 2
}

// canonical returns a value of f in the form in which it is written and read back, several
// when it names several people, none when it says nothing.
func canonical(f metadata.Field, v metadata.Secret) []metadata.Secret {
	s := tidy(v.Reveal())
	ok := s != ""
	switch f {
	case metadata.Orientation:
		ok = len(s) == 1 && s >= "2" && s <= "8" // 1 is what every viewer assumes
	case metadata.DateTaken:
		ok = dates.MatchString(s)
	case metadata.Latitude:
		s, ok = degrees(s, 90)
	case metadata.Longitude:
		s, ok = degrees(s, 180)
	case metadata.Creator:
		return people(s)
	}
	if !ok {
		return nil
	}
	return []metadata.Secret{metadata.Secret(s)}
}

// dates are those that XMP can say, ISO 16684-1 section 8.2.1.1.
var dates = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?$`)

// people splits a list of names as EXIF writes it.
func people(s string) []metadata.Secret {
	var out []metadata.Secret
	for name := range strings.SplitSeq(s, ";") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, metadata.Secret(name))
		}
	}
	return out
}

// degrees writes an angle to seven decimals, which is a centimetre.
func degrees(s string, most float64) (string, bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(math.Abs(v) <= most) {
		return "", false
	}
	s = strconv.FormatFloat(v, 'f', 7, 64)
	if s = strings.TrimRight(strings.TrimRight(s, "0"), "."); s == "-0" {
		s = "0"
	}
	return s, true
}

// tidy returns text without what XML does not allow or nobody sees: control characters,
// byte order marks, white space around it. It is at most maxText bytes long.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\uFEFF', r == '\uFFFE', r == '\uFFFF', unicode.IsControl(r) && r != '\n' && r != '\t':
			return -1
		}
		return r
	}, s))
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.TrimSpace(s[:cut])
}
