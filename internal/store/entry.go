package store

import (
	"time"

	"passerelle/internal/domain/audit"
)

// entryDoc is an audit entry inside the outbox of a document.
type entryDoc struct {
	ID      string    `bson:"id"`
	At      time.Time `bson:"at"`
	Actor   string    `bson:"actor"`
	Role    string    `bson:"role"`
	Action  string    `bson:"action"`
	Subject string    `bson:"subject"`
	Rev     int64     `bson:"rev"`
	Reason  string    `bson:"reason"`
	Fields  []string  `bson:"fields"`
	Origin  string    `bson:"origin"`
	Count   int64     `bson:"count"`
	Content []byte    `bson:"content"`
}

func toEntryDoc(e audit.Entry) entryDoc { return entryDoc(e) }

func fromEntryDoc(d entryDoc) audit.Entry {
	d.Fields, d.Content = orNil(d.Fields), orNil(d.Content)
	return audit.Entry(d)
}
