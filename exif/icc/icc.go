// Package icc reads and rebuilds ICC colour profiles.
//
// A profile tells a viewer which colours the numbers of a picture mean. It also says which
// device was measured, when, by which program, and often in free text by whom. [Read] lists
// all of that; [Filter] writes a new profile that holds colour and nothing else:
//
//	clean, space, err := icc.Filter(profile)
//	if err != nil {
//		return err // nothing usable was made: leave the profile out, or refuse the picture
//	}
//
// Filter keeps a short list of colour tags. Each is parsed by its type and written anew, so
// that no byte survives that is not a colour value; all other tags, the identifying header
// fields, gaps and trailing bytes go. A profile that means sRGB, Display P3 or Adobe RGB
// (1998) is replaced by ours, so that such pictures cannot be told apart by their profiles.
//
// The package never changes colours beyond the tolerances given at [Filter], never returns a
// half-cleaned profile, and never puts text from a profile into an error or a path.
//
// Sources: ICC.1:2001-04 (version 2) and ICC.1:2022 (version 4). Version 5 (iccMAX) is refused.
package icc

import (
	"bytes"
	"errors"
	"fmt"
)

// MaxSize is the largest profile, in bytes, that is read or written.
const MaxSize = 4 << 20

// maxTags is how many tags a profile may have; real ones have fewer than forty.
const maxTags = 256

var (
	// ErrMalformed means that a profile contradicts itself or the specification.
	ErrMalformed = errors.New("icc: malformed profile")
	// ErrUnsupported means that a profile may be right but is not one that we can rebuild:
	// larger than MaxSize, not of version 2 or 4, or not of a class that describes pictures.
	ErrUnsupported = errors.New("icc: unsupported profile")
)

func malformed(what string) error   { return fmt.Errorf("%w: %s", ErrMalformed, what) }
func unsupported(what string) error { return fmt.Errorf("%w: %s", ErrUnsupported, what) }

// A Space is a colour space that is known by name. The zero Space is Custom: any other.
type Space uint8

// The spaces that Filter recognises.
const (
	Custom    Space = iota
	SRGB            // IEC 61966-2-1
	DisplayP3       // SMPTE EG 432-1 primaries, D65 white, the curve of sRGB
	AdobeRGB        // Adobe RGB (1998)
)

// String returns the stable name of s: "display-p3".
func (s Space) String() string {
	switch s {
	case SRGB:
		return "srgb"
	case DisplayP3:
		return "display-p3"
	case AdobeRGB:
		return "adobe-rgb"
	}
	return "custom"
}

// Filter rebuilds a profile from its colour tags only and says which space it is.
//
// A matrix profile whose colorants are within 0.0004 (XYZ, each component) and whose curves
// are within three quarters of an 8-bit step of a known space becomes Profile(space). A profile
// with lookup tables keeps them and is always Custom. The result depends on the colour values
// alone, and Filter of a result is that result.
//
// Errors are ErrMalformed or ErrUnsupported; there is then no profile.
func Filter(profile []byte) ([]byte, Space, error) {
	if s, ok := canonical(profile); ok {
		return Profile(s), s, nil
	}
	p, err := parse(profile)
	if err != nil {
		return nil, Custom, err
	}
	if err := p.supported(); err != nil {
		return nil, Custom, err
	}
	if err := p.disjoint(); err != nil {
		return nil, Custom, err
	}
	colour, err := p.colour()
	if err != nil {
		return nil, Custom, err
	}
	if err := p.complete(colour); err != nil {
		return nil, Custom, err
	}
	if s := match(p.header, colour); s != Custom {
		return Profile(s), s, nil
	}
	name := spaces[p.space].name
	clean := assemble(p.header, append(neutral(p.header, name), colour...))
	if len(clean) > MaxSize {
		return nil, Custom, unsupported("larger than 4 MiB when rebuilt")
	}
	return clean, Custom, nil
}

// colour rebuilds the colour tags in the order of our table.
func (p *profile) colour() ([]element, error) {
	var out []element
	for _, k := range knownTags {
		data, ok := p.tag(k.sig)
		if !ok || k.rebuild == nil || k.sig == "clrt" && !p.needsColorants() {
			continue
		}
		clean, err := k.rebuild(p.header, data)
		if err != nil {
			return nil, fmt.Errorf("%w in tag %s", err, k.word())
		}
		out = append(out, element{k.sig, reuse(out, clean)})
	}
	return out, nil
}

// reuse returns the bytes of an earlier element that are the same, so that data which many
// tags share is held once.
func reuse(es []element, data []byte) []byte {
	for _, e := range es {
		if bytes.Equal(e.data, data) {
			return e.data
		}
	}
	return data
}

// complete checks that the tags describe the way from the picture to colour, by table, by
// matrix and curves, or by one grey curve. A missing white point is no error: every reader
// takes D50 instead.
func (p *profile) complete(colour []element) error {
	has := func(sigs ...string) bool {
		for _, sig := range sigs {
			if _, ok := find(colour, sig); !ok {
				return false
			}
		}
		return true
	}
	channels := spaces[p.space].channels
	switch {
	case has("A2B0") || has("A2B1") || has("A2B2"):
	case channels == 1 && has("kTRC"):
	case channels == 3 && p.pcs == "XYZ " && has(matrixTags...):
	default:
		return malformed("colour tags are missing")
	}
	return nil
}

var matrixTags = []string{"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"}

func find(es []element, sig string) ([]byte, bool) {
	for _, e := range es {
		if e.sig == sig {
			return e.data, true
		}
	}
	return nil, false
}
