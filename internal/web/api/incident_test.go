package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
	"passerelle/internal/store"
	"passerelle/internal/web/api"
)

// startIncidents adds the operations on incidents to a fixture of its own.
func startIncidents(t *testing.T) (*people, *store.IncidentStore) {
	t.Helper()
	p := startPeople(t)
	return p, p.incidents
}

func (p *people) registerIncidents(t *testing.T) {
	t.Helper()
	p.incidents = store.NewIncidentStore(p.db, p.index.PutIncident)
	api.RegisterIncidents(p.api, incident.NewService(incident.Deps{
		Store: p.incidents, Model: p.index, Now: p.now, NewID: p.newID, Secret: func() string { return p.newID("code-") },
	}))
}

// TestAnAnonymousReportOverTheAPI: the report is filed, read and
// added to with its codes alone, and its stored form leads nowhere.
func TestAnAnonymousReportOverTheAPI(t *testing.T) {
	p, cases := startIncidents(t)
	body := `{"category":"fee","description":"On m’a demandé 300000 francs.","country":"ES"}`
	made := p.call(201, "POST", "/incidents", "", body, "Idempotency-Key: abc")
	again := p.call(201, "POST", "/incidents", "", body, "Idempotency-Key: abc")
	if made.text("id") != again.text("id") || made.text("code") == again.text("code") || made.text("source") != "anonymous" {
		t.Errorf("made %v, again %v", made, again)
	}
	path, code := "/incidents/"+made.text("id"), again.text("code")
	p.call(401, "GET", path, "", "")
	p.call(404, "POST", path+"/readings", "", `{"code":"x"}`)
	p.as(404, "candidate1", "POST", path+"/readings", "")
	p.as(200, "official1", "POST", path+"/triages", `{"category":"fee"}`)
	p.as(200, "official1", "POST", path+"/answers", `{"text":"Qui a demandé cette somme ?"}`)
	p.as(200, "official1", "POST", path+"/answers", `{"text":"Vérifier l’agence.","audience":"officials"}`)
	read := p.call(200, "POST", path+"/readings", "", fmt.Sprintf(`{"code":%q}`, code))
	if entries := read.items("entries"); len(entries) != 1 || entries[0].text("role") != "official" {
		t.Errorf("read %v", read)
	}
	added := p.call(200, "POST", path+"/followups", "", fmt.Sprintf(`{"code":%q,"text":"Un rabatteur."}`, read.text("code")))
	p.call(404, "POST", path+"/followups", "", fmt.Sprintf(`{"code":%q,"text":"Un rabatteur."}`, code))
	if len(added.items("entries")) != 2 {
		t.Errorf("added %v", added)
	}
	kept, err := cases.Get(t.Context(), incident.ID(made.text("id")))
	if err != nil {
		t.Fatal(err)
	}
	for i := range kept.Pending {
		if kept.Pending[i].Role == "official" {
			kept.Pending[i].Origin = "" // an official is no anonymous reporter
		}
	}
	raw, err := json.Marshal(kept)
	if err != nil || strings.Contains(string(raw), "127.0.0") || kept.Reporter != "" || strings.Contains(string(raw), added.text("code")) {
		t.Errorf("kept %s %v", raw, err)
	}
}

// TestSafetyPassesTheAgencyBy: lists and records of an agency know nothing of
// a case in which safety is at stake.
func TestSafetyPassesTheAgencyBy(t *testing.T) {
	p, _ := startIncidents(t)
	p.token("agency1")
	p.token("candidate1")
	p.index.PutPlacement(&placement.Placement{ID: "pla_1", Agency: "agy_1", Candidate: "acc_candidate1", Country: ref.Country("ES"), State: placement.InPost})
	report := func(name, category string, keep bool) string {
		return p.as(201, name, "POST", "/incidents", fmt.Sprintf(`{"category":%q,"description":"Texte confidentiel","placement":"pla_1","keepFromAgency":%v}`, category, keep)).text("id")
	}
	p.as(422, "candidate2", "POST", "/incidents", `{"category":"wages","description":"x","placement":"pla_1"}`)
	p.as(422, "candidate1", "POST", "/incidents", `{"category":"wages","description":"x","placement":"pla_1","anonymous":true}`)
	grave, quiet, plain := report("candidate1", "violence", false), report("candidate1", "wages", true), report("candidate1", "hours", false)
	for name, want := range map[string]string{"official1": grave + quiet + plain, "candidate1": grave + quiet + plain, "agency1": quiet + plain, "agency2": "", "candidate2": ""} {
		got := ""
		for _, c := range p.as(200, name, "GET", "/incidents", "").items("items") {
			got += c.text("id")
		}
		if got != want {
			t.Errorf("%s lists %s, want %s", name, got, want)
		}
	}
	p.as(404, "agency1", "GET", "/incidents/"+grave, "")
	p.as(404, "agency1", "POST", "/incidents/"+grave+"/answers", `{"text":"Non."}`)
	if seen := p.as(200, "agency1", "GET", "/incidents/"+quiet, ""); strings.Contains(seen.json(t), "confidentiel") || strings.Contains(seen.json(t), "acc_") {
		t.Errorf("the agency reads %v", seen)
	}
	if seen := p.as(200, "agency1", "GET", "/incidents/"+plain, ""); !strings.Contains(seen.json(t), "confidentiel") || strings.Contains(seen.json(t), "acc_") {
		t.Errorf("the agency reads %v", seen)
	}
	p.forward(24*time.Hour + time.Second)
	if late := p.as(200, "official2", "GET", "/incidents?late=true&safety=true", ""); late["total"] != float64(1) {
		t.Errorf("late: %v", late)
	}
}

// TestIncidentLists keeps the lists in the tags equal to the domain's.
func TestIncidentLists(t *testing.T) {
	p, _ := startIncidents(t)
	for _, category := range incident.Categories() {
		status := 201
		if category == incident.ArrivalOverdue {
			status = 422
		}
		p.call(status, "POST", "/incidents", "", fmt.Sprintf(`{"category":%q,"description":"x"}`, category))
	}
	made := p.call(201, "POST", "/incidents", "", `{"category":"other","description":"x"}`)
	path := "/incidents/" + made.text("id")
	p.as(200, "official1", "POST", path+"/triages", `{"category":"other"}`)
	for _, kind := range incident.Kinds() {
		p.as(200, "official1", "POST", path+"/referrals", fmt.Sprintf(`{"partner":%q,"country":"ES"}`, kind))
	}
	p.as(200, "official1", "POST", path+"/resolutions", `{"state":"resolved","reason":"paid"}`)
	p.as(200, "official1", "POST", path+"/reopenings", "")
	for _, state := range []incident.State{incident.Resolved, incident.Unfounded} {
		for _, reason := range incident.Outcomes(state) {
			p.as(200, "official1", "POST", path+"/triages", `{"category":"other"}`)
			p.as(200, "official1", "POST", path+"/resolutions", fmt.Sprintf(`{"state":%q,"reason":%q,"note":"n"}`, state, reason))
			p.as(200, "official1", "POST", path+"/reopenings", "")
		}
	}
	if got := p.call(200, "GET", "/reference/referral-partners?country=ES", "", ""); len(got.items("items")) != len(incident.Kinds()) {
		t.Errorf("partners %v", got)
	}
	if got := p.call(200, "GET", "/reference/incident-categories", "", ""); len(got["indicators"].([]any)) != 11 {
		t.Errorf("vocabulary %v", got)
	}
}
