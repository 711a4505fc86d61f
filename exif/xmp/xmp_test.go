package xmp_test

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// namespaces that the packets of the tests use.
const spaces = ` xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
	` xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"` +
	` xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"` +
	` xmlns:stRef="http://ns.adobe.com/xap/1.0/sType/ResourceRef#" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"` +
	` xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"` +
	` xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"` +
	` xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:cc="http://creativecommons.org/ns#"`

// packet puts the content of one rdf:Description around with what a packet needs.
func packet(content string) []byte {
	return []byte("<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>\n<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF" + spaces +
		`><rdf:Description rdf:about="">` + content + "</rdf:Description></rdf:RDF></x:xmpmeta>\n" +
		strings.Repeat(" ", 100) + "\n<?xpacket end='w'?>")
}

// list writes items as "path category field=value".
func list(items []metadata.Item) []string {
	out := []string{}
	for _, it := range items {
		out = append(out, fmt.Sprintf("%s %s %s=%s", it.Path, it.Category, it.Field, it.Value.Reveal()))
	}
	return out
}

var pathChars = regexp.MustCompile(`^xmp(/[A-Za-z0-9:_.-]+)+$`)

// checkItems holds items of a packet to what Read promises of all of them.
func checkItems(t *testing.T, packet []byte, items []metadata.Item) {
	t.Helper()
	var sum int64
	for _, it := range items {
		if !pathChars.MatchString(it.Path) || len(it.Path) > 1000 {
			t.Errorf("path %q", it.Path)
		}
		if it.Field != "" && (it.Field.Category() != it.Category || it.Value == "") {
			t.Errorf("%s is %s with field %s and %d bytes of value", it.Path, it.Category, it.Field, len(it.Value))
		}
		if limit := 256; it.Field == "" && len(it.Value) > limit || len(it.Value) > 64<<10 {
			t.Errorf("%s has a value of %d bytes", it.Path, len(it.Value))
		}
		if it.Size < 0 || it.Within < 0 {
			t.Errorf("%s has %d bytes, within %g", it.Path, it.Size, it.Within)
		}
		sum += it.Size
	}
	if sum > int64(len(packet)) {
		t.Errorf("items have %d bytes of a packet of %d", sum, len(packet))
	}
}

func entriesOf(items []metadata.Item) []metadata.Entry {
	var entries []metadata.Entry
	for _, f := range metadata.Fields() {
		for _, it := range items {
			if it.Field == f {
				entries = append(entries, metadata.Entry{Field: f, Value: it.Value})
				if !f.Repeats() {
					break
				}
			}
		}
	}
	return entries
}

// checkRoundTrip writes what items say and reads it back: it must be that and no more.
func checkRoundTrip(t *testing.T, items []metadata.Item) {
	t.Helper()
	entries := entriesOf(items)
	packet := xmp.Write(entries)
	if len(entries) == 0 {
		if packet != nil {
			t.Errorf("a packet of nothing has %d bytes", len(packet))
		}
		return
	}
	again, err := xmp.Read(packet)
	if err != nil {
		t.Fatalf("what was written does not read: %v", err)
	}
	for _, it := range again {
		if it.Field == "" {
			t.Errorf("what was written holds %s", it.Path)
		}
	}
	if back := entriesOf(again); len(again) != len(back) || !slices.Equal(entries, back) {
		t.Errorf("%d entries were written, %d read, or they differ", len(entries), len(again))
	}
}

