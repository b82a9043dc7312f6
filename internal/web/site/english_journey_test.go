package site_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestEnglishJourneys walks the ten main journeys in English; in a browser, at
// a desk and with JavaScript.
func TestEnglishJourneys(t *testing.T) {
	if inBrowser != nil && inBrowser.mode != inEnglish {
		t.Skipf("%s=%s walks in French", modeVariable, inBrowser.mode)
	}
	s := openApp(t, true)
	s.english = true
	for _, each := range []struct {
		name    string
		journey func(*testing.T, *strict)
	}{
		{"search, filter, read and compare", englishSearch},
		{"check a reference", englishCheck},
		{"report without an account and follow it", englishReport},
		{"register and fill in a profile", englishProfile},
		{"offers for me, application and tracker", englishApplication},
		{"an agency's offer from draft to publication", englishOffer},
		{"a placement from contract to clearance", englishPlacement},
		{"an incident is handled", englishIncident},
		{"a corridor is suspended after a preview", englishSuspension},
		{"the dashboard is read", englishDashboard},
		{"consents and my data", englishData},
	} {
		t.Run(each.name, func(t *testing.T) { each.journey(t, s.in(t)) })
	}
}

func englishSearch(t *testing.T, s *strict) {
	b := s.visitor()
	b.open("/").sees(200, "h1", "Work abroad").submit("form.find", url.Values{"q": {"welder"}})
	b.sees(200, "#resultats", "offer").open("/offres").sees(200, "h1", "")
	b.submit("form.search", url.Values{"pays": {"FR", "ES"}})
	if b.Find(".chips li").Length() < 2 {
		t.Errorf("%d filters are shown", b.Find(".chips li").Length())
	}
	b.open(b.link(".offer h3 a")).sees(200, ".free", "Free for the worker").sees(200, ".headline", "")
	b.open("/offres?pays=FR")
	b.open(b.link(".offer .beside a")).sees(200, "h1", "Compare offers").open(b.Find("main p a").Last().AttrOr("href", ""))
	b.open(b.Find(".offer .beside a").Eq(1).AttrOr("href", "")).sees(200, ".sides", "What you pay")
	if b.Find(".sides thead th").Length() != 2 {
		t.Errorf("%d offers are compared", b.Find(".sides thead th").Length())
	}
}

func englishCheck(_ *testing.T, s *strict) {
	b := s.visitor()
	reference := strings.TrimPrefix(b.open("/offres").link(".offer h3 a"), "/offres/")
	b.open("/verifier").sees(200, "h1", "Check an offer").submit("form.line", url.Values{"reference": {strings.ToLower(reference)}}).sees(200, ".verdict h2", "Offer in force")
	b.submit("form.line", url.Values{"reference": {"hello"}}).sees(200, ".verdict h2", "This is not a reference")
	b.submit("form.line", url.Values{"reference": {"BPE-9999-999"}}).sees(200, ".verdict h2", "Unknown")
}

func englishReport(t *testing.T, s *strict) {
	b := s.visitor()
	b.open("/signaler").submit("main form", url.Values{"category": {"fee"}}).sees(422, ".summary", "Tell us")
	b.submit("main form", url.Values{"description": {"They ask for 200,000 F CFA."}}).sees(200, "h1", "Report received").sees(200, "main", "shown only once")
	number, code := regexp.MustCompile(`INC-2\d{3}-\w{6}`).FindString(b.text(".verdict")), b.text(".verdict .secret")
	other := s.visitor()
	other.open("/signaler/suivi").submit("main form", url.Values{"reference": {number}, "code": {code}}).sees(200, ".plainlist", "200,000")
	other.submit("main form", url.Values{"text": {"One more thing."}}).sees(200, ".plainlist", "One more thing.")
	if other.text(".verdict .secret") == code {
		t.Error("the code is not turned over")
	}
}

