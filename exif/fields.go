package exif

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A slot is where a field has its canonical place: the first directory of a kind, and a tag.
type slot struct {
	kind kind
	id   uint16
}

// A reading turns an entry into the values of a field; none when it says nothing usable.
type reading struct {
	field metadata.Field
	read  func(*walker, *entry) []string
}

var readings = map[slot]reading{
	{mainDir, 0x010E}: {metadata.Caption, (*walker).caption},
	{mainDir, 0x0112}: {metadata.Orientation, (*walker).orientation},
	{mainDir, 0x013B}: {metadata.Creator, (*walker).creators},
	{mainDir, 0x8298}: {metadata.Copyright, (*walker).copyright},
	{exifDir, 0x9003}: {metadata.DateTaken, (*walker).dateTaken},
	{exifDir, 0xA001}: {metadata.ColorSpace, (*walker).colorSpace},
	{gpsDir, 0x0002}:  {metadata.Latitude, (*walker).latitude},
	{gpsDir, 0x0004}:  {metadata.Longitude, (*walker).longitude},
}

// fields returns item once for each value that its field has, or nothing. When a tag occurs
// twice in a directory, the first one counts. The first item has the size, so that the sizes
// of all items still add up.
func (w *walker) fields(d directory, e *entry, item metadata.Item) []metadata.Item {
	r, ok := readings[slot{d.kind, e.id}]
	if !ok || d.nth > 0 || e.broken || w.in(d, e.id) != e {
		return nil
	}
	var items []metadata.Item
	item.Field, item.Within = r.field, w.within(d.kind, e)
	for _, value := range r.read(w, e) {
		item.Value = metadata.Secret(value)
		items = append(items, item)
		item.Size = 0
	}
	return items
}

// some is a list without the empty text.
func some(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (w *walker) caption(e *entry) []string { return some(text(e)) }

// orientation accepts the eight values of TIFF 6.0, page 36.
func (w *walker) orientation(e *entry) []string {
	if w.numbers(e) != 1 {
		return nil
	}
	if v := w.number(e, 0); v >= 1 && v <= 8 {
		return some(strconv.FormatInt(v, 10))
	}
	return nil
}

// colorSpace knows Adobe RGB as Windows programs say it (2), and as cameras do: uncalibrated,
// with the DCF option file mark (DCF 2.0, Exif 3.0, 4.6.6).
func (w *walker) colorSpace(e *entry) []string {
	const adobeRGB, uncalibrated = 2, 0xFFFF
	if w.numbers(e) != 1 {
		return nil
	}
	v := w.number(e, 0)
	if v == adobeRGB || v == uncalibrated && text(w.find(interopDir, 0x0001)) == "R03" {
		return some("adobe-rgb")
	}
	return nil
}

// creators splits Artist at ";", as Exif 3.0, 4.6.5 and Windows separate people.
func (w *walker) creators(e *entry) []string { return splitPeople(text(e)) }

// separator stands between the people in Artist.
const separator = "; "

// splitPeople leaves out whoever would not fit into a fresh Artist.
func splitPeople(s string) []string {
	var people []string
	room := maxFieldText + len(separator)
	for one := range strings.SplitSeq(s, ";") {
		one = strings.TrimSpace(one)
		if one == "" {
			continue
		}
		if room -= len(one) + len(separator); room < 0 || len(people) == maxCreators {
			break
		}
		people = append(people, one)
	}
	return people
}

// copyright joins the photographer's and the editor's notice: Exif 3.0, 4.6.5.
func (w *walker) copyright(e *entry) []string {
	if !isText(e) {
		return nil
	}
	parts := strings.SplitN(decode(clip(e.value, maxFieldText)), "\x00", 3)
	var notices []string
	for _, part := range parts[:min(len(parts), 2)] {
		notices = append(notices, some(tidy(part, maxFieldText))...)
	}
	return some(tidy(strings.Join(notices, separator), maxFieldText))
}

// dateTaken joins DateTimeOriginal with its fraction of a second and its offset from UTC,
// where these are given: Exif 3.0, 4.6.6.
func (w *walker) dateTaken(e *entry) []string {
	t, err := time.Parse("2006:01:02 15:04:05", text(e))
	if err != nil {
		return nil
	}
	s := t.Format("2006-01-02T15:04:05")
	if sub := text(w.find(exifDir, 0x9291)); sub != "" && len(sub) <= 9 && strings.Trim(sub, "0123456789") == "" {
		s += "." + sub
	}
	if zone := text(w.find(exifDir, 0x9011)); isZone(zone) {
		s += zone
	}
	return some(s)
}

func isZone(s string) bool {
	if s == "Z" {
		return true
	}
	_, err := time.Parse("-07:00", s)
	return err == nil && len(s) == len("+00:00")
}

func (w *walker) latitude(e *entry) []string {
	return w.coordinate(e, text(w.find(gpsDir, 0x0001)), "N", "S", 90)
}

func (w *walker) longitude(e *entry) []string {
	return w.coordinate(e, text(w.find(gpsDir, 0x0003)), "E", "W", 180)
}

// coordinate returns decimal degrees to seven digits, about a centimetre.
func (w *walker) coordinate(e *entry, ref, plus, minus string, limit float64) []string {
	deg, _, ok := w.degrees(e)
	if !ok || deg > limit {
		return nil
	}
	switch strings.ToUpper(ref) {
	case plus:
	case minus:
		deg = -deg
	default:
		return nil
	}
	const digits = 1e7
	deg = math.Round(deg*digits) / digits
	return some(strconv.FormatFloat(deg+0, 'f', -1, 64)) // +0 makes -0 into 0
}

// degrees adds up degrees, minutes and seconds, and says how fine they were written: the
// smallest step of any of the numbers, in degrees.
func (w *walker) degrees(e *entry) (deg, step float64, ok bool) {
	if e.broken || e.typ != typeRational || e.count < 1 || e.count > 3 {
		return 0, 0, false
	}
	step = math.Inf(1)
	for i, unit := range []float64{1, 1. / 60, 1. / 3600}[:e.count] {
		num, den := w.rational(e, i)
		if den == 0 {
			return 0, 0, false
		}
		deg += unit * num / den
		step = min(step, unit/den)
	}
	return deg, step, true
}

// rational returns the ith unsigned rational of e.
func (w *walker) rational(e *entry, i int) (num, den float64) {
	b := e.value[8*i:]
	return float64(w.order.Uint32(b)), float64(w.order.Uint32(b[4:]))
}

// within returns how near the truth a position is, in metres: the step in which latitude and
// longitude were written, measured along a meridian, and the error that the receiver gives.
func (w *walker) within(k kind, e *entry) float64 {
	const metresPerDegree = 111_194.9 // of a sphere with the mean radius of the Earth, 6,371 km
	if k != gpsDir {
		return 0
	}
	switch e.id {
	case 0x0002, 0x0004:
		if _, step, ok := w.degrees(e); ok {
			return step * metresPerDegree
		}
	case 0x001F:
		if metres, _, ok := w.degrees(e); ok && e.count == 1 {
			return metres
		}
	}
	return 0
}
