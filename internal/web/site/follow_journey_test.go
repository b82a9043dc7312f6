package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestFollowingJourneys walks what happens to files of a demonstration from the
// departure to the return, as the agency and officials see it.
func TestFollowingJourneys(t *testing.T) {
	s := openApp(t, true)
	for _, each := range []struct {
		name    string
		journey func(*testing.T, *strict)
	}{
		{"agency follows somebody to the return", agencyToTheReturn},
		{"agency follows somebody abroad", agencyAbroad},
		{"officials follow somebody abroad", officialsAbroad},
		{"officials hold, charge and revoke", officialsHold},
		{"agency gives a file up", agencyGivesUp},
		{"agency keeps the file's papers and costs", agencyPapers},
		{"a mission is described", missionDescribed},
	} {
		t.Run(each.name, func(t *testing.T) { each.journey(t, s.in(t)) })
	}
}

// day is so many days from today, as date fields take it.
func (s *strict) day(from int) string {
	return s.app.Clock().Now().Add(time.Duration(from) * 24 * time.Hour).Format(time.DateOnly)
}

// filesIn gives the files of an agency that stand in a state.
func (s *strict) filesIn(b *browser, mark string) (files []string) {
	s.t.Helper()
	for path := "/agence/departs"; path != ""; path = b.Find(".pager a[rel=next]").AttrOr("href", "") {
		b.open(path)
		for i := range b.Find(".list tbody tr").Nodes {
			if row := b.Find(".list tbody tr").Eq(i); row.Find(".mark").First().Text() == mark {
				files = append(files, row.Find("th a").AttrOr("href", ""))
			}
		}
	}
	return files
}

// fileIn gives the first of them.
func (s *strict) fileIn(b *browser, mark string) string {
	s.t.Helper()
	files := s.filesIn(b, mark)
	if len(files) == 0 {
		s.t.Fatalf("no file is %s", mark)
	}
	return files[0]
}

// cleared has two officials clear a file that nothing holds up; it gives its
// address for the agency, and somebody of the agency.
func (s *strict) cleared() (string, *browser) {
	s.t.Helper()
	first, second := s.signedIn("official2"), s.signedIn("official3")
	for _, who := range []string{"agency", "agency2"} {
		agency := s.signedIn(who)
		for _, file := range s.filesIn(agency, "À l’examen") {
			if first.open(deskFile(file)); first.Find(`form[action$="/examens"]`).Length() == 0 {
				continue
			}
			if first.submit(`form[action$="/examens"]`, nil); first.status != http.StatusOK {
				continue
			}
			if second.open(deskFile(file)).submit(`form[action$="/autorisations"]`, nil); second.status == http.StatusOK {
				return file, agency
			}
		}
	}
	s.t.Fatal("no file can be cleared")
	return "", nil
}

func deskFile(file string) string {
	return strings.Replace(file, "/agence/departs/", "/travail/departs/", 1)
}

func agencyToTheReturn(t *testing.T, s *strict) {
	file, b := s.cleared()
	b.open(file).open(file+"/depart").submit("main form.ask", nil).sees(422, ".summary", "")
	b.submit("main form.ask", url.Values{"on": {s.day(0)}}).sees(200, ".flash", "Le départ est enregistré")
	b.open(file+"/arrivee").submit("main form.ask", url.Values{"on": {s.day(0)}, "place": {"Alméria <b>"}}).sees(200, ".flash", "L’arrivée est enregistrée")
	b.open(file+"/nouvelles").submit("main form.ask", nil).sees(422, ".summary", "")
	b.submit("main form.ask", url.Values{"channel": {"visit"}, "well": {"yes"}, "paidAs": {"no"}, "concerns": {"document_retention"}, "note": {"Passeport gardé"}}).sees(200, ".flash", "nouvelles")
	b.open(file+"/fin").submit("main form.ask", url.Values{"how": {"early"}, "on": {s.day(0)}}).sees(422, ".summary", "")
	b.submit("main form.ask", url.Values{"cause": {"illness"}}).sees(200, ".flash", "La fin du travail")
	b.open(file+"/suite").submit("main form.ask", url.Values{"outcome": {"returned"}, "on": {s.day(0)}}).sees(200, ".flash", "La suite est enregistrée")
	b.open(file+"/rappel").submit("main form.ask", url.Values{"wanted": {"yes"}, "from": {s.day(60)}}).sees(200, ".flash", "souhait de l’employeur")
	o := s.signedIn("official3")
	o.open(deskFile(file)).submit(`form[action$="/reinsertions"]`, url.Values{"open_case-needs": {"housing"}}).sees(200, ".flash", "ouvert")
	reintegrated(t, s, deskFile(file))
}

