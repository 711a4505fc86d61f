// Package gif cleans GIF files (CompuServe, versions 87a and 89a).
//
// A file is cut at its blocks. Colour tables and picture data are media and stay to the byte;
// where a frame stands, how long it is shown and how often an animation runs is written anew;
// every other extension at any place goes, and so does what stands behind the last code of a
// picture, between blocks, and behind the end of the file. What the package cannot place is
// refused: it never guesses, never re-encodes, and reads no file by name.
//
//	spans, err := gif.Format{}.Map(ctx, src)
package gif

import (
	"context"
	"slices"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Format is GIF as a container.Format.
type Format struct{}

var _ container.Format = Format{}

// Info describes the format. No viewer of GIF asks for an orientation or a colour profile.
func (Format) Info() container.Info {
	return container.Info{
		Name:       "gif",
		Title:      "GIF picture",
		MediaType:  "image/gif",
		Extensions: []string{".gif"},
		Writes: slices.DeleteFunc(metadata.Fields(), func(f metadata.Field) bool {
			return f.Category() == metadata.Rendering
		}),
	}
}

// signature is what a cleaned file begins with; every decoder of 87a reads it.
const signature = "GIF89a"

// Match reports whether head begins with the signature of either version.
func (Format) Match(head []byte) bool {
	return len(head) >= 6 && (string(head[:6]) == "GIF87a" || string(head[:6]) == signature)
}

// Map cuts src into spans.
func (Format) Map(ctx context.Context, src container.Source) ([]container.Span, error) {
	m := &mapper{ctx: ctx, src: src, w: container.NewWindow(src), control: -1, loop: -1}
	if err := m.screen(); err != nil {
		return nil, err
	}
	for !m.done {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := m.block(); err != nil {
			return nil, err
		}
	}
	return m.spans, nil
}
