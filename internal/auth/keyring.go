package auth

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// Purpose says what a key is for. Each purpose has its own keys, so that what
// one of them signed is never good for another.
type Purpose string

// The purposes. Login, Seal, Clearance and Checkpoint are Ed25519 signing
// keys; the others are 256-bit secrets.
const (
	Login      Purpose = "login"      // access tokens
	Seal       Purpose = "seal"       // offers' frozen terms
	Clearance  Purpose = "clearance"  // departure clearances
	Checkpoint Purpose = "checkpoint" // states of the audit log
	Cursor     Purpose = "cursor"     // positions in lists (HMAC)
	CSRF       Purpose = "csrf"       // form tokens (HMAC)
	MFA        Purpose = "mfa"        // second-factor secrets (AES-256)
	Field      Purpose = "field"      // personal numbers (AES-256)
	Subject    Purpose = "subject"    // wraps the keys of the audit log's subjects (AES-256)
	Code       Purpose = "code"       // one-time codes (HMAC)
	Ticket     Purpose = "ticket"     // half-finished logins (AES-256)
	Blob       Purpose = "blob"       // contents of uploaded documents (AES-256)
	Lookup     Purpose = "lookup"     // digests under which identifiers are found (HMAC); never rotated
)

// trait says how keys of a purpose behave.
type trait struct {
	signing bool
	// overlap is how long a key is accepted once another has taken over; zero
	// means always: a seal or a ciphertext outlives the key's turn.
	overlap time.Duration
}

func traitOf(p Purpose) (trait, bool) {
	t, ok := map[Purpose]trait{
		Login: {signing: true, overlap: AccessLifetime + time.Minute}, Seal: {signing: true}, Clearance: {signing: true}, Checkpoint: {signing: true},
		Cursor: {overlap: 24 * time.Hour}, CSRF: {overlap: 24 * time.Hour}, MFA: {}, Field: {}, Blob: {}, Subject: {},
		Code: {overlap: 2 * time.Hour}, Ticket: {overlap: time.Hour}, Lookup: {},
	}[p]
	return t, ok
}

// The states of a key.
const (
	keyActive   = "active"
	keyRetiring = "retiring" // signs no more; what it signed is still good
	keyRetired  = "retired"  // wiped
)

// KeyStore keeps wrapped keys. Every method may fail with Unavailable.
type KeyStore interface {
	// InsertKey adds a key under its KID; Conflict when the KID is taken.
	InsertKey(ctx context.Context, key account.SealedKey) error
	// ListKeys reads all keys.
	ListKeys(ctx context.Context) ([]account.SealedKey, error)
	// ReplaceKey replaces the key with the same KID; NotFound without one.
	ReplaceKey(ctx context.Context, key account.SealedKey) error
}

// key is an opened key. private is set for signing purposes, secret else.
type key struct {
	sealed  account.SealedKey
	n       int
	private ed25519.PrivateKey
	secret  []byte
}

// accepted reports whether what the key signed is still good.
func (k key) accepted(now time.Time) bool {
	return k.sealed.NotAfter.IsZero() || now.Before(k.sealed.NotAfter)
}

// Keyring holds the opened keys of all purposes, found by kid in memory and
// never from anything a token says beyond that name.
type Keyring struct {
	store  KeyStore
	master Master
	random io.Reader
	now    func() time.Time

	change sync.Mutex // one creation or rotation at a time
	mu     sync.RWMutex
	keys   map[string]key // by kid
	// learned is when the keys were last read because of an unknown kid.
	learned time.Time
}

// OpenKeyring reads and opens all keys; Unavailable code "key.master.wrong"
// when the master key did not wrap them.
func OpenKeyring(ctx context.Context, store KeyStore, master Master, random io.Reader, now func() time.Time) (*Keyring, error) {
	r := &Keyring{store: store, master: master, random: random, now: now}
	return r, r.Reload(ctx)
}

