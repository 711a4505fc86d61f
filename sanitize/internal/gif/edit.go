package gif

import (
	"context"

	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Edit describes the cleaned file: the blocks that stay, in their order, and before the
// trailer the texts that the plan writes.
func (Format) Edit(ctx context.Context, src container.Source, spans []container.Span, plan container.Plan) (*container.Draft, error) {
	d := container.NewDraft(src)
	for i, s := range spans {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch {
		case s.Role == container.Media:
			d.Copy(s.Off, s.Len)
		case s.Tag != tagDrop && s.Tag != tagTrailer:
			b, err := container.ReadPayload(src, s.Off, s.Len)
			if err != nil {
				return nil, err
			}
			d.Put(anew(b, spans[i:]))
		}
	}
	if p := xmp.Write(plan.Write); p != nil {
		d.Put([]byte{extension, application, 11})
		d.Put([]byte(idXMP))
		d.Put(p)
		d.Put(magic)
	}
	d.Put([]byte{trailer})
	return d, nil
}

// anew returns what is written in place of b, which is all of the first span.
func anew(b []byte, spans []container.Span) []byte {
	switch spans[0].Tag {
	case tagSignature:
		return []byte(signature)
	case tagControl:
		// The upper three bits have no meaning.
		return []byte{extension, control, 4, b[3] & 0x1F, b[4], b[5], b[6], 0}
	case tagFlags:
		return []byte{b[0] &^ 0x18} // these two neither
	case tagSize:
		return []byte{byte(spans[1].Len)}
	case tagLoop:
		count, _ := loopCount(b)
		return append([]byte("\x21\xFF\x0B"+idLoop+"\x03\x01"), count[0], count[1], 0)
	}
	return b
}
