package png

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"io"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// maxChunks is far above what encoders write: 2 GiB of picture data in chunks of 8 KiB.
const maxChunks = 1 << 18

// overhead is what a chunk takes up beside its data: length, type, checksum (clause 5.3).
const overhead = 12

// A chunk is one chunk of a file. Chunks lie end to end behind the signature.
type chunk struct {
	off, n int64 // where it begins, and how much data it has
	typ    string
}

func (c chunk) data() int64 { return c.off + 8 }
func (c chunk) end() int64  { return c.off + overhead + c.n }

// critical reports whether decoders cannot do without the chunk (clause 5.4).
func (c chunk) critical() bool { return c.typ[0]&0x20 == 0 }

func malformed(off int64, what string) error {
	return &container.Malformed{Off: off, What: what}
}

func ended(off int64) error {
	return &container.Malformed{Off: off, What: "the file ends before the picture does", CutOff: true}
}

// readChunks lists the chunks up to the IEND.
func readChunks(ctx context.Context, src container.Source) ([]chunk, error) {
	var chunks []chunk
	for at := int64(len(signature)); ; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c, err := readHeader(src, at)
		if err != nil {
			return nil, err
		}
		if err := checkOrder(c, chunks); err != nil {
			return nil, err
		}
		chunks = append(chunks, c)
		if len(chunks) > maxChunks {
			return nil, &container.Feature{Name: "a PNG of more than 262,144 chunks"}
		}
		if c.typ == "IEND" {
			return chunks, nil
		}
		at = c.end()
	}
}

func readHeader(src container.Source, at int64) (chunk, error) {
	b, err := container.ReadPayload(src, at, 8)
	if err == io.EOF {
		return chunk{}, ended(src.Size())
	} else if err != nil {
		return chunk{}, err
	}
	c := chunk{off: at, n: int64(binary.BigEndian.Uint32(b)), typ: string(b[4:])}
	for i := range c.typ {
		if letter := c.typ[i] | 0x20; letter < 'a' || letter > 'z' {
			return chunk{}, malformed(at, "a chunk type that is not four letters")
		}
	}
	if c.n > 1<<31-1 {
		return chunk{}, malformed(at, "a chunk longer than the standard allows")
	}
	if c.end() > src.Size() {
		return chunk{}, &container.Malformed{Off: at, What: "a chunk runs past the end of the file", CutOff: true}
	}
	return c, nil
}

// checkOrder refuses what cannot be a PNG that we know.
func checkOrder(c chunk, before []chunk) error {
	switch {
	case len(before) == 0 && c.typ == "CgBI":
		// Its picture data has no zlib header and its colours another order and meaning:
		// no decoder but Apple's shows it, and it exists inside application bundles only.
		return &container.Feature{Name: "Apple's private variant of PNG (CgBI)"}
	case len(before) == 0 && c.typ != "IHDR":
		return malformed(c.off, "the first chunk is not the image header")
	case len(before) > 0 && c.typ == "IHDR":
		return malformed(c.off, "a second image header")
	case c.critical() && c.typ != "IHDR" && c.typ != "PLTE" && c.typ != "IDAT" && c.typ != "IEND":
		return &container.Feature{Name: "a critical chunk that the standard does not define"}
	}
	return nil
}

// payload reads the data of a chunk and reports whether its checksum is right.
func (m *mapper) payload(c chunk) (data []byte, ok bool, err error) {
	b, err := container.ReadPayload(m.src, c.off+4, 4+c.n+4)
	if err != nil {
		return nil, false, err
	}
	body, sum := b[:4+c.n], b[4+c.n:]
	return body[4:], crc32.ChecksumIEEE(body) == binary.BigEndian.Uint32(sum), nil
}

// appendChunk adds a chunk of ours.
func appendChunk(out []byte, typ string, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out = binary.BigEndian.AppendUint32(out, uint32(n))
	from := len(out)
	out = append(out, typ...)
	for _, p := range parts {
		out = append(out, p...)
	}
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}
