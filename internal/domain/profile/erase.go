package profile

import (
	"context"
	"errors"

	"passerelle/internal/domain/account"
)

// Erased reports whether nothing but the id is left of the profile.
func (p *Profile) Erased() bool { return !p.ErasedAt.IsZero() }

// Erase takes everything out of a profile but its id, for the person who owns
// it or for the system. It disappears from every list and search at once, and
// an import that brings the person again does not bring it back. Erasing twice
// is no error; NotFound without a profile of the actor's.
func (s *Service) Erase(ctx context.Context, actor account.Actor, id ID, reason string) error {
	_, err := s.Store.Update(ctx, id, func(p *Profile) error {
		switch {
		case p.Erased():
			return errUnchanged
		case actor.Role != account.System && (p.Owner == "" || p.Owner != actor.Account):
			return absent()
		}
		now := account.Moment(s.Now())
		*p = Profile{ID: p.ID, Rev: p.Rev, ErasedAt: now, Pending: p.Pending}
		p.record(actor, now, "profile.erase", reason)
		return nil
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return notFound(err)
}
