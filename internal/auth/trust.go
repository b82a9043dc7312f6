package auth

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// FreshFor is how long a proof of the password (and of the second factor) is
// good for the changes that take one.
const FreshFor = 10 * time.Minute

// Proof is what a signed-in person proves again.
type Proof struct {
	Password string
	Code     string // of the second factor, where one is enrolled
	From     Client
}

// Reauthenticate proves the actor's password again, and the second factor
// where one is enrolled: for ten minutes the session may change identifiers
// and the second factor. Invalid codes "auth.password.wrong" and
// "auth.mfa.wrong".
func (s *Service) Reauthenticate(ctx context.Context, actor account.Actor, in Proof) error {
	if err := actor.Require("auth.reauthenticate"); err != nil {
		return err
	}
	attempt, err := s.try("password", string(actor.Account), in.From)
	if err != nil {
		return err
	}
	proved, err := s.proveCurrent(ctx, actor, in.Password, "/password")
	if err != nil {
		return err
	}
	attempt.succeed()
	at := s.Now()
	entered := func(a *account.Account) { at = a.Enter(s.Now()) }
	if proved.Factor.Enrolled() {
		err = s.withFactor(ctx, actor.Account, in.Code, in.From, entered)
	} else {
		_, err = s.Accounts.Update(ctx, actor.Account, func(a *account.Account) error {
			if a.PasswordHash != proved.PasswordHash || a.Factor.Enrolled() {
				return fault.New(fault.Conflict, "auth.password.changed")
			}
			entered(a)
			return nil
		})
	}
	if err != nil {
		return err
	}
	// The moment was taken under the account's lock: should all sessions have
	// been ended meanwhile, it is before that, and this one stays ended.
	return s.sessions.trust(ctx, account.SessionID(actor.Session), at)
}

// fresh asks the permission, and for a recent proof of the password:
// Forbidden code "auth.reauthenticate" without one.
func (s *Service) fresh(ctx context.Context, actor account.Actor, p account.Permission) error {
	if err := actor.Require(p); err != nil {
		return err
	}
	ok, err := s.isFresh(ctx, actor)
	if err == nil && !ok {
		err = fault.New(fault.Forbidden, "auth.reauthenticate")
	}
	return err
}

func (s *Service) isFresh(ctx context.Context, actor account.Actor) (bool, error) {
	f, err := s.sessions.find(ctx, account.SessionID(actor.Session))
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	since := s.Now().Sub(f.TrustedAt)
	// Moments of trust are put after what they follow, by a millisecond or so.
	return f.Account == actor.Account && since < FreshFor && since > -time.Second, nil
}

// keepOnly ends the account's other sessions, which are void since that
// moment, and lets the actor's own go on.
func (s *Service) keepOnly(ctx context.Context, actor account.Actor, since time.Time, reason string) error {
	own := account.SessionID(actor.Session)
	if own != "" {
		if err := s.sessions.trust(ctx, own, since); err != nil {
			return err
		}
	}
	return s.sessions.revokeAll(ctx, actor.Account, own, reason)
}

// SessionInfo is one of a person's own sessions.
type SessionInfo struct {
	ID        account.SessionID
	Label     string // device as its browser calls itself
	CreatedAt time.Time
	UsedAt    time.Time
	ExpiresAt time.Time
	Current   bool // the one that asks
}

// SessionList gives the actor's open sessions, the one used last first.
func (s *Service) SessionList(_ context.Context, actor account.Actor) ([]SessionInfo, error) {
	if err := actor.Require("me.sessions"); err != nil {
		return nil, err
	}
	families := s.sessions.of(actor.Account)
	out := make([]SessionInfo, 0, len(families))
	for i := len(families) - 1; i >= 0; i-- {
		f := families[i]
		if _, err := s.standing(&f); err != nil || !f.Live(s.Now()) {
			continue
		}
		out = append(out, SessionInfo{ID: f.ID, Label: f.Label, CreatedAt: f.CreatedAt, UsedAt: f.UsedAt, ExpiresAt: f.ExpiresAt, Current: string(f.ID) == actor.Session})
	}
	return out, nil
}

// EndSession ends one of the actor's sessions; NotFound for one that is not
// the actor's.
func (s *Service) EndSession(ctx context.Context, actor account.Actor, id account.SessionID) error {
	if err := actor.Require("me.sessions"); err != nil {
		return err
	}
	f, err := s.sessions.find(ctx, id)
	if err == nil && f.Account != actor.Account || fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "session.not_found")
	}
	if err != nil {
		return err
	}
	if err := s.record(ctx, actor, "auth.sessions.end"); err != nil {
		return err
	}
	return s.sessions.revoke(ctx, id, account.RevokedByAccount)
}

// EndSessions signs the actor out everywhere, but here when keep says so.
func (s *Service) EndSessions(ctx context.Context, actor account.Actor, keep bool) error {
	if err := actor.Require("me.sessions"); err != nil {
		return err
	}
	begun := time.Time{}
	_, err := s.Accounts.Update(ctx, actor.Account, func(a *account.Account) error {
		begun = a.EndSessions(s.Now())
		a.Record(actor, s.Now(), "auth.sessions.end", "", "sessions")
		return nil
	})
	if err != nil {
		return err
	}
	if !keep {
		return s.sessions.revokeAll(ctx, actor.Account, "", account.RevokedByAccount)
	}
	return s.keepOnly(ctx, actor, begun, account.RevokedByAccount)
}
