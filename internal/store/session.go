package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// sessionDoc is one session family. It holds hashes, never a token.
type sessionDoc struct {
	Header     `bson:",inline"`
	Account    string    `bson:"account"`
	Family     []byte    `bson:"family"`
	Current    []byte    `bson:"current"`
	Previous   []byte    `bson:"previous"`
	Generation int64     `bson:"generation"`
	Label      string    `bson:"label"`
	CreatedAt  time.Time `bson:"createdAt"`
	TrustedAt  time.Time `bson:"trustedAt"`
	UsedAt     time.Time `bson:"usedAt"`
	ExpiresAt  time.Time `bson:"expiresAt"`
	RevokedAt  time.Time `bson:"revokedAt"`
	Reason     string    `bson:"reason"`
}

// SessionStore keeps session families. It implements auth.SessionStore.
type SessionStore struct {
	*aggregate[account.Session, sessionDoc, account.SessionID]
}

// NewSessionStore gives access to the session families.
func NewSessionStore(db *DB) *SessionStore {
	docs := newCollection[sessionDoc](db, nameSession)
	return &SessionStore{newAggregate[account.Session, sessionDoc, account.SessionID](docs, toSessionDoc, fromSessionDoc, nil)}
}

// Delete removes a family; removing an absent one is no error.
func (s *SessionStore) Delete(ctx context.Context, id account.SessionID) error {
	err := s.docs.delete(ctx, string(id))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Each gives every family to see, in any order; an error of see ends it.
func (s *SessionStore) Each(ctx context.Context, see func(*account.Session) error) error {
	return s.load(ctx, see)
}

func toSessionDoc(s *account.Session) sessionDoc {
	return sessionDoc{
		Header:  Header{ID: string(s.ID), Rev: s.Generation + 1},
		Account: string(s.Account), Family: s.Family, Current: s.Current, Previous: s.Previous,
		Generation: s.Generation, Label: s.Label, CreatedAt: s.CreatedAt, TrustedAt: s.TrustedAt,
		UsedAt: s.UsedAt, ExpiresAt: s.ExpiresAt, RevokedAt: s.RevokedAt, Reason: s.Reason,
	}
}

func fromSessionDoc(d *sessionDoc) *account.Session {
	return &account.Session{
		ID: account.SessionID(d.ID), Account: account.ID(d.Account),
		Family: orNil(d.Family), Current: orNil(d.Current), Previous: orNil(d.Previous),
		Generation: d.Generation, Label: d.Label, CreatedAt: d.CreatedAt, TrustedAt: d.TrustedAt,
		UsedAt: d.UsedAt, ExpiresAt: d.ExpiresAt, RevokedAt: d.RevokedAt, Reason: d.Reason,
	}
}
