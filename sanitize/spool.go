package sanitize

import (
	"bytes"
	"context"
	"io"
	"os"

	"github.com/mediaveil/mediaveil/sanitize/internal/atomicfile"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// spoolMemory is how much of a stream is kept in memory, in bytes.
const spoolMemory = 8 << 20

// A spool holds a stream so that it can be read at any place.
type spool struct {
	source container.Source
	file   *os.File
}

// spoolReader reads src to its end.
func spoolReader(ctx context.Context, src io.Reader, opt Options) (*spool, error) {
	in := &boundedReader{ctx: ctx, r: src, left: opt.MaxBytes, bounded: opt.MaxBytes > 0}
	var head bytes.Buffer
	if _, err := io.CopyN(&head, in, spoolMemory); err == io.EOF {
		return &spool{source: bytes.NewReader(head.Bytes())}, nil
	} else if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(opt.TempDir, "mediaveil-*.spool")
	if err != nil {
		return nil, atomicfile.StripPath(err)
	}
	s := &spool{file: f}
	size, err := io.Copy(f, io.MultiReader(&head, in))
	if err != nil {
		s.close()
		return nil, atomicfile.StripPath(err)
	}
	s.source = &fileSource{f: f, size: size}
	return s, nil
}

// close removes what was kept on disk.
func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
	}
}

// A boundedReader stops at the end of its context and after so many bytes.
type boundedReader struct {
	ctx     context.Context
	r       io.Reader
	left    int64
	bounded bool
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.bounded && b.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}
