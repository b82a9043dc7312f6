package profile_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// wholeFacts says everything that counts.
func wholeFacts() (profile.Facts, []profile.Consent) {
	return profile.Facts{
		Identity:    profile.Identity{GivenNames: "Awa", FamilyName: "Diarra", BirthDate: "1990-05-21", Phone: "+22376001122"},
		Residence:   profile.Residence{Country: ref.Mali, Region: "3"},
		Education:   []profile.Education{{Level: 3}},
		Experience:  []profile.Experience{{Title: "Couturière", From: "2019-01"}},
		Occupations: []ref.Occupation{"7531"}, Skills: []ref.Skill{"couture"},
		Languages: []profile.LanguageSkill{{Language: "bm", Native: true}},
		Wishes:    profile.Wishes{Occupations: []ref.Occupation{"7531"}, AvailableFrom: "2027-01-01"},
	}, []profile.Consent{{Purpose: profile.PurposeMatching}}
}

func TestCompletenessOfWholeAndEmpty(t *testing.T) {
	f, consents := wholeFacts()
	if c := profile.Complete(&f, consents); c.Percent != 100 || len(c.Missing) != 0 {
		t.Errorf("whole: %+v", c)
	}
	c := profile.Complete(&profile.Facts{}, nil)
	if c.Percent != 0 || len(c.Missing) != 12 || len(c.Parts) != len(profile.Parts()) {
		t.Errorf("empty: %+v", c)
	}
	for _, p := range c.Parts {
		optional := slices.Contains([]profile.Part{profile.PartSpells, profile.PartLicences, profile.PartRecognitions, profile.PartInterests, profile.PartSummary}, p.Part)
		if want := map[bool]profile.Progress{true: profile.Optional, false: profile.ToDo}[optional]; p.Progress != want {
			t.Errorf("empty %s is %s", p.Part, p.Progress)
		}
	}
}

func TestCompletenessNamesTheGap(t *testing.T) {
	for gap, forget := range map[profile.Gap]func(*profile.Facts){
		profile.GapName:         func(f *profile.Facts) { f.Identity.FamilyName = "" },
		profile.GapBirthDate:    func(f *profile.Facts) { f.Identity.BirthDate = "" },
		profile.GapContact:      func(f *profile.Facts) { f.Identity.Phone = "" },
		profile.GapPlace:        func(f *profile.Facts) { f.Residence.Region = "" },
		profile.GapEducation:    func(f *profile.Facts) { f.Education = nil },
		profile.GapExperience:   func(f *profile.Facts) { f.Experience = nil },
		profile.GapOccupation:   func(f *profile.Facts) { f.Occupations = nil },
		profile.GapSkills:       func(f *profile.Facts) { f.Skills = nil },
		profile.GapLanguages:    func(f *profile.Facts) { f.Languages = nil },
		profile.GapSought:       func(f *profile.Facts) { f.Wishes.Occupations = nil },
		profile.GapAvailability: func(f *profile.Facts) { f.Wishes.AvailableFrom = "" },
	} {
		f, consents := wholeFacts()
		forget(&f)
		c := profile.Complete(&f, consents)
		if !slices.Equal(c.Missing, []profile.Gap{gap}) || c.Percent >= 100 {
			t.Errorf("%s: %d %% and %v", gap, c.Percent, c.Missing)
		}
	}
}

func TestPartsHaveTheirProgress(t *testing.T) {
	f, consents := wholeFacts()
	f.Identity.BirthDate, f.Wishes.AvailableFrom, f.Wishes.Kinds, f.Licences = "", "", []ref.WorkKind{ref.Seasonal}, []ref.Licence{"permis-b"}
	want := map[profile.Part]profile.Progress{
		profile.PartIdentity: profile.Begun, profile.PartWishes: profile.Begun, profile.PartLicences: profile.Done,
		profile.PartResidence: profile.Done, profile.PartConsents: profile.Done, profile.PartInterests: profile.Optional,
	}
	for _, p := range profile.Complete(&f, consents).Parts {
		if w, named := want[p.Part]; named && w != p.Progress {
			t.Errorf("%s is %s, want %s", p.Part, p.Progress, w)
		}
	}
}

// TestMoreIsNeverLess: stating one thing more never lowers the percentage.
func TestMoreIsNeverLess(t *testing.T) {
	steps := []func(f *profile.Facts, whole profile.Facts){
		func(f *profile.Facts, w profile.Facts) { f.Identity = w.Identity },
		func(f *profile.Facts, w profile.Facts) { f.Residence = w.Residence },
		func(f *profile.Facts, w profile.Facts) { f.Education = w.Education },
		func(f *profile.Facts, w profile.Facts) { f.Experience = w.Experience },
		func(f *profile.Facts, w profile.Facts) { f.Occupations = w.Occupations },
		func(f *profile.Facts, w profile.Facts) { f.Skills = w.Skills },
		func(f *profile.Facts, w profile.Facts) { f.Languages = w.Languages },
		func(f *profile.Facts, w profile.Facts) { f.Wishes = w.Wishes },
	}
	rapid.Check(t, func(t *rapid.T) {
		whole, consents := wholeFacts()
		var f profile.Facts
		before := profile.Complete(&f, nil).Percent
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7}).Draw(t, "order") {
			steps[i](&f, whole)
			now := profile.Complete(&f, nil)
			if now.Percent <= before || now.Percent+5*min(1, len(now.Missing)) > 100 {
				t.Fatalf("%d after %d with %v", now.Percent, before, now.Missing)
			}
			before = now.Percent
		}
		if got := profile.Complete(&f, consents).Percent; got != 100 {
			t.Fatalf("%d %%", got)
		}
	})
}

func TestOwnersViewStatesEverything(t *testing.T) {
	f, _ := wholeFacts()
	f.Normalise("2026-11")
	view := profile.ViewFor(&profile.Profile{ID: "pro_1", Owner: "acc_1", Facts: f}, profile.Owner, "2026-11-21")
	got := view.Facts()
	if !f.Same(&got) {
		t.Errorf("%+v", got)
	}
	got.Summary = "autre"
	if f.Same(&got) {
		t.Error("a difference is not seen")
	}
}
