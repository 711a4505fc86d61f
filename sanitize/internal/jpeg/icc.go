package jpeg

import (
	"bytes"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// iccHeader is what stands before each chunk of a profile: the identifier, the number of
// the chunk from 1, and how many there are (ICC.1 annex B.4).
const iccHeader = len(idICC) + 2

// iccChunk is the most that one segment can hold of a profile.
const iccChunk = 65533 - iccHeader

// A profile is an ICC profile spread over APP2 segments.
type profile struct {
	chunks map[byte]part
	count  byte
	broken bool            // decoders pass over a profile that lacks a chunk or repeats one
	found  []metadata.Item // what it carries; nil when it cannot be used
	space  icc.Space
}

func (p *profile) add(chunk part, b []byte) {
	if len(b) < iccHeader || !bytes.HasPrefix(b, []byte(idICC)) {
		return
	}
	seq, count := b[len(idICC)], b[len(idICC)+1]
	if p.chunks == nil {
		p.chunks, p.count = make(map[byte]part), count
	}
	if _, twice := p.chunks[seq]; twice || count != p.count || seq == 0 || seq > count {
		p.broken = true
		return
	}
	p.chunks[seq] = chunk
}

// read puts the chunks together and finds out whether the profile can be rebuilt.
func (p *profile) read(src container.Source) error {
	if p.broken || len(p.chunks) == 0 || len(p.chunks) != int(p.count) {
		return nil
	}
	var whole []byte
	for seq := 1; seq <= int(p.count); seq++ {
		off, n := p.chunks[byte(seq)].payload()
		b, err := container.ReadPayload(src, off+int64(iccHeader), n-int64(iccHeader))
		if err != nil {
			return err
		}
		whole = append(whole, b...)
	}
	_, space, err := icc.Filter(whole)
	if err != nil {
		return nil // it goes, as if it were not there; the report says so
	}
	items, err := icc.Read(whole)
	if err != nil {
		return nil
	}
	p.found, p.space = items, space
	return nil
}

// usable reports whether the profile counts and can be written anew.
func (p *profile) usable() bool { return p.found != nil }

// has reports whether a segment is a chunk of a profile that counts.
func (p *profile) has(segment part) bool {
	for _, c := range p.chunks {
		if c == segment {
			return p.usable()
		}
	}
	return false
}

// items says what a chunk carries. The first one speaks for the whole profile.
func (p *profile) items(path string, chunk part) []metadata.Item {
	path += "app2/"
	if p.chunks[1] != chunk {
		return []metadata.Item{{Path: path + "icc/part", Category: metadata.Rendering, Size: chunk.n}}
	}
	items := make([]metadata.Item, 0, len(p.found)+1)
	for _, it := range p.found {
		it.Path = path + it.Path
		items = append(items, it)
	}
	space := metadata.Item{Path: path + "icc/space", Category: metadata.Rendering}
	if p.space != icc.Custom {
		space.Field, space.Value = metadata.ColorSpace, metadata.Secret(p.space.String())
	}
	return append(items, space)
}

// iccSegments cuts a profile into APP2 segments.
func iccSegments(profile []byte) []byte {
	count := (len(profile) + iccChunk - 1) / iccChunk
	var out []byte
	for seq := 1; seq <= count; seq++ {
		n := min(len(profile), iccChunk)
		out = appendSegment(out, app2, idICC, []byte{byte(seq), byte(count)}, profile[:n])
		profile = profile[n:]
	}
	return out
}
