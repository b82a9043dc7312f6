package index

import (
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// MatchProfiles ranks the visible profiles that are eligible for an offer, at
// most k (and at most match.MaxRanked), with the exact number of all.
func (ix *Index) MatchProfiles(id offer.ID, k int, today ref.Date) (top []match.Ranked, total int) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	row := ix.offers[id]
	if row == nil {
		return nil, 0
	}
	best := ranking(k)
	for _, p := range ix.profiles.rows {
		if match.Eligible(row.match, p.match, match.ToProfiles, today) {
			total++
			best.offer(match.Ranked{ID: p.match.ID, Score: match.Score(row.match, p.match, ix.weights)})
		}
	}
	return best.take(), total
}

// MatchOffers ranks the offers a person is eligible for, likewise.
func (ix *Index) MatchOffers(id profile.ID, k int, today ref.Date) (top []match.Ranked, total int) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	p, ok := ix.profiles.get(id)
	if !ok {
		return nil, 0
	}
	best := ranking(k)
	for _, row := range ix.docs {
		if row != nil && match.Eligible(row.match, p.match, match.ToOffers, today) {
			total++
			best.offer(match.Ranked{ID: row.match.ID, Score: match.Score(row.match, p.match, ix.weights)})
		}
	}
	return best.take(), total
}

func ranking(k int) leading[match.Ranked] {
	return leading[match.Ranked]{size: min(max(k, 0), match.MaxRanked), compare: match.Better}
}

// Pair gives what matching reads of an offer, as it stands now, and of a
// profile; both are read only.
func (ix *Index) Pair(o offer.ID, p profile.ID) (*match.Offer, *match.Profile, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	row := ix.offers[o]
	person, ok := ix.profiles.get(p)
	if row == nil || !ok {
		return nil, nil, false
	}
	return row.match, person.match, true
}

// ProfileInputs gives what matching reads of a profile; it is read only.
func (ix *Index) ProfileInputs(id profile.ID) (*match.Profile, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	row, ok := ix.profiles.get(id)
	if !ok {
		return nil, false
	}
	return row.match, true
}

// OpenOffers gives every offer people can apply to that day; they are read
// only.
func (ix *Index) OpenOffers(today ref.Date) (open []*match.Offer) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	for _, row := range ix.docs {
		if row != nil && row.match.OpenOn(today) {
			open = append(open, row.match)
		}
	}
	return open
}
