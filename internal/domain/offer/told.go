package offer

import (
	"context"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/ref"
)

// Standing is what anybody may know of an offer whose reference they hold: it
// was published, and this is what became of it. Of an offer that is hidden
// from the public, State alone is told besides the reference.
type Standing struct {
	Reference  string
	State      State // published, suspended, filled, closed, withdrawn or expired
	Open       bool  // people may apply today
	Title      string
	AgencyName string
	Country    ref.Country
	Published  ref.Date
	Deadline   ref.Date // last day to apply; unknown = open-ended
}

// Told answers for a reference, in any spelling that ParseReference reads:
// Invalid for a malformed one, NotFound for one under which nothing was ever
// published. An offer whose agency or corridor is not in order counts as
// suspended, even before that has been carried on to its file.
func (s *Service) Told(_ context.Context, actor account.Actor, reference string) (Standing, error) {
	id, err := s.ByReference(actor, reference)
	if err != nil {
		return Standing{}, err
	}
	card, ok := s.deps.Reader.OfferCard(id)
	if !ok || card.PublishedAt.IsZero() {
		return Standing{}, errNotFound()
	}
	today := ref.DateOf(s.deps.Now())
	found := Standing{Reference: card.Reference, State: card.State}
	switch {
	case card.State.Open() && !s.inOrder(card):
		found.State = Suspended
	case card.State == Published && card.Deadline.Known() && card.Deadline < today:
		found.State = Expired
	}
	if found.State.Shown() {
		found.Open = found.State == Published && card.FreePlaces > 0
		found.Title, found.AgencyName, found.Country = card.Title, card.AgencyName, card.Country
		found.Published, found.Deadline = ref.DateOf(card.PublishedAt), card.Deadline
	}
	return found, nil
}

// inOrder reports whether the offer's agency is active and its corridor open.
func (s *Service) inOrder(c Card) bool {
	a, ok := s.deps.Directory.AgencyCard(agency.ID(c.Agency))
	if !ok || a.State != agency.Active {
		return false
	}
	if c.Country == ref.Mali {
		return true
	}
	way, ok := s.deps.Directory.Corridor(corridor.CodeFor(c.Country))
	return ok && way.Open(c.Kind, c.Occupation)
}
