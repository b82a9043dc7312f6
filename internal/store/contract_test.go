package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"passerelle/internal/domain/fault"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// on runs a contract test on every engine with an empty collection.
func on(t *testing.T, test func(t *testing.T, db *store.DB, docs *store.Docs)) {
	t.Helper()
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		if err := store.Ensure(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		test(t, db, store.NewDocs(db))
		if n := store.Held(db); n != 0 {
			t.Errorf("%d id locks are still held", n)
		}
	})
}

func doc(id string) store.Doc {
	return store.Doc{Header: store.Header{ID: id, Rev: 1}}
}

// wantFault fails the test unless err has that kind and code.
func wantFault(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != kind || f.Code != code {
		t.Fatalf("got %v, want %s %s", err, kind, code)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestDuplicateIsConflict(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		first := must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
		second := doc("doc_a")
		second.Text = "other"
		_, err := docs.Insert(t.Context(), second)
		wantFault(t, err, fault.Conflict, "store.duplicate")
		if got := must[store.Doc](t)(docs.Get(t.Context(), "doc_a")); !cmp.Equal(got, first) {
			t.Errorf("the first document was changed: %s", cmp.Diff(first, got))
		}
	})
}

func TestAbsentIsNotFound(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		for _, id := range []string{"doc_none", "", "\x00", "\xff", "'; --", "$._id"} {
			_, err := docs.Get(t.Context(), id)
			wantFault(t, err, fault.NotFound, "store.not_found")
		}
		_, err := docs.Replace(t.Context(), doc("doc_none"))
		wantFault(t, err, fault.NotFound, "store.not_found")
		wantFault(t, docs.Delete(t.Context(), "doc_none"), fault.NotFound, "store.not_found")
		_, err = docs.Update(t.Context(), "doc_none", func(d store.Doc) (store.Doc, error) {
			t.Error("called for a document that is not there")
			return d, nil
		})
		wantFault(t, err, fault.NotFound, "store.not_found")
		_, err = docs.Insert(t.Context(), doc(""))
		wantFault(t, err, fault.Invalid, "store.id")
	})
}

func TestReplaceAtKnownSeq(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		first := must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
		next := first
		next.Text, next.Rev = "second", 2
		second := must[store.Doc](t)(docs.Replace(t.Context(), next))
		if first.Seq != 1 || second.Seq != 2 || second.Rev != 2 {
			t.Errorf("seq %d then %d, rev %d", first.Seq, second.Seq, second.Rev)
		}
		_, err := docs.Replace(t.Context(), next)
		wantFault(t, err, fault.Conflict, "store.stale")
		if got := must[store.Doc](t)(docs.Get(t.Context(), "doc_a")); !cmp.Equal(got, second) {
			t.Errorf("not as stored: %s", cmp.Diff(second, got))
		}
	})
}

func TestUpdateThatFailsWritesNothing(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		first := must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
		docs.Observe(func(string, *store.Doc) { t.Error("observer called") })
		refused := errors.New("refused")
		_, err := docs.Update(t.Context(), "doc_a", func(d store.Doc) (store.Doc, error) { return d, refused })
		if !errors.Is(err, refused) {
			t.Errorf("got %v", err)
		}
		same := must[store.Doc](t)(docs.Update(t.Context(), "doc_a", func(d store.Doc) (store.Doc, error) { return d, store.ErrUnchanged }))
		_, err = docs.Update(t.Context(), "doc_a", func(d store.Doc) (store.Doc, error) { d.ID = "doc_b"; return d, nil })
		if err == nil {
			t.Error("a changed _id was accepted")
		}
		after := must[store.Doc](t)(docs.Get(t.Context(), "doc_a"))
		if !cmp.Equal(first, same) || !cmp.Equal(first, after) {
			t.Errorf("changed: %s", cmp.Diff(first, after))
		}
	})
}

func TestPanicOfUpdateFreesTheLock(t *testing.T) {
	on(t, func(t *testing.T, db *store.DB, docs *store.Docs) {
		must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_, _ = docs.Update(t.Context(), "doc_a", func(store.Doc) (store.Doc, error) { panic("defect") })
		}()
		if n := store.Held(db); n != 0 {
			t.Errorf("%d locks held", n)
		}
	})
}

