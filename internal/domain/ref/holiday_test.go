package ref

import (
	"testing"
	"time"

	"passerelle/internal/domain/fault"
)

// hijri gives the day of a date of the tabular (civil) Hijri calendar.
func hijri(year, month, day int) Date {
	days := day + (59*(month-1)+1)/2 + (year-1)*354 + (3+11*year)/30
	return DateOf(time.Date(622, 7, 18, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days))
}

// TestHolidaysFollowTheirRules works the whole table out again.
func TestHolidaysFollowTheirRules(t *testing.T) {
	got := map[Date]Certainty{}
	for _, h := range Holidays() {
		if got[h.Day] = h.Certainty; h.Name(French) == "" || h.Name(English) == "" || h.Day < "2025-01-01" || h.Day > "2028-12-31" {
			t.Errorf("%+v", h)
		}
	}
	want := map[Date]Certainty{"2025-04-21": EasterDay, "2026-04-06": EasterDay, "2027-03-29": EasterDay, "2028-04-17": EasterDay}
	for _, year := range []string{"2025", "2026", "2027", "2028"} {
		for _, day := range []string{"01-01", "01-20", "03-26", "05-01", "05-25", "09-22", "12-25"} {
			want[Date(year+"-"+day)] = FixedDay
		}
	}
	for year := 1446; year <= 1450; year++ {
		for _, feast := range [][2]int{{10, 1}, {12, 10}, {3, 12}, {3, 19}} {
			if day := hijri(year, feast[0], feast[1]); day >= "2025" && day < "2029" {
				want[day] = Estimated
			}
		}
	}
	for day, certainty := range want {
		if got[day] != certainty {
			t.Errorf("%s is %q, want %q", day, got[day], certainty)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d holidays, want %d", len(got), len(want))
	}
}

func TestHolidayTablesAreChecked(t *testing.T) {
	list, err := ParseHolidays("# décret\n\n2026-03-21\tfixed\tKorité\tKorité\n")
	if err != nil || len(list) != 1 || list[0].Day != "2026-03-21" {
		t.Fatalf("%v %v", list, err)
	}
	for _, bad := range []string{"2026-13-01\tfixed\ta\tb", "2026-01-01\tmaybe\ta\tb", "2026-01-01\tfixed\ta", "2026-01-01\tfixed\t\tb", "\tfixed\ta\tb",
		"2026-01-02\tfixed\ta\tb\n2026-01-01\tfixed\ta\tb", "2026-01-01\tfixed\ta\tb\n2026-01-01\tfixed\ta\tb"} {
		if _, err := ParseHolidays(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
