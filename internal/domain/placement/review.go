package placement

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// ClaimFor is how long an official has a file to himself.
const ClaimFor = 4 * time.Hour

// The acts of officials that change no state.
const (
	actReview        = "review"
	actProposeRefuse = "propose_refusal"
	actClaim         = "claim"
	actUnclaim       = "release_claim"
)

// Claim takes a file for oneself, or for longer; Conflict "placement.claimed"
// while another official has it.
func (s *Service) Claim(ctx context.Context, actor account.Actor, id ID) (*Placement, error) {
	if err := actor.Require("placement.review"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if p.State.Final() {
			return fault.New(fault.Conflict, "placement.final")
		}
		if err := p.unclaimed(by); err != nil {
			return err
		}
		p.Claim = Claim{By: by.actor.Account, At: by.now, Until: by.now.Add(ClaimFor)}
		p.note(by, actClaim, "", "", "claim")
		return nil
	})
}

// ReleaseClaim gives a claimed file back to the queue; Conflict
// "placement.claimed" when it is another official's.
func (s *Service) ReleaseClaim(ctx context.Context, actor account.Actor, id ID) (*Placement, error) {
	if err := actor.Require("placement.review"); err != nil {
		return nil, err
	}
	return s.unless(ctx, actor, id, func(p *Placement, by act) error {
		if err := p.unclaimed(by); err != nil {
			return err
		}
		if p.Claim.By == "" {
			return errNothing
		}
		p.Claim = Claim{}
		p.note(by, actUnclaim, "", "", "claim")
		return nil
	})
}

// unclaimed fails while another official has the file.
func (p *Placement) unclaimed(by act) error {
	if p.Claim.By != "" && p.Claim.By != by.actor.Account && by.now.Before(p.Claim.Until) {
		return fault.New(fault.Conflict, "placement.claimed")
	}
	return nil
}

// mayDecide fails unless the file is under review and this official may decide
// it: nobody else has it, and he worked on neither contract nor documents.
func (p *Placement) mayDecide(by act, action string) error {
	if _, err := Transitions().Next(action, p.State, by.actor.Role); err != nil {
		return err
	}
	if err := p.unclaimed(by); err != nil {
		return err
	}
	if p.worked(by.actor.Account) {
		return fault.New(fault.Forbidden, "four_eyes.own")
	}
	return nil
}

// Return gives a file under review back for correction. The person accepts the
// contract anew, or another one is proposed.
func (s *Service) Return(ctx context.Context, actor account.Actor, id ID, g Grounds) (*Placement, error) {
	if err := actor.Require("placement.review"); err != nil {
		return nil, err
	}
	if err := g.Check(ActReturn); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if err := p.mayDecide(by, ActReturn); err != nil {
			return err
		}
		if c := p.CurrentContract(); c != nil {
			c.AcceptedAt = time.Time{}
		}
		p.Decision = Decision{}
		return p.move(by, ActReturn, g.Reason, g.Note)
	})
}

// Review is the first of the two signatures of a clearance: the file is
// complete and in order. The contract must keep the corridor's law. The claim
// ends, so that the second official can go on at once.
func (s *Service) Review(ctx context.Context, actor account.Actor, id ID) (*Placement, error) {
	if err := actor.Require("placement.review"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if err := p.mayDecide(by, ActClear); err != nil {
			return err
		}
		if p.Decision.Reviewed.By != "" {
			return fault.New(fault.Conflict, "placement.reviewed")
		}
		if err := s.inOrder(p, by); err != nil {
			return err
		}
		d := &p.Decision
		d.Reviewed = Signature{By: by.actor.Account, At: by.now}
		d.RefusalBy, d.RefusalReason, d.RefusalNote = Signature{}, "", ""
		p.Claim = Claim{}
		p.note(by, actReview, "", "", "decision")
		return nil
	})
}

