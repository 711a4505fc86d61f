package consent

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of section 1.
const (
	maxBytes = 4 << 20
	maxDepth = 16
)

// A Syntax is how a manifest is written down. The zero Syntax is YAML.
type Syntax uint8

// The two syntaxes.
const (
	YAML Syntax = iota
	JSON
)

// A Fault is one thing that is wrong with a manifest. It quotes nothing of it: Where is made
// of field names of the format and of positions in lists.
type Fault struct {
	Line       int    `json:"line,omitempty"`   // from 1; 0 when there is no place to point at
	Column     int    `json:"column,omitempty"` // in characters, from 1
	Where      string `json:"where,omitempty"`  // consents[0].channels[1]
	Problem    string `json:"problem"`
	Suggestion string `json:"suggestion,omitempty"` // the word of the format that was probably meant
}

// String returns the fault as one line.
func (f Fault) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", f.Line, f.Column)
	}
	if f.Where != "" {
		b.WriteString(f.Where + ": ")
	}
	b.WriteString(f.Problem)
	if f.Suggestion != "" {
		b.WriteString(": did you mean `" + f.Suggestion + "`?")
	}
	return b.String()
}

// An Error says why a manifest cannot be used. It quotes nothing of it.
type Error struct {
	Code   Code    // ManifestTooLarge, ManifestMalformed, ManifestVersion, ManifestSchema or ManifestSemantics
	Faults []Fault // never empty; at most maxFaults
}

// maxFaults bounds what lint shows of a file that is wrong throughout.
const maxFaults = 200

// Error returns the code and the first fault.
func (e *Error) Error() string {
	text := "consent: " + e.Code.String() + ": " + e.Faults[0].String()
	if more := len(e.Faults) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

func malformed(line, col int, problem string) error {
	return &Error{ManifestMalformed, []Fault{{Line: line, Column: col, Problem: problem}}}
}

// readSource reads at most the allowed size, and drops one byte order mark.
func readSource(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if len(data) > maxBytes {
		return nil, &Error{ManifestTooLarge, []Fault{{Problem: "larger than 4 MiB"}}}
	}
	if err != nil {
		return nil, malformed(0, 0, "cannot be read")
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

// checkText finds what may be nowhere in a file: bytes that are not UTF-8, control characters
// and, in YAML, the characters that readers of different versions take for line breaks or
// for nothing.
func checkText(src []byte, syntax Syntax) error {
	line, col := 1, 1
	for i := 0; i < len(src); {
		c, n := rune(src[i]), 1
		if c >= utf8.RuneSelf {
			c, n = utf8.DecodeRune(src[i:])
		}
		if problem := badRune(c, n, col, syntax); problem != "" {
			return malformed(line, col, problem)
		}
		i, col = i+n, col+1
		if c == '\n' || c == '\r' && (i == len(src) || src[i] != '\n') {
			line, col = line+1, 1
		}
	}
	return nil
}

func badRune(c rune, size, col int, syntax Syntax) string {
	switch {
	case c >= ' ' && c < 0x7f || c == '\n' || c == '\t' || c == '\r':
		return ""
	case c == utf8.RuneError && size == 1:
		return "not UTF-8"
	case unicode.Is(unicode.Cc, c):
		return "control character"
	case syntax == JSON:
		return ""
	case c == '\u2028' || c == '\u2029':
		return "line separator that is not a line feed"
	case c == '\ufeff' && col == 1:
		return "byte order mark inside the file"
	}
	return ""
}

// A node is a value with its place in the file. The kids of a mapping are key, value, key,
// value; keys are strings.
type node struct {
	kind kind
	text string // of a string or a number, and "true" or "false" of a boolean
	line int32
	col  int32
	kids []node
}

type kind uint8

const (
	isNull kind = iota
	isBool
	isNumber
	isString
	isList
	isMap
)

// get returns the value of a field of a mapping, or nil.
func (n *node) get(key string) *node {
	if n == nil || n.kind != isMap {
		return nil
	}
	for i := 0; i+1 < len(n.kids); i += 2 {
		if n.kids[i].text == key {
			return &n.kids[i+1]
		}
	}
	return nil
}

// checkKeys finds a key that occurs twice in the mapping n.
func checkKeys(n *node) error {
	const few = 16 // up to here comparing beats hashing
	if len(n.kids) <= 2*few {
		for i := 2; i < len(n.kids); i += 2 {
			for j := 0; j < i; j += 2 {
				if n.kids[i].text == n.kids[j].text {
					return repeated(&n.kids[i])
				}
			}
		}
		return nil
	}
	seen := make(map[string]bool, len(n.kids)/2)
	for i := 0; i < len(n.kids); i += 2 {
		if seen[n.kids[i].text] {
			return repeated(&n.kids[i])
		}
		seen[n.kids[i].text] = true
	}
	return nil
}

func repeated(key *node) error {
	return malformed(int(key.line), int(key.col), "repeated key")
}
