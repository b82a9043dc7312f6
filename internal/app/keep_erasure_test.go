package app

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"passerelle/internal/auth"
)

// TestPR02RestoredBackupForgetsAgain puts back a backup from before a person
// asked to be erased: with the ledger of erasures of the service that went on
// nothing of her is there, without it she is, which shows that the backup held
// her. The keys that tie the audit log to her records, which the backup holds,
// are destroyed again too.
func TestPR02RestoredBackupForgetsAgain(t *testing.T) {
	h := openHouse(t)
	s := newStage(t, h)
	_, email, password := s.newcomer("candidate")
	c := s.by("").login(email, password)
	facts := rich("Oublie7654321", "1500.00")
	profile := c.must(http.StatusCreated, "POST", "/profiles", facts).member("id")
	subjects := []string{s.account(c), profile}
	s.carried(t)
	file := filepath.Join(t.TempDir(), "before")
	if _, err := h.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	c.must(http.StatusNoContent, "DELETE", "/me", nil)
	ledger := filepath.Join(h.options.DataDir, erasuresFile)
	for _, erasures := range []string{"", ledger} {
		spec := RestoreSpec{Backup: file, KeyFile: filepath.Join(h.options.DataDir, auth.MasterFile), Erasures: erasures}
		dir := filepath.Join(t.TempDir(), "data")
		r, err := Restore(t.Context(), Options{DataDir: dir, Fast: true}, spec)
		if err != nil {
			t.Fatal(err)
		}
		again, err := runHouse(dir)
		if err != nil {
			t.Fatal(err)
		}
		want, login, shown := 0, http.StatusOK, http.StatusOK
		if erasures != "" {
			want, login, shown = 1, http.StatusUnauthorized, http.StatusNotFound
		}
		if r.Erased != want {
			t.Errorf("%d erasures were applied again, want %d", r.Erased, want)
		}
		nobody := again.as(t, "")
		if got := nobody.send("POST", "/auth/login", object{"login": email, "password": password}).status; got != login {
			t.Errorf("login: %d, want %d", got, login)
		}
		if got := again.as(t, "official").send("GET", "/profiles/"+profile, nil).status; got != shown {
			t.Errorf("profile: %d, want %d", got, shown)
		}
		if found := holds(t, again.App, email); found != "" && erasures != "" {
			t.Errorf("%s still holds her address", found)
		}
		for _, subject := range subjects {
			key, err := again.stores.audits.SubjectKey(t.Context(), subject)
			if err != nil || (len(key.Wrapped) == 0) != (erasures != "") {
				t.Errorf("the key of %s: %d bytes, %v; erased again: %t", subject, len(key.Wrapped), err, erasures != "")
			}
		}
		if err := again.stop(); err != nil {
			t.Error(err)
		}
	}
}

// holds names a document with that text, in the clear.
func holds(t *testing.T, a *App, text string) string {
	t.Helper()
	for name, doc := range documentsOf(t, a) {
		if strings.Contains(name+doc, text) {
			return fmt.Sprintf("document %s", name)
		}
	}
	return ""
}
