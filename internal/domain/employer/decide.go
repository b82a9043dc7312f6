package employer

import (
	"context"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// Accredit is an official's finding that the employer exists and is sound.
func (s *Service) Accredit(ctx context.Context, actor account.Actor, id ID, note string) (*Employer, error) {
	return s.decide(ctx, actor, id, Decision{Action: ActAccredit, Note: note})
}

// Refuse turns a declared employer down for a reason of Reasons("refuse").
// The agency answers by correcting its file.
func (s *Service) Refuse(ctx context.Context, actor account.Actor, id ID, reason, note string) (*Employer, error) {
	return s.decide(ctx, actor, id, Decision{Action: ActRefuse, Reason: reason, Note: note})
}

// Bar stops an accredited employer for a reason of Reasons("bar"). It takes
// two officials: the first call is a proposal (see PendingAction), the call of
// a second one bars, whatever his reason.
func (s *Service) Bar(ctx context.Context, actor account.Actor, id ID, reason, note string) (*Employer, error) {
	return s.decide(ctx, actor, id, Decision{Action: ActBar, Reason: reason, Note: note})
}

// Reopen ends a bar, by two officials in the same way. The employer is then
// declared, to be accredited anew.
func (s *Service) Reopen(ctx context.Context, actor account.Actor, id ID, note string) (*Employer, error) {
	return s.decide(ctx, actor, id, Decision{Action: ActReopen, Note: note})
}

// PendingAction names what one official proposed and a second one has not yet
// done: "bar", "reopen", or empty.
func (e *Employer) PendingAction() string {
	if len(e.Decisions) == 0 {
		return ""
	}
	action, ok := strings.CutPrefix(e.Decisions[len(e.Decisions)-1].Action, ProposalPrefix)
	if !ok {
		return ""
	}
	return action
}

func (s *Service) decide(ctx context.Context, actor account.Actor, id ID, d Decision) (*Employer, error) {
	if err := actor.Require("employer.decide"); err != nil {
		return nil, err
	}
	if err := checkReason(d.Action, d.Reason, d.Note); err != nil {
		return nil, err
	}
	var before State
	e, err := s.Store.Update(ctx, id, func(e *Employer) error {
		before = e.State
		return e.decide(actor, account.Moment(s.Now()), d)
	})
	if err != nil {
		return nil, err
	}
	if (before == Accredited) != (e.State == Accredited) {
		s.changed(ctx, e)
	}
	return e, nil
}

// decide applies one decision: the transition table first, then four eyes. A
// bar or reopening nobody proposed yet becomes a proposal.
func (e *Employer) decide(actor account.Actor, now time.Time, d Decision) error {
	if (d.Action == ActBar || d.Action == ActReopen) && e.PendingAction() != d.Action {
		d.Action = ProposalPrefix + d.Action
	}
	next, err := Transitions().Next(d.Action, e.State, actor.Role)
	if err != nil {
		return err
	}
	if err := e.fourEyes(actor.Account, d.Action); err != nil {
		return err
	}
	e.State = next
	d.By, d.At = actor.Account, now
	e.Decisions = append(e.Decisions, d)
	e.record(actor, now, "employer."+d.Action, d.Reason, "state")
	return nil
}

// fourEyes refuses an official who declared or edited the file, and the
// second signature of whoever gave the first.
func (e *Employer) fourEyes(by account.ID, action string) error {
	if by == e.CreatedBy || slices.Contains(e.Editors, by) {
		return fault.New(fault.Forbidden, "four_eyes.own")
	}
	if e.PendingAction() == action && e.Decisions[len(e.Decisions)-1].By == by {
		return fault.New(fault.Forbidden, "four_eyes.same")
	}
	return nil
}

// changed carries the new standing on to the employer's offers. A failure
// does not undo the decision: the read model hides the offers at once and a
// job repairs the rest.
func (s *Service) changed(ctx context.Context, e *Employer) {
	if err := s.Consequences.EmployerChanged(ctx, e.ID, e.State == Accredited); err != nil {
		s.Log.ErrorContext(ctx, "employer change not carried to its offers", "employer", string(e.ID), "error", err)
	}
}
