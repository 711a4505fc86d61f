// Package png cleans PNG and APNG files (ISO/IEC 15948, third edition: PNG 3).
//
// A file is cut at its chunks. The picture data, its palette and its transparency are media
// and stay to the byte; the few chunks that say how a viewer shows them are written anew;
// every other chunk at any place goes, and so does what stands behind the end of a zlib
// stream inside the picture data, behind a palette of more colours than the picture can
// name, and behind the end of the picture. A critical chunk that the package does not know
// is refused: it never guesses, never re-encodes, and reads no file by name.
//
//	spans, err := png.Format{}.Map(ctx, src)
package png

import (
	"bytes"
	"context"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Format is PNG as a container.Format.
type Format struct{}

var _ container.Format = Format{}

// signature is what every PNG begins with (clause 5.2).
const signature = "\x89PNG\r\n\x1a\n"

// Info describes the format.
func (Format) Info() container.Info {
	return container.Info{
		Name:       "png",
		Title:      "PNG picture",
		MediaType:  "image/png",
		Extensions: []string{".png", ".apng"},
		Writes:     metadata.Fields(),
	}
}

// Match reports whether head begins with the signature.
func (Format) Match(head []byte) bool { return bytes.HasPrefix(head, []byte(signature)) }

// Map cuts src into spans.
func (Format) Map(ctx context.Context, src container.Source) ([]container.Span, error) {
	m := &mapper{ctx: ctx, src: src, w: container.NewWindow(src), budget: maxInflated}
	if err := m.read(); err != nil {
		return nil, err
	}
	if err := m.survey(); err != nil {
		return nil, err
	}
	if err := m.cut(); err != nil {
		return nil, err
	}
	return m.spans, nil
}
