package site_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestDeskJourneys walks what officials do with departures, incidents and
// corridors, in one running demonstration.
func TestDeskJourneys(t *testing.T) {
	h := openHouse(t)
	walk := func(name string, journey func(*testing.T, *house)) {
		t.Run(name, func(t *testing.T) { journey(t, h.in(t)) })
	}
	walk("queue", queueIsWorked)
	walk("departure is cleared by two", departureCleared)
	walk("departure is refused by two", departureRefused)
	walk("incident from triage to resolution", incidentResolved)
	walk("corridor is suspended and reopened", corridorSuspended)
	walk("corridor is edited", corridorEdited)
	walk("agreement is added", treatyAdded)
	walk("dashboard", dashboardIsRead)
	walk("kept out", deskIsClosed)
}

func queueIsWorked(t *testing.T, h *house) {
	b := h.signedIn("official2")
	b.open("/travail").sees(200, "h1", "À traiter").sees(200, ".kinds [aria-current]", "Tout")
	for _, path := range hrefs(b, ".kinds a") {
		b.open(path).sees(200, "h1", "À traiter")
	}
	b.open("/travail?genre=departures")
	b.submit(`.queue form[action*="/prises/"]`, nil).sees(200, ".flash", "à vous")
	if b.at.RawQuery != "genre=departures" || b.Find(`.queue input[name=rendre]`).Length() != 1 {
		t.Errorf("the file is not shown as one's own at %s", b.at)
	}
	path := b.Find(`.queue tr:has(input[name=rendre]) th a`).AttrOr("href", "")
	other := h.signedIn("official3")
	other.open("/travail?genre=departures").sees(200, ".queue", "agent ")
	other.open(path).sees(200, ".flash.warn", "agent ")
	b.open("/travail?genre=mine").sees(200, ".queue", "vous")
	b.open(path).submit(`form[action$="/liberations"]`, nil).sees(200, ".flash", "rendu")
}

// underReview opens a file that waits for its first signature.
func underReview(t *testing.T, b *browser) string {
	t.Helper()
	b.open("/travail?genre=departures")
	for _, path := range hrefs(b, ".queue th a") {
		if b.open(path); b.Find(`form[action$="/examens"]`).Length() == 1 && b.Find(".warnings").Length() == 0 {
			return path
		}
	}
	t.Fatal("no file waits for its first signature")
	return ""
}

func departureCleared(t *testing.T, h *house) {
	first, second := h.signedIn("official2"), h.signedIn("official3")
	path := underReview(t, first)
	first.sees(200, "#contrat ~ table, .list", "Identique").sees(200, "main", "au plus")
	first.submit(`form[action$="/prises"]`, nil).sees(200, ".flash", "quatre heures")
	second.open(path)
	stale := fields(second.Find(`form[action$="/retours"]`))
	first.submit(`form[action$="/examens"]`, nil).sees(200, ".flash", "Première signature")
	if first.Find(`form[action$="/autorisations"]`).Length() != 0 {
		t.Error("the first official is offered the second signature")
	}
	stale.Set("return-reason", "other")
	stale.Set("return-note", "Note <i>gardée</i>")
	second.post(path+"/retours", stale).sees(409, ".summary", "entre-temps")
	if second.text("#return-note") != "Note <i>gardée</i>" {
		t.Error("what was typed on the old page is lost")
	}
	second.open(path).submit(`form[action$="/autorisations"]`, url.Values{"clear-until": {"hier"}}).sees(422, "#clear-until-erreur", "")
	if second.Find("#clear-until").AttrOr("value", "") != "hier" {
		t.Error("the typed day is lost")
	}
	sent := fields(second.Find(`form[action$="/autorisations"]`))
	sent.Set("clear-until", "")
	second.post(path+"/autorisations", sent).sees(200, ".flash", "autorisé").sees(200, ".mark.cleared", "autorisé")
	if second.post(path+"/autorisations", sent); second.status != 200 || second.Find("#autorisations ~ ul li").Length() != 1 {
		t.Errorf("the form sent twice: %d, %d clearances", second.status, second.Find("#autorisations ~ ul li").Length())
	}
	printSheet(t, second, path)
}

