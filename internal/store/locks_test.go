package store

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
)

func TestKeyedLocksExcludeAndForget(t *testing.T) {
	var l keyedLocks
	var wg sync.WaitGroup
	n := map[string]*int{"a": new(int), "b": new(int), "c": new(int)}
	pairs := [][]string{{"a", "b"}, {"b", "a"}, {"c", "a"}, {"b", "c", "a"}}
	for i := range 400 {
		wg.Go(func() {
			release, err := l.lockAll(context.Background(), pairs[i%len(pairs)])
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			for _, key := range pairs[i%len(pairs)] {
				*n[key]++
			}
		})
	}
	wg.Wait()
	if *n["a"] != 400 || *n["b"] != 300 || *n["c"] != 200 || len(l.held) != 0 {
		t.Errorf("a %d, b %d, c %d; %d locks left", *n["a"], *n["b"], *n["c"], len(l.held))
	}
}

// TestKeyedLocksAreTakenInOrder: whoever waits for a holds nothing after it, so
// two callers never wait for each other.
func TestKeyedLocksAreTakenInOrder(t *testing.T) {
	var l keyedLocks
	ctx := context.Background()
	if err := l.lock(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		release, err := l.lockAll(ctx, []string{"b", "a"})
		if err == nil {
			release()
		}
		done <- err
	}()
	for waiters := 0; waiters < 2; runtime.Gosched() {
		l.mu.Lock()
		waiters = l.held["a"].refs
		if l.held["b"] != nil {
			waiters = 2
		}
		l.mu.Unlock()
	}
	l.mu.Lock()
	taken := l.held["b"] != nil
	l.mu.Unlock()
	if taken {
		t.Error("b was taken before a")
	}
	l.unlock("a")
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestKeyedLocksGiveUp(t *testing.T) {
	var l keyedLocks
	if err := l.lock(context.Background(), "b"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		_, err := l.lockAll(ctx, []string{"b", "a"})
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	l.unlock("b")
	if len(l.held) != 0 {
		t.Errorf("%d locks left", len(l.held))
	}
	if _, err := l.lockAll(ctx, []string{"a"}); !errors.Is(err, context.Canceled) || len(l.held) != 0 {
		t.Errorf("a free lock was given to a caller who has left: %v", err)
	}
}
