package consent

import (
	"errors"
	"regexp"
	"time"
)

// A Date is a calendar day without a zone. The zero Date is no day at all.
type Date struct{ days int32 } // days since 0000-01-01, plus one, so that zero is free

var dayOne = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)

const secondsPerDay = 24 * 60 * 60

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	utc := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return Date{int32((utc.Unix()-dayOne.Unix())/secondsPerDay) + 1}
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, false
	}
	return dateOf(t), true
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d.days == 0 }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.days < e.days }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.days > e.days }

// AddDays returns the day that many days later.
func (d Date) AddDays(n int) Date { return Date{d.days + int32(n)} }

// AddYears returns the same day that many years later; 29 February becomes 28 February.
func (d Date) AddYears(n int) Date {
	y, m, day := d.utc().Date()
	if m == time.February && day == 29 && !leap(y+n) {
		day = 28
	}
	return dateOf(time.Date(y+n, m, day, 0, 0, 0, 0, time.UTC))
}

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func (d Date) utc() time.Time { return dayOne.AddDate(0, 0, int(d.days)-1) }

// String returns YYYY-MM-DD, or nothing for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// Start returns the first instant of d in the zone. Where clocks skip midnight that is the
// instant of the change, and where they repeat it, the first of the two.
func (d Date) Start(zone *time.Location) time.Time {
	y, m, day := d.utc().Date()
	t := time.Date(y, m, day, 0, 0, 0, 0, zone)
	if dateOf(t).Before(d) { // midnight was skipped, and t was read with the new offset
		if _, end := t.ZoneBounds(); !end.IsZero() {
			return end
		}
		return t
	}
	begin, _ := t.ZoneBounds()
	if begin.IsZero() {
		return t
	}
	_, before := begin.Add(-time.Second).Zone()
	_, after := t.Zone()
	first := t.Add(time.Duration(after-before) * time.Second)
	if first.Before(begin) && dateOf(first) == d {
		return first
	}
	return t
}

var instantForm = regexp.MustCompile(
	`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$`)

// ParseInstant reads an RFC 3339 instant with an offset. A leap second, which the schema
// allows, is the second after the one before it.
func ParseInstant(s string) (time.Time, bool) {
	if !instantForm.MatchString(s) {
		return time.Time{}, false
	}
	leap := time.Duration(0)
	if s[17:19] == "60" {
		s, leap = s[:17]+"59"+s[19:], time.Second
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, false
	}
	return t.Add(leap), true
}

// MarshalText returns YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Date) UnmarshalText(text []byte) error {
	got, ok := ParseDate(string(text))
	if !ok {
		return errors.New("consent: not a date")
	}
	*d = got
	return nil
}
