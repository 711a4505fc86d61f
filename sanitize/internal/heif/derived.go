package heif

import (
	"github.com/mediaveil/mediaveil/sanitize/internal/box"
	"github.com/mediaveil/mediaveil/sanitize/internal/gainmap"
)

// toneMap is the type of an item that applies a gain map.
const toneMap = "tmap"

// A derivation reads how a picture is made of others, of which there are inputs. It returns
// the same written anew and how many bytes it took, 0 when they are not what they should be.
type derivation func(b []byte, inputs int) (clean []byte, n int64)

// derivations are the derived pictures of ISO/IEC 23008-12 section 6.6.2. An identity has no
// data.
var derivations = map[string]derivation{
	"grid": grid, "iovl": overlay, "sato": sampleTransform, toneMap: toneMapping,
	"iden": func([]byte, int) ([]byte, int64) { return nil, 0 },
}

// grid reads rows, columns and the size of the picture.
func grid(b []byte, inputs int) ([]byte, int64) {
	r := box.NewReader(b)
	version, wide := r.U8(), r.U8()&1
	rows, columns := int(r.U8())+1, int(r.U8())+1
	r.Bytes(2 * (2 + 2*int(wide)))
	if !r.OK() || version != 0 || rows*columns != inputs {
		return nil, 0
	}
	return append([]byte{0, wide}, b[2:r.Pos()]...), r.Pos()
}

// overlay reads a background colour, the size of the picture, and where each input goes.
func overlay(b []byte, inputs int) ([]byte, int64) {
	r := box.NewReader(b)
	version, wide := r.U8(), r.U8()&1
	r.Bytes(8)
	r.Bytes(2 * (2 + 2*int(wide)) * (1 + inputs))
	if !r.OK() || version != 0 || inputs == 0 {
		return nil, 0
	}
	return append([]byte{0, wide}, b[2:r.Pos()]...), r.Pos()
}

// sampleTransform reads a formula over the samples of the inputs, ISO/IEC 23008-12 amendment
// 1: constants, inputs and operators.
func sampleTransform(b []byte, inputs int) ([]byte, int64) {
	r := box.NewReader(b)
	flags, tokens := r.U8(), r.U8()
	for range tokens {
		switch t := int(r.U8()); {
		case t == 0:
			r.Bytes(1 << (flags & 3))
		case t > inputs && t < 64, t > 137:
			return nil, 0
		}
	}
	if !r.OK() || flags>>6 != 0 || tokens == 0 {
		return nil, 0
	}
	return append([]byte{flags & 3}, b[1:r.Pos()]...), r.Pos()
}

// toneMapping reads the numbers of a gain map behind a version.
func toneMapping(b []byte, inputs int) ([]byte, int64) {
	if len(b) < 1 || b[0] != 0 || inputs != 2 {
		return nil, 0
	}
	iso, ok := gainmap.ParseISO(b[1:])
	if !ok {
		return nil, 0
	}
	return append([]byte{0}, iso.Bytes()...), int64(len(b))
}
