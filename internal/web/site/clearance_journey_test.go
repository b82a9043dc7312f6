package site_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestClearanceJourneys walks what officials put into files of people who leave
// or are abroad, and what they take back.
func TestClearanceJourneys(t *testing.T) {
	s := openApp(t, true)
	for _, each := range []struct {
		name    string
		journey func(*testing.T, *strict)
	}{
		{"official adds papers, two others clear, the clearance is revoked", clearanceRevoked},
		{"official states what was found abroad", foundAbroad},
		{"transfer is refused", transferRefused},
		{"internship is evaluated and certified", internshipCertified},
		{"report of a mission is accepted", reportAccepted},
		{"kept out", filesAreClosed},
	} {
		t.Run(each.name, func(t *testing.T) { each.journey(t, s.in(t)) })
	}
}

// markable finds a file under examination to which officials can add papers.
func (s *strict) markable(b *browser) string {
	s.t.Helper()
	agency := s.signedIn("agency")
	for _, file := range s.filesIn(agency, "À l’examen") {
		if b.open(deskFile(file)); b.Find(`form[action$="/pieces"]`).Length() == 1 && b.Find(".warnings").Length() == 0 {
			return file
		}
	}
	s.t.Fatal("no file takes a paper")
	return ""
}

func clearanceRevoked(t *testing.T, s *strict) {
	b := s.signedIn("official3")
	file := s.markable(b)
	papersAdded(t, b)
	b.submit(`form[action$="/examens"]`, nil).sees(409, ".summary", "que vous avez créé ou modifié")
	first, second := s.signedIn("official"), s.signedIn("official2")
	first.open(deskFile(file)).submit(`form[action$="/examens"]`, nil).sees(200, ".flash", "Première signature")
	second.open(deskFile(file)).submit(`form[action$="/autorisations"]`, nil).sees(200, ".mark.cleared", "autorisé")
	number := regexp.MustCompile(`AUT-\d{4}-[0-9A-Z]+`).FindString(second.text("#autorisations ~ ul"))
	v := s.visitor()
	v.open("/verifier").submit("main form", url.Values{"reference": {number}}).sees(200, ".verdict.good", "Autorisation valable")
	first.open(deskFile(file)).submit(`form[action$="/revocations"]`, url.Values{"revoke-note": {"Visa <annulé>"}}).sees(422, "#revoke-reason-erreur", "")
	if first.text("#revoke-note") != "Visa <annulé>" || first.Find("details[open] #revoke-reason").Length() != 1 {
		t.Error("the note is lost or its form is closed")
	}
	first.submit(`form[action$="/revocations"]`, url.Values{"revoke-reason": {first.Find("#revoke-reason option").Eq(1).AttrOr("value", "")}}).sees(200, ".flash", "retirée").sees(200, ".mark.under_review", "")
	first.sees(200, "#autorisations ~ ul .late", "").sees(200, "#historique ~ ol", "Visa <annulé>")
	v.open("/verifier").submit("main form", url.Values{"reference": {number}}).sees(200, ".verdict", "retirée")
	if v.Find(".verdict.good").Length() != 0 {
		t.Error("a revoked clearance is shown as good")
	}
	agency := s.signedIn("agency")
	agency.open(file).sees(200, ".mark", "À l’examen")
	if agency.Find(`a[href$="/depart"]`).Length() != 0 {
		t.Error("the agency can note a departure without a clearance")
	}
}