// reintegrated: an official plans, meets the person again and closes the case.
func reintegrated(_ *testing.T, s *strict, file string) {
	b := s.signedIn("official3")
	b.open(file).submit(`form[action$="/plans"]`, url.Values{"plan-needs": {"work"}, "plan-plan": {"Atelier à Ségou"}}).sees(200, ".flash", "Le plan est enregistré")
	b.submit(`form[action$="/suivis"]`, url.Values{"meet-activity": {"self_employed"}}).sees(200, ".flash", "Le suivi est noté")
	b.submit(`form[action$="/certificats"]`, nil).sees(200, ".flash", "certifiées")
	b.submit(`form[action$="/clotures"]`, url.Values{"close_case-outcome": {"settled"}}).sees(200, ".flash", "Le suivi est clos")
}

func agencyAbroad(_ *testing.T, s *strict) {
	b := s.signedIn("agency")
	file := s.fileIn(b, "Départ effectué")
	b.open(file).open(file+"/arrivee").submit("main form.ask", url.Values{"on": {s.day(0)}, "place": {"Aéroport"}}).sees(200, ".flash", "L’arrivée est enregistrée")
	b.open(file+"/contrat-sur-place").submit("main form.ask", url.Values{"conforme": {"yes"}}).sees(200, ".flash", "sur place est déclaré")
	b.open(file+"/nouvelles").submit("main form.ask", url.Values{"channel": {"phone"}, "well": {"yes"}, "paidAs": {"yes"}}).sees(200, ".flash", "nouvelles")
	b.open(file+"/assurance").submit("main form.ask", url.Values{"branch": {"accident"}, "institution": {"Caisse"}, "from": {s.day(0)}}).sees(200, ".flash", "assurance est ajoutée")
	b.open(file+"/fin").submit("main form.ask", url.Values{"how": {"agreed"}, "on": {s.day(0)}}).sees(200, ".flash", "La fin du travail")
	b.open(file+"/suite").submit("main form.ask", url.Values{"outcome": {"stayed"}, "on": {s.day(0)}}).sees(200, ".flash", "La suite est enregistrée")
}

func officialsAbroad(_ *testing.T, s *strict) {
	file, _ := s.cleared()
	b := s.signedIn("official3")
	b.open(deskFile(file)).submit(`form[action$="/departs"]`, url.Values{"depart-on": {""}}).sees(422, ".summary", "")
	b.submit(`form[action$="/departs"]`, url.Values{"depart-on": {s.day(0)}}).sees(200, ".flash", "Le départ est noté")
	b.submit(`form[action$="/arrivees"]`, url.Values{"arrive-on": {s.day(0)}, "arrive-place": {"Gare"}}).sees(200, ".flash", "L’arrivée est notée")
	b.submit(`form[action$="/contacts"]`, url.Values{"contact-channel": {"consulate"}, "contact-well": {"yes"}, "contact-paid": {"yes"}}).sees(200, ".flash", "Le contact est noté")
	b.open(deskFile(file)).submit(`form[action$="/fins"]`, url.Values{"end-on": {s.day(0)}, "end-cause": {"family"}}).sees(200, ".flash", "La fin du travail est notée")
	b.submit(`form[action$="/suites"]`, url.Values{"conclude-outcome": {"returned"}, "conclude-on": {s.day(0)}}).sees(200, ".flash", "La suite est notée")
	b.submit(`form[action$="/reinsertions"]`, url.Values{"open_case-needs": {"housing"}}).sees(200, ".flash", "ouvert")
}

