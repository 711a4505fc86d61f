package xmp

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// clean returns s as a value: valid UTF-8, without the characters that XML 1.0 (section
// 2.2) does not allow, lines ended by a line feed, no white space around, and at most
// limit bytes. Cleaning twice changes nothing.
func clean(s string, limit int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.TrimSpace(strings.Map(allowed, s))
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.TrimSpace(s[:limit])
}

func allowed(c rune) rune {
	switch {
	case c == '\r':
		return '\n'
	case c < ' ' && c != '\t' && c != '\n', c == 0xFFFE, c == 0xFFFF:
		return -1
	}
	return c
}

// dashed returns a date and time as Exif writes it, or with a space between, in the form
// of XMP: some programs copy "2026:01:31 14:05:09" as it is.
func dashed(s string) string {
	if len(s) < len("2026-01-31 14:05") || s[10] != ' ' {
		return s
	}
	day := s[:10]
	if s[4] == ':' && s[7] == ':' {
		day = s[:4] + "-" + s[5:7] + "-" + s[8:10]
	}
	return day + "T" + s[11:]
}

// dates are the shapes of an XMP date (ISO 16684-1 section 8.2.1.1), 0 for a digit. A zone
// and, after seconds, a fraction may follow a time.
var dates = []string{"0000", "0000-00", "0000-00-00", "0000-00-00T00:00", "0000-00-00T00:00:00"}

// isDate reports whether s is an XMP date. It looks at its shape, not at the calendar.
func isDate(s string) bool {
	day, clock, timed := strings.Cut(s, "T")
	if timed {
		i := strings.IndexAny(clock, "Z+-")
		if i >= 0 && !isZone(clock[i:]) {
			return false
		}
		if i >= 0 {
			clock = clock[:i]
		}
		clock, i := cutFraction(clock)
		if i > 9 || i == 0 {
			return false
		}
		s = day + "T" + clock
	}
	for _, d := range dates {
		if hasShape(s, d) {
			return true
		}
	}
	return false
}

// cutFraction returns a time without the fraction of its seconds, and how many digits that
// has; -1 when there is none and 0 when it is wrong.
func cutFraction(clock string) (string, int) {
	whole, fraction, ok := strings.Cut(clock, ".")
	switch {
	case !ok:
		return clock, -1
	case !hasShape(whole, "00:00:00") || strings.Trim(fraction, "0123456789") != "":
		return clock, 0
	}
	return whole, len(fraction)
}

func isZone(s string) bool {
	return s == "Z" || hasShape(s, "+00:00") || hasShape(s, "-00:00")
}

func hasShape(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := range len(s) {
		digit := shape[i] == '0' && s[i] >= '0' && s[i] <= '9'
		if !digit && (shape[i] == '0' || s[i] != shape[i]) {
			return false
		}
	}
	return true
}

// degreeMetres is how long a degree is along a great circle, and so at least as long as a
// degree of longitude anywhere.
const degreeMetres = 40_030_000.0 / 360

// parseAngle reads a coordinate (XMP specification part 2, GPSCoordinate: "36,12.3456N" or
// "36,12,20N") as decimal degrees, with the unit of its last digit in metres. plus and
// minus are the letters of its two directions.
func parseAngle(s string, most float64, plus, minus byte) (value string, within float64, ok bool) {
	if len(s) < 2 || len(s) > 64 || s[len(s)-1] != plus && s[len(s)-1] != minus {
		return "", 0, false
	}
	parts := strings.Split(s[:len(s)-1], ",")
	if len(parts) > 3 {
		return "", 0, false
	}
	degrees, unit := 0.0, 1.0
	for i, part := range parts {
		part = strings.TrimSpace(part)
		whole, fraction, broken := strings.Cut(part, ".")
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || whole == "" || strings.Trim(whole+fraction, "0123456789") != "" ||
			broken && i < len(parts)-1 || i > 0 && v >= 60 {
			return "", 0, false
		}
		degrees += v * unit
		within = unit * degreeMetres * math.Pow10(-len(fraction))
		unit /= 60
	}
	if degrees > most {
		return "", 0, false
	}
	if s[len(s)-1] == minus {
		degrees = -degrees
	}
	return decimal(degrees), within, true
}

// decimal writes degrees to a centimetre.
func decimal(degrees float64) string {
	s := strconv.FormatFloat(degrees, 'f', 7, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// formatAngle is parseAngle backwards, with six digits of a minute, which is 2 mm.
func formatAngle(s string, most float64, plus, minus byte) (string, bool) {
	degrees, err := strconv.ParseFloat(s, 64)
	if err != nil || !(math.Abs(degrees) <= most) {
		return "", false
	}
	const minute = 1_000_000
	n, side := int64(math.Round(math.Abs(degrees)*60*minute)), plus
	if degrees < 0 && n > 0 {
		side = minus
	}
	return fmt.Sprintf("%d,%d.%06d%c", n/(60*minute), n/minute%60, n%minute, side), true
}
