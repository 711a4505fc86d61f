package consent

import (
	"strings"

	"golang.org/x/text/cases"
)

// folder folds case in full, as Unicode defines it for caseless matching. It keeps no state.
var folder = cases.Fold()

// globPrefix returns the leading segments of a folded glob that have no wildcard, so that a
// glob is only tried on paths below them.
func globPrefix(glob string) string {
	i := strings.IndexAny(glob, "*?")
	if i < 0 {
		i = len(glob)
	}
	return glob[:strings.LastIndexByte(glob[:i], '/')+1]
}

// A globPart is one character of a glob or a wildcard.
type globPart struct {
	wild wildcard
	char rune
}

type wildcard uint8

const (
	literal   wildcard = iota
	oneChar            // ?   one character, but no slash
	inSegment          // *   anything without a slash
	segments           // **/ any number of whole segments
	anything           // **
)

func compileGlob(glob string) []globPart {
	var parts []globPart
	start := true // of a segment: only there does **/ mean segments
	for len(glob) > 0 {
		var p globPart
		n := 1
		switch {
		case strings.HasPrefix(glob, "**/") && start:
			p.wild, n = segments, 3
		case strings.HasPrefix(glob, "**"):
			p.wild, n = anything, 2
		case glob[0] == '*':
			p.wild = inSegment
		case glob[0] == '?':
			p.wild = oneChar
		default:
			for i, r := range glob {
				if i > 0 {
					n = i
					break
				}
				p.char, n = r, len(glob)
			}
		}
		start = p.wild == segments || p.wild == literal && p.char == '/'
		parts, glob = append(parts, p), glob[n:]
	}
	return parts
}

// matchGlob reports whether a folded glob matches a folded path. It keeps the set of places
// in the glob that can be reached, so its time is the product of the two lengths.
func matchGlob(parts []globPart, path string) bool {
	now := make([]bool, len(parts)+1)
	next := make([]bool, len(parts)+1)
	now[0] = true
	skipEmpty(parts, now, true)
	for _, r := range path {
		clear(next)
		for i, p := range parts {
			if now[i] {
				step(p, r, i, next)
			}
		}
		skipEmpty(parts, next, r == '/')
		now, next = next, now
	}
	return now[len(parts)]
}

// step moves over one character of the path from place i.
func step(p globPart, r rune, i int, next []bool) {
	switch p.wild {
	case literal:
		next[i+1] = next[i+1] || p.char == r
	case oneChar:
		next[i+1] = next[i+1] || r != '/'
	case inSegment:
		next[i] = next[i] || r != '/'
	case segments, anything:
		next[i] = true
	}
}

// skipEmpty adds the places that are reached when wildcards match nothing more. Whole
// segments can end only where one begins.
func skipEmpty(parts []globPart, at []bool, boundary bool) {
	for i, p := range parts {
		if at[i] && (p.wild == inSegment || p.wild == anything || p.wild == segments && boundary) {
			at[i+1] = true
		}
	}
}
