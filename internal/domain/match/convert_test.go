package match

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

func vacancy() *offer.Offer {
	return &offer.Offer{ID: "off_1", State: offer.Published,
		Current: offer.Version{Terms: offer.Terms{Occupation: "9999"}},
		Frozen: &offer.Snapshot{PayKnown: true, PayCents: 150_000, Terms: offer.Terms{
			Occupation: "7212", Kind: ref.Seasonal, Country: "ES", Places: 2, Education: 9, ExperienceMonths: 6,
			Languages:      []offer.LanguageNeed{{Language: "fr", Level: ref.A2}, {Language: "es", Level: ref.A1}, {Language: "fr", Level: ref.B2}},
			RequiredSkills: []ref.Skill{"b2", "a1", "b2"}, OptionalSkills: []ref.Skill{"c3", "a1"},
			Licences: []ref.Licence{"z1", "permis-b"}, Start: "2026-06-01", Deadline: "2026-05-01", MinAge: 21}}}
}

func TestFromOffer(t *testing.T) {
	open := &corridor.Corridor{Code: "ML-ES", Destination: "ES", Regulated: []ref.Occupation{"721"}}
	want := Offer{ID: "off_1", Open: true, Deadline: "2026-05-01", CorridorOpen: true, Country: "ES", Occupation: "7212", Kind: ref.Seasonal,
		Languages: []Language{{"es", ref.A1}, {"fr", ref.B2}}, MinMonths: 6, RequiredSkills: []ref.Skill{"a1", "b2"},
		OptionalSkills: []ref.Skill{"c3"}, Licences: []ref.Licence{"permis-b", "z1"}, PayCents: 150_000, PayKnown: true,
		Start: "2026-06-01", MinAge: 21, Regulated: true}
	if diff := cmp.Diff(want, FromOffer(vacancy(), open, true, false)); diff != "" {
		t.Fatal(diff)
	}
}

// TestEveryEducationCounts up to a doctorate; what is not classified asks for
// nothing.
func TestEveryEducationCounts(t *testing.T) {
	for stated, want := range map[ref.EducationLevel]ref.EducationLevel{0: 0, 1: 1, 8: 8, 9: 0, -1: 0} {
		o := vacancy()
		o.Frozen.Terms.Education = stated
		if got := FromOffer(o, nil, true, false).Education; got != want {
			t.Errorf("%d counts as %d", stated, got)
		}
	}
}

func TestWhatClosesAnOffer(t *testing.T) {
	closed := &corridor.Corridor{Destination: "ES", Suspensions: []corridor.Suspension{{Kind: ref.Seasonal, Occupation: "72"}}}
	elsewhere := &corridor.Corridor{Destination: "ES", Suspensions: []corridor.Suspension{{Kind: ref.Permanent}, {Occupation: "5"}}}
	tests := []struct {
		name           string
		change         func(*offer.Offer)
		corridor       *corridor.Corridor
		active, barred bool
		open, corrOpen bool
	}{
		{"nothing", nil, elsewhere, true, false, true, true},
		{"no corridor record", nil, nil, true, false, true, false},
		{"suspended for kind and occupation", nil, closed, true, false, true, false},
		{"Mali needs no corridor", func(o *offer.Offer) { o.Frozen.Terms.Country = "ML" }, nil, true, false, true, true},
		{"agency not active", nil, elsewhere, false, false, false, true},
		{"employer barred", nil, elsewhere, true, true, false, true},
		{"not published", func(o *offer.Offer) { o.State = offer.Filled }, elsewhere, true, false, false, true},
		{"a cause of suspension", func(o *offer.Offer) { o.Causes = []offer.Cause{offer.CauseOwn} }, elsewhere, true, false, false, true},
		{"no place free", func(o *offer.Offer) { o.Taken = []string{"app_1", "app_2"} }, elsewhere, true, false, false, true},
	}
	for _, test := range tests {
		o := vacancy()
		if test.change != nil {
			test.change(o)
		}
		if m := FromOffer(o, test.corridor, test.active, test.barred); m.Open != test.open || m.CorridorOpen != test.corrOpen {
			t.Errorf("%s: open %v, corridor open %v", test.name, m.Open, m.CorridorOpen)
		}
	}
}

func TestUnpublishedPayIsUnknown(t *testing.T) {
	o := vacancy()
	o.Frozen, o.State = nil, offer.Draft
	if m := FromOffer(o, nil, true, false); m.PayKnown || m.PayCents != 0 || m.Open || m.Occupation != "9999" {
		t.Fatalf("%+v", m)
	}
}

func TestFromProfile(t *testing.T) {
	p := &profile.Profile{ID: "pro_1", Consents: []profile.Consent{{Purpose: profile.PurposeMatching, Given: true}},
		Facts: profile.Facts{
			Identity:    profile.Identity{BirthDate: "1990-01-02", Sex: profile.Female},
			Education:   []profile.Education{{Level: 9}, {Level: 3}, {Level: 2}},
			Experience:  []profile.Experience{{Occupation: "7212", Months: 5}, {Occupation: "5322"}, {Occupation: "7212", Months: 5}, {Months: 9}},
			Occupations: []ref.Occupation{"7212", "2221"}, Skills: []ref.Skill{"b2", "a1", "b2"},
			Languages:    []profile.LanguageSkill{{Language: "fr", Level: ref.B1}, {Language: "bm", Native: true}, {Language: "fr", Level: ref.C1}},
			Recognitions: []profile.Recognition{{Occupation: "7212", Country: "ES"}, {Occupation: "721", Country: "ES"}, {Occupation: "72", Country: "ES"}},
			Wishes:       profile.Wishes{Occupations: []ref.Occupation{"7212"}, MinPayCents: 5, AvailableFrom: "2026-01-01"}}}
	want := Profile{ID: "pro_1", BirthDate: "1990-01-02", Languages: []Language{{"bm", ref.C2}, {"fr", ref.C1}}, Education: 3,
		Experience: []Experience{{"7212", 5}, {"7212", 5}}, Worked: []ref.Occupation{"2221", "5322", "7212"}, Sought: []ref.Occupation{"7212"},
		Skills: []ref.Skill{"a1", "b2"}, MinPayCents: 5, AvailableFrom: "2026-01-01", Recognitions: []Recognition{{"721", "ES"}}, Visible: true}
	if diff := cmp.Diff(want, FromProfile(p), cmp.Transformer("nil", func(s []ref.Licence) int { return len(s) }),
		cmp.Transformer("countries", func(s []ref.Country) int { return len(s) }), cmp.Transformer("kinds", func(s []ref.WorkKind) int { return len(s) })); diff != "" {
		t.Fatal(diff)
	}
}
