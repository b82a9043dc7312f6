package placement

import (
	"context"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// Statement is a contract as somebody found it after departure.
type Statement struct {
	Stage    Stage // OnArrival or Payslip
	Terms    offer.Terms
	Language ref.Language
	Document string // id of an uploaded paper of this file; may be empty
	SignedOn ref.Date
}

// State takes in a contract found on arrival, or as the first pay slip shows
// it, and compares it with the frozen offer. Where a protected field is worse
// the file is held and says so to all sides; otherwise work is taken up.
func (s *Service) State(ctx context.Context, actor account.Actor, id ID, st Statement) (*Placement, error) {
	if err := actor.Require("placement.state"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error { return p.stateFound(by, st) })
}

// stateFound adds the contract, its comparison, and the hold it may cause. A
// hold that an earlier statement caused stays: whoever stated terms that keep
// the promise does not unsay what another found.
func (p *Placement) stateFound(by act, st Statement) error {
	if !slices.Contains(p.Statable(), st.Stage) {
		return fault.New(fault.Conflict, "transition")
	}
	st.Terms = p.contractTerms(st.Terms)
	if st.Stage == Payslip {
		st.Terms = completed(st.Terms, p.inForce())
	}
	if err := p.checkDraft(Draft{st.Terms, st.Language, st.Document, st.SignedOn}, ref.DateOf(by.now)); err != nil {
		return err
	}
	p.addCompared(by, Contract{Stage: st.Stage, Terms: st.Terms, Language: st.Language, Document: st.Document, SignedOn: st.SignedOn})
	return nil
}

// inForce gives the terms the person works under: of the last transfer that was
// approved, else as found on arrival, else as accepted.
func (p *Placement) inForce() offer.Terms {
	for i := len(p.Journey.Transfers) - 1; i >= 0; i-- {
		if m := &p.Journey.Transfers[i]; m.Approved {
			return p.Contracts[m.Contract-1].Terms
		}
	}
	for _, stage := range []Stage{OnArrival, Proposed} {
		if c := p.latest(stage); c != nil {
			return c.Terms
		}
	}
	return p.Frozen.Terms
}

// completed fills what a pay slip does not say with the terms in force; pay is
// what it is there to say.
func completed(slip, base offer.Terms) offer.Terms {
	if slip.Occupation == "" {
		slip.Occupation = base.Occupation
	}
	if slip.Kind == "" {
		slip.Kind = base.Kind
	}
	if slip.Employer == "" && slip.EmployerName == "" {
		slip.Employer, slip.EmployerName = base.Employer, base.EmployerName
	}
	if slip.Country == "" {
		slip.Country, slip.Region, slip.City = base.Country, base.Region, base.City
	}
	if slip.Start == "" {
		slip.Start = base.Start
	}
	if slip.DurationMonths == 0 {
		slip.DurationMonths = base.DurationMonths
	}
	if slip.HoursPerWeek == 0 {
		slip.HoursPerWeek = base.HoursPerWeek
	}
	if slip.DaysPerWeek == 0 {
		slip.DaysPerWeek = base.DaysPerWeek
	}
	if slip.Benefits == (offer.Benefits{}) {
		slip.Benefits = base.Benefits
	}
	if slip.Costs == (offer.Costs{}) {
		slip.Costs = base.Costs
	}
	return slip
}

// Statable lists the stages of which a contract can be stated now: one on
// arrival once the person is there, a pay slip while in post.
func (p *Placement) Statable() []Stage {
	switch p.State {
	case Arrived:
		return []Stage{OnArrival}
	case InPost:
		return []Stage{OnArrival, Payslip}
	case Transferred:
		return []Stage{Payslip}
	}
	return nil
}

func (p *Placement) hasDocument(id string) bool {
	for i := range p.Documents {
		if p.Documents[i].ID == id {
			return true
		}
	}
	return false
}
