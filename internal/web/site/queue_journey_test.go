package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestQueueJourneys walks how officials share the files that wait, decide on
// several at once and find their lists, in one running demonstration.
func TestQueueJourneys(t *testing.T) {
	h := openHouse(t)
	walk := func(name string, journey func(*testing.T, *house)) {
		t.Run(name, func(t *testing.T) { journey(t, h.in(t)) })
	}
	walk("files are shared", filesAreShared)
	walk("a claim stops no decision", claimStopsNobody)
	walk("what comes back is anybody's", claimEndsWithReturn)
	walk("several are taken", severalAreTaken)
	walk("several are approved", severalAreApproved)
	walk("who resembles another is looked at", likeNamesAreOpened)
	walk("lists lead to each other", listsLeadOn)
}

// sharedKinds are the kinds of the queue whose files are taken as assignments,
// and the beginning of their picks.
var sharedKinds = map[string]string{"incidents": "signalement.", "offers": "offre.", "agencies": "agence.", "employers": "employeur."}

// report makes an incident that waits.
func report(h *house, text string) {
	h.visitor().open("/signaler").submit("main form", url.Values{"category": {"wages"}, "description": {text}}).sees(200, "h1", "Signalement reçu")
}

// declare makes an employer that waits; another one may have a like name.
func declare(h *house, name string) {
	b := h.signedIn("agency")
	b.open("/agence/employeurs/nouveau").submit("main form.ask", url.Values{"name": {name}, "country": {"QA"}})
	if b.status == http.StatusConflict {
		sent := fields(b.Find("main form.ask"))
		sent.Set("voie", "nouveau")
		b.post("/agence/employeurs/nouveau", sent)
	}
	b.sees(200, ".flash", "déclaré")
}

// firstFree opens the queue of a kind and gives the page of the first file that
// nobody has.
func firstFree(t *testing.T, b *browser, kind string) string {
	t.Helper()
	row := b.open("/travail?genre=" + kind).Find(`.queue tr:has(form[action$="/prises"]):not(:has(input[name=rendre])) th a`).First()
	path := row.AttrOr("href", "")
	if path == "" {
		t.Fatalf("no file of %s can be taken", kind)
	}
	return path
}

// filesAreShared: one official takes a file of each kind, the other one sees
// it in the queue and on the file's page, and cannot take it as well.
func filesAreShared(t *testing.T, h *house) {
	report(h, "Salaire de mars impayé.")
	declare(h, "Hôtel des Palmiers d’Essai")
	mine, other := h.signedIn("official2"), h.signedIn("official3")
	taken := map[string]string{}
	for kind := range sharedKinds {
		path := firstFree(t, mine, kind)
		taken[kind] = path
		late := fields(other.open("/travail?genre=" + kind).Find(`.queue form[action="` + path + `/prises"]`))
		mine.submit(`.queue form[action="`+path+`/prises"]`, nil).sees(200, ".flash", "à vous pour quatre heures")
		if mine.at.RawQuery != "genre="+kind || mine.Find(`.queue form[action="`+path+`/prises"] input[name=rendre]`).Length() != 1 {
			t.Errorf("%s: the file is not shown as one's own at %s", kind, mine.at)
		}
		other.post(path+"/prises", late).sees(200, ".flash", "avant vous").sees(200, ".flash.warn", "agent ").sees(200, ".flash.warn", "jusqu’au")
		if other.at.Path != path || other.Find(`form[action$="/prises"]`).Length() != 0 {
			t.Errorf("%s: the file is offered at %s to somebody who is too late", kind, other.at)
		}
		other.open("/travail?genre="+kind).sees(200, `.queue tr:has(a[href="`+path+`"])`, "agent ")
		mine.open(path).sees(200, "main .flash", "vous, jusqu’au")
	}
	mine.open("/travail?genre=mine")
	for kind, path := range taken {
		if mine.Find(`.queue th a[href="`+path+`"]`).Length() != 1 {
			t.Errorf("%s: %s is not among one's own", kind, path)
		}
		mine.open(path).submit(`form[action$="/prises"]:has(input[name=rendre])`, nil).sees(200, ".flash", "rendu")
		if mine.at.Path != path || mine.Find(`form[action$="/prises"]`).Length() != 1 {
			t.Errorf("%s: it cannot be taken again at %s", kind, mine.at)
		}
		other.open(path).submit(`form[action$="/prises"]`, nil).sees(200, ".flash", "à vous").submit(`form[action$="/prises"]:has(input[name=rendre])`, nil)
		mine.open("/travail?genre=mine")
	}
	if mine.Find(".queue").Length() != 0 {
		t.Error("what was given back is still among one's own")
	}
}

