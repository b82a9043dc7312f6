package offer_test

import (
	"slices"
	"testing"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// soundTerms are terms the linter has nothing to say about.
func soundTerms() offer.Terms {
	return offer.Terms{
		Title: "Maçon", Description: "Construction de logements en équipe.", Occupation: "7112", Kind: ref.FixedTerm,
		Employer: "emp_1", Country: "ES", City: "Almería", Places: 3, Start: "2027-03-01", DurationMonths: 12,
		HoursPerWeek: 4000, DaysPerWeek: 500,
		Pay:       ref.Pay{Min: 150_000, Currency: ref.EUR, Period: ref.PerMonth, Basis: ref.Gross, PaymentsPerYear: 12},
		Languages: []offer.LanguageNeed{{Language: "es", Level: ref.A2}}, RequiredSkills: []ref.Skill{"maconnerie"},
		Costs:    offer.Costs{Visa: offer.ByEmployer, Flight: offer.ByEmployer, Medical: offer.ByEmployer},
		Deadline: "2027-01-31",
	}
}

func spain() *corridor.Corridor {
	return &corridor.Corridor{Code: "ML-ES", Destination: "ES", MaxHours: 4800,
		Floors: []corridor.Floor{{Prefix: "", EURCents: 118_400}, {Prefix: "71", EURCents: 130_000}}}
}

func soundFacts() offer.Facts {
	return offer.Facts{Terms: soundTerms(), AgencyKind: agency.Private, Corridor: spain(), Employer: employer.Accredited, Today: "2026-11-21"}
}

func TestSoundTermsHaveNoFinding(t *testing.T) {
	if found := offer.Lint(soundFacts()); len(found) > 0 {
		t.Fatalf("findings: %+v", found)
	}
}

func TestLintRules(t *testing.T) {
	for _, c := range []struct {
		name  string
		alter func(*offer.Facts)
		code  string
		block bool
	}{
		{"worker fee", func(f *offer.Facts) { f.Terms.Costs.WorkerFee = 1 }, "lint.fee.worker", true},
		{"worker fee where allowed", func(f *offer.Facts) { f.Terms.Costs.WorkerFee, f.Corridor.WorkerFees = 1, true }, "lint.fee.allowed", false},
		{"training at the worker's cost", func(f *offer.Facts) { f.Terms.Costs.Training = offer.ByWorker }, "lint.cost.training", true},
		{"visa at the worker's cost", func(f *offer.Facts) { f.Terms.Costs.Visa = offer.ByWorker }, "lint.cost.worker", false},
		{"flight at the worker's cost", func(f *offer.Facts) { f.Terms.Costs.Flight = offer.ByWorker }, "lint.cost.worker", false},
		{"medical at the worker's cost", func(f *offer.Facts) { f.Terms.Costs.Medical = offer.ByWorker }, "lint.cost.worker", false},
		{"no pay", func(f *offer.Facts) { f.Terms.Pay = ref.Pay{} }, "lint.pay.missing", true},
		{"no pay, foreign service", func(f *offer.Facts) { f.Terms.Pay, f.AgencyKind = ref.Pay{}, agency.ForeignPublicService }, "lint.pay.missing", false},
		{"net pay", func(f *offer.Facts) { f.Terms.Pay.Basis = ref.Net }, "lint.pay.not_comparable", false},
		{"hourly pay without hours", func(f *offer.Facts) {
			f.Terms.Pay.Period, f.Terms.Pay.Min, f.Terms.HoursPerWeek = ref.PerHour, 1200, 0
		}, "lint.pay.not_comparable", false},
		{"a cent below the floor", func(f *offer.Facts) { f.Terms.Pay.Min = 129_999 }, "lint.pay.below_floor", true},
		{"below the floor, foreign service", func(f *offer.Facts) { f.Terms.Pay.Min, f.AgencyKind = 129_999, agency.ForeignPublicService }, "lint.pay.below_floor", true},
		{"too good", func(f *offer.Facts) { f.Terms.Pay.Min = 1_500_000 }, "lint.pay.unrealistic", false},
		{"a pittance", func(f *offer.Facts) { f.Corridor.Floors, f.Terms.Pay.Min = nil, 900 }, "lint.pay.unrealistic", false},
		{"no hours", func(f *offer.Facts) { f.Terms.HoursPerWeek = 0 }, "lint.hours.missing", true},
		{"no hours, foreign service", func(f *offer.Facts) { f.Terms.HoursPerWeek, f.AgencyKind = 0, agency.ForeignPublicService }, "lint.hours.missing", false},
		{"no hours, national service", func(f *offer.Facts) { f.Terms.HoursPerWeek, f.AgencyKind = 0, agency.PublicNational }, "lint.hours.missing", true},
		{"above the ceiling", func(f *offer.Facts) { f.Terms.HoursPerWeek = 4801 }, "lint.hours.above_ceiling", true},
		{"no duration", func(f *offer.Facts) { f.Terms.DurationMonths = 0 }, "lint.duration.missing", true},
		{"no duration, foreign service", func(f *offer.Facts) { f.Terms.DurationMonths, f.AgencyKind = 0, agency.ForeignPublicService }, "lint.duration.missing", false},
		{"deadline past", func(f *offer.Facts) { f.Terms.Deadline = "2026-11-20" }, "lint.deadline.past", true},
		{"a minor", func(f *offer.Facts) { f.Terms.MinAge = 17 }, "lint.age.minor", true},
		{"no country", func(f *offer.Facts) { f.Terms.Country, f.Corridor = "", nil }, "lint.country.missing", true},
		{"no corridor", func(f *offer.Facts) { f.Corridor = nil }, "lint.corridor.absent", true},
		{"no corridor, foreign service", func(f *offer.Facts) { f.Corridor, f.AgencyKind = nil, agency.ForeignPublicService }, "lint.corridor.absent", true},
		{"suspended corridor", func(f *offer.Facts) { f.Corridor.Suspensions = []corridor.Suspension{{Occupation: "71"}} }, "lint.corridor.suspended", true},
		{"uncoded", func(f *offer.Facts) { f.Terms.Occupation = "" }, "lint.occupation.uncoded", true},
		{"coded to three digits", func(f *offer.Facts) { f.Terms.Occupation = "711" }, "lint.occupation.uncoded", true},
		{"no kind", func(f *offer.Facts) { f.Terms.Kind = "" }, "lint.kind.missing", false},
		{"no employer", func(f *offer.Facts) { f.Terms.Employer, f.Employer = "", "" }, "lint.employer.missing", true},
		{"no employer, foreign service", func(f *offer.Facts) {
			f.Terms.Employer, f.Employer, f.AgencyKind = "", "", agency.ForeignPublicService
		}, "lint.employer.missing", false},
		{"declared employer", func(f *offer.Facts) { f.Employer = employer.Declared }, "lint.employer.not_accredited", true},
		{"unknown employer", func(f *offer.Facts) { f.Employer = "" }, "lint.employer.not_accredited", true},
		{"barred employer", func(f *offer.Facts) { f.Employer = employer.Barred }, "lint.employer.barred", true},
		{"masked contacts", func(f *offer.Facts) { f.Original, f.AgencyKind = "a@exemple.org", agency.ForeignPublicService }, "lint.contact.masked", false},
		{"masked free mail", func(f *offer.Facts) { f.Original, f.AgencyKind = "a@gmail.com", agency.ForeignPublicService }, "lint.contact.free_mail", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			facts := soundFacts()
			c.alter(&facts)
			found := offer.Lint(facts)
			i := slices.IndexFunc(found, func(f offer.Finding) bool { return f.Code == c.code })
			if i < 0 {
				t.Fatalf("want %s, got %v", c.code, codesOf(found))
			}
			if found[i].Blocking != c.block {
				t.Errorf("%s: blocking %v, want %v", c.code, found[i].Blocking, c.block)
			}
		})
	}
}