func officialsHold(_ *testing.T, s *strict) {
	b, other := s.signedIn("official2"), s.signedIn("official3")
	file := deskFile(s.fileIn(s.signedIn("agency"), "À l’examen"))
	b.open(file).submit(`form[action$="/blocages"]`, url.Values{"hold-source": {"INC-2026-1"}, "hold-reason": {"Menaces <i>"}}).sees(200, ".flash", "Le dossier est bloqué")
	release := func(b *browser) *browser {
		b.open(file)
		hold := b.Find("#release-hold option").First().AttrOr("value", "")
		return b.submit(`form[action$="/levees"]`, url.Values{"release-hold": {hold}, "release-reason": {"Vérifié"}})
	}
	release(b).sees(200, ".flash", "La levée est proposée")
	release(other).sees(200, ".flash", "Le blocage est levé")
	b.open(file).submit(`form[action$="/frais"]`, url.Values{"cost-category": {"medical"}, "cost-amount": {"15 000"}, "cost-currency": {"XOF"}, "cost-paidBy": {"worker"}, "cost-paidOn": {s.day(-1)}}).sees(200, ".flash", "Le frais est enregistré")
	b.submit(`form[action$="/rayures"]`, url.Values{"strike-reason": {"Saisi deux fois"}}).sees(200, ".flash", "rayée")
	b.submit(`form[action$="/annulations"]`, url.Values{"cancel-reason": {b.Find("#cancel-reason option").Eq(1).AttrOr("value", "")}, "cancel-note": {"Demande écrite"}}).sees(200, ".flash", "annulé")
}

func agencyGivesUp(_ *testing.T, s *strict) {
	b := s.signedIn("agency")
	file := s.fileIn(b, "Contrat proposé")
	b.open(file).open(file+"/annulation").submit("main form.ask", nil).sees(422, ".summary", "")
	b.submit("main form.ask", url.Values{"reason": {b.Find("#reason option").Eq(1).AttrOr("value", "")}, "note": {"Sans suite"}}).sees(200, ".flash", "annulé")
}

func agencyPapers(_ *testing.T, s *strict) {
	b := s.signedIn("agency")
	file := s.fileIn(b, "Contrat accepté")
	b.open(file+"/documents").upload("main form.ask", url.Values{"item": {"receipt"}}, "recu.pdf", []byte(plainPDF)).sees(200, ".flash", "Le document est ajouté")
	reading := b.Find("#documents ~ ul form")
	values := fields(reading)
	if reading.Find("select").Length() > 0 {
		values.Set(reading.Find("select").AttrOr("name", ""), reading.Find("select option").Eq(1).AttrOr("value", ""))
	}
	b.fetchPost(reading.AttrOr("action", ""), values)
	b.open(file+"/frais").submit("main form.ask", url.Values{"category": {"medical"}, "amount": {"12 000"}, "paidBy": {"agency"}, "paidOn": {s.day(-1)}}).sees(200, ".flash", "notés")
	b.open(b.link("a.drop[href$='/radiations']")).submit("main form.ask", url.Values{"reason": {"Erreur"}}).sees(200, "#frais ~ table s", "")
}

func missionDescribed(_ *testing.T, s *strict) {
	b := s.signedIn("agency")
	for path := "/agence/departs"; path != ""; path = b.Find(".pager a[rel=next]").AttrOr("href", "") {
		b.open(path)
		for _, file := range hrefs(b, ".list th a") {
			if b.open(file); b.Find(`a[href$="/mission"]`).Length() > 0 {
				b.open(file+"/mission").submit("main form.ask", url.Values{"host": {"CHU du Point G"}, "objective": {"Former les équipes"}, "results": {"Un module\nDix personnes formées"}}).sees(200, ".flash", "La mission est enregistrée")
				return
			}
		}
		b.open(path)
	}
	s.t.Fatal("no file is of a mission")
}
