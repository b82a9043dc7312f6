package offer

import (
	"context"

	"passerelle/internal/domain/account"
)

// Return gives a submitted or approved offer back to its agency for a reason.
func (s *Service) Return(ctx context.Context, actor account.Actor, id ID, d Decision) (*Offer, error) {
	if err := actor.Require("offer.review"); err != nil {
		return nil, err
	}
	return s.decide(ctx, actor, id, ActReturn, d, func(o *Offer, act Act) error { return o.Return(act, d) })
}

// Refuse refuses a submitted offer for a reason; the agency may answer once.
func (s *Service) Refuse(ctx context.Context, actor account.Actor, id ID, d Decision) (*Offer, error) {
	if err := actor.Require("offer.review"); err != nil {
		return nil, err
	}
	return s.decide(ctx, actor, id, ActRefuse, d, func(o *Offer, act Act) error { return o.Refuse(act, d) })
}

// Approve is the first signature on a submitted offer. Linter and agency are
// checked; whoever made, wrote or coded the offer is Forbidden.
func (s *Service) Approve(ctx context.Context, actor account.Actor, id ID) (*Offer, error) {
	if err := actor.Require("offer.review"); err != nil {
		return nil, err
	}
	return s.mutate(ctx, actor, id, change{action: ActApprove, apply: s.approve})
}

func (s *Service) approve(o *Offer, act Act) ([]string, error) {
	if _, err := Transitions().Next(ActApprove, o.Working().State, act.By.Role); err != nil {
		return nil, err
	}
	if err := s.agencyActive(o.Agency, act.At); err != nil {
		return nil, err
	}
	return nil, o.Approve(act, s.lint(o, act.At))
}

// Publish is the second signature, by another official than the first. Linter,
// agency, employer and corridor are checked again, then the terms are frozen.
func (s *Service) Publish(ctx context.Context, actor account.Actor, id ID) (*Offer, error) {
	if err := actor.Require("offer.publish"); err != nil {
		return nil, err
	}
	return s.mutate(ctx, actor, id, change{action: ActPublish, apply: s.publish})
}

func (s *Service) publish(o *Offer, act Act) ([]string, error) {
	if _, err := Transitions().Next(ActPublish, o.Working().State, act.By.Role); err != nil {
		return nil, err
	}
	if err := s.agencyActive(o.Agency, act.At); err != nil {
		return nil, err
	}
	return nil, o.Publish(act, s.lint(o, act.At))
}

// Suspend takes a published offer out of sight at once, for a reason.
func (s *Service) Suspend(ctx context.Context, actor account.Actor, id ID, d Decision) (*Offer, error) {
	if err := actor.Require("offer.suspend"); err != nil {
		return nil, err
	}
	return s.decide(ctx, actor, id, ActSuspend, d, func(o *Offer, act Act) error { return o.Suspend(act) })
}

// Reopen is one of two officials' acts; the offer is published again when a
// second one has called it. ReopenedBy tells that the first has.
func (s *Service) Reopen(ctx context.Context, actor account.Actor, id ID, d Decision) (*Offer, error) {
	if err := actor.Require("offer.suspend"); err != nil {
		return nil, err
	}
	return s.decide(ctx, actor, id, ActReopen, d, func(o *Offer, act Act) error {
		_, err := o.Reopen(act)
		return err
	})
}

// Object notes an observer's objection to an offer in force.
func (s *Service) Object(ctx context.Context, actor account.Actor, id ID, d Decision) (*Offer, error) {
	if err := actor.Require("offer.object"); err != nil {
		return nil, err
	}
	shown := func(_ account.Actor, o *Offer) bool { return o.Frozen != nil && o.State.Shown() }
	return s.mutate(ctx, actor, id, change{action: ActObject, reason: d.Reason, visible: shown, apply: func(o *Offer, act Act) ([]string, error) {
		if err := d.Check(ActObject); err != nil {
			return nil, err
		}
		return nil, o.Object(actor.Account, act.At, d)
	}})
}
