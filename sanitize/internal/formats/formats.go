// Package formats lists the file formats that can be cleaned. Adding one is a line here.
package formats

import (
	"github.com/mediaveil/mediaveil/sanitize/internal/bmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/gif"
	"github.com/mediaveil/mediaveil/sanitize/internal/heif"
	"github.com/mediaveil/mediaveil/sanitize/internal/ico"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
	"github.com/mediaveil/mediaveil/sanitize/internal/png"
	"github.com/mediaveil/mediaveil/sanitize/internal/tiff"
	"github.com/mediaveil/mediaveil/sanitize/internal/webp"
)

// All returns the formats in the order in which they are asked whether a file is theirs.
func All() []container.Format {
	return []container.Format{jpeg.Format{}, png.Format{}, gif.Format{}, webp.Format{}, bmp.Format{}, ico.Format{}, tiff.Format{}, heif.Format{}, heif.AVIF()}
}