func TestLintLeavesAlone(t *testing.T) {
	for name, alter := range map[string]func(*offer.Facts){
		"exactly the floor":            func(f *offer.Facts) { f.Terms.Pay.Min = 130_000 },
		"exactly the ceiling":          func(f *offer.Facts) { f.Terms.HoursPerWeek = 4800 },
		"permanent without duration":   func(f *offer.Facts) { f.Terms.Kind, f.Terms.DurationMonths = ref.Permanent, 0 },
		"adults":                       func(f *offer.Facts) { f.Terms.MinAge = 18 },
		"suspension of another kind":   func(f *offer.Facts) { f.Corridor.Suspensions = []corridor.Suspension{{Kind: ref.Seasonal}} },
		"Mali without a corridor":      func(f *offer.Facts) { f.Terms.Country, f.Corridor = "ML", nil },
		"training at the employer's":   func(f *offer.Facts) { f.Terms.Costs.Training = offer.ByEmployer },
		"training where fees are fine": func(f *offer.Facts) { f.Terms.Costs.Training, f.Corridor.WorkerFees = offer.ByWorker, true },
		"no floor, no ceiling":         func(f *offer.Facts) { f.Corridor.Floors, f.Corridor.MaxHours = nil, 0 },
	} {
		facts := soundFacts()
		alter(&facts)
		if found := offer.Lint(facts); len(found) > 0 {
			t.Errorf("%s: %v", name, codesOf(found))
		}
	}
}

func TestBlockingFindingsComeFirst(t *testing.T) {
	facts := soundFacts()
	facts.Terms.Costs.Visa, facts.Terms.MinAge = offer.ByWorker, 15
	found := offer.Lint(facts)
	first, blocked := offer.Blocking(found)
	if !blocked || first.Code != "lint.age.minor" || found[0].Code != first.Code {
		t.Fatalf("findings %v", codesOf(found))
	}
	if warnings := offer.Warnings(found); len(warnings) != 1 || warnings[0].Code != "lint.cost.worker" {
		t.Errorf("warnings %v", codesOf(warnings))
	}
}

func TestMaskContacts(t *testing.T) {
	terms := soundTerms()
	terms.Title, terms.Description = "Maçon – a@exemple.org", "Appelez le +223 76 12 34 56."
	original := offer.MaskContacts(&terms)
	if terms.Title != "Maçon – "+offer.Masked || terms.Description != "Appelez le "+offer.Masked+"." {
		t.Errorf("masked %q %q", terms.Title, terms.Description)
	}
	if original != "Maçon – a@exemple.org\nAppelez le +223 76 12 34 56." {
		t.Errorf("original %q", original)
	}
	if again := offer.MaskContacts(&terms); again != "" {
		t.Errorf("masking twice found %q", again)
	}
}
