// Package application holds one person's file on one offer up to selection.
package application

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/listing"
)

// ID identifies an application; it is made from offer and profile, so that
// "one live application" is an insert of a chosen id.
type ID string

// MakeID gives the id of the application of a profile to an offer.
func MakeID(offer, profile string) ID {
	sum := sha256.Sum256([]byte(offer + "\x00" + profile))
	return ID("app_" + hex.EncodeToString(sum[:13]))
}

// State is where the application stands; see transitions.go.
type State string

// The states.
const (
	Invited     State = "invited"
	Submitted   State = "submitted"
	Shortlisted State = "shortlisted"
	Interviewed State = "interviewed"
	Waiting     State = "waiting"
	Selected    State = "selected"
	Refused     State = "refused"
	Withdrawn   State = "withdrawn"
	Closed      State = "closed"
)

// Live reports whether the application still takes part.
func (s State) Live() bool {
	switch s {
	case Submitted, Shortlisted, Interviewed, Waiting, Selected:
		return true
	}
	return false
}

// Event is one step in the file's history, shown to the person.
type Event struct {
	State  State
	At     time.Time
	By     account.Role
	Reason string
}

// Application is the file.
type Application struct {
	ID         ID
	Rev        int64
	Offer      string
	Agency     string
	Profile    string
	Candidate  account.ID
	State      State
	Rank       int    // on the waiting list, from 1
	Reason     string // reason code of a refusal, withdrawal or closure
	Message    string // what the candidate wrote to the agency
	OfferTitle string // as published when applied
	OfferVer   int    // version of the frozen snapshot applied to
	Round      int    // 1, then 2 … each time the person applies again; 0 while only invited
	// EligibleAtApply says whether every gate of the match held on the day
	// the person applied last; people may apply all the same.
	EligibleAtApply bool
	InterviewAt     time.Time
	History         []Event
	CreatedAt       time.Time
	UpdatedAt       time.Time
	Pending         audit.Log
}

// Store keeps applications.
type Store interface {
	Get(ctx context.Context, id ID) (*Application, error)
	Insert(ctx context.Context, a *Application) error
	Update(ctx context.Context, id ID, change func(*Application) error) (*Application, error)
}

// Query asks for a page of applications, newest change first.
type Query struct {
	Offer  string
	States []State
	Scope  account.Scope // All, Agency, or Account (the candidate)
	After  string
	Limit  int
}

// Reader answers from the read model, in memory.
type Reader interface {
	SearchApplications(q Query) listing.Result[Card]
}

// Card is an application in lists.
type Card struct {
	ID         ID
	Rev        int64
	Offer      string
	OfferTitle string
	Agency     string
	Profile    string
	Candidate  account.ID
	State      State
	Rank       int
	Round      int
	OfferVer   int // version of the terms applied to
	Reason     string
	UpdatedAt  time.Time
}
