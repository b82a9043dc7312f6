package app

import (
	"sync"
	"time"

	"passerelle/internal/domain/fault"
)

// Clock tells the time. The demonstration's clock may start elsewhere and be
// moved forward, so that rules about time can be seen; it runs on at the pace
// of the machine's monotonic clock.
type Clock struct {
	mu    sync.Mutex
	base  time.Time     // machine time at which shift began to count
	shift time.Duration // added to machine time
}

// NewClock makes a clock that says start now; the zero time means the
// machine's own time.
func NewClock(start time.Time) *Clock {
	c := &Clock{base: time.Now()}
	if !start.IsZero() {
		c.shift = start.Sub(c.base)
	}
	return c
}

// Now gives the time in UTC, in whole milliseconds as it is stored.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	return c.base.Add(time.Since(c.base) + c.shift).UTC().Truncate(time.Millisecond)
}

// Advance moves the clock forward to an instant, at most a hundred years
// ahead; backwards is Invalid.
func (c *Clock) Advance(to time.Time) (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if to.Before(now) || to.After(now.AddDate(100, 0, 0)) {
		return now, fault.New(fault.Invalid, "demo.clock", fault.Field{Pointer: "/now", Code: "demo.clock.forward"})
	}
	c.shift += to.Sub(now)
	return c.now(), nil
}
