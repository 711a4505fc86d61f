package xmp

import (
	"bytes"
	"encoding/xml"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// children hands each element inside the current one to visit, which has to read it to its
// end, and returns the text between them.
func (r *reader) children(visit func(xml.StartElement) error) (string, error) {
	if r.depth++; r.depth > maxDepth {
		return "", errDepth
	}
	defer func() { r.depth-- }()
	var text strings.Builder
	for {
		tok, err := r.next()
		if err != nil {
			return "", err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if err := visit(t); err != nil {
				return "", err
			}
		case xml.CharData:
			collect(&text, t)
		case xml.EndElement:
			return text.String(), nil
		}
	}
}

// collect adds more to text, up to what a value can hold. White space in front does not
// count, or a value could be pushed out of sight.
func collect(text *strings.Builder, more []byte) {
	if text.Len() == 0 {
		more = bytes.TrimLeft(more, " \t\r\n")
	}
	if room := maxField + 4 - text.Len(); room < len(more) {
		more = more[:max(room, 0)]
	}
	text.Write(more)
}

// property reads an element that is a property of at.
func (r *reader) property(at place, el xml.StartElement) error {
	return r.list(at.step(el.Name), el)
}

// list reads an element with a value of p and lists it, unless all that it holds are
// structures and arrays whose parts have been listed.
func (r *reader) list(p place, el xml.StartElement) error {
	start, spent, count := r.start, r.spent, r.count
	text, err := r.content(p, el)
	if err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" && r.count > count {
		return nil
	}
	return r.emit(p, text, r.dec.InputOffset()-start-(r.spent-spent))
}

// content reads an element with a value of p, lists what is inside it, and returns the
// text that is its own.
func (r *reader) content(p place, el xml.StartElement) (string, error) {
	value, err := r.attributes(p, el)
	if err != nil {
		return "", err
	}
	text, err := r.children(func(c xml.StartElement) error {
		if c.Name.Space != nsRDF {
			return r.property(p, c)
		}
		switch c.Name.Local {
		case "Alt":
			return r.alternatives(p, c)
		case "Seq", "Bag":
			return r.members(p, c)
		case "Description":
			return r.node(p, c)
		case "value", "li":
			return r.list(p, c)
		}
		return r.property(p, c)
	})
	if value == "" || strings.TrimSpace(text) == "" {
		return value + text, err
	}
	return value + " " + text, err
}

// members reads rdf:Seq or rdf:Bag: every member is a value of p.
func (r *reader) members(p place, el xml.StartElement) error {
	if _, err := r.attributes(p, el); err != nil {
		return err
	}
	text, err := r.children(func(c xml.StartElement) error {
		if !isMember(c) {
			return r.property(p, c)
		}
		return r.list(p, c)
	})
	if err != nil {
		return err
	}
	return r.stray(p, text)
}

// alternatives reads rdf:Alt: one text of it is the value of p.
func (r *reader) alternatives(p place, el xml.StartElement) error {
	start, spent := r.start, r.spent
	if _, err := r.attributes(p, el); err != nil {
		return err
	}
	var chosen string
	stray, err := r.children(func(c xml.StartElement) error {
		if !isMember(c) {
			return r.property(p, c)
		}
		text, err := r.content(p, c)
		if text = strings.TrimSpace(text); text != "" && (chosen == "" || language(c) == "x-default") {
			chosen = text
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := r.stray(p, stray); err != nil || chosen == "" {
		return err
	}
	return r.emit(p, chosen, r.dec.InputOffset()-start-(r.spent-spent))
}

func isMember(el xml.StartElement) bool {
	return el.Name == xml.Name{Space: nsRDF, Local: "li"}
}

func language(el xml.StartElement) string {
	for _, a := range el.Attr {
		if isLanguage(a.Name) {
			return a.Value
		}
	}
	return ""
}

func isLanguage(n xml.Name) bool {
	return n.Local == "lang" && (n.Space == nsXML || n.Space == "xml")
}

// attributes lists the attributes of an element as properties of at, which is the short
// way to write them, and returns the value that rdf:resource or rdf:value gives to at.
func (r *reader) attributes(at place, el xml.StartElement) (string, error) {
	var value string
	for _, a := range el.Attr {
		size := int64(len(a.Name.Local) + len(a.Value) + len(`=""`))
		p := at
		switch {
		case a.Value == "" && a.Name.Space == nsRDF, a.Value == "x-default" && isLanguage(a.Name):
			continue
		case a.Name.Space == "xmlns", a.Name.Space == "" && a.Name.Local == "xmlns":
			if p = declared(a); p.path == "" {
				continue
			}
		case isLanguage(a.Name):
			p = at.named("xml:lang", metadata.Description)
		case a.Name.Space == nsRDF && (a.Name.Local == "resource" || a.Name.Local == "value"):
			value += a.Value
			continue
		case a.Name.Space == nsRDF && a.Name.Local == "parseType" && a.Value == "Resource":
			continue
		default:
			p = at.step(a.Name)
		}
		if err := r.emit(p, a.Value, size); err != nil {
			return "", err
		}
	}
	return value, nil
}

// declared returns the place of a namespace declaration, or none when it is one of ours
// under its usual prefix. Any other could hold a word in its prefix or its URI.
func declared(a xml.Attr) place {
	ns, ok := namespaces[a.Value]
	switch {
	case !ok:
		return root.named("xmlns", metadata.Unknown)
	case ns.prefix != a.Name.Local:
		return root.named("xmlns", metadata.Software)
	}
	return place{}
}
