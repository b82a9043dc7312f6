package application

import (
	"context"
	"errors"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// actForget is the action of taking the person out of a file.
const actForget = "forget"

// ForgetOne takes the person out of one application. A file that still runs is
// withdrawn; one whose person is selected goes on without a name, because the
// ministry must be able to account for it. Doing it twice changes nothing.
func (s *Service) ForgetOne(ctx context.Context, actor account.Actor, id ID, reason string) error {
	if actor.Role != account.System {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	defer s.hold(id)()
	now := account.Moment(s.Now())
	_, err := s.Store.Update(ctx, id, func(a *Application) error {
		if a.forgotten() {
			return errLooked
		}
		if a.State.Live() && a.State != Selected {
			a.enter(actor, now, ActWithdraw, Withdrawn, "")
		}
		a.Candidate, a.Message = "", ""
		a.Rev++
		a.UpdatedAt = now
		a.Pending.Add(audit.Entry{
			At: now, Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin, Action: "application." + actForget,
			Subject: string(a.ID), Rev: a.Rev, Reason: reason, Fields: []string{"candidate", "message"},
		})
		return nil
	})
	if errors.Is(err, errLooked) {
		return nil
	}
	return notFound(err)
}

// forgotten reports whether nothing in the file leads to an account any more.
func (a *Application) forgotten() bool {
	return a.Candidate == "" && a.Message == "" && (a.State == Selected || !a.State.Live())
}
