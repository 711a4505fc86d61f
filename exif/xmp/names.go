package xmp

import (
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A namespace is what we know of one XML namespace.
type namespace struct {
	prefix   string            // what we call it, whatever a packet calls it
	category metadata.Category // of the names that are not listed
	names    map[string]name
}

type name struct {
	local    string // from our table, so that no path shares memory with a packet
	category metadata.Category
}

// A schema is a namespace as the tables have it: names separated by spaces, by category.
type schema struct {
	uri, prefix string
	category    metadata.Category
	names       map[metadata.Category]string
}

// namespaces finds a namespace by its URI. It does not change.
var namespaces = func() map[string]namespace {
	m := map[string]namespace{}
	for _, list := range [][]schema{standardSchemas, cameraSchemas, programSchemas} {
		for _, s := range list {
			m[s.uri] = s.namespace()
		}
	}
	return m
}()

func (s schema) namespace() namespace {
	ns := namespace{prefix: s.prefix, category: s.category, names: map[string]name{}}
	for category, list := range s.names {
		for _, local := range strings.Fields(list) {
			ns.names[local] = name{local, category}
		}
	}
	return ns
}

// The namespaces that the code refers to.
const (
	nsXML       = "http://www.w3.org/XML/1998/namespace"
	nsRDF       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsMeta      = "adobe:ns:meta/"
	nsDC        = "http://purl.org/dc/elements/1.1/"
	nsRights    = "http://ns.adobe.com/xap/1.0/rights/"
	nsPhotoshop = "http://ns.adobe.com/photoshop/1.0/"
	nsIPTC      = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
	nsIPTCExt   = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
	nsExif      = "http://ns.adobe.com/exif/1.0/"
	nsCC        = "http://creativecommons.org/ns#"
)
