package consent

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// readYAML reads one YAML document, by hand if it is a plain one.
func readYAML(src []byte) (*node, error) {
	if tooMany(src) {
		return nil, malformed(0, 0, "too many values")
	}
	if root, ok := readPlain(src); ok {
		return root, nil
	}
	return readAnyYAML(src)
}

// readAnyYAML reads one YAML document by the rules of section 1: what a plain scalar means is
// decided here, never by the YAML library, so that 2026-03-02 and NO stay strings.
func readAnyYAML(src []byte) (root *node, err error) {
	defer func() { // the library is not ours, and a manifest must not stop the program
		if recover() != nil {
			root, err = nil, malformed(0, 0, "not YAML")
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return &node{line: 1, col: 1}, nil // an empty file is null
	} else if err != nil {
		return nil, malformed(yamlLine(err), 1, "not YAML")
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, malformed(more.Line, more.Column, "more than one document")
	}
	if len(doc.Content) != 1 {
		return &node{line: 1, col: 1}, nil
	}
	c := yamlConverter{cursor: cursor{src: src, line: 1, col: 1}}
	root = new(node)
	return root, c.convert(root, doc.Content[0], 1)
}

// tooMany bounds memory: the YAML library takes a few hundred bytes a value. A manifest of the largest size that says something has half as many.
func tooMany(src []byte) bool {
	const most = 1 << 20
	n := 0
	for _, b := range src {
		switch b {
		case ',', ':', '\n', '[', '{':
			n++
		}
	}
	return n > most
}

var lineNumber = regexp.MustCompile(`line (\d+):`)

// yamlLine takes the line number, and nothing else, from an error of the library: its text
// may quote the file.
func yamlLine(err error) int {
	m := lineNumber.FindStringSubmatch(err.Error())
	if m == nil {
		return 1
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

type yamlConverter struct{ cursor cursor }

// convert turns y into n. Levels count mappings and lists from the outermost one.
func (c *yamlConverter) convert(n *node, y *yaml.Node, level int) error {
	n.line, n.col = int32(y.Line), int32(y.Column)
	if problem := c.forbidden(y, level); problem != "" {
		return malformed(y.Line, y.Column, problem)
	}
	switch y.Kind {
	case yaml.ScalarNode:
		n.kind, n.text = scalar(y)
		return nil
	case yaml.SequenceNode:
		n.kind = isList
		return c.convertAll(n, y, level)
	}
	n.kind = isMap
	if err := c.convertAll(n, y, level); err != nil {
		return err
	}
	return checkKeys(n)
}

func (c *yamlConverter) convertAll(n *node, y *yaml.Node, level int) error {
	n.kids = make([]node, len(y.Content))
	for i, kid := range y.Content {
		if err := c.convert(&n.kids[i], kid, level+1); err != nil {
			return err
		}
		if n.kind == isMap && i%2 == 0 {
			if kid.Kind != yaml.ScalarNode {
				return malformed(kid.Line, kid.Column, "key is not a scalar")
			}
			if kid.Value == "<<" && kid.Style == 0 {
				return malformed(kid.Line, kid.Column, "merge key")
			}
			n.kids[i].kind, n.kids[i].text = isString, kid.Value
		}
	}
	return nil
}

// forbidden names what y uses although the format has no use for it.
func (c *yamlConverter) forbidden(y *yaml.Node, level int) string {
	switch {
	case y.Kind == yaml.AliasNode:
		return "alias"
	case y.Anchor != "":
		return "anchor"
	case y.Style&yaml.TaggedStyle != 0:
		return "tag"
	case y.Kind != yaml.ScalarNode && level > maxDepth:
		return "nested too deep"
	}
	// A lone "!" leaves no trace in the node, but the node starts there.
	switch c.cursor.at(y.Line, y.Column) {
	case '!':
		return "tag"
	case '&':
		return "anchor"
	}
	return ""
}

// scalar says what a scalar means (section 1).
func scalar(y *yaml.Node) (kind, string) {
	const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	if y.Style&quoted != 0 {
		return isString, y.Value
	}
	return plainScalar(y.Value)
}

func plainScalar(text string) (kind, string) {
	switch text {
	case "", "~", "null":
		return isNull, ""
	case "true", "false":
		return isBool, text
	}
	if isInteger(text) {
		return isNumber, text
	}
	return isString, text
}

// isInteger reports whether s matches -?(0|[1-9][0-9]*).
func isInteger(s string) bool {
	if s[0] == '-' {
		s = s[1:]
	}
	if s == "" || s[0] == '0' && len(s) > 1 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// A cursor finds the byte at a line and column. Nodes come in the order of the file, so it
// only ever moves forward, and a file is walked once.
type cursor struct {
	src       []byte
	line, col int
}

func (c *cursor) at(line, col int) byte {
	for len(c.src) > 0 && (c.line < line || c.line == line && c.col < col) {
		c.next()
	}
	if len(c.src) == 0 || c.line != line || c.col != col {
		return 0
	}
	return c.src[0]
}

func (c *cursor) next() {
	b, n := c.src[0], 1
	if b >= utf8.RuneSelf {
		_, n = utf8.DecodeRune(c.src)
	}
	c.src = c.src[n:]
	c.col++
	if b == '\n' || b == '\r' && (len(c.src) == 0 || c.src[0] != '\n') {
		c.line, c.col = c.line+1, 1
	}
}
