package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/jobs"
	"passerelle/internal/store"
)

// TestAD03CarryingSurvivesDeathAtEveryWrite kills the carrying process before,
// after and in the middle of each of its writes in turn; the next process
// brings every entry to the log exactly once.
func TestAD03CarryingSurvivesDeathAtEveryWrite(t *testing.T) {
	w := newWorld(t)
	total, deaths := int64(0), 0
	for _, mode := range []string{"before", "after", "half"} {
		for at := 1; ; at++ {
			for range 3 {
				w.act(2)
			}
			for i := range 2 {
				record(t, w, fmt.Sprint("auth.login", i))
			}
			total += 8
			dying := &faulty{AuditStore: w.store, at: at, mode: mode}
			err := w.carrier(dying).Carry(t.Context())
			if dying.dead && !errors.Is(err, errDead) || !dying.dead && err != nil {
				t.Fatalf("%s write %d: %v", mode, at, err)
			}
			head, err := w.carry().Head(t.Context())
			if err != nil || head.Size != total || len(w.index.PendingSubjects()) != 0 {
				t.Fatalf("%s write %d: %d entries of %d, %v waits, %v", mode, at, head.Size, total, w.index.PendingSubjects(), err)
			}
			if !dying.dead {
				break
			}
			deaths++
		}
	}
	w.verify(total)
	if deaths < 3*8 {
		t.Errorf("only %d deaths: the test does not reach every write", deaths)
	}
	t.Logf("%d deaths, %d entries", deaths, total)
}

func record(t *testing.T, w *world, action string) {
	t.Helper()
	if err := w.recorder().Record(t.Context(), audit.Entry{Actor: "acc_a", Role: "agency", Action: action, Subject: "acc_a"}); err != nil {
		t.Fatal(err)
	}
}

// TestTwoCarriersAtOnce lets several ledgers append the same entries without
// any lease: positions have one winner, and no entry gets two.
func TestTwoCarriersAtOnce(t *testing.T) {
	w := newWorld(t)
	for range 40 {
		w.act(3)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := w.carrier(w.sound()).Carry(t.Context()); err != nil && !fault.Is(err, fault.Unavailable) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	w.carry()
	w.verify(120)
}

// leases adapts the store's leases to the runner.
type leases struct{ *store.Leases }

func (l leases) Acquire(ctx context.Context, name, holder string, ttl time.Duration) error {
	_, err := l.Leases.Acquire(ctx, name, holder, ttl)
	return err
}

// TestTwoRunners has two processes run the job whenever they can, while
// documents go on changing.
func TestTwoRunners(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for _, holder := range []string{"run_a", "run_b"} {
		c := w.carrier(w.sound())
		runner := jobs.New(leases{w.db.Leases()}, holder, slog.New(slog.DiscardHandler), jobs.Job{Name: "carry-audit", Run: c.Carry})
		group.Go(func() {
			for ctx.Err() == nil {
				if err := runner.RunOnce(t.Context(), "carry-audit"); err != nil && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			}
		})
	}
	for range 30 {
		w.act(4)
	}
	stop()
	group.Wait()
	w.carry()
	w.verify(120)
}

// TestAD03EntryAndActionAreOne: a change that does not happen leaves no entry,
// and one that happens cannot be without; carrying changes no revision.
func TestAD03EntryAndActionAreOne(t *testing.T) {
	w := newWorld(t)
	id := w.act(1)
	refused := errors.New("refused")
	_, err := w.agencies.Update(t.Context(), id, func(a *agency.Agency) error {
		a.Rev++
		w.note(a, "agency.vet")
		return refused
	})
	waiting, readErr := w.agencies.ReadPending(t.Context(), string(id))
	if !errors.Is(err, refused) || readErr != nil || len(waiting) != 1 {
		t.Fatalf("a refused change left %v (%v, %v)", waiting, err, readErr)
	}
	w.change(id, "agency.update")
	before, err := w.agencies.Get(t.Context(), id)
	if err != nil || len(before.Pending) != 2 {
		t.Fatalf("%v, %v", before.Pending, err)
	}
	w.carry()
	after, err := w.agencies.Get(t.Context(), id)
	if err != nil || after.Rev != before.Rev || len(after.Pending) != 0 || after.Facts.Name != before.Facts.Name {
		t.Errorf("after carrying: %+v, %v", after, err)
	}
}

// TestAnEntryThatIsAnotherStays: an id that is taken by another entry is told,
// and the rest is carried.
func TestAnEntryThatIsAnotherStays(t *testing.T) {
	w := newWorld(t)
	id := w.act(2)
	waiting, err := w.agencies.ReadPending(t.Context(), string(id))
	if err != nil {
		t.Fatal(err)
	}
	forged := audit.Leaf{Entry: waiting[0]}
	forged.Actor = "acc_somebody"
	if _, err := w.store.InsertLeaves(t.Context(), []audit.Leaf{forged}); err != nil {
		t.Fatal(err)
	}
	c := w.carrier(w.sound())
	if err := c.Carry(t.Context()); fault.Of(err) == nil || fault.Of(err).Code != "audit.entry.differs" {
		t.Errorf("carried: %v", err)
	}
	left, err := w.agencies.ReadPending(t.Context(), string(id))
	if err != nil || len(left) != 1 || left[0].ID != waiting[0].ID || c.Ledger.Size() != 1 {
		t.Errorf("left %v, %d in the log, %v", left, c.Ledger.Size(), err)
	}
}

// TestAD01RefusalsAreCounted: alike refusals become one entry with a count.
func TestAD01RefusalsAreCounted(t *testing.T) {
	w := newWorld(t)
	r := newRefusals(w)
	for i := range 5000 {
		r.Note(audit.Entry{Actor: "acc_a", Role: "agency", Subject: "offer.publish", Reason: "auth.forbidden", Origin: audit.OriginOf("203.0.113.9")})
		if i == 0 {
			flush(t, r)
		}
	}
	flush(t, r)
	for i := range 3000 { // somebody with many faces
		r.Note(audit.Entry{Subject: "offer.create", Reason: "auth.required", Origin: audit.OriginOf(fmt.Sprintf("10.%d.%d.1", i/250, i%250))})
	}
	w.offset.Add(int64(11 * time.Minute))
	flush(t, r)
	r.Note(audit.Entry{Actor: "acc_a", Reason: "auth.forbidden"})
	r.Note(audit.Entry{Actor: "acc_a", Reason: "auth.forbidden"})
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	log := w.carry()
	found, err := log.Entries(t.Context(), official, audit.Query{Actor: "acc_a", Action: "access"}, listing.Page{})
	if err != nil || found.Total != 2 || found.Items[1].Count != 1 || found.Items[0].Count != 4999 || found.Items[0].Origin != "203.0.113.0/24" {
		t.Errorf("%+v, %v", found, err)
	}
	if log.Size() > 2+2001 {
		t.Errorf("%d entries", log.Size())
	}
	w.verify(log.Size())
}
