package match

import (
	"testing"

	"passerelle/internal/domain/ref"
)

// welder and weldingJob are a pair for which every gate holds.
func weldingJob() Offer {
	return Offer{ID: "off_1", Open: true, CorridorOpen: true, Country: "ES", Occupation: "7212", Kind: ref.FixedTerm,
		Languages: []Language{{"es", ref.A2}}, Education: 2, MinMonths: 12,
		RequiredSkills: []ref.Skill{"soudage-tig", "lecture-de-plans"}, OptionalSkills: []ref.Skill{"soudage-mig"},
		Licences: []ref.Licence{"permis-b"}, PayCents: 160_000, PayKnown: true, Start: "2026-06-01", Regulated: true}
}

func welder() Profile {
	return Profile{ID: "pro_1", BirthDate: "1990-07-14", Languages: []Language{{"es", ref.B1}, {"fr", ref.C2}}, Education: 3,
		Experience: []Experience{{"7212", 30}, {"7213", 12}, {"5322", 24}}, Worked: []ref.Occupation{"5322", "7212", "7213"},
		Skills: []ref.Skill{"hygiene", "soudage-tig"}, Licences: []ref.Licence{"permis-b"}, Countries: []ref.Country{"ES", "FR"},
		Kinds: []ref.WorkKind{ref.FixedTerm}, MinPayCents: 100_000, AvailableFrom: "2026-05-01",
		Recognitions: []Recognition{{"721", "ES"}}, Visible: true}
}

