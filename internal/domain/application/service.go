package application

import (
	"context"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// Offers reads offers as they are stored.
type Offers interface {
	Get(ctx context.Context, id offer.ID) (*offer.Offer, error)
}

// Places gives out the places of an offer. Both may be repeated: taking a
// place one has, or freeing one that nobody has, changes nothing.
type Places interface {
	// TakePlace holds a place for the application; Conflict code "offer.full"
	// when none is free, "offer.not_open" when the offer takes nobody.
	TakePlace(ctx context.Context, id offer.ID, application string) error
	FreePlace(ctx context.Context, id offer.ID, application string) error
}

// Model is what this room asks of the read model besides its own lists. What
// it gives out is read only.
type Model interface {
	Reader
	OffersOf(q offer.Query) []offer.ID
	// OffersToAnnounce lists the offers whose applicants have still to be told
	// of changed terms.
	OffersToAnnounce() []offer.ID
	OfferCard(id offer.ID) (offer.Card, bool)
	ProfileOf(owner account.ID) (profile.ID, bool)
	ProfileCard(id profile.ID) (profile.Card, bool)
	AgencyCard(id agency.ID) (agency.Card, bool)
	// Standing reports whether agency, employer and corridor of an offer let
	// people be recruited for it now.
	Standing(o offer.ID) bool
	// Pair gives what matching reads of an offer and a profile.
	Pair(o offer.ID, p profile.ID) (*match.Offer, *match.Profile, bool)
}

// Deps are what a Service is made of.
type Deps struct {
	Store  Store
	Model  Model
	Offers Offers
	Places Places
	Files  Files
	// Messages and Announcements carry the news of changed terms.
	Messages      Messages
	Announcements Announcements
	Log           *slog.Logger // takes what failed after a change was stored
	Now           func() time.Time
}

// Service is what candidates and agencies do with applications. What it gives
// out is cut to what the actor may know.
type Service struct {
	Deps
	seed  maphash.Seed
	locks [64]sync.Mutex // one application's place is taken and freed by one caller at a time
}

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{Deps: deps, seed: maphash.MakeSeed()} }

// hold locks an application's place until the returned function is called.
func (s *Service) hold(id ID) (release func()) {
	lock := &s.locks[maphash.String(s.seed, string(id))%uint64(len(s.locks))]
	lock.Lock()
	return lock.Unlock
}

// Scope gives the applications an actor may see: one's own, those to one's
// agency's offers, or for officials all.
func Scope(actor account.Actor) account.Scope {
	switch actor.Role {
	case account.Candidate:
		return account.Scope{Account: actor.Account}
	case account.Agency:
		return account.Scope{Agency: actor.Agency}
	case account.Official, account.System:
		return account.Scope{All: true}
	}
	return account.Scope{}
}

// List gives a page of the applications the actor may see, newest change
// first; whatever scope the query brings, the actor's own decides.
func (s *Service) List(_ context.Context, actor account.Actor, q Query) (listing.Result[Card], error) {
	if err := actor.Require("application.read"); err != nil {
		return listing.Result[Card]{}, err
	}
	if q.Scope = Scope(actor); !q.Scope.Sees() {
		return listing.Result[Card]{}, nil
	}
	page := s.Model.SearchApplications(q)
	for i := range page.Items {
		if actor.Role != account.Candidate {
			page.Items[i].Candidate = ""
		}
	}
	return page, nil
}

// Get reads one application; NotFound when it is not the actor's.
func (s *Service) Get(ctx context.Context, actor account.Actor, id ID) (*Application, error) {
	if err := actor.Require("application.read"); err != nil {
		return nil, err
	}
	a, err := s.read(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return a.shownTo(actor), nil
}

func (s *Service) read(ctx context.Context, actor account.Actor, id ID) (*Application, error) {
	a, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, notFound(err)
	}
	if !a.concerns(actor) {
		return nil, absent()
	}
	return a, nil
}

// concerns reports whether the application is the actor's to see.
func (a *Application) concerns(actor account.Actor) bool {
	scope := Scope(actor)
	return scope.All || scope.Account != "" && scope.Account == a.Candidate || scope.Agency != "" && scope.Agency == a.Agency
}

// shownTo gives a copy as far as the actor may know it: the account behind a
// candidate is the candidate's alone, and what the person wrote is between
// the person and the agency.
func (a *Application) shownTo(actor account.Actor) *Application {
	shown := *a
	shown.Pending = nil
	if actor.Role != account.Candidate {
		shown.Candidate = ""
	}
	if actor.Role == account.Official {
		shown.Message = ""
	}
	return &shown
}

func (s *Service) today() ref.Date { return ref.DateOf(s.Now()) }

// activeAgency refuses members of an agency that may not work.
func (s *Service) activeAgency(actor account.Actor) error {
	card, found := s.Model.AgencyCard(agency.ID(actor.Agency))
	if !found || card.State != agency.Active {
		return fault.New(fault.Conflict, "agency.not_active")
	}
	return nil
}

func absent() error { return fault.New(fault.NotFound, "application.not_found") }

// notFound gives every absent record the one code by which it is known.
func notFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return absent()
	}
	return err
}
