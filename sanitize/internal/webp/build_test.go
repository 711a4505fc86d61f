package webp_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/exif/icc"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// This file builds the dirty pictures of the tests, without the code under test.

const canary = containertest.Canary

// secret is a text that may not come through, with a word that says where it was planted.
func secret(where string) string { return canary + "-" + where }

func le32(v int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(v))) }
func le24(v int) string { return le32(v)[:3] }

// chunk is a chunk with its padding.
func chunk(id string, payload ...string) string {
	all := strings.Join(payload, "")
	return id + le32(len(all)) + all + strings.Repeat("\x00", len(all)%2)
}

// riffOf is a file of the given chunks.
func riffOf(chunks ...string) []byte {
	all := strings.Join(chunks, "")
	return []byte("RIFF" + le32(4+len(all)) + "WEBP" + all)
}

// vp8x is the header of an extended file.
func vp8x(flags byte, width, height int) string {
	return chunk("VP8X", string([]byte{flags}), "\x00\x00\x00", le24(width-1), le24(height-1))
}

// A place is a chunk of a file, read without the code under test.
type place struct {
	id      string
	off     int
	payload string
}

// places lists the chunks of a well-formed file from the given byte on.
func places(b []byte, at int) (all []place) {
	for at+8 <= len(b) {
		n := int(binary.LittleEndian.Uint32(b[at+4:]))
		all = append(all, place{string(b[at : at+4]), at, string(b[at+8 : at+8+n])})
		at += 8 + n + n%2
	}
	return all
}

// payload is what stands in the nth chunk of a name, counted from 0.
func payload(b []byte, id string, nth int) string {
	for _, p := range places(b, 12) {
		if p.id == id {
			if nth--; nth < 0 {
				return p.payload
			}
		}
	}
	panic("a test looks for a chunk that is not there")
}

// has reports whether a file has a chunk of that name.
func has(b []byte, id string) bool {
	return slices.ContainsFunc(places(b, 12), func(p place) bool { return p.id == id })
}

// order is the names of the chunks of a file, those of frames in brackets.
func order(b []byte) string {
	var all []string
	for _, p := range places(b, 12) {
		id := strings.TrimSpace(p.id)
		if id == "ANMF" {
			var inner []string
			for _, q := range places([]byte(p.payload), 16) {
				inner = append(inner, strings.TrimSpace(q.id))
			}
			id += "[" + strings.Join(inner, " ") + "]"
		}
		all = append(all, id)
	}
	return strings.Join(all, " ")
}

// A tag is an entry of a TIFF directory; its value is text, or a directory of its own.
type tag struct {
	id   uint16
	text string
	dir  []tag
}

// tiff is a big-endian TIFF block of one directory, with an orientation unless it is 0.
func tiff(orientation int, tags ...tag) string {
	b := []byte("MM\x00*\x00\x00\x00\x08")
	return string(directory(b, orientation, tags))
}

func directory(b []byte, orientation int, tags []tag) []byte {
	order := binary.BigEndian
	count, at := len(tags), len(b)
	if orientation > 0 {
		count++
	}
	b = append(b, make([]byte, 2+12*count+4)...)
	order.PutUint16(b[at:], uint16(count))
	at += 2
	if orientation > 0 {
		copy(b[at:], "\x01\x12\x00\x03\x00\x00\x00\x01\x00"+string(rune(orientation)))
		at += 12
	}
	for _, t := range tags {
		order.PutUint16(b[at:], t.id)
		order.PutUint16(b[at+2:], 2)
		order.PutUint32(b[at+4:], uint32(len(t.text)+1))
		order.PutUint32(b[at+8:], uint32(len(b)))
		if t.dir != nil {
			order.PutUint16(b[at+2:], 4)
			order.PutUint32(b[at+4:], 1)
			b = directory(b, 0, t.dir)
		} else {
			b = append(b, t.text+"\x00"...)
			b = append(b, make([]byte, len(b)%2)...)
		}
		at += 12
	}
	return b
}

// dirtyExif has a secret in several directories.
func dirtyExif(orientation int) string {
	return tiff(orientation, tag{id: 0x10F, text: secret("make")}, tag{id: 0x8298, text: "2026 Example Relief"},
		tag{id: 0x8769, dir: []tag{{id: 0x9003, text: "2026:01:31 14:05:09"}, {id: 0xA431, text: secret("serial")}}},
		tag{id: 0x8825, dir: []tag{{id: 0x001B, text: secret("gps")}}})
}

// dirtyXMP has secrets, and a credit that may be kept.
func dirtyXMP() string {
	return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" ` +
		`photoshop:Credit="Example Relief" tiff:Orientation="3" photoshop:City="` + secret("city") + `"/></rdf:RDF></x:xmpmeta>`
}

// dirtyProfile is a profile with a maker in its header and a secret behind its tags.
func dirtyProfile(space icc.Space) string {
	b := bytes.Clone(icc.Profile(space))
	copy(b[48:], "MVCA")
	b = append(b, secret("profile")...)
	b = append(b, make([]byte, -len(b)&3)...)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return string(b)
}

// customProfile is a profile of no space that has a name: its red is another.
func customProfile() string {
	b := []byte(dirtyProfile(icc.SRGB))
	for at := 132; ; at += 12 {
		if string(b[at:at+4]) == "rXYZ" {
			b[binary.BigEndian.Uint32(b[at+4:])+10] ^= 0x10
			return string(b)
		}
	}
}
