// Package jpeg cleans JPEG files (ITU-T T.81, JFIF, EXIF 3.0, MPF, Ultra HDR).
//
// A file is cut at its markers. The tables and scans a decoder needs are media and stay to
// the byte; orientation, colour profile, JFIF density and the Adobe colour transform are
// written anew; every other segment at any place, between scans too, goes, and so does
// whatever stands between segments and behind the end of the picture. What the package
// cannot place is refused: it never guesses, never re-encodes, and reads no file by name.
//
//	spans, err := jpeg.Format{}.Map(ctx, src)
package jpeg

import (
	"context"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Format is JPEG as a container.Format.
type Format struct{}

var (
	_ container.Format   = Format{}
	_ container.Repairer = Format{}
)

// Info describes the format.
func (Format) Info() container.Info {
	return container.Info{
		Name:       "jpeg",
		Title:      "JPEG photo",
		MediaType:  "image/jpeg",
		Extensions: []string{".jpg", ".jpeg", ".jpe", ".jfif"},
		Writes:     metadata.Fields(),
	}
}

// Match reports whether head begins with an SOI marker. What follows it may be anything that
// decoders skip.
func (Format) Match(head []byte) bool {
	return len(head) >= 2 && head[0] == 0xFF && head[1] == soi
}

// Map cuts src into spans.
func (Format) Map(ctx context.Context, src container.Source) ([]container.Span, error) {
	m, err := newMapper(ctx, src)
	if err != nil {
		return nil, err
	}
	return m.spans, nil
}

// Repair closes a file that ends inside its picture: everything up to the last byte of the
// last scan, and an EOI marker. Decoders show such a file as they did before.
func (Format) Repair(ctx context.Context, src container.Source) (*container.Draft, error) {
	p, err := scanPicture(ctx, container.NewWindow(src), 0)
	if err == nil {
		err = &container.Malformed{Off: p.end, What: "the picture is complete; there is nothing to repair"}
		return nil, err
	}
	if m, ok := cutOff(err); !ok || p == nil || p.lastScanEnd == 0 {
		return nil, firstError(m, err)
	}
	d := container.NewDraft(src)
	d.Copy(0, p.lastScanEnd)
	d.Put([]byte{0xFF, eoi})
	d.Note("repaired")
	return d, nil
}
