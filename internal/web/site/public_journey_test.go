package site_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestPublicJourneys walks through what people find without an account.
func TestPublicJourneys(t *testing.T) {
	h := openHouse(t)
	for name, journey := range map[string]func(*testing.T, *house){
		"filters and paging": filtersAndPaging, "comparison": comparesOffers, "register": readsRegister, "check": checksReferences,
		"countries": readsCountries, "occupations": browsesOccupations, "report": reportsWithoutAccount, "discovery": isDiscovered, "feed": followsByFeed, "size": firstVisitIsSmall,
	} {
		t.Run(name, func(t *testing.T) { journey(t, h.in(t)) })
	}
}

func filtersAndPaging(t *testing.T, h *house) {
	b := h.visitor()
	all := b.open("/offres").text("#resultats")
	first := hrefs(b, ".offer h3 a")
	b.open(b.link(".pager a[rel=next]"))
	second := hrefs(b, ".offer h3 a")
	if b.text("#resultats") != all || strings.Join(first, " ") == strings.Join(second, " ") || b.Find("head link[rel=prev]").Length() != 1 {
		t.Errorf("the second page: %s of %s", b.text("#resultats"), all)
	}
	if b.open(b.link(".pager a[rel=prev]")); strings.Join(hrefs(b, ".offer h3 a"), " ") != strings.Join(first, " ") || b.Find(".pager a[rel=prev]").Length() != 0 {
		t.Error("the way back does not lead to the first page")
	}
	b.open("/offres?pays=FR&pays=ES&forme=fixed_term&q=")
	if b.Find(".chips li").Length() != 4 {
		t.Fatalf("%d chips", b.Find(".chips li").Length())
	}
	narrow := b.text("#resultats")
	label := b.Find("input[name=pays][value=ES]").Parent().Find(".count").Text()
	b.open(b.Find(".chips a").First().AttrOr("href", "")).sees(200, ".chips", "Espagne")
	if b.text("#resultats") == narrow || "("+strings.Fields(b.text("#resultats"))[0]+")" != label {
		t.Errorf("without France %s, announced %s", b.text("#resultats"), label)
	}
	if share := b.link(".note.more a"); share != "/offres?forme=fixed_term&pays=ES" {
		t.Errorf("shared as %s", share)
	}
}

func comparesOffers(t *testing.T, h *house) {
	b := h.visitor()
	b.open("/comparer").sees(200, ".empty", "Aucune offre")
	b.open("/offres?pays=FR")
	b.open(b.link(".offer .beside a")).sees(200, ".sides", "F CFA")
	b.open(b.Find("main p a").Last().AttrOr("href", "")).sees(200, ".aside", "1 offre")
	b.open(b.Find(".offer .beside a").Eq(1).AttrOr("href", ""))
	if b.Find(".sides thead th").Length() != 2 || b.Find(".sides tbody tr").Length() < 12 {
		t.Fatalf("%d offers, %d rows", b.Find(".sides thead th").Length(), b.Find(".sides tbody tr").Length())
	}
	b.submit("form.line", url.Values{"ajouter": {"n’importe quoi"}}).sees(200, ".error", "")
	reference := strings.TrimPrefix(h.visitor().open("/offres?pays=ES").link(".offer h3 a"), "/offres/")
	b.submit("form.line", url.Values{"ajouter": {strings.ToLower(reference)}})
	if b.Find(".sides thead th").Length() != 3 || len(b.at.Query()["offre"]) != 3 || b.at.Query().Has("ajouter") {
		t.Errorf("added: %s", b.at)
	}
	if b.open(b.link("a.drop")); b.Find(".sides thead th").Length() != 2 {
		t.Error("an offer cannot be taken away")
	}
	b.open("/comparer?offre=OFF-2026-000000&offre=x").sees(200, ".empty", "")
}

