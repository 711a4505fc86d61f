package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/mediaveil/mediaveil/sanitize"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
	"github.com/mediaveil/mediaveil/sanitize/policy"
)

// flags are those of one verb, in groups for the help.
type flags struct {
	verb   string
	usage  string
	after  string // what the help says behind the flags
	groups []*flagGroup
	args   []string
}

type flagGroup struct {
	title string
	*pflag.FlagSet
}

func newFlags(verb, usage string) *flags { return &flags{verb: verb, usage: usage} }

// group begins a group of flags.
func (f *flags) group(title string) *pflag.FlagSet {
	set := pflag.NewFlagSet(title, pflag.ContinueOnError)
	set.SortFlags = false
	f.groups = append(f.groups, &flagGroup{title, set})
	return set
}

// parse reads the command line. It reports true when that was all there was to do.
func (f *flags) parse(e env, args []string) (done bool, err error) {
	all := pflag.NewFlagSet(f.verb, pflag.ContinueOnError)
	all.SetOutput(nothing{})
	all.Usage = func() {}
	for _, g := range f.groups {
		all.AddFlagSet(g.FlagSet)
	}
	help := all.BoolP("help", "h", false, "")
	if err := all.Parse(args); err != nil {
		return false, f.explain(err, all)
	}
	if *help {
		return true, writeText(e, f.help())
	}
	f.args = all.Args()
	return false, nil
}

// nothing keeps pflag from printing.
type nothing struct{}

func (nothing) Write(b []byte) (int, error) { return len(b), nil }

func (f *flags) noArgs() error {
	if len(f.args) > 0 {
		return usagef("%s takes no files; mediaveil %s --help says more", f.verb, f.verb)
	}
	return nil
}

func (f *flags) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: %s\n", f.usage)
	for _, g := range f.groups {
		fmt.Fprintf(&b, "\n%s:\n%s", g.title, g.FlagUsagesWrapped(96))
	}
	b.WriteString(f.after)
	return b.String()
}

// explain says in one line what is wrong with a command line. What was typed for a flag is
// not repeated: it may be a name.
func (f *flags) explain(err error, all *pflag.FlagSet) error {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		typed := "-" + unknown.GetSpecifiedShortnames()
		if _, err := os.Lstat(typed); err == nil {
			return usagef("%s looks like a flag; for the file of that name write %s", quote(typed), quote("./"+typed))
		}
		return usagef("there is no flag -%s; mediaveil %s --help lists them", safe(unknown.GetSpecifiedName()), f.verb)
	case errors.As(err, &unknown):
		var names []string
		all.VisitAll(func(g *pflag.Flag) { names = append(names, "--"+g.Name) })
		typed := "--" + unknown.GetSpecifiedName()
		return usagef("there is no flag %s; %s", safe(typed), suggest(typed, names, "mediaveil "+f.verb+" --help lists them"))
	case errors.As(err, &missing):
		return usagef("--%s needs a value; mediaveil %s --help says more", missing.GetFlag().Name, f.verb)
	case errors.As(err, &invalid):
		return usagef("--%s: %s", invalid.GetFlag().Name, reasonOf(invalid))
	}
	return usagef("a flag is not written right; mediaveil %s --help lists them", f.verb)
}

// reasonOf tells our own words about a value from those of package strconv.
func reasonOf(invalid *pflag.InvalidValueError) string {
	var own *usageError
	if errors.As(invalid, &own) {
		return own.what
	}
	return "this is no " + map[string]string{"bool": "yes or no", "int": "whole number"}[invalid.GetFlag().Value.Type()]
}

// A pathFlag is --output. An empty one, as scripts with an unset variable give it, is not
// taken for none.
type pathFlag string

func (p *pathFlag) Type() string   { return "PATH" }
func (p *pathFlag) String() string { return "" }
func (p *pathFlag) Set(s string) error {
	switch s {
	case "":
		return usagef("the name of the folder is empty")
	case "-":
		return usagef("copies are written to files only; for a folder of that name write ./-")
	}
	*p = pathFlag(s)
	return nil
}

// A policyFlag is --keep.
type policyFlag struct{ policy.Policy }

func (p *policyFlag) Type() string   { return "POLICY" }
func (p *policyFlag) String() string { return "" }
func (p *policyFlag) Set(s string) error {
	got, err := policy.Parse(s)
	if err != nil {
		return usagef("%s", strings.TrimPrefix(err.Error(), "policy: "))
	}
	p.Policy = got
	return nil
}

// A textsFlag is --set.
type textsFlag struct{ entries []metadata.Entry }

