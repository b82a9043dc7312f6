package idempotency_test

import (
	"context"
	"testing"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
)

// shaky is a store that applies a write or not, and then says it is away.
type shaky struct {
	*idempotency.Memory
	away, applies bool
}

func (s *shaky) outcome(apply func() error) error {
	if !s.away {
		return apply()
	}
	if s.applies {
		_ = apply() // its answer is lost
	}
	return fault.New(fault.Unavailable, "store.unavailable")
}

func (s *shaky) Insert(ctx context.Context, r *idempotency.Record) error {
	return s.outcome(func() error { return s.Memory.Insert(ctx, r) })
}

func (s *shaky) Delete(ctx context.Context, id string) error {
	return s.outcome(func() error { return s.Memory.Delete(ctx, id) })
}

func (s *shaky) Update(ctx context.Context, id string, change func(*idempotency.Record) error) (r *idempotency.Record, err error) {
	err = s.outcome(func() error { r, err = s.Memory.Update(ctx, id, change); return err })
	return r, err
}

// TestRetryAfterAnOutage: while the store was away a claim, a release or an
// answer may have been lost. The request is over all the same, so its retry
// runs at once, and only one of several retries does.
//
// covers RL-02, RL-04
func TestRetryAfterAnOutage(t *testing.T) {
	ctx := context.Background()
	steps := map[string]func(*idempotency.Service) error{
		"release": func(s *idempotency.Service) error { return s.Release(ctx, key) },
		"answer":  func(s *idempotency.Service) error { return s.Finish(ctx, key, idempotency.Answer{Status: 201}) },
	}
	for name, step := range steps {
		store := &shaky{Memory: idempotency.NewMemory()}
		s := idempotency.New(store, func() time.Time { return time.Unix(1000, 0) })
		if _, err := s.Begin(ctx, key, "body"); err != nil {
			t.Fatal(err)
		}
		store.away = true
		if err := step(s); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("%s: %v", name, err)
		}
		store.away = false
		if a, err := s.Begin(ctx, key, "body"); a != nil || err != nil {
			t.Errorf("lost %s: the retry waits: %v", name, err)
		}
		if _, err := s.Begin(ctx, key, "body"); !fault.Is(err, fault.Conflict) {
			t.Errorf("lost %s: two retries run at once: %v", name, err)
		}
	}
}

// TestRetryAfterALostClaim: the claim itself may be in the store or not.
func TestRetryAfterALostClaim(t *testing.T) {
	ctx := context.Background()
	for _, applies := range []bool{false, true} {
		store := &shaky{Memory: idempotency.NewMemory(), away: true, applies: applies}
		s := idempotency.New(store, func() time.Time { return time.Unix(1000, 0) })
		if _, err := s.Begin(ctx, key, "body"); !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
		store.away = false
		if _, err := s.Begin(ctx, key, "body"); err != nil {
			t.Errorf("applied %v: the retry waits: %v", applies, err)
		}
		if _, err := s.Begin(ctx, key, "body"); !fault.Is(err, fault.Conflict) {
			t.Errorf("applied %v: two retries run at once: %v", applies, err)
		}
		if _, err := s.Begin(ctx, key, "other"); !fault.Is(err, fault.Invalid) {
			t.Errorf("applied %v: another request under the key: %v", applies, err)
		}
	}
}
