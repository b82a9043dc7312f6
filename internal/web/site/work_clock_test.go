package site

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
)

// TestClocksOfTheQueue: what waits says for how long, and when it is too late.
func TestClocksOfTheQueue(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", "/travail", ref.French)
	v = v.as(account.Official)
	for _, tc := range []struct {
		hours, days int // since when, and within how many working days
		age, clock  string
		late        bool
	}{
		{0, 5, "aujourd’hui", "6 jours restants", false}, {24, 5, "depuis 1 jour", "6 jours restants", false}, {240, 5, "depuis 10 jours", "2 jours de retard", true}, {72, 0, "depuis 3 jours", "", false},
	} {
		lines := []waitLine{{Since: testNow.Add(-time.Duration(tc.hours) * time.Hour)}}
		v.limit(&lines[0], tc.days)
		v.timed(lines)
		if l := lines[0]; l.Age != tc.age || l.Clock != tc.clock || l.Late != tc.late {
			t.Errorf("%d hours: %q, %q, late %v", tc.hours, l.Age, l.Clock, l.Late)
		}
	}
	var all []waitLine
	for i := range 2*queueSize + 3 {
		all = append(all, waitLine{Href: strconv.Itoa(i), Since: testNow.Add(-time.Duration(i) * time.Minute)})
	}
	seen, after := 0, ""
	for turns := 0; turns < 4; turns++ {
		page, total, next := oldest(slices.Clone(all), after)
		if total != len(all) || page[0].Href != strconv.Itoa(len(all)-1-seen) {
			t.Fatalf("page %d begins with %s of %d", turns, page[0].Href, total)
		}
		if seen += len(page); next == "" {
			break
		}
		after = next
	}
	if seen != len(all) {
		t.Errorf("%d of %d lines are shown", seen, len(all))
	}
}
