package placement

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
)

// Ending is how the work abroad ended and what followed.
type Ending struct {
	On    ref.Date
	Cause string // reason code of an early end
	Note  string
	By    account.ID
	Role  account.Role
	At    time.Time // when it was stated
	// HomeOn is the day of the return; of a stay or a renewal its first day.
	HomeOn   ref.Date
	HomeNote string
	// Periods are the certified periods of work, Skills what was learnt.
	Periods    []WorkPeriod
	Skills     []ref.Skill
	Certified  Signature // by the official who certified both
	Insurance  []InsurancePeriod
	Rehire     bool // the employer wants the person back
	RehireFrom ref.Date
	RehireNote string
	Case       *Reintegration
}

// WorkPeriod is one certified period of work abroad.
type WorkPeriod struct {
	Employer   string
	Occupation ref.Occupation
	Country    ref.Country
	From       ref.Date
	Until      ref.Date
}

// InsurancePeriod is one period of social insurance abroad, which an agreement
// may let count at home.
type InsurancePeriod struct {
	Country     ref.Country
	Institution string
	ID          string // "ins_…"
	Number      string // insurance number, encrypted at rest
	Branch      string // "old_age", "health", "accident", "family", "unemployment"
	From        ref.Date
	Until       ref.Date
	Document    string
	By          account.ID
	At          time.Time
}

// Reintegration is the case opened on return: needs, a plan and follow-up
// after 3, 6 and 12 months.
type Reintegration struct {
	OpenedAt time.Time
	Needs    []string // "work", "training", "housing", "health", "psychosocial", "business", "documents"
	Plan     string
	Owner    account.ID // official in charge
	FollowUp []FollowUp
	ClosedAt time.Time
	Outcome  string
}

// FollowUp is one meeting of the case, due or done.
type FollowUp struct {
	Months   int // after the return: 3, 6 or 12
	Due      ref.Date
	DoneAt   time.Time
	By       account.ID
	Activity string // "employed", "self_employed", "training", "looking", "inactive", "left_again"
	Note     string
}
