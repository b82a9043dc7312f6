package account

import (
	"slices"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
)

// CodeID identifies a request for a one-time code ("cod_…").
type CodeID string

// CodePurpose says what a one-time code is good for, and nothing else.
type CodePurpose string

// The purposes of codes.
const (
	ResetCode    CodePurpose = "reset"     // a new password, by link or SMS
	InPersonCode CodePurpose = "in_person" // a new password, handed over on paper
	LoginCode    CodePurpose = "login"     // proof that an e-mail address or phone number is one's own
	AcceptCode   CodePurpose = "accept"    // acceptance of a contract or a transfer, each by a code of its own
)

// How long codes are good, and how often a wrong one may be tried.
const (
	LinkFor      = 60 * time.Minute // 128 bits, by e-mail
	DigitsFor    = 10 * time.Minute // six digits
	InPersonFor  = 10 * time.Minute // 80 bits, on paper, used where it was handed over
	MaxCodeTries = 5
)

// Code is a request for a one-time code and what became of it. The code
// itself is not kept: only its MAC, bound to this request.
type Code struct {
	ID        CodeID
	Rev       int64
	Purpose   CodePurpose
	Account   ID     // whose; empty while it must not be known whether there is one
	Login     []byte // sealed identifier the code was sent to; empty on paper
	KID       string // key of the MAC
	MAC       []byte
	Tries     int // wrong ones
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
	Outbox    message.Outbox
}

// BadCode is the one answer to every code that does not count: wrong, used,
// run out, tried too often, never asked for.
func BadCode() *fault.Error {
	return fault.New(fault.Invalid, "auth.code.wrong", fault.Field{Pointer: "/code", Code: "auth.code.wrong"})
}

// Try judges one attempt. A wrong code is counted: its fault is answered after
// the count was stored, so it is returned apart from err, with which nothing
// may be stored.
func (c *Code) Try(purpose CodePurpose, right bool, now time.Time) (wrong *fault.Error, err error) {
	switch {
	case c.Purpose != purpose || !c.UsedAt.IsZero() || !now.Before(c.ExpiresAt) || c.Tries >= MaxCodeTries:
		return nil, BadCode()
	case !right:
		c.Tries++
		c.Rev++
		return BadCode(), nil
	}
	return nil, nil
}

// Use spends the code; it counts once.
func (c *Code) Use(now time.Time) error {
	if !c.UsedAt.IsZero() || !now.Before(c.ExpiresAt) || c.Tries >= MaxCodeTries {
		return BadCode()
	}
	c.UsedAt = Moment(now)
	c.Rev++
	return nil
}

// InPersonReasons lists why a person is given a code by hand.
func InPersonReasons() []string { return []string{"no_email", "no_network", "phone_lost", "other"} }

// MayResetInPerson says whether the actor may hand a code to the owner of an
// account: officials to candidates and agencies' members, administrators to
// all but themselves.
func MayResetInPerson(actor Actor, card Card, reason string) error {
	if err := actor.Require("account.reset_in_person"); err != nil {
		return err
	}
	allowed := card.Role == Candidate || card.Role == Agency || actor.Role == Admin
	switch {
	case actor.Account == card.ID:
		return fault.New(fault.Forbidden, "account.own")
	case !allowed:
		return fault.New(fault.Forbidden, "account.reset.role")
	case card.State != Active:
		return fault.New(fault.Conflict, "account.state")
	case !slices.Contains(InPersonReasons(), reason):
		return fault.New(fault.Invalid, "account.invalid", fault.Field{Pointer: "/reason", Code: "reason.unknown"})
	}
	return nil
}
