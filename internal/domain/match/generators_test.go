package match

import (
	"slices"

	"pgregory.net/rapid"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// Small vocabularies make pairs meet often enough to reach every branch.
var (
	someLanguages   = []ref.Language{"fr", "en", "de", "es", "bm"}
	someOccupations = []ref.Occupation{"7212", "7213", "7221", "7115", "2221", "5322", "0110", "92", "721"}
	someSkills      = []ref.Skill{"soudage-tig", "soudage-mig", "lecture-de-plans", "soins", "hygiene", "conduite"}
	someLicences    = []ref.Licence{"permis-b", "permis-c", "caces-3"}
	someCountries   = []ref.Country{"FR", "ES", "DE", "ML", "CA"}
	someDates       = []ref.Date{"", "2024-02-28", "2024-02-29", "2026-03-01", "2026-06-15", "2027-01-01"}
	someBirths      = []ref.Date{"", "2008-02-29", "2008-03-01", "2008-03-02", "1990-07-14", "2010-01-01"}
)

const someDay = ref.Date("2026-03-01")

func subset[T comparable](t *rapid.T, from []T, label string) []T {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, min(4, len(from)), rapid.ID[T]).Draw(t, label)
}

func drawTerms(t *rapid.T) offer.Terms {
	terms := offer.Terms{
		Occupation:       rapid.SampledFrom(someOccupations[:7]).Draw(t, "occupation"),
		Kind:             rapid.SampledFrom(ref.WorkKinds()[:4]).Draw(t, "kind"),
		Country:          rapid.SampledFrom(someCountries).Draw(t, "country"),
		Places:           rapid.IntRange(1, 2).Draw(t, "places"),
		Start:            rapid.SampledFrom(someDates).Draw(t, "start"),
		Education:        ref.EducationLevel(rapid.IntRange(0, 9).Draw(t, "education")),
		ExperienceMonths: rapid.SampledFrom([]int{0, 0, 6, 12, 24, 60}).Draw(t, "months"),
		RequiredSkills:   subset(t, someSkills, "required"),
		OptionalSkills:   subset(t, someSkills, "optional"),
		Licences:         subset(t, someLicences, "licences"),
		MinAge:           rapid.SampledFrom([]int{0, 16, 18, 21}).Draw(t, "age"),
		Regulated:        rapid.Bool().Draw(t, "regulated"),
		Deadline:         rapid.SampledFrom(someDates).Draw(t, "deadline"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "languages") {
		terms.Languages = append(terms.Languages, offer.LanguageNeed{
			Language: rapid.SampledFrom(someLanguages).Draw(t, "language"), Level: ref.Level(rapid.IntRange(0, 6).Draw(t, "level"))})
	}
	return terms
}

// drawOffer draws an offer that is mostly open, so that other gates decide.
func drawOffer(t *rapid.T) Offer {
	o := drawVacancy(t)
	active, barred := rapid.IntRange(0, 9).Draw(t, "inactive") > 0, rapid.IntRange(0, 9).Draw(t, "barred") == 0
	m := FromOffer(o, nil, active, barred)
	m.CorridorOpen = rapid.IntRange(0, 9).Draw(t, "closed") > 0
	return m
}

func drawVacancy(t *rapid.T) *offer.Offer {
	o := &offer.Offer{ID: offer.ID("off_" + rapid.StringMatching(`[a-z0-9]{4}`).Draw(t, "id")),
		State: rapid.SampledFrom([]offer.State{offer.Published, offer.Published, offer.Published, offer.Draft}).Draw(t, "state")}
	o.Frozen = &offer.Snapshot{Terms: drawTerms(t), PayKnown: rapid.Bool().Draw(t, "pay known"),
		PayCents: rapid.Int64Range(0, 500_000).Draw(t, "pay")}
	return o
}

func drawPerson(t *rapid.T) *profile.Profile {
	p := &profile.Profile{ID: profile.ID("pro_" + rapid.StringMatching(`[a-z0-9]{4}`).Draw(t, "id"))}
	f := &p.Facts
	f.Identity.BirthDate = rapid.SampledFrom(someBirths).Draw(t, "birth")
	f.Skills = subset(t, someSkills, "skills")
	f.Licences = subset(t, someLicences, "licences")
	f.Occupations = subset(t, someOccupations, "occupations")
	f.Wishes = profile.Wishes{Occupations: subset(t, someOccupations, "sought"), Countries: subset(t, someCountries, "countries"),
		Kinds: subset(t, ref.WorkKinds()[:4], "kinds"), MinPayCents: rapid.SampledFrom([]int64{0, 1, 90_000, 250_000}).Draw(t, "least"),
		AvailableFrom: rapid.SampledFrom(someDates).Draw(t, "available")}
	for range rapid.IntRange(0, 2).Draw(t, "courses") {
		f.Education = append(f.Education, profile.Education{Level: ref.EducationLevel(rapid.IntRange(0, 9).Draw(t, "isced"))})
	}
	for range rapid.IntRange(0, 4).Draw(t, "jobs") {
		f.Experience = append(f.Experience, profile.Experience{Occupation: rapid.SampledFrom(someOccupations).Draw(t, "job"),
			Months: rapid.SampledFrom([]int{0, 3, 6, 12, 40}).Draw(t, "job months")})
	}
	for range rapid.IntRange(0, 4).Draw(t, "tongues") {
		f.Languages = append(f.Languages, profile.LanguageSkill{Language: rapid.SampledFrom(someLanguages).Draw(t, "tongue"),
			Level: ref.Level(rapid.IntRange(0, 6).Draw(t, "cefr")), Native: rapid.IntRange(0, 5).Draw(t, "native") == 0})
	}
	for range rapid.IntRange(0, 2).Draw(t, "recognised") {
		f.Recognitions = append(f.Recognitions, profile.Recognition{Occupation: rapid.SampledFrom(someOccupations).Draw(t, "for"),
			Country: rapid.SampledFrom(someCountries).Draw(t, "in")})
	}
	if rapid.Bool().Draw(t, "visible") {
		p.Consents = []profile.Consent{{Purpose: profile.PurposeMatching, Given: true}}
	}
	return p
}

// drawWeights draws six weights that sum to 100.
func drawWeights(t *rapid.T) Weights {
	cuts := rapid.SliceOfN(rapid.Int64Range(0, 100), 5, 5).Draw(t, "cuts")
	slices.Sort(cuts)
	return Weights{Occupation: cuts[0], Skills: cuts[1] - cuts[0], Languages: cuts[2] - cuts[1],
		Experience: cuts[3] - cuts[2], Salary: cuts[4] - cuts[3], Education: 100 - cuts[4]}
}

func drawOffers(t *rapid.T, most int) (offers []*Offer) {
	for range rapid.IntRange(0, most).Draw(t, "offers") {
		o := drawOffer(t)
		offers = append(offers, &o)
	}
	return offers
}

func drawProfile(t *rapid.T) *Profile {
	p := FromProfile(drawPerson(t))
	return &p
}