// papersAdded: an official marks a piece of the file, and adds a paper to it.
func papersAdded(t *testing.T, b *browser) {
	const piece, paper = `form[action$="/pieces"]`, `form[action$="/pieces-jointes"]`
	b.submit(piece, url.Values{"item-expires": {"bientôt"}}).sees(422, "#item-expires-erreur", "")
	if b.Find("#item-expires").AttrOr("value", "") != "bientôt" || b.Find("details[open] #item-expires").Length() != 1 {
		t.Error("the day is lost or its form is closed")
	}
	b.submit(piece, url.Values{"item-expires": {"2031-05-01"}}).sees(422, "#item-file-erreur", "")
	label := b.text("#item-key option[selected]")
	if label == "" {
		label = strings.TrimSpace(b.Find("#item-key option").First().Text())
	}
	b.upload(piece, nil, "piece.pdf", []byte("no paper")).sees(422, "#item-file-erreur", "")
	b.upload(piece, nil, "pièce <b>.pdf", []byte(plainPDF)).sees(200, ".flash", "La pièce est enregistrée").sees(200, `#pieces ~ ul li:contains("`+label+`")`, "pièce _b_.pdf")
	b.upload(paper, nil, "recu.pdf", []byte(plainPDF)).sees(422, "#paper-item-erreur", "")
	b.upload(paper, url.Values{"paper-item": {"receipt"}}, "recu.pdf", []byte(plainPDF)).sees(200, ".flash", "Le document est ajouté").sees(200, "#pieces ~ ul", "recu.pdf")
}

func foundAbroad(t *testing.T, s *strict) {
	file, agency := s.cleared()
	b := s.signedIn("official3")
	b.open(deskFile(file)).submit(`form[action$="/departs"]`, url.Values{"depart-on": {s.day(0)}}).sees(200, ".flash", "Le départ est noté")
	b.submit(`form[action$="/arrivees"]`, url.Values{"arrive-on": {s.day(0)}, "arrive-place": {"Gare"}}).sees(200, ".flash", "L’arrivée est notée")
	const found = `form[action$="/constats"]`
	pay := b.Find("#state-pay-amount").AttrOr("value", "")
	b.submit(found, url.Values{"state-pay-amount": {"beaucoup"}, "state-city": {"Zone <nord>"}}).sees(422, "#state-pay-amount-erreur", "")
	if b.Find("#state-city").AttrOr("value", "") != "Zone <nord>" || b.Find("#state-pay-amount").AttrOr("value", "") != "beaucoup" {
		t.Error("what was typed is lost")
	}
	if b.Find("[name=end-early]").Length() != 0 {
		t.Error("an end as agreed is offered before the work has begun")
	}
	b.submit(`form[action$="/fins"]`, url.Values{"end-on": {s.day(0)}}).sees(422, "#end-cause-erreur", "")
	b.submit(found, url.Values{"state-pay-amount": {pay}}).sees(200, ".flash", "Les conditions trouvées").sees(200, ".mark.in_post", "En poste")
	insured(t, s, b)
	b.submit(found, url.Values{"state-pay-amount": {"1"}}).sees(422, "#state-stage-erreur", "")
	b.submit(found, url.Values{"state-stage": {"payslip"}}).sees(200, ".flash", "Elles bloquent le dossier").sees(200, ".warnings", "")
	agency.open(file).sees(200, ".flash.warn", "bloqué")
	b.submit(`form[action$="/fins"]`, url.Values{"end-on": {s.day(0)}, "end-early": {"no"}}).sees(200, ".flash", "La fin du travail est notée").sees(200, ".mark.completed", "")
}

// insured: an official adds a period of insurance.
func insured(t *testing.T, s *strict, b *browser) {
	const form = `form[action$="/assurances"]`
	b.submit(form, url.Values{"insurance-institution": {"Caisse <du lieu>"}, "insurance-from": {"hier"}}).sees(422, "#insurance-from-erreur", "")
	if b.Find("#insurance-institution").AttrOr("value", "") != "Caisse <du lieu>" || b.Find("#insurance-from").AttrOr("value", "") != "hier" {
		t.Error("what was typed is lost")
	}
	b.submit(form, url.Values{"insurance-from": {s.day(0)}}).sees(422, "#insurance-branch-erreur", "")
	b.submit(form, url.Values{"insurance-branch": {"accident"}}).sees(200, ".flash", "assurance est ajoutée").sees(200, "main .terms", "Caisse <du lieu>")
}

