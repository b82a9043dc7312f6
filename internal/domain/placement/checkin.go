package placement

import (
	"context"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// checkInEvery is the number of days between check-ins after the first three:
// half a year. A check-in may be held up to checkInEarly days before it is due,
// and is missed checkInGrace days after.
const (
	checkInEvery = 182
	checkInEarly = 3
	checkInGrace = 7
)

// firstCheckIns are the days after arrival on which the person is contacted.
func firstCheckIns() []int { return []int{7, 30, 90} }

// Schedule gives the first check-ins after an arrival; the following ones, half
// a year apart, are added as the last one is held or missed.
func Schedule(arrived ref.Date) []CheckIn {
	var plan []CheckIn
	for _, day := range firstCheckIns() {
		plan = append(plan, CheckIn{Day: day, Due: arrived.AddDays(day)})
	}
	return plan
}

// CheckInChannels lists how a person can be contacted.
func CheckInChannels() []string { return []string{"web", "phone", "visit", "consulate"} }

// Concerns lists what a check-in can tell, the gravest first. They are
// categories of the incident room.
func Concerns() []string {
	return []string{"trafficking", "violence", "confinement", "harassment", "document_retention", "health_accident",
		"wages", "contract_substitution", "fee", "hours", "housing", "discrimination", "other"}
}

// Contact is what is stated of one check-in.
type Contact struct {
	Channel  string // see CheckInChannels
	Well     bool   // all is as agreed
	PaidAs   bool   // pay came as the contract says
	Concerns []string
	Note     string
}

// troubled reports whether a check-in that was held calls for an incident.
func (c *CheckIn) troubled() bool {
	return !c.DoneAt.IsZero() && (!c.Well || len(c.Concerns) > 0)
}

// CheckIn notes a contact with the person abroad. It answers the check-in that
// is due or was missed last; with none due it is one more. When it tells of
// trouble an incident is opened.
func (s *Service) CheckIn(ctx context.Context, actor account.Actor, id ID, contact Contact) (*Placement, error) {
	if err := actor.Require("placement.arrive"); err != nil {
		return nil, err
	}
	var alert *Alert
	var whole *Placement
	p, err := s.change(ctx, actor, id, func(p *Placement, by act) error {
		done, err := p.checkIn(by, contact)
		if err != nil {
			return err
		}
		alert, whole = nil, p
		if done.troubled() {
			found := p.checkInAlert(done)
			alert = &found
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if alert != nil {
		s.tell(ctx, whole, *alert)
	}
	return p, nil
}

// tell has an incident opened. The file itself calls for it, so what fails here
// is made good by a job.
func (s *Service) tell(ctx context.Context, p *Placement, alert Alert) {
	if s.Incidents == nil {
		return
	}
	if err := s.Incidents.FromCheckIn(ctx, p, alert); err != nil && s.Log != nil {
		s.Log.Error("incident not opened; the job will", "placement", p.ID, "error", err)
	}
}

func (c Contact) check() error {
	var bad fault.List
	bad.Check(has(CheckInChannels(), c.Channel), "/channel", "reason.unknown")
	checkListed(&bad, "/concerns", c.Concerns, Concerns())
	bad.Check(len(c.Concerns) <= len(Concerns()), "/concerns", "too_many", "13")
	checkLength(&bad, "/note", c.Note, maxNote)
	return bad.Err("placement.invalid")
}

// checkIn notes a contact and gives the entry it went to.
func (p *Placement) checkIn(by act, contact Contact) (*CheckIn, error) {
	if p.State != Arrived && p.State != InPost && p.State != Transferred {
		return nil, fault.New(fault.Conflict, "transition")
	}
	if err := contact.check(); err != nil {
		return nil, err
	}
	at := p.dueCheckIn(ref.DateOf(by.now))
	entry := &p.Journey.CheckIns[at]
	entry.DoneAt, entry.By, entry.Role = by.now, by.actor.Account, by.actor.Role
	entry.Channel, entry.Well, entry.PaidAs, entry.Note = contact.Channel, contact.Well, contact.PaidAs, contact.Note
	entry.Concerns = slices.Clone(contact.Concerns)
	p.note(by, "check_in", "", "", "journey")
	p.planCheckIn()
	return &p.Journey.CheckIns[at], nil
}

// dueCheckIn gives the place of the entry that a contact of today answers: the
// latest that is due, or nearly so, and not held. With none, one more is put in
// its place of the schedule; nothing that was told is ever replaced.
func (p *Placement) dueCheckIn(today ref.Date) (at int) {
	for i := len(p.Journey.CheckIns) - 1; i >= 0; i-- {
		if c := &p.Journey.CheckIns[i]; c.DoneAt.IsZero() && c.Due <= today.AddDays(checkInEarly) {
			return i
		}
	}
	day := int(today.Time().Sub(p.Journey.ArrivedOn.Time()).Hours() / 24)
	at = slices.IndexFunc(p.Journey.CheckIns, func(c CheckIn) bool { return c.Day > day })
	if at < 0 {
		at = len(p.Journey.CheckIns)
	}
	p.Journey.CheckIns = slices.Insert(p.Journey.CheckIns, at, CheckIn{Day: day, Due: today})
	return at
}

// nextCheckIn gives the first entry that is neither held nor missed; nil when
// none is left.
func (p *Placement) nextCheckIn() *CheckIn {
	for i := range p.Journey.CheckIns {
		if c := &p.Journey.CheckIns[i]; c.DoneAt.IsZero() && c.Missed.IsZero() {
			return c
		}
	}
	return nil
}

// planCheckIn keeps one check-in ahead: half a year after the last planned.
func (p *Placement) planCheckIn() {
	if p.nextCheckIn() != nil || !p.Journey.ArrivedOn.Known() {
		return
	}
	day := 0
	for _, c := range p.Journey.CheckIns {
		if planned(c.Day) {
			day = c.Day
		}
	}
	p.Journey.CheckIns = append(p.Journey.CheckIns, CheckIn{Day: day + checkInEvery, Due: p.Journey.ArrivedOn.AddDays(day + checkInEvery)})
}

// planned reports whether the schedule has a check-in on that day.
func planned(day int) bool {
	return slices.Contains(firstCheckIns(), day) || day > 90 && (day-90)%checkInEvery == 0
}

// NoteMissed notes the check-ins that nobody held, each once, and plans the
// next. A job calls it; failures are returned together and the others go on.
func (s *Service) NoteMissed(ctx context.Context) (noted int, err error) {
	last := ref.DateOf(s.Now()).AddDays(-checkInGrace)
	return s.each(func(c *Card) bool { return c.Abroad.CheckInDue.Known() && c.Abroad.CheckInDue < last },
		func(id ID) (bool, error) { return s.noteMissed(ctx, id, last) })
}

func (s *Service) noteMissed(ctx context.Context, id ID, last ref.Date) (bool, error) {
	by := act{account.SystemActor(), account.Moment(s.Now())}
	_, err := s.Store.Update(ctx, id, func(p *Placement) error {
		missed := false
		for next := p.nextCheckIn(); p.State.Abroad() && next != nil && next.Due < last; next = p.nextCheckIn() {
			next.Missed, missed = by.now, true
			p.planCheckIn()
		}
		if !missed {
			return errNothing
		}
		p.note(by, "check_in_missed", "", "", "journey")
		return nil
	})
	if isNothing(err) {
		return false, nil
	}
	return err == nil, notFound(err)
}
