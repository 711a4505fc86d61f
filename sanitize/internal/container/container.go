// Package container is the seam between the engine and the file formats.
//
// A [Format] turns a file into an ordered list of [Span] values that leaves no byte out, and
// describes a cleaned file as a [Draft]: ranges of the source, literal bytes, zeros. [Prepare]
// drives the two and [Job.Verify] reads the result back through the same Map, so that nothing
// is published that the format itself has not found clean.
//
//	job, err := container.Prepare(ctx, format, src, keep, nil)
//	if err == nil {
//		err = job.Verify(ctx, job.Draft)
//	}
//
// The package knows no format and no policy, and it never re-encodes: picture and sound are
// ranges of the source.
package container

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Bounds that hold whatever a file says. Past them a format returns a [Feature].
const (
	// MaxSpans is the most spans that a file may be cut into.
	MaxSpans = 1 << 20
	// MaxPayload is the largest single payload, in bytes, that a format takes into memory
	// to understand it: a colour profile, an EXIF block, an XMP packet.
	MaxPayload = 4 << 20
)

// A Source is a file of known size that can be read at any place, by several readers at once.
type Source interface {
	io.ReaderAt
	Size() int64
}

// Info describes a format to people and programs.
type Info struct {
	Name       string           // "jpeg", as in item paths
	Title      string           // "JPEG photo"
	MediaType  string           // "image/jpeg"
	Extensions []string         // ".jpg", ".jpeg"; the first is what a new file gets
	Writes     []metadata.Field // what a cleaned file of this format can say
}

// A Format is one file format. Its methods may be called by several goroutines at once and
// keep nothing between calls.
type Format interface {
	Info() Info

	// Match reports whether a file that begins with head, at least 64 bytes unless the
	// file is shorter, is of this format.
	Match(head []byte) bool

	// Map accounts for every byte of src: the spans lie end to end from 0 to the size. It
	// checks each length against what is left before using it, returns *Malformed or
	// *Feature for what it cannot place, and never panics.
	Map(ctx context.Context, src Source) ([]Span, error)

	// Edit describes src, which Map cut into spans, without the items that plan drops and
	// with the entries that plan writes. It copies every Media span that stays.
	Edit(ctx context.Context, src Source, spans []Span, plan Plan) (*Draft, error)
}

// A Repairer is a Format that can close a file which was cut off, when it is asked to.
type Repairer interface {
	// Repair describes src closed after the last byte that belongs to a picture.
	Repair(ctx context.Context, src Source) (*Draft, error)
}

// A Role says what the bytes of a span are for.
type Role uint8

// The roles. The zero Role is Metadata, so that a span which nobody classified goes.
const (
	Metadata Role = iota // named items, removed or written anew
	Frame                // structure that the container needs, without content of its own
	Media                // picture or sound, and the tables it is decoded with
)

// A Span is a run of bytes with one purpose.
type Span struct {
	Off, Len int64
	Role     Role
	// Tag tells Edit what the span is. It never leaves the format.
	Tag string
	// Items says what a Metadata span carries; one without items is of unknown content.
	// A Media span with items belongs to them and goes when they go: a gain map.
	Items []metadata.Item
}

// End is the offset behind the span.
func (s Span) End() int64 { return s.Off + s.Len }

// A Plan says what is to become of a file.
type Plan struct {
	// Drop reports whether an item has to go.
	Drop func(metadata.Item) bool
	// Write holds what the cleaned file says anew, in the order of metadata.Fields.
	Write []metadata.Entry
}

// Value returns what is to be written for f, or "".
func (p Plan) Value(f metadata.Field) string {
	for _, e := range p.Write {
		if e.Field == f {
			return e.Value.Reveal()
		}
	}
	return ""
}

// Drops reports whether any of the items has to go. Without items nothing does.
func (p Plan) Drops(items []metadata.Item) bool {
	for _, it := range items {
		if p.Drop(it) {
			return true
		}
	}
	return false
}

// Malformed says that a file breaks the rules of its format.
type Malformed struct {
	Off  int64  // where, in bytes from the beginning
	What string // "segment runs past the end of the file"
	// CutOff is set when the file merely ends too early, so that Repair may help.
	CutOff bool
}

func (e *Malformed) Error() string { return fmt.Sprintf("%s (at byte %d)", e.What, e.Off) }

// Feature says that a file is right but uses something that a format does not support.
type Feature struct {
	Name string // "hierarchical coding"
}

func (e *Feature) Error() string { return e.Name + " is not supported" }

// Foreign says that a file begins like one of the format and is of another kind, which no
// format cleans: a raw photo in the frame of a TIFF file.
type Foreign struct {
	Kind string // "Nikon NEF raw photo"
}

func (e *Foreign) Error() string { return e.Kind + " is not supported" }

// IsVerdict tells an error about the bytes of a file from one about reading them.
func IsVerdict(err error) bool {
	var malformed *Malformed
	var feature *Feature
	var foreign *Foreign
	return errors.As(err, &malformed) || errors.As(err, &feature) || errors.As(err, &foreign)
}
