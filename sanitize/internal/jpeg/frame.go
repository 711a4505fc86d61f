package jpeg

import (
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// A table is one quantisation or Huffman table of a DQT or DHT segment.
type table struct {
	off, n int64
	used   bool // a scan refers to it before another one takes its place
}

// coding is what the segments of a picture say about how it is coded.
type coding struct {
	tables     map[int64][]*table // by the offset of their segment
	frame      bool               // an SOF has been seen
	height     int
	lineCount  int64           // the DNL segment that gives the height, 0 when the frame does
	components map[byte][]byte // quantisation tables by component, of which some files repeat one
	scanned    map[byte]int    // how often a scan has named a component
	process
	scans   int
	quant   [4]*table
	huffman [2][4]*table // by class: DC or lossless, AC
	lacks   Tables       // what scans refer to and the stream does not define
}

// A process is what a frame header says about the coding of its scans, T.81 table B.1.
type process struct{ progressive, lossless, arithmetic bool }

func processOf(marker byte) process {
	return process{
		progressive: marker&3 == 2,
		lossless:    marker&3 == 3,
		arithmetic:  marker >= 0xC8,
	}
}

// maxComponents is four for CMYK. No decoder in use shows more, and each has room for a byte
// or two of anything.
const maxComponents = 4

// readCoding checks every segment that a decoder reads: their lengths must hold exactly
// their contents, so that nothing else can ride along.
func readCoding(w *container.Window, pic *picture) (*coding, error) {
	c, err := readSegments(w, pic)
	if err != nil {
		return nil, err
	}
	if c.scans == 0 {
		return nil, malformed(pic.end, "the file holds no picture")
	}
	if c.height == 0 {
		return nil, malformed(pic.end, "the picture has no height")
	}
	return c, nil
}

// readSegments is readCoding for a stream that need not be a whole picture.
func readSegments(w *container.Window, pic *picture) (*coding, error) {
	c := &coding{tables: make(map[int64][]*table)}
	for _, p := range pic.parts {
		read, ok := codingSegments[p.marker]
		if p.kind != kindSegment || !ok {
			continue
		}
		off, n := p.payload()
		b, err := w.Bytes(off, int(n))
		if err == io.EOF {
			return nil, ended(p.off)
		} else if err != nil {
			return nil, err
		}
		if err := read(c, p, b); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// codingSegments are the segments that a decoder reads. Hierarchical coding and JPEG-LS are
// in it to be refused.
var codingSegments = map[byte]func(*coding, part, []byte) error{
	dqt: (*coding).readDQT, dht: (*coding).readDHT, dac: (*coding).readDAC,
	dri: (*coding).readDRI, dnl: (*coding).readDNL, sos: (*coding).readSOS,
	sof0: (*coding).readSOF, sof0 + 1: (*coding).readSOF, sof0 + 2: (*coding).readSOF,
	sof3: (*coding).readSOF, sof5: refuseFrame, sof5 + 1: refuseFrame, sof5 + 2: refuseFrame,
	0xC9: (*coding).readSOF, 0xCA: (*coding).readSOF, 0xCB: (*coding).readSOF,
	0xCD: refuseFrame, 0xCE: refuseFrame, 0xCF: refuseFrame,
	dhp: refuseFrame, exp: refuseFrame, jls: refuseJLS,
}

func refuseFrame(*coding, part, []byte) error {
	return &container.Feature{Name: "hierarchical JPEG"}
}

func refuseJLS(*coding, part, []byte) error {
	return &container.Feature{Name: "JPEG-LS"}
}

// readSOF reads a frame header, T.81 B.2.2.
func (c *coding) readSOF(p part, b []byte) error {
	switch {
	case c.frame:
		return malformed(p.off, "a second frame header")
	case len(b) < 6 || len(b) != 6+3*int(b[5]) || b[5] == 0:
		return malformed(p.off, "a frame header of the wrong length")
	}
	if b[5] > maxComponents {
		return &container.Feature{Name: "a JPEG of more than four components"}
	}
	c.frame, c.process = true, processOf(p.marker)
	c.height = int(b[1])<<8 | int(b[2])
	if b[3] == 0 && b[4] == 0 {
		return malformed(p.off, "the picture has no width")
	}
	c.components, c.scanned = make(map[byte][]byte), make(map[byte]int)
	for b := b[6:]; len(b) > 0; b = b[3:] {
		if b[2] > 3 {
			return malformed(p.off, "a frame header names a table that cannot be")
		}
		c.components[b[0]] = append(c.components[b[0]], b[2])
	}
	return nil
}

// readSOS reads a scan header, T.81 B.2.3, and marks the tables that the scan may use.
func (c *coding) readSOS(p part, b []byte) error {
	switch {
	case !c.frame:
		return malformed(p.off, "a scan before the frame header")
	case len(b) < 1 || b[0] < 1 || b[0] > 4 || len(b) != 4+2*int(b[0]):
		return malformed(p.off, "a scan header of the wrong length")
	}
	c.scans++
	for i := range int(b[0]) {
		id, tables := b[1+2*i], b[2+2*i]
		quant, ok := c.components[id]
		if !ok {
			return malformed(p.off, "a scan of a component that the frame lacks")
		}
		if tables>>4 > 3 || tables&15 > 3 {
			return malformed(p.off, "a scan header names a table that cannot be")
		}
		// Decoders disagree on which scan to show when there is one too many.
		if c.scanned[id]++; !c.progressive && c.scanned[id] > len(quant) {
			return malformed(p.off, "a component that is coded twice")
		}
		c.useTables(tables>>4, tables&15, quant, b[len(b)-3:])
	}
	return nil
}

// useTables marks what a decoder looks up for one component of a scan. params are the last
// three bytes of the scan header: the band and, in progressive coding, which bits.
func (c *coding) useTables(dc, ac byte, quant, params []byte) {
	band, refines := params[0] > 0, params[2]>>4 > 0
	if !c.arithmetic && (!c.progressive || !band && !refines) {
		c.use(c.huffman[0][dc], classDC, dc)
	}
	if !c.arithmetic && !c.lossless && (!c.progressive || band) {
		c.use(c.huffman[1][ac], classAC, ac)
	}
	for _, q := range quant {
		if !c.lossless {
			c.use(c.quant[q], classQuant, q)
		}
	}
}

func (c *coding) use(t *table, class int, slot byte) {
	if t != nil {
		t.used = true
		return
	}
	c.lacks |= slotOf(class, slot)
}

// readDQT reads quantisation tables, T.81 B.2.4.1.
func (c *coding) readDQT(p part, b []byte) error {
	off, _ := p.payload()
	for len(b) > 0 {
		n := 1 + 64*(1+int(b[0]>>4))
		if b[0]>>4 > 1 || b[0]&15 > 3 || n > len(b) {
			return malformed(p.off, "a quantisation table of the wrong length")
		}
		t := &table{off: off, n: int64(n)}
		c.quant[b[0]&15] = t
		c.tables[p.off] = append(c.tables[p.off], t)
		off, b = off+int64(n), b[n:]
	}
	return nil
}

// readDHT reads Huffman tables, T.81 B.2.4.2.
func (c *coding) readDHT(p part, b []byte) error {
	off, _ := p.payload()
	for len(b) > 0 {
		n := 17
		if len(b) >= n {
			for _, codes := range b[1:17] {
				n += int(codes)
			}
		}
		if b[0]>>4 > 1 || b[0]&15 > 3 || n > len(b) || n > 17+256 {
			return malformed(p.off, "a Huffman table of the wrong length")
		}
		t := &table{off: off, n: int64(n)}
		c.huffman[b[0]>>4][b[0]&15] = t
		c.tables[p.off] = append(c.tables[p.off], t)
		off, b = off+int64(n), b[n:]
	}
	return nil
}

// readDAC reads arithmetic conditioning, T.81 B.2.4.3.
func (c *coding) readDAC(p part, b []byte) error {
	if len(b)%2 != 0 || len(b) > 2*32 {
		return malformed(p.off, "arithmetic conditioning of the wrong length")
	}
	for ; len(b) > 0; b = b[2:] {
		if b[0]>>4 > 1 || b[0]&15 > 3 {
			return malformed(p.off, "arithmetic conditioning of a table that cannot be")
		}
	}
	return nil
}

// readDRI reads a restart interval, T.81 B.2.4.4.
func (c *coding) readDRI(p part, b []byte) error {
	if len(b) != 2 {
		return malformed(p.off, "a restart interval of the wrong length")
	}
	return nil
}

// readDNL reads the number of lines, T.81 B.2.5. It counts only behind a scan and when the
// frame header left it open; decoders skip any other, whatever it holds.
func (c *coding) readDNL(p part, b []byte) error {
	if c.scans == 0 || c.height != 0 {
		return nil
	}
	if len(b) != 2 {
		return malformed(p.off, "a line count of the wrong length")
	}
	c.height, c.lineCount = int(b[0])<<8|int(b[1]), p.off
	return nil
}
