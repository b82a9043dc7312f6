package report

import "slices"

// Threshold is how many files a count has at least that is shown to somebody
// who may not see files; it is that of the published statistics.
const Threshold = 5

// kept lists which values of a file are told, from the most to the fewest.
func kept() [][]int {
	return [][]int{
		{country, state, agencyOf, group, month}, {country, state, agencyOf, group}, {country, state, agencyOf},
		{country, agencyOf}, {country, state}, {country, group}, {country, month}, {country}, {state}, {agencyOf}, {},
	}
}

// mask puts the files into classes of at least the threshold each, once and
// for all filters. A file is told with all its values where enough files share
// them; if not, it is tried again with fewer of them, and what remains at the
// end is not counted. Every figure of every view is then a sum of whole
// classes, and so is what follows from such figures by adding and subtracting:
// no filter, and no two filters, can cut a smaller group out of a class.
// Hiding the small figures alone would leave each to be told from a total and
// the figures beside it.
//
// Knowing this method does not help either. A value that is kept back was, at
// each step that told it, shared by fewer files than the threshold; the file
// could have any other rare value there and all figures would be the same.
func mask(files []traits) []class {
	var classes []class
	for _, told := range kept() {
		groups := map[traits][]traits{}
		for _, file := range files {
			seen := file.only(told)
			groups[seen] = append(groups[seen], file)
		}
		files = nil
		for seen, members := range groups {
			if len(members) >= Threshold {
				classes = append(classes, class{seen, len(members)})
			} else {
				files = append(files, members...)
			}
		}
	}
	slices.SortFunc(classes, func(a, b class) int { return slices.Compare(a.traits[:], b.traits[:]) })
	return classes
}

// only keeps the values told.
func (t traits) only(told []int) (seen traits) {
	for _, i := range told {
		seen[i] = t[i]
	}
	return seen
}
