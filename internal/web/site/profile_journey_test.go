package site_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const mark = `<img src=x onerror=alert(1)>`

// personArrives: from registration by telephone to an application that is
// tracked and withdrawn, without a script.
func personArrives(t *testing.T, h *house) {
	b := h.visitor()
	b.open("/inscription").submit("main form", url.Values{"phone": {"76 05 11 22"}, "password": {"trois pirogues sur le Bani"}}).sees(200, ".flash", "Demande enregistrée")
	b.submit("main form", url.Values{"login": {"+223 76 05 11 22"}, "password": {"trois pirogues sur le Bani"}}).sees(200, "main", "pas encore de profil")
	b.open(b.link("main a.go")).sees(200, "h1", "Mon profil").sees(200, ".box", "Profil rempli à 5")
	fillIdentity(b)
	fillResidence(b)
	fillEducation(b)
	fillExperience(b)
	fillTrades(b)
	fillRest(b)
	b.open("/mon-profil").sees(200, ".box", "Profil rempli à 95").sees(200, ".tasks", "Vos accords")
	b.open("/mon-profil/verification").sees(200, "main", mark).sees(200, "main", "350 000").sees(200, "main", "Kadiolo")
	b.open("/mon-profil/cv").sees(200, "h1", "Awa").sees(200, "main", "Europass").sees(200, ".list", "B2")
	if b.Find("main img").Length() > 0 {
		t.Error("what was typed became an element")
	}
	readCV(t, b)
	followOffer(t, b)
}

func fillIdentity(b *browser) {
	b.open("/mon-profil/identite")
	if got := b.Find("#identity-phone").AttrOr("value", ""); got != "+22376051122" {
		b.t.Errorf("the telephone is asked for again: %q", got)
	}
	b.submit("main form.ask", url.Values{"identity-givenNames": {"Awa " + mark}, "identity-familyName": {"Diarra"}, "identity-birthDate": {"le 3"}}).sees(422, ".summary", "21/05/1990")
	if b.Find("#identity-birthDate[aria-invalid=true]").AttrOr("value", "") != "le 3" || b.Find("#identity-familyName").AttrOr("value", "") != "Diarra" {
		b.t.Error("what was typed is lost, or the field is not marked")
	}
	first := fields(b.Find("main form.ask"))
	b.submit("main form.ask", url.Values{"identity-birthDate": {"21/05/1990"}}).sees(200, ".flash", "enregistré")
	if b.at.Path != "/mon-profil/residence" {
		b.t.Errorf("the next part is %s", b.at)
	}
	first.Set("identity-birthDate", "21/05/1990")
	b.post("/mon-profil/identite", first).sees(200, ".flash", "enregistré") // sent twice
	first.Set("identity-familyName", "Autre")
	b.post("/mon-profil/identite", first).sees(422, ".summary", "")
}

func fillResidence(b *browser) {
	b.open("/mon-profil/residence").submit("main form.ask", url.Values{"residence-country": {"FR"}, "residence-cercle": {"Kadiolo"}}).sees(422, ".summary", "Mali")
	b.submit("main form.ask", url.Values{"residence-country": {"ML"}, "residence-city": {"Zégoua"}}).sees(200, ".flash", "enregistré")
	b.open("/mon-profil/residence")
	if got := b.Find("#residence-region option[selected]").Text(); got != "Sikasso" {
		b.t.Errorf("the cercle's region is %q", got)
	}
}

func fillEducation(b *browser) {
	b.open("/mon-profil/etudes").open(b.link("main a.go[href$=nouveau]"))
	b.submit("main form.ask", url.Values{"title": {"CAP " + mark}}).sees(422, ".summary", "niveau")
	b.submit("main form.ask", url.Values{"level": {"3"}, "year": {"2009"}, "country": {"ML"}}).sees(200, ".entries", "CAP")
	b.open(b.link(".entries a")).submit("main form.ask", url.Values{"year": {"2010"}}).sees(200, ".entries", "2010")
	b.open("/mon-profil/etudes/nouveau").submit("main form.ask", url.Values{"level": {"1"}}).sees(200, ".entries", "primaire")
	b.submit(".entries li:contains('primaire') form", nil).sees(200, ".flash", "retiré")
	if b.Find(".entries li").Length() != 1 {
		b.t.Errorf("%d entries", b.Find(".entries li").Length())
	}
	b.open("/mon-profil/etudes/7").sees(404, "h1", "Introuvable")
}

