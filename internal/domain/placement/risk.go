package placement

import (
	"time"

	"passerelle/internal/domain/agency"
)

// Known is what the read model knows of the agency behind a file; the zero
// value adds nothing to the risk.
type Known struct {
	Kind   agency.Kind
	Active bool
	New    bool // no file of the agency has been carried to its end yet
}

// KnownOf makes Known of the card of an agency, and of whether a file of it has
// been carried to its end; see Carried.
func KnownOf(card agency.Card, carried bool) Known {
	return Known{Kind: card.Kind, Active: card.State == agency.Active, New: !carried}
}

// Carried reports whether the card's file has come to an end that shows how
// its agency works: a file that was cancelled shows nothing.
func (c *Card) Carried() bool { return c.State.Final() && c.State != Cancelled }

// Factor is one reason for the risk of a file, with its points.
type Factor struct {
	Code   string // see RiskCodes
	Points int
}

// The codes of the factors, and their points.
const (
	riskWorkerPaid  = "worker_paid"
	riskSafety      = "safety"
	riskHold        = "hold"
	riskDifference  = "difference"
	riskOverdue     = "overdue"
	riskArrival     = "arrival_overdue"
	riskCheckIn     = "check_in_missed"
	riskAgencyNew   = "agency_new"
	riskAgencyState = "agency_not_active"
)

// RiskCodes lists the codes with which the risk is explained.
func RiskCodes() []string {
	return []string{riskWorkerPaid, riskSafety, riskHold, riskDifference, riskOverdue, riskArrival, riskCheckIn, riskAgencyNew, riskAgencyState}
}

// Risk gives the points of a file from 0 to 100, and what they are made of, the
// heaviest concern first. It orders the officials' work and decides nothing.
func (p *Placement) Risk(known Known, calendar Calendar, now time.Time) (points int, factors []Factor) {
	add := func(code string, n int) {
		if n > 0 {
			factors = append(factors, Factor{code, n})
			points += n
		}
	}
	if p.State.Final() {
		return 0, nil
	}
	p.concern(add)
	pressing(p.Due(calendar), known, now, add)
	return min(points, 100), factors
}

// concern adds what the file itself says; it changes only when it is written.
func (p *Placement) concern(add func(string, int)) {
	if p.chargedWorker() {
		add(riskWorkerPaid, 30)
	}
	safety, other := p.countHolds()
	add(riskSafety, min(40, 40*safety))
	add(riskHold, min(20, 15*other))
	if c := p.lastContract(); c != nil {
		add(riskDifference, min(20, 5*len(Blocking(c.Lines))))
	}
	if !p.Journey.OverdueAt.IsZero() && p.State == Departed {
		add(riskArrival, 30)
	}
	if p.State.Abroad() {
		add(riskCheckIn, min(20, 10*p.missedCheckIns()))
	}
}

// pressing adds what changes while nobody writes the file: the clock, and how
// its agency stands.
func pressing(due time.Time, known Known, now time.Time, add func(string, int)) {
	if !due.IsZero() && !now.Before(due) {
		add(riskOverdue, 15)
	}
	if known.Kind == agency.Private && known.New {
		add(riskAgencyNew, 10)
	}
	if known.Kind != "" && !known.Active {
		add(riskAgencyState, 15)
	}
}

// RiskAt gives the points that Risk gives for the card's file at this moment.
func (c *Card) RiskAt(known Known, now time.Time) int {
	if c.State.Final() {
		return 0
	}
	points := c.Concern
	pressing(c.Due, known, now, func(_ string, n int) { points += n })
	return min(points, 100)
}

func (p *Placement) countHolds() (safety, other int) {
	for _, h := range p.Holds {
		if h.Kind == HoldSafety {
			safety++
		} else {
			other++
		}
	}
	return safety, other
}

func (p *Placement) lastContract() *Contract {
	if len(p.Contracts) == 0 {
		return nil
	}
	return &p.Contracts[len(p.Contracts)-1]
}

func (p *Placement) missedCheckIns() (missed int) {
	for _, c := range p.Journey.CheckIns {
		if !c.Missed.IsZero() && c.DoneAt.IsZero() {
			missed++
		}
	}
	return missed
}

// Assess gives the risk of a file with what the read model knows of its agency.
func (s *Service) Assess(p *Placement) (points int, factors []Factor) {
	return p.Risk(s.Model.AgencyKnown(agency.ID(p.Agency)), s.Calendar, s.Now())
}

// Due is when the clock of the state runs out; the zero time where it has none.
func (p *Placement) Due(calendar Calendar) time.Time {
	clock, ok := ClockOf(p.State)
	if !ok || clock.Days == 0 {
		return time.Time{}
	}
	return calendar.After(p.Since, clock.Days)
}

// CardOf gives the line of a file in lists. Its risk is that of this moment and
// leaves out what only the read model knows; see RiskAt.
func CardOf(p *Placement, calendar Calendar, now time.Time) Card {
	c := Card{
		ID: p.ID, Rev: p.Rev, Reference: p.Reference, Application: p.Application, Offer: p.Offer, Agency: p.Agency,
		Employer: p.Employer, Profile: p.Profile, Candidate: p.Candidate, Country: p.Country, Occupation: p.Occupation,
		Kind: p.Kind, Title: p.Title, State: p.State, Since: p.Since, Due: p.Due(calendar), ClaimBy: p.Claim.By, ClaimUntil: p.Claim.Until,
		WorkerPaid: p.WorkerPaid(), MonthlyPay: p.Frozen.PayCents, PayKnown: p.Frozen.PayKnown, Cause: p.Ending.Cause,
		Holds: p.holdKinds(), Steps: p.steps(), Clearances: p.marks(), Abroad: p.Abroad(), UpdatedAt: p.UpdatedAt,
	}
	if p.State == Cancelled {
		c.Cause = p.CancelReason
	}
	if clock, ok := ClockOf(p.State); ok {
		c.Owner, c.NextAction = clock.Owner, clock.Action
	}
	if !p.State.Final() {
		p.concern(func(_ string, n int) { c.Concern += n })
	}
	c.Risk = c.RiskAt(Known{}, now)
	c.Step, c.StepBy = p.FirstStep()
	return c
}

// holdKinds lists the kinds of holds, each once.
func (p *Placement) holdKinds() (kinds []HoldKind) {
	for _, kind := range []HoldKind{HoldSafety, HoldSubstitution, HoldCorridor} {
		for _, h := range p.Holds {
			if h.Kind == kind {
				kinds = append(kinds, kind)
				break
			}
		}
	}
	return kinds
}

// steps lists when each state was entered, oldest first.
func (p *Placement) steps() (steps []Step) {
	for _, e := range p.History {
		if n := len(steps); n == 0 || steps[n-1].State != e.State {
			steps = append(steps, Step{State: e.State, At: e.At})
		}
	}
	return steps
}
