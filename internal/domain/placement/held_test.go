package placement_test

import (
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
)

// held puts a hold for safety on a file.
func (d *desk) held(id placement.ID) placement.ID {
	d.t.Helper()
	_, err := d.Hold(d.t.Context(), officialC, id, placement.HoldSafety, "Lettre 1", "Menaces signalées")
	d.ok(err)
	return id
}

// transferred gives a file with a transfer that is asked for; consented, with
// the person's code.
func (d *desk) transferred(consented bool) placement.ID {
	d.t.Helper()
	id := d.inPost()
	terms := promised()
	terms.Pay.Min = 190000
	_, err := d.Transfer(d.t.Context(), bureau, id, placement.TransferRequest{Terms: terms, Language: "es"})
	d.ok(err)
	if consented {
		_, err = d.ConsentToTransfer(d.t.Context(), person, id, d.transferCode(id))
		d.ok(err)
	}
	return id
}

func (d *desk) transferCode(id placement.ID) string {
	d.t.Helper()
	d.ok(d.SendTransferCode(d.t.Context(), person, id))
	moves := d.file(id).Journey.Transfers
	return d.codes[string(person.Account)+" "+placement.TransferMatter(id, moves[len(moves)-1].Contract)]
}

// TestAHoldStopsEveryForwardStep: while a person’s safety is in question the
// file goes on neither to a contract, nor to a departure, nor to other work.
func TestAHoldStopsEveryForwardStep(t *testing.T) {
	one := func(_ *placement.Placement, err error) error { return err }
	for name, c := range map[string]struct {
		ready func(*desk) placement.ID
		step  func(*desk, placement.ID) error
	}{
		placement.ActPropose: {(*desk).open, func(d *desk, id placement.ID) error { return one(d.Propose(d.t.Context(), bureau, id, d.draft(nil))) }},
		placement.ActAccept: {func(d *desk) placement.ID {
			id := d.open()
			d.propose(id, nil)
			_, err := d.ReadContract(d.t.Context(), person, id, 1)
			d.ok(err)
			d.now = d.now.Add(placement.DefaultCoolingOff)
			d.ok(d.RequestCode(d.t.Context(), person, id))
			return id
		}, func(d *desk, id placement.ID) error { return one(d.Accept(d.t.Context(), person, id, d.code(id, 1))) }},
		placement.ActDepart: {(*desk).cleared, func(d *desk, id placement.ID) error {
			return one(d.Depart(d.t.Context(), bureau, id, placement.Departure{On: d.today()}))
		}},
		placement.ActTransfer: {(*desk).inPost, func(d *desk, id placement.ID) error {
			return one(d.Transfer(d.t.Context(), bureau, id, placement.TransferRequest{Terms: promised(), Language: "es"}))
		}},
		placement.ActApproveTransfer: {func(d *desk) placement.ID { return d.transferred(true) }, func(d *desk, id placement.ID) error {
			return one(d.ApproveTransfer(d.t.Context(), officialA, id))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			id := d.held(c.ready(d))
			before := d.file(id)
			d.want(c.step(d, id), fault.Conflict, "placement.held")
			if after := d.file(id); after.State != before.State || after.Rev != before.Rev {
				t.Errorf("the held file went on from %s to %s", before.State, after.State)
			}
		})
	}
	t.Run(placement.ActTakeUp, func(t *testing.T) {
		d := newDesk(t)
		id := d.held(d.arrived())
		if p := d.stated(id, person, placement.OnArrival, nil); p.State != placement.Arrived {
			t.Errorf("the held file is %s", p.State)
		}
	})
}

// TestAHoldTrapsNobody: whatever is in question, a person may turn a contract
// down, leave the file, and come home.
func TestAHoldTrapsNobody(t *testing.T) {
	one := func(_ *placement.Placement, err error) error { return err }
	for name, c := range map[string]struct {
		ready func(*desk) placement.ID
		step  func(*desk, placement.ID) error
	}{
		placement.ActDecline: {func(d *desk) placement.ID { id := d.open(); d.propose(id, nil); return id }, func(d *desk, id placement.ID) error {
			return one(d.Decline(d.t.Context(), person, id, placement.Grounds{Reason: "pay"}))
		}},
		placement.ActCancel: {(*desk).cleared, func(d *desk, id placement.ID) error {
			return one(d.Cancel(d.t.Context(), person, id, placement.Grounds{Reason: "safety"}))
		}},
		placement.ActArrive: {(*desk).departed, func(d *desk, id placement.ID) error {
			return one(d.Arrive(d.t.Context(), person, id, placement.Arrival{On: d.today(), Place: "Almería"}))
		}},
		placement.ActRejectTransfer: {func(d *desk) placement.ID { return d.transferred(false) }, func(d *desk, id placement.ID) error {
			return one(d.RejectTransfer(d.t.Context(), person, id, "not_wanted", ""))
		}},
		placement.ActEndEarly: {(*desk).inPost, func(d *desk, id placement.ID) error {
			return one(d.End(d.t.Context(), person, id, placement.End{On: d.today(), Early: true, Cause: "abuse"}))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			id := d.held(c.ready(d))
			before := d.file(id).State
			d.ok(c.step(d, id))
			if d.file(id).State == before {
				t.Errorf("the file is still %s", before)
			}
		})
	}
}

