package consent

import (
	"regexp"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const formatName = "mediaveil-consent/1"

// Vocabularies of section 4, in its order.
var (
	purposes = []string{"awareness", "fundraising", "advocacy", "donor-report", "programme-report",
		"education", "training", "research", "recruitment", "archive"}
	channels = []string{"website", "social-media", "paid-advertising", "email", "press", "broadcast",
		"print", "outdoor", "exhibition", "event", "donor-direct", "partner", "internal"}
	kinds = []string{"photo", "video", "audio"}
)

// Purposes lists the purposes of the format; own ones start with x-.
func Purposes() []string { return append([]string(nil), purposes...) }

// Channels lists the channels of the format; own ones start with x-.
func Channels() []string { return append([]string(nil), channels...) }

const worldwide = "worldwide"

var ownWord = regexp.MustCompile(`^x-[a-z0-9][a-z0-9-]{0,39}$`)

// openChannels reach every country whatever the request says, unless it is geofenced
// (section 8).
var openChannels = map[string]bool{"website": true, "social-media": true, "press": true, "partner": true}

// nearest returns the allowed word that s was probably meant to be, or nothing.
func nearest(s string, allowed []string) string {
	const far = 3
	best, found := far, ""
	folded := strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(s))
	for _, w := range allowed {
		if len(s) > len(w)+far || len(w) > len(s)+far {
			continue
		}
		d := distance(folded, strings.ReplaceAll(w, "_", "-"))
		if d < best && d*2 < len(w) {
			best, found = d, w
		}
	}
	return found
}

// distance counts the letters to add, drop, change or swap with a neighbour to get from a
// to b.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}

// fastPatterns are the patterns of the schema that a large manifest meets a hundred thousand
// times, by hand. A test holds them against the regular expressions.
var fastPatterns = map[string]func(string) bool{
	`^[0-9a-f]{64}$`:              isSHA256,
	`^p-[a-z0-9]*[0-9][a-z0-9]*$`: func(s string) bool { return isID(s, 'p') },
	`^c-[a-z0-9]*[0-9][a-z0-9]*$`: func(s string) bool { return isID(s, 'c') },
	`^m-[a-z0-9]*[0-9][a-z0-9]*$`: func(s string) bool { return isID(s, 'm') },
	`^w-[a-z0-9]*[0-9][a-z0-9]*$`: func(s string) bool { return isID(s, 'w') },
	`^s-[a-z0-9]*[0-9][a-z0-9]*$`: func(s string) bool { return isID(s, 's') },
}

func isSHA256(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// isID reports whether s is an id with that letter; its length is not checked.
func isID(s string, letter byte) bool {
	if len(s) < 3 || s[0] != letter || s[1] != '-' {
		return false
	}
	digit := false
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digit = true
		case c < 'a' || c > 'z':
			return false
		}
	}
	return digit
}

// A pattern is a regular expression of the schema, by hand where that pays.
type pattern struct {
	text  string
	match func(string) bool
}

func (p pattern) MatchString(s string) bool { return p.match(s) }
func (p pattern) String() string            { return p.text }

func compilePattern(text string) (jsonschema.Regexp, error) {
	if fast := fastPatterns[text]; fast != nil {
		return pattern{text, fast}, nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	return pattern{text, re.MatchString}, nil
}
