package idempotency

import (
	"context"
	"sync"
	"time"

	"passerelle/internal/domain/fault"
)

// Memory is a Store that lives as long as the process. It serves commands that
// need no durable keys, and tests.
type Memory struct {
	mu      sync.Mutex
	records map[string]Record
}

// NewMemory makes an empty store.
func NewMemory() *Memory { return &Memory{records: map[string]Record{}} }

// Insert implements Store.
func (m *Memory) Insert(_ context.Context, r *Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, taken := m.records[r.ID]; taken {
		return fault.New(fault.Conflict, "idempotency.taken")
	}
	m.records[r.ID] = *r
	return nil
}

// Get implements Store.
func (m *Memory) Get(_ context.Context, id string) (*Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[id]
	if !ok {
		return nil, fault.New(fault.NotFound, "idempotency.absent")
	}
	return &r, nil
}

// Update implements Store.
func (m *Memory) Update(_ context.Context, id string, change func(*Record) error) (*Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[id]
	if !ok {
		return nil, fault.New(fault.NotFound, "idempotency.absent")
	}
	if err := change(&r); err != nil {
		return nil, err
	}
	m.records[id] = r
	return &r, nil
}

// Delete implements Store.
func (m *Memory) Delete(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.records, id)
	return nil
}

// DeleteExpired implements Store.
func (m *Memory) DeleteExpired(_ context.Context, now time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := len(m.records)
	for id, r := range m.records {
		if !now.Before(r.ExpiresAt) {
			delete(m.records, id)
		}
	}
	return before - len(m.records), nil
}
