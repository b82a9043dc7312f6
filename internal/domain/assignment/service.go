package assignment

import (
	"context"
	"errors"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
)

// Deps are the ports a Service is made of.
type Deps struct {
	Store  Store
	Reader Reader
	Now    func() time.Time
}

// Service is how officials share the files that wait.
type Service struct{ Deps }

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{Deps: deps} }

// errNothing ends an update that found nothing to change.
var errNothing = errors.New("nothing to change")

// Take takes a file for oneself, or for longer. NotFound "<kind>.not_found"
// where there is no such file, Conflict "assignment.idle" where it waits for
// nobody, and Conflict "assignment.taken" while another official has it: its
// field says who and until when.
func (s *Service) Take(ctx context.Context, actor account.Actor, f File) (Holding, error) {
	at, err := s.step(actor, f)
	if err != nil {
		return Holding{}, err
	}
	if at.name == "" {
		return Holding{}, fault.New(fault.Conflict, "assignment.idle")
	}
	now := account.Moment(s.Now())
	a, err := s.put(ctx, f, func(a *Assignment) error {
		if err := a.free(actor, at, now); err != nil {
			return err
		}
		a.Step, a.By, a.At, a.Until = at.name, actor.Account, now, now.Add(For)
		a.note(actor, now, "assignment.take")
		return nil
	})
	if err != nil {
		return Holding{}, err
	}
	return a.holding(), nil
}

// GiveBack gives a file back to the queue; what nobody has, or a file that has
// gone on, is left as it is. Conflict "assignment.taken" when it is another
// official's.
func (s *Service) GiveBack(ctx context.Context, actor account.Actor, f File) error {
	at, err := s.step(actor, f)
	if err != nil {
		return err
	}
	now := account.Moment(s.Now())
	_, err = s.Store.Update(ctx, f.Assignment(), func(a *Assignment) error {
		if !a.holds(at, now) {
			return errNothing
		}
		if err := a.free(actor, at, now); err != nil {
			return err
		}
		a.Step, a.By, a.At, a.Until = "", "", time.Time{}, time.Time{}
		a.note(actor, now, "assignment.give_back")
		return nil
	})
	if errors.Is(err, errNothing) || fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// put changes the file's assignment, or makes it. Of two officials who take a
// file for the first time at once one inserts it, and the other finds it taken.
func (s *Service) put(ctx context.Context, f File, change func(*Assignment) error) (*Assignment, error) {
	a, err := s.Store.Update(ctx, f.Assignment(), change)
	if !fault.Is(err, fault.NotFound) {
		return a, err
	}
	a = &Assignment{ID: f.Assignment(), File: f}
	if err := change(a); err != nil {
		return nil, err
	}
	if err = s.Store.Insert(ctx, a); fault.Is(err, fault.Conflict) {
		return s.Store.Update(ctx, f.Assignment(), change)
	}
	return a, err
}

// free fails while another official has the file.
func (a *Assignment) free(actor account.Actor, at step, now time.Time) error {
	if a.By == actor.Account || !a.holds(at, now) {
		return nil
	}
	return fault.New(fault.Conflict, "assignment.taken",
		fault.Field{Pointer: "/claim", Code: "assignment.holder", Args: []string{string(a.By), a.Until.Format(time.RFC3339)}})
}

// note counts the revision and adds what happened to the audit log.
func (a *Assignment) note(actor account.Actor, now time.Time, action string) {
	a.Rev++
	a.UpdatedAt = now
	a.Pending.Add(audit.Entry{At: now, Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin,
		Action: action, Subject: string(a.ID), Rev: a.Rev, Fields: []string{"by", "until"}})
}

// Holder says who has a file now, for those who may take it; everybody else is
// told of nobody.
func (s *Service) Holder(actor account.Actor, f File) Holding {
	a, known := s.Reader.Assignment(f.Assignment())
	if !known || a.By == "" || !s.Now().Before(a.Until) {
		return Holding{}
	}
	if at, err := s.step(actor, f); err != nil || !a.holds(at, s.Now()) {
		return Holding{}
	}
	return a.holding()
}

// Waits reports whether a file waits for an official, so that it can be taken.
func (s *Service) Waits(actor account.Actor, f File) bool {
	at, err := s.step(actor, f)
	return err == nil && at.name != ""
}

// Files are the cards of files of every kind, each by id.
type Files struct {
	Offers    []offer.Card
	Agencies  []agency.Card
	Employers []employer.Card
	Incidents []incident.Card
}

// Mine lists the files the actor has now.
func (s *Service) Mine(actor account.Actor) (mine Files) {
	for _, a := range s.Reader.AssignmentsOf(actor.Account) {
		if s.Holder(actor, a.File).By != actor.Account {
			continue
		}
		switch id := a.File.ID; a.File.Kind {
		case Offer:
			mine.Offers = also(mine.Offers, s.Reader.OfferCard, offer.ID(id))
		case Agency:
			mine.Agencies = also(mine.Agencies, s.Reader.AgencyCard, agency.ID(id))
		case Employer:
			mine.Employers = also(mine.Employers, s.Reader.EmployerCard, employer.ID(id))
		case Incident:
			mine.Incidents = also(mine.Incidents, s.Reader.IncidentCard, incident.ID(id))
		}
	}
	for i := range mine.Incidents { // as lists give them
		if c := &mine.Incidents[i]; c.Reporter != actor.Account {
			c.Reporter = ""
		}
	}
	return mine
}

func also[C any, I ~string](cards []C, find func(I) (C, bool), id I) []C {
	if card, known := find(id); known {
		cards = append(cards, card)
	}
	return cards
}
