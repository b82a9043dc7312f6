package store

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"

	"passerelle/internal/domain/fault"
	"passerelle/internal/store/embedded"
)

// Limits of the kernel. Together they keep every answer under six seconds,
// whatever the database does.
const (
	defaultOpTimeout = 5 * time.Second
	connectTimeout   = 2 * time.Second
	selectTimeout    = 3 * time.Second
	pingTimeout      = 2 * time.Second
	closeTimeout     = 5 * time.Second
	// writeLimit is a write's own limit, once it holds the id lock.
	writeLimit = 10 * time.Second
	// retryAfter is what a caller of an unavailable store is told to wait.
	retryAfter = 2 * time.Second
)

// Options say where the data is and how long a caller may wait for it.
type Options struct {
	URI       string           // MongoDB address; empty = the embedded engine in Dir
	Database  string           // name of the database; empty = "passerelle"
	Dir       string           // data directory of the embedded engine
	Logger    *slog.Logger     // nil = slog.Default
	OpTimeout time.Duration    // longest wait for one operation; 0 = 5 s
	Now       func() time.Time // clock of claims and leases; nil = time.Now
	NoSync    bool             // see embedded.Options: for tests and throw-away data
	Restoring bool             // opens also what a restore has left half-made, see Fill
}

// DB is an open store. Its methods are safe for concurrent use.
type DB struct {
	opts       Options
	engine     *embedded.Engine // nil on MongoDB
	reads      *mongo.Client
	writes     *mongo.Client // on MongoDB the same client as reads
	locks      keyedLocks
	settler    *settler
	writing    sync.WaitGroup // writes that still hold an id lock
	migrations []migration
	writeLimit time.Duration
	cipher     Cipher // nil = personal texts are stored as they are
}

// Open connects to the store, starting the embedded engine when no address is
// given. It fails with fault.Unavailable when the database does not answer,
// with fault.Conflict when another process has the data directory
// ("store.locked") or a newer program has changed the data
// ("store.schema_newer") or a restore was cut short ("store.restoring").
// Migrate must be called before the first use.
func Open(ctx context.Context, opts Options) (*DB, error) {
	db := &DB{opts: opts.filled(), migrations: migrations(), writeLimit: writeLimit}
	if err := db.connect(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	db.settler = startSettler(db.opts.Logger)
	if err := db.Ping(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if _, err := db.PendingMigrations(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.refuseHalf(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// filled puts the defaults in.
func (o Options) filled() Options {
	if o.Database == "" {
		o.Database = embedded.DefaultDatabase
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.OpTimeout <= 0 {
		o.OpTimeout = defaultOpTimeout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// connect starts the engine if need be and makes the clients. On the embedded
// engine writes have a client of one connection, because updates through
// several lose writes; reads have their own, so that a long insert does not
// hold them up.
func (db *DB) connect(ctx context.Context) error {
	uri := db.opts.URI
	if uri == "" {
		engine, err := embedded.Start(ctx, embedded.Options{
			Dir: db.opts.Dir, Database: db.opts.Database, Logger: db.opts.Logger, NoSync: db.opts.NoSync})
		if err != nil {
			return err
		}
		db.engine, uri = engine, engine.URI()
	}
	var err error
	if db.reads, err = newClient(uri, db.Embedded(), readPool); err != nil {
		return err
	}
	db.writes = db.reads
	if db.Embedded() {
		db.writes, err = newClient(uri, true, 1)
	}
	return err
}

// Embedded reports whether the store is the embedded engine.
func (db *DB) Embedded() bool { return db.engine != nil }

// Ping asks the database for an answer; fault.Unavailable without one.
func (db *DB) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, min(pingTimeout, db.opts.OpTimeout))
	defer cancel()
	if err := db.reads.Ping(ctx, readpref.Primary()); err != nil {
		return unavailable(err)
	}
	return nil
}

// Unsettled counts the documents of which it is not known whether the last
// write was applied; the index may differ from the store on these.
func (db *DB) Unsettled() int { return db.settler.pending() }

// Close waits for writes under way, disconnects and stops the engine. Nothing
// may be called afterwards.
func (db *DB) Close() error {
	db.writing.Wait()
	if db.settler != nil {
		db.settler.stop()
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	var errs []error
	if db.writes != nil && db.writes != db.reads {
		errs = append(errs, db.writes.Disconnect(ctx))
	}
	if db.reads != nil {
		errs = append(errs, db.reads.Disconnect(ctx))
	}
	if db.engine != nil {
		errs = append(errs, db.engine.Close())
	}
	return errors.Join(errs...)
}

// unavailable is the answer to every failure that may pass.
func unavailable(cause error) *fault.Error {
	return fault.New(fault.Unavailable, "store.unavailable").Because(cause).After(retryAfter)
}