// TestAConsentIsForOneTransfer: the code of one is good for no other, and a
// consent is given once.
func TestAConsentIsForOneTransfer(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	id := d.inPost()
	for _, err := range []error{
		d.SendTransferCode(ctx, person, id),
		func() error { _, err := d.ConsentToTransfer(ctx, person, id, "1"); return err }(),
		func() error { _, err := d.ApproveTransfer(ctx, officialA, id); return err }(),
	} {
		d.want(err, fault.Conflict, "placement.transfer.none")
	}
	d = newDesk(t)
	id = d.transferred(false)
	_, err := d.Transfer(ctx, bureau, id, placement.TransferRequest{Terms: promised(), Language: "es"})
	d.want(err, fault.Conflict, "transition") // one at a time
	old := d.transferCode(id)
	_, err = d.RejectTransfer(ctx, officialA, id, "employer", "")
	d.ok(err)
	terms := promised()
	terms.Pay.Min = 195000
	_, err = d.Transfer(ctx, bureau, id, placement.TransferRequest{Terms: terms, Language: "es"})
	d.ok(err)
	_, err = d.ConsentToTransfer(ctx, person, id, old)
	d.want(err, fault.Invalid, "auth.code.wrong")
	code := d.transferCode(id)
	_, err = d.ConsentToTransfer(ctx, person, id, code)
	d.ok(err)
	p := d.file(id)
	if m := p.Journey.Transfers[1]; m.Consented != d.now || p.Contracts[m.Contract-1].AcceptedAt != d.now || p.Journey.Transfers[0].Approved {
		t.Errorf("consented: %+v", p.Journey.Transfers)
	}
	_, err = d.ConsentToTransfer(ctx, person, id, d.transferCode(id))
	d.want(err, fault.Conflict, "placement.transfer.none")
}

// TestATransferKeepsTheLaw: the new terms are a contract like any other, the
// corridor must be open when it is asked for and when it is let happen, and the
// one who says no says why.
func TestATransferKeepsTheLaw(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	id := d.inPost()
	ask := func(change func(*placement.TransferRequest)) error {
		r := placement.TransferRequest{Terms: promised(), Language: "es"}
		change(&r)
		_, err := d.Transfer(ctx, bureau, id, r)
		return err
	}
	d.wantField(ask(func(r *placement.TransferRequest) { r.Terms.HoursPerWeek = 0 }), "/hoursPerWeek", "required")
	d.wantField(ask(func(r *placement.TransferRequest) { r.SignedOn = d.today().AddDays(1) }), "/signedOn", "date.future")
	open := d.corridor
	d.corridor = nil
	d.want(ask(func(*placement.TransferRequest) {}), fault.Conflict, "placement.corridor.closed")
	d.corridor = open
	p := d.file(id)
	p.Journey.Transfers = make([]placement.Move, 20)
	full := *p
	d.ok(d.files.Put(&full))
	d.wantField(ask(func(*placement.TransferRequest) {}), "", "too_many")
	p.Journey.Transfers = nil
	d.ok(d.files.Put(p))
	d.ok(ask(func(r *placement.TransferRequest) { r.Terms.Pay.Min = 190000 }))
	_, err := d.ConsentToTransfer(ctx, person, id, d.transferCode(id))
	d.ok(err)
	d.corridor = nil
	_, err = d.ApproveTransfer(ctx, officialA, id)
	d.want(err, fault.Conflict, "placement.corridor.closed")
	_, err = d.RejectTransfer(ctx, officialA, id, "corridor", string(make([]rune, 2001)))
	d.wantField(err, "/note", "too_long")
	d.corridor = open
	p, err = d.ApproveTransfer(ctx, officialA, id)
	d.ok(err)
	if m := p.Journey.Transfers[0]; !m.Approved || m.Decided.By != officialA.Account || m.From != "emp_1" || m.Employer != "emp_1" {
		t.Errorf("approved: %+v", m)
	}
}

// TestOneSelectionEndsWithItsFile: what ends an application ends its file until
// the person has left; it says why, and doing it twice changes nothing.
func TestOneSelectionEndsWithItsFile(t *testing.T) {
	for action, reason := range map[string]string{"withdraw": placement.ReasonWithdrawn, "refuse": placement.ReasonRefused, "wait": placement.ReasonWaiting, "close": placement.ReasonEnded} {
		d := newDesk(t)
		id := d.cleared()
		for _, who := range []account.Actor{stranger, rival} {
			d.ok(d.AbandonFile(t.Context(), who, id, action)) // not theirs, so there is none
		}
		if d.file(id).State != placement.Cleared {
			t.Fatal("a stranger ended the file")
		}
		for range 2 {
			d.ok(d.Abandon(t.Context(), person, "app_1", 1, action))
		}
		if p := d.file(id); p.State != placement.Cancelled || p.CancelReason != reason || p.Clearance().RevokedAt.IsZero() {
			t.Errorf("%s: %s %q", action, p.State, p.CancelReason)
		}
		d.ok(d.Abandon(t.Context(), person, "app_none", 1, action))
		d = newDesk(t)
		d.want(d.AbandonFile(t.Context(), person, d.departed(), action), fault.Conflict, "placement.departed")
	}
}

// TestNobodyIsAskedOutOfTime: whose work has ended is not asked how it goes.
func TestNobodyIsAskedOutOfTime(t *testing.T) {
	d := newDesk(t)
	id := d.arrived()
	_, err := d.End(t.Context(), person, id, placement.End{On: d.today(), Early: true, Cause: "resignation"})
	d.ok(err)
	d.days(400)
	if asked, err := d.AskDue(t.Context()); err != nil || asked != 0 || len(d.told(id, "placement.check_in")) != 0 {
		t.Errorf("asked %d, %v", asked, err)
	}
}
