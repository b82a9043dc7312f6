package store

import (
	"context"
	"slices"
	"sync"
)

// keyedLocks gives one lock to each key that is in use; the zero value is
// ready. Waiting ends with the waiter's context.
type keyedLocks struct {
	mu   sync.Mutex
	held map[string]*keyLock
}

// keyLock is the lock of one key; refs counts its holder and waiters.
type keyLock struct {
	token chan struct{} // holds one token while the lock is taken
	refs  int
}

// lock takes the lock of one key, or fails with the context's error.
func (l *keyedLocks) lock(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	k := l.refer(key)
	select {
	case k.token <- struct{}{}:
		return nil
	case <-ctx.Done():
		l.forget(key, k)
		return ctx.Err()
	}
}

// unlock frees a key that lock has taken.
func (l *keyedLocks) unlock(key string) {
	l.mu.Lock()
	k := l.held[key]
	l.mu.Unlock()
	<-k.token
	l.forget(key, k)
}

// lockAll takes several locks in one order, so that two callers never wait for
// each other, and gives back what frees them. The keys must differ.
func (l *keyedLocks) lockAll(ctx context.Context, keys []string) (release func(), err error) {
	sorted := slices.Sorted(slices.Values(keys))
	for i, key := range sorted {
		if err := l.lock(ctx, key); err != nil {
			l.unlockAll(sorted[:i])
			return nil, err
		}
	}
	return func() { l.unlockAll(sorted) }, nil
}

func (l *keyedLocks) unlockAll(keys []string) {
	for _, key := range keys {
		l.unlock(key)
	}
}

// refer finds or makes the lock of a key and counts the caller in.
func (l *keyedLocks) refer(key string) *keyLock {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]*keyLock{}
	}
	k := l.held[key]
	if k == nil {
		k = &keyLock{token: make(chan struct{}, 1)}
		l.held[key] = k
	}
	k.refs++
	return k
}

// forget counts the caller out and drops the lock when nobody is left.
func (l *keyedLocks) forget(key string, k *keyLock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k.refs--; k.refs == 0 {
		delete(l.held, key)
	}
}
