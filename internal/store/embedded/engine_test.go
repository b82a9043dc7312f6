package embedded

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"passerelle/internal/domain/fault"
)

func start(t *testing.T, dir string) *Engine {
	t.Helper()
	e, err := Start(t.Context(), Options{Dir: dir, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, e) })
	return e
}

func stop(t *testing.T, e *Engine) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// insert puts a document in and reports whether its _id was free.
func insert(t *testing.T, e *Engine, collection, id string) bool {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(e.URI()).SetMaxPoolSize(1))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := client.Disconnect(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	_, err = client.Database(DefaultDatabase).Collection(collection).InsertOne(t.Context(), bson.D{{Key: "_id", Value: id}})
	if err != nil && !mongo.IsDuplicateKeyError(err) {
		t.Fatal(err)
	}
	return err == nil
}

func TestFilesAreClosedToOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	e := start(t, dir)
	insert(t, e, "offer", "off_1")
	for path, want := range map[string]fs.FileMode{dir: 0o700, filepath.Dir(e.socket): 0o700, e.File(): 0o600,
		e.File() + "-wal": 0o600, e.File() + "-shm": 0o600, filepath.Join(dir, lockName): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestOpenFilesAreClosedAtStart(t *testing.T) {
	dir := t.TempDir()
	e := start(t, dir)
	stop(t, e)
	for _, path := range []string{dir, e.File()} {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	start(t, dir)
	for _, path := range []string{dir, e.File()} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %o", path, info.Mode().Perm())
		}
	}
}

func TestDirectoryBelongsToOneProcess(t *testing.T) {
	dir := t.TempDir()
	first := start(t, dir)
	_, err := Start(t.Context(), Options{Dir: dir})
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Conflict || f.Code != "store.locked" {
		t.Fatalf("got %v", err)
	}
	for _, part := range []string{dir, "another process", strconv.Itoa(os.Getpid())} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	if !insert(t, first, "offer", "off_1") {
		t.Error("the first engine was disturbed")
	}
	stop(t, first)
	start(t, dir)
}

func TestStaleSocketIsRemoved(t *testing.T) {
	dir := t.TempDir()
	dead, err := newSocket()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dead, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, lockName), []byte("99999\n"+dead+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := start(t, dir)
	if _, err := os.Stat(filepath.Dir(dead)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the dead socket is still there: %v", err)
	}
	if !insert(t, e, "offer", "off_1") {
		t.Error("not usable")
	}
	stop(t, e)
	if _, err := os.Stat(filepath.Dir(e.socket)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the engine's own socket is still there: %v", err)
	}
}

func TestForeignFilesAreNotRemoved(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(t.TempDir(), socketName)
	if err := os.WriteFile(foreign, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, lockName), []byte("1\n"+foreign+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	if _, err := os.Stat(foreign); err != nil {
		t.Error(err)
	}
}

func TestLongTemporaryDirectory(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 100))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	e := start(t, t.TempDir())
	if len(e.socket) > maxSocket || !insert(t, e, "offer", "off_1") {
		t.Errorf("socket %s", e.socket)
	}
	left, err := os.ReadDir(long)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestUnusableDirectories(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", "a?b", "a#b", "a%20b", file, filepath.Join(file, "sub")} {
		_, err := Start(t.Context(), Options{Dir: dir})
		if f := fault.Of(err); f == nil || f.Code != "store.dir" {
			t.Errorf("%q: got %v", dir, err)
		}
	}
}

func TestDirectoryWithSpacesAndAccents(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "données de l'agence & co ɛ")
	insert(t, start(t, dir), "offer", "off_1")
	if _, err := os.Stat(filepath.Join(dir, DefaultDatabase+extension)); err != nil {
		t.Error(err)
	}
}

// TestHalfMadeCollections puts the file in every state in which a kill can
// leave it between the engine's own steps.
func TestHalfMadeCollections(t *testing.T) {
	const table = `CREATE TABLE "offer_5d3c7a2b" (_ferretdb_sjson TEXT NOT NULL CHECK(_ferretdb_sjson != '')) STRICT`
	const entry = `INSERT INTO "_ferretdb_collections" VALUES ('offer', 'offer_5d3c7a2b', '{}')`
	const unique = `CREATE UNIQUE INDEX "offer_5d3c7a2b__id_" ON "offer_5d3c7a2b" (_ferretdb_sjson->"_id")`
	real := tableOf(t, "offer")
	for name, steps := range map[string][]string{
		"file only":       nil,
		"table":           {table},
		"table, entry":    {table, entry},
		"all but settled": {table, entry, unique},
		"cut drop":        {table, `INSERT INTO "offer_5d3c7a2b" VALUES ('{"$s":{},"_id":"off_1"}')`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			e := start(t, dir)
			insert(t, e, "other", "oth_1")
			stop(t, e)
			if name == "file only" {
				if err := os.WriteFile(e.file, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for _, step := range steps {
				execute(t, e, strings.ReplaceAll(step, "offer_5d3c7a2b", real))
			}
			e = start(t, dir)
			if !insert(t, e, "offer", "off_1") || insert(t, e, "offer", "off_1") {
				t.Error("the collection does not work")
			}
			if name != "file only" && insert(t, e, "other", "oth_1") {
				t.Error("a whole collection was lost")
			}
			if n := unsettled(t, e); n != 0 {
				t.Errorf("%d collections are still half-made", n)
			}
		})
	}
}

// tableOf asks the engine which table it gives a collection.
func tableOf(t *testing.T, collection string) (table string) {
	t.Helper()
	e := start(t, t.TempDir())
	insert(t, e, collection, "x")
	err := e.within(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRow(`SELECT table_name FROM "`+metaTable+`" WHERE name = ?`, collection).Scan(&table)
	})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// unsettled counts the entries without a noted index.
func unsettled(t *testing.T, e *Engine) (n int) {
	t.Helper()
	err := e.within(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM "` + metaTable + `" WHERE settings = '` + noSettings + `'`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func execute(t *testing.T, e *Engine, statement string) {
	t.Helper()
	err := e.within(context.Background(), func(tx *sql.Tx) error {
		_, err := tx.Exec(statement)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestTuneIsRepeatable(t *testing.T) {
	e := start(t, t.TempDir())
	insert(t, e, "offer", "off_1")
	for range 2 {
		if err := e.Tune(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !insert(t, e, "offer", "off_2") || insert(t, e, "offer", "off_2") {
		t.Error("inserts disturbed")
	}
}

func TestLogHoldsNoDocuments(t *testing.T) {
	var out bytes.Buffer
	l := engineLogger(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	l.Debug("insert", "args", "secret")
	l.Warn("answer: secret")
	l.With("args", "secret").WithGroup("g").Error("failed\nsecret", "args", "secret", "error", errors.New("disk full"))
	if got := out.String(); strings.Contains(got, "secret") || !strings.Contains(got, "disk full") || strings.Count(got, "\n") != 1 {
		t.Errorf("logged: %s", got)
	}
}

func TestCloseTwice(t *testing.T) {
	e, err := Start(t.Context(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	stop(t, e)
	stop(t, e)
	t.Logf("closed in %s", time.Since(began))
}
