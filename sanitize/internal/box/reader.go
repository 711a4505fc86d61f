package box

import (
	"bytes"
	"encoding/binary"
)

// A Reader takes fields from the body of a box. Once it has been asked for more than there
// is, OK reports false and every field is zero.
type Reader struct {
	b      []byte
	at     int
	failed bool
}

// NewReader returns a Reader of b.
func NewReader(b []byte) *Reader { return &Reader{b: b} }

// OK reports whether everything that was asked for was there.
func (r *Reader) OK() bool { return !r.failed }

// Pos is how many bytes have been taken.
func (r *Reader) Pos() int64 { return int64(r.at) }

// Left is how many bytes have not been taken.
func (r *Reader) Left() int { return len(r.b) - r.at }

// Bytes takes n bytes. They are part of what the Reader was made of.
func (r *Reader) Bytes(n int) []byte {
	if r.failed || n < 0 || n > r.Left() {
		r.failed = true
		return nil
	}
	r.at += n
	return r.b[r.at-n : r.at]
}

// Uint takes a number of 0 to 8 bytes.
func (r *Reader) Uint(size int) uint64 {
	var v uint64
	for _, b := range r.Bytes(size) {
		v = v<<8 | uint64(b)
	}
	return v
}

// U8 takes one byte.
func (r *Reader) U8() byte { return byte(r.Uint(1)) }

// U16 takes a number of two bytes.
func (r *Reader) U16() uint16 { return uint16(r.Uint(2)) }

// U32 takes a number of four bytes.
func (r *Reader) U32() uint32 { return uint32(r.Uint(4)) }

// Full takes the version and flags that a full box begins with.
func (r *Reader) Full() (version byte, flags uint32) {
	v := r.U32()
	return byte(v >> 24), v & 0xFFFFFF
}

// Type takes the four characters of a type.
func (r *Reader) Type() string { return string(r.Bytes(4)) }

// Text takes a text up to its closing zero, or all that is left when there is none.
func (r *Reader) Text() string {
	if r.failed {
		return ""
	}
	rest := r.b[r.at:]
	if i := bytes.IndexByte(rest, 0); i >= 0 {
		r.at += i + 1
		return string(rest[:i])
	}
	r.at = len(r.b)
	return string(rest)
}

// Uint16s puts numbers of two bytes together, for writing.
func Uint16s(v ...uint16) []byte {
	var b []byte
	for _, n := range v {
		b = binary.BigEndian.AppendUint16(b, n)
	}
	return b
}

// Uint32s puts numbers of four bytes together, for writing.
func Uint32s(v ...uint32) []byte {
	var b []byte
	for _, n := range v {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}
