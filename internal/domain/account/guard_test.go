package account_test

import (
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// TestNobodyErasesAnother: an account is left by its owner, or taken by the
// system's own work.
func TestNobodyErasesAnother(t *testing.T) {
	d := newDesk(t)
	admin := d.first(t)
	mine := d.create(t, admin, "awa@example.ml", account.Post{Role: account.Candidate}).Account
	wantCode(t, d.Leave(t.Context(), admin, mine.ID, ""), fault.Forbidden, "auth.forbidden")
	if d.mem.docs[mine.ID].State == account.Erased {
		t.Fatal("an administrator erased somebody")
	}
	if err := d.Leave(t.Context(), account.Actor{Account: mine.ID, Role: account.Candidate}, mine.ID, ""); err != nil || d.mem.docs[mine.ID].State != account.Erased {
		t.Errorf("its owner: %v, %s", err, d.mem.docs[mine.ID].State)
	}
	_, err := d.Disable(t.Context(), admin, mine.ID, "")
	wantCode(t, err, fault.NotFound, "account.not_found")
}

// TestOnlyTheSystemTells: notices in the ministry's name come from rooms that
// decided something.
func TestOnlyTheSystemTells(t *testing.T) {
	d := newDesk(t)
	admin := d.first(t)
	mine := d.create(t, admin, "awa@example.ml", account.Post{Role: account.Candidate}).Account
	before := len(d.mem.docs[mine.ID].Outbox)
	wantCode(t, d.Tell(t.Context(), admin, mine.ID, "offer.published", nil), fault.Forbidden, "auth.forbidden")
	if len(d.mem.docs[mine.ID].Outbox) != before {
		t.Error("a notice was left")
	}
	if err := d.Tell(t.Context(), account.SystemActor(), mine.ID, "offer.published", nil); err != nil || len(d.mem.docs[mine.ID].Outbox) != before+1 {
		t.Errorf("the system: %v", err)
	}
}

// TestPostsChangeByRevision: what was read before somebody else's change
// changes nothing.
func TestPostsChangeByRevision(t *testing.T) {
	d := newDesk(t)
	admin := d.first(t)
	a := d.create(t, admin, "awa@example.ml", account.Post{Role: account.Candidate}).Account
	observer := func(p *account.Post) { p.Role = account.Observer }
	_, err := d.Change(t.Context(), admin, a.ID, a.Rev+1, observer)
	wantCode(t, err, fault.Stale, "stale")
	if d.mem.docs[a.ID].Role != account.Candidate {
		t.Error("the post was changed")
	}
	waiting := d.create(t, admin, "off@example.ml", account.Post{Role: account.Official, Institution: "anpe"}).Account
	_, err = d.Change(t.Context(), admin, waiting.ID, 0, func(p *account.Post) { *p = account.Post{Role: account.Candidate} })
	wantCode(t, err, fault.Conflict, "account.state")
	_, err = d.RemoveFactor(t.Context(), admin, a.ID, "perdu")
	wantCode(t, err, fault.Conflict, "auth.mfa.not_enrolled")
}

// TestAnOfferedSecretRunsOut: a secret that was shown and not confirmed in time
// never opens an account.
func TestAnOfferedSecretRunsOut(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var none account.Factor
	wantCode(t, none.Confirm(now, 1, nil), fault.Conflict, "auth.mfa.not_offered")
	offered := account.Factor{Offered: []byte("secret"), OfferedAt: now}
	late := offered
	wantCode(t, late.Confirm(now.Add(account.EnrolmentFor), 1, nil), fault.Conflict, "auth.mfa.not_offered")
	if late.Enrolled() {
		t.Error("it is in force")
	}
	if err := offered.Confirm(now.Add(account.EnrolmentFor-time.Second), 1, nil); err != nil || !offered.Enrolled() {
		t.Errorf("in time: %v", err)
	}
}
