package auth

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

func TestAU11RotationOverlapsAndRetires(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	old := w.login(t, "awa@example.ml", goodPass)
	admin := account.Actor{Account: "acc_a", Role: account.Admin}
	service := KeyService{Ring: w.Keys}
	kid, err := service.Rotate(t.Context(), admin, Login)
	if err != nil || kid != "login-2" {
		t.Fatal(kid, err)
	}
	w.mustActor(t, old) // two keys live
	set, err := w.JWKS()
	if err != nil || !strings.Contains(string(set), "login-1") || !strings.Contains(string(set), "login-2") {
		t.Errorf("%s %v", set, err)
	}
	if n, err := w.Keys.Retire(t.Context()); err != nil || n != 0 {
		t.Errorf("retired %d at once, %v", n, err)
	}
	w.pass(AccessLifetime + 2*time.Minute)
	if n, err := w.Keys.Retire(t.Context()); err != nil || n != 1 {
		t.Fatalf("retired %d, %v", n, err)
	}
	if k := w.keys.docs["login-1"]; k.State != keyRetired || len(k.Wrapped) != 0 {
		t.Errorf("%+v", k)
	}
	w.reopen(t)
	if set, err := w.JWKS(); err != nil || strings.Contains(string(set), "login-1") {
		t.Errorf("%s %v", set, err)
	}
	if kid, err := w.Keys.Rotate(t.Context(), Login); err != nil || kid != "login-3" {
		t.Errorf("numbers are used twice: %s %v", kid, err)
	}
	for _, role := range []account.Role{account.Candidate, account.Official, account.Anonymous} {
		if _, err := service.List(t.Context(), account.Actor{Account: "acc_x", Role: role}); err == nil {
			t.Errorf("%q lists keys", role)
		}
	}
	_, err = service.Rotate(t.Context(), admin, Lookup)
	wantCode(t, err, fault.NotFound, "key.not_found")
	for _, k := range service.Ring.List() {
		if k.KID == "login-1" && k.State != keyRetired {
			t.Errorf("%+v", k)
		}
	}
}

// TestAU11AnotherProcessKeyIsLearnt: a token of a key that was made elsewhere
// is accepted, and forged key ids do not make the store be read each time.
func TestAU11AnotherProcessKeyIsLearnt(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	pair := w.login(t, "awa@example.ml", goodPass)
	elsewhere, err := OpenKeyring(t.Context(), &w.keys, testMaster(t), rand.Reader, w.time)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := elsewhere.Rotate(t.Context(), Login); err != nil {
		t.Fatal(err)
	}
	c, err := w.tokens.read(pair.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	other := NewTokens(elsewhere, issuer, audience, w.time, w.id)
	token, err := other.issue(t.Context(), account.ID(c.Subject), account.SessionID(c.Session))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Authenticate(t.Context(), token); err != nil {
		t.Errorf("not learnt: %v", err)
	}
	if known, err := w.Keys.learn(t.Context(), Login, "login-9"); known || err != nil || w.Keys.mayLearn() {
		t.Errorf("known %v %v", known, err)
	}
	for _, kid := range []string{"", "login-", "login-1", "login-x", "seal-7", "login-07"} {
		if known, _ := w.Keys.learn(t.Context(), Login, kid); known {
			t.Errorf("%q is known", kid)
		}
	}
}

func TestSealedTextsOpenOnlyInTheirPlace(t *testing.T) {
	w := newWorld(t)
	sealed, err := w.Keys.Encrypt(t.Context(), MFA, "account/acc_1/factor", []byte("secret"))
	if err != nil || bytes.Contains(sealed, []byte("secret")) {
		t.Fatal(err)
	}
	if _, err := w.Keys.Rotate(t.Context(), MFA); err != nil {
		t.Fatal(err)
	}
	if plain, err := w.Keys.Decrypt(MFA, "account/acc_1/factor", sealed); err != nil || string(plain) != "secret" {
		t.Errorf("%q %v", plain, err)
	}
	altered := bytes.Clone(sealed)
	altered[len(altered)-1] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"place":   func() ([]byte, error) { return w.Keys.Decrypt(MFA, "account/acc_2/factor", sealed) },
		"purpose": func() ([]byte, error) { return w.Keys.Decrypt(Field, "account/acc_1/factor", sealed) },
		"altered": func() ([]byte, error) { return w.Keys.Decrypt(MFA, "account/acc_1/factor", altered) },
		"cut":     func() ([]byte, error) { return w.Keys.Decrypt(MFA, "account/acc_1/factor", sealed[:9]) },
		"empty":   func() ([]byte, error) { return w.Keys.Decrypt(MFA, "account/acc_1/factor", nil) },
	} {
		if plain, err := try(); err == nil {
			t.Errorf("%s: opened %q", name, plain)
		}
	}
}
