// Package idempotency makes a request that was sent twice happen once: the
// first answer to a key is kept for a day and given again. A key belongs to
// one account and one operation. The claim on a key is an insert, so of many
// parallel requests exactly one runs.
//
// The claim is written before the effect and the answer after it. When the
// process dies in between, the claim outlives its lease and the request may
// run again; services that insert derive the new record's id from Key (see
// From), so that the second run meets the record of the first.
package idempotency

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// Lifetime is how long an answer can be replayed; Lease is how long a request
// may run before another one with the same key may take it over; MaxAnswer is
// the largest body kept, in bytes.
const (
	Lifetime  = 24 * time.Hour
	Lease     = time.Minute
	MaxAnswer = 256 << 10
)

// Key names one request: who sent it, to which operation, under which
// Idempotency-Key. The account is empty for callers without one.
type Key struct {
	Account   account.ID
	Operation string
	Value     string // the header's text, at most 255 visible ASCII characters
}

// ID gives the record's id ("idm_…"), which does not show the key.
func (k Key) ID() string {
	h := sha256.New()
	for _, part := range []string{string(k.Account), k.Operation, k.Value} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h.Sum(nil)[:20])
	return "idm_" + strings.ToLower(text)
}

// Answer is a first answer as it was sent.
type Answer struct {
	Status int
	Header map[string]string
	Body   []byte
}

// Record is one claimed key. Answer is nil while the request is running.
type Record struct {
	ID          string
	Account     account.ID // who sent the request; empty for callers without account
	Fingerprint string     // hash of method, path, query and body
	Answer      *Answer
	LeaseUntil  time.Time
	ExpiresAt   time.Time
}

// Store keeps records. Every method may fail with Unavailable.
type Store interface {
	// Insert adds a record; Conflict when the id is taken.
	Insert(ctx context.Context, r *Record) error
	// Get reads a record; NotFound when there is none.
	Get(ctx context.Context, id string) (*Record, error)
	// Update reads the record under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written;
	// NotFound when there is no such record.
	Update(ctx context.Context, id string, change func(*Record) error) (*Record, error)
	// Delete removes a record; removing an absent one is no error.
	Delete(ctx context.Context, id string) error
	// DeleteExpired removes what expired before now and says how many.
	DeleteExpired(ctx context.Context, now time.Time) (int, error)
}

// Service claims keys and keeps answers.
type Service struct {
	store Store
	now   func() time.Time
	// alone is since when no other process can be running a request; zero
	// where other processes share the store.
	alone time.Time
	// running are the claims of requests under way here. ended are claims the
	// store may hold although their request is over: it failed at the wrong
	// moment. A retry need not wait for their lease.
	running, ended claims
}

// NewAlone builds the service of a process that has the store to itself: a
// request that was running when an earlier process died runs again at once,
// without waiting for its lease to end.
func NewAlone(store Store, now func() time.Time) *Service {
	return &Service{store: store, now: now, alone: now()}
}

// New builds the service on a store and a clock.
func New(store Store, now func() time.Time) *Service {
	return &Service{store: store, now: now}
}

// Begin claims the key for a request with that fingerprint. It returns the
// first answer when there is one, and nil when the caller must run the request
// and then call Finish or Release. It fails with Invalid "idempotency.mismatch"
// when the key was used for another request, and with Conflict
// "idempotency.in_flight" while the first one is running.
func (s *Service) Begin(ctx context.Context, key Key, fingerprint string) (*Answer, error) {
	fresh := s.claim(key, fingerprint)
	err := s.store.Insert(ctx, fresh)
	if !fault.Is(err, fault.Conflict) {
		return nil, s.begun(fresh, err)
	}
	held, err := s.store.Get(ctx, fresh.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, inFlight()
	}
	if err != nil {
		return nil, err
	}
	if s.over(held) {
		return nil, s.takeOver(ctx, fresh)
	}
	return held.answerTo(fingerprint)
}

func (s *Service) claim(key Key, fingerprint string) *Record {
	now := s.now()
	return &Record{ID: key.ID(), Account: key.Account, Fingerprint: fingerprint, LeaseUntil: now.Add(Lease), ExpiresAt: now.Add(Lifetime)}
}

// over reports whether the record no longer binds anyone: its day has passed,
// or its request never came back.
func (s *Service) over(r *Record) bool {
	now := s.now()
	orphan := r.LeaseUntil.Add(-Lease).Before(s.alone) || s.ended.has(r)
	return !now.Before(r.ExpiresAt) || r.Answer == nil && (orphan || !now.Before(r.LeaseUntil))
}

// answerTo gives the kept answer to a request that is the same as the first.
func (r *Record) answerTo(fingerprint string) (*Answer, error) {
	switch {
	case r.Fingerprint != fingerprint:
		return nil, mismatch()
	case r.Answer == nil:
		return nil, inFlight()
	default:
		return r.Answer, nil
	}
}

// takeOver replaces a record that is over; of several callers one wins, since
// the condition is looked at again under the record's lock. A lease that ran
// out is only taken over by the same request.
func (s *Service) takeOver(ctx context.Context, fresh *Record) error {
	_, err := s.store.Update(ctx, fresh.ID, func(r *Record) error {
		if !s.over(r) {
			return inFlight()
		}
		if s.now().Before(r.ExpiresAt) && r.Fingerprint != fresh.Fingerprint {
			return mismatch()
		}
		s.ended.take(r.ID)
		*r = *fresh
		return nil
	})
	switch {
	case fault.Is(err, fault.NotFound):
		return inFlight()
	case err == nil || fault.Is(err, fault.Unavailable):
		return s.begun(fresh, err)
	default:
		return err
	}
}

// Finish keeps the first answer. A body over MaxAnswer is not kept: the key is
// released instead.
func (s *Service) Finish(ctx context.Context, key Key, answer Answer) error {
	if len(answer.Body) > MaxAnswer {
		return s.Release(ctx, key)
	}
	_, err := s.store.Update(ctx, key.ID(), func(r *Record) error {
		r.Answer = &answer
		return nil
	})
	return s.came(key, err)
}

// Release gives the key back after a failure that a retry may cure.
func (s *Service) Release(ctx context.Context, key Key) error {
	return s.came(key, s.store.Delete(ctx, key.ID()))
}

// Purge removes expired records and says how many; a job calls it.
func (s *Service) Purge(ctx context.Context) (int, error) {
	return s.store.DeleteExpired(ctx, s.now())
}

func inFlight() error {
	return fault.New(fault.Conflict, "idempotency.in_flight").After(time.Second)
}

func mismatch() error {
	return fault.New(fault.Invalid, "idempotency.mismatch", fault.Field{Pointer: "Idempotency-Key", Code: "idempotency.mismatch"})
}

type contextKey struct{}

// With carries the key of the running request to the services below.
func With(ctx context.Context, key Key) context.Context {
	return context.WithValue(ctx, contextKey{}, key)
}

// From gives the key of the running request; ok is false when the caller sent
// none. A service that inserts makes the new id from Key.ID, so that the same
// request run twice cannot make two records.
func From(ctx context.Context) (key Key, ok bool) {
	key, ok = ctx.Value(contextKey{}).(Key)
	return key, ok
}