var readTests = []struct {
	name, content string
	want          []string
}{
	{"nothing", ``, []string{}},
	{"creators in order", `<dc:creator><rdf:Seq><rdf:li> Nadia </rdf:li><rdf:li>Omar</rdf:li></rdf:Seq></dc:creator>`,
		[]string{"xmp/dc:creator rights creator=Nadia", "xmp/dc:creator rights creator=Omar"}},
	{"keywords", `<dc:subject><rdf:Bag><rdf:li>a</rdf:li><rdf:li/><rdf:li>b &amp; c</rdf:li></rdf:Bag></dc:subject>`,
		[]string{"xmp/dc:subject description keyword=a", "xmp/dc:subject description =", "xmp/dc:subject description keyword=b & c"}},
	{"default language wins", `<dc:rights><rdf:Alt><rdf:li xml:lang="ar">B</rdf:li><rdf:li xml:lang="x-default">A</rdf:li></rdf:Alt></dc:rights>`,
		[]string{"xmp/dc:rights/xml:lang description =ar", "xmp/dc:rights rights copyright=A"}},
	{"else the first language", `<dc:title><rdf:Alt><rdf:li>B</rdf:li><rdf:li>A</rdf:li></rdf:Alt></dc:title>`,
		[]string{"xmp/dc:title description title=B"}},
	{"plain where an array belongs", `<dc:creator>Nadia</dc:creator><dc:rights>R</dc:rights>`,
		[]string{"xmp/dc:creator rights creator=Nadia", "xmp/dc:rights rights copyright=R"}},
	{"description in a description", `<rdf:Description rdf:about="uuid:1" photoshop:City="Duhok" crs:Strange="7"/>`,
		[]string{"xmp/rdf/unknown unknown =uuid:1; Duhok; 7"}},
	{"structure as resource", `<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:City>Zakho</Iptc4xmpExt:City>` +
		`<Iptc4xmpExt:Other>x</Iptc4xmpExt:Other></rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>`,
		[]string{"xmp/Iptc4xmpExt:LocationShown/City location =Zakho", "xmp/Iptc4xmpExt:LocationShown/unknown unknown =x"}},
	{"structure as description", `<mwg-rs:Regions><rdf:Description><mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="Amina" mwg-rs:Type="Face"/></rdf:li>` +
		`<rdf:li mwg-rs:Name="Yusuf"/></rdf:Bag></mwg-rs:RegionList></rdf:Description></mwg-rs:Regions>`,
		[]string{"xmp/mwg-rs:Regions/RegionList/Name person =Amina; Yusuf", "xmp/mwg-rs:Regions/RegionList/Type person =Face"}},
	{"other namespace in a structure", `<xmpMM:DerivedFrom stRef:documentID="d" stRef:filePath="/home/a"/>`,
		[]string{"xmp/xmpMM:DerivedFrom/stRef:documentID software =d", "xmp/xmpMM:DerivedFrom/stRef:filePath person =/home/a"}},
	{"history merges", `<xmpMM:History><rdf:Seq><rdf:li stEvt:when="2026-01-01" stEvt:action="saved"/><rdf:li stEvt:when="2026-01-02"/></rdf:Seq></xmpMM:History>`,
		[]string{"xmp/xmpMM:History/stEvt:when time =2026-01-01; 2026-01-02", "xmp/xmpMM:History/stEvt:action software =saved"}},
	{"value with qualifier", `<dc:title rdf:parseType="Resource"><rdf:value>T</rdf:value><xmp:Label>q</xmp:Label></dc:title>`,
		[]string{"xmp/dc:title description title=T", "xmp/dc:title/xmp:Label software =q"}},
	{"resource", `<cc:license rdf:resource="https://example.org/by"/><xmpRights:WebStatement>https://example.org/</xmpRights:WebStatement>`,
		[]string{"xmp/cc:license rights license-url=https://example.org/by", "xmp/xmpRights:WebStatement rights license-url=https://example.org/"}},
	{"no field inside a structure", `<xmpMM:Pantry><rdf:Bag><rdf:li rdf:parseType="Resource"><dc:rights>R</dc:rights></rdf:li></rdf:Bag></xmpMM:Pantry>`,
		[]string{"xmp/xmpMM:Pantry/dc:rights rights =R"}},
	{"defaults of a namespace", `<crs:Amina>1</crs:Amina><dc:Amina>2</dc:Amina><Amina>3</Amina><y:Amina xmlns:y="urn:y">4</y:Amina>`,
		[]string{"xmp/crs/unknown software =1", "xmp/dc/unknown unknown =2", "xmp/unknown unknown =3; 4", "xmp/xmlns unknown =urn:y"}},
	{"rendering is numbers", `<tiff:Orientation>6</tiff:Orientation><exif:ColorSpace>Amina</exif:ColorSpace>`,
		[]string{"xmp/tiff:Orientation rendering =6", "xmp/exif:ColorSpace unknown =Amina"}},
	{"dates", `<photoshop:DateCreated>2026-01-31T14:05:09+01:00</photoshop:DateCreated><exif:DateTimeOriginal>yesterday</exif:DateTimeOriginal>`,
		[]string{"xmp/photoshop:DateCreated time date-taken=2026-01-31T14:05:09+01:00", "xmp/exif:DateTimeOriginal time =yesterday"}},
	{"what is not a property", `<!-- by Amina --><?say Amina?>Amina<dc:title>T</dc:title>`,
		[]string{"xmp/comment unknown =by Amina", "xmp/instruction unknown =Amina", "xmp/dc:title description title=T", "xmp/unknown unknown =Amina"}},
	{"renamed prefix", `<a:title xmlns:a="http://purl.org/dc/elements/1.1/">T</a:title>`,
		[]string{"xmp/xmlns software =http://purl.org/dc/elements/1.1/", "xmp/dc:title description title=T"}},
	{"prefix of no namespace", `<plus:LicensorName>L</plus:LicensorName>`, []string{"xmp/unknown unknown =L"}},
	{"character data and references", `<dc:rights><![CDATA[<R>]]>&#x26;&#13;&quot;</dc:rights>`, []string{"xmp/dc:rights rights copyright=<R>&\n\""}},
}

