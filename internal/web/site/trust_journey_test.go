package site_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestTrustJourneys walks what people do with their data, what officials do
// with the registers, and what administrators and observers do, in one running
// demonstration.
func TestTrustJourneys(t *testing.T) {
	s := openApp(t, true)
	walk := func(name string, journey func(*testing.T, *strict)) {
		t.Run(name, func(t *testing.T) { journey(t, s.in(t)) })
	}
	walk("privacy is public", privacyIsPublic)
	walk("consents", consentsAreSwitched)
	walk("export", everythingIsTakenAway)
	walk("identifier", identifierChanges)
	walk("statistics", statisticsAreRead)
	walk("paper code", paperCodeIsHandedOver)
	walk("agency is suspended", agencySuspended)
	walk("employer is barred by two", employerBarred)
	walk("offer is suspended and reopened by two", offerSuspended)
	walk("observer objects", observerObjects)
	walk("trail is proved", trailIsProved)
	walk("administrators", administratorsAtWork)
	walk("keys and jobs", keysAndJobs)
	walk("kept out", keptOut)
	walk("erasure", everythingIsErased)
}

func privacyIsPublic(t *testing.T, s *strict) {
	b := s.visitor()
	b.open(b.open("/").link(`.foot a[href="/donnees-personnelles"]`)).sees(200, "h1", "Données personnelles").sees(200, "#registre", "Registre")
	b.sees(200, "main", "2013-015").sees(200, "main", "À confirmer par le ministère et l’APDP")
	if b.Find("main .terms").Length() < 10 || b.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%d lines, Cache-Control %q", b.Find("main .terms").Length(), b.header.Get("Cache-Control"))
	}
	b.open("/donnees-personnelles?lang=en").sees(200, "h1", "Personal data").sees(200, "main", "To be confirmed")
}

func consentsAreSwitched(t *testing.T, s *strict) {
	b := s.signedIn("candidate2")
	b.open("/mon-compte")
	b.open(b.link(`main a[href="/mes-donnees"]`)).sees(200, "h1", "Mes données")
	b.open("/mes-donnees/consultations").sees(200, "h1", "Qui a vu mes données")
	b.open("/mes-donnees/consentements")
	old := b.Document
	before := old.Find("main .plainlist li").First().Find("span").Length()
	was := old.Find("#consent-matching input[checked]").AttrOr("value", "")
	b.submit("main form.ask", url.Values{"consent-matching": {"no"}, "consent-contact": {"yes"}}).sees(200, ".flash", "enregistrés")
	if b.Find(`#consent-matching input[value=no][checked]`).Length() != 1 || b.Find(`#consent-contact input[value=yes][checked]`).Length() != 1 {
		t.Error("the choices are not shown")
	}
	if was != "yes" || b.Find("main .plainlist li").First().Find("span").Length() != before+1 {
		t.Errorf("the ledger does not grow: was %q", was)
	}
	values := fields(old.Find("main form.ask"))
	if b.post("/mes-donnees/consentements", values); b.status != http.StatusUnprocessableEntity || b.Find(".summary").Length() != 1 {
		t.Errorf("an old page overwrites a newer decision: %d", b.status)
	}
	b.open("/mes-donnees/consentements").submit("main form.ask", url.Values{"consent-matching": {"yes"}})
	s.signedIn("official").open("/mes-donnees").sees(200, "h1", "Mes données")
}

func everythingIsTakenAway(t *testing.T, s *strict) {
	b := s.signedIn("candidate2")
	b.open("/mes-donnees/export").sees(200, "h1", "Emporter").sees(200, "#compte", "Mon compte").sees(200, "main", "candidate2@demo.test")
	res, err := b.client.Get(b.base + b.link("main a[download]"))
	if err != nil {
		t.Fatal(err)
	}
	var whole struct {
		Account    struct{ Email string }
		Consents   []any
		Processing []any
	}
	if err := json.NewDecoder(res.Body).Decode(&whole); err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || whole.Account.Email != "candidate2@demo.test" || len(whole.Consents) == 0 || len(whole.Processing) < 10 {
		t.Errorf("%+v %v", whole, err)
	}
	if d := res.Header.Get("Content-Disposition"); !strings.Contains(d, "attachment") || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%q, Cache-Control %q", d, res.Header.Get("Cache-Control"))
	}
}

