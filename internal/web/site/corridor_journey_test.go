package site_test

import (
	"net/url"
	"strings"
	"testing"
)

// newCorridor is the corridor that the journeys open: none is there at first.
const newCorridor = "/travail/couloirs/ML-OM"

// TestCorridorJourneys walks a corridor from its opening to the page that
// people read, part by part, and the agreement that it rests on.
func TestCorridorJourneys(t *testing.T) {
	h := openHouse(t)
	for _, each := range []struct {
		name    string
		journey func(*testing.T, *house)
	}{
		{"corridor is opened", corridorOpened},
		{"agreement is corrected", treatyCorrected},
		{"frame is written", frameWritten},
		{"papers and costs are written", papersWritten},
		{"two officials let workers be charged", feesConfirmed},
		{"people read it", corridorIsRead},
		{"kept out", corridorIsClosed},
	} {
		if !t.Run(each.name, func(t *testing.T) { each.journey(t, h.in(t)) }) {
			return // each stands on the one before
		}
	}
}

func corridorOpened(t *testing.T, h *house) {
	b := h.signedIn("official2")
	b.open("/travail")
	b.open(b.link(`.tabs a[href="/travail/couloirs"]`)).sees(200, "h1", "Couloirs")
	b.open(b.link("main a.go")).sees(200, "h1", "Nouveau couloir")
	b.submit("main form.ask", nil).sees(422, "#country-erreur", "")
	b.submit("main form.ask", url.Values{"country": {"ES"}}).sees(409, ".summary", "existe déjà")
	if b.Find("#country option[selected]").AttrOr("value", "") != "ES" {
		t.Error("the country is lost")
	}
	b.submit("main form.ask", url.Values{"country": {"OM"}}).sees(200, ".flash", "créé").sees(200, "h1", "Oman")
	if b.at.Path != newCorridor {
		t.Errorf("the corridor is at %s", b.at)
	}
	h.visitor().open("/couloirs/ML-OM").sees(200, "#droits ~ p", "")
}

// treatyCorrected: an agreement is added, then corrected from an old page too.
func treatyCorrected(t *testing.T, h *house) {
	b, other := h.signedIn("official2"), h.signedIn("official3")
	b.open("/travail/accords").open(b.link("main a.go"))
	b.submit("main form.ask", url.Values{"title-fr": {"Protocole de main-d’œuvre"}, "parties": {"ML, OM"}, "kind": {"labour"}, "signedOn": {"2025-03-01"}}).sees(200, ".flash", "enregistré")
	at := listed(b, "/travail/accords", `th a:contains("Protocole de main-d’œuvre")`)
	old := fields(other.open(at).Find("main form.ask"))
	b.open(at).submit("main form.ask", url.Values{"inForceOn": {"demain"}, "source": {"Journal <officiel>"}}).sees(422, "#inForceOn-erreur", "")
	if b.Find("#inForceOn").AttrOr("value", "") != "demain" || b.Find("#source").AttrOr("value", "") != "Journal <officiel>" {
		t.Error("what was typed is lost")
	}
	b.submit("main form.ask", url.Values{"inForceOn": {"2025-06-01"}, "title-fr": {"Protocole <b>corrigé</b>"}}).sees(200, ".flash", "enregistré")
	old.Set("title-fr", "Titre d’une vieille page")
	other.post(at, old).sees(422, ".summary", "entre-temps")
	if other.Find("#title-fr").AttrOr("value", "") != "Titre d’une vieille page" {
		t.Error("what was typed on the old page is lost")
	}
	other.sees(422, "#enregistre ~ dl", "Protocole <b>corrigé</b>").submit("main form.ask", url.Values{"title-fr": {"Protocole <b>relu</b>"}}).sees(200, ".flash", "enregistré")
	b.open(at).sees(200, "h1", "Protocole <b>relu</b>")
}

