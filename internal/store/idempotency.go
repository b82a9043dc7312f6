package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
)

// idempotencyDoc is one claimed idempotency key.
type idempotencyDoc struct {
	Header      `bson:",inline"`
	Account     account.ID `bson:"account"`
	Fingerprint string     `bson:"fingerprint"`
	Answer      *answerDoc `bson:"answer"`
	LeaseUntil  time.Time  `bson:"leaseUntil"`
	ExpiresAt   time.Time  `bson:"expiresAt"`
}

// answerDoc is a kept answer. Headers are a list, since a name may not be a
// map key on every store.
type answerDoc struct {
	Status int         `bson:"status"`
	Header []headerDoc `bson:"header"`
	Body   []byte      `bson:"body"`
}

type headerDoc struct {
	Name  string `bson:"name"`
	Value string `bson:"value"`
}

// IdempotencyStore keeps claimed keys. It implements idempotency.Store.
type IdempotencyStore struct {
	*aggregate[idempotency.Record, idempotencyDoc, string]
}

// NewIdempotencyStore gives access to the claimed keys.
func NewIdempotencyStore(db *DB) *IdempotencyStore {
	docs := newCollection[idempotencyDoc](db, nameIdempotency)
	return &IdempotencyStore{newAggregate[idempotency.Record, idempotencyDoc, string](docs, toIdempotencyDoc, fromIdempotencyDoc, nil).sealing(personalOfAnswer)}
}

// personalOfAnswer names the answer's body, which repeats what was sent. The
// answer is copied, since the document given may be a copy that shares it.
func personalOfAnswer(d *idempotencyDoc) []personal {
	if d.Answer == nil {
		return nil
	}
	own := *d.Answer
	d.Answer = &own
	return []personal{{name: "answer", data: &own.Body}}
}

// DeleteOf removes the records of one account's requests.
func (s *IdempotencyStore) DeleteOf(ctx context.Context, owner account.ID) error {
	var ids []string
	err := s.docs.load(ctx, func(d idempotencyDoc) error {
		if d.Account == owner {
			ids = append(ids, d.ID)
		}
		return nil
	})
	if err == nil {
		_, err = s.docs.deleteAll(ctx, ids)
	}
	return err
}

// Delete removes a record; removing an absent one is no error.
func (s *IdempotencyStore) Delete(ctx context.Context, id string) error {
	err := s.docs.delete(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// DeleteExpired removes what expired before now and says how many. A record
// that is claimed again meanwhile stays.
func (s *IdempotencyStore) DeleteExpired(ctx context.Context, now time.Time) (deleted int, err error) {
	var expired []string
	err = s.docs.load(ctx, func(d idempotencyDoc) error {
		if d.ExpiresAt.Before(now) {
			expired = append(expired, d.ID)
		}
		return nil
	})
	for _, id := range expired {
		if err != nil {
			return deleted, err
		}
		err = s.docs.deleteIf(ctx, id, func(d idempotencyDoc) error {
			if !d.ExpiresAt.Before(now) {
				return fault.New(fault.NotFound, "store.not_found")
			}
			return nil
		})
		switch {
		case err == nil:
			deleted++
		case fault.Is(err, fault.NotFound):
			err = nil
		}
	}
	return deleted, err
}

func toIdempotencyDoc(r *idempotency.Record) idempotencyDoc {
	doc := idempotencyDoc{
		Header:  Header{ID: r.ID, Rev: 1},
		Account: r.Account, Fingerprint: r.Fingerprint, LeaseUntil: r.LeaseUntil, ExpiresAt: r.ExpiresAt,
	}
	if r.Answer != nil {
		doc.Answer = &answerDoc{Status: r.Answer.Status, Body: r.Answer.Body, Header: sortedHeader(r.Answer.Header)}
	}
	return doc
}

func fromIdempotencyDoc(d *idempotencyDoc) *idempotency.Record {
	r := &idempotency.Record{ID: d.ID, Account: d.Account, Fingerprint: d.Fingerprint, LeaseUntil: d.LeaseUntil, ExpiresAt: d.ExpiresAt}
	if d.Answer != nil {
		r.Answer = &idempotency.Answer{Status: d.Answer.Status, Body: orNil(d.Answer.Body), Header: map[string]string{}}
		for _, h := range d.Answer.Header {
			r.Answer.Header[h.Name] = h.Value
		}
	}
	return r
}

// sortedHeader lists a header in the order of its names, so that equal
// answers are equal documents.
func sortedHeader(header map[string]string) []headerDoc {
	list := make([]headerDoc, 0, len(header))
	for name, value := range header {
		list = append(list, headerDoc{Name: name, Value: value})
	}
	slices.SortFunc(list, func(a, b headerDoc) int { return cmp.Compare(a.Name, b.Name) })
	return list
}
