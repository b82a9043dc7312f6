package placement_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

func snapshot(t offer.Terms) offer.Snapshot {
	return offer.Snapshot{Terms: t, PublishedAt: time.Date(2026, 11, 13, 0, 0, 0, 0, time.UTC)}
}

func lineOf(t interface{ Fatalf(string, ...any) }, lines []placement.Line, field string) placement.Line {
	for _, l := range lines {
		if l.Field == field {
			return l
		}
	}
	t.Fatalf("no line %q", field)
	return placement.Line{}
}

func TestCompareFieldByField(t *testing.T) {
	eur := func(amount int64, period ref.Period) ref.Pay {
		return ref.Pay{Min: amount, Currency: ref.EUR, Period: period, Basis: ref.Gross}
	}
	for _, c := range []struct {
		name, field string
		offer       func(*offer.Terms)
		found       func(*offer.Terms)
		verdict     placement.Verdict
		blocking    bool
	}{
		{"less pay", "pay", nil, func(x *offer.Terms) { x.Pay.Min = 170000 }, placement.Worse, true},
		{"more pay", "pay", nil, func(x *offer.Terms) { x.Pay.Min = 190000 }, placement.Better, false},
		{"the same by the year", "pay", nil, func(x *offer.Terms) { x.Pay = eur(2160000, ref.PerYear) }, placement.Same, false},
		{"less by the hour", "pay", nil, func(x *offer.Terms) { x.Pay = eur(1000, ref.PerHour) }, placement.Worse, true},
		{"in another currency", "pay", nil, func(x *offer.Terms) {
			x.Pay = ref.Pay{Min: 1_181_400, Currency: "XOF", Period: ref.PerMonth, Basis: ref.Gross}
		}, placement.Better, false},
		{"net instead of gross", "pay", nil, func(x *offer.Terms) { x.Pay.Basis = ref.Net }, placement.Unclear, true},
		{"less, both net", "pay", func(x *offer.Terms) { x.Pay.Basis = ref.Net }, func(x *offer.Terms) { x.Pay.Min = 1 }, placement.Worse, true},
		{"no pay", "pay", nil, func(x *offer.Terms) { x.Pay = ref.Pay{} }, placement.Missing, true},
		{"pay where the offer was silent", "pay", func(x *offer.Terms) { x.Pay = ref.Pay{} }, func(x *offer.Terms) { x.Pay = eur(150000, ref.PerMonth) }, placement.Better, false},
		{"the same words", "pay", func(x *offer.Terms) { x.Pay, x.PayText = ref.Pay{}, "selon grille" }, nil, placement.Same, false},
		{"the same pay of which no month can be made", "pay", func(x *offer.Terms) { x.Pay, x.HoursPerWeek = eur(1200, ref.PerHour), 0 }, nil, placement.Same, false},
		{"more hours", "hoursPerWeek", nil, func(x *offer.Terms) { x.HoursPerWeek = 4800 }, placement.Worse, true},
		{"no hours", "hoursPerWeek", nil, func(x *offer.Terms) { x.HoursPerWeek = 0 }, placement.Missing, true},
		{"a day more", "daysPerWeek", nil, func(x *offer.Terms) { x.DaysPerWeek = 600 }, placement.Worse, false},
		{"shorter", "durationMonths", nil, func(x *offer.Terms) { x.DurationMonths = 6 }, placement.Worse, true},
		{"for good", "durationMonths", nil, func(x *offer.Terms) { x.Kind, x.DurationMonths = ref.Permanent, 0 }, placement.Better, false},
		{"no longer for good", "durationMonths", func(x *offer.Terms) { x.Kind, x.DurationMonths = ref.Permanent, 0 },
			func(x *offer.Terms) { x.Kind, x.DurationMonths = ref.FixedTerm, 24 }, placement.Worse, true},
		{"another country", "country", nil, func(x *offer.Terms) { x.Country = "PT" }, placement.Worse, true},
		{"another city", "city", nil, func(x *offer.Terms) { x.City = "Huelva" }, placement.Unclear, false},
		{"the city in capitals", "city", nil, func(x *offer.Terms) { x.City = "ALMERIA" }, placement.Same, false},
		{"another occupation", "occupation", nil, func(x *offer.Terms) { x.Occupation = "9313" }, placement.Worse, true},
		{"another employer", "employer", nil, func(x *offer.Terms) { x.Employer = "emp_2" }, placement.Worse, true},
		{"the employer by name", "employer", func(x *offer.Terms) { x.Employer = "" }, func(x *offer.Terms) { x.Employer = "emp_1" }, placement.Same, false},
		{"no housing", "benefits.housing", nil, func(x *offer.Terms) { x.Benefits.Housing = offer.NotProvided }, placement.Worse, true},
		{"nothing about housing", "benefits.housing", nil, func(x *offer.Terms) { x.Benefits.Housing = "" }, placement.Missing, true},
		{"meals on top", "benefits.meals", nil, func(x *offer.Terms) { x.Benefits.Meals = offer.Provided }, placement.Better, false},
		{"a deduction", "deductions", nil, func(x *offer.Terms) { x.Deductions = []offer.Deduction{{Label: "Logement", Amount: 20000}} }, placement.Worse, true},
		{"a smaller deduction", "deductions", func(x *offer.Terms) { x.Deductions = []offer.Deduction{{Label: "Logement", Amount: 20000}} },
			func(x *offer.Terms) { x.Deductions[0].Amount = 10000 }, placement.Better, false},
		{"the visa at the worker's charge", "costs.visa", nil, func(x *offer.Terms) { x.Costs.Visa = offer.ByWorker }, placement.Worse, true},
		{"nothing about the flight", "costs.flight", nil, func(x *offer.Terms) { x.Costs.Flight = "" }, placement.Missing, true},
		{"a fee", "costs.workerFee", nil, func(x *offer.Terms) { x.Costs.WorkerFee = 1 }, placement.Worse, true},
		{"later", "start", nil, func(x *offer.Terms) { x.Start = "2027-05-01" }, placement.Worse, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			offered := promised()
			if c.offer != nil {
				c.offer(&offered)
			}
			found := offered
			found.Deductions = append([]offer.Deduction(nil), offered.Deductions...)
			if c.found != nil {
				c.found(&found)
			}
			l := lineOf(t, placement.Compare(snapshot(offered), found), c.field)
			if l.Verdict != c.verdict || l.Blocking() != c.blocking {
				t.Errorf("got %+v, want %s, blocking %v", l, c.verdict, c.blocking)
			}
		})
	}
}

