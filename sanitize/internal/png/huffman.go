package png

// Bits that a table looks at in one step. Longer codes are rare, and are found bit by bit.
const (
	litBits  = 11
	distBits = 8
	maxBits  = 15
)

// An entry is what a code stands for: how many bits it takes, how many more bits follow it,
// and the number that these are added to. A literal is a length of 1 with nothing behind it.
type entry uint32

const (
	entryExtra = 5       // 5 bits: how many bits follow
	entryKind  = 10      // 2 bits
	entryBase  = 16      // 16 bits
	kindLit    = 0 << 10 // a byte
	kindMatch  = 1 << 10 // a length, with a distance behind it
	kindEnd    = 2 << 10 // the end of the block
	kindMask   = 3 << 10
)

// symbols holds, for each symbol, its entry without the length of its code (RFC 1951, 3.2.5).
type symbols []entry

func literals() symbols {
	s := make(symbols, 286)
	for i := range 256 {
		s[i] = 1<<entryBase | kindLit
	}
	s[256] = kindEnd
	base := 3
	for i := 257; i < 285; i++ {
		extra := max(0, (i-261)/4)
		s[i] = entry(base)<<entryBase | entry(extra)<<entryExtra | kindMatch
		base += 1 << extra
	}
	s[285] = 258<<entryBase | kindMatch
	return s
}

func distances() symbols {
	s := make(symbols, 30)
	base := 1
	for i := range s {
		extra := max(0, i/2-1)
		s[i] = entry(base)<<entryBase | entry(extra)<<entryExtra
		base += 1 << extra
	}
	return s
}

func plain(n int) symbols {
	s := make(symbols, n)
	for i := range s {
		s[i] = entry(i) << entryBase
	}
	return s
}

// A table finds the entry of a code in a canonical Huffman code.
type table struct {
	first  uint // how many bits the table looks at
	quick  []entry
	count  [maxBits + 1]int // codes of each length
	sorted []entry          // by length, then by symbol
}

// build makes the table for the given lengths of codes. It reports false for lengths that
// zlib does not accept: too many codes, or too few, unless there is just one, of one bit.
func (t *table) build(lengths []uint8, of symbols, first uint) bool {
	t.first, t.count = first, [maxBits + 1]int{}
	longest := 0
	for _, n := range lengths {
		t.count[n]++
		longest = max(longest, int(n))
	}
	t.count[0] = 0
	left := 1
	for n := 1; n <= maxBits; n++ {
		if left = left<<1 - t.count[n]; left < 0 {
			return false
		}
	}
	if left > 0 && longest > 1 {
		return false
	}
	t.fill(lengths, of)
	return true
}

func (t *table) fill(lengths []uint8, of symbols) {
	if len(t.quick) != 1<<t.first {
		t.quick = make([]entry, 1<<t.first)
	}
	clear(t.quick)
	var code, place [maxBits + 2]int
	for n := 1; n <= maxBits; n++ {
		code[n+1] = (code[n] + t.count[n]) << 1
		place[n+1] = place[n] + t.count[n]
	}
	t.sorted = append(t.sorted[:0], make([]entry, place[maxBits+1])...)
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		e := entry(n) // a symbol that RFC 1951 reserves is no code
		if symbol < len(of) {
			e |= of[symbol]
		} else {
			e = 0
		}
		t.sorted[place[n]] = e
		place[n]++
		if uint(n) <= t.first {
			for at := reverse(code[n], uint(n)); at < len(t.quick); at += 1 << n {
				t.quick[at] = e
			}
		}
		code[n]++
	}
}

// pair puts two literals into one entry where both of their codes are in view.
func (t *table) pair() {
	for at := len(t.quick) - 1; at >= 0; at-- {
		e := t.quick[at]
		if e == 0 || e&kindMask != kindLit {
			continue
		}
		n := e & 31
		next := t.quick[at>>n] // a smaller place, not paired yet, or this one
		if next != 0 && next&kindMask == kindLit && uint(n+next&31) <= t.first {
			t.quick[at] = 2<<entryBase | kindLit | n + next&31
		}
	}
}

func reverse(code int, n uint) int {
	out := 0
	for range n {
		out = out<<1 | code&1
		code >>= 1
	}
	return out
}

// long finds a code that the quick table does not hold. It returns 0 when there is none.
func (t *table) long(b uint64) entry {
	code, first, index := 0, 0, 0
	for n := 1; n <= maxBits; n++ {
		code |= int(b & 1)
		b >>= 1
		count := t.count[n]
		if code-count < first {
			return t.sorted[index+code-first]
		}
		index += count
		first = (first + count) << 1
		code <<= 1
	}
	return 0
}