// listed goes through the pages of a list to the link that stands there.
func listed(b *browser, path, link string) string {
	b.t.Helper()
	for ; path != ""; path = b.Find(".pager a[rel=next]").AttrOr("href", "") {
		if b.open(path); b.Find(link).Length() > 0 {
			return b.link(link)
		}
	}
	b.t.Fatalf("no page of the list has %s", link)
	return ""
}

// part is one part of a corridor: what is typed first, where the error then
// stands, and what puts it right.
type part struct {
	path         string
	wrong, right url.Values
	field        string
}

// writes fills in a part wrongly, then rightly.
func (p part) writes(b *browser) {
	b.t.Helper()
	b.open(newCorridor)
	b.open(b.link(".slim a[href$='/"+p.path+"']")).submit("main form.ask", p.wrong).sees(422, "#"+p.field+"-erreur", "")
	typed := fields(b.Find("main form.ask"))
	for name, values := range p.wrong {
		if typed.Get(name) != values[0] {
			b.t.Errorf("%s: %s was typed, %s is kept as %q", p.path, values[0], name, typed.Get(name))
		}
	}
	b.submit("main form.ask", p.right).sees(200, ".flash", "enregistrées")
	if b.at.Path != newCorridor {
		b.t.Errorf("%s leads to %s", p.path, b.at)
	}
}

func frameWritten(_ *testing.T, h *house) {
	b := h.signedIn("official2")
	b.open("/travail/accords")
	treaty := strings.TrimPrefix(listed(b, "/travail/accords", `th a:contains("Protocole")`), "/travail/accords/")
	for _, p := range []part{
		{"notice", url.Values{"notice-en": {"Keep your passport."}}, url.Values{"notice-fr": {"VOS DROITS\n- Gardez votre passeport <toujours>."}}, "notice-fr"},
		{"textes", url.Values{"bases-0-title-fr": {"Code du travail"}, "bases-0-date": {"hier"}}, url.Values{"bases-0-date": {"2023-07-25"}, "bases-0-source": {"Bulletin"}}, "bases-0-date"},
		{"accords", url.Values{"agreements-0-id": {treaty}, "agreements-1-id": {treaty}}, url.Values{"agreements-1-id": {""}}, "agreements-1-id"},
		{"protection", url.Values{"socialSecurity-0-payer": {"employer"}, "socialSecurity-0-exportable": {"yes"}}, url.Values{"socialSecurity-0-branch": {"accident"}, "socialSecurity-0-agreement": {treaty}}, "socialSecurity-0-branch"},
		{"reconnaissance", url.Values{"recognitions-0-prefix": {"2221"}, "recognitions-0-authority-fr": {"Ordre des infirmiers"}, "recognitions-0-procedure-fr": {"Dossier, puis examen."}, "recognitions-0-weeks": {"dix"}}, url.Values{"recognitions-0-weeks": {"10"}}, "recognitions-0-weeks"},
		{"arrivee", url.Values{"services-0-text-fr": {"Le consulat reçoit le matin."}}, url.Values{"services-0-topic": {"consulate"}}, "services-0-topic"},
	} {
		p.writes(b)
	}
}

func papersWritten(t *testing.T, h *house) {
	b := h.signedIn("official2")
	for _, p := range []part{
		{"pieces", url.Values{"checklist-0-key": {"Passeport !"}, "checklist-0-label-fr": {"Passeport valable"}, "checklist-0-required": {"yes"}, "checklist-0-provider": {"worker"}}, url.Values{"checklist-0-key": {"passport"}}, "checklist-0-key"},
		{"documents", url.Values{"documents-0-en": {"Two photographs"}}, url.Values{"documents-0-fr": {"Deux photographies"}}, "documents-0-fr"},
		{"frais", url.Values{"fees-0-item": {"visa"}, "fees-0-payer": {"employer"}, "fees-0-max": {"beaucoup"}}, url.Values{"fees-0-max": {"1 250,50"}}, "fees-0-max"},
	} {
		p.writes(b)
	}
	b.open(newCorridor).open(newCorridor + "/frais")
	if b.Find("#fees-0-max").AttrOr("value", "") != "1250.50" {
		t.Errorf("the cost is kept as %q", b.Find("#fees-0-max").AttrOr("value", ""))
	}
	b.submit("main form.ask", url.Values{"fees-0-item": {""}, "fees-0-payer": {""}, "fees-0-max": {""}, "fees-1-item": {"medical"}, "fees-1-payer": {"agency"}}).sees(200, ".flash", "enregistrées")
	if b.open(newCorridor + "/frais"); b.Find("#fees-0-item option[selected]").AttrOr("value", "") != "medical" || b.Find("#fees-1-payer option[selected][value!='']").Length() != 0 {
		t.Error("an emptied line is not removed")
	}
}

