// Package agency holds licensed recruiters: private bureaus, the national
// public service (ANPE) and foreign public services. Only an active agency
// may submit offers; it becomes active by two different officials.
package agency

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/ref"
)

// ID identifies an agency ("agy_…").
type ID string

// Kind says what sort of recruiter it is.
type Kind string

// The kinds of agency.
const (
	Private              Kind = "private"
	PublicNational       Kind = "public_national"
	ForeignPublicService Kind = "foreign_public_service"
)

// State is where the agency stands; see transitions.go.
type State string

// The states.
const (
	Applied   State = "applied"
	Refused   State = "refused"
	Vetted    State = "vetted"
	Active    State = "active"
	Suspended State = "suspended"
	Expired   State = "expired"
	Withdrawn State = "withdrawn"
)

// Facts is what the agency states about itself.
type Facts struct {
	Name         string // legal name
	TradeName    string
	Country      ref.Country
	Kind         Kind
	Licence      string   // licence number, unique per country
	LicenceFrom  ref.Date // first valid day
	LicenceUntil ref.Date // last valid day; unknown = open-ended (public services)
	Email        string
	Phone        string // E.164
	City         string
	Address      string
	Website      string
}

// Decision is what an official decided, with its reason code.
type Decision struct {
	Action string // "vet", "activate", "refuse", "suspend", "reopen"
	By     account.ID
	At     time.Time
	Reason string // reason code; mandatory for refusals and suspensions
	Note   string
	// Act and Evidence are the legal act of a suspension or reopening, and why
	// or where it is published; decisions of earlier versions lack them.
	Act      string
	Evidence string
}

// Agency is one recruiter's file.
type Agency struct {
	ID        ID
	Rev       int64
	Facts     Facts
	State     State
	CreatedBy account.ID
	Members   []account.ID
	Decisions []Decision // oldest first
	Training  []Training
	Keys      []Key // API keys, oldest first
	CreatedAt time.Time
	UpdatedAt time.Time
	Pending   audit.Log
}

// Training is one entry of the agency's training log.
type Training struct {
	Title string
	On    ref.Date
	Hours int
}

// Scope gives what an actor may list: officials all, an agency itself,
// everybody else the public register (active, suspended, expired).
func Scope(actor account.Actor) account.Scope {
	switch actor.Role {
	case account.Official, account.System:
		return account.Scope{All: true}
	case account.Agency:
		return account.Scope{Public: true, Agency: actor.Agency}
	default:
		return account.Scope{Public: true}
	}
}

// Query asks for a page of the register.
type Query struct {
	Text    string // words of the name or the licence number, accents folded
	Country ref.Country
	Kind    Kind
	State   State
	Scope   account.Scope
	After   string
	Limit   int
}

// LookAlike is an agency whose name looks or sounds like another's.
type LookAlike struct {
	Card
	Similarity int // 0–100, see text.Similar
}

// Card is the line of an agency in lists.
type Card struct {
	ID           ID
	Name         string
	Country      ref.Country
	City         string
	Kind         Kind
	Licence      string
	LicenceUntil ref.Date
	State        State
	OpenOffers   int
	UpdatedAt    time.Time
	DecidedAt    time.Time // when an official last decided on it; zero = never
}
