// Package box reads and writes the boxes of the ISO base media file format (ISO/IEC 14496-12
// section 4.2), which HEIF, AVIF, JPEG XL, MP4 and QuickTime share.
//
// It knows the grammar and no box: what a type means is the business of the formats. A
// length is compared with what is left before it is used, and nothing but headers is read.
//
//	err := box.Each(ctx, src, 0, src.Size(), func(b box.Box) error { … })
package box

import (
	"context"
	"encoding/binary"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// maxBoxes is the most boxes that one parent may hold.
const maxBoxes = 1 << 17

// A Box is the header of a box and where it lies.
type Box struct {
	Type string   // four characters
	User [16]byte // of a "uuid" box
	Off  int64
	Head int64 // bytes of the header
	Len  int64 // of the whole box
}

// End is the offset behind the box.
func (b Box) End() int64 { return b.Off + b.Len }

// Body is where the bytes behind the header begin, and how many there are.
func (b Box) Body() (off, n int64) { return b.Off + b.Head, b.Len - b.Head }

// Sizes of headers: with a size of 32 bits, of 64 bits, and what a type of its own adds.
const (
	headSize  = 8
	largeSize = 16
	userSize  = 16
)

// Read reads the header of the box at off, which may reach to end. A box that reaches past
// the end of the source is a Malformed with CutOff set, one past its parent is not.
func Read(src container.Source, off, end int64) (Box, error) {
	left := end - off
	if left < headSize {
		return Box{}, broken(src, off, end, "a box shorter than its header")
	}
	head, err := container.ReadPayload(src, off, min(left, largeSize+userSize))
	if err != nil {
		return Box{}, err
	}
	b := Box{Type: string(head[4:8]), Off: off, Head: headSize, Len: int64(binary.BigEndian.Uint32(head))}
	switch {
	case b.Len == 0:
		b.Len = left
	case b.Len == 1 && left < largeSize:
		return Box{}, broken(src, off, end, "a box shorter than its header")
	case b.Len == 1:
		n := binary.BigEndian.Uint64(head[8:])
		if n > 1<<62 {
			return Box{}, broken(src, off, end, "a box runs past what holds it")
		}
		b.Head, b.Len = largeSize, int64(n)
	}
	if b.Type == "uuid" {
		b.Head += userSize
	}
	switch {
	case b.Len < b.Head:
		return Box{}, &container.Malformed{Off: off, What: "a box shorter than its header"}
	case b.Len > left:
		return b, broken(src, off, end, "a box runs past what holds it")
	}
	if b.Type == "uuid" {
		copy(b.User[:], head[b.Head-userSize:])
	}
	return b, nil
}

func broken(src container.Source, off, end int64, what string) error {
	return &container.Malformed{Off: off, What: what, CutOff: end == src.Size()}
}

// Each reads the boxes that lie end to end from off to end and calls visit with each.
func Each(ctx context.Context, src container.Source, off, end int64, visit func(Box) error) error {
	for count := 0; off < end; count++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if count == maxBoxes {
			return &container.Feature{Name: "a file of so many boxes"}
		}
		b, err := Read(src, off, end)
		if err != nil {
			return err
		}
		if err := visit(b); err != nil {
			return err
		}
		off = b.End()
	}
	return nil
}

// Append adds a box with the given body to out.
func Append(out []byte, typ string, body ...[]byte) []byte {
	n := headSize
	for _, b := range body {
		n += len(b)
	}
	out = binary.BigEndian.AppendUint32(out, uint32(n))
	out = append(out, typ...)
	for _, b := range body {
		out = append(out, b...)
	}
	return out
}

// AppendFull adds a box that begins with a version and flags.
func AppendFull(out []byte, typ string, version byte, flags uint32, body ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(version)<<24|flags&0xFFFFFF)
	return Append(out, typ, append([][]byte{head}, body...)...)
}

// AppendHead adds the header alone of a box whose body has n bytes.
func AppendHead(out []byte, typ string, n int64) []byte {
	if n+headSize <= 0xFFFFFFFF {
		return append(binary.BigEndian.AppendUint32(out, uint32(n+headSize)), typ...)
	}
	out = append(binary.BigEndian.AppendUint32(out, 1), typ...)
	return binary.BigEndian.AppendUint64(out, uint64(n+largeSize))
}
