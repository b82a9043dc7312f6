package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"passerelle/internal/app"
)

// TestOwnListJourneys walks the lists of a profile, the count beside the
// search, and what administrators do with accounts.
func TestOwnListJourneys(t *testing.T) {
	s := openApp(t, true)
	for _, each := range []struct {
		name    string
		journey func(*testing.T, *strict)
	}{
		{"recognitions", recognitionsKept},
		{"lists are shortened", listsShortened},
		{"offers are counted", offersCounted},
		{"role is proposed and confirmed", roleConfirmed},
		{"role is changed", roleChanged},
		{"second factor is taken away", factorTakenAway},
	} {
		t.Run(each.name, func(t *testing.T) { each.journey(t, s.in(t)) })
	}
}

// recognitionsKept: only occupations of the profile can be recognised; the
// page leads to where they are added.
func recognitionsKept(t *testing.T, s *strict) {
	b := s.signedIn("candidate")
	b.open("/mon-profil").open(b.link(`.tasks a[href$="/reconnaissances"]`)).sees(200, "h1", "Diplômes reconnus").sees(200, ".empty", "")
	b.open(b.link("main a.go[href$=nouveau]")).sees(200, ".onward", "Ajoutez-le à votre profil")
	b.submit("main form.ask", url.Values{"authority": {"Ordre " + mark}, "date": {"hier"}}).sees(422, "#date-erreur", "21/05/1990")
	if b.Find("#date").AttrOr("value", "") != "hier" || b.Find("#authority").AttrOr("value", "") != "Ordre "+mark {
		t.Error("what was typed is lost")
	}
	b.submit("main form.ask", url.Values{"date": {"03/02/2024"}}).sees(422, "#occupation-erreur", "").sees(422, "#country-erreur", "")
	trade := b.Find("#occupation option").Eq(1)
	name := trade.Text()
	sent := fields(b.Find("main form.ask"))
	sent.Set("occupation", trade.AttrOr("value", ""))
	sent.Set("country", "FR")
	b.submit("main form.ask", url.Values{"occupation": sent["occupation"], "country": {"FR"}}).sees(200, ".flash", "enregistré").sees(200, ".entries", name).sees(200, ".entries", "Ordre "+mark)
	if b.post("/mon-profil/reconnaissances/nouveau", sent); b.Find(".entries li").Length() != 1 {
		t.Errorf("sent twice: %d entries", b.Find(".entries li").Length())
	}
	b.open(b.link(".entries a")).submit("main form.ask", url.Values{"country": {"ES"}}).sees(200, ".entries", "Espagne")
	b.open("/mon-profil/verification").sees(200, "main", "Ordre "+mark)
	s.signedIn("agency").open("/mon-profil/reconnaissances/0").sees(403, "h1", "Accès refusé")
	b.open("/mon-profil/reconnaissances").submit(".entries form", nil).sees(200, ".flash", "retiré").sees(200, ".empty", "")
	b.open("/mon-profil/reconnaissances/0").sees(404, "h1", "Introuvable")
}

// listsShortened takes one entry out of every list, once, however often the
// button of an old page is sent.
func listsShortened(t *testing.T, s *strict) {
	b := s.signedIn("candidate")
	b.open("/mon-profil").open(b.link(`.tasks a[href$="/sejours"]`)).open(b.link("main a.go[href$=nouveau]"))
	b.submit("main form.ask", url.Values{"country": {"SN"}, "from": {"hier"}}).sees(422, "#from-erreur", "")
	b.submit("main form.ask", url.Values{"from": {"03/2020"}, "until": {"04/2021"}}).sees(200, ".entries", "Sénégal")
	b.open("/mon-profil").open(b.link(`.tasks a[href$="/permis"]`)).submit(`.entries form[action$="/ajouts"]`, nil).sees(200, ".flash", "enregistré")
	for _, part := range []string{"experiences", "sejours", "metiers", "competences", "langues", "permis"} {
		b.open("/mon-profil").open(b.link(`.tasks a[href="/mon-profil/` + part + `"]`))
		const held = `.entries form[action$="/retraits"]`
		before, sent, action := b.Find(held).Length(), fields(b.Find(held).First()), b.Find(held).First().AttrOr("action", "")
		if before == 0 {
			t.Fatalf("%s: nothing to take out", part)
		}
		b.submit(held, nil).sees(200, ".flash", "retiré de votre profil")
		if b.Find(held).Length() != before-1 {
			t.Errorf("%s: %d entries of %d are left", part, b.Find(held).Length(), before)
		}
		if b.post(action, sent); b.status != http.StatusOK || b.Find(held).Length() != before-1 {
			t.Errorf("%s: sent twice, %d entries of %d are left", part, b.Find(held).Length(), before)
		}
	}
	b.open("/mon-profil/sejours").sees(200, ".empty", "")
	other := s.signedIn("candidate2")
	if other.open("/mon-profil/langues").Find(".entries form").Length() == 0 {
		t.Error("somebody else’s list was shortened")
	}
}

// offersCounted: the address the search page names for its script answers with
// the words of the button, for the same filters as the results.
func offersCounted(t *testing.T, s *strict) {
	b := s.visitor()
	b.open("/offres?pays=ES&pays=FR&q=ma%C3%A7on")
	f := b.Find("form[data-count]")
	asked, shown := f.AttrOr("data-count", "")+"?"+fields(f).Encode(), strings.Fields(b.text("#resultats"))[0]
	b.fetch(asked).sees(200, "body", shown+" offre")
	if kind := b.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || shown == "0" {
		t.Errorf("%s offers as %s", shown, kind)
	}
	b.fetch("/nombre-offres?q=xyzzyx&salaire=beaucoup").sees(200, "body", "offre")
}

