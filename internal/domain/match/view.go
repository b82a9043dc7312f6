package match

import "passerelle/internal/domain/account"

// View is an explanation as far as one role may know it. What is hidden is
// absent: Score, Share and Contribution are nil, comparisons and facts empty.
type View struct {
	Offer      string
	Profile    string
	Direction  Direction
	Weights    string // version of the weights
	Eligible   bool
	Band       Band
	Rank       int // in the list the reader would be shown; 0 = not among the first 500
	Score      *int64
	Gates      []ExplainedGate
	Components []ViewComponent
}

// ViewComponent is a component as far as the role may know it.
type ViewComponent struct {
	Code         ComponentCode
	Weight       int64
	Share        *int64
	Contribution *int64
	Facts        []Fact
}

// ViewFor cuts an explanation to what the role may know. The person and
// officials see everything: nothing in an explanation names the person, and
// age is in years. An agency sees gates as passed or failed, the band in place
// of the score, and nothing of the salary component. Other roles see nothing.
func ViewFor(role account.Role, e Explanation) View {
	switch role {
	case account.Candidate, account.Official, account.System:
		return fullView(e)
	case account.Agency:
		return agencyView(e)
	default:
		return View{}
	}
}

func fullView(e Explanation) View {
	v := frame(e)
	v.Score, v.Gates = &e.Score, e.Gates
	for _, c := range e.Components {
		v.Components = append(v.Components, ViewComponent{Code: c.Code, Weight: c.Weight,
			Share: &c.Share, Contribution: &c.Contribution, Facts: c.Facts})
	}
	return v
}

func agencyView(e Explanation) View {
	v := frame(e)
	for _, g := range e.Gates {
		v.Gates = append(v.Gates, ExplainedGate{Code: g.Code, Holds: g.Holds})
	}
	for _, c := range e.Components {
		shown := ViewComponent{Code: c.Code, Weight: c.Weight}
		if c.Code != SalaryShare {
			shown.Share, shown.Contribution, shown.Facts = &c.Share, &c.Contribution, c.Facts
		}
		v.Components = append(v.Components, shown)
	}
	return v
}

func frame(e Explanation) View {
	return View{Offer: e.Offer, Profile: e.Profile, Direction: e.Direction, Weights: e.Weights,
		Eligible: e.Eligible, Band: BandOf(e.Score)}
}
