package site_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

const plainPDF = "%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"

// TestDepartureJourneys walks a departure on both sides, and the agency's other
// pages, in one running demonstration.
func TestDepartureJourneys(t *testing.T) {
	s := openApp(t, true)
	walk := func(name string, journey func(*testing.T, *strict)) {
		t.Run(name, func(t *testing.T) { journey(t, s.in(t)) })
	}
	walk("every page of every file opens", everyFileOpens)
	walk("agency's file and team", agencyAtHome)
	walk("agency's API keys", agencyKeys)
	walk("agency declares an employer", employerIsDeclared)
	walk("somebody else was faster", formsAreOvertaken)
	walk("agency copies an offer", offerIsCopied)
	walk("agency imports a file", agencyImports)
	walk("from application to acceptance", departureIsPrepared)
}

// everyFileOpens visits all an agency and a person can reach from their lists.
func everyFileOpens(t *testing.T, s *strict) {
	b, seen, opened := s.signedIn("agency"), map[string]bool{}, 0
	for _, file := range hrefs(b.open("/agence/departs"), ".list th a") {
		b.open(file).sees(200, ".ref", "PLA-")
		if state := b.text("h1 + p .mark"); !seen[state] { // one file of each state
			seen[state] = true
			for _, deed := range append(hrefs(b, "#gestes ~ ul a"), hrefs(b, "#contrats ~ ul a, #pieces ~ ul a")...) {
				if b.open(deed); b.status != 200 || b.Find("h1").Length() != 1 {
					t.Errorf("%s: %d", deed, b.status)
				}
				opened++
			}
		}
	}
	if opened < 20 || len(seen) < 4 {
		t.Errorf("%d pages of files in %d states", opened, len(seen))
	}
	b.open("/agence/departs")
	for _, tab := range hrefs(b, ".tabs a") {
		b.open(tab).sees(200, "h1", "Placements")
	}
	b.open("/agence/mouvements").sees(200, "h1", "Départs et arrivées")
	other := s.signedIn("agency2")
	b.open("/agence/departs")
	other.open(b.link(".list th a")).sees(404, "h1", "Introuvable")
	for role, path := range map[string]string{"official": "/mes-departs", "official2": "/agence/mouvements", "candidate": "/agence/departs", "agency": "/mes-departs"} {
		s.signedIn(role).open(path).sees(403, "h1", "Accès refusé")
	}
}

func agencyAtHome(t *testing.T, s *strict) {
	b := s.signedIn("agency")
	b.open("/agence/dossier").sees(200, "#licence ~ p", "En activité").sees(200, "#equipe", "membre")
	b.submit(".side form.ask", url.Values{"login": {"nobody@example.ml"}}).sees(422, ".summary", "Aucun compte")
	if b.Find("#login").AttrOr("value", "") != "nobody@example.ml" {
		t.Error("what was typed is lost")
	}
	v := s.visitor()
	v.open("/inscription").submit("main form", url.Values{"applicant": {"agency"}, "email": {"collegue@example.ml"}, "password": {"quatre chevaux lents et doux"}})
	b.submit(".side form.ask", url.Values{"login": {"collegue@example.ml"}}).sees(200, ".flash", "ajouté").sees(200, "#equipe", "membres")
	b.open("/agence/dossier?lang=en").sees(200, "h1", "My agency")
	b.open("/agence/dossier?lang=fr")
	for _, path := range []string{"/agence/export/placements", "/agence/export/offres"} {
		rows := tables(t, b, path)
		if len(rows) < 2 || rows[0][0] != "référence" {
			t.Errorf("%s: %v", path, rows)
		}
	}
}

func offerIsCopied(t *testing.T, s *strict) {
	b := s.signedIn("agency")
	b.open("/agence/offres")
	path := strings.TrimSuffix(b.link("td a[href$='/candidats']"), "/candidats")
	b.open(path+"/suivi").sees(200, "h1", "Suivi").sees(200, ".stages", "Déposée")
	b.open(path+"/versions").sees(200, "h1", "Versions")
	title := b.text(".back a")
	b.submit("main form[action$='/copies']", nil).sees(200, ".flash", "copie").sees(200, ".mark", "Brouillon")
	if got := b.Find("#title").AttrOr("value", ""); got != title {
		t.Errorf("copied %q, want %q", got, title)
	}
}

