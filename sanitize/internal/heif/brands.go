package heif

import (
	"slices"

	"github.com/mediaveil/mediaveil/sanitize/internal/box"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// brandKind is what a brand promises.
type brandKind uint8

const (
	stillBrand    brandKind = iota + 1 // the file holds a still picture
	sequenceBrand                      // it holds a sequence of pictures
	profileBrand                       // says more about a file that another brand describes
	gainMapBrand                       // a viewer has to know tone-mapped items
)

// brands are those of ISO/IEC 23008-12 section 10 and its annexes B (HEVC) and E (AVC), of
// MIAF (ISO/IEC 23000-22) and of AVIF.
var brands = map[string]brandKind{
	"mif1": stillBrand, "mif2": stillBrand, "mif3": stillBrand, "1pic": profileBrand,
	"heic": stillBrand, "heix": stillBrand, "heim": stillBrand, "heis": stillBrand,
	"avci": stillBrand, "avif": stillBrand, "avio": profileBrand,
	"msf1": sequenceBrand, "hevc": sequenceBrand, "hevx": sequenceBrand, "hevm": sequenceBrand,
	"hevs": sequenceBrand, "avcs": sequenceBrand, "avis": sequenceBrand,
	"miaf": profileBrand, "MiPr": profileBrand, "MiHB": profileBrand, "MiHA": profileBrand,
	"MiHE": profileBrand, "MiAB": profileBrand, "MA1A": profileBrand, "MA1B": profileBrand,
	"tmap": gainMapBrand,
}

// fileType reads the file type box: brands that no table knows go.
func (f *file) fileType(b box.Box) error {
	body, err := f.body(b)
	if err != nil {
		return err
	}
	if len(body) < 8 {
		return malformed(b.Off, "a file type of the wrong length")
	}
	off, _ := b.Body()
	f.major = string(body[:4])
	f.frame(b.Off, b.Head)
	f.brand(off, f.major)
	minor := string(body[4:8])
	if minor == "\x00\x00\x00\x00" {
		f.frame(off+4, 4)
	} else {
		f.goes(off+4, 4, "minor-version", metadata.Software)
	}
	at := 8
	for ; at+4 <= len(body); at += 4 {
		name := string(body[at : at+4])
		f.brand(off+int64(at), name)
		f.brands = append(f.brands, name)
		if len(f.brands) > 1024 {
			return feature("a file of more than 1,024 brands")
		}
	}
	f.rest(b, int64(at))
	return nil
}

func (f *file) brand(off int64, name string) {
	item := metadata.Item{Path: "heif/brand", Category: metadata.Software}
	f.structure(off, 4, func() bool { return f.keepsBrand(name) }, item)
}

// keepsBrand reports whether a brand is still true of the cleaned file.
func (f *file) keepsBrand(name string) bool {
	switch brands[name] {
	case stillBrand, profileBrand:
		return true
	case gainMapBrand:
		return f.toneMapped()
	}
	return false
}

// toneMapped reports whether a gain map is applied by an item of its own.
func (f *file) toneMapped() bool {
	return slices.ContainsFunc(f.items, func(it *item) bool { return it.typ == toneMap && it.use == gainMapUse })
}

// typeBox is the file type box of the cleaned file.
func (f *file) typeBox() []byte {
	var all []string
	for _, name := range f.brands {
		if f.keepsBrand(name) && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	major := f.major
	if brands[major] != stillBrand {
		major = "mif1"
		if i := slices.IndexFunc(all, func(name string) bool { return brands[name] == stillBrand }); i >= 0 {
			major = all[i]
		}
		if slices.Contains(all, "avif") {
			major = "avif"
		}
	}
	body := append([]byte(major), 0, 0, 0, 0)
	for _, name := range all {
		body = append(body, name...)
	}
	return box.Append(nil, "ftyp", body)
}
