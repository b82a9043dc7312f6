package assignment

import (
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
)

// step gives where a file stands; zero where it waits for nobody. Forbidden for
// whoever does not decide on such files.
func (s *Service) step(actor account.Actor, f File) (at step, err error) {
	if err := actor.Require(f.Kind.Permission()); err != nil {
		return step{}, err
	}
	found := false
	switch f.Kind {
	case Offer:
		at, found = stepOf(s.Reader.OfferCard, offer.ID(f.ID), offerStep)
	case Agency:
		at, found = stepOf(s.Reader.AgencyCard, agency.ID(f.ID), agencyStep)
	case Employer:
		at, found = stepOf(s.Reader.EmployerCard, employer.ID(f.ID), employerStep)
	case Incident:
		at, found = stepOf(s.Reader.IncidentCard, incident.ID(f.ID), incidentStep)
	}
	if !found {
		return step{}, f.absent()
	}
	return at, nil
}

// absent is the fault of a file that is not there.
func (f File) absent() error {
	switch f.Kind {
	case Offer:
		return fault.New(fault.NotFound, "offer.not_found")
	case Agency:
		return fault.New(fault.NotFound, "agency.not_found")
	case Employer:
		return fault.New(fault.NotFound, "employer.not_found")
	}
	return fault.New(fault.NotFound, "incident.not_found")
}

func stepOf[C any, I ~string](find func(I) (C, bool), id I, of func(*C) step) (step, bool) {
	card, known := find(id)
	if !known {
		return step{}, false
	}
	return of(&card), true
}

// offerStep heeds the next version of an offer in force as well: it walks the
// same path.
func offerStep(c *offer.Card) step {
	waiting := []offer.State{offer.Submitted, offer.Approved}
	switch {
	case c.HasNext && slices.Contains(waiting, c.NextState):
		return step{string(c.NextState), c.WaitsSince}
	case slices.Contains(waiting, c.State):
		return step{string(c.State), c.WaitsSince}
	}
	return step{}
}

func agencyStep(c *agency.Card) step {
	if c.State == agency.Applied || c.State == agency.Vetted {
		return step{string(c.State), c.DecidedAt}
	}
	return step{}
}

// employerStep also names what a first official proposed and a second one is to
// answer.
func employerStep(c *employer.Card) step {
	switch {
	case c.Pending != "":
		return step{"proposed " + c.Pending, c.DecidedAt}
	case c.State == employer.Declared:
		return step{string(c.State), c.DecidedAt}
	}
	return step{}
}

// incidentStep is empty once somebody has looked at the case: from then on it
// has an official in charge.
func incidentStep(c *incident.Card) step {
	if c.State.Untriaged() {
		return step{string(c.State), c.Since}
	}
	return step{}
}
