package xmp

import (
	"regexp"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A name in two categories would have one of them by chance.
func TestNamesOnce(t *testing.T) {
	word := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	uris := map[string]bool{}
	for _, list := range [][]schema{standardSchemas, cameraSchemas, programSchemas} {
		for _, s := range list {
			if uris[s.uri] {
				t.Errorf("%s is there twice", s.uri)
			}
			uris[s.uri] = true
			if !word.MatchString(s.prefix) {
				t.Errorf("prefix %q", s.prefix)
			}
			seen := map[string]bool{}
			for category, names := range s.names {
				for _, n := range strings.Fields(names) {
					if seen[n] || !word.MatchString(n) {
						t.Errorf("%s:%s (%s) is there twice or no name", s.prefix, n, category)
					}
					seen[n] = true
				}
			}
		}
	}
}

// Only what the camera tables list by name may be taken for rendering.
func TestNamesRendering(t *testing.T) {
	for uri, ns := range namespaces {
		if ns.category == metadata.Rendering {
			t.Errorf("all of %s is rendering", uri)
		}
		for _, n := range ns.names {
			if n.category == metadata.Rendering && ns.prefix != "tiff" && ns.prefix+":"+n.local != "exif:ColorSpace" {
				t.Errorf("%s:%s is rendering", ns.prefix, n.local)
			}
		}
	}
}

// Every field but those of the container has one property that is written, and the table
// of names has the category of the field.
func TestPropertiesAreNamed(t *testing.T) {
	for _, p := range properties {
		if got := namespaces[p.space].names[p.local].category; got != p.field.Category() {
			t.Errorf("%s is %s, its field %s", p.local, got, p.field.Category())
		}
		if p.field.Repeats() != (p.form == ordered || p.form == unordered) {
			t.Errorf("%s repeats and is no array, or the other way round", p.local)
		}
	}
	for _, f := range metadata.Fields() {
		if want := f.Category() != metadata.Rendering; (writable[f] != nil) != want {
			t.Errorf("%s has a place in XMP: %v", f, !want)
		}
	}
}
