package placement

import (
	"context"
	"slices"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// DefaultCoolingOff is the time between seeing a contract and accepting it,
// where nothing else is set.
const DefaultCoolingOff = 72 * time.Hour

// ReadContract notes that the person has opened a contract with its comparison
// and the notice on rights and duties; the cooling-off period runs from the
// first time.
func (s *Service) ReadContract(ctx context.Context, actor account.Actor, id ID, number int) (*Placement, error) {
	if err := actor.Require("placement.accept"); err != nil {
		return nil, err
	}
	p, err := s.change(ctx, actor, id, func(p *Placement, by act) error {
		c, err := p.contract(number)
		if err != nil {
			return err
		}
		if !c.ShownAt.IsZero() {
			return errNothing
		}
		c.ShownAt = by.now
		p.note(by, "read_contract", "", "", "contracts")
		return nil
	})
	if isNothing(err) {
		return s.Get(ctx, actor, id)
	}
	return p, err
}

// AcceptableFrom is when the cooling-off period of a contract ends; the zero
// time before the person has opened it.
func (s *Service) AcceptableFrom(c *Contract) time.Time {
	if c == nil || c.ShownAt.IsZero() {
		return time.Time{}
	}
	return c.ShownAt.Add(s.CoolingOff)
}

// RequestCode sends the person a one-time code with which the contract that is
// proposed can be accepted. It is refused, as the acceptance would be, while
// the file is held or the cooling-off period runs.
func (s *Service) RequestCode(ctx context.Context, actor account.Actor, id ID) error {
	p, err := s.acceptable(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.Codes.Send(ctx, actor.Account, matterOf(p))
}

// Accept accepts the contract that is proposed, with the code. Conflict codes
// "placement.contract.unread", "placement.cooling_off" (the field says from
// when it is possible) and "placement.held"; Invalid "auth.code.wrong".
func (s *Service) Accept(ctx context.Context, actor account.Actor, id ID, code string) (*Placement, error) {
	p, err := s.acceptable(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	number := p.CurrentContract().Number
	if err := s.Codes.Spend(ctx, actor.Account, matterOf(p), code); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if err := s.mayAccept(p, by); err != nil {
			return err
		}
		c := p.CurrentContract()
		if c.Number != number { // another one was proposed meanwhile
			return fault.New(fault.Conflict, "placement.contract.unread")
		}
		c.AcceptedAt = by.now
		return p.move(by, ActAccept, "", "")
	})
}

// matterOf names the acceptance of the present contract, so that a code is
// good for nothing else.
func matterOf(p *Placement) string {
	return "placement/" + string(p.ID) + "/contract/" + strconv.Itoa(p.CurrentContract().Number)
}

// acceptable reads a file whose contract the person can accept now.
func (s *Service) acceptable(ctx context.Context, actor account.Actor, id ID) (*Placement, error) {
	if err := actor.Require("placement.accept"); err != nil {
		return nil, err
	}
	p, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, notFound(err)
	}
	if !p.concerns(actor) {
		return nil, absent()
	}
	return p, s.mayAccept(p, act{actor, account.Moment(s.Now())})
}

func (s *Service) mayAccept(p *Placement, by act) error {
	if _, err := Transitions().Next(ActAccept, p.State, by.actor.Role); err != nil {
		return err
	}
	if p.Held() {
		return fault.New(fault.Conflict, "placement.held")
	}
	if err := s.roadOpen(p.road()); err != nil {
		return err
	}
	from := s.AcceptableFrom(p.CurrentContract())
	switch {
	case from.IsZero():
		return fault.New(fault.Conflict, "placement.contract.unread")
	case by.now.Before(from):
		return fault.New(fault.Conflict, "placement.cooling_off",
			fault.Field{Code: "placement.cooling_off.until", Args: []string{from.Format(time.RFC3339)}})
	}
	return nil
}

// Decline turns the contract that is proposed down for a reason; the agency
// may propose another one.
func (s *Service) Decline(ctx context.Context, actor account.Actor, id ID, g Grounds) (*Placement, error) {
	if err := actor.Require("placement.accept"); err != nil {
		return nil, err
	}
	if err := g.Check(ActDecline); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if err := p.move(by, ActDecline, g.Reason, g.Note); err != nil {
			return err
		}
		if c := p.CurrentContract(); c != nil {
			c.DeclinedAt, c.DeclineReason, c.AcceptedAt = by.now, g.Reason, time.Time{}
		}
		p.supersede(Proposed)
		return nil
	})
}

// Diff gives one contract with its comparison, and what else the person is to
// see with it.
type Diff struct {
	Contract       Contract
	AcceptableFrom time.Time // zero before it was opened
	Title          string
	Country        ref.Country
}

// Diff gives the comparison of a contract with the frozen offer, to all sides.
func (s *Service) Diff(ctx context.Context, actor account.Actor, id ID, number int) (Diff, error) {
	p, err := s.Get(ctx, actor, id)
	if err != nil {
		return Diff{}, err
	}
	c, err := p.contract(number)
	if err != nil {
		return Diff{}, err
	}
	shown := *c
	shown.Lines = slices.Clone(c.Lines)
	return Diff{Contract: shown, AcceptableFrom: s.AcceptableFrom(c), Title: p.Title, Country: p.Country}, nil
}
