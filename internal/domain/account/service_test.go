package account_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
)

func TestOnlyAdministratorsManageAccounts(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	operations := map[string]func(by account.Actor) error{
		"create":  func(by account.Actor) error { _, err := d.Create(ctx, by, account.NewAccount{}); return err },
		"disable": func(by account.Actor) error { _, err := d.Disable(ctx, by, "acc_x", ""); return err },
		"enable":  func(by account.Actor) error { _, err := d.Enable(ctx, by, "acc_x", ""); return err },
		"assign":  func(by account.Actor) error { _, err := d.Assign(ctx, by, "acc_x", account.Post{}); return err },
		"reset":   func(by account.Actor) error { _, err := d.ResetPassword(ctx, by, "acc_x"); return err },
		"list":    func(by account.Actor) error { _, err := d.List(ctx, by, account.Query{}); return err },
		"get":     func(by account.Actor) error { _, err := d.Get(ctx, by, "acc_x"); return err },
	}
	for name, do := range operations {
		wantCode(t, do(account.Actor{}), fault.Unauthenticated, "auth.required")
		for _, role := range []account.Role{account.Candidate, account.Agency, account.Official, account.Observer} {
			wantCode(t, do(account.Actor{Account: "acc_1", Role: role}), fault.Forbidden, "auth.forbidden")
		}
		wantCode(t, do(account.Actor{Account: "acc_1", Role: account.Admin, Restricted: true}), fault.Forbidden, "auth.password.temporary")
		if err := do(account.Actor{Account: "acc_1", Role: account.Admin}); fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(d.mem.docs) != 0 {
		t.Error("something was written")
	}
}

func TestCreate(t *testing.T) {
	d := newDesk(t)
	admin := d.first(t)
	issued := d.create(t, admin, "Off@Example.ML", account.Post{Role: account.Official, Institution: "anpe", Collector: true})
	a := d.mem.docs[issued.Account.ID]
	if a.Email != "off@example.ml" || a.Role != account.Official || a.Institution != "anpe" || !a.Collector || a.State != account.Proposed || a.Locale != "fr" || a.Rev != 1 {
		t.Errorf("got %+v", a)
	}
	if issued.Password != "generated-1" || a.PasswordHash != "h:generated-1" || !a.TemporaryUntil.Equal(d.now.Add(account.TemporaryFor)) {
		t.Errorf("password %q, %+v", issued.Password, a)
	}
	if len(a.Pending) != 1 || a.Pending[0].Action != "user.create" || a.Pending[0].Actor != string(admin.Account) || a.Pending[0].ID != "aud_"+string(a.ID)+"_1_0" {
		t.Errorf("audit %+v", a.Pending)
	}
	_, err := d.Create(t.Context(), admin, account.NewAccount{Email: "off@example.ml", Post: account.Post{Role: account.Candidate}})
	wantCode(t, err, fault.Conflict, "account.taken")
	_, err = d.Create(t.Context(), admin, account.NewAccount{Email: "new@example.ml", Password: "short", Post: account.Post{Role: account.Candidate}})
	wantCode(t, err, fault.Invalid, "auth.password.policy")
	chosen, err := d.Create(t.Context(), admin, account.NewAccount{Phone: "+22376123456", Password: "donnée par le chef", Post: account.Post{Role: account.Observer}})
	if err != nil || chosen.Password != "" || chosen.Account.TemporaryUntil.IsZero() {
		t.Errorf("chosen by the administrator: %+v %v", chosen, err)
	}
	demo, err := d.Create(t.Context(), account.SystemActor(), account.NewAccount{Email: "demo@demo.test", Password: "demo", Post: account.Post{Role: account.Candidate}})
	if err != nil || !demo.Account.TemporaryUntil.IsZero() {
		t.Errorf("chosen by the system: %+v %v", demo, err)
	}
}

func TestCreateChecksTheInput(t *testing.T) {
	d := newDesk(t)
	admin := d.first(t)
	post := func(p account.Post) account.NewAccount { return account.NewAccount{Email: "x@example.ml", Post: p} }
	for pointer, in := range map[string]account.NewAccount{
		"/email": {Post: account.Post{Role: account.Candidate}}, "/phone": {Phone: "12", Post: account.Post{Role: account.Candidate}},
		"/locale": {Email: "x@example.ml", Locale: "de", Post: account.Post{Role: account.Candidate}}, "/role": post(account.Post{Role: "root"}),
		"/institution": post(account.Post{Role: account.Official}), "/agency": post(account.Post{Role: account.Official, Institution: "anpe", Agency: "agy_1"}),
		"/collector": post(account.Post{Role: account.Agency, Collector: true}),
	} {
		_, err := d.Create(t.Context(), admin, in)
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Pointer != pointer {
			t.Errorf("%s: got %v", pointer, err)
		}
	}
	for _, role := range []account.Role{account.System, account.Anonymous} {
		if _, err := d.Create(t.Context(), admin, post(account.Post{Role: role})); !fault.Is(err, fault.Invalid) {
			t.Errorf("role %q: %v", role, err)
		}
	}
}

func TestFirstAdminOnce(t *testing.T) {
	d := newDesk(t)
	errs := make([]error, 8)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() {
			_, errs[i] = d.FirstAdmin(context.Background(), account.NewAccount{Email: fmt.Sprintf("chef%d@example.ml", i)})
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		wantCode(t, err, fault.Conflict, "account.admin.exists")
	}
	if won != 1 || len(d.mem.docs) != 1 || d.mem.docs[account.FirstAdminID].Role != account.Admin {
		t.Errorf("%d winners, %+v", won, d.mem.docs)
	}
}

func TestFirstAdminWhoLetThePasswordRunOut(t *testing.T) {
	d := newDesk(t)
	in := account.NewAccount{Email: "chef@example.ml"}
	if _, err := d.FirstAdmin(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(account.TemporaryFor)
	if _, err := d.FirstAdmin(t.Context(), account.NewAccount{Email: "other@example.ml"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("another address: %v", err)
	}
	issued, err := d.FirstAdmin(t.Context(), in)
	if err != nil || issued.Password == "" || issued.Account.PasswordHash != "h:"+issued.Password || !issued.Account.Card().CanSignIn(d.now) {
		t.Fatal(issued, err)
	}
	_, err = d.FirstAdmin(t.Context(), in)
	wantCode(t, err, fault.Conflict, "account.admin.exists")
}

func TestFirstAdminNeedsAFreeAddress(t *testing.T) {
	d := newDesk(t)
	d.create(t, account.SystemActor(), "chef@example.ml", account.Post{Role: account.Candidate})
	_, err := d.FirstAdmin(t.Context(), account.NewAccount{Email: "chef@example.ml"})
	wantCode(t, err, fault.Conflict, "account.taken")
}

func TestDisableEnableAssignReset(t *testing.T) {
	d := newDesk(t)
	admin := d.first(t)
	id := d.create(t, admin, "awa@example.ml", account.Post{Role: account.Candidate}).Account.ID
	ctx := t.Context()
	a, err := d.Disable(ctx, admin, id, "fraud")
	if err != nil || a.State != account.Disabled || !a.SessionsFrom.Equal(d.now) || a.Pending[1].Reason != "fraud" {
		t.Errorf("disable: %+v %v", a, err)
	}
	_, err = d.Disable(ctx, admin, id, "")
	wantCode(t, err, fault.Conflict, "account.state")
	if a, err = d.Enable(ctx, admin, id, ""); err != nil || a.State != account.Active || a.SessionsFrom.IsZero() {
		t.Errorf("enable: %+v %v", a, err)
	}
	_, err = d.Enable(ctx, admin, id, "")
	wantCode(t, err, fault.Conflict, "account.state")
	from := a.SessionsFrom
	if a, err = d.Assign(ctx, admin, id, account.Post{Role: account.Agency, Agency: "agy_1"}); err != nil || a.Role != account.Agency || !a.SessionsFrom.After(from) {
		t.Errorf("assign: %+v %v", a, err)
	}
	if last := a.Pending[len(a.Pending)-1]; fmt.Sprint(last.Fields) != "[agency role]" || last.Action != "user.assign" {
		t.Errorf("audit: %+v", last)
	}
	rev := a.Rev
	if a, err = d.Assign(ctx, admin, id, a.Post()); err != nil || a.Rev != rev {
		t.Errorf("assigning the same: rev %d, %v", a.Rev, err)
	}
	issued, err := d.ResetPassword(ctx, admin, id)
	if err != nil || d.mem.docs[id].PasswordHash != "h:"+issued.Password || d.mem.docs[id].TemporaryUntil.IsZero() {
		t.Errorf("reset: %+v %v", issued, err)
	}
	for i, e := range d.mem.docs[id].Pending {
		if e.Rev != int64(i+1) {
			t.Errorf("audit revisions: %+v", d.mem.docs[id].Pending)
		}
	}
	_, err = d.ResetPassword(ctx, admin, "acc_none")
	wantCode(t, err, fault.NotFound, "store.not_found")
}

func TestAdministratorsKeepOffTheirOwnAccounts(t *testing.T) {
	d := newDesk(t)
	admin := d.first(t)
	_, err := d.Assign(t.Context(), admin, admin.Account, account.Post{Role: account.Official, Institution: "ministry"})
	wantCode(t, err, fault.Forbidden, "account.own")
	_, err = d.Disable(t.Context(), admin, admin.Account, "")
	wantCode(t, err, fault.Forbidden, "account.own")
	_, err = d.ResetPassword(t.Context(), admin, admin.Account)
	wantCode(t, err, fault.Forbidden, "account.own")
}

func TestTheLastAdministratorStays(t *testing.T) {
	d := newDesk(t)
	first := d.first(t)
	second := d.create(t, account.SystemActor(), "deux@example.ml", account.Post{Role: account.Admin}).Account
	d.now = d.now.Add(account.TemporaryFor) // the second never came: the first is the only one who can sign in
	_, err := d.Disable(t.Context(), second.Actor(), first.Account, "")
	wantCode(t, err, fault.Conflict, "account.admin.last")
	_, err = d.Assign(t.Context(), second.Actor(), first.Account, account.Post{Role: account.Observer})
	wantCode(t, err, fault.Conflict, "account.admin.last")
	if _, err := d.Disable(t.Context(), first, second.ID, ""); err != nil {
		t.Error(err)
	}
}

func TestListIsBoundedByTheActor(t *testing.T) {
	d := newDesk(t)
	admin := d.first(t)
	for i := range 250 {
		d.create(t, admin, fmt.Sprintf("p%d@example.ml", i), account.Post{Role: account.Candidate})
	}
	seen, q := 0, account.Query{Role: account.Candidate, Page: listing.Page{Limit: 100}}
	for {
		page, err := d.List(t.Context(), admin, q)
		if err != nil || page.Total != 250 {
			t.Fatal(page.Total, err)
		}
		seen += len(page.Items)
		if q.Page.After = page.Next; page.Next == "" {
			break
		}
	}
	if seen != 250 {
		t.Errorf("saw %d", seen)
	}
	found, err := d.List(t.Context(), admin, account.Query{Text: "P249@", Scope: account.Scope{Account: "acc_none"}})
	if err != nil || found.Total != 1 {
		t.Errorf("by text: %+v %v", found, err)
	}
	if got := d.mem.Accounts(account.Query{}).Total; got != 0 {
		t.Errorf("the zero scope saw %d", got)
	}
	for actor, want := range map[account.Actor]account.Scope{
		admin: {All: true}, account.SystemActor(): {All: true}, {}: {}, {Account: "acc_1", Role: account.Official}: {Account: "acc_1"},
	} {
		if got := account.Visible(actor); got != want {
			t.Errorf("%s: %+v", actor.Role, got)
		}
	}
}

func TestJoinMeAndActAs(t *testing.T) {
	d := newDesk(t)
	admin := d.first(t)
	ctx := t.Context()
	a := d.create(t, admin, "awa@example.ml", account.Post{Role: account.Agency}).Account
	_, err := d.Join(ctx, admin, a.ID, "agy_1")
	wantCode(t, err, fault.Forbidden, "auth.forbidden")
	for range 2 {
		if got, err := d.Join(ctx, account.SystemActor(), a.ID, "agy_1"); err != nil || got.Agency != "agy_1" || got.Rev != 2 || !got.SessionsFrom.IsZero() {
			t.Errorf("join: %+v %v", got, err)
		}
	}
	_, err = d.Join(ctx, account.SystemActor(), a.ID, "agy_2")
	wantCode(t, err, fault.Conflict, "account.agency.taken")
	_, err = d.Join(ctx, account.SystemActor(), admin.Account, "agy_1")
	wantCode(t, err, fault.Conflict, "account.agency.taken")
	actor, err := d.ActAs(ctx, " AWA@example.ml")
	if err != nil || actor.Account != a.ID || actor.Agency != "agy_1" {
		t.Errorf("as: %+v %v", actor, err)
	}
	if me, err := d.Me(ctx, actor); err != nil || me.ID != a.ID {
		t.Errorf("me: %+v %v", me, err)
	}
	_, err = d.Me(ctx, account.Actor{})
	wantCode(t, err, fault.Unauthenticated, "auth.required")
	if _, err = d.Disable(ctx, admin, a.ID, ""); err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"awa@example.ml", "nobody@example.ml"} {
		_, err = d.ActAs(ctx, email)
		wantCode(t, err, fault.Forbidden, "account.as")
	}
}

func TestCardHoldsWhatTheAccountHolds(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	a := account.Account{ID: "acc_1", Role: account.Official, Institution: "anpe", Collector: true, State: account.Active, TemporaryUntil: at}
	card := a.Card()
	if card.CanSignIn(at) || !card.CanSignIn(at.Add(-time.Second)) {
		t.Error("a temporary password runs out at its moment")
	}
	want := a.Actor()
	want.Session, want.Restricted = "ses_1", true
	if got := card.Actor("ses_1"); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
