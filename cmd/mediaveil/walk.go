package main

import (
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize"
)

// A found is one thing that the arguments name or lead to.
type found struct {
	path string // as it is opened and shown
	rel  string // where its copy goes below -o
	skip string // why it is left out, from the table of leftOut; "" when it is not
	err  error  // why it cannot be looked at
}

// An argument is one word of the command line, or one name that a pattern stands for.
type argument struct {
	path   string
	folder fs.FileInfo // nil when it is none
	err    error
}

// A walker finds the files that the arguments name or lead to. It keeps one folder's names
// in memory at a time for each level.
type walker struct {
	args       []argument
	skipCopies bool                 // leave out what an earlier run made: *.clean.jpg
	refuse     func(argument) error // may refuse a folder
}

// errors of the walk.
var (
	errNoMatch  = errors.New("nothing matches this pattern")
	errNothing  = errors.New("there is no file to work on in this folder")
	errDangling = errors.New("this is a link to something that does not exist")
)

// A notFileError says what stands in the place of a file. It is sanitize.ErrNotFile.
type notFileError struct{ what string }

func (e *notFileError) Error() string        { return "this is " + e.what + ", not a file" }
func (e *notFileError) Is(target error) bool { return target == sanitize.ErrNotFile }

// arguments looks at the words of the command line. Shells of Windows leave patterns to the
// program.
func arguments(words []string) []argument {
	var all []argument
	for _, word := range words {
		a := look(word)
		if !errors.Is(a.err, fs.ErrNotExist) || !strings.ContainsAny(word, "*?[") {
			all = append(all, a)
			continue
		}
		matches, err := filepath.Glob(word)
		if err != nil || len(matches) == 0 {
			all = append(all, argument{path: word, err: errNoMatch})
			continue
		}
		for _, m := range matches {
			all = append(all, look(m))
		}
	}
	return all
}

// look says what an argument is. A link is followed, since somebody has named it.
func look(path string) argument {
	a := argument{path: path}
	own, err := os.Lstat(path)
	if err != nil {
		a.err = err
		return a
	}
	info, err := os.Stat(path)
	switch {
	case err != nil && own.Mode()&fs.ModeSymlink != 0 && errors.Is(err, fs.ErrNotExist):
		a.err = errDangling
	case err != nil:
		a.err = err
	case info.IsDir():
		a.folder = info
	default:
		a.err = notRegular(info.Mode())
	}
	return a
}

// notRegular returns nil for a regular file.
func notRegular(mode fs.FileMode) error {
	switch {
	case mode.IsRegular():
		return nil
	case mode&fs.ModeNamedPipe != 0:
		return &notFileError{"a pipe"}
	case mode&fs.ModeSocket != 0:
		return &notFileError{"a socket"}
	case mode&fs.ModeDevice != 0:
		return &notFileError{"a device"}
	}
	return &notFileError{"something special"}
}

// all yields everything that the arguments lead to, in their order, folders sorted by name.
func (w *walker) all() iter.Seq[found] {
	return func(yield func(found) bool) {
		for _, a := range w.args {
			if a.folder == nil {
				f := found{path: a.path, rel: filepath.Base(a.path), err: a.err}
				if a.err == nil && w.skips(a) {
					f.skip = "copy"
				}
				if !yield(f) {
					return
				}
				continue
			}
			if !w.folder(a, yield) {
				return
			}
		}
	}
}

// skips reports whether a file that was named is left out: copies of an earlier run, which
// *.jpg stands for as well.
func (w *walker) skips(a argument) bool {
	return w.skipCopies && len(w.args) > 1 && isCleanCopy(filepath.Base(a.path))
}

// folder yields what is in a folder that was named.
func (w *walker) folder(a argument, yield func(found) bool) bool {
	if w.refuse != nil {
		if err := w.refuse(a); err != nil {
			return yield(found{path: a.path, err: err})
		}
	}
	any := false
	seen := func(f found) bool {
		any = any || f.skip == ""
		return yield(f)
	}
	if !w.below(a.path, w.prefix(a), seen) {
		return false
	}
	return any || yield(found{path: a.path, err: errNothing})
}

// prefix is where the files of a folder go below -o: straight into it, unless there are
// other inputs, among which each folder keeps its name.
func (w *walker) prefix(a argument) string {
	if len(w.args) == 1 {
		return ""
	}
	abs, err := filepath.Abs(a.path)
	if err != nil || filepath.Dir(abs) == abs {
		return ""
	}
	return filepath.Base(abs)
}

// below yields what is in a folder and in those below it. Links in it are not followed.
func (w *walker) below(dir, rel string, yield func(found) bool) bool {
	entries, err := os.ReadDir(dir)
	if err != nil && !yield(found{path: dir, err: err}) {
		return false
	}
	for _, entry := range entries {
		f := found{path: filepath.Join(dir, entry.Name()), rel: filepath.Join(rel, entry.Name())}
		f.skip = leftOut(entry)
		switch {
		case f.skip != "":
		case entry.IsDir():
			if !w.below(f.path, f.rel, yield) {
				return false
			}
			continue
		case w.skipCopies && isCleanCopy(entry.Name()):
			f.skip = "copy"
		default:
			f.err = notRegular(entry.Type())
		}
		if !yield(f) {
			return false
		}
	}
	return true
}

// Files and folders that systems and cameras put beside photos.
var (
	systemNames = []string{"thumbs.db", "ehthumbs.db", "desktop.ini", "@eadir", "$recycle.bin", "system volume information", "__macosx"}
	sidecars    = []string{".aae", ".xmp", ".thm", ".json", ".lrv", ".srt"}
)

// leftOut says why an entry of a folder is no business of ours: "" when it is.
func leftOut(entry fs.DirEntry) string {
	name := strings.ToLower(entry.Name())
	switch {
	case entry.Type()&fs.ModeSymlink != 0:
		return "link"
	case name == ".ds_store", strings.HasPrefix(name, "._"), slices.Contains(systemNames, name):
		return "system"
	case strings.HasPrefix(name, "."):
		return "hidden"
	case !entry.IsDir() && (slices.Contains(sidecars, filepath.Ext(name)) || strings.HasSuffix(name, "_original")):
		return "sidecar"
	}
	return ""
}

// isCleanCopy reports whether a name is one that clean gives beside the original.
func isCleanCopy(name string) bool {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	return filepath.Ext(name) != "" && strings.HasSuffix(strings.ToLower(stem), ".clean") && len(stem) > len(".clean")
}

// inside reports whether path is the folder or lies below it, or would when it existed.
// Files are compared and not names, so that no link and no letter case can hide it.
func inside(path string, folder fs.FileInfo) bool {
	p := realPath(path)
	for {
		if info, err := os.Stat(p); err == nil && os.SameFile(info, folder) {
			return true
		}
		parent := filepath.Dir(p)
		if parent == p {
			return false
		}
		p = parent
	}
}

// realPath is where path leads, all links in that part of it followed which exists.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	rest := ""
	for p := abs; ; p = filepath.Dir(p) {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			return filepath.Join(real, rest)
		}
		if filepath.Dir(p) == p {
			return abs
		}
		rest = filepath.Join(filepath.Base(p), rest)
	}
}