func readsRegister(t *testing.T, h *house) {
	b := h.visitor()
	b.open("/agences").sees(200, "main", "En activité").sees(200, "main", "jours restants")
	b.submit("form.three", url.Values{"q": {"BPE-2024"}})
	if n := b.Find(".list tbody tr").Length(); n == 0 || n != strings.Count(b.text(".list tbody"), "BPE-2024") {
		t.Errorf("%d agencies by licence", n)
	}
	b.open(b.link(".list th a")).sees(200, ".box", "BPE-2024").sees(200, "#offres", "offre")
	if b.Find(".offer").Length() == 0 || strings.Contains(b.text(".box"), "@") {
		t.Error("an agency's page shows its offers and not its contacts")
	}
	b.open("/agences?etat=suspended").sees(200, ".list", "Suspendue")
	b.open(b.link(".list th a")).sees(200, ".flash", "ne peut pas recruter")
	b.open("/agences?q=zzzz").sees(200, ".empty", "Ne lui versez rien")
	b.open("/agences/agy_unknown").sees(404, "h1", "Introuvable")
}

func checksReferences(t *testing.T, h *house) {
	b := h.visitor()
	reference := strings.TrimPrefix(b.open("/offres").link(".offer h3 a"), "/offres/")
	wrong := []byte(reference)
	if wrong[len(wrong)-3]++; wrong[len(wrong)-3] == ':' {
		wrong[len(wrong)-3] = '0'
	}
	for typed, want := range map[string]string{
		reference: "Offre en vigueur", strings.ToLower(strings.ReplaceAll(reference, "-", " ")): "Offre en vigueur", string(wrong): "Un signe est faux",
		"OFF-26-12": "pas une référence", "bonjour": "pas une référence", "BPE-9999-999": "Inconnu", "bpe 2024 001": "Agence en activité", "BPE2024001": "Agence en activité",
		"<b>OFF</b>": "pas une référence",
	} {
		b.open("/verifier").submit("form.line", url.Values{"reference": {typed}}).sees(200, ".verdict h2", want)
		if got := b.Find("#reference").AttrOr("value", ""); got != typed {
			t.Errorf("%q is shown as %q", typed, got)
		}
	}
	suspended := h.visitor().open("/agences?etat=suspended").Find(".list td").First().Text()
	b.open("/verifier?reference="+url.QueryEscape(suspended)).sees(200, ".verdict.bad", "suspendue")
}

func readsCountries(_ *testing.T, h *house) {
	b := h.visitor()
	b.open("/couloirs").sees(200, ".lands", "France")
	b.open("/couloirs/ML-FR").sees(200, "main", "sécurité sociale").sees(200, "#droits", "droits").sees(200, "main", "à confirmer par le ministère").sees(200, "#sociale", "Protection").sees(200, "#arrivee", "arrivée")
	b.open(b.link(".side a.go")).sees(200, ".chips", "France")
	b.open("/couloirs/ML-XX").sees(404, "h1", "Introuvable")
	b.open("/couloirs/ML-FR?lang=en").sees(200, "h1", "France: what to know")
}

func browsesOccupations(t *testing.T, h *house) {
	b := h.visitor()
	b.open("/metiers").submit("main form", url.Values{"q": {"macon"}}).sees(200, ".lands", "Maçon")
	b.open(b.link(".lands a")).sees(200, ".ref", "7112").sees(200, ".trail", "Métiers qualifiés")
	announced := strings.Fields(b.text("main a.go"))[1]
	if b.open(b.link("main a.go")); strings.Fields(b.text("#resultats"))[0] != announced {
		t.Errorf("%s announced, %s found", announced, b.text("#resultats"))
	}
	b.open("/metiers/7").sees(200, ".lands", "offre")
	b.open("/metiers/99999").sees(404, "h1", "Introuvable")
	b.open("/metiers?q=zzzz").sees(200, "main", "Aucun métier")
}

