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

// step gives where a file stands, as its decisions see it; empty where it waits
// for nobody. Forbidden for whoever does not decide on such files.
func (s *Service) step(actor account.Actor, f File) (step string, err error) {
	if err := actor.Require(f.Kind.Permission()); err != nil {
		return "", err
	}
	found := false
	switch f.Kind {
	case Offer:
		step, found = stepOf(s.Reader.OfferCard, offer.ID(f.ID), offerStep)
	case Agency:
		step, found = stepOf(s.Reader.AgencyCard, agency.ID(f.ID), agencyStep)
	case Employer:
		step, found = stepOf(s.Reader.EmployerCard, employer.ID(f.ID), employerStep)
	case Incident:
		step, found = stepOf(s.Reader.IncidentCard, incident.ID(f.ID), incidentStep)
	}
	if !found {
		return "", f.absent()
	}
	return step, nil
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

func stepOf[C any, I ~string](find func(I) (C, bool), id I, step func(*C) string) (string, bool) {
	card, known := find(id)
	if !known {
		return "", false
	}
	return step(&card), true
}

// offerStep heeds the next version of an offer in force as well: it walks the
// same path.
func offerStep(c *offer.Card) string {
	waiting := []offer.State{offer.Submitted, offer.Approved}
	switch {
	case c.HasNext && slices.Contains(waiting, c.NextState):
		return string(c.NextState)
	case slices.Contains(waiting, c.State):
		return string(c.State)
	}
	return ""
}

func agencyStep(c *agency.Card) string {
	if c.State == agency.Applied || c.State == agency.Vetted {
		return string(c.State)
	}
	return ""
}

// employerStep also names what a first official proposed and a second one is to
// answer.
func employerStep(c *employer.Card) string {
	switch {
	case c.Pending != "":
		return "proposed " + c.Pending
	case c.State == employer.Declared:
		return string(c.State)
	}
	return ""
}

// incidentStep is empty once somebody has looked at the case: from then on it
// has an official in charge.
func incidentStep(c *incident.Card) string {
	if c.State.Untriaged() {
		return string(c.State)
	}
	return ""
}
