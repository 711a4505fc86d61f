package png

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/adler32"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// maxInflated is how many bytes the texts and profiles of one file may be inflated to.
// Behind it nothing is looked into; it goes all the same.
const maxInflated = 4 * container.MaxPayload

// inflate returns what a zlib stream holds, as far as it is right, and whether that is all.
func inflate(b []byte, limit int64) (out []byte, whole bool) {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, false
	}
	out, err = io.ReadAll(io.LimitReader(z, limit+1))
	if int64(len(out)) > limit {
		return nil, false
	}
	return out, err == nil
}

// inflate inflates within the budget of the file.
func (m *mapper) inflate(b []byte) ([]byte, bool) {
	limit := min(m.budget, container.MaxPayload)
	out, whole := inflate(b, limit)
	if out == nil && !whole {
		m.budget -= min(limit, 1032*int64(len(b))) // what it may have cost
	}
	m.budget -= int64(len(out))
	return out, whole
}

// unpackProfile returns the profile in the data of an iCCP, or nil. Decoders read as many
// bytes as the profile says that it has and ask for no checksum.
func unpackProfile(b []byte) []byte {
	_, rest, _ := bytes.Cut(b, []byte{0})
	if len(rest) < 2 || rest[0] != 0 {
		return nil
	}
	out, whole := inflate(rest[1:], container.MaxPayload)
	if !whole && (len(out) < 4 || int64(binary.BigEndian.Uint32(out)) > int64(len(out))) {
		return nil
	}
	return out
}

// storedBlock is the most that a stored block can hold (RFC 1951, 3.2.4).
const storedBlock = 1<<16 - 1

// store returns a zlib stream of b without any compression: other than a compressed one it
// depends on b alone.
func store(b []byte) []byte {
	out := []byte{0x78, 0x01}
	sum := adler32.Checksum(b)
	for last := byte(0); last == 0; {
		n := min(len(b), storedBlock)
		if n == len(b) {
			last = 1
		}
		out = append(out, last)
		out = binary.LittleEndian.AppendUint16(out, uint16(n))
		out = binary.LittleEndian.AppendUint16(out, ^uint16(n))
		out = append(out, b[:n]...)
		b = b[n:]
	}
	return binary.BigEndian.AppendUint32(out, sum)
}
