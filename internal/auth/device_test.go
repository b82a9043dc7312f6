package auth

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// diary remembers what is recorded, or refuses to.
type diary struct {
	mu      sync.Mutex
	entries []audit.Entry
	full    bool
}

func (d *diary) Record(_ context.Context, e audit.Entry) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full {
		return fault.New(fault.Unavailable, "store.unavailable")
	}
	d.entries = append(d.entries, e)
	return nil
}

func (d *diary) last(t *testing.T) audit.Entry {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.entries) == 0 {
		t.Fatal("nothing was recorded")
	}
	return d.entries[len(d.entries)-1]
}

// TestAU17ANewDeviceIsToldToTheOwner signs in with three browsers.
// covers AU-17
func TestAU17ANewDeviceIsToldToTheOwner(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	notices := func() (n int) {
		a, err := w.accounts.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, notice := range a.Outbox {
			if notice.Template == "login.device" {
				n++
			}
		}
		return n
	}
	for i, step := range []struct {
		label string
		want  int
	}{{"Firefox/128.0", 0}, {"Firefox/129.1", 0}, {"Safari/17", 1}, {"Firefox/130.0", 1}, {"Chrome/1", 2}, {"Safari/18", 2}} {
		if _, err := w.Login(t.Context(), Credentials{Login: "awa@example.ml", Password: goodPass, From: Client{Address: "192.0.2.7", Label: step.label}}); err != nil {
			t.Fatal(err)
		}
		if got := notices(); got != step.want {
			t.Errorf("sign-in %d with %s: %d notices, want %d", i, step.label, got, step.want)
		}
	}
	a := account.Account{}
	for i := range 30 {
		a.Meet(string(rune('a' + i)))
	}
	if len(a.Devices) != 10 || a.Meet(a.Devices[0]) || !a.Meet("a") {
		t.Errorf("remembers %d devices: %q", len(a.Devices), a.Devices)
	}
}

// TestAU05AGuessedSecondFactorDoesNotStopTheOwner: from where the owner has
// signed in with it before, a stranger's guesses are not counted.
// covers AU-05
func TestAU05AGuessedSecondFactorDoesNotStopTheOwner(t *testing.T) {
	w := newWorld(t)
	_, secret, _ := w.enrolled(t, "awa@example.ml")
	sign := func(code, address string) error {
		_, err := w.try2(Credentials{Login: "awa@example.ml", Password: goodPass, Code: code, From: Client{Address: address}})
		return err
	}
	if err := sign(codeAt(t, secret, w.time()), "192.0.2.7"); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	for range 20 {
		if err := sign("000000", "203.0.113.9"); fault.Is(err, fault.Exhausted) {
			break
		}
	}
	if err := sign(codeAt(t, secret, w.time()), "203.0.113.9"); !fault.Is(err, fault.Exhausted) {
		t.Fatalf("the stranger is not held up: %v", err)
	}
	if err := sign(codeAt(t, secret, w.time()), "192.0.2.7"); err != nil {
		t.Errorf("the owner is held up at home: %v", err)
	}
}

// TestAD01SessionsResetsAndKeysAreRecorded: the end of a session, a request for
// a new password and a rotation are in the log before they happen, and do not
// happen when they cannot be. covers AD-01, AD-03
func TestAD01SessionsResetsAndKeysAreRecorded(t *testing.T) {
	w := newWorld(t)
	book := &diary{}
	w.Service.Recorder = book
	id := w.join(t, "awa@example.ml")
	actor := w.mustActor(t, w.login(t, "awa@example.ml", goodPass))
	other := w.mustActor(t, w.login(t, "awa@example.ml", goodPass))
	if err := w.EndSession(t.Context(), actor, account.SessionID(other.Session)); err != nil || book.last(t).Action != "auth.sessions.end" {
		t.Errorf("%v, %+v", err, book.last(t))
	}
	for _, login := range []string{"awa@example.ml", "nobody@example.ml"} {
		if _, err := w.Forgot(t.Context(), login, Client{Address: "192.0.2.9"}); err != nil {
			t.Fatal(err)
		}
		want := audit.Entry{Action: "auth.password.forgot", Subject: "auth.password.forgot", Origin: "192.0.2.0/24"}
		if got := book.last(t); got.Action != want.Action || got.Subject != want.Subject || got.Origin != want.Origin || got.Actor != "" || got.Role != "" {
			t.Errorf("%s: %+v tells more than %+v", login, got, want)
		}
	}
	keys, admin := KeyService{Ring: w.Keys, Recorder: book}, account.Actor{Account: "acc_a", Role: account.Admin}
	if _, err := keys.Rotate(t.Context(), admin, Login); err != nil || book.last(t).Action != "key.rotate" || book.last(t).Reason != "login" {
		t.Errorf("%v, %+v", err, book.last(t))
	}
	book.full = true
	if err := w.Logout(t.Context(), actor); !fault.Is(err, fault.Unavailable) || !w.SessionLive(t.Context(), account.SessionID(actor.Session)) {
		t.Errorf("a session ended without its entry: %v", err)
	}
	if kid, err := keys.Rotate(t.Context(), admin, Login); err == nil {
		t.Errorf("%s was made without its entry", kid)
	}
	asked := len(w.codes.docs)
	if _, err := w.Forgot(t.Context(), "awa@example.ml", Client{}); !fault.Is(err, fault.Unavailable) || len(w.codes.docs) != asked {
		t.Errorf("a code was sent without its entry: %v", err)
	}
	book.full = false
	if err := w.Logout(t.Context(), actor); err != nil || book.last(t).Action != "auth.logout" || book.last(t).Subject != string(id) {
		t.Errorf("%v, %+v", err, book.last(t))
	}
	if !slices.ContainsFunc(book.entries, func(e audit.Entry) bool { return e.Action == "auth.login" }) {
		t.Error("the logins are not there")
	}
}

// TestAU15CodesOnPaperLiveTenMinutes covers AU-15
func TestAU15CodesOnPaperLiveTenMinutes(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	official := account.Actor{Account: "acc_o", Role: account.Official}
	for wait, want := range map[time.Duration]bool{9*time.Minute + 59*time.Second: true, 10 * time.Minute: false} {
		paper, err := w.ResetInPerson(t.Context(), official, "awa@example.ml", "no_email", Client{})
		if err != nil {
			t.Fatal(err)
		}
		w.pass(wait)
		err = w.Reset(t.Context(), PasswordReset{Code: paper.Code, New: "trois greniers de mil pleins"})
		if (err == nil) != want {
			t.Errorf("after %v: %v", wait, err)
		}
		w.pass(time.Hour)
	}
}
