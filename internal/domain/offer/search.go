package offer

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// maxSuggestions bounds the completions of one word.
const maxSuggestions = 10

// Search answers a query: what is open to applications today, for everybody.
// A query that names states, an import, uncoded drafts or one's own drafts is
// one of a worklist: officials search every offer, an agency its own, others
// are Forbidden. The caller's Scope and Today are replaced.
func (s *Service) Search(_ context.Context, actor account.Actor, q Query) (Results, error) {
	if err := actor.Require("offer.search"); err != nil {
		return Results{}, err
	}
	scope, err := scopeOf(actor, q)
	if err != nil {
		return Results{}, err
	}
	q.Scope, q.Today = scope, ref.DateOf(s.deps.Now())
	q.Limit = listing.Page{Limit: q.Limit}.Size()
	return s.deps.Reader.SearchOffers(q)
}

func scopeOf(actor account.Actor, q Query) (account.Scope, error) {
	worklist := len(q.States) > 0 || q.Import != "" || q.UncodedOnly || q.IncludeOwnDrafts
	switch {
	case !worklist:
		return account.Scope{Public: true}, nil
	case actor.Role == account.Official:
		return account.Scope{All: true}, nil
	case actor.Role == account.Agency && actor.Agency != "":
		return account.Scope{Agency: actor.Agency}, nil
	case !actor.SignedIn():
		return account.Scope{}, fault.New(fault.Unauthenticated, "auth.required")
	default:
		return account.Scope{}, fault.New(fault.Forbidden, "auth.forbidden")
	}
}

// Suggest completes a word of two letters or more from titles of published
// offers; at most ten.
func (s *Service) Suggest(_ context.Context, actor account.Actor, prefix string) ([]string, error) {
	if err := actor.Require("offer.search"); err != nil {
		return nil, err
	}
	prefix = text.CleanName(prefix)
	if len([]rune(prefix)) < 2 {
		return nil, nil
	}
	return s.deps.Reader.SuggestOffers(prefix, maxSuggestions), nil
}

// Change is one line of the feed of changes. Gone marks an offer that is no
// longer published: only its id, reference and state are told.
type Change struct {
	Card Card
	Gone bool
}

// Changes lists what changed in published offers at an instant or later, oldest
// first, at most limit lines. To go on, since and after are the instant and the
// id of the last line of the page before; an empty after is the beginning.
func (s *Service) Changes(_ context.Context, actor account.Actor, since time.Time, after ID, limit int) ([]Change, error) {
	if err := actor.Require("offer.changes"); err != nil {
		return nil, err
	}
	cards := s.deps.Reader.ChangedOffers(since, after, listing.Page{Limit: limit}.Size())
	changes := make([]Change, len(cards))
	for i, card := range cards {
		changes[i] = Change{Card: card}
		if !card.State.Open() {
			changes[i] = Change{Gone: true, Card: Card{ID: card.ID, Reference: card.Reference, Rev: card.Rev, State: card.State, UpdatedAt: card.UpdatedAt}}
		}
	}
	return changes, nil
}

// Open reports whether an offer in this state is in the feed of published
// offers.
func (s State) Open() bool { return s == Published || s == Filled }

func isNotFound(err error) bool { return fault.Is(err, fault.NotFound) }
