package site_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestFileAnswerJourneys walks what the two sides of a file answer to each
// other and to officials: a contract is declined, a refusal answered, a slip of
// pay stated, a transfer turned down, a mission reported on.
func TestFileAnswerJourneys(t *testing.T) {
	s := openApp(t, true)
	for _, each := range []struct {
		name    string
		journey func(*testing.T, *strict)
	}{
		{"person declines a contract", contractDeclined},
		{"person answers a refusal", personAnswers},
		{"agency answers a refusal", agencyAnswers},
		{"person turns a transfer down", transferDeclined},
		{"both sides state pay slips", slipsStated},
		{"expert reports on a mission", missionReported},
	} {
		t.Run(each.name, func(t *testing.T) { each.journey(t, s.in(t)) })
	}
}

// personOf signs in as the person of a file, who has lost the password: an
// administrator gives another one.
func (s *strict) personOf(agency *browser, file string) *browser {
	s.t.Helper()
	agency.open(file).open(agency.link(`#offre ~ p a[href^="/agence/candidatures/"]`))
	number := regexp.MustCompile(`\+2237000(\d{4})`).FindStringSubmatch(agency.text("main"))
	if number == nil {
		s.t.Fatalf("the agency does not read how to reach the person: %s", agency.text("main"))
	}
	login := "personne" + strings.TrimLeft(number[1], "0") + "@demo.test"
	admin := s.signedIn("admin")
	for _, name := range []string{"candidate3", "candidate4"} { // two of these people have the password of the demonstration
		b := s.signedIn(name).open("/mes-departs")
		if slices.Contains(hrefs(b, ".file a"), strings.Replace(file, "/agence/departs/", "/mes-departs/", 1)) {
			return b
		}
	}
	admin.open("/administration/comptes").submit("main form", url.Values{"q": {login}}).open(admin.link(".list th a"))
	admin.submit(`form[action$="/mots-de-passe"]`, nil).sees(200, "h1", "Mot de passe provisoire")
	first := admin.text(".secret")
	b := s.logIn(login, first).sees(200, "h1", "Changer de mot de passe")
	return b.submit("main form", url.Values{"currentPassword": {first}, "newPassword": {"huit greniers de mil pleins"}}).sees(200, ".flash", "changé")
}

// ownFile opens the file of an agency as its person does, from the list.
func (b *browser) ownFile(file string) *browser {
	b.t.Helper()
	b.open("/mes-departs")
	return b.open(b.link(`.file a[href="` + strings.Replace(file, "/agence/departs/", "/mes-departs/", 1) + `"]`))
}

// foreignTo fails unless somebody else of each side finds nothing.
func (s *strict) foreignTo(path string) {
	s.t.Helper()
	for prefix, who := range map[string]string{"/agence/": "service", "/mes-departs/": "candidate"} {
		if strings.HasPrefix(path, prefix) {
			s.signedIn(who).open(path).sees(404, "h1", "Introuvable")
		}
	}
}

func contractDeclined(t *testing.T, s *strict) {
	agency := s.signedIn("agency")
	file := s.fileIn(agency, "Contrat proposé")
	b := s.personOf(agency, file).ownFile(file)
	own := b.at.Path
	b.open(b.link(`a.go[href*="/contrats/"]`)).open(b.link(`a.drop[href$="/refus"]`)).sees(200, "main", "Décliner ne coûte rien")
	b.submit("main form.ask", nil).sees(422, "#reason-erreur", "")
	b.submit("main form.ask", url.Values{"reason": {"other"}}).sees(422, "#note-erreur", "")
	if b.Find("#reason option[selected]").AttrOr("value", "") != "other" {
		t.Error("the reason is lost")
	}
	sent := fields(b.Find("main form.ask"))
	sent.Set("note", "Trop <b>loin</b>")
	b.submit("main form.ask", url.Values{"note": {"Trop <b>loin</b>"}}).sees(200, ".flash", "Le contrat est décliné").sees(200, ".mark", "Ouvert")
	b.post(own+"/refus", sent).sees(200, ".flash", "Le contrat est décliné")
	b.open(own+"/refus").sees(200, ".flash", "pas possible")
	agency.open(file).sees(200, ".verdict", "Proposer le contrat").sees(200, "#histoire ~ ol", "Trop <b>loin</b>")
	agency.open(agency.link("#contrats ~ ul a")).sees(200, ".flash.warn", "Trop <b>loin</b>")
	s.foreignTo(own + "/refus")
}

