package index

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
)

// OfferCard finds one card, whatever its state.
func (ix *Index) OfferCard(id offer.ID) (offer.Card, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if row := ix.offers[id]; row != nil {
		return row.card, true
	}
	return offer.Card{}, false
}

// OfferByReference finds an offer's id by its public reference.
func (ix *Index) OfferByReference(reference string) (offer.ID, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	id, ok := ix.references[reference]
	return id, ok
}

// OffersOf lists the ids of all offers the query lets through: those of an
// import in row order, others by id.
func (ix *Index) OffersOf(q offer.Query) []offer.ID {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var rows []*offerRow
	f := ix.filter(&q)
	ix.scan(parse(q.Text), &f, func(row *offerRow, _ int64, failed failures) {
		if failed == 0 {
			rows = append(rows, row)
		}
	})
	slices.SortFunc(rows, func(a, b *offerRow) int {
		if q.Import != "" && a.row != b.row {
			return cmp.Compare(a.row, b.row)
		}
		return cmp.Compare(a.card.ID, b.card.ID)
	})
	ids := make([]offer.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.card.ID
	}
	return ids
}

// OffersToAnnounce lists the offers whose applicants have still to be told of
// changed terms, by id.
func (ix *Index) OffersToAnnounce() []offer.ID {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var ids []offer.ID
	for id, row := range ix.offers {
		if row.card.Announce {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// OffersByState counts the offers the scope sees by state; next versions on
// their way are not counted.
func (ix *Index) OffersByState(scope account.Scope) map[offer.State]int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	counts := map[offer.State]int{}
	q := offer.Query{Scope: scope}
	f := ix.filter(&q)
	ix.scan(nil, &f, func(row *offerRow, _ int64, _ failures) { counts[row.card.State]++ })
	return counts
}

// ChangedOffers gives up to limit cards of offers that were published at any
// time, whatever their state now, ordered by UpdatedAt, then id, that come
// strictly after the position (since, after).
func (ix *Index) ChangedOffers(since time.Time, after offer.ID, limit int) []offer.Card {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	best := leading[*offerRow]{size: max(0, limit), compare: func(a, b *offerRow) int { return compareChange(a, b.card.UpdatedAt, b.card.ID) }}
	for _, row := range ix.docs {
		if row != nil && row.posted.Known() && compareChange(row, since, after) > 0 {
			best.offer(row)
		}
	}
	var cards []offer.Card
	for _, row := range best.take() {
		cards = append(cards, row.card)
	}
	return cards
}

func compareChange(row *offerRow, at time.Time, id offer.ID) int {
	return cmp.Or(row.card.UpdatedAt.Compare(at), strings.Compare(string(row.card.ID), string(id)))
}
