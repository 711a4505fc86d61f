// Package formats lists the file formats that can be cleaned. Adding one is a line here.
package formats

import (
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
)

// All returns the formats in the order in which they are asked whether a file is theirs.
func All() []container.Format {
	return []container.Format{jpeg.Format{}}
}
