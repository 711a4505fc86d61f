package tiff

import (
	"encoding/binary"
	"slices"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// readStrips reads where the strips or tiles of a page stand.
func (f *file) readStrips(p *page) error {
	want := p.shape.count()
	if f.parts += int64(min(want, maxParts+1)); f.parts > maxParts {
		return &container.Feature{Name: "a picture of so many strips or tiles"}
	}
	offsets, counts := p.findPlaces()
	if offsets == nil {
		return malformed(p.off, "a page without picture data")
	}
	at, ok, err := f.numbers(offsets, int64(want))
	if err != nil {
		return err
	}
	if !ok || len(at) == 0 {
		return malformed(offsets.at, "no places of strips or tiles")
	}
	p.kept[offsets] = int64(len(at)) * typeSizes[offsets.typ]
	var sizes []uint64
	if counts != nil {
		if sizes, ok, err = f.numbers(counts, int64(len(at))); err != nil {
			return err
		}
		if !ok || len(sizes) != len(at) {
			return malformed(counts.at, "sizes of strips or tiles that do not fit their places")
		}
		p.kept[counts] = int64(len(sizes)) * typeSizes[counts.typ]
	}
	for i := range at {
		size := uint64(0)
		if sizes != nil {
			size = sizes[i]
		}
		strip, err := f.strip(p, uint64(i), at[i], size)
		if err != nil {
			return err
		}
		p.strips = append(p.strips, strip)
	}
	if !slices.ContainsFunc(p.strips, func(e extent) bool { return e.n > 0 }) {
		return malformed(p.off, "a page without picture data")
	}
	return nil
}

// findPlaces returns the entries that say where the picture stands and how long its parts
// are. Decoders take the tags for strips where those for tiles are missing.
func (p *page) findPlaces() (offsets, counts *entry) {
	if p.find(tagTileWidth) != nil {
		offsets, counts = p.find(tagTileOffsets), p.find(tagTileByteCounts)
	}
	if offsets == nil {
		offsets = p.find(tagStripOffsets)
	}
	if counts == nil {
		counts = p.find(tagStripByteCounts)
	}
	return offsets, counts
}

// strip returns the extent of a strip or tile. Of one that is not compressed, no more than
// what decoders read.
func (f *file) strip(p *page, number, off, size uint64) (extent, error) {
	if size == 0 && off == 0 {
		return extent{}, nil // nothing but the background, as in large maps
	}
	if p.coding == plain {
		need := uint64(p.shape.size(number))
		if size == 0 || size > need {
			size = need // old files do without sizes
		}
	} else if size == 0 {
		return extent{}, &container.Feature{Name: "picture data of unknown length"}
	}
	end := uint64(f.src.Size())
	if off > end || size > end-off {
		return extent{}, cutOff(int64(min(off, end)), "picture data runs past the end of the file")
	}
	e := extent{int64(off), int64(size)}
	if p.coding == webp {
		return f.webp(e)
	}
	return f.trim(p, number, e)
}

// webp checks that a strip holds a picture and nothing else (RFC 9649): one chunk in a RIFF
// file. Bytes behind that are no part of it.
func (f *file) webp(e extent) (extent, error) {
	const frame = 20 // "RIFF", size, "WEBP", and the header of a chunk
	if e.n < frame {
		return e, malformed(e.off, "a WebP picture that is too short")
	}
	b, err := container.ReadPayload(f.src, e.off, frame)
	if err != nil {
		return e, err
	}
	kind := string(b[12:16])
	if string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return e, malformed(e.off, "no WebP picture where one should be")
	}
	if kind != "VP8 " && kind != "VP8L" {
		return e, &container.Feature{Name: "an extended WebP picture inside TIFF"}
	}
	n := frame + int64(binary.LittleEndian.Uint32(b[16:]))
	n += n % 2
	if n > e.n || int64(binary.LittleEndian.Uint32(b[4:]))+8 != n {
		return e, malformed(e.off, "a WebP picture of the wrong length")
	}
	e.n = n
	return e, nil
}
