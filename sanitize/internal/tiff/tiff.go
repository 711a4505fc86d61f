// Package tiff cleans TIFF and BigTIFF files (TIFF 6.0, its supplements, and the BigTIFF
// layout of libtiff).
//
// A file is written anew: header, the strips and tiles of the pages that stay as ranges of
// the source, then fresh directories made of the few tags that a decoder needs. Texts, EXIF,
// GPS, XMP, IPTC, Photoshop and GeoTIFF data, layers, sub-directories, thumbnails and every
// byte that no kept tag refers to are gone. JPEG streams inside are cleaned themselves. What
// the package cannot place is refused; camera raw photos, which are TIFF files in name only,
// are recognised and refused too. It never re-encodes and reads no file by name.
//
//	spans, err := tiff.Format{}.Map(ctx, src)
package tiff

import (
	"context"
	"slices"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Format is TIFF as a container.Format.
type Format struct{}

var _ container.Format = Format{}

// Info describes the format. Orientation belongs to each page of a file, and stays with it.
func (Format) Info() container.Info {
	writes := slices.DeleteFunc(metadata.Fields(), func(f metadata.Field) bool { return f == metadata.Orientation })
	return container.Info{
		Name:       "tiff",
		Title:      "TIFF picture",
		MediaType:  "image/tiff",
		Extensions: []string{".tif", ".tiff", ".btf", ".tf8"},
		Writes:     writes,
	}
}

// Match reports whether head begins as a TIFF or BigTIFF file does. So do many raw photos,
// which Map refuses by their right name.
func (Format) Match(head []byte) bool {
	_, err := readHeader(head)
	return err == nil
}

// Map cuts src into spans.
func (Format) Map(ctx context.Context, src container.Source) ([]container.Span, error) {
	f, err := open(ctx, src)
	if err != nil {
		return nil, err
	}
	m := &mapper{file: f}
	return m.spans()
}

func malformed(off int64, what string) *container.Malformed {
	return &container.Malformed{Off: off, What: what}
}

func cutOff(off int64, what string) *container.Malformed {
	return &container.Malformed{Off: off, What: what, CutOff: true}
}
