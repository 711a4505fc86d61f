// Package iptc reads IPTC-IIM (Information Interchange Model 4.2), the block of captions,
// names and places that news agencies put into pictures before there was XMP.
//
//	items, err := iptc.Read(block)
//
// There is no Write. Every text that may stay has a place in XMP, which is not cut off at
// 32 bytes and says what its encoding is; package xmp writes it there, once.
//
// Paths and errors are made of words from our own table and of numbers, never of text from
// the block.
package iptc

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// ErrMalformed says that a block is not a sequence of IIM datasets, or holds too many.
var ErrMalformed = errors.New("iptc: malformed block")

// The limits that hold whatever a block says.
const (
	maxItems = 8192     // items of a block
	maxField = 64 << 10 // bytes of a value that can be written anew
	maxValue = 256      // bytes of any other value
)

// Read lists the datasets of a block (IIM 4.2 chapter 1.5, standard and extended), with
// paths as "iptc/2:080/By-line", or "iptc/2:199" for one that is not in our table. A
// dataset that can be written anew has its Field set and is an item of its own; others with
// one path are counted in one item, with the first 256 bytes of what they say. The time of
// creation (2:60) is added to the first date (2:55).
//
// Size is in bytes of the block, tags and lengths included: all sizes together are those
// of the block but for zeros after its last dataset.
//
// Text is UTF-8 when 1:90 says so or when it can be, else ISO 8859-1 with the additions of
// Windows-1252.
//
// A block that breaks off or is wrong gives the items up to that place, what is left as
// "iptc/unreadable", and an error that wraps [ErrMalformed].
func Read(block []byte) ([]metadata.Item, error) {
	r := reader{byPath: map[string]int{}, date: -1}
	for at := 0; at < len(block); {
		if isZero(block[at:]) {
			break
		}
		d, err := next(block[at:])
		if err == nil && len(r.items) < maxItems {
			r.add(d)
			at += d.size
			continue
		}
		if err == nil {
			err = errors.New("too many datasets")
		}
		rest := metadata.Item{Path: "iptc/unreadable", Size: int64(len(block) - at)}
		return append(r.finish(), rest), fmt.Errorf("%w: %w at byte %d", ErrMalformed, err, at)
	}
	return r.finish(), nil
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

// A found is one dataset as it stands in a block.
type found struct {
	id   id
	data []byte
	size int
}

var (
	errTag    = errors.New("no dataset")
	errLength = errors.New("a dataset runs past the end")
)

// next reads the dataset at the start of rest.
func next(rest []byte) (found, error) {
	if rest[0] != 0x1C {
		return found{}, errTag
	}
	if len(rest) < 5 {
		return found{}, errLength
	}
	head, length := 5, uint64(binary.BigEndian.Uint16(rest[3:]))
	if length&0x8000 != 0 { // extended: so many bytes of length follow
		n := int(length & 0x7FFF)
		if n > 8 || n > len(rest)-head {
			return found{}, errLength
		}
		length = 0
		for _, b := range rest[head : head+n] {
			length = length<<8 | uint64(b)
		}
		head += n
	}
	if length > uint64(len(rest)-head) {
		return found{}, errLength
	}
	size := head + int(length)
	return found{id{rest[1], rest[2]}, rest[head:size], size}, nil
}

// A reader collects the items of one block.
type reader struct {
	items  []metadata.Item
	byPath map[string]int // a merged item's place in items
	utf8   bool           // 1:90 said so
	date   int            // place of the first full date of creation in items, or -1
	time   string         // first time of creation
}

// add lists one dataset.
func (r *reader) add(d found) {
	set := datasets[d.id]
	if d.id == (id{1, 90}) && string(d.data) == "\x1b%G" {
		r.utf8 = true
	}
	item := metadata.Item{Path: d.id.path(set.name), Category: set.category, Size: int64(d.size)}
	if value, ok := set.parse(d.data, r.utf8); ok && value != "" {
		item.Field, item.Value = set.field, metadata.Secret(value)
	} else {
		item.Value = metadata.Secret(set.show(d.data, r.utf8))
	}
	if d.id == (id{2, 60}) && r.time == "" {
		r.time = parseTime(item.Value.Reveal())
	}
	if item.Field == "" {
		if i, ok := r.byPath[item.Path]; ok {
			merge(&r.items[i], item)
			return
		}
		r.byPath[item.Path] = len(r.items)
	}
	if item.Field == metadata.DateTaken && r.date < 0 && len(item.Value) == len("2026-01-31") {
		r.date = len(r.items)
	}
	r.items = append(r.items, item)
}

func merge(to *metadata.Item, more metadata.Item) {
	to.Size += more.Size
	switch {
	case to.Value == "":
		to.Value = more.Value
	case more.Value != "" && len(to.Value) < maxValue:
		to.Value = metadata.Secret(clean(to.Value.Reveal()+"; "+more.Value.Reveal(), maxValue))
	}
}

// finish puts date and time together and returns the items.
func (r *reader) finish() []metadata.Item {
	if r.date >= 0 && r.time != "" {
		r.items[r.date].Value += metadata.Secret("T" + r.time)
	}
	return r.items
}
