package consent

import "encoding/binary"

// pruned returns root with those entries left out of its lists that only differ in ids,
// digests and days from one that stays. The schema judges such entries alike, so a manifest
// of ten thousand media that look the same is checked once for all of them.
//
// What stands for a text is its class and, within a list, which earlier item it repeats:
// a list with the same item twice is not mistaken for one without.
func pruned(root *node) *node {
	if root.kind != isMap {
		return root
	}
	out := *root
	out.kids = append([]node(nil), root.kids...)
	for i := 1; i < len(out.kids); i += 2 {
		out.kids[i] = prunedList(out.kids[i])
	}
	return &out
}

func prunedList(list node) node {
	const fewest = 20000 // no list of the schema has a smaller limit at the top level
	if list.kind != isList || len(list.kids) > fewest {
		return list
	}
	kids := make([]node, 0, 16)
	seen := map[string]bool{}
	var shape []byte
	for i := range list.kids {
		shape = appendShape(shape[:0], &list.kids[i])
		if !seen[string(shape)] {
			seen[string(shape)] = true
			kids = append(kids, list.kids[i])
		}
	}
	list.kids = kids
	return list
}

// appendShape writes what the schema can tell about a value.
func appendShape(b []byte, n *node) []byte {
	class := byte(0)
	if n.kind == isString {
		class = classOf(n.text)
	}
	b = append(b, byte(n.kind), class)
	if class != 0 {
		return b
	}
	b = binary.AppendUvarint(b, uint64(len(n.text)))
	b = append(b, n.text...)
	b = binary.AppendUvarint(b, uint64(len(n.kids)))
	for i := range n.kids {
		b = appendShape(b, &n.kids[i])
		if n.kind == isList {
			b = binary.AppendUvarint(b, uint64(firstLike(n.kids, i)))
		}
	}
	return b
}

// firstLike returns the place of the first item that says the same as item i. Beyond a few
// items every one counts as different in shape, which costs time and changes nothing.
func firstLike(items []node, i int) int {
	const few = 64
	if items[i].kind != isString || i >= few {
		return -1 - i
	}
	for j := range i {
		if items[j].kind == isString && items[j].text == items[i].text {
			return j
		}
	}
	return i
}

// classOf returns the kind of id that a text is, 'h' for a digest, 'd' for a day, or 0 for
// anything that the schema may look at more closely.
func classOf(s string) byte {
	const longestID = 34
	switch {
	case len(s) == len("2006-01-02") && s[4] == '-' && s[7] == '-':
		if _, ok := ParseDate(s); ok {
			return 'd'
		}
	case isSHA256(s):
		return 'h'
	case len(s) >= 3 && len(s) <= longestID && s[1] == '-' && s[0] >= 'a' && s[0] <= 'z' && isID(s, s[0]):
		return s[0]
	}
	return 0
}