// refused has two officials refuse a file that is under review.
func (s *strict) refused(agency *browser) (file string, official *browser) {
	s.t.Helper()
	file = s.fileIn(agency, "À l’examen")
	first, second := s.signedIn("official2"), s.signedIn("official3")
	first.open(deskFile(file)).submit(`form[action$="/refus"]`, url.Values{"refuse-reason": {"false_documents"}, "refuse-note": {"Contrat <i>illisible</i>"}}).sees(200, ".flash", "Un autre agent")
	second.open(deskFile(file)).submit(`form[action$="/confirmations"]`, nil).sees(200, ".mark.refused", "Refusé")
	return file, second
}

// answer sends the one answer to a refusal, twice, and sees it as an official.
func answer(t *testing.T, b, official *browser, own string) {
	t.Helper()
	b.sees(200, ".flash.warn", "Contrat <i>illisible</i>").open(b.link(`.verdict a.go[href$="/reponse"]`)).sees(200, ".side", "Contrat <i>illisible</i>")
	b.submit("main form.ask", nil).sees(422, "#note-erreur", "")
	sent := fields(b.Find("main form.ask"))
	sent.Set("note", "L’original <b>suit</b>.")
	b.submit("main form.ask", url.Values{"note": {"L’original <b>suit</b>."}}).sees(200, ".flash", "Votre réponse est envoyée").sees(200, ".mark", "À l’examen")
	b.post(own+"/reponse", sent).sees(200, ".flash", "Votre réponse est envoyée")
	official.open(official.at.Path).sees(200, "#reponse ~ .prose", "L’original <b>suit</b>.")
}

func personAnswers(t *testing.T, s *strict) {
	agency := s.signedIn("agency")
	file, official := s.refused(agency)
	b := s.personOf(agency, file).ownFile(file)
	answer(t, b, official, b.at.Path)
	agency.open(file).sees(200, "#histoire ~ ol", "La personne")
	s.foreignTo(b.at.Path + "/reponse")
}

// agencyAnswers: once one side has answered, the other has nothing to answer.
func agencyAnswers(t *testing.T, s *strict) {
	b := s.signedIn("agency")
	file, official := s.refused(b)
	person := s.personOf(b, file).ownFile(file).sees(200, ".verdict", "Répondre au refus")
	answer(t, b.open(file), official, file)
	person.open(person.link(`.verdict a.go[href$="/reponse"]`)).sees(200, ".flash", "pas possible").sees(200, ".mark", "À l’examen")
	if person.Find(`a[href$="/reponse"]`).Length() != 0 {
		t.Error("a second answer is offered")
	}
	s.foreignTo(file + "/reponse")
}

// atWork gives a file of somebody who is in post.
func (s *strict) atWork(agency *browser) string {
	s.t.Helper()
	for _, file := range s.filesIn(agency, "En poste") {
		if agency.open(file); agency.Find(".flash.warn").Length() == 0 {
			return file
		}
	}
	file := s.fileIn(agency, "Départ effectué")
	agency.open(file+"/arrivee").submit("main form.ask", url.Values{"on": {s.day(0)}, "place": {"Gare"}})
	agency.open(file+"/contrat-sur-place").submit("main form.ask", url.Values{"conforme": {"yes"}}).sees(200, ".mark", "En poste")
	return file
}

