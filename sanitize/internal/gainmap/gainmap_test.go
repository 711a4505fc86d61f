package gainmap_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/gainmap"
)

const secret = "MVCANARY"

// packet is an XMP packet with one description.
func packet(attributes, properties string) string {
	return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="` + secret + `">` +
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ` +
		`xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" ` + attributes + `>` +
		properties + `</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
}

const required = `hdrgm:Version="1.0" hdrgm:GainMapMax="2.5" hdrgm:HDRCapacityMax="2.5" `

func ExampleParseXMP() {
	params, ok := gainmap.ParseXMP([]byte(packet(`hdrgm:Version="1.0" hdrgm:GainMapMax="2.50" hdrgm:HDRCapacityMax="3" dc:creator="Ada"`, "")))
	fmt.Println(ok)
	fmt.Println(string(params.XMP()))
	// Output:
	// true
	// <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" hdrgm:GainMapMax="2.5" hdrgm:HDRCapacityMax="3" hdrgm:BaseRenditionIsHDR="False"></rdf:Description></rdf:RDF></x:xmpmeta>
}

func TestParseXMP(t *testing.T) {
	seq := func(name string, values ...string) string {
		return "<hdrgm:" + name + "><rdf:Seq><rdf:li>" + strings.Join(values, "</rdf:li><rdf:li>") + "</rdf:li></rdf:Seq></hdrgm:" + name + ">"
	}
	for name, test := range map[string]struct {
		packet string
		want   string // in the packet written anew; "" when there is no gain map
	}{
		"attributes":         {packet(required, ""), `hdrgm:GainMapMax="2.5" hdrgm:HDRCapacityMax="2.5"`},
		"elements":           {packet("", "<hdrgm:Version>1.0</hdrgm:Version><hdrgm:GainMapMax>\n 1e1 </hdrgm:GainMapMax><hdrgm:HDRCapacityMax>2</hdrgm:HDRCapacityMax>"), `hdrgm:GainMapMax="10" hdrgm:HDRCapacityMax="2"`},
		"three channels":     {packet(required, seq("Gamma", "1", "0.5", "2")), "<hdrgm:Gamma><rdf:Seq><rdf:li>1</rdf:li><rdf:li>0.5</rdf:li><rdf:li>2</rdf:li></rdf:Seq></hdrgm:Gamma>"},
		"a list of one":      {packet(required, seq("Gamma", "1.25")), `hdrgm:Gamma="1.25"`},
		"an HDR base":        {packet(required+`hdrgm:BaseRenditionIsHDR="True"`, ""), `hdrgm:BaseRenditionIsHDR="True"`},
		"negative":           {packet(required+`hdrgm:GainMapMin="-0.125"`, ""), `hdrgm:GainMapMin="-0.125"`},
		"other properties":   {packet(required+`hdrgm:Author="`+secret+`" dc:title="`+secret+`"`, "<dc:creator>"+secret+"</dc:creator><!-- "+secret+" -->"), `hdrgm:GainMapMax="2.5"`},
		"another prefix":     {strings.ReplaceAll(packet(required, ""), "hdrgm", "a"), `hdrgm:GainMapMax="2.5"`},
		"another namespace":  {strings.ReplaceAll(packet(required, ""), "hdr-gain-map/1.0", "other"), ""},
		"no version":         {packet(`hdrgm:GainMapMax="1" hdrgm:HDRCapacityMax="1"`, ""), ""},
		"another version":    {packet(`hdrgm:Version="2.0" hdrgm:GainMapMax="1" hdrgm:HDRCapacityMax="1"`, ""), ""},
		"no maximum":         {packet(`hdrgm:Version="1.0" hdrgm:HDRCapacityMax="1"`, ""), ""},
		"no capacity":        {packet(`hdrgm:Version="1.0" hdrgm:GainMapMax="1"`, ""), ""},
		"the first picture":  {string(gainmap.PrimaryXMP(100, nil)), ""},
		"a text":             {packet(required+`hdrgm:Gamma="`+secret+`"`, ""), ""},
		"not finite":         {packet(required+`hdrgm:Gamma="+Inf"`, ""), ""},
		"not a number":       {packet(required+`hdrgm:Gamma="NaN"`, ""), ""},
		"too large":          {packet(required+`hdrgm:Gamma="1e999"`, ""), ""},
		"two channels":       {packet(required, seq("Gamma", "1", "2")), ""},
		"four channels":      {packet(required, seq("Gamma", "1", "2", "3", "4")), ""},
		"neither yes nor no": {packet(required+`hdrgm:BaseRenditionIsHDR="`+secret+`"`, ""), ""},
		"breaks off":         {packet(required, "")[:400], ""},
		"empty":              {"", ""},
		"no XML":             {"\x00\xFF" + secret, ""},
		"too many elements":  {packet(required, strings.Repeat("<dc:x/>", 10000)), ""},
	} {
		p, ok := gainmap.ParseXMP([]byte(test.packet))
		if ok != (test.want != "") {
			t.Errorf("%s: accepted is %v", name, ok)
			continue
		}
		if !ok {
			continue
		}
		out := p.XMP()
		if !strings.Contains(string(out), test.want) {
			t.Errorf("%s: %s lacks %s", name, out, test.want)
		}
		checkPacket(t, out)
	}
}

// checkPacket checks that a packet of ours is XML, tells no secret, and reads back as it is.
func checkPacket(t *testing.T, out []byte) {
	t.Helper()
	if strings.Contains(string(out), secret) {
		t.Error("a text came through")
	}
	p, ok := gainmap.ParseXMP(out)
	if !ok || string(p.XMP()) != string(out) {
		t.Errorf("reads back as something else: %v\n%s\n%s", ok, out, p.XMP())
	}
}

func wellFormed(t *testing.T, packet []byte) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(packet)))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%v: %s", err, packet)
		}
	}
}

func TestPrimaryXMP(t *testing.T) {
	own := gainmap.PrimaryXMP(12345, nil)
	wellFormed(t, own)
	if !strings.Contains(string(own), `Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="12345"`) {
		t.Errorf("%s", own)
	}
	p, ok := gainmap.ParseXMP([]byte(packet(required, "")))
	if !ok {
		t.Fatal("our own packet is not accepted")
	}
	both := gainmap.PrimaryXMP(7, p.XMP())
	wellFormed(t, both)
	for _, want := range []string{`Item:Length="7"`, `hdrgm:GainMapMax="2.5"`} {
		if strings.Count(string(both), want) != 1 {
			t.Errorf("%s is not in %s once", want, both)
		}
	}
	if n := strings.Count(string(both), "<rdf:RDF"); n != 1 {
		t.Errorf("%d times rdf:RDF", n)
	}
}

// iso is metadata of ISO 21496-1 of the given flags, with n numbers behind them: all are 1,
// which with a common denominator is 1 as well.
func iso(flags byte, n int) []byte {
	b := []byte{0, 0, 0, 7, flags} // 7 is the version of the writer
	for range n {
		b = append(b, 0, 0, 0, 1)
	}
	return b
}

func TestParseISO(t *testing.T) {
	negativeGamma := iso(0, 14)
	copy(negativeGamma[5+8*4:], "\xFF\xFF\xFF\xFF") // 4,294,967,295, as gamma has no sign
	negativeMinimum := iso(0, 14)
	copy(negativeMinimum[5+8*2:], "\xFF\xFF\xFF\xFF")
	zero := iso(0, 14)
	zero[5+7] = 0
	for name, test := range map[string]struct {
		b    []byte
		want bool
	}{
		"one channel":                 {iso(0, 14), true},
		"one channel, base space":     {iso(0x40, 14), true},
		"backward":                    {iso(0x04, 14), true},
		"three channels":              {iso(0x80, 34), true},
		"common denominator":          {iso(0x08, 8), true},
		"three, common denominator":   {iso(0x88, 18), true},
		"a minimum below zero":        {negativeMinimum, true},
		"a number past all sense":     {negativeGamma, false},
		"a denominator of zero":       {zero, false},
		"more behind it":              {append(iso(0, 14), secret...), false},
		"a byte short":                {iso(0, 14)[:60], false},
		"a flag that nobody knows":    {iso(0x01, 14), false},
		"three channels, one's bytes": {iso(0x80, 14), false},
		"another version":             {append([]byte{0, 1}, iso(0, 14)[2:]...), false},
		"version only":                {make([]byte, 4), false},
		"empty":                       {nil, false},
	} {
		if _, got := gainmap.ParseISO(test.b); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for n := range 8 {
		if got := gainmap.IsISOVersion(make([]byte, n)); got != (n == 4) {
			t.Errorf("a version of %d bytes: %v", n, got)
		}
	}
	if gainmap.IsISOVersion([]byte{0, 1, 0, 0}) || !gainmap.IsISOVersion(gainmap.ISOVersion()) {
		t.Error("the wrong version is accepted, or our own is not")
	}
}

// What is written holds the numbers and nothing of the form in which they came.
func TestISOIsWrittenAnew(t *testing.T) {
	halves := iso(0x08|0x40, 8)
	halves[5+3] = 2 // the denominator of all
	want := []byte{0, 0, 0, 0, 0x40}
	for range 7 {
		want = append(want, 0, 7, 0xA1, 0x20, 0, 0x0F, 0x42, 0x40) // 500,000 of 1,000,000
	}
	p, ok := gainmap.ParseISO(halves)
	if got := p.Bytes(); !ok || !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}

// FuzzParseXMP checks that what is accepted is written as numbers, and reads back equal.
func FuzzParseXMP(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		p, ok := gainmap.ParseXMP(b)
		if !ok {
			return
		}
		out := p.XMP()
		checkPacket(t, out)
		wellFormed(t, out)
		wellFormed(t, gainmap.PrimaryXMP(int64(len(b)), out))
		if longestWord(out) > longestOurs {
			t.Errorf("a word that is not ours: %s", out)
		}
		if len(out) > 16<<10 {
			t.Errorf("%d bytes of %d", len(out), len(b))
		}
	})
}

// longestOurs is the length of "BaseRenditionIsHDR", the longest word of our own.
const longestOurs = 18

// longestWord is the longest run of letters in a packet.
func longestWord(b []byte) (longest int) {
	run := 0
	for _, c := range strings.ToLower(string(b)) {
		if run++; c < 'a' || c > 'z' {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// FuzzParseISO checks that what is accepted has one length only, so nothing can follow it, and
// that what is written is read back as it is.
func FuzzParseISO(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		p, ok := gainmap.ParseISO(b)
		if !ok {
			return
		}
		for n := range len(b) {
			if _, ok := gainmap.ParseISO(b[:n]); ok {
				t.Fatalf("%d bytes are right, and %d of them too", len(b), n)
			}
		}
		if _, ok := gainmap.ParseISO(append(b[:len(b):len(b)], 0)); ok || gainmap.IsISOVersion(b) {
			t.Fatal("right with one byte more, or as a version")
		}
		again, ok := gainmap.ParseISO(p.Bytes())
		if !ok || !bytes.Equal(again.Bytes(), p.Bytes()) {
			t.Fatalf("%x is written as %x, which reads otherwise", b, p.Bytes())
		}
	})
}

// TestSeeds checks that there is a seed for each story.
func TestSeeds(t *testing.T) {
	for _, target := range []string{"FuzzParseXMP", "FuzzParseISO"} {
		files, err := os.ReadDir(filepath.Join("testdata", "fuzz", target))
		if err != nil || len(files) < 4 {
			t.Errorf("%s has %d seeds, %v", target, len(files), err)
		}
	}
}
