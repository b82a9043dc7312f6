package site_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestJourneys walks through one running demonstration, in the order in which
// people would meet.
func TestJourneys(t *testing.T) {
	h := openHouse(t)
	walk := func(name string, journey func(*testing.T, *house)) {
		t.Run(name, func(t *testing.T) { journey(t, h.in(t)) })
	}
	walk("visitor searches", visitorSearches)
	walk("visitor reads an offer", visitorReads)
	walk("search engines are told the same twice", bothFacesAgree)
	walk("visitor is kept out", visitorIsKeptOut)
	walk("language", languageIsKept)
	walk("signing in and out", signingInAndOut)
	walk("the demonstration's people", demonstrationIsTried)
	walk("register", register)
	walk("password", passwordChanges)
	walk("candidate", candidateApplies)
	walk("person arrives, fills in a profile, applies and withdraws", personArrives)
	walk("session ends in a form", sessionEndsInForm)
	walk("invitation accepted", invitationAccepted)
	walk("offer from draft to publication", draftToPublication)
	walk("official returns and refuses", returnAndRefuse)
	walk("agency is vetted and activated", agencyVetted)
	walk("agency sees people", agencySeesPeople)
}

func visitorSearches(t *testing.T, h *house) {
	b := h.visitor()
	b.open("/").sees(200, ".tally", "offres ouvertes").sees(200, ".demo", "Démonstration")
	if got := b.header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control %q", got)
	}
	if got := b.header.Get("Referrer-Policy"); got != "same-origin" {
		t.Errorf("Referrer-Policy %q", got) // with no-referrer old browsers send forms with Origin: null
	}
	all := b.open("/offres").text("#resultats")
	b.submit("form.search", url.Values{"q": {"maçon"}}).sees(200, ".offer h3", "Maçon")
	if b.text("#resultats") == all {
		t.Error("words do not narrow the search")
	}
	b.open("/offres?pays=FR&pays=ES&salaire=450+000&tri=-salary")
	if b.Find("input[name=pays][checked]").Length() != 2 || b.Find("#salaire").AttrOr("value", "") != "450 000" {
		t.Error("the filters of a shared address are not shown")
	}
	if b.Find(".offer .where:contains('France')").Length()+b.Find(".offer .where:contains('Espagne')").Length() != b.Find(".offer").Length() {
		t.Error("offers of other countries")
	}
	first := b.open("/offres").link(".offer h3 a")
	b.open(b.link(".pager a[rel=next]"))
	if b.status != 200 || b.link(".offer h3 a") == first || b.Find(".pager a[rel=prev]").Length() != 1 {
		t.Errorf("the second page: %d", b.status)
	}
	b.open("/offres?suite=forged").sees(400, "main", "Reprenez depuis la première page")
	b.open("/offres?salaire=beaucoup").sees(200, "#salaire-erreur", "chiffres")
	b.open("/offres?q=xyzzyx").sees(200, ".empty", "Aucune offre")
}

