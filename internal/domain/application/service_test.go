package application_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// operations calls every decision of the service, by the action of the table.
func operations(w *world) map[string]func(context.Context, account.Actor, application.ID) error {
	return map[string]func(context.Context, account.Actor, application.ID) error{
		application.ActAccept: func(ctx context.Context, a account.Actor, id application.ID) error {
			_, err := w.Accept(ctx, a, id)
			return err
		},
		application.ActShortlist: func(ctx context.Context, a account.Actor, id application.ID) error {
			_, err := w.Shortlist(ctx, a, id)
			return err
		},
		application.ActInterview: func(ctx context.Context, a account.Actor, id application.ID) error {
			_, err := w.Interview(ctx, a, id, w.now().Add(48*time.Hour))
			return err
		},
		application.ActWait: func(ctx context.Context, a account.Actor, id application.ID) error {
			_, err := w.Wait(ctx, a, id, 3)
			return err
		},
		application.ActSelect: func(ctx context.Context, a account.Actor, id application.ID) error {
			_, err := w.Select(ctx, a, id)
			return err
		},
		application.ActRefuse: func(ctx context.Context, a account.Actor, id application.ID) error {
			_, err := w.Refuse(ctx, a, id, "language")
			return err
		},
		application.ActWithdraw: func(ctx context.Context, a account.Actor, id application.ID) error {
			_, err := w.Withdraw(ctx, a, id, "")
			return err
		},
	}
}

// TestDecisionsAZ03 tries every decision in every state by everybody: the
// table decides for the person and the agency concerned, and nobody else gets
// anywhere or learns anything.
func TestDecisionsAZ03(t *testing.T) {
	w := newWorld(t)
	ops := operations(w)
	n := 0
	for action, call := range ops {
		for _, from := range application.States() {
			for _, actor := range []account.Actor{recruiter, rival, binta, officer, admin, observer, {}} {
				n++
				tryDecision(t, w, action, call, from, actor, w.candidate(n))
			}
			n++
			person := w.candidate(n)
			tryDecision(t, w, action, call, from, person, person)
		}
	}
}

// tryDecision makes one call on a fresh file and compares it with the table.
func tryDecision(t *testing.T, w *world, action string, call func(context.Context, account.Actor, application.ID) error, from application.State, actor, person account.Actor) {
	t.Helper()
	o := w.putOffer(t, offer.ID("off_"+string(person.Account)), 2)
	id := w.applied(t, o.ID, person, from)
	want, tableErr := application.Transitions().Next(action, from, actor.Role)
	wantKind := fault.KindOf(tableErr)
	allowed := slices.Contains(by(action), actor.Role)
	switch {
	case actor.Role == account.Anonymous:
		wantKind = fault.Unauthenticated
	case !allowed:
		wantKind = fault.Forbidden
	case actor == rival || actor == binta:
		wantKind = fault.NotFound
	}
	what := fmt.Sprintf("%s from %s by %s", action, from, actor.Account)
	err := call(t.Context(), actor, id)
	if allowed && tableErr == nil && actor != rival && actor != binta {
		if err != nil || w.state(t, id) != want {
			t.Errorf("%s: %v, now %s", what, err, w.state(t, id))
		}
	} else if !fault.Is(err, wantKind) || w.state(t, id) != from {
		t.Errorf("%s: %v, want %s; now %s", what, err, wantKind, w.state(t, id))
	}
	held, _ := w.taken(t, o.ID)
	if (w.state(t, id) == application.Selected) != slices.Contains(held, string(id)) {
		t.Errorf("%s: state %s, places %v", what, w.state(t, id), held)
	}
}

// by gives the roles of an action.
func by(action string) []account.Role {
	for _, step := range application.Transitions() {
		if step.Action == action {
			return step.By
		}
	}
	return nil
}

// TestOneApplicationRL14 has eight requests of one person apply at once.
func TestOneApplicationRL14(t *testing.T) {
	w := newWorld(t)
	w.putOffer(t, "off_1", 1)
	w.putProfile(awa.Account, ref.B1, false)
	var made atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := w.Apply(t.Context(), awa, "off_1", "")
			if err == nil {
				made.Add(1)
			} else if f := fault.Of(err); f == nil || f.Code != "application.exists" {
				t.Errorf("loser: %v", err)
			}
		})
	}
	wg.Wait()
	page, err := w.List(t.Context(), awa, application.Query{})
	if made.Load() != 1 || err != nil || page.Total != 1 {
		t.Errorf("%d successes, %d applications, %v", made.Load(), page.Total, err)
	}
}

