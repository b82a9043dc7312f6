package ledger_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/index"
	"passerelle/internal/ledger"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

var (
	day      = time.Date(2026, 11, 3, 8, 0, 0, 0, time.UTC)
	official = account.Actor{Account: "acc_o", Role: account.Official}
)

// ring gives a ledger the keys of a real key ring.
type ring struct{ *auth.Keyring }

func (k ring) Sign(ctx context.Context, m []byte) (string, []byte, error) {
	return k.Keyring.Sign(ctx, auth.Checkpoint, m)
}

func (k ring) PublicKey(kid string) (ed25519.PublicKey, bool) {
	return k.Verifier(auth.Checkpoint, kid)
}

func (k ring) Secret(ctx context.Context) (string, []byte, error) {
	return k.Keyring.Secret(ctx, auth.Subject)
}

func (k ring) SecretOf(kid string) ([]byte, bool) { return k.Keyring.SecretOf(auth.Subject, kid) }

// world is agencies with outboxes over a real store, and what carries them.
type world struct {
	t        testing.TB
	db       *store.DB
	index    *index.Index
	agencies *store.AgencyStore
	store    *store.AuditStore
	keys     ring
	ids      atomic.Int64
	offset   atomic.Int64 // of the clock, in nanoseconds
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, db: storetest.Open(t)}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		t.Fatal(err)
	}
	master, err := auth.NewMaster(secret, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if w.keys.Keyring, err = auth.OpenKeyring(t.Context(), w.db.Keys(), master, rand.Reader, w.now); err != nil {
		t.Fatal(err)
	}
	w.index = index.New(index.Options{Now: w.now})
	w.agencies = store.NewAgencyStore(w.db, w.index.PutAgency)
	w.store = store.NewAuditStore(w.db)
	return w
}

func (w *world) now() time.Time { return day.Add(time.Duration(w.offset.Load())) }

func (w *world) newID(prefix string) string { return prefix + ulid.Make().String() }

// act makes an agency and changes it, which leaves n entries in its outbox.
func (w *world) act(n int) agency.ID {
	w.t.Helper()
	id := agency.ID(fmt.Sprintf("agy_%04d", w.ids.Add(1)))
	a := &agency.Agency{ID: id, Rev: 1, State: agency.Applied, Facts: agency.Facts{Name: "Sahel", Country: "ML"}}
	w.note(a, "agency.create")
	if err := w.agencies.Insert(w.t.Context(), a); err != nil {
		w.t.Fatal(err)
	}
	for range n - 1 {
		w.change(id, "agency.update")
	}
	return id
}

func (w *world) note(a *agency.Agency, action string) {
	a.Pending.Add(audit.Entry{At: w.now(), Actor: "acc_a", Role: "agency", Action: action, Subject: string(a.ID), Rev: a.Rev, Fields: []string{"name"}})
}

func (w *world) change(id agency.ID, action string) {
	w.t.Helper()
	_, err := w.agencies.Update(w.t.Context(), id, func(a *agency.Agency) error {
		a.Rev++
		a.Facts.Name += "x"
		w.note(a, action)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// carrier is one process: its own ledger over the store that s is, or that s
// stands before.
func (w *world) carrier(s *faulty) *ledger.Carrier {
	log := ledger.New(ledger.Deps{Store: s, Keys: w.keys, Random: rand.Reader, Now: w.now})
	return &ledger.Carrier{
		Ledger: log, Inbox: s, Outboxes: map[string]ledger.Outbox{"agency": box{w.agencies, s}},
		Waiting: func() []ledger.Waiting {
			var waiting []ledger.Waiting
			for _, p := range w.index.PendingSubjects() {
				waiting = append(waiting, ledger.Waiting{Noun: string(p.Noun), ID: p.ID})
			}
			return waiting
		},
	}
}

func (w *world) sound() *faulty { return &faulty{AuditStore: w.store} }

// carry carries everything and gives the ledger.
func (w *world) carry() *ledger.Ledger {
	w.t.Helper()
	c := w.carrier(w.sound())
	if err := c.Carry(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return c.Ledger
}

func (w *world) recorder() *ledger.Recorder {
	return &ledger.Recorder{Inbox: w.store, Now: w.now, NewID: w.newID}
}

// verify wants a log of n entries with nothing wrong and nothing waiting.
func (w *world) verify(n int64) {
	w.t.Helper()
	c := w.carrier(w.sound())
	waiting, err := c.Uncarried(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	report, err := c.Ledger.Verify(w.t.Context(), nil, waiting)
	if err != nil || report.Finding != nil || report.Entries != n || report.Uncarried != 0 {
		w.t.Errorf("%+v, finding %v, %v; want %d entries", report, report.Finding, err, n)
	}
}

var errDead = fault.New(fault.Unavailable, "test.dead")

// faulty is a store whose process dies at its n-th write: before it, after it,
// or, where a write takes several documents, half-way.
type faulty struct {
	*store.AuditStore
	mu     sync.Mutex
	at     int // 0 = never
	mode   string
	writes int
	dead   bool
}

// write does one write, or dies.
func (f *faulty) write(n int, do func(n int) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		return errDead
	}
	f.writes++
	if f.writes != f.at {
		return do(n)
	}
	f.dead = true
	switch f.mode {
	case "after":
		return errors.Join(errDead, do(n))
	case "half":
		return errors.Join(errDead, do(n/2))
	}
	return errDead
}

func (f *faulty) InsertLeaves(ctx context.Context, leaves []audit.Leaf) (existing []string, err error) {
	err = f.write(len(leaves), func(n int) (err error) {
		existing, err = f.AuditStore.InsertLeaves(ctx, leaves[:n])
		return err
	})
	return existing, err
}

func (f *faulty) InsertNodes(ctx context.Context, nodes []audit.Node) error {
	return f.write(len(nodes), func(n int) error { return f.AuditStore.InsertNodes(ctx, nodes[:n]) })
}

func (f *faulty) InsertSubjectKeys(ctx context.Context, keys []audit.SubjectKey) (existing []string, err error) {
	err = f.write(len(keys), func(n int) (err error) {
		existing, err = f.AuditStore.InsertSubjectKeys(ctx, keys[:n])
		return err
	})
	return existing, err
}

func (f *faulty) DeleteEvent(ctx context.Context, id string) error {
	return f.write(1, func(int) error { return f.AuditStore.DeleteEvent(ctx, id) })
}

// box is the outbox of agencies in a process that may die.
type box struct {
	*store.AgencyStore
	f *faulty
}

func (b box) DropPending(ctx context.Context, id string, entries []string) error {
	return b.f.write(1, func(int) error { return b.AgencyStore.DropPending(ctx, id, entries) })
}

// contentDigest is a digest that no stored document has.
func contentDigest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
