package app

import (
	"fmt"
	"time"

	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// The years for which the ministry's working days are known.
const (
	firstYear = 2024
	lastYear  = 2040
)

// workingDays is the ministry's calendar: the legal holidays of Mali that have
// a fixed day (Act 05-040 of 22 July 2005), Easter Monday, and the feasts that
// follow the moon as far as the table of package ref estimates them; these are
// fixed by decree each year and to be confirmed by the ministry.
func workingDays() placement.Calendar {
	var days []ref.Date
	for year := firstYear; year <= lastYear; year++ {
		for _, day := range []string{"01-01", "01-20", "03-26", "05-01", "05-25", "09-22", "12-25"} {
			days = append(days, ref.Date(fmt.Sprintf("%d-%s", year, day)))
		}
		days = append(days, easterMonday(year))
	}
	for _, h := range ref.Holidays() {
		days = append(days, h.Day)
	}
	return placement.NewCalendar(days...)
}

// easterMonday computes the day after Easter in the Gregorian calendar (the
// method of Meeus, Jones and Butcher).
func easterMonday(year int) ref.Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return ref.DateOf(time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)).AddDays(1)
}
