package auth

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// SessionStore keeps session families, one document each. Every method may
// fail with Unavailable.
type SessionStore interface {
	// Get reads one family; NotFound when there is none.
	Get(ctx context.Context, id account.SessionID) (*account.Session, error)
	// Insert adds a family; Conflict when the id is taken.
	Insert(ctx context.Context, s *account.Session) error
	// Update reads the family under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id account.SessionID, change func(*account.Session) error) (*account.Session, error)
	// Delete removes a family; removing an absent one is no error.
	Delete(ctx context.Context, id account.SessionID) error
	// Each gives every family to see, in any order; an error of see ends it.
	Each(ctx context.Context, see func(*account.Session) error) error
}

const (
	// maxFamilies bounds the open sessions of one account; the one unused for
	// longest makes room.
	maxFamilies = 100
	maxLabel    = 120 // characters of a device's label
	sharedSize  = 16
	secretSize  = 32
)

// entry is a live family in memory. answered is the generation of the last
// exchange whose answer has been given: a request that came in before that
// cannot be the answer's receiver replaying a spent token.
type entry struct {
	account.Session
	answered int64
}

// Sessions opens, exchanges and ends session families, and knows the live
// ones in memory, so that a request's session is checked without the store.
type Sessions struct {
	store  SessionStore
	random io.Reader
	now    func() time.Time
	newID  func(prefix string) string
	wait   Wait
	settle time.Duration

	writing [64]sync.Mutex // by id: a write and its note are one step

	mu        sync.RWMutex
	live      map[account.SessionID]entry
	byAccount map[account.ID]map[account.SessionID]bool
}

// openSessions reads the live families into memory.
func openSessions(ctx context.Context, p Ports, o Options) (*Sessions, error) {
	s := &Sessions{
		store: p.Sessions, random: p.Random, now: p.Now, newID: p.NewID, wait: p.Wait, settle: o.Settle,
		live: map[account.SessionID]entry{}, byAccount: map[account.ID]map[account.SessionID]bool{},
	}
	return s, p.Sessions.Each(ctx, func(f *account.Session) error {
		s.note(*f)
		return nil
	})
}

// note takes what was written into memory; what is no longer live leaves it.
func (s *Sessions) note(f account.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !f.Live(s.now()) {
		s.forget(f.ID, f.Account)
		return
	}
	e, known := s.live[f.ID]
	if !known {
		e.answered = f.Generation
	}
	e.Session = f
	s.live[f.ID] = e
	if s.byAccount[f.Account] == nil {
		s.byAccount[f.Account] = map[account.SessionID]bool{}
	}
	s.byAccount[f.Account][f.ID] = true
}

func (s *Sessions) forget(id account.SessionID, owner account.ID) {
	delete(s.live, id)
	delete(s.byAccount[owner], id)
	if len(s.byAccount[owner]) == 0 {
		delete(s.byAccount, owner)
	}
}

// find gives a family, live or not: from memory, or, as when another process
// wrote it or a write's outcome was not known, from the store.
func (s *Sessions) find(ctx context.Context, id account.SessionID) (entry, error) {
	s.mu.RLock()
	e, known := s.live[id]
	s.mu.RUnlock()
	if known {
		return e, nil
	}
	f, err := s.store.Get(ctx, id)
	if err != nil {
		return entry{}, err
	}
	return entry{Session: *f, answered: f.Generation}, nil
}

// SessionLive reports whether a session family can be used.
func (s *Sessions) SessionLive(ctx context.Context, id account.SessionID) bool {
	e, err := s.find(ctx, id)
	return err == nil && e.Live(s.now())
}

// update writes a family and takes it into memory as one step. When the
// outcome of a write is not known, memory lets the family go, and whoever
// asks next is told by the store.
func (s *Sessions) update(ctx context.Context, id account.SessionID, change func(*account.Session) error) (*account.Session, error) {
	at := fnv.New32a()
	at.Write([]byte(id))
	lock := &s.writing[at.Sum32()%uint32(len(s.writing))]
	lock.Lock()
	defer lock.Unlock()
	f, err := s.store.Update(ctx, id, change)
	if err != nil {
		if fault.Is(err, fault.Unavailable) || fault.Is(err, fault.Internal) {
			s.drop(id)
		}
		return nil, err
	}
	s.note(*f)
	return f, nil
}

// of lists an account's live families, the longest unused first.
func (s *Sessions) of(owner account.ID) []account.Session {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var families []account.Session
	for id := range s.byAccount[owner] {
		families = append(families, s.live[id].Session)
	}
	slices.SortFunc(families, func(a, b account.Session) int {
		return cmp.Or(a.UsedAt.Compare(b.UsedAt), strings.Compare(string(a.ID), string(b.ID)))
	})
	return families
}

// open begins a family at the moment of a login and gives its first refresh
// token.
func (s *Sessions) open(ctx context.Context, owner account.ID, label string, at time.Time) (account.Session, string, error) {
	shared, secret, err := s.draw()
	if err != nil {
		return account.Session{}, "", err
	}
	f := account.Session{
		ID: account.SessionID(s.newID("ses_")), Account: owner, Family: hash(shared), Current: hash(secret),
		Label: cut(label, maxLabel), CreatedAt: at, TrustedAt: at, UsedAt: at, ExpiresAt: at.Add(account.SessionAbsolute),
	}
	if err := s.store.Insert(ctx, &f); err != nil {
		return account.Session{}, "", err
	}
	s.note(f)
	return f, refreshToken(f.ID, shared, secret), s.makeRoom(ctx, owner)
}

