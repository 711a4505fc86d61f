package sanitize

import (
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/formats"
)

// headSize is how much of a file is looked at to tell what it is.
const headSize = 4096

// identify returns the format of src by its content. What no format claims is named as far
// as possible and refused.
func identify(src container.Source) (container.Format, error) {
	head := make([]byte, min(src.Size(), headSize))
	if n, err := src.ReadAt(head, 0); n < len(head) {
		if err == nil || err == io.EOF {
			err = ErrChanged
		}
		return nil, err
	}
	if kind := strangerOf(head); kind != "" {
		return nil, &UnsupportedError{Kind: kind}
	}
	for _, f := range formats.All() {
		if f.Match(head) {
			return f, nil
		}
	}
	return nil, &UnsupportedError{Kind: kindOf(head)}
}