// TestPlacesRL13 has many people selected and some withdraw, all at once:
// never are more selected than there are places, and the two records agree.
func TestPlacesRL13(t *testing.T) {
	w := newWorld(t)
	const places, people = 3, 10
	w.putOffer(t, "off_1", places)
	var ids []application.ID
	var actors []account.Actor
	for n := range people {
		actors = append(actors, w.candidate(n))
		ids = append(ids, w.applied(t, "off_1", actors[n], application.Submitted))
	}
	var wg sync.WaitGroup
	for n := range people {
		for range 2 {
			wg.Go(func() {
				_, err := w.Select(t.Context(), recruiter, ids[n])
				if err != nil && !fault.Is(err, fault.Conflict) {
					t.Errorf("select: %v", err)
				}
				if n%3 == 0 {
					_, err = w.Withdraw(t.Context(), actors[n], ids[n], "other_offer")
				}
				if err != nil && !fault.Is(err, fault.Conflict) {
					t.Errorf("withdraw: %v", err)
				}
			})
		}
	}
	wg.Wait()
	w.wantPlacesAgree(t, "off_1", places)
	if n, err := w.RepairPlaces(t.Context()); n != 0 || err != nil {
		t.Errorf("there was something to repair: %d, %v", n, err)
	}
}

// wantPlacesAgree compares the places held with the people selected.
func (w *world) wantPlacesAgree(t *testing.T, id offer.ID, places int) {
	t.Helper()
	held, _ := w.taken(t, id)
	var selected []string
	page := w.index.SearchApplications(application.Query{Offer: string(id), States: []application.State{application.Selected}, Scope: account.Scope{All: true}, Limit: 100})
	for _, card := range page.Items {
		selected = append(selected, string(card.ID))
	}
	slices.Sort(held)
	slices.Sort(selected)
	if len(held) > places || !slices.Equal(held, selected) {
		t.Errorf("%d places; held %v; selected %v", places, held, selected)
	}
}

