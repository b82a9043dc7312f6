package offer

import (
	"context"
	"time"
)

// Store keeps offers. Every method may fail with Unavailable.
type Store interface {
	// Get reads one offer; NotFound when there is none.
	Get(ctx context.Context, id ID) (*Offer, error)
	// Insert adds a new offer; Conflict when the id is taken.
	Insert(ctx context.Context, o *Offer) error
	// InsertMany adds up to 200 new offers with one command and returns the
	// ids that existed already; those are left as they are.
	InsertMany(ctx context.Context, offers []*Offer) (existing []ID, err error)
	// Update reads the offer under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id ID, change func(*Offer) error) (*Offer, error)
}

// Reader answers lists from the read model; see package index.
type Reader interface {
	SearchOffers(q Query) (Results, error)
	// OfferCard finds one card, whatever its state.
	OfferCard(id ID) (Card, bool)
	// OfferByReference finds an offer's id by its public reference.
	OfferByReference(reference string) (ID, bool)
	// OffersOf lists the ids of an import's offers in row order, or of an
	// agency, employer, or destination country, for work on many.
	OffersOf(q Query) []ID
	// Suggest completes a search word from titles of published offers.
	SuggestOffers(prefix string, limit int) []string
	// ChangedOffers gives up to limit cards of offers that were published at
	// any time (PublishedAt is set, whatever the state now), ordered by
	// UpdatedAt, then id, and that come strictly after the position (since,
	// after). An empty after comes before every id.
	ChangedOffers(since time.Time, after ID, limit int) []Card
}
