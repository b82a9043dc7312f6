package site_test

import (
	"bytes"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestVettingJourneys walks what officials decide about agencies, employers and
// whole files of offers, and what those say who are decided about.
func TestVettingJourneys(t *testing.T) {
	s := openApp(t, true)
	for _, each := range []struct {
		name    string
		journey func(*testing.T, *strict)
	}{
		{"agency is refused", agencyRefused},
		{"employer is refused, corrected and accredited", employerAccredited},
		{"file of offers is approved and published by two", importDecided},
		{"keys of the queue are switched off and on", keysSwitched},
		{"kept out", vettingIsClosed},
	} {
		t.Run(each.name, func(t *testing.T) { each.journey(t, s.in(t)) })
	}
}

func agencyRefused(t *testing.T, s *strict) {
	b := s.signedIn("official2")
	b.open("/travail")
	b.open(b.link(`.tabs a[href="/travail/agences"]`)).open(b.link(`.tabs a[href*="etat=applied"]`)).open(b.link(".list th a"))
	name, file := b.text("h1"), b.at.Path
	b.submit(`form[action$="/refus"]`, url.Values{"note": {"Licence <i>périmée</i>"}}).sees(422, ".summary", "Motif").sees(422, "#reason-erreur", "")
	if b.text("#note") != "Licence <i>périmée</i>" || b.Find("details[open] #reason").Length() != 1 {
		t.Error("the note is lost or its form is closed")
	}
	b.submit(`form[action$="/refus"]`, url.Values{"reason": {"licence_invalid"}}).sees(200, ".flash", "refusée")
	b.open(file).sees(200, ".mark.refused", "Refus").sees(200, "main", "Licence <i>périmée</i>").sees(200, ".box", "Aucune décision possible")
	if b.Find(`form[action$="/verifications"]`).Length() != 0 {
		t.Error("a refused agency can be vetted")
	}
	own := s.reset(b, "bureau11@demo.test")
	own.open("/agence/offres").open(own.link(`nav a[href="/agence/dossier"]`)).sees(200, "main", name)
	own.sees(200, "#licence ~ p", "Refus").sees(200, "main", "Licence <i>périmée</i>")
	if own.Find(`a[href="/agence/dossier/modification"]`).Length() != 1 {
		t.Error("a refused agency is not led to its correction")
	}
	s.visitor().open("/agences?q="+url.QueryEscape(name)).sees(200, ".empty", "")
}

// reset has an official hand a code to somebody who has no password, and gives
// that visitor, signed in with a new one.
func (s *strict) reset(official *browser, login string) *browser {
	s.t.Helper()
	const password = "sept hirondelles au marché"
	official.open("/travail/codes").submit("main form", url.Values{"login": {login}, "reason": {"no_email"}}).sees(200, "h1", "Votre code")
	b := s.visitor()
	b.open("/mot-de-passe/nouveau").submit("main form", url.Values{"code": {official.text(".secret")}, "newPassword": {password}}).sees(200, ".flash", "enregistré")
	return s.logIn(login, password)
}

// declares has an agency declare an employer; it gives the name.
func declares(s *strict, b *browser, name string) {
	s.t.Helper()
	b.open("/agence/offres").open(b.link(`nav a[href="/agence/employeurs"]`)).open(b.link("main a.go"))
	b.submit("main form.ask", url.Values{"name": {name}, "country": {"FR"}, "registration": {"832 441 907"}}).sees(200, ".flash", "déclaré")
}

func employerAccredited(t *testing.T, s *strict) {
	const name = "Charpentes <b>Essai</b> Kombi"
	agency, b := s.signedIn("agency2"), s.signedIn("official2")
	declares(s, agency, name)
	b.open("/travail?genre=employers").open(b.link(`.queue th a:contains("Kombi")`)).sees(200, "h1", name).sees(200, ".mark", "Déclaré")
	file := b.at.Path
	b.submit(`form[action$="/refus"]`, url.Values{"note": {"Registre <introuvable>"}}).sees(422, "#reason-erreur", "")
	if b.text("#note") != "Registre <introuvable>" || b.Find("details[open] #reason").Length() != 1 {
		t.Error("the note is lost or its form is closed")
	}
	b.submit(`form[action$="/refus"]`, url.Values{"reason": {b.Find("#reason option").Eq(1).AttrOr("value", "")}}).sees(200, ".flash", "refusé").sees(200, ".mark.refused", "Refusé")
	agency.open("/agence/employeurs").open(agency.link(`.list th a:contains("Kombi")`)).sees(200, "main", "Registre <introuvable>")
	agency.submit("main form.ask", url.Values{"registration": {"832 441 908"}}).sees(200, ".flash", "corrigé")
	b.open(file).sees(200, ".mark", "Déclaré").sees(200, ".terms", "832 441 908")
	old := fields(b.Find(`form[action$="/accreditations"]`))
	b.submit(`form[action$="/accreditations"]`, nil).sees(200, ".flash", "accrédité").sees(200, ".mark.accredited", "Accrédité")
	b.post(file+"/accreditations", old).sees(409, ".summary", "")
	agency.open("/agence/employeurs").sees(200, `.list tr:contains("Kombi")`, "Accrédité")
	agency.open("/agence/offres").open(agency.link(`a[href="/agence/offres/nouvelle"]`))
	if agency.Find(`#employer option:contains("Kombi")`).Length() != 1 {
		t.Error("the agency cannot name the employer in an offer")
	}
}

// imports has the foreign service send a file with one offer under that title,
// and gives the name of the file.
func (s *strict) imports(b *browser, title string) string {
	s.t.Helper()
	const name = "offres-2027.csv"
	b.open("/agence/dossier").open(b.link(`a[href="/agence/imports"]`))
	res, err := b.client.Get(b.base + b.link("main a[download]"))
	if err != nil {
		s.t.Fatal(err)
	}
	template, err := io.ReadAll(res.Body)
	if err != nil || res.Body.Close() != nil {
		s.t.Fatal(err)
	}
	sent := bytes.ReplaceAll(template, []byte("Maçon coffreur"), []byte(title))
	b.upload("main form.ask", url.Values{"voie": {"importer"}}, name, sent).sees(200, ".flash", "reçu")
	s.settled(b, b.at.Path, ".mark.running")
	return name
}

// settled opens a page until nothing on it is under way.
func (s *strict) settled(b *browser, path, running string) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if b.open(path); b.Find(running).Length() == 0 {
			return
		}
	}
	s.t.Fatalf("%s is not done", path)
}

