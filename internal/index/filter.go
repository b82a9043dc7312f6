package index

import (
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// failures is the set of filters an offer fails: bit f for the own filter of
// facet f, otherFilter for all else.
type failures uint8

const otherFilter failures = 1 << facetCount

// filter applies a query to rows.
type filter struct {
	q     *offer.Query
	since ref.Date // first day of publication let through; unknown = any
	today ref.Date
}

func (ix *Index) filter(q *offer.Query) filter {
	f := filter{q: q, today: q.Today}
	if !f.today.Known() {
		f.today = ix.today()
	}
	if q.PublishedWithin > 0 {
		f.since = f.today.AddDays(-q.PublishedWithin)
	}
	return f
}

// failed says which filters the offer fails.
func (f *filter) failed(row *offerRow) (failed failures) {
	if !f.visible(row) || !f.plain(row) {
		return otherFilter
	}
	for facet, holds := range [facetCount]bool{
		countryFacet:    f.country(row),
		occupationFacet: len(f.q.Occupations) == 0 || slices.ContainsFunc(f.q.Occupations, row.within),
		kindFacet:       len(f.q.Kinds) == 0 || slices.Contains(f.q.Kinds, row.card.Kind),
		languageFacet:   len(f.q.Languages) == 0 || row.requiresOnly(f.q.Languages),
		salaryFacet:     f.q.PayMinCents <= 0 || row.card.PayKnown && row.card.PayCents >= f.q.PayMinCents,
		unitFacet:       true,
	} {
		if !holds {
			failed |= 1 << facet
		}
	}
	return failed
}

// visible applies the scope. The zero scope sees nothing.
func (f *filter) visible(row *offerRow) bool {
	s := f.q.Scope
	return s.All || s.Public && row.public(f.today) || owned(s, row) && (!s.Public || f.q.IncludeOwnDrafts)
}

func owned(s account.Scope, row *offerRow) bool {
	return s.Agency != "" && s.Agency == row.card.Agency
}

// plain applies the filters that no facet has.
func (f *filter) plain(row *offerRow) bool {
	q, c := f.q, &row.card
	return (q.Agency == "" || q.Agency == c.Agency) &&
		(q.Employer == "" || q.Employer == row.employer) &&
		(q.Import == "" || q.Import == c.Import) &&
		(!q.UncodedOnly || row.uncoded) &&
		(!f.since.Known() || row.posted.Known() && row.posted >= f.since) &&
		(len(q.States) == 0 || f.state(row))
}

// state lets an offer through by its own state, and for those who see it
// whole also by the state of its next version.
func (f *filter) state(row *offerRow) bool {
	if slices.Contains(f.q.States, row.card.State) {
		return true
	}
	whole := f.q.Scope.All || owned(f.q.Scope, row)
	return whole && row.card.HasNext && slices.Contains(f.q.States, row.card.NextState)
}

func (f *filter) country(row *offerRow) bool {
	return (len(f.q.Countries) == 0 || slices.Contains(f.q.Countries, row.card.Country)) &&
		!slices.Contains(f.q.ExceptCountries, row.card.Country)
}

// within reports whether the occupation starts with the prefix.
func (row *offerRow) within(prefix ref.Occupation) bool {
	return strings.HasPrefix(string(row.card.Occupation), string(prefix))
}

// requiresOnly reports whether no language outside the list is required.
func (row *offerRow) requiresOnly(spoken []ref.Language) bool {
	for _, need := range row.card.Languages {
		if !slices.Contains(spoken, need.Language) {
			return false
		}
	}
	return true
}

// shown gives the card as the scope may see it: what concerns the review of an
// offer is for officials and its own agency.
func (f *filter) shown(row *offerRow) offer.Card {
	card := row.card
	if !f.q.Scope.All && !owned(f.q.Scope, row) {
		card.HasNext, card.NextState, card.Blocking, card.Confidence, card.Import = false, "", 0, 0, ""
	}
	return card
}
