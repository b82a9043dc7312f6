package store

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// settleEvery is how often the settler looks for due documents.
const settleEvery = 500 * time.Millisecond

// settler reads documents again whose last write had an unknown outcome, once
// nothing can still be writing them, until it succeeds. Without it a write
// that was given up here and applied there would be missing from the index
// until the document's next change.
type settler struct {
	mu     sync.Mutex
	open   map[string]doubt
	cancel context.CancelFunc
	done   chan struct{}
	log    *slog.Logger
}

// doubt is one document to read again.
type doubt struct {
	due  time.Time
	read func(context.Context) error
}

// startSettler runs a settler until stop.
func startSettler(log *slog.Logger) *settler {
	ctx, cancel := context.WithCancel(context.Background())
	s := &settler{open: map[string]doubt{}, cancel: cancel, done: make(chan struct{}), log: log}
	go s.run(ctx)
	return s
}

// stop ends the settler and waits for it. What is still open is found by the
// next start, which reads everything.
func (s *settler) stop() {
	s.cancel()
	<-s.done
}

// add has the document read after the delay; a later doubt replaces an earlier.
func (s *settler) add(key string, after time.Duration, read func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[key] = doubt{due: time.Now().Add(after), read: read}
}

// pending counts the open documents.
func (s *settler) pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

func (s *settler) run(ctx context.Context) {
	defer close(s.done)
	ticker := time.NewTicker(settleEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			s.round(ctx, now)
		}
	}
}

// round reads what is due and stops at the first failure: the database is
// still away, and the next round tries again.
func (s *settler) round(ctx context.Context, now time.Time) {
	for key, d := range s.due(now) {
		if err := d.read(ctx); err != nil {
			s.log.Debug("document not settled yet", "error", err)
			return
		}
		s.settled(key, d)
	}
}

// due copies the documents whose time has come.
func (s *settler) due(now time.Time) map[string]doubt {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]doubt{}
	for key, d := range s.open {
		if !d.due.After(now) {
			out[key] = d
		}
	}
	return out
}

// settled closes a doubt, unless a newer one has taken its place.
func (s *settler) settled(key string, d doubt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[key].due.Equal(d.due) {
		delete(s.open, key)
	}
}
