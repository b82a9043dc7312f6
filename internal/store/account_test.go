package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// clock is a clock that tests move.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(peopleDay.UnixMilli())
	return c
}

func (c *clock) now() time.Time          { return time.UnixMilli(c.at.Load()).UTC() }
func (c *clock) forward(d time.Duration) { c.at.Add(d.Milliseconds()) }

func person(id, email, phone string) *account.Account {
	return &account.Account{ID: account.ID(id), Rev: 1, Email: email, Phone: phone, Role: account.Candidate, State: account.Active}
}

func TestAccountStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[account.Account]{}
		s := store.NewAccountStore(db, heard.watch)
		var _ account.Store = s
		if err := s.Insert(t.Context(), fullAccount()); err != nil {
			t.Fatal(err)
		}
		for _, login := range fullAccount().Logins() {
			sameRecord(t, "by login", fullAccount(), must[*account.Account](t)(s.ByLogin(t.Context(), login)))
		}
		_, err := s.ByLogin(t.Context(), account.Identifier{Kind: account.ByEmail, Value: "nobody@example.ml"})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown login: %v", err)
		}
		_, err = s.Update(t.Context(), "acc_01", func(a *account.Account) error { a.Email = "other@example.ml"; return nil })
		if err == nil || fault.Of(err) != nil {
			t.Errorf("an identifier was changed without a claim: %v", err)
		}
		changed := must[*account.Account](t)(s.Update(t.Context(), "acc_01", func(a *account.Account) error { a.Rev++; return nil }))
		sameRecord(t, "heard", changed, heard.records[len(heard.records)-1])
		if err := s.Insert(t.Context(), fullAccount()); !fault.Is(err, fault.Conflict) {
			t.Errorf("the same account twice: %v", err)
		}
		sameRecord(t, "still found", changed, must[*account.Account](t)(s.ByLogin(t.Context(), fullAccount().Logins()[0])))
	})
}

// TestAccountRL14 registers one e-mail address and one phone number from many
// sides at once: each belongs to one account afterwards, and whoever lost
// holds nothing.
func TestAccountRL14(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		s := store.NewAccountStore(db, nil)
		var won atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				err := s.Insert(t.Context(), person(fmt.Sprintf("acc_%d", i), "one@example.ml", fmt.Sprintf("+2237612345%d", i)))
				switch {
				case err == nil:
					won.Add(1)
				case fault.Of(err) == nil || fault.Of(err).Code != "account.taken":
					t.Errorf("loser: %v", err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d winners", won.Load())
		}
		for i := range 8 {
			phone := fmt.Sprintf("+2237612345%d", i)
			err := s.Insert(t.Context(), person(fmt.Sprintf("acc_again_%d", i), "", phone))
			holder, readErr := s.ByLogin(t.Context(), account.Identifier{Kind: account.ByPhone, Value: phone})
			if readErr != nil || (err == nil) != (holder.ID == account.ID(fmt.Sprintf("acc_again_%d", i))) {
				t.Errorf("%s: %v, %v", phone, err, readErr)
			}
		}
	})
}

// TestClaimOfACrash: a claim whose account was never inserted does not block
// its owner's next try, but only once no write can be under way any more.
func TestClaimOfACrash(t *testing.T) {
	c := newClock()
	db := storetest.Open(t, storetest.Clock(c.now))
	s := store.NewAccountStore(db, nil)
	if err := db.Claims().Claim(t.Context(), "email:late@example.ml", "acc_crashed"); err != nil {
		t.Fatal(err)
	}
	if err := s.Insert(t.Context(), person("acc_new", "late@example.ml", "")); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("a claim that may be under way was taken, or called an account: %v", err)
	}
	c.forward(2 * time.Minute)
	if err := s.Insert(t.Context(), person("acc_new", "late@example.ml", "")); err != nil {
		t.Fatalf("a stale claim blocks: %v", err)
	}
	c.forward(2 * time.Minute)
	if err := s.Insert(t.Context(), person("acc_third", "late@example.ml", "")); !fault.Is(err, fault.Conflict) {
		t.Fatalf("a living claim was taken: %v", err)
	}
}

// TestClaimOfAnEarlierProcess: whoever has the embedded engine to itself need
// not wait for writes of a process that was killed.
//
// covers RL-01
func TestClaimOfAnEarlierProcess(t *testing.T) {
	c := newClock()
	db := storetest.OpenEmbedded(t, storetest.Clock(c.now))
	if err := db.Claims().Claim(t.Context(), "email:late@example.ml", "acc_crashed"); err != nil {
		t.Fatal(err)
	}
	c.forward(time.Second)
	if err := store.NewAccountStore(db, nil).Insert(t.Context(), person("acc_new", "late@example.ml", "")); err != nil {
		t.Fatalf("it waits for the dead: %v", err)
	}
}

func TestIdempotencyStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		s := store.NewIdempotencyStore(db)
		var _ idempotency.Store = s
		if err := s.Insert(t.Context(), fullClaim()); err != nil {
			t.Fatal(err)
		}
		if err := s.Insert(t.Context(), &idempotency.Record{ID: "idm_01"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a taken key: %v", err)
		}
		sameRecord(t, "read", fullClaim(), must[*idempotency.Record](t)(s.Get(t.Context(), "idm_01")))
		running := &idempotency.Record{ID: "idm_02", Fingerprint: "g", LeaseUntil: peopleDay, ExpiresAt: peopleDay.Add(time.Hour)}
		if err := s.Insert(t.Context(), running); err != nil {
			t.Fatal(err)
		}
		sameRecord(t, "running", running, must[*idempotency.Record](t)(s.Get(t.Context(), "idm_02")))
		if n := must[int](t)(s.DeleteExpired(t.Context(), peopleDay.Add(time.Minute))); n != 1 {
			t.Errorf("%d expired", n)
		}
		if _, err := s.Get(t.Context(), "idm_01"); !fault.Is(err, fault.NotFound) {
			t.Errorf("expired and still there: %v", err)
		}
		for range 2 {
			if err := s.Delete(t.Context(), "idm_02"); err != nil {
				t.Error(err)
			}
		}
	})
}
