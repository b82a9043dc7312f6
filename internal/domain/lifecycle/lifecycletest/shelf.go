// Package lifecycletest keeps aggregates in memory for the tests of the rooms
// that own them, by the rules of their Store ports.
package lifecycletest

import (
	"context"
	"encoding/json"

	"passerelle/internal/domain/fault"
)

// Shelf holds aggregates by id, as JSON: what is put in and what is given out
// are copies. It is for one goroutine. NotFound and Conflict are the faults of
// what is absent and what is there already.
type Shelf[ID ~string, T any] struct {
	Key  func(*T) ID   // id of an aggregate
	Docs map[ID][]byte // a test may keep and put back its contents
	// Aside names members whose change leaves no trace, such as codes that are
	// used up by reading.
	Aside []string
}

// NewShelf makes an empty one.
func NewShelf[ID ~string, T any](key func(*T) ID) Shelf[ID, T] {
	return Shelf[ID, T]{Key: key, Docs: map[ID][]byte{}}
}

// Get reads one.
func (s Shelf[ID, T]) Get(_ context.Context, id ID) (*T, error) {
	raw, found := s.Docs[id]
	if !found {
		return nil, fault.New(fault.NotFound, "store.not_found")
	}
	var t T
	return &t, json.Unmarshal(raw, &t)
}

// Put writes one, whether it is there or not.
func (s Shelf[ID, T]) Put(t *T) error {
	raw, err := json.Marshal(t)
	s.Docs[s.Key(t)] = raw
	return err
}

// Insert writes one that is not there yet; see Trace for what fails.
func (s Shelf[ID, T]) Insert(_ context.Context, t *T) error {
	if _, taken := s.Docs[s.Key(t)]; taken {
		return fault.New(fault.Conflict, "store.duplicate")
	}
	raw, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if err := Trace(nil, raw, s.Aside...); err != nil {
		return err
	}
	s.Docs[s.Key(t)] = raw
	return nil
}

// Update changes one; a failing change leaves it as it was, and so does one
// that nothing would tell of, see Trace.
func (s Shelf[ID, T]) Update(ctx context.Context, id ID, change func(*T) error) (*T, error) {
	t, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := Traced(change, s.Aside...)(t); err != nil {
		return nil, err
	}
	return t, s.Put(t)
}
