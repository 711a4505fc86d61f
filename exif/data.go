package exif

import "github.com/mediaveil/mediaveil/sanitize/metadata"

// pictureData are the pairs of tags that say where picture data is and how long: a JPEG
// thumbnail (Exif 3.0, 4.6.5), strips and tiles (TIFF 6.0, sections 8 and 15).
var pictureData = []struct{ offsets, lengths uint16 }{
	{0x0201, 0x0202}, {0x0111, 0x0117}, {0x0144, 0x0145},
}

// thumbnails returns an item for each sort of picture data that d points to.
func (w *walker) thumbnails(d directory) []metadata.Item {
	var items []metadata.Item
	if d.kind == gpsDir || d.kind == interopDir {
		return nil // these numbers mean nothing there
	}
	for _, pair := range pictureData {
		at := w.in(d, pair.offsets)
		if at == nil || at.broken {
			continue
		}
		if size := w.claim(d.path, at, w.in(d, pair.lengths)); size > 0 {
			items = append(items, metadata.Item{Path: d.path + "/thumbnail", Category: metadata.Thumbnail, Size: size})
		}
	}
	return items
}

// claim notes who owns the picture data and returns how many bytes of it are in the block.
func (w *walker) claim(path string, at, length *entry) (total int64) {
	n := w.numbers(at)
	if length == nil || w.numbers(length) != n || n == 0 || n > maxStrips {
		w.fault(path, "picture data without lengths")
		return 0
	}
	end := int64(len(w.block))
	for i := range n {
		lo, size := w.number(at, i), w.number(length, i)
		if lo > end || size > end-lo {
			w.fault(path, "picture data outside of the block")
			lo = min(lo, end)
			size = end - lo
		}
		w.owned = append(w.owned, extent{lo, lo + size})
		total += size
	}
	return min(total, end)
}

// numbers returns how many unsigned integers e holds.
func (w *walker) numbers(e *entry) int {
	if e.broken || e.typ != typeShort && e.typ != typeLong {
		return 0
	}
	return len(e.value) / int(typeSize(e.typ))
}

// number returns the ith unsigned integer of e; i is less than numbers(e).
func (w *walker) number(e *entry, i int) int64 {
	if e.typ == typeShort {
		return int64(w.order.Uint16(e.value[2*i:]))
	}
	return int64(w.order.Uint32(e.value[4*i:]))
}
