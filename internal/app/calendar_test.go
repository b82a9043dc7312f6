package app

import (
	"testing"

	"passerelle/internal/domain/ref"
)

// TestWorkingDays compares with days known from the calendars of those years.
func TestWorkingDays(t *testing.T) {
	days := workingDays()
	for day, working := range map[ref.Date]bool{
		"2026-09-22": false, // Independence Day, a Tuesday
		"2026-04-06": false, // Easter Monday
		"2027-03-29": false, "2025-04-21": false, "2038-04-26": false,
		"2026-09-23": true, "2026-04-07": true, "2026-11-21": false, // a Saturday
		"2026-11-20": true, "2027-01-20": false,
	} {
		if days.Working(day) != working {
			t.Errorf("%s: working %t", day, !working)
		}
	}
}
