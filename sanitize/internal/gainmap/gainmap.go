// Package gainmap reads and writes what tells a viewer how to apply an HDR gain map: the
// hdrgm properties of Adobe's Gain Map specification 1.0, as Ultra HDR uses them, and the
// binary form of ISO 21496-1 annex C.
//
// It holds numbers only. Whatever else stands in a packet is not looked at, so it cannot
// travel along; the gain map itself, which is a picture, is the business of its container.
package gainmap

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

const (
	nsGainMap = "http://ns.adobe.com/hdr-gain-map/1.0/"
	nsRDF     = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
)

// Params are the properties of a gain map, by name, each one number or one for each of
// three channels.
type Params struct {
	values map[string][]float64
	hdr    bool // the picture is the HDR rendition, the gain map makes it SDR
}

// names are the numeric properties in the order in which they are written.
var names = []string{"GainMapMin", "GainMapMax", "Gamma", "OffsetSDR", "OffsetHDR", "HDRCapacityMin", "HDRCapacityMax"}

// Numbers are written in millionths and are no larger than any that makes sense: they are
// exponents of two, and factors near one.
const (
	micro = 1_000_000
	most  = 2000
)

// maxTokens bounds the reading of a packet.
const maxTokens = 10000

// ParseXMP reads the hdrgm properties of a gain map from its XMP packet. It reports false
// when there are none, or one is no number, or the required ones are missing.
func ParseXMP(packet []byte) (Params, bool) {
	p := parser{Params: Params{values: make(map[string][]float64)}}
	d := xml.NewDecoder(bytes.NewReader(packet))
	for range maxTokens {
		token, err := d.Token()
		if err == io.EOF {
			return p.Params, p.complete()
		}
		if err != nil || !p.token(token) {
			return Params{}, false
		}
	}
	return Params{}, false
}

type parser struct {
	Params
	property string // the hdrgm element that is open
	text     strings.Builder
	version  bool
}

func (p *parser) token(t xml.Token) bool {
	switch t := t.(type) {
	case xml.StartElement:
		for _, a := range t.Attr {
			if a.Name.Space == nsGainMap && !p.set(a.Name.Local, a.Value) {
				return false
			}
		}
		if t.Name.Space == nsGainMap {
			p.property = t.Name.Local
		}
		p.text.Reset()
	case xml.CharData:
		if p.property != "" {
			p.text.Write(t)
		}
	case xml.EndElement:
		own := t.Name.Space == nsGainMap && t.Name.Local == p.property
		item := t.Name.Space == nsRDF && t.Name.Local == "li" && p.property != ""
		text := strings.TrimSpace(p.text.String())
		p.text.Reset()
		property := p.property
		if own {
			p.property = ""
		}
		if (own || item) && text != "" {
			return p.set(property, text)
		}
	}
	return true
}

func (p *parser) set(name, value string) bool {
	switch name {
	case "Version":
		p.version = value == "1.0"
		return p.version
	case "BaseRenditionIsHDR":
		p.hdr = strings.EqualFold(value, "true")
		return p.hdr || strings.EqualFold(value, "false")
	}
	for _, n := range names {
		if n == name {
			f, err := strconv.ParseFloat(value, 64)
			p.values[name] = append(p.values[name], f)
			return err == nil && math.Abs(f) <= most && len(p.values[name]) <= 3
		}
	}
	return true // a property that nothing needs, and that is not written again
}

func (p *parser) complete() bool {
	for _, v := range p.values {
		if len(v) != 1 && len(v) != 3 {
			return false
		}
	}
	return p.version && len(p.values["GainMapMax"]) > 0 && len(p.values["HDRCapacityMax"]) > 0
}

// XMP returns a packet that says what p says and nothing else.
func (p Params) XMP() []byte {
	var attrs, elements strings.Builder
	attrs.WriteString(` hdrgm:Version="1.0"`)
	for _, name := range names {
		switch v := p.values[name]; len(v) {
		case 1:
			fmt.Fprintf(&attrs, ` hdrgm:%s="%s"`, name, number(v[0]))
		case 3:
			fmt.Fprintf(&elements, "<hdrgm:%s><rdf:Seq><rdf:li>%s</rdf:li><rdf:li>%s</rdf:li><rdf:li>%s</rdf:li></rdf:Seq></hdrgm:%s>",
				name, number(v[0]), number(v[1]), number(v[2]), name)
		}
	}
	if p.hdr {
		attrs.WriteString(` hdrgm:BaseRenditionIsHDR="True"`)
	} else {
		attrs.WriteString(` hdrgm:BaseRenditionIsHDR="False"`)
	}
	return packet(`<rdf:Description rdf:about="" xmlns:hdrgm="` + nsGainMap + `"` + attrs.String() + ">" +
		elements.String() + "</rdf:Description>")
}

// number writes six decimals, which is more than a picture can show.
func number(f float64) string {
	return strconv.FormatFloat(math.Round(f*micro)/micro, 'f', -1, 64)
}

const (
	packetHead = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` + nsRDF + `">`
	packetTail = `</rdf:RDF></x:xmpmeta>`
)

func packet(description string) []byte { return []byte(packetHead + description + packetTail) }

// PrimaryXMP returns the packet of a picture that is followed by a gain map of the given
// size in bytes: the directory that Ultra HDR readers look for. other is a packet of ours
// whose descriptions it is to hold as well, or nil.
func PrimaryXMP(gainMapSize int64, other []byte) []byte {
	directory := `<rdf:Description rdf:about="" xmlns:Container="http://ns.google.com/photos/1.0/container/"` +
		` xmlns:Item="http://ns.google.com/photos/1.0/container/item/" xmlns:hdrgm="` + nsGainMap + `" hdrgm:Version="1.0">` +
		`<Container:Directory><rdf:Seq>` +
		`<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>` +
		`<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="` +
		strconv.FormatInt(gainMapSize, 10) + `"/></rdf:li></rdf:Seq></Container:Directory></rdf:Description>`
	if i := bytes.LastIndex(other, []byte("</rdf:RDF>")); i >= 0 {
		return bytes.Join([][]byte{other[:i], []byte(directory), other[i:]}, nil)
	}
	return packet(directory)
}
