package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/profile"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// masking is a cipher that anybody can undo, with keys that take turns.
type masking struct{ key byte }

func (m *masking) Seal(_ context.Context, place string, plain []byte) ([]byte, error) {
	return append([]byte{m.key}, masked(m.key, place+"\x00"+string(plain))...), nil
}

func (m *masking) Open(place string, sealed []byte) ([]byte, bool, error) {
	plain, ok := strings.CutPrefix(string(masked(sealed[0], string(sealed[1:]))), place+"\x00")
	if !ok {
		return nil, false, fault.New(fault.Unavailable, "key.sealed").Because(errors.New("another place"))
	}
	return []byte(plain), sealed[0] == m.key, nil
}

func (m *masking) Blind(_ context.Context, text string) (string, error) {
	sum := sha256.Sum256([]byte("blind " + text))
	return hex.EncodeToString(sum[:]), nil
}

func masked(key byte, text string) []byte {
	out := []byte(text)
	for i := range out {
		out[i] ^= 0x80 | key
	}
	return out
}

// secrets returns what must not be found in the files of a store.
func secrets() []string {
	return []string{"+22376001122", "19403071234567A", "CARTE-CONSULAIRE-77", "secrete@exemple.ml", "ligne rejetee"}
}

// leaks searches every file of a directory, once the store is closed.
func leaks(t *testing.T, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, secret := range secrets() {
			if strings.Contains(string(text), secret) {
				found = append(found, filepath.Base(path)+": "+secret)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// writePersonal writes one record of every kind that holds personal texts.
func writePersonal(t *testing.T, db *store.DB) {
	t.Helper()
	hidden := secrets()
	at := time.Date(2126, 3, 2, 9, 0, 0, 0, time.UTC)
	a := &account.Account{ID: "acc_1", Rev: 1, Email: hidden[3], Phone: hidden[0], Role: account.Candidate, State: account.Active}
	p := &profile.Profile{ID: "pro_1", Rev: 1, Owner: "acc_1", Facts: profile.Facts{Identity: profile.Identity{
		FamilyName: "Traoré", Phone: hidden[0], NINA: hidden[1], ConsularCard: hidden[2], Email: hidden[3]}}}
	r := &idempotency.Record{ID: "idm_1", Account: "acc_1", ExpiresAt: at, Answer: &idempotency.Answer{Status: 201, Body: []byte(`{"phone":"` + hidden[0] + `"}`)}}
	row := intake.RowError{Import: "imp_1", Row: 3, Raw: `{"note":"` + hidden[4] + `"}`, Errors: []intake.RowFault{{Pointer: "/phone", Code: "account.phone"}}}
	for _, err := range []error{
		store.NewAccountStore(db, nil).Insert(t.Context(), a), store.NewProfileStore(db, nil).Insert(t.Context(), p),
		store.NewIdempotencyStore(db).Insert(t.Context(), r), store.NewIntakeStore(db, nil).PutRowErrors(t.Context(), []intake.RowError{row}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// checkPersonal reads what writePersonal wrote.
func checkPersonal(t *testing.T, db *store.DB) {
	t.Helper()
	hidden := secrets()
	for _, login := range []account.Identifier{{Kind: account.ByPhone, Value: hidden[0]}, {Kind: account.ByEmail, Value: hidden[3]}} {
		if a, err := store.NewAccountStore(db, nil).ByLogin(t.Context(), login); err != nil || a.Phone != hidden[0] || a.Email != hidden[3] {
			t.Errorf("by %s: %+v %v", login.Kind, a, err)
		}
	}
	p, err := store.NewProfileStore(db, nil).Get(t.Context(), "pro_1")
	if err != nil || p.Facts.Identity.Phone != hidden[0] || p.Facts.Identity.NINA != hidden[1] || p.Facts.Identity.ConsularCard != hidden[2] || p.Facts.Identity.Email != hidden[3] {
		t.Errorf("profile: %+v %v", p, err)
	}
	r, err := store.NewIdempotencyStore(db).Get(t.Context(), "idm_1")
	if err != nil || !strings.Contains(string(r.Answer.Body), hidden[0]) {
		t.Errorf("answer: %+v %v", r, err)
	}
	rows, err := store.NewIntakeStore(db, nil).RowErrors(t.Context(), "imp_1")
	if err != nil || len(rows) != 1 || !strings.Contains(rows[0].Raw, hidden[4]) {
		t.Errorf("rows: %+v %v", rows, err)
	}
}

// TestPersonalTextsAreSealed writes with a cipher and finds nothing in the
// files; without one it finds everything, so the search works.
//
// covers PR-06
func TestPersonalTextsAreSealed(t *testing.T) {
	for name, cipher := range map[string]store.Cipher{"sealed": &masking{1}, "clear": nil} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			db := openAt(t, dir, cipher)
			writePersonal(t, db)
			checkPersonal(t, db)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			found := leaks(t, dir)
			if cipher != nil && len(found) > 0 || cipher == nil && len(found) < len(secrets()) {
				t.Errorf("found %q", found)
			}
		})
	}
}

func openAt(t *testing.T, dir string, cipher store.Cipher) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: dir, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if cipher != nil {
		db.UseCipher(cipher)
	}
	return db
}

// reseal loads accounts and profiles and says how many were sealed anew.
func reseal(t *testing.T, db *store.DB) int {
	t.Helper()
	accounts, profiles := store.NewAccountStore(db, nil), store.NewProfileStore(db, nil)
	if err := accounts.LoadAccounts(t.Context(), func(*account.Account) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := profiles.LoadProfiles(t.Context(), func(*profile.Profile) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return must[int](t)(accounts.Reseal(t.Context())) + must[int](t)(profiles.Reseal(t.Context()))
}

// TestResealSealsWhatWasClear goes on with a store that had no cipher, and then
// through a rotation of its key.
func TestResealSealsWhatWasClear(t *testing.T) {
	dir := t.TempDir()
	db := openAt(t, dir, nil)
	writePersonal(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, round := range []struct {
		key  byte
		want int
	}{{1, 2}, {1, 0}, {2, 2}, {2, 0}} {
		db := openAt(t, dir, &masking{round.key})
		checkPersonalAccount(t, db, round.want == 0)
		if got := reseal(t, db); got != round.want {
			t.Errorf("key %d: %d sealed anew, want %d", round.key, got, round.want)
		}
		checkPersonal(t, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// checkPersonalAccount reads an account in whatever form it is stored.
func checkPersonalAccount(t *testing.T, db *store.DB, byLogin bool) {
	t.Helper()
	accounts := store.NewAccountStore(db, nil)
	if a, err := accounts.Get(t.Context(), "acc_1"); err != nil || a.Phone != secrets()[0] {
		t.Errorf("account: %+v %v", a, err)
	}
	if _, err := accounts.ByLogin(t.Context(), account.Identifier{Kind: account.ByPhone, Value: secrets()[0]}); byLogin && err != nil {
		t.Error(err)
	}
}

// TestSealedTextOpensInItsPlaceOnly moves a sealed number to another document.
func TestSealedTextOpensInItsPlaceOnly(t *testing.T) {
	db := storetest.OpenEmbedded(t)
	db.UseCipher(&masking{1})
	writePersonal(t, db)
	if err := store.MoveProfile(t.Context(), db, "pro_1", "pro_2"); err != nil {
		t.Fatal(err)
	}
	_, err := store.NewProfileStore(db, nil).Get(t.Context(), "pro_2")
	wantFault(t, err, fault.Unavailable, "key.sealed")
}

// TestErasedAccountGivesItsClaimsUp: the identifiers are free at once, and an
// erasure that was cut off after the claims is done by the next.
func TestErasedAccountGivesItsClaimsUp(t *testing.T) {
	db := storetest.OpenEmbedded(t)
	db.UseCipher(&masking{1})
	writePersonal(t, db)
	accounts, cut := store.NewAccountStore(db, nil), errors.New("cut off")
	if _, err := accounts.Erase(t.Context(), "acc_1", func(*account.Account) error { return cut }); !errors.Is(err, cut) {
		t.Fatal(err)
	}
	other := &account.Account{ID: "acc_2", Rev: 1, Phone: secrets()[0], Role: account.Candidate, State: account.Active}
	if err := accounts.Insert(t.Context(), other); err != nil {
		t.Fatalf("the number is not free: %v", err)
	}
	for range 2 {
		a, err := accounts.Erase(t.Context(), "acc_1", func(a *account.Account) error {
			*a = account.Account{ID: a.ID, Rev: a.Rev + 1, Role: a.Role, State: account.Disabled}
			return nil
		})
		if err != nil || a.Phone != "" || a.Email != "" {
			t.Fatalf("%+v %v", a, err)
		}
	}
	if a, err := accounts.ByLogin(t.Context(), account.Identifier{Kind: account.ByPhone, Value: secrets()[0]}); err != nil || a.ID != "acc_2" {
		t.Errorf("the number leads to %+v, %v", a, err)
	}
	_, err := accounts.ByLogin(t.Context(), account.Identifier{Kind: account.ByEmail, Value: secrets()[3]})
	wantFault(t, err, fault.NotFound, "store.not_found")
}
