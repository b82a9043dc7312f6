package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
)

// actDoc is the record of an act that closes or opens, and how far it has been
// carried.
type actDoc struct {
	Header     `bson:",inline"`
	Direction  suspension.Direction  `bson:"direction"`
	TargetKind suspension.TargetKind `bson:"targetKind"`
	TargetID   string                `bson:"targetId"`
	Kind       ref.WorkKind          `bson:"kind"`
	Occupation ref.Occupation        `bson:"occupation"`
	Number     string                `bson:"number"`
	Evidence   string                `bson:"evidence"`
	By         account.ID            `bson:"by"`
	At         time.Time             `bson:"at"`
	Lifts      []suspension.ID       `bson:"lifts"`
	Offers     trackDoc              `bson:"offers"`
	Files      trackDoc              `bson:"files"`
	People     trackDoc              `bson:"people"`
	Silent     int                   `bson:"silent"`
	FinishedAt time.Time             `bson:"finishedAt"`
	UpdatedAt  time.Time             `bson:"updatedAt"`
	Pending    []entryDoc            `bson:"pending"`
}

type trackDoc struct {
	After    string `bson:"after"`
	Done     int    `bson:"done"`
	Total    int    `bson:"total"`
	Finished bool   `bson:"finished"`
}

// SuspensionStore keeps the acts of suspension. It implements
// suspension.Store.
type SuspensionStore struct {
	*aggregate[suspension.Act, actDoc, suspension.ID]
}

// NewSuspensionStore gives access to the acts; watch is told of every
// acknowledged write.
func NewSuspensionStore(db *DB, watch func(*suspension.Act)) *SuspensionStore {
	docs := newCollection[actDoc](db, nameSuspension)
	return &SuspensionStore{newAggregate[suspension.Act, actDoc, suspension.ID](docs, toActDoc, fromActDoc, watch)}
}

// Get reads one act; fault.NotFound, code "suspension.not_found", when there
// is none.
func (s *SuspensionStore) Get(ctx context.Context, id suspension.ID) (*suspension.Act, error) {
	a, err := s.aggregate.Get(ctx, id)
	return a, absentAs("suspension.not_found", err)
}

// Update changes an act under its lock.
func (s *SuspensionStore) Update(ctx context.Context, id suspension.ID, change func(*suspension.Act) error) (*suspension.Act, error) {
	a, err := s.aggregate.Update(ctx, id, change)
	return a, absentAs("suspension.not_found", err)
}

// LoadActs gives every act to fn, in no particular order.
func (s *SuspensionStore) LoadActs(ctx context.Context, fn func(*suspension.Act) error) error {
	return s.load(ctx, fn)
}

func toActDoc(a *suspension.Act) actDoc {
	return actDoc{
		Header: Header{ID: string(a.ID), Rev: a.Rev}, Direction: a.Direction,
		TargetKind: a.Scope.Kind, TargetID: a.Scope.ID, Kind: a.Scope.Work, Occupation: a.Scope.Occupation,
		Number: a.Number, Evidence: a.Evidence, By: a.By, At: a.At, Lifts: a.Lifts,
		Offers: trackDoc(a.Offers), Files: trackDoc(a.Files), People: trackDoc(a.People),
		Silent: a.Silent, FinishedAt: a.FinishedAt, UpdatedAt: a.UpdatedAt, Pending: toPending(a.Pending),
	}
}

func fromActDoc(d *actDoc) *suspension.Act {
	return &suspension.Act{
		ID: suspension.ID(d.ID), Rev: d.Rev, Direction: d.Direction,
		Scope:  suspension.Scope{Target: suspension.Target{Kind: d.TargetKind, ID: d.TargetID}, Work: d.Kind, Occupation: d.Occupation},
		Number: d.Number, Evidence: d.Evidence, By: d.By, At: d.At, Lifts: orNil(d.Lifts),
		Offers: suspension.Track(d.Offers), Files: suspension.Track(d.Files), People: suspension.Track(d.People),
		Silent: d.Silent, FinishedAt: d.FinishedAt, UpdatedAt: d.UpdatedAt, Pending: fromPending(d.Pending),
	}
}
