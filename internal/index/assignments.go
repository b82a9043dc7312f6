package index

import (
	"cmp"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/assignment"
)

// PutAssignment takes in an assignment as it was stored. The index keeps a,
// which must not be changed any more.
func (ix *Index) PutAssignment(a *assignment.Assignment) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.assignments.put(a.ID, a)
	ix.outbox(Assignments, string(a.ID), a.Pending)
}

// Assignment finds one assignment, whether it still counts or not; it is read
// only.
func (ix *Index) Assignment(id assignment.ID) (*assignment.Assignment, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.assignments.get(id)
}

// AssignmentsOf lists those last noted for an account, by id; they are read
// only.
func (ix *Index) AssignmentsOf(by account.ID) []*assignment.Assignment {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var found []*assignment.Assignment
	for _, a := range ix.assignments.rows {
		if a.By == by {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b *assignment.Assignment) int { return cmp.Compare(a.ID, b.ID) })
	return found
}
