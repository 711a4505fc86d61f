package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A tally is what clean has done so far. It holds counts, not files.
type tally struct {
	c        *cleaner
	cleaned  int
	kinds    map[string]int // cleaned files by the first half of their media type
	bare     int            // cleaned files that carried nothing
	removed  map[loss]int
	kept     map[string]int
	notes    map[string]int
	failures int
	failed   map[string]int // by what to do next
	left     map[string]int
}

func newTally(c *cleaner) *tally {
	return &tally{c: c, kinds: map[string]int{}, removed: map[loss]int{}, kept: map[string]int{},
		notes: map[string]int{}, failed: map[string]int{}, left: map[string]int{}}
}

func (t *tally) add(r result) {
	switch {
	case r.skip != "":
		t.left[r.skip]++
	case r.err != nil:
		if why := reasonFor(r.err); why.code != "cancelled" {
			t.failures++
			t.failed[why.group]++
		}
	default:
		t.addCleaned(r)
	}
}

func (t *tally) addCleaned(r result) {
	t.cleaned++
	kind, _, _ := strings.Cut(r.report.Format.MediaType, "/")
	t.kinds[kind]++
	lost := losses(r.report)
	if len(lost) == 0 {
		t.bare++
	}
	for _, l := range lost {
		t.removed[l]++
	}
	for _, k := range keptOnPurpose(r.report) {
		t.kept[k]++
	}
	for _, n := range notesOf(r) {
		t.notes[n]++
	}
}

// keptOnPurpose names what a clean copy says, once each.
func keptOnPurpose(r *sanitize.Report) []string {
	var all []string
	for _, f := range r.Written {
		if word := fieldWords[f]; word != "" && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	if slices.ContainsFunc(r.Items, func(it sanitize.Item) bool { return it.Kept && it.Category == metadata.GainMap }) {
		all = append(all, "HDR gain map")
	}
	return all
}

// notesOf lists the codes of what a person should be told about a file.
func notesOf(r result) []string {
	all := slices.DeleteFunc(slices.Clone(r.report.Notes), func(n string) bool { return n == "extension-mismatch" && r.renamed })
	if r.renamed {
		all = append(all, "renamed")
	}
	for _, it := range r.report.Items {
		for _, n := range itemNotes {
			if !it.Kept && strings.Contains(it.Path, n.part) && !slices.Contains(all, n.code) {
				all = append(all, n.code)
			}
		}
	}
	return all
}

func (t *tally) noun(n int) string {
	switch {
	case t.kinds["image"] == t.cleaned:
		return plural(n, "photo", "photos")
	case t.kinds["video"] == t.cleaned:
		return plural(n, "video", "videos")
	}
	return plural(n, "file", "files")
}

// text is the summary.
func (t *tally) text(s style, interrupted bool) string {
	var b strings.Builder
	if interrupted {
		b.WriteString(s.bold("Stopped before everything was done.") + " No half-written file is left.\n")
	}
	b.WriteString(s.bold(t.done()) + "\n")
	t.removedText(&b, s)
	t.keptText(&b, s)
	t.notesText(&b, s)
	t.failedText(&b, s)
	t.leftText(&b)
	if t.cleaned > 0 {
		b.WriteString("\nWhat can be seen stays: faces, signs, places. \"mediaveil help limits\" lists what stripping\ncannot remove.\n")
	}
	return b.String()
}

// done says how many were cleaned, and where the copies are.
func (t *tally) done() string {
	switch n := t.noun(t.cleaned); {
	case t.cleaned == 0:
		return "Nothing was cleaned."
	case t.c.dryRun:
		return "Dry run: " + n + " can be cleaned; nothing was written."
	case t.c.replace:
		return "Cleaned " + n + "; each has taken the place of its original."
	case t.c.out != "":
		return "Cleaned " + n + " into " + safe(t.c.out) + "."
	default:
		return "Cleaned " + n + "; each copy is beside its original and ends in .clean.jpg or the like."
	}
}

func (t *tally) removedText(b *strings.Builder, s style) {
	if t.cleaned == 0 {
		return
	}
	if len(t.removed) > 0 {
		b.WriteString("\n" + s.bold("Removed") + "\n")
	}
	for _, l := range allLosses {
		if n := t.removed[l]; n > 0 {
			fmt.Fprintf(b, "  %-46s from %s\n", l, t.noun(n))
		}
	}
	if t.bare > 0 {
		fmt.Fprintf(b, "\n%s carried nothing that identifies.\n", t.noun(t.bare))
	}
}

func (t *tally) keptText(b *strings.Builder, s style) {
	if len(t.kept) == 0 {
		return
	}
	b.WriteString("\n" + s.bold("Kept or written on purpose") + "\n")
	for _, word := range slices.Sorted(maps.Keys(t.kept)) {
		fmt.Fprintf(b, "  %-46s in %s\n", word, t.noun(t.kept[word]))
	}
}

func (t *tally) notesText(b *strings.Builder, s style) {
	if len(t.notes) == 0 {
		return
	}
	b.WriteString("\n" + s.bold("Good to know") + "\n")
	for _, n := range notes {
		if count := t.notes[n.code]; count > 0 {
			fmt.Fprintf(b, "  %s: %s\n", t.noun(count), wrapped(n.text, len(t.noun(count))+4))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(t.notes)) {
		if !slices.ContainsFunc(notes, func(n note) bool { return n.code == code }) {
			fmt.Fprintf(b, "  %s: %s\n", t.noun(t.notes[code]), safe(code))
		}
	}
}

func (t *tally) failedText(b *strings.Builder, s style) {
	if t.failures == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", s.bold("Not cleaned: "+plural(t.failures, "file", "files")))
	for _, group := range byCount(t.failed) {
		fmt.Fprintf(b, "  %5d  %s\n", t.failed[group], safe(group))
	}
}

func (t *tally) leftText(b *strings.Builder) {
	var parts []string
	for _, l := range leftOutWords {
		if n := t.left[l.skip]; n > 0 {
			parts = append(parts, plural(n, l.one, l.many))
		}
	}
	if len(parts) > 0 {
		b.WriteString("\nLeft out, not copied: " + strings.Join(parts, ", ") + ".\n")
	}
}

// wrapped breaks text that begins in column at into lines that fit a terminal, the further
// ones indented.
func wrapped(text string, at int) string {
	const width = 88
	var b strings.Builder
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case at+1+len(word) > width:
			b.WriteString("\n    ")
			at = 4
		default:
			b.WriteString(" ")
			at++
		}
		b.WriteString(word)
		at += len(word)
	}
	return b.String()
}

// byCount lists the keys of m, the largest count first.
func byCount(m map[string]int) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(m[b]-m[a], strings.Compare(a, b))
	})
}
