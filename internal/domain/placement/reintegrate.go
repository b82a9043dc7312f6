package placement

import (
	"context"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// followUpMonths are the months after the return in which the person is met.
func followUpMonths() []int { return []int{3, 6, 12} }

// Needs lists what a person who returns can need help with.
func Needs() []string {
	return []string{"work", "training", "housing", "health", "psychosocial", "business", "documents"}
}

// Activities lists what a person does at a follow-up.
func Activities() []string {
	return []string{"employed", "self_employed", "training", "looking", "inactive", "left_again"}
}

// CaseOutcomes lists how a reintegration case ends.
func CaseOutcomes() []string {
	return []string{"settled", "partly_settled", "left_again", "declined", "lost_contact", "other"}
}

// CasePlan says what a reintegration case is about.
type CasePlan struct {
	Needs []string
	Plan  string
}

func (c CasePlan) check() error {
	var bad fault.List
	bad.Check(len(c.Needs) > 0, "/needs", "required")
	checkListed(&bad, "/needs", c.Needs, Needs())
	checkLength(&bad, "/plan", c.Plan, maxNote)
	return bad.Err("placement.invalid")
}

// OpenCase opens the reintegration case of a person who has returned: by the
// person, or by an official who then is in charge. Follow-up is due 3, 6 and 12
// months after the return.
func (s *Service) OpenCase(ctx context.Context, actor account.Actor, id ID, c CasePlan) (*Placement, error) {
	if err := actor.Require("placement.end"); err != nil {
		return nil, err
	}
	if actor.Role == account.Agency {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error { return p.openCase(by, c) })
}

func (p *Placement) openCase(by act, c CasePlan) error {
	if p.State != Returned {
		return fault.New(fault.Conflict, "transition")
	}
	if p.Ending.Case != nil {
		return fault.New(fault.Conflict, "placement.case.exists")
	}
	if err := c.check(); err != nil {
		return err
	}
	opened := &Reintegration{OpenedAt: by.now, Needs: c.Needs, Plan: c.Plan}
	if by.actor.Role == account.Official {
		opened.Owner = by.actor.Account
	}
	for _, months := range followUpMonths() {
		opened.FollowUp = append(opened.FollowUp, FollowUp{Months: months, Due: ref.DateOf(p.Ending.HomeOn.Time().AddDate(0, months, 0))})
	}
	p.Ending.Case = opened
	p.note(by, "open_case", "", "", "case")
	return nil
}

// onCase runs a change of the open case by an official.
func (s *Service) onCase(ctx context.Context, actor account.Actor, id ID, do func(c *Reintegration, p *Placement, by act) error) (*Placement, error) {
	if err := actor.Require("placement.certify"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if p.Ending.Case == nil || !p.Ending.Case.ClosedAt.IsZero() {
			return fault.New(fault.Conflict, "placement.case.none")
		}
		copied := *p.Ending.Case
		copied.FollowUp = append([]FollowUp(nil), copied.FollowUp...)
		p.Ending.Case = &copied
		return do(p.Ending.Case, p, by)
	})
}

// PlanCase states needs and plan; the official who does so takes charge.
func (s *Service) PlanCase(ctx context.Context, actor account.Actor, id ID, plan CasePlan) (*Placement, error) {
	return s.onCase(ctx, actor, id, func(c *Reintegration, p *Placement, by act) error {
		if err := plan.check(); err != nil {
			return err
		}
		c.Needs, c.Plan, c.Owner = plan.Needs, plan.Plan, by.actor.Account
		p.note(by, "plan_case", "", "", "case")
		return nil
	})
}

// Meet notes the follow-up of a month (3, 6 or 12): what the person does now.
// Each is noted once.
func (s *Service) Meet(ctx context.Context, actor account.Actor, id ID, months int, activity, note string) (*Placement, error) {
	return s.onCase(ctx, actor, id, func(c *Reintegration, p *Placement, by act) error {
		var bad fault.List
		bad.Check(has(Activities(), activity), "/activity", "reason.unknown")
		checkLength(&bad, "/note", note, maxNote)
		if err := bad.Err("placement.invalid"); err != nil {
			return err
		}
		for i := range c.FollowUp {
			if f := &c.FollowUp[i]; f.Months == months && f.DoneAt.IsZero() {
				f.DoneAt, f.By, f.Activity, f.Note = by.now, by.actor.Account, activity, note
				p.note(by, "follow_up", "", "", "case")
				return nil
			}
		}
		return fault.New(fault.Conflict, "placement.case.none")
	})
}

// CloseCase ends the case with its outcome.
func (s *Service) CloseCase(ctx context.Context, actor account.Actor, id ID, outcome, note string) (*Placement, error) {
	return s.onCase(ctx, actor, id, func(c *Reintegration, p *Placement, by act) error {
		var bad fault.List
		bad.Check(has(CaseOutcomes(), outcome), "/outcome", "reason.unknown")
		checkLength(&bad, "/note", note, maxNote)
		if err := bad.Err("placement.invalid"); err != nil {
			return err
		}
		c.ClosedAt, c.Outcome = by.now, outcome
		p.note(by, "close_case", outcome, note, "case")
		return nil
	})
}