// claimStopsNobody: the decision of another official stands, and the next step
// of the file is anybody's.
func claimStopsNobody(t *testing.T, h *house) {
	holder, decides := h.signedIn("official2"), h.signedIn("official3")
	path := firstFree(t, holder, "offers")
	holder.submit(`.queue form[action="`+path+`/prises"]`, nil).sees(200, ".flash", "à vous")
	decides.open(path).sees(200, ".flash.warn", "agent ").sees(200, ".box", "tout de même décider").submit(`form[action$="/approbations"]`, nil).sees(200, ".flash", "")
	if decides.open(path).Find(".flash.warn").Length() != 0 || decides.Find(`form[action$="/prises"]`).Length() != 1 {
		t.Error("the claim has outlived the step")
	}
	holder.open("/travail?genre=mine")
	if holder.Find(`.queue th a[href="`+path+`"]`).Length() != 0 {
		t.Error("a file that has gone on is still among one's own")
	}
	old := fields(holder.open(path).Find(`form[action$="/prises"]`))
	holder.submit(`form[action$="/publications"]`, nil)
	holder.post(path+"/prises", old).sees(200, ".flash", "n’attend plus")
}

// claimEndsWithReturn: an offer that was returned and is submitted again at once
// is not the earlier holder's.
func claimEndsWithReturn(t *testing.T, h *house) {
	const title = "Soudeur à corriger"
	agency, holder, other := h.signedIn("agency"), h.signedIn("official2"), h.signedIn("official3")
	agency.open("/agence/offres/nouvelle")
	employer, country := accredited(t, agency)
	agency.submit("main form", url.Values{
		"title": {title}, "places": {"1"}, "employer": {employer}, "country": {country}, "city": {"Lyon"}, "occupation": {"7212"}, "kind": {"fixed_term"}, "durationMonths": {"6"},
		"hoursPerWeek": {"39"}, "daysPerWeek": {"5"}, "pay-amount": {"2 400"}, "pay-currency": {"EUR"}, "pay-period": {"month"}, "pay-basis": {"gross"},
		"description": {"Souder en atelier."}, "benefits-housing": {"yes"}, "costs-visa": {"employer"},
	}).sees(200, ".flash", "brouillon")
	own := agency.at.Path
	agency.submit(`form[action$="/soumissions"]`, nil).sees(200, ".flash", "soumise")
	path := offerIn(holder.open("/travail?genre=offers"), title)
	holder.submit(`.queue form[action="`+path+`/prises"]`, nil).sees(200, ".flash", "à vous")
	other.open(path).sees(200, ".flash.warn", "agent ")
	holder.open(path).submit(`form[action$="/retours"]`, url.Values{"return-reason": {"other"}, "return-note": {"Ville à préciser"}}).sees(200, ".flash", "")
	agency.open(own).submit(`form[action$="/soumissions"]`, nil).sees(200, ".flash", "soumise")
	if other.open(path).Find(".flash.warn").Length() != 0 || other.Find(`form[action$="/prises"]`).Length() != 1 {
		t.Error("the earlier holder still seems to have it")
	}
	if holder.open("/travail?genre=mine").Find(`.queue th a[href="`+path+`"]`).Length() != 0 {
		t.Error("it is still among the earlier holder's")
	}
}

// pick makes the address of the page that confirms an act with things.
func pick(act string, things ...string) string {
	return "/travail/lot?" + url.Values{"acte": {act}, "piece": things}.Encode()
}

// offered gives what can be picked of a kind in the queue.
func offered(t *testing.T, b *browser, kind, begins string) (picks []string) {
	t.Helper()
	b.open("/travail?genre=" + kind).Find(".queue input[name=piece]").Each(func(_ int, e *goquery.Selection) {
		picks = append(picks, e.AttrOr("value", ""))
		if !strings.HasPrefix(picks[len(picks)-1], begins) {
			t.Errorf("%s: %q can be picked", kind, picks)
		}
	})
	if len(picks) == 0 {
		t.Fatalf("nothing of %s can be picked", kind)
	}
	return picks
}

