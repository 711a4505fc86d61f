// Package xmp reads and writes XMP packets (ISO 16684-1), the RDF in which editors, phones
// and archives keep captions, names, places, edit histories and face regions.
//
// [Read] lists what a packet says, one [metadata.Item] for each kind of property. [Write]
// makes a new packet from the few texts that may stay. Nothing is ever carried over from a
// packet as it was found: what Write returns depends on its entries alone.
//
//	items, err := xmp.Read(packet)
//	clean := xmp.Write([]metadata.Entry{{Field: metadata.Credit, Value: "Field Office"}})
//
// Read never follows a reference, never expands an entity that a document defines for
// itself, and takes no word of the packet into a path or an error: a name that is not in
// our tables is called "unknown".
package xmp

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// ErrMalformed says that a packet is not XMP as ISO 16684-1 has it, or that it goes past
// one of the limits of this package.
var ErrMalformed = errors.New("xmp: malformed packet")

// The limits that hold whatever a packet says.
const (
	maxPacket     = 16 << 20 // bytes of a packet
	maxDepth      = 64       // elements within elements
	maxLevel      = 8        // properties within properties that get a path of their own
	maxAttributes = 4096     // attributes of one element
	maxItems      = 8192     // items of a packet
	maxField      = 64 << 10 // bytes of a value that can be written anew
	maxValue      = 256      // bytes of any other value
)

// Read lists the properties of an XMP packet in UTF-8 or UTF-16, with or without its
// xpacket wrapper. A property that can be written anew has its Field set and is an item of
// its own; all others with one path are counted in one item, with the first 256 bytes of
// what they say. What is not a property (a comment, an instruction, stray text, an unusual
// namespace) is listed too, so that no text of the packet goes without an item.
//
// Size is in bytes of the packet, nearly, and leaves out the elements around structures, so
// all sizes together are never more than the packet. Where a text comes in several
// languages the value is that of x-default, else the first.
//
// A packet that breaks off or is wrong gives the items up to that place and an error that
// wraps [ErrMalformed]. The error quotes nothing of the packet.
func Read(packet []byte) ([]metadata.Item, error) {
	if len(packet) > maxPacket {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrMalformed, maxPacket)
	}
	text, wide, err := toUTF8(packet)
	if err != nil {
		return nil, err
	}
	r := newReader(text)
	err = r.document()
	for i := range r.items {
		if wide { // what was counted in UTF-8 is not quite what it takes up
			r.items[i].Size = r.items[i].Size * int64(len(packet)) / int64(len(text))
		}
	}
	if err != nil {
		return r.items, fmt.Errorf("%w: %w at byte %d", ErrMalformed, err, r.dec.InputOffset())
	}
	return r.items, nil
}

// What can be wrong with a packet, without a word of it.
var (
	errSyntax  = errors.New("not well-formed XML")
	errDepth   = errors.New("nested too deeply")
	errItems   = errors.New("too many properties")
	errDoctype = errors.New("a document type is not allowed")
	errNoRDF   = errors.New("no rdf:RDF element")
)

// A reader walks one packet.
type reader struct {
	dec   *xml.Decoder
	items []metadata.Item
	byKey map[string]int // path of a merged item, and where in items it is
	start int64          // where the token that next returned begins
	spent int64          // bytes that items account for so far
	count int            // how many properties were listed, merged or not
	depth int
	rdf   bool // an rdf:RDF element was seen
}

func newReader(text []byte) *reader {
	dec := xml.NewDecoder(&limited{text: text})
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return &reader{dec: dec, byKey: map[string]int{}}
}

// document reads to the end of the packet. Whatever is not inside rdf:RDF is listed as
// unknown, but for the wrapper itself.
func (r *reader) document() error {
	for {
		tok, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			err = r.outer(t)
		case xml.CharData:
			err = r.stray(root, string(t))
		}
		if err != nil {
			return err
		}
	}
	if !r.rdf {
		return errNoRDF
	}
	return nil
}

// outer reads an element that is not yet inside rdf:RDF. Only the wrapper has a right to be
// there; what else wraps rdf:RDF is listed as unknown.
func (r *reader) outer(el xml.StartElement) error {
	start, spent, visit := r.start, r.spent, r.outer
	at, known := root.unknown(), false
	switch el.Name {
	case xml.Name{Space: nsRDF, Local: "RDF"}:
		r.rdf, at, known = true, root, true
		visit = func(node xml.StartElement) error { return r.node(root, node) }
	case xml.Name{Space: nsMeta, Local: "xmpmeta"}, xml.Name{Space: nsMeta, Local: "xapmeta"}:
		at, known = root, true
	}
	if _, err := r.attributes(at, el); err != nil {
		return err
	}
	text, err := r.children(visit)
	switch {
	case err != nil:
		return err
	case known:
		return r.stray(root, text)
	}
	return r.emit(at, text, r.dec.InputOffset()-start-(r.spent-spent))
}

// node reads rdf:Description: its attributes and elements are properties of at.
func (r *reader) node(at place, el xml.StartElement) error {
	if el.Name != (xml.Name{Space: nsRDF, Local: "Description"}) {
		return r.property(at, el)
	}
	if _, err := r.attributes(at, el); err != nil {
		return err
	}
	text, err := r.children(func(c xml.StartElement) error { return r.property(at, c) })
	if err != nil {
		return err
	}
	return r.stray(at, text)
}

// next returns the next element, end or text, and lists what stands between them.
func (r *reader) next() (xml.Token, error) {
	for {
		r.start = r.dec.InputOffset()
		tok, err := r.dec.Token()
		switch {
		case err == io.EOF:
			return nil, err
		case errors.Is(err, errAttributes):
			return nil, errAttributes
		case err != nil: // the decoder's own words quote the packet
			return nil, errSyntax
		}
		switch t := tok.(type) {
		case xml.Comment:
			err = r.emit(root.named("comment", metadata.Unknown), string(t), r.size())
		case xml.ProcInst:
			err = r.instruction(t)
		case xml.Directive:
			err = errDoctype
		default:
			return tok, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// size returns how many bytes were read since the start of the last token.
func (r *reader) size() int64 { return r.dec.InputOffset() - r.start }

// instructions are the processing instructions that say nothing: the wrapper of ISO
// 16684-1 section 7.3 and the XML declaration, with double quotes.
var instructions = map[string]bool{
	"xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"": true,
	`xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"`:           true,
	`xpacket end="r"`:                     true,
	`xpacket end="w"`:                     true,
	`xml version="1.0"`:                   true,
	`xml version="1.0" encoding="UTF-8"`:  true,
	`xml version="1.0" encoding="utf-8"`:  true,
	`xml version="1.0" encoding="UTF-16"`: true,
}

func (r *reader) instruction(p xml.ProcInst) error {
	said := bytes.TrimSpace(bytes.ReplaceAll(p.Inst, []byte("'"), []byte(`"`)))
	if instructions[p.Target+" "+string(said)] {
		return nil
	}
	return r.emit(root.named("instruction", metadata.Unknown), string(p.Inst), r.size())
}

// stray lists text that stands where no property is.
func (r *reader) stray(at place, text string) error {
	if text = strings.Trim(text, " \t\r\n\ufeff"); text == "" {
		return nil
	}
	return r.emit(at.unknown(), text, int64(len(text)))
}
