// Package policy says which metadata may stay in a cleaned file.
//
// A [Policy] is a keep-list: what it does not name goes, so a category that a later release
// adds is removed under every policy written today. The zero Policy, which is [Strict],
// keeps nothing but what a viewer needs to show the picture as before.
//
//	p, err := policy.Parse("credited,time")
//
// A kept text is written anew from its value, never passed through as it was found. The
// package decides nothing about files; it only answers for single items.
package policy

import (
	"fmt"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A Policy says which metadata may stay. The zero Policy keeps nothing but
// [metadata.Rendering], which every policy keeps.
type Policy struct {
	Keep metadata.Set
}

// Strict keeps orientation and colour only. It is the zero Policy.
func Strict() Policy { return Policy{} }

// Credited also keeps credit, creator, copyright, licence and alt text: what an
// organisation wants to travel with a published picture.
func Credited() Policy {
	return Policy{metadata.SetOf(metadata.Rights, metadata.AltText)}
}

// Archive keeps every text that can be written anew, places, dates and names of people
// among them. It is for a closed archive, never for publishing.
func Archive() Policy {
	return Policy{metadata.SetOf(metadata.Rights, metadata.AltText, metadata.Description,
		metadata.Time, metadata.Person, metadata.Location, metadata.GainMap)}
}

var presets = []struct {
	name   string
	policy func() Policy
}{{"strict", Strict}, {"credited", Credited}, {"archive", Archive}}

// keepable is what Parse takes by name. Device, Software, Thumbnail and Unknown are not
// in it: no canonical form for them exists, so nothing could keep them.
var keepable = Archive().Keep

// Parse reads a policy as people write it: presets (strict, credited, archive) and
// categories, separated by commas and added up from left to right; a leading minus takes
// a category away. The empty string is Strict.
//
//	credited          credit, copyright, licence, alt text
//	credited,time     and when it was taken
//	archive,-location everything that can be kept but places
func Parse(s string) (Policy, error) {
	var p Policy
	if strings.TrimSpace(s) == "" {
		return p, nil
	}
	for i, word := range strings.Split(s, ",") {
		name, minus := strings.CutPrefix(strings.ToLower(strings.TrimSpace(word)), "-")
		set, ok := lookup(name)
		switch {
		case !ok:
			return Policy{}, fmt.Errorf("policy: word %d is not known; use %s", i+1, words())
		case minus:
			p.Keep &^= set
		default:
			p.Keep |= set
		}
	}
	return p, nil
}

func lookup(name string) (metadata.Set, bool) {
	for _, preset := range presets {
		if preset.name == name {
			return preset.policy().Keep, true
		}
	}
	c, ok := metadata.ParseCategory(name)
	return metadata.SetOf(c), ok && keepable.Has(c)
}

func words() string {
	var all []string
	for _, preset := range presets {
		all = append(all, preset.name)
	}
	for _, c := range keepable.List() {
		all = append(all, c.String())
	}
	return strings.Join(all, ", ")
}

// Keeps reports whether an item of category c may stay.
func (p Policy) Keeps(c metadata.Category) bool {
	return c == metadata.Rendering || keepable.Has(c) && p.Keep.Has(c)
}

// String returns p in the form that Parse reads.
func (p Policy) String() string {
	var kept []string
	for _, c := range p.Keep.List() {
		if keepable.Has(c) {
			kept = append(kept, c.String())
		}
	}
	if len(kept) == 0 {
		return "strict"
	}
	return strings.Join(kept, ",")
}