// printSheet: the sheet names the person only after a reason was given.
func printSheet(t *testing.T, b *browser, path string) {
	b.open(path+"/autorisation").sees(200, "main", "Dites pourquoi")
	if b.Find(".sheet").Length() != 0 {
		t.Error("the sheet names the person without a reason")
	}
	b.submit("main form.ask", nil).sees(422, ".summary", "Motif")
	b.submit("main form.ask", url.Values{"reason": {b.Find("#reason option").Eq(1).AttrOr("value", "")}}).sees(200, ".sheet", "AUT-").sees(200, ".sheet", "/verifier")
	b.open(path).submit(`form[action$="/documents"]`, nil).sees(422, ".summary", "")
}

func departureRefused(t *testing.T, h *house) {
	first, second := h.signedIn("official2"), h.signedIn("official3")
	path := underReview(t, first)
	first.submit(`form[action$="/refus"]`, url.Values{"refuse-note": {"<b>Contrat</b> faux"}}).sees(422, ".summary", "Motif")
	if first.text("#refuse-note") != "<b>Contrat</b> faux" || first.Find("details[open] #refuse-reason").Length() != 1 {
		t.Error("the note is lost or its form is closed")
	}
	first.submit(`form[action$="/refus"]`, url.Values{"refuse-reason": {"false_documents"}}).sees(200, ".flash", "Un autre agent").sees(200, ".flash.warn", "Refus proposé")
	if first.Find(`form[action$="/confirmations"]`).Length() != 0 {
		t.Error("one official may confirm the own refusal")
	}
	second.open("/travail?genre=refusals").sees(200, ".queue", "Refus à confirmer")
	second.open(path).submit(`form[action$="/confirmations"]`, nil).sees(200, ".flash", "refusé").sees(200, ".mark.refused", "Refusé")
	second.sees(200, "#historique ~ ol", "<b>Contrat</b> faux")
}

func incidentResolved(t *testing.T, h *house) {
	visitor := h.visitor()
	visitor.open("/signaler").submit("main form", url.Values{"category": {"violence"}, "description": {"Coups <script>reçus</script> hier."}}).sees(200, "h1", "Signalement reçu")
	b := h.signedIn("official2")
	b.open("/travail").sees(200, ".queue tbody tr:first-child", "Sécurité")
	b.open("/travail/signalements?etat=received&securite=oui").sees(200, ".list", "Violence")
	path := b.link(`.list tr:has(.mark.bad) th a`)
	b.open(path).sees(200, ".prose", "<script>reçus</script>").sees(200, ".box", "Trier")
	b.submit(`form[action$="/reponses"]`, url.Values{"answer-text": {""}}).sees(422, "#answer-text-erreur", "")
	b.submit(`form[action$="/tris"]`, url.Values{"triage-indicators": {"isolation"}}).sees(200, ".flash", "sécurité est en jeu")
	b.submit(`form[action$="/reponses"]`, url.Values{"answer-text": {"Nous agissons."}, "answer-audience": {"reporter"}}).sees(200, ".flash", "enregistré").sees(200, "#paroles ~ ol", "Nous agissons.")
	b.submit(`form[action$="/orientations"]`, url.Values{"refer-partner": {"police"}, "refer-country": {"ES"}}).sees(422, ".summary", "")
	b.submit(`form[action$="/orientations"]`, url.Values{"refer-partner": {"police"}, "refer-country": {"ES"}, "refer-consented": {"yes"}}).sees(200, ".flash", "confié").sees(200, "#orientations ~ ul", "Police")
	b.submit(`form[action$="/clotures"]`, url.Values{"close-reason": {"resolved.4"}}).sees(200, ".flash", "clos").sees(200, "main", "Personne en sécurité")
	b.submit(`form[action$="/reouvertures"]`, nil).sees(200, ".flash", "rouvert")
}