func TestRead(t *testing.T) {
	for _, test := range readTests {
		t.Run(test.name, func(t *testing.T) {
			p := packet(test.content)
			items, err := xmp.Read(p)
			if err != nil {
				t.Fatal(err)
			}
			got := list(items)
			slices.Sort(got)
			slices.Sort(test.want)
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
			checkItems(t, p, items)
			checkRoundTrip(t, items)
		})
	}
}

func TestReadWrapper(t *testing.T) {
	rdf := `<rdf:RDF` + spaces + `><rdf:Description rdf:about="uuid:7" dc:title="T" xmp:CreatorTool="Tool"/></rdf:RDF>`
	inner := []string{"xmp/rdf:about software =uuid:7", "xmp/dc:title description title=T", "xmp/xmp:CreatorTool software =Tool"}
	tests := []struct {
		name, packet string
		more         []string
	}{
		{"rdf alone", rdf, nil},
		{"padded with NUL", rdf + "\x00\x00", nil},
		{"byte order mark", "\ufeff" + rdf, nil},
		{"XML declaration", `<?xml version="1.0" encoding="UTF-8"?>` + rdf, nil},
		{"toolkit", `<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 6">` + rdf + `</x:xmpmeta>`, []string{"xmp/x:xmptk software =XMP Core 6"}},
		{"unknown around", `<svg>` + rdf + `</svg>`, []string{"xmp/unknown unknown ="}},
		{"text after", rdf + " Amina", []string{"xmp/unknown unknown =Amina"}},
		{"odd wrapper", "<?xpacket begin='' id='Amina'?>" + rdf, []string{"xmp/instruction unknown =begin='' id='Amina'"}},
	}
	for _, test := range tests {
		items, err := xmp.Read([]byte(test.packet))
		got, want := list(items), slices.Concat(inner, test.more)
		slices.Sort(got)
		slices.Sort(want)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, got %q, want %q", test.name, err, got, want)
		}
	}
}

func encode16(s string, little bool) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		hi, lo := byte(u>>8), byte(u)
		if little {
			hi, lo = lo, hi
		}
		out = append(out, hi, lo)
	}
	return out
}

func TestReadUTF16(t *testing.T) {
	text := string(packet(`<dc:title>Zürich 😀 ` + strings.Repeat("😀é", 5000) + `</dc:title>`))
	want, err := xmp.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, little := range []bool{false, true} {
		for _, mark := range []string{"", "\ufeff"} {
			got, err := xmp.Read(encode16(mark+text, little))
			checkItems(t, encode16(mark+text, little), got)
			if err != nil || !slices.Equal(list(got), list(want)) {
				t.Errorf("little endian %v, mark %v: %v", little, mark != "", err)
			}
		}
	}
}

func TestReadPosition(t *testing.T) {
	tests := []struct {
		property, text, want string
		within               float64
	}{
		{"GPSLatitude", "36,12.3456N", "36.20576", 0.185},
		{"GPSLatitude", "36,12,20N", "36.2055556", 30.9},
		{"GPSLatitude", "36,12S", "-36.2", 1853},
		{"GPSLatitude", "0,0.000000S", "0", 0.00185},
		{"GPSLongitude", "180,0.00W", "-180", 18.5},
		{"GPSLongitude", "43,0,30.5E", "43.0084722", 3.09},
		{"GPSLongitude", " 7E ", "7", 111_194},
		{"GPSLatitude", "36,12.3456E", "", 0},
		{"GPSLatitude", "91,0N", "", 0},
		{"GPSLatitude", "36,60N", "", 0},
		{"GPSLatitude", "36.5,0N", "", 0},
		{"GPSLatitude", "-36,0N", "", 0},
		{"GPSLatitude", "1e1,0N", "", 0},
		{"GPSLatitude", "1,2,3,4N", "", 0},
		{"GPSLatitude", ",N", "", 0},
		{"GPSLatitude", "N", "", 0},
		{"GPSLatitude", "", "", 0},
		{"GPSLongitude", "Infinity,0E", "", 0},
	}
	for _, test := range tests {
		items, err := xmp.Read(packet("<exif:" + test.property + ">" + test.text + "</exif:" + test.property + ">"))
		if err != nil || len(items) != 1 {
			t.Fatalf("%s: %v, %d items", test.text, err, len(items))
		}
		it := items[0]
		if it.Category != metadata.Location || it.Path != "xmp/exif:"+test.property {
			t.Errorf("%s is %s %s", test.text, it.Path, it.Category)
		}
		if test.want == "" {
			if it.Field != "" || it.Within != 0 {
				t.Errorf("%s has field %q", test.text, it.Field)
			}
			continue
		}
		if it.Value.Reveal() != test.want || math.Abs(it.Within/test.within-1) > 0.01 {
			t.Errorf("%s = %s within %g, want %s within %g", test.text, it.Value.Reveal(), it.Within, test.want, test.within)
		}
	}
}

