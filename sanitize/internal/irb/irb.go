// Package irb reads Photoshop image resource blocks, the boxes in which Photoshop and those
// who follow it keep captions, thumbnails, paths, print settings and whole EXIF, IPTC and
// XMP blocks. JPEG has them in APP13 after "Photoshop 3.0\0", TIFF in tag 34377, PSD in a
// section of its own.
//
//	items, err := irb.Read(block)
//
// It lists only; nothing of such a block is ever kept. Paths and errors are made of words
// from our own tables and of numbers, never of text from the block.
package irb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// ErrMalformed says that a block is not a sequence of resources, holds too many, or that
// one of them could not be read as what it should be.
var ErrMalformed = errors.New("irb: malformed block")

const (
	maxResources = 4096 // resources of a block; Photoshop's paths alone may be 999
	maxValue     = 256  // bytes of a value
	headSize     = 12   // signature, id, empty name, size
)

// Read lists the resources of a block (Adobe Photoshop File Formats Specification, "Image
// Resource Blocks"). Paths are "irb/0x040c/thumbnail", "irb/0x0404/iptc/2:080/By-line" for
// what is inside a block within the block, and "irb/0x1234" for a resource that is not in
// our table. A resource of another program than Photoshop has the signature in front, as
// "irb/PHUT/0x0404": its numbers mean something else.
//
// Size is in bytes of the block, with the resource's header and padding; it is without them
// for what is inside a block within the block.
//
// When a resource cannot be read as the block that it should be, it is listed as
// unreadable and the next one is read. When the block breaks off or is wrong, the rest is
// "irb/unreadable". In both cases the error wraps [ErrMalformed].
func Read(block []byte) ([]metadata.Item, error) {
	var items []metadata.Item
	var wrong error
	for at, n := 0, 0; at < len(block); n++ {
		if isZero(block[at:]) {
			break
		}
		res, err := next(block[at:])
		if err == nil && n == maxResources {
			err = errors.New("too many resources")
		}
		if err != nil {
			rest := metadata.Item{Path: "irb/unreadable", Size: int64(len(block) - at)}
			return append(items, rest), fmt.Errorf("%w: %w at byte %d", ErrMalformed, err, at)
		}
		found, err := res.items()
		if err != nil && wrong == nil {
			wrong = fmt.Errorf("%w: resource 0x%04x: %w", ErrMalformed, res.id, err)
		}
		items = append(items, found...)
		at += res.size
	}
	return items, wrong
}

// isZero reports whether only padding is left. Its first byte decides, unless it is zero.
func isZero(rest []byte) bool {
	for _, b := range rest {
		if b != 0 {
			return false
		}
	}
	return true
}

// A resource is one resource as it stands in a block.
type resource struct {
	signature string
	id        uint16
	name      []byte
	data      []byte
	size      int // of all of it
}

// signatures are those of Photoshop and of PhotoDeluxe, ImageReady and others.
var signatures = map[string]string{"8BIM": "8BIM", "PHUT": "PHUT", "AgHg": "AgHg", "DCSR": "DCSR", "MeSa": "MeSa"}

var (
	errSignature = errors.New("no resource")
	errLength    = errors.New("a resource runs past the end")
)

// next reads the resource at the start of rest. Name and data are padded to even lengths;
// after the last resource the padding may be missing.
func next(rest []byte) (resource, error) {
	if len(rest) < headSize {
		return resource{}, errLength
	}
	signature, ok := signatures[string(rest[:4])]
	if !ok {
		return resource{}, errSignature
	}
	nameEnd := 7 + int(rest[6])
	dataAt := nameEnd + nameEnd%2 + 4
	if dataAt > len(rest) {
		return resource{}, errLength
	}
	length := uint64(binary.BigEndian.Uint32(rest[dataAt-4:]))
	if length > uint64(len(rest)-dataAt) {
		return resource{}, errLength
	}
	end := dataAt + int(length)
	return resource{
		signature: signature,
		id:        binary.BigEndian.Uint16(rest[4:]),
		name:      rest[7:nameEnd],
		data:      rest[dataAt:end],
		size:      min(end+end%2, len(rest)),
	}, nil
}

// items lists what a resource holds: its name, when it has one, and its content.
func (r resource) items() ([]metadata.Item, error) {
	path := fmt.Sprintf("irb/0x%04x", r.id)
	known := lookup(r.id)
	if r.signature != "8BIM" {
		path, known = fmt.Sprintf("irb/%s/0x%04x", r.signature, r.id), content{}
	}
	var items []metadata.Item
	size := int64(r.size)
	if len(r.name) > 0 {
		name := metadata.Secret(clean(latin1(r.name)))
		items = []metadata.Item{{Path: path + "/name", Category: metadata.Description, Size: int64(len(r.name)), Value: name}}
		size -= int64(len(r.name))
	}
	whole := metadata.Item{Path: path, Category: known.category, Size: size}
	if known.name != "" {
		whole.Path += "/" + known.name
	}
	if known.read == nil {
		whole.Value = metadata.Secret(clean(known.show(r.data)))
		if known.bytes != 0 && known.bytes != len(r.data) {
			whole.Category = metadata.Unknown
		}
		return append(items, whole), nil
	}
	inside, err := known.read(r.data)
	for _, it := range inside {
		it.Path = path + "/" + it.Path
		items = append(items, it)
	}
	if err != nil {
		return append(items, metadata.Item{Path: path + "/unreadable"}), err
	}
	if len(inside) == 0 {
		items = append(items, whole)
	}
	return items, nil
}

// clean returns at most 256 bytes of s without what cannot be shown.
func clean(s string) string {
	s = strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' {
			return -1
		}
		return c
	}, s)
	return strings.TrimSpace(strings.ToValidUTF8(s[:min(len(s), maxValue)], ""))
}
