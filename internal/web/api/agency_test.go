package api_test

import (
	"fmt"
	"strings"
	"testing"
)

const soundAgency = `{"name":"Sahel Emploi","country":"ML","kind":"private","licence":"2024-117","licenceUntil":"2027-04-30",` +
	`"city":"Bamako","email":"contact@sahel.example","phone":"+22320212223","address":"Rue 1","website":"https://sahel.example"}`

// newAgency applies as agency1 and gives the agency's path.
func (r *registers) newAgency(t *testing.T) string {
	t.Helper()
	made := r.call(201, "POST", "/agencies", "agency1", soundAgency)
	if made.text("state") != "applied" || made.text("email") == "" {
		t.Fatalf("made %v", made)
	}
	return "/agencies/" + made.text("id")
}

func TestAnAgencyFromApplicationToWithdrawal(t *testing.T) {
	r := startRegisters(t)
	path := r.newAgency(t)
	r.call(404, "GET", path, "", "")
	r.call(200, "POST", path+"/vettings", "official1", `{"note":"dossier complet"}`)
	if got := r.call(403, "POST", path+"/activations", "official1", ""); got.text("code") != "four_eyes.same" {
		t.Errorf("second signature by the first official: %v", got)
	}
	active := r.call(200, "POST", path+"/activations", "official2", "")
	if active.text("state") != "active" || r.heard.last() != "agency true" {
		t.Errorf("activated: %v, heard %q", active["state"], r.heard.last())
	}
	if got := r.call(422, "POST", path+"/suspensions", "official1", `{"reason":"because","act":"Arrêté 1","evidence":"JO"}`); got.codes() != "/reason choice" {
		t.Errorf("unknown reason: %s", got.codes())
	}
	if got := r.call(422, "POST", path+"/suspensions", "official1", `{"reason":"complaints"}`).codes(); got != "/act required, /evidence required" {
		t.Errorf("without an act: %s", got)
	}
	order := `{"reason":"complaints","note":"trois plaintes","act":"Arrêté 1","evidence":"Journal officiel"}`
	stopped := r.call(200, "POST", path+"/suspensions", "official1", order)
	if again := r.call(200, "POST", path+"/suspensions", "official1", order); again["rev"] != stopped["rev"] || again["acts"] == nil {
		t.Errorf("the same act twice: %v", again)
	}
	if r.heard.last() != "agency false" {
		t.Errorf("heard %q", r.heard.last())
	}
	const lift = `{"act":"Arrêté 2","evidence":"Journal officiel"}`
	r.call(422, "POST", path+"/reopenings", "official2", "{}")
	if got := r.call(403, "POST", path+"/reopenings", "official1", lift); got.text("code") != "four_eyes.same" {
		t.Errorf("reopened by the one who suspended: %v", got)
	}
	r.call(200, "POST", path+"/reopenings", "official2", lift)
	if used := r.call(409, "POST", path+"/suspensions", "official1", order); used.text("code") != "agency.act.used" {
		t.Errorf("a lifted act again: %v", used)
	}
	r.call(409, "POST", path+"/vettings", "official3", "")
	gone := r.call(200, "POST", path+"/withdrawals", "agency1", `{"note":"cessation d'activité"}`)
	if gone.text("state") != "withdrawn" || r.heard.last() != "agency false" {
		t.Errorf("withdrawn: %v", gone["state"])
	}
	r.call(404, "GET", path, "observer1", "")
	whole := r.call(200, "GET", path, "official3", "")
	list, _ := whole["decisions"].([]any)
	if len(list) != 5 || !strings.Contains(fmt.Sprint(list[0]), "by:official1") || !strings.Contains(fmt.Sprint(list[2]), "act:Arrêté 1") {
		t.Errorf("decisions %v", list)
	}
	if mine := r.call(200, "GET", path, "agency1", ""); mine["acts"] != nil || strings.Contains(fmt.Sprint(mine["decisions"]), "by:") {
		t.Errorf("the agency sees who decided: %v", mine["decisions"])
	}
}

// TestAZ03WhoSeesTheAgency pins which members each role is shown.
func TestAZ03WhoSeesTheAgency(t *testing.T) {
	r := startRegisters(t)
	path := r.newAgency(t)
	for _, token := range []string{"", "candidate1", "agency2", "admin1", "observer1"} {
		foreign := r.call(404, "GET", path, token, "")
		absent := r.call(404, "GET", "/agencies/agy_0", token, "")
		if foreign.text("code") != absent.text("code") || foreign.text("detail") != absent.text("detail") {
			t.Errorf("as %q a foreign agency answers %v, an absent one %v", token, foreign, absent)
		}
	}
	r.call(200, "POST", path+"/vettings", "official1", "")
	r.call(200, "POST", path+"/activations", "official2", "")
	public := "city country id kind licence licenceUntil name rev state"
	whole := "address city country createdAt decisions email id kind licence licenceUntil members name phone rev state training updatedAt website"
	for token, want := range map[string]string{"": public, "candidate1": public, "agency2": public, "admin1": public, "observer1": public,
		"agency1": whole, "official3": "acts " + whole} {
		if got := r.call(200, "GET", path, token, "").keys(); got != want {
			t.Errorf("as %q: %s", token, got)
		}
	}
}

