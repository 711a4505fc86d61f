// Package dib cuts device-independent bitmaps into spans: header, colour table and pixels, as
// they stand in BMP files and, without a file header, in icons and cursors.
//
// A header is never passed on as it was found: it is read into numbers and written anew, with
// numbers that have no room for text. Pixels and colours are media; the bytes that fill up
// rows, runs and colours are written anew as zeros.
//
//	h, err := dib.ReadHeader(w, at, room)
//	m.Palette(h); err = m.Rows(h, h.Bits, h.Height)
//
// Sources: Windows GDI, BITMAPCOREHEADER to BITMAPV5HEADER, [MS-WMF] 2.2.2.9 and 2.1.1.7;
// OS/2 2.0 BITMAPINFOHEADER2.
package dib

import (
	"encoding/binary"
	"io"
	"slices"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Sizes of headers, which are their version numbers as well.
const (
	core  = 12
	info  = 40
	info2 = 52 // with masks for red, green, blue
	info3 = 56 // with one for alpha
	V4    = 108
	V5    = 124
	os2   = 64 // the longest OS/2 2.0 header; it may end behind any of its fields
)

// Ways to code pixels.
const (
	rgb        = 0
	RLE8       = 1
	RLE4       = 2
	bitFields  = 3
	jpegCoded  = 4
	pngCoded   = 5
	alphaField = 6
)

// Colour spaces, as numbers in a V4 or V5 header.
const (
	Calibrated = 0          // by the end points in the header
	Device     = 1          // of whatever shows it
	SRGB       = 0x73524742 // "sRGB"
	Windows    = 0x57696E20 // "Win ", which is sRGB
	Linked     = 0x4C494E4B // "LINK": the name of a file with a profile
	Embedded   = 0x4D424544 // "MBED": a profile
)

// A Header is what the header of a bitmap says, in numbers.
type Header struct {
	found         int64 // size as found
	size          int64 // size as written
	masks         int   // how many stand behind the header
	Width, Height int64
	topDown       bool
	Bits          int
	Compression   uint32
	density       [2]uint32 // pixels a metre
	Colors        int64     // entries of the colour table
	mask          [4]uint32

	Space                  uint32 // of a V4 or V5 header
	endPoints              [12]uint32
	intent                 uint32
	ProfileAt, ProfileSize int64 // from the beginning of the header
}

func malformed(off int64, what string) *container.Malformed {
	return &container.Malformed{Off: off, What: what}
}

// IsHeaderSize reports whether a header can have this many bytes.
func IsHeaderSize(n uint32) bool {
	return n == core || n >= 16 && n <= os2 && n%2 == 0 || n == V4 || n == V5
}

// ReadHeader reads the header at off with the masks that belong to it. room is how many bytes
// there are up to the pixels, the colour table included.
func ReadHeader(w *container.Window, off, room int64) (*Header, error) {
	b, err := w.Bytes(off, 4)
	if err != nil {
		return nil, eof(err, off)
	}
	size := binary.LittleEndian.Uint32(b)
	if !IsHeaderSize(size) {
		return nil, &container.Feature{Name: "a bitmap header of this length"}
	}
	if int64(size) > room {
		return nil, malformed(off, "the pixels begin inside the header")
	}
	if b, err = w.Bytes(off, int(size)); err != nil {
		return nil, eof(err, off)
	}
	h := &Header{found: int64(size), size: int64(size)}
	if size == core {
		h.readCore(b)
	} else {
		h.readInfo(append(slices.Clone(b), make([]byte, V5)...))
	}
	if err := h.check(off); err != nil {
		return nil, err
	}
	if err := h.readMasks(w, off, room); err != nil {
		return nil, err
	}
	return h, h.countColors(off, room)
}

func eof(err error, off int64) error {
	if err == io.EOF {
		return &container.Malformed{Off: off, What: "the file ends before the header of a bitmap does", CutOff: true}
	}
	return err
}

func (h *Header) readCore(b []byte) {
	h.Width = int64(binary.LittleEndian.Uint16(b[4:]))
	h.Height = int64(binary.LittleEndian.Uint16(b[6:]))
	h.Bits = int(binary.LittleEndian.Uint16(b[10:]))
}

// readInfo reads a header of any later kind, filled up with zeros.
func (h *Header) readInfo(b []byte) {
	u32 := binary.LittleEndian.Uint32
	h.Width, h.Height = int64(int32(u32(b[4:]))), int64(int32(u32(b[8:])))
	if h.Height < 0 {
		h.Height, h.topDown = -h.Height, true
	}
	h.Bits = int(binary.LittleEndian.Uint16(b[14:]))
	h.Compression = u32(b[16:])
	for i := range h.density {
		// 25,400 dots an inch. A number as small as that has no room for text.
		if v := u32(b[24+4*i:]); v <= 1_000_000 {
			h.density[i] = v
		}
	}
	h.Colors = int64(u32(b[32:]))
	switch h.found {
	case info, info2, info3, V4, V5:
	default:
		h.size = info // an OS/2 header says nothing more that counts
		return
	}
	for i := range h.mask {
		if h.found >= info2 && (i < 3 || h.found >= info3) {
			h.mask[i] = u32(b[40+4*i:])
		}
	}
	if h.found >= V4 {
		h.readColor(b)
	}
}

// readColor reads what V4 and V5 headers say about colours. End points and gammas are
// rounded to 1/65536 and 1/256, which leaves no three bytes of text in a row.
func (h *Header) readColor(b []byte) {
	u32 := binary.LittleEndian.Uint32
	h.Space = u32(b[56:])
	switch h.Space {
	case Calibrated:
		for i := range h.endPoints {
			h.endPoints[i] = u32(b[60+4*i:]) & 0xFFFFC000
			if i >= 9 {
				h.endPoints[i] = u32(b[60+4*i:]) & 0x00FFFF00
			}
		}
	case Device, Windows:
	case Linked, Embedded:
		if h.found == V4 {
			h.Space = SRGB
		}
	default:
		h.Space = SRGB
	}
	if h.found == V5 {
		h.intent = u32(b[108:])
		h.ProfileAt, h.ProfileSize = int64(u32(b[112:])), int64(u32(b[116:]))
	}
}

func (h *Header) check(off int64) error {
	switch {
	case h.Width <= 0 || h.Height == 0:
		return malformed(off, "a bitmap without width or height")
	case h.size != h.found && h.Compression > RLE4:
		return &container.Feature{Name: "an OS/2 bitmap of this compression"}
	case h.Compression == jpegCoded, h.Compression == pngCoded:
		return &container.Feature{Name: "a bitmap with a JPEG or PNG picture inside"}
	case h.Compression > alphaField:
		return &container.Feature{Name: "a bitmap of this compression"}
	case h.Compression == RLE8 && h.Bits != 8, h.Compression == RLE4 && h.Bits != 4,
		h.hasFields() && h.Bits != 16 && h.Bits != 32:
		return malformed(off, "a compression that does not go with the depth")
	}
	switch h.Bits {
	case 1, 2, 4, 8, 16, 24, 32, 64:
		return nil
	}
	return &container.Feature{Name: "a bitmap of this depth"}
}

func (h *Header) hasFields() bool { return h.Compression == bitFields || h.Compression == alphaField }

// RunLength reports whether the pixels are coded in runs.
func (h *Header) RunLength() bool { return h.Compression == RLE8 || h.Compression == RLE4 }

// readMasks reads the masks behind an older header, and checks those that count: runs of bits
// within a pixel.
func (h *Header) readMasks(w *container.Window, off, room int64) error {
	if h.found == info && h.hasFields() {
		h.masks = 3
		if h.Compression == alphaField {
			h.masks = 4
		}
		if h.found+4*int64(h.masks) > room {
			return malformed(off, "the pixels begin inside the header")
		}
		b, err := w.Bytes(off+h.found, 4*h.masks)
		if err != nil {
			return eof(err, off)
		}
		for i := range h.masks {
			h.mask[i] = binary.LittleEndian.Uint32(b[4*i:])
		}
	}
	for i, m := range h.mask {
		switch low := m & -m; {
		case m&(m+low) == 0 && uint64(m) < 1<<h.Bits:
		case h.hasFields():
			return malformed(off, "a colour mask that is no run of bits")
		default:
			h.mask[i] = 0 // nobody looks at it
		}
	}
	return nil
}

// countColors finds out how many entries of the colour table count.
func (h *Header) countColors(off, room int64) error {
	if h.Bits > 8 {
		h.Colors = 0
		return nil
	}
	most := int64(1) << h.Bits
	if h.Colors == 0 {
		h.Colors = most
	}
	h.Colors = min(h.Colors, most, (room-h.Size())/h.entry())
	if h.Colors == 0 {
		return malformed(off, "the pixels begin where the colours should")
	}
	return nil
}

// entry is how many bytes a colour takes.
func (h *Header) entry() int64 {
	if h.found == core {
		return 3
	}
	return 4
}

// Size is how many bytes header and masks take up as they were found.
func (h *Header) Size() int64 { return h.found + 4*int64(h.masks) }

// Versioned reports whether the header is one that says something about colours.
func (h *Header) Versioned() bool { return h.size >= V4 }

// Append adds header and masks, written anew, of a bitmap with pixels bytes of them and, in a
// V5 header, a profile at ProfileAt. height is that in the header, which is not that of the
// picture in icons.
func (h *Header) Append(out []byte, height, pixels int64) []byte {
	order := binary.LittleEndian
	begin := len(out)
	out = order.AppendUint32(out, uint32(h.size))
	if h.size == core {
		out = order.AppendUint16(out, uint16(h.Width))
		out = order.AppendUint16(out, uint16(height))
		out = order.AppendUint16(out, 1)
		return order.AppendUint16(out, uint16(h.Bits))
	}
	if h.topDown {
		height = -height
	}
	out = order.AppendUint32(out, uint32(h.Width))
	out = order.AppendUint32(out, uint32(height))
	out = order.AppendUint16(out, 1)
	out = order.AppendUint16(out, uint16(h.Bits))
	colors := uint32(h.Colors)
	if h.Bits <= 8 && h.Colors == 1<<h.Bits {
		colors = 0
	}
	for _, v := range []uint32{h.Compression, uint32(pixels), h.density[0], h.density[1], colors, 0} {
		out = order.AppendUint32(out, v)
	}
	for _, v := range h.mask[:h.writtenMasks()] {
		out = order.AppendUint32(out, v)
	}
	if h.size < V4 {
		return out
	}
	out = order.AppendUint32(out, h.Space)
	for _, v := range h.endPoints {
		out = order.AppendUint32(out, v)
	}
	if h.size < V5 {
		return out
	}
	if h.intent > 8 {
		h.intent = 0
	}
	for _, v := range []uint32{h.intent, uint32(h.ProfileAt), uint32(h.ProfileSize), 0} {
		out = order.AppendUint32(out, v)
	}
	return out[:begin+V5]
}

// writtenMasks is how many masks stand in the header or behind it.
func (h *Header) writtenMasks() int {
	switch {
	case h.size == info:
		return h.masks
	case h.size == info2:
		return 3
	}
	return 4
}

// WrittenSize is how many bytes Append adds.
func (h *Header) WrittenSize() int64 { return h.size + 4*int64(h.masks) }
