package api_test

import (
	"fmt"
	"strings"
	"testing"
)

const soundAgreement = `{"title":{"fr":"Convention de sécurité sociale","en":"Social-security convention"},"kind":"social_security","parties":["ML","ES"],` +
	`"signedOn":"2020-01-01","clauses":[{"number":"article 3","topic":{"fr":"Totalisation"},"summary":{"fr":"Les périodes sont comptées ensemble."}}],` +
	`"source":"https://example.org/a","confirmed":true}`

func TestAgreementsAreKept(t *testing.T) {
	r := startRegisters(t)
	for token, status := range map[string]int{"": 401, "candidate1": 403, "agency1": 403, "admin1": 403, "observer1": 403} {
		r.call(status, "POST", "/agreements", token, soundAgreement)
	}
	made := r.call(201, "POST", "/agreements", "official1", soundAgreement)
	path := "/agreements/" + made.text("id")
	if made["rev"] != 1.0 || made.text("kind") != "social_security" || fmt.Sprint(made["parties"]) != "[ML ES]" {
		t.Errorf("made %v", made)
	}
	r.call(428, "PUT", path, "official1", soundAgreement)
	r.call(412, "PUT", path, "official1", soundAgreement, `If-Match: "v7"`)
	changed := r.call(200, "PUT", path, "official2", strings.Replace(soundAgreement, "2020-01-01", "2021-01-01", 1), `If-Match: "v1"`)
	if changed["rev"] != 2.0 || r.call(200, "GET", path, "", "").text("signedOn") != "2021-01-01" {
		t.Errorf("changed %v", changed)
	}
	r.call(404, "GET", "/agreements/agr_nothing", "", "")
	list := r.call(200, "GET", "/agreements?country=ES", "", "")
	if list["total"] != 1.0 || r.call(200, "GET", "/agreements?country=FR", "", "")["total"] != 0.0 || r.call(200, "GET", "/agreements?kind=labour", "", "")["total"] != 0.0 {
		t.Errorf("list %v", list)
	}
	for spoiled, want := range map[string]string{
		`"kind":"labour","parties":["FR","ES"]`:                          "/parties agreement.mali",
		`"kind":"labour","parties":["ML","FR","ES"]`:                     "/parties agreement.parties",
		`"kind":"labour","parties":["ML","FR"],"expiresOn":"1990-01-01"`: "/expiresOn agreement.order",
	} {
		body := strings.Replace(soundAgreement, `"kind":"social_security","parties":["ML","ES"]`, spoiled, 1)
		if got := r.call(422, "POST", "/agreements", "official1", body).codes(); got != want {
			t.Errorf("%s: %s, want %s", spoiled, got, want)
		}
	}
}

const frameOf = `"agreements":[%q],"checklist":[{"key":"passport","label":{"fr":"Passeport"},"required":true,"expires":true,"provider":"worker"}],` +
	`"fees":[{"item":"visa","payer":"worker","max":"80.00","source":"Décret 7","confirmed":true}],` +
	`"socialSecurity":[{"branch":"old_age","payer":"both","totalisation":"yes","note":{"fr":"Note"},"agreement":%q,"source":"Accord","confirmed":true}],` +
	`"recognitions":[{"prefix":"221","authority":{"fr":"Ordre"},"procedure":{"fr":"Demande"},"weeks":12,"source":"","confirmed":false}],` +
	`"services":[{"topic":"consulate","text":{"fr":"Ambassade du Mali"},"confirmed":false}],`

// framed gives the body of a corridor with all of its frame.
func framed(agreement string) string {
	return `{` + fmt.Sprintf(frameOf, agreement, agreement) + soundCorridor[1:]
}

func TestCorridorsCiteAgreements(t *testing.T) {
	r := startRegisters(t)
	if got := r.call(422, "PUT", "/corridors/ML-ES", "official1", framed("agr_x"), newRecord).codes(); got != "/agreements/0 corridor.agreement" {
		t.Errorf("an unknown agreement: %s", got)
	}
	id := r.call(201, "POST", "/agreements", "official1", soundAgreement).text("id")
	r.call(200, "PUT", "/corridors/ML-ES", "official1", framed(id), newRecord)
	shown := r.call(200, "GET", "/corridors/ML-ES", "", "")
	for member, want := range map[string]string{"agreements": id, "checklist": "passport", "fees": "80.00", "socialSecurity": "old_age",
		"recognitions": "221", "services": "consulate"} {
		if got := fmt.Sprint(shown[member]); !strings.Contains(got, want) {
			t.Errorf("%s: %s", member, got)
		}
	}
}

