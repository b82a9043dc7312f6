package account

import (
	"context"
	"sync"
	"time"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// Flow is something that an account may do only so often a day, because who
// does it more often is collecting people's data.
type Flow string

// The flows with a quota.
const (
	ReadProfile Flow = "profile.read"     // reading the profiles of others
	Disclosure  Flow = "profile.disclose" // seeing who people are
	TakeAway    Flow = "export"           // exports of any kind
)

// Flows lists them.
func Flows() []Flow { return []Flow{ReadProfile, Disclosure, TakeAway} }

// DailyQuota gives how many different records an account of the role may touch
// in a flow within a day of UTC: several times a day's work at a desk.
func DailyQuota(f Flow, r Role) int {
	switch {
	case f == TakeAway:
		return 10
	case f == Disclosure:
		return 100
	case r == Official:
		return 600
	}
	return 300
}

// Quotas counts flows by account and day, in memory: a restart begins a new
// count. The first refusal of an account, flow and day is recorded, so that
// somebody looks at it; Refused counts them all. It is safe for concurrent use.
type Quotas struct {
	Recorder audit.Recorder
	Now      func() time.Time
	Most     func(Flow, Role) int // nil = DailyQuota

	mu      sync.Mutex
	day     string
	touched map[flowOf]map[string]bool
	told    map[flowOf]bool
	refused map[Flow]int64
}

type flowOf struct {
	account ID
	flow    Flow
}

// Spend notes that the actor is about to touch a record in a flow; the same
// record counts once a day, an empty one each time. Exhausted code "quota.day"
// with the time until tomorrow when the day's quota is used up; should the
// refusal not be recorded it fails with that error. Jobs have no quota.
func (q *Quotas) Spend(ctx context.Context, actor Actor, f Flow, record string) error {
	if q == nil || !actor.SignedIn() || actor.Role == System {
		return nil
	}
	now := q.Now().UTC()
	within, first := q.count(flowOf{actor.Account, f}, actor.Role, record, now)
	if within {
		return nil
	}
	if first && q.Recorder != nil {
		err := q.Recorder.Record(ctx, audit.Entry{Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin,
			Action: "quota.exceeded", Subject: string(actor.Account), Reason: string(f)})
		if err != nil {
			return err
		}
	}
	tomorrow := now.Truncate(24 * time.Hour).Add(24 * time.Hour)
	return fault.New(fault.Exhausted, "quota.day").After(tomorrow.Sub(now))
}

// count says whether the record is within the quota, and whether this is the
// first refusal.
func (q *Quotas) count(key flowOf, role Role, record string, now time.Time) (within, first bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if day := now.Format(time.DateOnly); day != q.day {
		q.day, q.touched, q.told = day, map[flowOf]map[string]bool{}, map[flowOf]bool{}
	}
	seen := q.touched[key]
	if seen == nil {
		seen = map[string]bool{}
		q.touched[key] = seen
	}
	if record == "" {
		record = "\x00" + now.Format(time.RFC3339Nano) + string(rune(len(seen)))
	}
	most := DailyQuota
	if q.Most != nil {
		most = q.Most
	}
	if seen[record] {
		return true, false
	}
	if len(seen) < most(key.flow, role) {
		seen[record] = true
		return true, false
	}
	if q.refused == nil {
		q.refused = map[Flow]int64{}
	}
	q.refused[key.flow]++
	first = !q.told[key]
	q.told[key] = true
	return false, first
}

// Refused counts the refusals of a flow since the start.
func (q *Quotas) Refused(f Flow) int64 {
	if q == nil {
		return 0
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.refused[f]
}
