package consent

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// A DraftMedium is a file for which a manifest is to be started.
type DraftMedium struct {
	SHA256 string
	Kind   string
}

// Draft starts a manifest for some media. It holds their digests, never their names, and
// words in capitals wherever a person has to decide something: until those are filled in,
// [Read] refuses it, and says where.
func Draft(name string, issued time.Time, media []DraftMedium) []byte {
	var b strings.Builder
	if name == "" {
		name = "TO-BE-NAMED"
	}
	fmt.Fprintf(&b, `# Fill in what stands in capitals; mediaveil consent lint says what is left.
# Comments are allowed, but never write a name, a place or a story into one.
format: mediaveil-consent/1
manifest: %s
sequence: 1
issued_at: %s
timezone: UTC                  # the zone of all dates below, such as Africa/Nairobi

people: []                     # one entry for each person who can be recognised
# - id: p-7f3k                 # a pseudonym with a digit
#   age: adult                 # or 16-17, 13-15, 6-12, 0-5 with age_on, or unknown

consents: []                   # one entry for each answer of a person

media:`, name, issued.Format(time.RFC3339))
	for i, m := range media {
		fmt.Fprintf(&b, "\n- id: m-%d\n  match: {sha256: [%q]}\n  kind: %s\n  people: WHO-IS-SHOWN       # [p-7f3k], or [] for nobody\n"+
			"  others: unknown            # none, not-identifiable or crowd, once somebody has looked\n  declared_by: WHO-LOOKED    # s-21", i+1, m.SHA256, m.Kind)
	}
	if len(media) == 0 {
		b.WriteString(" []")
	}
	return []byte(b.String() + "\n")
}

// Bind replaces path entries of a manifest in YAML by the digests of their files, and returns
// the new text with the number of entries bound and left. hash returns no digest for a file
// that is not there. What it returns has to be signed anew, under a higher sequence.
func Bind(src []byte, hash func(path string) (string, error)) (out []byte, bound, left int, err error) {
	if _, err := Read(bytes.NewReader(src), YAML); err != nil && unreadable(err) {
		return nil, 0, 0, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil || len(doc.Content) != 1 {
		return nil, 0, 0, malformed(0, 0, "not YAML")
	}
	for _, entry := range children(field(doc.Content[0], "media")) {
		match := field(entry, "match")
		if match == nil || len(match.Content) != 2 || match.Content[0].Value == "sha256" {
			continue
		}
		sum := ""
		if match.Content[0].Value == "path" {
			if sum, err = hash(match.Content[1].Value); err != nil {
				return nil, 0, 0, err
			}
		}
		if sum == "" {
			left++
			continue
		}
		bound++
		match.Content[0].Value = "sha256"
		*match.Content[1] = yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle,
			Content: []*yaml.Node{{Kind: yaml.ScalarNode, Style: yaml.DoubleQuotedStyle, Value: sum}}}
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, 0, 0, err
	}
	return b.Bytes(), bound, left, nil
}

// unreadable reports whether an error of [Read] means that a file cannot be parsed at all, so
// that nothing in it may be relied on.
func unreadable(err error) bool {
	code := loadCode(err)
	return code == ManifestMalformed || code == ManifestTooLarge || code == ManifestVersion
}

func field(n *yaml.Node, name string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

func children(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}