// accountOf opens an account as an administrator finds it.
func (b *browser) accountOf(login string) *browser {
	b.t.Helper()
	b.open("/administration").open(b.link(`main a[href="/administration/comptes"]`)).submit("main form", url.Values{"q": {login}})
	return b.open(b.link(".list th a")).sees(200, "h1", login)
}

// roleConfirmed: one administrator proposes a role, another one confirms it.
func roleConfirmed(t *testing.T, s *strict) {
	const login = "personne22@demo.test"
	const form = `form[action$="/roles"]`
	first, second := s.signedIn("admin"), s.signedIn("admin2")
	first.accountOf(login).submit(`form[action$="/mots-de-passe"]`, nil)
	given := first.text(".secret")
	first.accountOf(login).submit(form, url.Values{"role": {"official"}}).sees(422, "#institution-erreur", "")
	if first.Find("#role option[selected]").AttrOr("value", "") != "official" {
		t.Error("the role that was chosen is lost")
	}
	b := s.logIn(login, given)
	first.submit(form, url.Values{"institution": {"anpe"}}).sees(200, ".flash", "Un autre administrateur doit le confirmer").sees(200, ".warnings", "Vous avez fait le premier acte")
	if first.Find(`form[action$="/confirmations"]`).Length() != 0 {
		t.Error("one administrator may confirm the own proposal")
	}
	if b.open("/travail"); b.status == http.StatusOK && b.at.Path == "/travail" {
		t.Error("a role is in force that nobody confirmed")
	}
	const confirm = `form[action$="/confirmations"]`
	sent, action := fields(second.accountOf(login).sees(200, ".warnings", "Seconde signature").Find(confirm)), second.Find(confirm).AttrOr("action", "")
	second.submit(confirm, nil).sees(200, ".flash", "Le rôle est confirmé")
	if second.Find("#role option[selected]").AttrOr("value", "") != "official" || second.Find(".warnings").Length() != 0 {
		t.Error("the role is not in force, or still proposed")
	}
	second.post(action, sent).sees(409, ".summary", "déjà confirmé").sees(409, "h1", login).sees(409, "#role option[selected]", "Agent")
	if b.open("/mon-compte"); b.at.Path != "/connexion" {
		t.Error("a session of the former role goes on")
	}
	b = s.logIn(login, given)
	b.submit("main form", url.Values{"currentPassword": {given}, "newPassword": {"huit greniers de mil pleins"}}).sees(200, ".menu", "À traiter")
	s.signedIn("official").open(strings.TrimSuffix(action, "/confirmations")).sees(403, "h1", "Accès refusé")
}

// roleChanged: what gives no power takes effect at once; of two administrators
// who change the same account the later is told.
func roleChanged(t *testing.T, s *strict) {
	const login = "personne23@demo.test"
	const form = `form[action$="/roles"]`
	first, second := s.signedIn("admin"), s.signedIn("admin2")
	first.accountOf(login)
	second.accountOf(login)
	first.submit(form, url.Values{"role": {"candidate"}, "agency": {"agy_1"}}).sees(422, "#agency-erreur", "")
	if first.Find("#agency").AttrOr("value", "") != "agy_1" {
		t.Error("what was typed is lost")
	}
	first.submit(form, url.Values{"role": {"agency"}, "agency": {""}}).sees(200, ".flash", "Le rôle est changé").sees(200, "main", "Agence")
	second.submit(form, url.Values{"role": {"observer"}}).sees(409, ".summary", "entre-temps").sees(409, "#enregistre ~ dl", "Agence").sees(409, "#role option[selected]", "Observateur")
	second.submit(form, url.Values{"role": {"candidate"}}).sees(200, ".flash", "Le rôle est changé")
}

// factorTakenAway: somebody who has lost the second factor signs in without it
// again, on an administrator's word.
func factorTakenAway(t *testing.T, s *strict) {
	b, admin := s.signedIn("agency2"), s.signedIn("admin")
	b.open("/mon-compte").open(b.link(`main a[href="/double-authentification"]`))
	enrolOn(t, s, b)
	s.logIn("agency2@demo.test", app.DefaultDemoPassword).sees(200, "h1", "Code de connexion")
	const form = `form[action$="/retraits"]`
	admin.accountOf("agency2@demo.test").submit(form, url.Values{"factor-reason": {"perdu\u202e hier"}}).sees(422, "#factor-reason-erreur", "")
	sent, action := fields(admin.Find(form)), admin.Find(form).AttrOr("action", "")
	sent.Set("factor-reason", "telephone perdu")
	admin.submit(form, url.Values{"factor-reason": {"telephone perdu"}}).sees(200, ".flash", "La double authentification est retirée")
	if admin.Find(form).Length() != 0 {
		t.Error("it can be taken away twice")
	}
	admin.post(action, sent).sees(409, ".summary", "")
	if b.open("/mon-compte"); b.at.Path != "/connexion" {
		t.Error("the session goes on")
	}
	s.signedIn("agency2").open("/mon-compte").sees(200, "h1", "Mon compte")
	b.open(action[:strings.LastIndex(action, "/")]).sees(200, "h1", "")
}
