package ledger

import (
	"context"
	"sync"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
)

// Recorder remembers what belongs to no document by putting it into the inbox
// before it returns. It implements audit.Recorder.
type Recorder struct {
	Inbox Inbox
	Now   func() time.Time
	NewID func(prefix string) string
}

// Record keeps the event; Unavailable when it cannot, and then the action must
// not take place.
func (r *Recorder) Record(ctx context.Context, e audit.Entry) error {
	id := r.NewID("evt_")
	e.ID, e.Rev, e.Content = "aud_"+id+"_1_0", 0, nil
	if e.At.IsZero() {
		e.At = r.Now()
	}
	e.At = account.Moment(e.At)
	return r.Inbox.InsertEvent(ctx, id, e)
}

// Bounds of what Refusals keeps apart, and for how long alike ones are
// counted together.
const (
	maxTallies  = 2000
	tallyWindow = 10 * time.Minute
)

// Refused is the action of every refusal.
const Refused = "access.refused"

// Refusals counts refused requests. The first of a kind is recorded at the
// next Flush; those alike within ten minutes become one entry with a count, so
// that whoever is refused a million times does not fill the log for ever.
type Refusals struct {
	Recorder audit.Recorder
	Now      func() time.Time

	mu      sync.Mutex
	tallies map[refusal]*tally
}

// refusal is what alike refusals have in common.
type refusal struct{ actor, role, subject, reason, origin string }

type tally struct {
	since time.Time // of the first one counted
	count int64
	told  time.Time // when the kind was last recorded
}

// Note counts one refusal: by whom and from where, of what (Subject, the
// permission), and why (Reason, the code of the answer). It never fails and
// never waits: nothing took place that would have to be stopped.
func (r *Refusals) Note(e audit.Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tallies == nil {
		r.tallies = map[refusal]*tally{}
	}
	kind := refusal{e.Actor, e.Role, e.Subject, e.Reason, e.Origin}
	if _, known := r.tallies[kind]; !known && len(r.tallies) >= maxTallies {
		kind = refusal{reason: e.Reason}
	}
	t := r.tallies[kind]
	if t == nil {
		t = &tally{}
		r.tallies[kind] = t
	}
	if t.count == 0 {
		t.since = r.Now()
	}
	t.count++
}

// Flush records what is due. What cannot be recorded is counted on.
func (r *Refusals) Flush(ctx context.Context) error { return r.record(ctx, r.due(tallyWindow)) }

// Drain records everything that was counted: the process ends.
func (r *Refusals) Drain(ctx context.Context) error { return r.record(ctx, r.due(0)) }

func (r *Refusals) record(ctx context.Context, due map[refusal]tally) error {
	for kind, t := range due {
		err := r.Recorder.Record(ctx, audit.Entry{
			At: t.since, Actor: kind.actor, Role: kind.role, Action: Refused, Subject: kind.subject,
			Reason: kind.reason, Origin: kind.origin, Count: t.count,
		})
		if err != nil {
			return err
		}
		r.settle(kind, t.count)
	}
	return nil
}

// due copies the tallies last told that long ago and forgets the idle ones.
func (r *Refusals) due(window time.Duration) map[refusal]tally {
	r.mu.Lock()
	defer r.mu.Unlock()
	due, now := map[refusal]tally{}, r.Now()
	for kind, t := range r.tallies {
		switch over := now.Sub(t.told) >= window; {
		case over && t.count > 0:
			due[kind] = *t
		case over:
			delete(r.tallies, kind)
		}
	}
	return due
}

func (r *Refusals) settle(kind refusal, count int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t := r.tallies[kind]; t != nil {
		t.count -= count
		t.told, t.since = r.Now(), r.Now()
	}
}
