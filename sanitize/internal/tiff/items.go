package tiff

import (
	"fmt"
	"strings"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/exif/iptc"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/irb"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// maxShown is how much of a value is looked at for a report, and maxBlock of a directory.
const (
	maxShown = 33_000
	maxBlock = 1 << 20
)

// payloads are the values that hold a format of their own.
var payloads = map[uint16]struct {
	name string
	read func([]byte) ([]metadata.Item, error)
}{
	tagXMP:       {"xmp", xmp.Read},
	tagIPTC:      {"iptc", iptc.Read},
	tagPhotoshop: {"irb", irb.Read},
}

// itemsOf lists what an entry carries that does not stay as it is.
func (f *file) itemsOf(path string, e *entry) ([]metadata.Item, error) {
	size := f.entrySize()
	if e.far {
		size += e.n
	}
	_, leads := pointers[e.tag]
	own := ownName(e.tag)
	switch payload, ok := payloads[e.tag]; {
	case leads && !e.broken:
		return nil, nil // what is there speaks for itself
	case ok && !e.broken:
		return f.payload(path, payload.name, e, payload.read)
	case e.tag == tagICC:
		return f.profileItems(path, e)
	case e.tag == tagOldJPEG:
		return []metadata.Item{{Path: path + "thumbnail", Category: metadata.Thumbnail, Size: size}}, nil
	case own != "":
		return []metadata.Item{{Path: path + own, Size: size}}, nil
	}
	items, err := f.readExif(path, "ifd0/", []entry{*e})
	if len(items) == 1 {
		items[0].Size = size
	}
	return items, err
}

// ownName names a tag that our tables know as one that stays, or that says where something
// stands; "" when exif knows better.
func ownName(tag uint16) string {
	if r, ok := structure[tag]; ok {
		return r.name
	}
	if name := bulk[tag]; name != "" {
		return name
	}
	if name := pointers[tag]; name != "" {
		return name
	}
	for _, place := range places {
		if tag == place {
			return "PictureData"
		}
	}
	if tag >= 512 && tag < 522 {
		return fmt.Sprintf("0x%04X", tag)
	}
	return ""
}

// payload lists what a value says that is of another format.
func (f *file) payload(path, name string, e *entry, read func([]byte) ([]metadata.Item, error)) ([]metadata.Item, error) {
	unreadable := metadata.Item{Path: path + name + "/unreadable", Size: e.n}
	if e.n > container.MaxPayload {
		return []metadata.Item{unreadable}, nil
	}
	b, err := f.value(e, e.n)
	if err != nil {
		return nil, err
	}
	found, err := read(b)
	items := make([]metadata.Item, 0, len(found)+1)
	for _, it := range found {
		it.Path = path + it.Path
		if it.Field == metadata.ColorSpace {
			it.Field = "" // the profile says that
		}
		items = append(items, it)
	}
	if err != nil || len(items) == 0 {
		items = append(items, unreadable)
	}
	return items, nil
}

// A profile is a colour profile that has been read.
type profile struct {
	clean []byte // nil when it cannot be used
	space icc.Space
	found []metadata.Item
}

// profile reads the colour profile of an entry. Pages may share one.
func (f *file) profile(e *entry) (*profile, error) {
	at := extent{e.off, e.n}
	if p := f.profiles[at]; p != nil {
		return p, nil
	}
	p := &profile{}
	if !e.broken && e.n <= icc.MaxSize {
		b, err := f.value(e, e.n)
		if err != nil {
			return nil, err
		}
		if clean, space, err := icc.Filter(b); err == nil {
			if found, err := icc.Read(b); err == nil {
				p = &profile{clean, space, found}
			}
		}
	}
	if f.profiles == nil {
		f.profiles = make(map[extent]*profile)
	}
	f.profiles[at] = p
	return p, nil
}

func (f *file) profileItems(path string, e *entry) ([]metadata.Item, error) {
	p, err := f.profile(e)
	if err != nil {
		return nil, err
	}
	if p.clean == nil {
		return []metadata.Item{{Path: path + "icc/unusable", Size: e.n}}, nil
	}
	items := make([]metadata.Item, 0, len(p.found)+1)
	for _, it := range p.found {
		it.Path = path + it.Path
		items = append(items, it)
	}
	space := metadata.Item{Path: path + "icc/space", Category: metadata.Rendering}
	if p.space != icc.Custom {
		space.Field, space.Value = metadata.ColorSpace, metadata.Secret(p.space.String())
	}
	return append(items, space), nil
}

// directoryItems lists what an EXIF, GPS or interoperability directory carries.
func (f *file) directoryItems(b *below) ([]metadata.Item, error) {
	switch b.kind {
	case "exif":
		return f.readExif(b.path, "exif/", b.entries, tagExifIFD)
	case "gps":
		return f.readExif(b.path, "gps/", b.entries, tagGPSIFD)
	case "interop":
		return f.readExif(b.path, "interop/", b.entries, tagExifIFD, tagInteropIFD)
	}
	items, err := f.readExif(b.path, "ifd0/", b.entries)
	for i := range items {
		items[i].Field = ""
	}
	return items, err
}

// readExif shows exif the entries as a block of their own, so that its tables name them. It
// never sees the file: what lies around a directory is pictures here, not thumbnails.
func (f *file) readExif(path, dir string, entries []entry, pointers ...uint16) ([]metadata.Item, error) {
	block, err := f.exifBlock(entries, pointers)
	if err != nil {
		return nil, err
	}
	found, _ := exif.Read(block)
	var items []metadata.Item
	for _, it := range found {
		name, ok := strings.CutPrefix(it.Path, "exif/"+dir)
		if !ok {
			continue
		}
		it.Path = path + name
		switch it.Field {
		case metadata.Orientation, metadata.ColorSpace:
			it.Field = "" // a page says that itself
		}
		items = append(items, it)
	}
	return items, nil
}

// exifBlock writes entries as the only ones of a classic block, or as those of a directory
// that pointers lead to, one from another.
func (f *file) exifBlock(entries []entry, chain []uint16) ([]byte, error) {
	kept := make([]entry, 0, len(entries))
	for _, e := range entries {
		if _, leads := pointers[e.tag]; !leads {
			kept = append(kept, e)
		}
	}
	order := f.order
	out := []byte("II*\x00")
	if order.Uint16(out[2:]) != 42 {
		out = []byte("MM\x00*")
	}
	out = order.AppendUint32(out, 8)
	for _, pointer := range chain {
		out = order.AppendUint16(out, 1)
		out = order.AppendUint16(out, pointer)
		out = order.AppendUint16(out, typeLong)
		out = order.AppendUint32(out, 1)
		out = order.AppendUint32(out, uint32(len(out)+8))
		out = order.AppendUint32(out, 0)
	}
	out = order.AppendUint16(out, uint16(len(kept)))
	behind, far := len(out)+12*len(kept)+4, []byte(nil)
	for _, e := range kept {
		limit := int64(maxShown)
		if len(far) > maxBlock {
			limit = 16
		}
		value, err := f.value(&e, limit)
		if err != nil {
			return nil, err
		}
		typ := e.typ
		size := typeSizes[typ]
		if size == 0 || typ >= typeLong8 && typ <= typeIFD8 {
			typ, size = typeUndefined, 1
		}
		count := int64(len(value)) / size
		out = order.AppendUint16(out, e.tag)
		out = order.AppendUint16(out, typ)
		out = order.AppendUint32(out, uint32(count))
		value = value[:count*size]
		if len(value) <= 4 {
			out = append(append(out, value...), make([]byte, 4-len(value))...)
			continue
		}
		out = order.AppendUint32(out, uint32(behind+len(far)))
		far = append(far, value...)
		if len(far)%2 == 1 {
			far = append(far, 0)
		}
	}
	return append(order.AppendUint32(out, 0), far...), nil
}