func TestDeleteTellsTheObserver(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
		var gone []string
		docs.Observe(func(id string, d *store.Doc) {
			if d == nil {
				gone = append(gone, id)
			}
		})
		if err := docs.Delete(t.Context(), "doc_a"); err != nil {
			t.Fatal(err)
		}
		_, err := docs.Get(t.Context(), "doc_a")
		wantFault(t, err, fault.NotFound, "store.not_found")
		if !slices.Equal(gone, []string{"doc_a"}) {
			t.Errorf("observer told of %v", gone)
		}
		must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
	})
}

func TestInsertManyReportsDuplicates(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		var told []string
		docs.Observe(func(id string, d *store.Doc) { told = append(told, id) })
		var batch []store.Doc
		for i := range 450 {
			batch = append(batch, doc(fmt.Sprintf("doc_%03d", i)))
		}
		old := []string{"doc_007", "doc_199", "doc_200", "doc_449"}
		for _, id := range old {
			must[store.Doc](t)(docs.Insert(t.Context(), doc(id)))
		}
		batch = append(batch, doc("doc_100")) // twice in one call
		dup := must[[]string](t)(docs.InsertMany(t.Context(), batch))
		slices.Sort(dup)
		if want := []string{"doc_007", "doc_100", "doc_199", "doc_200", "doc_449"}; !slices.Equal(dup, want) {
			t.Errorf("duplicates %v, want %v", dup, want)
		}
		slices.Sort(told)
		if len(told) != 450 || len(slices.Compact(told)) != 450 {
			t.Errorf("observer told %d times", len(told))
		}
		again := must[[]string](t)(docs.InsertMany(t.Context(), batch[:450]))
		if len(again) != 450 || count(t, docs) != 450 {
			t.Errorf("again: %d duplicates, %d documents", len(again), count(t, docs))
		}
		if none := must[[]string](t)(docs.InsertMany(t.Context(), nil)); none != nil {
			t.Errorf("nothing inserted, duplicates %v", none)
		}
	})
}

func TestLoadStopsAtAnError(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		var batch []store.Doc
		for i := range 1203 {
			batch = append(batch, doc(fmt.Sprintf("doc_%04d", i)))
		}
		must[[]string](t)(docs.InsertMany(t.Context(), batch))
		if n := count(t, docs); n != 1203 {
			t.Errorf("loaded %d", n)
		}
		enough, n := errors.New("enough"), 0
		err := docs.Load(t.Context(), func(store.Doc) error {
			if n++; n == 700 {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) || n != 700 {
			t.Errorf("got %v after %d", err, n)
		}
	})
}

func TestCancelledWhileWaitingChangesNothing(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		first := must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
		release := must[func()](t)(docs.Hold(t.Context(), "doc_a"))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			_, err := docs.Update(ctx, "doc_a", func(d store.Doc) (store.Doc, error) { d.Number = 9; return d, nil })
			done <- err
		}()
		cancel()
		err := <-done
		release()
		wantFault(t, err, fault.Unavailable, "store.unavailable")
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cause lost: %v", err)
		}
		if got := must[store.Doc](t)(docs.Get(t.Context(), "doc_a")); !cmp.Equal(first, got) {
			t.Errorf("changed: %s", cmp.Diff(first, got))
		}
	})
}

func TestCancelledWhileHoldingChangesAll(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
		for i := range 50 {
			ctx, cancel := context.WithCancel(t.Context())
			got, err := docs.Update(ctx, "doc_a", func(d store.Doc) (store.Doc, error) {
				cancel()
				return increment(d)
			})
			if err != nil || got.Number != int64(i)+1 {
				t.Fatalf("number %d after %d writes, %v", got.Number, i+1, err)
			}
		}
	})
}

func count(t *testing.T, docs *store.Docs) (n int) {
	t.Helper()
	if err := docs.Load(t.Context(), func(store.Doc) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}