func TestGates(t *testing.T) {
	tests := []struct {
		name   string
		gate   GateCode
		change func(*Offer, *Profile)
		holds  bool
	}{
		{"not published", OfferOpen, func(o *Offer, _ *Profile) { o.Open = false }, false},
		{"deadline day", OfferOpen, func(o *Offer, _ *Profile) { o.Deadline = "2026-03-01" }, true},
		{"day after the deadline", OfferOpen, func(o *Offer, _ *Profile) { o.Deadline = "2026-02-28" }, false},
		{"corridor closed", CorridorOpen, func(o *Offer, _ *Profile) { o.CorridorOpen = false }, false},
		{"Mali is always open", CorridorOpen, func(o *Offer, p *Profile) {
			o.CorridorOpen, o.Country, o.Regulated, p.Countries = false, "ML", false, nil
		}, true},
		{"language exactly", Languages, func(_ *Offer, p *Profile) { p.Languages[0].Level = ref.A2 }, true},
		{"language below", Languages, func(_ *Offer, p *Profile) { p.Languages[0].Level = ref.A1 }, false},
		{"language not spoken", Languages, func(_ *Offer, p *Profile) { p.Languages = p.Languages[1:] }, false},
		{"one of two languages", Languages, func(o *Offer, _ *Profile) { o.Languages = append(o.Languages, Language{"de", ref.A1}) }, false},
		{"no language asked", Languages, func(o *Offer, p *Profile) { o.Languages, p.Languages = nil, nil }, true},
		{"education exactly", Education, func(_ *Offer, p *Profile) { p.Education = 2 }, true},
		{"education below", Education, func(_ *Offer, p *Profile) { p.Education = 1 }, false},
		{"months exactly", Months, func(o *Offer, _ *Profile) { o.MinMonths = 42 }, true},
		{"months short by one", Months, func(o *Offer, _ *Profile) { o.MinMonths = 43 }, false},
		{"two equal seasons are two", Months, func(o *Offer, p *Profile) {
			o.MinMonths, p.Experience = 12, []Experience{{"7212", 6}, {"7212", 6}}
		}, true},
		{"one digit is not relevant", Months, func(_ *Offer, p *Profile) { p.Experience = []Experience{{"7", 90}, {"7412", 90}} }, false},
		{"licence missing", Licences, func(_ *Offer, p *Profile) { p.Licences = []ref.Licence{"caces-3"} }, false},
		{"no licence asked", Licences, func(o *Offer, p *Profile) { o.Licences, p.Licences = nil, nil }, true},
		{"country not wanted", Destination, func(_ *Offer, p *Profile) { p.Countries = []ref.Country{"FR"} }, false},
		{"anywhere", Destination, func(_ *Offer, p *Profile) { p.Countries = nil }, true},
		{"kind not accepted", Kind, func(_ *Offer, p *Profile) { p.Kinds = []ref.WorkKind{ref.Seasonal} }, false},
		{"any kind", Kind, func(_ *Offer, p *Profile) { p.Kinds = nil }, true},
		{"available on the day", Availability, func(_ *Offer, p *Profile) { p.AvailableFrom = "2026-06-01" }, true},
		{"available a day late", Availability, func(_ *Offer, p *Profile) { p.AvailableFrom = "2026-06-02" }, false},
		{"start unknown", Availability, func(o *Offer, p *Profile) { o.Start, p.AvailableFrom = "", "2030-01-01" }, true},
		{"availability unknown", Availability, func(_ *Offer, p *Profile) { p.AvailableFrom = "" }, true},
		{"birth date unknown", Age, func(_ *Offer, p *Profile) { p.BirthDate = "" }, false},
		{"18 on the start date", Age, func(_ *Offer, p *Profile) { p.BirthDate = "2008-06-01" }, true},
		{"18 a day after the start", Age, func(_ *Offer, p *Profile) { p.BirthDate = "2008-06-02" }, false},
		{"minimum age of 16 is 18", Age, func(o *Offer, p *Profile) { o.MinAge, p.BirthDate = 16, "2009-06-01" }, false},
		{"21 asked, 20 had", Age, func(o *Offer, p *Profile) { o.MinAge, p.BirthDate = 21, "2005-06-02" }, false},
		{"21 asked and had", Age, func(o *Offer, p *Profile) { o.MinAge, p.BirthDate = 21, "2005-06-01" }, true},
		{"leap day, 28 February", Age, func(o *Offer, p *Profile) { o.Start, p.AvailableFrom, p.BirthDate = "2026-02-28", "", "2008-02-29" }, false},
		{"leap day, 1 March", Age, func(o *Offer, p *Profile) { o.Start, p.AvailableFrom, p.BirthDate = "2026-03-01", "", "2008-02-29" }, true},
		{"leap day, 29 February", Age, func(o *Offer, p *Profile) { o.Start, o.MinAge, p.BirthDate = "2028-02-29", 20, "2008-02-29" }, true},
		{"start unknown: age today", Age, func(o *Offer, p *Profile) { o.Start, p.BirthDate = "", "2008-03-01" }, true},
		{"start unknown: a day young", Age, func(o *Offer, p *Profile) { o.Start, p.BirthDate = "", "2008-03-02" }, false},
		{"not regulated", Recognised, func(o *Offer, p *Profile) { o.Regulated, p.Recognitions = false, nil }, true},
		{"recognised elsewhere", Recognised, func(_ *Offer, p *Profile) { p.Recognitions[0].Country = "FR" }, false},
		{"recognised for another group", Recognised, func(_ *Offer, p *Profile) { p.Recognitions[0].Group = "722" }, false},
		{"hidden", Visible, func(_ *Offer, p *Profile) { p.Visible = false }, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o, p := weldingJob(), welder()
			if r := Evaluate(&o, &p, DefaultWeights(), someDay); !r.EligibleIn(ToProfiles) {
				t.Fatalf("the pair to start from fails: %+v", r.Gates)
			}
			test.change(&o, &p)
			r := Evaluate(&o, &p, DefaultWeights(), someDay)
			for _, g := range r.Gates {
				if want := test.holds || g.Code != test.gate; g.Holds != want {
					t.Errorf("%s: %v, want %v", g.Code, g.Holds, want)
				}
			}
			if want := test.holds || test.gate == Visible; r.Eligible != want {
				t.Errorf("eligible: %v, want %v", r.Eligible, want)
			}
		})
	}
}

