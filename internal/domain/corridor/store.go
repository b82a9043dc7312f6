package corridor

import (
	"context"

	"passerelle/internal/domain/agreement"
)

// Store keeps corridors; the code is the id. Every method may fail with
// Unavailable.
type Store interface {
	// Get reads one corridor; NotFound when there is none.
	Get(ctx context.Context, code Code) (*Corridor, error)
	// Insert adds a new corridor; Conflict when there is one.
	Insert(ctx context.Context, c *Corridor) error
	// Update reads the corridor under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, code Code, change func(*Corridor) error) (*Corridor, error)
}

// Reader answers from the read model; what it gives is not to be changed.
type Reader interface {
	// Corridor finds one corridor.
	Corridor(code Code) (*Corridor, bool)
	// Corridors lists them all, ordered by code.
	Corridors() []*Corridor
}

// Agreements finds the agreements that corridors cite, in the read model.
type Agreements interface {
	Agreement(id agreement.ID) (*agreement.Agreement, bool)
}

// Consequences carries a changed corridor on to the offers for it. It is
// called after the change is stored; a job repairs what a crash left undone.
type Consequences interface {
	CorridorChanged(ctx context.Context, code Code) error
}
