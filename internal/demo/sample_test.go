package demo

import (
	"reflect"
	"testing"
	"time"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

var clock = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

func make1(t *testing.T) *Sample {
	t.Helper()
	s, err := Make(clock, 1, corridor.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheSampleIsACountry(t *testing.T) {
	s := make1(t)
	states, countries := map[offer.State]int{}, map[ref.Country]int{}
	for _, o := range s.Offers {
		states[o.State]++
		if o.State == offer.Published {
			countries[o.Terms().Country]++
		}
		if bad := offer.Validate(o.Current.Terms); len(bad) > 0 {
			t.Errorf("%s: %v", o.Reference, bad)
		}
		for _, skill := range append(o.Current.Terms.RequiredSkills, o.Current.Terms.OptionalSkills...) {
			if ref.SkillLabel(skill, ref.French) == "" {
				t.Errorf("%s: skill %s has no label", o.Reference, skill)
			}
		}
		if o.Frozen != nil && !o.Frozen.PayKnown {
			t.Errorf("%s: pay unknown", o.Reference)
		}
	}
	t.Log(states, countries)
	if states[offer.Published] < 400 || len(countries) < 12 {
		t.Errorf("%d published in %d countries", states[offer.Published], len(countries))
	}
	for _, c := range []ref.Country{"ML", "CI", "SN", "MA"} {
		if countries[c] == 0 {
			t.Errorf("no offer in %s", c)
		}
	}
	for _, state := range offer.States() {
		if states[state] == 0 {
			t.Errorf("no offer is %s", state)
		}
	}
	if len(s.Profiles) < 2000 || len(s.Agencies) != 12 {
		t.Errorf("%d profiles, %d agencies", len(s.Profiles), len(s.Agencies))
	}
	active := 0
	for _, a := range s.Agencies {
		if a.State == agency.Active {
			active++
		}
	}
	applied := map[application.State]int{}
	for _, a := range s.Applications {
		applied[a.State]++
	}
	t.Log(applied, active)
	files := map[placement.State]int{}
	for _, p := range s.Placements {
		files[p.State]++
		for _, d := range p.Documents {
			if len(s.Contents[d.Blob]) == 0 {
				t.Errorf("%s: %s is empty", p.Reference, d.Name)
			}
		}
	}
	t.Log(files)
	if len(s.Placements) != applied[application.Selected] || len(files) < 6 {
		t.Errorf("%d placements of %d people selected, in %d states", len(s.Placements), applied[application.Selected], len(files))
	}
	for _, state := range application.States() {
		if applied[state] == 0 {
			t.Errorf("no application is %s", state)
		}
	}
}

func TestTheSampleIsDeterministic(t *testing.T) {
	if a, b := make1(t), make1(t); !reflect.DeepEqual(a, b) {
		t.Error("two samples of one clock and seed differ")
	}
}

func TestDemoCandidatesHaveMatches(t *testing.T) {
	s := make1(t)
	frames := map[ref.Country]*corridor.Corridor{}
	for _, c := range corridor.Defaults() {
		frames[c.Destination] = &c
	}
	for _, p := range s.Profiles[:2] {
		facts, n := match.FromProfile(p), 0
		for _, o := range s.Offers {
			f := match.FromOffer(o, frames[o.Terms().Country], true, false)
			r := match.Evaluate(&f, &facts, match.DefaultWeights(), ref.DateOf(clock))
			if r.EligibleIn(match.ToOffers) {
				n++
			}
		}
		t.Logf("%s: %d offers", p.Facts.Wishes.Occupations, n)
		if n < 10 {
			t.Errorf("a demo candidate has only %d matches", n)
		}
	}
}

// TestTheSampleCanBeMadeOnAnyDay: whoever tries the demonstration, in whatever
// month, finds a contract to answer and a life abroad to follow.
func TestTheSampleCanBeMadeOnAnyDay(t *testing.T) {
	for month := range 14 { // the days wander through the month, the hours through the day
		now := time.Date(2027, time.Month(1+month), 1+month*2, (month*7)%24, 0, 0, 0, time.UTC)
		s, err := Make(now, 1, corridor.Defaults())
		if err != nil {
			t.Fatalf("%s: %v", now, err)
		}
		for i, want := range []placement.State{placement.ContractProposed, placement.InPost} {
			owner, found := s.Demo[len(s.Demo)-2+i], 0
			for _, p := range s.Placements {
				if p.Candidate == owner && p.State == want && p.Country != ref.Mali {
					found++
				}
			}
			if found != 1 {
				t.Errorf("%s: %s has %d files abroad that are %s", now, owner, found, want)
			}
		}
	}
}
