package auth

import (
	"context"

	"passerelle/internal/domain/account"
)

// RequireFresh asks the permission, and for a recent proof of the password:
// Forbidden code "auth.reauthenticate" without one.
func (s *Service) RequireFresh(ctx context.Context, actor account.Actor, p account.Permission) error {
	return s.fresh(ctx, actor, p)
}

// SessionsOf gives every session family of an account that is still kept,
// without what its tokens are recognised by.
func (s *Service) SessionsOf(ctx context.Context, owner account.ID) (out []account.Session, err error) {
	err = s.sessions.store.Each(ctx, func(f *account.Session) error {
		if f.Account == owner {
			shown := *f
			shown.Family, shown.Current, shown.Previous = nil, nil, nil
			out = append(out, shown)
		}
		return nil
	})
	return out, err
}

// ForgetSessions deletes every session family of an account, from the store
// and from memory.
func (s *Service) ForgetSessions(ctx context.Context, owner account.ID) error {
	families, err := s.SessionsOf(ctx, owner)
	if err != nil {
		return err
	}
	for _, f := range families {
		if err := s.sessions.store.Delete(ctx, f.ID); err != nil {
			return err
		}
		s.sessions.drop(f.ID)
	}
	return nil
}
