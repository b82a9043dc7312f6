package match

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

func score(o *offer.Offer, p *profile.Profile, w Weights) int64 {
	m, q := FromOffer(o, nil, true, false), FromProfile(p)
	return Score(&m, &q, w)
}

// TestNothingGainedLowersTheScore changes one thing for the better and
// compares the scores before and after.
func TestNothingGainedLowersTheScore(t *testing.T) {
	changes := map[string]func(*rapid.T, *offer.Offer, *profile.Profile){
		"required skill that is had": func(t *rapid.T, o *offer.Offer, p *profile.Profile) {
			if len(p.Facts.Skills) > 0 {
				o.Frozen.Terms.RequiredSkills = append(o.Frozen.Terms.RequiredSkills, rapid.SampledFrom(p.Facts.Skills).Draw(t, "had"))
			}
		},
		"skill": func(t *rapid.T, _ *offer.Offer, p *profile.Profile) {
			p.Facts.Skills = append(p.Facts.Skills, rapid.SampledFrom(someSkills).Draw(t, "skill"))
		},
		"language": func(t *rapid.T, _ *offer.Offer, p *profile.Profile) {
			p.Facts.Languages = append(p.Facts.Languages, profile.LanguageSkill{
				Language: rapid.SampledFrom(someLanguages).Draw(t, "raised"), Level: ref.Level(rapid.IntRange(1, 6).Draw(t, "to"))})
		},
		"education": func(t *rapid.T, _ *offer.Offer, p *profile.Profile) {
			p.Facts.Education = append(p.Facts.Education, profile.Education{Level: ref.EducationLevel(rapid.IntRange(1, 9).Draw(t, "course"))})
		},
		"experience": func(t *rapid.T, _ *offer.Offer, p *profile.Profile) {
			p.Facts.Experience = append(p.Facts.Experience, profile.Experience{
				Occupation: rapid.SampledFrom(someOccupations).Draw(t, "season"), Months: rapid.IntRange(1, 30).Draw(t, "long")})
		},
		"pay": func(t *rapid.T, o *offer.Offer, _ *profile.Profile) {
			o.Frozen.PayCents += rapid.Int64Range(1, 100_000).Draw(t, "raise")
		},
		"pay stated": func(_ *rapid.T, o *offer.Offer, _ *profile.Profile) { o.Frozen.PayKnown = true },
	}
	for name, change := range changes {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			o, p, w := drawVacancy(t), drawPerson(t), drawWeights(t)
			before := score(o, p, w)
			change(t, o, p)
			if after := score(o, p, w); after < before {
				t.Fatalf("%d became %d", before, after)
			}
		}))
	}
}

func TestRaisingALanguageClosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, person := drawOffer(t), drawPerson(t)
		before := FromProfile(person)
		person.Facts.Languages = append(person.Facts.Languages, profile.LanguageSkill{
			Language: rapid.SampledFrom(someLanguages).Draw(t, "raised"), Level: ref.Level(rapid.IntRange(0, 6).Draw(t, "to"))})
		after := FromProfile(person)
		if Eligible(&o, &before, ToOffers, someDay) && !Eligible(&o, &after, ToOffers, someDay) {
			t.Fatal("a higher level closed the offer")
		}
	})
}

func TestSharesStayInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, p, w := drawOffer(t), drawProfile(t), drawWeights(t)
		o.PayCents = rapid.Int64Range(0, 1<<62).Draw(t, "huge pay")
		p.MinPayCents = rapid.Int64Range(0, 1<<62).Draw(t, "huge wish")
		r := Evaluate(&o, p, w, someDay)
		for _, c := range r.Components {
			if c.Share < 0 || c.Share > 10_000 {
				t.Fatalf("%s has share %d", c.Code, c.Share)
			}
		}
		if r.Score < 0 || r.Score > 10_000 {
			t.Fatalf("score %d", r.Score)
		}
	})
}

// TestPairsAreIndependent: taking profiles away changes no other score, and
// both directions give one pair the same score.
func TestPairsAreIndependent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, w := drawOffer(t), drawWeights(t)
		var all []*Profile
		for i := range rapid.IntRange(0, 12).Draw(t, "profiles") {
			p := drawProfile(t)
			p.ID = string(rune('a' + i))
			all = append(all, p)
		}
		full, total := TopProfiles(&o, all, len(all), w, someDay)
		some := all[:rapid.IntRange(0, len(all)).Draw(t, "kept")]
		part, _ := TopProfiles(&o, some, len(all), w, someDay)
		if total != len(full) {
			t.Fatalf("total %d of %d", total, len(full))
		}
		for _, r := range part {
			if !slices.Contains(full, r) {
				t.Fatalf("%+v is not in %+v", r, full)
			}
		}
		for _, r := range full {
			p := all[r.ID[0]-'a']
			back, _ := TopOffers(p, []*Offer{&o}, 1, w, someDay)
			if len(back) != 1 || back[0].Score != r.Score {
				t.Fatalf("%+v seen from the other side is %+v", r, back)
			}
		}
	})
}

func TestFirstKIsAPrefix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, offers, w := drawProfile(t), drawOffers(t, 20), drawWeights(t)
		all, _ := TopOffers(p, offers, len(offers), w, someDay)
		k := rapid.IntRange(-1, 25).Draw(t, "k")
		top, total := TopOffers(p, offers, k, w, someDay)
		if total != len(all) || !slices.Equal(top, all[:min(max(0, k), len(all))]) {
			t.Fatalf("top %d: %v of %v", k, top, all)
		}
		if !slices.IsSortedFunc(all, Better) {
			t.Fatalf("not in order: %v", all)
		}
	})
}

// TestPermutingChangesNothing: the order and repetition of what is stated do
// not matter, except of experience entries, which add up.
func TestPermutingChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, p := drawVacancy(t), drawPerson(t)
		wantO, wantP := FromOffer(o, nil, true, false), FromProfile(p)
		terms, f := &o.Frozen.Terms, &p.Facts
		terms.RequiredSkills = shuffled(t, terms.RequiredSkills, true)
		terms.OptionalSkills = shuffled(t, terms.OptionalSkills, true)
		terms.Languages = shuffled(t, terms.Languages, true)
		terms.Licences = shuffled(t, terms.Licences, true)
		f.Skills, f.Licences = shuffled(t, f.Skills, true), shuffled(t, f.Licences, true)
		f.Languages, f.Education = shuffled(t, f.Languages, true), shuffled(t, f.Education, true)
		f.Occupations, f.Recognitions = shuffled(t, f.Occupations, true), shuffled(t, f.Recognitions, true)
		f.Wishes.Occupations = shuffled(t, f.Wishes.Occupations, true)
		f.Wishes.Countries, f.Wishes.Kinds = shuffled(t, f.Wishes.Countries, true), shuffled(t, f.Wishes.Kinds, true)
		f.Experience = shuffled(t, f.Experience, false)
		if got := FromOffer(o, nil, true, false); !reflect.DeepEqual(got, wantO) {
			t.Fatalf("offer\n%+v\n%+v", got, wantO)
		}
		if got := FromProfile(p); !reflect.DeepEqual(got, wantP) {
			t.Fatalf("profile\n%+v\n%+v", got, wantP)
		}
	})
}

func shuffled[T any](t *rapid.T, list []T, repeat bool) []T {
	if len(list) == 0 {
		return list
	}
	mixed := rapid.Permutation(list).Draw(t, "order")
	if repeat {
		mixed = append(mixed, rapid.SampledFrom(list).Draw(t, "again"))
	}
	return mixed
}
