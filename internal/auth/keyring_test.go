package auth

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

func openRing(t *testing.T, w *world) *Keyring {
	t.Helper()
	r, err := OpenKeyring(t.Context(), &w.keys, testMaster(t), rand.Reader, w.time)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTwoProcessesAgreeOnTheFirstKey(t *testing.T) {
	w := &world{}
	rings := []*Keyring{openRing(t, w), openRing(t, w), openRing(t, w), openRing(t, w)}
	kids := make([]string, len(rings))
	var group sync.WaitGroup
	for i, r := range rings {
		group.Go(func() {
			kid, sig, err := r.Sign(t.Context(), Login, []byte("x"))
			if err != nil {
				t.Error(err)
			}
			if public, ok := rings[0].Verifier(Login, kid); ok && !ed25519.Verify(public, []byte("x"), sig) {
				t.Error("another key under the same kid")
			}
			kids[i] = kid
		})
	}
	group.Wait()
	for _, kid := range kids {
		if kid != "login-1" {
			t.Errorf("got %v", kids)
		}
	}
	if len(w.keys.docs) != 1 {
		t.Errorf("%d keys", len(w.keys.docs))
	}
}

// covers AU-11
func TestRotationOverlaps(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	old := w.login(t, "awa@example.ml", goodPass)
	if kid, err := w.Keys.Rotate(t.Context(), Login); kid != "login-2" || err != nil {
		t.Fatal(kid, err)
	}
	fresh := w.login(t, "awa@example.ml", goodPass)
	for _, pair := range []TokenPair{old, fresh} {
		w.mustActor(t, pair)
	}
	if got := publishedKIDs(t, w.Keys); got != "login-1 login-2" {
		t.Errorf("published %s", got)
	}
	w.pass(AccessLifetime - time.Second)
	w.mustActor(t, old)
	w.pass(2 * time.Minute)
	_, err := w.Authenticate(t.Context(), old.AccessToken)
	refused(t, err, "auth.token.kid")
	w.reopen(t)
	if got := publishedKIDs(t, w.Keys); got != "login-2" {
		t.Errorf("published %s", got)
	}
}

func publishedKIDs(t *testing.T, r *Keyring) string {
	t.Helper()
	raw, err := r.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(raw, &set); err != nil {
		t.Fatal(err)
	}
	var kids []string
	for _, k := range set.Keys {
		x, err := base64.RawURLEncoding.DecodeString(k["x"])
		if err != nil || len(x) != ed25519.PublicKeySize || k["kty"] != "OKP" || k["crv"] != "Ed25519" || k["alg"] != "EdDSA" || k["use"] != "sig" || len(k) != 6 {
			t.Errorf("got %v", k)
		}
		kids = append(kids, k["kid"])
	}
	return strings.Join(kids, " ")
}

func TestKeysOfOnePurposeServeNoOther(t *testing.T) {
	w := &world{}
	r := openRing(t, w)
	kid, _, err := r.Sign(t.Context(), Seal, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := r.Verifier(Login, kid); ok {
		t.Error("a seal's key verified a login")
	}
	ckid, tag, err := r.MAC(t.Context(), Cursor, []byte("x"))
	if err != nil || ckid != "cursor-1" || len(tag) != 32 {
		t.Fatal(ckid, tag, err)
	}
	if !r.VerifyMAC(Cursor, ckid, []byte("x"), tag) || r.VerifyMAC(Cursor, ckid, []byte("y"), tag) || r.VerifyMAC(CSRF, ckid, []byte("x"), tag) ||
		r.VerifyMAC(Cursor, "cursor-2", []byte("x"), tag) || r.VerifyMAC(Seal, kid, []byte("x"), tag) {
		t.Error("MAC")
	}
	for _, p := range []Purpose{Cursor, "unknown"} {
		if _, _, err := r.Sign(t.Context(), p, nil); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s signed: %v", p, err)
		}
	}
	if _, _, err := r.MAC(t.Context(), Login, nil); !fault.Is(err, fault.Unavailable) {
		t.Errorf("login key as a secret: %v", err)
	}
}

func TestSealsOutliveTheirKeysTurn(t *testing.T) {
	w := &world{}
	r := openRing(t, w)
	kid, sig, err := r.Sign(t.Context(), Seal, []byte("terms"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Rotate(t.Context(), Seal); err != nil {
		t.Fatal(err)
	}
	w.pass(10 * 365 * 24 * time.Hour)
	if public, ok := openRing(t, w).Verifier(Seal, kid); !ok || !ed25519.Verify(public, []byte("terms"), sig) {
		t.Error("an old seal is no longer good")
	}
}

func TestInterruptedRotationIsFinishedByTheNext(t *testing.T) {
	w := &world{}
	r := openRing(t, w)
	if _, _, err := r.Secret(t.Context(), Cursor); err != nil {
		t.Fatal(err)
	}
	w.keys.broken = fault.New(fault.Unavailable, "store.down")
	if _, err := r.Rotate(t.Context(), Cursor); !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	if kid, _, err := r.Secret(t.Context(), Cursor); kid != "cursor-2" || err != nil {
		t.Fatal(kid, err)
	}
	if kid, err := r.Rotate(t.Context(), Cursor); kid != "cursor-3" || err != nil {
		t.Fatal(kid, err)
	}
	for kid, want := range map[string]string{"cursor-1": keyRetiring, "cursor-2": keyRetiring, "cursor-3": keyActive} {
		k := w.keys.docs[kid]
		if k.State != want || k.NotAfter.IsZero() != (want == keyActive) {
			t.Errorf("%s: %s until %v", kid, k.State, k.NotAfter)
		}
	}
}

func TestWrongMasterAndAlteredKeysAreFound(t *testing.T) {
	w := &world{}
	r := openRing(t, w)
	for _, p := range []Purpose{Login, Seal} {
		if _, _, err := r.Sign(t.Context(), p, nil); err != nil {
			t.Fatal(err)
		}
	}
	raw := make([]byte, masterSize)
	if _, err := rand.Read(raw); err != nil {
		t.Fatal(err)
	}
	wrong, err := NewMaster(raw, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, err = OpenKeyring(t.Context(), &w.keys, wrong, rand.Reader, w.time)
	wantCode(t, err, fault.Unavailable, "key.master.wrong")
	good := w.keys.docs["login-1"]
	alter := func(change func(k *account.SealedKey), code string) {
		t.Helper()
		k := good
		k.Wrapped, k.Public = bytes.Clone(k.Wrapped), bytes.Clone(k.Public)
		change(&k)
		w.keys.docs["login-1"] = k
		_, err := OpenKeyring(t.Context(), &w.keys, testMaster(t), rand.Reader, w.time)
		wantCode(t, err, fault.Unavailable, code)
	}
	alter(func(k *account.SealedKey) { k.Wrapped[20] ^= 1 }, "key.master.wrong")
	alter(func(k *account.SealedKey) { k.Wrapped = nil }, "key.master.wrong")
	alter(func(k *account.SealedKey) { k.Wrapped = w.keys.docs["seal-1"].Wrapped }, "key.master.wrong")
	alter(func(k *account.SealedKey) { k.KID = "login-2" }, "key.master.wrong")
	alter(func(k *account.SealedKey) { k.Public[0] ^= 1 }, "key.damaged")
	alter(func(k *account.SealedKey) { k.Purpose = "other" }, "key.unknown")
	alter(func(k *account.SealedKey) { k.KID = "login-01" }, "key.unknown")
}

func TestStoredKeysAreWrapped(t *testing.T) {
	w := &world{}
	_, secret, err := openRing(t, w).Secret(t.Context(), Field)
	if err != nil || len(secret) != 32 {
		t.Fatal(secret, err)
	}
	if k := w.keys.docs["field-1"]; bytes.Contains(k.Wrapped, secret) || len(k.Public) != 0 {
		t.Error("the secret is in the store")
	}
}

// covers SC-03
func TestLoadMaster(t *testing.T) {
	raw := make([]byte, masterSize)
	if _, err := rand.Read(raw); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "secret")
	if err := os.WriteFile(file, []byte(base64.URLEncoding.EncodeToString(raw)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	std := base64.StdEncoding.EncodeToString
	for name, tc := range map[string]struct{ dir, env, file, code string }{
		"environment": {env: std(raw)}, "unpadded": {env: strings.TrimRight(std(raw), "=")}, "file": {file: file},
		"both": {env: std(raw), file: file, code: "key.master.twice"}, "none": {code: "key.master.missing"},
		"not base64": {env: "***", code: "key.master.encoding"}, "short": {env: std(raw[:16]), code: "key.master.size"},
		"zero":    {env: std(make([]byte, 32)), code: "key.master.weak"},
		"counter": {env: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", code: "key.master.weak"},
		"typed":   {env: std([]byte("0123456789abcdef0123456789abcdef")), code: "key.master.weak"},
		"example": {env: std([]byte("change-me-change-me-change-me-ok")), code: "key.master.weak"},
	} {
		t.Run(name, func(t *testing.T) {
			m, created, err := LoadMaster(tc.dir, tc.env, tc.file, rand.Reader)
			if tc.code != "" {
				wantCode(t, err, fault.Invalid, tc.code)
				if tc.env != "" && strings.Contains(err.Error(), tc.env) {
					t.Error("the error quotes the secret")
				}
			} else if err != nil || created != "" || m.aead == nil {
				t.Error(created, err)
			}
		})
	}
	if _, _, err := LoadMaster("", "", filepath.Join(dir, "absent"), rand.Reader); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent file: %v", err)
	}
}

func TestEmbeddedModeMakesItsMasterKey(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, MasterFile)
	first, created, err := LoadMaster(dir, "", "", rand.Reader)
	if err != nil || created != path {
		t.Fatal(created, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	wrapped, err := first.wrap("field-1", Field, []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	second, created, err := LoadMaster(dir, "", "", rand.Reader)
	if err != nil || created != "" {
		t.Fatal(created, err)
	}
	if got, err := second.unwrap("field-1", Field, wrapped); err != nil || string(got) != "secret" {
		t.Error(got, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	_, _, err = LoadMaster(dir, "", "", rand.Reader)
	wantCode(t, err, fault.Invalid, "key.master.mode")
}
