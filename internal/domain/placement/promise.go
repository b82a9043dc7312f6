package placement

import (
	"slices"
	"time"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// Promised says who the offer said would pay for a category of costs; empty
// where it says nothing. A recruitment fee that the offer does not ask for is
// the employer's: recruitment costs the worker nothing.
func Promised(t offer.Terms, category string) offer.Payer {
	switch category {
	case "recruitment_fee":
		if t.Costs.WorkerFee > 0 {
			return offer.ByWorker
		}
		return offer.ByEmployer
	case "medical":
		return t.Costs.Medical
	case "training", "skills_test":
		return t.Costs.Training
	case "travel":
		return t.Costs.Flight
	case "administrative":
		return t.Costs.Visa
	case "insurance":
		if t.Benefits.Insurance == offer.Provided {
			return offer.ByEmployer
		}
	}
	return ""
}

// Broken reports a line of the ledger that counts, that the person paid, and
// that the offer said somebody else would pay.
func (p *Placement) Broken(c Cost) bool {
	promised := Promised(p.Frozen.Terms, c.Category)
	return c.Struck.IsZero() && c.PaidBy == offer.ByWorker && promised != "" && promised != offer.ByWorker
}

// Share is what one payer has paid.
type Share struct {
	Payer    offer.Payer
	EURCents int64
	// Exact is the sum as it was paid, where all of it was paid in one currency;
	// its currency is empty otherwise.
	Exact ref.Money
}

// Shares adds up the ledger by payer, struck lines left out; payers who paid
// nothing are left out as well.
func (p *Placement) Shares() (shares []Share) {
	for _, payer := range Payers() {
		share, lines := Share{Payer: payer}, 0
		for _, c := range p.Costs {
			if c.PaidBy == payer && c.Struck.IsZero() {
				share.add(c, lines == 0)
				lines++
			}
		}
		if lines > 0 {
			shares = append(shares, share)
		}
	}
	return shares
}

func (s *Share) add(c Cost, first bool) {
	s.EURCents += c.EURCents
	switch {
	case first:
		s.Exact = c.Amount
	case s.Exact.Currency != c.Amount.Currency:
		s.Exact = ref.Money{}
	default:
		s.Exact.Amount += c.Amount.Amount
	}
}

// NextCheckIn gives the contact abroad that comes next or is missing; nil when
// none is left.
func (p *Placement) NextCheckIn() *CheckIn {
	i := slices.IndexFunc(p.Journey.CheckIns, func(c CheckIn) bool { return c.DoneAt.IsZero() })
	if i < 0 {
		return nil
	}
	return &p.Journey.CheckIns[i]
}

// expirySoon is how long before a paper runs out people are reminded.
const expirySoon = 60 * 24 * time.Hour

// Expiry says how a paper of the checklist stands on a day.
type Expiry string

// The answers.
const (
	Lasting Expiry = ""        // it has no last day, or one that is far
	Soon    Expiry = "soon"    // it runs out within 60 days
	Expired Expiry = "expired" // its last day is over
)

// Expiry gives how the paper stands on the day.
func (i *Item) Expiry(day ref.Date) Expiry {
	switch {
	case !i.Done || !i.Expires.Known():
		return Lasting
	case i.Expires < day:
		return Expired
	case i.Expires.Time().Sub(day.Time()) <= expirySoon:
		return Soon
	}
	return Lasting
}
