package match

import (
	"slices"

	"passerelle/internal/domain/ref"
)

// Ranked is one place of a ranked list.
type Ranked struct {
	ID    string
	Score int64
}

// Better orders a ranked list: score descending, then id ascending by bytes.
// It is negative when a stands before b.
func Better(a, b Ranked) int {
	switch {
	case a.Score != b.Score && a.Score > b.Score, a.Score == b.Score && a.ID < b.ID:
		return -1
	case a == b:
		return 0
	default:
		return 1
	}
}

// TopOffers ranks the offers a person is eligible for, at most k of them, by
// looking at every one; total counts all that are eligible.
func TopOffers(p *Profile, offers []*Offer, k int, w Weights, today ref.Date) (top []Ranked, total int) {
	for _, o := range offers {
		if r := Evaluate(o, p, w, today); r.EligibleIn(ToOffers) {
			top = append(top, Ranked{ID: o.ID, Score: r.Score})
		}
	}
	return first(top, k), len(top)
}

// TopProfiles ranks the visible profiles that are eligible for an offer, at
// most k of them, by looking at every one; total counts all.
func TopProfiles(o *Offer, profiles []*Profile, k int, w Weights, today ref.Date) (top []Ranked, total int) {
	for _, p := range profiles {
		if r := Evaluate(o, p, w, today); r.EligibleIn(ToProfiles) {
			top = append(top, Ranked{ID: p.ID, Score: r.Score})
		}
	}
	return first(top, k), len(top)
}

func first(all []Ranked, k int) []Ranked {
	slices.SortFunc(all, Better)
	return all[:min(max(k, 0), len(all))]
}

// Band says in one word how well a pair fits; agencies see it in place of the
// score.
type Band string

// The bands.
const (
	Strong   Band = "strong"   // 7 500 and above
	Good     Band = "good"     // 5 000 and above
	Possible Band = "possible" // below
)

// BandOf gives the band of a score.
func BandOf(score int64) Band {
	switch {
	case score >= 7500:
		return Strong
	case score >= 5000:
		return Good
	default:
		return Possible
	}
}
