package offer

import (
	"context"
	"errors"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// errUnchanged ends an update that has nothing to write.
var errUnchanged = errors.New("offer: unchanged")

// AgencyChanged suspends all offers of an agency that is no longer active, and
// ends that cause when it is again. Like the other consequences it may be
// called twice, or again after a crash, and carries on where it stopped.
func (s *Service) AgencyChanged(ctx context.Context, id agency.ID, active bool) error {
	return s.standing(ctx, Query{Agency: string(id)}, CauseAgency, func(*Offer) bool { return active })
}

// EmployerChanged does the same for an employer that is no longer accredited.
func (s *Service) EmployerChanged(ctx context.Context, id employer.ID, accredited bool) error {
	return s.standing(ctx, Query{Employer: string(id)}, CauseEmployer, func(*Offer) bool { return accredited })
}

// CorridorChanged looks again at every offer to the corridor's destination:
// it is suspended where the corridor is closed for its kind and occupation.
func (s *Service) CorridorChanged(ctx context.Context, code corridor.Code) error {
	country := ref.Country(string(code)[min(len(code), len("ML-")):])
	return s.standing(ctx, Query{Countries: []ref.Country{country}}, CauseCorridor, s.corridorOpen)
}

// corridorOpen reports whether the corridor of the terms in force is open.
func (s *Service) corridorOpen(o *Offer) bool {
	t := o.Terms()
	if t.Country == ref.Mali {
		return true
	}
	c, ok := s.deps.Directory.Corridor(corridor.CodeFor(t.Country))
	return ok && c.Open(t.Kind, t.Occupation)
}

// standing adds the cause to every offer of the query that is not in order
// and removes it from those that are.
func (s *Service) standing(ctx context.Context, q Query, cause Cause, inOrder func(*Offer) bool) error {
	q.Scope, q.States = account.Scope{All: true}, []State{Published, Suspended, Filled}
	for _, id := range s.deps.Reader.OffersOf(q) {
		if err := s.consequence(ctx, id, cause, inOrder); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) consequence(ctx context.Context, id ID, cause Cause, inOrder func(*Offer) bool) error {
	return s.system(ctx, id, func(o *Offer) (action string, err error) {
		if inOrder(o) && o.RemoveCause(cause) {
			return ActReopen, nil
		}
		if !inOrder(o) && o.AddCause(cause) {
			return ActSuspend, nil
		}
		return "", errUnchanged
	}, string(cause))
}

// system runs a change without an actor; an offer that is gone or needs no
// change is no error.
func (s *Service) system(ctx context.Context, id ID, apply func(*Offer) (action string, err error), reason string) error {
	act := s.act(account.SystemActor())
	_, err := s.deps.Store.Update(ctx, id, func(o *Offer) error {
		action, err := apply(o)
		if err == nil {
			o.record(act, action, reason, nil)
		}
		return err
	})
	if errors.Is(err, errUnchanged) || isNotFound(err) {
		return nil
	}
	return err
}

// Reconsider compares one offer in force with its agency, employer and
// corridor, and suspends or reopens it accordingly. An offer that is gone or
// not in force is left alone; it may be repeated.
func (s *Service) Reconsider(ctx context.Context, id ID) error {
	now := s.deps.Now()
	return errors.Join(
		s.consequence(ctx, id, CauseAgency, func(o *Offer) bool { return s.agencyActive(o.Agency, now) == nil }),
		s.consequence(ctx, id, CauseEmployer, s.employerInOrder),
		s.consequence(ctx, id, CauseCorridor, s.corridorOpen))
}

// Reconcile compares every offer in force with its agency, employer and
// corridor, and repairs what a crash or a race left undone. It is a job.
func (s *Service) Reconcile(ctx context.Context) error {
	now := s.deps.Now()
	q := Query{Scope: account.Scope{All: true}, States: []State{Published, Suspended, Filled}}
	for _, id := range s.deps.Reader.OffersOf(q) {
		for _, c := range []struct {
			cause   Cause
			inOrder func(*Offer) bool
		}{
			{CauseAgency, func(o *Offer) bool { return s.agencyActive(o.Agency, now) == nil }},
			{CauseEmployer, s.employerInOrder},
			{CauseCorridor, s.corridorOpen},
		} {
			if err := s.consequence(ctx, id, c.cause, c.inOrder); err != nil {
				return err
			}
		}
	}
	return nil
}

// employerInOrder: no employer is named, which only a foreign public service
// may do, or it is accredited.
func (s *Service) employerInOrder(o *Offer) bool {
	id := o.Terms().Employer
	card, ok := s.deps.Directory.EmployerCard(employer.ID(id))
	return id == "" || ok && card.State == employer.Accredited
}

// ExpireDue ends every published or suspended offer whose deadline lies before
// today, and says how many. It is a job.
func (s *Service) ExpireDue(ctx context.Context, today ref.Date) (expired int, err error) {
	q := Query{Scope: account.Scope{All: true}, States: []State{Published, Suspended}}
	for _, id := range s.deps.Reader.OffersOf(q) {
		card, ok := s.deps.Reader.OfferCard(id)
		if !ok || !card.Deadline.Known() || card.Deadline >= today {
			continue
		}
		err := s.system(ctx, id, func(o *Offer) (string, error) {
			act := Act{By: account.SystemActor(), At: s.deps.Now().UTC()}
			if err := o.Expire(act); fault.Is(err, fault.Conflict) {
				return "", errUnchanged
			} else if err != nil {
				return "", err
			}
			expired++
			return ActExpire, nil
		}, "deadline")
		if err != nil {
			return expired, err
		}
	}
	return expired, nil
}

// TakePlace gives a place to an application, atomically; taking it again
// changes nothing. Conflict "offer.full" when none is free, "offer.not_open"
// when the offer takes nobody, NotFound when there is no such offer.
func (s *Service) TakePlace(ctx context.Context, id ID, application string) error {
	act := s.act(account.SystemActor())
	_, err := s.deps.Store.Update(ctx, id, func(o *Offer) error {
		if !slices.Contains(o.Taken, application) && !s.recruits(o) {
			return fault.New(fault.Conflict, "offer.not_open")
		}
		changed, err := o.TakePlace(application)
		if err != nil {
			return err
		}
		if !changed {
			return errUnchanged
		}
		o.record(act, "take_place", "", nil)
		return nil
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if isNotFound(err) {
		return errNotFound()
	}
	return err
}

// recruits reports whether agency, employer and corridor let people be selected
// now, whatever causes the offer's record names so far: a suspension acts at
// once, and the job that notes it comes later.
func (s *Service) recruits(o *Offer) bool {
	employed, known := s.deps.Directory.EmployerCard(employer.ID(o.Terms().Employer))
	recruiter, ok := s.deps.Directory.AgencyCard(agency.ID(o.Agency))
	return ok && recruiter.State == agency.Active && !(known && employed.State == employer.Barred) && s.corridorOpen(o)
}

// FreePlace gives a place back; an application that holds none changes
// nothing.
func (s *Service) FreePlace(ctx context.Context, id ID, application string) error {
	return s.system(ctx, id, func(o *Offer) (string, error) {
		if !o.FreePlace(application) {
			return "", errUnchanged
		}
		return "free_place", nil
	}, "")
}
