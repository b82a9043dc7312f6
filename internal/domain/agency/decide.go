package agency

import (
	"cmp"
	"context"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// Vet is the first signature: an official finds the application in order.
func (s *Service) Vet(ctx context.Context, actor account.Actor, id ID, note string) (*Agency, error) {
	return s.decide(ctx, actor, "agency.vet", id, Decision{Action: ActVet, Note: note})
}

// Activate is the second signature, by another official than the one who
// vetted. Conflict "agency.licence.expired" when the licence is not valid today.
func (s *Service) Activate(ctx context.Context, actor account.Actor, id ID, note string) (*Agency, error) {
	return s.decide(ctx, actor, "agency.activate", id, Decision{Action: ActActivate, Note: note})
}

// Refuse turns an application down for a reason of Reasons("refuse"). The
// agency answers by changing its file.
func (s *Service) Refuse(ctx context.Context, actor account.Actor, id ID, reason, note string) (*Agency, error) {
	return s.decide(ctx, actor, "agency.vet", id, Decision{Action: ActRefuse, Reason: reason, Note: note})
}

// Suspend stops an active agency under a legal act, for a reason of
// Reasons("suspend"); its offers are hidden at once. The act that is in force
// already changes nothing, so a repeated request is harmless; once lifted, an
// act is used up: Conflict "agency.act.used".
func (s *Service) Suspend(ctx context.Context, actor account.Actor, id ID, reason, note string, act corridor.LegalAct) (*Agency, error) {
	return s.decide(ctx, actor, "agency.suspend", id, Decision{Action: ActSuspend, Reason: reason, Note: note, Act: act.Number, Evidence: act.Evidence})
}

// Reopen ends a suspension under a legal act, by another official than the one
// who suspended. An agency whose licence ended meanwhile is expired by the
// same act. The same act again changes nothing.
func (s *Service) Reopen(ctx context.Context, actor account.Actor, id ID, note string, act corridor.LegalAct) (*Agency, error) {
	return s.decide(ctx, actor, "agency.suspend", id, Decision{Action: ActReopen, Note: note, Act: act.Number, Evidence: act.Evidence})
}

// Withdraw ends the agency's file for good, at its own wish.
func (s *Service) Withdraw(ctx context.Context, actor account.Actor, id ID, note string) (*Agency, error) {
	if err := actor.Require("agency.withdraw"); err != nil {
		return nil, err
	}
	if _, err := s.own(ctx, actor, id); err != nil {
		return nil, err
	}
	a, err := s.apply(ctx, actor, "agency.withdraw", id, Decision{Action: ActWithdraw, Note: note})
	if err == nil {
		s.release(ctx, LicenceKey(a.Facts), id)
	}
	return a, err
}

// ExpireDue ends every active agency whose licence ended before today and
// gives their number. It is for a job, may run as often as one likes, and goes
// on after a failure, whose first one it returns.
func (s *Service) ExpireDue(ctx context.Context, today ref.Date) (int, error) {
	actor, done := account.SystemActor(), 0
	var first error
	for _, id := range s.Reader.AgenciesExpired(today) {
		a, err := s.Store.Update(ctx, id, func(a *Agency) error {
			if a.State != Active || !a.endedBefore(today) {
				return errNotDue
			}
			return a.decide(actor, account.Moment(s.Now()), "agency.expire", Decision{Action: ActExpire})
		})
		switch {
		case err == nil:
			done++
			s.changed(ctx, a)
		case fault.Of(err) != errNotDue && first == nil:
			first = err
		}
	}
	return done, first
}

// errNotDue tells the job that somebody renewed or ended the licence first.
var errNotDue = fault.New(fault.Conflict, "agency.not_due")

func (a *Agency) endedBefore(today ref.Date) bool {
	return a.Facts.LicenceUntil.Known() && a.Facts.LicenceUntil < today
}

// decide asks the permission, then applies an official's decision.
func (s *Service) decide(ctx context.Context, actor account.Actor, p account.Permission, id ID, d Decision) (*Agency, error) {
	if err := actor.Require(p); err != nil {
		return nil, err
	}
	return s.apply(ctx, actor, "agency."+d.Action, id, d)
}

// apply stores the decision and, where the standing changed, carries it on.
func (s *Service) apply(ctx context.Context, actor account.Actor, action string, id ID, d Decision) (*Agency, error) {
	d, err := d.check()
	if err != nil {
		return nil, err
	}
	var before State
	a, err := s.Store.Update(ctx, id, func(a *Agency) error {
		before = a.State
		if again, err := a.again(d); again || err != nil {
			return cmp.Or(err, error(errSame))
		}
		return a.decide(actor, account.Moment(s.Now()), action, d)
	})
	if fault.Of(err) == errSame {
		return s.Store.Get(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	if (before == Active) != (a.State == Active) {
		s.changed(ctx, a)
	}
	return a, nil
}

// errSame leaves the stored agency alone after a repeated act.
var errSame = fault.New(fault.Conflict, "agency.same")

// again reports whether a decision under that legal act was the last of its
// sort and still stands. An act that another one followed is used up: a late
// repetition must not suspend the agency, or reopen it, a second time.
func (a *Agency) again(d Decision) (bool, error) {
	if d.Act == "" {
		return false, nil
	}
	last, used := "", false
	for _, old := range a.Decisions {
		if old.Action == ActSuspend || old.Action == ActReopen {
			last = old.Action
		}
		used = used || old.Action == d.Action && old.Act == d.Act
	}
	latest, _ := a.last(d.Action)
	switch {
	case used && last == d.Action && latest.Act == d.Act:
		return true, nil
	case used:
		return false, fault.New(fault.Conflict, "agency.act.used")
	}
	return false, nil
}

// decide applies one decision: the transition table first, then four eyes,
// then the licence.
func (a *Agency) decide(actor account.Actor, now time.Time, action string, d Decision) error {
	next, err := Transitions().Next(d.Action, a.State, actor.Role)
	if err != nil {
		return err
	}
	if err := a.fourEyes(actor.Account, d.Action); err != nil {
		return err
	}
	today := ref.DateOf(now)
	if d.Action == ActActivate && !a.Facts.licensedOn(today) {
		return fault.New(fault.Conflict, "agency.licence.expired")
	}
	a.State = next
	d.By, d.At = actor.Account, now
	a.Decisions = append(a.Decisions, d)
	a.record(actor, now, action, d.Reason, "state")
	if d.Action == ActReopen && a.endedBefore(today) {
		return a.decide(account.SystemActor(), now, "agency.expire", Decision{Action: ActExpire})
	}
	return nil
}

// fourEyes refuses an official who founded the agency or is a member of it,
// and the second signature of whoever gave the first.
func (a *Agency) fourEyes(by account.ID, action string) error {
	if action == ActWithdraw || action == ActExpire {
		return nil
	}
	if by == a.CreatedBy || slices.Contains(a.Members, by) {
		return fault.New(fault.Forbidden, "four_eyes.own")
	}
	first := map[string]string{ActActivate: ActVet, ActReopen: ActSuspend}[action]
	if d, ok := a.last(first); ok && d.By == by {
		return fault.New(fault.Forbidden, "four_eyes.same")
	}
	return nil
}

// last gives the last decision of that sort; false when there is none.
func (a *Agency) last(action string) (Decision, bool) {
	for _, d := range slices.Backward(a.Decisions) {
		if d.Action == action {
			return d, true
		}
	}
	return Decision{}, false
}

// changed carries the new standing on to the agency's offers. A failure does
// not undo the decision: the read model hides the offers at once and a job
// repairs the rest.
func (s *Service) changed(ctx context.Context, a *Agency) {
	if err := s.Consequences.AgencyChanged(ctx, a.ID, a.State == Active); err != nil {
		s.Log.ErrorContext(ctx, "agency change not carried to its offers", "agency", string(a.ID), "error", err)
	}
}
