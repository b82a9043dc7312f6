package app

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"net/http"
	"slices"
	"testing"
	"time"
)

// TestPlacementJourneys runs whole placements through the public API, one after
// the other on one house, whose clock goes on through all of them.
func TestPlacementJourneys(t *testing.T) {
	h := openHouse(t)
	for _, script := range []struct {
		name string
		run  func(*voyage)
	}{
		{"refused, answered, corrected and cleared", (*voyage).corrected},
		{"a transfer, an incident and an early end", (*voyage).broken},
		{"an internship with its convention", (*voyage).internship},
		{"an expert mission to Mali", (*voyage).mission},
		{"from the draft offer to the certified return", (*voyage).whole},
	} {
		t.Run(script.name, func(t *testing.T) {
			j := newVoyage(t, h)
			defer j.print()
			script.run(j)
			j.proven()
		})
	}
}

// whole goes all the way.
func (j *voyage) whole() {
	j.begin("ML", nil)
	if blocking := j.proposes(1, nil); len(blocking) > 0 || j.file.Held() {
		j.t.Errorf("an equal contract is held: %v", blocking)
	}
	j.cools()
	j.pays()
	j.cannot("candidate", "tick the contract for the agency", "checklist-items", object{"key": "contract_signed"}, http.StatusForbidden, "placement.item.role")
	j.completes("under_review")
	j.papers()
	j.queued()
	j.does("official A", "claim the file", "claims", nil, "under_review")
	j.cannot("official B", "review what another has claimed", "reviews", nil, http.StatusConflict, "placement.claimed")
	j.does("official A", "give the file back", "claims/releases", nil, "under_review")
	j.does("official B", "claim the file", "claims", nil, "under_review")
	j.does("official B", "give the file back", "claims/releases", nil, "under_review")
	j.clears("official A", "official B")
	j.cannot("candidate", "note one's own departure", "departures", object{"on": j.day(0)}, http.StatusForbidden, "")
	j.travels("Almería")
	j.stays()
	j.keepsInTouch()
	j.comesHome()
	j.settles()
	j.reported("ES", "completed")
	if len(j.spoke) < 8 {
		j.t.Errorf("only %d people took part: %v", len(j.spoke), j.spoke)
	}
}

// cools sees that nothing shortens the time to think.
func (j *voyage) cools() {
	j.t.Helper()
	j.cannot("candidate", "ask for a code unread", "acceptance-codes", nil, http.StatusConflict, "placement.contract.unread")
	j.reads(1)
	j.cannot("candidate", "ask for a code at once", "acceptance-codes", nil, http.StatusConflict, "placement.cooling_off")
	j.later(71 * time.Hour)
	j.cannot("candidate", "ask for a code after 71 hours", "acceptance-codes", nil, http.StatusConflict, "placement.cooling_off")
	j.cannot("candidate", "accept without a code", "acceptances", object{"code": "000000"}, http.StatusConflict, "placement.cooling_off")
	j.later(time.Hour + time.Minute)
	code := j.codeFor("acceptance-codes")
	wrong := fmt.Sprintf("%06d", (number(code)+1)%1_000_000)
	j.cannot("candidate", "accept with a wrong code", "acceptances", object{"code": wrong}, http.StatusUnprocessableEntity, "auth.code.wrong")
	j.cannot("agency", "accept in the person's place", "acceptances", object{"code": code}, http.StatusForbidden, "")
	j.does("candidate", "accept the contract with the code", "acceptances", object{"code": code}, "contract_accepted")
	j.cannot("candidate", "accept twice", "acceptances", object{"code": code}, http.StatusConflict, "transition")
}

func number(digits string) (n int) {
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	return n
}

