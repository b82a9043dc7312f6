package site_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/fault"
)

// TestAbroadJourney walks one person's file from the accepted contract to the
// return home, on all three sides, by the pages and nothing else.
func TestAbroadJourney(t *testing.T) {
	s := openApp(t, true)
	w := &abroadWalk{strict: s, agency: s.signedIn("agency"), person: s.signedIn("candidate2")}
	for _, step := range []struct {
		name string
		walk func(*abroadWalk, *testing.T)
	}{
		{"contract is accepted", (*abroadWalk).accept}, {"papers are brought", (*abroadWalk).bringPapers}, {"two officials clear", (*abroadWalk).clear},
		{"costs are declared", (*abroadWalk).declareCosts}, {"person leaves and arrives", (*abroadWalk).travel}, {"person gives news", (*abroadWalk).giveNews}, {"internship is judged", (*abroadWalk).judgeInternship},
		{"employer changes", (*abroadWalk).changeEmployer}, {"person reports a danger", (*abroadWalk).report}, {"person returns", (*abroadWalk).comeHome},
	} {
		if !t.Run(step.name, func(t *testing.T) {
			w.t, w.agency.t, w.person.t = t, t, t
			step.walk(w, t)
		}) {
			return // each step stands on the one before
		}
	}
}

// abroadWalk is the file that is walked, and its two sides.
type abroadWalk struct {
	*strict
	agency, person *browser
	file, own      string // addresses of the file
	reference      string
}

// again signs both sides in anew: sessions end while the clock moves.
func (w *abroadWalk) again() { w.agency, w.person = w.signedIn("agency"), w.signedIn("candidate2") }

// day gives the day so many days from now as people type it.
func (w *abroadWalk) day(days int) string {
	return w.app.Clock().Now().AddDate(0, 0, days).Format("2006-01-02")
}

// official opens the file as an official.
func (w *abroadWalk) official(who string) *browser {
	b := w.signedIn(who)
	return b.open(strings.Replace(w.own, "/mes-departs/", "/travail/departs/", 1)).sees(200, ".ref", w.reference)
}

func (w *abroadWalk) accept(t *testing.T) { w.chosen(t, applied(t, w.agency, w.person)) }

// chosen has the agency choose the person for the offer at that address, and
// the person accept the contract.
func (w *abroadWalk) chosen(t *testing.T, at string) {
	w.agency.open(at + "/suivi").open(w.agency.link("#etape-submitted ~ ul a"))
	w.agency.submit("form[action$='/selections']", nil).sees(200, ".flash", "retenue")
	w.file = w.agency.link("a.go[href^='/agence/departs/']")
	w.signConvention()
	proposeContract(t, w.agency, w.file)
	w.person.open("/mes-candidatures").sees(200, ".file .verdict", "Votre dossier de départ").sees(200, ".file .verdict", "À vous")
	w.own = w.person.link(".file .verdict a.go")
	w.reference = regexp.MustCompile(`PLA-\d{4}-[0-9A-Z]+`).FindString(w.person.open(w.own).text(".ref"))
	w.person = acceptContract(t, w.strict, w.person, w.own)
	w.agency = w.signedIn("agency")
}

// signConvention states the convention of an internship, which stands before the
// contract.
func (w *abroadWalk) signConvention() {
	w.agency.open(w.file)
	if w.agency.Find(".verdict a.go[href$='/convention']").Length() == 0 {
		return
	}
	w.agency.sees(200, ".verdict", "convention de stage").open(w.file + "/convention")
	typed := url.Values{"school": {"Lycée technique"}, "schoolCity": {"Bamako"}, "programme": {"Maçonnerie"}, "tutor": {"M. Diarra"}, "hoursPerWeek": {"35"}, "objectives": {"Apprendre"},
		"schoolSigned": {w.day(-2)}, "hostSigned": {w.day(-1)}, "stipend-amount": {"beaucoup"}, "stipend-currency": {"EUR"}, "stipend-period": {"month"}}
	w.agency.submit("main form.ask", typed).sees(422, "#stipend-amount-erreur", "")
	w.agency.submit("main form.ask", url.Values{"stipend-amount": {"650"}}).sees(200, ".flash", "convention").sees(200, "main", "650")
}

