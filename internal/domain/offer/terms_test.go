package offer_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

func fullTerms() offer.Terms {
	t := soundTerms()
	t.Region, t.EmployerName, t.PayText = "Andalucía", "Obras \"Sol\" SL", "1 500 à 1 700 €"
	t.Pay.Max = 170_000
	t.DaysPerWeek, t.HoursPerWeek = 550, 3750
	t.Benefits = offer.Benefits{Housing: offer.Provided, Meals: offer.NotProvided, Transport: offer.Provided, Insurance: offer.Provided, Flight: offer.Provided}
	t.Costs.Training = offer.ByEmployer
	t.Deductions = []offer.Deduction{{Label: "Logement", Amount: 12_050}}
	t.Education, t.ExperienceMonths, t.MinAge, t.Regulated = 3, 24, 21, true
	t.OptionalSkills, t.Licences = []ref.Skill{"lecture-de-plans"}, []ref.Licence{"permis-b"}
	t.Description = "Ligne 1\nLigne\t2 \u20ac \u2028 \"\\\u0007"
	return t
}

func TestCanonicalForm(t *testing.T) {
	want := `{"benefits":{"flight":"yes","housing":"yes","insurance":"yes","meals":"no","transport":"yes"},"city":"Almería",` +
		`"costs":{"flight":"employer","medical":"employer","training":"employer","visa":"employer"},"country":"ES","daysPerWeek":"5.5",` +
		`"deadline":"2027-01-31","deductions":[{"amount":"120.50","label":"Logement"}],` +
		"\"description\":\"Ligne 1\\nLigne\\t2 \u20ac \u2028 \\\"\\\\\\u0007\"," +
		`"durationMonths":12,"education":3,"employer":"emp_1","employerName":"Obras \"Sol\" SL","experienceMonths":24,"hoursPerWeek":"37.5",` +
		`"kind":"fixed_term","languages":[{"language":"es","level":"A2"}],"licences":["permis-b"],"minAge":21,"occupation":"7112",` +
		`"optionalSkills":["lecture-de-plans"],"pay":{"amount":"1500.00","amountMax":"1700.00","basis":"gross","currency":"EUR","paymentsPerYear":12,"period":"month"},` +
		`"payText":"1 500 à 1 700 €","places":3,"region":"Andalucía","regulated":true,"requiredSkills":["maconnerie"],"start":"2027-03-01","title":"Maçon"}`
	if diff := cmp.Diff(want, string(offer.Canonical(fullTerms()))); diff != "" {
		t.Error(diff)
	}
	if !json.Valid(offer.Canonical(fullTerms())) {
		t.Error("not JSON")
	}
	francs := offer.Terms{Title: "T", Places: 1, Pay: ref.Pay{Min: 450_000, Currency: ref.XOF}}
	if got := string(offer.Canonical(francs)); got != `{"pay":{"amount":"450000","currency":"XOF"},"places":1,"title":"T"}` {
		t.Error(got)
	}
}

// TestCanonicalCoversEveryMember alters each member of the terms in turn.
func TestCanonicalCoversEveryMember(t *testing.T) {
	base := fullTerms()
	typ := reflect.TypeFor[offer.Terms]()
	for i := range typ.NumField() {
		altered := fullTerms()
		reflect.ValueOf(&altered).Elem().Field(i).SetZero()
		if offer.Digest(altered) == offer.Digest(base) {
			t.Errorf("%s is not part of the canonical form", typ.Field(i).Name)
		}
		if changed := offer.ChangedFields(base, altered); len(changed) == 0 {
			t.Errorf("%s: no changed field", typ.Field(i).Name)
		}
	}
	if changed := offer.ChangedFields(base, fullTerms()); changed != nil {
		t.Errorf("equal terms differ in %v", changed)
	}
}

func TestHundredths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 999_999).Draw(t, "n")
		if got, ok := offer.ParseHundredths(offer.Hundredths(n)); !ok || got != n {
			t.Fatalf("%d → %q → %d", n, offer.Hundredths(n), got)
		}
	})
	for in, want := range map[string]int{"37.5": 3750, "40": 4000, "0.25": 25, "": 0, "7.05": 705} {
		if got, ok := offer.ParseHundredths(in); !ok || got != want {
			t.Errorf("%q: %d", in, got)
		}
	}
	for _, in := range []string{"37.", ".5", "37.555", "-1", "1e3", "37,5", " 4", "99999", "."} {
		if _, ok := offer.ParseHundredths(in); ok {
			t.Errorf("%q accepted", in)
		}
	}
}

func TestNormalise(t *testing.T) {
	terms := soundTerms()
	terms.Title, terms.Description, terms.Places = "  Maçon \t qualifié ", "\r\nA\r\nB\n", 0
	terms.Pay.Max = terms.Pay.Min
	terms.RequiredSkills, terms.OptionalSkills = []ref.Skill{"b", "a", "b", ""}, []ref.Skill{"c", "a", "c"}
	terms.Languages = []offer.LanguageNeed{{"fr", ref.A1}, {"es", ref.B1}, {"fr", ref.B2}}
	terms.Deductions = []offer.Deduction{}
	terms.Normalise()
	if terms.Title != "Maçon qualifié" || terms.Description != "A\nB" || terms.Places != 1 || terms.Pay.Max != 0 || terms.Deductions != nil {
		t.Errorf("%+v", terms)
	}
	if !slices.Equal(terms.RequiredSkills, []ref.Skill{"a", "b"}) || !slices.Equal(terms.OptionalSkills, []ref.Skill{"c"}) {
		t.Errorf("skills %v %v", terms.RequiredSkills, terms.OptionalSkills)
	}
	if !slices.Equal(terms.Languages, []offer.LanguageNeed{{"es", ref.B1}, {"fr", ref.B2}}) {
		t.Errorf("languages %v", terms.Languages)
	}
	again := terms
	again.Normalise()
	if diff := cmp.Diff(terms, again); diff != "" {
		t.Error(diff)
	}
}

