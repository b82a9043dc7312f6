package account_test

import (
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// colleagues gives a first administrator, and two more.
func (d *desk) colleagues(t *testing.T) (first, second, third account.Actor) {
	t.Helper()
	first = d.first(t)
	second = d.create(t, account.SystemActor(), "deux@example.ml", account.Post{Role: account.Admin}).Account.Actor()
	third = d.create(t, account.SystemActor(), "trois@example.ml", account.Post{Role: account.Admin}).Account.Actor()
	return first, second, third
}

// TestAZ07PrivilegedRolesTakeTwoAdministrators opens accounts with every
// privileged role and confirms them. covers AZ-07
func TestAZ07PrivilegedRolesTakeTwoAdministrators(t *testing.T) {
	d := newDesk(t)
	first, second, _ := d.colleagues(t)
	ctx := t.Context()
	for _, post := range []account.Post{
		{Role: account.Official, Institution: "anpe"}, {Role: account.Admin}, {Role: account.Observer}, {Role: account.Official, Institution: "mission", Collector: true},
	} {
		a := d.create(t, first, string(post.Role)+post.Institution+"@example.ml", post).Account
		if a.State != account.Proposed || a.Card().CanSignIn(d.now) {
			t.Errorf("%+v can be used before it is confirmed", post)
		}
		_, err := d.Confirm(ctx, first, a.ID, a.Rev)
		wantCode(t, err, fault.Forbidden, "four_eyes.same")
		_, err = d.Enable(ctx, first, a.ID, "")
		wantCode(t, err, fault.Conflict, "account.state")
		if a, err = d.Confirm(ctx, second, a.ID, a.Rev); err != nil || a.State != account.Active || a.Post() != post || !a.Grant.IsZero() {
			t.Errorf("confirmed: %+v %v", a, err)
		}
		for _, read := range []int64{a.Rev, a.Rev - 1} { // read now, or when it still waited
			_, err = d.Confirm(ctx, second, a.ID, read)
			wantCode(t, err, fault.Conflict, "account.proposal.none")
		}
	}
	if a := d.create(t, first, "awa@example.ml", account.Post{Role: account.Agency}).Account; a.State != account.Active {
		t.Errorf("an agency's member waits for nobody: %+v", a)
	}
}

// TestAZ07AnEditInBetweenVoidsTheConfirmation covers AZ-07
func TestAZ07AnEditInBetweenVoidsTheConfirmation(t *testing.T) {
	d := newDesk(t)
	first, second, third := d.colleagues(t)
	ctx := t.Context()
	id := d.create(t, first, "awa@example.ml", account.Post{Role: account.Candidate}).Account.ID
	a, err := d.Assign(ctx, first, id, account.Post{Role: account.Observer})
	if err != nil || a.Role != account.Candidate || a.State != account.Active || a.Grant.Post.Role != account.Observer {
		t.Fatalf("proposed: %+v %v", a, err)
	}
	read := a.Rev
	if a, err = d.Assign(ctx, second, id, account.Post{Role: account.Admin}); err != nil {
		t.Fatal(err)
	}
	_, err = d.Confirm(ctx, third, id, read)
	wantCode(t, err, fault.Stale, "stale")
	_, err = d.Confirm(ctx, second, id, a.Rev)
	wantCode(t, err, fault.Forbidden, "four_eyes.same")
	if a, err = d.Confirm(ctx, first, id, a.Rev); err != nil || a.Role != account.Admin {
		t.Errorf("%+v %v", a, err)
	}
	official := d.create(t, account.SystemActor(), "off@example.ml", account.Post{Role: account.Official, Institution: "anpe"}).Account.ID
	a, err = d.Assign(ctx, first, official, account.Post{Role: account.Official, Institution: "anpe", Collector: true})
	if err != nil || a.Collector || !a.Grant.Post.Collector {
		t.Errorf("the flag is proposed too: %+v %v", a, err)
	}
	if a, err = d.Assign(ctx, first, official, account.Post{Role: account.Official, Institution: "mission"}); err != nil || a.Institution != "mission" || !a.Grant.IsZero() {
		t.Errorf("a change of place takes one, and ends what was proposed: %+v %v", a, err)
	}
}

// TestAZ07NotThroughASecondAccount: whoever has taken over a colleague's
// account cannot sign with it, and a proposer who is gone proposes nothing.
// covers AZ-07
func TestAZ07NotThroughASecondAccount(t *testing.T) {
	d := newDesk(t)
	first, second, third := d.colleagues(t)
	ctx := t.Context()
	proposed := d.create(t, first, "off@example.ml", account.Post{Role: account.Official, Institution: "anpe"}).Account
	if _, err := d.ResetPassword(ctx, first, second.Account); err != nil {
		t.Fatal(err)
	}
	_, err := d.Confirm(ctx, second, proposed.ID, proposed.Rev)
	wantCode(t, err, fault.Forbidden, "four_eyes.same")
	_, err = d.Confirm(ctx, proposed.Actor(), proposed.ID, proposed.Rev)
	wantCode(t, err, fault.Forbidden, "auth.forbidden")
	if _, err := d.Disable(ctx, third, first.Account, "fraud"); err != nil {
		t.Fatal(err)
	}
	_, err = d.Confirm(ctx, third, proposed.ID, proposed.Rev)
	wantCode(t, err, fault.Conflict, "account.proposal.lapsed")
	a, err := d.Reject(ctx, second, proposed.ID, "fraud")
	if err != nil || a.State != account.Disabled || a.Role != account.Candidate || !a.Grant.IsZero() {
		t.Errorf("rejected: %+v %v", a, err)
	}
	_, err = d.Reject(ctx, second, proposed.ID, "")
	wantCode(t, err, fault.Conflict, "account.proposal.none")
	if a, err = d.Enable(ctx, second, proposed.ID, ""); err != nil || a.Role != account.Candidate {
		t.Errorf("opened again, it has no role it was not given: %+v %v", a, err)
	}
}

// TestAZ07AloneOnTheCommandLine covers AZ-07
func TestAZ07AloneOnTheCommandLine(t *testing.T) {
	d := newDesk(t)
	first := d.first(t)
	if a := d.create(t, first, "zero@example.ml", account.Post{Role: account.Observer}).Account; a.State != account.Proposed {
		t.Errorf("elsewhere it waits, whoever is there: %+v", a)
	}
	in := func(email string) account.NewAccount {
		return account.NewAccount{Email: email, Post: account.Post{Role: account.Admin}}
	}
	if issued, err := d.CreateAlone(t.Context(), first, in("deux@example.ml")); err != nil || issued.Account.State != account.Active {
		t.Errorf("nobody else could confirm: %+v %v", issued.Account, err)
	}
	if issued, err := d.CreateAlone(t.Context(), first, in("trois@example.ml")); err != nil || issued.Account.State != account.Proposed {
		t.Errorf("now there is somebody: %+v %v", issued.Account, err)
	}
}
