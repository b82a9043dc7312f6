package agency

import (
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// KeyID identifies an API key ("key_…").
type KeyID string

// What bounds an agency's keys.
const (
	MaxKeys    = 20                  // that are good at one time
	KeyDays    = 366                 // a key's longest life
	KeyOverlap = 24 * time.Hour      // the old secret stays good after a rotation
	KeyMark    = "pas_"              // what every key begins with
	usedEvery  = time.Hour           // how exactly the last use is noted
	keptEnded  = 90 * 24 * time.Hour // ended keys are listed so long
)

// Key lets an agency's programs use the API. Its secret is shown once; only
// the hash is kept. Its uses count as those of the member who made it.
type Key struct {
	ID        KeyID
	Name      string // what the agency calls it
	Scopes    []account.KeyScope
	Prefix    string // what is shown of it, and by which it is found
	Hash      []byte // SHA-256 of the secret
	Previous  []byte // hash of the secret before the last rotation
	RotatedAt time.Time
	By        account.ID
	CreatedAt time.Time
	Expires   ref.Date  // last day
	UsedAt    time.Time // to the hour; zero = never
	RevokedAt time.Time
}

// KeySpec is what is asked of a new key.
type KeySpec struct {
	Name    string
	Scopes  []account.KeyScope
	Expires ref.Date
}

// Live reports whether the key is good at that moment.
func (k *Key) Live(now time.Time) bool {
	return k.RevokedAt.IsZero() && ref.DateOf(now) <= k.Expires
}

// Opens reports whether the secret is the key's at that moment. It takes as
// long for a wrong secret as for the right one.
func (k *Key) Opens(secret string, now time.Time) bool {
	hash := sha256.Sum256([]byte(secret))
	current := subtle.ConstantTimeCompare(hash[:], k.Hash)
	before := subtle.ConstantTimeCompare(hash[:], k.Previous)
	if k.RotatedAt.IsZero() || now.Sub(k.RotatedAt) >= KeyOverlap {
		before = 0
	}
	return current|before == 1 && k.Live(now)
}

// ParseKey splits a key as it is sent into prefix and secret.
func ParseKey(sent string) (prefix, secret string, ok bool) {
	rest, ok := strings.CutPrefix(sent, KeyMark)
	if !ok || len(sent) > 200 {
		return "", "", false
	}
	id, secret, ok := strings.Cut(rest, "_")
	return KeyMark + id, secret, ok && id != "" && secret != ""
}

// Key finds one of the agency's keys.
func (a *Agency) Key(id KeyID) *Key {
	if at := slices.IndexFunc(a.Keys, func(k Key) bool { return k.ID == id }); at >= 0 {
		return &a.Keys[at]
	}
	return nil
}

// listed leaves out the keys that ended long ago.
func (a *Agency) listed(now time.Time) (keys []Key) {
	for _, k := range slices.Backward(a.Keys) {
		ended := k.RevokedAt
		if ended.IsZero() {
			ended = k.Expires.Time()
		}
		if k.Live(now) || now.Sub(ended) < keptEnded {
			keys = append(keys, k)
		}
	}
	return keys
}

func (a *Agency) liveKeys(now time.Time) (n int) {
	for i := range a.Keys {
		if a.Keys[i].Live(now) {
			n++
		}
	}
	return n
}

// check reports every member of a new key that breaks a rule.
func (s KeySpec) check(today ref.Date) error {
	var bad fault.List
	bad.Check(s.Name != "", "/name", "required")
	bad.Check(utf8.RuneCountInString(s.Name) <= 60, "/name", "too_long", "60")
	bad.Check(text.Printable(s.Name), "/name", "text.forbidden")
	bad.Check(len(s.Scopes) > 0, "/scopes", "required")
	for i, scope := range s.Scopes {
		bad.Check(slices.Contains(account.KeyScopes(), scope) && !slices.Contains(s.Scopes[:i], scope), "/scopes", "agency.key.scope")
	}
	_, err := ref.ParseDate(string(s.Expires))
	switch {
	case !s.Expires.Known():
		bad.Check(false, "/expires", "required")
	case err != nil:
		bad.Check(false, "/expires", "ref.date")
	default:
		latest := ref.DateOf(today.Time().AddDate(0, 0, KeyDays))
		bad.Check(s.Expires >= today && s.Expires <= latest, "/expires", "agency.key.expires", strconv.Itoa(KeyDays))
	}
	return bad.Err("agency.key.invalid")
}

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
