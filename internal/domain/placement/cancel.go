package placement

import (
	"context"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
)

// Cancel ends a file before departure, for a cause. A clearance is void with
// it. The application is released afterwards, and with it the place; a job
// makes good what fails there.
func (s *Service) Cancel(ctx context.Context, actor account.Actor, id ID, g Grounds) (*Placement, error) {
	if err := actor.Require("placement.cancel"); err != nil {
		return nil, err
	}
	if err := g.Check(ActCancel); err != nil {
		return nil, err
	}
	p, err := s.change(ctx, actor, id, func(p *Placement, by act) error { return p.cancel(by, g.Reason, g.Note) })
	if err != nil {
		return nil, err
	}
	if err := s.Applications.Release(ctx, application.ID(p.Application)); err != nil && s.Log != nil {
		s.Log.Warn("application not released yet", "placement", p.ID, "error", err)
	}
	return p, nil
}

// cancel ends the file; a clearance is void with it, and nothing holds it any
// more. Whoever did not do it hears of it.
func (p *Placement) cancel(by act, reason, note string) error {
	if err := p.move(by, ActCancel, reason, note); err != nil {
		return err
	}
	p.CancelReason = reason
	p.revoke(by, "cancelled")
	p.Holds = nil
	if by.actor.Role != account.Candidate {
		p.tellPerson(by, "placement.cancelled")
	}
	return nil
}
