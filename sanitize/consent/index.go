package consent

import (
	"slices"
	"strings"
)

// An index finds the entries that a medium matches without looking at all of them.
type index struct {
	sha256 map[string][]place
	path   map[string][]place // folded
	folder map[string][]place // folded, without the last slash
	glob   map[string][]globPlace
}

// A place is an entry in a manifest.
type place struct {
	in    *file
	entry *Entry
}

type globPlace struct {
	place
	parts []globPart
}

func newIndex() index {
	return index{
		sha256: map[string][]place{}, path: map[string][]place{},
		folder: map[string][]place{}, glob: map[string][]globPlace{},
	}
}

func (x *index) add(f *file) {
	for i := range f.Media {
		e := &f.Media[i]
		at := place{f, e}
		folded := fold(e.Pattern)
		switch e.Level {
		case LevelSHA256:
			for _, sum := range e.SHA256 {
				x.sha256[sum] = append(x.sha256[sum], at)
			}
		case LevelPath:
			x.path[folded] = append(x.path[folded], at)
		case LevelGlob:
			prefix := globPrefix(folded)
			x.glob[prefix] = append(x.glob[prefix], globPlace{at, compileGlob(folded)})
		case LevelFolder:
			x.folder[folded] = append(x.folder[folded], at)
		}
	}
}

// A match is a manifest with the entries of its most specific level that fit a medium.
type match struct {
	*file
	level   Level
	entries []*Entry
}

// find returns one match per manifest, in the order of the register.
func (x *index) find(sum, path string) []match {
	best := map[int]*match{}
	var order []int
	take := func(places []place, level Level) {
		for _, p := range places {
			m := best[p.in.number]
			if m == nil {
				m = &match{file: p.in, level: level}
				best[p.in.number] = m
				order = append(order, p.in.number)
			}
			if m.level == level {
				m.entries = append(m.entries, p.entry)
			}
		}
	}
	take(x.sha256[sum], LevelSHA256)
	if path != "" {
		folded := fold(path)
		take(x.path[folded], LevelPath)
		take(x.globs(folded), LevelGlob)
		for dir := parent(folded); dir != ""; dir = parent(dir) {
			take(x.folder[dir], LevelFolder)
		}
	}
	slices.Sort(order)
	matches := make([]match, len(order))
	for i, number := range order {
		matches[i] = *best[number]
	}
	return matches
}

// globs tries the globs whose fixed beginning the path shares.
func (x *index) globs(path string) []place {
	var found []place
	if len(x.glob) == 0 {
		return nil
	}
	for dir := path; ; dir = parent(dir) {
		prefix := parent(dir)
		if prefix != "" {
			prefix += "/"
		}
		for _, g := range x.glob[prefix] {
			if matchGlob(g.parts, path) {
				found = append(found, g.place)
			}
		}
		if prefix == "" {
			return found
		}
	}
}

// parent returns the folder of a path, or nothing for one at the root.
func parent(path string) string {
	return path[:max(strings.LastIndexByte(path, '/'), 0)]
}
