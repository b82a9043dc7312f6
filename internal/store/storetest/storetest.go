// Package storetest opens stores for tests: the embedded engine in a directory
// of the test's own, or MongoDB when MONGODB_URI is set.
//
// The contract that every store keeps is tested beside the kernel, in package
// store, and runs over what Engines gives.
package storetest

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"passerelle/internal/store"
)

// uriVariable names the MongoDB that tests may use besides the embedded engine.
const uriVariable = "MONGODB_URI"

// patience is how long an operation may take in a test: the machine may be
// busy, and no test asserts a time.
const patience = time.Minute

// Option changes how a store is opened.
type Option func(*store.Options)

// Dir opens the embedded engine in that data directory, to come back to it.
func Dir(dir string) Option { return func(o *store.Options) { o.Dir = dir } }

// Clock sets the clock of claims and leases.
func Clock(now func() time.Time) Option { return func(o *store.Options) { o.Now = now } }

// OpTimeout sets how long a caller waits for one operation.
func OpTimeout(d time.Duration) Option { return func(o *store.Options) { o.OpTimeout = d } }

// Open gives a migrated, empty store that is closed when the test ends: on
// MongoDB when MONGODB_URI is set, in a database of the test's own that is
// dropped afterwards, else on a new embedded engine.
func Open(t testing.TB, opts ...Option) *store.DB {
	t.Helper()
	if uri := os.Getenv(uriVariable); uri != "" {
		return OpenMongo(t, uri, opts...)
	}
	return OpenEmbedded(t, opts...)
}

// OpenEmbedded opens a store on an embedded engine of its own.
func OpenEmbedded(t testing.TB, opts ...Option) *store.DB {
	t.Helper()
	o := store.Options{Dir: t.TempDir(), NoSync: true}
	return open(t, o, opts)
}

// OpenMongo opens a store on the MongoDB at that address.
func OpenMongo(t testing.TB, uri string, opts ...Option) *store.DB {
	t.Helper()
	o := store.Options{URI: uri, Database: databaseName(t)}
	drop(t, o)
	t.Cleanup(func() { drop(t, o) })
	return open(t, o, opts)
}

// URI is the address of the MongoDB that tests may use; empty without one.
func URI() string { return os.Getenv(uriVariable) }

// OpenEmpty opens a database of the test's own at that address as a restore
// finds it: empty, without migrations.
func OpenEmpty(t testing.TB, uri string) *store.DB {
	t.Helper()
	o := store.Options{URI: uri, Database: databaseName(t), Restoring: true, OpTimeout: patience,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
	drop(t, o)
	t.Cleanup(func() { drop(t, o) })
	db, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return db
}

// Engines runs the test on the embedded engine always, and on MongoDB when
// MONGODB_URI is set.
func Engines(t *testing.T, test func(t *testing.T, db *store.DB), opts ...Option) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { test(t, OpenEmbedded(t, opts...)) })
	t.Run("mongodb", func(t *testing.T) {
		uri := os.Getenv(uriVariable)
		if uri == "" {
			t.Skip(uriVariable + " is not set")
		}
		test(t, OpenMongo(t, uri, opts...))
	})
}

func open(t testing.TB, o store.Options, opts []Option) *store.DB {
	t.Helper()
	o.OpTimeout = patience
	o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	for _, opt := range opts {
		opt(&o)
	}
	db, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	if _, err := db.Migrate(context.Background()); err != nil {
		t.Fatalf("migrate the store: %v", err)
	}
	return db
}

// databaseName makes a short name from the test's; a name may hold 63 bytes.
func databaseName(t testing.TB) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(t.Name())) // never fails, by its contract
	return fmt.Sprintf("passerelle_test_%016x", h.Sum64())
}

// drop removes the test's database.
func drop(t testing.TB, o store.Options) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(o.URI))
	if err != nil {
		t.Fatalf("connect to %s: %v", uriVariable, err)
	}
	if err := client.Database(o.Database).Drop(ctx); err != nil {
		t.Errorf("drop the test database: %v", err)
	}
	if err := client.Disconnect(ctx); err != nil {
		t.Errorf("disconnect: %v", err)
	}
}
