package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

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
	var table string
	err = db.QueryRowContext(ctx, `SELECT table_name FROM "`+metaTable+`" WHERE name = ?`, collection).Scan(&table)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find table of %s: %w", collection, err)
	}
	rows, err := db.QueryContext(ctx, `SELECT `+documents+` FROM `+quote(table))
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
