package report

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

type files []placement.Card

func (f files) EachPlacement(see func(*placement.Card) bool) {
	for i := range f {
		if !see(&f[i]) {
			return
		}
	}
}

func (f files) AgencyCard(id agency.ID) (agency.Card, bool) {
	return agency.Card{ID: id, Name: "Bureau " + string(id)}, true
}

var (
	day      = 24 * time.Hour
	today    = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	official = account.Actor{Account: "acc_1", Role: account.Official}
)

func service(cards ...placement.Card) *Service {
	return NewService(files(cards), func() time.Time { return today })
}

// walked makes a file that has been in each state for so many days, the last
// one until today.
func walked(id string, stays ...any) placement.Card {
	c := placement.Card{ID: placement.ID(id), Agency: "agy_1", Country: "FR"}
	total := 0
	for i := 1; i < len(stays); i += 2 {
		total += stays[i].(int)
	}
	at := today.Add(-time.Duration(total) * day)
	for i := 0; i < len(stays); i += 2 {
		c.State = stays[i].(placement.State)
		c.Since = at
		c.Steps = append(c.Steps, placement.Step{State: c.State, At: at})
		at = at.Add(time.Duration(stays[i+1].(int)) * day)
	}
	return c
}

func TestOverdueNamesTheLongestLate(t *testing.T) {
	late := walked("pla_late", placement.Opened, 30)
	late.Due, late.Candidate = today.Add(-5*day), "acc_person"
	later := walked("pla_later", placement.Opened, 40)
	later.Due = today.Add(-9 * day)
	fresh := walked("pla_fresh", placement.Opened, 1)
	fresh.Due = today.Add(day)
	abroad := walked("pla_abroad", placement.Opened, 1, placement.InPost, 400)
	lines, err := service(late, fresh, later, abroad).Overdue(context.Background(), official, Filter{})
	if err != nil || len(lines) != 1 {
		t.Fatal(lines, err)
	}
	l := lines[0]
	if l.State != placement.Opened || l.Owner != account.Agency || l.Running != 3 || l.Late != 2 || l.Oldest != 9*day {
		t.Errorf("%+v", l)
	}
	if l.Files[0].ID != "pla_later" || l.Files[1].ID != "pla_late" || l.Files[1].Candidate != "" {
		t.Errorf("%+v", l.Files)
	}
}

// TestOverdueNamesTen: a line names the ten that are late the longest, and
// counts all.
func TestOverdueNamesTen(t *testing.T) {
	var cards []placement.Card
	for n := range 12 {
		late := walked(string(rune('a'+n)), placement.Opened, 30)
		late.Due = today.Add(-time.Duration(n+1) * day)
		cards = append(cards, late)
	}
	lines, err := service(cards...).Overdue(context.Background(), official, Filter{})
	if err != nil || len(lines) != 1 || lines[0].Late != 12 || len(lines[0].Files) != 10 || lines[0].Files[9].ID != "c" {
		t.Errorf("%+v %v", lines, err)
	}
}

func TestDurations(t *testing.T) {
	var cards []placement.Card
	for n := 1; n <= 10; n++ {
		cards = append(cards, walked("pla", placement.Opened, n, placement.ContractProposed, 2))
	}
	lines, err := service(cards...).Durations(context.Background(), official, Filter{})
	if err != nil || len(lines) != 1 {
		t.Fatal(lines, err)
	}
	if l := lines[0]; l.State != placement.Opened || l.Count != 10 || l.Median != 5*day || l.P90 != 9*day {
		t.Errorf("%+v", l)
	}
}

func TestOutcomesOfAgencies(t *testing.T) {
	done := walked("pla_1", placement.Opened, 1, placement.Departed, 1, placement.InPost, 1, placement.Completed, 1, placement.Returned, 1)
	early := walked("pla_2", placement.Opened, 1, placement.Departed, 1, placement.EndedEarly, 1)
	early.Cause = "non_payment"
	running := walked("pla_3", placement.Opened, 1)
	cancelled := walked("pla_4", placement.Opened, 1, placement.Cancelled, 1)
	other := walked("pla_5", placement.Opened, 1, placement.Departed, 1, placement.InPost, 1, placement.Completed, 1)
	other.Agency = "agy_2"
	lines, err := service(done, early, running, cancelled, other).Outcomes(context.Background(), official, Filter{})
	if err != nil || len(lines) != 2 {
		t.Fatal(lines, err)
	}
	want := Outcome{Agency: "agy_1", Name: "Bureau agy_1", Ended: 2, Completed: 1, Early: 1, Breach: 1, Cancelled: 1, Running: 1, Low: 945, High: 9055}
	if lines[0] != want {
		t.Errorf("%+v", lines[0])
	}
	if lines[1].Agency != "agy_2" || lines[1].Completed != 1 || lines[1].High != 10_000 {
		t.Errorf("%+v", lines[1])
	}
}

