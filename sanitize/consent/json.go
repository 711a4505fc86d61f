package consent

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// readJSON reads one JSON value. The standard library checks the grammar; this walk adds
// places, the depth, and an error for a repeated key, and keeps numbers as written.
func readJSON(src []byte) (*node, error) {
	if !json.Valid(src) {
		return nil, jsonSyntax(src)
	}
	r := jsonReader{src: src, line: 1, col: 1}
	root := new(node)
	return root, r.value(root, 1)
}

func jsonSyntax(src []byte) error {
	var v json.RawMessage
	line, col := 1, 1
	if e, ok := json.Unmarshal(src, &v).(*json.SyntaxError); ok {
		before := src[:min(max(e.Offset-1, 0), int64(len(src)))]
		line += bytes.Count(before, []byte("\n"))
		col += utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	}
	return malformed(line, col, "not JSON")
}

// A jsonReader walks text that is known to be valid JSON.
type jsonReader struct {
	src       []byte
	line, col int
}

func (r *jsonReader) skip(n int) {
	for _, b := range r.src[:n] {
		switch {
		case b == '\n':
			r.line, r.col = r.line+1, 1
		case b&0xc0 != 0x80: // continuation bytes are part of the character before
			r.col++
		}
	}
	r.src = r.src[n:]
}

// peek returns the next byte that is not space.
func (r *jsonReader) peek() byte {
	n := 0
	for n < len(r.src) && (r.src[n] == ' ' || r.src[n] == '\n' || r.src[n] == '\r' || r.src[n] == '\t') {
		n++
	}
	r.skip(n)
	if len(r.src) == 0 {
		return 0
	}
	return r.src[0]
}

func (r *jsonReader) value(n *node, level int) error {
	c := r.peek()
	n.line, n.col = int32(r.line), int32(r.col)
	switch c {
	case '{':
		n.kind = isMap
		if err := r.items(n, level, '}'); err != nil {
			return err
		}
		return checkKeys(n)
	case '[':
		n.kind = isList
		return r.items(n, level, ']')
	case '"':
		n.kind = isString
		return r.str(n)
	}
	r.word(n)
	return nil
}

// items reads a list, or a mapping as a list of keys and values.
func (r *jsonReader) items(n *node, level int, end byte) error {
	if level > maxDepth {
		return malformed(r.line, r.col, "nested too deep")
	}
	r.skip(1)
	for c := r.peek(); c != end; c = r.peek() {
		if c == ',' || c == ':' {
			r.skip(1)
			continue
		}
		if c == 0 {
			return malformed(r.line, r.col, "not JSON")
		}
		n.kids = append(n.kids, node{})
		if err := r.value(&n.kids[len(n.kids)-1], level+1); err != nil {
			return err
		}
	}
	r.skip(1)
	return nil
}

func (r *jsonReader) str(n *node) error {
	end, escaped := 1, false
	for r.src[end] != '"' {
		if r.src[end] == '\\' {
			escaped = true
			end++
		}
		end++
	}
	if !escaped {
		n.text = string(r.src[1:end])
	} else if err := json.Unmarshal(r.src[:end+1], &n.text); err != nil {
		return malformed(r.line, r.col, "not JSON")
	}
	r.skip(end + 1)
	return nil
}

// word reads a number, true, false or null.
func (r *jsonReader) word(n *node) {
	end := 0
	for end < len(r.src) && bytes.IndexByte([]byte(" \t\r\n,:]}"), r.src[end]) < 0 {
		end++
	}
	n.text = string(r.src[:end])
	switch n.text {
	case "null":
		n.kind, n.text = isNull, ""
	case "true", "false":
		n.kind = isBool
	default:
		n.kind = isNumber
	}
	r.skip(end)
}
