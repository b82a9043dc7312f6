package site_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// TestAgencyDecisionJourneys walks what an agency decides about people, its
// offers and its own file, and what the other side sees of it.
func TestAgencyDecisionJourneys(t *testing.T) {
	s := openApp(t, true)
	for _, each := range []struct {
		name    string
		journey func(*testing.T, *strict)
	}{
		{"person is invited", personInvited},
		{"person is kept, heard and refused", personRefused},
		{"refusal of an offer is answered", offerAnswered},
		{"offer is closed", offerEnded},
		{"agency asks for a licence", licenceAskedFor},
		{"agency corrects its file", agencyCorrects},
	} {
		t.Run(each.name, func(t *testing.T) { each.journey(t, s.in(t)) })
	}
}

// rowOf gives the line of a list that holds the words, turning its pages.
func (b *browser) rowOf(path, words string) *goquery.Selection {
	b.t.Helper()
	for ; path != ""; path = b.Find(".pager a[rel=next]").AttrOr("href", "") {
		rows := b.open(path).Find(".list tbody tr")
		if found := rows.FilterFunction(func(_ int, row *goquery.Selection) bool { return strings.Contains(row.Text(), words) }); found.Length() > 0 {
			return found.First()
		}
	}
	return nil
}

// profileOf gives the id of a person's profile, as that person may take it
// away.
func profileOf(t *testing.T, b *browser) string {
	t.Helper()
	b.open("/mes-donnees/export")
	var whole struct{ Profile struct{ ID string } }
	if err := json.Unmarshal(downloaded(t, b, b.link("main a[download]"), ".json"), &whole); err != nil || whole.Profile.ID == "" {
		t.Fatalf("no profile in the export: %v", err)
	}
	return whole.Profile.ID
}

// invitable finds an offer of the agency that fits a person, leaves the agency
// on the list of those who match it, and gives the offer's reference and the
// form that invites.
func invitable(t *testing.T, agency, person *browser) (reference, form string) {
	t.Helper()
	form = `form[action$="/invitations"]:has(input[value="` + profileOf(t, person) + `"])`
	for _, path := range hrefs(person.open("/mes-offres"), ".match h3 a") {
		reference = strings.TrimPrefix(path, "/offres/")
		row := agency.rowOf("/agence/offres", reference)
		if row == nil {
			continue
		}
		if agency.open(row.Find("td a").AttrOr("href", "")); agency.Find(form).Length() == 1 {
			return reference, form
		}
	}
	t.Fatal("no offer of the agency fits the person")
	return "", ""
}

func personInvited(t *testing.T, s *strict) {
	agency, person, other := s.signedIn("agency"), s.signedIn("candidate"), s.signedIn("agency2")
	reference, form := invitable(t, agency, person)
	if text := agency.text("#profils ~ .list tr:has(" + form + ")"); strings.Contains(text, "Seydou") || strings.Contains(text, "@") {
		t.Errorf("the agency reads who it invites: %s", text)
	}
	action, sent := agency.Find(form).AttrOr("action", ""), fields(agency.Find(form))
	agency.submit(form, nil).sees(200, ".flash", "est invitée").sees(200, "#candidatures ~ .list", "Invitation reçue")
	if agency.Find(form).Length() != 0 {
		t.Error("somebody who is invited can be invited again")
	}
	file := agency.link(`#candidatures ~ .list tr:contains("Invitation") th a`)
	agency.post(action, sent).sees(200, ".flash", "déjà un dossier")
	foreign := url.Values{"profile": sent["profile"], "jeton": {other.open("/agence/dossier").Find("main input[name=jeton]").AttrOr("value", "")}}
	other.post(action, foreign).sees(404, "h1", "Introuvable")
	other.open(file).sees(404, "h1", "Introuvable")
	agency.open(file).sees(200, "main", "Invitation reçue")
	if agency.Find("#decider ~ form").Length() > 1 || strings.Contains(agency.text("main"), "Seydou") {
		t.Error("the agency decides about somebody who has not answered, or reads the name")
	}
	person.open("/mes-candidatures").open(person.link(`.file:has(form[action*="` + file[strings.LastIndex(file, "/"):] + `/"]) h2 a`))
	person.sees(200, "main", "l’invitation attend votre réponse")
	person.submit(`form[action$="/acceptations"]`, nil).sees(200, ".flash", "candidature est envoyée")
	agency.open(file).sees(200, ".mark", "Déposée").sees(200, "main", "Seydou")
	person.open("/offres/"+reference).sees(200, ".apply", "en cours")
}