func transferRefused(t *testing.T, s *strict) {
	agency := s.signedIn("agency")
	file := s.fileIn(agency, "En poste")
	agency.open(file).open(file + "/transfert")
	start := agency.Find("#start").AttrOr("value", "")
	agency.submit("main form.ask", url.Values{"signedOn": {s.day(0)}, "start": {start}}).sees(200, ".mark", "Transfert")
	b := s.signedIn("official2")
	b.open(deskFile(file)).submit(`form[action$="/transferts-refus"]`, url.Values{"stop-note": {"Employeur <inconnu>"}}).sees(422, "#stop-reason-erreur", "")
	if b.text("#stop-note") != "Employeur <inconnu>" || b.Find("details[open] #stop-note").Length() != 1 {
		t.Error("the note is lost or its form is closed")
	}
	reason := b.Find("#stop-reason option").Eq(1)
	b.submit(`form[action$="/transferts-refus"]`, url.Values{"stop-reason": {reason.AttrOr("value", "")}}).sees(200, ".flash", "Le transfert est refusé").sees(200, ".mark.in_post", "En poste").sees(200, "#historique ~ ol", reason.Text())
	agency.open(file).sees(200, "h1 + p .mark", "En poste").sees(200, "main", reason.Text()).sees(200, "main", "Employeur <inconnu>")
}

// offers has the agency describe an offer of that kind, and two officials
// publish it; it gives its address for the agency.
func offers(t *testing.T, s *strict, b *browser, kind, title string) string {
	t.Helper()
	b.open("/agence/offres").open(b.link(`a[href="/agence/offres/nouvelle"]`))
	employer := b.Find(`#employer optgroup[label="Espagne"] option`).First().AttrOr("value", "")
	b.submit("main form", url.Values{
		"title": {title}, "places": {"1"}, "employer": {employer}, "country": {"ES"}, "city": {"Huelva"}, "occupation": {"7212"}, "kind": {kind}, "durationMonths": {"6"},
		"hoursPerWeek": {"40"}, "daysPerWeek": {"5"}, "pay-amount": {"2 400"}, "pay-currency": {"EUR"}, "pay-period": {"month"}, "pay-basis": {"gross"},
		"description": {"Souder des charpentes en atelier."}, "benefits-housing": {"yes"}, "costs-visa": {"employer"},
	}).sees(200, ".flash", "brouillon")
	own := b.at.Path
	b.submit(`form[action$="/soumissions"]`, nil).sees(200, ".flash", "soumise")
	first, second := s.signedIn("official"), s.signedIn("official2")
	at := offerIn(first.open("/travail?genre=offers"), title)
	first.open(at).submit(`form[action$="/approbations"]`, nil).sees(200, ".flash", "approuvée")
	second.open(at).submit(`form[action$="/publications"]`, nil).sees(200, ".flash", "publiée")
	return own
}

// takenUp walks somebody's file on a new offer of that kind until work is taken
// up.
func takenUp(t *testing.T, s *strict, kind, title string) *abroadWalk {
	t.Helper()
	w := &abroadWalk{strict: s, agency: s.signedIn("agency"), person: s.signedIn("candidate2")}
	own := offers(t, s, w.agency, kind, title)
	w.person.open("/offres?q=" + url.QueryEscape(title))
	w.person.open(w.person.link(".offer h3 a")).submit(".apply form", nil).sees(200, ".flash", "envoyée")
	w.chosen(t, own)
	w.bringPapers(t)
	w.clear(t)
	w.travel(t)
	return w
}

