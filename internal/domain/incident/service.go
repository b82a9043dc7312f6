package incident

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/placement"
)

// triageWithin is how soon a case must be looked at: real time, since distress
// knows no working days.
const triageWithin = 24 * time.Hour

// Directory is what the read model knows of cases and files.
type Directory interface {
	Reader
	PlacementCard(id placement.ID) (placement.Card, bool)
	EachPlacement(see func(*placement.Card) bool)
	AgencyCard(id agency.ID) (agency.Card, bool)
	Accounts(q account.Query) listing.Result[account.Card]
}

// Placements holds files while a person's safety is at stake. Holding again
// for the same incident changes nothing.
type Placements interface {
	HoldForSafety(ctx context.Context, id placement.ID, incident string) error
}

// Deps are what a Service is made of.
type Deps struct {
	Store  Store
	Model  Directory
	Files  Placements
	Secret func() string // a follow-up code nobody can guess, at least 128 bits
	Log    *slog.Logger  // takes what failed after a change was stored
	Now    func() time.Time
	NewID  func(prefix string) string
}

// Service is what people do with incidents. What it gives out is cut to what
// the actor may know.
type Service struct{ Deps }

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{Deps: deps} }

// ScopeOf gives the incidents an actor may see.
func ScopeOf(actor account.Actor) Scope {
	switch actor.Role {
	case account.Official:
		return Scope{All: true}
	case account.Agency:
		return Scope{Agency: actor.Agency, Reporter: actor.Account}
	case account.Candidate:
		return Scope{Reporter: actor.Account}
	}
	return Scope{}
}

// List gives a page of the incidents the actor may see; whatever scope the
// query brings, the actor's own decides.
func (s *Service) List(_ context.Context, actor account.Actor, q Query) (listing.Result[Card], error) {
	if err := actor.Require("incident.read"); err != nil {
		return listing.Result[Card]{}, err
	}
	q.Scope = ScopeOf(actor)
	page := s.Model.SearchIncidents(q)
	for i := range page.Items {
		page.Items[i].cut(actor)
	}
	return page, nil
}

// Get reads one incident; NotFound when it is not the actor's to see.
func (s *Service) Get(ctx context.Context, actor account.Actor, id ID) (*Incident, error) {
	if err := actor.Require("incident.read"); err != nil {
		return nil, err
	}
	i, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, notFound(err)
	}
	if !i.seenBy(actor) {
		return nil, absent()
	}
	return i.shownTo(actor), nil
}

func (i *Incident) seenBy(actor account.Actor) bool {
	card := i.Card()
	return ScopeOf(actor).Seen(&card)
}

// act says who changes a case, and when.
type act struct {
	actor account.Actor
	now   time.Time
}

// change runs one change of a case under its lock, by somebody who sees it. An
// official who reported the case does not decide on it.
func (s *Service) change(ctx context.Context, actor account.Actor, id ID, do func(*Incident, act) error) (*Incident, error) {
	by := act{actor, account.Moment(s.Now())}
	i, err := s.Store.Update(ctx, id, func(i *Incident) error {
		if !i.seenBy(actor) {
			return absent()
		}
		if actor.Role == account.Official && i.Reporter == actor.Account {
			return fault.New(fault.Forbidden, "four_eyes.own")
		}
		return do(i, by)
	})
	if err != nil {
		return nil, notFound(err)
	}
	s.hold(ctx, i)
	return i.shownTo(actor), nil
}

// move takes one step of the transition table.
func (i *Incident) move(by act, action, reason string) error {
	next, err := Transitions().Next(action, i.State, by.actor.Role)
	if err != nil {
		return err
	}
	i.State = next
	i.note(by, action, reason)
	return nil
}

// note adds what happened to the history and the audit log, and counts the
// revision.
func (i *Incident) note(by act, action, reason string, fields ...string) {
	i.Rev++
	i.UpdatedAt = by.now
	i.History = append(i.History, Event{Action: action, State: i.State, At: by.now, By: by.actor.Account, Role: by.actor.Role, Reason: reason})
	i.Pending.Add(audit.Entry{At: by.now, Actor: string(by.actor.Account), Role: string(by.actor.Role), Origin: by.actor.Origin,
		Action: "incident." + action, Subject: string(i.ID), Rev: i.Rev, Reason: reason, Fields: fields})
}

// errNothing ends an update that found nothing to change.
var errNothing = errors.New("nothing to change")

func absent() error { return fault.New(fault.NotFound, "incident.not_found") }

// notFound gives every absent record the one code by which it is known.
func notFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return absent()
	}
	return err
}