func TestFullOffer(t *testing.T) {
	w := newWorld(t)
	w.putOffer(t, "off_1", 1)
	first := w.applied(t, "off_1", w.candidate(1), application.Submitted)
	second := w.applied(t, "off_1", w.candidate(2), application.Shortlisted)
	if _, err := w.Select(t.Context(), recruiter, first); err != nil {
		t.Fatal(err)
	}
	_, err := w.Select(t.Context(), recruiter, second)
	wantCode(t, err, fault.Conflict, "offer.full")
	if w.state(t, second) != application.Shortlisted {
		t.Errorf("the second is %s", w.state(t, second))
	}
	if _, err := w.Wait(t.Context(), recruiter, first, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Select(t.Context(), recruiter, second); err != nil {
		t.Errorf("the place given back: %v", err)
	}
}

func TestApply(t *testing.T) {
	w := newWorld(t)
	w.putOffer(t, "off_1", 1)
	_, err := w.Apply(t.Context(), awa, "off_1", "")
	wantCode(t, err, fault.Conflict, "application.profile_required")
	w.putProfile(awa.Account, ref.A1, false)
	_, err = w.Apply(t.Context(), awa, "off_absent", "")
	wantCode(t, err, fault.NotFound, "offer.not_found")
	if _, err = w.Apply(t.Context(), awa, "off_1", "a\u202eb"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a hidden character: %v", err)
	}
	applied, err := w.Apply(t.Context(), awa, "off_1", " Bonjour ")
	if err != nil || !slices.Equal(applied.Failed, []match.GateCode{match.Languages}) {
		t.Fatalf("%+v, %v", applied, err)
	}
	a := applied.Application
	if a.State != application.Submitted || a.Round != 1 || a.EligibleAtApply || a.Message != "Bonjour" || a.OfferVer != 1 || a.OfferTitle != "Soudeur" {
		t.Errorf("%+v", a)
	}
	w.putProfile(awa.Account, ref.B2, false)
	ops := operations(w)
	for round, end := range []func() error{
		2: func() error { return ops[application.ActWithdraw](t.Context(), awa, a.ID) },
		3: func() error { return ops[application.ActRefuse](t.Context(), recruiter, a.ID) },
		4: func() error { return w.CloseOf(t.Context(), "off_1", application.ReasonOfferClosed) },
	} {
		if end == nil {
			continue
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		again, err := w.Apply(t.Context(), awa, "off_1", "Encore")
		if err != nil || again.Application.ID != a.ID || again.Application.Round != round || !again.Application.EligibleAtApply || again.Application.Reason != "" {
			t.Errorf("again: %+v, %v", again.Application, err)
		}
	}
}

func TestApplyToClosedOffers(t *testing.T) {
	w := newWorld(t)
	w.putProfile(awa.Account, ref.B1, false)
	for i, c := range []struct {
		change func(*offer.Offer)
		kind   fault.Kind
		code   string
	}{
		{func(o *offer.Offer) { o.Frozen, o.State = nil, offer.Draft }, fault.NotFound, "offer.not_found"},
		{func(o *offer.Offer) { o.State = offer.Suspended }, fault.NotFound, "offer.not_found"},
		{func(o *offer.Offer) { o.State = offer.Withdrawn }, fault.NotFound, "offer.not_found"},
		{func(o *offer.Offer) { o.State = offer.Closed }, fault.Conflict, "offer.not_open"},
		{func(o *offer.Offer) { o.State = offer.Expired }, fault.Conflict, "offer.not_open"},
		{func(o *offer.Offer) { o.Taken = []string{"app_x"} }, fault.Conflict, "offer.not_open"},
		{func(o *offer.Offer) { o.Frozen.Terms.Deadline = "2026-11-20" }, fault.Conflict, "offer.not_open"},
	} {
		id := w.putOffer(t, offer.ID(fmt.Sprint("off_", i)), 1).ID
		w.setOffer(t, id, c.change)
		_, err := w.Apply(t.Context(), awa, id, "")
		wantCode(t, err, c.kind, c.code)
	}
	last := w.putOffer(t, "off_last", 1).ID
	w.setOffer(t, last, func(o *offer.Offer) { o.Frozen.Terms.Deadline = "2026-11-21" })
	if _, err := w.Apply(t.Context(), awa, last, ""); err != nil {
		t.Errorf("on the deadline day: %v", err)
	}
}

func TestInvitations(t *testing.T) {
	w := newWorld(t)
	w.putOffer(t, "off_1", 1)
	visible := w.putProfile(awa.Account, ref.B1, true)
	hidden := w.putProfile(binta.Account, ref.B1, false)
	weak := w.putProfile("acc_weak", ref.A1, true)
	nobody := w.putProfile("", ref.B1, true)
	for _, c := range []struct {
		actor account.Actor
		offer offer.ID
		who   string
		kind  fault.Kind
		code  string
	}{
		{rival, "off_1", string(visible), fault.NotFound, "offer.not_found"},
		{recruiter, "off_absent", string(visible), fault.NotFound, "offer.not_found"},
		{recruiter, "off_1", string(hidden), fault.NotFound, "profile.not_found"},
		{recruiter, "off_1", "pro_absent", fault.NotFound, "profile.not_found"},
		{recruiter, "off_1", string(weak), fault.Conflict, "application.not_matched"},
		{recruiter, "off_1", string(nobody), fault.Conflict, "application.no_account"},
	} {
		_, err := w.Invite(t.Context(), c.actor, c.offer, profile.ID(c.who))
		wantCode(t, err, c.kind, c.code)
	}
	a, err := w.Invite(t.Context(), recruiter, "off_1", visible)
	if err != nil || a.State != application.Invited || a.Round != 0 || a.Candidate != "" {
		t.Fatalf("%+v, %v", a, err)
	}
	_, err = w.Invite(t.Context(), recruiter, "off_1", visible)
	wantCode(t, err, fault.Conflict, "application.exists")
	w.setOffer(t, "off_1", func(o *offer.Offer) { o.State = offer.Suspended })
	_, err = w.Accept(t.Context(), awa, a.ID)
	wantCode(t, err, fault.Conflict, "offer.not_open")
	w.setOffer(t, "off_1", func(o *offer.Offer) { o.State = offer.Published })
	accepted, err := w.Accept(t.Context(), awa, a.ID)
	if err != nil || accepted.Application.State != application.Submitted || accepted.Application.Round != 1 || !accepted.Application.EligibleAtApply {
		t.Errorf("%+v, %v", accepted.Application, err)
	}
}

// TestStoppedAgencyAZ08: an agency that may not work invites and moves nobody,
// but still answers those who wait.
func TestStoppedAgencyAZ08(t *testing.T) {
	w := newWorld(t)
	w.putOffer(t, "off_1", 1)
	id := w.applied(t, "off_1", w.candidate(1), application.Submitted)
	w.putAgency("agy_1", agency.Suspended)
	ops := operations(w)
	for _, action := range []string{application.ActShortlist, application.ActInterview, application.ActWait, application.ActSelect} {
		wantCode(t, ops[action](t.Context(), recruiter, id), fault.Conflict, "agency.not_active")
	}
	w.candidate(2)
	_, err := w.Invite(t.Context(), recruiter, "off_1", "pro_acc_2")
	wantCode(t, err, fault.Conflict, "agency.not_active")
	if err := ops[application.ActRefuse](t.Context(), recruiter, id); err != nil {
		t.Errorf("a refusal: %v", err)
	}
}

func TestWhoReadsApplicationsAZ03(t *testing.T) {
	w := newWorld(t)
	w.putOffer(t, "off_1", 3)
	id := w.applied(t, "off_1", awa, application.Submitted)
	w.applied(t, "off_1", binta, application.Refused)
	for _, c := range []struct {
		actor   account.Actor
		total   int
		kind    fault.Kind // of reading awa's file; 0 = allowed
		message string
	}{
		{awa, 1, 0, "Bonjour"}, {binta, 1, fault.NotFound, ""}, {recruiter, 2, 0, "Bonjour"}, {rival, 0, fault.NotFound, ""},
		{officer, 2, 0, ""}, {account.Actor{Account: "acc_x", Role: account.Agency}, 0, fault.NotFound, ""},
	} {
		page, err := w.List(t.Context(), c.actor, application.Query{Scope: account.Scope{All: true}})
		if err != nil || page.Total != c.total {
			t.Errorf("%s lists %d, %v", c.actor.Account, page.Total, err)
		}
		a, err := w.Get(t.Context(), c.actor, id)
		switch {
		case c.kind != 0:
			wantCode(t, err, c.kind, "application.not_found")
		case err != nil || a.Message != c.message || (a.Candidate != "") != (c.actor == awa):
			t.Errorf("%s reads %+v, %v", c.actor.Account, a, err)
		}
	}
	for _, actor := range []account.Actor{admin, observer} {
		if _, err := w.List(t.Context(), actor, application.Query{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s lists: %v", actor.Role, err)
		}
	}
	_, err := w.Get(t.Context(), officer, "app_absent")
	wantCode(t, err, fault.NotFound, "application.not_found")
}

// TestCrashRepairsRL15 leaves what crashes between two writes leave.
func TestCrashRepairsRL15(t *testing.T) {
	w := newWorld(t)
	w.putOffer(t, "off_1", 3)
	w.putOffer(t, "off_2", 1)
	w.applied(t, "off_1", w.candidate(1), application.Selected)
	half := w.applied(t, "off_1", w.candidate(2), application.Submitted)
	if err := w.places.TakePlace(t.Context(), "off_1", string(half)); err != nil {
		t.Fatal(err)
	}
	if err := w.places.TakePlace(t.Context(), "off_2", "app_never_written"); err != nil {
		t.Fatal(err)
	}
	lost := w.applied(t, "off_1", w.candidate(3), application.Selected)
	if err := w.places.FreePlace(t.Context(), "off_1", string(lost)); err != nil {
		t.Fatal(err)
	}
	if n, err := w.RepairPlaces(t.Context()); n != 3 || err != nil {
		t.Errorf("%d repaired, %v", n, err)
	}
	w.wantPlacesAgree(t, "off_1", 3)
	w.wantPlacesAgree(t, "off_2", 1)
	if n, err := w.RepairPlaces(t.Context()); n != 0 || err != nil {
		t.Errorf("the second time %d, %v", n, err)
	}
}

func TestEndedOffers(t *testing.T) {
	w := newWorld(t)
	ended := map[offer.ID]struct {
		state  offer.State
		reason string
	}{
		"off_closed":    {offer.Closed, application.ReasonOfferClosed},
		"off_withdrawn": {offer.Withdrawn, application.ReasonOfferWithdrawn},
		"off_expired":   {offer.Expired, application.ReasonOfferExpired},
		"off_going_on":  {offer.Suspended, ""},
	}
	files := map[offer.ID][]application.ID{}
	for id, end := range ended {
		w.putOffer(t, id, 3)
		files[id] = []application.ID{
			w.applied(t, id, w.candidate(1), application.Submitted),
			w.applied(t, id, w.candidate(2), application.Waiting),
			w.applied(t, id, w.candidate(3), application.Selected),
			w.applied(t, id, w.candidate(4), application.Refused),
		}
		w.setOffer(t, id, func(o *offer.Offer) { o.State = end.state })
	}
	check := func(id offer.ID, reason string) {
		t.Helper()
		want := []application.State{application.Submitted, application.Waiting, application.Selected, application.Refused}
		if reason != "" {
			want[0], want[1] = application.Closed, application.Closed
		}
		for i, file := range files[id] {
			a, err := w.store.Get(t.Context(), file)
			if err != nil || a.State != want[i] || i < 2 && a.Reason != reason {
				t.Errorf("%s: %s %q, want %s %q, %v", id, a.State, a.Reason, want[i], reason, err)
			}
		}
	}
	if err := w.CloseEnded(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("off_closed", application.ReasonOfferClosed)
	check("off_withdrawn", application.ReasonOfferWithdrawn)
	check("off_expired", "")
	w.forward(131 * 24 * time.Hour)
	if err := errors.Join(w.CloseEnded(t.Context()), w.CloseEnded(t.Context())); err != nil {
		t.Fatal(err)
	}
	check("off_expired", application.ReasonOfferExpired)
	check("off_going_on", "")
	if err := w.CloseOf(t.Context(), "off_going_on", "because"); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown reason: %v", err)
	}
}
