package app

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// letters gives the text of every message in the folder, once there are at
// least n.
func (h *house) letters(t *testing.T, n int) []string {
	t.Helper()
	dir := filepath.Join(h.options.DataDir, messagesFolder)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if err := h.RunJob(t.Context(), "send-messages"); err != nil && !fault.Is(err, fault.Conflict) {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		texts := slices.DeleteFunc(readAll(t, files), func(text string) bool { return strings.Contains(text, "Id: msg_pla_") }) // of the sample's placements
		if len(texts) >= n {
			return texts
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d messages in %s, want %d", len(texts), dir, n)
		}
	}
}

func readAll(t *testing.T, files []string) []string {
	t.Helper()
	texts := make([]string, len(files))
	for i, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(text)
	}
	return texts
}

func find(t *testing.T, texts []string, part string) string {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(text, part) {
			return text
		}
	}
	t.Fatalf("no message holds %q in %q", part, texts)
	return ""
}

// TestMessagesLandInTheFolder follows forgotten passwords to a new one: by
// link for an e-mail address, by SMS for a phone number, and nothing for
// nobody's; then the owners are told.
func TestMessagesLandInTheFolder(t *testing.T) {
	h := openHouse(t)
	s := newStage(t, h)
	who, email, _ := s.newcomer("candidate")
	const next = "cinq pirogues sur le fleuve"
	anyone := s.by("")
	anyone.must(http.StatusAccepted, "POST", "/auth/register", object{"applicant": "candidate", "phone": "76 00 11 22", "password": "quatre chevaux lents et doux"})
	anyone.must(http.StatusAccepted, "POST", "/auth/password/forgot", object{"email": "personne@example.ml"})
	anyone.must(http.StatusAccepted, "POST", "/auth/password/forgot", object{"email": email})
	request := anyone.must(http.StatusAccepted, "POST", "/auth/password/forgot", object{"phone": "+22376001122"}).member("requestId")
	texts := h.letters(t, 2)
	token := regexp.MustCompile(`/mot-de-passe/nouveau#(\S+)`).FindStringSubmatch(find(t, texts, "To: "+email))
	code := regexp.MustCompile(`est (\d{6}),`).FindStringSubmatch(find(t, texts, "To: +22376001122"))
	if token == nil || code == nil || len(texts) != 2 {
		t.Fatalf("%q", texts)
	}
	anyone.must(http.StatusNoContent, "POST", "/auth/password/reset", object{"token": token[1], "newPassword": next})
	anyone.must(http.StatusNoContent, "POST", "/auth/password/reset", object{"requestId": request, "code": code[1], "newPassword": next})
	anyone.must(http.StatusUnprocessableEntity, "POST", "/auth/password/reset", object{"token": token[1], "newPassword": next})
	if got := who.send("GET", "/me", nil); got.status != http.StatusUnauthorized {
		t.Errorf("the old session lives: %d", got.status)
	}
	find(t, h.letters(t, 4), "mot de passe a été modifié")
	anyone.login(email, next)
}

// TestAU16WithoutDemoOfficialsEnrolFirst opens an App as it is in production.
func TestAU16WithoutDemoOfficialsEnrolFirst(t *testing.T) {
	a, err := New(t.Context(), Options{Listen: "127.0.0.1:0", DataDir: t.TempDir(), Fast: true, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	if !a.signIn().FactorRequired || !a.signIn().Throttled || !strings.Contains(strings.Join(a.Notices(), "\n"), "reach nobody") {
		t.Errorf("%+v %v", a.signIn(), a.Notices())
	}
	password, _, err := a.CreateUser(t.Context(), NewUser{Login: "chef@example.ml", Role: string(account.Admin)})
	if err != nil || password == "" {
		t.Fatal(err)
	}
	if _, err := a.Keys(t.Context(), ""); Code(err) != "command.as_required" {
		t.Error(err)
	}
	if kid, err := a.RotateKey(t.Context(), "chef@example.ml", "login"); err != nil || !strings.HasPrefix(kid, "login-") {
		t.Error(kid, err)
	}
	keys, err := a.Keys(t.Context(), "chef@example.ml")
	if err != nil || len(keys) == 0 {
		t.Errorf("%v %v", keys, err)
	}
}
