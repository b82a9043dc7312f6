package agency

import (
	"context"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// Store keeps agencies. Every method may fail with Unavailable.
type Store interface {
	// Get reads one agency; NotFound when there is none.
	Get(ctx context.Context, id ID) (*Agency, error)
	// Insert adds a new agency; Conflict when the id is taken.
	Insert(ctx context.Context, a *Agency) error
	// Update reads the agency under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id ID, change func(*Agency) error) (*Agency, error)
}

// Reader answers lists from the read model; see package index.
type Reader interface {
	// Agencies gives one page of the register within q.Scope, ordered by
	// folded name, then id, with the exact total.
	Agencies(q Query) listing.Result[Card]
	// AgencyCard finds one card, whatever its state.
	AgencyCard(id ID) (Card, bool)
	// AgencyLookAlikes lists agencies, in any state and country, whose name
	// looks or sounds like this one, the most alike first; at most 10.
	AgencyLookAlikes(name string) []LookAlike
	// AgencyKey finds a key, good or not, and the agency it belongs to, by
	// its prefix.
	AgencyKey(prefix string) (ID, Key, bool)
	// AgenciesExpired lists active agencies whose licence ended before today.
	AgenciesExpired(today ref.Date) []ID
}

// Claims reserves what must be unique. Claiming again for the same owner
// changes nothing; a key that somebody else holds is Conflict. Releasing what
// the owner does not hold changes nothing.
type Claims interface {
	Claim(ctx context.Context, key, owner string) error
	Release(ctx context.Context, key, owner string) error
}

// Members ties accounts to their agency.
type Members interface {
	// Join makes the account a member of the agency. Joining the same agency
	// again changes nothing; an account of another agency, of another role or
	// disabled is Conflict.
	Join(ctx context.Context, id account.ID, agency string) error
	// Applicant finds the active account of role agency that has this e-mail
	// address or phone and belongs to no agency, or to this one already;
	// NotFound for all others, so that the answer says nothing about them.
	Applicant(ctx context.Context, login, agency string) (account.ID, error)
	// Tell leaves a notice for the account's owner.
	Tell(ctx context.Context, id account.ID, template string, args map[string]string) error
}

// Consequences carries a change of standing on to the agency's offers. It is
// called after the change is stored; a job repairs what a crash left undone.
type Consequences interface {
	AgencyChanged(ctx context.Context, id ID, active bool) error
}