// bringPapers follows the next action until nothing is lacking.
func (w *abroadWalk) bringPapers(t *testing.T) {
	brought := 0
	for ; brought < 20; brought++ {
		w.person.open(w.own)
		next := w.person.Find(".verdict a.go[href*='/pieces/']")
		if next.Length() == 0 {
			break
		}
		w.person.sees(200, ".verdict", "Fournir").open(next.First().AttrOr("href", ""))
		if w.person.Find("main form.ask").AttrOr("enctype", "") == "" {
			w.person.submit("main form.ask", nil).sees(200, ".flash", "enregistrée")
			continue
		}
		expires := w.day(400)
		if strings.HasSuffix(w.person.at.Path, "/medical") {
			expires = w.day(45)
		}
		w.person.upload("main form.ask", url.Values{"expires": {expires}}, "piece.pdf", []byte(plainPDF)).sees(200, ".flash", "enregistrée")
	}
	if brought < 4 {
		t.Fatalf("only %d papers were asked for", brought)
	}
	w.person.open(w.own).sees(200, ".tasks .late", "Expire dans").sees(200, "#documents ~ ul", "La personne")
	w.agency.open(w.file).open(w.agency.link(".verdict a.go[href$='/pieces/contract_signed']"))
	w.agency.upload("main form.ask", nil, "contrat.pdf", []byte(plainPDF)).sees(200, ".mark", "examen")
}

func (w *abroadWalk) clear(t *testing.T) {
	w.person.open(w.own).sees(200, "h1 + p", "Deux agents").sees(200, ".turn", "Le ministère")
	if w.person.Find("a[href$='/autorisation']").Length() != 0 {
		t.Error("an authorisation is shown before there is one")
	}
	first := w.official("official")
	first.submit("form[action$='/documents']", url.Values{"read-reason": {"file_review"}})
	if !strings.HasPrefix(first.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the document is not given out: %d %v", first.status, first.header)
	}
	first = w.official("official")
	first.submit("form[action$='/examens']", nil).sees(200, ".summary, .flash", "")
	if first.Find("form[action$='/autorisations']").Length() != 0 {
		t.Error("the first official may sign twice")
	}
	w.official("official2").submit("form[action$='/autorisations']", nil).sees(200, "h1 + p .mark, .mark.cleared", "")
	w.person.open(w.own).sees(200, ".mark", "autorisé").sees(200, "#documents ~ ul details", "Le ministère")
	w.person.open(w.person.link("a.go[href$='/autorisation']")).sees(200, ".sheet .name", "AUT-").sees(200, ".sheet", "État au")
	number := w.person.text(".sheet .name")
	w.visitor().open("/verifier?reference="+number).sees(200, ".verdict.good", "Autorisation valable").sees(200, ".verdict.good", number)
	if w.person.Find(".sheet svg.qr path").Length() != 1 {
		t.Error("the authorisation has no code to be photographed")
	}
}

func (w *abroadWalk) declareCosts(t *testing.T) {
	w.person.open(w.own+"/frais").sees(200, ".free", "Vous ne devez rien payer")
	typed := url.Values{"category": {"recruitment_fee"}, "amount": {"50 000"}, "paidBy": {"worker"}, "paidOn": {w.day(-1)}, "note": {"Au guichet"}}
	w.person.upload("main form.ask", typed, "recu.pdf", []byte("no paper")).sees(422, "#file-erreur", "")
	if w.person.Find("#note").Text() != "Au guichet" {
		t.Error("what was typed is lost")
	}
	w.person.upload("main form.ask", typed, "recu.pdf", []byte(plainPDF)).sees(200, ".flash", "notés")
	w.person.sees(200, "#frais ~ .flash", "50 000").sees(200, "#frais ~ table", "Contraire à l’offre").sees(200, "#documents ~ ul", "recu.pdf").sees(200, "#frais ~ details", "Frais de visa")
	w.official("official").sees(200, "main", "recu.pdf")
	w.person.open(w.person.link("a.drop[href$='/radiations']")).submit("main form.ask", url.Values{"reason": {"Rendu"}}).sees(200, "#frais ~ table s", "")
	if w.person.Find("#frais ~ .flash").Length() != 0 {
		t.Error("what was struck is still counted")
	}
}

func (w *abroadWalk) travel(t *testing.T) {
	w.agency.open(w.file+"/depart").submit("main form.ask", url.Values{"on": {w.day(0)}, "carrier": {"Vol de nuit"}}).sees(200, ".mark", "Départ effectué")
	w.wait(48 * time.Hour)
	w.again()
	w.person.open(w.own).sees(200, "h1 + p", "Signalez votre arrivée").open(w.person.link(".verdict a.go"))
	w.person.submit("main form.ask", url.Values{"on": {""}, "place": {"Gare"}}).sees(422, "#on-erreur", "")
	w.person.submit("main form.ask", url.Values{"on": {w.day(-1)}}).sees(200, ".mark", "Arriv")
	w.person.open(w.person.link(".verdict a.go[href$='/contrat-sur-place']")).sees(200, "main .lead", "doit être celui")
	w.person.submit("main form.ask", url.Values{"conforme": {"yes"}}).sees(200, ".mark", "En poste")
}