// covers AZ-07
func TestChargingWorkersTakesTwoOfficials(t *testing.T) {
	r := startRegisters(t)
	const path = "/corridors/ML-ES"
	charging := strings.Replace(soundCorridor, `"workerFees":false`, `"workerFees":true`, 1)
	made := r.call(200, "PUT", path, "official1", charging, newRecord)
	if made["workerFees"] != false || fmt.Sprint(made["feeProposal"]) == "<nil>" {
		t.Fatalf("created by one official: %v", made)
	}
	if public := r.call(200, "GET", path, "", ""); public["workerFees"] != false || public["feeProposal"] != nil {
		t.Errorf("the public sees %v", public["feeProposal"])
	}
	again := r.call(200, "PUT", path, "official1", charging, `If-Match: "v1"`)
	if again["workerFees"] != false {
		t.Error("the same official twice charges workers")
	}
	if got := r.call(403, "POST", path+"/fee-decisions", "official1", `{"confirmed":true}`); got.text("code") != "four_eyes.same" {
		t.Errorf("confirmed by its author: %v", got)
	}
	for token, status := range map[string]int{"": 401, "candidate1": 403, "agency1": 403, "admin1": 403, "observer1": 403} {
		r.call(status, "POST", path+"/fee-decisions", token, `{"confirmed":true}`)
	}
	if got := r.call(200, "POST", path+"/fee-decisions", "official2", `{"confirmed":true}`); got["workerFees"] != true {
		t.Errorf("confirmed: %v", got)
	}
	if got := r.call(409, "POST", path+"/fee-decisions", "official2", `{"confirmed":true}`); got.text("code") != "corridor.fees.not_proposed" {
		t.Errorf("confirmed twice: %v", got)
	}
	back := r.call(200, "PUT", path, "official1", soundCorridor, `If-Match: "v3"`)
	if back["workerFees"] != false {
		t.Error("one official cannot stop the charges")
	}
	r.call(200, "PUT", path, "official1", charging, `If-Match: "v4"`)
	if got := r.call(200, "POST", path+"/fee-decisions", "official2", `{"confirmed":false}`); got["workerFees"] != false || got["feeProposal"] != nil {
		t.Errorf("rejected: %v", got)
	}
}

func TestAffectedIsForOfficials(t *testing.T) {
	r := startRegisters(t)
	r.call(200, "PUT", "/corridors/ML-ES", "official1", soundCorridor, newRecord)
	for token, status := range map[string]int{"": 401, "candidate1": 403, "agency1": 403, "admin1": 403, "observer1": 403} {
		r.call(status, "GET", "/corridors/ML-ES/affected", token, "")
	}
	if got := r.call(200, "GET", "/corridors/ML-ES/affected?kind=seasonal&occupation=92", "official1", ""); got["total"] != 0.0 {
		t.Errorf("affected: %v", got)
	}
	r.call(404, "GET", "/corridors/ML-FR/affected", "official1", "")
	r.call(404, "GET", "/corridors/ML-ES/affected?act=X", "official1", "")
	r.call(200, "POST", "/corridors/ML-ES/suspensions", "official1", `{"act":"Arrêté 12","evidence":"JO"}`)
	shown := r.call(200, "GET", "/corridors/ML-ES", "official2", "")
	if got := fmt.Sprint(shown["acts"]); !strings.Contains(got, "Arrêté 12") || !strings.Contains(got, "carried:0") {
		t.Errorf("acts: %s", got)
	}
	if got := r.call(200, "GET", "/corridors/ML-ES", "", ""); fmt.Sprint(got["acts"]) != "[]" {
		t.Errorf("the public sees %v", got["acts"])
	}
	r.call(200, "GET", "/corridors/ML-ES/affected?act=Arr%C3%AAt%C3%A9+12", "official1", "")
}
