package jpeg

import (
	"context"
	"encoding/binary"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// Bounds of a walk. Real pictures have up to a dozen scans; a progressive one of 20 million
// pixels has half a million blocks.
const (
	maxScans  = 256
	maxBlocks = 1 << 19 // of eight bytes each
	maxExcess = 4096
)

// An extent is a run of bytes of the source.
type extent struct{ off, n int64 }

// excess decodes the scans of a picture as far as it takes to find the bytes that belong to
// no block: those behind the last bit of a scan, or between the last bit of a restart
// interval and the RST marker. Decoders skip them, so they can hold anything and can go
// without a change to the picture. Padding bits inside the last byte stay.
//
// The result is by the offset of the entropy-coded part, extents in their order; no extents
// mean that the scan is full to the last byte. A scan that is not in it could not be walked:
// arithmetic and lossless coding, data that is damaged or that decoders may disagree on, and
// all scans behind such a one when the coding is progressive. An error is one of reading or
// of ctx, never about the bytes.
func excess(ctx context.Context, w *container.Window, pic *picture, c *coding) (map[int64][]extent, error) {
	k := &walker{ctx: ctx, w: w, coding: c, found: make(map[int64][]extent)}
	for i, p := range pic.parts {
		if p.kind != kindSegment {
			continue
		}
		var err error
		if p.marker == sos {
			err = k.scan(p, dataBehind(pic.parts, i))
		} else if read, ok := walked[p.marker]; ok {
			err = k.read(p, read)
		}
		if err != nil {
			return nil, err
		}
	}
	return k.found, nil
}

// dataBehind is the entropy-coded part behind a scan header, empty when there is none.
func dataBehind(parts []part, header int) part {
	if next := header + 1; next < len(parts) && parts[next].kind == kindEntropy {
		return parts[next]
	}
	return part{off: parts[header].off + parts[header].n, kind: kindEntropy}
}

// A walker holds what is in force at one place of a picture.
type walker struct {
	ctx      context.Context
	w        *container.Window
	coding   *coding
	frame    *frame       // nil when its scans are not walked
	tables   [2][4][]byte // Huffman tables as in their segment, by class
	interval int          // of restarts, in MCUs; 0 is none
	scans    int
	extents  int
	found    map[int64][]extent
}

// walked are the segments that tell how to read the scans behind them.
var walked = map[byte]func(*walker, part, []byte) error{
	dht: (*walker).readTables, dri: (*walker).readInterval,
	sof0: (*walker).readFrame, sof0 + 1: (*walker).readFrame, sof0 + 2: (*walker).readFrame,
}

func (k *walker) read(p part, read func(*walker, part, []byte) error) error {
	off, n := p.payload()
	b, err := k.w.Bytes(off, int(n))
	if err == io.EOF {
		return ended(p.off)
	} else if err != nil {
		return err
	}
	return read(k, p, b)
}

func (k *walker) readTables(p part, _ []byte) error {
	for _, t := range k.coding.tables[p.off] {
		b, err := k.w.Bytes(t.off, int(t.n))
		if err != nil {
			return err
		}
		if class, id := b[0]>>4, b[0]&15; class < 2 && id < 4 {
			k.tables[class][id] = append([]byte(nil), b[1:]...)
		}
	}
	return nil
}

func (k *walker) readInterval(_ part, b []byte) error {
	if len(b) == 2 {
		k.interval = int(binary.BigEndian.Uint16(b))
	}
	return nil
}

func (k *walker) readFrame(p part, b []byte) error {
	k.frame = newFrame(p.marker, b, k.coding.height)
	return nil
}

// scan walks one scan and remembers what it finds.
func (k *walker) scan(header, data part) error {
	if k.scans++; k.frame == nil || k.scans > maxScans {
		return nil
	}
	if err := k.ctx.Err(); err != nil {
		return err
	}
	off, n := header.payload()
	b, err := k.w.Bytes(off, int(n))
	if err != nil {
		return err
	}
	s := k.frame.newScan(b, &k.tables)
	if s != nil {
		s.interval = k.interval
		s.bits = bitReader{ctx: k.ctx, w: k.w, off: data.off, end: data.off + data.n}
		if s.run(maxExcess - k.extents) {
			k.extents += len(s.excess)
			k.found[data.off] = s.excess
			return nil
		}
		if s.bits.err != nil {
			return s.bits.err
		}
	}
	if k.frame.progressive {
		k.frame = nil // later scans refine what this one says
	}
	return nil
}
