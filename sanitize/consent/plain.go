package consent

import "strings"

// readPlain reads the plain part of YAML that manifests are nearly always written in: block
// mappings and lists, words, quoted text without escapes, and flow lists and mappings on one
// line, in ASCII. Ten megabytes of it take a tenth of the time that the YAML library needs.
//
// It reports false for everything else, faults included, and [readYAML] then asks the
// library. What it accepts, the library reads in the same way: a fuzz target holds the two
// against each other, places included.
func readPlain(src []byte) (*node, bool) {
	lines, ok := plainLines(string(src))
	if !ok || len(lines) == 0 || lines[0].indent != 0 {
		return nil, false
	}
	p := plainReader{lines: lines}
	root := new(node)
	if !p.block(root, 0, 1) || p.at != len(lines) {
		return nil, false
	}
	return root, true
}

// A plainLine is a line that says something.
type plainLine struct {
	number, indent int
	text           string // without indent and comment
}

func plainLines(src string) ([]plainLine, bool) {
	for i := range len(src) {
		if c := src[i]; c < ' ' && c != '\n' || c >= 0x7f {
			return nil, false
		}
	}
	lines := make([]plainLine, 0, strings.Count(src, "\n")+1)
	for number := 1; src != ""; number++ {
		var text string
		text, src, _ = strings.Cut(src, "\n")
		trimmed := strings.TrimLeft(text, " ")
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		if strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") || text[0] == '%' {
			return nil, false
		}
		lines = append(lines, plainLine{number, len(text) - len(trimmed), trimmed})
	}
	return lines, true
}

type plainReader struct {
	lines []plainLine
	at    int
}

// next returns the current line if it has that indent, and whether it is a list item.
func (p *plainReader) next(indent int) (line *plainLine, item bool) {
	if p.at == len(p.lines) || p.lines[p.at].indent != indent {
		return nil, false
	}
	line = &p.lines[p.at]
	return line, strings.HasPrefix(line.text, "- ")
}

// deeper reports whether the current line stands further right, where nothing is expected.
func (p *plainReader) deeper(indent int) bool {
	return p.at < len(p.lines) && p.lines[p.at].indent > indent
}

func (p *plainReader) block(n *node, indent, level int) bool {
	line, item := p.next(indent)
	if line == nil || level > maxDepth {
		return false
	}
	n.line, n.col = int32(line.number), int32(indent+1)
	if item {
		return p.list(n, indent, level)
	}
	return p.mapping(n, indent, level)
}

func (p *plainReader) list(n *node, indent, level int) bool {
	n.kind = isList
	for line, item := p.next(indent); item; line, item = p.next(indent) {
		content := strings.TrimLeft(line.text[1:], " ")
		column := indent + len(line.text) - len(content)
		n.kids = append(n.kids, node{})
		kid := &n.kids[len(n.kids)-1]
		if _, _, isKey := cutKey(content); isKey {
			line.indent, line.text = column, content
			if !p.block(kid, column, level+1) {
				return false
			}
			continue
		}
		if !p.value(kid, content, line.number, column, level) {
			return false
		}
		p.at++
	}
	return !p.deeper(indent)
}

func (p *plainReader) mapping(n *node, indent, level int) bool {
	n.kind = isMap
	n.kids = make([]node, 0, 12)
	line, item := p.next(indent)
	for ; line != nil && !item; line, item = p.next(indent) {
		key, rest, ok := cutKey(line.text)
		if !ok {
			return false
		}
		p.at++
		n.kids = append(n.kids, node{kind: isString, text: key, line: int32(line.number), col: int32(indent + 1)}, node{})
		if !p.field(&n.kids[len(n.kids)-1], line, rest, indent, level) {
			return false
		}
	}
	return !p.deeper(indent) && checkKeys(n) == nil
}

// field reads what stands behind a key, or below it.
func (p *plainReader) field(n *node, line *plainLine, rest string, indent, level int) bool {
	if rest != "" {
		return p.value(n, rest, line.number, indent+len(line.text)-len(rest), level)
	}
	if p.deeper(indent) {
		return p.block(n, p.lines[p.at].indent, level+1)
	}
	if _, item := p.next(indent); item {
		return p.block(n, indent, level+1)
	}
	return false // null, which the format has no use for
}

