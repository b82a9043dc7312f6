package offer_test

import (
	"context"
	"slices"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/offer"
)

var ctx = context.Background()

func TestOfferWalksToPublication(t *testing.T) {
	h := newHouse()
	o := h.publish(t, soundTerms())
	if o.State != offer.Published || o.Frozen == nil || o.Frozen.Version != 1 || o.Frozen.SHA256 != offer.Digest(soundWithName()) {
		t.Fatalf("%+v", o)
	}
	if o.Frozen.PayCents != 150_000 || !o.Frozen.PayKnown || o.Frozen.RateFrom == "" || o.Frozen.PublishedBy != binta.Account {
		t.Errorf("snapshot %+v", o.Frozen)
	}
	if _, err := offer.ParseReference(o.Reference); err != nil {
		t.Errorf("reference %q: %v", o.Reference, err)
	}
	var actions []string
	for i, e := range o.Pending {
		actions = append(actions, e.Action)
		if e.Rev != int64(i+1) || e.Subject != string(o.ID) {
			t.Errorf("entry %+v", e)
		}
	}
	if !slices.Equal(actions, []string{"offer.create", "offer.submit", "offer.approve", "offer.publish"}) || o.Rev != 4 {
		t.Errorf("rev %d, actions %v", o.Rev, actions)
	}
}

// soundWithName has the employer's name filled in from the register.
func soundWithName() offer.Terms {
	terms := soundTerms()
	terms.EmployerName = "Obras Sol"
	return terms
}

func TestNextVersionWalksWhileTheFirstHolds(t *testing.T) {
	h := newHouse()
	o := h.publish(t, soundTerms())
	terms := soundTerms()
	terms.Places, terms.HoursPerWeek = 1, 3500
	o = ok(t)(h.Edit(ctx, agent, o.ID, o.Rev, terms))
	if o.State != offer.Published || o.Next == nil || o.Next.Number != 2 || o.Next.State != offer.Draft || o.Terms().Places != 3 {
		t.Fatalf("%+v", o)
	}
	if fields := o.Pending[len(o.Pending)-1].Fields; !slices.Equal(fields, []string{"hoursPerWeek", "places"}) {
		t.Errorf("changed fields %v", fields)
	}
	if err := h.TakePlace(ctx, o.ID, "app_1"); err != nil {
		t.Fatal(err)
	}
	ok(t)(h.Submit(ctx, agent, o.ID))
	o = ok(t)(h.Approve(ctx, binta, o.ID))
	if o.State != offer.Published || o.Next.State != offer.Approved || o.Frozen.Version != 1 {
		t.Fatalf("while under review: %+v", o)
	}
	o = ok(t)(h.Publish(ctx, anne, o.ID))
	if o.Next != nil || o.Frozen.Version != 2 || o.Current.Number != 2 || o.Terms().HoursPerWeek != 3500 {
		t.Fatalf("after publication: %+v", o)
	}
	if o.State != offer.Filled || o.FreePlaces() != 0 {
		t.Errorf("one place, one taken: %s", o.State)
	}
}

func TestEditOfApprovedReturnsToDraft(t *testing.T) { // AZ-09
	h := newHouse()
	o := ok(t)(h.Create(ctx, agent, soundTerms()))
	ok(t)(h.Submit(ctx, agent, o.ID))
	_, err := h.Edit(ctx, agent, o.ID, 2, soundTerms())
	want(t, err, fault.Conflict, "transition") // under review
	o = ok(t)(h.Approve(ctx, anne, o.ID))
	o = ok(t)(h.Edit(ctx, agent, o.ID, o.Rev, soundTerms()))
	if o.State != offer.Draft || o.Current.ApprovedBy != "" {
		t.Fatalf("%+v", o.Current)
	}
	_, err = h.Publish(ctx, binta, o.ID)
	want(t, err, fault.Conflict, "transition")
}

func TestFourEyes(t *testing.T) {
	h := newHouse()
	importer := actor(account.Official, "acc_importer")
	outcome, err := h.Upsert(ctx, importer, []offer.Incoming{{Agency: "agy_1", Terms: soundTerms(), Source: offer.Source{Key: "k", Import: "imp_1"}}})
	if err != nil || outcome[0].Result != offer.Created {
		t.Fatal(outcome, err)
	}
	id := outcome[0].ID
	ok(t)(h.Submit(ctx, agent, id))
	for _, decide := range []func(account.Actor) error{
		func(a account.Actor) error { _, err := h.Approve(ctx, a, id); return err },
		func(a account.Actor) error {
			_, err := h.Refuse(ctx, a, id, offer.Decision{Reason: "duplicate"})
			return err
		},
		func(a account.Actor) error {
			_, err := h.Return(ctx, a, id, offer.Decision{Reason: "duplicate"})
			return err
		},
	} {
		want(t, decide(importer), fault.Forbidden, "offer.four_eyes")
	}
	ok(t)(h.Approve(ctx, anne, id))
	for _, no := range []account.Actor{anne, importer} {
		_, err := h.Publish(ctx, no, id)
		want(t, err, fault.Forbidden, "offer.four_eyes")
	}
	ok(t)(h.Publish(ctx, binta, id))
}

