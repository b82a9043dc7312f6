package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

func TestClaimHasOneOwner(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		claims, ctx := db.Claims(), t.Context()
		_, err := claims.Owner(ctx, "email:a@b.ml")
		wantFault(t, err, fault.NotFound, "store.not_found")
		for range 2 { // a retried claim is no error
			if err := claims.Claim(ctx, "email:a@b.ml", "acc_1"); err != nil {
				t.Fatal(err)
			}
		}
		wantFault(t, claims.Claim(ctx, "email:a@b.ml", "acc_2"), fault.Conflict, "store.claimed")
		if err := claims.Release(ctx, "email:a@b.ml", "acc_2"); err != nil {
			t.Error(err)
		}
		if owner := must[string](t)(claims.Owner(ctx, "email:a@b.ml")); owner != "acc_1" {
			t.Errorf("owner is %q", owner)
		}
		for range 2 {
			if err := claims.Release(ctx, "email:a@b.ml", "acc_1"); err != nil {
				t.Error(err)
			}
		}
		if err := claims.Claim(ctx, "email:a@b.ml", "acc_2"); err != nil {
			t.Error(err)
		}
	})
}

// covers RL-13, RL-14
func TestParallelClaimsHaveOneWinner(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		for round := range 20 {
			value := fmt.Sprintf("licence:ML:%d", round)
			var wins atomic.Int64
			together(8, func(i int) {
				err := db.Claims().Claim(t.Context(), value, fmt.Sprintf("agy_%d", i))
				if err == nil {
					wins.Add(1)
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
			if wins.Load() != 1 {
				t.Errorf("%s has %d owners", value, wins.Load())
			}
		}
	})
}

func TestLeaseIsTakenOverWhenExpired(t *testing.T) {
	now := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		leases, ctx := db.Leases(), t.Context()
		first := must[store.Lease](t)(leases.Acquire(ctx, "expire-offers", "a", time.Minute))
		_, err := leases.Acquire(ctx, "expire-offers", "b", time.Minute)
		wantFault(t, err, fault.Conflict, "store.leased")
		now = now.Add(30 * time.Second)
		longer := must[store.Lease](t)(leases.Acquire(ctx, "expire-offers", "a", time.Minute))
		if longer.Term != first.Term || !longer.ExpiresAt.Equal(now.Add(time.Minute)) {
			t.Errorf("prolonged: %+v after %+v", longer, first)
		}
		now = now.Add(time.Minute)
		second := must[store.Lease](t)(leases.Acquire(ctx, "expire-offers", "b", time.Minute))
		if second.Term != first.Term+1 || second.Holder != "b" {
			t.Errorf("taken over: %+v after %+v", second, first)
		}
		if err := leases.Release(ctx, "expire-offers", "a"); err != nil { // no longer its own
			t.Error(err)
		}
		_, err = leases.Acquire(ctx, "expire-offers", "a", time.Minute)
		wantFault(t, err, fault.Conflict, "store.leased")
		if err := leases.Release(ctx, "expire-offers", "b"); err != nil {
			t.Error(err)
		}
		if third := must[store.Lease](t)(leases.Acquire(ctx, "expire-offers", "a", time.Minute)); third.Term != 3 {
			t.Errorf("term %d", third.Term)
		}
		if err := leases.Release(ctx, "never-taken", "a"); err != nil {
			t.Error(err)
		}
	}, storetest.Clock(func() time.Time { return now }))
}

// covers RL-13
func TestParallelTakeOverHasOneWinner(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		for round := range 20 {
			name := fmt.Sprintf("job-%d", round)
			must[store.Lease](t)(db.Leases().Acquire(t.Context(), name, "dead", -time.Minute))
			var wins atomic.Int64
			together(8, func(i int) {
				_, err := db.Leases().Acquire(t.Context(), name, fmt.Sprint(i), time.Hour)
				if err == nil {
					wins.Add(1)
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
			if wins.Load() != 1 {
				t.Errorf("%s has %d holders", name, wins.Load())
			}
		}
	})
}

func TestKeysAreKept(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		keys, ctx := db.Keys(), t.Context()
		if all := must[[]account.SealedKey](t)(keys.ListKeys(ctx)); len(all) != 0 {
			t.Fatalf("%d keys in an empty store", len(all))
		}
		created := time.Date(2031, 1, 2, 3, 4, 5, 6_000_000, time.UTC)
		login := account.SealedKey{KID: "key_1", Purpose: "login", CreatedAt: created, State: "live", Wrapped: []byte{0, 1, 255}, Public: []byte{7}}
		fields := account.SealedKey{KID: "key_2", Purpose: "fields", CreatedAt: created, NotAfter: created.AddDate(1, 0, 0), State: "live", Wrapped: []byte{9}}
		for _, k := range []account.SealedKey{login, fields} {
			if err := keys.InsertKey(ctx, k); err != nil {
				t.Fatal(err)
			}
		}
		wantFault(t, keys.InsertKey(ctx, login), fault.Conflict, "store.duplicate")
		login.State, login.Wrapped = "retired", []byte{2}
		if err := keys.ReplaceKey(ctx, login); err != nil {
			t.Fatal(err)
		}
		wantFault(t, keys.ReplaceKey(ctx, account.SealedKey{KID: "key_3"}), fault.NotFound, "store.not_found")
		got := must[[]account.SealedKey](t)(keys.ListKeys(ctx))
		byKID := cmpopts.SortSlices(func(a, b account.SealedKey) bool { return a.KID < b.KID })
		if d := cmp.Diff([]account.SealedKey{login, fields}, got, byKID, cmpopts.EquateEmpty()); d != "" {
			t.Error(d)
		}
	})
}
