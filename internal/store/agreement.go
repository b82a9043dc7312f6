package store

import (
	"context"
	"time"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/ref"
)

// agreementDoc is one treaty, convention or memorandum.
type agreementDoc struct {
	Header    `bson:",inline"`
	Title     wordingDoc     `bson:"title"`
	Kind      agreement.Kind `bson:"kind"`
	Parties   []ref.Country  `bson:"parties"`
	SignedOn  ref.Date       `bson:"signedOn"`
	InForceOn ref.Date       `bson:"inForceOn"`
	ExpiresOn ref.Date       `bson:"expiresOn"`
	Clauses   []clauseDoc    `bson:"clauses"`
	Source    string         `bson:"source"`
	Confirmed bool           `bson:"confirmed"`
	UpdatedAt time.Time      `bson:"updatedAt"`
	Pending   []entryDoc     `bson:"pending"`
}

type clauseDoc struct {
	Number  string     `bson:"number"`
	Topic   wordingDoc `bson:"topic"`
	Summary wordingDoc `bson:"summary"`
}

// AgreementStore keeps agreements. It implements agreement.Store.
type AgreementStore struct {
	*aggregate[agreement.Agreement, agreementDoc, agreement.ID]
}

// NewAgreementStore gives access to the agreements; watch is told of every
// acknowledged write.
func NewAgreementStore(db *DB, watch func(*agreement.Agreement)) *AgreementStore {
	docs := newCollection[agreementDoc](db, nameAgreement)
	return &AgreementStore{newAggregate[agreement.Agreement, agreementDoc, agreement.ID](docs, toAgreementDoc, fromAgreementDoc, watch)}
}

// Get reads one agreement; fault.NotFound, code "agreement.not_found", when
// there is none.
func (s *AgreementStore) Get(ctx context.Context, id agreement.ID) (*agreement.Agreement, error) {
	a, err := s.aggregate.Get(ctx, id)
	return a, absentAs("agreement.not_found", err)
}

// Update changes an agreement under its lock.
func (s *AgreementStore) Update(ctx context.Context, id agreement.ID, change func(*agreement.Agreement) error) (*agreement.Agreement, error) {
	a, err := s.aggregate.Update(ctx, id, change)
	return a, absentAs("agreement.not_found", err)
}

// LoadAgreements gives every agreement to fn, in no particular order.
func (s *AgreementStore) LoadAgreements(ctx context.Context, fn func(*agreement.Agreement) error) error {
	return s.load(ctx, fn)
}

func toAgreementDoc(a *agreement.Agreement) agreementDoc {
	return agreementDoc{
		Header: Header{ID: string(a.ID), Rev: a.Rev}, Title: wordingDoc(a.Title), Kind: a.Kind, Parties: a.Parties,
		SignedOn: a.SignedOn, InForceOn: a.InForceOn, ExpiresOn: a.ExpiresOn,
		Clauses: convert(a.Clauses, func(c agreement.Clause) clauseDoc {
			return clauseDoc{Number: c.Number, Topic: wordingDoc(c.Topic), Summary: wordingDoc(c.Summary)}
		}),
		Source: a.Source, Confirmed: a.Confirmed, UpdatedAt: a.UpdatedAt, Pending: toPending(a.Pending),
	}
}

func fromAgreementDoc(d *agreementDoc) *agreement.Agreement {
	return &agreement.Agreement{
		ID: agreement.ID(d.ID), Rev: d.Rev,
		Facts: agreement.Facts{
			Title: agreement.Text(d.Title), Kind: d.Kind, Parties: orNil(d.Parties),
			SignedOn: d.SignedOn, InForceOn: d.InForceOn, ExpiresOn: d.ExpiresOn,
			Clauses: convert(d.Clauses, func(c clauseDoc) agreement.Clause {
				return agreement.Clause{Number: c.Number, Topic: agreement.Text(c.Topic), Summary: agreement.Text(c.Summary)}
			}),
			Source: d.Source, Confirmed: d.Confirmed,
		},
		UpdatedAt: d.UpdatedAt, Pending: fromPending(d.Pending),
	}
}
