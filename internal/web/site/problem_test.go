package site

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// TestWaysOn: whoever is refused finds a way on, in both languages.
func TestWaysOn(t *testing.T) {
	s := bareSite(t)
	for _, tc := range []struct {
		status          int
		method, referer string
		first           string
	}{
		{401, "GET", "", "/connexion?suite=%2Fmon-profil%3Fa%3D1"},
		{401, "POST", "http://example.com/mon-profil/langues", "/connexion?suite=%2Fmon-profil%2Flangues"},
		{401, "POST", "", "/connexion"},
		{403, "GET", "", "/"},
		{404, "GET", "", "/offres"},
		{404, "POST", "http://example.com/mes-candidatures", "/mes-candidatures"},
		{409, "POST", "http://example.com/mes-candidatures?etat=x", "/mes-candidatures?etat=x"},
		{412, "POST", "http://example.com/mon-profil", "/mon-profil"},
		{413, "POST", "http://example.com/signaler?offre=OFF-1", "/signaler?offre=OFF-1"},
		{422, "POST", "http://example.com/signaler", "/signaler"},
		{422, "POST", "http://elsewhere.test/signaler", "/"},
		{422, "POST", "http://example.com//elsewhere.test", "/"},
		{429, "GET", "", "/mon-profil?a=1"},
		{500, "GET", "", "/mon-profil?a=1"},
		{503, "POST", "http://example.com/mon-profil", "/mon-profil"},
		{503, "POST", "", "/"},
	} {
		r := httptest.NewRequest(tc.method, "/mon-profil?a=1", http.NoBody)
		r.Header.Set("Referer", tc.referer)
		ways := waysOn(tc.status, r)
		if ways[0].Href != tc.first {
			t.Errorf("%d %s from %q leads to %s, want %s", tc.status, tc.method, tc.referer, ways[0].Href, tc.first)
		}
		page := newProblemPage(web.Problem{Status: tc.status, Title: "T", Detail: "D", RequestID: "01ABC"}, r)
		for _, loc := range ref.Locales() {
			html, err := s.views.render(loc, "problem/show", screen{Frame: frame{Locale: loc}, Page: page})
			if err != nil || !strings.Contains(string(html), `class="go" href="`) || !strings.Contains(string(html), "01ABC") {
				t.Errorf("%d in %s: %v", tc.status, loc, err)
			}
		}
	}
}
