package offer_test

import (
	"slices"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

func (h *house) state(id offer.ID) offer.State { return h.offers[id].State }

func TestSuspensionTakesOneReopeningTwo(t *testing.T) {
	h := newHouse()
	id := h.publish(t, soundTerms()).ID
	_, err := h.Suspend(ctx, chaka, id, offer.Decision{})
	want(t, err, fault.Invalid, "offer.invalid")
	ok(t)(h.Suspend(ctx, chaka, id, offer.Decision{Reason: "complaints"}))
	_, err = h.Get(ctx, account.Actor{}, id)
	want(t, err, fault.NotFound, "offer.not_found")
	_, err = h.Suspend(ctx, anne, id, offer.Decision{Reason: "complaints"})
	want(t, err, fault.Conflict, "transition")
	o := ok(t)(h.Reopen(ctx, anne, id, offer.Decision{}))
	if o.State != offer.Suspended || o.ReopenedBy != anne.Account {
		t.Fatalf("after the first: %s by %s", o.State, o.ReopenedBy)
	}
	_, err = h.Reopen(ctx, anne, id, offer.Decision{})
	want(t, err, fault.Forbidden, "offer.four_eyes")
	o = ok(t)(h.Reopen(ctx, binta, id, offer.Decision{}))
	if o.State != offer.Published || len(o.Causes) > 0 || o.ReopenedBy != "" || o.SuspendedBy != "" {
		t.Fatalf("after the second: %+v", o)
	}
	_, err = h.Reopen(ctx, anne, id, offer.Decision{})
	want(t, err, fault.Conflict, "transition")
}

func TestCausesAddUp(t *testing.T) {
	h := newHouse()
	id := h.publish(t, soundTerms()).ID
	check := func(err error, state offer.State, causes ...offer.Cause) {
		t.Helper()
		if err != nil || h.state(id) != state || !slices.Equal(h.offers[id].Causes, causes) {
			t.Fatalf("%v: %s %v", err, h.state(id), h.offers[id].Causes)
		}
	}
	check(h.AgencyChanged(ctx, "agy_1", false), offer.Suspended, offer.CauseAgency)
	before := h.writes
	check(h.AgencyChanged(ctx, "agy_1", false), offer.Suspended, offer.CauseAgency)
	check(h.AgencyChanged(ctx, "agy_2", false), offer.Suspended, offer.CauseAgency)
	if h.writes != before {
		t.Error("a consequence called twice wrote again")
	}
	check(h.EmployerChanged(ctx, "emp_1", false), offer.Suspended, offer.CauseAgency, offer.CauseEmployer)
	ok(t)(h.Suspend(ctx, anne, id, offer.Decision{Reason: "safety"}))
	check(h.AgencyChanged(ctx, "agy_1", true), offer.Suspended, offer.CauseEmployer, offer.CauseOwn)
	ok(t)(h.Reopen(ctx, anne, id, offer.Decision{}))
	ok(t)(h.Reopen(ctx, chaka, id, offer.Decision{}))
	_, err := h.Reopen(ctx, binta, id, offer.Decision{})
	want(t, err, fault.Conflict, "offer.reopen.other_cause")
	check(h.EmployerChanged(ctx, "emp_1", true), offer.Published)
}

func TestCorridorSwitchIsByKindAndOccupation(t *testing.T) {
	h := newHouse()
	mason := h.publish(t, soundTerms()).ID
	nurse := soundTerms()
	nurse.Title, nurse.Occupation = "Infirmière", "2221"
	other := h.publish(t, nurse).ID
	h.corridors["ML-ES"].Suspensions = []corridor.Suspension{{ID: "s1", Occupation: "71", Act: "Décret 1"}}
	if err := h.CorridorChanged(ctx, "ML-ES"); err != nil || h.state(mason) != offer.Suspended || h.state(other) != offer.Published {
		t.Fatalf("%v: %s %s", err, h.state(mason), h.state(other))
	}
	h.corridors["ML-ES"].Suspensions = nil
	if err := h.CorridorChanged(ctx, "ML-ES"); err != nil || h.state(mason) != offer.Published {
		t.Fatalf("%v: %s", err, h.state(mason))
	}
}

func TestConsequencesResumeAfterAFailure(t *testing.T) {
	h := newHouse()
	a, b := h.publish(t, soundTerms()).ID, h.publish(t, soundTerms()).ID
	h.agencies["agy_1"] = agency.Card{ID: "agy_1", State: agency.Suspended}
	h.failing[b] = fault.New(fault.Unavailable, "store.down")
	want(t, h.AgencyChanged(ctx, "agy_1", false), fault.Unavailable, "store.down")
	delete(h.failing, b)
	if err := h.Reconcile(ctx); err != nil || h.state(a) != offer.Suspended || h.state(b) != offer.Suspended {
		t.Fatalf("%v: %s %s", err, h.state(a), h.state(b))
	}
	h.agencies["agy_1"] = agency.Card{ID: "agy_1", State: agency.Active}
	if err := h.Reconcile(ctx); err != nil || h.state(a) != offer.Published || h.state(b) != offer.Published {
		t.Fatalf("%v: %s %s", err, h.state(a), h.state(b))
	}
}

func TestPlaces(t *testing.T) {
	h := newHouse()
	terms := soundTerms()
	terms.Places = 2
	id := h.publish(t, terms).ID
	for _, application := range []string{"app_1", "app_1", "app_2"} {
		if err := h.TakePlace(ctx, id, application); err != nil {
			t.Fatal(err)
		}
	}
	if h.state(id) != offer.Filled {
		t.Fatalf("state %s", h.state(id))
	}
	want(t, h.TakePlace(ctx, id, "app_3"), fault.Conflict, "offer.full")
	want(t, h.TakePlace(ctx, "off_none", "app_3"), fault.NotFound, "offer.not_found")
	if err := h.AgencyChanged(ctx, "agy_1", false); err != nil || h.state(id) != offer.Filled {
		t.Fatalf("%v %s", err, h.state(id))
	}
	for range 2 {
		if err := h.FreePlace(ctx, id, "app_1"); err != nil || h.state(id) != offer.Suspended {
			t.Fatalf("%v %s", err, h.state(id))
		}
	}
	want(t, h.TakePlace(ctx, id, "app_3"), fault.Conflict, "offer.not_open")
	if err := h.AgencyChanged(ctx, "agy_1", true); err != nil || h.state(id) != offer.Published || h.offers[id].FreePlaces() != 1 {
		t.Fatalf("%v %s", err, h.state(id))
	}
}

// TestNobodyIsTakenAtOnceAfterASuspension: a place is refused from the moment
// agency, employer or corridor are out of order, before the job has noted that
// on the offer. Who has a place keeps it.
func TestNobodyIsTakenAtOnceAfterASuspension(t *testing.T) {
	for name, spoil := range map[string]func(*house){
		"agency suspended": func(h *house) { h.agencies["agy_1"] = agency.Card{ID: "agy_1", State: agency.Suspended} },
		"agency unknown":   func(h *house) { delete(h.agencies, "agy_1") },
		"employer barred":  func(h *house) { h.employers["emp_1"] = employer.Card{ID: "emp_1", State: employer.Barred} },
		"corridor suspended": func(h *house) {
			h.corridors["ML-ES"].Suspensions = []corridor.Suspension{{ID: "s", Act: "Décret 1"}}
		},
	} {
		h := newHouse()
		id := h.publish(t, soundTerms()).ID
		if err := h.TakePlace(ctx, id, "app_1"); err != nil {
			t.Fatal(err)
		}
		spoil(h)
		if h.state(id) != offer.Published {
			t.Fatalf("%s: the job has run: %s", name, h.state(id))
		}
		want(t, h.TakePlace(ctx, id, "app_2"), fault.Conflict, "offer.not_open")
		if err := h.TakePlace(ctx, id, "app_1"); err != nil {
			t.Errorf("%s: who has a place: %v", name, err)
		}
	}
}

// TestOffersEndOnlyWhenDue: the aggregate itself refuses to run out early,
// whoever asks.
func TestOffersEndOnlyWhenDue(t *testing.T) {
	h := newHouse()
	o := h.publish(t, soundTerms())
	on := func(day string) offer.Act {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return offer.Act{By: account.SystemActor(), At: at}
	}
	want(t, o.Expire(on("2027-01-31")), fault.Conflict, "offer.not_due")
	if err := o.Expire(on("2027-02-01")); err != nil || o.State != offer.Expired {
		t.Errorf("after its last day: %v %s", err, o.State)
	}
	endless := soundTerms()
	endless.Deadline = ""
	want(t, h.publish(t, endless).Expire(on("2099-01-01")), fault.Conflict, "offer.not_due")
}

func TestExpireDue(t *testing.T) {
	h := newHouse()
	due := h.publish(t, soundTerms()).ID
	open := soundTerms()
	open.Deadline = ""
	endless := h.publish(t, open).ID
	h.now = time.Date(2027, 1, 31, 23, 0, 0, 0, time.UTC)
	if n, err := h.ExpireDue(ctx, ref.DateOf(h.now)); n != 0 || err != nil {
		t.Fatalf("on the deadline day: %d, %v", n, err)
	}
	h.now = h.now.Add(2 * time.Hour)
	for _, expected := range []int{1, 0} {
		if n, err := h.ExpireDue(ctx, ref.DateOf(h.now)); n != expected || err != nil {
			t.Fatalf("after it: %d, %v", n, err)
		}
	}
	if h.state(due) != offer.Expired || h.state(endless) != offer.Published {
		t.Errorf("%s %s", h.state(due), h.state(endless))
	}
	for _, err := range []error{
		func() error { _, err := h.Edit(ctx, agent, due, h.offers[due].Rev, soundTerms()); return err }(),
		func() error { _, err := h.Close(ctx, agent, due, offer.Decision{}); return err }(),
		func() error { _, err := h.Withdraw(ctx, agent, due, offer.Decision{}); return err }(),
		func() error { _, err := h.Submit(ctx, agent, due); return err }(),
	} {
		want(t, err, fault.Conflict, "transition")
	}
	if err := h.TakePlace(ctx, due, "app_1"); err != nil {
		t.Errorf("selection among those who applied in time: %v", err)
	}
}

func TestCloseAndWithdrawDropTheNextVersion(t *testing.T) {
	for action, end := range map[offer.State]func(*house, offer.ID) (*offer.Offer, error){
		offer.Closed:    func(h *house, id offer.ID) (*offer.Offer, error) { return h.Close(ctx, anne, id, offer.Decision{}) },
		offer.Withdrawn: func(h *house, id offer.ID) (*offer.Offer, error) { return h.Withdraw(ctx, agent, id, offer.Decision{}) },
	} {
		h := newHouse()
		o := h.publish(t, soundTerms())
		ok(t)(h.Edit(ctx, agent, o.ID, o.Rev, soundTerms()))
		o = ok(t)(end(h, o.ID))
		if o.State != action || o.Next != nil || o.ClosedAt.IsZero() || o.Frozen == nil {
			t.Errorf("%+v", o)
		}
		_, err := h.Edit(ctx, agent, o.ID, o.Rev, soundTerms())
		want(t, err, fault.Conflict, "transition")
	}
}

func TestObjections(t *testing.T) {
	h := newHouse()
	observer := actor(account.Observer, "acc_o")
	draft := ok(t)(h.Create(ctx, agent, soundTerms()))
	_, err := h.Object(ctx, observer, draft.ID, offer.Decision{Reason: "pay_too_low"})
	want(t, err, fault.NotFound, "offer.not_found")
	id := h.publish(t, soundTerms()).ID
	o := ok(t)(h.Object(ctx, observer, id, offer.Decision{Reason: "pay_too_low"}))
	if len(o.Objections) != 1 || o.Objections[0].By != observer.Account || o.State != offer.Published {
		t.Errorf("%+v", o.Objections)
	}
	_, err = h.Object(ctx, observer, id, offer.Decision{Reason: "pay_too_low"})
	want(t, err, fault.Conflict, "offer.objected")
}