func fillExperience(b *browser) {
	b.open("/mon-profil/experiences/nouveau").submit("form.search", url.Values{"q": {"maçon"}}).sees(200, ".entries", "Maçon")
	b.open(b.link(".entries a"))
	b.submit("main form.ask", url.Values{"from": {"03/2019"}, "until": {"01/2018"}}).sees(422, ".summary", "fin")
	if b.Find("#from").AttrOr("value", "") != "03/2019" || b.Find("input[name=occupation]").AttrOr("value", "") != "7112" {
		b.t.Error("the experience that was typed is lost")
	}
	b.submit("main form.ask", url.Values{"until": {""}, "employer": {"Bâti " + mark}}).sees(200, ".entries", "depuis mars 2019")
	b.open("/mon-profil/sejours/nouveau").submit("main form.ask", url.Values{"country": {"CI"}, "from": {"01/2015"}, "until": {"02/2016"}, "purpose": {"work"}}).sees(200, ".entries", "Côte d’Ivoire")
}

func fillTrades(b *browser) {
	b.open("/mon-profil/metiers").sees(200, ".entries", "Maçon") // proposed from the experience
	b.submit("form.search", url.Values{"q": {"carreleur"}})
	b.submit(".entries form:contains('recherche')", nil).sees(200, ".entries", "Métiers recherchés")
	b.open("/mon-profil/metiers").submit(".entries form:contains('recherche')", nil).sees(200, ".flash", "enregistré")
	b.open("/mon-profil/competences").submit("form.search", url.Values{"q": {"carrelage"}}).submit(".entries form", nil).sees(200, ".entries", "Carrelage")
	b.open("/mon-profil/competences?q=xyzzyx").sees(200, ".empty", "Aucune réponse")
	b.open("/mon-profil/permis").submit(".entries li:contains('Permis B') form", nil).sees(200, ".entries", "Permis B")
}

func fillRest(b *browser) {
	for language, level := range map[string]string{"fr": "B2", "bm": "native"} {
		b.open("/mon-profil/langues/nouveau").sees(200, ".more", "B1")
		b.submit("main form.ask", url.Values{"language": {language}, "level": {level}}).sees(200, ".flash", "enregistré")
	}
	b.open("/mon-profil/souhaits").submit("main form.ask", url.Values{"wishes-availableFrom": {"01/01/2027"}, "wishes-minPay": {"beaucoup"}}).sees(422, ".summary", "montant")
	b.submit("main form.ask", url.Values{"wishes-minPay": {"350 000"}}).sees(200, ".flash", "enregistré")
	if got := b.open("/mon-profil/souhaits").Find("#wishes-minPay").AttrOr("value", ""); got != "350000" {
		b.t.Errorf("the pay comes back as %q", got)
	}
	b.open("/mon-profil/diaspora").submit("main form.ask", url.Values{"interests": {"mentoring", "expertMissions"}}).sees(200, ".flash", "enregistré")
	if b.open("/mon-profil/diaspora").Find("input[name=interests][checked]").Length() != 2 {
		b.t.Error("the interests are not kept")
	}
	b.open("/mon-profil/presentation?retour=/mon-profil/verification").submit("main form.ask", url.Values{"summary": {mark}}).sees(200, "h1", "Vos réponses")
}

func readCV(t *testing.T, b *browser) {
	t.Helper()
	r, err := b.client.Get(b.base + "/mon-profil/cv/fichier")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Body.Close(); err != nil {
			t.Error(err)
		}
	}()
	var cv struct {
		SkillsPassport struct {
			LearnerInfo struct {
				WorkExperience []struct{ Position struct{ Code string } }
			}
		}
	}
	err = json.NewDecoder(r.Body).Decode(&cv)
	if work := cv.SkillsPassport.LearnerInfo.WorkExperience; err != nil || len(work) != 1 || work[0].Position.Code != "7112" || !strings.Contains(r.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%v %+v", err, cv)
	}
}