// TestWilsonKnownValues compares with published examples of the interval.
func TestWilsonKnownValues(t *testing.T) {
	for _, c := range []struct{ hits, n, low, high int }{
		{0, 10, 0, 2776}, {10, 10, 7224, 10_000}, {81, 263, 2552, 3663}, {1, 29, 61, 1718},
	} {
		low, high := wilson(c.hits, c.n)
		if abs(low-c.low) > 1 || abs(high-c.high) > 1 {
			t.Errorf("%d of %d: %d–%d, want %d–%d", c.hits, c.n, low, high, c.low, c.high)
		}
	}
}

func TestWilsonHoldsTheShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(t, "n")
		hits := rapid.IntRange(0, n).Draw(t, "hits")
		low, high := wilson(hits, n)
		if share := 10_000 * hits / n; low > share || high < share || low < 0 || high > 10_000 {
			t.Errorf("%d of %d: %d–%d", hits, n, low, high)
		}
	})
}

func TestCostsOfCorridors(t *testing.T) {
	file := func(country ref.Country, paid, pay int64) placement.Card {
		c := walked("pla", placement.Opened, 1, placement.Departed, 1)
		c.Country, c.WorkerPaid, c.MonthlyPay, c.PayKnown = country, paid, pay, pay > 0
		return c
	}
	free, unsaid := file("IT", 0, 0), file("IT", 100, 0) // no pay to divide by, and one that is not to be told
	free.PayKnown, unsaid.MonthlyPay = true, 50_000
	if lines, err := service(free, unsaid).Costs(context.Background(), official, Filter{}); err != nil || len(lines) != 1 || lines[0].Known != 0 || lines[0].MeanRatio != 0 {
		t.Errorf("%+v %v", lines, err)
	}
	atHome := walked("pla", placement.Opened, 1)
	atHome.Country, atHome.WorkerPaid = "SA", 500_000
	lines, err := service(file("SA", 60_000, 30_000), file("SA", 0, 40_000), file("SA", 90_000, 0), file("FR", 0, 180_000), atHome).
		Costs(context.Background(), official, Filter{})
	if err != nil || len(lines) != 2 {
		t.Fatal(lines, err)
	}
	want := Cost{Country: "SA", People: 3, Paid: 2, MedianCents: 60_000, MeanCents: 50_000, Known: 2, MedianRatio: 0, MeanRatio: 100}
	if lines[0] != want {
		t.Errorf("%+v", lines[0])
	}
	if lines[1].Country != "FR" || lines[1].Paid != 0 || lines[1].MeanRatio != 0 || lines[1].Known != 1 {
		t.Errorf("%+v", lines[1])
	}
}

func TestFilters(t *testing.T) {
	a := walked("pla_1", placement.Opened, 10, placement.Departed, 1)
	b := walked("pla_2", placement.Opened, 50, placement.Departed, 1)
	b.Country = "ES"
	s := service(a, b)
	count := func(f Filter) int {
		lines, err := s.Durations(context.Background(), official, f)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, l := range lines {
			n += l.Count
		}
		return n
	}
	for name, c := range map[string]struct {
		filter Filter
		want   int
	}{
		"all": {Filter{}, 2}, "country": {Filter{Country: "ES"}, 1}, "agency": {Filter{Agency: "agy_9"}, 0},
		"from": {Filter{From: "2026-05-01"}, 1}, "until": {Filter{Until: "2026-05-01"}, 1},
		"the day itself": {Filter{From: a.OpenedOn(), Until: a.OpenedOn()}, 1}, "the days around it": {Filter{From: a.OpenedOn().AddDays(1), Until: b.OpenedOn().AddDays(60)}, 0},
	} {
		if got := count(c.filter); got != c.want {
			t.Errorf("%s: %d files, want %d", name, got, c.want)
		}
	}
}

func TestReportsAreForOfficials(t *testing.T) {
	s := service()
	ctx := context.Background()
	for _, role := range []account.Role{account.Anonymous, account.Candidate, account.Agency, account.Admin, account.Observer} {
		actor := account.Actor{Account: "acc_2", Role: role}
		_, overdue := s.Overdue(ctx, actor, Filter{})
		_, durations := s.Durations(ctx, actor, Filter{})
		_, outcomes := s.Outcomes(ctx, actor, Filter{})
		_, costs := s.Costs(ctx, actor, Filter{})
		for _, err := range []error{overdue, durations, outcomes, costs} {
			if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%s: %v", role, err)
			}
		}
	}
	if _, err := s.Costs(context.Background(), official, Filter{From: "2026-02-01", Until: "2026-01-01"}); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

func abs(n int) int { return max(n, -n) }
