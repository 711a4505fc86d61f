// Package profile lists what the colour profile of a picture carries, in the way in which
// all formats report it, and makes the one that a cleaned picture gets.
//
//	items, ok := profile.Items("webp/ICCP/", payload)
//	// !ok: nothing usable can be made of it, so it goes and its loss is noted
package profile

import (
	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Items lists what a profile carries, with prefix before each path, and which colour space
// it is. It reports false for one that cannot be rebuilt.
func Items(prefix string, profile []byte) ([]metadata.Item, bool) {
	_, space, err := icc.Filter(profile)
	if err != nil {
		return nil, false
	}
	items, err := icc.Read(profile)
	if err != nil {
		return nil, false
	}
	for i := range items {
		items[i].Path = prefix + items[i].Path
	}
	named := metadata.Item{Path: prefix + "icc/space", Category: metadata.Rendering}
	if space != icc.Custom {
		named.Field, named.Value = metadata.ColorSpace, metadata.Secret(space.String())
	}
	return append(items, named), true
}

// Rebuild returns a profile of which Items reported true, made of its colours only, and
// notes on the draft what a person should know.
func Rebuild(d *container.Draft, profile []byte) ([]byte, error) {
	clean, space, err := icc.Filter(profile)
	if err != nil {
		return nil, err
	}
	if space == icc.Custom {
		d.Note("profile-custom")
	}
	return clean, nil
}