func identifierChanges(t *testing.T, s *strict) {
	const next = "awa.nouvelle@example.ml"
	b := s.visitor()
	b.open("/inscription").submit("main form", url.Values{"email": {"awa.ancienne@example.ml"}, "password": {"quatre chevaux lents et doux"}})
	b = s.logIn("awa.ancienne@example.ml", "quatre chevaux lents et doux")
	b.open("/mon-compte/identifiants").sees(200, "h1", "Adresse et téléphone")
	b.submit("main form.ask", url.Values{"email": {"rien"}}).sees(422, "#email-erreur", "")
	if b.Find("#email").AttrOr("value", "") != "rien" {
		t.Error("what was typed is lost")
	}
	b.submit("main form.ask", url.Values{"email": {next}}).sees(200, "h1", "Saisir le code").sees(200, "main", next)
	b.submit("main form.ask", url.Values{"code": {"12"}}).sees(422, "#code-erreur", "")
	code := regexp.MustCompile(`\d{6}`).FindString(s.mailed(next, regexp.MustCompile(`\b\d{6}\b`)))
	b.submit("main form.ask", url.Values{"code": {code}}).sees(200, ".flash", "enregistré").sees(200, ".terms", next)
}

func statisticsAreRead(t *testing.T, s *strict) {
	if err := s.app.RunJob(t.Context(), "publish-statistics"); err != nil {
		t.Log(err) // it may be running by itself
	}
	b := s.signedIn("observer")
	b.open("/statistiques").sees(200, "h1", "Statistiques")
	b.open(b.link(".doors a")).sees(200, "h1", "Offres par pays").sees(200, "main", "Un nombre montré vaut au moins 5")
	if bars := b.Find(".figures .bar-of").Length(); bars == 0 || bars > b.Find(".figures tbody tr").Length() {
		t.Errorf("%d bars", bars)
	}
	rows := tables(t, b, b.link("main a[download]"))
	if len(rows) < 2 || rows[1][0] != "offers-by-country" || !regexp.MustCompile(`^\d{4}-Q[1-4]$`).MatchString(rows[1][1]) || rows[1][3] != "5" {
		t.Errorf("%v", rows)
	}
	b.open("/statistiques/nothing").sees(404, "h1", "")
	b.open("/statistiques/offers-by-country?trimestre=hier").sees(422, "h1", "")
}

func paperCodeIsHandedOver(t *testing.T, s *strict) {
	b := s.signedIn("official")
	b.open("/travail")
	b.open(b.link(`main a[href="/travail/codes"]`))
	b.submit("main form", url.Values{"login": {"personne18@demo.test"}}).sees(422, ".summary", "Motif")
	if b.Find("#login").AttrOr("value", "") != "personne18@demo.test" {
		t.Error("what was typed is lost")
	}
	b.submit("main form", url.Values{"login": {"personne@example.ml"}, "reason": {"no_email"}}).sees(409, ".summary", "Aucun compte")
	b.submit("main form", url.Values{"login": {"personne18@demo.test"}, "reason": {"phone_lost"}}).sees(200, "h1", "Votre code")
	code := b.text(".secret")
	if b.header.Get("Cache-Control") != "no-store" || len(code) < 16 {
		t.Errorf("code %q, Cache-Control %q", code, b.header.Get("Cache-Control"))
	}
	p := s.visitor()
	p.open("/mot-de-passe/nouveau").submit("main form", url.Values{"code": {code}, "newPassword": {"sept hirondelles au marché"}}).sees(200, ".flash", "enregistré")
}

