package employer

import (
	"context"

	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// Store keeps employers. Every method may fail with Unavailable.
type Store interface {
	// Get reads one employer; NotFound when there is none.
	Get(ctx context.Context, id ID) (*Employer, error)
	// Insert adds a new employer; Conflict when the id is taken.
	Insert(ctx context.Context, e *Employer) error
	// Update reads the employer under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id ID, change func(*Employer) error) (*Employer, error)
}

// Reader answers lists from the read model; see package index.
type Reader interface {
	// Employers gives one page within q.Scope, ordered by folded name, then
	// id, with the exact total. Public scope means accredited ones.
	Employers(q Query) listing.Result[Card]
	// EmployerCard finds one card, whatever its state.
	EmployerCard(id ID) (Card, bool)
	// LookAlikes lists employers, in any state and country, whose name looks
	// or sounds like this one (text.Similar of 80 or more), the same country
	// first, then the most alike; at most 10.
	LookAlikes(name string, country ref.Country) []LookAlike
}

// Claims reserves what must be unique. Claiming again for the same owner
// changes nothing; a key that somebody else holds is Conflict. Releasing what
// the owner does not hold changes nothing.
type Claims interface {
	Claim(ctx context.Context, key, owner string) error
	Release(ctx context.Context, key, owner string) error
}

// Consequences carries a change of standing on to the employer's offers. It
// is called after the change is stored; a job repairs what a crash left undone.
type Consequences interface {
	// EmployerChanged says whether the employer is accredited: false once
	// barred; a reopened one has to be accredited anew before it is true.
	EmployerChanged(ctx context.Context, id ID, accredited bool) error
}
