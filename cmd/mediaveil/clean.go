package main

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A cleaner is one run of clean.
type cleaner struct {
	common
	out       string
	overwrite bool
	replace   bool
	dryRun    bool
	keepHDR   bool
	set       textsFlag

	outIsFile bool // out names the copy itself
	targets   *targets
}

const cleanUsage = "mediaveil clean [flags] FILE|FOLDER|PATTERN..."

const cleanExamples = `
Examples:
  mediaveil clean -o clean/ photos/
  mediaveil clean --keep credited --set credit="Photo: Save the Day" photo.jpg

Without -o the copy of photo.jpg is photo.clean.jpg beside it. Originals are never changed
unless --replace-originals asks for it. With one folder its contents go straight into the
folder of -o; among several inputs each folder keeps its name there.

Exit codes: 0 all done, 1 a file could not be cleaned, 2 wrong usage, 130 interrupted.

` + limitsShort

func (c *cleaner) flags() *flags {
	f := newFlags("clean", cleanUsage)
	f.after = cleanExamples
	to := f.group("Where the copies go")
	to.VarP((*pathFlag)(&c.out), "output", "o", "put the copies into the folder `PATH`, made when missing; for a single file also a file name")
	to.BoolVar(&c.overwrite, "overwrite", false, "replace copies that exist; originals never")
	to.BoolVar(&c.replace, "replace-originals", false, "put each copy in the place of its original, once it has passed its check")
	to.BoolVar(&c.dryRun, "dry-run", false, "do everything but write")
	stay := f.group("What stays or is added")
	stay.Var(&c.policy, "keep", "keep by `POLICY`: strict (nothing, the default), credited (credit, copyright, licence, alt text), archive, or categories: credited,time")
	stay.Var(&c.set, "set", "write a text of your own: `FIELD=TEXT`, may be repeated; fields: "+strings.Join(writableNames(), ", "))
	stay.BoolVar(&c.keepHDR, "keep-hdr", false, "keep the HDR gain map, which is a small grey copy of the picture")
	c.addWork(f.group("How"))
	c.addOutput(f.group("What is printed"), "with --json, also what the removed data said")
	return f
}

func clean(ctx context.Context, e env, args []string) error {
	c := &cleaner{}
	f := c.flags()
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	if err := f.checkFiles(); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	w := &walker{args: arguments(f.args), skipCopies: c.out == "" && !c.replace}
	if err := c.prepare(w); err != nil {
		return err
	}
	p := newPrinter(e, c.common)
	p.bar, p.status = newBar(e, c.common, w), "cleaned"
	if c.dryRun {
		p.status = "would-clean"
	}
	sum := newTally(c)
	plans := func(yield func(plan) bool) {
		for f := range w.all() {
			if !yield(c.plan(f)) {
				return
			}
		}
	}
	err := pool(ctx, int(c.jobs), plans, func(ctx context.Context, pl plan) result {
		defer p.bar.step()
		return c.work(ctx, pl)
	}, func(r result) error {
		sum.add(r)
		return p.result(r)
	})
	p.bar.end()
	if err != nil {
		return err
	}
	return p.finish(ctx, sum)
}

// check refuses flags that contradict each other.
func (c *cleaner) check() error {
	switch {
	case c.replace && c.out != "":
		return usagef("--replace-originals and --output exclude each other")
	case c.replace && c.overwrite:
		return usagef("--replace-originals and --overwrite exclude each other")
	case c.values && !c.json:
		return usagef("--values needs --json here; to read what a photo says: mediaveil inspect --values")
	}
	if c.keepHDR {
		c.policy.Keep = c.policy.Keep.With(metadata.GainMap)
	}
	return nil
}

// prepare looks at the arguments as a whole.
func (c *cleaner) prepare(w *walker) error {
	if c.out == "" {
		c.targets = newTargets(w)
		return nil
	}
	info, err := os.Stat(c.out)
	exists, folder := err == nil, err == nil && info.IsDir()
	single := len(w.args) == 1 && w.args[0].err == nil && w.args[0].folder == nil
	c.outIsFile = single && !folder && !os.IsPathSeparator(c.out[len(c.out)-1]) && (exists || filepath.Ext(c.out) != "")
	if exists && !folder && !c.outIsFile {
		return usagef("--output must be a folder here, and a file of that name exists")
	}
	w.refuse = func(a argument) error {
		if inside(c.out, a.folder) {
			return errOutInInput
		}
		return nil
	}
	c.targets = newTargets(w)
	return nil
}

// A plan is what is to be done with one file.
type plan struct {
	found
	dst     string
	renamed bool // the name of the copy ends otherwise, as the content is something else
}

