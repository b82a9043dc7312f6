package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/domain/fault"
)

// oneLease is a lease table of one process.
type oneLease struct {
	mu   sync.Mutex
	held map[string]string
}

func (l *oneLease) Acquire(_ context.Context, name, holder string, _ time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[name] != "" {
		return fault.New(fault.Conflict, "store.leased")
	}
	l.held[name] = holder
	return nil
}

func (l *oneLease) Release(_ context.Context, name, _ string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.held, name)
	return nil
}

func newRunner(l *oneLease, jobs ...Job) *Runner {
	return New(l, "test", slog.New(slog.DiscardHandler), jobs...)
}

func TestRunOnce(t *testing.T) {
	leases := &oneLease{held: map[string]string{}}
	ran := 0
	r := newRunner(leases,
		Job{Name: "count", Every: time.Hour, Run: func(context.Context) error { ran++; return nil }},
		Job{Name: "break", Every: time.Hour, Run: func(context.Context) error { panic("broken") }},
	)
	for range 2 {
		if err := r.RunOnce(t.Context(), "count"); err != nil {
			t.Fatal(err)
		}
	}
	if ran != 2 {
		t.Errorf("ran %d times", ran)
	}
	if err := r.RunOnce(t.Context(), "break"); err == nil {
		t.Error("a panic was swallowed")
	}
	if err := r.RunOnce(t.Context(), "break"); fault.Is(err, fault.Conflict) {
		t.Error("the lease outlived a panic")
	}
	if err := r.RunOnce(t.Context(), "nothing"); !fault.Is(err, fault.NotFound) {
		t.Errorf("unknown job: %v", err)
	}
	leases.held["job:count"] = "another process"
	if err := r.RunOnce(t.Context(), "count"); !fault.Is(err, fault.Conflict) || ran != 2 {
		t.Errorf("ran beside another process: %v %d", err, ran)
	}
}

func TestOneFailureDoesNotStopTheRest(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	var good atomic.Int32
	r := newRunner(&oneLease{held: map[string]string{}},
		Job{Name: "bad", Every: time.Millisecond, Run: func(context.Context) error { return errors.New("no") }},
		Job{Name: "good", Every: time.Millisecond, Run: func(context.Context) error {
			if good.Add(1) == 3 {
				stop()
			}
			return nil
		}},
	)
	r.Run(ctx)
	if good.Load() < 3 {
		t.Errorf("the good job ran %d times", good.Load())
	}
}
