package auth

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/fault"
)

// covers AU-04, AU-05
func TestWaitsGrowAndAreBounded(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	th := NewThrottle(func() time.Time { return now })
	var waits []time.Duration
	for range 60 {
		if _, err := th.try("login", "awa", ""); err != nil {
			waits = append(waits, fault.Of(err).RetryAfter)
			if _, again := th.try("login", "awa", ""); fault.Of(again).RetryAfter != waits[len(waits)-1] {
				t.Fatal("a refused try prolonged the wait")
			}
			now = now.Add(waits[len(waits)-1])
		}
	}
	if len(waits) < 12 || waits[0] != time.Second || waits[1] != 2*time.Second || waits[len(waits)-1] != 15*time.Minute {
		t.Errorf("got %v", waits)
	}
	now = now.Add(perAccount().forget + time.Second)
	for range perAccount().free + 1 {
		if _, err := th.try("login", "awa", ""); err != nil {
			t.Fatal("not forgotten:", err)
		}
	}
}

func TestAddressesAreCountedAcrossAccounts(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	th := NewThrottle(func() time.Time { return now })
	for i := range perAddress().free + 1 {
		address := fmt.Sprintf("2001:db8:1:2::%x", i+1) // one subscriber, many addresses
		if _, err := th.try("login", fmt.Sprint("somebody", i), address); err != nil {
			t.Fatal(i, err)
		}
	}
	_, err := th.try("login", "somebody else", "2001:db8:1:2::ffff")
	wantCode(t, err, fault.Exhausted, "auth.throttled")
	for _, address := range []string{"2001:db8:1:3::1", "192.0.2.1", "::ffff:192.0.2.2", "unreadable", ""} {
		if _, err := th.try("login", "somebody else", address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := th.try("refresh", "", "2001:db8:1:2::ffff"); err != nil {
		t.Errorf("another action: %v", err)
	}
}

func TestSuccessIsNotCountedAgainstAnAddress(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	th := NewThrottle(func() time.Time { return now })
	for i := range 10 * perAddress().free {
		a, err := th.try("login", fmt.Sprint("person", i), "192.0.2.1")
		if err != nil {
			t.Fatal(i, err)
		}
		a.succeed()
	}
}

func TestThrottleMemoryIsBounded(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	th := NewThrottle(func() time.Time { return now })
	for i := range maxTracked + 1000 {
		if _, err := th.try("login", fmt.Sprint("somebody", i), ""); err != nil {
			t.Fatal(err)
		}
	}
	if len(th.entries) != maxTracked || th.recent.Len() != maxTracked {
		t.Errorf("%d entries, %d in the list", len(th.entries), th.recent.Len())
	}
}

// However a stranger guesses, the owner gets in within 15 minutes of asking,
// and at once from an address known for the account.
//
// covers AU-05
func TestOwnerGetsInWithinABoundedWait(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		th := NewThrottle(func() time.Time { return now })
		home, err := th.try("login", "awa", "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		home.succeed()
		for range rapid.IntRange(0, 80).Draw(t, "guesses") {
			now = now.Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "s")) * time.Second)
			if _, err := th.try("login", "awa", "198.51.100.1"); err != nil && fault.Of(err).RetryAfter > 15*time.Minute {
				t.Fatal(err)
			}
		}
		if _, err := th.try("login", "awa", "192.0.2.1"); err != nil {
			t.Fatal("from home:", err)
		}
		if _, err := th.try("login", "awa", "203.0.113.1"); err != nil {
			now = now.Add(fault.Of(err).RetryAfter)
			if _, err := th.try("login", "awa", "203.0.113.1"); err != nil {
				t.Fatal("after the wait:", err)
			}
		}
	})
}