func TestShares(t *testing.T) {
	tests := []struct {
		name   string
		part   int
		change func(*Offer, *Profile)
		share  int64
	}{
		{"same occupation", 0, nil, 10_000},
		{"3 digits", 0, func(_ *Offer, p *Profile) { p.Worked = []ref.Occupation{"7213"} }, 7000},
		{"3 digits only coded", 0, func(_ *Offer, p *Profile) { p.Worked = []ref.Occupation{"721"} }, 7000},
		{"2 digits", 0, func(_ *Offer, p *Profile) { p.Worked = []ref.Occupation{"7221", "5322"} }, 4000},
		{"1 digit", 0, func(_ *Offer, p *Profile) { p.Worked = []ref.Occupation{"7412"} }, 1500},
		{"nothing", 0, func(_ *Offer, p *Profile) { p.Worked = []ref.Occupation{"2221"} }, 0},
		{"only sought", 0, func(_ *Offer, p *Profile) { p.Worked, p.Sought = nil, []ref.Occupation{"7212"} }, 10_000},
		{"leading zero", 0, func(o *Offer, p *Profile) { o.Occupation, p.Worked = "0110", []ref.Occupation{"0210"} }, 1500},
		{"one of two required, optional missing", 1, nil, 4000}, // 2 of 5
		{"all skills", 1, func(o *Offer, p *Profile) { p.Skills = append(o.RequiredSkills, o.OptionalSkills...) }, 10_000},
		{"optional only", 1, func(_ *Offer, p *Profile) { p.Skills = []ref.Skill{"soudage-mig"} }, 2000},
		{"floored", 1, func(o *Offer, _ *Profile) { o.RequiredSkills = append(o.RequiredSkills, "a1", "b1") }, 2222}, // 2 of 9
		{"no skill named", 1, func(o *Offer, _ *Profile) { o.RequiredSkills, o.OptionalSkills = nil, nil }, 5000},
		{"one level above A2", 2, nil, 7500},
		{"exactly", 2, func(_ *Offer, p *Profile) { p.Languages[0].Level = ref.A2 }, 5000},
		{"three levels above", 2, func(_ *Offer, p *Profile) { p.Languages[0].Level = ref.C1 }, 10_000},
		{"below is not negative", 2, func(_ *Offer, p *Profile) { p.Languages = nil }, 5000},
		{"C1 has one level of headroom", 2, func(o *Offer, p *Profile) { o.Languages[0].Level, p.Languages[0].Level = ref.C1, ref.C2 }, 10_000},
		{"C2 met", 2, func(o *Offer, p *Profile) { o.Languages[0].Level, p.Languages[0].Level = ref.C2, ref.C2 }, 10_000},
		{"C2 not met", 2, func(o *Offer, _ *Profile) { o.Languages[0].Level = ref.C2 }, 0},
		{"C2 and A2", 2, func(o *Offer, _ *Profile) { o.Languages = append(o.Languages, Language{"fr", ref.C2}) }, 7500},
		{"three languages", 2, func(o *Offer, _ *Profile) {
			o.Languages = append(o.Languages, Language{"de", ref.A1}, Language{"fr", ref.C1})
		}, 7000}, // 1 + 0 + 1 of 2 + 2 + 1
		{"no language asked", 2, func(o *Offer, _ *Profile) { o.Languages = nil }, 5000},
		{"42 of 72 months", 3, nil, 5833},
		{"no relevant month", 3, func(_ *Offer, p *Profile) { p.Experience = nil }, 0},
		{"more than enough", 3, func(o *Offer, p *Profile) { p.Experience[0].Months = 400 }, 10_000},
		{"no minimum", 3, func(o *Offer, p *Profile) { o.MinMonths, p.Experience = 0, []Experience{{"7233", 59}} }, 9833},
		{"pay 1.6 times the minimum", 4, nil, 8000},
		{"pay unknown", 4, func(o *Offer, _ *Profile) { o.PayKnown = false }, 0},
		{"no minimum pay", 4, func(_ *Offer, p *Profile) { p.MinPayCents = 0 }, 5000},
		{"exactly the minimum", 4, func(o *Offer, _ *Profile) { o.PayCents = 100_000 }, 5000},
		{"thrice the minimum", 4, func(o *Offer, _ *Profile) { o.PayCents = 300_000 }, 10_000},
		{"a cent below", 4, func(o *Offer, _ *Profile) { o.PayCents = 99_999 }, 4999},
		{"nothing paid", 4, func(o *Offer, _ *Profile) { o.PayCents = 0 }, 0},
		{"one level above ISCED 2", 5, nil, 7500},
		{"exactly ISCED 2", 5, func(_ *Offer, p *Profile) { p.Education = 2 }, 5000},
		{"below ISCED 2", 5, func(_ *Offer, p *Profile) { p.Education = 0 }, 5000},
		{"far above", 5, func(_ *Offer, p *Profile) { p.Education = 8 }, 10_000},
		{"ISCED 7 has one level of headroom", 5, func(o *Offer, p *Profile) { o.Education, p.Education = 7, 8 }, 10_000},
		{"ISCED 8 has none", 5, func(o *Offer, _ *Profile) { o.Education = 8 }, 10_000},
	}
	weights := [ComponentCount]int64{35, 30, 10, 10, 10, 5}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o, p := weldingJob(), welder()
			if test.change != nil {
				test.change(&o, &p)
			}
			r, sum := Evaluate(&o, &p, DefaultWeights(), someDay), int64(0)
			c := r.Components[test.part]
			if c.Share != test.share || c.Contribution != weights[test.part]*test.share/100 || c.Weight != weights[test.part] {
				t.Errorf("%+v, want share %d", c, test.share)
			}
			for _, c := range r.Components {
				sum += c.Contribution
			}
			if sum != r.Score {
				t.Errorf("score %d, contributions sum to %d", r.Score, sum)
			}
		})
	}
}

