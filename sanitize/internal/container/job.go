package container

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A Job is one file on its way to being clean.
type Job struct {
	Format Format
	Spans  []Span // of the source
	Plan   Plan
	Draft  *Draft
	keep   func(metadata.Item) bool
}

// Prepare maps src, decides item by item what stays, and describes the result. keep says
// what a policy lets stay; set holds texts that replace whatever the file says.
func Prepare(ctx context.Context, f Format, src Source, keep func(metadata.Item) bool, set []metadata.Entry) (*Job, error) {
	spans, err := Map(ctx, f, src)
	if err != nil {
		return nil, err
	}
	write, err := entries(f.Info().Writes, spans, keep, set)
	if err != nil {
		return nil, err
	}
	job := &Job{Format: f, Spans: spans, keep: keep}
	job.Plan = Plan{Drop: func(it metadata.Item) bool { return !keep(it) }, Write: write}
	job.Draft, err = f.Edit(ctx, src, spans, job.Plan)
	if err != nil {
		return nil, err
	}
	return job, nil
}

// Map is f.Map with its promise checked: the spans lie end to end over the whole of src. A
// *Leftover says that they do not.
func Map(ctx context.Context, f Format, src Source) ([]Span, error) {
	spans, err := f.Map(ctx, src)
	if err != nil {
		return nil, err
	}
	at := int64(0)
	for _, s := range spans {
		if s.Off != at || s.Len < 0 {
			return nil, &Leftover{What: fmt.Sprintf("%s: a span begins at byte %d where %d was expected", f.Info().Name, s.Off, at)}
		}
		at += s.Len
	}
	if at != src.Size() {
		return nil, &Leftover{What: fmt.Sprintf("%s: the spans end at byte %d of %d", f.Info().Name, at, src.Size())}
	}
	return spans, nil
}

// A Leftover says that a map or a result is not what it should be. We are wrong, not the file.
type Leftover struct {
	Items []metadata.Item // what should have gone, or what should be there and is not
	What  string
}

func (e *Leftover) Error() string {
	if len(e.Items) > 0 {
		return fmt.Sprintf("%s (%s)", e.What, e.Items[0].Path)
	}
	return e.What
}

// A ReadBackError says that a result could not be read back. We are wrong, not the file.
type ReadBackError struct{ Err error }

func (e *ReadBackError) Error() string { return "reading the result back: " + e.Err.Error() }

// Unwrap returns what went wrong.
func (e *ReadBackError) Unwrap() error { return e.Err }

// A readBack is a result as Verify reads it. What the draft took from a media span of the
// source has been looked at when the source was mapped.
type readBack struct {
	Source
	job *Job
}

// KnownMedia is what makes cleaning cost one pass over the media and not two.
func (r *readBack) KnownMedia(off int64) int64 {
	d := r.job.Draft
	if off < 0 || off >= d.size {
		return 0
	}
	p := d.pieces[d.find(off)]
	if p.kind != pieceCopy {
		return 0
	}
	from := p.off + off - p.at
	spans := r.job.Spans
	i := sort.Search(len(spans), func(i int) bool { return spans[i].End() > from })
	if i == len(spans) || spans[i].Role != Media {
		return 0
	}
	return min(p.at+p.n-off, spans[i].End()-from)
}

// Verify maps out, which is the draft or what was written from it, and checks that it holds
// nothing but what the plan allows, that what the plan writes is there, and that picture and
// sound are the very ranges of the source. It returns the spans of out.
func (j *Job) Verify(ctx context.Context, out Source) ([]Span, error) {
	if out.Size() != j.Draft.Size() {
		return nil, &Leftover{What: "the result has the wrong size"}
	}
	spans, err := Map(ctx, j.Format, &readBack{out, j})
	if IsVerdict(err) {
		return nil, &ReadBackError{Err: err}
	} else if err != nil {
		return nil, err
	}
	if left := j.left(spans); len(left) > 0 {
		return nil, &Leftover{Items: left, What: "the result still carries something"}
	}
	if lost := j.lost(spans); len(lost) > 0 {
		return nil, &Leftover{Items: lost, What: "the result lacks something"}
	}
	if !j.sameMedia(spans) {
		return nil, &Leftover{What: "the picture in the result is not that of the source"}
	}
	return spans, nil
}

func (j *Job) left(spans []Span) []metadata.Item {
	var left []metadata.Item
	for _, s := range spans {
		if s.Role == Metadata && len(s.Items) == 0 {
			left = append(left, metadata.Item{Path: j.Format.Info().Name + "/unknown", Size: s.Len})
		}
		for _, it := range s.Items {
			if !j.allows(it) {
				left = append(left, it)
			}
		}
	}
	return left
}

// allows reports whether an item of the result is one that belongs there.
func (j *Job) allows(it metadata.Item) bool {
	if it.Field != "" && it.Value != "" {
		return slices.Contains(j.Plan.Write, metadata.Entry{Field: it.Field, Value: it.Value})
	}
	switch it.Category {
	case metadata.Rendering, metadata.GainMap:
		return j.keep(it)
	}
	return false
}

func (j *Job) lost(spans []Span) []metadata.Item {
	var have []metadata.Entry
	for _, s := range spans {
		for _, it := range s.Items {
			if it.Field != "" {
				have = append(have, metadata.Entry{Field: it.Field, Value: it.Value})
			}
		}
	}
	var lost []metadata.Item
	for _, e := range j.Plan.Write {
		if !slices.Contains(have, e) {
			lost = append(lost, metadata.Item{Path: string(e.Field), Category: e.Field.Category(), Field: e.Field})
		}
	}
	return lost
}

// sameMedia reports whether the media of the result come, in order and completely, from the
// media of the source that stay.
func (j *Job) sameMedia(spans []Span) bool {
	var want, got ranges
	for _, s := range j.Spans {
		if s.Role == Media && !j.Plan.Drops(s.Items) {
			want.add(s.Off, s.Len)
		}
	}
	for _, s := range spans {
		if s.Role != Media || s.Len == 0 {
			continue
		}
		if !j.Draft.origins(s.Off, s.Len, &got) {
			return false
		}
	}
	return len(want) > 0 && slices.Equal(want, got)
}

// ranges are runs of bytes, those that touch put together.
type ranges [][2]int64

func (r *ranges) add(off, n int64) {
	if n == 0 {
		return
	}
	if last := len(*r) - 1; last >= 0 && (*r)[last][0]+(*r)[last][1] == off {
		(*r)[last][1] += n
		return
	}
	*r = append(*r, [2]int64{off, n})
}