func visitorReads(t *testing.T, h *house) {
	b := h.visitor()
	path := b.open("/offres").link(".offer h3 a")
	title := b.Find(".offer h3 a").First().Text()
	b.open(path).sees(200, "h1", title).sees(200, ".free", "Gratuit pour le travailleur").sees(200, ".headline", "Salaire").sees(200, ".box", "En activité")
	var posting struct {
		Type, URL, Title, DatePosted string
		HiringOrganization           struct{ Name string }
		JobLocation                  struct {
			Address struct{ AddressCountry string }
		}
	}
	if err := json.Unmarshal([]byte(b.Find(`script[type="application/ld+json"]`).Text()), &posting); err != nil {
		t.Fatal(err)
	}
	if posting.Title != title || !strings.HasSuffix(posting.URL, path) || posting.DatePosted == "" || posting.HiringOrganization.Name == "" || posting.JobLocation.Address.AddressCountry == "" {
		t.Errorf("%+v", posting)
	}
	b.open(b.link(".apply a.go"))
	if b.at.Query().Get("suite") != path {
		t.Errorf("signing in leads to %s", b.at)
	}
	tag := b.open(path).header.Get("ETag")
	r, err := http.NewRequest(http.MethodGet, h.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-None-Match", tag)
	if b.do(r); b.status != http.StatusNotModified || tag == "" {
		t.Errorf("an unchanged page is sent again: %d %q", b.status, tag)
	}
	b.open("/offres/OFF-2026-000000").sees(404, "h1", "Introuvable")
	b.open("/offres/off_unknown").sees(404, ".note code", "01")
}

func visitorIsKeptOut(t *testing.T, h *house) {
	b := h.visitor()
	for _, path := range []string{"/mes-offres", "/mes-candidatures", "/agence/offres", "/travail", "/travail/imports", "/mot-de-passe"} {
		if b.open(path); b.at.Path != "/connexion" || b.at.Query().Get("suite") != path {
			t.Errorf("%s leads to %s", path, b.at)
		}
	}
	res, err := http.PostForm(h.base+"/connexion", url.Values{"login": {"x"}, "password": {"y"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusForbidden {
		t.Errorf("a form without token: %d %v", res.StatusCode, err)
	}
	b.open("/nulle-part").sees(404, "h1", "Introuvable").sees(404, ".menu", "Offres d’emploi")
	b = h.signedIn("observer")
	b.open("/travail").sees(403, "h1", "Accès refusé")
	b.open("/accessibilite").sees(200, "main", "WCAG")
}

func languageIsKept(t *testing.T, h *house) {
	b := h.visitor()
	b.open("/offres?pays=FR")
	b.open(b.link(".lang a"))
	if b.Find("html").AttrOr("lang", "") != "en" || b.at.RawQuery != "pays=FR" {
		t.Errorf("%s in %s", b.at, b.Find("html").AttrOr("lang", ""))
	}
	b.open("/nowhere").sees(404, "h1", "Not found")
	b.open(b.link(".lang a")).sees(404, "h1", "Introuvable")
	b.open("/connexion?lang=fr")
	if b.Find("html").AttrOr("lang", "") != "fr" || b.at.RawQuery != "" {
		t.Errorf("%s", b.at)
	}
}

func signingInAndOut(t *testing.T, h *house) {
	b := h.visitor()
	b.open("/mes-candidatures")
	b.submit("main form", url.Values{"login": {"candidate@demo.test"}, "password": {"not the right one"}}).sees(422, ".summary", "problème")
	if b.Find("#login").AttrOr("value", "") != "candidate@demo.test" || b.Find("#password").AttrOr("value", "") != "" || !strings.HasPrefix(b.text("title"), "Erreur") {
		t.Error("the form does not keep what was typed, or keeps the password")
	}
	b.submit("main form", url.Values{"password": {"pont-sur-le-niger-2026"}}).sees(200, "h1", "Mes candidatures")
	if b.at.Path != "/mes-candidatures" || b.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s %s", b.at, b.header.Get("Cache-Control"))
	}
	kept := b.client.Jar.Cookies(b.at)
	b.submit(".who form", nil).sees(200, ".flash", "déconnecté")
	b.client.Jar.SetCookies(b.at, kept)
	if b.open("/mes-candidatures"); b.at.Path != "/connexion" {
		t.Error("the tokens of an ended session still work")
	}
	b = h.signedIn("candidate")
	for _, c := range b.client.Jar.Cookies(b.at) {
		if strings.HasSuffix(c.Name, "access") {
			c.MaxAge = -1
			b.client.Jar.SetCookies(b.at, []*http.Cookie{{Name: c.Name, Path: "/", MaxAge: -1}})
		}
	}
	b.open("/mes-candidatures").sees(200, "h1", "Mes candidatures")
}

// demonstrationIsTried signs in as everybody the sign-in page names, and looks
// for what it says of them.
func demonstrationIsTried(t *testing.T, h *house) {
	b := h.visitor()
	b.open("/connexion").sees(200, "#essai", "Essayer")
	password := b.text("#essai ~ p b")
	names := b.Find("#essai ~ ul b").Map(func(_ int, e *goquery.Selection) string { return e.Text() })
	if len(names) < 10 {
		t.Errorf("only %q are named", names)
	}
	for _, name := range names {
		b.open("/connexion").submit("main form", url.Values{"login": {name}, "password": {password}}).sees(200, ".flash", "connecté")
		b.submit(".who form", nil).sees(200, ".flash", "déconnecté")
	}
	b = h.signedIn("candidate3").open("/mes-departs").sees(200, ".file", "Contrat")
	b.open(b.link(".file a")).sees(200, "h1 + p .mark", "Contrat proposé")
	b = h.signedIn("candidate4").open("/mes-departs")
	b.open(b.link(".file a")).sees(200, "h1 + p .mark", "En poste")
}

func register(t *testing.T, h *house) {
	b := h.visitor()
	b.open("/inscription")
	b.submit("main form", url.Values{"email": {"awa.diarra@demo.test"}, "password": {"court"}}).sees(422, ".summary", "Mot de passe")
	if b.Find("#email").AttrOr("value", "") != "awa.diarra@demo.test" || b.Find("#password[aria-invalid=true]").Length() != 1 {
		t.Error("the form does not keep what was typed, or does not mark the field")
	}
	b.submit("main form", url.Values{"password": {"trois pirogues sur le Bani"}}).sees(200, ".flash", "Demande enregistrée")
	b.submit("main form", url.Values{"login": {"awa.diarra@demo.test"}, "password": {"trois pirogues sur le Bani"}}).sees(200, "main", "pas encore de profil")
	path := h.visitor().open("/offres").link(".offer h3 a")
	b.open(path).submit(".apply form", url.Values{"message": {"Bonjour"}}).sees(409, ".summary", "")
	if b.text("#message") != "Bonjour" {
		t.Error("the message is lost")
	}
}

func candidateApplies(t *testing.T, h *house) {
	b := h.signedIn("candidate2")
	b.open("/mes-offres").sees(200, ".match", "Pourquoi cette offre").sees(200, ".side", "ouvrirait")
	if b.Find(".match").First().Find("meter").Length() != 6 {
		t.Error("a match does not show the six parts of its score")
	}
	path, title := "", ""
	for _, path = range hrefs(b, ".match h3 a") {
		if title = b.open(path).text("h1"); b.Find(".apply form").Length() == 1 {
			break
		}
	}
	b.sees(200, ".apply", "Postuler").sees(200, ".apply", "toutes les conditions")
	token := b.Find(".apply form input[name=jeton]").AttrOr("value", "")
	b.submit(".apply form", url.Values{"message": {"Je suis <b>disponible</b>."}}).sees(200, ".flash", "candidature est envoyée")
	if b.at.Path != "/mes-candidatures" || b.Find(".file h2 a").First().Text() != title {
		t.Errorf("%s shows %q", b.at, b.Find(".file h2 a").First().Text())
	}
	b.open(path).sees(200, ".apply", "en cours")
	b.post(path+"/candidatures", url.Values{"jeton": {token}}).sees(409, ".summary", "problème")
	b.open("/mes-candidatures").submit(".file:first-of-type .leave form", nil).sees(200, ".flash", "retirée")
	b.sees(200, ".file:first-of-type .mark", "Retirée")
}

// passwordChanges: the new password works, the old one and other sessions do not.
func passwordChanges(t *testing.T, h *house) {
	b, elsewhere := h.signedIn("admin"), h.signedIn("admin")
	if got := b.open("/mot-de-passe").Find("#account[readonly]").AttrOr("value", ""); got != "admin@demo.test" {
		t.Errorf("the form is for %q", got)
	}
	b.submit("main form", url.Values{"currentPassword": {"wrong wrong wrong"}, "newPassword": {"trois pirogues sur le Bani"}}).sees(422, ".summary", "")
	b.submit("main form", url.Values{"currentPassword": {"pont-sur-le-niger-2026"}, "newPassword": {"trois pirogues sur le Bani"}}).sees(200, ".flash", "changé")
	if b.open("/mot-de-passe"); b.at.Path != "/mot-de-passe" {
		t.Error("one's own session ended")
	}
	if elsewhere.open("/mot-de-passe"); elsewhere.at.Path != "/connexion" {
		t.Error("the other session goes on")
	}
}
