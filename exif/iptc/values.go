package iptc

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

func (d id) path(name string) string {
	if name != "" {
		name = "/" + name
	}
	return fmt.Sprintf("iptc/%d:%03d%s", d.record, d.number, name)
}

// parse returns what a dataset with a field says, in the form that the field has.
func (s dataset) parse(data []byte, declared bool) (string, bool) {
	if s.field == "" {
		return "", false
	}
	value := clean(decode(data, declared), maxField)
	if s.kind == date {
		return parseDate(value)
	}
	return value, true
}

// show returns what any other dataset says, when it can be said in text.
func (s dataset) show(data []byte, declared bool) string {
	switch {
	case s.kind == octets:
		return ""
	case s.kind == number && len(data) <= 8:
		var wide [8]byte
		copy(wide[8-len(data):], data)
		return strconv.FormatUint(binary.BigEndian.Uint64(wide[:]), 10)
	}
	return clean(decode(data, declared), maxValue)
}

// decode returns data as UTF-8. In text that is declared to be UTF-8, and is not quite,
// the broken characters go: many programs cut a text at a number of bytes.
func decode(data []byte, declared bool) string {
	if declared || utf8.Valid(data) {
		return string(data)
	}
	var latin1 strings.Builder
	for _, b := range data[:min(len(data), maxField)] {
		if b >= 0x80 && b < 0xA0 {
			latin1.WriteRune(windows1252[b-0x80])
			continue
		}
		latin1.WriteRune(rune(b))
	}
	return latin1.String()
}

// windows1252 is what programs mean by the bytes 0x80 to 0x9F, where ISO 8859-1 has
// controls that stand in no caption: quotes, dashes, the euro. U+FFFD is for the five that
// mean nothing.
var windows1252 = [32]rune{
	'€', 0xFFFD, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0xFFFD, 'Ž', 0xFFFD,
	0xFFFD, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0xFFFD, 'ž', 'Ÿ',
}

// clean returns s as a value that XMP can hold: valid UTF-8, without control characters,
// lines ended by a line feed, no white space around, and at most limit bytes.
func clean(s string, limit int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.TrimSpace(strings.Map(allowed, s))
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.TrimSpace(s[:limit])
}

func allowed(c rune) rune {
	switch {
	case c == '\r':
		return '\n'
	case c < ' ' && c != '\t' && c != '\n', c == 0xFFFE, c == 0xFFFF:
		return -1
	}
	return c
}

// parseDate reads CCYYMMDD (IIM 4.2, 2:55), where month and day are 00 when they are not
// known, as 2026-01-31, 2026-01 or 2026.
func parseDate(s string) (string, bool) {
	if len(s) != 8 || strings.Trim(s, "0123456789") != "" || s[:4] == "0000" {
		return "", false
	}
	year, month, day := s[:4], s[4:6], s[6:]
	switch {
	case month > "12" || day > "31" || month == "00" && day != "00":
		return "", false
	case month == "00":
		return year, true
	case day == "00":
		return year + "-" + month, true
	}
	return year + "-" + month + "-" + day, true
}

// parseTime reads HHMMSS and a zone as +HHMM (IIM 4.2, 2:60), which many leave out, as
// 14:05:09+01:00. What is no time is "".
func parseTime(s string) string {
	clock, zone := s, ""
	if len(s) == 11 && (s[6] == '+' || s[6] == '-') {
		clock, zone = s[:6], s[7:]
	}
	if len(clock) != 6 || strings.Trim(clock+zone, "0123456789") != "" ||
		clock[:2] > "23" || clock[2:4] > "59" || clock[4:] > "60" {
		return ""
	}
	clock = clock[:2] + ":" + clock[2:4] + ":" + clock[4:]
	if zone == "" {
		return clock
	}
	return clock + s[6:7] + zone[:2] + ":" + zone[2:]
}
