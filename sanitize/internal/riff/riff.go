// Package riff reads and writes the chunks of RIFF files: WebP and AVI.
//
// A chunk is a name of four bytes, a length in 32 bits, the payload, and a padding byte when
// the length is odd. The package finds where chunks begin and end; it knows no name and no
// payload, and never reads one.
//
//	c, err := riff.Next(w, at, end)
//	// c.Payload() and c.Size are the payload, c.End() is where the next chunk begins
//
// Source: Multimedia Programming Interface and Data Specifications 1.0 (IBM and Microsoft,
// 1991), chapter 2.
package riff

import (
	"encoding/binary"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// HeaderSize is what stands before a payload: name and length.
const HeaderSize = 8

// MaxSize is the largest payload, in bytes, that a length can tell with room for its
// padding byte.
const MaxSize = 1<<32 - 2

// A Chunk is where a chunk lies in a file.
type Chunk struct {
	ID   string // four bytes of any kind: never to be shown
	Off  int64  // of the header
	Size int64  // of the payload, without padding
	Pad  int64  // 1 when a padding byte follows
}

// Payload is where the payload begins.
func (c Chunk) Payload() int64 { return c.Off + HeaderSize }

// End is where the next chunk begins.
func (c Chunk) End() int64 { return c.Payload() + c.Size + c.Pad }

// Next reads the header of the chunk at the given place inside a list or file that ends at
// end, which is not past the size of the file. A chunk that does not fit is
// *container.Malformed; only the padding byte of the last one may be missing, since some
// writers forget it and no reader needs it.
func Next(w *container.Window, at, end int64) (Chunk, error) {
	if end-at < HeaderSize {
		return Chunk{}, outside(w, at, end)
	}
	b, err := w.Bytes(at, HeaderSize)
	if err != nil {
		return Chunk{}, err
	}
	c := Chunk{ID: string(b[:4]), Off: at, Size: int64(binary.LittleEndian.Uint32(b[4:]))}
	room := end - c.Payload()
	if c.Size > room {
		return Chunk{}, outside(w, at, end)
	}
	if c.Size < room {
		c.Pad = c.Size & 1
	}
	return c, nil
}

func outside(w *container.Window, at, end int64) error {
	return &container.Malformed{Off: at, What: "a chunk runs past the end of what it stands in", CutOff: end == w.Size()}
}

// AppendHeader adds the header of a chunk with a payload of size bytes, at most MaxSize.
func AppendHeader(out []byte, id string, size int64) []byte {
	return binary.LittleEndian.AppendUint32(append(out, id...), uint32(size))
}

// AppendChunk adds a chunk with its padding.
func AppendChunk(out []byte, id string, payload []byte) []byte {
	out = append(AppendHeader(out, id, int64(len(payload))), payload...)
	if len(payload)%2 == 1 {
		out = append(out, 0)
	}
	return out
}
