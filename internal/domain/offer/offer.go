// Package offer holds vacancies abroad (and in Mali, for the diaspora) from
// draft to closure: their terms, their states, the linter that protects
// people, and the rule that approval and publication are two different
// officials' acts. Publishing freezes a snapshot of the terms.
package offer

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/ref"
)

// ID identifies an offer ("off_…").
type ID string

// State is where the offer stands; see transitions.go.
type State string

// The states of an offer.
const (
	Draft     State = "draft"
	Submitted State = "submitted"
	Refused   State = "refused"
	Approved  State = "approved"
	Published State = "published"
	Suspended State = "suspended"
	Filled    State = "filled"
	Closed    State = "closed"
	Withdrawn State = "withdrawn"
	Expired   State = "expired"
)

// Payer says who bears a cost.
type Payer string

// The payers; the empty Payer is "not said".
const (
	ByEmployer Payer = "employer"
	ByWorker   Payer = "worker"
)

// Benefit is what is provided beside pay: "yes", "no" or "" = not said.
type Benefit string

// The answers about a benefit.
const (
	Provided    Benefit = "yes"
	NotProvided Benefit = "no"
)

// Benefits lists the five usual ones.
type Benefits struct {
	Housing, Meals, Transport, Insurance, Flight Benefit
}

// Costs says who pays what before departure.
type Costs struct {
	Visa, Flight, Medical, Training Payer
	// WorkerFee is any fee or deposit asked of the worker, in minor units of
	// the pay's currency; zero = none. The linter blocks it except where the
	// corridor allows fees.
	WorkerFee int64
}

// Deduction is an amount taken from pay each pay period.
type Deduction struct {
	Label  string
	Amount int64 // minor units of the pay's currency
}

// LanguageNeed is one required language with its CEFR level.
type LanguageNeed struct {
	Language ref.Language
	Level    ref.Level
}

// Terms is everything an offer promises. Unknown members stay unknown: zero
// values mean "not stated", never "none".
type Terms struct {
	Title            string
	Description      string // plain text, contacts masked
	Occupation       ref.Occupation
	Kind             ref.WorkKind
	Employer         string // employer id; may be unknown for foreign public services
	EmployerName     string // as advertised
	Country          ref.Country
	Region           string
	City             string
	Places           int // ≥ 1
	Start            ref.Date
	DurationMonths   int // 0 = not stated; permanent work has none
	HoursPerWeek     int // hundredths of an hour; 0 = not stated
	DaysPerWeek      int // hundredths of a day; 0 = not stated
	Pay              ref.Pay
	PayText          string // pay as worded in the source, where it could not be parsed
	Benefits         Benefits
	Deductions       []Deduction
	Languages        []LanguageNeed
	Education        ref.EducationLevel // 0 = not stated
	ExperienceMonths int                // 0 = not stated
	RequiredSkills   []ref.Skill
	OptionalSkills   []ref.Skill
	Licences         []ref.Licence
	MinAge           int // 0 = not stated (18 applies)
	Regulated        bool
	Costs            Costs
	Deadline         ref.Date // last day to apply; unknown = open-ended
}

// Finding is one thing the linter has to say.
type Finding struct {
	Code     string // message key, for example "lint.pay.below_floor"
	Pointer  string // field it is about, RFC 6901
	Blocking bool
	Args     []string
}

// Version is one set of terms on its way through review.
type Version struct {
	Number      int
	State       State // draft, submitted, refused, approved; published once in force
	Terms       Terms
	Findings    []Finding // of the last lint
	SubmittedBy account.ID
	SubmittedAt time.Time
	ApprovedBy  account.ID
	ApprovedAt  time.Time
	Editors     []account.ID // everybody who wrote these terms; none of them may decide
	Reason      string       // reason code of the last return or refusal
	Note        string       // wording that goes with it
	Answered    bool         // the one answer to a refusal is used up
	Answer      string       // what the agency wrote in that answer
}