func transferDeclined(t *testing.T, s *strict) {
	agency := s.signedIn("agency")
	file := s.atWork(agency)
	b := s.personOf(agency, file).ownFile(file)
	own := b.at.Path
	if b.Find(`a[href$="/transfert/refus"]`).Length() != 0 {
		t.Error("a transfer that nobody asked for can be refused")
	}
	agency.open(file).open(agency.link(`#gestes ~ ul a[href$="/transfert"]`))
	agency.submit("main form.ask", url.Values{"signedOn": {s.day(0)}, "start": {agency.Find("#start").AttrOr("value", "")}}).sees(200, ".mark", "Transfert")
	b.open(own).sees(200, "h1 + p", "Rien ne change sans votre accord").open(b.link(`#gestes ~ ul a[href$="/transfert/refus"]`)).sees(200, "main", "continue comme avant")
	b.submit("main form.ask", url.Values{"note": {"Je reste <i>ici</i>"}}).sees(422, "#reason-erreur", "")
	if b.text("#note") != "Je reste <i>ici</i>" {
		t.Error("the note is lost")
	}
	sent := fields(b.Find("main form.ask"))
	sent.Set("reason", "not_wanted")
	b.submit("main form.ask", url.Values{"reason": {"not_wanted"}}).sees(200, ".flash", "Le transfert est refusé").sees(200, ".mark", "En poste")
	b.post(own+"/transfert/refus", sent).sees(200, ".flash", "Le transfert est refusé")
	agency.open(file).sees(200, ".mark", "En poste").sees(200, "#histoire ~ ol", "Je reste <i>ici</i>")
	b.open(own+"/transfert/refus").sees(200, ".flash", "pas possible")
	s.foreignTo(own + "/transfert/refus")
}

// slipsStated: a slip that says what was promised changes nothing; one that
// pays less stops the file, and officials see by how much.
func slipsStated(t *testing.T, s *strict) {
	agency := s.signedIn("agency")
	file := s.atWork(agency)
	b := s.personOf(agency, file).ownFile(file)
	own := b.at.Path
	pay := agency.open(file+"/contrat-sur-place").Find("#pay-amount").AttrOr("value", "")
	agency.open(file).open(agency.link(`#gestes ~ ul a[href$="/bulletin-de-paie"]`)).sees(200, "main", "Recopiez ce que dit le bulletin")
	agency.submit("main form.ask", url.Values{"pay-amount": {"beaucoup"}, "hoursPerWeek": {"35"}}).sees(422, "#pay-amount-erreur", "")
	if agency.Find("#pay-amount").AttrOr("value", "") != "beaucoup" || agency.Find("#hoursPerWeek").AttrOr("value", "") != "35" {
		t.Error("what was typed is lost")
	}
	agency.submit("main form.ask", url.Values{"pay-amount": {pay}, "hoursPerWeek": {""}}).sees(200, ".flash", "Le bulletin de paie est déclaré").sees(200, "#contrats ~ ul", "bulletin de paie")
	b.open(own).open(b.link(`#gestes ~ ul a[href$="/bulletin-de-paie"]`))
	b.submit("main form.ask", nil).sees(422, ".summary", "Montant")
	sent := fields(b.Find("main form.ask"))
	sent.Set("pay-amount", "1")
	b.submit("main form.ask", url.Values{"pay-amount": {"1"}}).sees(200, ".flash", "Le bulletin de paie est déclaré").sees(200, ".flash.warn", "bloqué")
	const slips = `#contrats ~ ul li:contains("bulletin de paie")`
	before := b.Find(slips).Length()
	if b.post(own+"/bulletin-de-paie", sent); b.Find(slips).Length() != before || before != 2 {
		t.Errorf("%d slips, then %d", before, b.Find(slips).Length())
	}
	agency.open(file).sees(200, ".flash.warn", "bloqué")
	s.signedIn("official").open(deskFile(file)).sees(200, "main", "bulletin de paie")
	s.foreignTo(own + "/bulletin-de-paie")
	s.foreignTo(file + "/bulletin-de-paie")
}

// onMission gives the file of an expert who has left.
func (s *strict) onMission(agency *browser) string {
	s.t.Helper()
	for _, file := range s.filesIn(agency, "Départ effectué") {
		if agency.open(file); strings.Contains(agency.text("main"), "Un rapport de mission") {
			return file
		}
	}
	s.t.Fatal("no expert has left")
	return ""
}

