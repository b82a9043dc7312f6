package account_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// notebook keeps what is recorded, or fails.
type notebook struct {
	entries []audit.Entry
	fails   error
}

func (n *notebook) Record(_ context.Context, e audit.Entry) error {
	if n.fails == nil {
		n.entries = append(n.entries, e)
	}
	return n.fails
}

// TestLM08TheDaysQuota: so many different records a day and account, the same
// one for nothing, the rest is refused until tomorrow, and the first refusal is
// recorded. covers LM-08
func TestLM08TheDaysQuota(t *testing.T) {
	now := time.Date(2026, 11, 21, 23, 0, 0, 0, time.UTC)
	book := &notebook{}
	q := &account.Quotas{Recorder: book, Now: func() time.Time { return now }}
	agent := account.Actor{Account: "acc_a", Role: account.Agency, Origin: "203.0.113.0/24"}
	spend := func(actor account.Actor, f account.Flow, record string) error {
		return q.Spend(t.Context(), actor, f, record)
	}
	most := account.DailyQuota(account.ReadProfile, account.Agency)
	for i := range most {
		for range 2 {
			if err := spend(agent, account.ReadProfile, fmt.Sprint("pro_", i)); err != nil {
				t.Fatalf("profile %d: %v", i, err)
			}
		}
	}
	for i := range 3 {
		err := spend(agent, account.ReadProfile, fmt.Sprint("pro_x", i))
		f := fault.Of(err)
		if !fault.Is(err, fault.Exhausted) || f.Code != "quota.day" || f.RetryAfter != time.Hour {
			t.Fatalf("beyond: %+v", f)
		}
	}
	if err := spend(agent, account.ReadProfile, "pro_1"); err != nil {
		t.Errorf("one that was read: %v", err)
	}
	if len(book.entries) != 1 || book.entries[0].Action != "quota.exceeded" || book.entries[0].Reason != "profile.read" || book.entries[0].Actor != "acc_a" {
		t.Errorf("recorded %+v", book.entries)
	}
	if q.Refused(account.ReadProfile) != 3 || q.Refused(account.TakeAway) != 0 {
		t.Errorf("refused %d", q.Refused(account.ReadProfile))
	}
	other := account.Actor{Account: "acc_b", Role: account.Agency}
	if err := errors.Join(spend(other, account.ReadProfile, "pro_z"), spend(agent, account.Disclosure, "pro_z"), spend(account.SystemActor(), account.TakeAway, "")); err != nil {
		t.Errorf("others, other flows and jobs: %v", err)
	}
	now = now.Add(time.Hour)
	if err := spend(agent, account.ReadProfile, "pro_new"); err != nil {
		t.Errorf("tomorrow: %v", err)
	}
}

// TestLM08ExportsCountEach, also at one moment; what cannot be recorded is
// refused with that.
func TestLM08ExportsCountEach(t *testing.T) {
	book := &notebook{fails: errors.New("the store is away")}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	q := &account.Quotas{Recorder: book, Now: func() time.Time { return now }}
	admin := account.Actor{Account: "acc_adm", Role: account.Admin}
	var wait sync.WaitGroup
	errs := make([]error, account.DailyQuota(account.TakeAway, account.Admin))
	for i := range errs {
		wait.Go(func() { errs[i] = q.Spend(t.Context(), admin, account.TakeAway, "") })
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if err := q.Spend(t.Context(), admin, account.TakeAway, ""); !errors.Is(err, book.fails) {
		t.Errorf("one more: %v", err)
	}
	var none *account.Quotas
	if err := none.Spend(t.Context(), admin, account.TakeAway, ""); err != nil || none.Refused(account.TakeAway) != 0 {
		t.Errorf("without quotas: %v", err)
	}
}
