package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/offer"
)

func TestAnApplicationFromInvitationToSelection(t *testing.T) {
	p := startPeople(t)
	id := p.putOffer("off_1", 1, nil)
	person := strings.TrimPrefix(p.newProfile(true), "/profiles/")
	invite := fmt.Sprintf(`{"profile":%q}`, person)
	p.as(404, "agency2", "POST", "/offers/"+id+"/invitations", invite)
	p.as(404, "agency1", "POST", "/offers/"+id+"/invitations", `{"profile":"pro_0"}`)
	invited := p.as(201, "agency1", "POST", "/offers/"+id+"/invitations", invite)
	path := "/applications/" + invited.text("id")
	if invited.text("state") != "invited" || invited.text("offerTitle") != "Infirmière" || invited["candidate"] != nil {
		t.Errorf("invited: %v", invited)
	}
	p.as(409, "agency1", "POST", path+"/selections", "")
	p.as(403, "agency1", "POST", path+"/acceptances", "")
	p.as(404, "candidate2", "POST", path+"/acceptances", "")
	accepted := p.as(200, "candidate1", "POST", path+"/acceptances", "")
	if accepted.text("state") != "submitted" || fmt.Sprint(accepted["failedGates"]) != "[]" || accepted["eligibleAtApply"] != true {
		t.Errorf("accepted: %v", accepted)
	}
	if seen := p.as(200, "agency1", "GET", "/profiles/"+person, "").member("identity"); seen.keys() != "email familyName givenNames phone" {
		t.Errorf("the agency sees %s", seen.keys())
	}
	p.as(200, "agency1", "POST", path+"/shortlistings", "")
	at := p.now().Add(72 * time.Hour).Format(time.RFC3339)
	heard := p.as(200, "agency1", "POST", path+"/interviews", fmt.Sprintf(`{"at":%q}`, at))
	if heard.text("interviewAt") != at {
		t.Errorf("interview: %v", heard)
	}
	if ranked := p.as(200, "agency1", "POST", path+"/waitings", `{"rank":2}`); ranked["rank"] != float64(2) {
		t.Errorf("ranked: %v", ranked)
	}
	chosen := p.as(200, "agency1", "POST", path+"/selections", "")
	if chosen.text("state") != "selected" || chosen["rank"] != nil || len(chosen.items("history")) != 6 {
		t.Errorf("selected: %v", chosen)
	}
	p.as(200, "candidate1", "POST", path+"/withdrawals", `{"reason":"family"}`)
	if o, err := p.offers.Get(t.Context(), "off_1"); err != nil || o.FreePlaces() != 1 || o.State != offer.Published {
		t.Errorf("the place is not free: %+v, %v", o.Taken, err)
	}
	if seen := p.as(200, "agency1", "GET", "/profiles/"+person, ""); seen["identity"] != nil {
		t.Errorf("after withdrawal the agency sees %v", seen["identity"])
	}
}

func TestApplyingOverTheAPI(t *testing.T) {
	p := startPeople(t)
	id := p.putOffer("off_1", 2, func(terms *offer.Terms) { terms.ExperienceMonths = 120 })
	p.as(409, "candidate1", "POST", "/offers/"+id+"/applications", "")
	p.newProfile(false)
	p.as(404, "candidate1", "POST", "/offers/off_0/applications", "")
	p.as(403, "agency1", "POST", "/offers/"+id+"/applications", "")
	p.as(422, "candidate1", "POST", "/offers/"+id+"/applications", `{"state":"selected"}`)
	made := p.as(201, "candidate1", "POST", "/offers/"+id+"/applications", `{"message":"Bonjour"}`, "Idempotency-Key: a1")
	again := p.as(201, "candidate1", "POST", "/offers/"+id+"/applications", `{"message":"Bonjour"}`, "Idempotency-Key: a1")
	if fmt.Sprint(made["failedGates"]) != "[experience]" || made["eligibleAtApply"] != false || again.text("id") != made.text("id") {
		t.Errorf("made %v, then %v", made, again)
	}
	p.as(409, "candidate1", "POST", "/offers/"+id+"/applications", "")
	path := "/applications/" + made.text("id")
	for name, want := range map[string]struct {
		status  int
		total   float64
		message string
	}{
		"candidate1": {200, 1, "Bonjour"}, "agency1": {200, 1, "Bonjour"}, "official1": {200, 1, ""},
		"candidate2": {404, 0, ""}, "agency2": {404, 0, ""}, "admin1": {403, 0, ""}, "observer1": {403, 0, ""},
	} {
		if got := p.as(want.status, name, "GET", path, ""); got.text("message") != want.message {
			t.Errorf("%s reads %v", name, got)
		}
		if want.status == 403 {
			p.as(403, name, "GET", "/applications", "")
			continue
		}
		if list := p.as(200, name, "GET", "/applications?offer="+id, ""); list["total"] != want.total || len(list.items("items")) != int(want.total) {
			t.Errorf("%s lists %v", name, list)
		}
	}
	if list := p.as(200, "agency1", "GET", "/applications?state=selected,refused", ""); list["total"] != float64(0) {
		t.Errorf("other states: %v", list)
	}
	p.as(400, "agency1", "GET", "/applications?candidate=acc_candidate1", "")
	p.as(422, "agency1", "GET", "/applications?state=deleted", "")
}

// TestApplicationReasons keeps the lists in the tags equal to the domain's.
func TestApplicationReasons(t *testing.T) {
	p := startPeople(t)
	p.newProfile(false)
	p.putOffer("off_1", 1, nil)
	path := "/applications/" + p.as(201, "candidate1", "POST", "/offers/off_1/applications", "").text("id")
	p.as(422, "agency1", "POST", path+"/refusals", `{}`)
	p.as(422, "agency1", "POST", path+"/refusals", `{"reason":"too_old"}`)
	p.as(422, "agency1", "POST", path+"/waitings", `{"rank":0}`)
	p.as(422, "agency1", "POST", path+"/interviews", `{"at":"2020-01-01T10:00:00Z"}`)
	for _, reason := range application.Reasons(application.ActRefuse) {
		p.as(200, "agency1", "POST", path+"/refusals", fmt.Sprintf(`{"reason":%q}`, reason))
		p.as(201, "candidate1", "POST", "/offers/off_1/applications", "")
	}
	for _, reason := range append(application.Reasons(application.ActWithdraw), "") {
		p.as(200, "candidate1", "POST", path+"/withdrawals", fmt.Sprintf(`{"reason":%q}`, reason))
		p.as(201, "candidate1", "POST", "/offers/off_1/applications", "")
	}
}
