package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"passerelle/internal/domain/fault"
)

// migration is one step from an older form of the data to a newer one. It may
// be cut anywhere by a kill and is then run again from its beginning, so run
// must be repeatable. Steps are only ever appended.
type migration struct {
	name string
	run  func(context.Context, *DB) error
}

// migrations lists all steps in order; the number of a step is its place,
// counted from 1.
func migrations() []migration {
	return []migration{
		{"create collections", func(ctx context.Context, db *DB) error {
			return db.ensureCollections(ctx, firstNames()...)
		}},
		{"create the collections of messages and codes", func(ctx context.Context, db *DB) error {
			return db.ensureCollections(ctx, nameMessage, nameCode)
		}},
		{"create the audit log", func(ctx context.Context, db *DB) error {
			return db.ensureCollections(ctx, nameAuditNode, nameAuditKey, nameAuditInbox)
		}},
		{"create the ledger of erasures and the published statistics", func(ctx context.Context, db *DB) error {
			return db.ensureCollections(ctx, nameErasure, nameStatistic)
		}},
		{"create the placements", func(ctx context.Context, db *DB) error {
			return db.ensureCollections(ctx, namePlacement)
		}},
		{"create the incidents", func(ctx context.Context, db *DB) error {
			return db.ensureCollections(ctx, nameIncident)
		}},
		{"create the agreements and the acts of suspension", func(ctx context.Context, db *DB) error {
			return db.ensureCollections(ctx, nameAgreement, nameSuspension)
		}},
		{"create the assignments", func(ctx context.Context, db *DB) error {
			return db.ensureCollections(ctx, nameAssignment)
		}},
	}
}

// Migration is one step and where it stands.
type Migration struct {
	Number int    // from 1, in order
	Name   string // what it does, for people
	Begun  bool   // an earlier run was cut short
}

// migrationDoc is an entry of the ledger; Rev is 1 while the step runs and 2
// when it is done.
type migrationDoc struct {
	Header     `bson:",inline"`
	Number     int       `bson:"number"`
	Name       string    `bson:"name"`
	StartedAt  time.Time `bson:"startedAt"`
	FinishedAt time.Time `bson:"finishedAt"`
}

func (m *migrationDoc) done() bool { return m.Rev == 2 }

// PendingMigrations lists the steps that Migrate would run, and changes
// nothing. It fails with fault.Conflict, code "store.schema_newer", when a
// newer program has changed the data in ways this one does not know.
func (db *DB) PendingMigrations(ctx context.Context) ([]Migration, error) {
	ledger, err := db.ledger(ctx)
	if err != nil {
		return nil, err
	}
	var pending []Migration
	for i, m := range db.migrations {
		entry, begun := ledger[i+1]
		if !begun || !entry.done() {
			pending = append(pending, Migration{Number: i + 1, Name: m.name, Begun: begun})
		}
	}
	return pending, nil
}

// Migrate runs the pending steps in order and gives those it has finished.
// Killed at any moment, the next call goes on where this one was. Two
// processes doing it at once do no harm, because every step is repeatable.
func (db *DB) Migrate(ctx context.Context) ([]Migration, error) {
	pending, err := db.PendingMigrations(ctx)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	if err := db.ensureCollections(ctx, nameMigration); err != nil {
		return nil, err
	}
	for i, step := range pending {
		if err := db.migrate(ctx, step); err != nil {
			return pending[:i], fmt.Errorf("migration %d (%s): %w", step.Number, step.Name, err)
		}
		db.opts.Logger.Info("migration done", "number", step.Number, "name", step.Name)
	}
	return pending, nil
}

// migrate notes that the step begins, runs it, and notes that it is done.
func (db *DB) migrate(ctx context.Context, step Migration) error {
	entries := newCollection[migrationDoc](db, nameMigration)
	entry := migrationDoc{Number: step.Number, Name: step.Name, StartedAt: db.opts.Now()}
	entry.ID = fmt.Sprintf("mig_%04d", step.Number)
	entry.Rev = 1
	if _, err := entries.insert(ctx, entry); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	if err := db.migrations[step.Number-1].run(ctx, db); err != nil {
		return err
	}
	_, err := entries.update(ctx, entry.ID, func(m migrationDoc) (migrationDoc, error) {
		m.Rev = 2
		m.FinishedAt = db.opts.Now()
		return m, nil
	})
	return err
}

// ledger reads the steps begun so far, by number.
func (db *DB) ledger(ctx context.Context) (map[int]*migrationDoc, error) {
	out := map[int]*migrationDoc{}
	err := newCollection[migrationDoc](db, nameMigration).load(ctx, func(m migrationDoc) error {
		if m.Number < 1 || m.Number > len(db.migrations) {
			return fault.New(fault.Conflict, "store.schema_newer").
				Because(fmt.Errorf("the data has seen migration %d (%s); this program knows %d", m.Number, m.Name, len(db.migrations)))
		}
		out[m.Number] = &m
		return nil
	})
	return out, err
}

// ensureCollections creates the collections that do not exist, and on the
// embedded engine the index that reads by _id need.
func (db *DB) ensureCollections(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := db.createCollection(ctx, name); err != nil {
			return err
		}
	}
	if db.Embedded() {
		return db.engine.Tune(ctx)
	}
	return nil
}

func (db *DB) createCollection(ctx context.Context, name string) error {
	ctx, cancel := db.limited(ctx)
	defer cancel()
	err := db.writes.Database(db.opts.Database).CreateCollection(ctx, name)
	var server mongo.ServerError
	if err == nil || errors.As(err, &server) && server.HasErrorCode(codeNamespaceExists) {
		return nil
	}
	return unavailable(fmt.Errorf("create collection %s: %w", name, err))
}

// Collections lists the names of the collections that exist, sorted.
func (db *DB) Collections(ctx context.Context) ([]string, error) {
	ctx, cancel := db.limited(ctx)
	defer cancel()
	names, err := db.reads.Database(db.opts.Database).ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return nil, readFault(err)
	}
	slices.Sort(names)
	return names, nil
}
