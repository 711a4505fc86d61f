package xmp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
)

var errAttributes = errors.New("too many attributes")

// toUTF8 returns packet without its byte order mark and the NULs that some programs pad
// with, and out of UTF-16 when it is in that: wide says so.
func toUTF8(packet []byte) (text []byte, wide bool, err error) {
	switch {
	case bytes.HasPrefix(packet, []byte{0, 0, 0xFE, 0xFF}), bytes.HasPrefix(packet, []byte{0xFF, 0xFE, 0, 0}),
		bytes.HasPrefix(packet, []byte{0, 0, 0, '<'}), bytes.HasPrefix(packet, []byte{'<', 0, 0, 0}):
		return nil, false, fmt.Errorf("%w: UTF-32 is not supported", ErrMalformed)
	case bytes.HasPrefix(packet, []byte{0xFE, 0xFF}), bytes.HasPrefix(packet, []byte{0, '<'}):
		text, err = fromUTF16(packet, binary.BigEndian)
		return text, true, err
	case bytes.HasPrefix(packet, []byte{0xFF, 0xFE}), bytes.HasPrefix(packet, []byte{'<', 0}):
		text, err = fromUTF16(packet, binary.LittleEndian)
		return text, true, err
	}
	return trim(packet), false, nil
}

func fromUTF16(packet []byte, order binary.ByteOrder) ([]byte, error) {
	if len(packet)%2 != 0 {
		return nil, fmt.Errorf("%w: UTF-16 of an odd length", ErrMalformed)
	}
	units := make([]uint16, len(packet)/2)
	for i := range units {
		units[i] = order.Uint16(packet[2*i:])
	}
	text := make([]byte, 0, len(packet))
	for len(units) > 0 { // by parts, since the runes of it all take twice its size
		n := min(len(units), 4096)
		if n < len(units) && utf16.IsSurrogate(rune(units[n-1])) {
			n++
		}
		text = append(text, string(utf16.Decode(units[:n]))...)
		units = units[n:]
	}
	return trim(text), nil
}

func trim(text []byte) []byte {
	return bytes.TrimRight(bytes.TrimPrefix(text, []byte("\ufeff")), "\x00")
}

// A limited gives out text byte by byte and fails in a start tag of more than
// maxAttributes attributes. The decoder would first keep them all, at many times the size
// that they have in the packet.
type limited struct {
	text  []byte
	at    int
	inTag bool
	quote byte // the quote that we are within, or 0
	count int
}

// ReadByte is what the decoder uses.
func (l *limited) ReadByte() (byte, error) {
	if l.at >= len(l.text) {
		return 0, io.EOF
	}
	c := l.text[l.at]
	l.at++
	switch {
	case c == '<': // stands in no quotes, so comments cannot lead us astray for long
		l.inTag, l.quote, l.count = true, 0, 0
	case l.quote != 0:
		if c == l.quote {
			l.quote = 0
		}
	case c == '>':
		l.inTag = false
	case l.inTag && (c == '"' || c == '\''):
		l.quote = c
		if l.count++; l.count > maxAttributes {
			return 0, errAttributes
		}
	}
	return c, nil
}

// Read is there for io.Reader only.
func (l *limited) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := l.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}
