package match

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"passerelle/internal/domain/ref"
)

// TestExplanationAddsUp: contributions sum to the score, gates agree with the
// definition, and a gate holds exactly when all its comparisons do.
func TestExplanationAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, p, w := drawOffer(t), drawProfile(t), drawWeights(t)
		d := rapid.SampledFrom([]Direction{ToOffers, ToProfiles}).Draw(t, "direction")
		e, r := Explain(&o, p, w, d, someDay), Evaluate(&o, p, w, someDay)
		sum := int64(0)
		for _, c := range e.Components {
			sum += c.Contribution
		}
		if sum != e.Score || e.Score != r.Score || e.Eligible != r.EligibleIn(d) || e.Weights != w.Version() {
			t.Fatalf("sum %d, score %d and %d", sum, e.Score, r.Score)
		}
		if len(e.Gates) != GateCount-1+int(d) {
			t.Fatalf("%d gates in direction %d", len(e.Gates), d)
		}
		for i, g := range e.Gates {
			all := true
			for _, c := range g.Compared {
				all = all && c.Holds
			}
			if g.Code != Gates()[i] || g.Holds != r.Gates[i].Holds || g.Holds != all {
				t.Fatalf("gate %+v, definition %+v", g, r.Gates[i])
			}
		}
		skillsAddUp(t, &o, p, e.Components[1].Facts)
	})
}

// skillsAddUp checks that every skill named or had stands in exactly one fact.
func skillsAddUp(t *rapid.T, o *Offer, p *Profile, facts []Fact) {
	where := map[string]FactCode{}
	for _, f := range facts {
		for _, v := range f.Values {
			if where[v.Code] != "" || v.Type != SkillValue {
				t.Fatalf("%s is in %s and %s", v.Code, where[v.Code], f.Code)
			}
			where[v.Code] = f.Code
		}
	}
	expect := func(list []ref.Skill, had, not FactCode) {
		for _, s := range list {
			want := not
			if holdsAll([]ref.Skill{s}, p.Skills) {
				want = had
			}
			if where[string(s)] != want {
				t.Fatalf("%s is in %q, want %s", s, where[string(s)], want)
			}
			delete(where, string(s))
		}
	}
	expect(o.RequiredSkills, FactMatched, FactMissing)
	expect(o.OptionalSkills, FactMatchedOptional, FactMissingOptional)
	for s, code := range where {
		if code != FactExtra || !holdsAll([]ref.Skill{ref.Skill(s)}, p.Skills) {
			t.Fatalf("%s is in %s", s, code)
		}
	}
}

func TestExplanationInWords(t *testing.T) {
	o, p := weldingJob(), welder()
	o.Deadline, p.Education, p.Languages[0].Level, p.Licences = "2026-02-01", 5, ref.A1, nil
	e := Explain(&o, &p, DefaultWeights(), ToProfiles, someDay)
	gates := map[GateCode][]Comparison{
		OfferOpen: {{Want: state("open"), Have: []Value{state("open")}, Holds: true},
			{Want: Value{Type: DateValue, Code: "2026-02-01"}, Have: []Value{{Type: DateValue, Code: "2026-03-01"}}}},
		CorridorOpen: {{Want: state("open"), Have: []Value{state("open")}, Holds: true}},
		Languages:    {{Want: Value{Type: LanguageValue, Code: "es", Number: 2}, Have: []Value{{Type: LanguageValue, Code: "es", Number: 1}}}},
		Education:    {{Want: number(EducationValue, 2), Have: []Value{number(EducationValue, 5)}, Holds: true}},
		Months:       {{Want: number(MonthsValue, 12), Have: []Value{number(MonthsValue, 42)}, Holds: true}},
		Licences:     {{Want: Value{Type: LicenceValue, Code: "permis-b"}}},
		Destination:  {{Want: coded(CountryValue, ref.Country("ES")), Have: codes(CountryValue, p.Countries), Holds: true}},
		Kind:         {{Want: coded(KindValue, ref.FixedTerm), Have: codes(KindValue, p.Kinds), Holds: true}},
		Availability: {{Want: coded(DateValue, o.Start), Have: known(p.AvailableFrom), Holds: true}},
		Age:          {{Want: number(YearsValue, 18), Have: []Value{number(YearsValue, 35)}, Holds: true}},
		Recognised: {{Want: Value{Type: RecognitionValue, Code: "721", Country: "ES"},
			Have: []Value{{Type: RecognitionValue, Code: "721", Country: "ES"}}, Holds: true}},
		Visible: {{Want: state("visible"), Have: []Value{state("visible")}, Holds: true}},
	}
	for _, g := range e.Gates {
		if diff := cmp.Diff(gates[g.Code], g.Compared); diff != "" {
			t.Errorf("%s: %s", g.Code, diff)
		}
	}
	facts := [][]Fact{
		{{FactClosest, []Value{{Type: OccupationValue, Code: "7212", Number: 4}}}},
		{{FactMatched, codes(SkillValue, []string{"soudage-tig"})}, {FactMissing, codes(SkillValue, []string{"lecture-de-plans"})},
			{FactMissingOptional, codes(SkillValue, []string{"soudage-mig"})}, {FactExtra, codes(SkillValue, []string{"hygiene"})}},
		{{FactMissing, []Value{{Type: LanguageValue, Code: "es", Number: 2}}}, {FactExtra, []Value{{Type: LanguageValue, Code: "fr", Number: 6}}}},
		{{FactRelevant, []Value{number(MonthsValue, 42)}}, {FactFull, []Value{number(MonthsValue, 72)}}},
		{{FactPay, []Value{number(PayValue, 160_000)}}, {FactLeast, []Value{number(PayValue, 100_000)}}},
		{{FactLevel, []Value{number(EducationValue, 5)}}, {FactMinimum, []Value{number(EducationValue, 2)}},
			{FactOverqualified, []Value{number(LevelsValue, 3)}}},
	}
	for i, c := range e.Components {
		if diff := cmp.Diff(facts[i], c.Facts); diff != "" {
			t.Errorf("%s: %s", c.Code, diff)
		}
	}
}

func TestNothingAskedNothingCompared(t *testing.T) {
	o, p := Offer{Occupation: "7212"}, Profile{}
	e := Explain(&o, &p, DefaultWeights(), ToOffers, someDay)
	for _, g := range e.Gates {
		if (g.Code == Languages || g.Code == Licences || g.Code == Recognised) && (len(g.Compared) > 0 || !g.Holds) {
			t.Errorf("%s compares %+v", g.Code, g.Compared)
		}
		if g.Code == Age && (g.Holds || len(g.Compared[0].Have) > 0) {
			t.Errorf("an unknown birth date gives an age: %+v", g)
		}
	}
	for _, f := range e.Components[5].Facts {
		if f.Code == FactOverqualified || f.Code == FactMinimum {
			t.Errorf("no minimum is stated, yet %+v", f)
		}
	}
}
