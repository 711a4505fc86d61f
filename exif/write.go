package exif

import (
	"encoding/binary"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Write returns a fresh block, big-endian and starting at the TIFF header, with those of the
// entries that EXIF has a place for: Orientation from "2" to "8" ("1" is what a viewer assumes
// anyway), Creator, joined with "; ", and Copyright. It returns nil when there is nothing to
// say. Texts are UTF-8 in ASCII tags, as every reader in use expects, and are cut at 32,000
// bytes, so that the block always fits into one JPEG segment.
func Write(entries []metadata.Entry) []byte {
	var people []string
	values := map[metadata.Field]string{}
	for _, e := range entries {
		value := tidy(strings.ReplaceAll(e.Value.Reveal(), "\x00", " "), maxFieldText)
		if e.Field == metadata.Creator {
			people = append(people, value)
		} else if values[e.Field] == "" {
			values[e.Field] = value
		}
	}
	var b builder
	if v := values[metadata.Orientation]; len(v) == 1 && v >= "2" && v <= "8" {
		b.short(0x0112, uint16(v[0]-'0'))
	}
	people = splitPeople(strings.Join(people, ";"))
	b.text(0x013B, strings.Join(people, separator))
	b.text(0x8298, values[metadata.Copyright])
	return b.block()
}

// A builder collects the entries of one directory, in ascending order of tags as TIFF 6.0,
// page 14 demands.
type builder struct{ entries []fresh }

type fresh struct {
	id, typ uint16
	count   uint32
	value   []byte
}

func (b *builder) short(id, v uint16) {
	b.entries = append(b.entries, fresh{id, typeShort, 1, binary.BigEndian.AppendUint16(nil, v)})
}

func (b *builder) text(id uint16, s string) {
	if s != "" {
		b.entries = append(b.entries, fresh{id, typeASCII, uint32(len(s) + 1), append([]byte(s), 0)})
	}
}

func (b *builder) block() []byte {
	if len(b.entries) == 0 {
		return nil
	}
	order := binary.BigEndian
	out := append([]byte("MM\x00*"), 0, 0, 0, headerSize)
	out = order.AppendUint16(out, uint16(len(b.entries)))
	at := headerSize + 2 + entrySize*len(b.entries) + 4
	var far []byte
	for _, e := range b.entries {
		out = order.AppendUint16(out, e.id)
		out = order.AppendUint16(out, e.typ)
		out = order.AppendUint32(out, e.count)
		if len(e.value) <= 4 {
			out = append(append(out, e.value...), make([]byte, 4-len(e.value))...)
			continue
		}
		out = order.AppendUint32(out, uint32(at+len(far)))
		far = append(far, e.value...)
		if len(far)%2 == 1 {
			far = append(far, 0) // values start at even places
		}
	}
	out = append(out, 0, 0, 0, 0) // no further directory
	return append(out, far...)
}