func TestRefusalIsAnsweredOnce(t *testing.T) {
	h := newHouse()
	o := ok(t)(h.Create(ctx, agent, soundTerms()))
	ok(t)(h.Submit(ctx, agent, o.ID))
	_, err := h.Refuse(ctx, anne, o.ID, offer.Decision{})
	want(t, err, fault.Invalid, "offer.invalid")
	o = ok(t)(h.Refuse(ctx, anne, o.ID, offer.Decision{Reason: "duplicate", Note: "voir l'autre"}))
	if o.State != offer.Refused || o.Current.Reason != "duplicate" {
		t.Fatalf("%+v", o.Current)
	}
	_, err = h.Answer(ctx, agent, o.ID, "")
	want(t, err, fault.Invalid, "offer.invalid")
	ok(t)(h.Answer(ctx, agent, o.ID, "Deux sites différents."))
	ok(t)(h.Submit(ctx, agent, o.ID))
	ok(t)(h.Refuse(ctx, anne, o.ID, offer.Decision{Reason: "duplicate"}))
	_, err = h.Answer(ctx, agent, o.ID, "Encore")
	want(t, err, fault.Conflict, "offer.answered")
}

func TestReturnFromApproved(t *testing.T) {
	h := newHouse()
	o := ok(t)(h.Create(ctx, agent, soundTerms()))
	ok(t)(h.Submit(ctx, agent, o.ID))
	ok(t)(h.Approve(ctx, anne, o.ID))
	o = ok(t)(h.Return(ctx, binta, o.ID, offer.Decision{Reason: "unclear_terms"}))
	if o.State != offer.Draft || o.Current.ApprovedBy != "" {
		t.Errorf("%+v", o.Current)
	}
}

// TestADraftSentTwiceIsMadeOnce: the second sending gets the first one's draft,
// unless its author has moved to another agency since.
func TestADraftSentTwiceIsMadeOnce(t *testing.T) {
	h := newHouse()
	sent := idempotency.With(ctx, idempotency.Key{Account: agent.Account, Operation: "offer.create", Value: "1"})
	first, again := ok(t)(h.Create(sent, agent, soundTerms())), ok(t)(h.Create(sent, agent, soundTerms()))
	if first.ID != again.ID || len(h.offers) != 1 {
		t.Errorf("%s and %s, %d offers", first.ID, again.ID, len(h.offers))
	}
	moved := agent
	moved.Agency = "agy_2"
	h.agencies["agy_2"] = agency.Card{ID: "agy_2", State: agency.Active}
	_, err := h.Create(sent, moved, soundTerms())
	want(t, err, fault.NotFound, "offer.not_found")
}

func TestSubmissionNeedsActiveAgencyAndCleanTerms(t *testing.T) { // AZ-08
	h := newHouse()
	terms := soundTerms()
	terms.Costs.WorkerFee = 5
	o := ok(t)(h.Create(ctx, agent, terms))
	_, err := h.Submit(ctx, agent, o.ID)
	want(t, err, fault.Invalid, "offer.lint.blocked")
	if f := fault.Of(err).Fields; len(f) != 1 || f[0].Code != "lint.fee.worker" || f[0].Pointer != "/costs/workerFee" {
		t.Errorf("fields %v", f)
	}
	o = ok(t)(h.Edit(ctx, agent, o.ID, o.Rev, soundTerms()))
	for _, state := range []agency.State{agency.Applied, agency.Suspended, agency.Expired} {
		h.agencies["agy_1"] = agency.Card{ID: "agy_1", State: state}
		_, err = h.Submit(ctx, agent, o.ID)
		want(t, err, fault.Conflict, "offer.agency.not_active")
	}
	h.agencies["agy_1"] = agency.Card{ID: "agy_1", State: agency.Active, LicenceUntil: "2026-11-20"}
	_, err = h.Submit(ctx, agent, o.ID)
	want(t, err, fault.Conflict, "offer.agency.not_active")
}

