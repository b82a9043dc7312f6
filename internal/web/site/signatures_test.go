package site_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// draftToPublication: an agency drafts, corrects and submits; two officials
// sign; the public reads.
func draftToPublication(t *testing.T, h *house) {
	agency := h.signedIn("agency")
	agency.open("/agence/offres/nouvelle")
	agency.submit("main form", url.Values{"city": {"Lyon <i>"}, "places": {"trois"}}).sees(422, ".summary", "Nombre de places")
	if agency.Find("#city").AttrOr("value", "") != "Lyon <i>" || agency.Find("#places").AttrOr("value", "") != "trois" {
		t.Error("typed values are lost")
	}
	employer, country := accredited(t, agency)
	agency.submit("main form", url.Values{"title": {"Soudeur d’essai"}, "places": {"3"}, "employer": {employer}, "country": {country}}).sees(200, ".flash", "brouillon")
	agency.sees(200, ".findings", "À corriger").sees(200, ".mark", "Brouillon")
	if agency.Find(`form[action$="/soumissions"]`).Length() != 0 {
		t.Error("a blocked draft can be submitted")
	}
	own := agency.at.Path
	agency.submit("main form", url.Values{
		"occupation": {"7212"}, "kind": {"fixed_term"}, "durationMonths": {"12"}, "hoursPerWeek": {"39"}, "daysPerWeek": {"5"},
		"pay-amount": {"2 400"}, "pay-currency": {"EUR"}, "pay-period": {"month"}, "pay-basis": {"gross"},
		"description": {"Souder des charpentes en atelier."}, "benefits-housing": {"yes"}, "costs-visa": {"employer"},
	}).sees(200, ".flash", "modifications")
	if got := agency.Find("#pay-amount").AttrOr("value", ""); got != "2400.00" {
		t.Errorf("amount shown as %q", got)
	}
	agency.submit(`form[action$="/soumissions"]`, nil).sees(200, ".flash", "soumise")
	agency.open(own).sees(200, "main", "ne peut pas être modifiée")
	sign(t, h, "Soudeur d’essai")
}

// accredited finds an employer in France and the destination.
func accredited(t *testing.T, b *browser) (employer, country string) {
	t.Helper()
	employer = b.Find(`#employer optgroup[label="France"] option`).First().AttrOr("value", "")
	country = b.Find(`#country option[value="FR"]`).AttrOr("value", "")
	if employer == "" || country == "" {
		t.Fatal("the form offers no employer in France")
	}
	return employer, country
}

// sign walks an offer through both signatures.
func sign(t *testing.T, h *house, title string) {
	t.Helper()
	first := h.signedIn("official")
	first.open("/travail?genre=offers")
	path := offerIn(first, title)
	first.open(path).sees(200, ".headline, .terms", "39 h").sees(200, ".box", "Décision")
	first.submit(`form[action$="/approbations"]`, nil).sees(200, ".flash", "approuvée")
	first.open(path).submit(`form[action$="/publications"]`, nil).sees(409, ".summary", "")
	second := h.signedIn("official2")
	second.open(path).submit(`form[action$="/publications"]`, nil).sees(200, ".flash", "publiée")
	public := h.visitor()
	public.open("/offres?q="+url.QueryEscape(title)).sees(200, ".offer", title)
	public.open(public.link(".offer h3 a")).sees(200, ".terms", "1 574 297")
}

// offerIn gives the address of an offer in the queue.
func offerIn(b *browser, title string) string {
	b.t.Helper()
	return b.link(`th a:contains("` + title + `")`)
}

func returnAndRefuse(t *testing.T, h *house) {
	b := h.signedIn("official2")
	b.open("/travail?genre=offers")
	path := b.link(`.queue th a`)
	b.open(path).submit(`form[action$="/retours"]`, url.Values{"return-note": {"Voir <b>ici</b>"}}).sees(422, ".summary", "Motif")
	if b.text("#return-note") != "Voir <b>ici</b>" || b.Find("details[open] #return-reason[aria-invalid=true]").Length() != 1 {
		t.Error("the note is lost or the reason is not marked")
	}
	b.submit(`form[action$="/retours"]`, url.Values{"return-reason": {"incomplete"}}).sees(200, ".flash", "rendue")
	path = b.open("/travail?genre=offers").link(`.queue th a`)
	b.open(path).submit(`form[action$="/refus"]`, url.Values{"refuse-reason": {"false_offer"}}).sees(200, ".flash", "refusée")
	b.open(path).sees(200, ".mark", "Refusée")
}

func agencyVetted(t *testing.T, h *house) {
	first := h.signedIn("official")
	first.open("/travail?genre=agencies")
	path := first.link(`tr:has(.mark.applied) a`)
	first.open(path).sees(200, ".mark", "Demande déposée")
	first.submit(`form[action$="/verifications"]`, nil).sees(200, ".flash", "vérifié")
	first.open(path).submit(`form[action$="/activations"]`, nil).sees(409, ".summary", "")
	second := h.signedIn("official2")
	second.open(path).submit(`form[action$="/activations"]`, nil).sees(200, ".flash", "active")
	second.open("/travail/imports").sees(200, "h1", "Fichiers importés")
}

// hrefs gives the addresses of all links at a place.
func hrefs(b *browser, selector string) []string {
	return b.Find(selector).Map(func(_ int, e *goquery.Selection) string { return e.AttrOr("href", "") })
}

// agencySeesPeople: ranked without names, and of one's own offers only.
func agencySeesPeople(t *testing.T, h *house) {
	b := h.signedIn("agency")
	b.open("/agence/offres")
	var seen bool
	for _, path := range hrefs(b, "td a") {
		b.open(path).sees(200, ".lead", "anonymes")
		if b.Find(".rank").Length() > 0 {
			seen = true
			if strings.Contains(b.text("main"), "@") || b.Find(".mark.strong,.mark.good,.mark.possible").Length() == 0 {
				t.Error("people are named, or shown without their band")
			}
			break
		}
	}
	if !seen {
		t.Error("no offer of the agency has a matching person")
	}
	own := b.at.Path
	other := h.signedIn("agency2")
	other.open(own).sees(404, "h1", "Introuvable")
	other.open(strings.TrimSuffix(own, "/candidats")).sees(404, "h1", "Introuvable")
}
