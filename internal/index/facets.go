package index

import (
	"cmp"
	"slices"
	"strconv"

	"passerelle/internal/domain/offer"
)

// facetNames lists the facets; a facet is known by its place in it.
var facetNames = [facetCount]offer.Facet{offer.FacetCountry, offer.FacetOccupation, offer.FacetKind, offer.FacetLanguage, offer.FacetSalary, offer.FacetUnit}

const facetCount = 6

// The places of the facets.
const (
	countryFacet = iota
	occupationFacet
	kindFacet
	languageFacet
	salaryFacet
	unitFacet // no filter is its own
)

// UnknownPay is the value of the salary facet for offers whose pay cannot be
// normalised.
const UnknownPay = "unknown"

// SalaryBands lists the lower bounds of the bands of the salary facet, in EUR
// gross a month; the last band is open. A band's value is its lower bound.
func SalaryBands() []int64 { return []int64{0, 500, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 7500} }

// band gives the salary facet's value for an amount.
func band(cents int64) string {
	bounds := SalaryBands()
	at := len(bounds) - 1
	for at > 0 && cents < bounds[at]*100 {
		at--
	}
	return strconv.FormatInt(bounds[at], 10)
}

// values numbers the values of each facet, so that counting is an addition.
type values struct {
	numbers [facetCount]map[string]uint16
	names   [facetCount][]string
}

func newValues() (v values) {
	for f := range v.numbers {
		v.numbers[f] = map[string]uint16{}
	}
	return v
}

func (v *values) number(facet int, value string) uint16 {
	n, ok := v.numbers[facet][value]
	if !ok {
		n = uint16(len(v.names[facet]))
		v.numbers[facet][value] = n
		v.names[facet] = append(v.names[facet], value)
	}
	return n
}

// of gives the numbers of an offer's values; an offer that requires several
// languages counts once in each, one that states nothing in none.
func (v *values) of(row *offerRow) (numbers [facetCount][]uint16) {
	c := &row.card
	add := func(facet int, value string) {
		if value != "" && !slices.Contains(numbers[facet], v.number(facet, value)) {
			numbers[facet] = append(numbers[facet], v.number(facet, value))
		}
	}
	add(countryFacet, string(c.Country))
	add(occupationFacet, string(c.Occupation.Prefix(2)))
	add(unitFacet, string(c.Occupation))
	add(kindFacet, string(c.Kind))
	for _, l := range c.Languages {
		add(languageFacet, string(l.Language))
	}
	if c.PayKnown {
		add(salaryFacet, band(c.PayCents))
	} else {
		add(salaryFacet, UnknownPay)
	}
	return numbers
}

// counter counts the facets a query asks for.
type counter struct {
	wanted [facetCount]bool
	counts [facetCount][]int
}

func (v *values) counter(facets []offer.Facet) (c counter) {
	for f, name := range facetNames {
		if c.wanted[f] = slices.Contains(facets, name); c.wanted[f] {
			c.counts[f] = make([]int, len(v.names[f]))
		}
	}
	return c
}

// add counts an offer that fails the given filters: in every facet when it
// fails none, in one facet when it fails that facet's own filter only.
func (c *counter) add(row *offerRow, failed failures) {
	for f, wanted := range c.wanted {
		if wanted && failed&^(1<<f) == 0 {
			for _, n := range row.facets[f] {
				c.counts[f][n]++
			}
		}
	}
}

// lines gives the counts of each facet asked for: highest first, then by
// value; salary bands from low to high, unknown last.
func (v *values) lines(c counter) map[offer.Facet][]offer.FacetCount {
	found := map[offer.Facet][]offer.FacetCount{}
	for f, counts := range c.counts {
		if !c.wanted[f] {
			continue
		}
		list := []offer.FacetCount{}
		for n, count := range counts {
			if count > 0 {
				list = append(list, offer.FacetCount{Value: v.names[f][n], Count: count})
			}
		}
		slices.SortFunc(list, lineOrder(f))
		found[facetNames[f]] = list
	}
	return found
}

func lineOrder(facet int) func(a, b offer.FacetCount) int {
	if facet == salaryFacet {
		return func(a, b offer.FacetCount) int {
			return cmp.Or(cmp.Compare(len(a.Value), len(b.Value)), cmp.Compare(a.Value, b.Value))
		}
	}
	return func(a, b offer.FacetCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	}
}
