package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// An inspector is one run of inspect.
type inspector struct {
	common
	bad, bare, failures int
}

const inspectExamples = `
Examples:
  mediaveil inspect photo.jpg
  mediaveil inspect --json photos/ > report.jsonl

Nothing is changed, and what the photo says is not shown unless --values asks for it.

Exit codes: 0 nothing that identifies was found, 3 something was, 1 a file could not be read,
2 wrong usage, 130 interrupted.

` + limitsShort

func (c *inspector) flags() *flags {
	f := newFlags("inspect", "mediaveil inspect [flags] FILE|FOLDER|PATTERN...")
	f.after = inspectExamples
	c.addWork(f.group("How"))
	f.groups[0].Var(&c.policy, "keep", "do not count what this `POLICY` of clean keeps")
	c.addOutput(f.group("What is printed"), "show what the photo says, too: names, coordinates, words")
	return f
}

func inspect(ctx context.Context, e env, args []string) error {
	c := &inspector{}
	f := c.flags()
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	if err := f.checkFiles(); err != nil {
		return err
	}
	w := &walker{args: arguments(f.args)}
	p := newPrinter(e, c.common)
	p.status, p.describe = "inspected", describe
	if !e.outTerminal {
		p.bar = newBar(e, c.common, w)
	}
	err := pool(ctx, int(c.jobs), w.all(), func(ctx context.Context, f found) result {
		defer p.bar.step()
		return c.look(ctx, f)
	}, func(r result) error {
		c.count(r)
		return p.result(r)
	})
	p.bar.end()
	if err != nil {
		return err
	}
	return c.finish(ctx, p)
}

func (c *inspector) look(ctx context.Context, f found) result {
	r := result{name: f.path, skip: f.skip, err: f.err}
	if r.skip == "" && r.err == nil {
		r.report, r.err = sanitize.InspectFile(ctx, f.path, c.options())
	}
	return r
}

func (c *inspector) count(r result) {
	switch {
	case r.skip != "":
	case r.err != nil:
		c.failures++
	case r.report.Found() != 0:
		c.bad++
	default:
		c.bare++
	}
}

func (c *inspector) finish(ctx context.Context, p *printer) error {
	if n := c.bad + c.bare + c.failures; n > 1 && !c.json && !c.quiet {
		line := fmt.Sprintf("%s: %d with something that identifies, %d without", plural(n, "file", "files"), c.bad, c.bare)
		if c.failures > 0 {
			line += fmt.Sprintf(", %d that could not be read", c.failures)
		}
		if err := writeText(p.env, p.onOut.bold(line+".")+"\n"); err != nil {
			return err
		}
	}
	switch err := errCancelled(ctx); {
	case err != nil:
		return err
	case c.failures > 0:
		return errFailed
	case c.bad > 0:
		return errFound
	}
	return nil
}

// describe says what a photo gives away, grouped by harm.
func describe(p *printer, r result) string {
	head := fmt.Sprintf("%s  %s, %s", p.onOut.bold(safe(r.name)), r.report.Format.Title, bytesText(r.report.InputBytes))
	var b strings.Builder
	for i := range harms {
		describeHarm(&b, p, &harms[i], r.report)
	}
	if kept := keptItems(r.report); len(kept) > 0 {
		fmt.Fprintf(&b, "  %-14s %s\n", "May stay", hang(kept, ", ", ""))
	}
	if slices.Contains(r.report.Notes, "extension-mismatch") {
		fmt.Fprintf(&b, "  %-14s ends in %s, but this is a %s\n", "Name", quote(filepath.Ext(r.name)), r.report.Format.Title)
	}
	switch {
	case r.report.Found() != 0:
		return head + "\n" + b.String() + "\n"
	case b.Len() > 0:
		return head + ": nothing that identifies\n" + b.String() + "\n"
	}
	return head + ": nothing that identifies\n"
}

// keptItems names what the policy of --keep lets stay.
func keptItems(r *sanitize.Report) []string {
	var all []string
	for _, it := range r.Items {
		word := fieldWords[it.Field]
		if it.Category == metadata.GainMap {
			word = "HDR gain map"
		}
		if it.Kept && word != "" && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}

// A heap is what one phrase stands for in one file.
type heap struct {
	count  int
	bytes  int64
	values map[string]bool
}

func describeHarm(b *strings.Builder, p *printer, h *harm, r *sanitize.Report) {
	heaps := make([]heap, len(h.phrases))
	var values []string
	for _, it := range r.Items {
		if it.Kept || !h.takes(it.Item) {
			continue
		}
		heaps[h.phraseOf(it.Path)].add(it)
		if p.values && it.Value != "" {
			values = append(values, fmt.Sprintf("    %s: %s\n", p.onOut.dim(afterFormat(it.Path)), safe(short(it.Value.Reveal(), maxShown))))
		}
	}
	said := h.list(heaps, r)
	if len(said) == 0 {
		return
	}
	fmt.Fprintf(b, "  %s %s\n%s", p.onOut.bold(fmt.Sprintf("%-14s", h.title)), hang(said, ", ", h.after), strings.Join(values, ""))
}

// list puts what was found into words. What is minor is left out beside anything else.
func (h *harm) list(heaps []heap, r *sanitize.Report) []string {
	var major, all []string
	for i, found := range heaps {
		if found.count == 0 {
			continue
		}
		all = append(all, h.say(i, found, r))
		if !h.phrases[i].minor {
			major = append(major, all[len(all)-1])
		}
	}
	if len(major) > 0 {
		return major
	}
	return all
}

// hang joins words in lines that fit a terminal, the further ones below the first.
func hang(words []string, sep, after string) string {
	const width, indent = 72, 17
	if after != "" {
		words = append(slices.Clone(words[:len(words)-1]), words[len(words)-1]+" "+after)
	}
	var b strings.Builder
	line := 0
	for i, w := range words {
		if i < len(words)-1 {
			w += strings.TrimRight(sep, " ")
		}
		switch {
		case i == 0:
		case line+1+len(w) > width:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			line = 0
		default:
			b.WriteString(" ")
			line++
		}
		b.WriteString(w)
		line += len(w)
	}
	return b.String()
}

// maxShown is how many characters of a value are shown.
const maxShown = 200

// afterFormat is a path without the name of its format.
func afterFormat(path string) string {
	_, rest, ok := strings.Cut(path, "/")
	if !ok {
		return path
	}
	return rest
}

// add counts an item: each thing that it says, and the same in two places once. Package xmp
// puts the values of one path together with semicolons.
func (h *heap) add(it sanitize.Item) {
	h.bytes += it.Size
	if it.Value == "" {
		h.count++
		return
	}
	if h.values == nil {
		h.values = map[string]bool{}
	}
	for v := range strings.SplitSeq(it.Value.Reveal(), "; ") {
		if !h.values[v] {
			h.values[v] = true
			h.count++
		}
	}
}

// say puts what was found into words.
func (h *harm) say(i int, found heap, r *sanitize.Report) string {
	ph := h.phrases[i]
	text := ph.one
	if ph.many != "" && (found.count > 1 || h.title == "Unknown") {
		text = plural(found.count, ph.one, ph.many)
	}
	if h.title == "Where" && i == 0 && r.PositionWithin > 0 {
		text += " to within " + meters(r.PositionWithin)
	}
	if h.sized && found.bytes > 0 {
		text += " (" + bytesText(found.bytes) + ")"
	}
	return text
}
