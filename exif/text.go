package exif

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// decode returns the text of bytes that should be ASCII. Writers use UTF-8 all the same, and
// old ones Latin-1, which is what every byte string is that is not UTF-8.
func decode(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

// decodeUTF16 returns the text of UTF-16 in the given order, up to the first NUL.
func decodeUTF16(b []byte, order binary.ByteOrder) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		u := order.Uint16(b)
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}

// tidy drops control characters and byte-order marks, trims white space, and cuts the text to
// at most limit bytes. Tidying a second time changes nothing.
func tidy(s string, limit int) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\uFEFF' || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s))
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.TrimSpace(s[:limit])
}

// isText reports whether e is of a type for text.
func isText(e *entry) bool { return !e.broken && (e.typ == typeASCII || e.typ == typeUTF8) }

// text returns what a viewer shows of e: the text up to the first NUL. Nil is no entry.
func text(e *entry) string {
	if e == nil || !isText(e) {
		return ""
	}
	shown, _, _ := bytes.Cut(e.value, []byte{0})
	return tidy(decode(clip(shown, maxFieldText)), maxFieldText)
}

// clip cuts b to limit bytes before it is decoded. A letter that it cuts in two at the end
// is dropped, so that the rest still counts as UTF-8.
func clip(b []byte, limit int) []byte {
	if len(b) <= limit {
		return b
	}
	n := limit
	for n > limit-utf8.UTFMax && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n]
}

// allText returns every part of the text, with what stands behind a NUL.
func allText(b []byte) string {
	parts := strings.FieldsFunc(decode(clip(b, maxReport)), func(r rune) bool { return r == 0 })
	for i := range parts {
		parts[i] = tidy(parts[i], maxReport)
	}
	return tidy(strings.Join(parts, "; "), maxReport)
}

// charsetText decodes a comment after the code of its character set: Exif 3.0, table 9. JIS X 0208 would
// need a table of its own, so that such a comment is listed without its text.
func (w *walker) charsetText(b []byte) string {
	const codeSize = 8
	if len(b) < codeSize {
		return allText(b)
	}
	code, rest := string(b[:codeSize]), b[codeSize:]
	rest = rest[:min(len(rest), 2*maxReport)]
	switch code {
	case "ASCII\x00\x00\x00", "\x00\x00\x00\x00\x00\x00\x00\x00":
		return allText(rest)
	case "UNICODE\x00":
		return tidy(decodeUTF16(rest, byteOrderMark(rest, w.order)), maxReport)
	case "JIS\x00\x00\x00\x00\x00":
		return ""
	}
	return allText(b)
}

func byteOrderMark(b []byte, order binary.ByteOrder) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return binary.LittleEndian
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return binary.BigEndian
	}
	return order
}