// writable are the fields that an organisation may word itself.
func writable() []metadata.Field {
	return []metadata.Field{
		metadata.Credit, metadata.Copyright, metadata.Creator, metadata.UsageTerms, metadata.LicenseURL,
		metadata.AltTextShort, metadata.AltTextLong, metadata.Title, metadata.Headline, metadata.Caption, metadata.Keyword,
	}
}

func writableNames() []string {
	var names []string
	for _, f := range writable() {
		names = append(names, string(f))
	}
	return names
}

func (t *textsFlag) Type() string   { return "FIELD=TEXT" }
func (t *textsFlag) String() string { return "" }
func (t *textsFlag) Set(s string) error {
	name, text, ok := strings.Cut(s, "=")
	if !ok {
		return usagef(`write it as FIELD="TEXT", for example --set credit="Photo: Save the Day"`)
	}
	f := metadata.Field(strings.ToLower(strings.TrimSpace(name)))
	if !slices.Contains(writable(), f) {
		return usagef("there is no field of that name; use %s", strings.Join(writableNames(), ", "))
	}
	if !f.Repeats() && slices.ContainsFunc(t.entries, func(e metadata.Entry) bool { return e.Field == f }) {
		return usagef("%s is given twice", f)
	}
	text = strings.TrimSpace(text)
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return usagef("the text for %s holds characters that are no text", f)
	}
	t.entries = append(t.entries, metadata.Entry{Field: f, Value: metadata.Secret(text)})
	return nil
}

// A sizeFlag is a number of bytes as people write it: 500MB, 1.5GiB.
type sizeFlag struct{ bytes int64 }

func (z *sizeFlag) Type() string   { return "SIZE" }
func (z *sizeFlag) String() string { return "" }
func (z *sizeFlag) Set(s string) error {
	n, err := parseSize(s)
	if err != nil {
		return err
	}
	z.bytes = n
	return nil
}

// units are powers of 1000 and, with an i, of 1024.
var units = []struct {
	name  string
	bytes float64
}{
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"tib", 1 << 40},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"tb", 1e12}, {"k", 1e3}, {"m", 1e6}, {"g", 1e9}, {"t", 1e12}, {"b", 1},
}

func parseSize(s string) (int64, error) {
	number, factor := strings.ToLower(strings.TrimSpace(s)), 1.0
	for _, u := range units {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, factor = strings.TrimSpace(rest), u.bytes
			break
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(n) || n*factor < 1 || n*factor >= math.MaxInt64 {
		return 0, usagef("write a size such as 500MB or 2GiB")
	}
	return int64(n * factor), nil
}

// A jobsFlag is -j.
type jobsFlag int

const maxJobs = 64

func defaultJobs() jobsFlag { return jobsFlag(min(runtime.NumCPU(), maxJobs)) }

func (j *jobsFlag) Type() string   { return "N" }
func (j *jobsFlag) String() string { return strconv.Itoa(int(*j)) }
func (j *jobsFlag) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxJobs {
		return usagef("write a whole number from 1 to %d", maxJobs)
	}
	*j = jobsFlag(n)
	return nil
}

// common are the flags of every verb that works on files.
type common struct {
	policy     policyFlag
	repair     bool
	maxSize    sizeFlag
	jobs       jobsFlag
	json       bool
	values     bool
	quiet      bool
	noProgress bool
	recursive  bool
}

// addWork adds those that say how to go about it.
func (c *common) addWork(set *pflag.FlagSet) {
	c.jobs = defaultJobs()
	set.VarP(&c.jobs, "jobs", "j", "work on `N` files at a time")
	set.Var(&c.maxSize, "max-size", "refuse larger files, for example 500MB")
	set.BoolVar(&c.repair, "repair", false, "take photos that were cut off, and close them")
	set.BoolVarP(&c.recursive, "recursive", "r", true, "")
	_ = set.MarkHidden("recursive") // folders are always gone through; cp and exiftool have taught people the flag
}

// addOutput adds those that say what to print.
func (c *common) addOutput(set *pflag.FlagSet, values string) {
	set.BoolVar(&c.json, "json", false, "print one JSON document for each file and line")
	set.BoolVar(&c.values, "values", false, values)
	set.BoolVar(&c.noProgress, "no-progress", false, "show no progress bar")
	set.BoolVarP(&c.quiet, "quiet", "q", false, "print failures only")
}

func (c *common) options() sanitize.Options {
	return sanitize.Options{Policy: c.policy.Policy, MaxBytes: c.maxSize.bytes, Values: c.values, Repair: c.repair}
}

// checkFiles refuses a command line without files.
func (f *flags) checkFiles() error {
	if len(f.args) == 0 {
		return usagef("name a file or folder; mediaveil %s --help says more", f.verb)
	}
	if slices.Contains(f.args, "") {
		return usagef("a file name is empty")
	}
	return nil
}