func TestAgencyRegister(t *testing.T) {
	r := startRegisters(t)
	path := r.newAgency(t)
	r.call(201, "POST", "/agencies", "agency2", `{"name":"Zénith Travail","country":"SN","kind":"public_national"}`)
	total := func(token, query string) any { return r.call(200, "GET", "/agencies"+query, token, "")["total"] }
	if total("", "") != 0.0 || total("official1", "") != 2.0 || total("agency1", "") != 1.0 || total("observer1", "") != 0.0 {
		t.Error("applications are in the public register")
	}
	for query, want := range map[string]float64{"?q=zenith": 1, "?country=ML": 1, "?kind=public_national": 1, "?state=applied": 2,
		"?state=active": 0, "?q=rien": 0, "?country=SN&kind=private": 0} {
		if got := total("official1", query); got != want {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	for _, query := range []string{"?state=gone", "?kind=x", "?country=XX", "?limit=101"} {
		r.call(422, "GET", "/agencies"+query, "", "")
	}
	r.call(400, "GET", "/agencies?members=acc_1", "", "")
	first := r.call(200, "GET", "/agencies?limit=1", "official1", "")
	second := r.call(200, "GET", "/agencies?limit=1&cursor="+first.text("nextCursor"), "official1", "")
	if fmt.Sprint(first["items"]) == fmt.Sprint(second["items"]) || second["nextCursor"] != nil {
		t.Errorf("pages %v and %v", first, second)
	}
	r.call(200, "POST", path+"/vettings", "official1", "")
	r.call(200, "POST", path+"/activations", "official2", "")
	if total("", "") != 1.0 {
		t.Error("an active agency is not in the public register")
	}
}

func TestAgencyIsEdited(t *testing.T) {
	r := startRegisters(t)
	path := r.newAgency(t)
	r.call(428, "PATCH", path, "agency1", `{"city":"Kayes"}`)
	r.call(412, "PATCH", path, "agency1", `{"city":"Kayes"}`, `If-Match: "v9"`)
	r.call(404, "PATCH", path, "agency2", `{"city":"Kayes"}`, `If-Match: "v1"`)
	r.call(403, "PATCH", path, "official1", `{"city":"Kayes"}`, `If-Match: "v1"`)
	if got := r.call(422, "PATCH", path, "agency1", `{"state":"active","rev":9,"name":null}`, `If-Match: "v1"`); !strings.Contains(got.codes(), "/state unknown") {
		t.Errorf("server-owned members: %s", got.codes())
	}
	if got := r.call(422, "PATCH", path, "agency1", `{"name":null}`, `If-Match: "v1"`); got.codes() != "/name required" {
		t.Errorf("a name was taken away: %s", got.codes())
	}
	changed := r.call(200, "PATCH", path, "agency1", `{"city":"Kayes","address":null}`, `If-Match: "v1"`)
	if changed.text("city") != "Kayes" || changed["address"] != nil || changed["rev"] != 2.0 {
		t.Errorf("changed %v", changed)
	}
	r.call(200, "POST", path+"/refusals", "official1", `{"reason":"file_incomplete"}`)
	again := r.call(200, "PATCH", path, "agency1", `{"tradeName":"SE"}`, `If-Match: "v3"`)
	if again.text("state") != "applied" {
		t.Errorf("the answer to a refusal left it %v", again["state"])
	}
}

func TestAgencyMembersAndUniqueness(t *testing.T) {
	r := startRegisters(t)
	path := r.newAgency(t)
	if got := r.call(409, "POST", "/agencies", "agency1", `{"name":"Encore une","country":"ML","kind":"public_national"}`); got.text("code") != "agency.exists" {
		t.Errorf("a second agency: %v", got)
	}
	if got := r.call(409, "POST", "/agencies", "agency2", strings.Replace(soundAgency, "2024-117", "2024 117", 1)); got.text("code") != "agency.licence.taken" {
		t.Errorf("the same licence number: %v", got)
	}
	for _, login := range []string{"candidate1@example.org", "official1@example.org", "nobody@example.org", "not a login", "+22370000009"} {
		if got := r.call(404, "POST", path+"/members", "agency1", fmt.Sprintf(`{"login":%q}`, login)); got.text("code") != "account.not_found" {
			t.Errorf("%s: %v", login, got)
		}
	}
	r.call(404, "POST", path+"/members", "agency2", `{"login":"agency3@example.org"}`)
	r.call(200, "POST", path+"/members", "agency1", `{"login":"agency2@example.org"}`)
	added := r.call(200, "POST", path+"/members", "agency2", `{"login":"+22370000003"}`)
	if got := fmt.Sprint(added["members"]); got != "[agency1 agency2 agency3]" {
		t.Errorf("members %s", got)
	}
	r.call(200, "GET", path, "agency3", "") // the new member sees the file
}

// TestRL02CreationIsReplayed sends one application twice.
func TestRL02CreationIsReplayed(t *testing.T) {
	r := startRegisters(t)
	first := r.call(201, "POST", "/agencies", "agency1", soundAgency, "Idempotency-Key: a")
	second := r.call(201, "POST", "/agencies", "agency1", soundAgency, "Idempotency-Key: a")
	if first.text("id") != second.text("id") {
		t.Errorf("%s and %s", first.text("id"), second.text("id"))
	}
}
