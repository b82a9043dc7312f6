package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"passerelle/internal/domain/fault"
)

// Hashing holds the cost of one password hash and how many run at once.
type Hashing struct {
	MemoryKiB uint32 // memory of one hash, in KiB
	Passes    uint32 // passes over it
	Lanes     uint8  // degree of parallelism
	AtOnce    int    // hashes that run at the same time; the rest wait
}

// DefaultHashing is argon2id with 46 MiB, one pass and one lane, two hashes
// at once: logins never take more than 92 MiB.
func DefaultHashing() Hashing { return Hashing{MemoryKiB: 46 * 1024, Passes: 1, Lanes: 1, AtOnce: 2} }

const (
	saltSize = 16
	hashSize = 32
	// Bounds on what a stored string may ask for, so that a damaged record
	// cannot take all memory.
	maxMemoryKiB = 1 << 20
	maxPasses    = 16
)

// Passwords hashes and checks passwords.
type Passwords struct {
	cost   Hashing
	random io.Reader
	slots  chan struct{}
	dummy  string // PHC string no password matches
	banned words
}

// NewPasswords makes the hasher; random is crypto/rand.Reader but in tests.
func NewPasswords(cost Hashing, random io.Reader) (*Passwords, error) {
	if cost.AtOnce < 1 || cost.MemoryKiB < 8 || cost.MemoryKiB > maxMemoryKiB || cost.Passes < 1 || cost.Passes > maxPasses || cost.Lanes < 1 {
		return nil, errors.New("auth: hashing cost out of range")
	}
	p := &Passwords{cost: cost, random: random, slots: make(chan struct{}, cost.AtOnce), banned: commonWords()}
	blank := make([]byte, saltSize+hashSize)
	if _, err := io.ReadFull(random, blank); err != nil {
		return nil, fmt.Errorf("auth: random source: %w", err)
	}
	p.dummy = cost.phc(blank[:saltSize], blank[saltSize:])
	return p, nil
}

// Hash gives the PHC string of a password under a new salt. It waits for a
// free slot; Unavailable when ctx ends first.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(p.random, salt); err != nil {
		return "", fmt.Errorf("auth: random source: %w", err)
	}
	key, err := p.derive(ctx, password, salt, p.cost, hashSize)
	if err != nil {
		return "", err
	}
	return p.cost.phc(salt, key), nil
}

// Verify compares a password with a PHC string in constant time. rehash says
// that the string was made at another cost and should be replaced.
func (p *Passwords) Verify(ctx context.Context, password, phc string) (ok, rehash bool, err error) {
	cost, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, false, err
	}
	got, err := p.derive(ctx, password, salt, cost, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	cost.AtOnce = p.cost.AtOnce
	return subtle.ConstantTimeCompare(got, want) == 1, cost != p.cost || len(want) != hashSize, nil
}

// VerifyNone does the work of Verify for an account that does not exist, so
// that both take the same time.
func (p *Passwords) VerifyNone(ctx context.Context, password string) error {
	_, _, err := p.Verify(ctx, password, p.dummy)
	return err
}

func (p *Passwords) derive(ctx context.Context, password string, salt []byte, cost Hashing, size uint32) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, busy(err)
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, busy(ctx.Err())
	}
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, cost.Passes, cost.MemoryKiB, cost.Lanes, size), nil
}

func busy(cause error) error {
	return fault.New(fault.Unavailable, "auth.busy").Because(cause).After(2 * time.Second)
}

// phc writes the PHC string: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func (h Hashing) phc(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.MemoryKiB, h.Passes, h.Lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

var errPHC = errors.New("auth: stored password hash cannot be read")

func parsePHC(s string) (cost Hashing, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.MemoryKiB, &cost.Passes, &cost.Lanes); err != nil {
		return cost, nil, nil, errPHC
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(salt) < 8 || len(key) < 16 || len(key) > math.MaxUint8 ||
		cost.MemoryKiB > maxMemoryKiB || cost.Passes < 1 || cost.Passes > maxPasses || cost.Lanes < 1 {
		return cost, nil, nil, errPHC
	}
	return cost, salt, key, nil
}

// typable is the alphabet of generated passwords: Crockford's base32 in lower
// case, without signs that are mistaken for one another.
const typable = "0123456789abcdefghjkmnpqrstvwxyz"

// Generate makes a temporary password of 80 random bits in four groups
// ("7k3q-9d0x-…") that can be read aloud.
func (p *Passwords) Generate() (string, error) {
	raw := make([]byte, 16)
	if _, err := io.ReadFull(p.random, raw); err != nil {
		return "", fmt.Errorf("auth: random source: %w", err)
	}
	var b strings.Builder
	for i, r := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(typable[int(r)%len(typable)])
	}
	return b.String(), nil
}

// Limits of a password, in characters (Unicode code points after NFC).
const (
	MinPassword = 12
	MaxPassword = 256
)

// Check refuses, with Invalid code "auth.password.policy" and one field
// /password, a password that is too short or long, is not text, is common or
// derived from a common one, or is built on what everybody knows: the name of
// the service, or the personal values given (e-mail address, phone number).
func (p *Passwords) Check(password string, personal ...string) error {
	var faults fault.List
	password = norm.NFC.String(password)
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		faults.Add("/password", "auth.password.encoding")
	case n < MinPassword:
		faults.Add("/password", "auth.password.short", fmt.Sprint(MinPassword))
	case n > MaxPassword:
		faults.Add("/password", "auth.password.long", fmt.Sprint(MaxPassword))
	case namesSomething(password, personal):
		faults.Add("/password", "auth.password.personal")
	case p.banned.explains(password):
		faults.Add("/password", "auth.password.common")
	}
	return faults.Err("auth.password.policy")
}

// systemRandom is the random source outside tests.
func systemRandom() io.Reader { return rand.Reader }
