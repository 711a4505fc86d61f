package container

import (
	"context"
	"io"
	"sort"
)

// copyChunk is how many bytes are moved between two looks at the context. It is large,
// since a range of a file moves inside the kernel.
const copyChunk = 16 << 20

// bufferSize is what is taken into memory when bytes do have to pass through it.
const bufferSize = 64 << 10

// A Draft describes a file before it is written. It is a Source, so that it can be read back
// and checked first. Pieces are added at its end.
type Draft struct {
	src    Source
	pieces []piece
	size   int64
	// Notes are codes of what a person should be told, "profile-replaced".
	Notes []string
}

type piece struct {
	at   int64 // where it begins in the draft
	n    int64
	kind pieceKind
	off  int64  // of a copy: where it begins in the source
	lit  []byte // of a literal
}

type pieceKind uint8

const (
	pieceCopy pieceKind = iota
	pieceLiteral
	pieceZero
)

// NewDraft returns an empty draft of a file made from src.
func NewDraft(src Source) *Draft { return &Draft{src: src} }

// Size is the size of the file described so far.
func (d *Draft) Size() int64 { return d.size }

// Copy adds n bytes of the source from off.
func (d *Draft) Copy(off, n int64) {
	if n <= 0 {
		return
	}
	if last := len(d.pieces) - 1; last >= 0 {
		p := &d.pieces[last]
		if p.kind == pieceCopy && p.off+p.n == off {
			p.n += n
			d.size += n
			return
		}
	}
	d.add(piece{n: n, kind: pieceCopy, off: off})
}

// Put adds b, which the caller does not change afterwards.
func (d *Draft) Put(b []byte) { d.add(piece{n: int64(len(b)), kind: pieceLiteral, lit: b}) }

// Zero adds n zero bytes.
func (d *Draft) Zero(n int64) { d.add(piece{n: n, kind: pieceZero}) }

// Note adds a code of what a person should be told; a second time it does nothing.
func (d *Draft) Note(code string) {
	for _, n := range d.Notes {
		if n == code {
			return
		}
	}
	d.Notes = append(d.Notes, code)
}

// Append adds the pieces and notes of another draft of the same source.
func (d *Draft) Append(other *Draft) {
	for _, p := range other.pieces {
		if p.kind == pieceCopy {
			d.Copy(p.off, p.n)
			continue
		}
		d.add(p)
	}
	for _, n := range other.Notes {
		d.Note(n)
	}
}

func (d *Draft) add(p piece) {
	if p.n <= 0 {
		return
	}
	p.at = d.size
	d.pieces = append(d.pieces, p)
	d.size += p.n
}

// Origin returns where the n bytes at off come from in the source. It reports false unless
// they are one unbroken range of it, which proves that a medium has not changed.
func (d *Draft) Origin(off, n int64) (int64, bool) {
	var r ranges
	if !d.origins(off, n, &r) || len(r) != 1 {
		return 0, false
	}
	return r[0][0], true
}

// origins adds the ranges of the source that the n bytes at off come from. It reports false
// when one of them comes from elsewhere.
func (d *Draft) origins(off, n int64, r *ranges) bool {
	if off < 0 || n <= 0 || n > d.size-off {
		return false
	}
	for i := d.find(off); n > 0; i++ {
		p := d.pieces[i]
		if p.kind != pieceCopy {
			return false
		}
		part := min(n, p.at+p.n-off)
		r.add(p.off+off-p.at, part)
		off, n = off+part, n-part
	}
	return true
}

// find returns the piece that holds the byte at off, which lies inside the draft.
func (d *Draft) find(off int64) int {
	return sort.Search(len(d.pieces), func(i int) bool { return d.pieces[i].at > off }) - 1
}

// ReadAt reads the described file, as io.ReaderAt.
func (d *Draft) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 || off >= d.size {
		return 0, io.EOF
	}
	done := 0
	for i := d.find(off); i < len(d.pieces) && done < len(b); i++ {
		p := d.pieces[i]
		skip := off + int64(done) - p.at
		want := int(min(int64(len(b)-done), p.n-skip))
		n, err := d.readPiece(p, b[done:done+want], skip)
		done += n
		if err != nil {
			return done, err
		}
	}
	if done < len(b) {
		return done, io.EOF
	}
	return done, nil
}

func (d *Draft) readPiece(p piece, b []byte, skip int64) (int, error) {
	switch p.kind {
	case pieceLiteral:
		return copy(b, p.lit[skip:]), nil
	case pieceZero:
		clear(b)
		return len(b), nil
	}
	n, err := d.src.ReadAt(b, p.off+skip)
	if n == len(b) {
		return n, nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// A rangeCopier is a Source with a faster way to move its bytes: a file, which the kernel
// can copy or share without showing them to us.
type rangeCopier interface {
	CopyRange(w io.Writer, off, n int64) error
}

// Write writes the described file to w. It stops between pieces when ctx ends.
func (d *Draft) Write(ctx context.Context, w io.Writer) error {
	var buf []byte
	for _, p := range d.pieces {
		for at := int64(0); at < p.n; {
			if err := ctx.Err(); err != nil {
				return err
			}
			if fast, ok := d.src.(rangeCopier); ok && p.kind == pieceCopy && p.n-at >= bufferSize {
				n := min(p.n-at, copyChunk)
				if err := fast.CopyRange(w, p.off+at, n); err != nil {
					return err
				}
				at += n
				continue
			}
			if buf == nil {
				buf = make([]byte, min(d.size, bufferSize))
			}
			n, err := d.readPiece(p, buf[:min(p.n-at, int64(len(buf)))], at)
			if err != nil {
				return err
			}
			if _, err := w.Write(buf[:n]); err != nil {
				return err
			}
			at += int64(n)
		}
	}
	return nil
}
