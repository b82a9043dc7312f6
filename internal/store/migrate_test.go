package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"passerelle/internal/domain/fault"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// covers RL-10
func TestFirstMigrationCreatesCollections(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		names := must[[]string](t)(db.Collections(t.Context()))
		for _, want := range append(store.FirstNames(), "migration") {
			if !slices.Contains(names, want) {
				t.Errorf("collection %s is missing", want)
			}
		}
		if pending := must[[]store.Migration](t)(db.PendingMigrations(t.Context())); len(pending) != 0 {
			t.Errorf("still pending: %v", pending)
		}
		if again := must[[]store.Migration](t)(db.Migrate(t.Context())); len(again) != 0 {
			t.Errorf("run again: %v", again)
		}
	})
}

// covers RL-10
func TestDryRunChangesNothing(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		ran := 0
		store.AddMigration(db, "second", func(context.Context, *store.DB) error { ran++; return nil })
		for range 2 {
			pending := must[[]store.Migration](t)(db.PendingMigrations(t.Context()))
			if len(pending) != 1 || pending[0] != (store.Migration{Number: store.Migrations() + 1, Name: "second"}) {
				t.Errorf("pending: %v", pending)
			}
		}
		if ran != 0 {
			t.Error("the dry run ran it")
		}
	})
}

// covers RL-10
func TestCutMigrationGoesOn(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		var order []string
		killed := errors.New("killed")
		cut := true
		store.AddMigration(db, "second", func(context.Context, *store.DB) error {
			order = append(order, "second")
			if cut {
				cut = false
				return killed
			}
			return nil
		})
		store.AddMigration(db, "third", func(context.Context, *store.DB) error { order = append(order, "third"); return nil })
		if done, err := db.Migrate(t.Context()); !errors.Is(err, killed) || len(done) != 0 {
			t.Errorf("got %v, %v", done, err)
		}
		pending := must[[]store.Migration](t)(db.PendingMigrations(t.Context()))
		if len(pending) != 2 || !pending[0].Begun || pending[1].Begun {
			t.Errorf("pending: %v", pending)
		}
		if done := must[[]store.Migration](t)(db.Migrate(t.Context())); len(done) != 2 {
			t.Errorf("done: %v", done)
		}
		if !slices.Equal(order, []string{"second", "second", "third"}) {
			t.Errorf("ran %v", order)
		}
	})
}

// covers RL-10
func TestOlderProgramRefusesNewerData(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	newer := must[*store.DB](t)(store.Open(ctx, store.Options{Dir: dir}))
	store.AddMigration(newer, "from the future", func(context.Context, *store.DB) error { return nil })
	_, err := newer.Migrate(ctx)
	if err = errors.Join(err, newer.Close()); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(ctx, store.Options{Dir: dir})
	wantFault(t, err, fault.Conflict, "store.schema_newer")
	// It must have let go of the directory: the newer program still opens it.
	_, err = store.Open(ctx, store.Options{Dir: dir})
	wantFault(t, err, fault.Conflict, "store.schema_newer")
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	storetest.OpenEmbedded(t, storetest.Dir(dir))
	_, err := store.Open(t.Context(), store.Options{Dir: dir})
	wantFault(t, err, fault.Conflict, "store.locked")
}

func TestDataSurvivesReopening(t *testing.T) {
	dir := t.TempDir()
	var want store.Doc
	t.Run("write", func(t *testing.T) {
		docs := store.NewDocs(storetest.OpenEmbedded(t, storetest.Dir(dir)))
		must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
		want = must[store.Doc](t)(docs.Update(t.Context(), "doc_a", increment))
	})
	t.Run("read", func(t *testing.T) {
		docs := store.NewDocs(storetest.OpenEmbedded(t, storetest.Dir(dir)))
		if got := must[store.Doc](t)(docs.Get(t.Context(), "doc_a")); got.Seq != want.Seq || got.Number != 1 {
			t.Errorf("got %v", got)
		}
	})
}
