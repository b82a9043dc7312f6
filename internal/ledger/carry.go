package ledger

import (
	"context"
	"errors"
	"slices"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// carryBatch is the number of documents whose entries are appended at a time.
const carryBatch = 200

// Outbox reaches the entries that wait in the documents of one kind.
type Outbox interface {
	// ReadPending gives what waits in a document; NotFound without one.
	ReadPending(ctx context.Context, id string) (audit.Log, error)
	// DropPending removes entries from a document and changes nothing else.
	DropPending(ctx context.Context, id string, entries []string) error
}

// Inbox keeps events that belong to no document until they are carried.
type Inbox interface {
	InsertEvent(ctx context.Context, id string, e audit.Entry) error
	LoadEvents(ctx context.Context, fn func(id string, waiting audit.Log) error) error
	DeleteEvent(ctx context.Context, id string) error
}

// Waiting is a document with a full outbox.
type Waiting struct {
	Noun string // key of Carrier.Outboxes
	ID   string
}

// Carrier brings waiting entries to the log. It may be cut off anywhere and
// run again, also by two at a time: an entry leaves its document only when it
// is in the log.
type Carrier struct {
	Ledger   *Ledger
	Waiting  func() []Waiting
	Outboxes map[string]Outbox
	Inbox    Inbox
}

// parcel is what waits in one place, and how it is removed from there.
type parcel struct {
	entries audit.Log
	drop    func(ctx context.Context, carried []string) error
}

// Carry brings everything that waits to the log. What cannot be carried stays
// where it is and is told; the rest goes on, unless the store is away.
func (c *Carrier) Carry(ctx context.Context) error {
	var failed error
	for batch := range slices.Chunk(c.Waiting(), carryBatch) {
		parcels, err := c.collect(ctx, batch)
		failed = errors.Join(failed, err, c.deliver(ctx, parcels))
		if fault.Is(failed, fault.Unavailable) || ctx.Err() != nil {
			return errors.Join(failed, ctx.Err())
		}
	}
	return errors.Join(failed, c.carryEvents(ctx))
}

// collect reads outboxes.
func (c *Carrier) collect(ctx context.Context, batch []Waiting) ([]parcel, error) {
	var parcels []parcel
	var failed error
	for _, w := range batch {
		box, ok := c.Outboxes[w.Noun]
		if !ok {
			failed = errors.Join(failed, errors.New("ledger: no outbox for "+w.Noun))
			continue
		}
		entries, err := box.ReadPending(ctx, w.ID)
		switch {
		case fault.Is(err, fault.NotFound):
		case err != nil:
			return parcels, errors.Join(failed, err)
		default:
			parcels = append(parcels, parcel{entries, func(ctx context.Context, carried []string) error {
				return box.DropPending(ctx, w.ID, carried)
			}})
		}
	}
	return parcels, failed
}

// deliver appends the entries in order of time and empties what they were in.
func (c *Carrier) deliver(ctx context.Context, parcels []parcel) error {
	var all audit.Log
	for _, p := range parcels {
		all = append(all, p.entries...)
	}
	slices.SortStableFunc(all, func(a, b audit.Entry) int { return a.At.Compare(b.At) })
	logged, failed := c.Ledger.Append(ctx, all)
	carried := map[string]bool{}
	for _, id := range logged {
		carried[id] = true
	}
	for _, p := range parcels {
		var ids []string
		for _, e := range p.entries {
			if carried[e.ID] {
				ids = append(ids, e.ID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		if err := p.drop(ctx, ids); err != nil && !fault.Is(err, fault.NotFound) {
			return errors.Join(failed, err)
		}
	}
	return failed
}

// carryEvents empties the inbox.
func (c *Carrier) carryEvents(ctx context.Context) error {
	var parcels []parcel
	err := c.Inbox.LoadEvents(ctx, func(id string, waiting audit.Log) error {
		parcels = append(parcels, parcel{waiting, func(ctx context.Context, _ []string) error { return c.Inbox.DeleteEvent(ctx, id) }})
		return nil
	})
	if err != nil {
		return err
	}
	var failed error
	for batch := range slices.Chunk(parcels, carryBatch) {
		failed = errors.Join(failed, c.deliver(ctx, batch))
		if fault.Is(failed, fault.Unavailable) || ctx.Err() != nil {
			return errors.Join(failed, ctx.Err())
		}
	}
	return failed
}

// Uncarried gives the ids of all entries that wait.
func (c *Carrier) Uncarried(ctx context.Context) (map[string]bool, error) {
	ids := map[string]bool{}
	note := func(_ string, waiting audit.Log) error {
		for _, e := range waiting {
			ids[e.ID] = true
		}
		return nil
	}
	parcels, err := c.collect(ctx, c.Waiting())
	if err != nil {
		return nil, err
	}
	for _, p := range parcels {
		if err := note("", p.entries); err != nil {
			return nil, err
		}
	}
	return ids, c.Inbox.LoadEvents(ctx, note)
}
