package heif

import (
	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// colour is what colours mean: four numbers, or an ICC profile.
func colour(p *property, b []byte) []byte {
	switch {
	case len(b) == 11 && string(b[:4]) == "nclx":
		return append(append([]byte(nil), b[:10]...), b[10]&0x80)
	case len(b) < 4, string(b[:4]) != "prof" && string(b[:4]) != "rICC":
		return nil
	}
	clean, space, err := icc.Filter(b[4:])
	if err != nil {
		p.lost = true
		return nil
	}
	found, err := icc.Read(b[4:])
	if err != nil {
		p.lost = true
		return nil
	}
	p.space, p.found = space, append([]metadata.Item{}, found...)
	return append([]byte("prof"), clean...)
}

// profileItems says what a colour profile carries.
func (f *file) profileItems(p *property, n int64) []metadata.Item {
	if !p.used {
		return []metadata.Item{{Path: "heif/property/unused", Size: n}}
	}
	items := make([]metadata.Item, 0, len(p.found)+1)
	for _, it := range p.found {
		it.Path = "heif/colr/" + it.Path
		items = append(items, it)
	}
	space := metadata.Item{Path: "heif/colr/icc/space", Category: metadata.Rendering}
	if p.space != icc.Custom && f.primaryProfile() == p {
		space.Field, space.Value = metadata.ColorSpace, metadata.Secret(p.space.String())
	}
	return append(items, space)
}

// primaryProfile returns the colour profile of the primary item, nil when it has none.
func (f *file) primaryProfile() *property {
	for _, a := range f.byID[f.primary].props {
		if p := f.prop(a); p != nil && p.found != nil {
			return p
		}
	}
	return nil
}