// plan decides what the copy is called. All plans are made one after the other, so that the
// same files get the same names in every run.
func (c *cleaner) plan(f found) plan {
	p := plan{found: f}
	if f.skip != "" || f.err != nil {
		return p
	}
	info, err := identifyFile(f.path)
	if err != nil {
		p.err = err
		return p
	}
	p.dst, p.renamed = c.target(f, info)
	if err := c.mayUse(p); err != nil {
		p.err = &targetError{p.dst, err}
	}
	return p
}

// target is the name of the copy. Its ending follows the content.
func (c *cleaner) target(f found, info sanitize.Info) (dst string, renamed bool) {
	switch {
	case c.replace:
		return f.path, false
	case c.outIsFile:
		return withExtension(c.out, info)
	case c.out != "":
		return withExtension(filepath.Join(c.out, f.rel), info)
	}
	dst, renamed = withExtension(f.path, info)
	ext := filepath.Ext(dst)
	return strings.TrimSuffix(dst, ext) + ".clean" + ext, renamed
}

func (c *cleaner) mayUse(p plan) error {
	if !c.targets.claim(p.dst) {
		return errTaken
	}
	if c.replace {
		if info, err := os.Lstat(p.path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return errLink
		}
		return nil
	}
	if c.out != "" && c.targets.insideInput(p.dst) {
		return errIntoInput
	}
	info, err := os.Lstat(p.dst)
	switch {
	case err != nil:
		return nil // it does not exist, or writing will say what is wrong
	case info.IsDir():
		return errFolder
	case !c.overwrite:
		return fs.ErrExist
	case c.targets.isOriginal(p.dst):
		return errOriginal
	}
	return nil
}

// replacedExtensions are those that a wrong one is told by. Other endings are part of the
// name: in photo.2024 nobody meant one.
var replacedExtensions = strings.Fields(".jpg .jpeg .jpe .jfif .png .gif .webp .tif .tiff .bmp .heic .heif .avif .jxl .jp2 " +
	".mp4 .m4v .mov .avi .mkv .webm .3gp .pdf .doc .docx .txt .bin .tmp .dat .file .img .image")

// withExtension gives a name an ending of its format, unless it has one.
func withExtension(name string, info sanitize.Info) (string, bool) {
	ext := filepath.Ext(name)
	if slices.Contains(info.Extensions, strings.ToLower(ext)) {
		return name, false
	}
	if slices.Contains(replacedExtensions, strings.ToLower(ext)) && len(filepath.Base(name)) > len(ext) {
		name = strings.TrimSuffix(name, ext)
	}
	return name + info.Extensions[0], true
}

// work cleans one file.
func (c *cleaner) work(ctx context.Context, p plan) result {
	r := result{name: p.path, skip: p.skip, err: p.err, renamed: p.renamed}
	if p.skip != "" || p.err != nil {
		return r
	}
	r.output = p.dst
	if c.dryRun {
		r.report, r.err = c.dry(ctx, p)
	} else {
		r.report, r.err = c.write(ctx, p)
	}
	if r.err != nil {
		r.err = &targetError{p.dst, r.err}
	}
	return r
}

func (c *cleaner) write(ctx context.Context, p plan) (*sanitize.Report, error) {
	opt := c.options()
	opt.Set = c.set.entries
	switch {
	case c.replace:
		opt.Existing = sanitize.ReplaceOriginal
	case c.overwrite:
		opt.Existing = sanitize.ReplaceCopy
	}
	if c.out != "" && ctx.Err() == nil {
		if err := os.MkdirAll(filepath.Dir(p.dst), 0o777); err != nil {
			return nil, err
		}
	}
	return sanitize.CleanFile(ctx, p.dst, p.path, opt)
}

// dry does everything but write.
func (c *cleaner) dry(ctx context.Context, p plan) (*sanitize.Report, error) {
	f, size, err := openFile(p.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	opt := c.options()
	opt.Set = c.set.entries
	return sanitize.Clean(ctx, io.Discard, f, size, opt)
}

// identifyFile says what a file is by its content.
func identifyFile(name string) (sanitize.Info, error) {
	f, size, err := openFile(name)
	if err != nil {
		return sanitize.Info{}, err
	}
	defer f.Close()
	return sanitize.Identify(f, size)
}

// openFile opens a regular file. It asks before it opens, so that a pipe cannot make it wait
// and a device does not notice.
func openFile(name string) (*os.File, int64, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, 0, err
	}
	if err := notRegular(info.Mode()); err != nil {
		return nil, 0, err
	}
	f, err := os.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, 0, err
	}
	if info, err = f.Stat(); err == nil {
		err = notRegular(info.Mode())
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}
