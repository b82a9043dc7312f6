package profile

import (
	"context"

	"passerelle/internal/domain/account"
)

// Store keeps profiles. Every method may fail with Unavailable.
type Store interface {
	Get(ctx context.Context, id ID) (*Profile, error)
	Insert(ctx context.Context, p *Profile) error
	InsertMany(ctx context.Context, profiles []*Profile) (existing []ID, err error)
	Update(ctx context.Context, id ID, change func(*Profile) error) (*Profile, error)
}

// Reader answers lists from the read model.
type Reader interface {
	ProfileCard(id ID) (Card, bool)
	// ProfileErased reports whether only the id is left of a profile.
	ProfileErased(id ID) bool
	// ProfileOf finds the profile an account owns.
	ProfileOf(owner account.ID) (ID, bool)
	// AppliedTo reports whether the profile has an application, in a state in
	// which the person took part, to an offer of that agency. An invitation
	// alone is not participation.
	AppliedTo(profile ID, agency string) bool
	// InvitedBy reports whether the agency has invited the profile.
	InvitedBy(profile ID, agency string) bool
}
