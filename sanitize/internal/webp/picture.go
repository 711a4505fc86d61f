package webp

import (
	"encoding/binary"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Names of chunks, RFC 9649 section 2.
const (
	idRIFF = "RIFF"
	idWEBP = "WEBP"
	idVP8  = "VP8 "
	idVP8L = "VP8L"
	idVP8X = "VP8X"
	idALPH = "ALPH"
	idANIM = "ANIM"
	idANMF = "ANMF"
	idICCP = "ICCP"
	idEXIF = "EXIF"
	idXMP  = "XMP "
)

// exifPrefix is what EXIF begins with in JPEG files and, by mistake, in some WebP files.
const exifPrefix = "Exif\x00\x00"

// Lengths of what has a fixed one.
const (
	fileHeader = 12 // RIFF, length, WEBP
	vp8xSize   = 10
	animSize   = 6
	anmfSize   = 16 // of which the last byte holds flags
	vp8Header  = 10
	vp8lHeader = 5
)

// An image is what the beginning of a bitstream says.
type image struct {
	lossless      bool
	width, height int
	alpha         bool // the bit of a lossless stream that says that alpha is used
}

// readImage reads the beginning of a VP8 or VP8L payload of n bytes.
func readImage(w *container.Window, id string, off, n int64) (image, error) {
	need, parse := vp8Header, parseVP8
	if id == idVP8L {
		need, parse = vp8lHeader, parseVP8L
	}
	if n < int64(need) {
		return image{}, malformed(off, "a picture shorter than its header")
	}
	b, err := w.Bytes(off, need)
	if err == io.EOF {
		return image{}, malformed(off, "a picture shorter than its header")
	} else if err != nil {
		return image{}, err
	}
	img, ok := parse(b, n)
	if !ok {
		return image{}, malformed(off, "no picture where one should begin")
	}
	return img, nil
}

// parseVP8 reads the header of a key frame, RFC 6386 section 9.1. What it refuses libwebp
// refuses as well.
func parseVP8(b []byte, n int64) (image, bool) {
	tag := int64(b[0]) | int64(b[1])<<8 | int64(b[2])<<16
	interframe, version, shown, partition := tag&1 != 0, tag>>1&7, tag>>4&1 == 1, tag>>5
	if interframe || version > 3 || !shown || partition >= n || string(b[3:6]) != "\x9d\x01\x2a" {
		return image{}, false
	}
	// The two upper bits of each ask for a scaling that no decoder does.
	img := image{
		width:  int(binary.LittleEndian.Uint16(b[6:]) & 0x3FFF),
		height: int(binary.LittleEndian.Uint16(b[8:]) & 0x3FFF),
	}
	return img, img.width > 0 && img.height > 0
}

// parseVP8L reads the header of a lossless stream, RFC 9649 section 3.4.
func parseVP8L(b []byte, _ int64) (image, bool) {
	bits := binary.LittleEndian.Uint32(b[1:])
	img := image{
		lossless: true,
		width:    int(bits&0x3FFF) + 1,
		height:   int(bits>>14&0x3FFF) + 1,
		alpha:    bits>>28&1 == 1,
	}
	return img, b[0] == 0x2F && bits>>29 == 0
}

// A canvas is what the header of an extended file says.
type canvas struct {
	flags         byte
	width, height int
}

// Flags of an extended file, RFC 9649 section 2.7.1.
const (
	flagAnimation = 0x02
	flagXMP       = 0x04
	flagEXIF      = 0x08
	flagAlpha     = 0x10
	flagICC       = 0x20
)

func parseVP8X(b []byte) canvas {
	return canvas{
		flags:  b[0],
		width:  1 + (int(b[4]) | int(b[5])<<8 | int(b[6])<<16),
		height: 1 + (int(b[7]) | int(b[8])<<8 | int(b[9])<<16),
	}
}

// vp8x is the payload that says so. Reserved bits are 0.
func (c canvas) vp8x() []byte {
	w, h := c.width-1, c.height-1
	return []byte{c.flags, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)}
}

func malformed(off int64, what string) *container.Malformed {
	return &container.Malformed{Off: off, What: what}
}