// Reload reads the keys again, as after another process rotated them.
func (r *Keyring) Reload(ctx context.Context) error {
	sealed, err := r.store.ListKeys(ctx)
	if err != nil {
		return err
	}
	keys := make(map[string]key, len(sealed))
	for _, s := range sealed {
		k, err := r.open(s)
		if err != nil {
			return err
		}
		keys[s.KID] = k
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys = keys
	return nil
}

// open unwraps a key and checks that the public half it is published with is
// its own.
func (r *Keyring) open(s account.SealedKey) (key, error) {
	t, known := traitOf(Purpose(s.Purpose))
	number, err := strconv.Atoi(strings.TrimPrefix(s.KID, s.Purpose+"-"))
	if !known || err != nil || s.KID != kidOf(Purpose(s.Purpose), number) {
		return key{}, fault.New(fault.Unavailable, "key.unknown")
	}
	if s.State == keyRetired {
		return key{sealed: s, n: number}, nil
	}
	secret, err := r.master.unwrap(s.KID, Purpose(s.Purpose), s.Wrapped)
	if err != nil {
		return key{}, err
	}
	k := key{sealed: s, n: number, secret: secret}
	if t.signing {
		if len(secret) != ed25519.SeedSize {
			return key{}, fault.New(fault.Unavailable, "key.damaged")
		}
		k.private, k.secret = ed25519.NewKeyFromSeed(secret), nil
		if !bytes.Equal(k.private.Public().(ed25519.PublicKey), s.Public) {
			return key{}, fault.New(fault.Unavailable, "key.damaged")
		}
	}
	return k, nil
}

func kidOf(p Purpose, n int) string { return fmt.Sprintf("%s-%d", p, n) }

// newest finds the purpose's key with the highest number: the one that signs.
func (r *Keyring) newest(p Purpose) (key, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var best key
	for _, k := range r.keys {
		if k.sealed.Purpose == string(p) && k.n > best.n {
			best = k
		}
	}
	return best, best.n > 0
}

// find gives an accepted key of that purpose and kid.
func (r *Keyring) find(p Purpose, kid string) (key, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	k, ok := r.keys[kid]
	return k, ok && k.sealed.Purpose == string(p) && k.accepted(r.now())
}

// use gives the key that signs now, and makes the first one of a purpose.
func (r *Keyring) use(ctx context.Context, p Purpose) (key, error) {
	if k, ok := r.newest(p); ok {
		return k, nil
	}
	r.change.Lock()
	defer r.change.Unlock()
	if k, ok := r.newest(p); ok {
		return k, nil
	}
	return r.add(ctx, p, 1)
}

// add makes and stores key n. The chosen id lets one process win; the other
// takes what is there.
func (r *Keyring) add(ctx context.Context, p Purpose, n int) (key, error) {
	t, known := traitOf(p)
	if !known {
		return key{}, fault.New(fault.Unavailable, "key.unknown")
	}
	k, err := r.forge(p, n, t)
	if err != nil {
		return key{}, err
	}
	switch err := r.store.InsertKey(ctx, k.sealed); {
	case fault.Is(err, fault.Conflict):
		if err := r.Reload(ctx); err != nil {
			return key{}, err
		}
		if k, ok := r.newest(p); ok && k.n >= n {
			return k, nil
		}
		return key{}, err
	case err != nil:
		return key{}, err
	}
	r.remember(k)
	return k, nil
}

func (r *Keyring) remember(k key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys[k.sealed.KID] = k
}

// forge makes a new key and wraps it.
func (r *Keyring) forge(p Purpose, n int, t trait) (key, error) {
	secret := make([]byte, masterSize)
	if _, err := io.ReadFull(r.random, secret); err != nil {
		return key{}, fmt.Errorf("auth: random source: %w", err)
	}
	kid := kidOf(p, n)
	wrapped, err := r.master.wrap(kid, p, secret)
	if err != nil {
		return key{}, err
	}
	k := key{n: n, secret: secret, sealed: account.SealedKey{
		KID: kid, Purpose: string(p), CreatedAt: account.Moment(r.now()), State: keyActive, Wrapped: wrapped,
	}}
	if t.signing {
		k.private, k.secret = ed25519.NewKeyFromSeed(secret), nil
		k.sealed.Public = k.private.Public().(ed25519.PublicKey)
	}
	return k, nil
}

// Rotate makes a new key of the purpose the one that signs, and gives its kid.
// What older keys signed stays good until it would have run out. A rotation
// that was cut short is finished by the next.
func (r *Keyring) Rotate(ctx context.Context, p Purpose) (kid string, err error) {
	r.change.Lock()
	defer r.change.Unlock()
	if err := r.Reload(ctx); err != nil {
		return "", err
	}
	last, _ := r.newest(p)
	next, err := r.add(ctx, p, last.n+1)
	if err != nil {
		return "", err
	}
	return next.sealed.KID, r.retire(ctx, p, next.n)
}

// retire lets the keys below number n of a purpose run out.
func (r *Keyring) retire(ctx context.Context, p Purpose, n int) error {
	t, _ := traitOf(p)
	for _, k := range r.all(p) {
		if k.n >= n || k.sealed.State != keyActive {
			continue
		}
		k.sealed.State = keyRetiring
		if t.overlap > 0 {
			k.sealed.NotAfter = account.Moment(r.now()).Add(t.overlap)
		}
		if err := r.store.ReplaceKey(ctx, k.sealed); err != nil {
			return err
		}
		r.remember(k)
	}
	return nil
}

// all lists the keys of a purpose from the oldest to the newest.
func (r *Keyring) all(p Purpose) []key {
	r.mu.RLock()
	defer r.mu.RUnlock()
	keys := slices.DeleteFunc(slices.Collect(maps.Values(r.keys)), func(k key) bool { return k.sealed.Purpose != string(p) })
	slices.SortFunc(keys, func(a, b key) int { return a.n - b.n })
	return keys
}

// Sign signs a message with the purpose's current signing key.
func (r *Keyring) Sign(ctx context.Context, p Purpose, message []byte) (kid string, signature []byte, err error) {
	k, err := r.use(ctx, p)
	if err != nil {
		return "", nil, err
	}
	if k.private == nil {
		return "", nil, fault.New(fault.Unavailable, "key.unknown")
	}
	return k.sealed.KID, ed25519.Sign(k.private, message), nil
}

// Verifier gives the public key of an accepted signing key.
func (r *Keyring) Verifier(p Purpose, kid string) (ed25519.PublicKey, bool) {
	k, ok := r.find(p, kid)
	if !ok || k.private == nil {
		return nil, false
	}
	return k.private.Public().(ed25519.PublicKey), true
}

// Secret gives the purpose's current 256-bit secret.
func (r *Keyring) Secret(ctx context.Context, p Purpose) (kid string, secret []byte, err error) {
	k, err := r.use(ctx, p)
	if err == nil && k.secret == nil {
		err = fault.New(fault.Unavailable, "key.unknown")
	}
	return k.sealed.KID, bytes.Clone(k.secret), err
}

// SecretOf gives an accepted secret by its kid.
func (r *Keyring) SecretOf(p Purpose, kid string) ([]byte, bool) {
	k, ok := r.find(p, kid)
	return bytes.Clone(k.secret), ok && k.secret != nil
}

// MAC authenticates a message under the purpose's current secret
// (HMAC-SHA-256, 32 bytes).
func (r *Keyring) MAC(ctx context.Context, p Purpose, message []byte) (kid string, tag []byte, err error) {
	kid, secret, err := r.Secret(ctx, p)
	if err != nil {
		return "", nil, err
	}
	return kid, mac(secret, message), nil
}

// VerifyMAC checks a tag of MAC in constant time.
func (r *Keyring) VerifyMAC(p Purpose, kid string, message, tag []byte) bool {
	secret, ok := r.SecretOf(p, kid)
	return ok && hmac.Equal(mac(secret, message), tag)
}

func mac(secret, message []byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write(message)
	return h.Sum(nil)
}
