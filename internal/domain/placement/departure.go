package placement

import (
	"context"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// arrivalWithin is how many days after a departure the arrival must be noted,
// unless the departure says otherwise, and longestWay the most it may say.
const (
	arrivalWithin = 3
	longestWay    = 30
)

// Departure is what is stated when a person leaves.
type Departure struct {
	On      ref.Date
	Carrier string   // flight, bus or ship
	DueOn   ref.Date // day by which the arrival must be noted; unknown = three days after
}

// Depart notes that the person has left, on a day on which the clearance is
// valid. Conflict code "placement.clearance.not_valid" on any other day.
func (s *Service) Depart(ctx context.Context, actor account.Actor, id ID, d Departure) (*Placement, error) {
	if err := actor.Require("placement.depart"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if _, err := Transitions().Next(ActDepart, p.State, by.actor.Role); err != nil {
			return err
		}
		if err := s.roadOpen(p.road()); err != nil {
			return err
		}
		return p.depart(by, d)
	})
}

// road is what a person travels by: where to, for what work, through whom and
// to whom.
type road struct {
	country          ref.Country
	kind             ref.WorkKind
	occupation       ref.Occupation
	agency, employer string
}

func (p *Placement) road() road {
	return road{p.Country, p.Kind, p.Occupation, p.Agency, p.Employer}
}

// roadOpen fails unless the corridor, the agency and the employer are, at this
// moment, in order: a suspension acts before its job has put holds on files.
func (s *Service) roadOpen(r road) error {
	if err := s.destinationOpen(r); err != nil {
		return err
	}
	if a, known := s.Model.AgencyCard(agency.ID(r.agency)); !known || a.State != agency.Active {
		return fault.New(fault.Conflict, "agency.not_active")
	}
	return s.employerInOrder(r.employer)
}

func (s *Service) destinationOpen(r road) error {
	if r.country == ref.Mali {
		return nil
	}
	if c, known := s.Model.Corridor(corridor.CodeFor(r.country)); !known || !c.Open(r.kind, r.occupation) {
		return fault.New(fault.Conflict, "placement.corridor.closed")
	}
	return nil
}

// employerInOrder fails for a known employer that is not accredited. A file
// without one belongs to a foreign public service.
func (s *Service) employerInOrder(id string) error {
	if id == "" {
		return nil
	}
	if e, known := s.Model.EmployerCard(employer.ID(id)); !known || e.State != employer.Accredited {
		return fault.New(fault.Conflict, "placement.employer.not_accredited")
	}
	return nil
}

// depart notes the departure.
func (p *Placement) depart(by act, d Departure) error {
	today := ref.DateOf(by.now)
	if !d.DueOn.Known() {
		d.DueOn = d.On.AddDays(arrivalWithin)
	}
	var bad fault.List
	checkDay(&bad, "/on", d.On, "", today)
	bad.Check(d.DueOn >= d.On && d.DueOn <= d.On.AddDays(longestWay), "/dueOn", "placement.due_on")
	checkWord(&bad, "/carrier", d.Carrier, false)
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	if !p.clearedOn(d.On) || !p.clearedOn(today) {
		return fault.New(fault.Conflict, "placement.clearance.not_valid")
	}
	if err := p.move(by, ActDepart, "", ""); err != nil {
		return err
	}
	p.Journey.DepartedOn, p.Journey.Carrier, p.Journey.DueOn = d.On, strings.TrimSpace(d.Carrier), d.DueOn
	return nil
}

// clearedOn reports whether the clearance that counts is valid on that day.
func (p *Placement) clearedOn(day ref.Date) bool {
	if len(p.Clearances) == 0 {
		return false
	}
	last := p.Clearances[len(p.Clearances)-1]
	return last.RevokedAt.IsZero() && last.From <= day && day <= last.Until
}

// Arrival is what is stated when the person has arrived.
type Arrival struct {
	On    ref.Date
	Place string // city or site
}

// Arrive notes the arrival and makes the schedule of check-ins. It is never
// refused for being late.
func (s *Service) Arrive(ctx context.Context, actor account.Actor, id ID, a Arrival) (*Placement, error) {
	if err := actor.Require("placement.arrive"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error { return p.arrive(by, a) })
}

func (p *Placement) arrive(by act, a Arrival) error {
	if _, err := Transitions().Next(ActArrive, p.State, by.actor.Role); err != nil {
		return err
	}
	var bad fault.List
	checkDay(&bad, "/on", a.On, p.Journey.DepartedOn, ref.DateOf(by.now))
	checkWord(&bad, "/place", strings.TrimSpace(a.Place), true)
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	if err := p.move(by, ActArrive, "", ""); err != nil {
		return err
	}
	p.Journey.ArrivedOn, p.Journey.ArrivedAt = a.On, strings.TrimSpace(a.Place)
	p.Journey.CheckIns = Schedule(a.On)
	return nil
}

// NoteOverdue notes that the arrival was not noted in time, once; noted is
// false when there was nothing to note. The file then calls for an incident,
// see Alerts.
func (s *Service) NoteOverdue(ctx context.Context, id ID) (noted bool, err error) {
	by := act{account.SystemActor(), account.Moment(s.Now())}
	_, err = s.Store.Update(ctx, id, func(p *Placement) error {
		if !p.overdue(by) {
			return errNothing
		}
		p.Journey.OverdueAt = by.now
		p.note(by, "overdue", "", "")
		p.tellPerson(by, "placement.overdue")
		p.tellAgency(by, "placement.overdue.agency", s.members(p.Agency))
		noted = true
		return nil
	})
	if isNothing(err) {
		return false, nil
	}
	return noted && err == nil, notFound(err)
}

// overdue reports whether an arrival is late and nobody has said so yet.
func (p *Placement) overdue(by act) bool {
	return p.State == Departed && p.Journey.OverdueAt.IsZero() && ref.DateOf(by.now) > p.Journey.DueOn
}

// NoteAllOverdue notes every arrival that is late. A job calls it; failures are
// returned together and the others go on.
func (s *Service) NoteAllOverdue(ctx context.Context) (noted int, err error) {
	today := ref.DateOf(s.Now())
	return s.each(func(c *Card) bool {
		return c.Abroad.ArrivalDue.Known() && c.Abroad.ArrivalDue < today && !alerted(c, "arrival_overdue")
	},
		func(id ID) (bool, error) { return s.NoteOverdue(ctx, id) })
}

func alerted(c *Card, category string) bool {
	for _, a := range c.Abroad.Alerts {
		if a.Category == category {
			return true
		}
	}
	return false
}
