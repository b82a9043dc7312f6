package store

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/statistics"
)

// EncodeAccount gives the stored form of an account.
func EncodeAccount(a *account.Account) (bson.Raw, error) { return encode(toAccountDoc(a)) }

// EncodeSession gives the stored form of a session family.
func EncodeSession(s *account.Session) (bson.Raw, error) { return encode(toSessionDoc(s)) }

// EncodeIdempotency gives the stored form of a claimed key.
func EncodeIdempotency(r *idempotency.Record) (bson.Raw, error) { return encode(toIdempotencyDoc(r)) }

// EncodeProfile gives the stored form of a profile.
func EncodeProfile(p *profile.Profile) (bson.Raw, error) { return encode(toProfileDoc(p)) }

// EncodeApplication gives the stored form of an application.
func EncodeApplication(a *application.Application) (bson.Raw, error) {
	return encode(toApplicationDoc(a))
}

// EncodeMessage gives the stored form of a message.
func EncodeMessage(m *message.Message) (bson.Raw, error) { return encode(toMessageDoc(m)) }

// EncodeCode gives the stored form of a request for a one-time code.
func EncodeCode(c *account.Code) (bson.Raw, error) { return encode(toCodeDoc(c)) }

// MoveProfile copies the stored form of a profile under another id.
func MoveProfile(ctx context.Context, db *DB, from, to string) error {
	docs := newCollection[profileDoc](db, nameProfile)
	doc, err := docs.get(ctx, from)
	if err != nil {
		return err
	}
	doc.ID = to
	_, err = docs.insert(ctx, doc)
	return err
}

// EncodeErasure gives the stored form of an erasure.
func EncodeErasure(e *privacy.Erasure) (bson.Raw, error) { return encode(toErasureDoc(e)) }

// EncodeStatistic gives the stored form of a publication.
func EncodeStatistic(p *statistics.Publication) (bson.Raw, error) { return encode(toStatisticDoc(p)) }
