package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/profile"
	"passerelle/internal/web/api"
)

const soundProfile = `{
	"identity":{"givenNames":"Awa Binta","familyName":"Traoré","sex":"female","birthDate":"1994-03-07","birthPlace":"Sikasso",
		"nationalities":["ML"],"nina":"19403071234567A","email":"awa@example.ml","phone":"76 12 34 56"},
	"residence":{"country":"ML","city":"Sikasso","region":"3"},
	"education":[{"level":5,"title":"BTS soins","institution":"INFSS","country":"ML","year":2016}],
	"experience":[{"occupation":"2221","title":"Infirmière","employer":"Clinique du Kénédougou","country":"ML","from":"2017-01","until":"2019-12"},
		{"occupation":"5321","country":"CI","from":"2019-06","until":"2020-12"}],
	"spells":[{"country":"CI","from":"2019-06","until":"2020-12","purpose":"work"}],
	"occupations":["3221"],"skills":["soins-infirmiers"],
	"languages":[{"language":"bm","native":true},{"language":"fr","level":"C1"}],
	"licences":["permis-b"],
	"wishes":{"occupations":["2221"],"countries":["FR"],"kinds":["permanent"],"minPay":{"amount":"1500.00","currency":"EUR"},"availableFrom":"2027-02-15"},
	"interests":{"mentoring":true,"expertMissions":false,"investment":false},
	"summary":"Je cherche un poste stable."%s}`

// newProfile makes candidate1's profile and gives its path.
func (p *people) newProfile(visible bool) string {
	p.t.Helper()
	made := p.as(201, "candidate1", "POST", "/profiles", fmt.Sprintf(soundProfile, fmt.Sprintf(`,"consents":[{"purpose":"matching","given":%v}]`, visible)))
	return "/profiles/" + made.text("id")
}

func TestOwnProfileOverTheAPI(t *testing.T) {
	p := startPeople(t)
	p.as(404, "candidate1", "GET", "/profiles/me", "")
	path := p.newProfile(false)
	p.as(409, "candidate1", "POST", "/profiles", `{}`)
	mine := p.as(200, "candidate1", "GET", "/profiles/me", "")
	if "/profiles/"+mine.text("id") != path || mine.member("identity").text("phone") != "+22376123456" || mine["months"] != float64(48) {
		t.Errorf("mine: %v", mine)
	}
	groups := mine.items("monthsByGroup")
	if len(groups) != 2 || groups[0].text("group") != "22" || groups[0]["months"] != float64(36) || groups[1]["months"] != float64(12) {
		t.Errorf("months by group: %v", groups)
	}
	if pay := mine.member("wishes").member("minPay"); pay.text("amount") != "1500.00" || pay.text("currency") != "EUR" {
		t.Errorf("least pay: %v", pay)
	}
	facts := fmt.Sprintf(soundProfile, "")
	p.as(428, "candidate1", "PUT", "/profiles/me", facts)
	p.as(412, "candidate1", "PUT", "/profiles/me", facts, `If-Match: "v9"`)
	changed := p.as(200, "candidate1", "PUT", "/profiles/me",
		strings.Replace(facts, `"amount":"1500.00","currency":"EUR"`, `"amount":"655957","currency":"XOF"`, 1), `If-Match: "v1"`)
	if pay := changed.member("wishes").member("minPay"); pay.text("amount") != "1000.00" || changed["rev"] != float64(2) {
		t.Errorf("pay in XOF: %v of %v", pay, changed["rev"])
	}
	for body, want := range map[string]string{
		`{"identity":{"birthDate":"2020-01-01"}}`:                             "/identity/birthDate profile.age",
		`{"experience":[{"from":"2020-02","until":"2020-01"}]}`:               "/experience/0/until date.order",
		`{"languages":[{"language":"fr"}]}`:                                   "/languages/0/level ref.level",
		`{"wishes":{"minPay":{"amount":"10","currency":"EUR"}}}`:              "/wishes/minPay/amount ref.amount",
		`{"owner":"acc_x"}`:                                                   "/owner unknown",
		`{"Summary":"x"}`:                                                     "/Summary unknown",
		`{"skills":["Not A Code"]}`:                                           "/skills/0 skill",
		`{"identity":{"givenNames":"a\u202eb"}}`:                              "/identity/givenNames name",
		`{"residence":{"country":"FR","region":"3"}}`:                         "/residence/region profile.region.country",
		`{"wishes":{"minPay":{"amount":"5","currency":"EUR","basis":"net"}}}`: "/wishes/minPay/basis choice",
		`{"education":[{"level":5},{"level":12}]}`:                            "/education/1/level",
		`{"recognitions":[{"occupation":"2221","country":"FR"},{"x":1}]}`:     "/recognitions/1/x unknown",
		`{"spells":[{"country":"CI","from":"2019-06","purpose":"tourism"}]}`:  "/spells/0/purpose choice",
		`{"identity":{"phone":"12"}}`:                                         "/identity/phone account.phone",
		`{"consents":[{"purpose":"matching","given":true}]}`:                  "/consents unknown",
	} {
		if got := p.as(422, "candidate1", "PUT", "/profiles/me", body, `If-Match: "v2"`); !strings.Contains(got.codes(), want) {
			t.Errorf("%s: %s", body, got.codes())
		}
	}
}