func TestReadMalformed(t *testing.T) {
	laughs := `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	nested := strings.Repeat("<dc:title>", 1000) + strings.Repeat("</dc:title>", 1000)
	tests := []struct {
		name   string
		packet []byte
	}{
		{"empty", nil},
		{"no XML", []byte("Amina")},
		{"no RDF", []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"/>`)},
		{"billion laughs", append([]byte(laughs), packet("<dc:title>&c;</dc:title>")...)},
		{"entity of its own", packet("<dc:title>&Amina;</dc:title>")},
		{"document type", append([]byte(`<!DOCTYPE x SYSTEM "file:///etc/passwd">`), packet("")...)},
		{"deep", packet(nested)},
		{"a million attributes", packet("<dc:title" + strings.Repeat(` a=""`, 1_000_000) + "/>")},
		{"attributes after a misleading comment", packet("<!-- ' --><dc:title" + strings.Repeat(` a=""`, 1_000_000) + "/>")},
		{"too many keywords", packet("<dc:subject><rdf:Bag>" + strings.Repeat("<rdf:li>k</rdf:li>", 20_000) + "</rdf:Bag></dc:subject>")},
		{"unclosed", packet("<dc:title>Amina")},
		{"closed twice", packet("</dc:title>")},
		{"not UTF-8", packet("<dc:title>\xff\xfe</dc:title>")},
		{"control character", packet("<dc:title>\x01</dc:title>")},
		{"attribute without quotes", packet("<dc:title rdf:value=Amina/>")},
		{"too large", make([]byte, 17<<20)},
		{"UTF-32", []byte("\x00\x00\x00<\x00\x00\x00r")},
		{"UTF-16 of odd length", []byte("\xfe\xff\x00<\x00")},
	}
	for _, test := range tests {
		items, err := xmp.Read(test.packet)
		if !errors.Is(err, xmp.ErrMalformed) {
			t.Errorf("%s: error %v", test.name, err)
			continue
		}
		if strings.Contains(err.Error(), "Amina") || strings.Contains(err.Error(), "title") {
			t.Errorf("%s: the error quotes the packet: %v", test.name, err)
		}
		checkItems(t, test.packet, items)
	}
}

// What a program may write in earnest must not be taken for an attack.
func TestReadLarge(t *testing.T) {
	ancestors := strings.Repeat("<rdf:li>xmp.did:0123456789</rdf:li>", 100_000)
	p := packet("<photoshop:DocumentAncestors><rdf:Bag>" + ancestors + "</rdf:Bag></photoshop:DocumentAncestors>" +
		"<dc:title>" + strings.Repeat("x", 1<<20) + "</dc:title>")
	items, err := xmp.Read(p)
	if err != nil || len(items) != 2 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	checkItems(t, p, items)
	if n := len(items[1].Value); n != 64<<10 {
		t.Errorf("the title has %d bytes", n)
	}
	if int(items[0].Size) != len(ancestors) {
		t.Errorf("ancestors have %d bytes, want %d", items[0].Size, len(ancestors))
	}
}

// Cut off anywhere, a packet gives some of its items and an error, or is whole but for
// its padding.
func TestReadTruncated(t *testing.T) {
	var content strings.Builder
	for _, test := range readTests {
		content.WriteString(test.content)
	}
	whole := packet(content.String())
	all, err := xmp.Read(whole)
	if err != nil {
		t.Fatal(err)
	}
	end := strings.Index(string(whole), "</x:xmpmeta>") + len("</x:xmpmeta>")
	for n := range whole {
		items, err := xmp.Read(whole[:n])
		if n < end && !errors.Is(err, xmp.ErrMalformed) {
			t.Fatalf("cut at %d of %d: error %v", n, len(whole), err)
		}
		if len(items) > len(all) {
			t.Fatalf("cut at %d: %d items, of %d in the whole", n, len(items), len(all))
		}
		for i, it := range items {
			if it.Path != all[i].Path || it.Size > all[i].Size {
				t.Fatalf("cut at %d: item %d is %s, want %s", n, i, it.Path, all[i].Path)
			}
		}
	}
}

func ExampleRead() {
	items, err := xmp.Read([]byte(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
		<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Duhok"/></rdf:RDF>`))
	for _, it := range items {
		fmt.Println(it.Path, it.Category, strconv.Quote(it.Value.Reveal()), err)
	}
	// Output: xmp/photoshop:City location "Duhok" <nil>
}