func agencyImports(t *testing.T, s *strict) {
	b := s.signedIn("agency")
	b.open("/agence/imports").sees(200, "h1", "Importer")
	res, err := b.client.Get(b.base + b.link("main a[download]"))
	if err != nil {
		t.Fatal(err)
	}
	template, err := io.ReadAll(res.Body)
	if err != nil || res.Body.Close() != nil {
		t.Fatal(err)
	}
	b.upload("main form.ask", nil, "modele.csv", template).sees(200, "#essai ~ p", "").sees(200, ".verdict", "créées : 1")
	bad := append(bytes.Clone(template), []byte("2027-002,=1+1,,9999,,,ZZ"+strings.Repeat(",", bytes.Count(bytes.SplitN(template, []byte("\n"), 2)[0], []byte(","))-6)+"\n")...)
	b.open("/agence/imports").upload("main form.ask", nil, "mauvais.csv", bad).sees(200, ".verdict", "Lignes rejetées")
	b.open("/agence/imports").upload("main form.ask", url.Values{"voie": {"importer"}}, "mauvais.csv", bad).sees(200, ".flash", "reçu")
	at := b.at.Path
	for deadline := time.Now().Add(time.Minute); b.Find(".mark.running").Length() > 0 && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		b.open(at)
	}
	b.sees(200, ".list", "=1+1")
	if rows := tables(t, b, at+"/erreurs"); len(rows) < 2 || rows[1][0] != "2" {
		t.Errorf("%v", rows)
	}
	b.open("/agence/imports").submit("main form.ask", nil).sees(422, "#file-erreur", "")
	s.signedIn("agency2").open(at).sees(404, "h1", "Introuvable")
}

