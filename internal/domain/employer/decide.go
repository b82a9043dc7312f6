package employer

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/corridor"
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

// Bar stops an accredited employer under a legal act, for a reason of
// Reasons("bar"). It takes two officials: the first call is a proposal (see
// PendingAction), the call of a second one under the same act bars, whatever
// his reason; a call under another act is a new proposal. The act that is in
// force already changes nothing, so a repeated request is harmless; once
// lifted, an act is used up: Conflict "employer.act.used".
func (s *Service) Bar(ctx context.Context, actor account.Actor, id ID, reason, note string, act corridor.LegalAct) (*Employer, error) {
	return s.decide(ctx, actor, id, Decision{Action: ActBar, Reason: reason, Note: note, Act: act.Number, Evidence: act.Evidence})
}

// Reopen ends a bar, under a legal act and by two officials in the same way.
// The employer is then declared, to be accredited anew.
func (s *Service) Reopen(ctx context.Context, actor account.Actor, id ID, note string, act corridor.LegalAct) (*Employer, error) {
	return s.decide(ctx, actor, id, Decision{Action: ActReopen, Note: note, Act: act.Number, Evidence: act.Evidence})
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

// Proposed gives the decision that waits for a second official; false when
// none does.
func (e *Employer) Proposed() (Decision, bool) {
	if e.PendingAction() == "" {
		return Decision{}, false
	}
	return e.Decisions[len(e.Decisions)-1], true
}

// seconds reports whether the decision is the second one of two officials':
// the same act was proposed and nothing was decided since.
func (e *Employer) seconds(d Decision) bool {
	first, ok := e.Proposed()
	return ok && first.Action == ProposalPrefix+d.Action && first.Act == d.Act
}

// errSame leaves the stored employer alone after a repeated act.
var errSame = fault.New(fault.Conflict, "employer.same")

// again reports whether a bar or reopening under that legal act was the last
// one and still stands. An act that another one followed is used up: a late
// repetition must not bar the employer, or reopen it, a second time.
func (e *Employer) again(d Decision) (bool, error) {
	var last Decision
	used := false
	for _, old := range e.Decisions {
		if old.Action == ActBar || old.Action == ActReopen {
			last = old
		}
		used = used || old.Action == d.Action && old.Act == d.Act
	}
	switch {
	case d.Act == "" || !used:
		return false, nil
	case last.Action == d.Action && last.Act == d.Act:
		return true, nil
	}
	return false, fault.New(fault.Conflict, "employer.act.used")
}

func (s *Service) decide(ctx context.Context, actor account.Actor, id ID, d Decision) (*Employer, error) {
	if err := actor.Require("employer.decide"); err != nil {
		return nil, err
	}
	d, err := d.check()
	if err != nil {
		return nil, err
	}
	var before State
	e, err := s.Store.Update(ctx, id, func(e *Employer) error {
		before = e.State
		if again, err := e.again(d); again || err != nil {
			return cmp.Or(err, error(errSame))
		}
		return e.decide(actor, account.Moment(s.Now()), d)
	})
	if fault.Of(err) == errSame {
		return s.Store.Get(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	if (before == Accredited) != (e.State == Accredited) {
		s.changed(ctx, e)
	}
	return e, nil
}

// decide applies one decision: the transition table first, then four eyes. A
// bar or reopening that nobody proposed yet under that act becomes a proposal.
func (e *Employer) decide(actor account.Actor, now time.Time, d Decision) error {
	second := e.seconds(d)
	if (d.Action == ActBar || d.Action == ActReopen) && !second {
		d.Action = ProposalPrefix + d.Action
	}
	next, err := Transitions().Next(d.Action, e.State, actor.Role)
	if err != nil {
		return err
	}
	if err := e.fourEyes(actor.Account, second); err != nil {
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
func (e *Employer) fourEyes(by account.ID, second bool) error {
	if by == e.CreatedBy || slices.Contains(e.Editors, by) {
		return fault.New(fault.Forbidden, "four_eyes.own")
	}
	if second && e.Decisions[len(e.Decisions)-1].By == by {
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
