package store

import (
	"context"
	"time"

	"passerelle/internal/domain/fault"
)

// claimDoc says to whom a unique value belongs; its _id is the value.
type claimDoc struct {
	Header    `bson:",inline"`
	Owner     string    `bson:"owner"`
	ClaimedAt time.Time `bson:"claimedAt"`
}

// Claims keep values unique: an e-mail address ("email:a@b.ml"), a telephone
// number ("phone:+223…"), a licence number ("licence:ML:123"). A claim is an
// insert with the value as _id, which has exactly one winner on every store.
type Claims struct {
	claims *collection[claimDoc]
	now    func() time.Time
}

// Claims gives access to the claims.
func (db *DB) Claims() *Claims {
	return &Claims{claims: newCollection[claimDoc](db, nameClaim), now: db.opts.Now}
}

// Claim takes the value for the owner, or fails with fault.Conflict, code
// "store.claimed", when it belongs to another. Claiming again what one has is
// no error, so that a retried request goes on.
func (c *Claims) Claim(ctx context.Context, value, owner string) error {
	doc := claimDoc{Owner: owner, ClaimedAt: c.now()}
	doc.ID, doc.Rev = value, 1
	_, err := c.claims.insert(ctx, doc)
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	have, err := c.claims.get(ctx, value)
	switch {
	case err == nil && have.Owner == owner:
		return nil
	case err == nil || fault.Is(err, fault.NotFound): // released just now: let the caller try again
		return fault.New(fault.Conflict, "store.claimed")
	default:
		return err
	}
}

// Owner tells whose the value is; fault.NotFound when nobody has it.
func (c *Claims) Owner(ctx context.Context, value string) (string, error) {
	doc, err := c.claims.get(ctx, value)
	return doc.Owner, err
}

// Release gives the value up. What nobody, or another, has is left as it is,
// and is no error: the owner does not have it, which was the aim.
func (c *Claims) Release(ctx context.Context, value, owner string) error {
	err := c.claims.deleteIf(ctx, value, func(doc claimDoc) error {
		if doc.Owner != owner {
			return fault.New(fault.NotFound, "store.not_found")
		}
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
