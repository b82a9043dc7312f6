package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the SQLite driver that the engine itself uses
)

// The engine's own names, see its package metadata.
const (
	extension  = ".sqlite"
	metaTable  = "_ferretdb_collections"
	documents  = "_ferretdb_sjson"
	idIndex    = "passerelle_id_" // prefix of the indexes Tune adds
	noSettings = "{}"             // what a collection has until its first index is noted
)

// pragmas gives the connection parameters. Order matters to SQLite: the busy
// time-out comes before the journal mode. It is shorter than a write's limit
// of 10 s, so that no statement is still waiting when its writer has given up.
//
// In WAL mode both settings of synchronous keep every acknowledged write when
// the process is killed, because what has been written to a file belongs to
// the operating system; FULL also keeps it when the power is cut.
//
// What is deleted or replaced is overwritten with zeros, so that nothing erased
// stays in the free space of the file.
func pragmas(noSync bool) string {
	sync := "full"
	if noSync {
		sync = "off"
	}
	return url.Values{"_pragma": {
		"busy_timeout(4000)",
		"journal_mode(wal)",
		"synchronous(" + sync + ")",
		"journal_size_limit(67108864)",
		"auto_vacuum(none)",
		"secure_delete(on)",
	}}.Encode()
}

// databaseFile is the path at which the engine looks for a database.
func databaseFile(dir, name string) string { return filepath.Join(dir, name+extension) }

// open connects to the database's file beside the engine.
func (e *Engine) open() (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+e.file+"?"+e.query)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", e.file, err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// prepare makes the database's file before the engine does, for two reasons:
// the engine would create it readable by everybody, and a process killed
// between the file and its first table would leave one that the engine refuses
// for ever. SQLite gives its WAL the mode of the database's file.
func (e *Engine) prepare(ctx context.Context) error {
	if err := private(e.file); err != nil {
		return err
	}
	return e.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS "`+metaTable+`" (
			name TEXT NOT NULL UNIQUE CHECK(name != ''),
			table_name TEXT NOT NULL UNIQUE CHECK(table_name != ''),
			settings TEXT NOT NULL CHECK(settings != '')) STRICT`); err != nil {
			return err
		}
		if err := repair(ctx, tx); err != nil {
			return err
		}
		return index(ctx, tx)
	})
}

// private creates the file with mode 0600 and closes existing ones to others.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Chmod(file+suffix, 0o600); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Tune adds to every collection's table the index that reads by _id use; the
// engine's own index is on an expression that its own statements never match.
// It is called at start and must be called after collections are created.
// Repeating it is harmless.
func (e *Engine) Tune(ctx context.Context) error {
	if err := e.within(ctx, func(tx *sql.Tx) error { return index(ctx, tx) }); err != nil {
		return fmt.Errorf("tune the embedded engine: %w", err)
	}
	return nil
}

// within runs fn in one transaction on a connection of its own.
func (e *Engine) within(ctx context.Context, fn func(*sql.Tx) error) (err error) {
	db, err := e.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// index creates the missing indexes.
func index(ctx context.Context, tx *sql.Tx) error {
	tables, err := texts(ctx, tx, `SELECT table_name FROM "`+metaTable+`"`)
	if err != nil {
		return err
	}
	for _, table := range tables {
		statement := fmt.Sprintf(`CREATE UNIQUE INDEX IF NOT EXISTS %s ON %s (%s->'$._id')`, quote(idIndex+table), quote(table), documents)
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("index table %s: %w", table, err)
		}
	}
	return nil
}

// repair finishes what a killed process left between two steps of the engine.
// It creates a collection as table, entry, unique index and note of the index;
// cut short, it could neither finish it later nor refuse duplicates in it, and
// no document is in it yet. It drops a collection as entry, then table; a
// table without an entry is therefore one or the other, and goes.
func repair(ctx context.Context, tx *sql.Tx) error {
	halves, err := texts(ctx, tx, `SELECT table_name FROM "`+metaTable+`" WHERE settings = '`+noSettings+`'`)
	if err != nil {
		return err
	}
	for _, table := range halves {
		var one int
		err := tx.QueryRowContext(ctx, `SELECT 1 FROM `+quote(table)+` LIMIT 1`).Scan(&one)
		if !errors.Is(err, sql.ErrNoRows) {
			return errors.Join(fmt.Errorf("table %s holds documents without a unique index", table), err)
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM "`+metaTable+`" WHERE settings = '`+noSettings+`'`); err != nil {
		return err
	}
	orphans, err := texts(ctx, tx, `SELECT name FROM sqlite_master WHERE type = 'table'
		AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name != '`+metaTable+`'
		AND name NOT IN (SELECT table_name FROM "`+metaTable+`")`)
	if err != nil {
		return err
	}
	for _, table := range orphans {
		if _, err := tx.ExecContext(ctx, `DROP TABLE `+quote(table)); err != nil {
			return err
		}
	}
	return nil
}

// texts reads a column of strings.
func texts(ctx context.Context, tx *sql.Tx, query string) (out []string, err error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// quote makes an SQL identifier.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
