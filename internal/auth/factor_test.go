package auth

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// codeAt is what an authenticator shows.
func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrolled gives an account a second factor, and the next codes new steps.
func (w *world) enrolled(t *testing.T, email string) (id account.ID, secret string, recovery []string) {
	t.Helper()
	id = w.join(t, email)
	actor := w.mustActor(t, w.login(t, email, goodPass))
	offer, err := w.Enrol(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	if recovery, err = w.Confirm(t.Context(), actor, codeAt(t, offer.Secret, w.time()), Client{}); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	return id, offer.Secret, recovery
}

func (w *world) try2(in Credentials) (TokenPair, error) {
	if in.From.Address == "" {
		in.From = Client{Address: "192.0.2.7", Label: "test"}
	}
	return w.Login(w.ctx, in)
}

func (w *world) ticket(t *testing.T, email string) string {
	t.Helper()
	_, err := w.try2(Credentials{Login: email, Password: goodPass})
	refused(t, err, "auth.mfa.required")
	return fault.Of(err).Ticket
}

func TestAU16LoginTakesTheSecondFactor(t *testing.T) {
	w := newWorld(t)
	_, secret, _ := w.enrolled(t, "awa@example.ml")
	ticket := w.ticket(t, "awa@example.ml")
	if strings.Contains(ticket, "acc_") || len(ticket) > maxTicket {
		t.Errorf("the ticket says too much: %s", ticket)
	}
	_, err := w.try2(Credentials{Ticket: ticket, Code: "000000"})
	refused(t, err, "auth.mfa.failed")
	if _, err := w.try2(Credentials{Ticket: ticket, Code: codeAt(t, secret, w.time())}); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	if _, err := w.try2(Credentials{Login: "awa@example.ml", Password: goodPass, Code: codeAt(t, secret, w.time())}); err != nil {
		t.Fatal("all in one call:", err)
	}
	_, err = w.try2(Credentials{Login: "awa@example.ml", Password: "wrong", Code: codeAt(t, secret, w.time())})
	refused(t, err, "auth.login.failed")
}

func TestAU16ACodeCountsOnce(t *testing.T) {
	w := newWorld(t)
	_, secret, _ := w.enrolled(t, "awa@example.ml")
	code, ticket := codeAt(t, secret, w.time()), w.ticket(t, "awa@example.ml")
	var group sync.WaitGroup
	results := make([]error, 8)
	for i := range results {
		group.Go(func() { _, results[i] = w.try2(Credentials{Ticket: ticket, Code: code}) })
	}
	group.Wait()
	winners := 0
	for _, err := range results {
		if err == nil {
			winners++
		}
	}
	if winners != 1 {
		t.Errorf("%d of 8 got in with one code: %v", winners, errors.Join(results...))
	}
	w.pass(15 * time.Minute)
	// A clock half a minute off is understood; an older code than one used is not.
	ticket = w.ticket(t, "awa@example.ml")
	if _, err := w.try2(Credentials{Ticket: ticket, Code: codeAt(t, secret, w.time().Add(stepSeconds*time.Second))}); err != nil {
		t.Error("a clock ahead:", err)
	}
	_, err := w.try2(Credentials{Ticket: ticket, Code: codeAt(t, secret, w.time())})
	refused(t, err, "auth.mfa.failed")
	w.pass(2 * time.Minute)
	_, err = w.try2(Credentials{Ticket: ticket, Code: codeAt(t, secret, w.time().Add(-2*stepSeconds*time.Second))})
	refused(t, err, "auth.mfa.failed")
}

func TestAU16RecoveryCodesCountOnce(t *testing.T) {
	w := newWorld(t)
	id, _, recovery := w.enrolled(t, "awa@example.ml")
	if len(recovery) != recoveryCodes {
		t.Fatalf("%d codes", len(recovery))
	}
	spelled := strings.ToUpper(strings.ReplaceAll(recovery[3], "-", " "))
	if _, err := w.try2(Credentials{Ticket: w.ticket(t, "awa@example.ml"), Code: spelled}); err != nil {
		t.Fatal(err)
	}
	_, err := w.try2(Credentials{Ticket: w.ticket(t, "awa@example.ml"), Code: recovery[3]})
	refused(t, err, "auth.mfa.failed")
	a := w.accounts.docs[id]
	if len(a.Factor.Recovery) != recoveryCodes-1 {
		t.Errorf("%d are left", len(a.Factor.Recovery))
	}
	last := a.Outbox[len(a.Outbox)-1]
	if last.Template != "mfa.recovery" || last.Args["left"] != "9" {
		t.Errorf("the owner is told: %+v", last)
	}
	for _, code := range recovery {
		if strings.Contains(string(a.Factor.Recovery[0]), code) {
			t.Error("a recovery code is stored in the clear")
		}
	}
}

func TestAU04GuessingTheSecondFactorIsThrottled(t *testing.T) {
	w := newWorld(t)
	_, secret, _ := w.enrolled(t, "awa@example.ml")
	stranger := Client{Address: "203.0.113.9"}
	tries, throttled := 0, false
	for range 50 {
		_, err := w.try2(Credentials{Login: "awa@example.ml", Password: goodPass, Code: "000000", From: stranger})
		if throttled = fault.Is(err, fault.Exhausted); throttled {
			if fault.Of(err).RetryAfter <= 0 {
				t.Error("no time to wait")
			}
			break
		}
		tries++
	}
	if !throttled || tries > 10 {
		t.Fatalf("%d guesses before the first wait", tries)
	}
	// The owner, from where the account has been signed in to, is not held up.
	if _, err := w.try2(Credentials{Login: "awa@example.ml", Password: goodPass, Code: codeAt(t, secret, w.time())}); err == nil {
		return
	}
	w.pass(15 * time.Minute)
	if _, err := w.try2(Credentials{Login: "awa@example.ml", Password: goodPass, Code: codeAt(t, secret, w.time())}); err != nil {
		t.Errorf("the owner is locked out: %v", err)
	}
}

func TestAU16TicketsAreVoidWhenTheyShould(t *testing.T) {
	w := newWorld(t)
	id, secret, _ := w.enrolled(t, "awa@example.ml")
	ticket := w.ticket(t, "awa@example.ml")
	for _, wrong := range []string{"x", ticket[:len(ticket)-2] + "AA", strings.Repeat("A", maxTicket+4)} {
		_, err := w.try2(Credentials{Ticket: wrong, Code: codeAt(t, secret, w.time())})
		refused(t, err, "auth.mfa.ticket")
	}
	w.pass(TicketFor)
	_, err := w.try2(Credentials{Ticket: ticket, Code: codeAt(t, secret, w.time())})
	refused(t, err, "auth.mfa.ticket")
	ticket = w.ticket(t, "awa@example.ml")
	w.mustUpdate(t, id, func(a *account.Account) { a.PasswordHash += "x" })
	_, err = w.try2(Credentials{Ticket: ticket, Code: codeAt(t, secret, w.time())})
	refused(t, err, "auth.mfa.ticket")
	w.mustUpdate(t, id, func(a *account.Account) {
		a.PasswordHash = strings.TrimSuffix(a.PasswordHash, "x")
		a.State = account.Disabled
	})
	_, err = w.try2(Credentials{Ticket: ticket, Code: codeAt(t, secret, w.time())})
	refused(t, err, "auth.login.failed")
}

func TestAU16OfficialsMayOnlyEnrolFirst(t *testing.T) {
	w := newWorld(t)
	w.options.FactorRequired = true
	for _, role := range account.Roles() {
		email := string(role) + "@example.ml"
		id := w.join(t, email)
		w.mustUpdate(t, id, func(a *account.Account) { a.Role, a.Institution = role, "anpe" })
		actor := w.mustActor(t, w.login(t, email, goodPass))
		must := role == account.Official || role == account.Admin
		if actor.Restricted != must || actor.Enrol != must {
			t.Errorf("%s: %+v", role, actor)
		}
		if !must {
			continue
		}
		wantCode(t, actor.Require("me.sessions"), fault.Forbidden, "auth.mfa.enrol")
		offer, err := w.Enrol(t.Context(), actor)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Confirm(t.Context(), actor, codeAt(t, offer.Secret, w.time()), Client{}); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		pair, err := w.try2(Credentials{Login: email, Password: goodPass, Code: codeAt(t, offer.Secret, w.time())})
		if err != nil {
			t.Fatal(err)
		}
		if actor := w.mustActor(t, pair); actor.Restricted {
			t.Errorf("%s is still restricted", role)
		}
	}
}

func TestAU17TheSecondFactorTakesAFreshPassword(t *testing.T) {
	w := newWorld(t)
	id, secret, _ := w.enrolled(t, "awa@example.ml")
	pair, err := w.try2(Credentials{Login: "awa@example.ml", Password: goodPass, Code: codeAt(t, secret, w.time())})
	if err != nil {
		t.Fatal(err)
	}
	actor := w.mustActor(t, pair)
	w.pass(FreshFor)
	_, err = w.Enrol(t.Context(), actor)
	wantCode(t, err, fault.Forbidden, "auth.reauthenticate")
	wantCode(t, w.RemoveFactor(t.Context(), actor, codeAt(t, secret, w.time()), Client{}), fault.Forbidden, "auth.reauthenticate")
	wantCode(t, w.Reauthenticate(t.Context(), actor, Proof{Password: "wrong"}), fault.Invalid, "auth.password.wrong")
	wantCode(t, w.Reauthenticate(t.Context(), actor, Proof{Password: goodPass}), fault.Invalid, "auth.mfa.wrong")
	change := PasswordChange{Current: goodPass, New: "quatre baobabs au bord du puits"}
	wantCode(t, w.ChangePassword(t.Context(), actor, change), fault.Invalid, "auth.mfa.wrong")
	if err := w.Reauthenticate(t.Context(), actor, Proof{Password: goodPass, Code: codeAt(t, secret, w.time())}); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	if err := w.RemoveFactor(t.Context(), actor, codeAt(t, secret, w.time()), Client{}); err != nil {
		t.Fatal(err)
	}
	if a := w.accounts.docs[id]; a.Factor.Enrolled() || a.Outbox[len(a.Outbox)-1].Template != "mfa.removed" {
		t.Errorf("%+v", a.Factor)
	}
	w.login(t, "awa@example.ml", goodPass)
}

// TestReauthenticationCannotReviveASession: whoever proves the password while
// all sessions are being ended stays signed out.
func TestReauthenticationCannotReviveASession(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	pair := w.login(t, "awa@example.ml", goodPass)
	actor := w.mustActor(t, pair)
	w.mustUpdate(t, id, func(a *account.Account) { a.EndSessions(w.time()) })
	at := w.accounts.docs[id].SessionsFrom
	if err := w.sessions.trust(t.Context(), account.SessionID(actor.Session), at.Add(-time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	_, err := w.Authenticate(t.Context(), pair.AccessToken)
	refused(t, err, "auth.token.session")
}

func TestEnrolmentRunsOut(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	actor := w.mustActor(t, w.login(t, "awa@example.ml", goodPass))
	_, err := w.Confirm(t.Context(), actor, "123456", Client{})
	wantCode(t, err, fault.Conflict, "auth.mfa.not_offered")
	offer, err := w.Enrol(t.Context(), actor)
	if err != nil || !strings.HasPrefix(offer.URI, "otpauth://totp/Passerelle:awa@example.ml?") || strings.Contains(offer.URI, "+") {
		t.Fatalf("%+v %v", offer, err)
	}
	_, err = w.Confirm(t.Context(), actor, "12345x", Client{})
	wantCode(t, err, fault.Invalid, "auth.mfa.wrong")
	w.pass(9 * time.Minute)
	if err := w.Reauthenticate(t.Context(), actor, Proof{Password: goodPass}); err != nil {
		t.Fatal(err)
	}
	w.pass(account.EnrolmentFor - 9*time.Minute)
	_, err = w.Confirm(t.Context(), actor, codeAt(t, offer.Secret, w.time()), Client{})
	wantCode(t, err, fault.Conflict, "auth.mfa.not_offered")
}
