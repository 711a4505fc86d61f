package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mediaveil/mediaveil/sanitize/consent"
	"github.com/mediaveil/mediaveil/sanitize/consent/sheet"
)

type lintJSON struct {
	Schema string `json:"schema"`
	File   string `json:"file"`
	Code   string `json:"code"`
	consent.Fault
}

func consentLint(ctx context.Context, e env, args []string) error {
	f := newFlags("consent lint", "mediaveil consent lint [--json] MANIFEST...")
	f.after = "\nExamples:\n  mediaveil consent lint consent/visit-2026-03.consent.yaml\n\n" +
		"Nothing of what a manifest says is printed.\n\nExit codes: 0 nothing is wrong, 3 something is, 1 a file could not be read, 2 wrong usage.\n"
	asJSON := f.group("What is printed").Bool("json", false, "print one JSON document for each fault and line")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	if err := f.checkFiles(); err != nil {
		return err
	}
	faults := false
	for _, name := range f.args {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("%s: %s", safe(name), withoutPath(err))
		}
		_, err = consent.Read(file, consent.SyntaxOf(name))
		file.Close()
		var wrong *consent.Error
		if errors.As(err, &wrong) {
			faults = true
			err = printFaults(e, name, wrong, *asJSON)
		} else if err == nil && !*asJSON {
			err = writeText(e, safe(name)+": nothing is wrong\n")
		}
		if err != nil {
			return err
		}
	}
	if faults {
		return errFound
	}
	return nil
}

func printFaults(e env, name string, wrong *consent.Error, asJSON bool) error {
	for _, fault := range wrong.Faults {
		if asJSON {
			if err := writeJSON(e.out, lintJSON{"mediaveil.consent-fault/1", name, wrong.Code.String(), fault}); err != nil {
				return err
			}
			continue
		}
		if err := writeText(e, fmt.Sprintf("%s:%s\n", safe(name), fault)); err != nil {
			return err
		}
	}
	return nil
}

func consentNew(ctx context.Context, e env, args []string) error {
	f := newFlags("consent new", "mediaveil consent new FOLDER -o NAME.consent.yaml [--manifest NAME]")
	f.after = "\nExamples:\n  mediaveil consent new visit/ --manifest visit-2026-03 -o consent/visit-2026-03.consent.yaml\n\n" +
		"The manifest holds the digests of the files; who is who in the folder is printed beside it,\n" +
		"and not written into it. What stands in capitals has to be filled in.\n"
	set := f.group("What is written")
	out := set.StringP("output", "o", "", "the `FILE` to write")
	name := set.String("manifest", "", "the `NAME` of the manifest, which all its versions share")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	dir, err := f.one("folder")
	if err != nil {
		return err
	}
	if *out == "" {
		return usagef("say where to write it: -o NAME.consent.yaml")
	}
	media, paths, err := listMedia(ctx, dir)
	if err != nil {
		return err
	}
	if err := writeNew(e, *out, consent.Draft(*name, time.Now().Truncate(time.Second), media), 0o666); err != nil {
		return err
	}
	var b strings.Builder
	for i, p := range paths {
		fmt.Fprintf(&b, "m-%-5d %s\n", i+1, safe(p))
	}
	fmt.Fprintf(&b, "%s started. Fill in what stands in capitals; mediaveil consent lint says what is left.\n", plural(len(media), "entry", "entries"))
	return writeText(e, b.String())
}

// listMedia hashes the media of a folder and below.
func listMedia(ctx context.Context, dir string) (media []consent.DraftMedium, paths []string, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			err = errCancelled(ctx)
		}
		if err != nil || d.IsDir() || kindOf(name) == "" || !d.Type().IsRegular() {
			return err
		}
		sum, err := fileSum(name)
		if err != nil {
			return err
		}
		media = append(media, consent.DraftMedium{SHA256: sum, Kind: kindOf(name)})
		paths = append(paths, pathBelow(dir, name))
		return nil
	})
	return media, paths, err
}

