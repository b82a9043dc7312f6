package match

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// Reader answers from the read model; see package index. What it gives out is
// read only.
type Reader interface {
	// MatchProfiles ranks the profiles that match an offer, at most k, with
	// the exact number of all; nothing for an unknown offer.
	MatchProfiles(id offer.ID, k int, today ref.Date) (top []Ranked, total int)
	// MatchOffers ranks the offers that match a profile, likewise.
	MatchOffers(id profile.ID, k int, today ref.Date) (top []Ranked, total int)
	// Pair gives what matching reads of both.
	Pair(o offer.ID, p profile.ID) (*Offer, *Profile, bool)
	// ProfileInputs gives what matching reads of a profile.
	ProfileInputs(id profile.ID) (*Profile, bool)
	// OpenOffers gives every offer people can apply to that day.
	OpenOffers(today ref.Date) []*Offer
	OfferCard(id offer.ID) (offer.Card, bool)
	ProfileCard(id profile.ID) (profile.Card, bool)
	ProfileOf(owner account.ID) (profile.ID, bool)
	AppliedTo(p profile.ID, agency string) bool
	AgencyCard(id agency.ID) (agency.Card, bool)
}

// Deps are the ports of the service. Weights must be valid; see
// Weights.Validate, which is called where the configuration is read.
type Deps struct {
	Reader  Reader
	Weights Weights
	Now     func() time.Time
}

// Service answers who matches whom, as far as the asker may know it.
type Service struct{ deps Deps }

// NewService makes the service.
func NewService(d Deps) *Service { return &Service{deps: d} }

// ProfileMatch is one place of an offer's ranked list: nothing in it names
// the person. Score is nil where only the band may be seen.
type ProfileMatch struct {
	Rank    int
	Band    Band
	Score   *int64
	Profile profile.Card
}

// OfferMatch is one place of a person's ranked list.
type OfferMatch struct {
	Rank  int
	Band  Band
	Score *int64
	Offer offer.Card
}

// MatchesForOffer lists the visible profiles that match an offer, best first.
// Total counts all of them; the list ends after 500. An agency asks for its
// own offers only.
func (s *Service) MatchesForOffer(_ context.Context, actor account.Actor, id offer.ID, page listing.Page) (listing.Result[ProfileMatch], error) {
	if err := actor.Require("offer.matches"); err != nil {
		return listing.Result[ProfileMatch]{}, err
	}
	card, ok := s.deps.Reader.OfferCard(id)
	if !ok || actor.Role == account.Agency && !owns(actor, card) {
		return listing.Result[ProfileMatch]{}, fault.New(fault.NotFound, "offer.not_found")
	}
	if err := s.activeAgency(actor); err != nil {
		return listing.Result[ProfileMatch]{}, err
	}
	top, total := s.deps.Reader.MatchProfiles(id, MaxRanked, s.today())
	return paged(top, total, page, func(rank int, r Ranked) (ProfileMatch, bool) {
		found, ok := s.deps.Reader.ProfileCard(profile.ID(r.ID))
		found.Owner = ""
		return ProfileMatch{Rank: rank, Band: BandOf(r.Score), Score: scoreFor(actor, r.Score), Profile: found}, ok
	})
}

// MatchesForProfile lists the offers that match the actor's own profile.
func (s *Service) MatchesForProfile(_ context.Context, actor account.Actor, page listing.Page) (listing.Result[OfferMatch], error) {
	id, err := s.own(actor)
	if err != nil {
		return listing.Result[OfferMatch]{}, err
	}
	top, total := s.deps.Reader.MatchOffers(id, MaxRanked, s.today())
	return paged(top, total, page, func(rank int, r Ranked) (OfferMatch, bool) {
		found, ok := s.deps.Reader.OfferCard(offer.ID(r.ID))
		return OfferMatch{Rank: rank, Band: BandOf(r.Score), Score: scoreFor(actor, r.Score), Offer: found}, ok
	})
}

// Opportunities says which single change of the actor's own profile would
// open how many offers.
func (s *Service) Opportunities(_ context.Context, actor account.Actor) ([]Opportunity, error) {
	id, err := s.own(actor)
	if err != nil {
		return nil, err
	}
	p, ok := s.deps.Reader.ProfileInputs(id)
	if !ok {
		return nil, fault.New(fault.NotFound, "profile.not_found")
	}
	today := s.today()
	return Opportunities(p, s.deps.Reader.OpenOffers(today), today), nil
}

// Explain says why a pair is or is not a match, as far as the actor may know:
// see View.
func (s *Service) Explain(_ context.Context, actor account.Actor, o offer.ID, p profile.ID) (View, error) {
	if err := actor.Require("match.explain"); err != nil {
		return View{}, err
	}
	if err := s.mayExplain(actor, o, p); err != nil {
		return View{}, err
	}
	if err := s.activeAgency(actor); err != nil {
		return View{}, err
	}
	vacancy, person, ok := s.deps.Reader.Pair(o, p)
	if !ok {
		return View{}, fault.New(fault.NotFound, "match.not_found")
	}
	e := Explain(vacancy, person, s.deps.Weights, s.direction(actor, p), s.today())
	view := ViewFor(actor.Role, e)
	view.Rank = s.rank(actor, e)
	return view, nil
}

