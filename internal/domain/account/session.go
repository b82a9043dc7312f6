package account

import (
	"crypto/subtle"
	"slices"
	"time"

	"passerelle/internal/domain/fault"
)

// SessionID identifies a session family ("ses_…").
type SessionID string

// How long a session family lives: at most from its start, and without use.
const (
	SessionAbsolute = 30 * 24 * time.Hour
	SessionIdle     = 14 * 24 * time.Hour
)

// The reasons for which a session family is revoked.
const (
	RevokedByLogout   = "logout"
	RevokedByReuse    = "reuse"    // a refresh token was presented twice
	RevokedByPassword = "password" // the password changed
	RevokedByAccount  = "account"  // disabled, or signed out everywhere
	RevokedByNumber   = "number"   // the person opened too many others
)

// Session is one session family: the chain of refresh tokens that began with
// one login. Only hashes are kept. Family is the hash of the part that all
// tokens of the chain share: whoever presents it with a wrong secret holds a
// spent token of this chain, however old, which no list of spent tokens could
// tell for ever.
type Session struct {
	ID         SessionID
	Account    ID
	Family     []byte // SHA-256 of the tokens' shared part
	Current    []byte // SHA-256 of the one token that may be exchanged
	Previous   []byte // SHA-256 of the token exchanged last
	Generation int64  // number of exchanges so far
	Label      string // device as its browser calls itself, cut short
	CreatedAt  time.Time
	TrustedAt  time.Time // last proof of the password: login, or its change
	UsedAt     time.Time // last exchange
	ExpiresAt  time.Time // absolute end
	RevokedAt  time.Time
	Reason     string // why it was revoked
}

// Revoke ends the family; the first reason stays.
func (s *Session) Revoke(now time.Time, reason string) {
	if s.RevokedAt.IsZero() {
		s.RevokedAt, s.Reason = now, reason
	}
}

// Live reports whether the family can be used at that moment.
func (s *Session) Live(now time.Time) bool {
	return s.RevokedAt.IsZero() && now.Before(s.ExpiresAt) && now.Before(s.UsedAt.Add(SessionIdle))
}

// Trusted reports whether the family's last proof of the password is recent
// enough for an account that ends sessions begun before that moment.
func (s *Session) Trusted(sessionsFrom time.Time) bool { return !s.TrustedAt.Before(sessionsFrom) }

// Exchange is a refresh token taken apart and hashed, and the one that
// follows it.
type Exchange struct {
	Family   []byte
	Secret   []byte
	Next     []byte // hash of the token that takes its place
	Observed int64  // Generation when the request came in
}

// Exchange replaces the current token by the next one. A spent token revokes
// the family and gives a fault that must be answered after the session has
// been stored, so it is returned apart from err: with err set nothing may be
// stored. A request that came in before the token was spent has lost a race
// and does no harm: its fault is "auth.refresh.concurrent".
func (s *Session) Exchange(x Exchange, now time.Time) (reuse *fault.Error, err error) {
	switch {
	case !sameHash(s.Family, x.Family):
		return nil, fault.New(fault.Unauthenticated, "auth.refresh.unknown")
	case !s.RevokedAt.IsZero():
		return nil, fault.New(fault.Unauthenticated, "auth.refresh.revoked")
	case !s.Live(now):
		return nil, fault.New(fault.Unauthenticated, "auth.refresh.expired")
	case sameHash(s.Current, x.Secret):
		s.Previous, s.Current, s.UsedAt = s.Current, x.Next, now
		s.Generation++
		return nil, nil
	case sameHash(s.Previous, x.Secret) && x.Observed < s.Generation:
		return nil, fault.New(fault.Unauthenticated, "auth.refresh.concurrent")
	default:
		s.Revoke(now, RevokedByReuse)
		return fault.New(fault.Unauthenticated, "auth.refresh.reused"), nil
	}
}

func sameHash(a, b []byte) bool { return len(a) > 0 && subtle.ConstantTimeCompare(a, b) == 1 }

// maxDevices bounds the devices an account remembers; the one not seen for
// longest is forgotten.
const maxDevices = 10

// Meet notes the device of a sign-in, by a digest, and reports whether it is a
// stranger: others have signed in before, and this one has not.
func (a *Account) Meet(device string) (stranger bool) {
	at := slices.Index(a.Devices, device)
	stranger = at < 0 && len(a.Devices) > 0
	kept := slices.Clone(a.Devices)
	if at >= 0 {
		kept = slices.Delete(kept, at, at+1)
	}
	if kept = append(kept, device); len(kept) > maxDevices {
		kept = kept[1:]
	}
	a.Devices = kept
	return stranger
}
