package offer

import (
	"cmp"
	"slices"
	"strings"

	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// Normalise writes the terms as they are stored: one-line texts with single
// spaces, sets sorted and free of repetition, of one language the highest
// requirement, an optional skill that is also required as required only, a
// range whose ends are equal as one amount. An advertisement that states no
// number is for one place. Normalising twice changes nothing.
func (t *Terms) Normalise() {
	for _, line := range []*string{&t.Title, &t.EmployerName, &t.Region, &t.City, &t.PayText} {
		*line = text.CleanName(*line)
	}
	t.Description = strings.TrimSpace(strings.ReplaceAll(t.Description, "\r\n", "\n"))
	if t.Places == 0 {
		t.Places = 1
	}
	if t.Pay.Max == t.Pay.Min {
		t.Pay.Max = 0
	}
	t.RequiredSkills = set(t.RequiredSkills)
	t.OptionalSkills = set(slices.DeleteFunc(slices.Clone(t.OptionalSkills), func(s ref.Skill) bool {
		return slices.Contains(t.RequiredSkills, s)
	}))
	t.Licences = set(t.Licences)
	t.Languages = highestNeeds(t.Languages)
	t.normaliseDeductions()
}

func (t *Terms) normaliseDeductions() {
	if len(t.Deductions) == 0 {
		t.Deductions = nil
		return
	}
	t.Deductions = slices.Clone(t.Deductions)
	for i := range t.Deductions {
		t.Deductions[i].Label = text.CleanName(t.Deductions[i].Label)
	}
	slices.SortFunc(t.Deductions, func(a, b Deduction) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Amount, b.Amount))
	})
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

// highestNeeds keeps each language once, with its highest requirement.
func highestNeeds(needs []LanguageNeed) []LanguageNeed {
	if len(needs) == 0 {
		return nil
	}
	sorted := slices.Clone(needs)
	slices.SortFunc(sorted, func(a, b LanguageNeed) int {
		return cmp.Or(cmp.Compare(a.Language, b.Language), cmp.Compare(b.Level, a.Level))
	})
	return slices.CompactFunc(sorted, func(a, b LanguageNeed) bool { return a.Language == b.Language })
}
