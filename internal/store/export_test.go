package store

import (
	"bytes"
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Doc is the document of the contract tests.
type Doc struct {
	Header  `bson:",inline"`
	Text    string            `bson:"text"`
	Number  int64             `bson:"number"`
	Small   int               `bson:"small"`
	Real    float64           `bson:"real"`
	Yes     bool              `bson:"yes"`
	At      time.Time         `bson:"at"`
	Tags    []string          `bson:"tags"`
	Bytes   []byte            `bson:"bytes"`
	Labels  map[string]string `bson:"labels"`
	Parts   []Part            `bson:"parts"`
	Whole   Part              `bson:"whole"`
	Perhaps *Part             `bson:"perhaps"`
}

// Part is a nested structure.
type Part struct {
	Name string      `bson:"name"`
	At   []time.Time `bson:"at"`
}

// Docs opens the kernel to the contract tests.
type Docs struct{ c *collection[Doc] }

const TestName = "contract"

var ErrUnchanged = errUnchanged

func NewDocs(db *DB) *Docs { return &Docs{newCollection[Doc](db, TestName)} }

func (d *Docs) Observe(fn func(string, *Doc))                      { d.c.observe(fn) }
func (d *Docs) Get(ctx context.Context, id string) (Doc, error)    { return d.c.get(ctx, id) }
func (d *Docs) Insert(ctx context.Context, doc Doc) (Doc, error)   { return d.c.insert(ctx, doc) }
func (d *Docs) Replace(ctx context.Context, doc Doc) (Doc, error)  { return d.c.replace(ctx, doc) }
func (d *Docs) Delete(ctx context.Context, id string) error        { return d.c.delete(ctx, id) }
func (d *Docs) Load(ctx context.Context, fn func(Doc) error) error { return d.c.load(ctx, fn) }
func (d *Docs) InsertMany(ctx context.Context, docs []Doc) ([]string, error) {
	return d.c.insertMany(ctx, docs)
}
func (d *Docs) Update(ctx context.Context, id string, fn func(Doc) (Doc, error)) (Doc, error) {
	return d.c.update(ctx, id, fn)
}

// LoadBothWays reads every document past the engine and through the driver.
func (d *Docs) LoadBothWays(ctx context.Context) (file, cursor map[string]bson.Raw, err error) {
	into := func(all map[string]bson.Raw) func(bson.Raw) error {
		return func(raw bson.Raw) error {
			all[raw.Lookup("_id").StringValue()] = bytes.Clone(raw)
			return nil
		}
	}
	file, cursor = map[string]bson.Raw{}, map[string]bson.Raw{}
	err = errors.Join(d.c.scanFile(ctx, into(file)), d.c.scanCursor(ctx, into(cursor)))
	return file, cursor, err
}

// Hold keeps the lock of an id until the returned function is called.
func (d *Docs) Hold(ctx context.Context, id string) (func(), error) {
	h, err := d.c.take(ctx, id)
	if err != nil {
		return nil, err
	}
	return h.leave, nil
}

// Ensure creates the contract's collection as a migration would.
func Ensure(ctx context.Context, db *DB) error { return db.ensureCollections(ctx, TestName) }

// Address is what another client of the same database connects to.
func Address(db *DB) (uri, database string) {
	if db.engine != nil {
		return db.engine.URI(), db.opts.Database
	}
	return db.opts.URI, db.opts.Database
}

// Held counts the id locks in use.
func Held(db *DB) int {
	db.locks.mu.Lock()
	defer db.locks.mu.Unlock()
	return len(db.locks.held)
}

// SetWriteLimit shortens a write's own limit.
func SetWriteLimit(db *DB, d time.Duration) { db.writeLimit = d }

// AddMigration appends a step, as a newer program would.
func AddMigration(db *DB, name string, run func(context.Context, *DB) error) {
	db.migrations = append(db.migrations, migration{name, run})
}

// FirstNames lists the collections of the first migration.
func FirstNames() []string { return firstNames() }

// Migrations counts the steps of this program.
func Migrations() int { return len(migrations()) }

// SeqOf reads the seq of a stored document.
func SeqOf(doc []byte) int64 { return bson.Raw(doc).Lookup("seq").AsInt64() }

// DumpOrder opens the order of reading.
func DumpOrder(names []string) []string { return dumpOrder(names) }
