package heif

import "sort"

// resolve finds out where the data of an item lie.
func (f *file) resolve(it *item) error {
	if it.resolved {
		return nil
	}
	ranges, err := f.locate(it.id, 0)
	if err != nil {
		return err
	}
	it.resolved, it.ranges = true, ranges
	return nil
}

// locate returns the extents of an item, those of no length left out.
func (f *file) locate(id uint32, depth int) ([]extent, error) {
	loc := f.locs[id]
	switch {
	case loc == nil:
		return nil, nil
	case loc.data != 0 && loc.method == inFile:
		return nil, feature("a picture with its data in another file")
	case loc.method > inItem:
		return nil, malformed(loc.off, "an item location that no standard knows")
	case depth > maxDepth:
		return nil, malformed(loc.off, "an item inside itself")
	}
	var all []extent
	for _, l := range loc.extents {
		if f.extents++; f.extents > 4*maxExtents {
			return nil, feature("a file of so many extents")
		}
		if l.n == 0 {
			continue
		}
		if loc.base > 1<<61 || l.off > 1<<61 || l.n > 1<<61 {
			return nil, malformed(loc.off, "an extent runs past the end of the file")
		}
		e := extent{int64(loc.base + l.off), int64(l.n)}
		found, err := f.place(id, loc, l, e, depth)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
		f.extents += len(found)
	}
	return all, nil
}

// place turns an extent into ranges of the file, ISO/IEC 14496-12 section 8.11.3.
func (f *file) place(id uint32, loc *location, l located, e extent, depth int) ([]extent, error) {
	switch loc.method {
	case inFile:
		if !f.inMediaData(e) {
			past := malformed(loc.off, "an extent outside of the media data")
			past.CutOff = e.end() > f.src.Size()
			return nil, past
		}
		return []extent{e}, nil
	case inIdat:
		if e.end() > f.idat.n {
			return nil, malformed(loc.off, "an extent outside of the item data")
		}
		return []extent{{f.idat.off + e.off, e.n}}, nil
	}
	others := f.targets[refKey{"iloc", id}]
	index := max(l.index, 1)
	if index > uint64(len(others)) {
		return nil, malformed(loc.off, "an extent in an item that is not there")
	}
	inside, err := f.locate(others[index-1], depth+1)
	if err != nil {
		return nil, err
	}
	s := &stream{parts: inside}
	for _, e := range inside {
		s.size += e.n
	}
	if e.end() > s.size {
		return nil, malformed(loc.off, "an extent past the end of the item that holds it")
	}
	return s.cut(e.off, e.n), nil
}

// inMediaData reports whether an extent lies in one media data box.
func (f *file) inMediaData(e extent) bool {
	i := sort.Search(len(f.mdats), func(i int) bool { return f.mdats[i].end() > e.off })
	return i < len(f.mdats) && f.mdats[i].off <= e.off && e.end() <= f.mdats[i].end()
}
