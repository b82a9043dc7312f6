package idempotency_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func service() (*idempotency.Service, *clock) {
	c := &clock{at: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)}
	return idempotency.New(idempotency.NewMemory(), c.now), c
}

var key = idempotency.Key{Account: "acc_1", Operation: "createOffer", Value: "k-1"}

func TestFirstAnswerIsReplayed(t *testing.T) {
	ctx := context.Background()
	s, c := service()
	if a, err := s.Begin(ctx, key, "body"); a != nil || err != nil {
		t.Fatalf("first request: %v, %v", a, err)
	}
	_, err := s.Begin(ctx, key, "body")
	if fault.KindOf(err) != fault.Conflict || fault.Of(err).RetryAfter == 0 {
		t.Fatalf("in flight: %v", err)
	}
	sent := idempotency.Answer{Status: 201, Header: map[string]string{"Location": "/x"}, Body: []byte(`{}`)}
	if err := s.Finish(ctx, key, sent); err != nil {
		t.Fatal(err)
	}
	got, err := s.Begin(ctx, key, "body")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&sent, got); diff != "" {
		t.Fatal(diff)
	}
	if _, err := s.Begin(ctx, key, "other"); !fault.Is(err, fault.Invalid) {
		t.Fatalf("other body: %v", err)
	}
	c.at = c.at.Add(idempotency.Lifetime)
	if a, err := s.Begin(ctx, key, "other"); a != nil || err != nil {
		t.Fatalf("a day later the key is free: %v, %v", a, err)
	}
}

func TestLeaseRunsOut(t *testing.T) {
	ctx := context.Background()
	s, c := service()
	if _, err := s.Begin(ctx, key, "body"); err != nil {
		t.Fatal(err)
	}
	c.at = c.at.Add(idempotency.Lease)
	if _, err := s.Begin(ctx, key, "other"); !fault.Is(err, fault.Invalid) {
		t.Fatalf("another request must not take the lease over: %v", err)
	}
	if a, err := s.Begin(ctx, key, "body"); a != nil || err != nil {
		t.Fatalf("the same request must: %v, %v", a, err)
	}
	if _, err := s.Begin(ctx, key, "body"); !fault.Is(err, fault.Conflict) {
		t.Fatalf("and holds it: %v", err)
	}
}

func TestALonelyProcessInheritsNoRequest(t *testing.T) {
	store, at := idempotency.NewMemory(), &clock{at: time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)}
	key := idempotency.Key{Account: "acc_1", Operation: "createOffer", Value: "k"}
	if _, err := idempotency.New(store, at.now).Begin(t.Context(), key, "f"); err != nil {
		t.Fatal(err)
	}
	at.at = at.at.Add(time.Second)
	if _, err := idempotency.New(store, at.now).Begin(t.Context(), key, "f"); !fault.Is(err, fault.Conflict) {
		t.Errorf("beside other processes: %v", err)
	}
	alone := idempotency.NewAlone(store, at.now)
	if _, err := alone.Begin(t.Context(), key, "other"); !fault.Is(err, fault.Invalid) {
		t.Errorf("another request with the key: %v", err)
	}
	if answer, err := alone.Begin(t.Context(), key, "f"); answer != nil || err != nil {
		t.Errorf("alone: %v %v", answer, err)
	}
	if _, err := alone.Begin(t.Context(), key, "f"); !fault.Is(err, fault.Conflict) {
		t.Errorf("its own running request: %v", err)
	}
}

func TestReleaseAndLargeAnswers(t *testing.T) {
	ctx := context.Background()
	s, _ := service()
	for name, end := range map[string]func() error{
		"release": func() error { return s.Release(ctx, key) },
		"large": func() error {
			return s.Finish(ctx, key, idempotency.Answer{Status: 200, Body: make([]byte, idempotency.MaxAnswer+1)})
		},
	} {
		if _, err := s.Begin(ctx, key, "body"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := end(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if a, err := s.Begin(ctx, key, "another"); a != nil || err != nil {
			t.Fatalf("%s: the key must be free: %v, %v", name, a, err)
		}
		if err := s.Release(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOneOfManyRuns(t *testing.T) {
	ctx := context.Background()
	s, c := service()
	for round := range 2 {
		var ran atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if a, err := s.Begin(ctx, key, "body"); a == nil && err == nil {
					ran.Add(1)
				}
			})
		}
		wg.Wait()
		if ran.Load() != 1 {
			t.Fatalf("round %d: %d requests ran", round, ran.Load())
		}
		c.at = c.at.Add(idempotency.Lease)
	}
}

func TestPurge(t *testing.T) {
	ctx := context.Background()
	s, c := service()
	if _, err := s.Begin(ctx, key, "body"); err != nil {
		t.Fatal(err)
	}
	c.at = c.at.Add(idempotency.Lifetime - time.Second)
	if n, err := s.Purge(ctx); n != 0 || err != nil {
		t.Fatalf("too early: %d, %v", n, err)
	}
	c.at = c.at.Add(time.Second)
	if n, err := s.Purge(ctx); n != 1 || err != nil {
		t.Fatalf("expired: %d, %v", n, err)
	}
}

func TestIDsAreDistinctAndOpaque(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringMatching(`[a-z:0-9]{0,12}`)
		draw := func(label string) idempotency.Key {
			return idempotency.Key{Account: "acc" + "_" + "x", Operation: part.Draw(t, label+"op"), Value: part.Draw(t, label+"value")}
		}
		a, b := draw("a"), draw("b")
		if (a == b) != (a.ID() == b.ID()) {
			t.Fatalf("%v %v", a, b)
		}
		if len(a.Value) > 6 && strings.Contains(a.ID(), a.Value) {
			t.Fatal("the id shows the key")
		}
	})
}

func TestContext(t *testing.T) {
	if _, ok := idempotency.From(context.Background()); ok {
		t.Fatal("no key was sent")
	}
	if got, ok := idempotency.From(idempotency.With(context.Background(), key)); !ok || got != key {
		t.Fatal(got, ok)
	}
}
