package api_test

import (
	"fmt"
	"strings"
	"testing"
)

const soundEmployer = `{"name":"Frutas del Sur SL","country":"ES","registration":"B-12345678","sector":"A",` +
	`"sites":[{"name":"Finca Norte","city":"Huelva"}],"website":"https://frutas.example"}`

func (r *registers) newEmployer(t *testing.T) string {
	t.Helper()
	r.newAgency(t)
	return "/employers/" + r.call(201, "POST", "/employers", "agency1", soundEmployer).text("id")
}

func TestAnEmployerFromDeclarationToBar(t *testing.T) {
	r := startRegisters(t)
	path := r.newEmployer(t)
	r.call(200, "POST", path+"/refusals", "official1", `{"reason":"identity_doubtful"}`)
	again := r.call(200, "PATCH", path, "agency1", `{"sites":[{"city":"Lepe"}]}`, `If-Match: "v2"`)
	if again.text("state") != "declared" || !strings.Contains(fmt.Sprint(again["sites"]), "Lepe") {
		t.Errorf("corrected: %v", again)
	}
	r.call(200, "POST", path+"/accreditations", "official1", `{}`)
	r.call(409, "PATCH", path, "agency1", `{"name":"Otra SL"}`, `If-Match: "v4"`)
	proposal := r.call(200, "POST", path+"/bars", "official1", `{"reason":"abuse","note":"vu sur place","act":"Arrêté 1","evidence":"JO"}`)
	if proposal.text("state") != "accredited" || proposal.text("pendingAction") != "bar" {
		t.Errorf("proposal: %v", proposal)
	}
	mine := r.call(200, "GET", path, "agency1", "")
	if mine["pendingAction"] != nil || strings.Contains(fmt.Sprint(mine["decisions"]), "propose") || mine["lookAlikes"] != nil {
		t.Errorf("the agency is warned: %v", mine)
	}
	if got := r.call(403, "POST", path+"/bars", "official1", `{"reason":"abuse","act":"Arrêté 1","evidence":"JO"}`); got.text("code") != "four_eyes.same" {
		t.Errorf("the same official twice: %v", got)
	}
	barred := r.call(200, "POST", path+"/bars", "official2", `{"reason":"abuse","act":"Arrêté 1","evidence":"JO"}`)
	if barred.text("state") != "barred" || barred["pendingAction"] != nil || r.heard.last() != "employer false" {
		t.Errorf("barred: %v, heard %q", barred, r.heard.last())
	}
	const lift = `{"act":"Arrêté 2","evidence":"JO"}`
	if got := r.call(422, "POST", path+"/reopenings", "official3", "{}").codes(); got != "/act required, /evidence required" {
		t.Errorf("without an act: %s", got)
	}
	if got := r.call(200, "POST", path+"/reopenings", "official3", lift); got.text("pendingAction") != "reopen" {
		t.Errorf("proposal to reopen: %v", got)
	}
	if got := r.call(200, "POST", path+"/reopenings", "official2", lift); got.text("state") != "declared" {
		t.Errorf("reopened: %v", got)
	}
}

func TestAZ03WhoSeesTheEmployer(t *testing.T) {
	r := startRegisters(t)
	path := r.newEmployer(t)
	for token, status := range map[string]int{"": 401, "candidate1": 403, "admin1": 403, "observer1": 404, "agency2": 404, "agency1": 200, "official1": 200} {
		r.call(status, "GET", path, token, "")
	}
	r.call(200, "POST", path+"/accreditations", "official1", "")
	facts := "country createdAt id name registration rev sector sites state updatedAt website"
	for token, want := range map[string]string{
		"observer1": facts, "agency2": facts,
		"agency1":   "agency country createdAt decisions id name registration rev sector sites state updatedAt website",
		"official1": "acts agency country createdAt decisions id lookAlikes name registration rev sector sites state updatedAt website",
	} {
		if got := r.call(200, "GET", path, token, "").keys(); got != want {
			t.Errorf("as %s: %s", token, got)
		}
	}
	r.call(404, "PATCH", path, "agency2", `{"website":null}`, `If-Match: "v2"`)
}

func TestReviewersSeeLookAlikes(t *testing.T) {
	r := startRegisters(t)
	path := r.newEmployer(t)
	twin := r.call(201, "POST", "/employers", "official1", `{"name":"Frutas del Súr","country":"ES"}`)
	if got := fmt.Sprint(r.call(200, "GET", path, "official2", "")["lookAlikes"]); !strings.Contains(got, twin.text("id")) || strings.Contains(got, path[len("/employers/"):]) {
		t.Errorf("look-alikes %s", got)
	}
	if got := r.call(403, "POST", "/employers/"+twin.text("id")+"/accreditations", "official1", ""); got.text("code") != "four_eyes.own" {
		t.Errorf("accredited by the one who declared it: %v", got)
	}
}

func TestEmployerRegister(t *testing.T) {
	r := startRegisters(t)
	if got := r.call(409, "POST", "/employers", "agency2", soundEmployer); got.text("code") != "agency.required" {
		t.Errorf("declared without an agency: %v", got)
	}
	r.newEmployer(t)
	if got := r.call(409, "POST", "/employers", "official1", soundEmployer); got.text("code") != "employer.registration.taken" {
		t.Errorf("the same register number: %v", got)
	}
	other := r.call(201, "POST", "/employers", "official1", `{"name":"Bâtiments du Nord","country":"FR","sector":"41"}`)
	r.call(200, "POST", "/employers/"+other.text("id")+"/accreditations", "official2", "")
	for _, tt := range []struct {
		token, query string
		want         float64
	}{{"official1", "", 2}, {"agency1", "", 2}, {"agency2", "", 1}, {"observer1", "", 1}, {"official1", "?q=bat", 1},
		{"official1", "?country=ES", 1}, {"official1", "?state=declared", 1}, {"agency2", "?state=declared", 0}} {
		if got := r.call(200, "GET", "/employers"+tt.query, tt.token, "")["total"]; got != tt.want {
			t.Errorf("%s%s: %v, want %v", tt.token, tt.query, got, tt.want)
		}
	}
	for body, want := range map[string]string{
		`{"country":"ES"}`:                                       "/name required",
		`{"name":"Nom","country":"ES","sector":"Z"}`:             "/sector sector",
		`{"name":"Nom","country":"ES","agency":"agy_1"}`:         "/agency unknown",
		`{"name":"Nom","country":"ES","sites":[{"region":"R"}]}`: "/sites/0/city required",
		`{"name":"Nom","country":"ES","website":"http://x.org"}`: "/website url",
	} {
		if got := r.call(422, "POST", "/employers", "agency1", body).codes(); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}
