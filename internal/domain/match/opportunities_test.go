package match

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"passerelle/internal/domain/ref"
)

// applied gives a copy of the profile after the change.
func applied(p *Profile, c Change) *Profile {
	q := *p
	switch c.Kind {
	case LearnLanguage:
		q.Languages = slices.DeleteFunc(slices.Clone(p.Languages), func(l Language) bool { return string(l.Code) == c.Code })
		q.Languages = append(q.Languages, Language{ref.Language(c.Code), ref.Level(c.Level)})
	case RaiseEducation:
		q.Education = ref.EducationLevel(c.Level)
	case AddCountry:
		q.Countries = append(slices.Clone(p.Countries), ref.Country(c.Code))
	case AddKind:
		q.Kinds = append(slices.Clone(p.Kinds), ref.WorkKind(c.Code))
	case GetRecognition:
		q.Recognitions = append(slices.Clone(p.Recognitions), Recognition{ref.Occupation(c.Code), c.Country})
	case GainExperience:
		q.Experience = append(slices.Clone(p.Experience), Experience{ref.Occupation(c.Code), c.Level})
	case GetLicence:
		q.Licences = append(slices.Clone(p.Licences), ref.Licence(c.Code))
	}
	return &q
}

// everyChange lists all changes that section 5 considers, whatever is asked.
func everyChange(p *Profile) (all []Change) {
	for _, code := range someLanguages {
		for level := int64(p.LevelOf(code)) + 1; level <= 6; level++ {
			all = append(all, Change{Kind: LearnLanguage, Code: string(code), Level: level})
		}
	}
	if p.Education < 8 {
		all = append(all, Change{Kind: RaiseEducation, Level: int64(p.Education) + 1})
	}
	for _, code := range someCountries {
		if len(p.Countries) > 0 && !slices.Contains(p.Countries, code) {
			all = append(all, Change{Kind: AddCountry, Code: string(code)})
		}
		for _, occupation := range someOccupations {
			if len(occupation) >= 3 && !slices.Contains(p.Recognitions, Recognition{occupation[:3], code}) {
				all = append(all, Change{Kind: GetRecognition, Code: string(occupation[:3]), Country: code})
			}
		}
	}
	for _, code := range ref.WorkKinds() {
		if len(p.Kinds) > 0 && !slices.Contains(p.Kinds, code) {
			all = append(all, Change{Kind: AddKind, Code: string(code)})
		}
	}
	for _, occupation := range someOccupations {
		all = append(all, Change{Kind: GainExperience, Code: string(occupation[:2]), Level: 12})
	}
	for _, code := range someLicences {
		if !slices.Contains(p.Licences, code) {
			all = append(all, Change{Kind: GetLicence, Code: string(code)})
		}
	}
	return all
}

// bruteForce applies every change in turn and counts what it opens.
func bruteForce(p *Profile, offers []*Offer) (found []Opportunity) {
	opens := func(c Change) (count int) {
		after := applied(p, c)
		for _, o := range offers {
			if !Eligible(o, p, ToOffers, someDay) && Eligible(o, after, ToOffers, someDay) {
				count++
			}
		}
		return count
	}
	seen := map[Change]bool{}
	for _, c := range everyChange(p) {
		below := 0
		if c.Kind == LearnLanguage && c.Level-1 > int64(p.LevelOf(ref.Language(c.Code))) {
			below = opens(Change{Kind: c.Kind, Code: c.Code, Level: c.Level - 1})
		}
		if n := opens(c); n > below && !seen[c] {
			seen[c] = true
			found = append(found, Opportunity{c, n})
		}
	}
	slices.SortFunc(found, compareOpportunities)
	return found
}

func TestOpportunitiesByApplyingEveryChange(t *testing.T) {
	kinds := map[ChangeKind]bool{}
	rapid.Check(t, func(t *rapid.T) {
		p, offers := drawProfile(t), []*Offer(nil)
		for range 12 {
			o := drawNearMiss(t, p)
			offers = append(offers, &o)
		}
		got, want := Opportunities(p, offers, someDay), bruteForce(p, offers)
		if diff := cmp.Diff(want, got, cmp.Transformer("nil", func(l []Opportunity) []Opportunity { return append([]Opportunity{}, l...) })); diff != "" {
			t.Fatal(diff)
		}
		for _, o := range got {
			kinds[o.Kind] = true
		}
	})
	for _, k := range ChangeKinds() {
		if !kinds[k] {
			t.Errorf("no draw reached a change of kind %s", k)
		}
	}
}

// drawNearMiss draws an offer and drops most of what the profile lacks, so
// that often one gate alone fails.
func drawNearMiss(t *rapid.T, p *Profile) Offer {
	o := drawOffer(t)
	for _, code := range Gates() {
		if Holds(code, &o, p, someDay) || rapid.IntRange(0, 3).Draw(t, "keep "+string(code)) == 0 {
			continue
		}
		switch code {
		case OfferOpen:
			o.Open, o.Deadline = true, ""
		case CorridorOpen:
			o.CorridorOpen = true
		case Languages:
			o.Languages = o.Languages[:min(1, len(o.Languages))]
		case Education:
			o.Education = p.Education
		case Months:
			o.MinMonths = p.RelevantMonths(o.Occupation)
		case Licences:
			o.Licences = o.Licences[:1]
		case Destination:
			o.Country = p.Countries[0]
		case Kind:
			o.Kind = p.Kinds[0]
		case Availability:
			o.Start = ""
		case Age:
			p.BirthDate = "1980-01-01"
		case Recognised:
			o.Regulated = false
		}
	}
	return o
}

func TestOpportunitiesOrderAndLevels(t *testing.T) {
	p := welder()
	offerOf := func(change func(*Offer)) *Offer {
		o := weldingJob()
		change(&o)
		return &o
	}
	german := func(level ref.Level) func(*Offer) {
		return func(o *Offer) { o.Languages = []Language{{"de", level}} }
	}
	offers := []*Offer{offerOf(german(ref.B1)), offerOf(german(ref.B1)), offerOf(german(ref.C1)),
		offerOf(func(o *Offer) { o.Country, o.Regulated = "DE", false }), offerOf(func(o *Offer) { o.Education = 4 }),
		offerOf(func(o *Offer) { o.Education = 5 }), offerOf(func(o *Offer) { o.Licences = []ref.Licence{"permis-c"} }),
		offerOf(func(o *Offer) { o.Licences, o.Education = []ref.Licence{"permis-c"}, 4 }), offerOf(func(*Offer) {})}
	want := []Opportunity{
		{Change{Kind: LearnLanguage, Code: "de", Level: 5}, 3}, {Change{Kind: LearnLanguage, Code: "de", Level: 3}, 2},
		{Change{Kind: RaiseEducation, Level: 4}, 1}, {Change{Kind: AddCountry, Code: "DE"}, 1}, {Change{Kind: GetLicence, Code: "permis-c"}, 1}}
	if diff := cmp.Diff(want, Opportunities(&p, offers, someDay)); diff != "" {
		t.Fatal(diff)
	}
}
