package placement

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// Order says how a list of placements is sorted.
type Order string

// The orders.
const (
	Newest Order = ""       // newest change first
	Urgent Order = "urgent" // the review queue: by risk, then by the clock that ends first
)

// Query asks for a page of placements. Empty members mean "all".
type Query struct {
	States    []State
	Offer     offer.ID
	Country   ref.Country
	Held      HoldKind // files with that hold
	Overdue   bool     // files whose clock has run out
	ClaimedBy account.ID
	Unclaimed bool // nobody works on them now
	Order     Order
	Scope     account.Scope // All, Agency, or Account (the person)
	After     string
	Limit     int
}

// Step is when a state was entered.
type Step struct {
	State State
	At    time.Time
}

// Card is a placement in lists and reports: nothing that identifies.
type Card struct {
	ID          ID
	Rev         int64
	Reference   string
	Application string
	Offer       offer.ID
	Agency      string
	Employer    string
	Profile     string
	Candidate   account.ID
	Country     ref.Country
	Occupation  ref.Occupation
	Kind        ref.WorkKind
	Title       string
	State       State
	Since       time.Time
	// Due is when the clock of the state runs out; zero = it has none.
	Due        time.Time
	Owner      account.Role // who has to act
	NextAction string       // what is next; see Clocks
	Risk       int          // 0–100; see risk.go
	Holds      []HoldKind
	ClaimBy    account.ID
	ClaimUntil time.Time
	// WorkerPaid is what the person has paid, in EUR cents, and MonthlyPay the
	// pay of the frozen offer; PayKnown is false where that is unknown.
	WorkerPaid int64
	MonthlyPay int64
	PayKnown   bool
	Cause      string // of an early end or a cancellation
	Steps      []Step // oldest first
	UpdatedAt  time.Time
}

// Reader answers from the read model, in memory.
type Reader interface {
	SearchPlacements(q Query) listing.Result[Card]
	PlacementCard(id ID) (Card, bool)
	// EachPlacement shows every card, in no particular order, until see says no.
	EachPlacement(see func(*Card) bool)
}