func englishProfile(_ *testing.T, s *strict) {
	b := s.visitor()
	b.open("/inscription").sees(200, "h1", "Create an account")
	b.submit("main form", url.Values{"email": {"mariam@example.ml"}, "password": {"short"}}).sees(422, ".summary", "Password")
	b.submit("main form", url.Values{"password": {"three canoes on the Bani"}}).sees(200, ".flash", "Request received")
	b.submit("main form", url.Values{"login": {"mariam@example.ml"}, "password": {"three canoes on the Bani"}})
	b.open("/mon-profil").sees(200, "h1", "My profile").open("/mon-profil/identite")
	b.submit("main form.ask", url.Values{"identity-givenNames": {"Mariam"}, "identity-familyName": {"Keita"}, "identity-birthDate": {"21/05/1990"}}).sees(200, ".flash", "Saved")
	b.submit("main form.ask", url.Values{"residence-country": {"FR"}, "residence-city": {"Montreuil"}}).sees(200, ".flash", "Saved")
	b.open("/mon-profil/langues/nouveau").submit("main form.ask", url.Values{"language": {"en"}, "level": {"C1"}}).sees(200, ".entries", "English")
	b.open("/mon-profil/diaspora").submit("main form.ask", url.Values{"interests": {"mentoring"}}).sees(200, ".flash", "Saved")
	b.open("/mon-profil/verification").sees(200, "main", "Montreuil").sees(200, "main", "C1")
}

func englishApplication(t *testing.T, s *strict) {
	b := s.signedIn("candidate2")
	b.open("/mes-offres").sees(200, "h1", "Offers for me").sees(200, ".match", "Why this offer")
	for _, path := range hrefs(b, ".match h3 a") {
		if b.open(path); b.Find(".apply form").Length() == 1 {
			break
		}
	}
	b.submit(".apply form", url.Values{"message": {"Hello, I am available."}}).sees(200, ".flash", "Your application has been sent").sees(200, "h1", "My applications")
	file := b.link(".file h2 a")
	b.open(file).sees(200, ".prose", "I am available").sees(200, ".steps [aria-current]", "")
	b.submit(".leave form", nil).sees(200, ".flash", "withdrawn")
}

func englishOffer(t *testing.T, s *strict) {
	const title = "Boiler welder on trial"
	b := s.signedIn("agency")
	b.open("/agence/offres").sees(200, "h1", "My agency’s offers").open("/agence/offres/nouvelle")
	employer, country := accredited(t, b)
	b.submit("main form", url.Values{"title": {title}, "places": {"many"}, "employer": {employer}, "country": {country}}).sees(422, ".summary", "Places: Give a whole number")
	b.submit("main form", url.Values{"places": {"3"}}).sees(200, ".flash", "draft has been saved").sees(200, ".findings", "")
	b.submit("main form", url.Values{
		"occupation": {"7212"}, "kind": {"fixed_term"}, "durationMonths": {"12"}, "hoursPerWeek": {"39"}, "daysPerWeek": {"5"},
		"pay-amount": {"2400"}, "pay-currency": {"EUR"}, "pay-period": {"month"}, "pay-basis": {"gross"},
		"description": {"Weld frames in a workshop."}, "benefits-housing": {"yes"}, "costs-visa": {"employer"},
	}).sees(200, ".flash", "changes have been saved")
	b.submit(`form[action$="/soumissions"]`, nil).sees(200, ".flash", "submitted for review")
	first, second := s.signedIn("official"), s.signedIn("official2")
	path := offerIn(first.open("/travail?genre=offers").sees(200, "h1", "To do"), title)
	first.open(path).submit(`form[action$="/approbations"]`, nil).sees(200, ".flash", "Another official must publish it")
	second.open(path).submit(`form[action$="/publications"]`, nil).sees(200, ".flash", "The offer is published")
	s.visitor().open("/offres?q="+url.QueryEscape(title)).sees(200, ".offer", title)
}

func englishPlacement(t *testing.T, s *strict) {
	agency, person := s.signedIn("agency"), s.signedIn("candidate2")
	at := appliedWith(t, agency, person, "sent")
	agency.open(at+"/suivi").open(agency.link("#etape-submitted ~ ul a")).submit("form[action$='/selections']", nil).sees(200, ".flash", "The placement opens")
	file := agency.link("a.go[href^='/agence/departs/']")
	agency.open(file + "/contrat")
	agency.submit("main form.ask", url.Values{"language": {"fr"}}).sees(200, ".flash", "contract is proposed")
	own := strings.Replace(file, "/agence/departs/", "/mes-departs/", 1)
	person.open(own)
	contract := person.link("a.go[href*='/contrats/']")
	person.open(contract).sees(200, "#droits", "rights").submit("form[action$='/lectures']", nil).sees(200, ".flash", "time to think")
	s.wait(73 * time.Hour)
	person = s.signedIn("candidate2")
	person.open(contract).submit("form[action$='/codes']", nil).sees(200, ".flash", "code")
	code := regexp.MustCompile(`\d{6}`).FindString(s.mailed("candidate2@demo.test", regexp.MustCompile(`\b\d{6}\b`)))
	person.submit("form[action$='/acceptations']", url.Values{"code": {code}}).sees(200, ".flash", "You have accepted the contract")
	englishClearance(t, s)
}

