package web

import (
	"context"
	"net/http"
	"runtime"
	"time"
)

// turns lets readers compute a few at a time, first come first served, though
// many have a place. When all computed at once, each would take as long as all
// together, the costly ones many times that, and refusals would wait in line
// with them for a processor.
type turns struct {
	free chan struct{}
	// atMost is how long one keeps its turn: whoever takes longer waits for
	// something, and goes on beside the next.
	atMost time.Duration
}

// turnTime is far above what an answer from memory takes.
const turnTime = 100 * time.Millisecond

func newTurns() *turns {
	return &turns{free: make(chan struct{}, 2*runtime.GOMAXPROCS(0)), atMost: turnTime}
}

// await waits for a turn and gives the way to end it, which may be called
// once. A context that ends first is its error. What writes has no turn: the
// database takes one write at a time anyhow.
func (t *turns) await(ctx context.Context, method string) (end func(), err error) {
	if method != http.MethodGet && method != http.MethodHead {
		return func() {}, nil
	}
	select {
	case t.free <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	over := time.AfterFunc(t.atMost, func() { <-t.free })
	return func() {
		if over.Stop() {
			<-t.free
		}
	}, nil
}
