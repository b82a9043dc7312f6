package auth

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// shelf keeps documents in memory under one lock, as a store does per id.
type shelf[K ~string, T any] struct {
	mu     sync.Mutex
	docs   map[K]T
	broken error // given by the next update after it has written
}

func (s *shelf[K, T]) Get(_ context.Context, id K) (*T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.docs[id]
	if !ok {
		return nil, fault.New(fault.NotFound, "store.not_found")
	}
	return &d, nil
}

func (s *shelf[K, T]) put(id K, d T) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.docs[id]; taken {
		return fault.New(fault.Conflict, "store.duplicate")
	}
	if s.docs == nil {
		s.docs = map[K]T{}
	}
	s.docs[id] = d
	return nil
}

func (s *shelf[K, T]) Update(ctx context.Context, id K, change func(*T) error) (*T, error) {
	d, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	*d = s.docs[id]
	if err := change(d); err != nil {
		return nil, err
	}
	s.docs[id] = *d
	if err := s.broken; err != nil {
		s.broken = nil
		return nil, err
	}
	return d, nil
}

func (s *shelf[K, T]) Delete(_ context.Context, id K) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.docs, id)
	return nil
}

func (s *shelf[K, T]) Each(_ context.Context, see func(*T) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.docs {
		if err := see(&d); err != nil {
			return err
		}
	}
	return nil
}

type memSessions struct {
	shelf[account.SessionID, account.Session]
}

func (m *memSessions) Insert(_ context.Context, s *account.Session) error { return m.put(s.ID, *s) }

type memAccounts struct {
	shelf[account.ID, account.Account]
	claims  sync.Map
	looking func() // called before each look-up of a card
	found   func() // called once, after an account was read by its login
}

func (m *memAccounts) Insert(_ context.Context, a *account.Account) error {
	for _, login := range a.Logins() {
		if owner, taken := m.claims.LoadOrStore(login.Key(), a.ID); taken && owner != a.ID {
			return fault.New(fault.Conflict, "account.taken")
		}
	}
	return m.put(a.ID, *a)
}

func (m *memAccounts) ByLogin(ctx context.Context, login account.Identifier) (*account.Account, error) {
	owner, ok := m.claims.Load(login.Key())
	if !ok {
		return nil, fault.New(fault.NotFound, "store.not_found")
	}
	a, err := m.Get(ctx, owner.(account.ID))
	if then := m.found; then != nil {
		m.found = nil
		then()
	}
	return a, err
}

func (m *memAccounts) AccountCard(id account.ID) (account.Card, bool) {
	if m.looking != nil {
		m.looking()
	}
	a, err := m.Get(context.Background(), id)
	if err != nil {
		return account.Card{}, false
	}
	return a.Card(), true
}

func (m *memAccounts) AccountByLogin(login string) (account.Card, bool) {
	for _, kind := range []account.IdentifierKind{account.ByEmail, account.ByPhone} {
		if owner, ok := m.claims.Load(account.Identifier{Kind: kind, Value: login}.Key()); ok {
			return m.AccountCard(owner.(account.ID))
		}
	}
	return account.Card{}, false
}

func (m *memAccounts) ChangeLogin(ctx context.Context, id account.ID, to account.Identifier, change func(*account.Account) error) (*account.Account, error) {
	if owner, taken := m.claims.LoadOrStore(to.Key(), id); taken && owner != id {
		return nil, fault.New(fault.Conflict, "account.taken")
	}
	before, err := m.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	after, err := m.Update(ctx, id, change)
	for _, login := range before.Logins() {
		if err == nil && !slices.Contains(after.Logins(), login) {
			m.claims.Delete(login.Key())
		}
	}
	return after, err
}

type memCodes struct {
	shelf[account.CodeID, account.Code]
}

func (m *memCodes) Insert(_ context.Context, c *account.Code) error { return m.put(c.ID, *c) }

type memKeys struct {
	shelf[string, account.SealedKey]
}

func (m *memKeys) InsertKey(_ context.Context, k account.SealedKey) error { return m.put(k.KID, k) }

func (m *memKeys) ListKeys(ctx context.Context) (keys []account.SealedKey, err error) {
	err = m.Each(ctx, func(k *account.SealedKey) error {
		keys = append(keys, *k)
		return nil
	})
	return keys, err
}

func (m *memKeys) ReplaceKey(ctx context.Context, k account.SealedKey) error {
	_, err := m.Update(ctx, k.KID, func(old *account.SealedKey) error {
		*old = k
		return nil
	})
	return err
}

// world is a service over memory with a clock that stands still until moved.
type world struct {
	*Service
	accounts memAccounts
	families memSessions
	codes    memCodes
	keys     memKeys
	clock    atomic.Int64 // nanoseconds since the start
	serial   atomic.Int64
	waited   atomic.Int64 // nanoseconds asked of Wait
	waiting  func()       // called once, during the next wait
	ctx      context.Context
}

func (w *world) time() time.Time {
	return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(w.clock.Load()))
}

func (w *world) pass(d time.Duration) { w.clock.Add(int64(d)) }

func (w *world) id(prefix string) string { return fmt.Sprintf("%s%026d", prefix, w.serial.Add(1)) }

func cheap() Hashing { return Hashing{MemoryKiB: 8, Passes: 1, Lanes: 1, AtOnce: 2} }

func testMaster(t testing.TB) Master {
	t.Helper()
	raw := bytes.Repeat([]byte("\x9c\x01\xe7\x42\xb8\x1d\xf3\x66\x0a\xd5\x2f\x91\x7e\xc4\x58\xab"), 2)
	m, err := NewMaster(raw, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const (
	issuer   = "https://passerelle.example"
	audience = "passerelle-api"
	goodPass = "trois pirogues remontent doucement"
)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{ctx: t.Context()}
	w.reopen(t)
	return w
}

// reopen starts the service again over the same documents.
func (w *world) reopen(t testing.TB) {
	t.Helper()
	keys, err := OpenKeyring(t.Context(), &w.keys, testMaster(t), rand.Reader, w.time)
	if err != nil {
		t.Fatal(err)
	}
	passwords, err := NewPasswords(cheap(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wait := func(_ context.Context, d time.Duration) {
		w.waited.Add(int64(d))
		if then := w.waiting; then != nil {
			w.waiting = nil
			then()
		}
	}
	w.Service, err = NewService(t.Context(), Ports{
		Accounts: &w.accounts, Lookup: &w.accounts, Logins: &w.accounts, Sessions: &w.families, Codes: &w.codes, Keys: keys, Passwords: passwords,
		Now: w.time, NewID: w.id, Wait: wait,
	}, Options{Issuer: issuer, Audience: audience, Throttled: true, Floor: time.Second, Settle: time.Second})
	if err != nil {
		t.Fatal(err)
	}
}

// join registers somebody and gives the account's id.
func (w *world) join(t testing.TB, email string) account.ID {
	t.Helper()
	err := w.Register(t.Context(), Registration{Applicant: account.Candidate, Email: email, Password: goodPass})
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.accounts.ByLogin(t.Context(), account.Identifier{Kind: account.ByEmail, Value: email})
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

func (w *world) login(t testing.TB, email, password string) TokenPair {
	t.Helper()
	pair, err := w.Login(t.Context(), Credentials{Login: email, Password: password, From: Client{Address: "192.0.2.7", Label: "test"}})
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Code != code {
		t.Fatalf("got %v, want %v %s", err, kind, code)
	}
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	wantCode(t, err, fault.Unauthenticated, code)
}