func corridorSuspended(t *testing.T, h *house) {
	const at = "/travail/couloirs/ML-ES"
	first, second := h.signedIn("official2"), h.signedIn("official3")
	first.open("/travail/couloirs").sees(200, ".list", "Espagne")
	first.open(at).sees(200, "h1", "Espagne")
	first.open(first.link(`a[href$="/suspension"]`)).sees(200, "h1", "Suspendre")
	if first.Find(`form[method=post][action$="/suspension"]`).Length() != 0 {
		t.Error("a suspension without preview")
	}
	first.open(at+"/suspension?voir=oui&metier=99999").sees(200, "#portee-erreur", "")
	first.open(at+"/suspension?voir=oui").sees(200, ".headline", "Placements en cours").sees(200, "#touches", "Tous les emplois")
	const form = `form[action$="/suspension"][method=post]`
	first.submit(form, url.Values{"evidence": {"Guerre <civile>"}}).sees(422, ".summary", "Numéro de l’acte")
	if first.text("#evidence") != "Guerre <civile>" {
		t.Error("the evidence is lost")
	}
	sent := fields(first.Find(form))
	sent.Set("act", "ARR-2026-1")
	old := url.Values{}
	for name, values := range sent {
		old[name] = values
	}
	old.Set("vus", "99999")
	first.post(at+"/suspension", old).sees(412, ".summary", "entre-temps")
	first.post(at+"/suspension", sent).sees(200, ".flash", "en vigueur").sees(200, ".warnings", "ARR-2026-1").sees(200, "#actes ~ table", "ARR-2026-1")
	if first.post(at+"/suspension", sent); first.status != 200 || first.Find(".warnings li").Length() != 1 {
		t.Errorf("the form sent twice: %d", first.status)
	}
	first.open(at+"/touches?acte=ARR-2026-1").sees(200, "h1", "Dossiers touchés")
	const back = `form[action$="/reouverture"][method=post]`
	first.open(at+"/reouverture?voir=oui").submit(back, url.Values{"act": {"ARR-2026-2"}, "evidence": {"x"}}).sees(409, ".summary", "autre agent")
	second.open(at+"/reouverture?voir=oui").sees(200, "#levees ~ ul", "ARR-2026-1")
	second.submit(back, url.Values{"act": {"ARR-2026-2"}, "evidence": {"x"}}).sees(200, ".flash", "réouverture").sees(200, ".mark.good", "Ouvert")
}

func corridorEdited(t *testing.T, h *house) {
	const at = "/travail/couloirs/ML-ES"
	b, other := h.signedIn("official2"), h.signedIn("official3")
	b.open(at)
	for _, path := range hrefs(b, ".slim a") {
		b.open(path).sees(200, "main", "Enregistrer")
	}
	b.open(at+"/regles").submit("main form.ask", url.Values{"maxHours": {"beaucoup"}}).sees(422, "#maxHours-erreur", "")
	old := fields(other.open(at + "/regles").Find("main form.ask"))
	b.submit("main form.ask", url.Values{"maxHours": {"39,5"}, "workerFees": {"yes"}}).sees(200, ".flash", "Un autre agent").sees(200, ".flash.warn", "proposé")
	if b.Find(`form[action$="/frais-confirmes"]`).Length() != 0 {
		t.Error("one official may confirm the own proposal")
	}
	other.post(at+"/regles", old).sees(422, ".summary", "entre-temps")
	other.open(at).submit(`form[action$="/frais-rejetes"]`, nil).sees(200, ".flash", "rejetée")
	b.open(at + "/salaires")
	row := "floors-" + strings.TrimSuffix(strings.TrimPrefix(b.Find(`main form.ask input[name$="-amount"]`).Last().AttrOr("name", ""), "floors-"), "-amount")
	b.submit("main form.ask", url.Values{row + "-prefix": {"7112"}, row + "-amount": {"1 234,56"}, row + "-source": {"Essai <u>"}}).sees(200, ".flash", "enregistrées")
	b.open(at + "/salaires")
	if b.Find(`input[value="1234.56"]`).Length() != 1 || b.Find(`input[value="Essai <u>"]`).Length() != 1 {
		t.Error("the new floor is not kept")
	}
}