// englishClearance: two officials clear a file, side by side with its offer.
func englishClearance(t *testing.T, s *strict) {
	first, second := s.signedIn("official2"), s.signedIn("official3")
	path := underReview(t, first)
	first.sees(200, ".list", "").submit(`form[action$="/prises"]`, nil).sees(200, ".flash", "yours for four hours")
	first.submit(`form[action$="/examens"]`, nil).sees(200, ".flash", "First signature recorded")
	second.open(path).submit(`form[action$="/autorisations"]`, nil).sees(200, ".flash", "The departure is cleared")
}

func englishIncident(_ *testing.T, s *strict) {
	visitor := s.visitor()
	visitor.open("/signaler").submit("main form", url.Values{"category": {"violence"}, "description": {"Somebody was hit."}}).sees(200, "h1", "Report received")
	b := s.signedIn("official2")
	b.open("/travail/signalements?etat=received&securite=oui")
	b.open(b.link(`.list tr:has(.mark.bad) th a`)).sees(200, ".prose", "Somebody was hit.")
	b.submit(`form[action$="/tris"]`, url.Values{"triage-indicators": {"isolation"}}).sees(200, ".flash", "Safety is at stake")
	b.submit(`form[action$="/reponses"]`, url.Values{"answer-text": {"We are acting."}, "answer-audience": {"reporter"}}).sees(200, ".flash", "recorded")
	b.submit(`form[action$="/orientations"]`, url.Values{"refer-partner": {"police"}, "refer-country": {"ES"}, "refer-consented": {"yes"}}).sees(200, ".flash", "referred")
	b.submit(`form[action$="/clotures"]`, url.Values{"close-reason": {"resolved.4"}}).sees(200, ".flash", "The case is closed")
}

func englishSuspension(t *testing.T, s *strict) {
	const at, form = "/travail/couloirs/ML-ES", `form[action$="/suspension"][method=post]`
	b := s.signedIn("official2")
	b.open("/travail/couloirs").open(at).open(b.link(`a[href$="/suspension"]`)).sees(200, "h1", "Suspend departures: Spain")
	if b.Find(form).Length() != 0 {
		t.Error("a suspension without preview")
	}
	b.submit("form.filter", nil).sees(200, "#touches", "")
	b.submit(form, url.Values{"act": {"ORD-2026-9"}, "evidence": {"Official journal"}}).sees(200, ".flash", "The suspension is in force").sees(200, ".warnings", "ORD-2026-9")
	b.open(at+"/touches?acte=ORD-2026-9").sees(200, "h1", "")
}

func englishDashboard(t *testing.T, s *strict) {
	b := s.signedIn("official")
	b.open("/tableau-de-bord").sees(200, "h1", "Dashboard").sees(200, ".tally", "waiting")
	if b.Find(".figures").Length() != 9 || b.Find("svg.bar-of").Length() < 20 {
		t.Errorf("%d tables, %d bars", b.Find(".figures").Length(), b.Find("svg.bar-of").Length())
	}
	b.submit("form.filter", url.Values{"du": {"01/01/2026"}, "au": {"31/12/2026"}}).sees(200, "main", "Delays")
	b.open(b.link(".total a")).sees(200, "h1", "Placements")
}

func englishData(t *testing.T, s *strict) {
	b := s.signedIn("candidate2")
	b.open("/mes-donnees").open("/mes-donnees/consentements").sees(200, "h1", "My consents")
	b.submit("main form.ask", url.Values{"consent-contact": {"yes"}, "consent-statistics": {"no"}}).sees(200, ".flash", "Your choices are saved")
	b.open("/mes-donnees/export").sees(200, "h1", "Take my data away")
	res, err := b.client.Get(b.base + b.link("main a[download]"))
	if err != nil {
		t.Fatal(err)
	}
	var whole struct{ Account struct{ Email string } }
	err = json.NewDecoder(res.Body).Decode(&whole)
	if closed := res.Body.Close(); err != nil || closed != nil || whole.Account.Email != "candidate2@demo.test" {
		t.Errorf("%+v %v %v", whole, err, closed)
	}
}
