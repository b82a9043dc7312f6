package placement

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// Stage says at which moment of the file a contract was seen.
type Stage string

// The stages.
const (
	Proposed  Stage = "proposed" // by the agency, before departure
	OnArrival Stage = "arrival"  // as found at the destination
	Payslip   Stage = "payslip"  // as the first pay slip shows it
	Transfer  Stage = "transfer" // with another employer or post
)

// Contract is one set of terms as stated at a stage. Terms uses of offer.Terms
// the members a contract has: title, occupation, kind, employer, place, start,
// duration, hours, days, pay, benefits, deductions, costs.
type Contract struct {
	Number   int // from 1
	Stage    Stage
	Terms    offer.Terms
	Language ref.Language // the contract is written in
	Document string       // id of the signed paper, once uploaded
	By       account.ID
	Role     account.Role
	At       time.Time
	Lines    []Line    // comparison with the frozen offer, made when it was stated
	ShownAt  time.Time // the person opened contract and notice; cooling-off runs from it
	// AcceptedAt is when the person accepted with the code; DeclinedAt when not.
	AcceptedAt    time.Time
	DeclinedAt    time.Time
	DeclineReason string
	SignedOn      ref.Date // by both sides, as the agency states it
}

// Verdict is what the comparison of one field found.
type Verdict string

// The verdicts, from the worker's side.
const (
	Same    Verdict = "same"
	Better  Verdict = "better"
	Worse   Verdict = "worse"
	Missing Verdict = "missing" // the offer states it, the contract does not
	Unclear Verdict = "unclear" // both state it, but they cannot be compared
)

// Line is the comparison of one field with the frozen offer.
type Line struct {
	Field     string // JSON name of the member, for example "pay" or "benefits.housing"
	Verdict   Verdict
	Protected bool   // worse, missing or unclear on it holds the file
	Offered   string // canonical value in the offer; empty = not stated
	Found     string // canonical value in the contract
}

// Equal reports whether the contract says what the offer says.
func (l Line) Equal() bool { return l.Verdict == Same }
