package placement

import (
	"context"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// ByAgency is the third payer of the ledger: the recruiter bears it.
const ByAgency offer.Payer = "agency"

// maxCosts bounds the ledger of one file.
const maxCosts = 200

// CostCategories lists the recruitment fees and related costs of the ILO's
// General principles and operational guidelines for fair recruitment (2019).
func CostCategories() []string {
	return []string{"recruitment_fee", "medical", "insurance", "skills_test", "training", "equipment", "travel", "administrative", "other"}
}

// Payers lists who can have paid.
func Payers() []offer.Payer { return []offer.Payer{offer.ByEmployer, offer.ByWorker, ByAgency} }

// Expense is one cost as it is stated.
type Expense struct {
	Category string // see CostCategories
	Amount   ref.Money
	PaidBy   offer.Payer
	PaidOn   ref.Date
	Note     string
	Document string // receipt among the file's documents; may be empty
}

// AddCost adds a line to the costs ledger. What the worker paid raises the risk
// of the file, and so its place in the officials' queue.
func (s *Service) AddCost(ctx context.Context, actor account.Actor, id ID, e Expense) (*Placement, error) {
	if err := actor.Require("placement.cost"); err != nil {
		return nil, err
	}
	cost := s.NewID("cos_")
	return s.change(ctx, actor, id, func(p *Placement, by act) error { return p.addCost(by, cost, e) })
}

func (p *Placement) addCost(by act, id string, e Expense) error {
	switch {
	case p.State == Cancelled && by.actor.Role == account.Agency:
		return fault.New(fault.Conflict, "transition")
	case len(p.Costs) >= maxCosts:
		return fault.New(fault.Conflict, "placement.costs.full")
	}
	if err := p.checkExpense(e, ref.DateOf(by.now)); err != nil {
		return err
	}
	cents, _ := ref.NormalisedPay(once(e.Amount), 0, 0, e.PaidOn)
	p.Costs = append(p.Costs, Cost{ID: id, Category: e.Category, Amount: e.Amount, EURCents: cents, PaidBy: e.PaidBy, PaidOn: e.PaidOn,
		Note: e.Note, Document: e.Document, By: by.actor.Account, Role: by.actor.Role, At: by.now})
	if e.PaidBy == offer.ByWorker {
		p.Decision.Reviewed = Signature{} // an alarm after the first signature is looked at again
	}
	p.note(by, "cost", "", "", "costs")
	return nil
}

// once gives an amount the form in which it can be turned into euros.
func once(m ref.Money) ref.Pay {
	return ref.Pay{Min: m.Amount, Currency: m.Currency, Period: ref.PerMonth, Basis: ref.Gross}
}

func (p *Placement) checkExpense(e Expense, today ref.Date) error {
	var bad fault.List
	bad.Check(has(CostCategories(), e.Category), "/category", "reason.unknown")
	bad.Check(slices.Contains(Payers(), e.PaidBy), "/paidBy", "reason.unknown")
	bad.Check(e.Amount.Amount > 0 && e.Amount.Amount <= ref.MaxAmount, "/amount", "ref.amount")
	checkDay(&bad, "/paidOn", e.PaidOn, "", today)
	_, rated := ref.RateOn(e.Amount.Currency, e.PaidOn)
	bad.Check(rated || !e.PaidOn.Known(), "/currency", "placement.cost.rate")
	bad.Check(e.Category != OtherReason || e.Note != "", "/note", "required")
	checkLength(&bad, "/note", e.Note, maxNote)
	bad.Check(e.Document == "" || p.hasDocument(e.Document), "/document", "placement.document.unknown")
	return bad.Err("placement.invalid")
}

// StrikeCost marks a line of the ledger as wrong, for a written reason; it
// stays readable. Only who added it may, or an official.
func (s *Service) StrikeCost(ctx context.Context, actor account.Actor, id ID, cost, reason string) (*Placement, error) {
	if err := actor.Require("placement.cost"); err != nil {
		return nil, err
	}
	if err := checkWording("/reason", reason); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		i := slices.IndexFunc(p.Costs, func(c Cost) bool { return c.ID == cost })
		switch {
		case i < 0:
			return fault.New(fault.NotFound, "placement.cost.not_found")
		case p.Costs[i].By != by.actor.Account && by.actor.Role != account.Official:
			return fault.New(fault.Forbidden, "placement.cost.foreign")
		case !p.Costs[i].Struck.IsZero():
			return fault.New(fault.Conflict, "placement.cost.struck")
		}
		c := &p.Costs[i]
		c.Struck, c.StruckBy, c.StruckReason = by.now, by.actor.Account, reason
		p.note(by, "strike_cost", "", reason, "costs")
		return nil
	})
}

// WorkerPaid is what the person has paid in all, in EUR cents; struck lines do
// not count.
func (p *Placement) WorkerPaid() (cents int64) {
	for _, c := range p.Costs {
		if c.PaidBy == offer.ByWorker && c.Struck.IsZero() {
			cents += c.EURCents
		}
	}
	return cents
}

// chargedWorker reports whether any line says that the person paid, however
// little.
func (p *Placement) chargedWorker() bool {
	return slices.ContainsFunc(p.Costs, func(c Cost) bool { return c.PaidBy == offer.ByWorker && c.Struck.IsZero() })
}
