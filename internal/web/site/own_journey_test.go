package site_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestOwnAffairsJourney walks what agencies, members of the diaspora and people
// without an account do on the pages that stand alone.
func TestOwnAffairsJourney(t *testing.T) {
	s := openApp(t, true)
	for name, walk := range map[string]func(*testing.T, *strict){"employer is declared": employerDeclared, "offer is withdrawn": offerWithdrawn, "diaspora": diasporaAtHome, "signs are reported": signsReported, "numbers are checked": numbersChecked} {
		t.Run(name, func(t *testing.T) { walk(t, s.in(t)) })
	}
}

func employerDeclared(t *testing.T, s *strict) {
	b := s.signedIn("agency")
	b.open("/agence/employeurs").sees(200, "h1", "Employeurs").open(b.link("main a.go")).sees(200, "h1", "Déclarer")
	b.submit("main form.ask", url.Values{"name": {"<b>Chantiers</b> du Sud"}}).sees(422, "#country-erreur", "")
	if b.Find("#name").AttrOr("value", "") != "<b>Chantiers</b> du Sud" {
		t.Error("what was typed is lost")
	}
	b.submit("main form.ask", url.Values{"country": {"ES"}, "registration": {"B-12345678"}, "sites-0-city": {"Lérida"}}).sees(200, ".flash", "déclaré").sees(200, ".list", "<b>Chantiers</b> du Sud")
	b.open(b.link(".list th a[href*='/fiche/']")).sees(200, ".side", "")
	b.submit("main form.ask", url.Values{"sites-0-city": {"Huelva"}}).sees(200, ".flash", "corrigé")
	at := b.link(".list th a[href*='/fiche/']")
	s.signedIn("agency2").open(at).sees(404, "h1", "Introuvable")
	s.signedIn("official").open("/travail?genre=employers").sees(200, ".queue", "Chantiers").sees(200, ".queue", "aujourd’hui").sees(200, ".queue", "jours restants")
}

func offerWithdrawn(t *testing.T, s *strict) {
	b := s.signedIn("agency")
	b.open("/agence/offres")
	at := strings.TrimSuffix(b.link("td a[href$='/candidats']"), "/candidats")
	b.open(at+"/suivi").sees(200, "#gerer ~ ul", "Retirer").open(b.link("#gerer ~ ul a[href$='/retrait']"))
	b.submit("main form.ask", url.Values{"reason": {"other"}}).sees(422, ".summary", "")
	b.submit("main form.ask", url.Values{"reason": {"employer_cancelled"}}).sees(200, ".flash", "retirée")
	if b.Find("#gerer").Length() != 0 {
		t.Error("a withdrawn offer can still be ended")
	}
}

// diasporaAtHome: somebody abroad says so, offers help to Mali, and finds work
// at home and elsewhere, missions and the consulate.
func diasporaAtHome(t *testing.T, s *strict) {
	b := s.signedIn("candidate2")
	b.open("/mon-profil").sees(200, "main", "")
	b.open("/mon-profil/diaspora").submit("main form.ask", url.Values{"interests": {"mentoring", "expertMissions", "investment"}}).sees(200, ".flash", "enregistré")
	b.open("/mon-profil/residence")
	if b.status != 200 {
		t.Fatalf("the residence has no page: %d", b.status)
	}
	b.open("/mes-donnees/export").sees(200, "main", "Souhaits").sees(200, "main", "Investir ou créer une entreprise")
}

func signsReported(t *testing.T, s *strict) {
	b := s.visitor()
	b.open("/signaler").sees(200, "main", "Est-ce que cela vous arrive")
	b.submit("main form.ask", url.Values{"category": {"hours"}, "description": {"<i>Je dors au chantier</i>"}, "country": {"ES"}, "indicators": {"isolation", "withholding_of_wages"}})
	b.sees(200, "h1", "Signalement reçu").sees(200, "#urgence ~ ul", "Police (Espagne)")
	reference, code := b.text(".verdict dd b"), b.text(".secret")
	b.open("/signaler/suivi").submit("main form.ask", url.Values{"reference": {reference}, "code": {code}}).sees(200, "main", "<i>Je dors au chantier</i>")
	s.signedIn("official").open("/travail?genre=incidents").sees(200, ".queue", "Sécurité")
}

func numbersChecked(_ *testing.T, s *strict) {
	b := s.visitor()
	b.open("/verifier?reference=AUT-2026-000000").sees(200, ".verdict.warn", "Un signe est faux")
	b.open("/verifier?reference=AUT").sees(200, ".verdict.warn", "pas une référence")
}
