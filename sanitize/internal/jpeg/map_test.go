package jpeg

import (
	"bytes"
	"image"
	"runtime"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Thousands of packets of many properties must not fill the memory, and must all go.
func TestManyPackets(t *testing.T) {
	packet := idXMP + `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag>` +
		strings.Repeat("<rdf:li>"+strings.Repeat("x", 180)+"</rdf:li>", 300) + `</rdf:Bag></dc:subject></rdf:Description></rdf:RDF>`
	photo := noise(t, image.Pt(16, 16), 90)
	file := append([]byte{}, photo[:2]...)
	for range 1000 {
		file = appendSegment(file, app1, packet)
	}
	file = append(file, photo[2:]...)

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	spans, err := Format{}.Map(t.Context(), bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 24<<20 {
		t.Errorf("the map of %d bytes takes %d", len(file), grown)
	}
	items := 0
	for _, s := range spans {
		if len(s.Items) == 0 && s.Role == 0 {
			t.Error("a span without a name")
		}
		items += len(s.Items)
		for _, it := range s.Items {
			if it.Path == "jpeg/one-of-too-many" && it.Category != metadata.Unknown {
				t.Error("what has no name must be unknown")
			}
		}
	}
	if items > maxItems+1000 {
		t.Errorf("%d items", items)
	}
}
