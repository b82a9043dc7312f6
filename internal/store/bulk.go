package store

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Bounds of one insert command: the writing connection of the embedded engine
// is not to be held longer than about 50 ms, and a message is at most 48 MB.
const (
	bulkDocuments = 200
	bulkBytes     = 16 << 20
)

// bulk is one insert command.
type bulk[D any] struct {
	ids    []string
	raws   []any
	stored []D
	bytes  int
}

// insertMany stores new documents with seq 1 and gives the ids that were taken
// already, by an earlier document or by one before it in docs; those are left
// as they are. On an error a part may be stored; calling again with the same
// documents reports that part as duplicates.
func (c *collection[D]) insertMany(ctx context.Context, docs []D) (duplicates []string, err error) {
	seen := make(map[string]bool, len(docs))
	part := &bulk[D]{}
	flush := func() error {
		taken, err := c.insertPart(ctx, part)
		duplicates = append(duplicates, taken...)
		part = &bulk[D]{}
		return err
	}
	for _, doc := range docs {
		head := c.head(&doc)
		if seen[head.ID] {
			duplicates = append(duplicates, head.ID)
			continue
		}
		seen[head.ID] = true
		head.Seq = 1
		raw, stored, err := c.fix(doc)
		if err != nil {
			return duplicates, err
		}
		if len(part.ids) == bulkDocuments || part.bytes+len(raw) > bulkBytes {
			if err := flush(); err != nil {
				return duplicates, err
			}
		}
		part.add(head.ID, raw, stored)
	}
	return duplicates, flush()
}

func (b *bulk[D]) add(id string, raw bson.Raw, stored D) {
	b.ids = append(b.ids, id)
	b.raws = append(b.raws, raw)
	b.stored = append(b.stored, stored)
	b.bytes += len(raw)
}

// insertPart sends one command, unordered, under the locks of all its ids.
func (c *collection[D]) insertPart(ctx context.Context, b *bulk[D]) (taken []string, err error) {
	if len(b.ids) == 0 {
		return nil, nil
	}
	h, err := c.take(ctx, b.ids...)
	if err != nil {
		return nil, err
	}
	defer h.leave()
	found := make(chan []string, 1) // a channel: commit may return before the write
	err = c.commit(h, func(ctx context.Context) ([]change[D], error) {
		_, err := c.writes.InsertMany(ctx, b.raws, options.InsertMany().SetOrdered(false))
		dup, err := duplicatesIn(err)
		if err != nil {
			return nil, err
		}
		changes, ids := b.split(dup)
		found <- ids
		return changes, nil
	})
	if err != nil {
		return nil, err
	}
	return <-found, nil
}

// duplicatesIn gives the places of the documents whose _id was taken; an error
// that says anything else is returned.
func duplicatesIn(err error) (map[int]bool, error) {
	if err == nil {
		return nil, nil
	}
	var bulkErr mongo.BulkWriteException
	if !errors.As(err, &bulkErr) || bulkErr.WriteConcernError != nil {
		return nil, err
	}
	places := map[int]bool{}
	for _, w := range bulkErr.WriteErrors {
		if w.Code != codeDuplicateKey {
			return nil, err
		}
		places[w.Index] = true
	}
	return places, nil
}

// split parts the stored documents from the duplicates.
func (b *bulk[D]) split(dup map[int]bool) (changes []change[D], ids []string) {
	for i, id := range b.ids {
		if dup[i] {
			ids = append(ids, id)
		} else {
			changes = append(changes, change[D]{id, &b.stored[i]})
		}
	}
	return changes, ids
}
