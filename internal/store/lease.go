package store

import (
	"context"
	"time"

	"passerelle/internal/domain/fault"
)

// leaseDoc is one lease; its _id is the name of the job, its Rev counts the
// holders.
type leaseDoc struct {
	Header    `bson:",inline"`
	Holder    string    `bson:"holder"`
	ExpiresAt time.Time `bson:"expiresAt"`
}

// Lease is the right to run a job until it expires.
type Lease struct {
	Name      string    // the job
	Holder    string    // who runs it
	ExpiresAt time.Time // UTC
	// Term grows with every change of holder, so that work of an earlier one
	// can be told from that of a later one.
	Term int64
}

// Leases let one process at a time run a job.
type Leases struct {
	leases *collection[leaseDoc]
	now    func() time.Time
}

// Leases gives access to the leases.
func (db *DB) Leases() *Leases {
	return &Leases{leases: newCollection[leaseDoc](db, nameLease), now: db.opts.Now}
}

// Acquire takes the lease of that name for the holder, takes it over when it
// has expired, or prolongs the holder's own. It fails with fault.Conflict,
// code "store.leased", while another holds it.
func (l *Leases) Acquire(ctx context.Context, name, holder string, ttl time.Duration) (Lease, error) {
	doc := leaseDoc{Holder: holder, ExpiresAt: l.now().Add(ttl)}
	doc.ID, doc.Rev = name, 1
	stored, err := l.leases.insert(ctx, doc)
	if err == nil {
		return leaseOf(stored), nil
	}
	if !fault.Is(err, fault.Conflict) {
		return Lease{}, err
	}
	stored, err = l.leases.update(ctx, name, func(have leaseDoc) (leaseDoc, error) {
		return l.takeOver(have, holder, ttl)
	})
	if fault.Is(err, fault.NotFound) || isStale(err) { // released or taken meanwhile
		return Lease{}, fault.New(fault.Conflict, "store.leased")
	}
	if err != nil {
		return Lease{}, err
	}
	return leaseOf(stored), nil
}

// takeOver makes the next state of a lease that exists.
func (l *Leases) takeOver(have leaseDoc, holder string, ttl time.Duration) (leaseDoc, error) {
	now := l.now()
	switch {
	case have.Holder == holder && have.ExpiresAt.After(now):
		// the holder's own: the term goes on
	case have.ExpiresAt.After(now):
		return have, fault.New(fault.Conflict, "store.leased")
	default:
		have.Holder = holder
		have.Rev++
	}
	have.ExpiresAt = now.Add(ttl)
	return have, nil
}

// Release ends the holder's lease. A lease that is gone or another's is left
// as it is, and is no error. The document stays, so that terms go on counting.
func (l *Leases) Release(ctx context.Context, name, holder string) error {
	_, err := l.leases.update(ctx, name, func(have leaseDoc) (leaseDoc, error) {
		if have.Holder != holder {
			return have, errUnchanged
		}
		have.ExpiresAt = time.Unix(0, 0)
		return have, nil
	})
	if fault.Is(err, fault.NotFound) || isStale(err) {
		return nil
	}
	return err
}

func leaseOf(d leaseDoc) Lease {
	return Lease{Name: d.ID, Holder: d.Holder, ExpiresAt: d.ExpiresAt, Term: d.Rev}
}

// isStale reports that another process changed the document first.
func isStale(err error) bool {
	f := fault.Of(err)
	return f != nil && f.Code == "store.stale"
}
