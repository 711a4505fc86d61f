package webp

import (
	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/riff"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A known chunk has been seen in the wild. What is not in the table is removed as well, as
// unknown; the table is for reports.
type known struct {
	name     string // in item paths
	category metadata.Category
	read     func([]byte) ([]metadata.Item, error)
}

// chunks lists the chunks that go, by their names. Pictures are in it for where they do not
// belong: a decoder passes over them there.
var chunks = map[string]known{
	idEXIF: {"EXIF", metadata.Unknown, exif.Read},
	idXMP:  {"XMP", metadata.Unknown, xmp.Read},
	// Some programs write a wrong name, others read it.
	"XMP\x00": {"XMP", metadata.Unknown, xmp.Read},
	idICCP:    {"ICCP/unusable", metadata.Unknown, nil},
	idVP8:     {"further-picture", metadata.Thumbnail, nil},
	idVP8L:    {"further-picture", metadata.Thumbnail, nil},
	idALPH:    {"further-picture", metadata.Thumbnail, nil},
	idANMF:    {"further-picture", metadata.Thumbnail, nil},
	idANIM:    {"ANIM/second", metadata.Unknown, nil},
	idVP8X:    {"VP8X/second", metadata.Unknown, nil},
	"C2PA":    {"C2PA", metadata.Software, nil},
	"SEAL":    {"SEAL", metadata.Software, nil},
	"FRGM":    {"FRGM", metadata.Thumbnail, nil},
	"META":    {"META", metadata.Unknown, nil},
	"LIST":    {"LIST", metadata.Unknown, nil},
	"JUNK":    {"JUNK", metadata.Unknown, nil},
}

// items says what a chunk carries, one item at least.
func (m *mapper) items(prefix string, c riff.Chunk) ([]metadata.Item, error) {
	k, ok := chunks[c.ID]
	if !ok {
		return []metadata.Item{{Path: prefix + "unknown", Size: c.End() - c.Off}}, nil
	}
	whole := metadata.Item{Path: prefix + k.name, Category: k.category, Size: c.End() - c.Off}
	if k.read == nil {
		return []metadata.Item{whole}, nil
	}
	b, err := container.ReadPayload(m.src, c.Payload(), c.Size)
	if err != nil {
		return nil, err
	}
	items, err := k.read(b)
	for i := range items {
		items[i].Path = prefix + k.name + "/" + items[i].Path
	}
	if err != nil || len(items) == 0 {
		whole.Path += "/unreadable"
		items = append(items, whole)
	}
	return items, nil
}

// metadata adds a chunk that goes. viewed says that viewers take the orientation from it.
// No viewer takes a colour space from anything but a profile.
func (m *mapper) metadata(prefix, tag string, c riff.Chunk, viewed bool) error {
	items, err := m.items(prefix, c)
	if err != nil {
		return err
	}
	for i := range items {
		f := &items[i].Field
		if *f == metadata.ColorSpace || *f == metadata.Orientation && !viewed {
			*f = ""
		}
	}
	m.add(c.End()-c.Off, container.Metadata, tag, items...)
	return nil
}
