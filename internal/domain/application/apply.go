package application

import (
	"context"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

// maxHistory bounds the steps kept in the file; the audit log keeps them all.
const maxHistory = 200

// Applied is a submitted application with the gates that do not hold today:
// a warning, not an obstacle.
type Applied struct {
	Application *Application
	Failed      []match.GateCode
}

// Apply submits the actor's own profile to an open offer. A file that had
// ended is reopened, an invitation is taken up. NotFound for an offer the
// public cannot read; Conflict codes "offer.not_open", "application.exists"
// while one is live, "application.profile_required" without a profile.
func (s *Service) Apply(ctx context.Context, actor account.Actor, id offer.ID, message string) (Applied, error) {
	if err := actor.Require("application.create"); err != nil {
		return Applied{}, err
	}
	message = strings.TrimSpace(message)
	if err := checkMessage(message); err != nil {
		return Applied{}, err
	}
	o, err := s.openOffer(ctx, id)
	if err != nil {
		return Applied{}, hidden(o, err)
	}
	own, found := s.Model.ProfileOf(actor.Account)
	if !found {
		return Applied{}, fault.New(fault.Conflict, "application.profile_required")
	}
	failed := s.failedGates(id, own)
	a, err := s.submit(ctx, actor, o, own, message, len(failed) == 0)
	if err != nil {
		return Applied{}, err
	}
	return Applied{Application: a.shownTo(actor), Failed: failed}, nil
}

// submit inserts the application, or reopens the one there is.
func (s *Service) submit(ctx context.Context, actor account.Actor, o *offer.Offer, own profile.ID, message string, eligible bool) (*Application, error) {
	apply := func(a *Application) {
		a.Candidate, a.Message, a.EligibleAtApply = actor.Account, message, eligible
		a.promise(o)
	}
	now := account.Moment(s.Now())
	a := file(o, own, now)
	apply(a)
	a.enter(actor, now, ActApply, Submitted, "")
	err := s.Store.Insert(ctx, a)
	if !fault.Is(err, fault.Conflict) {
		return a, err
	}
	return s.Store.Update(ctx, a.ID, func(a *Application) error {
		next, err := Transitions().Next(ActApply, a.State, actor.Role)
		if err != nil {
			return exists(err)
		}
		apply(a)
		a.enter(actor, now, ActApply, next, "")
		return nil
	})
}

// Accept takes up an invitation; the offer must still be open.
func (s *Service) Accept(ctx context.Context, actor account.Actor, id ID) (Applied, error) {
	if err := actor.Require("application.accept"); err != nil {
		return Applied{}, err
	}
	a, err := s.read(ctx, actor, id)
	if err != nil {
		return Applied{}, err
	}
	if _, err := Transitions().Next(ActAccept, a.State, actor.Role); err != nil {
		return Applied{}, err
	}
	o, err := s.openOffer(ctx, offer.ID(a.Offer))
	if err != nil {
		return Applied{}, err
	}
	failed := s.failedGates(o.ID, profile.ID(a.Profile))
	a, err = s.step(ctx, actor, id, ActAccept, "", func(a *Application) {
		a.EligibleAtApply = len(failed) == 0
		a.promise(o)
	})
	if err != nil {
		return Applied{}, err
	}
	return Applied{Application: a, Failed: failed}, nil
}

// Invite asks a visible person who matches one of the agency's open offers to
// apply. NotFound for another agency's offer and a profile that cannot be
// found; Conflict codes "application.not_matched", "application.no_account"
// for a person who was entered by an official and cannot sign in, and
// "application.exists" when there is a file already, whatever its state:
// nobody is asked twice.
func (s *Service) Invite(ctx context.Context, actor account.Actor, id offer.ID, person profile.ID) (*Application, error) {
	if err := actor.Require("offer.invite"); err != nil {
		return nil, err
	}
	if err := s.activeAgency(actor); err != nil {
		return nil, err
	}
	card, found := s.Model.OfferCard(id)
	if !found || card.Agency != actor.Agency {
		return nil, fault.New(fault.NotFound, "offer.not_found")
	}
	o, err := s.openOffer(ctx, id)
	if err != nil {
		return nil, err
	}
	invited, err := s.matched(id, person)
	if err != nil {
		return nil, err
	}
	now := account.Moment(s.Now())
	a := file(o, person, now)
	a.Candidate = invited.Owner
	a.promise(o)
	a.enter(actor, now, ActInvite, Invited, "")
	if err := s.Store.Insert(ctx, a); err != nil {
		return nil, exists(err)
	}
	return a.shownTo(actor), nil
}

// matched finds a person whom the offer may invite.
func (s *Service) matched(id offer.ID, person profile.ID) (profile.Card, error) {
	card, found := s.Model.ProfileCard(person)
	o, p, paired := s.Model.Pair(id, person)
	switch {
	case !found || !card.Visible:
		return card, fault.New(fault.NotFound, "profile.not_found")
	case !paired || !match.Eligible(o, p, match.ToProfiles, s.today()):
		return card, fault.New(fault.Conflict, "application.not_matched")
	case card.Owner == "":
		return card, fault.New(fault.Conflict, "application.no_account")
	}
	return card, nil
}

// openOffer reads an offer people can apply to today. With Conflict code
// "offer.not_open" it gives the offer all the same.
func (s *Service) openOffer(ctx context.Context, id offer.ID) (*offer.Offer, error) {
	o, err := s.Offers.Get(ctx, id)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, fault.New(fault.NotFound, "offer.not_found")
	case err != nil:
		return nil, err
	case o.Frozen == nil || !o.OpenOn(s.today()) || !s.Model.Standing(id):
		return o, fault.New(fault.Conflict, "offer.not_open")
	}
	return o, nil
}