func agencySuspended(t *testing.T, s *strict) {
	b := s.signedIn("official")
	b.open("/travail/agences?etat=active").sees(200, ".tabs [aria-current]", "En activité")
	file := b.link(".list th a")
	b.open(file).sees(200, "#semblables", "Noms semblables").sees(200, "main", "Un autre agent devra rouvrir")
	b.submit("main .box details form", url.Values{"note": {"Deux plaintes"}}).sees(422, ".summary", "Motif")
	if b.text("#note") != "Deux plaintes" {
		t.Error("the note is lost")
	}
	b.submit("main .box details form", url.Values{"reason": {"complaints"}}).sees(422, ".summary", "Numéro de l’acte")
	closed, lifted := actSent("Arrêté d’essai A1"), actSent("Arrêté d’essai A2")
	closed.Set("reason", "complaints")
	b.submit("main .box details form", closed).sees(200, ".flash", "suspendue").sees(200, ".box", "Vous avez fait le premier acte").sees(200, "main", "Arrêté d’essai A1")
	b.submit(`form[action$="/reouvertures"]`, lifted).sees(409, ".summary", "")
	if b.text("#evidence") != "Journal officiel" {
		t.Error("the evidence is lost")
	}
	other := s.signedIn("official2")
	other.open(file).submit(`form[action$="/reouvertures"]`, lifted).sees(200, ".flash", "levée").sees(200, ".mark", "En activité")
}

// actSent is a legal act as the forms send it.
func actSent(number string) url.Values {
	return url.Values{"act": {number}, "evidence": {"Journal officiel"}}
}

func employerBarred(t *testing.T, s *strict) {
	b := s.signedIn("official")
	file, barring, lifting := "", actSent("Arrêté d’essai E1"), actSent("Arrêté d’essai E2")
	barring.Set("reason", "abuse")
	for _, path := range hrefs(b.open("/travail/employeurs?etat=accredited"), ".list th a") {
		if b.open(path).submit(`form[action$="/exclusions"]`, barring); b.status == http.StatusOK {
			file = path
			break
		}
	}
	b.sees(200, ".flash", "Votre proposition est notée").sees(200, "main", "Vous avez fait le premier acte")
	b.submit(`form[action$="/exclusions"]`, barring).sees(409, ".summary", "")
	other := s.signedIn("official2")
	other.open(file).sees(200, "main", "Votre accord le met en œuvre").submit(`form[action$="/exclusions"]`, url.Values{"reason": {"abuse"}})
	other.sees(200, ".flash", "exclu").sees(200, ".mark", "Exclu")
	other.submit(`form[action$="/reouvertures"]`, lifting).sees(200, ".flash", "proposition")
	b.open(file).submit(`form[action$="/reouvertures"]`, nil).sees(200, ".flash", "levée").sees(200, ".mark", "Déclaré")
}

func offerSuspended(t *testing.T, s *strict) {
	b := s.signedIn("official")
	b.open("/travail/offres?etat=published").sees(200, "h1", "Toutes les offres")
	file := b.link(".list th a")
	b.open(file).submit(`form[action$="/suspensions"]`, nil).sees(422, ".summary", "Motif")
	b.submit(`form[action$="/suspensions"]`, url.Values{"suspend-reason": {"inspection"}}).sees(200, ".flash", "suspendue").sees(200, "#causes", "Pourquoi")
	b.submit(`form[action$="/reouvertures"]`, nil).sees(200, ".flash", "Un autre agent doit aussi").sees(200, "main", "Il en faut un second")
	b.submit(`form[action$="/reouvertures"]`, nil).sees(409, ".summary", "")
	other := s.signedIn("official2")
	other.open(file).submit(`form[action$="/reouvertures"]`, nil).sees(200, ".flash", "de nouveau publiée")
	other.submit(`form[action$="/clotures"]`, url.Values{"close-reason": {"safety"}}).sees(200, ".flash", "clôturée").sees(200, ".mark", "Clôturée")
}