// inOrder fails unless everything a clearance needs is there at this moment.
func (s *Service) inOrder(p *Placement, by act) error {
	if p.Held() {
		return fault.New(fault.Conflict, "placement.held")
	}
	if err := s.roadOpen(p.road()); err != nil {
		return err
	}
	today := ref.DateOf(by.now)
	if lacking := p.Lacking(today); len(lacking) > 0 {
		return fault.New(fault.Conflict, "placement.checklist.incomplete",
			fault.Field{Pointer: "/checklist/" + lacking[0], Code: "placement.item.lacking"})
	}
	c := p.CurrentContract()
	if c == nil || c.AcceptedAt.IsZero() {
		return fault.New(fault.Conflict, "placement.contract.not_accepted")
	}
	if err := p.conventionReady(); err != nil {
		return err
	}
	return s.lawful(c.Terms, today)
}

// lawful holds a contract to the corridor's law as the linter does an offer,
// without the exception for foreign public services.
func (s *Service) lawful(t offer.Terms, today ref.Date) error {
	facts := offer.Facts{Terms: t, Today: today}
	if c, ok := s.Model.Corridor(corridor.CodeFor(t.Country)); ok {
		facts.Corridor = c
	}
	if e, ok := s.Model.EmployerCard(employer.ID(t.Employer)); ok && t.Employer != "" {
		facts.Employer, facts.EmployerCountry = e.State, e.Country
	}
	var bad fault.List
	requireTerms(&bad, t)
	for _, f := range offer.Lint(facts) {
		if f.Blocking && isLaw(f.Code) {
			bad.Add("/contract"+f.Pointer, f.Code, f.Args...)
		}
	}
	return bad.Err("placement.contract.unlawful")
}

// isLaw tells the findings that no official can set aside.
func isLaw(code string) bool {
	switch code {
	case "lint.pay.below_floor", "lint.hours.above_ceiling", "lint.fee.worker", "lint.cost.training", "lint.corridor.suspended", "lint.employer.barred":
		return true
	}
	return false
}

// Refuse takes two officials: the first proposes with reason and note, another
// one confirms. The confirmation may leave the reason out; a different one is
// Conflict "placement.refusal.differs".
func (s *Service) Refuse(ctx context.Context, actor account.Actor, id ID, g Grounds) (*Placement, error) {
	if err := actor.Require("placement.review"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if err := p.mayDecide(by, ActRefuse); err != nil {
			return err
		}
		if p.Decision.RefusalBy.By == "" {
			return p.proposeRefusal(by, g)
		}
		return p.confirmRefusal(by, g)
	})
}

func (p *Placement) proposeRefusal(by act, g Grounds) error {
	if err := g.Check(ActRefuse); err != nil {
		return err
	}
	p.Decision = Decision{RefusalBy: Signature{By: by.actor.Account, At: by.now}, RefusalReason: g.Reason, RefusalNote: g.Note}
	p.Claim = Claim{}
	p.note(by, actProposeRefuse, g.Reason, g.Note, "decision")
	return nil
}

func (p *Placement) confirmRefusal(by act, g Grounds) error {
	d := &p.Decision
	switch {
	case d.RefusalBy.By == by.actor.Account:
		return fault.New(fault.Forbidden, "four_eyes.same")
	case g.Reason != "" && g.Reason != d.RefusalReason:
		return fault.New(fault.Conflict, "placement.refusal.differs")
	}
	var bad fault.List
	checkLength(&bad, "/note", g.Note, maxNote)
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	d.Refused = Signature{By: by.actor.Account, At: by.now}
	if err := p.move(by, ActRefuse, d.RefusalReason, d.RefusalNote); err != nil {
		return err
	}
	p.tellPerson(by, "placement.refused")
	return nil
}

// Answer is the one answer to a refusal, by the person or the agency: the file
// is looked at again, by two signatures anew.
func (s *Service) Answer(ctx context.Context, actor account.Actor, id ID, wording string) (*Placement, error) {
	if err := actor.Require("placement.answer"); err != nil {
		return nil, err
	}
	if err := checkWording("/note", wording); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if err := p.move(by, ActAnswer, "", wording); err != nil {
			return err
		}
		p.Decision = Decision{Answered: true, Answer: wording, AnsweredBy: by.actor.Account}
		return nil
	})
}
