// Package heif cleans still pictures in HEIF files (ISO/IEC 23008-12): HEIC, AVIF, and what
// else is an item of HEVC, AV1 or AVC.
//
// A file is a set of items. The primary one stays, with what it is derived from, its alpha
// planes and, when a policy keeps it, its gain map; every other item goes with its bytes. The
// file type, all of the meta box and the colour profile are written anew, and the media data
// are put together from the ranges that kept items refer to, so that no byte stays which
// nothing points at. Coded data stay as they are, less the messages to nobody (SEI, metadata
// OBUs) that travel among them. What the package cannot place is refused: it never guesses,
// never re-encodes, and reads no file by name.
//
//	spans, err := heif.Format{}.Map(ctx, src)
package heif

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Format is HEIF as a container.Format: HEIC and its like, or AVIF, which are the same but
// for their names.
type Format struct{ avif bool }

// AVIF is the Format of pictures that say they are AVIF.
func AVIF() Format { return Format{avif: true} }

var _ container.Format = Format{}

// Info describes the format. Orientation is a property of the picture, which stays as it is.
func (f Format) Info() container.Info {
	info := container.Info{
		Name:       "heif",
		Title:      "HEIC photo",
		MediaType:  "image/heic",
		Extensions: []string{".heic", ".heif", ".hif", ".avci"},
		Writes: slices.DeleteFunc(metadata.Fields(), func(f metadata.Field) bool {
			return f == metadata.Orientation
		}),
	}
	if f.avif {
		info.Name, info.Title, info.MediaType, info.Extensions = "avif", "AVIF picture", "image/avif", []string{".avif"}
	}
	return info
}

// Match reports whether head begins with a file type box that names HEIF or one of its kinds,
// and whether that is the kind of f.
func (f Format) Match(head []byte) bool {
	if len(head) < 16 || string(head[4:8]) != "ftyp" {
		return false
	}
	major := string(head[8:12])
	if major == "crx " {
		return false // a raw photo of Canon, which says that it is a picture as well
	}
	size := min(int(binary.BigEndian.Uint32(head)), len(head))
	still, avif := brands[major] == stillBrand || brands[major] == sequenceBrand, false
	for at := 16; at+4 <= size; at += 4 {
		name := string(head[at : at+4])
		still = still || brands[name] == stillBrand
		avif = avif || name == "avif"
	}
	if major == "avif" || major == "avis" || avif && !codesOtherwise(major) {
		return f.avif
	}
	return still && !f.avif
}

// codesOtherwise reports whether a brand says that a picture is not coded in AV1.
func codesOtherwise(major string) bool {
	return brands[major] != 0 && (strings.HasPrefix(major, "he") || strings.HasPrefix(major, "avc"))
}

// Map cuts src into spans.
func (Format) Map(ctx context.Context, src container.Source) ([]container.Span, error) {
	f, err := read(ctx, src)
	if err != nil {
		return nil, err
	}
	return f.spans()
}
