package auth

import (
	"bytes"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
)

// asked has a code sent for a matter and reads it.
func (w *world) asked(t *testing.T, person account.ID, matter string) Private {
	t.Helper()
	if err := w.SendAcceptCode(t.Context(), person, matter); err != nil {
		t.Fatal(err)
	}
	return w.sent(t, acceptID(person, matter))
}

func TestAcceptCodeIsForOneMatterOnce(t *testing.T) {
	w := newWorld(t)
	awa, binta := w.join(t, "awa@example.ml"), w.join(t, "binta@example.ml")
	first, other := w.asked(t, awa, "placement/1/contract/1"), w.asked(t, awa, "placement/1/contract/2")
	if first.To != "awa@example.ml" || len(first.Secret) != 6 {
		t.Errorf("%+v", first)
	}
	stored := w.codes.docs[acceptID(awa, "placement/1/contract/1")]
	if n := stored.Outbox[0]; n.Template != "accept.code" || n.Channel != message.Email || n.Args["minutes"] != "10" ||
		bytes.Contains(stored.MAC, []byte(first.Secret)) || bytes.Contains(n.Sealed, []byte(first.Secret)) {
		t.Errorf("%+v", stored)
	}
	if first.Secret != other.Secret {
		badCode(t, w.SpendAcceptCode(t.Context(), awa, "placement/1/contract/2", first.Secret))
	}
	badCode(t, w.SpendAcceptCode(t.Context(), binta, "placement/1/contract/1", first.Secret))
	badCode(t, w.SpendAcceptCode(t.Context(), awa, "placement/9/contract/1", first.Secret))
	if err := w.SpendAcceptCode(t.Context(), awa, "placement/1/contract/1", first.Secret[:3]+" "+first.Secret[3:]); err != nil {
		t.Errorf("the right code, as people type it: %v", err)
	}
	badCode(t, w.SpendAcceptCode(t.Context(), awa, "placement/1/contract/1", first.Secret))
}

func TestAcceptCodeRunsOut(t *testing.T) {
	w := newWorld(t)
	awa := w.join(t, "awa@example.ml")
	late := w.asked(t, awa, "m")
	w.pass(account.DigitsFor)
	badCode(t, w.SpendAcceptCode(t.Context(), awa, "m", late.Secret))
	wrong := "000000"
	tried := w.asked(t, awa, "m")
	if tried.Secret == wrong {
		wrong = "111111"
	}
	for range account.MaxCodeTries {
		badCode(t, w.SpendAcceptCode(t.Context(), awa, "m", wrong))
	}
	w.pass(time.Minute)
	badCode(t, w.SpendAcceptCode(t.Context(), awa, "m", tried.Secret))
	w.pass(time.Minute)
	fresh := w.asked(t, awa, "m")
	w.pass(5 * time.Minute) // so many wrong ones have to be waited out
	if tried.Secret != fresh.Secret {
		badCode(t, w.SpendAcceptCode(t.Context(), awa, "m", tried.Secret))
	}
	w.pass(time.Minute)
	if err := w.SpendAcceptCode(t.Context(), awa, "m", fresh.Secret); err != nil {
		t.Errorf("a code sent anew: %v", err)
	}
	wantCode(t, w.SendAcceptCode(t.Context(), "acc_none", "m"), fault.NotFound, "account.not_found")
}

func TestAcceptCodeGoesToAVerifiedAddressFirst(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	for want, a := range map[string]*account.Account{
		"+22376001122": {Phone: "+22376001122", Email: "a@b.ml"},
		"a@b.ml":       {Phone: "+22376001122", Email: "a@b.ml", EmailVerifiedAt: at},
		"+22376001123": {Phone: "+22376001123", Email: "a@b.ml", EmailVerifiedAt: at, PhoneVerifiedAt: at},
		"c@b.ml":       {Email: "c@b.ml"},
	} {
		if to := primaryLogin(a); to.Value != want {
			t.Errorf("%+v: %s, want %s", a, to.Value, want)
		}
	}
}
