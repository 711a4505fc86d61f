package png

import "io"

// Walk follows a zlib stream that comes in pieces of the given size and returns how many
// bytes of it are the stream, and how many it stands for.
func Walk(b []byte, piece int) (used, out int64, err error) {
	w := newWalker(func() ([]byte, error) {
		if len(b) == 0 {
			return nil, io.EOF
		}
		n := min(piece, len(b))
		next := b[:n]
		b = b[n:]
		return next, nil
	})
	err = w.walk()
	return w.used(), w.out, err
}

// KindNames lists the chunks that the package knows.
func KindNames() (names []string) {
	for name := range kinds {
		names = append(names, name)
	}
	return names
}