// pays writes two costs down: one of the employer, one of the worker, which
// raises the risk.
func (j *voyage) pays() {
	j.t.Helper()
	before := j.risk()
	cost := object{"category": "administrative", "amount": "60.00", "currency": "EUR", "paidBy": "employer", "paidOn": j.day(0), "note": "Visa"}
	j.does("agency", "cost: the employer pays the visa", "costs", cost, "contract_accepted")
	if now := j.risk(); now != before {
		j.t.Errorf("risk %d after %d, and the worker paid nothing", now, before)
	}
	cost = object{"category": "medical", "amount": "25000", "currency": "XOF", "paidBy": "worker", "paidOn": j.day(0)}
	j.does("candidate", "cost: the worker paid the doctor", "costs", cost, "contract_accepted")
	if now := j.risk(); now != before+30 {
		j.t.Errorf("risk %d after %d: no alarm for what the worker paid", now, before)
	}
}

func (j *voyage) risk() int {
	j.t.Helper()
	f := j.seen("official A")
	if f.Risk == nil {
		j.t.Fatal("an official sees no risk")
	}
	return *f.Risk
}

// papers reads what was uploaded: for a reason, which the person sees.
func (j *voyage) papers() {
	j.t.Helper()
	var passport, medical string
	for _, d := range j.seen("candidate").Documents {
		switch d.Item {
		case "passport":
			passport = d.ID
		case "medical":
			medical = d.ID
		}
	}
	j.cannot("official A", "read a document without a reason", "documents/"+passport+"/readings", object{}, http.StatusUnprocessableEntity, "")
	picture := j.downloads("official A", passport, "file_review")
	if size, err := jpeg.DecodeConfig(bytes.NewReader(picture)); err != nil || size.Width != 160 || bytes.Contains(picture, []byte("12.6392")) {
		j.t.Errorf("the passport comes back as %v, %v", size, err)
	}
	if !bytes.Equal(j.downloads("agency", medical, "application"), pdfPage("medical")) {
		j.t.Error("the certificate comes back changed")
	}
	j.check("official A", "read the passport for a reason", "under_review")
	for _, d := range j.file.Documents {
		if d.ID == passport && (len(d.Readings) != 1 || d.Readings[0].Reason != "file_review" || d.Readings[0].By != "official") {
			j.t.Errorf("readings: %+v", d.Readings)
		}
	}
	for _, d := range j.seen("agency").Documents {
		if len(d.Readings) > 0 {
			j.t.Error("the agency sees who read")
		}
	}
}

// queued sees that the file waits in the officials' queue.
func (j *voyage) queued() {
	j.t.Helper()
	queue := read[struct{ Items []struct{ ID string } }](j.by("official A"), "/placements"+query("state", "under_review", "sort", "urgent", "limit", "100"))
	if !slices.ContainsFunc(queue.Items, func(i struct{ ID string }) bool { return i.ID == j.id }) {
		j.t.Error("the file is not in the queue")
	}
}

// stays sees that what is done to the application cancels no file any more.
func (j *voyage) stays() {
	j.t.Helper()
	path := "/applications/" + j.application
	for _, try := range [][3]string{{"candidate", "withdrawals", "family"}, {"agency", "refusals", "position_filled"}} {
		r := j.by(try[0]).send("POST", path+"/"+try[1], object{"reason": try[2]})
		if r.status != http.StatusConflict || r.member("code") != "placement.departed" {
			j.t.Errorf("%s of an application whose person has left: %d %s", try[1], r.status, r.body)
		}
		j.check(try[0], "✗ application: "+try[1]+": "+r.member("code"), "in_post")
	}
}

// keepsInTouch holds the check-ins, and states the first pay slip.
func (j *voyage) keepsInTouch() {
	j.t.Helper()
	arrived := j.today
	well := func(who, channel string, day int) {
		j.at(arrived.AddDate(0, 0, day))
		j.does(who, fmt.Sprintf("check-in of day %d", day), "check-ins", object{"channel": channel, "well": true, "paidAsAgreed": true}, "in_post")
	}
	well("candidate", "web", 7)
	well("mission", "phone", 30)
	slip := object{"stage": "payslip", "language": "es", "pay": j.terms["pay"]}
	j.does("candidate", "state the first pay slip", "statements", slip, "in_post")
	if last := j.file.Contracts[len(j.file.Contracts)-1]; last.Stage != "payslip" || j.file.Held() {
		j.t.Errorf("pay slip: %+v", last)
	}
	well("mission", "visit", 90)
	well("candidate", "web", 182)
	var days []int
	for _, c := range j.file.Journey.CheckIns {
		days = append(days, c.Day)
		if c.DoneAt.IsZero() && c.Day < 182 {
			j.t.Errorf("check-in of day %d is not held", c.Day)
		}
	}
	if !slices.IsSorted(days) || !slices.Contains(days, 182) || len(days) != 5 {
		j.t.Errorf("check-ins on days %v", days)
	}
	j.at(arrived.AddDate(0, 9, 0))
}

