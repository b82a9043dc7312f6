package store

import (
	"context"
	"fmt"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"passerelle/internal/domain/fault"
)

// loadBatch is the number of documents that load asks for at a time.
const loadBatch = 500

// collection is the kernel's access to the documents of one kind. There should
// be one per name and DB that has an observer; the locks are shared by name.
type collection[D any] struct {
	db       *DB
	name     string
	reads    *mongo.Collection
	writes   *mongo.Collection
	head     func(*D) *Header
	observer atomic.Pointer[func(id string, doc *D)]
}

// newCollection gives access to the collection of that name; D is a struct
// that embeds Header inline.
func newCollection[D any, P document[D]](db *DB, name string) *collection[D] {
	return &collection[D]{
		db: db, name: name,
		reads: db.reading(name), writes: db.changing(name),
		head: func(d *D) *Header { return P(d).head() },
	}
}

// observe sets the function that is told of every acknowledged write: doc is
// what the store now holds, nil after a deletion. It is called under the id
// lock, so in the order of the writes of each id; it must not call the
// collection back for the same id, and must not keep doc to change it. It may
// be told the same state twice. Set it before the first write.
func (c *collection[D]) observe(fn func(id string, doc *D)) { c.observer.Store(&fn) }

func (c *collection[D]) notify(id string, doc *D) {
	if fn := c.observer.Load(); fn != nil {
		(*fn)(id, doc)
	}
}

// get reads one document; fault.NotFound when there is none.
func (c *collection[D]) get(ctx context.Context, id string) (D, error) {
	ctx, cancel := c.db.limited(ctx)
	defer cancel()
	return c.find(ctx, id)
}

// find reads by exactly {_id: id}, the only filter the embedded engine answers
// from an index.
func (c *collection[D]) find(ctx context.Context, id string) (D, error) {
	var none D
	if !validID(id) {
		return none, fault.New(fault.NotFound, "store.not_found")
	}
	raw, err := c.reads.FindOne(ctx, byID(id)).Raw()
	if err != nil {
		return none, readFault(err)
	}
	return decode[D](raw)
}

// load calls fn with every document, in no particular order, until fn fails.
// It has no limit but ctx, and each batch from MongoDB that of one operation. A
// document written meanwhile is seen before or after, so observe first.
func (c *collection[D]) load(ctx context.Context, fn func(D) error) error {
	each := func(raw bson.Raw) error {
		doc, err := decode[D](raw)
		if err != nil {
			return fmt.Errorf("load %s: %w", c.name, err)
		}
		return fn(doc)
	}
	if c.db.Embedded() {
		return c.scanFile(ctx, each)
	}
	return c.scanCursor(ctx, each)
}

// scanFile reads past the embedded engine, which would take several times
// longer, and the start of the program waits for it.
func (c *collection[D]) scanFile(ctx context.Context, fn func(bson.Raw) error) error {
	var reader sjsonReader
	var refused error
	err := c.db.engine.Scan(ctx, c.name, func(doc []byte) error {
		raw, err := reader.bson(doc)
		if err != nil {
			refused = fmt.Errorf("load %s: %w", c.name, err)
		} else {
			refused = fn(raw)
		}
		return refused
	})
	if refused == nil && err != nil {
		return unavailable(err)
	}
	return refused
}

// scanCursor reads through the driver.
func (c *collection[D]) scanCursor(ctx context.Context, fn func(bson.Raw) error) error {
	open, cancel := c.db.limited(ctx)
	defer cancel()
	cursor, err := c.reads.Find(open, bson.D{}, options.Find().SetBatchSize(loadBatch))
	if err != nil {
		return readFault(err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		// A cursor that cannot be closed runs out on the server by itself.
		_ = cursor.Close(ctx)
	}()
	for c.next(ctx, cursor) {
		if err := fn(cursor.Current); err != nil {
			return err
		}
	}
	return readFault(cursor.Err())
}

// next moves the cursor, with a limit of its own for each batch.
func (c *collection[D]) next(ctx context.Context, cursor *mongo.Cursor) bool {
	if cursor.RemainingBatchLength() > 0 {
		return cursor.Next(ctx)
	}
	batch, cancel := c.db.limited(ctx)
	defer cancel()
	return cursor.Next(batch)
}

// byID is the filter of one document.
func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }

// lockKey is the name of an id's lock.
func (c *collection[D]) lockKey(id string) string { return c.name + "\x00" + id }