// makeRoom ends the longest unused families above the limit.
func (s *Sessions) makeRoom(ctx context.Context, owner account.ID) error {
	families := s.of(owner)
	for len(families) > maxFamilies {
		if err := s.revoke(ctx, families[0].ID, account.RevokedByNumber); err != nil {
			return err
		}
		families = families[1:]
	}
	return nil
}

// draw takes new random values: a family's shared part and a token's secret.
func (s *Sessions) draw() (shared, secret []byte, err error) {
	both := make([]byte, sharedSize+secretSize)
	if _, err := io.ReadFull(s.random, both); err != nil {
		return nil, nil, fmt.Errorf("auth: random source: %w", err)
	}
	return both[:sharedSize], both[sharedSize:], nil
}

// exchange spends a refresh token and gives the next one. Of several that
// present the same token at once, one wins. A token spent earlier revokes the
// family. The answer is held back for the settling time, in which requests
// sent together with the winner's still count as such. Nothing is spent when
// allowed refuses the family.
func (s *Sessions) exchange(ctx context.Context, token string, allowed func(*account.Session) bool) (account.Session, string, error) {
	id, shared, secret, err := parseRefresh(token)
	if err != nil {
		return account.Session{}, "", err
	}
	_, next, err := s.draw()
	if err != nil {
		return account.Session{}, "", err
	}
	known, err := s.find(ctx, id)
	if err != nil {
		return account.Session{}, "", unknownRefresh(err)
	}
	if !allowed(&known.Session) {
		return account.Session{}, "", fault.New(fault.Unauthenticated, "auth.refresh.revoked")
	}
	var reuse *fault.Error
	x := account.Exchange{Family: hash(shared), Secret: hash(secret), Next: hash(next), Observed: known.answered}
	f, err := s.update(ctx, id, func(f *account.Session) (err error) {
		reuse, err = f.Exchange(x, account.Moment(s.now()))
		return err
	})
	switch {
	case err != nil:
		return account.Session{}, "", unknownRefresh(err)
	case reuse != nil:
		return account.Session{}, "", reuse
	}
	s.wait(ctx, s.settle)
	s.answer(id, f.Generation)
	return *f, refreshToken(id, shared, next), nil
}

func unknownRefresh(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Unauthenticated, "auth.refresh.unknown")
	}
	return err
}

// answer notes that the answer of an exchange is about to be given.
func (s *Sessions) answer(id account.SessionID, generation int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.live[id]; ok && e.answered < generation {
		e.answered = generation
		s.live[id] = e
	}
}

// revoke ends a family, on the server and in memory; an absent one is no error.
func (s *Sessions) revoke(ctx context.Context, id account.SessionID, reason string) error {
	_, err := s.update(ctx, id, func(f *account.Session) error {
		f.Revoke(account.Moment(s.now()), reason)
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// revokeAll ends an account's families but one.
func (s *Sessions) revokeAll(ctx context.Context, owner account.ID, but account.SessionID, reason string) error {
	for _, f := range s.of(owner) {
		if f.ID == but {
			continue
		}
		if err := s.revoke(ctx, f.ID, reason); err != nil {
			return err
		}
	}
	return nil
}

// trust notes that the family's holder has just proved the password.
func (s *Sessions) trust(ctx context.Context, id account.SessionID, at time.Time) error {
	_, err := s.update(ctx, id, func(f *account.Session) error {
		f.TrustedAt = at
		return nil
	})
	return err
}

// Sweep deletes the families that ended more than the idle time ago, and says
// how many; a job runs it daily.
func (s *Sessions) Sweep(ctx context.Context) (deleted int, err error) {
	now := s.now()
	var ended []account.SessionID
	err = s.store.Each(ctx, func(f *account.Session) error {
		if !f.Live(now) && now.Sub(f.UsedAt) > account.SessionIdle {
			ended = append(ended, f.ID)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, id := range ended {
		if err := s.store.Delete(ctx, id); err != nil {
			return deleted, err
		}
		s.drop(id)
		deleted++
	}
	return deleted, nil
}

// drop lets a family go from memory.
func (s *Sessions) drop(id account.SessionID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, known := s.live[id]; known {
		s.forget(id, e.Account)
	}
}

func hash(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}

// refreshToken writes "<family>.<shared>.<secret>": opaque to whoever holds it.
func refreshToken(id account.SessionID, shared, secret []byte) string {
	b64 := base64.RawURLEncoding
	return string(id) + "." + b64.EncodeToString(shared) + "." + b64.EncodeToString(secret)
}

func parseRefresh(token string) (id account.SessionID, shared, secret []byte, err error) {
	parts := strings.Split(token, ".")
	if len(token) > 256 || len(parts) != 3 || !strings.HasPrefix(parts[0], "ses_") {
		return "", nil, nil, fault.New(fault.Unauthenticated, "auth.refresh.malformed")
	}
	b64 := base64.RawURLEncoding.Strict()
	shared, sharedErr := b64.DecodeString(parts[1])
	secret, secretErr := b64.DecodeString(parts[2])
	if sharedErr != nil || secretErr != nil || len(shared) != sharedSize || len(secret) != secretSize {
		return "", nil, nil, fault.New(fault.Unauthenticated, "auth.refresh.malformed")
	}
	return account.SessionID(parts[0]), shared, secret, nil
}

// cut keeps the first n characters of one line of text.
func cut(s string, n int) string {
	line := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " "))
	return string(line[:min(n, len(line))])
}
