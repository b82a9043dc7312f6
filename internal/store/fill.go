package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"

	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/fault"
)

// restoreID is the mark in collection nameRestore that stands in a database
// from before the first document of a restore until it is complete.
const restoreID = "restore"

// restoreDoc is the mark.
type restoreDoc struct {
	Header `bson:",inline"`
}

// collectionName is what our own collections are called.
const collectionName = `^[a-z][a-z_]{0,59}$`

// Filling puts what was kept or moved into an empty database. It is a Sink and
// is used by one goroutine.
type Filling struct {
	ctx   context.Context
	db    *DB
	names *regexp.Regexp
	name  string
	batch []any
	bytes int
}

// Fill marks the database as half-made, so that Open refuses it until Complete.
// What an earlier restore left half-made is removed first. It fails with
// fault.Conflict, code "store.not_empty", when anything else is in it. The
// context is that of the whole filling.
func (db *DB) Fill(ctx context.Context) (*Filling, error) {
	names, err := db.Collections(ctx)
	if err != nil {
		return nil, err
	}
	half, err := db.isHalf(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if name == nameRestore {
			continue
		}
		if err := db.clear(ctx, name, half); err != nil {
			return nil, err
		}
	}
	if !half {
		if err := db.mark(ctx); err != nil {
			return nil, err
		}
	}
	return &Filling{ctx: ctx, db: db, names: regexp.MustCompile(collectionName)}, nil
}

// clear drops a collection, which must be empty unless it is a leftover.
func (db *DB) clear(ctx context.Context, name string, leftover bool) error {
	ctx, cancel := db.limited(ctx)
	defer cancel()
	if !leftover {
		cursor, err := db.reading(name).Find(ctx, bson.D{})
		if err != nil {
			return readFault(err)
		}
		holds := cursor.Next(ctx)
		if err := errors.Join(cursor.Err(), cursor.Close(ctx)); err != nil {
			return readFault(err)
		}
		if holds {
			return fault.New(fault.Conflict, "store.not_empty").Because(fmt.Errorf("collection %s holds documents", name))
		}
	}
	if err := db.changing(name).Drop(ctx); err != nil {
		return unavailable(fmt.Errorf("drop collection %s: %w", name, err))
	}
	return nil
}

func (db *DB) mark(ctx context.Context) error {
	if err := db.ensureCollections(ctx, nameRestore); err != nil {
		return err
	}
	_, err := newCollection[restoreDoc](db, nameRestore).insert(ctx, restoreDoc{Header{ID: restoreID, Rev: 1}})
	return err
}

// isHalf reports whether a restore has not come to its end.
func (db *DB) isHalf(ctx context.Context) (bool, error) {
	_, err := newCollection[restoreDoc](db, nameRestore).get(ctx, restoreID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// refuseHalf fails on what a restore has left half-made, unless it is to be
// gone on with.
func (db *DB) refuseHalf(ctx context.Context) error {
	if db.opts.Restoring {
		return nil
	}
	half, err := db.isHalf(ctx)
	if err == nil && half {
		err = fault.New(fault.Conflict, "store.restoring")
	}
	return err
}

// Begin creates the collection.
func (f *Filling) Begin(name string) error {
	if err := f.Flush(); err != nil {
		return err
	}
	if !f.names.MatchString(name) || stays(name) {
		return fault.New(fault.Invalid, "backup.damaged").Because(fmt.Errorf("a collection called %q", name))
	}
	f.name = name
	return f.db.ensureCollections(f.ctx, name)
}

// Put keeps a document until there are enough for a command.
func (f *Filling) Put(id string, doc []byte) error {
	raw := bson.Raw(bytes.Clone(doc))
	if err := raw.Validate(); err != nil {
		return fault.New(fault.Invalid, "backup.damaged").Because(err)
	}
	if stored, ok := raw.Lookup("_id").StringValueOK(); !ok || stored != id || !validID(id) || len(raw) > maxDocument {
		return fault.New(fault.Invalid, "backup.damaged").Because(errors.New("a document that was never ours"))
	}
	if err := checkText(raw); err != nil {
		return err
	}
	if len(f.batch) == bulkDocuments || f.bytes+len(raw) > bulkBytes {
		if err := f.Flush(); err != nil {
			return err
		}
	}
	f.batch, f.bytes = append(f.batch, raw), f.bytes+len(raw)
	return nil
}

// Flush writes what Put has kept.
func (f *Filling) Flush() error {
	if len(f.batch) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(f.ctx, f.db.writeLimit)
	defer cancel()
	_, err := f.db.changing(f.name).InsertMany(ctx, f.batch)
	f.batch, f.bytes = nil, 0
	switch {
	case isDuplicate(err):
		return fault.New(fault.Invalid, "backup.damaged").Because(err)
	case err != nil:
		return unavailable(fmt.Errorf("fill %s: %w", f.name, err))
	}
	return nil
}

// Complete removes the mark of Fill in one write: from here on the database is
// whole.
func (db *DB) Complete(ctx context.Context) error {
	return newCollection[restoreDoc](db, nameRestore).delete(ctx, restoreID)
}

// KnownSchema is the number of migrations that this program knows.
func KnownSchema() int { return len(migrations()) }

// Schema is the number of the last migration that the data has seen.
func (db *DB) Schema(ctx context.Context) (int, error) {
	ledger, err := db.ledger(ctx)
	last := 0
	for number := range ledger {
		last = max(last, number)
	}
	return last, err
}
