package profile

import (
	"cmp"
	"slices"

	"passerelle/internal/domain/ref"
)

// maxUndatedMonths bounds what an entry without dates may state: 60 years.
const maxUndatedMonths = 720

// Merge gives the entries in the order of their start with Months filled, so
// that no calendar month of the person is counted twice.
//
// A month covered by several entries counts for the one that started first; of
// two that started in the same month, for the one that comes first in the
// fixed order of their other members. So the result does not depend on the
// order in which the entries were typed. Both ends of an entry count; an entry
// without end counts up to the present month, and no entry counts beyond it.
//
// An entry without start cannot overlap anything: it keeps the months it
// states and stands last.
func Merge(entries []Experience, present ref.Month) []Experience {
	merged := slices.Clone(entries)
	slices.SortFunc(merged, compareExperience)
	counted := -1 // last month, as an index, that an earlier entry has taken
	for i := range merged {
		e := &merged[i]
		if e.From == "" {
			continue
		}
		from, until := e.span(present)
		e.Months = max(0, until-max(from, counted+1)+1)
		counted = max(counted, until)
	}
	return merged
}

// span gives the first and the last month of a dated entry as indexes.
func (e Experience) span(present ref.Month) (from, until int) {
	until = present.Index()
	if e.Until != "" {
		until = min(until, e.Until.Index())
	}
	return e.From.Index(), until
}

// compareExperience is a total order: by start, entries without start last,
// then by every other member that a person states.
func compareExperience(a, b Experience) int {
	if (a.From == "") != (b.From == "") {
		return cmp.Compare(b.From, a.From)
	}
	stated := 0
	if a.From == "" {
		stated = cmp.Compare(a.Months, b.Months)
	}
	return cmp.Or(cmp.Compare(a.From, b.From), compareOpen(a.Until, b.Until),
		cmp.Compare(a.Occupation, b.Occupation), cmp.Compare(a.Country, b.Country),
		cmp.Compare(a.Employer, b.Employer), cmp.Compare(a.Title, b.Title), stated)
}

// compareOpen orders ends: what is still going on ends last.
func compareOpen(a, b ref.Month) int {
	if (a == "") != (b == "") {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

// GroupMonths is the experience in one 2-digit group of ISCO-08.
type GroupMonths struct {
	Group  ref.Occupation
	Months int
}

// MonthsByGroup sums the counted months by 2-digit group, in the order of the
// groups. Entries without an occupation of two digits or more are left out.
func (f *Facts) MonthsByGroup() []GroupMonths {
	sums := map[ref.Occupation]int{}
	for _, e := range f.Experience {
		if len(e.Occupation) >= 2 {
			sums[e.Occupation.Prefix(2)] += e.Months
		}
	}
	groups := make([]GroupMonths, 0, len(sums))
	for group, months := range sums {
		groups = append(groups, GroupMonths{Group: group, Months: months})
	}
	slices.SortFunc(groups, func(a, b GroupMonths) int { return cmp.Compare(a.Group, b.Group) })
	return groups
}

// Worked lists the occupations the person has worked or trained in, from the
// experience entries and beyond them: sorted, each once.
func (f *Facts) Worked() []ref.Occupation {
	worked := slices.Clone(f.Occupations)
	for _, e := range f.Experience {
		if e.Occupation != "" {
			worked = append(worked, e.Occupation)
		}
	}
	slices.Sort(worked)
	return slices.Compact(worked)
}

// TotalMonths sums the counted months of all entries.
func (f *Facts) TotalMonths() int {
	total := 0
	for _, e := range f.Experience {
		total += e.Months
	}
	return total
}
