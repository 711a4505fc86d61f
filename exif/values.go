package exif

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/rwcarlsen/goexif/tiff"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A question asks what the numbers of an entry say, for the item at index.
type question struct {
	index int
	entry *entry
}

// isNumber reports whether goexif is asked about e.
func isNumber(e *entry, t tag) bool {
	if e.broken || len(e.value) == 0 || t.form != plain || isText(e) || e.typ == typeIFD {
		return false
	}
	return e.typ != typeUndefined || len(e.value) <= maxPlain
}

// answer lets goexif read the numbers. It is shown a directory of our own making and never
// the block: a few foreign bytes can make it loop for ever or fill the memory. Without an
// answer an item stays without a value.
func (w *walker) answer(ask []question, items []metadata.Item) {
	if len(ask) == 0 {
		return
	}
	defer func() { _ = recover() }() // a panic in there costs the remaining values, no item
	t, err := tiff.Decode(bytes.NewReader(w.rebuild(ask)))
	if err != nil || len(t.Dirs) != 1 || len(t.Dirs[0].Tags) != len(ask) {
		return
	}
	for i, q := range ask {
		items[q.index].Value = metadata.Secret(format(t.Dirs[0].Tags[i]))
	}
}

// rebuild makes a block of one directory, with no pointers, nothing behind it, and values of
// at most maxReport bytes each.
func (w *walker) rebuild(ask []question) []byte {
	table := headerSize + 2 + entrySize*len(ask) + 4
	out := make([]byte, 0, 2*table)
	out = append(out, w.block[:4]...)
	out = w.order.AppendUint32(out, headerSize)
	out = w.order.AppendUint16(out, uint16(len(ask)))
	var far []byte
	for _, q := range ask {
		e := q.entry
		typ, value := e.typ, e.value[:min(len(e.value), maxReport)]
		if typ == typeUndefined {
			typ = typeByte
		}
		out = w.order.AppendUint16(out, e.id)
		out = w.order.AppendUint16(out, typ)
		out = w.order.AppendUint32(out, uint32(int64(len(value))/typeSize(typ)))
		if len(value) <= 4 {
			out = append(out, value...)
			out = append(out, 0, 0, 0, 0)[:len(out)+4-len(value)]
			continue
		}
		out = w.order.AppendUint32(out, uint32(table+len(far)))
		far = append(far, value...)
	}
	out = append(out, 0, 0, 0, 0)
	return append(out, far...)
}

// format writes the numbers of a tag for people: 1/125, 2.8, 4 3 0.
func format(t *tiff.Tag) string {
	var s strings.Builder
	for i := range int(t.Count) {
		one := formatOne(t, i)
		if one == "" || s.Len()+1+len(one) > maxReport {
			break
		}
		if i > 0 {
			s.WriteByte(' ')
		}
		s.WriteString(one)
	}
	return s.String()
}

func formatOne(t *tiff.Tag, i int) string {
	switch t.Format() {
	case tiff.IntVal:
		if v, err := t.Int64(i); err == nil {
			return strconv.FormatInt(v, 10)
		}
	case tiff.FloatVal:
		if v, err := t.Float(i); err == nil {
			return strconv.FormatFloat(v, 'g', 8, 64)
		}
	case tiff.RatVal:
		if num, den, err := t.Rat2(i); err == nil {
			return formatRational(num, den)
		}
	}
	return ""
}

func formatRational(num, den int64) string {
	switch {
	case den == 0:
		return strconv.FormatInt(num, 10) + "/0"
	case num > 0 && den > num && den%num == 0:
		return "1/" + strconv.FormatInt(den/num, 10)
	}
	return strconv.FormatFloat(float64(num)/float64(den), 'g', 8, 64)
}
