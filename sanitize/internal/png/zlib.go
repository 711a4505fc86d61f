package png

import (
	"encoding/binary"
	"errors"
	"io"
)

var (
	errDeflate = errors.New("picture data that does not inflate")
	errShort   = errors.New("picture data that breaks off")
)

// A walker follows a zlib stream (RFC 1950, RFC 1951) from code to code and counts the bytes
// that it stands for. It makes none of them: where a stream ends does not depend on them, and
// so it needs neither the window of 32 KiB nor the time to fill it.
type walker struct {
	next func() ([]byte, error) // the next bytes of the stream; io.EOF behind the last

	buf  []byte
	bits uint64
	n    int   // how many bits of it are true; less than 0 when the stream broke off
	fed  int64 // bytes of the stream before buf
	pos  int   // in buf
	done bool  // next has nothing more

	out         int64 // bytes that the stream stands for
	lit, dist   table
	literals    symbols
	distances   symbols
	lengths     [320]uint8
	codeLengths table
}

func newWalker(next func() ([]byte, error)) *walker {
	return &walker{next: next, literals: literals(), distances: distances()}
}

// used is how many bytes of the stream have been taken, a byte begun counting as one.
func (w *walker) used() int64 { return w.fed + int64(w.pos) - int64(w.n/8) }

// fill takes bytes of the stream until 56 bits or more are at hand, or all there are.
func (w *walker) fill() error {
	if w.pos+8 <= len(w.buf) {
		w.bits |= binary.LittleEndian.Uint64(w.buf[w.pos:]) << (w.n & 63)
		w.pos += (63 - w.n) >> 3
		w.n |= 56
		return nil
	}
	for w.n <= 56 {
		if w.pos == len(w.buf) {
			if err := w.load(); err != nil || w.done {
				return err
			}
			continue
		}
		w.bits |= uint64(w.buf[w.pos]) << (w.n & 63)
		w.pos++
		w.n += 8
	}
	return nil
}

// load goes on to the next piece of the stream.
func (w *walker) load() error {
	if w.done {
		return nil
	}
	w.fed += int64(len(w.buf))
	w.buf, w.pos = nil, 0
	b, err := w.next()
	if err == io.EOF {
		w.done = true
		return nil
	}
	w.buf = b
	return err
}

// take returns the next n bits, 16 at most.
func (w *walker) take(n int) (int, error) {
	if w.n < n {
		if err := w.fill(); err != nil {
			return 0, err
		}
		if w.n < n {
			return 0, errShort
		}
	}
	v := int(w.bits & (1<<n - 1))
	w.bits >>= n
	w.n -= n
	return v, nil
}