// hidden turns "not open" into "not found" where the public may not read the
// offer at all.
func hidden(o *offer.Offer, err error) error {
	if o != nil && (o.Frozen == nil || !o.State.Shown()) {
		return fault.New(fault.NotFound, "offer.not_found")
	}
	return err
}

// failedGates names the gates that do not hold today, as the person would be
// told; none for an eligible pair.
func (s *Service) failedGates(id offer.ID, p profile.ID) []match.GateCode {
	vacancy, person, ok := s.Model.Pair(id, p)
	var failed []match.GateCode
	for _, gate := range match.Gates() {
		if gate != match.Visible && !(ok && match.Holds(gate, vacancy, person, s.today())) {
			failed = append(failed, gate)
		}
	}
	return failed
}

// file makes a new application that nobody has entered yet.
func file(o *offer.Offer, p profile.ID, now time.Time) *Application {
	return &Application{
		ID: MakeID(string(o.ID), string(p)), Offer: string(o.ID), Agency: o.Agency,
		Profile: string(p), CreatedAt: now,
	}
}

// promise notes to which terms the person and the agency are held.
func (a *Application) promise(o *offer.Offer) {
	a.OfferTitle, a.OfferVer = o.Frozen.Terms.Title, o.Frozen.Version
}

// enter puts the application into a state and records who did it and why.
func (a *Application) enter(actor account.Actor, now time.Time, action string, to State, reason string) {
	a.State, a.Reason = to, reason
	if to != Waiting {
		a.Rank = 0
	}
	if to == Submitted {
		a.Round++
		a.InterviewAt = time.Time{}
	}
	a.History = append(a.History, Event{State: to, At: now, By: actor.Role, Reason: reason})
	if extra := len(a.History) - maxHistory; extra > 0 {
		a.History = append([]Event(nil), a.History[extra:]...)
	}
	a.Rev++
	a.UpdatedAt = now
	a.Pending.Add(audit.Entry{
		At: now, Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin, Action: "application." + action,
		Subject: string(a.ID), Rev: a.Rev, Reason: reason,
	})
}

func exists(err error) error {
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "application.exists").Because(err)
	}
	return err
}
