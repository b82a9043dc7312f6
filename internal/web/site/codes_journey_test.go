package site_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"passerelle/internal/app"
)

// call sends a JSON request to the API and reads its answer.
func (h *house) call(token, path string, body map[string]string) map[string]any {
	h.t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, h.base+"/api/v1"+path, bytes.NewReader(sent))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() {
		if err := res.Body.Close(); err != nil {
			h.t.Error(err)
		}
	}()
	answer := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode >= 300 {
		h.t.Fatalf("%s: %d %v %v", path, res.StatusCode, answer, err)
	}
	return answer
}

// TestCodesWithoutEMail walks the ways to a new password for people without
// an e-mail address, by SMS and on paper, and to a change that takes a recent
// proof of the password.
func TestCodesWithoutEMail(t *testing.T) {
	s := openApp(t, true)
	t.Run("SMS", func(t *testing.T) { resetBySMS(t, s.in(t)) })
	t.Run("paper", func(t *testing.T) { resetOnPaper(t, s.in(t)) })
	t.Run("proof", func(t *testing.T) { proofRunsOut(t, s.in(t)) })
}

func resetBySMS(t *testing.T, s *strict) {
	const phone, next = "+22376001122", "cinq pirogues sur le fleuve"
	b := s.visitor()
	b.open("/inscription").submit("main form", url.Values{"phone": {phone}, "password": {"quatre chevaux lents et doux"}}).sees(200, ".flash", "Demande enregistrée")
	b.open("/mot-de-passe/oublie").submit("main form", url.Values{"login": {"76 00 11 22"}}).sees(200, ".flash", "Si un compte existe")
	code := regexp.MustCompile(`[0-9]{6}`).FindString(s.mailed(phone, regexp.MustCompile(`est [0-9]{6},`)))
	b.open(b.link(".lang a")).sees(200, "h1", "Choose a new password") // the request outlives a change of language
	b.submit("main form", url.Values{"code": {code[:3] + " " + code[3:]}, "newPassword": {next}}).sees(200, ".flash", "Sign in")
	b.submit("main form", url.Values{"login": {phone}, "password": {next}}).sees(200, ".flash", "signed in")
	b.open("/mot-de-passe/nouveau?demande=cod_x&lang=fr").submit("main form", url.Values{"code": {code}, "newPassword": {next}}).sees(422, "#code-erreur", "plus valable")
}

func resetOnPaper(t *testing.T, s *strict) {
	const next = "six calebasses de lait"
	old := s.signedIn("candidate")
	official, _ := s.call("", "/auth/login", map[string]string{"login": "official@demo.test", "password": app.DefaultDemoPassword})["accessToken"].(string)
	code, _ := s.call(official, "/users/reset-codes", map[string]string{"login": "candidate@demo.test", "reason": "phone_lost"})["code"].(string)
	b := s.visitor()
	b.open("/mot-de-passe/oublie").open(b.link("main .more a")).submit("main form", url.Values{"code": {code}, "newPassword": {next}}).sees(200, ".flash", "enregistré")
	b.submit("main form", url.Values{"login": {"candidate@demo.test"}, "password": {next}}).sees(200, ".flash", "connecté")
	if old.open("/mon-compte"); old.at.Path != "/connexion" {
		t.Error("a session outlives the old password")
	}
}

// proofRunsOut: after ten minutes the second factor takes the password again,
// and with it enrolled, a new password takes a code.
func proofRunsOut(t *testing.T, s *strict) {
	b := s.signedIn("agency2")
	s.wait(11 * time.Minute)
	b.open("/double-authentification").submit("main form", nil).sees(200, "h1", "Confirmer votre identité")
	b.submit("main form", url.Values{"password": {"wrong wrong wrong"}}).sees(422, "#password-erreur", "")
	b.submit("main form", url.Values{"password": {app.DefaultDemoPassword}}).sees(200, ".flash", "Vous pouvez poursuivre")
	_, codes := enrolOn(t, s, b)
	s.wait(11 * time.Minute)
	change := url.Values{"currentPassword": {app.DefaultDemoPassword}, "newPassword": {"six calebasses de lait"}}
	b.open("/mot-de-passe").submit("main form", change).sees(422, "#code-erreur", "")
	change.Set("code", codes[0])
	b.submit("main form", change).sees(200, ".flash", "changé")
}