// upload sends a form with a file, as a browser does.
func (b *browser) upload(form string, typed url.Values, name string, content []byte) *browser {
	b.t.Helper()
	f := b.Find(form).First()
	if f.AttrOr("enctype", "") != "multipart/form-data" {
		b.t.Fatalf("%s has no form %q for files", b.at, form)
	}
	if b.screen != nil {
		return b.fillAndPress(f, typed, &paper{name, content})
	}
	var body bytes.Buffer
	w, field := multipart.NewWriter(&body), f.Find("input[type=file]").AttrOr("name", "")
	values := fields(f)
	values.Del(field)
	for key, value := range typed {
		values[key] = value
	}
	for key, each := range values {
		for _, value := range each {
			if err := w.WriteField(key, value); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	to, err := b.at.Parse(f.AttrOr("action", ""))
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.base+to.Path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", b.base)
	b.do(r)
	return b
}

// applied applies with candidate2 to an open offer of the agency, and gives the
// address of the offer's pages for the agency.
func applied(t *testing.T, agency, person *browser) string {
	t.Helper()
	return appliedWith(t, agency, person, "envoyée")
}

// appliedWith says which word of the answer to look for.
func appliedWith(t *testing.T, agency, person *browser, sent string) string {
	t.Helper()
	agency.open("/agence/offres")
	reference := regexp.MustCompile(`OFF-\d{4}-[0-9A-Z]+`)
	for i := range agency.Find(".list tbody tr").Nodes {
		row := agency.Find(".list tbody tr").Eq(i)
		person.open("/offres/" + reference.FindString(row.Text()))
		if person.status != 200 || person.Find(".apply form").Length() == 0 {
			continue
		}
		person.submit(".apply form", url.Values{"message": {"<b>Bonjour</b>"}}).sees(200, ".flash", sent)
		return row.Find("th a").AttrOr("href", "")
	}
	t.Fatal("no offer of the agency is open to the person")
	return ""
}

func departureIsPrepared(t *testing.T, s *strict) {
	agency, person := s.signedIn("agency"), s.signedIn("candidate2")
	at := applied(t, agency, person)
	agency.open(at+"/suivi").open(agency.link("#etape-submitted ~ ul a")).sees(200, "main", "<b>Bonjour</b>").sees(200, ".side", "Retenir")
	agency.submit("form[action$='/attentes']", url.Values{"wait-rank": {"premier"}}).sees(422, ".summary", "")
	agency.submit("form[action$='/selections']", nil).sees(200, ".flash", "retenue")
	file := agency.link("a.go[href^='/agence/departs/']")
	(&abroadWalk{strict: s, agency: agency.open(file), file: file}).signConvention()
	proposeContract(t, agency, file)
	own := strings.Replace(file, "/agence/departs/", "/mes-departs/", 1)
	person.open("/mes-departs").sees(200, ".file", "À vous").sees(200, ".file", "Lire le contrat")
	person = acceptContract(t, s, person, own)
	fillFile(t, person, own)
	reportAndCancel(t, person, own)
	agency = s.signedIn("agency")
	agency.open(file).sees(200, ".flash.warn", "Raison familiale")
}

func proposeContract(t *testing.T, b *browser, file string) {
	b.open(file).sees(200, "#suite ~ p a.go", "Proposer le contrat")
	b.open(file + "/contrat")
	pay := b.Find("#pay-amount").AttrOr("value", "")
	if pay == "" || b.Find("#country option[selected]").AttrOr("value", "") == "" {
		t.Fatal("the form does not repeat the offer")
	}
	b.submit("main form.ask", url.Values{"language": {"fr"}, "pay-amount": {"1"}, "pay-amountMax": {""}, "voie": {"comparer"}}).sees(200, ".diff", "Moins").sees(200, ".flash.warn", "moins bon")
	if b.Find("#pay-amount").AttrOr("value", "") != "1" || b.Find("#language option[selected]").AttrOr("value", "") != "fr" {
		t.Error("what was typed is lost by the comparison")
	}
	typed := fields(b.Find("main form.ask"))
	b.open(file).sees(200, "#contrats ~ p", "Aucun contrat")
	typed.Set("pay-amount", pay)
	typed.Set("hoursPerWeek", "beaucoup")
	b.post(file+"/contrat", typed).sees(422, ".summary", "Heures par semaine")
	typed.Set("hoursPerWeek", "40")
	b.post(file+"/contrat", typed).sees(200, ".flash", "proposé").sees(200, ".mark", "Contrat proposé")
	if b.post(file+"/contrat", typed); b.status != 200 || b.Find("#contrats ~ ul li").Length() != 1 {
		t.Errorf("sent twice: %d, %d contracts", b.status, b.Find("#contrats ~ ul li").Length())
	}
}

func acceptContract(t *testing.T, s *strict, b *browser, own string) *browser {
	b.open(own)
	contract := b.link("a.go[href*='/contrats/']")
	b.open(contract).sees(200, ".diff", "").sees(200, "#clair", "en clair").sees(200, "#droits", "Vos droits")
	if b.Find("form[action$='/acceptations']").Length() > 0 {
		t.Error("the contract can be accepted unread")
	}
	b.submit("form[action$='/lectures']", nil).sees(200, ".flash", "réflexion").sees(200, "#choisir ~ p", "à partir du")
	s.wait(73 * time.Hour)
	b = s.signedIn("candidate2")
	mail := &abroadWalk{strict: s}
	before := mail.codes()
	b.open(contract).submit("form[action$='/codes']", nil).sees(200, ".flash", "code")
	b.submit("form[action$='/acceptations']", url.Values{"code": {"000000"}}).sees(422, ".summary", "")
	code := mail.newCode(before)
	return b.submit("form[action$='/acceptations']", url.Values{"code": {code}}).sees(200, ".flash", "accepté").sees(200, ".mark", "Contrat accepté")
}

func fillFile(t *testing.T, b *browser, own string) {
	b.open(own+"/pieces/passport").upload("main form.ask", url.Values{"expires": {""}}, "a.pdf", []byte(plainPDF)).sees(422, "#expires-erreur", "")
	b.upload("main form.ask", url.Values{"expires": {"2031-05-01"}}, "<img src=x>.pdf", []byte("no paper")).sees(422, "#file-erreur", "")
	b.upload("main form.ask", url.Values{"expires": {"2031-05-01"}}, "<img src=x>.pdf", []byte(plainPDF)).sees(200, ".flash", "enregistrée").sees(200, ".tasks", "Fournie").sees(200, "#documents ~ ul", "PDF, 1")
	if b.Find("main img").Length() > 0 {
		t.Error("a file's name became an element")
	}
	b.open(own + "/documents")
	large := append([]byte(plainPDF), bytes.Repeat([]byte(" "), 6<<20)...)
	b.upload("main form.ask", url.Values{"item": {"receipt"}}, "a.pdf", large)
	b.sees(413, ".lead", "la limite de 5 Mo").sees(413, ".flash", "gardé")
	b.open(b.link("main a.go")).sees(200, ".flash.warn", "pas encore enregistré")
	if b.at.Path != own+"/documents" || b.Find("main form.ask [value=receipt][selected]").Length() != 1 {
		t.Errorf("after a large file the choice is gone from %s", b.at)
	}
	b.upload("main form.ask", nil, "recu.pdf", []byte(plainPDF)).sees(200, ".flash", "")
	b.open(own)
	values := fields(b.Find("#documents ~ ul form"))
	r, err := http.NewRequest(http.MethodPost, b.base+b.Find("#documents ~ ul form").AttrOr("action", ""), strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.base)
	if b.do(r); b.status != 200 || !strings.HasPrefix(b.header.Get("Content-Disposition"), "attachment") || b.header.Get("Cache-Control") != "no-store" {
		t.Errorf("document: %d %v", b.status, b.header)
	}
	b.open(own).sees(200, "#documents ~ ul details", "La personne")
	b.open(own+"/frais").sees(200, ".free", "Vous ne devez rien payer")
	cost := fields(b.Find("main form.ask"))
	for name, value := range map[string]string{"category": "medical", "amount": "25 000", "paidBy": "worker", "paidOn": "2026-11-01", "note": "=1+1 <script>"} {
		cost.Set(name, value)
	}
	b.post(own+"/frais", cost).sees(200, ".flash", "notés").sees(200, "#frais ~ table", "=1+1 <script>")
	if b.post(own+"/frais", cost); b.Find("#frais ~ table tbody tr").Length() != 1 {
		t.Errorf("sent twice: %d lines", b.Find("#frais ~ table tbody tr").Length())
	}
	b.open(b.link("a.drop[href$='/radiations']")).submit("main form.ask", url.Values{"reason": {"Saisi deux fois"}}).sees(200, "#frais ~ table s", "")
}

func reportAndCancel(t *testing.T, b *browser, own string) {
	b.open(own+"/signalement").submit("main form.ask", url.Values{"category": {"fee"}}).sees(422, ".summary", "")
	b.submit("main form.ask", url.Values{"category": {"fee"}, "description": {"On me demande <b>de l’argent</b>."}}).sees(200, "h1", "Signalement reçu")
	if b.text(".secret") == "" || b.header.Get("Cache-Control") != "no-store" {
		t.Error("no code, or one that may be kept")
	}
	b.open(own+"/annulation").submit("main form.ask", url.Values{"reason": {"other"}}).sees(422, "#note-erreur", "")
	if b.Find("#reason option[selected]").AttrOr("value", "") != "other" {
		t.Error("the reason is lost")
	}
	b.submit("main form.ask", url.Values{"reason": {"family"}}).sees(200, ".flash", "annulé").sees(200, ".mark", "Annulé")
	b.open(own+"/annulation").sees(200, ".flash", "pas possible")
}