// TestProfileRoundTrip: what is read can be written back and changes nothing.
func TestProfileRoundTrip(t *testing.T) {
	p := startPeople(t)
	p.newProfile(false)
	read := p.send("GET", api.Base+"/profiles/me", p.token("candidate1"), "")
	var sent record
	read.decode(t, &sent)
	for _, own := range []string{"id", "rev", "createdAt", "updatedAt", "visible", "collected", "ageBand", "highestEducation", "months",
		"monthsByGroup", "occupationsWorked", "availableMonth", "consents"} {
		delete(sent, own)
	}
	again := p.as(200, "candidate1", "PUT", "/profiles/me", sent.json(t), `If-Match: "v1"`)
	if again["rev"] != float64(1) {
		t.Errorf("writing back what was read made revision %v", again["rev"])
	}
}

// TestRoleByFieldPR01 pins which members of a profile each reader gets.
func TestRoleByFieldPR01(t *testing.T) {
	p := startPeople(t)
	path := p.newProfile(true)
	work := "ageBand availableMonth collected createdAt education experience highestEducation id interests languages licences months monthsByGroup " +
		"occupations occupationsWorked recognitions residence rev skills spells updatedAt visible wishes"
	for name, want := range map[string]string{
		"candidate1": "ageBand availableMonth collected consents createdAt education experience highestEducation id identity interests languages licences months " +
			"monthsByGroup occupations occupationsWorked recognitions residence rev skills spells summary updatedAt visible wishes",
		"official1": work,
		"agency1":   "ageBand availableMonth highestEducation id languages licences monthsByGroup occupationsWorked residence rev skills wishes",
	} {
		got := p.as(200, name, "GET", path, "")
		if got.keys() != want {
			t.Errorf("%s gets %s", name, got.keys())
		}
		if name == "agency1" && (got.member("residence").keys() != "country region" || got.member("wishes").keys() != "occupations") {
			t.Errorf("an agency gets %v and %v", got.member("residence"), got.member("wishes"))
		}
	}
	p.as(403, "admin1", "GET", path, "")
	p.as(403, "observer1", "GET", path, "")
	p.as(404, "candidate2", "GET", path, "")
	p.call(401, "GET", path, "", "")
	hidden := p.as(200, "candidate1", "PUT", "/profiles/me/consents", `{"consents":[{"purpose":"matching","given":false}]}`, `If-Match: "v1"`)
	if len(hidden.items("consents")) != 2 {
		t.Errorf("ledger: %v", hidden)
	}
	foreign, absent := p.as(404, "agency1", "GET", path, ""), p.as(404, "agency1", "GET", "/profiles/pro_0", "")
	if foreign.text("code") != absent.text("code") || foreign.text("detail") != absent.text("detail") {
		t.Errorf("a hidden profile answers %v, an absent one %v", foreign, absent)
	}
}