// cutKey splits "key: rest". A comment behind a key alone is no rest.
func cutKey(text string) (key, rest string, ok bool) {
	i := 0
	for i < len(text) && (text[i] >= 'a' && text[i] <= 'z' || text[i] >= '0' && text[i] <= '9' || text[i] == '_') {
		i++
	}
	const longest = 64 // the YAML library has a limit, too
	if i == 0 || i > longest || i == len(text) || text[i] != ':' || i+1 < len(text) && text[i+1] != ' ' {
		return "", "", false
	}
	rest = strings.TrimLeft(text[i+1:], " ")
	if rest != "" && rest[0] == '#' {
		rest = ""
	}
	return text[:i], rest, true
}

// value reads the rest of a line. The column is counted from zero.
func (p *plainReader) value(n *node, text string, number, column, level int) bool {
	f := flowReader{text: text, number: number, column: column}
	if !f.value(n, level, false) {
		return false
	}
	rest := text[f.at:]
	after := strings.TrimLeft(rest, " ")
	return after == "" || after[0] == '#' && len(after) < len(rest)
}

// A flowReader reads values within one line.
type flowReader struct {
	text           string
	at             int
	number, column int
}

func (f *flowReader) peek() byte {
	if f.at < len(f.text) {
		return f.text[f.at]
	}
	return 0
}

func (f *flowReader) spaces() {
	for f.peek() == ' ' {
		f.at++
	}
}

func (f *flowReader) value(n *node, level int, inside bool) bool {
	n.line, n.col = int32(f.number), int32(f.column+f.at+1)
	switch c := f.peek(); {
	case c == '[':
		n.kind = isList
		return f.items(n, level+1, ']')
	case c == '{':
		n.kind = isMap
		return f.items(n, level+1, '}') && checkKeys(n) == nil
	case c == '"' || c == '\'':
		return f.quoted(n, c)
	}
	return f.word(n, inside)
}

func (f *flowReader) items(n *node, level int, end byte) bool {
	if level > maxDepth {
		return false
	}
	f.at++
	f.spaces()
	for f.peek() != end {
		if n.kind == isMap && !f.key(n) {
			return false
		}
		n.kids = append(n.kids, node{})
		if !f.value(&n.kids[len(n.kids)-1], level, true) {
			return false
		}
		f.spaces()
		if f.peek() == ',' {
			f.at++
			f.spaces()
			if f.peek() == end {
				return false
			}
		} else if f.peek() != end {
			return false
		}
	}
	f.at++
	return true
}

func (f *flowReader) key(n *node) bool {
	key, rest, ok := cutKey(f.text[f.at:])
	if !ok || rest == "" {
		return false
	}
	n.kids = append(n.kids, node{kind: isString, text: key, line: int32(f.number), col: int32(f.column + f.at + 1)})
	f.at = len(f.text) - len(rest)
	return true
}

func (f *flowReader) quoted(n *node, quote byte) bool {
	end := strings.IndexByte(f.text[f.at+1:], quote)
	if end < 0 {
		return false
	}
	n.kind, n.text = isString, f.text[f.at+1:f.at+1+end]
	f.at += end + 2
	switch f.peek() {
	case 0, ' ', ',', ']', '}':
		return strings.IndexByte(n.text, '\\') < 0
	}
	return false
}

// word reads a plain scalar of letters, digits and the marks that ids, days and paths have.
func (f *flowReader) word(n *node, inside bool) bool {
	start := f.at
	for f.at < len(f.text) && wordByte(f.text, f.at) {
		f.at++
	}
	text := f.text[start:f.at]
	if text == "" || !alphanumeric(text[0]) {
		return false
	}
	switch c := f.peek(); {
	case c == 0 || c == ' ':
	case inside && (c == ',' || c == ']' || c == '}'):
	default:
		return false
	}
	if rest := strings.TrimLeft(f.text[f.at:], " "); !inside && rest != "" && rest[0] != '#' {
		return false // more words, or a colon
	}
	n.kind, n.text = plainScalar(text)
	return true
}

func wordByte(s string, i int) bool {
	switch c := s[i]; c {
	case '.', '_', '/', '-', '+':
		return true
	case ':':
		return i+1 < len(s) && alphanumeric(s[i+1])
	default:
		return alphanumeric(c)
	}
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
