package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mediaveil/mediaveil/sanitize"
)

// shows reports whether a rune may go to a terminal as it is. Control characters could
// command it; marks of writing direction could make a name look like another one. The two
// joiners are part of how Persian, Hindi and others are written.
func shows(r rune) bool {
	return unicode.IsPrint(r) || unicode.Is(unicode.Zs, r) || r == '\u200c' || r == '\u200d'
}

// safe returns s with everything escaped that does not show: \n, \x1b, \u202e.
func safe(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case shows(r):
			b.WriteString(s[:n])
		default:
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
		}
		s = s[n:]
	}
	return b.String()
}

// quote is a word of the command line as an error shows it.
func quote(s string) string { return `"` + safe(short(s, 60)) + `"` }

// short cuts s after so many characters.
func short(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

func writeText(e env, text string) error {
	if _, err := io.WriteString(e.out, text); err != nil {
		return fmt.Errorf("writing the output: %s", withoutPath(err))
	}
	return nil
}

// A result is what became of one file.
type result struct {
	name    string
	output  string // of clean: where its copy is, or would be
	skip    string // why it was left out
	err     error
	renamed bool
	report  *sanitize.Report
}

// A style marks up text for a terminal.
type style bool

func (s style) bold(text string) string { return s.with("1", text) }
func (s style) dim(text string) string  { return s.with("2", text) }
func (s style) red(text string) string  { return s.with("31", text) }

func (s style) with(code, text string) string {
	if !s {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// A printer says what became of the files. One goroutine uses it.
type printer struct {
	env
	common
	bar      *bar
	onOut    style
	onErr    style
	status   string // of a file that was done
	describe func(p *printer, r result) string
}

func newPrinter(e env, c common) *printer {
	return &printer{
		env: e, common: c,
		onOut: style(e.outTerminal && !e.plain), onErr: style(e.errTerminal && !e.plain),
	}
}

// result tells of one file, as it happens. An error means that nobody listens any more.
func (p *printer) result(r result) (err error) {
	p.bar.aside(func() { err = p.tell(r) })
	return err
}

func (p *printer) tell(r result) error {
	switch {
	case p.json:
		return writeJSON(p.out, r.document(p.status))
	case r.skip != "":
		return nil
	case r.err != nil:
		why := reasonFor(r.err)
		if why.code == "cancelled" {
			return nil
		}
		_, err := fmt.Fprintf(p.env.err, "%s: %s\n", p.onErr.red(safe(r.name)), safe(why.text))
		return err
	case p.describe != nil && !p.quiet:
		return writeText(p.env, p.describe(p, r))
	}
	return nil
}

// errCancelled is what ends a run that was interrupted, whatever else went wrong.
func errCancelled(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return fmt.Errorf("interrupted: %w", context.Canceled)
}

// plural is "1 photo" or "3 photos".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// bytesText is a size for people, in powers of 1000 as file managers show it.
func bytesText(n int64) string {
	f, unit := float64(n), "bytes"
	for _, u := range []string{"kB", "MB", "GB", "TB"} {
		if f < 999.5 {
			break
		}
		f, unit = f/1000, u
	}
	switch {
	case unit == "bytes" && n == 1:
		return "1 byte"
	case unit != "bytes" && f < 9.95:
		return strconv.FormatFloat(f, 'f', 1, 64) + " " + unit
	}
	return strconv.FormatFloat(f, 'f', 0, 64) + " " + unit
}

// meters is a distance for people.
func meters(m float64) string {
	switch {
	case m < 995:
		return strconv.FormatFloat(math.Ceil(m), 'f', 0, 64) + " m"
	case m < 9950:
		return strconv.FormatFloat(m/1000, 'f', 1, 64) + " km"
	}
	return strconv.FormatFloat(m/1000, 'f', 0, 64) + " km"
}

// finish prints the summary and says how it all ended.
func (p *printer) finish(ctx context.Context, t *tally) error {
	if !p.json && !p.quiet {
		if err := writeText(p.env, t.text(p.onOut, ctx.Err() != nil)); err != nil {
			return err
		}
	}
	if err := errCancelled(ctx); err != nil {
		return err
	}
	if t.failures > 0 {
		return errFailed
	}
	return nil
}
