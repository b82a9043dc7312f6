package web

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestTurns: no more compute at once than there are turns, a turn that lasts
// does not stop the next, and writing waits for none.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := &turns{free: make(chan struct{}, 2), atMost: turnTime}
		ctx := context.Background()
		first, second := mustTurn(t, turns, ctx), mustTurn(t, turns, ctx)
		if end, err := turns.await(ctx, http.MethodPost); err != nil {
			t.Errorf("a write waits for a turn: %v", err)
		} else {
			end()
		}
		began := time.Now()
		first()
		third := mustTurn(t, turns, ctx)
		if waited := time.Since(began); waited != 0 {
			t.Errorf("waited %v for a turn that was free", waited)
		}
		fourth := mustTurn(t, turns, ctx)
		if waited := time.Since(began); waited != turnTime {
			t.Errorf("waited %v behind a turn that lasts", waited)
		}
		for _, end := range []func(){second, third, fourth} {
			end()
		}
		time.Sleep(2 * turnTime)
		if n := len(turns.free); n != 0 {
			t.Errorf("%d turns are still taken", n)
		}
	})
}

// TestTurnsEnd: whoever may wait no longer is told so.
func TestTurnsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := &turns{free: make(chan struct{}, 1), atMost: time.Hour}
		end := mustTurn(t, turns, context.Background())
		defer end()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, err := turns.await(ctx, http.MethodGet); err == nil {
			t.Error("there was a turn")
		}
	})
}

func mustTurn(t *testing.T, turns *turns, ctx context.Context) (end func()) {
	t.Helper()
	end, err := turns.await(ctx, http.MethodGet)
	if err != nil {
		t.Fatal(err)
	}
	return end
}
