// Package placement holds one person's file from selection to return: the
// contract and its comparison with the published offer, the checklist, the
// costs, the two officials' decisions, the departure and what comes after it.
// No state is set except through the transition table; a hold stops every
// forward step.
package placement

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// ID identifies a placement ("pla_…").
type ID string

// MakeID gives the id of the placement of one round of an application, so that
// "one file for a selection" is an insert of a chosen id.
func MakeID(application string, round int) ID {
	sum := sha256.Sum256([]byte(application + "\x00" + strconv.Itoa(round)))
	return ID("pla_" + hex.EncodeToString(sum[:13]))
}

// State is where the file stands; see transitions.go.
type State string

// The states of a placement.
const (
	Opened           State = "opened"
	ContractProposed State = "contract_proposed"
	ContractAccepted State = "contract_accepted"
	UnderReview      State = "under_review"
	Refused          State = "refused"
	Cleared          State = "cleared"
	Departed         State = "departed"
	Arrived          State = "arrived"
	InPost           State = "in_post"
	Transferred      State = "transferred"
	Completed        State = "completed"
	EndedEarly       State = "ended_early"
	Returned         State = "returned"
	Stayed           State = "stayed"
	Renewed          State = "renewed"
	Cancelled        State = "cancelled"
)

// BeforeDeparture reports whether the person has not left yet and the file
// can still be cancelled.
func (s State) BeforeDeparture() bool {
	switch s {
	case Opened, ContractProposed, ContractAccepted, UnderReview, Refused, Cleared:
		return true
	}
	return false
}

// Abroad reports whether the person is at the destination, or on the way.
func (s State) Abroad() bool {
	switch s {
	case Departed, Arrived, InPost, Transferred:
		return true
	}
	return false
}

// Final reports whether nothing follows any more.
func (s State) Final() bool {
	switch s {
	case Returned, Stayed, Renewed, Cancelled:
		return true
	}
	return false
}

// HoldKind is a reason for which the file may not go forward.
type HoldKind string

// The holds.
const (
	HoldSubstitution HoldKind = "substitution" // a contract is worse than the published offer
	HoldCorridor     HoldKind = "corridor"     // the destination, occupation, employer or agency is suspended
	HoldSafety       HoldKind = "safety"       // an incident touches the person's safety
)

// Hold is one entry of the set of holds; Source tells alike ones apart (the
// number of a contract, of a legal act, the id of an incident).
type Hold struct {
	Kind   HoldKind
	Source string
	By     account.ID // "system" for consequences
	At     time.Time
	// ReleasedBy is the first of the two officials who release a hold that
	// needs two; empty until then.
	ReleasedBy account.ID
	Reason     string // wording of the first official's reason; the person sees it
}

// Event is one step in the file's history, shown to all sides.
type Event struct {
	Action string // of the transition table, or what was added ("document", "cost", …)
	State  State  // after it
	At     time.Time
	By     account.ID
	Role   account.Role
	Reason string // reason code
	Note   string // wording that goes with it
}

// Signature is one official's act, first or second.
type Signature struct {
	By account.ID
	At time.Time
}

// Decision is what the two officials do with a file under review. The first
// and the second are always different people, and neither of them agency side.
type Decision struct {
	Reviewed      Signature // official A found the file complete and in order
	RefusalBy     Signature // official A proposed a refusal
	RefusalReason string
	RefusalNote   string
	Refused       Signature // official B confirmed it
	Answered      bool      // the one answer to this refusal is used up
	Answer        string
	AnsweredBy    account.ID
}

// Clearance is the authorisation to leave; valid on the days From to Until,
// both included. Number is printed on it.
type Clearance struct {
	Number        string
	First, Second Signature
	From, Until   ref.Date
	RevokedBy     account.ID
	RevokedAt     time.Time
	RevokedReason string
}

// Claim says which official works on the file, and until when nobody else may
// take it.
type Claim struct {
	By    account.ID
	At    time.Time
	Until time.Time
}

// Item is one thing of the corridor's checklist that must be there before the
// file can be reviewed.
type Item struct {
	Key      string // "passport", "visa", "medical", "criminal_record", "training", "contract_signed", … or "paper_1" for the corridor's own
	Label    Text
	Required bool
	Done     bool
	DoneBy   account.ID
	DoneAt   time.Time
	Document string   // id of the document that proves it; empty = none needed
	Expires  ref.Date // day the paper runs out, where it does
}

// Text is a wording in the complete locales.
type Text struct{ FR, EN string }

// Document is an uploaded file. Its content is encrypted in the blob port
// under Blob; it is given out only for a stated reason.
type Document struct {
	ID       string // "doc_…"
	Item     string // checklist item or "" ; "receipt" for a cost, "contract", "evidence"
	Name     string // as uploaded, cleaned
	Media    string // sniffed media type
	Bytes    int64
	SHA256   string // of the content, hex
	Blob     string // key in the blob port
	By       account.ID
	Role     account.Role
	At       time.Time
	Readings []Reading
}

// Reading is one time a document was given out.
type Reading struct {
	By     account.ID
	Role   account.Role
	At     time.Time
	Reason string
}

// Cost is one line of the costs ledger; categories follow the ILO's General
// principles and operational guidelines for fair recruitment (2019).
type Cost struct {
	ID       string // "cos_…"
	Category string // see CostCategories
	Amount   ref.Money
	// EURCents is the amount at the rate of the day it was paid.
	EURCents int64
	PaidBy   offer.Payer
	PaidOn   ref.Date
	Note     string
	Document string // receipt
	By       account.ID
	Role     account.Role
	At       time.Time
	// Struck is when the line was found wrong; it stays readable.
	Struck       time.Time
	StruckBy     account.ID
	StruckReason string
}

// Placement is the file.
type Placement struct {
	ID          ID
	Rev         int64
	Reference   string // PLA-2026-M4C5XZ with check character
	Application string
	Round       int
	Offer       offer.ID
	Agency      string
	Employer    string
	Profile     string
	Candidate   account.ID
	Country     ref.Country
	Occupation  ref.Occupation
	Kind        ref.WorkKind
	Title       string
	// Frozen is the offer's snapshot on the day of selection; contracts are
	// held to it whatever becomes of the offer.
	Frozen offer.Snapshot
	State  State
	// Since is when the state was entered; the clock of the state runs from it.
	Since        time.Time
	Holds        []Hold
	Contracts    []Contract // numbered from 1 in the order proposed
	Checklist    []Item
	Documents    []Document
	Costs        []Cost
	Claim        Claim
	Decision     Decision
	Clearances   []Clearance // oldest first; the last one counts
	Journey      Journey     // departure, arrival, check-ins; see journey.go
	Ending       Ending      // see ending.go
	Internship   *Internship // for kind "internship"; see internship.go
	Mission      *Mission    // for kind "expert_mission"
	CancelReason string
	History      []Event
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Pending      audit.Log
	Outbox       message.Outbox
}

// Held reports whether any hold stops the file.
func (p *Placement) Held() bool { return len(p.Holds) > 0 }

// Store keeps placements. Every method may fail with Unavailable.
type Store interface {
	// Get reads one placement; NotFound when there is none.
	Get(ctx context.Context, id ID) (*Placement, error)
	// Insert adds a new one; Conflict when the id is taken.
	Insert(ctx context.Context, p *Placement) error
	// Update reads the file under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id ID, change func(*Placement) error) (*Placement, error)
}
