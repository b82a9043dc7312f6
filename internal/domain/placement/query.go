package placement

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
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
	Unclaimed bool   // nobody works on them now
	Agency    string // files of that agency, within the scope
	// Occupation is the first digits of those asked for.
	Occupation ref.Occupation
	Step       FirstStep
	// From and Until bound the day the file was opened, both included.
	From, Until ref.Date
	Order       Order
	Scope       account.Scope // All, Agency, or Account (the person)
	After       string
	Limit       int
}

// FirstStep is what the first of two officials did.
type FirstStep string

// The first steps.
const (
	FirstReview  FirstStep = "review"  // the file is in order and may be cleared
	FirstRefusal FirstStep = "refusal" // a refusal is proposed
	FirstRelease FirstStep = "release" // the release of a hold is proposed
)

// FirstSteps lists every first step.
func FirstSteps() []FirstStep { return []FirstStep{FirstReview, FirstRefusal, FirstRelease} }

// FirstStep gives the step that waits for a second official and who took it;
// empty when none does.
func (p *Placement) FirstStep() (FirstStep, account.ID) {
	switch d := p.Decision; {
	case p.State == UnderReview && d.RefusalBy.By != "":
		return FirstRefusal, d.RefusalBy.By
	case p.State == UnderReview && d.Reviewed.By != "":
		return FirstReview, d.Reviewed.By
	}
	for _, h := range p.Holds {
		if h.ReleasedBy != "" {
			return FirstRelease, h.ReleasedBy
		}
	}
	return "", ""
}

// OpenedOn is the day the file was opened.
func (c *Card) OpenedOn() ref.Date {
	if len(c.Steps) == 0 {
		return ref.DateOf(c.Since)
	}
	return ref.DateOf(c.Steps[0].At)
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
	Risk       int          // 0–100, as of the moment of asking; see RiskAt
	Concern    int          // points of the risk that wait for nothing but a write of the file
	Holds      []HoldKind
	ClaimBy    account.ID
	ClaimUntil time.Time
	// Step is what a first official did that waits for a second one, and
	// StepBy who it was; for officials only.
	Step   FirstStep
	StepBy account.ID
	// WorkerPaid is what the person has paid, in EUR cents, and MonthlyPay the
	// pay of the frozen offer; PayKnown is false where that is unknown.
	WorkerPaid int64
	MonthlyPay int64
	PayKnown   bool
	Cause      string          // of an early end or a cancellation
	Steps      []Step          // oldest first
	Clearances []ClearanceMark // oldest first; for the check of their numbers, see told.go
	Abroad     Abroad          // see abroad.go; the index takes it from Placement.Abroad
	UpdatedAt  time.Time
}

// Reader answers from the read model, in memory.
type Reader interface {
	SearchPlacements(q Query) listing.Result[Card]
	PlacementCard(id ID) (Card, bool)
	// EachPlacement shows every card, in no particular order, until see says no.
	EachPlacement(see func(*Card) bool)
	// AgencyKnown is what the risk of an agency's files takes from the agency.
	AgencyKnown(id agency.ID) Known
}
