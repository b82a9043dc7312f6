package auth

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

const nextPass = "quatre baobabs au bord du puits"

// sent opens what a request for a code would send.
func (w *world) sent(t *testing.T, id account.CodeID) Private {
	t.Helper()
	c, err := w.codes.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.OpenNotice(c.Outbox[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *world) forgot(t *testing.T, login string) ResetRequest {
	t.Helper()
	r, err := w.Forgot(t.Context(), login, Client{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func badCode(t *testing.T, err error) {
	t.Helper()
	wantCode(t, err, fault.Invalid, "auth.code.wrong")
}

func TestAU15ResetByLink(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	pair := w.login(t, "awa@example.ml", goodPass)
	w.pass(time.Second)
	request := w.forgot(t, " AWA@example.ml")
	mail := w.sent(t, request.ID)
	if mail.To != "awa@example.ml" || request.ByDigits {
		t.Errorf("%+v", mail)
	}
	stored := w.codes.docs[request.ID]
	if bytes.Contains(stored.MAC, []byte(mail.Secret)) || bytes.Contains(stored.Login, []byte("awa")) || bytes.Contains(stored.Outbox[0].Sealed, []byte("awa")) {
		t.Error("the code or the address is stored in the clear")
	}
	err := w.Reset(t.Context(), PasswordReset{Token: mail.Secret, New: "short"})
	wantCode(t, err, fault.Invalid, "auth.password.policy")
	if err := w.Reset(t.Context(), PasswordReset{Token: mail.Secret, New: nextPass}); err != nil {
		t.Fatal("the code was spent on a bad password:", err)
	}
	badCode(t, w.Reset(t.Context(), PasswordReset{Token: mail.Secret, New: goodPass}))
	_, err = w.Authenticate(t.Context(), pair.AccessToken)
	refused(t, err, "auth.token.session")
	_, err = w.Refresh(t.Context(), pair.RefreshToken, Client{})
	refused(t, err, "auth.refresh.revoked")
	w.login(t, "awa@example.ml", nextPass)
	a := w.accounts.docs[id]
	if a.Outbox[0].Template != "password.changed" || a.EmailVerifiedAt.IsZero() {
		t.Errorf("%+v", a.Outbox)
	}
}

func TestAU15ResetByDigits(t *testing.T) {
	w := newWorld(t)
	if err := w.Register(t.Context(), Registration{Applicant: account.Candidate, Phone: "76123456", Password: goodPass}); err != nil {
		t.Fatal(err)
	}
	first, second := w.forgot(t, "76 12 34 56"), w.forgot(t, "+22376123456")
	code := w.sent(t, second.ID).Secret
	if !second.ByDigits || len(code) != 6 {
		t.Fatalf("%+v %q", second, code)
	}
	if w.sent(t, first.ID).Secret != code {
		badCode(t, w.Reset(t.Context(), PasswordReset{Request: first.ID, Code: code, New: nextPass})) // bound to its request
	}
	wrong := fmt.Sprintf("%06d", (atoi(code)+1)%1_000_000)
	for range account.MaxCodeTries {
		badCode(t, w.Reset(t.Context(), PasswordReset{Request: second.ID, Code: wrong, New: nextPass}))
	}
	err := w.Reset(t.Context(), PasswordReset{Request: second.ID, Code: code, New: nextPass})
	if err == nil || !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Exhausted) {
		t.Fatalf("the sixth try: %v", err)
	}
	w.pass(time.Minute)
	third := w.forgot(t, "76123456")
	w.pass(account.DigitsFor)
	badCode(t, w.Reset(t.Context(), PasswordReset{Request: third.ID, Code: w.sent(t, third.ID).Secret, New: nextPass}))
	fourth := w.forgot(t, "76123456")
	if err := w.Reset(t.Context(), PasswordReset{Request: fourth.ID, Code: w.sent(t, fourth.ID).Secret, New: nextPass}); err != nil {
		t.Fatal(err)
	}
	w.login(t, "76123456", nextPass)
}

func atoi(s string) (n int) {
	for _, r := range s {
		n = 10*n + int(r-'0')
	}
	return n
}

// TestAU15AResetVoidsTheOtherCodes: what was asked for before a password
// changed sets no other one.
func TestAU15AResetVoidsTheOtherCodes(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	first, second := w.forgot(t, "awa@example.ml"), w.forgot(t, "awa@example.ml")
	w.pass(time.Second)
	if err := w.Reset(t.Context(), PasswordReset{Token: w.sent(t, second.ID).Secret, New: nextPass}); err != nil {
		t.Fatal(err)
	}
	badCode(t, w.Reset(t.Context(), PasswordReset{Token: w.sent(t, first.ID).Secret, New: goodPass}))
}

// TestAU06ForgotDoesTheSameForEverybody: no account is looked at and one
// request is written, whether or not there is one; so neither time nor answer
// can tell.
func TestAU06ForgotDoesTheSameForEverybody(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	for _, email := range []string{"awa@example.ml", "nobody@example.ml"} {
		lookups := 0
		w.accounts.looking = func() { lookups++ }
		w.accounts.found = func() { lookups++ }
		before, waited := len(w.codes.docs), w.waited.Load()
		r := w.forgot(t, email)
		if lookups != 0 || len(w.codes.docs) != before+1 || w.waited.Load()-waited != int64(time.Second) || r.ByDigits {
			t.Errorf("%s: %d look-ups, %d requests", email, lookups, len(w.codes.docs)-before)
		}
		w.accounts.looking, w.accounts.found = nil, nil
	}
	request := w.forgot(t, "nobody2@example.ml")
	badCode(t, w.Reset(t.Context(), PasswordReset{Token: w.sent(t, request.ID).Secret, New: nextPass}))
}

func TestAU04AskingForCodesIsThrottled(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.forgot(t, "awa@example.ml")
	}
	w.forgot(t, "awa@example.ml")
	_, err := w.Forgot(t.Context(), "awa@example.ml", Client{})
	wantCode(t, err, fault.Exhausted, "auth.throttled")
	w.forgot(t, "other@example.ml")
	w.pass(time.Minute)
	w.forgot(t, "awa@example.ml")
}

func TestResetRefusesWhatIsNoCode(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	for _, in := range []PasswordReset{
		{}, {Token: "x"}, {Token: "cod_1.x"}, {Token: string(bytes.Repeat([]byte("x"), 300)) + ".y"}, {Request: "cod_1", Code: "123456"},
		{Request: "acc_1", Code: "1"}, {Code: "7k3q-9d0x-1m4n-8p2r"},
	} {
		in.New = nextPass
		badCode(t, w.Reset(t.Context(), in))
	}
}

func TestResetInPerson(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	official := account.Actor{Account: "acc_o", Role: account.Official}
	for _, role := range []account.Role{account.Candidate, account.Agency, account.Observer} {
		_, err := w.ResetInPerson(t.Context(), account.Actor{Account: "acc_x", Role: role}, "awa@example.ml", "other", Client{})
		wantCode(t, err, fault.Forbidden, "auth.forbidden")
	}
	_, err := w.ResetInPerson(t.Context(), official, "nobody@example.ml", "other", Client{})
	wantCode(t, err, fault.NotFound, "account.not_found")
	_, err = w.ResetInPerson(t.Context(), official, "awa@example.ml", "because", Client{})
	wantCode(t, err, fault.Invalid, "account.invalid")
	paper, err := w.ResetInPerson(t.Context(), official, string(id), "no_email", Client{})
	if err != nil {
		t.Fatal(err)
	}
	a := w.accounts.docs[id]
	last := a.Pending[len(a.Pending)-1]
	if last.Action != "account.reset_in_person" || last.Actor != "acc_o" || last.Reason != "no_email" || a.Outbox[0].Template != "reset.in_person" {
		t.Errorf("%+v %+v", last, a.Outbox)
	}
	if err := w.Reset(t.Context(), PasswordReset{Code: paper.Code, New: nextPass}); err != nil {
		t.Fatal(err)
	}
	badCode(t, w.Reset(t.Context(), PasswordReset{Code: paper.Code, New: goodPass}))
	w.login(t, "awa@example.ml", nextPass)
	w.pass(time.Second)
	late, err := w.ResetInPerson(t.Context(), official, "awa@example.ml", "other", Client{})
	if err != nil {
		t.Fatal(err)
	}
	w.pass(account.InPersonFor)
	badCode(t, w.Reset(t.Context(), PasswordReset{Code: late.Code, New: goodPass}))
	w.mustUpdate(t, id, func(a *account.Account) { a.Role = account.Admin })
	_, err = w.ResetInPerson(t.Context(), official, "awa@example.ml", "other", Client{})
	wantCode(t, err, fault.Forbidden, "account.reset.role")
	_, err = w.ResetInPerson(t.Context(), account.Actor{Account: id, Role: account.Admin}, "awa@example.ml", "other", Client{})
	wantCode(t, err, fault.Forbidden, "account.own")
}

func TestAU17ChangingAnIdentifier(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	w.join(t, "taken@example.ml")
	other := w.login(t, "awa@example.ml", goodPass)
	w.pass(time.Second)
	pair := w.login(t, "awa@example.ml", goodPass)
	actor := w.mustActor(t, pair)
	to := account.Identifier{Kind: account.ByEmail, Value: "awa.t@example.ml"}
	w.pass(FreshFor)
	_, err := w.ChangeIdentifier(t.Context(), actor, to, Client{})
	wantCode(t, err, fault.Forbidden, "auth.reauthenticate")
	if err := w.Reauthenticate(t.Context(), actor, Proof{Password: goodPass}); err != nil {
		t.Fatal(err)
	}
	request, err := w.ChangeIdentifier(t.Context(), actor, to, Client{})
	if err != nil {
		t.Fatal(err)
	}
	mail := w.sent(t, request)
	if mail.To != to.Value || w.accounts.docs[id].Email != "awa@example.ml" {
		t.Errorf("%+v", mail)
	}
	badCode(t, w.ConfirmIdentifier(t.Context(), actor, request, "00000x", Client{}))
	stranger := w.mustActor(t, w.login(t, "taken@example.ml", goodPass))
	badCode(t, w.ConfirmIdentifier(t.Context(), stranger, request, mail.Secret, Client{}))
	badCode(t, w.Reset(t.Context(), PasswordReset{Request: request, Code: mail.Secret, New: nextPass}))
	if err := w.ConfirmIdentifier(t.Context(), actor, request, mail.Secret, Client{}); err != nil {
		t.Fatal(err)
	}
	w.mustActor(t, pair)
	_, err = w.Authenticate(t.Context(), other.AccessToken)
	refused(t, err, "auth.token.session")
	a := w.accounts.docs[id]
	notice, err := w.OpenNotice(a.Outbox[0])
	if err != nil || notice.To != "awa@example.ml" || a.Outbox[0].Template != "login.changed" || a.EmailVerifiedAt.IsZero() {
		t.Errorf("the old address is told: %+v %v", notice, err)
	}
	_, err = w.Login(t.Context(), Credentials{Login: "awa@example.ml", Password: goodPass})
	refused(t, err, "auth.login.failed")
	w.login(t, "awa.t@example.ml", goodPass)
	// One that is taken looks the same until its owner's mailbox has been read.
	request, err = w.ChangeIdentifier(t.Context(), actor, account.Identifier{Kind: account.ByEmail, Value: "taken@example.ml"}, Client{})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, w.ConfirmIdentifier(t.Context(), actor, request, w.sent(t, request).Secret, Client{}), fault.Conflict, "account.taken")
}

func TestAU18SessionsCanBeListedAndEnded(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	w.join(t, "moussa@example.ml")
	one := w.login(t, "awa@example.ml", goodPass)
	w.pass(time.Second)
	two := w.login(t, "awa@example.ml", goodPass)
	actor, stranger := w.mustActor(t, two), w.mustActor(t, w.login(t, "moussa@example.ml", goodPass))
	list, err := w.SessionList(t.Context(), actor)
	if err != nil || len(list) != 2 || !list[0].Current || list[1].Current || list[0].Label != "test" {
		t.Fatalf("%+v %v", list, err)
	}
	wantCode(t, w.EndSession(t.Context(), stranger, list[1].ID), fault.NotFound, "session.not_found")
	if err := w.EndSession(t.Context(), actor, list[1].ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.Authenticate(t.Context(), one.AccessToken)
	refused(t, err, "auth.token.session")
	three := w.login(t, "awa@example.ml", goodPass)
	if err := w.EndSessions(t.Context(), actor, true); err != nil {
		t.Fatal(err)
	}
	w.mustActor(t, two)
	_, err = w.Authenticate(t.Context(), three.AccessToken)
	refused(t, err, "auth.token.session")
	if err := w.EndSessions(t.Context(), actor, false); err != nil {
		t.Fatal(err)
	}
	_, err = w.Refresh(t.Context(), two.RefreshToken, Client{})
	refused(t, err, "auth.refresh.revoked")
	w.mustActor(t, w.login(t, "awa@example.ml", goodPass))
}