func importDecided(t *testing.T, s *strict) {
	const title, underWay = "Coffreur « bancheur »", `.list .note:contains("En cours")`
	file := s.imports(s.signedIn("service"), title)
	row := `.list tr:contains("` + file + `")`
	first, second := s.signedIn("official"), s.signedIn("official2")
	first.open("/travail").open(first.link(`nav a[href="/travail/imports"]`)).sees(200, row, "Service public étranger").sees(200, row, "Terminé")
	at := first.link(row + ` a.go`)
	if strings.HasSuffix(at, "acte=publier") {
		t.Fatal("a file that nobody approved can be published")
	}
	first.open(at).sees(200, "h1", "Approuver").sees(200, ".headline", file).sees(200, ".headline", "Service public étranger")
	first.open(first.link(".act a")).open(at).submit("main form", nil).sees(200, ".flash", "en cours d’approbation")
	s.settled(first, "/travail/imports", underWay)
	first.sees(200, row, "Approuvé").sees(200, row, "1 sur 1").sees(200, row, "Un autre agent le publie")
	if first.Find(row+" a.go").Length() != 0 {
		t.Error("who approved the file is led to a second decision")
	}
	first.open(at+"?acte=publier").sees(200, ".flash", "trois personnes différentes")
	second.open("/travail/imports").open(second.link(row+` a[href$="acte=publier"]`)).sees(200, "h1", "Publier")
	sent := fields(second.Find("main form"))
	first.open("/mot-de-passe")
	sent.Set("jeton", fields(first.Find("main form")).Get("jeton"))
	first.post(strings.TrimSuffix(at, "/decision")+"/publications", sent).sees(200, ".flash", "trois personnes différentes")
	second.submit("main form", nil).sees(200, ".flash", "en cours de publication")
	s.settled(second, "/travail/imports", underWay)
	second.sees(200, row, "Publié").sees(200, row, "1 sur 1")
	s.visitor().open("/offres?q=bancheur").sees(200, ".offer h3", title)
}

func keysSwitched(t *testing.T, s *strict) {
	b := s.signedIn("official3")
	b.open("/travail").sees(200, "#raccourcis", "actifs")
	if b.Find(".queue[data-keys]").Length() != 1 {
		t.Error("the keys are not on at first")
	}
	b.submit(`form[action$="/touches"]`, nil).sees(200, ".flash", "désactivés").sees(200, "#raccourcis", "désactivés")
	if b.Find("[data-keys]").Length() != 0 {
		t.Error("keys that are switched off still work")
	}
	b.open("/travail?genre=offers").sees(200, "#raccourcis", "désactivés")
	b.submit(`form[action$="/touches"]`, nil).sees(200, ".flash", "activés")
	if b.Find(".queue[data-keys]").Length() != 1 {
		t.Error("the keys do not come back")
	}
}

func vettingIsClosed(t *testing.T, s *strict) {
	b := s.signedIn("official")
	agencies := b.open("/travail/agences").link(".list th a")
	employers := b.open("/travail/employeurs").link(".list th a")
	for _, who := range []string{"agency", "observer", "admin", "candidate2"} {
		b := s.signedIn(who)
		for _, path := range []string{agencies, employers, "/travail/imports", "/travail/imports/imp_1/decision"} {
			if b.open(path); b.status != 403 {
				t.Errorf("%s opens %s: %d", who, path, b.status)
			}
		}
		token := fields(b.open("/mot-de-passe").Find("main form")).Get("jeton")
		for _, path := range []string{agencies + "/refus", employers + "/refus", employers + "/accreditations", "/travail/imports/imp_1/approbations", "/travail/imports/imp_1/publications", "/travail/touches"} {
			if b.post(path, url.Values{"jeton": {token}}); b.status != 403 {
				t.Errorf("%s sends %s: %d", who, path, b.status)
			}
		}
	}
}
