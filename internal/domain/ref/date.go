package ref

import (
	"time"

	"passerelle/internal/domain/fault"
)

// Date is a civil date in UTC, written YYYY-MM-DD (RFC 3339 full-date). The
// empty Date is "not known". Dates compare correctly as strings.
type Date string

// ParseDate reads YYYY-MM-DD; the empty text is the unknown date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return "", nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return "", fault.New(fault.Invalid, "ref.date")
	}
	return Date(s), nil
}

// DateOf gives the UTC date of an instant; the zero time is unknown.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return ""
	}
	return Date(t.UTC().Format(time.DateOnly))
}

// Known reports whether the date is stated.
func (d Date) Known() bool { return d != "" }

// Time gives midnight UTC of that date; the zero time when unknown.
func (d Date) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// AddDays moves the date by n days; unknown stays unknown.
func (d Date) AddDays(n int) Date {
	if d == "" {
		return ""
	}
	return DateOf(d.Time().AddDate(0, 0, n))
}

// AgeOn gives the completed years between a birth date d and the date on.
// Somebody born on 29 February completes a year on 1 March of common years.
// ok is false when either date is unknown or on lies before d.
func (d Date) AgeOn(on Date) (years int, ok bool) {
	if d == "" || on == "" || on < d {
		return 0, false
	}
	b, o := d.Time(), on.Time()
	years = o.Year() - b.Year()
	if o.Month() < b.Month() || o.Month() == b.Month() && o.Day() < b.Day() {
		years--
	}
	return years, true
}

// Month is a calendar month, written YYYY-MM; empty is unknown.
type Month string

// ParseMonth reads YYYY-MM; the empty text is the unknown month.
func ParseMonth(s string) (Month, error) {
	if s == "" {
		return "", nil
	}
	t, err := time.Parse("2006-01", s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return "", fault.New(fault.Invalid, "ref.month")
	}
	return Month(s), nil
}

// Month gives the calendar month of the date.
func (d Date) Month() Month {
	if d == "" {
		return ""
	}
	return Month(d[:7])
}

// Index counts months since year 0, so that months can be subtracted; -1 when
// the month is unknown.
func (m Month) Index() int {
	t, err := time.Parse("2006-01", string(m))
	if err != nil {
		return -1
	}
	return t.Year()*12 + int(t.Month()) - 1
}
