package store

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"passerelle/internal/domain/fault"
)

// readPool is the most connections that one client opens. Each connection of
// the embedded engine costs a SQLite connection and its page cache.
const readPool = 16

// Codes of the servers' answers, the same on MongoDB and the embedded engine.
const (
	codeNamespaceExists = 48
	codeDuplicateKey    = 11000
)

// newClient makes a client with explicit time-outs: with the driver's own a
// request hangs for as long as the database is away. The time-outs of sockets
// come from the context that each operation carries.
func newClient(uri string, isEmbedded bool, pool uint64) (*mongo.Client, error) {
	o := options.Client().ApplyURI(uri).
		SetAppName("passerelle").
		SetConnectTimeout(connectTimeout).
		SetServerSelectionTimeout(selectTimeout).
		SetHeartbeatInterval(2 * time.Second).
		SetMaxPoolSize(pool)
	if isEmbedded {
		o.SetRetryWrites(false)
	} else {
		journal := true
		o.SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal})
	}
	client, err := mongo.Connect(o)
	if err != nil {
		return nil, fault.New(fault.Invalid, "store.uri").Because(err)
	}
	return client, nil
}

// isDuplicate reports a violated unique key.
func isDuplicate(err error) bool { return mongo.IsDuplicateKeyError(err) }

// isPermanent reports that the server has refused the document for what it
// holds, so that trying again cannot help: a defect of ours.
func isPermanent(err error) bool {
	var server mongo.ServerError
	if !errors.As(err, &server) {
		return false
	}
	for _, code := range [...]int{2, 9, 14, 16, 52, 53, 54, 55, 56, 57, 66, 10334} {
		if server.HasErrorCode(code) {
			return true
		}
	}
	return false
}

// readFault turns an error of a read into a fault.
func readFault(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, mongo.ErrNoDocuments):
		return fault.New(fault.NotFound, "store.not_found")
	case isPermanent(err):
		return err
	default:
		return unavailable(err)
	}
}

// limited bounds one operation by Options.OpTimeout.
func (db *DB) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, db.opts.OpTimeout)
}

// reading is the collection through the reading client.
func (db *DB) reading(name string) *mongo.Collection {
	return db.reads.Database(db.opts.Database).Collection(name)
}

// changing is the collection through the writing client.
func (db *DB) changing(name string) *mongo.Collection {
	return db.writes.Database(db.opts.Database).Collection(name)
}
