package site_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// agencyKeys makes a key in the pages, uses it on the API within its scope,
// renews it and ends it.
func agencyKeys(t *testing.T, s *strict) {
	b := s.signedIn("agency")
	b.open("/agence/dossier")
	b.open(b.link(`a[href="/agence/cles"]`)).sees(200, "h1", "Clés d’API")
	b.submit("main form.ask", url.Values{"name": {"<b>Paie</b>"}}).sees(422, "#scopes-erreur", "")
	if b.Find("#name").AttrOr("value", "") != "<b>Paie</b>" {
		t.Error("what was typed is lost")
	}
	sent := fields(b.Find("main form.ask"))
	sent["scopes"], sent["expires"] = []string{"offers.read"}, []string{s.app.Clock().Now().AddDate(0, 0, 30).Format(time.DateOnly)}
	b.post("/agence/cles", sent).sees(200, "h1", "Votre clé")
	secret := b.text(".secret")
	if b.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(secret, "pas_") {
		t.Errorf("%q, Cache-Control %q", secret, b.header.Get("Cache-Control"))
	}
	if b.post("/agence/cles", sent).sees(200, "h1", "Clés d’API"); b.Find(".list tbody tr").Length() != 1 || strings.Contains(b.Find("main").Text(), secret) {
		t.Error("the form sent twice makes two keys, or shows the secret again")
	}
	if got := called(t, b, secret, "GET", "/api/v1/employers"); got != 200 {
		t.Errorf("the key within its scope: %d", got)
	}
	if got := called(t, b, secret, "GET", "/api/v1/placements"); got != 403 {
		t.Errorf("the key beyond its scope: %d", got)
	}
	if got := called(t, b, secret+"x", "GET", "/api/v1/employers"); got != 401 {
		t.Errorf("a wrong key: %d", got)
	}
	b.open("/agence/cles")
	if b.Find(".list .unsaid").Length() != 0 {
		t.Error("the use is not shown")
	}
	b.submit(`form[action$="/renouvellements"]`, nil).sees(200, "main", "24 heures")
	next := b.text(".secret")
	b.open("/agence/cles")
	b.open(b.link(`a[href$="/revocation"]`)).sees(200, "h1", "Révoquer").submit("main form.ask", nil).sees(200, ".flash", "révoquée")
	for _, key := range []string{secret, next} {
		if got := called(t, b, key, "GET", "/api/v1/employers"); got != 401 {
			t.Errorf("a revoked key: %d", got)
		}
	}
	s.signedIn("candidate").open("/agence/cles").sees(403, "h1", "")
	sent = fields(b.open("/agence/cles").Find("main form.ask"))
	sent["name"], sent["scopes"], sent["expires"] = []string{"Paie"}, []string{"offers.read"}, []string{s.app.Clock().Now().AddDate(0, 0, 30).Format(time.DateOnly)}
	b.post("/agence/cles", sent).sees(200, "h1", "Votre clé")
	third := b.text(".secret")
	admin := s.signedIn("admin")
	admin.open("/administration/comptes?q=agency%40demo.test")
	admin.open(admin.link(".list th a"))
	admin.open(admin.link(`a[href$="/cles"][href^="/administration/agences/"]`)).sees(200, "h1", "Clés d’API")
	if admin.Find(`form[action$="/renouvellements"]`).Length() != 0 || admin.Find("#scopes").Length() != 0 {
		t.Error("an administrator may make keys")
	}
	admin.open(admin.link(`a[href$="/revocation"]`)).submit("main form.ask", nil).sees(200, ".flash", "révoquée")
	if got := called(t, b, third, "GET", "/api/v1/employers"); got != 401 {
		t.Errorf("a key that an administrator revoked: %d", got)
	}
}

// called sends a request of a program, without cookies.
func called(t *testing.T, b *browser, key, method, path string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, b.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.Body.Close() != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}