func observerObjects(t *testing.T, s *strict) {
	b := s.signedIn("observer")
	b.open("/observations").sees(200, "h1", "Observations")
	b.open(b.link(".offer h3 a")).sees(200, "#controle", "Contrôle").sees(200, "#objection", "Contester")
	reference, title := strings.TrimPrefix(b.at.Path, "/observations/"), strings.TrimSpace(regexp.MustCompile(`\([^)]*\)`).ReplaceAllString(b.text("h1"), ""))
	b.submit("main .box form", url.Values{"note": {"Salaire trop bas"}}).sees(422, ".summary", "Motif")
	if b.text("#note") != "Salaire trop bas" {
		t.Error("the note is lost")
	}
	b.submit("main .box form", url.Values{"reason": {"pay_too_low"}}).sees(200, ".flash", "transmise")
	o := s.signedIn("official")
	for _, path := range hrefs(o.open("/travail/offres?"+url.Values{"etat": {"published"}, "q": {title}}.Encode()), ".list th a") {
		if o.open(path); strings.Contains(o.text(".ref"), reference) {
			o.sees(200, "#objections", "1 objection").sees(200, "main", "Salaire trop bas")
			return
		}
	}
	t.Errorf("officials do not find %s by its title %q", reference, title)
}

func trailIsProved(t *testing.T, s *strict) {
	if err := s.app.RunJob(t.Context(), "carry-audit"); err != nil {
		t.Log(err) // it may be running by itself
	}
	b := s.signedIn("official")
	b.open("/journal").sees(200, ".tabs.desk [aria-current]", "Journal").sees(200, "#action option[value='auth.login']", "Connexion")
	act := b.Find(".list td code").Last().Text()
	b.submit("form.filter", url.Values{"action": {act}}).sees(200, "#action option[selected]", b.text("#action option[value='"+act+"']"))
	if others := b.Find(".list td code").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Text() != act }); others.Length() != 0 || b.Find(".list td code").Length() == 0 {
		t.Errorf("%d acts are others than the one that was asked for", others.Length())
	}
	b.open("/journal?action=offre-inventee").sees(200, "#acte-erreur", "n’existe pas")
	if b.Find(".list, .empty").Length() != 0 {
		t.Error("acts are listed that nobody asked for")
	}
	b.open("/journal?action=agency.key").sees(200, "#action option[selected]", "agency.key")
	b.open("/journal?action=offer").sees(200, "h1", "Journal d’audit").sees(200, "#action option[selected]", "Offres – tous les actes")
	b.open(b.link(".list th a")).sees(200, ".tabs.desk", "Signalements").sees(200, ".free", "La preuve est exacte").sees(200, "#signature", "État signé")
	b.open("/travail/codes").sees(200, ".tabs.desk [aria-current]", "Code remis en personne")
	b.open("/journal?du=hier").sees(200, "#jours-erreur", "2026-11-21")
	b.open("/journal?du=2020-01-01&au=2020-01-02").sees(200, ".empty", "Aucune entrée")
	b.open("/journal/99999999").sees(404, "h1", "")
	b.open("/journal/x").sees(404, "h1", "")
	b.open("/journal")
	first := b.link(".list th a")
	b.open(b.link(".pager a[rel=next]"))
	if b.link(".list th a") == first {
		t.Error("the second page is the first")
	}
}

func administratorsAtWork(t *testing.T, s *strict) {
	b := s.signedIn("admin")
	b.open("/administration").sees(200, "h1", "Administration")
	for _, shared := range []string{"/journal", "/journal/0"} {
		if b.open(shared).sees(200, ".menu", "Administration"); b.Find(".tabs.desk").Length() != 0 {
			t.Errorf("%s leads administrators to the officials' lists", shared)
		}
	}
	b.open("/administration").sees(200, "h1", "Administration")
	b.open("/administration/comptes?role=observer").sees(200, ".list", "observer@demo.test")
	b.open("/administration/comptes/nouveau")
	b.submit("main form.ask", url.Values{"email": {"nouvelle@example.ml"}, "role": {"official"}}).sees(422, ".summary", "Institution")
	if b.Find("#email").AttrOr("value", "") != "nouvelle@example.ml" {
		t.Error("what was typed is lost")
	}
	b.submit("main form.ask", url.Values{"institution": {"anpe"}}).sees(200, "h1", "Mot de passe provisoire")
	if b.header.Get("Cache-Control") != "no-store" || len(b.text(".secret")) < 12 {
		t.Errorf("password %q", b.text(".secret"))
	}
	b.open(b.link(".back a")).sees(200, "h1", "nouvelle@example.ml").sees(200, "main", "Vous avez fait le premier acte")
	proposed := b.at.Path
	b.submit(`form[action$="/rejets"]`, url.Values{"reject-reason": {"erreur"}}).sees(200, ".flash", "La proposition est close")
	b.open("/administration/comptes?q=personne21%40demo.test")
	b.open(b.link(".list th a")).submit(`form[action$="/desactivations"]`, url.Values{"disable-reason": {"fra\u202eude"}}).sees(422, ".summary", "Raison")
	b.submit(`form[action$="/desactivations"]`, url.Values{"disable-reason": {"fraude"}}).sees(200, ".flash", "désactivé")
	b.submit(`form[action$="/activations"]`, nil).sees(200, ".flash", "ouvert")
	b.submit(`form[action$="/mots-de-passe"]`, nil).sees(200, "h1", "Mot de passe provisoire")
	if b.open(proposed); b.status != http.StatusOK {
		t.Errorf("%s: %d", proposed, b.status)
	}
}

