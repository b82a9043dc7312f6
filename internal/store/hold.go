package store

import (
	"context"
	"fmt"
	"runtime/debug"

	"passerelle/internal/domain/fault"
)

// hold is an operation that has the locks of its ids. Its context no longer
// ends with the caller's, only with the operation's time.
type hold struct {
	ctx     context.Context
	cancel  context.CancelFunc
	ids     []string
	release func() // nil once handed to the goroutine that writes
}

// take waits for the locks of the ids, no longer than the caller's context and
// Options.OpTimeout allow. A caller that gives up meanwhile changes nothing.
func (c *collection[D]) take(ctx context.Context, ids ...string) (*hold, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		if !validID(id) {
			return nil, fault.New(fault.Invalid, "store.id")
		}
		keys[i] = c.lockKey(id)
	}
	waiting, cancelWait := c.db.limited(ctx)
	defer cancelWait()
	release, err := c.db.locks.lockAll(waiting, keys)
	if err != nil {
		return nil, unavailable(fmt.Errorf("wait for the lock in %s: %w", c.name, err))
	}
	deadline, _ := waiting.Deadline()
	held, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	return &hold{ctx: held, cancel: cancel, ids: ids, release: release}, nil
}

// leave ends the operation; the locks are freed unless a write has taken them
// over.
func (h *hold) leave() {
	h.cancel()
	if h.release != nil {
		h.release()
	}
}

// change is one acknowledged write: the document as stored, nil = deleted.
type change[D any] struct {
	id  string
	doc *D
}

// commit runs the write in a goroutine that takes over the locks, and waits for
// it as long as the operation has time. When the time is over the caller is
// told that the store is unavailable and the write goes on, so that a stalled
// database neither holds up callers nor leaves the index behind.
func (c *collection[D]) commit(h *hold, write func(context.Context) ([]change[D], error)) error {
	if err := h.ctx.Err(); err != nil {
		return unavailable(err) // nothing was sent
	}
	done := make(chan error, 1)
	release := h.release
	h.release = nil
	ctx := context.WithoutCancel(h.ctx)
	c.db.writing.Add(1)
	go func() {
		defer c.db.writing.Done()
		defer release()
		done <- c.attempt(ctx, h.ids, write)
	}()
	select {
	case err := <-done:
		return err
	case <-h.ctx.Done():
		return unavailable(fmt.Errorf("write to %s not finished in time", c.name))
	}
}

// attempt writes with the write's own limit and tells the observer. After an
// error that leaves the outcome open it tells the observer what is there.
func (c *collection[D]) attempt(ctx context.Context, ids []string, write func(context.Context) ([]change[D], error)) (err error) {
	defer func() {
		// A panic here, outside the caller's goroutine, would end the process.
		if p := recover(); p != nil {
			err = fmt.Errorf("write to %s: panic: %v\n%s", c.name, p, debug.Stack())
		}
	}()
	limited, cancel := context.WithTimeout(ctx, c.db.writeLimit)
	defer cancel()
	changes, err := write(limited)
	for _, ch := range changes {
		c.notify(ch.id, ch.doc)
	}
	if err == nil || fault.Of(err) != nil {
		return err // the outcome is known
	}
	for _, id := range ids {
		c.reread(ctx, id)
	}
	if isPermanent(err) {
		return fmt.Errorf("write to %s: %w", c.name, err)
	}
	return unavailable(err)
}

// reread tells the observer what the store holds, under the id lock, and has
// the settler look once more: the server may still be busy with the write that
// was given up.
func (c *collection[D]) reread(ctx context.Context, id string) {
	c.db.settler.add(c.lockKey(id), c.db.writeLimit, func(ctx context.Context) error {
		if err := c.db.locks.lock(ctx, c.lockKey(id)); err != nil {
			return err
		}
		defer c.db.locks.unlock(c.lockKey(id))
		return c.settle(ctx, id)
	})
	if err := c.settle(ctx, id); err != nil {
		c.db.opts.Logger.Warn("outcome of a write not known yet", "collection", c.name, "error", err)
	}
}

// settle reads one document and hands it to the observer. The lock is held.
func (c *collection[D]) settle(ctx context.Context, id string) error {
	ctx, cancel := c.db.limited(ctx)
	defer cancel()
	doc, err := c.find(ctx, id)
	switch {
	case err == nil:
		c.notify(id, &doc)
	case fault.Is(err, fault.NotFound):
		c.notify(id, nil)
	default:
		return err
	}
	return nil
}
