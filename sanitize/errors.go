package sanitize

import (
	"errors"
	"fmt"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// The expected failures. None of them names a file or quotes one.
var (
	// ErrUnsupported is what every *UnsupportedError and *FeatureError is.
	ErrUnsupported = errors.New("this kind of file cannot be cleaned; publish a JPEG made from it")
	// ErrTooLarge says that an input exceeds Options.MaxBytes.
	ErrTooLarge = errors.New("the file is larger than allowed; raise the limit or publish a smaller copy")
	// ErrNotFile says that a name belongs to a directory, pipe, device or link.
	ErrNotFile = errors.New("this is not a regular file; give a photo or video file")
	// ErrSameFile says that target and source are one file, which is never changed
	// unless ReplaceOriginal asks for it.
	ErrSameFile = errors.New("the target is the original itself; choose another name")
	// ErrChanged says that a file was written to while it was read.
	ErrChanged = errors.New("the file changed while it was read; try again when it is complete")
)

// An UnsupportedError says what a file is that cannot be cleaned. It is ErrUnsupported.
type UnsupportedError struct {
	Kind string // "Word document"; "" when it is nothing known
}

func (e *UnsupportedError) Error() string {
	if e.Kind == "" {
		return "this is not a photo or video that can be cleaned; publish a JPEG made from it"
	}
	return "this kind of file cannot be cleaned: " + e.Kind + "; publish a JPEG made from it"
}

// Is makes every UnsupportedError ErrUnsupported.
func (e *UnsupportedError) Is(target error) bool { return target == ErrUnsupported }

// A FormatError says that a file is damaged or breaks the rules of its format.
type FormatError struct {
	Format string
	Offset int64 // where, in bytes from the beginning
	CutOff bool  // the file ends too early
	// Repairable is set when Options.Repair may close the file.
	Repairable bool
	Err        error
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("damaged %s file: %v; fetch it again from where it came from", e.Format, e.Err)
}

func (e *FormatError) Unwrap() error { return e.Err }

// A FeatureError says that a file is right but uses something that cannot be cleaned. It is
// ErrUnsupported.
type FeatureError struct {
	Format  string
	Feature string // "hierarchical JPEG"
}

func (e *FeatureError) Error() string {
	return fmt.Sprintf("this %s file uses %s, which cannot be cleaned; save it anew with a photo program", e.Format, e.Feature)
}

// Is makes every FeatureError ErrUnsupported.
func (e *FeatureError) Is(target error) bool { return target == ErrUnsupported }

// A VerifyError says that a result was not clean when it was read back. That is a fault of
// this package, and nothing was written.
type VerifyError struct {
	Format string
	Left   []metadata.Item // what should not be there, or should and is not
	Err    error
}

func (e *VerifyError) Error() string {
	return fmt.Sprintf("the cleaned %s file did not pass its check and was thrown away: %v; please report this", e.Format, e.Err)
}

func (e *VerifyError) Unwrap() error { return e.Err }

// An EntryError says that a text of Options.Set cannot be written: its field does not exist or
// is none for texts, or nothing is left of the text without what cannot be shown.
type EntryError struct{ Field metadata.Field }

func (e *EntryError) Error() string {
	return fmt.Sprintf("the text given for %q cannot be written; check its field and its form", string(e.Field))
}

// publicError turns what a format says into what callers match.
func publicError(f container.Format, err error) error {
	var (
		name      = f.Info().Name
		malformed *container.Malformed
		feature   *container.Feature
		foreign   *container.Foreign
		leftover  *container.Leftover
		read      *container.ReadBackError
		entry     *container.BadEntry
	)
	switch {
	case errors.As(err, &entry):
		return &EntryError{Field: entry.Field}
	case errors.As(err, &leftover):
		return &VerifyError{Format: name, Left: leftover.Items, Err: err}
	case errors.As(err, &read):
		return &VerifyError{Format: name, Err: err}
	case errors.As(err, &malformed):
		_, repairs := f.(container.Repairer)
		return &FormatError{Format: name, Offset: malformed.Off, CutOff: malformed.CutOff, Repairable: malformed.CutOff && repairs, Err: err}
	case errors.As(err, &feature):
		return &FeatureError{Format: name, Feature: feature.Name}
	case errors.As(err, &foreign):
		return &UnsupportedError{Kind: foreign.Kind}
	}
	return err
}

var errPanic = errors.New("the program failed on this file; please report this")

// guard turns a panic into an error. What the panic said stays inside, as it may quote the
// file.
func guard(err *error) {
	if recover() != nil {
		*err = &VerifyError{Format: "unknown", Err: errPanic}
	}
}