// severalAreTaken: a batch of every kind is taken at once; what another one has
// is named with him, and the others are taken all the same.
func severalAreTaken(t *testing.T, h *house) {
	report(h, "Passeport gardé.")
	b, other := h.signedIn("official"), h.signedIn("official3")
	var things []string
	for kind, begins := range sharedKinds {
		things = append(things, offered(t, b, kind, begins)[0])
	}
	busy := firstFree(t, other, "publications")
	held := "offre." + busy[strings.LastIndexByte(busy, '/')+1:]
	b.open(pick("prendre", append(things, held)...)).sees(200, "h1", "Prendre des dossiers")
	if n := b.Find(".list .mark.good").Length(); n != len(things)+1 {
		t.Fatalf("%d of %d can be taken", n, len(things)+1)
	}
	other.submit(`.queue form[action="`+busy+`/prises"]`, nil).sees(200, ".flash", "à vous")
	b.submit("main form.ask", nil).sees(200, "h1", "Réponse pour chaque").sees(200, ".list tr:last-child", "Dossier pris par")
	if good, bad := b.Find(".list .mark.good").Length(), b.Find(".list .mark.bad").Length(); good != len(things) || bad != 1 {
		t.Errorf("%d were taken, %d refused", good, bad)
	}
	b.open(pick("prendre", held)).sees(200, ".list .mark.bad", "Non").sees(200, ".list", "Dossier pris par")
	b.open(pick("rendre", append(things, held)...)).submit("main form.ask", nil).sees(200, ".list .mark.good", "Fait")
	b.open("/travail?genre=mine").sees(200, ".empty", "")
}

// severalAreApproved: agencies are declared verified and employers accredited
// at once, each after a look at what will be done; incidents are not.
func severalAreApproved(t *testing.T, h *house) {
	report(h, "Heures non payées.")
	declare(h, "Pêcheries du Golfe Rouge")
	b := h.signedIn("official")
	things := []string{offered(t, b, "incidents", "signalement.")[0]}
	things = append(append(things, offered(t, b, "agencies", "agence.")...), offered(t, b, "employers", "employeur.")...)
	if len(things) > 20 {
		things = things[:20]
	}
	b.open(pick("signer", things...)).sees(200, "h1", "Approuver plusieurs").sees(200, ".list tbody tr:first-child", "un par un")
	possible := len(fields(b.Find("main form.ask"))["piece"])
	if possible == 0 {
		t.Fatal("nothing can be approved at once")
	}
	b.submit("main form.ask", nil).sees(200, "h1", "Réponse pour chaque")
	if n := b.Find(".list .mark.good").Length(); n != possible {
		t.Errorf("%d of %d were approved: %s", n, possible, b.text(".list"))
	}
	says := b.text(".list")
	for _, done := range []string{"Déclarer le dossier vérifié", "Accréditer"} {
		if !strings.Contains(says, done) {
			t.Errorf("nothing says %q: %s", done, says)
		}
	}
	b.open(pick("signer", things...)) // a verified agency is activated on its own page
	if b.Find("main form.ask").Length() != 0 || b.Find(".list .mark.good").Length() != 0 {
		t.Errorf("the second signature is given in a batch: %s", b.text(".list"))
	}
}

// likeNamesAreOpened: who has a name that sounds like another one's is not
// accredited without a look at both.
func likeNamesAreOpened(t *testing.T, h *house) {
	declare(h, "Kayira Bâtiment")
	declare(h, "Kayirra Bâtiment")
	b := h.signedIn("official3")
	b.open("/travail/employeurs?q=Kayira").sees(200, ".list", "Kayira")
	path := b.link(".list th a")
	b.open(pick("signer", "employeur."+path[strings.LastIndexByte(path, '/')+1:])).sees(200, ".list", "nom ressemblant")
	if b.Find("main form.ask").Length() != 0 {
		t.Error("it can be accredited in a batch")
	}
	b.open(path).sees(200, "main", "Kayirra").submit(`form[action$="/accreditations"]`, nil).sees(200, ".flash", "accrédité")
}

// listsLeadOn: every list of officials leads to the others, at every width.
func listsLeadOn(t *testing.T, h *house) {
	b := h.signedIn("official2")
	lists := hrefs(b.open("/travail"), ".desk a")
	if len(lists) < 8 {
		t.Fatalf("the desk leads to %q", lists)
	}
	for _, path := range []string{"/travail/offres", "/travail/agences", "/travail/employeurs", "/travail/departs", "/travail/signalements", "/travail/couloirs", "/travail/accords"} {
		b.open(path).sees(200, ".desk summary", "Listes").sees(200, ".desk [aria-current]", b.text(".desk summary b"))
		if got := hrefs(b, ".desk a"); strings.Join(got, " ") != strings.Join(lists, " ") {
			t.Errorf("%s leads to %q", path, got)
		}
	}
}