// WaitsSince is when the version came to wait for an official: for the first one
// when it was submitted, for the second one when it was approved.
func (v *Version) WaitsSince() time.Time {
	switch v.State {
	case Submitted:
		return v.SubmittedAt
	case Approved:
		return v.ApprovedAt
	}
	return time.Time{}
}

// Snapshot is what publishing froze; applicants and contracts are held to it.
type Snapshot struct {
	Version     int
	Terms       Terms
	PublishedBy account.ID
	PublishedAt time.Time
	// PayCents is the normalised monthly gross pay in EUR cents at the rate of
	// the day of publication; PayKnown is false where it cannot be computed.
	PayCents int64
	PayKnown bool
	RateFrom ref.Date // day from which the exchange rate used was in force
	SHA256   string   // of the canonical JSON (RFC 8785) of the terms, hex
	Warnings []Finding
}

// Cause is a reason for which a published offer is suspended.
type Cause string

// The causes.
const (
	CauseOwn      Cause = "own"
	CauseAgency   Cause = "agency"
	CauseEmployer Cause = "employer"
	CauseCorridor Cause = "corridor"
)

// Objection is an observer's objection to a published offer.
type Objection struct {
	By     account.ID
	At     time.Time
	Reason string
	Note   string
}

// Source says where an offer came from.
type Source struct {
	Import string // import id; empty when typed in
	Run    int    // which run of the import created or last changed it
	Row    int    // row number in the imported file, from 1
	Key    string // the source's own key of the advertisement (identifier or URL)
	Hash   string // SHA-256 of the source row; an equal hash means unchanged
	Posted ref.Date
	// Original is the description before contacts were masked, for officials.
	Original string
	// Coding says how the occupation was found: title match with its
	// confidence, "clerk", or "" = given by the source.
	Coding     string
	Confidence int // 0–100
	// Coders are the officials who coded the occupation; none of them may
	// approve or publish the offer.
	Coders []account.ID
}

// Offer is one vacancy's file. Current is the version that is in force or, in
// an offer never published, on its way; Next is a later version of a published
// offer that walks the same path.
type Offer struct {
	ID         ID
	Rev        int64
	Reference  string // OFF-2026-7K3Q9Z
	Agency     string // agency id: the tenant
	AgencyKind string // kind of the agency when the offer was made
	CreatedBy  account.ID
	State      State
	Current    Version
	Next       *Version
	Frozen     *Snapshot // nil until first published
	// Earlier are the snapshots that later versions replaced, oldest first.
	// Announce is the version whose changed terms the applicants have still to
	// be told of; 0 = none.
	Earlier  []Snapshot
	Announce int
	Causes   []Cause // set; the offer is suspended while it is not empty
	SuspendedBy,
	ReopenedBy account.ID // first of the two officials who reopen
	Taken      []string // application ids that hold a place
	Objections []Objection
	Source     Source
	CreatedAt  time.Time
	UpdatedAt  time.Time
	ClosedAt   time.Time
	Pending    audit.Log
}

// Working gives the version under work: the next one if there is one.
func (o *Offer) Working() *Version {
	if o.Next != nil {
		return o.Next
	}
	return &o.Current
}

// FreePlaces counts the places nobody holds.
func (o *Offer) FreePlaces() int {
	return max(0, o.Terms().Places-len(o.Taken))
}

// Terms gives the terms that are in force: the frozen ones once published.
func (o *Offer) Terms() Terms {
	if o.Frozen != nil {
		return o.Frozen.Terms
	}
	return o.Current.Terms
}

// OpenOn reports whether people may apply on that day: published, not past
// the deadline (the deadline day itself is open), and a place is free.
func (o *Offer) OpenOn(today ref.Date) bool {
	deadline := o.Terms().Deadline
	return o.State == Published && (!deadline.Known() || today <= deadline) && o.FreePlaces() > 0
}