// personRefused goes through the stages of an application on both sides.
func personRefused(t *testing.T, s *strict) {
	agency, person := s.signedIn("agency"), s.signedIn("candidate2")
	offer := applied(t, agency, person)
	agency.open(offer).open(agency.link(`.tabs a[href$="/suivi"]`)).open(agency.link("#etape-submitted ~ ul a"))
	file := agency.at.Path
	own := strings.Replace(file, "/agence/", "/mes-", 1)
	agency.submit(`form[action$="/preselections"]`, nil).sees(200, ".flash", "présélectionnée").sees(200, ".mark", "Présélectionnée")
	person.open("/mes-candidatures").open(person.link(`.file h2 a[href="`+own+`"]`)).sees(200, ".steps [aria-current]", "Présélectionnée")
	agency.submit(`form[action$="/entretiens"]`, url.Values{"interview-at": {s.day(6)}, "interview-hour": {"midi"}}).sees(422, "#interview-hour-erreur", "")
	if agency.Find("#interview-at").AttrOr("value", "") != s.day(6) || agency.Find("#interview-hour").AttrOr("value", "") != "midi" || agency.Find("details[open] #interview-hour").Length() != 1 {
		t.Error("what was typed is lost, or its form is closed")
	}
	heard := fields(agency.Find(`form[action$="/entretiens"]`))
	heard.Set("interview-hour", "14h30")
	agency.submit(`form[action$="/entretiens"]`, url.Values{"interview-hour": {"14h30"}}).sees(200, ".flash", "L’entretien est noté").sees(200, "main", "14 h 30")
	agency.post(file+"/entretiens", heard).sees(200, ".flash", "L’entretien est noté")
	person.open(own).sees(200, ".steps [aria-current]", "Entretien").sees(200, "#suite ~ dl", "14 h 30")
	agency.submit(`form[action$="/refus"]`, nil).sees(422, "#refuse-reason-erreur", "")
	agency.submit(`form[action$="/refus"]`, url.Values{"refuse-reason": {"language"}}).sees(200, ".flash", "refusée, avec son motif").sees(200, "#decider ~ p", "")
	if agency.Find(".side form").Length() != 0 {
		t.Error("an application that is refused can still be decided")
	}
	person.open(own).sees(200, ".mark", "Refusée").sees(200, "main", "Motif")
	person.open(own).sees(200, "#suite ~ dl", "postuler de nouveau")
	s.signedIn("agency2").open(file).sees(404, "h1", "Introuvable")
	s.signedIn("candidate").open(own).sees(404, "h1", "Introuvable")
}

// offerAnswered: a refusal is answered once, the offer is corrected, and a
// second refusal is the last.
func offerAnswered(t *testing.T, s *strict) {
	b, official := s.signedIn("agency"), s.signedIn("official")
	path := b.rowOf("/agence/offres", "Refusée").Find("th a").AttrOr("href", "")
	reference := strings.TrimPrefix(b.open(path).sees(200, ".flash.warn", "Motif du refus").text("h1"), "Offre ")
	b.open(b.link(`main a.go[href$="/reponse"]`)).sees(200, "h1", "Répondre au refus").sees(200, ".side", "Motif")
	b.submit("main form.ask", nil).sees(422, "#note-erreur", "")
	sent := fields(b.Find("main form.ask"))
	sent.Set("note", "Le salaire <b>monte</b>.")
	b.submit("main form.ask", url.Values{"note": {"Le salaire <b>monte</b>."}}).sees(200, ".flash", "Corrigez maintenant").sees(200, ".mark", "Brouillon")
	b.post(path+"/reponse", sent).sees(200, ".flash", "Corrigez maintenant")
	b.submit("main form.ask", url.Values{"pay-amount": {"1 900"}}).sees(200, ".flash", "enregistré")
	b.submit(`form[action$="/soumissions"]`, nil).sees(200, ".flash", "soumise")
	review := official.rowOf("/travail/offres?etat=submitted", reference).Find("th a").AttrOr("href", "")
	official.open(review).sees(200, "#reponse ~ .prose", "Le salaire <b>monte</b>.").sees(200, "main", "1 900")
	official.submit(`form[action$="/refus"]`, url.Values{"refuse-reason": {"employer_doubtful"}}).sees(200, ".flash", "refusée")
	b.open(path).sees(200, "main", "Ce refus est définitif")
	b.open(b.link(`.tabs a[href$="/suivi"]`))
	if b.Find(`a[href$="/reponse"]`).Length() != 0 {
		t.Error("a second answer is offered")
	}
	b.open(path+"/reponse").sees(200, ".flash", "pas possible")
	s.signedIn("agency2").open(path+"/reponse").sees(404, "h1", "Introuvable")
}

