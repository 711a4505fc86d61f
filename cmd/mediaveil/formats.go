package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize"
)

type formatsJSON struct {
	Schema  string       `json:"schema"`
	Formats []formatJSON `json:"formats"`
}

type formatJSON struct {
	Name       string   `json:"name"`
	Title      string   `json:"title"`
	MediaType  string   `json:"media_type"`
	Extensions []string `json:"extensions"`
}

func listFormats(_ context.Context, e env, args []string) error {
	f := newFlags("formats", "mediaveil formats [--json]")
	f.after = "\nExamples:\n  mediaveil formats\n  mediaveil formats --json\n\nFiles are told by their content, not by their names.\n"
	asJSON := f.group("What is printed").Bool("json", false, "print one JSON document")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	if err := f.noArgs(); err != nil {
		return err
	}
	if *asJSON {
		doc := formatsJSON{Schema: "mediaveil.formats/1", Formats: []formatJSON{}}
		for _, i := range sanitize.Formats() {
			doc.Formats = append(doc.Formats, formatJSON{i.Name, i.Title, i.MediaType, i.Extensions})
		}
		return writeJSON(e.out, doc)
	}
	var b strings.Builder
	for _, i := range sanitize.Formats() {
		fmt.Fprintf(&b, "%-20s %-16s %s\n", i.Title, i.MediaType, strings.Join(i.Extensions, " "))
	}
	return writeText(e, b.String())
}
