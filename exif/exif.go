// Package exif reads and writes EXIF blocks.
//
// [Read] lists everything that a block carries: each tag of each directory, thumbnails, and
// the bytes that no tag owns, each with a category that says what it gives away. [Write]
// makes a new block from the few entries that a clean picture may keep. Nothing is ever
// edited in place or copied through.
//
// The package never opens a file, never logs, and believes no length, count or offset before
// it has compared it with the block. Paths and errors are made of words from its own tables
// and of numbers; what a tag says is a [metadata.Secret].
//
//	items, err := exif.Read(block)
//	// err wraps ErrMalformed: part of the block could not be read, items holds the rest
//	fresh := exif.Write([]metadata.Entry{{Field: metadata.Orientation, Value: "6"}})
//
// Sources: TIFF 6.0 (Adobe, 1992); Exif 3.0 (CIPA DC-008-2023); DCF 2.0 (CIPA DC-009-2010);
// DNG 1.7 (Adobe, 2023).
package exif

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// ErrMalformed is wrapped by the error of [Read] when part of a block could not be read.
var ErrMalformed = errors.New("exif: malformed block")

// The limits of what is read. Past one of them the block counts as malformed. A block in a
// JPEG file has at most 64 KiB, so room for 5,000 entries; cameras write about a hundred.
const (
	maxEntries   = 4096  // entries in all directories together
	maxDirs      = 64    // directories
	maxDepth     = 4     // directories inside each other
	maxStrips    = 4096  // pieces of picture data in one directory
	maxCreators  = 64    // people in one Artist tag
	maxFieldText = 32000 // bytes of a text that can be kept: Artist and Copyright fit one JPEG segment
	maxReport    = 256   // bytes of any other value
	maxNumbers   = 512   // entries of which the numbers are put into words
	maxSlack     = 16    // bytes without an owner that pass as padding
)

const (
	headerSize = 8
	entrySize  = 12
)

// Read lists what an EXIF block carries. The block starts at the TIFF header ("II*\0" or
// "MM\0*"); "Exif\0\0" before it is skipped.
//
// Paths are "exif/", the directory (ifd0, ifd1, exif, gps, interop, subifd0), and the name of
// the tag, or its number as 0xC4A5 when no table knows it. Picture data is the item
// "thumbnail" of its directory; bytes without an owner are "exif/unreferenced". Sizes are in
// bytes, with the 12 bytes of the directory entry.
//
// When part of the block cannot be read, Read returns the items that it could read and an
// error that wraps [ErrMalformed]. Its time and memory are bounded by the length of the block.
func Read(block []byte) ([]metadata.Item, error) {
	block = trimPrefix(block)
	w := &walker{block: block}
	w.walk()
	items := w.items()
	if n := w.unowned(); n > maxSlack {
		items = append(items, metadata.Item{Path: "exif/unreferenced", Category: metadata.Unknown, Size: n})
	}
	return items, w.err()
}

func trimPrefix(block []byte) []byte {
	const prefix = "Exif\x00\x00"
	if strings.HasPrefix(string(block[:min(len(block), len(prefix))]), prefix) {
		return block[len(prefix):]
	}
	return block
}

// byteOrder reads and writes numbers.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// header returns the byte order and the place of the first directory.
func header(block []byte) (order byteOrder, first uint32, ok bool) {
	if len(block) < headerSize {
		return nil, 0, false
	}
	switch string(block[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return nil, 0, false
	}
	return order, order.Uint32(block[4:]), true
}

// fault notes that something at path could not be read. The first is reported, the others
// are counted, so that a hostile block cannot make a long error.
func (w *walker) fault(path, what string) {
	if w.faults == 0 {
		w.first = path + ": " + what
	}
	w.faults++
}

func (w *walker) err() error {
	switch w.faults {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("%w: %s", ErrMalformed, w.first)
	}
	return fmt.Errorf("%w: %s (and %d more)", ErrMalformed, w.first, w.faults-1)
}
