package application

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
)

// CloseOf closes the live applications to an offer that has ended; reason is
// one of Reasons(ActClose). People who are selected keep their file, which
// goes on under the terms they were selected for, and invitations lapse by
// themselves. It may be repeated, and goes on after a failure; the failures
// are returned together.
func (s *Service) CloseOf(ctx context.Context, id offer.ID, reason string) error {
	if err := checkReason(ActClose, reason, true); err != nil {
		return err
	}
	actor, failures := account.SystemActor(), []error(nil)
	for _, each := range s.ids(Query{Offer: string(id), States: closable()}) {
		_, err := s.closeOne(ctx, actor, each, reason)
		if err != nil && !fault.Is(err, fault.Conflict) {
			failures = append(failures, fmt.Errorf("close %s: %w", each, err))
		}
	}
	return errors.Join(failures...)
}

// decideFor is how long after its deadline an expired offer's applications stay
// live: whoever applied in time can still be chosen.
const decideFor = 90 // days

// CloseEnded closes the live applications to every offer that has ended: at
// once when it was closed or withdrawn, and 90 days after the deadline of an
// expired one, within which the agency can still decide. A job calls it, so
// that a consequence lost in a crash is made good.
func (s *Service) CloseEnded(ctx context.Context) error {
	var failures []error
	for id := range s.offersApplied() {
		o, err := s.Offers.Get(ctx, id)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		if reason := s.endOf(o); reason != "" {
			failures = append(failures, s.CloseOf(ctx, id, reason))
		}
	}
	return errors.Join(failures...)
}

// offersApplied gives the offers with applications that could be closed.
func (s *Service) offersApplied() map[offer.ID]bool {
	offers := map[offer.ID]bool{}
	s.each(Query{States: closable()}, func(c Card) { offers[offer.ID(c.Offer)] = true })
	return offers
}

// endOf gives the reason for which an offer's applications are closed; empty
// while they are not.
func (s *Service) endOf(o *offer.Offer) string {
	switch o.State {
	case offer.Closed:
		return ReasonOfferClosed
	case offer.Withdrawn:
		return ReasonOfferWithdrawn
	case offer.Expired:
		if s.today() > o.Terms().Deadline.AddDays(decideFor) {
			return ReasonOfferExpired
		}
	}
	return ""
}

// closable lists the states from which an ended offer closes an application.
func closable() []State { return []State{Submitted, Shortlisted, Interviewed, Waiting} }

// closeOne closes an application unless it was selected meanwhile.
func (s *Service) closeOne(ctx context.Context, actor account.Actor, id ID, reason string) (*Application, error) {
	defer s.hold(id)()
	a, err := s.settled(ctx, id)
	if err != nil || a.State == Selected {
		return a, err
	}
	return s.move(ctx, actor, id, ActClose, reason, func(*Application) {})
}

// ids lists every application the query finds, whoever it belongs to.
func (s *Service) ids(q Query) (found []ID) {
	s.each(q, func(c Card) { found = append(found, c.ID) })
	return found
}

// each shows every card the query finds, whoever it belongs to. What is found
// may not be changed on the way, since the list would move.
func (s *Service) each(q Query, see func(Card)) {
	q.Scope, q.Limit = account.Scope{All: true}, listing.MaxLimit
	for {
		page := s.Model.SearchApplications(q)
		for _, card := range page.Items {
			see(card)
		}
		if page.Next == "" {
			return
		}
		q.After = page.Next
	}
}

// RepairPlaces makes the places held in offers agree with the applications
// that are selected, and says how many it changed: a place nobody is selected
// for is freed, a selected person without a place gets one while there is one.
// A job calls it; crashes between two writes are what it is for.
func (s *Service) RepairPlaces(ctx context.Context) (repaired int, err error) {
	var failures []error
	for _, id := range s.offersWithPlacesTaken() {
		n, err := s.repairOffer(ctx, id)
		repaired += n
		failures = append(failures, err)
	}
	for _, id := range s.ids(Query{States: []State{Selected}}) {
		took, err := s.repairSelected(ctx, id)
		if took {
			repaired++
		}
		failures = append(failures, err)
	}
	return repaired, errors.Join(failures...)
}

func (s *Service) offersWithPlacesTaken() []offer.ID {
	all := s.Model.OffersOf(offer.Query{Scope: account.Scope{All: true}})
	return slices.DeleteFunc(all, func(id offer.ID) bool {
		card, found := s.Model.OfferCard(id)
		return !found || card.FreePlaces == card.Places
	})
}

// repairOffer frees the places of one offer that nobody is selected for.
func (s *Service) repairOffer(ctx context.Context, id offer.ID) (freed int, err error) {
	o, err := s.Offers.Get(ctx, id)
	if err != nil {
		return 0, err
	}
	var failures []error
	for _, holder := range o.Taken {
		done, err := s.repairPlace(ctx, id, ID(holder))
		if done {
			freed++
		}
		failures = append(failures, err)
	}
	return freed, errors.Join(failures...)
}

// repairPlace frees one place unless its application is selected.
func (s *Service) repairPlace(ctx context.Context, id offer.ID, holder ID) (freed bool, err error) {
	defer s.hold(holder)()
	a, err := s.settled(ctx, holder)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return false, err
	}
	if err == nil && a.State == Selected {
		return false, nil
	}
	if err := s.Places.FreePlace(ctx, id, string(holder)); err != nil {
		return false, err
	}
	return true, nil
}

// repairSelected takes the place a selected application lacks. An offer that
// has ended, or has none left, is for people to settle.
func (s *Service) repairSelected(ctx context.Context, id ID) (took bool, err error) {
	defer s.hold(id)()
	a, err := s.settled(ctx, id)
	if err != nil || a.State != Selected {
		return false, err
	}
	o, err := s.Offers.Get(ctx, offer.ID(a.Offer))
	if err != nil || slices.Contains(o.Taken, string(id)) || !o.State.InForce() {
		return false, err
	}
	err = s.Places.TakePlace(ctx, o.ID, string(id))
	if fault.Is(err, fault.Conflict) {
		return false, nil
	}
	return err == nil, err
}

// errLooked ends an update that was only made to look.
var errLooked = errors.New("looked")

// settled reads an application under its lock, so after every write that is
// still on its way.
func (s *Service) settled(ctx context.Context, id ID) (*Application, error) {
	var seen Application
	_, err := s.Store.Update(ctx, id, func(a *Application) error {
		seen = *a
		return errLooked
	})
	if errors.Is(err, errLooked) {
		return &seen, nil
	}
	return nil, err
}