func TestDisclosureOverTheAPI(t *testing.T) {
	p := startPeople(t)
	path := p.newProfile(false)
	for _, body := range []string{`{}`, `{"reason":"curiosity"}`, `{"reason":"other"}`, `{"reason":"assistance","until":"2030-01-01"}`} {
		p.as(422, "official1", "POST", path+"/disclosures", body)
	}
	p.as(404, "official1", "POST", "/profiles/pro_0/disclosures", `{"reason":"assistance"}`)
	p.as(403, "agency1", "POST", path+"/disclosures", `{"reason":"assistance"}`)
	shown := p.as(201, "official1", "POST", path+"/disclosures", `{"reason":"identity_check","note":"Guichet 3"}`)
	if shown.member("profile").member("identity").text("nina") == "" || shown.text("until") != "2026-11-21T09:30:00Z" {
		t.Errorf("disclosed: %v", shown)
	}
	if p.as(200, "official1", "GET", path, "").member("identity") == nil || p.as(200, "official2", "GET", path, "").member("identity") != nil {
		t.Error("the disclosure is not the official's own")
	}
	p.forward(14 * time.Minute) // within the access token's life
	p.as(201, "official2", "POST", path+"/disclosures", `{"reason":"complaint"}`)
	list := p.as(200, "candidate1", "GET", "/profiles/me/accesses?limit=1", "")
	if first := list.items("items"); list["total"] != float64(2) || first[0].text("reason") != "complaint" || first[0]["by"] != nil || list.text("nextCursor") == "" {
		t.Errorf("accesses: %v", list)
	}
	next := p.as(200, "candidate1", "GET", "/profiles/me/accesses?limit=1&cursor="+list.text("nextCursor"), "")
	if items := next.items("items"); len(items) != 1 || items[0].text("note") != "Guichet 3" || next.text("nextCursor") != "" {
		t.Errorf("second page: %v", next)
	}
}

func TestCollectingOverTheAPI(t *testing.T) {
	p := startPeople(t)
	consent := `,"consents":[{"purpose":"statistics","given":true}]`
	p.as(403, "official1", "POST", "/profiles", fmt.Sprintf(soundProfile, consent))
	if got := p.as(422, "collector", "POST", "/profiles", fmt.Sprintf(soundProfile, "")); !strings.Contains(got.codes(), "/consents profile.consent.required") {
		t.Errorf("without consent: %s", got.codes())
	}
	first := p.as(201, "collector", "POST", "/profiles", fmt.Sprintf(soundProfile, consent), "Idempotency-Key: k1")
	again := p.as(201, "collector", "POST", "/profiles", fmt.Sprintf(soundProfile, consent), "Idempotency-Key: k1")
	if first.text("id") != again.text("id") || first["identity"] != nil || first["collected"] != true {
		t.Errorf("collected: %v, then %v", first, again["id"])
	}
}

func TestConsentsOverTheAPI(t *testing.T) {
	p := startPeople(t)
	p.newProfile(false)
	p.as(428, "candidate1", "PUT", "/profiles/me/consents", `{"consents":[]}`)
	p.as(422, "candidate1", "PUT", "/profiles/me/consents", `{"consents":[{"purpose":"spam","given":true}]}`, `If-Match: "v1"`)
	given := p.as(200, "candidate1", "PUT", "/profiles/me/consents", `{"consents":[{"purpose":"matching","given":true},{"purpose":"diaspora","given":true}]}`, `If-Match: "v1"`)
	if fmt.Sprint(given["given"]) != "[matching diaspora]" || given["rev"] != float64(2) {
		t.Errorf("given: %v", given)
	}
	p.as(412, "candidate1", "PUT", "/profiles/me/consents", `{"consents":[{"purpose":"matching","given":false}]}`, `If-Match: "v1"`)
	read := p.as(200, "candidate1", "GET", "/profiles/me/consents", "")
	if items := read.items("consents"); len(items) != 3 || items[2].text("channel") != "api" || items[2].text("version") != profile.ConsentVersion {
		t.Errorf("ledger: %v", read)
	}
}

// TestReasonsAreTheDomains keeps the lists in the tags equal to the domain's.
func TestReasonsAreTheDomains(t *testing.T) {
	p := startPeople(t)
	path := p.newProfile(false)
	for _, reason := range profile.Reasons() {
		p.as(201, "official1", "POST", path+"/disclosures", fmt.Sprintf(`{"reason":%q,"note":"x"}`, reason))
	}
	purposes := profile.Purposes()
	slices.Reverse(purposes)
	for i, purpose := range purposes {
		p.as(200, "candidate1", "PUT", "/profiles/me/consents", fmt.Sprintf(`{"consents":[{"purpose":%q,"given":true}]}`, purpose),
			fmt.Sprintf(`If-Match: "v%d"`, 1+len(profile.Reasons())+i))
	}
}