func TestWholeScore(t *testing.T) {
	o, p := weldingJob(), welder()
	// 35·10000 + 30·4000 + 10·7500 + 10·5833 + 10·8000 + 5·7500, each over 100 and floored
	if r := Evaluate(&o, &p, DefaultWeights(), someDay); r.Score != 3500+1200+750+583+800+375 {
		t.Fatalf("score %d: %+v", r.Score, r.Components)
	}
}

func TestWeights(t *testing.T) {
	tests := []struct {
		name    string
		weights Weights
		valid   bool
	}{
		{"default", DefaultWeights(), true},
		{"all on one", Weights{Skills: 100}, true},
		{"sum 99", Weights{Skills: 99}, false},
		{"negative", Weights{Occupation: 110, Skills: -10}, false},
		{"zero", Weights{}, false},
	}
	for _, test := range tests {
		if err := test.weights.Validate(); (err == nil) != test.valid {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if v := DefaultWeights().Version(); v != "w35-30-10-10-10-5" {
		t.Errorf("version %q", v)
	}
	if (Weights{Occupation: 11, Skills: 89}).Version() == (Weights{Occupation: 1, Skills: 99}).Version() {
		t.Error("two weights share a version")
	}
}

func TestOrderAndBands(t *testing.T) {
	if Better(Ranked{"b", 2}, Ranked{"a", 1}) >= 0 || Better(Ranked{"a", 1}, Ranked{"b", 1}) >= 0 ||
		Better(Ranked{"B", 1}, Ranked{"a", 1}) >= 0 || Better(Ranked{"a", 1}, Ranked{"a", 1}) != 0 || Better(Ranked{"b", 1}, Ranked{"a", 1}) <= 0 {
		t.Error("score descending, then id ascending by bytes")
	}
	for score, want := range map[int64]Band{10_000: Strong, 7500: Strong, 7499: Good, 5000: Good, 4999: Possible, 0: Possible} {
		if got := BandOf(score); got != want {
			t.Errorf("%d is %s, want %s", score, got, want)
		}
	}
}