// drawTerms gives terms as an offer or a contract may state them.
func drawTerms(t *rapid.T) offer.Terms {
	pick := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
	yes := func(label string) offer.Benefit { return offer.Benefit(pick(label, "", "yes", "no")) }
	payer := func(label string) offer.Payer { return offer.Payer(pick(label, "", "employer", "worker")) }
	x := offer.Terms{
		Title: "Poste", Occupation: ref.Occupation(pick("occupation", "7112", "9313")), Kind: ref.WorkKind(pick("kind", "", "fixed_term", "seasonal", "permanent")),
		Employer: pick("employer", "", "emp_1", "emp_2"), EmployerName: pick("name", "", "Obras"), Country: ref.Country(pick("country", "ES", "FR")),
		City: pick("city", "", "Almería"), Places: 1, Start: ref.Date(pick("start", "", "2027-03-01")),
		DurationMonths: rapid.IntRange(0, 24).Draw(t, "months"), HoursPerWeek: 100 * rapid.IntRange(0, 60).Draw(t, "hours"),
		DaysPerWeek: 100 * rapid.IntRange(0, 6).Draw(t, "days"),
		Benefits:    offer.Benefits{Housing: yes("housing"), Meals: yes("meals"), Flight: yes("flight")},
		Costs:       offer.Costs{Visa: payer("visa"), Flight: payer("costFlight"), WorkerFee: int64(rapid.IntRange(0, 2).Draw(t, "fee"))},
	}
	if rapid.Bool().Draw(t, "paid") {
		x.Pay = ref.Pay{Min: rapid.Int64Range(1, 400000).Draw(t, "pay"), Currency: ref.Currency(pick("currency", "EUR", "XOF", "MAD")),
			Period: rapid.SampledFrom(ref.Periods()).Draw(t, "period"), Basis: rapid.SampledFrom(ref.Bases()).Draw(t, "basis")}
		x.Deductions = []offer.Deduction{{Label: "Logement", Amount: rapid.Int64Range(1, 500).Draw(t, "deduction")}}
	}
	if x.Kind == ref.Permanent {
		x.DurationMonths = 0
	}
	x.Normalise()
	return x
}

func TestAContractEqualToTheOfferIsAllTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := drawTerms(t)
		for _, l := range placement.Compare(snapshot(terms), terms) {
			if !l.Equal() || l.Offered != l.Found {
				t.Fatalf("%+v", l)
			}
		}
	})
}

func TestMorePayIsNeverWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offered := drawTerms(t)
		found := offered
		found.Pay.Min += rapid.Int64Range(0, 100000).Draw(t, "more")
		if !offered.Pay.Known() {
			return
		}
		if l := lineOf(t, placement.Compare(snapshot(offered), found), "pay"); l.Verdict != placement.Same && l.Verdict != placement.Better {
			t.Fatalf("%+v", l)
		}
	})
}

// TestSwappingTheSidesSwapsTheVerdict holds for every field that has an order.
func TestSwappingTheSidesSwapsTheVerdict(t *testing.T) {
	opposite := map[placement.Verdict]placement.Verdict{placement.Same: placement.Same, placement.Better: placement.Worse,
		placement.Worse: placement.Better, placement.Unclear: placement.Unclear}
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawTerms(t), drawTerms(t)
		there, back := placement.Compare(snapshot(a), b), placement.Compare(snapshot(b), a)
		for _, field := range []string{"pay", "hoursPerWeek", "daysPerWeek", "durationMonths", "deductions", "costs.workerFee"} {
			l, r := lineOf(t, there, field), lineOf(t, back, field)
			if taken := field == "deductions" || field == "costs.workerFee"; !taken && (l.Offered == "" || l.Found == "") {
				continue // silence is missing on one side and nothing lost on the other
			}
			if r.Verdict != opposite[l.Verdict] {
				t.Fatalf("%s: %+v and back %+v", field, l, r)
			}
		}
	})
}
