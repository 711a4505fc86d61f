package main

import (
	"hash/maphash"
	"io/fs"
	"path/filepath"
	"strings"
)

// targets watches over the names of the copies: no two may be one, on systems that do not
// tell letter case apart either, and none may be an original. Of names it keeps a number
// only, so that a hundred thousand of them stay small.
type targets struct {
	seed    maphash.Seed
	claimed map[uint64]struct{}
	named   []string
	folders []fs.FileInfo
	files   map[uint64]struct{} // where the files that were named really are; nil until asked for

	dir       string // the folder that was looked at last
	dirInside bool
}

// newTargets knows the inputs, less those that the walker refuses or leaves out.
func newTargets(w *walker) *targets {
	t := &targets{seed: maphash.MakeSeed(), claimed: make(map[uint64]struct{})}
	for _, a := range w.args {
		switch {
		case a.err != nil, a.folder == nil && w.skips(a):
		case a.folder == nil:
			t.named = append(t.named, a.path)
		case w.refuse == nil || w.refuse(a) == nil:
			t.folders = append(t.folders, a.folder)
		}
	}
	return t
}

// key is one for names that differ in letter case only.
func (t *targets) key(path string) uint64 {
	return maphash.String(t.seed, strings.ToLower(strings.ToUpper(path)))
}

// claim takes a name for a copy. It reports false when another copy has it.
func (t *targets) claim(path string) bool {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	k := t.key(path)
	_, taken := t.claimed[k]
	t.claimed[k] = struct{}{}
	return !taken
}

// insideInput reports whether a copy would lie in one of the folders that are cleaned.
func (t *targets) insideInput(path string) bool {
	dir := filepath.Dir(path)
	if dir == t.dir {
		return t.dirInside
	}
	t.dir, t.dirInside = dir, false
	for _, folder := range t.folders {
		t.dirInside = t.dirInside || inside(dir, folder)
	}
	return t.dirInside
}

// isOriginal reports whether path is one of the files that were named. Those in folders
// need no look: no copy is written there, but for those beside an original, whose names are
// no inputs.
func (t *targets) isOriginal(path string) bool {
	if t.files == nil {
		t.files = make(map[uint64]struct{})
		for _, name := range t.named {
			t.files[t.key(placeOf(name))] = struct{}{}
			t.files[t.key(realPath(name))] = struct{}{}
		}
	}
	_, is := t.files[t.key(placeOf(path))]
	return is
}

// placeOf is where a name is, links on the way to it followed, but not itself.
func placeOf(path string) string {
	return filepath.Join(realPath(filepath.Dir(path)), filepath.Base(path))
}
