package sanitize

import (
	"encoding/json"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
	"github.com/mediaveil/mediaveil/sanitize/policy"
)

// ReportSchema names the form of a Report in JSON, which docs/json.md describes.
const ReportSchema = "mediaveil.report/1"

// A Report says what a file carried and what became of it. In JSON it is a stable document.
// It holds no digest of the input, which would tie a published picture to its original.
type Report struct {
	Format      Info
	InputBytes  int64
	OutputBytes int64 // 0 when the file was only inspected
	Policy      policy.Policy
	// Items is what was found, in the order of the file. Harmless structure is left out.
	Items []Item
	// PositionWithin is how near the truth the most precise position is, in metres; 0 when
	// there is none or it cannot be told.
	PositionWithin float64
	// Written is what the clean copy says anew.
	Written []metadata.Field
	// Notes are codes of what a person should be told, from the list in docs/json.md.
	Notes []string

	values bool
}

// An Item is one thing that was found.
type Item struct {
	metadata.Item
	Kept bool // it may stay, and is in the clean copy
}

// Found returns the categories of everything that was found and does not stay.
func (r *Report) Found() metadata.Set {
	var s metadata.Set
	for _, it := range r.Items {
		if !it.Kept {
			s = s.With(it.Category)
		}
	}
	return s
}

func newReport(info container.Info, size int64, spans []container.Span, opt Options) *Report {
	r := &Report{Format: publicInfo(info), InputBytes: size, Policy: opt.Policy, values: opt.Values}
	for _, s := range spans {
		if s.Role == container.Media && len(s.Items) > 0 {
			r.addMedia(s, opt)
			continue
		}
		for _, it := range s.Items {
			if it.Category == metadata.Rendering && it.Field == "" {
				continue
			}
			r.Items = append(r.Items, Item{Item: it, Kept: it.Field != "" && opt.keeps(it)})
		}
	}
	r.PositionWithin = positionWithin(r.Items)
	return r
}

// addMedia lists media that belong to an item once, however many spans they are cut into.
func (r *Report) addMedia(s container.Span, opt Options) {
	it := s.Items[0]
	for i := range r.Items {
		if r.Items[i].Path == it.Path {
			r.Items[i].Size += s.Len
			return
		}
	}
	it.Size = s.Len
	r.Items = append(r.Items, Item{Item: it, Kept: opt.keeps(it)})
}

func (r *Report) wrote(entries []metadata.Entry) {
	for _, e := range entries {
		if last := len(r.Written) - 1; last < 0 || r.Written[last] != e.Field {
			r.Written = append(r.Written, e.Field)
		}
	}
}

// positionWithin prefers what the device says of its own precision to the number of digits
// that it wrote.
func positionWithin(items []Item) float64 {
	digits, stated := 0.0, 0.0
	for _, it := range items {
		switch {
		case it.Category != metadata.Location || it.Within <= 0:
		case it.Field == metadata.Latitude || it.Field == metadata.Longitude:
			digits = max(digits, it.Within)
		case strings.HasSuffix(it.Path, "GPSHPositioningError"):
			stated = it.Within
		}
	}
	return max(digits, stated)
}

type reportJSON struct {
	Schema         string           `json:"schema"`
	Format         string           `json:"format"`
	MediaType      string           `json:"media_type"`
	InputBytes     int64            `json:"input_bytes"`
	OutputBytes    int64            `json:"output_bytes,omitempty"`
	Policy         metadata.Set     `json:"policy"`
	Found          metadata.Set     `json:"found"`
	PositionWithin float64          `json:"position_within_m,omitempty"`
	Items          []itemJSON       `json:"items"`
	Written        []metadata.Field `json:"written"`
	Notes          []string         `json:"notes"`
}

type itemJSON struct {
	Path     string            `json:"path"`
	Category metadata.Category `json:"category"`
	Bytes    int64             `json:"bytes"`
	Kept     bool              `json:"kept"`
	Value    *string           `json:"value,omitempty"`
}

// MarshalJSON writes the stable document. It holds values only if Options.Values asked for
// them.
func (r *Report) MarshalJSON() ([]byte, error) {
	doc := reportJSON{
		Schema: ReportSchema, Format: r.Format.Name, MediaType: r.Format.MediaType,
		InputBytes: r.InputBytes, OutputBytes: r.OutputBytes,
		Policy: r.Policy.Keep, Found: r.Found(), PositionWithin: r.PositionWithin,
		Items: []itemJSON{}, Written: []metadata.Field{}, Notes: []string{},
	}
	doc.Written = append(doc.Written, r.Written...)
	doc.Notes = append(doc.Notes, r.Notes...)
	for _, it := range r.Items {
		item := itemJSON{Path: it.Path, Category: it.Category, Bytes: it.Size, Kept: it.Kept}
		if r.values && it.Value != "" {
			text := it.Value.Reveal()
			item.Value = &text
		}
		doc.Items = append(doc.Items, item)
	}
	return json.Marshal(doc)
}
