package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/assignment"
)

// assignmentDoc says which official works on a file.
type assignmentDoc struct {
	Header    `bson:",inline"`
	Kind      assignment.Kind `bson:"kind"`
	File      string          `bson:"file"`
	Step      string          `bson:"step"`
	By        account.ID      `bson:"by"`
	At        time.Time       `bson:"at"`
	Until     time.Time       `bson:"until"`
	UpdatedAt time.Time       `bson:"updatedAt"`
	Pending   []entryDoc      `bson:"pending"`
}

// AssignmentStore keeps assignments. It implements assignment.Store.
type AssignmentStore struct {
	*aggregate[assignment.Assignment, assignmentDoc, assignment.ID]
}

// NewAssignmentStore gives access to the assignments; watch is told of every
// acknowledged write.
func NewAssignmentStore(db *DB, watch func(*assignment.Assignment)) *AssignmentStore {
	docs := newCollection[assignmentDoc](db, nameAssignment)
	return &AssignmentStore{newAggregate[assignment.Assignment, assignmentDoc, assignment.ID](docs, toAssignmentDoc, fromAssignmentDoc, watch)}
}

// Get reads one assignment; fault.NotFound, code "assignment.not_found", when
// there is none.
func (s *AssignmentStore) Get(ctx context.Context, id assignment.ID) (*assignment.Assignment, error) {
	a, err := s.aggregate.Get(ctx, id)
	return a, absentAs("assignment.not_found", err)
}

// Update changes an assignment under its lock.
func (s *AssignmentStore) Update(ctx context.Context, id assignment.ID, change func(*assignment.Assignment) error) (*assignment.Assignment, error) {
	a, err := s.aggregate.Update(ctx, id, change)
	return a, absentAs("assignment.not_found", err)
}

// LoadAssignments gives every assignment to fn, in no particular order.
func (s *AssignmentStore) LoadAssignments(ctx context.Context, fn func(*assignment.Assignment) error) error {
	return s.load(ctx, fn)
}

func toAssignmentDoc(a *assignment.Assignment) assignmentDoc {
	return assignmentDoc{
		Header: Header{ID: string(a.ID), Rev: a.Rev}, Kind: a.File.Kind, File: a.File.ID, Step: a.Step, By: a.By, At: a.At, Until: a.Until,
		UpdatedAt: a.UpdatedAt, Pending: toPending(a.Pending),
	}
}

func fromAssignmentDoc(d *assignmentDoc) *assignment.Assignment {
	return &assignment.Assignment{
		ID: assignment.ID(d.ID), Rev: d.Rev, File: assignment.File{Kind: d.Kind, ID: d.File}, Step: d.Step, By: d.By, At: d.At, Until: d.Until,
		UpdatedAt: d.UpdatedAt, Pending: fromPending(d.Pending),
	}
}