// comesHome ends the work, comes home and has it certified.
func (j *voyage) comesHome() {
	j.t.Helper()
	j.cannot("official A", "certify before the end", "certificates", object{"skills": []string{"maconnerie"}}, http.StatusConflict, "transition")
	j.does("agency", "the work ends as agreed", "endings", object{"outcome": "completed", "on": j.day(0)}, "completed")
	j.days(4)
	j.does("candidate", "come home", "homecomings", object{"outcome": "returned", "on": j.day(0)}, "returned")
	work := object{"employer": "Obras del Valle", "occupation": "7112", "country": "ES", "from": j.file.Journey.ArrivedOn, "until": j.file.Ending.On}
	j.does("official B", "certify period and skills", "certificates", object{"periods": []object{work}, "skills": []string{"maconnerie", "coffrage"}}, "returned")
	insured := object{"country": "ES", "institution": "Seguridad Social", "number": "28/1234567/89", "branch": "old_age", "from": j.file.Journey.ArrivedOn, "until": j.day(-4)}
	j.does("candidate", "add an insurance period", "insurance-periods", insured, "returned")
	j.does("agency", "the employer wants the person back", "rehire-wishes", object{"wanted": true, "from": j.day(120)}, "returned")
	e := j.file.Ending
	if len(e.Periods) != 1 || len(e.Skills) != 2 || e.CertifiedAt.IsZero() || !e.Rehire || len(j.file.Insurance) != 1 || j.file.Insurance[0].Number != "28/1234567/89" {
		j.t.Errorf("ending %+v, insurance %+v", e, j.file.Insurance)
	}
	for _, side := range []string{"agency", "official A"} {
		if got := j.seen(side).Insurance; len(got) != 1 || got[0].Number != "" {
			j.t.Errorf("the %s sees the insurance number: %+v", side, got)
		}
	}
}

// settles follows the reintegration case to its end.
func (j *voyage) settles() {
	j.t.Helper()
	home := j.today
	j.does("candidate", "ask for help to settle", "reintegration-cases", object{"needs": []string{"work", "housing"}}, "returned")
	j.does("official A", "plan the case", "reintegration-plans", object{"needs": []string{"work"}, "plan": "Mise en relation avec l’ANPE."}, "returned")
	if j.seen("agency").Ending.Case != nil {
		j.t.Error("the agency sees the case")
	}
	for _, m := range []struct {
		months   int
		activity string
	}{{3, "looking"}, {6, "training"}, {12, "employed"}} {
		j.at(home.AddDate(0, m.months, 0))
		j.does("official A", fmt.Sprintf("follow-up of month %d", m.months), "follow-ups", object{"months": m.months, "activity": m.activity}, "returned")
	}
	j.does("official A", "close the case", "reintegration-closures", object{"outcome": "settled"}, "returned")
	c := j.file.Ending.Case
	if c == nil || c.Outcome != "settled" || c.ClosedAt.IsZero() || !c.Taken || len(c.FollowUp) != 3 {
		j.t.Fatalf("case: %+v", c)
	}
	for _, f := range c.FollowUp {
		if f.DoneAt.IsZero() || f.Due != home.AddDate(0, f.Months, 0).Format(time.DateOnly) {
			j.t.Errorf("follow-up: %+v", f)
		}
	}
}

// Held reports whether any hold is shown.
func (f file) Held() bool { return len(f.HeldBy) > 0 }
