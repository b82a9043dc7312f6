package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Snapshot is the state of the whole database at one moment: it holds every
// write acknowledged before it was taken and nothing of any later one. Writers
// are not held up; the engine's write-ahead log grows until Close.
type Snapshot struct {
	db          *sql.DB
	tx          *sql.Tx
	collections []string
}

// Snapshot takes the state of this moment. It must be closed.
func (e *Engine) Snapshot(ctx context.Context) (*Snapshot, error) {
	db, err := e.open()
	if err != nil {
		return nil, err
	}
	s := &Snapshot{db: db}
	if s.tx, err = db.BeginTx(ctx, nil); err != nil {
		return nil, errors.Join(fmt.Errorf("take a snapshot: %w", err), db.Close())
	}
	// SQLite fixes the state at the first read.
	if s.collections, err = texts(ctx, s.tx, `SELECT name FROM "`+metaTable+`" ORDER BY name`); err != nil {
		return nil, errors.Join(fmt.Errorf("take a snapshot: %w", err), s.Close())
	}
	return s, nil
}

// Collections lists the names of the collections, sorted.
func (s *Snapshot) Collections() []string { return s.collections }

// Scan is Engine.Scan in the state of the snapshot.
func (s *Snapshot) Scan(ctx context.Context, collection string, fn func(doc []byte) error) error {
	return scan(ctx, s.tx, collection, fn)
}

// Close gives the state up; nothing was written, so nothing is undone.
func (s *Snapshot) Close() error {
	err := s.tx.Rollback()
	if errors.Is(err, sql.ErrTxDone) { // its context has ended
		err = nil
	}
	return errors.Join(err, s.db.Close())
}

// Scan calls fn with every document of a collection in the form in which the
// engine stores it (JSON with a schema, see package sjson of the engine), until
// fn fails. The bytes are valid during the call only. It sees what was
// acknowledged before it began. A collection that does not exist is empty.
//
// It exists because reading everything through the engine takes several times
// longer, and a start reads everything.
func (e *Engine) Scan(ctx context.Context, collection string, fn func(doc []byte) error) (err error) {
	db, err := e.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return scan(ctx, db, collection, fn)
}

// querier is a connection or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func scan(ctx context.Context, from querier, collection string, fn func(doc []byte) error) (err error) {
	var table string
	err = from.QueryRowContext(ctx, `SELECT table_name FROM "`+metaTable+`" WHERE name = ?`, collection).Scan(&table)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find table of %s: %w", collection, err)
	}
	rows, err := from.QueryContext(ctx, `SELECT `+documents+` FROM `+quote(table))
	if err != nil {
		return fmt.Errorf("scan %s: %w", collection, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return each(rows, fn)
}

func each(rows *sql.Rows, fn func([]byte) error) error {
	var doc sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&doc); err != nil {
			return err
		}
		if err := fn(doc); err != nil {
			return err
		}
	}
	return rows.Err()
}
