package account

import (
	"context"
	"errors"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
)

// Leave begins the erasure of an account, for its owner or for the system:
// from now on nobody signs in with it, its sessions are void, and there is no
// way back. Strip does the rest. The last administrator stays. Leaving twice
// is no error.
func (s *Service) Leave(ctx context.Context, actor Actor, id ID, reason string) error {
	if err := actor.Require("me.delete"); err != nil {
		return err
	}
	if actor.Role != System && actor.Account != id {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	s.admins.Lock()
	defer s.admins.Unlock()
	if err := s.keepsAdmin(id); err != nil {
		return err
	}
	_, err := s.Store.Update(ctx, id, func(a *Account) error {
		if a.State == Erased {
			return errLeft
		}
		a.State = Erased
		a.EndSessions(s.Now())
		a.Record(actor, s.Now(), "me.delete", reason)
		return nil
	})
	if errors.Is(err, errLeft) {
		return nil
	}
	return err
}

// errLeft ends an update that has nothing to write.
var errLeft = errors.New("account: erased already")

// Strip takes everything that names a person out of an account that Leave has
// closed. What remains holds its place: the id is never given again.
func (a *Account) Strip(now time.Time) {
	*a = Account{
		ID: a.ID, Rev: a.Rev, Role: a.Role, State: Erased, SessionsFrom: a.SessionsFrom, UpdatedAt: Moment(now), Pending: a.Pending,
		Outbox: message.Outbox{},
	}
}

// Stripped reports whether nothing is left to take out.
func (a *Account) Stripped() bool {
	return a.State == Erased && a.Email == "" && a.Phone == "" && a.PasswordHash == "" && !a.Factor.Enrolled() && len(a.Outbox) == 0
}
