package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// A verb is one thing that the program does.
type verb struct {
	name    string
	summary string
	run     func(ctx context.Context, e env, args []string) error
}

// verbs lists them in the order of the help. It is a function, since help is one of them.
func verbs() []verb {
	return []verb{
		{"clean", "make clean copies of photos", clean},
		{"inspect", "say what photos give away", inspect},
		{"consent", "check who agreed to be shown, for what, until when", consentVerb},
		{"formats", "list what can be cleaned", listFormats},
		{"version", "say which version this is", version},
		{"help", "explain a verb, or what stripping cannot remove: help limits", help},
	}
}

// topics are explained by help and are no verbs.
func topics() map[string]string { return map[string]string{"limits": limits} }

func dispatch(ctx context.Context, e env, args []string) error {
	if len(args) == 0 {
		fmt.Fprint(e.err, overview())
		return usagef("say what to do: mediaveil clean or mediaveil inspect")
	}
	name := args[0]
	switch name {
	case "-h", "--help", "-help":
		name = "help"
	case "--version", "-version":
		name = "version"
	}
	for _, v := range verbs() {
		if v.name == name {
			return v.run(ctx, e, args[1:])
		}
	}
	return usagef("there is no verb %s; %s", quote(args[0]), suggest(args[0], verbNames(), "mediaveil help lists them"))
}

func verbNames() []string {
	var names []string
	for _, v := range verbs() {
		names = append(names, v.name)
	}
	return names
}

func overview() string {
	var b strings.Builder
	b.WriteString("Mediaveil removes what identifies people from photos, and leaves the picture alone.\n\n" +
		"Usage: mediaveil VERB [flags] [files and folders]\n\n")
	for _, v := range verbs() {
		fmt.Fprintf(&b, "  %-9s %s\n", v.name, v.summary)
	}
	b.WriteString("\nExamples:\n" +
		"  mediaveil clean -o clean/ photos/    clean copies of a whole folder\n" +
		"  mediaveil inspect photo.jpg          what this photo gives away\n\n" +
		"mediaveil VERB --help explains each.\n")
	return b.String()
}

func help(ctx context.Context, e env, args []string) error {
	if len(args) == 0 {
		return writeText(e, overview())
	}
	if text, ok := topics()[args[0]]; ok {
		return writeText(e, text)
	}
	for _, v := range verbs() {
		switch {
		case v.name != args[0]:
		case v.name == "help":
			return writeText(e, overview())
		default:
			return v.run(ctx, e, []string{"--help"})
		}
	}
	names := append(verbNames(), "limits")
	return usagef("there is no help on %s; %s", quote(args[0]), suggest(args[0], names, "mediaveil help lists the verbs"))
}

func version(_ context.Context, e env, args []string) error {
	f := newFlags("version", "mediaveil version [--json]")
	asJSON := f.group("Output").Bool("json", false, "one JSON document")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	if err := f.noArgs(); err != nil {
		return err
	}
	v := builtVersion()
	if *asJSON {
		return writeJSON(e.out, v)
	}
	return writeText(e, fmt.Sprintf("mediaveil %s (%s, %s)\n", v.Version, v.Go, v.System))
}

// A versionJSON is what version says.
type versionJSON struct {
	Schema   string `json:"schema"`
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	System   string `json:"system"`
}

func builtVersion() versionJSON {
	v := versionJSON{Schema: "mediaveil.version/1", Version: "unknown", Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v.Revision = s.Value
		}
	}
	return v
}

// nearest returns the word that differs least from what was typed, "" when none is near.
func nearest(typed string, words []string) string {
	best, at := "", len(typed)/2+1
	for _, w := range words {
		if strings.HasPrefix(w, typed) && typed != "" {
			return w
		}
		if d := distance(typed, w); d < at {
			best, at = w, d
		}
	}
	return best
}

func suggest(typed string, words []string, otherwise string) string {
	if w := nearest(typed, words); w != "" {
		return "did you mean " + w + "?"
	}
	return otherwise
}

// distance counts the letters to change, add or take away (Levenshtein).
func distance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