func internshipCertified(t *testing.T, s *strict) {
	w := takenUp(t, s, "internship", "Stage en soudure")
	b := w.official("official3")
	b.submit(`form[action$="/evaluations"]`, url.Values{"evaluate-by": {"M. <Diarra>"}, "evaluate-skills": {"4"}}).sees(422, "#evaluate-conduct-erreur", "")
	if b.Find("#evaluate-by").AttrOr("value", "") != "M. <Diarra>" || b.Find("#evaluate-skills option[selected]").AttrOr("value", "") != "4" {
		t.Error("what was typed is lost")
	}
	b.submit(`form[action$="/evaluations"]`, url.Values{"evaluate-conduct": {"5"}, "evaluate-autonomy": {"3"}, "evaluate-note": {"Bon travail"}}).sees(200, ".flash", "évaluation est enregistrée").sees(200, "main .terms", "M. <Diarra>")
	if b.Find(`form[action$="/attestations"]`).Length() != 0 {
		t.Error("an internship that goes on can be certified")
	}
	b.submit(`form[action$="/fins"]`, url.Values{"end-on": {w.day(0)}, "end-early": {"no"}}).sees(200, ".flash", "La fin du travail")
	b.submit(`form[action$="/attestations"]`, nil).sees(200, ".flash", "attestation est délivrée").sees(200, "main .terms", "ATT-")
	if b.Find(`form[action$="/attestations"]`).Length() != 0 || b.Find(`form[action$="/evaluations"]`).Length() != 0 {
		t.Error("what is certified can be changed")
	}
	w.person.open(w.own).sees(200, "main", "ATT-")
}

func reportAccepted(t *testing.T, s *strict) {
	w := takenUp(t, s, "expert_mission", "Appui à un atelier de soudure")
	w.describeLate(t)
	b := w.official("official3")
	if b.Find(`form[action$="/rapports"]`).Length() != 0 {
		t.Error("a report that was not sent can be accepted")
	}
	w.person.open(w.own).open(w.person.link("main a[href$='/rapport']")).submit("main form.ask", url.Values{"report": {"Dix personnes <formées>."}}).sees(200, ".flash", "rapport")
	b = w.official("official3").sees(200, "main .terms", "Dix personnes <formées>.")
	b.submit(`form[action$="/rapports"]`, nil).sees(200, ".flash", "Le rapport est accepté")
	if b.Find(`form[action$="/rapports"]`).Length() != 0 {
		t.Error("an accepted report can be accepted again")
	}
}

// describeLate: nobody described the mission before the expert arrived. Each
// side reads what is missing, and the agency can still make it good, once.
func (w *abroadWalk) describeLate(t *testing.T) {
	w.person.open(w.own).sees(200, ".verdict", "dès que l’agence aura décrit la mission")
	if w.person.Find("a[href$='/rapport']").Length() != 0 {
		t.Error("a report is asked for that would be refused")
	}
	w.person.open(w.own+"/rapport").sees(200, ".verdict", "dès que l’agence aura décrit la mission")
	w.official("official3").sees(200, "main .terms", "La mission n’est pas encore décrite")
	w.agency.open(w.file).sees(200, ".verdict", "La mission n’est pas encore décrite")
	w.agency.open(w.agency.link(".verdict a.go[href$='/mission']")).submit("main form.ask", url.Values{"host": {"Atelier du lycée"}, "objective": {"Former"}, "results": {"Dix personnes formées"}}).sees(200, ".flash", "mission").sees(200, "main", "Dix personnes formées")
	if w.agency.Find("a[href$='/mission']").Length() != 0 || strings.Contains(w.agency.text(".verdict"), "décrite") {
		t.Error("a mission that is described is still to be described")
	}
	w.person.open(w.own)
	if strings.Contains(w.person.text(".verdict"), "décrit") {
		t.Error("the report still waits for the description")
	}
}

func filesAreClosed(t *testing.T, s *strict) {
	agency := s.signedIn("agency")
	file := deskFile(s.fileIn(agency, "À l’examen"))
	for _, who := range []string{"agency", "observer", "admin", "candidate2"} {
		b := s.signedIn(who)
		if b.open(file); b.status != 403 {
			t.Errorf("%s opens the file: %d", who, b.status)
		}
		token := fields(b.open("/mot-de-passe").Find("main form")).Get("jeton")
		for _, act := range []string{"pieces", "pieces-jointes", "revocations", "assurances", "constats", "transferts-refus", "evaluations", "attestations", "rapports"} {
			if b.post(file+"/"+act, url.Values{"jeton": {token}}); b.status != 403 {
				t.Errorf("%s sends %s: %d", who, act, b.status)
			}
		}
	}
}
