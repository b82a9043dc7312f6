package placement

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
)

// Journey is what happens after clearance.
type Journey struct {
	DepartedOn ref.Date
	Carrier    string   // flight, bus or ship, as stated
	DueOn      ref.Date // day by which the arrival must be noted
	ArrivedOn  ref.Date
	ArrivedAt  string // city or site
	// OverdueAt is when a missing arrival was noticed; the incident opened
	// then carries the file's id.
	OverdueAt time.Time
	CheckIns  []CheckIn
	Transfers []Move
}

// CheckIn is one contact with the person abroad, due or done: on days 7, 30
// and 90 after arrival, then every six months.
type CheckIn struct {
	Day      int // days after arrival
	Due      ref.Date
	DoneAt   time.Time
	By       account.ID
	Role     account.Role
	Channel  string // "web", "phone", "visit", "consulate"
	Well     bool   // all is as agreed
	PaidAs   bool   // pay came as the contract says
	Concerns []string
	Note     string
	Missed   time.Time // when it was found overdue; zero = not
	AskedAt  time.Time // when the person was told that it is due; zero = not
}

// Move is one transfer to another employer or post.
type Move struct {
	Contract  int // number of the contract with the new terms
	From      string
	Employer  string
	Asked     Signature
	Consented time.Time // the person agreed with the code
	Decided   Signature // by an official
	Approved  bool
	Reason    string
}