// offerEnded: what an agency ends takes no more applications, and whoever
// applied is told why.
func offerEnded(t *testing.T, s *strict) {
	b, person := s.signedIn("agency"), s.signedIn("candidate2")
	path := applied(t, b, person)
	own, public := person.link(".file h2 a"), person.link(`.file a[href^="/offres/"]`)
	b.open(path+"/suivi").open(b.link(`#gerer ~ ul a[href$="/cloture"]`)).sees(200, "main", "Les départs en cours continuent")
	b.submit("main form.ask", url.Values{"reason": {"other"}}).sees(422, "#note-erreur", "")
	if b.Find("#reason option[selected]").AttrOr("value", "") != "other" {
		t.Error("the reason is lost")
	}
	sent := fields(b.Find("main form.ask"))
	sent.Set("reason", "places_filled")
	b.submit("main form.ask", url.Values{"reason": {"places_filled"}}).sees(200, ".flash", "L’offre est close")
	b.post(path+"/cloture", sent).sees(200, ".flash", "L’offre est close")
	if b.Find("#gerer").Length() != 0 {
		t.Error("an offer that is closed can be ended again")
	}
	if err := s.app.RunJob(t.Context(), "close-applications"); err != nil {
		t.Log(err) // it may be running by itself
	}
	for deadline := time.Now().Add(time.Minute); person.open(own).text(".mark") != "Close" && time.Now().Before(deadline); {
		time.Sleep(50 * time.Millisecond)
	}
	person.sees(200, ".mark", "Close").sees(200, "main", "Motif")
	b.open(path+"/suivi").sees(200, "section #etape-closed", "Close")
	if person.open(public); person.Find(".apply form").Length() != 0 {
		t.Error("an offer that is closed takes applications")
	}
	s.signedIn("agency2").open(path+"/cloture").sees(404, "h1", "Introuvable")
}

// licenceAskedFor: a new agency states its file, and officials find it.
func licenceAskedFor(t *testing.T, s *strict) {
	const login, password = "bureau.neuf@example.ml", "quatre chevaux lents et doux"
	s.visitor().open("/inscription").submit("main form", url.Values{"applicant": {"agency"}, "email": {login}, "password": {password}}).sees(200, ".flash", "Demande enregistrée")
	b := s.logIn(login, password)
	b.open(b.link(`.menu a[href="/agence/dossier"]`)).open(b.link("main a.go")).sees(200, "h1", "Déposer une demande")
	b.submit("main form.ask", url.Values{"name": {"Bureau <b>neuf</b>"}, "phone": {"je n’en ai pas"}}).sees(422, "#phone-erreur", "").sees(422, "#kind-erreur", "").sees(422, "#country-erreur", "")
	if b.Find("#name").AttrOr("value", "") != "Bureau <b>neuf</b>" || b.Find("#phone").AttrOr("value", "") != "je n’en ai pas" {
		t.Error("what was typed is lost")
	}
	typed := url.Values{"kind": {"private"}, "country": {"ML"}, "phone": {"+22370123456"}, "city": {"Ségou"}, "email": {login}, "licence": {"MTFP-2026-777"}, "licenceFrom": {s.day(-30)}, "licenceUntil": {s.day(700)}}
	sent := fields(b.Find("main form.ask"))
	for name, value := range typed {
		sent[name] = value
	}
	b.submit("main form.ask", typed).sees(200, ".flash", "enregistré").sees(200, "#licence ~ p", "Le ministère examine").sees(200, ".lead", "Bureau <b>neuf</b>")
	b.post("/agence/dossier/modification", sent).sees(200, ".flash", "enregistré")
	o := s.signedIn("official")
	o.open(o.rowOf("/travail?genre=agencies", "Bureau <b>neuf</b>").Find("th a").AttrOr("href", "")).sees(200, "#dossier ~ dl", "MTFP-2026-777")
}

// agencyCorrects: contacts change at once; the licence only with the ministry.
func agencyCorrects(t *testing.T, s *strict) {
	b, colleague := s.signedIn("agency"), s.signedIn("agency")
	b.open("/agence/dossier").open(b.link(`#dossier ~ p a`)).sees(200, "h1", "Modifier le dossier")
	colleague.open("/agence/dossier/modification")
	name := b.Find("#name").AttrOr("value", "")
	b.submit("main form.ask", url.Values{"email": {"pas une adresse"}, "city": {"Kati <i>"}}).sees(422, "#email-erreur", "")
	if b.Find("#email").AttrOr("value", "") != "pas une adresse" || b.Find("#city").AttrOr("value", "") != "Kati <i>" {
		t.Error("what was typed is lost")
	}
	b.submit("main form.ask", url.Values{"email": {"accueil@example.ml"}}).sees(200, ".flash", "enregistré").sees(200, "#dossier ~ dl", "Kati <i>")
	colleague.submit("main form.ask", url.Values{"city": {"Koulikoro"}}).sees(422, ".summary", "entre-temps")
	if colleague.Find("#city").AttrOr("value", "") != "Koulikoro" {
		t.Error("what the colleague typed is lost")
	}
	colleague.sees(422, "#enregistre ~ dl", "Kati <i>").sees(422, "#enregistre ~ dl", "accueil@example.ml")
	b.open("/agence/dossier/modification").submit("main form.ask", url.Values{"name": {"Autre nom"}}).sees(409, ".summary", "")
	b.open("/agence/dossier").sees(200, ".lead", name)
	o := s.signedIn("official")
	o.open(o.rowOf("/travail/agences?etat=active", name).Find("th a").AttrOr("href", "")).sees(200, "#dossier ~ dl", "Kati <i>")
}