func keysAndJobs(t *testing.T, s *strict) {
	b := s.signedIn("admin")
	b.open("/administration/cles").sees(200, "h1", "Clés")
	before := b.Find(".list tbody tr").Length()
	b.submit(`form[action$="/cursor/rotations"]`, nil).sees(200, ".flash", "renouvelée")
	if b.Find(".list tbody tr").Length() != before+1 {
		t.Error("no new key is listed")
	}
	b.open("/administration/service").sees(200, ".free", "Le service répond").sees(200, "#taches", "Tâches")
	b.submit(`form[action$="/taches/purge-replays"]`, nil)
	if b.status != http.StatusOK || b.Find(".flash").Length() != 1 {
		t.Errorf("the job: %d", b.status)
	}
	b.open("/administration/conservation").sees(200, "h1", "Conservation")
	if b.Find(".list tbody tr").Length() < 5 {
		t.Error("classes of retention are missing")
	}
}

func keptOut(t *testing.T, s *strict) {
	candidate, official, observer := s.signedIn("candidate2"), s.signedIn("official"), s.signedIn("observer")
	for path, b := range map[string]*browser{
		"/statistiques": candidate, "/journal": candidate, "/administration": official, "/administration/cles": official, "/travail/agences": observer,
		"/journal/0": observer, "/observations": official, "/travail/codes": candidate, "/administration/service": observer, "/travail/employeurs": candidate,
	} {
		if b.open(path); b.status != http.StatusForbidden {
			t.Errorf("%s: %d", path, b.status)
		}
	}
	for _, path := range []string{"/mes-donnees", "/mes-donnees/export", "/mes-donnees/export/fichier", "/journal", "/statistiques", "/administration"} {
		if b := s.visitor().open(path); b.at.Path != "/connexion" {
			t.Errorf("%s leads to %s", path, b.at)
		}
	}
}

func everythingIsErased(t *testing.T, s *strict) {
	b := s.visitor()
	b.open("/inscription").submit("main form", url.Values{"email": {"passante@example.ml"}, "password": {"trois pirogues sur le Bani"}})
	b = s.logIn("passante@example.ml", "trois pirogues sur le Bani").sees(200, ".flash", "connecté")
	s.wait(11 * 60 * 1e9)
	b.open("/mes-donnees/effacement").sees(200, "h1", "Confirmer votre identité")
	b.submit("main form", url.Values{"password": {"trois pirogues sur le Bani"}}).sees(200, "h1", "Effacer mes données")
	b.submit("main form.ask", nil).sees(422, ".summary", "")
	b.submit("main form.ask", url.Values{"decision": {"keep"}}).sees(200, ".flash", "Rien n’a été effacé")
	b.open("/mes-donnees/effacement").submit("main form.ask", url.Values{"decision": {"erase"}}).sees(200, ".flash", "effacées")
	s.logIn("passante@example.ml", "trois pirogues sur le Bani").sees(422, ".summary", "")
}