// activeAgency refuses members of an agency that is not active: a suspended
// one reads nothing about people. Other roles pass.
func (s *Service) activeAgency(actor account.Actor) error {
	if actor.Role != account.Agency {
		return nil
	}
	if card, ok := s.deps.Reader.AgencyCard(agency.ID(actor.Agency)); !ok || card.State != agency.Active {
		return fault.New(fault.Conflict, "agency.not_active")
	}
	return nil
}

// mayExplain applies the need to know. A person asks about the own profile
// and offers that were published; an agency about its own published offers
// and profiles that are visible or applied to it. An unpublished offer can be
// changed at will, so explaining it to its agency would let it try values
// until every hidden fact is known.
func (s *Service) mayExplain(actor account.Actor, o offer.ID, p profile.ID) error {
	vacancy, haveOffer := s.deps.Reader.OfferCard(o)
	person, haveProfile := s.deps.Reader.ProfileCard(p)
	published := !vacancy.PublishedAt.IsZero()
	switch actor.Role {
	case account.Candidate:
		haveProfile = haveProfile && person.Owner == actor.Account
		haveOffer = haveOffer && published
	case account.Agency:
		haveProfile = haveProfile && (person.Visible || s.deps.Reader.AppliedTo(p, actor.Agency))
		haveOffer = haveOffer && owns(actor, vacancy)
	}
	switch {
	case !haveOffer:
		return fault.New(fault.NotFound, "offer.not_found")
	case !haveProfile:
		return fault.New(fault.NotFound, "profile.not_found")
	case actor.Role == account.Agency && !published:
		return fault.New(fault.Conflict, "match.unpublished")
	}
	return nil
}

// direction is the person's own for the person, and for an agency the person
// applied to: who has come forward need not be found.
func (s *Service) direction(actor account.Actor, p profile.ID) Direction {
	if actor.Role == account.Candidate || actor.Role == account.Agency && s.deps.Reader.AppliedTo(p, actor.Agency) {
		return ToOffers
	}
	return ToProfiles
}

// rank finds the place of the pair in the list the actor would be shown; 0 =
// not among the first 500.
func (s *Service) rank(actor account.Actor, e Explanation) int {
	var top []Ranked
	id := e.Profile
	if actor.Role == account.Candidate {
		id = e.Offer
		top, _ = s.deps.Reader.MatchOffers(profile.ID(e.Profile), MaxRanked, e.Today)
	} else {
		top, _ = s.deps.Reader.MatchProfiles(offer.ID(e.Offer), MaxRanked, e.Today)
	}
	return 1 + slices.IndexFunc(top, func(r Ranked) bool { return r.ID == id })
}

func (s *Service) own(actor account.Actor) (profile.ID, error) {
	if err := actor.Require("profile.matches"); err != nil {
		return "", err
	}
	id, ok := s.deps.Reader.ProfileOf(actor.Account)
	if !ok {
		return "", fault.New(fault.NotFound, "profile.not_found")
	}
	return id, nil
}

func (s *Service) today() ref.Date { return ref.DateOf(s.deps.Now()) }

func owns(actor account.Actor, card offer.Card) bool {
	return actor.Agency != "" && card.Agency == actor.Agency
}

// scoreFor gives the score to those who may see it: everybody but agencies.
func scoreFor(actor account.Actor, score int64) *int64 {
	if actor.Role == account.Agency {
		return nil
	}
	return &score
}

// paged cuts a page out of a ranked list. The position after an item is its
// rank and id: should the list have moved, the id is looked for first. It
// tells no score.
func paged[T any](top []Ranked, total int, page listing.Page, item func(int, Ranked) (T, bool)) (listing.Result[T], error) {
	start, err := position(top, page.After)
	if err != nil {
		return listing.Result[T]{}, err
	}
	end := min(start+page.Size(), len(top))
	result := listing.Result[T]{Items: make([]T, 0, end-start), Total: total}
	for i := start; i < end; i++ {
		if line, ok := item(i+1, top[i]); ok {
			result.Items = append(result.Items, line)
		}
	}
	if end < len(top) && end > 0 {
		result.Next = strconv.Itoa(end) + "." + top[end-1].ID
	}
	return result, nil
}

func position(top []Ranked, after string) (int, error) {
	if after == "" {
		return 0, nil
	}
	digits, id, found := strings.Cut(after, ".")
	rank, err := strconv.Atoi(digits)
	if err != nil || !found || id == "" || rank < 1 || rank > MaxRanked {
		return 0, fault.New(fault.Syntax, "cursor")
	}
	if at := slices.IndexFunc(top, func(r Ranked) bool { return r.ID == id }); at >= 0 {
		return at + 1, nil
	}
	return min(rank, len(top)), nil
}