func TestValidateAccepts(t *testing.T) {
	for _, terms := range []offer.Terms{soundTerms(), {Title: "abc", Places: 1}} {
		if bad := offer.Validate(terms); len(bad) > 0 {
			t.Errorf("%v", bad)
		}
	}
}

func TestValidateRefuses(t *testing.T) {
	for _, c := range []struct {
		pointer, code string
		alter         func(*offer.Terms)
	}{
		{"/title", "required", func(t *offer.Terms) { t.Title = "" }},
		{"/title", "length", func(t *offer.Terms) { t.Title = "a" }},
		{"/title", "length", func(t *offer.Terms) { t.Title = strings.Repeat("é", 201) }},
		{"/title", "text.forbidden", func(t *offer.Terms) { t.Title = "abc\u202edef" }},
		{"/description", "too_long", func(t *offer.Terms) { t.Description = strings.Repeat("é", 20_001) }},
		{"/description", "text.forbidden", func(t *offer.Terms) { t.Description = "a\x00b" }},
		{"/city", "too_long", func(t *offer.Terms) { t.City = strings.Repeat("a", 201) }},
		{"/city", "text.forbidden", func(t *offer.Terms) { t.City = "a\nb" }},
		{"/occupation", "ref.occupation", func(t *offer.Terms) { t.Occupation = "9999" }},
		{"/country", "ref.country", func(t *offer.Terms) { t.Country = "XX" }},
		{"/kind", "ref.kind", func(t *offer.Terms) { t.Kind = "slavery" }},
		{"/education", "ref.education", func(t *offer.Terms) { t.Education = 10 }},
		{"/start", "ref.date", func(t *offer.Terms) { t.Start = "2027-02-30" }},
		{"/deadline", "ref.date", func(t *offer.Terms) { t.Deadline = "soon" }},
		{"/places", "range", func(t *offer.Terms) { t.Places = 10_001 }},
		{"/places", "range", func(t *offer.Terms) { t.Places = -1 }},
		{"/hoursPerWeek", "range", func(t *offer.Terms) { t.HoursPerWeek = 16_801 }},
		{"/daysPerWeek", "range", func(t *offer.Terms) { t.DaysPerWeek = 701 }},
		{"/durationMonths", "range", func(t *offer.Terms) { t.DurationMonths = 601 }},
		{"/durationMonths", "offer.duration.permanent", func(t *offer.Terms) { t.Kind = ref.Permanent }},
		{"/experienceMonths", "range", func(t *offer.Terms) { t.ExperienceMonths = -1 }},
		{"/minAge", "range", func(t *offer.Terms) { t.MinAge = 100 }},
		{"/pay/amountMax", "pay.range", func(t *offer.Terms) { t.Pay.Max = 1 }},
		{"/pay/currency", "ref.currency", func(t *offer.Terms) { t.Pay.Currency = "ZZZ" }},
		{"/costs/workerFee", "ref.amount", func(t *offer.Terms) { t.Costs.WorkerFee = -1 }},
		{"/pay/currency", "required", func(t *offer.Terms) { t.Pay, t.Costs.WorkerFee = ref.Pay{}, 5 }},
		{"/deductions/0/amount", "ref.amount", func(t *offer.Terms) { t.Deductions = []offer.Deduction{{Label: "x"}} }},
		{"/deductions/0/label", "required", func(t *offer.Terms) { t.Deductions = []offer.Deduction{{Amount: 1}} }},
		{"/requiredSkills/0", "offer.code.form", func(t *offer.Terms) { t.RequiredSkills = []ref.Skill{"Bad Skill"} }},
		{"/licences/0", "offer.code.form", func(t *offer.Terms) { t.Licences = []ref.Licence{"x"} }},
		{"/requiredSkills", "too_many", func(t *offer.Terms) { t.RequiredSkills = make([]ref.Skill, 51) }},
		{"/languages/0/language", "ref.language", func(t *offer.Terms) { t.Languages[0].Language = "zz" }},
		{"/languages/0/level", "ref.level", func(t *offer.Terms) { t.Languages[0].Level = 7 }},
		{"/benefits/housing", "offer.benefit", func(t *offer.Terms) { t.Benefits.Housing = "maybe" }},
		{"/costs/visa", "offer.payer", func(t *offer.Terms) { t.Costs.Visa = "state" }},
	} {
		terms := soundTerms()
		c.alter(&terms)
		found := false
		for _, f := range offer.Validate(terms) {
			found = found || f.Pointer == c.pointer && f.Code == c.code
		}
		if !found {
			t.Errorf("%s %s: got %v", c.pointer, c.code, offer.Validate(terms))
		}
	}
}