func (w *abroadWalk) giveNews(t *testing.T) {
	w.person.open(w.own).sees(200, "#nouvelles ~ ul", "Prévu le").open(w.person.link(".verdict a.go[href$='/nouvelles']"))
	w.person.submit("main form.ask", url.Values{"well": {"yes"}}).sees(422, ".summary", "")
	w.person.submit("main form.ask", url.Values{"well": {"yes"}, "paidAs": {"yes"}}).sees(200, "#nouvelles ~ ul", "Tout va bien")
	w.person.open(w.own+"/assurance").submit("main form.ask", url.Values{"branch": {"old_age"}, "institution": {"Caisse du lieu"}, "number": {"12-345"}, "from": {w.day(-1)}}).sees(200, "main", "Caisse du lieu")
	w.official("official3").sees(200, "main", "Caisse du lieu")
}

// changeEmployer: the agency asks, the person consents with a code, an
// official decides.
func (w *abroadWalk) changeEmployer(t *testing.T) {
	w.agency.open(w.file + "/transfert")
	start := w.agency.Find("#start").AttrOr("value", "")
	w.agency.submit("main form.ask", url.Values{"signedOn": {w.day(0)}, "start": {start}}).sees(200, ".mark", "Transfert")
	w.person.open(w.own).sees(200, "h1 + p", "Rien ne change sans votre accord").open(w.person.link(".verdict a.go[href*='/contrats/']"))
	before := w.codes()
	w.person.submit("form[action$='/codes']", nil).sees(200, ".flash", "code")
	code := w.newCode(before)
	w.person.submit("form[action$='/acceptations']", url.Values{"code": {code}}).sees(200, ".flash", "accepté le transfert")
	w.official("official").submit("form[action$='/transferts']", nil).sees(200, ".mark", "En poste")
	w.person.open(w.own).sees(200, "main", "approuvé")
}

// codes lists the codes that were sent to the person.
func (w *abroadWalk) codes() map[string]bool {
	w.t.Helper()
	if err := w.app.RunJob(context.Background(), "send-messages"); err != nil && !fault.Is(err, fault.Conflict) {
		w.t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(w.options.DataDir, "messages", "*.txt"))
	if err != nil {
		w.t.Fatal(err)
	}
	known := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			w.t.Fatal(err)
		}
		if strings.Contains(string(text), "To: candidate2@demo.test") {
			known[regexp.MustCompile(`\b\d{6}\b`).FindString(string(text))] = true
		}
	}
	return known
}

// newCode waits for a code that was not sent before.
func (w *abroadWalk) newCode(before map[string]bool) string {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		for code := range w.codes() {
			if code != "" && !before[code] {
				return code
			}
		}
	}
	w.t.Fatal("no new code was sent")
	return ""
}

func (w *abroadWalk) report(t *testing.T) {
	w.person.open(w.own+"/signalement").submit("main form.ask", url.Values{"category": {"document_retention"}, "description": {"On garde mon passeport."}, "agency": {"no"}})
	w.person.sees(200, "h1", "Signalement reçu").sees(200, ".flash.warn", "")
	w.person.open(w.own).sees(200, ".flash.warn", "bloqué")
	w.agency.open(w.file)
	if strings.Contains(w.agency.text("main"), "passeport") || strings.Contains(w.agency.text("main"), "bloqué") {
		t.Error("the agency learns of a report that is not for it")
	}
	w.signedIn("official").open("/travail").sees(200, "main", "Sécurité")
}

func (w *abroadWalk) comeHome(*testing.T) {
	w.person.open(w.own+"/fin").submit("main form.ask", url.Values{"how": {"early"}, "on": {w.day(0)}, "cause": {""}}).sees(422, "#cause-erreur", "")
	w.person.submit("main form.ask", url.Values{"cause": {"employer_breach"}, "note": {"Passeport retenu"}}).sees(200, "h1 + p", "plus tôt que prévu")
	w.person.open(w.person.link(".verdict a.go[href$='/suite']")).submit("main form.ask", url.Values{"outcome": {"returned"}, "on": {w.day(0)}}).sees(200, "h1 + p", "Vous êtes de retour")
	w.person.open(w.person.link(".verdict a.go[href$='/reintegration']")).submit("main form.ask", url.Values{"needs": {"work"}, "plan": {"Ouvrir un atelier"}}).sees(200, "main", "Ouvrir un atelier")
	w.official("official2").submit("form[action$='/suivis']", url.Values{"meet-activity": {"employed"}}).sees(200, ".flash", "suivi")
	w.person.open("/mes-candidatures").sees(200, ".file .verdict", "Vous êtes de retour")
}
