package store

import (
	"context"

	"passerelle/internal/domain/audit"
)

// aggregate keeps one kind of domain record: it converts between the record
// and its document, and has the methods of the domain's Store ports. T is the
// record, D its document, I its id.
type aggregate[T, D any, I ~string] struct {
	docs   *collection[D]
	to     func(*T) D
	from   func(*D) *T
	sealer *sealer[D]
}

// newAggregate joins a collection with the two converters. watch is told of
// every acknowledged write; nil = nobody. Records of these kinds are never
// deleted, so a document that turns out not to exist is nothing to tell.
func newAggregate[T, D any, I ~string](docs *collection[D], to func(*T) D, from func(*D) *T, watch func(*T)) *aggregate[T, D, I] {
	a := &aggregate[T, D, I]{docs: docs, to: to, from: from, sealer: &sealer[D]{cipher: docs.db.cipher, kind: docs.name}}
	if watch != nil {
		docs.observe(func(id string, doc *D) {
			if doc == nil {
				return
			}
			record, err := a.read(doc)
			if err != nil { // it was opened or sealed a moment ago
				docs.db.opts.Logger.Error("document cannot be opened", "collection", docs.name, "id", id, "error", err)
				return
			}
			watch(record)
		})
	}
	return a
}

// sealing names the personal texts of the documents.
func (a *aggregate[T, D, I]) sealing(texts func(*D) []personal) *aggregate[T, D, I] {
	a.sealer.texts = texts
	return a
}

// read gives the record of a document as it is stored.
func (a *aggregate[T, D, I]) read(doc *D) (*T, error) {
	clear, err := a.sealer.open(a.docs.head(doc).ID, doc)
	if err != nil {
		return nil, err
	}
	return a.from(clear), nil
}

// write gives the document of a record as it is to be stored.
func (a *aggregate[T, D, I]) write(ctx context.Context, record *T) (D, error) {
	doc := a.to(record)
	if err := attest(&doc); err != nil {
		return doc, err
	}
	return doc, a.sealer.seal(ctx, a.docs.head(&doc).ID, &doc)
}

// Get reads one record; fault.NotFound when there is none.
func (a *aggregate[T, D, I]) Get(ctx context.Context, id I) (*T, error) {
	doc, err := a.docs.get(ctx, string(id))
	if err != nil {
		return nil, err
	}
	return a.read(&doc)
}

// Insert adds a new record; fault.Conflict when the id is taken.
func (a *aggregate[T, D, I]) Insert(ctx context.Context, record *T) error {
	doc, err := a.write(ctx, record)
	if err != nil {
		return err
	}
	_, err = a.docs.insert(ctx, doc)
	return err
}

// InsertMany adds new records and gives the ids that existed already; those
// records are left as they are.
func (a *aggregate[T, D, I]) InsertMany(ctx context.Context, records []*T) (existing []I, err error) {
	docs := make([]D, len(records))
	for i, r := range records {
		if docs[i], err = a.write(ctx, r); err != nil {
			return nil, err
		}
	}
	ids, err := a.docs.insertMany(ctx, docs)
	for _, id := range ids {
		existing = append(existing, I(id))
	}
	return existing, err
}

// Update reads the record under its lock, lets change alter it, and replaces
// it. An error of change is returned and nothing is written; fault.NotFound
// when there is no such record.
func (a *aggregate[T, D, I]) Update(ctx context.Context, id I, change func(*T) error) (*T, error) {
	doc, err := a.docs.update(ctx, string(id), func(d D) (D, error) {
		record, err := a.read(&d)
		if err != nil {
			return d, err
		}
		if err := change(record); err != nil {
			return d, err
		}
		return a.write(ctx, record)
	})
	if err != nil {
		return nil, err
	}
	return a.read(&doc)
}

// load gives every record to fn, in no particular order, until fn fails.
func (a *aggregate[T, D, I]) load(ctx context.Context, fn func(*T) error) error {
	return a.docs.load(ctx, func(doc D) error {
		record, err := a.read(&doc)
		if err != nil {
			return err
		}
		return fn(record)
	})
}

// convert applies a converter to each item.
func convert[A, B any](items []A, to func(A) B) []B {
	if len(items) == 0 {
		return nil
	}
	out := make([]B, len(items))
	for i, item := range items {
		out[i] = to(item)
	}
	return out
}

// orNil gives nil for an empty list, as the domain writes it.
func orNil[T any](items []T) []T {
	if len(items) == 0 {
		return nil
	}
	return items
}

// toPending writes the outbox of a document, its field "pending".
func toPending(log audit.Log) []entryDoc {
	return convert(log, toEntryDoc)
}

// fromPending reads the outbox of a document.
func fromPending(docs []entryDoc) audit.Log {
	return convert(docs, fromEntryDoc)
}