func treatyAdded(t *testing.T, h *house) {
	b := h.signedIn("official2")
	b.open("/travail/accords").sees(200, "h1", "Accords")
	b.open("/travail/accords/nouveau").submit("main form.ask", url.Values{"title-fr": {"Accord <b>d’essai</b>"}, "parties": {"ML"}, "kind": {"labour"}}).sees(422, ".summary", "")
	if b.Find("#title-fr").AttrOr("value", "") != "Accord <b>d’essai</b>" {
		t.Error("the title is lost")
	}
	b.submit("main form.ask", url.Values{"parties": {"ML, QA"}, "clauses-0-number": {"article 3"}, "clauses-0-topic-fr": {"Salaire"}, "clauses-0-summary-fr": {"Égal."}}).sees(200, ".flash", "enregistré")
	path := ""
	for path = "/travail/accords"; path != ""; path = b.Find(".pager a[rel=next]").AttrOr("href", "") {
		if b.open(path); b.Find(`th a:contains("Accord <b>d’essai</b>")`).Length() == 1 {
			break
		}
	}
	b.open(b.link(`th a:contains("Accord <b>d’essai</b>")`))
	if b.Find("#clauses-0-number").AttrOr("value", "") != "article 3" {
		t.Error("the clause is not kept")
	}
}

func dashboardIsRead(t *testing.T, h *house) {
	b := h.signedIn("official")
	b.open("/tableau-de-bord").sees(200, "h1", "Tableau de bord").sees(200, ".tally", "en retard sur")
	if b.Find(".figures").Length() != 9 || b.Find("svg.bar-of").Length() < 20 {
		t.Errorf("%d tables, %d bars", b.Find(".figures").Length(), b.Find("svg.bar-of").Length())
	}
	files := hrefs(b, "a[download]")
	if len(files) != 10 || !strings.Contains(b.Find("a[download]").First().Text(), "CSV, ") {
		t.Errorf("%d files, %q", len(files), b.Find("a[download]").First().Text())
	}
	for _, path := range files {
		if strings.Contains(path, "format=xlsx") {
			continue // read beside its CSV
		}
		if rows := tables(t, b, path); len(rows) < 7 || rows[1][0] != "établi le" {
			t.Errorf("%s: %v", path, rows)
		}
	}
	b.open("/tableau-de-bord?du=hier").sees(200, ".error", "31/12/2026")
	b.open("/tableau-de-bord?pays=ES&du=01%2F01%2F2026&au=31%2F12%2F2026").sees(200, "main", "Tout effacer")
	b.open("/tableau-de-bord?lang=en").sees(200, "h1", "Dashboard")
	b.open("/tableau-de-bord?lang=fr")
}

func deskIsClosed(t *testing.T, h *house) {
	for _, who := range []string{"candidate", "agency", "admin", "observer"} {
		b := h.signedIn(who)
		if of := b.open("/tableau-de-bord/fichier?rapport=costs"); of.status < 400 {
			t.Errorf("%s takes the costs: %d", who, of.status)
		}
		for _, path := range []string{"/travail", "/travail/couloirs", "/travail/accords/nouveau", "/travail/couloirs/ML-ES/suspension"} {
			if b.open(path); b.status != 403 {
				t.Errorf("%s opens %s: %d", who, path, b.status)
			}
		}
	}
}