// reportsWithoutAccount: a complaint without a name, its code, and the answer.
func reportsWithoutAccount(t *testing.T, h *house) {
	b := h.visitor()
	reference := strings.TrimPrefix(b.open("/offres").link(".offer h3 a"), "/offres/")
	b.open("/signaler?offre="+reference).submit("main form", url.Values{"category": {"fee"}}).sees(422, ".summary", "")
	if b.Find("#offre").AttrOr("value", "") != reference {
		t.Error("the reference is lost")
	}
	b.submit("main form", url.Values{"description": {"On m’a demandé <b>200 000</b> F CFA."}, "offre": {"OFF-2026-AAAA"}}).sees(422, ".summary", "")
	b.submit("main form", url.Values{"offre": {reference}}).sees(200, ".verdict", "INC-")
	number, code := regexp.MustCompile(`INC-2\d{3}-\w{6}`).FindString(b.text(".verdict")), b.text(".verdict .secret")
	if strings.Contains(b.at.String(), code) || b.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the code can be found again: %s", b.at)
	}
	other := h.visitor()
	other.open("/signaler/suivi").submit("main form", url.Values{"reference": {number}, "code": {"AAAA-BBBB"}}).sees(422, ".summary", "ne vont pas ensemble")
	other.submit("main form", url.Values{"code": {strings.ToLower(code)}}).sees(200, ".headline", "Reçu").sees(200, ".plainlist", "<b>200 000</b>")
	next := other.text(".verdict .secret")
	if next == code || next == "" {
		t.Error("the code is not turned over")
	}
	other.submit("main form", url.Values{"text": {"Encore une chose."}}).sees(200, ".plainlist", "Encore une chose.")
}

func isDiscovered(t *testing.T, h *house) {
	b := h.visitor()
	r := b.open("/robots.txt")
	if !strings.Contains(r.text("body"), "Sitemap: ") || r.header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("robots.txt: %s", r.text("body"))
	}
	if icon := b.open("/favicon.ico"); icon.status != 200 || icon.header.Get("Content-Type") != "image/png" {
		t.Errorf("the icon: %d %q", icon.status, icon.header.Get("Content-Type"))
	}
	b.open("/sitemap.xml")
	if n := strings.Count(b.text("body"), "/offres/OFF-"); b.status != 200 || n < 100 || !strings.Contains(b.text("body"), "/couloirs/ML-FR") {
		t.Errorf("the site map names %d offers", n)
	}
	b.open("/")
	if card := b.Find(`meta[property="og:image"]`).AttrOr("content", ""); !strings.HasPrefix(card, "http") || b.open(card[strings.Index(card, "/static"):]).status != 200 {
		t.Errorf("the card at %q", card)
	}
	b.open("/aide").sees(200, "main", "Gratuit pour le travailleur")
}

// firstVisitIsSmall: what a first visit of the three main pages brings over
// the line, compressed, and in how many requests.
func firstVisitIsSmall(t *testing.T, h *house) {
	offer := h.visitor().open("/offres").link(".offer h3 a")
	for _, path := range []string{"/", "/offres", "/offres?q=ma%C3%A7on&pays=FR&pays=ES", offer, "/couloirs/ML-FR"} {
		page, total, requests := h.weigh(path), 0, 1
		if total = page; page > 14<<10 {
			t.Errorf("%s: %d bytes of HTML", path, page)
		}
		b := h.visitor().open(path)
		for _, asset := range append(hrefs(b, "link[rel=stylesheet]"), hrefs(b, "link[rel=icon]")...) {
			total += h.weigh(asset)
			requests++
		}
		if requests += b.Find("img,script[src],iframe").Length(); total > 30<<10 || requests > 4 {
			t.Errorf("%s: %d bytes in %d requests", path, total, requests)
		}
		t.Logf("%s: HTML %d, all %d bytes in %d requests", path, page, total, requests)
	}
}

// weigh gives the bytes of an answer's body as it is sent to a browser.
func (h *house) weigh(path string) int {
	h.t.Helper()
	r, err := http.NewRequest(http.MethodGet, h.base+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("Accept-Language", "fr")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		h.t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil || res.StatusCode != http.StatusOK {
		h.t.Fatalf("%s: %d %v", path, res.StatusCode, err)
	}
	return int(n)
}