// followOffer applies to an offer that fits, follows the file and withdraws.
func followOffer(t *testing.T, b *browser) {
	t.Helper()
	b.open("/mes-offres").sees(200, "h1", "Offres")
	if b.Find(".match a[href^='/mes-offres/']").Length() > 0 {
		b.open(b.link(".match a[href^='/mes-offres/']")).sees(200, "main", "condition")
	}
	b.open("/mes-offres?ou=missions").sees(200, ".narrow [aria-current]", "Missions")
	path := ""
	for _, path = range hrefs(b.open("/offres?q=maçon"), ".offer h3 a") {
		if b.open(path); b.Find(".apply form").Length() == 1 {
			break
		}
	}
	b.open("/mes-offres"+strings.TrimPrefix(path, "/offres")).sees(200, "h1", "Pourquoi cette offre").open(path)
	b.submit(".apply form", url.Values{"message": {"Bonjour " + mark}}).sees(200, ".flash", "candidature est envoyée")
	file := b.link(".file h2 a")
	b.open(file).sees(200, ".prose", mark).sees(200, "main", "Qui doit agir").sees(200, ".steps [aria-current]", "").sees(200, ".plainlist", "Vous")
	b.submit(".leave form", nil).sees(200, ".flash", "retirée")
	b.open(file).sees(200, "main", "Vous pouvez postuler de nouveau")
	if b.Find(".leave").Length() != 0 {
		t.Error("a withdrawn application can be withdrawn again")
	}
}

// sessionEndsInForm: what was typed survives the end of the session, for the
// same person and nobody else.
func sessionEndsInForm(t *testing.T, h *house) {
	b := h.signedIn("candidate2")
	b.open("/mon-profil/presentation")
	sent := fields(b.Find("main form.ask"))
	sent.Set("summary", "Écrit juste avant la fin "+mark)
	forget := func() {
		for _, c := range b.client.Jar.Cookies(b.at) {
			if strings.HasSuffix(c.Name, "access") || strings.HasSuffix(c.Name, "refresh") {
				b.client.Jar.SetCookies(b.at, []*http.Cookie{{Name: c.Name, Path: "/", MaxAge: -1}})
			}
		}
	}
	forget()
	b.post("/mon-profil/presentation", sent).sees(200, ".flash", "gardé")
	if b.at.Path != "/connexion" {
		t.Fatalf("leads to %s", b.at)
	}
	b.submit("main form", url.Values{"login": {"candidate@demo.test"}, "password": {"pont-sur-le-niger-2026"}})
	if b.open("/mon-profil/presentation"); strings.Contains(b.text("#summary"), "juste avant") {
		t.Fatal("another person sees what was typed")
	}
	forget()
	b.open("/mon-profil/presentation").submit("main form", url.Values{"login": {"candidate2@demo.test"}, "password": {"pont-sur-le-niger-2026"}})
	b.sees(200, ".flash.warn", "pas encore enregistré").sees(200, "#summary", "juste avant la fin "+mark)
	b.submit("main form.ask", nil).sees(200, ".flash", "enregistré")
	b.open("/mon-profil/presentation").sees(200, "#summary", "juste avant la fin")
	if b.Find(".flash.warn").Length() != 0 {
		t.Error("the kept form is shown for ever")
	}
	sent.Set("jeton", "forged")
	forget()
	b.post("/mon-profil/presentation", sent).sees(401, "h1", "")
}

// invitationAccepted: an invitation is read and taken up on its own page, in
// English.
func invitationAccepted(_ *testing.T, h *house) {
	b := h.signedIn("candidate")
	b.open("/mes-candidatures?lang=en").sees(200, "h1", "My applications")
	path := b.link(".file:has(form[action$='/acceptations']) h2 a")
	b.open(path).sees(200, "main", "You: the invitation awaits your answer.")
	b.submit("form[action$='/acceptations']", nil).sees(200, ".flash", "sent")
	b.open(path).sees(200, ".mark", "Submitted").sees(200, ".plainlist", "You")
	b.open("/mon-profil").sees(200, "h1", "My profile").sees(200, ".tasks", "Done")
	b.open("/mon-profil/langues/nouveau").submit("main form.ask", nil).sees(422, "title", "Error")
	h.signedIn("candidate2").open(path).sees(404, "h1", "Introuvable")
	h.signedIn("agency").open("/mon-profil").sees(403, "h1", "Accès refusé")
}
