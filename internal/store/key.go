package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
)

// keyDoc is a wrapped key; its _id is the key id. Nothing in it opens without
// the master key, which the store never sees.
type keyDoc struct {
	Header    `bson:",inline"`
	Purpose   string    `bson:"purpose"`
	CreatedAt time.Time `bson:"createdAt"`
	NotAfter  time.Time `bson:"notAfter"`
	State     string    `bson:"state"`
	Wrapped   []byte    `bson:"wrapped"`
	Public    []byte    `bson:"public"`
}

// Keys keep the keys of tokens, seals and fields, wrapped by the master key.
type Keys struct{ keys *collection[keyDoc] }

// Keys gives access to the wrapped keys.
func (db *DB) Keys() *Keys { return &Keys{keys: newCollection[keyDoc](db, nameKey)} }

// InsertKey stores a new key; a taken KID fails with fault.Conflict, code
// "store.duplicate".
func (k *Keys) InsertKey(ctx context.Context, key account.SealedKey) error {
	doc := keyFrom(key)
	doc.Rev = 1
	_, err := k.keys.insert(ctx, doc)
	return err
}

// ListKeys gives all keys of all purposes and states, in no particular order.
func (k *Keys) ListKeys(ctx context.Context) ([]account.SealedKey, error) {
	var out []account.SealedKey
	err := k.keys.load(ctx, func(doc keyDoc) error {
		out = append(out, keyTo(doc))
		return nil
	})
	return out, err
}

// ReplaceKey stores another state or wrapping of the key with the same KID;
// fault.NotFound when there is none.
func (k *Keys) ReplaceKey(ctx context.Context, key account.SealedKey) error {
	_, err := k.keys.update(ctx, key.KID, func(have keyDoc) (keyDoc, error) {
		next := keyFrom(key)
		next.Rev = have.Rev + 1
		return next, nil
	})
	return err
}

func keyFrom(k account.SealedKey) keyDoc {
	doc := keyDoc{Purpose: k.Purpose, CreatedAt: k.CreatedAt, NotAfter: k.NotAfter, State: k.State, Wrapped: k.Wrapped, Public: k.Public}
	doc.ID = k.KID
	return doc
}

func keyTo(d keyDoc) account.SealedKey {
	return account.SealedKey{KID: d.ID, Purpose: d.Purpose, CreatedAt: d.CreatedAt, NotAfter: d.NotAfter,
		State: d.State, Wrapped: d.Wrapped, Public: d.Public}
}
