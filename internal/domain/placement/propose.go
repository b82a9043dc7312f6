package placement

import (
	"context"
	"strconv"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// maxContracts bounds the contracts of one file, of all stages together.
const maxContracts = 50

// Draft is a contract as the agency states it.
type Draft struct {
	Terms    offer.Terms // only what a contract has is kept
	Language ref.Language
	Document string   // id of the signed paper in this file; may follow later
	SignedOn ref.Date // by both sides; unknown = not yet
}

// Propose states the contract the person is to sign, or a corrected one in its
// place, and compares it with the frozen offer. Pay, hours, duration,
// employer, country and occupation must be there whatever the agency's kind.
// Where a protected field is worse, missing or unclear the file is held; the
// hold of the contract that is replaced falls away.
func (s *Service) Propose(ctx context.Context, actor account.Actor, id ID, d Draft) (*Placement, error) {
	if err := actor.Require("placement.propose"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if _, err := Transitions().Next(ActPropose, p.State, by.actor.Role); err != nil {
			return err
		}
		if err := s.roadOpen(p.road()); err != nil {
			return err
		}
		return p.propose(by, d)
	})
}

func (p *Placement) propose(by act, d Draft) error {
	d.Terms = p.contractTerms(d.Terms)
	if err := p.checkDraft(d, ref.DateOf(by.now)); err != nil {
		return err
	}
	p.supersede(Proposed)
	if err := p.move(by, ActPropose, "", ""); err != nil {
		return err
	}
	p.Decision = Decision{}
	p.unsign()
	p.addCompared(by, Contract{Stage: Proposed, Terms: d.Terms, Language: d.Language, Document: d.Document, SignedOn: d.SignedOn})
	p.tellPerson(by, "placement.contract")
	return nil
}

// Preview compares terms that somebody is typing with the published offer, as
// they will be compared once they are kept. It gives them in the stored form.
func (p *Placement) Preview(typed offer.Terms) (offer.Terms, []Line) {
	found := p.contractTerms(typed)
	return found, Compare(p.Frozen, found)
}

// contractTerms keeps of some terms what a contract has, in the stored form.
func (p *Placement) contractTerms(t offer.Terms) offer.Terms {
	kept := offer.Terms{
		Title: t.Title, Occupation: t.Occupation, Kind: t.Kind, Employer: t.Employer, EmployerName: t.EmployerName,
		Country: t.Country, Region: t.Region, City: t.City, Places: 1, Start: t.Start, DurationMonths: t.DurationMonths,
		HoursPerWeek: t.HoursPerWeek, DaysPerWeek: t.DaysPerWeek, Pay: t.Pay, Benefits: t.Benefits,
		Deductions: t.Deductions, Costs: t.Costs,
	}
	if kept.Title == "" {
		kept.Title = p.Title
	}
	kept.Normalise()
	return kept
}

func (p *Placement) checkDraft(d Draft, today ref.Date) error {
	bad := offer.Validate(d.Terms)
	requireTerms(&bad, d.Terms)
	_, err := ref.ParseLanguage(string(d.Language))
	bad.Check(d.Language != "", "/language", "required")
	bad.Check(err == nil, "/language", "ref.language")
	_, err = ref.ParseDate(string(d.SignedOn))
	bad.Check(err == nil, "/signedOn", "ref.date")
	bad.Check(!d.SignedOn.Known() || d.SignedOn <= today, "/signedOn", "date.future")
	bad.Check(d.Document == "" || p.hasDocument(d.Document), "/document", "placement.document.unknown")
	bad.Check(len(p.Contracts) < maxContracts, "", "too_many", strconv.Itoa(maxContracts))
	return bad.Err("placement.invalid")
}

// requireTerms reports what every contract must state.
func requireTerms(bad *fault.List, t offer.Terms) {
	bad.Check(t.Pay.Known(), "/pay", "required")
	bad.Check(t.HoursPerWeek > 0, "/hoursPerWeek", "required")
	bad.Check(t.DurationMonths > 0 || t.Kind == ref.Permanent, "/durationMonths", "required")
	bad.Check(t.Occupation != "", "/occupation", "required")
	bad.Check(t.Country != "", "/country", "required")
	bad.Check(t.Employer != "" || t.EmployerName != "", "/employer", "required")
}

// addCompared numbers a contract, compares it with the frozen offer and holds
// the file where it breaks the promise. What an earlier statement of terms
// found abroad has held stays held: only two officials release it.
func (p *Placement) addCompared(by act, c Contract) {
	c.Number, c.By, c.Role, c.At = len(p.Contracts)+1, by.actor.Account, by.actor.Role, by.now
	c.Lines = Compare(p.Frozen, c.Terms)
	p.Contracts = append(p.Contracts, c)
	if c.Stage == OnArrival || c.Stage == Payslip {
		p.note(by, "state_contract", "", "", "contracts")
	}
	if len(Blocking(c.Lines)) > 0 {
		p.hold(act{account.SystemActor(), by.now}, HoldSubstitution, contractSource(c.Number), "")
	}
}

// contractSource names a contract as the source of a hold.
func contractSource(number int) string { return "contract/" + strconv.Itoa(number) }

// supersede drops the substitution holds of the contracts of a stage.
func (p *Placement) supersede(stage Stage) {
	for _, c := range p.Contracts {
		if c.Stage == stage {
			p.drop(HoldSubstitution, contractSource(c.Number))
		}
	}
}

// contract finds a contract by its number; NotFound when there is none.
func (p *Placement) contract(number int) (*Contract, error) {
	if number < 1 || number > len(p.Contracts) {
		return nil, fault.New(fault.NotFound, "placement.contract.not_found")
	}
	return &p.Contracts[number-1], nil
}

// CurrentContract gives the contract that was proposed last; nil when there is
// none.
func (p *Placement) CurrentContract() *Contract { return p.latest(Proposed) }
