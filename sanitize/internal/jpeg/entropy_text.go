package jpeg

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
)

// tailSize is how much of the end of a scan is looked at.
const tailSize = 512

// suspiciousScan reports whether one of the scans ends in what does not look like coded
// data, so that a walk is worth its time.
func suspiciousScan(w *container.Window, pic *picture) (bool, error) {
	for _, p := range pic.parts {
		if p.kind != kindEntropy || known(w, p) {
			continue
		}
		n := min(p.n, tailSize)
		b, err := w.Bytes(p.off+p.n-n, int(n))
		if err != nil {
			return false, err
		}
		if suspicious(b) {
			return true, nil
		}
	}
	return false, nil
}

// known reports whether a scan has been looked at before.
func known(w *container.Window, p part) bool {
	for at := p.off; at < p.off+p.n; {
		n := w.KnownMedia(at)
		if n == 0 {
			return false
		}
		at += n
	}
	return true
}

// Runs that coded data seldom has.
const (
	minWords     = 10 // bytes of wordBytes
	minPrintable = 14 // bytes of ASCII
	minForeign   = 4  // characters of UTF-8 that are not ASCII
	minWide      = 8  // characters of UTF-16 of the same alphabet: high bytes up to 0x30
	minUniform   = 16 // equal bytes
)

// wordBytes are what names, places, dates and numbers consist of.
const wordBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;/@_+-'=\n"

// starts are how files and blocks begin that might be hidden.
var starts = [][]byte{
	[]byte("II*\x00"), []byte("MM\x00*"), []byte("<?x"), []byte("ftyp"), []byte("Exif\x00"),
	[]byte("PK\x03\x04"), []byte("\x89PNG"), []byte("http"),
}

// suspicious reports whether the last bytes of a scan hold something that coded data seldom
// looks like: text, padding, the beginning of a file. It may be wrong either way; a false
// alarm costs a walk.
func suspicious(tail []byte) bool {
	if hasText(tail) || hasStride(tail, 1, minUniform, 0xFF) || hasStride(tail, 2, minWide, 0x30) {
		return true
	}
	for _, s := range starts {
		if bytes.Contains(tail, s) {
			return true
		}
	}
	return false
}

// hasStride reports whether that many bytes, step apart, are equal and no larger than most.
func hasStride(b []byte, step, count int, most byte) bool {
	for first := range step {
		run := 1
		for i := first + step; i < len(b); i += step {
			if run++; b[i] != b[i-step] || b[i] > most {
				run = 1
			}
			if run == count {
				return true
			}
		}
	}
	return false
}

// hasText reports whether there is a run of ASCII or UTF-8 text.
func hasText(b []byte) bool {
	printable, words, foreign := 0, 0, 0 // of the run so far; foreign passes over ASCII
	for len(b) > 0 {
		n := 1
		switch c := b[0]; {
		case strings.IndexByte(wordBytes, c) >= 0:
			printable, words = printable+1, words+1
		case c >= ' ' && c <= '~', c == '\r', c == '\t':
			printable, words = printable+1, 0
		default:
			printable, words = 0, 0
			var r rune
			if r, n = utf8.DecodeRune(b); c >= utf8.RuneSelf && r != utf8.RuneError && unicode.IsGraphic(r) {
				foreign++
			} else {
				foreign = 0
			}
		}
		if printable >= minPrintable || words >= minWords || foreign >= minForeign {
			return true
		}
		b = b[n:]
	}
	return false
}
