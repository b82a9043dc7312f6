// Package embedded starts, locks, tunes and stops the embedded
// MongoDB-compatible engine (FerretDB on SQLite) in a data directory.
//
// It is used when no MongoDB address is configured, so that one command runs
// everything. The engine listens on a Unix socket only, in a temporary
// directory that nobody else can enter, because it asks for no password. The
// data directory belongs to one process at a time, by a lock that the kernel
// drops when the process dies, however it dies.
//
// What the engine needs from its callers, measured and kept by the contract
// tests of package store: all writes through one connection, because
// concurrent updates through several lose writes without an error; no query
// but by _id on a hot path, because everything else reads the whole
// collection; and Tune after a collection is created, because without the
// index it adds a read by _id reads the whole collection as well.
package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// DefaultDatabase is the name of the database when Options names none.
const DefaultDatabase = "passerelle"

// stopLimit bounds how long Close waits for the engine; clients that are
// still connected are given three seconds by the engine itself.
const stopLimit = 10 * time.Second

// Options say where the engine keeps its data.
type Options struct {
	Dir      string       // data directory, created with mode 0700 when absent
	Database string       // name of the database; empty = DefaultDatabase
	Logger   *slog.Logger // receives the engine's errors; nil = slog.Default
	// NoSync leaves it to the operating system when written data reaches the
	// disk. Writes still survive the death of the process, but not a power
	// cut; it is meant for tests and throw-away demonstrations.
	NoSync bool
}

// Engine is a running embedded engine. Its methods are safe for concurrent use.
type Engine struct {
	uri    string
	file   string // SQLite file of the database
	query  string // connection parameters of that file
	lock   *dirLock
	socket string
	cancel context.CancelFunc
	done   chan struct{}
	once   sync.Once
	err    error
}

// Start locks the data directory, mends what a killed process left half-made,
// and runs the engine until Close. It fails with fault.Conflict
// ("store.locked") when another process uses the directory, and with
// fault.Invalid ("store.dir") when its path cannot be used. The context
// bounds the start only.
func Start(ctx context.Context, opts Options) (*Engine, error) {
	dir, err := prepareDir(opts.Dir)
	if err != nil {
		return nil, err
	}
	lock, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	e := &Engine{lock: lock, query: pragmas(opts.NoSync), done: make(chan struct{})}
	if err := e.run(ctx, dir, opts); err != nil {
		e.removeSocket()
		lock.release()
		return nil, fmt.Errorf("start the embedded engine in %s: %w", dir, err)
	}
	return e, nil
}

// run prepares the files and the socket, then lets the engine serve.
func (e *Engine) run(ctx context.Context, dir string, opts Options) error {
	name := opts.Database
	if name == "" {
		name = DefaultDatabase
	}
	e.file = databaseFile(dir, name)
	if err := e.prepare(ctx); err != nil {
		return err
	}
	var err error
	if e.socket, err = newSocket(); err != nil {
		return err
	}
	if err := e.lock.describe(e.socket); err != nil {
		return err
	}
	return e.serve(dir, opts.Logger)
}

// serve starts the listener; it accepts connections when serve returns.
func (e *Engine) serve(dir string, logger *slog.Logger) error {
	f, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{Unix: e.socket},
		Logger:    engineLogger(logger),
		Handler:   "sqlite",
		SQLiteURL: "file:" + dir + "/?" + e.query,
	})
	if err != nil {
		return err
	}
	e.uri = f.MongoDBURI()
	ctx, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	go func() {
		defer close(e.done)
		// Run never fails: it returns nil once ctx is cancelled.
		_ = f.Run(ctx)
	}()
	return nil
}

// URI is the address for the MongoDB driver.
func (e *Engine) URI() string { return e.uri }

// File is the path of the SQLite file that holds the database.
func (e *Engine) File() string { return e.file }

// Close stops the engine, removes its socket and releases the data directory.
// Clients should be disconnected first: the engine waits three seconds for
// them. Closing twice is harmless.
func (e *Engine) Close() error {
	e.once.Do(func() {
		e.cancel()
		select {
		case <-e.done:
		case <-time.After(stopLimit):
			e.err = fmt.Errorf("the embedded engine did not stop within %s", stopLimit)
		}
		e.removeSocket()
		e.lock.release()
	})
	return e.err
}
