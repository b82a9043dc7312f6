package store

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/fault"
)

// errUnchanged is returned by the function given to update when there is
// nothing to write; update then gives the document as it is and no error.
var errUnchanged = errors.New("unchanged")

// insert stores a new document with seq 1 and gives it as stored. A taken _id
// fails with fault.Conflict, code "store.duplicate".
func (c *collection[D]) insert(ctx context.Context, doc D) (D, error) {
	head := c.head(&doc)
	head.Seq = 1
	raw, stored, err := c.fix(doc)
	if err != nil {
		return doc, err
	}
	h, err := c.take(ctx, head.ID)
	if err != nil {
		return doc, err
	}
	defer h.leave()
	err = c.commit(h, func(ctx context.Context) ([]change[D], error) {
		_, err := c.writes.InsertOne(ctx, raw)
		if isDuplicate(err) {
			return nil, fault.New(fault.Conflict, "store.duplicate").Because(err)
		}
		if err != nil {
			return nil, err
		}
		return []change[D]{{head.ID, &stored}}, nil
	})
	return stored, err
}

// replace stores the document over the one with the same _id, provided that
// one still has the seq of doc; otherwise it fails with fault.Conflict, code
// "store.stale", or fault.NotFound. It gives the document as stored.
func (c *collection[D]) replace(ctx context.Context, doc D) (D, error) {
	h, err := c.take(ctx, c.head(&doc).ID)
	if err != nil {
		return doc, err
	}
	defer h.leave()
	return c.put(h, doc, c.head(&doc).Seq, false)
}

// update reads the document under its lock, has fn make the next one, and
// stores that. When fn fails nothing is written and its error is returned; fn
// may return errUnchanged. It must be pure, must not change the _id, and sets
// Rev itself when the domain changes.
func (c *collection[D]) update(ctx context.Context, id string, fn func(D) (D, error)) (D, error) {
	var none D
	h, err := c.take(ctx, id)
	if err != nil {
		return none, err
	}
	defer h.leave()
	current, err := c.find(h.ctx, id)
	if err != nil {
		return none, err
	}
	known := c.head(&current).Seq
	next, err := fn(current)
	if errors.Is(err, errUnchanged) {
		return current, nil
	}
	if err != nil {
		return none, err
	}
	if c.head(&next).ID != id {
		return none, fmt.Errorf("update of %s in %s changed the _id", id, c.name)
	}
	return c.put(h, next, known, true)
}

// delete removes a document; fault.NotFound when there is none.
func (c *collection[D]) delete(ctx context.Context, id string) error {
	return c.deleteIf(ctx, id, func(D) error { return nil })
}

// deleteIf reads the document under its lock and removes it unless check fails.
func (c *collection[D]) deleteIf(ctx context.Context, id string, check func(D) error) error {
	h, err := c.take(ctx, id)
	if err != nil {
		return err
	}
	defer h.leave()
	current, err := c.find(h.ctx, id)
	if err != nil {
		return err
	}
	if err := check(current); err != nil {
		return err
	}
	known := c.head(&current).Seq
	return c.commit(h, func(ctx context.Context) ([]change[D], error) {
		res, err := c.writes.DeleteOne(ctx, c.at(id, known))
		if err != nil {
			return nil, err
		}
		if res.DeletedCount == 0 {
			return nil, c.whyMissed(ctx, id)
		}
		return []change[D]{{id, nil}}, nil
	})
}

// put writes doc over the document at seq known. seen says that the caller has
// read that seq under the lock it holds.
func (c *collection[D]) put(h *hold, doc D, known int64, seen bool) (D, error) {
	head := c.head(&doc)
	head.Seq = known + 1
	raw, stored, err := c.fix(doc)
	if err != nil {
		return doc, err
	}
	err = c.commit(h, func(ctx context.Context) ([]change[D], error) {
		if err := c.swap(ctx, head.ID, raw, known, seen); err != nil {
			return nil, err
		}
		return []change[D]{{head.ID, &stored}}, nil
	})
	return stored, err
}

// swap replaces the document at a known seq. It hides the difference between
// the stores: MongoDB compares the seq in the filter; the embedded engine would
// read the whole collection for that filter, so there the seq is compared under
// the id lock, which is enough because one process owns the data and all its
// writes go through one connection.
func (c *collection[D]) swap(ctx context.Context, id string, raw bson.Raw, known int64, seen bool) error {
	if c.db.Embedded() && !seen {
		current, err := c.find(ctx, id)
		if err != nil {
			return err
		}
		if c.head(&current).Seq != known {
			return stale(c.head(&current).Seq, known)
		}
	}
	res, err := c.writes.ReplaceOne(ctx, c.at(id, known), raw)
	if err != nil {
		return err
	}
	if res.MatchedCount == 0 {
		return c.whyMissed(ctx, id)
	}
	return nil
}

// at is the filter for a document at a known seq, see swap.
func (c *collection[D]) at(id string, known int64) bson.D {
	if c.db.Embedded() {
		return byID(id)
	}
	return bson.D{{Key: "_id", Value: id}, {Key: "seq", Value: known}}
}

// whyMissed explains a write that met no document: gone, or changed.
func (c *collection[D]) whyMissed(ctx context.Context, id string) error {
	if _, err := c.find(ctx, id); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "store.stale")
}

func stale(have, known int64) error {
	return fault.New(fault.Conflict, "store.stale").Because(fmt.Errorf("seq is %d, not %d", have, known))
}

// fix encodes the document and gives it also as a later read will, so that the
// caller and the observer never see a finer time or a nil slice that the store
// does not keep.
func (c *collection[D]) fix(doc D) (bson.Raw, D, error) {
	raw, err := encode(&doc)
	if err != nil {
		return nil, doc, err
	}
	stored, err := decode[D](raw)
	return raw, stored, err
}
