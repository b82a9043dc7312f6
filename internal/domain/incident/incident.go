// Package incident holds complaints and distress reports: about wages, hours,
// housing, fees, violence, confinement, trafficking, and arrivals that were
// never noted. Anybody may report, also without a name; then nothing is kept
// that leads back. A report is looked at within 24 hours. Where the safety of a
// person is at stake the agency is passed by and the placement is held.
package incident

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// ID identifies an incident ("inc_…").
type ID string

// State is where the case stands; see transitions.go.
type State string

// The states of an incident.
const (
	Received   State = "received"
	Triaged    State = "triaged"
	InProgress State = "in_progress"
	Referred   State = "referred"
	Resolved   State = "resolved"
	Unfounded  State = "unfounded"
	Reopened   State = "reopened"
)

// Closed reports whether nobody works on the case any more.
func (s State) Closed() bool { return s == Resolved || s == Unfounded }

// Untriaged reports whether nobody has looked at the case yet.
func (s State) Untriaged() bool { return s == Received || s == Reopened }

// Source says how a case came in.
type Source string

// The sources.
const (
	ByPerson  Source = "person"    // somebody with an account
	Anonymous Source = "anonymous" // somebody without a name
	ByCheckIn Source = "check_in"  // a check-in told of it
	BySystem  Source = "system"    // a clock ran out, or an end had such a cause
)

// Audience says who reads an entry beside the officials.
type Audience string

// The audiences.
const (
	ForAll       Audience = "all"       // reporter and, where it sees the case, the agency
	ForReporter  Audience = "reporter"  // the reporter only
	ForOfficials Audience = "officials" // nobody else
)

// Entry is one thing that was said in the case.
type Entry struct {
	At       time.Time
	By       account.ID // empty for an anonymous reporter
	Role     account.Role
	Reporter bool // said by whoever reported
	Audience Audience
	Text     string // plain text, encrypted at rest
}

// Referral is one hand-over to a partner.
type Referral struct {
	Partner   string // see Partners
	Country   ref.Country
	Consented bool // the person agreed to it
	Note      string
	At        time.Time
	By        account.ID
}

// Event is one step of the case.
type Event struct {
	Action string
	State  State // after it
	At     time.Time
	By     account.ID
	Role   account.Role
	Reason string
}

// Incident is one case.
type Incident struct {
	ID        ID
	Rev       int64
	Reference string // INC-2026-M4C5X1 with check character
	Placement placement.ID
	Offer     string
	Agency    string
	Country   ref.Country
	Source    Source
	Reporter  account.ID // empty for an anonymous report and the system's own
	// Discreet keeps the report and its reporter from the agency.
	Discreet    bool
	Category    string   // see Categories
	Indicators  []string // of forced labour, see Indicators
	Description string   // plain text, encrypted at rest
	// Safety says that a person's safety is at stake. It is derived, and once
	// set never falls.
	Safety    bool
	State     State
	TriageDue time.Time  // 24 hours of real time after it came in or was reopened
	Owner     account.ID // official in charge
	Entries   []Entry
	Referrals []Referral
	History   []Event
	Outcome   string // reason code of the closing
	Closing   string // wording that goes with it, encrypted at rest
	// HeldAt is when the placement was held for it; zero = it was not.
	HeldAt time.Time
	// Next and Last are digests of the reporter's follow-up codes: the one to
	// use, and the one used last, which gives the next again when its answer was
	// lost. Empty for the system's own cases.
	Next, Last string
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Pending    audit.Log
	Outbox     message.Outbox // messages this case causes
}

// Priority orders the cases: 1 for safety, 2 for what cannot wait, 3 for the
// others.
func (i *Incident) Priority() int {
	switch {
	case i.Safety:
		return 1
	case urgent(i.Category):
		return 2
	}
	return 3
}

// Store keeps incidents. Every method may fail with Unavailable.
type Store interface {
	// Get reads one incident; NotFound when there is none.
	Get(ctx context.Context, id ID) (*Incident, error)
	// Insert adds a new one; Conflict when the id is taken.
	Insert(ctx context.Context, i *Incident) error
	// Update reads the case under its lock, lets change alter it, and replaces
	// it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id ID, change func(*Incident) error) (*Incident, error)
}
