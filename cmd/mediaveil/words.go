package main

import (
	"strings"

	"github.com/mediaveil/mediaveil/sanitize"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A loss is what the summary of clean says was removed.
type loss string

const (
	lostPosition    loss = "the position"
	lostPlace       loss = "place names, altitude or direction"
	lostTime        loss = "date and time"
	lostDevice      loss = "camera or phone and its settings"
	lostSerial      loss = "serial numbers"
	lostPerson      loss = "names or other traces of people"
	lostDescription loss = "captions, keywords and comments"
	lostRights      loss = "credit, creator and copyright"
	lostSoftware    loss = "programs and edit history"
	lostCopy        loss = "hidden copies: thumbnails, pictures, film"
	lostGainMap     loss = "HDR gain map"
	lostProfile     loss = "dates and names in the colour profile"
	lostUnknown     loss = "unknown or unused parts"
)

// allLosses is the order in which they are told, the worst first.
var allLosses = []loss{lostPosition, lostPlace, lostPerson, lostTime, lostSerial, lostDevice, lostCopy,
	lostDescription, lostRights, lostSoftware, lostGainMap, lostProfile, lostUnknown}

var categoryLosses = map[metadata.Category]loss{
	metadata.Unknown: lostUnknown, metadata.Location: lostPlace, metadata.Device: lostDevice,
	metadata.Time: lostTime, metadata.Person: lostPerson, metadata.Description: lostDescription,
	metadata.AltText: lostDescription, metadata.Rights: lostRights, metadata.Software: lostSoftware,
	metadata.Thumbnail: lostCopy, metadata.GainMap: lostGainMap,
}

// losses lists what was removed from a file, each once.
func losses(r *sanitize.Report) []loss {
	var all []loss
	seen := map[loss]bool{}
	for _, it := range r.Items {
		l, ok := lossOf(it)
		if ok && !seen[l] {
			seen[l] = true
			all = append(all, l)
		}
	}
	return all
}

func lossOf(it sanitize.Item) (loss, bool) {
	if it.Kept {
		return "", false
	}
	switch {
	case strings.Contains(it.Path, colourProfile):
		return lostProfile, true
	case it.Category == metadata.Location && isPosition(it.Path):
		return lostPosition, true
	case it.Category == metadata.Device && strings.Contains(it.Path, "SerialNumber"):
		return lostSerial, true
	case it.Category == metadata.GainMap && !strings.HasSuffix(it.Path, "/gain-map"):
		return lostSoftware, true // what points to a gain map is none
	}
	l, ok := categoryLosses[it.Category]
	return l, ok
}

func isPosition(path string) bool {
	path = strings.ToLower(path)
	return strings.HasSuffix(path, "latitude") || strings.HasSuffix(path, "longitude") || strings.HasSuffix(path, "longtitude")
}

// fieldWords are what a clean copy says on purpose. Orientation and colour are no news.
var fieldWords = map[metadata.Field]string{
	metadata.Credit: "credit", metadata.Copyright: "copyright", metadata.Creator: "creator",
	metadata.UsageTerms: "usage terms", metadata.LicenseURL: "licence address",
	metadata.AltTextShort: "alt text", metadata.AltTextLong: "alt text",
	metadata.Title: "title", metadata.Headline: "headline", metadata.Caption: "description",
	metadata.Keyword: "keywords", metadata.DateTaken: "date taken", metadata.PersonShown: "names of people shown",
	metadata.Sublocation: "place", metadata.City: "place", metadata.Country: "place",
	metadata.Latitude: "position", metadata.Longitude: "position",
}

// A note is something that a person should be told.
type note struct{ code, text string }

// notes are told in this order. Those of package sanitize are in docs/json.md.
var notes = []note{
	{"gain-map-dropped", "the HDR gain map is gone. The picture looks as before on ordinary screens; on HDR screens it looks less bright. --keep-hdr keeps it."},
	{"c2pa", "content credentials (C2PA) are gone, and with them the proof of where the picture comes from."},
	{"video", "a short film with sound was hidden behind the picture (motion photo); it is gone."},
	{"pictures", "another picture was hidden in the file; it is gone."},
	{"profile-dropped", "the colour profile was damaged and is gone; compare the colours."},
	{"profile-custom", "the colour profile is one of its own, not a common one. Its names are gone, but its numbers can point to a screen or camera."},
	{"profile-added", "an Adobe RGB colour profile was added, as the photo said that it needs one."},
	{"repaired", "the picture was cut off and has been closed; part of it is missing."},
	{"renamed", "the name did not say what the file is, for example photo.png for a JPEG; the copy has the right ending."},
	{"extension-mismatch", "the name does not say what the file is, for example photo.png for a JPEG."},
}

// itemNotes are notes that follow from what was removed.
var itemNotes = []struct{ part, code string }{
	{"/c2pa", "c2pa"}, {"/trailer/video", "video"}, {"/trailer/picture", "pictures"},
}

// leftOutWords are what a folder holds beside photos.
var leftOutWords = []struct{ skip, one, many string }{
	{"copy", "copy of an earlier run (.clean.)", "copies of an earlier run (.clean.)"},
	{"sidecar", "sidecar file", "sidecar files (such as .xmp, .aae)"},
	{"link", "link", "links"},
	{"hidden", "hidden file or folder", "hidden files or folders"},
	{"system", "system file or folder", "system files or folders"},
}

const limitsShort = `What this cannot remove: what can be seen (faces, uniforms, signs, landmarks), traces of the
sensor and of the program in the picture itself, text burned in, invisible watermarks, and
copies that were published before. "mediaveil help limits" says more.
`

// limits is the help topic of that name.
const limits = `Mediaveil removes what a file says about the picture. It does not touch the picture, so
this stays, and somebody has to look before a photo is published:

  What can be seen
    faces, scars, tattoos, uniforms, name tags, school badges, vehicle plates, house numbers,
    signs, landmarks, the skyline, mountains and plants, shadows that tell time and place,
    weather, screens, documents, whiteboards, mirrors, QR codes. A blur can sometimes be undone.
  What is written into the picture
    date stamps, watermarks of apps, printer dots in scanned forms.
  Traces of the camera and the program
    sensor noise, hot pixels, dust and lens errors can tie photos to one camera. Compression
    tables and picture size hint at the model and the app. Making the photo smaller weakens
    this and does not remove it.
  What is hidden in the pixels
    invisible watermarks, marks of AI programs, hidden messages.
  In film and sound
    voices, names that are spoken, bells, dialect, the hum of the mains, gait and clothing.
  Outside of the file
    its name, the names of folders, another copy that was published before, the account, the
    time and the words of the post, what the website adds, and what a search by picture finds.
  That it was cleaned
    a file that says nothing at all shows that a program has been at work.
`