func TestPublicationChecksAgain(t *testing.T) {
	for name, spoil := range map[string]func(*house){
		"corridor suspended": func(h *house) {
			h.corridors["ML-ES"].Suspensions = []corridor.Suspension{{ID: "s", Act: "Décret 1"}}
		},
		"employer barred": func(h *house) { h.employers["emp_1"] = employer.Card{ID: "emp_1", State: employer.Barred} },
		"floor raised": func(h *house) {
			h.corridors["ML-ES"].Floors = []corridor.Floor{{EURCents: 200_000}}
		},
	} {
		h := newHouse()
		o := ok(t)(h.Create(ctx, agent, soundTerms()))
		ok(t)(h.Submit(ctx, agent, o.ID))
		ok(t)(h.Approve(ctx, anne, o.ID))
		spoil(h)
		if _, err := h.Publish(ctx, binta, o.ID); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
		if h.offers[o.ID].State != offer.Approved {
			t.Errorf("%s: state %s", name, h.offers[o.ID].State)
		}
	}
}

func TestStaleEdit(t *testing.T) {
	h := newHouse()
	o := ok(t)(h.Create(ctx, agent, soundTerms()))
	ok(t)(h.Edit(ctx, agent, o.ID, o.Rev, soundTerms()))
	_, err := h.Edit(ctx, agent, o.ID, o.Rev, soundTerms())
	want(t, err, fault.Stale, "stale")
}

func TestCreateRefuses(t *testing.T) {
	h := newHouse()
	terms := soundTerms()
	terms.Employer, terms.Title = "emp_none", ""
	_, err := h.Create(ctx, agent, terms)
	want(t, err, fault.Invalid, "offer.invalid")
	if len(fault.Of(err).Fields) != 2 {
		t.Errorf("fields %v", fault.Of(err).Fields)
	}
	_, err = h.Create(ctx, account.Actor{Account: "acc_9", Role: account.Agency}, soundTerms())
	want(t, err, fault.Conflict, "offer.agency.none")
}

// TestRolesAndOwners calls every operation as everybody who may not.
func TestRolesAndOwners(t *testing.T) { // AZ-01, AZ-03
	h := newHouse()
	id := h.publish(t, soundTerms()).ID
	d := offer.Decision{Reason: "other", Note: "x"}
	agencies, officials := []account.Role{account.Agency}, []account.Role{account.Official}
	for name, op := range map[string]struct {
		roles []account.Role
		call  func(account.Actor, offer.ID) error
	}{
		"edit":     {agencies, func(a account.Actor, id offer.ID) error { _, err := h.Edit(ctx, a, id, 1, soundTerms()); return err }},
		"submit":   {agencies, func(a account.Actor, id offer.ID) error { _, err := h.Submit(ctx, a, id); return err }},
		"answer":   {agencies, func(a account.Actor, id offer.ID) error { _, err := h.Answer(ctx, a, id, "x"); return err }},
		"withdraw": {agencies, func(a account.Actor, id offer.ID) error { _, err := h.Withdraw(ctx, a, id, d); return err }},
		"close":    {append(agencies, officials...), func(a account.Actor, id offer.ID) error { _, err := h.Close(ctx, a, id, d); return err }},
		"return":   {officials, func(a account.Actor, id offer.ID) error { _, err := h.Return(ctx, a, id, d); return err }},
		"refuse":   {officials, func(a account.Actor, id offer.ID) error { _, err := h.Refuse(ctx, a, id, d); return err }},
		"approve":  {officials, func(a account.Actor, id offer.ID) error { _, err := h.Approve(ctx, a, id); return err }},
		"publish":  {officials, func(a account.Actor, id offer.ID) error { _, err := h.Publish(ctx, a, id); return err }},
		"object":   {[]account.Role{account.Observer}, func(a account.Actor, id offer.ID) error { _, err := h.Object(ctx, a, id, d); return err }},
	} {
		for _, role := range append(account.Roles(), account.Anonymous) {
			who := actor(role, "acc_2")
			if role == account.Anonymous {
				who = account.Actor{}
			}
			err := op.call(who, "off_none")
			allowed := slices.Contains(op.roles, role)
			switch {
			case allowed && !fault.Is(err, fault.NotFound):
				t.Errorf("%s by %s: %v", name, role, err)
			case !allowed && role != account.Anonymous && !fault.Is(err, fault.Forbidden):
				t.Errorf("%s by %s: %v", name, role, err)
			case role == account.Anonymous && !fault.Is(err, fault.Unauthenticated):
				t.Errorf("%s by nobody: %v", name, err)
			}
		}
		if slices.Contains(op.roles, account.Agency) {
			foreignErr, absentErr := op.call(rival, id), op.call(rival, "off_none")
			if foreignErr == nil || foreignErr.Error() != absentErr.Error() && fault.Of(foreignErr).Code != fault.Of(absentErr).Code {
				t.Errorf("%s: foreign %v, absent %v", name, foreignErr, absentErr)
			}
		}
	}
}
