package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/fault"
	"passerelle/internal/store/embedded"
)

// Sink takes everything a database holds, collection by collection.
type Sink interface {
	// Begin starts a collection, which may turn out to be empty.
	Begin(collection string) error
	// Put takes one document of it as BSON, with its _id. The bytes are valid
	// during the call only.
	Put(id string, doc []byte) error
}

// stays reports whether a collection is part of this place and not of what is
// kept or moved: who runs a job here, and the mark of a restore under way.
func stays(collection string) bool { return collection == nameLease || collection == nameRestore }

// readLast lists the collections that others point to, in the order in which
// they are to be read where one state of everything cannot be had. What is
// written first is read last: an application after the place in its offer, a
// document after the claim on its number, an entry's position after the entry,
// and an outbox is emptied after the log has its entries. So whatever is
// written meanwhile, nothing that was read points to what was not.
func readLast() []string {
	return []string{
		nameApplication, nameOffer, nameProfile, nameEmployer, nameAgency, nameAccount,
		nameAuditInbox, nameAuditNode, nameAudit, nameAuditKey, nameClaim, nameKey, nameMigration,
	}
}

// dumpOrder sorts names for reading.
func dumpOrder(names []string) []string {
	last := readLast()
	out := slices.DeleteFunc(slices.Clone(names), stays)
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(slices.Index(last, a), slices.Index(last, b)), cmp.Compare(a, b))
	})
	return out
}

// Dump hands everything the database holds to the sink: all that was
// acknowledged before the call, each document whole. On the embedded engine it
// is the state of one moment; on MongoDB documents written meanwhile are there
// or not, and never without those they point to.
func (db *DB) Dump(ctx context.Context, sink Sink) error {
	if db.Embedded() {
		return db.dumpFile(ctx, sink)
	}
	names, err := db.Collections(ctx)
	if err != nil {
		return err
	}
	for _, name := range dumpOrder(names) {
		if err := sink.Begin(name); err != nil {
			return err
		}
		if err := newCollection[bareDoc](db, name).scanCursor(ctx, putInto(name, sink)); err != nil {
			return err
		}
	}
	return nil
}

// bareDoc is a document of which only the head is known.
type bareDoc struct {
	Header `bson:",inline"`
}

// putInto hands documents to the sink under their ids.
func putInto(name string, sink Sink) func(bson.Raw) error {
	return func(raw bson.Raw) error {
		id, ok := raw.Lookup("_id").StringValueOK()
		if !ok {
			return fmt.Errorf("dump %s: a document without an _id of text", name)
		}
		return sink.Put(id, raw)
	}
}

// dumpFile reads one state past the embedded engine.
func (db *DB) dumpFile(ctx context.Context, sink Sink) (err error) {
	snapshot, err := db.engine.Snapshot(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer func() { err = errors.Join(err, snapshot.Close()) }()
	for _, name := range dumpOrder(snapshot.Collections()) {
		if err := sink.Begin(name); err != nil {
			return err
		}
		if err := scanSnapshot(ctx, snapshot, name, putInto(name, sink)); err != nil {
			return err
		}
	}
	return nil
}

func scanSnapshot(ctx context.Context, s *embedded.Snapshot, name string, fn func(bson.Raw) error) error {
	var reader sjsonReader
	return s.Scan(ctx, name, func(doc []byte) error {
		raw, err := reader.bson(doc)
		if err != nil {
			return fmt.Errorf("dump %s: %w", name, err)
		}
		return fn(raw)
	})
}

// ToJSON writes a document as canonical extended JSON, which keeps the types.
func ToJSON(doc []byte) ([]byte, error) {
	text, err := bson.MarshalExtJSON(bson.Raw(doc), true, false)
	if err != nil {
		return nil, fmt.Errorf("write a document as JSON: %w", err)
	}
	return text, nil
}

// FromJSON reads what ToJSON has written and gives the same bytes back, with
// the document's _id.
func FromJSON(text []byte) (id string, doc []byte, err error) {
	var members bson.D
	if err := bson.UnmarshalExtJSON(text, true, &members); err != nil {
		return "", nil, fault.New(fault.Invalid, "backup.damaged").Because(err)
	}
	raw, err := bson.Marshal(members)
	if err != nil {
		return "", nil, fault.New(fault.Invalid, "backup.damaged").Because(err)
	}
	id, ok := bson.Raw(raw).Lookup("_id").StringValueOK()
	if !ok {
		return "", nil, fault.New(fault.Invalid, "backup.damaged").Because(errors.New("a document without an _id of text"))
	}
	return id, raw, nil
}
