// Package webp cleans WebP files (RFC 9649): lossy, lossless, with alpha, animated.
//
// A file is cut at its chunks, those inside animation frames too. The bitstreams, and place
// and duration of each frame, are media and stay to the byte; colour profile and orientation
// are written anew; every other chunk goes, and so do padding bytes that hold something and
// whatever stands behind the end of the RIFF chunk. The header of an extended file is written
// anew, left out when nothing needs it, and added when something does.
//
// A lossless stream is followed to its last bit, so that nothing can stand behind it in its
// chunk; pixels are not made. A lossy stream has no mark at its end, and a decoder reads to
// the end of the chunk: what somebody hides there, behind the last macroblock, stays.
//
// The package never guesses. Where decoders that follow libwebp take no
// notice of a chunk (a profile that the header does not announce), neither does it.
//
//	spans, err := webp.Format{}.Map(ctx, src)
package webp

import (
	"context"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Format is WebP as a container.Format.
type Format struct{}

var _ container.Format = Format{}

// Info describes the format.
func (Format) Info() container.Info {
	return container.Info{
		Name:       "webp",
		Title:      "WebP picture",
		MediaType:  "image/webp",
		Extensions: []string{".webp"},
		Writes:     metadata.Fields(),
	}
}

// Match reports whether head is the beginning of a RIFF file of type WEBP.
func (Format) Match(head []byte) bool {
	return len(head) >= fileHeader && string(head[:4]) == idRIFF && string(head[8:fileHeader]) == idWEBP
}

// Map cuts src into spans.
func (Format) Map(ctx context.Context, src container.Source) ([]container.Span, error) {
	m := &mapper{ctx: ctx, src: src, w: container.NewWindow(src)}
	if err := m.file(); err != nil {
		return nil, err
	}
	if len(m.spans) > container.MaxSpans {
		return nil, errTooMany
	}
	return m.spans, ctx.Err()
}

var errTooMany = &container.Feature{Name: "a file of so many parts"}
