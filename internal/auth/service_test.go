package auth

import (
	"context"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

func (w *world) mustActor(t *testing.T, pair TokenPair) account.Actor {
	t.Helper()
	actor, err := w.Authenticate(t.Context(), pair.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

func (w *world) mustUpdate(t *testing.T, id account.ID, change func(*account.Account)) {
	t.Helper()
	_, err := w.accounts.Update(t.Context(), id, func(a *account.Account) error {
		change(a)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRegisterMakesApplicantsOnly(t *testing.T) {
	w := newWorld(t)
	for _, role := range []account.Role{account.Official, account.Admin, account.Observer, account.System, "", "root"} {
		err := w.Register(t.Context(), Registration{Applicant: role, Email: "awa@example.ml", Password: goodPass})
		wantCode(t, err, fault.Invalid, "auth.register.invalid")
	}
	for email, role := range map[string]account.Role{"c@example.ml": account.Candidate, "a@example.ml": account.Agency} {
		if err := w.Register(t.Context(), Registration{Applicant: role, Email: email, Password: goodPass, Locale: "en"}); err != nil {
			t.Fatal(err)
		}
		actor := w.mustActor(t, w.login(t, email, goodPass))
		if actor.Role != role || actor.Agency != "" || actor.Restricted {
			t.Errorf("%s: %+v", email, actor)
		}
	}
}

func TestRegisterChecksTheInput(t *testing.T) {
	w := newWorld(t)
	err := w.Register(t.Context(), Registration{Applicant: account.Candidate, Email: "x", Phone: "12", Password: "short", Locale: "de"})
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid {
		t.Fatalf("got %v", err)
	}
	got := map[string]string{}
	for _, field := range f.Fields {
		got[field.Pointer] = field.Code
	}
	want := map[string]string{"/email": "account.email", "/phone": "account.phone", "/password": "auth.password.short", "/locale": "account.locale"}
	for pointer, code := range want {
		if got[pointer] != code {
			t.Errorf("%s: got %q, want %q", pointer, got[pointer], code)
		}
	}
	if len(w.accounts.docs) != 0 {
		t.Error("an account was made")
	}
}

// covers AU-06
func TestRegisteringTwiceAnswersAlikeAndChangesNothing(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	before, waitedOnce := w.accounts.docs[id], w.waited.Load()
	for _, email := range []string{"awa@example.ml", " AWA@Example.ML "} {
		if err := w.Register(t.Context(), Registration{Applicant: account.Agency, Email: email, Password: "une tout autre phrase secrete"}); err != nil {
			t.Fatal(err)
		}
	}
	after := w.accounts.docs[id]
	if after.PasswordHash != before.PasswordHash || after.Role != account.Candidate || len(w.accounts.docs) != 1 {
		t.Errorf("the account changed: %+v", after)
	}
	if got := w.waited.Load(); got != 3*waitedOnce || got == 0 {
		t.Errorf("waited %d, the first alone %d", got, waitedOnce)
	}
}

func TestPhoneNumbersSignIn(t *testing.T) {
	w := newWorld(t)
	if err := w.Register(t.Context(), Registration{Applicant: account.Candidate, Phone: "76 12 34 56", Password: goodPass}); err != nil {
		t.Fatal(err)
	}
	for _, spelling := range []string{"+22376123456", "00223 76 12 34 56", "76-12-34-56"} {
		w.login(t, spelling, goodPass)
	}
}

// covers AU-06
func TestLoginFailuresLookAlike(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	gone := w.join(t, "gone@example.ml")
	w.mustUpdate(t, gone, func(a *account.Account) { a.State = account.Disabled })
	late := w.join(t, "late@example.ml")
	w.mustUpdate(t, late, func(a *account.Account) { a.TemporaryUntil = w.time() })
	bare := w.join(t, "bare@example.ml")
	w.mustUpdate(t, bare, func(a *account.Account) { a.PasswordHash = "" })
	for _, c := range []Credentials{
		{Login: "awa@example.ml", Password: "wrong"}, {Login: "nobody@example.ml", Password: goodPass}, {Login: "not a login", Password: goodPass},
		{Login: "gone@example.ml", Password: goodPass}, {Login: "late@example.ml", Password: goodPass}, {Login: "bare@example.ml", Password: ""}, {Login: "", Password: ""},
	} {
		before := w.waited.Load()
		_, err := w.Login(t.Context(), c)
		refused(t, err, "auth.login.failed")
		if got := w.waited.Load() - before; got != int64(time.Second) {
			t.Errorf("%s: waited %d for the floor", c.Login, got)
		}
	}
	if len(w.families.docs) != 0 {
		t.Error("a session was opened")
	}
}

// covers AU-01
func TestPasswordIsRehashedAtLogin(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	old := w.accounts.docs[id].PasswordHash
	w.Passwords.cost.Passes = 2
	w.login(t, "awa@example.ml", goodPass)
	renewed := w.accounts.docs[id].PasswordHash
	if cost, _, _, err := parsePHC(renewed); err != nil || cost.Passes != 2 || renewed == old {
		t.Fatalf("got %s %v", renewed, err)
	}
	w.login(t, "awa@example.ml", goodPass)
	if w.accounts.docs[id].PasswordHash != renewed {
		t.Error("hashed again without need")
	}
}

// covers AU-13
func TestRoleAndStateTakeEffectAtOnce(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	pair := w.login(t, "awa@example.ml", goodPass)
	w.mustUpdate(t, id, func(a *account.Account) { a.Role, a.Agency = account.Agency, "agy_1" })
	if actor := w.mustActor(t, pair); actor.Role != account.Agency || actor.Agency != "agy_1" {
		t.Errorf("got %+v", actor)
	}
	w.mustUpdate(t, id, func(a *account.Account) { a.State = account.Disabled })
	_, err := w.Authenticate(t.Context(), pair.AccessToken)
	refused(t, err, "auth.token.disabled")
	_, err = w.Refresh(t.Context(), pair.RefreshToken, Client{})
	refused(t, err, "auth.refresh.revoked")
	w.mustUpdate(t, id, func(a *account.Account) { a.State = account.Active; a.EndSessions(w.time()) })
	_, err = w.Authenticate(t.Context(), pair.AccessToken)
	refused(t, err, "auth.token.session")
	w.mustActor(t, w.login(t, "awa@example.ml", goodPass))
	if err := w.accounts.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_, err = w.Authenticate(t.Context(), pair.AccessToken)
	refused(t, err, "auth.token.subject")
}

func TestTemporaryPasswordMayOnlyBeReplaced(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	w.mustUpdate(t, id, func(a *account.Account) { a.TemporaryUntil = w.time().Add(time.Hour) })
	pair := w.login(t, "awa@example.ml", goodPass)
	actor := w.mustActor(t, pair)
	wantCode(t, actor.Require("profile.create"), fault.Forbidden, "auth.password.temporary")
	if err := actor.Require("offer.search"); err != nil {
		t.Errorf("public reading: %v", err)
	}
	err := w.ChangePassword(t.Context(), actor, PasswordChange{Current: goodPass, New: "quatre charrettes sous la pluie"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.mustActor(t, pair).Require("profile.create"); err != nil {
		t.Errorf("after the change: %v", err)
	}
}

// covers AU-13
func TestChangePasswordEndsOtherSessions(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	own, other := w.login(t, "awa@example.ml", goodPass), w.login(t, "awa@example.ml", goodPass)
	actor := w.mustActor(t, own)
	const next = "quatre charrettes sous la pluie"
	for _, tc := range []struct {
		change PasswordChange
		code   string
	}{
		{PasswordChange{Current: "wrong", New: next}, "auth.password.wrong"},
		{PasswordChange{Current: goodPass, New: "motdepasse2026"}, "auth.password.policy"},
		{PasswordChange{Current: goodPass, New: goodPass}, "auth.password.policy"},
	} {
		wantCode(t, w.ChangePassword(t.Context(), actor, tc.change), fault.Invalid, tc.code)
	}
	w.mustActor(t, other)
	if err := w.ChangePassword(t.Context(), actor, PasswordChange{Current: goodPass, New: next}); err != nil {
		t.Fatal(err)
	}
	w.mustActor(t, own)
	_, err := w.Authenticate(t.Context(), other.AccessToken)
	refused(t, err, "auth.token.session")
	_, err = w.Refresh(t.Context(), other.RefreshToken, Client{})
	refused(t, err, "auth.refresh.revoked")
	if _, err := w.Refresh(t.Context(), own.RefreshToken, Client{}); err != nil {
		t.Error(err)
	}
	_, err = w.Login(t.Context(), Credentials{Login: "awa@example.ml", Password: goodPass})
	refused(t, err, "auth.login.failed")
	w.mustActor(t, w.login(t, "awa@example.ml", next))
	pending := w.accounts.docs[id].Pending
	if last := pending[len(pending)-1]; last.Action != "auth.password.change" || last.Rev != 2 || last.Actor != string(id) {
		t.Errorf("audit: %+v", pending)
	}
}

// A crash between the account's write and the tidying of sessions leaves no
// session usable, because the account itself says from when they count.
func TestPasswordChangeHoldsAcrossACrash(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	own, other := w.login(t, "awa@example.ml", goodPass), w.login(t, "awa@example.ml", goodPass)
	w.families.broken = fault.New(fault.Unavailable, "store.down")
	err := w.ChangePassword(t.Context(), w.mustActor(t, own), PasswordChange{Current: goodPass, New: "quatre charrettes sous la pluie"})
	wantCode(t, err, fault.Unavailable, "store.down")
	w.reopen(t)
	_, err = w.Authenticate(t.Context(), other.AccessToken)
	refused(t, err, "auth.token.session")
	if w.accounts.docs[id].SessionsFrom.IsZero() {
		t.Error("sessions were not ended")
	}
}

// covers AU-14
func TestLogoutKillsBothTokens(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	pair, other := w.login(t, "awa@example.ml", goodPass), w.login(t, "awa@example.ml", goodPass)
	actor := w.mustActor(t, pair)
	if !w.SessionLive(t.Context(), account.SessionID(actor.Session)) {
		t.Error("not live after login")
	}
	if err := w.Logout(t.Context(), actor); err != nil {
		t.Fatal(err)
	}
	for range 2 { // and again after a restart
		_, err := w.Authenticate(t.Context(), pair.AccessToken)
		refused(t, err, "auth.token.session")
		_, err = w.Refresh(t.Context(), pair.RefreshToken, Client{})
		refused(t, err, "auth.refresh.revoked")
		w.mustActor(t, other)
		w.reopen(t)
	}
	refused(t, w.Logout(t.Context(), account.Actor{}), "auth.required")
}

// covers AU-04
func TestLoginThrottle(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	home := Client{Address: "192.0.2.7"}
	w.login(t, "awa@example.ml", goodPass) // the owner, from home
	guess := func(address, login string) error {
		_, err := w.Login(t.Context(), Credentials{Login: login, Password: "wrong", From: Client{Address: address}})
		return err
	}
	for i := 0; i < perAccount().free+1; i++ {
		refused(t, guess("198.51.100.9", "awa@example.ml"), "auth.login.failed")
		refused(t, guess("198.51.100.9", "nobody@example.ml"), "auth.login.failed")
	}
	for _, login := range []string{"awa@example.ml", "nobody@example.ml"} {
		err := guess("203.0.113.5", login)
		wantCode(t, err, fault.Exhausted, "auth.throttled")
		if f := fault.Of(err); f.RetryAfter != time.Second {
			t.Errorf("%s: retry after %v", login, f.RetryAfter)
		}
	}
	if _, err := w.Login(t.Context(), Credentials{Login: "awa@example.ml", Password: goodPass, From: home}); err != nil {
		t.Errorf("the owner's known address: %v", err)
	}
	w.pass(time.Second)
	if _, err := w.Login(t.Context(), Credentials{Login: "awa@example.ml", Password: goodPass, From: Client{Address: "203.0.113.5"}}); err != nil {
		t.Errorf("the owner elsewhere, after the wait: %v", err)
	}
}

// covers RL-14
func TestConcurrentRegistrationsMakeOneAccount(t *testing.T) {
	w := newWorld(t)
	var group sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		group.Go(func() {
			errs[i] = w.Register(context.Background(), Registration{Applicant: account.Candidate, Email: "awa@example.ml", Password: goodPass})
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if len(w.accounts.docs) != 1 {
		t.Errorf("%d accounts", len(w.accounts.docs))
	}
}

func TestServiceNeedsIssuerAndAudience(t *testing.T) {
	if _, err := NewService(t.Context(), Ports{}, DefaultOptions()); err == nil {
		t.Error("accepted")
	}
}

func TestWaitEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	realWait(ctx, time.Hour) // would outlast the test
	realWait(t.Context(), 0)
	realWait(t.Context(), time.Nanosecond)
}

func TestThrottleCanBeSwitchedOff(t *testing.T) {
	w := newWorld(t)
	w.options.Throttled = false
	for range 3 * perAddress().free {
		_, err := w.Login(t.Context(), Credentials{Login: "awa@example.ml", Password: "wrong", From: Client{Address: "192.0.2.7"}})
		refused(t, err, "auth.login.failed")
	}
}
