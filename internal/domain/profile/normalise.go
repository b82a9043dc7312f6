package profile

import (
	"cmp"
	"slices"
	"strings"

	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// Accept makes typed facts storable: one-line texts are trimmed, every rule is
// checked at the position the person used, and the result is normalised. Today
// is the day of the request. It fails with Invalid, and the facts are then to
// be thrown away.
func (f *Facts) Accept(today ref.Date) error {
	f.cleanNames()
	if err := f.Validate(today); err != nil {
		return err
	}
	f.Normalise(today.Month())
	return nil
}

// Normalise writes the facts as they are stored: names with single spaces,
// sets sorted and free of repetition, of one language the highest level, a
// native language as C2, and experience merged by calendar month (see Merge).
// Present is the month up to which open entries count. Normalising twice in
// one month changes nothing.
func (f *Facts) Normalise(present ref.Month) {
	f.cleanNames()
	f.Summary = strings.TrimSpace(f.Summary)
	f.Identity.Nationality = set(f.Identity.Nationality)
	for i := range f.Education {
		f.Education[i].RecognisedIn = set(f.Education[i].RecognisedIn)
	}
	f.Experience = Merge(f.Experience, present)
	slices.SortStableFunc(f.Spells, func(a, b Spell) int { return cmp.Compare(a.From, b.From) })
	f.Occupations = set(f.Occupations)
	f.Skills = set(f.Skills)
	f.Languages = highestLevels(f.Languages)
	f.Licences = set(f.Licences)
	f.Recognitions = recognitionSet(f.Recognitions)
	f.Wishes.Occupations = set(f.Wishes.Occupations)
	f.Wishes.Countries = set(f.Wishes.Countries)
	f.Wishes.Kinds = set(f.Wishes.Kinds)
}

// cleanNames trims every one-line text.
func (f *Facts) cleanNames() {
	lines := []*string{
		&f.Identity.GivenNames, &f.Identity.FamilyName, &f.Identity.BirthPlace, &f.Identity.ConsularCard,
		&f.Residence.City, &f.Residence.Cercle, &f.Residence.Commune,
	}
	for i := range f.Education {
		lines = append(lines, &f.Education[i].Title, &f.Education[i].Institution)
	}
	for i := range f.Experience {
		lines = append(lines, &f.Experience[i].Title, &f.Experience[i].Employer)
	}
	for i := range f.Recognitions {
		lines = append(lines, &f.Recognitions[i].Authority)
	}
	for _, line := range lines {
		*line = text.CleanName(*line)
	}
	f.Identity.NINA = strings.ToUpper(strings.ReplaceAll(text.CleanName(f.Identity.NINA), " ", ""))
	f.Identity.Email = strings.ToLower(strings.TrimSpace(f.Identity.Email))
}

// set sorts values, keeps each once and drops the empty one; no value at all
// is nil, so that two empty sets are equal.
func set[T ~string](values []T) []T {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	sorted = slices.DeleteFunc(slices.Compact(sorted), func(v T) bool { return v == "" })
	if len(sorted) == 0 {
		return nil
	}
	return sorted
}

// highestLevels keeps each language once, with its highest level.
func highestLevels(languages []LanguageSkill) []LanguageSkill {
	best := map[ref.Language]LanguageSkill{}
	for _, l := range languages {
		if l.Native {
			l.Level = ref.C2
		}
		have, seen := best[l.Language]
		if seen {
			l.Level, l.Native = max(l.Level, have.Level), l.Native || have.Native
		}
		best[l.Language] = l
	}
	var sorted []LanguageSkill
	for _, l := range best {
		sorted = append(sorted, l)
	}
	slices.SortFunc(sorted, func(a, b LanguageSkill) int { return cmp.Compare(a.Language, b.Language) })
	return sorted
}

// recognitionSet sorts recognitions and keeps equal ones once.
func recognitionSet(recognitions []Recognition) []Recognition {
	sorted := slices.Clone(recognitions)
	slices.SortFunc(sorted, func(a, b Recognition) int {
		return cmp.Or(cmp.Compare(a.Occupation, b.Occupation), cmp.Compare(a.Country, b.Country),
			cmp.Compare(a.Date, b.Date), cmp.Compare(a.Authority, b.Authority))
	})
	return slices.Compact(sorted)
}
