package application

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
)

// Shortlist keeps a submitted application for a closer look.
func (s *Service) Shortlist(ctx context.Context, actor account.Actor, id ID) (*Application, error) {
	return s.decide(ctx, actor, id, ActShortlist, func(*Application) {})
}

// Interview notes that the person is, or was, heard; at may be zero when the
// moment is agreed elsewhere.
func (s *Service) Interview(ctx context.Context, actor account.Actor, id ID, at time.Time) (*Application, error) {
	if err := actor.Require("application.decide"); err != nil {
		return nil, err
	}
	if err := checkInterview(at, s.Now()); err != nil {
		return nil, err
	}
	return s.decide(ctx, actor, id, ActInterview, func(a *Application) { a.InterviewAt = account.Moment(at) })
}

// Wait puts the person on the waiting list at that rank, from 1. Whoever was
// selected gives the place back.
func (s *Service) Wait(ctx context.Context, actor account.Actor, id ID, rank int) (*Application, error) {
	if err := actor.Require("application.decide"); err != nil {
		return nil, err
	}
	if err := checkRank(rank); err != nil {
		return nil, err
	}
	return s.decide(ctx, actor, id, ActWait, func(a *Application) { a.Rank = rank })
}

// Refuse ends the application for a stated reason. An agency that may no
// longer work can still refuse: nobody is left without an answer.
func (s *Service) Refuse(ctx context.Context, actor account.Actor, id ID, reason string) (*Application, error) {
	if err := actor.Require("application.decide"); err != nil {
		return nil, err
	}
	if err := checkReason(ActRefuse, reason, true); err != nil {
		return nil, err
	}
	return s.step(ctx, actor, id, ActRefuse, reason, func(*Application) {})
}

// Withdraw ends the actor's own application; the reason may be left out.
func (s *Service) Withdraw(ctx context.Context, actor account.Actor, id ID, reason string) (*Application, error) {
	if err := actor.Require("application.withdraw"); err != nil {
		return nil, err
	}
	if err := checkReason(ActWithdraw, reason, false); err != nil {
		return nil, err
	}
	return s.step(ctx, actor, id, ActWithdraw, reason, func(*Application) {})
}

// Select gives the person one of the offer's places: the place is taken first,
// so that no more people are selected than there are places. Conflict code
// "offer.full" when none is free. The placement is opened last; where that
// fails, a job makes it good.
func (s *Service) Select(ctx context.Context, actor account.Actor, id ID) (*Application, error) {
	if err := actor.Require("application.decide"); err != nil {
		return nil, err
	}
	if err := s.activeAgency(actor); err != nil {
		return nil, err
	}
	defer s.hold(id)()
	a, err := s.read(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if _, err := Transitions().Next(ActSelect, a.State, actor.Role); err != nil {
		return nil, err
	}
	if err := s.Places.TakePlace(ctx, offer.ID(a.Offer), string(id)); err != nil {
		return nil, err
	}
	selected, err := s.move(ctx, actor, id, ActSelect, "", func(*Application) {})
	switch {
	case err == nil:
		s.open(ctx, id)
	case !outcomeOpen(err):
		s.free(ctx, a)
	}
	return selected, err
}

// outcomeOpen reports a failure after which the write may still have happened.
// The place then stays taken until the repair looks at the file.
func outcomeOpen(err error) bool {
	kind := fault.KindOf(err)
	return kind == fault.Unavailable || kind == fault.Internal
}

// decide is a step of an agency that may work.
func (s *Service) decide(ctx context.Context, actor account.Actor, id ID, action string, change func(*Application)) (*Application, error) {
	if err := actor.Require("application.decide"); err != nil {
		return nil, err
	}
	if err := s.activeAgency(actor); err != nil {
		return nil, err
	}
	return s.step(ctx, actor, id, action, "", change)
}

// step moves an application. One that was selected gives up its file first,
// and its place afterwards.
func (s *Service) step(ctx context.Context, actor account.Actor, id ID, action, reason string, change func(*Application)) (*Application, error) {
	defer s.hold(id)()
	if err := s.leave(ctx, actor, id, action); err != nil {
		return nil, err
	}
	before := State("")
	moved, err := s.move(ctx, actor, id, action, reason, func(a *Application) {
		before = a.State
		change(a)
	})
	if err == nil && before == Selected {
		s.free(ctx, moved)
	}
	return moved, err
}

// move applies one transition of the table. Change sees the file before it
// enters the new state. The lock of hold is with the caller.
func (s *Service) move(ctx context.Context, actor account.Actor, id ID, action, reason string, change func(*Application)) (*Application, error) {
	now := account.Moment(s.Now())
	a, err := s.Store.Update(ctx, id, func(a *Application) error {
		if !a.concerns(actor) {
			return absent()
		}
		next, err := Transitions().Next(action, a.State, actor.Role)
		if err != nil {
			return err
		}
		change(a)
		a.enter(actor, now, action, next, reason)
		return nil
	})
	if err != nil {
		return nil, notFound(err)
	}
	return a.shownTo(actor), nil
}

// free gives a place back. The file has changed already, so a failure is
// noted and left to the repair.
func (s *Service) free(ctx context.Context, a *Application) {
	if err := s.Places.FreePlace(ctx, offer.ID(a.Offer), string(a.ID)); err != nil {
		s.Log.Warn("place not freed yet", "application", a.ID, "error", err)
	}
}