func consentBind(_ context.Context, e env, args []string) error {
	f := newFlags("consent bind", "mediaveil consent bind FOLDER --in MANIFEST.yaml|SHEET.csv -o FILE")
	f.after = "\nExamples:\n  mediaveil consent bind media/ --in answers.csv -o answers-bound.csv\n" +
		"  mediaveil consent bind media/ --in draft.consent.yaml -o visit.consent.yaml\n\n" +
		"Entries that name a file by its path get its digest instead; FOLDER is where the paths begin.\n" +
		"A manifest that changed needs a higher sequence, and a new signature.\n"
	set := f.group("Files")
	in := set.String("in", "", "the manifest in YAML, or the sheet in CSV, to bind (`FILE`)")
	out := set.StringP("output", "o", "", "the `FILE` to write")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	dir, err := f.one("folder")
	if err != nil {
		return err
	}
	if *in == "" {
		return usagef("say what to bind: --in FILE")
	}
	data, err := readDocument(*in)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("%s: %s", safe(dir), withoutPath(err))
	}
	defer root.Close()
	bind := consent.Bind
	if strings.EqualFold(filepath.Ext(*in), ".csv") {
		bind = sheet.Bind
	}
	bound, done, left, err := bind(data, func(path string) (string, error) { return sumBelow(root, path) })
	if err != nil {
		return err
	}
	if err := writeNew(e, *out, bound, 0o666); err != nil {
		return err
	}
	fmt.Fprintf(e.err, "%s bound, %d left.\n", plural(done, "entry", "entries"), left)
	return nil
}

// sumBelow hashes a file that must lie in the folder; a path that is not there has no sum.
func sumBelow(root *os.Root, path string) (string, error) {
	info, err := root.Stat(filepath.FromSlash(path))
	if err != nil || !info.Mode().IsRegular() {
		return "", nil
	}
	return fileSum(filepath.Join(root.Name(), filepath.FromSlash(path)))
}

func consentImport(_ context.Context, e env, args []string) error {
	f := newFlags("consent import", "mediaveil consent import SHEET.csv|SHEET.xlsx --manifest NAME --sequence N [-o FILE]")
	f.after = "\nExamples:\n  mediaveil consent import answers.xlsx --manifest visit-2026-03 --sequence 1 \\\n      --timezone Africa/Kampala -o consent/visit-2026-03.consent.yaml\n\n" +
		"Read the result, then sign it. Nothing is guessed: what can be read in two ways stops the import.\n"
	set := f.group("What a sheet does not say")
	opt := sheet.Options{}
	var issued instantFlag
	set.StringVar(&opt.Name, "manifest", "", "the `NAME` of the manifest")
	set.Int64Var(&opt.Sequence, "sequence", 0, "its version `N`, higher than any before")
	set.StringVar(&opt.Timezone, "timezone", "", "the `ZONE` of all dates, such as Africa/Kampala; without it, UTC")
	set.Var(&issued, "issued-at", "when it was written; without it, now")
	out := f.group("Output").StringP("output", "o", "", "the `FILE` to write; without it, the manifest is printed")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	name, err := f.one("sheet")
	if err != nil {
		return err
	}
	if opt.Name == "" || opt.Sequence < 1 {
		return usagef("say which manifest and which version: --manifest NAME --sequence N")
	}
	opt.IssuedAt = issued.orNow().Truncate(time.Second)
	data, err := readDocument(name)
	if err != nil {
		return err
	}
	read := sheet.ReadCSV
	if strings.EqualFold(filepath.Ext(name), ".xlsx") {
		read = sheet.ReadXLSX
	}
	table, err := read(bytes.NewReader(data))
	if err != nil {
		return err
	}
	manifest, err := table.Manifest(opt)
	if err != nil {
		return err
	}
	return writeNew(e, *out, manifest, 0o666)
}

func consentTemplate(_ context.Context, e env, args []string) error {
	f := newFlags("consent template", "mediaveil consent template FILE.xlsx|FILE.csv")
	f.after = "\nExamples:\n  mediaveil consent template answers.xlsx\n\nThe sheet has one example row; write over it.\n"
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	name, err := f.one("file to write")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx":
		err = sheet.Template(&b)
	case ".csv":
		err = sheet.TemplateCSV(&b)
	default:
		return usagef("the name has to end in .xlsx or .csv")
	}
	if err != nil {
		return err
	}
	return writeNew(e, name, b.Bytes(), 0o666)
}
