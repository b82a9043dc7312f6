package idempotency

import (
	"sync"
	"time"
)

// claims remembers leases by record. The store keeps milliseconds, and so does
// the comparison.
type claims struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// put remembers a claim and forgets those whose lease is over.
func (c *claims) put(id string, until, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.until == nil {
		c.until = map[string]time.Time{}
	}
	for other, lease := range c.until {
		if !now.Before(lease) {
			delete(c.until, other)
		}
	}
	c.until[id] = until.Truncate(time.Millisecond)
}

// take forgets a claim and gives its lease.
func (c *claims) take(id string) (until time.Time, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	until, known = c.until[id]
	delete(c.until, id)
	return until, known
}

// has reports whether this very claim is remembered, not a later one.
func (c *claims) has(r *Record) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	until, known := c.until[r.ID]
	return known && until.Equal(r.LeaseUntil.Truncate(time.Millisecond))
}

// begun notes the outcome of a claim: a request that runs, or one that does
// not although the store may hold its claim.
func (s *Service) begun(r *Record, err error) error {
	if err == nil {
		s.ended.take(r.ID)
		s.running.put(r.ID, r.LeaseUntil, s.now())
	} else {
		s.ended.put(r.ID, r.LeaseUntil, s.now())
	}
	return err
}

// came notes that a running request came back. When the store could not be
// told, the claim there does not bind anyone in this process.
func (s *Service) came(key Key, err error) error {
	id := key.ID()
	if until, known := s.running.take(id); known && err != nil {
		s.ended.put(id, until, s.now())
	}
	return err
}
