package heif_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
)

// This file builds the dirty pictures of the tests: items, their properties and data, and
// the boxes around them.

const canary = containertest.Canary

// secret is a text that may not come through, with a word that says where it was planted.
func secret(where string) string { return canary + "-" + where }

func be16(v int) string { return string(binary.BigEndian.AppendUint16(nil, uint16(v))) }
func be32(v int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(v))) }
func be64(v int) string { return string(binary.BigEndian.AppendUint64(nil, uint64(v))) }

// number is v in 0, 4 or 8 bytes.
func number(v, size int) string { return be64(v)[8-size:] }

// bx is a box, fullBx one with a version and flags.
func bx(typ string, body ...string) string {
	all := strings.Join(body, "")
	return be32(len(all)+8) + typ + all
}

func fullBx(typ string, version, flags int, body ...string) string {
	return bx(typ, be32(version<<24|flags), strings.Join(body, ""))
}

// A coded picture is one item of a base file.
type coded struct {
	typ, config, data string
	w, h, channels    int
}

// baseFile is a picture that a tool has coded.
func baseFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(samplesDir(t), "base-"+name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func samplesDir(t testing.TB) string {
	return filepath.Join(containertest.Root(t), "testdata", "heif")
}

// boxOf finds the box of a type in a well-formed file, read without the code under test.
func boxOf(b []byte, typ string) string {
	i := bytes.Index(b, []byte(typ)) - 4
	return string(b[i : i+int(binary.BigEndian.Uint32(b[i:]))])
}

// hevc and av1 are base files of one coded item, which is all of the media data.
func hevc(t testing.TB) coded {
	b := baseFile(t, "hevc.heic")
	return coded{"hvc1", boxOf(b, "hvcC"), boxOf(b, "mdat")[8:], 64, 64, 3}
}

func av1(t testing.TB) coded {
	b := baseFile(t, "av1.avif")
	return coded{"av01", boxOf(b, "av1C"), boxOf(b, "mdat")[8:], 64, 64, 3}
}

func av1Gray(t testing.TB) coded {
	b := baseFile(t, "av1-gray.avif")
	return coded{"av01", boxOf(b, "av1C"), boxOf(b, "mdat")[8:], 64, 48, 1}
}

func ispe(w, h int) string { return fullBx("ispe", 0, 0, be32(w), be32(h)) }

func pixi(channels int) string {
	return fullBx("pixi", 0, 0, string([]byte{byte(channels)}), strings.Repeat("\x08", channels))
}

const (
	isEssential = true
	urnAlpha    = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"
	urnApple    = "urn:com:apple:photo:2020:aux:hdrgainmap"
	urnDepth    = "urn:mpeg:hevc:2015:auxid:2"
)

func auxC(urn string) string { return fullBx("auxC", 0, 0, urn+"\x00", secret("aux-subtype")) }

// A prop is a property of an item: its box.
type prop struct {
	box       string
	essential bool
}

// An entry is one item.
type entry struct {
	id        int
	typ       string
	name      string // with what follows it: content type
	hidden    bool
	protected bool
	data      string
	method    int
	cuts      []int // lengths of its first extents; the rest is the last one
	props     []prop
	same      int    // the item whose data it shares
	extents   string // in place of the location that the builder writes, from the extent count on
}

// of is a coded picture as an item.
func of(id int, c coded, more ...prop) entry {
	return entry{id: id, typ: c.typ, data: c.data, props: append([]prop{{c.config, isEssential}, {ispe(c.w, c.h), false}, {pixi(c.channels), false}}, more...)}
}

type ref struct {
	typ  string
	from int
	to   []int
}

// A builder composes a file.
type builder struct {
	brands    string
	minor     int
	handler   string // its name
	primary   int
	entries   []entry
	refs      []ref
	groups    string
	inMeta    string // further boxes in the meta box
	inIPCO    string // properties that no item has
	front     string // boxes between the type and the meta box
	behind    string
	gap       string // between extents
	iloc      int    // version
	size      int    // of fields, 4 when 0
	base      int    // size of the base offset
	index     int    // size of the extent index
	wide      bool   // item numbers of 32 bits, properties of 15
	mdatFirst bool
	mdatHead  int // 0 for 32 bits, 1 for 64, 2 for up to the end
}

func (b builder) bytes() []byte {
	if b.size == 0 {
		b.size = 4
	}
	if b.brands == "" {
		b.brands = "heicmif1heicmiaf"
	}
	typ := bx("ftyp", b.brands[:4], be32(b.minor), b.brands[4:]) + b.front
	idat, mdat, places := b.layout()
	if b.mdatFirst {
		start := len(typ) + len(b.mdatBox(""))
		return []byte(typ + b.mdatBox(mdat) + b.meta(idat, places, start) + b.behind)
	}
	start := len(typ) + len(b.meta(idat, places, 0)) + len(b.mdatBox(""))
	return []byte(typ + b.meta(idat, places, start) + b.mdatBox(mdat) + b.behind)
}

func (b builder) mdatBox(body string) string {
	switch b.mdatHead {
	case 1:
		return be32(1) + "mdat" + be64(16+len(body)) + body
	case 2:
		return be32(0) + "mdat" + body
	}
	return bx("mdat", body)
}

// layout puts the data of all items in order and says where the extents of each are.
func (b builder) layout() (idat, mdat string, places map[int][][2]int) {
	places = map[int][][2]int{}
	for _, e := range b.entries {
		into, data := &mdat, e.data
		if e.method == 1 {
			into = &idat
		}
		for _, n := range append(append([]int{}, e.cuts...), -1) {
			if n < 0 {
				n = len(data)
			}
			if n == 0 || e.method == 2 || e.same != 0 {
				continue
			}
			*into += b.gap
			places[e.id] = append(places[e.id], [2]int{len(*into), n})
			*into += data[:n]
			data = data[n:]
		}
		if e.same != 0 {
			places[e.id] = places[e.same]
		}
	}
	return idat, mdat + b.gap, places
}

func (b builder) id(v int) string {
	if b.wide {
		return be32(v)
	}
	return be16(v)
}

func (b builder) version(wide, narrow int) int {
	if b.wide {
		return wide
	}
	return narrow
}

func (b builder) meta(idat string, places map[int][][2]int, start int) string {
	all := fullBx("hdlr", 0, 0, be32(0), "pict", strings.Repeat("\x00", 12), b.handler+"\x00")
	all += fullBx("pitm", b.version(1, 0), 0, b.id(b.primary))
	all += b.locations(places, start) + b.infos() + b.references() + b.properties()
	if idat != "" {
		all += bx("idat", idat)
	}
	if b.groups != "" {
		all += bx("grpl", b.groups)
	}
	return fullBx("meta", 0, 0, all, b.inMeta)
}

func (b builder) locations(places map[int][][2]int, start int) string {
	version := b.iloc
	if b.wide {
		version = 2
	}
	all, count := "", 0
	for _, e := range b.entries {
		if len(places[e.id]) == 0 && e.extents == "" {
			continue
		}
		count++
		if version == 2 {
			all += be32(e.id)
		} else {
			all += be16(e.id)
		}
		if version > 0 {
			all += be16(e.method)
		}
		from, base := start, 0
		if e.method > 0 {
			from = 0
		}
		if b.base > 0 && e.method == 0 {
			from, base = 0, start
		}
		all += be16(0) + number(base, b.base)
		if e.extents != "" {
			all += e.extents
			continue
		}
		all += be16(len(places[e.id]))
		for _, x := range places[e.id] {
			all += number(1, b.index*min(version, 1)) + number(from+x[0], b.size) + number(x[1], b.size)
		}
	}
	n := be16(count)
	if version == 2 {
		n = be32(count)
	}
	return fullBx("iloc", version, 0, string([]byte{byte(b.size<<4 | b.size), byte(b.base<<4 | b.index)}), n, all)
}

func (b builder) infos() string {
	all := ""
	for _, e := range b.entries {
		flags, locked := 0, 0
		if e.hidden {
			flags = 1
		}
		if e.protected {
			locked = 1
		}
		all += fullBx("infe", b.version(3, 2), flags, b.id(e.id), be16(locked), e.typ, e.name+"\x00")
	}
	return fullBx("iinf", b.version(1, 0), 0, b.id(len(b.entries)), all)
}

func (b builder) references() string {
	all := ""
	for _, r := range b.refs {
		to := ""
		for _, id := range r.to {
			to += b.id(id)
		}
		all += bx(r.typ, b.id(r.from), be16(len(r.to)), to)
	}
	if all == "" {
		return ""
	}
	return fullBx("iref", b.version(1, 0), 0, all)
}

func (b builder) properties() string {
	boxes, index := b.inIPCO, map[string]int{}
	count := strings.Count(b.inIPCO, secret("no-item"))
	ipma, flags := "", 0
	if b.wide {
		flags = 1
	}
	for _, e := range b.entries {
		ipma += b.id(e.id) + string([]byte{byte(len(e.props))})
		for _, p := range e.props {
			if index[p.box] == 0 {
				count++
				index[p.box] = count
				boxes += p.box
			}
			v := index[p.box]
			switch {
			case b.wide && p.essential:
				ipma += be16(v | 0x8000)
			case b.wide:
				ipma += be16(v)
			case p.essential:
				ipma += string([]byte{byte(v | 0x80)})
			default:
				ipma += string([]byte{byte(v)})
			}
		}
	}
	return bx("iprp", bx("ipco", boxes), fullBx("ipma", b.version(1, 0), flags, be32(len(b.entries)), ipma))
}
