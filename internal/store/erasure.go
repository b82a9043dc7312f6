package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
)

// erasureDoc is a line of the ledger of erasures: ids and moments, no more.
type erasureDoc struct {
	Header  `bson:",inline"`
	Account account.ID `bson:"account"`
	Profile profile.ID `bson:"profile"`
	Reason  string     `bson:"reason"`
	At      time.Time  `bson:"at"`
	DoneAt  time.Time  `bson:"doneAt"`
}

// ErasureStore keeps the ledger of erasures. It implements privacy.Ledger.
type ErasureStore struct {
	*aggregate[privacy.Erasure, erasureDoc, string]
}

// NewErasureStore gives access to the ledger of erasures.
func NewErasureStore(db *DB) *ErasureStore {
	docs := newCollection[erasureDoc](db, nameErasure)
	return &ErasureStore{newAggregate[privacy.Erasure, erasureDoc, string](docs, toErasureDoc, fromErasureDoc, nil)}
}

// LoadErasures gives every erasure to fn, in no particular order.
func (s *ErasureStore) LoadErasures(ctx context.Context, fn func(*privacy.Erasure) error) error {
	return s.load(ctx, fn)
}

func toErasureDoc(e *privacy.Erasure) erasureDoc {
	return erasureDoc{Header: Header{ID: e.ID, Rev: 1}, Account: e.Account, Profile: e.Profile, Reason: e.Reason, At: e.At, DoneAt: e.DoneAt}
}

func fromErasureDoc(d *erasureDoc) *privacy.Erasure {
	return &privacy.Erasure{ID: d.ID, Account: d.Account, Profile: d.Profile, Reason: d.Reason, At: d.At, DoneAt: d.DoneAt}
}