// walk goes to the end of the stream, checksum included. It returns errShort when the stream
// breaks off and errDeflate when it is none.
func (w *walker) walk() error {
	head, err := w.take(16)
	if err != nil {
		return err
	}
	method, flags := head&0xFF, head>>8
	if method&0x0F != 8 || method>>4 > 7 || (method<<8|flags)%31 != 0 || flags&0x20 != 0 {
		return errDeflate
	}
	for last := 0; last == 0; {
		if last, err = w.take(1); err != nil {
			return err
		}
		if err := w.block(); err != nil {
			return err
		}
	}
	w.align()
	for range 2 {
		if _, err := w.take(16); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) align() {
	skip := w.n & 7
	w.bits >>= skip
	w.n -= skip
}

func (w *walker) block() error {
	kind, err := w.take(2)
	if err != nil {
		return err
	}
	switch kind {
	case 0:
		return w.stored()
	case 1:
		w.fixed()
	case 2:
		if err := w.dynamic(); err != nil {
			return err
		}
	default:
		return errDeflate
	}
	return w.codes()
}

func (w *walker) stored() error {
	w.align()
	n, err := w.take(16)
	if err != nil {
		return err
	}
	inverse, err := w.take(16)
	if err != nil {
		return err
	}
	if n != inverse^0xFFFF {
		return errDeflate
	}
	at := min(n, w.n/8)
	w.out += int64(at)
	w.n -= 8 * at
	w.bits >>= 8 * at
	if n -= at; n == 0 {
		return nil
	}
	w.bits, w.n = 0, 0
	for n > 0 {
		step := min(n, len(w.buf)-w.pos)
		w.pos += step
		w.out += int64(step)
		if n -= step; n == 0 {
			break
		}
		if err := w.load(); err != nil {
			return err
		}
		if w.done {
			return errShort
		}
	}
	return nil
}

func (w *walker) fixed() {
	lengths := w.lengths[:288]
	for i := range lengths {
		switch {
		case i < 144, i >= 280:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	w.lit.build(lengths, w.literals, litBits)
	for i := range 32 {
		lengths[i] = 5
	}
	w.dist.build(lengths[:32], w.distances, distBits)
}

// codeOrder is the order in which the lengths of the codes for lengths are given.
var codeOrder = [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

func (w *walker) dynamic() error {
	head, err := w.take(14)
	if err != nil {
		return err
	}
	lits, dists, codes := head&31+257, head>>5&31+1, head>>10+4
	if lits > 286 || dists > 30 {
		return errDeflate
	}
	var small [19]uint8
	for i := range codes {
		n, err := w.take(3)
		if err != nil {
			return err
		}
		small[codeOrder[i]] = uint8(n)
	}
	if !w.codeLengths.build(small[:], plain(19), 7) {
		return errDeflate
	}
	if err := w.readLengths(lits + dists); err != nil {
		return err
	}
	if w.lengths[256] == 0 || !w.lit.build(w.lengths[:lits], w.literals, litBits) ||
		!w.dist.build(w.lengths[lits:lits+dists], w.distances, distBits) {
		return errDeflate
	}
	return nil
}

// repeats says, for the symbols 16 to 18, how many bits hold a count and what is added to it.
var repeats = [3]struct{ bits, base int }{{2, 3}, {3, 3}, {7, 11}}

func (w *walker) readLengths(n int) error {
	for i := 0; i < n; {
		if err := w.fill(); err != nil {
			return err
		}
		e := w.codeLengths.quick[w.bits&127]
		bits := int(e & 31)
		if e == 0 {
			return errDeflate
		}
		if _, err := w.take(bits); err != nil {
			return err
		}
		symbol := int(e >> entryBase)
		if symbol < 16 {
			w.lengths[i] = uint8(symbol)
			i++
			continue
		}
		more, err := w.take(repeats[symbol-16].bits)
		if err != nil {
			return err
		}
		more += repeats[symbol-16].base
		value := uint8(0)
		if symbol == 16 {
			if i == 0 {
				return errDeflate
			}
			value = w.lengths[i-1]
		}
		if more > n-i {
			return errDeflate
		}
		for range more {
			w.lengths[i] = value
			i++
		}
	}
	return nil
}

// codes walks over the codes of a block. This loop is where the time goes.
func (w *walker) codes() error {
	w.lit.pair()
	lit, dist, out := (*[1 << litBits]entry)(w.lit.quick), (*[1 << distBits]entry)(w.dist.quick), w.out
	defer func() { w.out = out }()
	for {
		if w.n < 48 {
			if err := w.fill(); err != nil {
				return err
			}
		}
		bits, n := w.bits, w.n
		e := lit[bits%(1<<litBits)]
		for e&kindMask == kindLit && e != 0 && n >= maxBits {
			bits >>= e & 31
			n -= int(e & 31)
			out += int64(e >> entryBase)
			e = lit[bits%(1<<litBits)]
		}
		w.bits, w.n = bits, n
		if n < 48 && !w.done {
			continue
		}
		end, err := w.code(e, dist, &out)
		if end || err != nil {
			return err
		}
	}
}

// code walks over one literal or match.
func (w *walker) code(e entry, dist *[1 << distBits]entry, out *int64) (end bool, err error) {
	bits, n := w.bits, w.n
	if e == 0 {
		if e = w.lit.long(bits); e == 0 {
			return false, w.bad(n)
		}
	}
	bits >>= e & 31
	n -= int(e & 31)
	extra := e >> entryExtra & 31
	length := int64(e>>entryBase) + int64(bits&(1<<extra-1))
	bits >>= extra
	n -= int(extra)
	if e&kindMask == kindMatch {
		d := dist[bits%(1<<distBits)]
		if d == 0 {
			if d = w.dist.long(bits); d == 0 {
				return false, w.bad(n)
			}
		}
		extra = d >> entryExtra & 31
		bits >>= d & 31
		bits >>= extra
		n -= int(d&31 + extra)
	}
	if n < 0 {
		return false, errShort
	}
	*out += length
	w.bits, w.n = bits, n
	return e&kindMask == kindEnd, nil
}

// bad tells a code that is none from one that was not all there.
func (w *walker) bad(n int) error {
	if n < maxBits && w.done {
		return errShort
	}
	return errDeflate
}