// feesConfirmed: one official alone never lets a worker pay.
func feesConfirmed(t *testing.T, h *house) {
	b, other := h.signedIn("official2"), h.signedIn("official3")
	public := h.visitor()
	b.open(newCorridor).open(b.link(".slim a[href$='/regles']")).submit("main form.ask", url.Values{"workerFees": {"yes"}, "maxHours": {"48"}}).sees(200, ".flash", "Un autre agent").sees(200, ".flash.warn", "proposé")
	other.open("/travail/couloirs").sees(200, `.list tr:contains("Oman")`, "à confirmer")
	other.open(other.link(`.list th a:contains("Oman")`)).sees(200, ".flash.warn", "agent ")
	sent := fields(other.Find(`form[action$="/frais-confirmes"]`))
	sent.Set("jeton", fields(b.Find(`form[action$="/frais-rejetes"]`)).Get("jeton"))
	b.post(newCorridor+"/frais-confirmes", sent).sees(409, ".summary", "autre agent")
	before := public.open("/couloirs/ML-OM").text("#regles ~ dl")
	other.submit(`form[action$="/frais-confirmes"]`, nil).sees(200, ".flash", "confirmée")
	if other.Find(".flash.warn").Length() != 0 || other.Find(`form[action$="/frais-confirmes"]`).Length() != 0 {
		t.Error("what is confirmed still waits")
	}
	if public.open("/couloirs/ML-OM").text("#regles ~ dl") == before {
		t.Error("people do not read that workers may be charged")
	}
	b.open(newCorridor + "/regles")
	if b.Find("input[name=workerFees][checked]").Length() != 1 {
		t.Error("the rule is not kept")
	}
}

func corridorIsRead(t *testing.T, h *house) {
	b := h.signedIn("official2")
	public := b.open(newCorridor).link(`main a[href="/couloirs/ML-OM"]`)
	v := h.visitor()
	v.open(public).sees(200, "h1", "Oman").sees(200, "main", "Gardez votre passeport <toujours>.").sees(200, "#pieces ~ ul", "Passeport valable").sees(200, "#accords ~ section", "Protocole <b>relu</b>")
	v.sees(200, "#sociale ~ table", "Protocole").sees(200, "#reconnaissance ~ ul", "Ordre des infirmiers").sees(200, "#reconnaissance ~ ul", "10").sees(200, "#arrivee ~ ul", "Le consulat reçoit le matin.")
	v.sees(200, "#accords ~ ul", "Code du travail")
	b.open(newCorridor).open(b.link(".more a[href^='/journal?']")).sees(200, "h1", "Journal")
	if b.Find("main input[name=sujet]").AttrOr("value", "") != "ML-OM" {
		t.Error("the log is not that of the corridor")
	}
}

func corridorIsClosed(t *testing.T, h *house) {
	for _, who := range []string{"agency", "observer", "candidate2", "admin"} {
		b := h.signedIn(who)
		for _, path := range []string{"/travail/couloirs/nouveau", newCorridor, newCorridor + "/frais", newCorridor + "/accords", "/travail/accords"} {
			if b.open(path); b.status != 403 {
				t.Errorf("%s opens %s: %d", who, path, b.status)
			}
		}
	}
}
