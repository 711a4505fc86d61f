// Package metadata names what a media file carries beside its picture and sound.
//
// An [Item] is one such thing: a GPS latitude, a serial number, a thumbnail. Its
// [Category] says what it gives away, its [Field] whether it is one of the few texts that
// can be written anew into a clean file, and its value is a [Secret], which prints and
// encodes as its length, so that a log line or an error cannot give it away by accident.
//
// The package holds words only. It reads no file, decides nothing, and imports nothing
// beyond the standard library; every other package of the module may import it.
package metadata

import (
	"fmt"
	"math/bits"
	"strconv"
)

// A Category says what a piece of metadata gives away. The zero Category is Unknown,
// so whatever nobody has classified is treated as the worst.
type Category uint8

// The categories. A later release may add one; under a keep-list it is then removed by
// every policy written before.
const (
	Unknown     Category = iota // nobody knows what it says
	Location                    // where: coordinates, place names, direction
	Device                      // with what: maker, model, serial numbers, maker notes
	Time                        // when: taken, changed, digitised, with time zones
	Person                      // who: people shown, camera owner, face regions
	Description                 // what about: title, caption, keywords, comments
	AltText                     // words for people who cannot see the picture, written to be published
	Rights                      // credit, creator, copyright, licence
	Software                    // which programs, documents and edits it went through
	Thumbnail                   // another copy of the picture, another picture, film or sound
	GainMap                     // what HDR screens brighten a picture with: a small grey copy of it
	Rendering                   // what a viewer needs: orientation, colour profile, resolution
	numCategories
)

var categoryNames = [numCategories]string{
	"unknown", "location", "device", "time", "person", "description", "alt-text", "rights",
	"software", "thumbnail", "gain-map", "rendering",
}

// String returns the stable name of c, as used in JSON and in policies: "gain-map".
func (c Category) String() string {
	if c >= numCategories {
		return "category(" + strconv.Itoa(int(c)) + ")"
	}
	return categoryNames[c]
}

// MarshalText returns the stable name of c.
func (c Category) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText accepts the names that String returns.
func (c *Category) UnmarshalText(text []byte) error {
	got, ok := ParseCategory(string(text))
	if !ok {
		return fmt.Errorf("metadata: no such category")
	}
	*c = got
	return nil
}

// ParseCategory returns the category of that name, and whether there is one.
func ParseCategory(name string) (Category, bool) {
	for i, n := range categoryNames {
		if n == name {
			return Category(i), true
		}
	}
	return Unknown, false
}

// Categories lists every category, Unknown first.
func Categories() []Category {
	all := make([]Category, numCategories)
	for i := range all {
		all[i] = Category(i)
	}
	return all
}

// A Set is a set of categories. The zero Set is empty. In JSON it is a list of names.
type Set uint16

// SetOf returns the set of the given categories.
func SetOf(cs ...Category) Set {
	var s Set
	for _, c := range cs {
		s = s.With(c)
	}
	return s
}

// Has reports whether c is in s.
func (s Set) Has(c Category) bool { return c < numCategories && s&(1<<c) != 0 }

// With returns s and c.
func (s Set) With(c Category) Set {
	if c >= numCategories {
		return s
	}
	return s | 1<<c
}

// Without returns s less c.
func (s Set) Without(c Category) Set { return s &^ (1 << c) }

// Len returns how many categories s holds.
func (s Set) Len() int { return bits.OnesCount16(uint16(s)) }

// List returns the categories of s in their order.
func (s Set) List() []Category {
	list := make([]Category, 0, s.Len())
	for c := range numCategories {
		if s.Has(c) {
			list = append(list, c)
		}
	}
	return list
}

// MarshalJSON writes s as a list of names.
func (s Set) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	for i, c := range s.List() {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendQuote(out, c.String())
	}
	return append(out, ']'), nil
}

// An Item is one thing that a file carries.
type Item struct {
	// Path says where it was found, "jpeg/app1/exif/gps/GPSLatitude". It is made of words
	// from our tables and of numbers only, never of text from the file.
	Path     string
	Category Category
	// Field is set for the few things that can be written anew into a clean file.
	Field Field
	// Size is how many bytes it takes up in the file.
	Size int64
	// Within is set for a position: how near the truth it is, in metres.
	Within float64
	// Value is what it says, as text, when it can be said in text.
	Value Secret
}

// A Secret is text from a file. However it is printed, logged or encoded, only its length
// shows. Reveal is the one way to the text.
type Secret string

// Reveal returns the text. What calls it is what a reviewer has to read.
func (s Secret) Reveal() string { return string(s) }

// String says how long the text is.
func (s Secret) String() string { return fmt.Sprintf("[%d bytes withheld]", len(s)) }

// GoString is String, so that %#v tells no more than %v.
func (s Secret) GoString() string { return s.String() }

// Format is String for every verb and flag.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// MarshalText encodes String.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
