package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"passerelle/internal/domain/fault"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// together runs fn n times at once and waits.
func together(n int, fn func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			fn(i)
		})
	}
	close(start)
	wg.Wait()
}

// covers RL-03, RL-13
func TestOfTenWritersOneWins(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		known := must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
		for round := range 50 {
			var wins, losses atomic.Int64
			together(10, func(i int) {
				next := known
				next.Number = int64(round*10 + i)
				switch _, err := docs.Replace(t.Context(), next); {
				case err == nil:
					wins.Add(1)
				case fault.Is(err, fault.Conflict):
					losses.Add(1)
				default:
					t.Errorf("round %d: %v", round, err)
				}
			})
			if wins.Load() != 1 || losses.Load() != 9 {
				t.Fatalf("round %d: %d winners, %d losers", round, wins.Load(), losses.Load())
			}
			known = must[store.Doc](t)(docs.Get(t.Context(), "doc_a"))
			if known.Seq != int64(round+2) {
				t.Fatalf("round %d: seq %d", round, known.Seq)
			}
		}
	})
}

func TestOfTenInsertsOneWins(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		for round := range 50 {
			var wins atomic.Int64
			together(10, func(int) {
				_, err := docs.Insert(t.Context(), doc(fmt.Sprintf("doc_%d", round)))
				if err == nil {
					wins.Add(1)
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
			if wins.Load() != 1 {
				t.Fatalf("round %d: %d winners", round, wins.Load())
			}
		}
	})
}

func TestFiveHundredIncrements(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
		var seqs []int64 // without a lock of its own: the id lock must be enough
		docs.Observe(func(_ string, d *store.Doc) { seqs = append(seqs, d.Seq) })
		together(500, func(int) {
			if _, err := docs.Update(t.Context(), "doc_a", increment); err != nil {
				t.Error(err)
			}
		})
		if got := must[store.Doc](t)(docs.Get(t.Context(), "doc_a")); got.Number != 500 || got.Seq != 501 {
			t.Errorf("number %d, seq %d", got.Number, got.Seq)
		}
		for i, seq := range seqs {
			if seq != int64(i+2) {
				t.Fatalf("observer told of seq %d at place %d", seq, i)
			}
		}
		if len(seqs) != 500 {
			t.Errorf("observer told %d times", len(seqs))
		}
	})
}

func increment(d store.Doc) (store.Doc, error) {
	d.Number++
	return d, nil
}

// mirror is an index of the simplest kind: what the observer was last told.
type mirror struct {
	mu   sync.Mutex
	docs map[string]store.Doc
}

func mirrorOf(docs *store.Docs) *mirror {
	m := &mirror{docs: map[string]store.Doc{}}
	docs.Observe(func(id string, d *store.Doc) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if d == nil {
			delete(m.docs, id)
		} else {
			m.docs[id] = *d
		}
	})
	return m
}

// equals fails the test unless the mirror holds exactly what the store does.
func (m *mirror) equals(t *testing.T, docs *store.Docs) {
	t.Helper()
	stored := map[string]store.Doc{}
	err := docs.Load(context.WithoutCancel(t.Context()), func(d store.Doc) error { stored[d.ID] = d; return nil })
	if err != nil {
		t.Fatal(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if d := cmp.Diff(stored, m.docs); d != "" {
		t.Errorf("store (-) and observer (+) differ:\n%s", d)
	}
}

func TestThousandWritesSomeCancelled(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		m := mirrorOf(docs)
		const kinds = 20
		var acknowledged, tried [kinds]atomic.Int64
		for i := range kinds {
			must[store.Doc](t)(docs.Insert(t.Context(), doc(fmt.Sprintf("doc_%02d", i))))
		}
		together(20, func(worker int) {
			for range 50 {
				ctx, cancel := context.WithCancel(t.Context())
				if rand.IntN(10) < 3 {
					time.AfterFunc(time.Duration(rand.IntN(30_000))*time.Microsecond, cancel)
				}
				k := rand.IntN(kinds)
				tried[k].Add(1)
				if _, err := docs.Update(ctx, fmt.Sprintf("doc_%02d", k), increment); err == nil {
					acknowledged[k].Add(1)
				} else if !fault.Is(err, fault.Unavailable) {
					t.Error(err)
				}
				cancel()
			}
		})
		m.equals(t, docs)
		var all, lost int64
		for k := range kinds {
			got := must[store.Doc](t)(docs.Get(t.Context(), fmt.Sprintf("doc_%02d", k)))
			if got.Number < acknowledged[k].Load() || got.Number > tried[k].Load() {
				t.Errorf("%s: %d, acknowledged %d of %d", got.ID, got.Number, acknowledged[k].Load(), tried[k].Load())
			}
			all, lost = all+tried[k].Load(), lost+tried[k].Load()-acknowledged[k].Load()
		}
		t.Logf("%d writes, %d cancelled before they held the lock", all, lost)
	})
}

// TestRawIncrementsLoseUpdates is why all writes of the embedded engine go
// through one connection under a lock: its updates read and write in two
// statements, so those of several connections overwrite each other without an
// error. How many are lost depends on the machine and is only reported; that
// the kernel loses none is asserted.
func TestRawIncrementsLoseUpdates(t *testing.T) {
	db := storetest.OpenEmbedded(t)
	docs := store.NewDocs(db)
	must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_kernel")))
	must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_raw")))
	if err := store.Ensure(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	raw := rawCollection(t, db)
	together(500, func(int) {
		if _, err := docs.Update(t.Context(), "doc_kernel", increment); err != nil {
			t.Error(err)
		}
	})
	together(500, func(int) {
		_, err := raw.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "doc_raw"}}, bson.D{{Key: "$inc", Value: bson.D{{Key: "number", Value: int64(1)}}}})
		if err != nil {
			t.Error(err)
		}
	})
	kernel := must[store.Doc](t)(docs.Get(t.Context(), "doc_kernel"))
	loose := must[store.Doc](t)(docs.Get(t.Context(), "doc_raw"))
	if kernel.Number != 500 {
		t.Errorf("the kernel counted %d of 500", kernel.Number)
	}
	t.Logf("500 raw $inc over several connections, none with an error, left %d", loose.Number)
}

// rawCollection is the contract's collection through a client of the test's
// own, as no code of the product may use it.
func rawCollection(t *testing.T, db *store.DB) *mongo.Collection {
	t.Helper()
	uri, name := store.Address(db)
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetMaxPoolSize(16).SetRetryWrites(false))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Disconnect(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return client.Database(name).Collection(store.TestName)
}