func missionReported(t *testing.T, s *strict) {
	agency := s.signedIn("agency")
	file := s.onMission(agency)
	b := s.personOf(agency, file).ownFile(file)
	own := b.at.Path
	b.open(b.link(`.verdict a.go[href$="/arrivee"]`)).submit("main form.ask", url.Values{"on": {s.day(0)}, "place": {"Hôpital"}}).sees(200, ".mark", "Arrivée signalée")
	agency.open(file)
	if agency.Find(`a[href$="/rapport/acceptation"]`).Length() != 0 {
		t.Error("a report that was not handed in can be accepted")
	}
	b.open(b.link(`#gestes ~ ul a[href$="/rapport"]`)).submit("main form.ask", nil).sees(422, "#report-erreur", "")
	sent := fields(b.Find("main form.ask"))
	sent.Set("report", "Dix personnes <b>formées</b>.\n\nReste à équiper la salle.")
	b.submit("main form.ask", url.Values{"report": sent["report"]}).sees(200, ".flash", "Le rapport est remis")
	b.post(own+"/rapport", sent).sees(200, ".flash", "Le rapport est remis")
	b.open(b.link(`#gestes ~ ul a[href$="/rapport"]`)).sees(200, "#report", "Reste à équiper la salle.")
	b.submit("main form.ask", url.Values{"report": {"Dix personnes <b>formées</b>, et une salle équipée."}}).sees(200, ".flash", "Le rapport est remis")
	agency.open(file).open(agency.link(`#gestes ~ ul a[href$="/rapport/acceptation"]`)).sees(200, "#texte ~ .prose", "Dix personnes <b>formées</b>, et une salle équipée.")
	s.foreignTo(file + "/rapport/acceptation")
	agreed := fields(agency.Find("main form.ask"))
	agency.submit("main form.ask", nil).sees(200, ".flash", "Le rapport est accepté").sees(200, "main", "Rapport accepté le")
	agency.post(file+"/rapport/acceptation", agreed).sees(200, ".flash", "Le rapport est accepté")
	b.open(own).sees(200, "main", "Rapport accepté le").sees(200, "#rapport .prose", "une salle équipée")
	if b.Find(`a[href$="/rapport"]`).Length() != 0 {
		t.Error("a report that is accepted can be changed")
	}
	s.foreignTo(own + "/rapport")
}

// judgeInternship: the agency passes on what the tutor says of the trainee.
func (w *abroadWalk) judgeInternship(t *testing.T) {
	w.agency.open(w.file)
	if w.agency.Find(`#gestes ~ ul a[href$="/evaluation"]`).Length() == 0 {
		t.Fatal("the file is not of an internship")
	}
	w.agency.open(w.agency.link(`#gestes ~ ul a[href$="/evaluation"]`)).sees(200, "main", "de 1 à 5")
	w.agency.submit("main form.ask", url.Values{"by": {"M. <b>Diarra</b>"}, "skills": {"4"}, "comment": {"Ponctuel"}}).sees(422, "#conduct-erreur", "").sees(422, "#autonomy-erreur", "")
	if w.agency.Find("#by").AttrOr("value", "") != "M. <b>Diarra</b>" || w.agency.Find("#skills option[selected]").AttrOr("value", "") != "4" || w.agency.text("#comment") != "Ponctuel" {
		t.Error("what was typed is lost")
	}
	w.agency.submit("main form.ask", url.Values{"conduct": {"5"}, "autonomy": {"3"}}).sees(200, ".flash", "L’évaluation est enregistrée").sees(200, "main", "compétences 4, conduite 5, autonomie 3")
	w.person.open(w.own).sees(200, "main", "compétences 4, conduite 5, autonomie 3").sees(200, "main", "Ponctuel")
	w.signedIn("agency2").open(w.file+"/evaluation").sees(404, "h1", "Introuvable")
}
