package placement

import (
	"context"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// referencePrefix begins the reference of every placement.
const referencePrefix = "PLA"

// Open makes the file of a selected application: the offer's terms as they were
// frozen, and the corridor's checklist. The system calls it after a selection,
// and a job again for what a crash left undone: the file that is there already
// is given as it is. Conflict "placement.not_selected" for an application that
// is not selected, "placement.offer.unpublished" where nothing was frozen.
func (s *Service) Open(ctx context.Context, id application.ID) (*Placement, error) {
	a, err := s.Applications.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err := s.Store.Get(ctx, MakeID(string(a.ID), a.Round))
	if err == nil || !fault.Is(err, fault.NotFound) {
		return p, err
	}
	if a.State != application.Selected {
		return nil, fault.New(fault.Conflict, "placement.not_selected")
	}
	o, err := s.Offers.Get(ctx, offer.ID(a.Offer))
	if err != nil {
		return nil, err
	}
	if o.Frozen == nil {
		return nil, fault.New(fault.Conflict, "placement.offer.unpublished")
	}
	p = s.fileOf(a, o)
	err = s.Store.Insert(ctx, p)
	if fault.Is(err, fault.Conflict) {
		return s.Store.Get(ctx, p.ID)
	}
	return p, err
}

// fileOf makes the file of a selection.
func (s *Service) fileOf(a *application.Application, o *offer.Offer) *Placement {
	now, t := account.Moment(s.Now()), o.Frozen.Terms
	p := &Placement{
		ID: MakeID(string(a.ID), a.Round), Application: string(a.ID), Round: a.Round, Offer: o.ID, Agency: a.Agency,
		Employer: t.Employer, Profile: a.Profile, Candidate: a.Candidate, Country: t.Country, Occupation: t.Occupation,
		Kind: t.Kind, Title: t.Title, Frozen: *o.Frozen, State: Opened, Since: now, CreatedAt: now,
	}
	p.Reference = s.freeReference(p.ID, now.Year())
	c, _ := s.Model.Corridor(corridor.CodeFor(t.Country))
	p.Checklist = checklist(c, t.Occupation)
	by := act{account.SystemActor(), now}
	p.note(by, ActOpen, "", "")
	p.tellPerson(by, "placement.opened")
	return p
}

// freeReference gives a reference that no other file has.
func (s *Service) freeReference(id ID, year int) string {
	for attempt := 0; ; attempt++ {
		reference, taken := ref.MakeReference(referencePrefix, string(id), year, attempt), false
		s.Model.EachPlacement(func(c *Card) bool {
			taken = c.Reference == reference && c.ID != id
			return !taken
		})
		if !taken {
			return reference
		}
	}
}
