package auth

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// covers AU-09
func TestRefreshRotatesAndReuseRevokesTheFamily(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	bystander := w.login(t, "awa@example.ml", goodPass)
	for _, spent := range []int{0, 2} { // the last spent token, and an old one
		pairs := []TokenPair{w.login(t, "awa@example.ml", goodPass)}
		for range spent + 1 {
			next, err := w.Refresh(t.Context(), pairs[len(pairs)-1].RefreshToken, Client{})
			if err != nil {
				t.Fatal(err)
			}
			pairs = append(pairs, next)
		}
		last := pairs[len(pairs)-1]
		w.mustActor(t, last)
		_, err := w.Refresh(t.Context(), pairs[0].RefreshToken, Client{})
		refused(t, err, "auth.refresh.reused")
		_, err = w.Refresh(t.Context(), last.RefreshToken, Client{})
		refused(t, err, "auth.refresh.revoked")
		_, err = w.Authenticate(t.Context(), last.AccessToken)
		refused(t, err, "auth.token.session")
	}
	w.mustActor(t, bystander)
}

// covers AU-09, RL-13
func TestConcurrentRefreshesHaveOneWinner(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	pair := w.login(t, "awa@example.ml", goodPass)
	const callers = 8
	var arrived, group sync.WaitGroup
	arrived.Add(callers)
	w.accounts.looking = func() { arrived.Done(); arrived.Wait() } // all are under way before one writes
	won := make([]TokenPair, callers)
	errs := make([]error, callers)
	for i := range callers {
		group.Go(func() { won[i], errs[i] = w.Refresh(context.Background(), pair.RefreshToken, Client{}) })
	}
	group.Wait()
	w.accounts.looking = nil
	var winner *TokenPair
	for i, err := range errs {
		switch {
		case err != nil:
			refused(t, err, "auth.refresh.concurrent")
		case winner != nil:
			t.Fatal("two winners")
		default:
			winner = &won[i]
		}
	}
	if winner == nil {
		t.Fatal("no winner")
	}
	w.mustActor(t, *winner)
	next, err := w.Refresh(t.Context(), winner.RefreshToken, Client{})
	if err != nil {
		t.Fatal(err)
	}
	w.mustActor(t, next)
}

