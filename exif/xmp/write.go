package xmp

import (
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Nobody writes more than this by hand; a packet within it is well inside what Read takes.
const (
	maxRepeat = 1024    // values of one field
	maxText   = 2 << 20 // bytes of all values
)

// Write returns a new packet that holds entries, or nil when none of them has a place in
// XMP. The same entries give the same bytes: fields in the order of [metadata.Fields],
// values of a field in the order given, no time, no identifier, no name of a program.
//
// A value is cleaned as [Read] cleans one: invalid UTF-8 and characters that XML does not
// allow are dropped, white space around it too, and what is past 64 KiB. An empty value is
// left out, and so is a date or a position that is none. A field that does not repeat has
// its first value; one that does, its first 1024. A value with which all would be more
// than 2 MiB is left out. Positions are written to 2 mm.
//
// The packet ends in end="r" and has no padding: "r" tells programs that search files for
// packets, without knowing the format, not to edit this one where it stands, and there
// would be no room for that. Programs that know the format may replace it as before.
func Write(entries []metadata.Entry) []byte {
	texts := byField(entries)
	var body strings.Builder
	var spaces []string
	for _, f := range metadata.Fields() {
		p := writable[f]
		if p == nil || len(texts[f]) == 0 {
			continue
		}
		if !slices.Contains(spaces, p.space) {
			spaces = append(spaces, p.space)
		}
		p.write(&body, texts[f])
	}
	if len(spaces) == 0 {
		return nil
	}
	var out strings.Builder
	out.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		"<x:xmpmeta xmlns:x=\"" + nsMeta + "\">\n<rdf:RDF xmlns:rdf=\"" + nsRDF + "\">\n<rdf:Description rdf:about=\"\"")
	for _, uri := range spaces {
		out.WriteString("\n xmlns:" + namespaces[uri].prefix + "=\"" + uri + "\"")
	}
	out.WriteString(">\n" + body.String() + "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return []byte(out.String())
}

// byField returns the values to write for each field, ready but for escaping.
func byField(entries []metadata.Entry) map[metadata.Field][]string {
	texts := map[metadata.Field][]string{}
	room := maxText
	for _, e := range entries {
		p, most := writable[e.Field], 1
		if e.Field.Repeats() {
			most = maxRepeat
		}
		if p == nil || len(texts[e.Field]) >= most || room == 0 {
			continue
		}
		text, ok := p.format(clean(e.Value.Reveal(), maxField))
		if ok && len(text) <= room {
			texts[e.Field] = append(texts[e.Field], text)
			room -= len(text)
		}
	}
	return texts
}

var arrays = map[form]struct{ open, item, end string }{
	localized: {"\n<rdf:Alt>\n", `<rdf:li xml:lang="x-default">`, "</rdf:Alt>\n"},
	ordered:   {"\n<rdf:Seq>\n", "<rdf:li>", "</rdf:Seq>\n"},
	unordered: {"\n<rdf:Bag>\n", "<rdf:li>", "</rdf:Bag>\n"},
}

func (p *property) write(out *strings.Builder, texts []string) {
	name := namespaces[p.space].prefix + ":" + p.local
	array, ok := arrays[p.form]
	out.WriteString("<" + name + ">" + array.open)
	for _, text := range texts {
		if ok {
			text = array.item + escape(text) + "</rdf:li>\n"
		} else {
			text = escape(text)
		}
		out.WriteString(text)
	}
	out.WriteString(array.end + "</" + name + ">\n")
}

// escape makes cleaned text into character data. Tabs and line feeds stay as they are.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}
