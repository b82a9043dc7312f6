package offer

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// Directory answers who an offer names; see package index.
type Directory interface {
	AgencyCard(id agency.ID) (agency.Card, bool)
	EmployerCard(id employer.ID) (employer.Card, bool)
	// Corridor gives a corridor that must not be changed.
	Corridor(code corridor.Code) (*corridor.Corridor, bool)
}

// Deps is what the service needs.
type Deps struct {
	Store     Store
	Reader    Reader
	Directory Directory
	Now       func() time.Time
	NewID     func(prefix string) string
}

// Service is everything people and jobs may do with offers.
type Service struct{ deps Deps }

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{deps: deps} }

// errNotFound answers for absent and for somebody else's offers alike.
func errNotFound() error { return fault.New(fault.NotFound, "offer.not_found") }

func (s *Service) act(actor account.Actor) Act { return Act{By: actor, At: s.deps.Now().UTC()} }

// mayManage: officials and the system every offer, an agency its own.
func mayManage(actor account.Actor, o *Offer) bool {
	switch actor.Role {
	case account.Official, account.System:
		return true
	case account.Agency:
		return actor.Agency != "" && actor.Agency == o.Agency
	default:
		return false
	}
}

// change is one operation on one offer.
type change struct {
	action string
	reason string
	// visible says whose the offer must be; mayManage unless said otherwise.
	visible func(account.Actor, *Offer) bool
	// apply alters the offer and names changed members, if that is of interest.
	apply func(o *Offer, act Act) (fields []string, err error)
}

// mutate runs the change under the offer's lock and leaves an audit entry with
// it in the same document.
func (s *Service) mutate(ctx context.Context, actor account.Actor, id ID, c change) (*Offer, error) {
	act := s.act(actor)
	visible := c.visible
	if visible == nil {
		visible = mayManage
	}
	o, err := s.deps.Store.Update(ctx, id, func(o *Offer) error {
		if !visible(actor, o) {
			return errNotFound()
		}
		fields, err := c.apply(o, act)
		if err == nil {
			o.record(act, c.action, c.reason, fields)
		}
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return nil, errNotFound()
	}
	return o, err
}

// record counts the change and notes it for the audit log.
func (o *Offer) record(act Act, action, reason string, fields []string) {
	o.Rev++
	o.UpdatedAt = act.At
	o.Pending.Add(audit.Entry{
		At: act.At, Actor: string(act.By.Account), Role: string(act.By.Role), Origin: act.By.Origin, Action: "offer." + action,
		Subject: string(o.ID), Rev: o.Rev, Reason: reason, Fields: fields,
	})
}

// lint judges the terms under work as things stand now.
func (s *Service) lint(o *Offer, at time.Time) []Finding { return Lint(s.facts(o, at)) }

func (s *Service) facts(o *Offer, at time.Time) Facts {
	terms := o.Working().Terms
	f := Facts{Terms: terms, AgencyKind: agency.Kind(o.AgencyKind), Original: o.Source.Original, Today: ref.DateOf(at)}
	if c, ok := s.deps.Directory.Corridor(corridor.CodeFor(terms.Country)); ok && terms.Country != "" {
		f.Corridor = c
	}
	if card, ok := s.deps.Directory.EmployerCard(employer.ID(terms.Employer)); ok && terms.Employer != "" {
		f.Employer, f.EmployerCountry = card.State, card.Country
	}
	return f
}

// agencyActive fails with Conflict unless the agency may have offers
// published today.
func (s *Service) agencyActive(id string, at time.Time) error {
	card, ok := s.deps.Directory.AgencyCard(agency.ID(id))
	inTime := !card.LicenceUntil.Known() || ref.DateOf(at) <= card.LicenceUntil
	if !ok || card.State != agency.Active || !inTime {
		return fault.New(fault.Conflict, "offer.agency.not_active")
	}
	return nil
}

// prepare normalises and checks terms that somebody typed or sent, and fills
// in the registered name of a known employer.
func (s *Service) prepare(terms *Terms) error {
	terms.Normalise()
	bad := Validate(*terms)
	if terms.Employer != "" {
		card, ok := s.deps.Directory.EmployerCard(employer.ID(terms.Employer))
		bad.Check(ok, "/employer", "offer.employer.unknown")
		if ok && terms.EmployerName == "" {
			terms.EmployerName = card.Name
		}
	}
	return bad.Err("offer.invalid")
}

// freeReference finds a reference that no other offer has.
func (s *Service) freeReference(id ID, at time.Time, taken map[string]bool) string {
	for attempt := 0; ; attempt++ {
		reference := MakeReference(id, at.UTC().Year(), attempt)
		owner, used := s.deps.Reader.OfferByReference(reference)
		if (!used || owner == id) && !taken[reference] {
			return reference
		}
	}
}