func TestForgedRefreshTokens(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	pair := w.login(t, "awa@example.ml", goodPass)
	id, shared, secret, err := parseRefresh(pair.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.Repeat([]byte{7}, secretSize)
	for token, code := range map[string]string{
		"": "malformed", "x": "malformed", pair.AccessToken: "malformed", pair.RefreshToken + "=": "malformed", pair.RefreshToken + ".": "malformed",
		refreshToken("ses_0", shared, secret):         "unknown",
		refreshToken(id, other[:sharedSize], secret):  "unknown",
		refreshToken(id, other[:sharedSize], other):   "unknown",
		refreshToken("acc_0", shared, secret):         "malformed",
		refreshToken(id, shared[:8], secret):          "malformed",
		refreshToken(id+"\x00", shared, secret) + "A": "malformed",
	} {
		_, err := w.Refresh(t.Context(), token, Client{})
		refused(t, err, "auth.refresh."+code)
	}
	// Nobody ends a session by knowing its id, which access tokens carry.
	if _, err := w.Refresh(t.Context(), pair.RefreshToken, Client{}); err != nil {
		t.Error(err)
	}
}

// covers AU-09
func TestStoredSessionHoldsNoToken(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	pair := w.login(t, "awa@example.ml", goodPass)
	id, shared, secret, err := parseRefresh(pair.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	f := w.families.docs[id]
	if bytes.Equal(f.Current, secret) || bytes.Equal(f.Family, shared) || !bytes.Equal(f.Current, hash(secret)) || f.Label != "test" {
		t.Errorf("got %+v", f)
	}
}

func TestSessionsExpire(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	idle, used := w.login(t, "awa@example.ml", goodPass), w.login(t, "awa@example.ml", goodPass)
	w.pass(account.SessionIdle - time.Second)
	used, err := w.Refresh(t.Context(), used.RefreshToken, Client{})
	if err != nil {
		t.Fatal(err)
	}
	w.pass(time.Second)
	_, err = w.Refresh(t.Context(), idle.RefreshToken, Client{})
	refused(t, err, "auth.refresh.expired")
	w.pass(account.SessionIdle - 2*time.Second)
	if used, err = w.Refresh(t.Context(), used.RefreshToken, Client{}); err != nil {
		t.Fatal(err)
	}
	w.pass(account.SessionAbsolute - 2*account.SessionIdle + 2*time.Second)
	_, err = w.Refresh(t.Context(), used.RefreshToken, Client{})
	refused(t, err, "auth.refresh.expired")
	w.pass(account.SessionIdle)
	if n, err := w.Sweep(t.Context()); n != 2 || err != nil || len(w.families.docs) != 0 {
		t.Errorf("swept %d %v, %d left", n, err, len(w.families.docs))
	}
	_, err = w.Refresh(t.Context(), used.RefreshToken, Client{})
	refused(t, err, "auth.refresh.unknown")
}

func TestSessionsAreBounded(t *testing.T) {
	w := newWorld(t)
	id := w.join(t, "awa@example.ml")
	first := w.login(t, "awa@example.ml", goodPass)
	for range maxFamilies {
		w.pass(time.Second)
		w.login(t, "awa@example.ml", goodPass)
	}
	if got := len(w.sessions.of(id)); got != maxFamilies {
		t.Errorf("%d live", got)
	}
	_, err := w.Refresh(t.Context(), first.RefreshToken, Client{})
	refused(t, err, "auth.refresh.revoked")
}

func TestUnknownOutcomeOfAWriteIsAskedOfTheStore(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	pair := w.login(t, "awa@example.ml", goodPass)
	actor := w.mustActor(t, pair)
	w.families.broken = fault.New(fault.Unavailable, "store.down")
	wantCode(t, w.Logout(t.Context(), actor), fault.Unavailable, "store.down")
	_, err := w.Authenticate(t.Context(), pair.AccessToken)
	refused(t, err, "auth.token.session")
}

// Whatever the order of logins and session ends within one tick of the clock,
// exactly the sessions begun after the last end are trusted.
func TestEnterAndEndSessionsAreStrictlyOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		var a account.Account
		var before, after []account.Session
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{-1500, 0, 0, 300, 1000000}).Draw(t, "µs")) * time.Microsecond)
			if rapid.Bool().Draw(t, "end") {
				a.EndSessions(now)
				before, after = append(before, after...), nil
			} else {
				after = append(after, account.Session{TrustedAt: a.Enter(now)})
			}
		}
		for _, s := range before {
			if s.Trusted(a.SessionsFrom) {
				t.Fatalf("trusted although ended: %v, from %v", s.TrustedAt, a.SessionsFrom)
			}
		}
		for _, s := range after {
			if !s.Trusted(a.SessionsFrom) {
				t.Fatalf("not trusted: %v, from %v", s.TrustedAt, a.SessionsFrom)
			}
		}
	})
}

// A request that comes in while the winner's answer is still held back cannot
// be the receiver of that answer, so it lost a race and revokes nothing.
func TestRefreshBeforeTheAnswerIsARace(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	pair := w.login(t, "awa@example.ml", goodPass)
	var late error
	w.waiting = func() { _, late = w.Refresh(t.Context(), pair.RefreshToken, Client{}) }
	next, err := w.Refresh(t.Context(), pair.RefreshToken, Client{})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, late, "auth.refresh.concurrent")
	if next, err = w.Refresh(t.Context(), next.RefreshToken, Client{}); err != nil {
		t.Fatal(err)
	}
	w.mustActor(t, next)
	_, err = w.Refresh(t.Context(), pair.RefreshToken, Client{})
	refused(t, err, "auth.refresh.reused")
}

func TestChangeBetweenProofAndEntryIsSeen(t *testing.T) {
	for name, change := range map[string]func(*account.Account){
		"password": func(a *account.Account) { a.PasswordHash += "x" },
		"state":    func(a *account.Account) { a.State = account.Disabled },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.join(t, "awa@example.ml")
			w.accounts.found = func() { w.mustUpdate(t, id, change) }
			_, err := w.Login(t.Context(), Credentials{Login: "awa@example.ml", Password: goodPass})
			refused(t, err, "auth.login.failed")
			if len(w.families.docs) != 0 {
				t.Error("a session was opened")
			}
		})
	}
}
