package placement_test

import (
	"fmt"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

func TestATransferTakesConsentAndAnOfficial(t *testing.T) {
	d := newDesk(t)
	id := d.inPost()
	ask := func(change func(*offer.Terms)) (*placement.Placement, error) {
		terms := promised()
		change(&terms)
		return d.Transfer(t.Context(), bureau, id, placement.TransferRequest{Terms: terms, Language: "es"})
	}
	_, err := ask(func(terms *offer.Terms) { terms.Employer = "emp_unknown" })
	d.wantField(err, "/employer", "placement.employer.not_accredited")
	_, err = ask(func(terms *offer.Terms) { terms.Country = "FR" })
	d.wantField(err, "/country", "placement.transfer.country")
	p, err := ask(func(terms *offer.Terms) { terms.Pay.Min = 190000 })
	d.ok(err)
	if p.State != placement.Transferred || p.Journey.Transfers[0].Contract != len(p.Contracts) {
		t.Fatalf("asked: %s %+v", p.State, p.Journey.Transfers)
	}
	_, err = d.ApproveTransfer(t.Context(), officialA, id)
	d.want(err, fault.Conflict, "placement.transfer.consent")
	d.ok(d.SendTransferCode(t.Context(), person, id))
	matter := placement.TransferMatter(id, p.Journey.Transfers[0].Contract)
	_, err = d.ConsentToTransfer(t.Context(), person, id, "no")
	d.want(err, fault.Invalid, "auth.code.wrong")
	_, err = d.ConsentToTransfer(t.Context(), bureau, id, "no")
	d.want(err, fault.Forbidden, "auth.forbidden")
	_, err = d.ConsentToTransfer(t.Context(), person, id, d.codes[string(person.Account)+" "+matter])
	d.ok(err)
	d.employer = employer.Barred
	_, err = d.ApproveTransfer(t.Context(), officialA, id)
	d.want(err, fault.Conflict, "placement.employer.not_accredited")
	d.employer = employer.Accredited
	p, err = d.ApproveTransfer(t.Context(), officialA, id)
	d.ok(err)
	if p.State != placement.InPost || !p.Journey.Transfers[0].Approved {
		t.Errorf("approved: %s %+v", p.State, p.Journey.Transfers)
	}
}

func TestARejectedTransferTakesItsHoldAlong(t *testing.T) {
	d := newDesk(t)
	id := d.inPost()
	terms := promised()
	terms.Pay.Min = 90000
	p, err := d.Transfer(t.Context(), bureau, id, placement.TransferRequest{Terms: terms, Language: "es"})
	d.ok(err)
	if !p.Held() {
		t.Fatal("a worse transfer does not hold the file")
	}
	_, err = d.RejectTransfer(t.Context(), bureau, id, "not_wanted", "")
	d.want(err, fault.Forbidden, "auth.forbidden")
	_, err = d.RejectTransfer(t.Context(), person, id, "", "")
	d.wantField(err, "/reason", "reason.unknown")
	p, err = d.RejectTransfer(t.Context(), person, id, "worse_terms", "")
	d.ok(err)
	if p.State != placement.InPost || p.Held() {
		t.Errorf("rejected: %s %v", p.State, p.Holds)
	}
	_, err = d.RejectTransfer(t.Context(), person, id, "worse_terms", "")
	d.want(err, fault.Conflict, "transition")
}

// TestEveryCauseEndsEarly tries every cause from every state abroad.
func TestEveryCauseEndsEarly(t *testing.T) {
	for _, cause := range placement.Causes() {
		d := newDesk(t)
		heard := &told{}
		d.Incidents = heard
		id := d.departed()
		_, err := d.End(t.Context(), person, id, placement.End{On: d.today(), Cause: cause})
		d.want(err, fault.Conflict, "transition")
		_, err = d.End(t.Context(), person, id, placement.End{On: d.today(), Early: true})
		d.wantField(err, "/cause", "reason.unknown")
		p, err := d.End(t.Context(), person, id, placement.End{On: d.today(), Early: true, Cause: cause})
		d.ok(err)
		if alerts := d.file(id).Alerts(); p.State != placement.EndedEarly || p.Ending.Cause != cause || len(alerts) != len(heard.categories) {
			t.Errorf("%s: %s, alerts %v, opened %v", cause, p.State, alerts, heard.categories)
		}
		if grave := cause == "abuse" || cause == "non_payment"; grave && len(heard.categories) != 1 {
			t.Errorf("%s opened no case", cause)
		}
	}
}

// TestACaseIsOpenedOnReturnOnly: nobody has a reintegration case who is still
// away; the official who opens one is in charge of it.
func TestACaseIsOpenedOnReturnOnly(t *testing.T) {
	d := newDesk(t)
	plan := placement.CasePlan{Needs: []string{"work"}}
	id := d.inPost()
	_, err := d.OpenCase(t.Context(), officialA, id, plan)
	d.want(err, fault.Conflict, "transition")
	d.days(300)
	_, err = d.End(t.Context(), bureau, id, placement.End{On: d.today()})
	d.ok(err)
	_, err = d.Conclude(t.Context(), person, id, placement.Outcome{State: placement.Stayed, On: d.today()})
	d.ok(err)
	_, err = d.OpenCase(t.Context(), officialA, id, plan)
	d.want(err, fault.Conflict, "transition")
	home := newDesk(t)
	p, err := home.OpenCase(t.Context(), officialA, home.returned(), plan)
	home.ok(err)
	if p.Ending.Case.Owner != officialA.Account {
		t.Error("nobody is in charge")
	}
}

// returned gives a file whose person came home, with the end of work stated by
// the agency.
func (d *desk) returned() placement.ID {
	d.t.Helper()
	id := d.inPost()
	d.days(300)
	_, err := d.End(d.t.Context(), bureau, id, placement.End{On: d.today()})
	d.ok(err)
	_, err = d.Conclude(d.t.Context(), person, id, placement.Outcome{State: placement.Returned, On: d.today()})
	d.ok(err)
	return id
}

func TestACertifiedReturn(t *testing.T) {
	d := newDesk(t)
	id := d.returned()
	p := d.file(id)
	period := placement.WorkPeriod{Employer: "Obras del Sur", Occupation: "7112", Country: "ES", From: p.Journey.ArrivedOn, Until: p.Ending.On}
	early := period
	early.From = p.Journey.DepartedOn.AddDays(-1)
	_, err := d.Certify(t.Context(), officialA, id, placement.Certificate{Periods: []placement.WorkPeriod{early}})
	d.wantField(err, "/periods/0/from", "placement.date.early")
	_, err = d.Certify(t.Context(), bureau, id, placement.Certificate{Periods: []placement.WorkPeriod{period}})
	d.want(err, fault.Forbidden, "auth.forbidden")
	p, err = d.Certify(t.Context(), officialA, id, placement.Certificate{Periods: []placement.WorkPeriod{period}, Skills: []ref.Skill{"maconnerie"}})
	d.ok(err)
	if p.Ending.Certified.By != officialA.Account || len(p.Ending.Periods) != 1 {
		t.Errorf("certified: %+v", p.Ending)
	}
}

// TestWhoStatesTheEndDoesNotCertifyIt is the four-eyes rule of the return.
func TestWhoStatesTheEndDoesNotCertifyIt(t *testing.T) {
	d := newDesk(t)
	id := d.inPost()
	certificate := placement.Certificate{Skills: []ref.Skill{"maconnerie"}}
	_, err := d.Certify(t.Context(), officialB, id, certificate)
	d.want(err, fault.Conflict, "transition") // nothing has ended
	_, err = d.End(t.Context(), officialA, id, placement.End{On: d.today()})
	d.ok(err)
	_, err = d.Certify(t.Context(), officialA, id, certificate)
	d.want(err, fault.Forbidden, "four_eyes.own")
	_, err = d.Certify(t.Context(), officialB, id, certificate)
	d.ok(err)
}

func TestAReintegrationCase(t *testing.T) {
	d := newDesk(t)
	id := d.returned()
	plan := placement.CasePlan{Needs: []string{"work"}, Plan: "atelier"}
	_, err := d.PlanCase(t.Context(), officialA, id, plan)
	d.want(err, fault.Conflict, "placement.case.none")
	_, err = d.OpenCase(t.Context(), bureau, id, plan)
	d.want(err, fault.Forbidden, "auth.forbidden")
	_, err = d.OpenCase(t.Context(), person, id, placement.CasePlan{})
	d.wantField(err, "/needs", "required")
	_, err = d.OpenCase(t.Context(), person, id, placement.CasePlan{Needs: []string{"money"}})
	d.wantField(err, "/needs/0", "reason.unknown")
	_, err = d.OpenCase(t.Context(), person, id, placement.CasePlan{Needs: plan.Needs, Plan: strings.Repeat("x", 2001)})
	d.wantField(err, "/plan", "too_long")
	p, err := d.OpenCase(t.Context(), person, id, plan)
	d.ok(err)
	if p.Ending.Case.Owner != "" {
		t.Error("the person is in charge of the own case")
	}
	home := p.Ending.HomeOn.Time()
	for i, months := range []int{3, 6, 12} {
		if f := p.Ending.Case.FollowUp[i]; f.Months != months || f.Due != ref.DateOf(home.AddDate(0, months, 0)) {
			t.Errorf("follow-up %+v", f)
		}
	}
	_, err = d.OpenCase(t.Context(), officialA, id, plan)
	d.want(err, fault.Conflict, "placement.case.exists")
	p, err = d.PlanCase(t.Context(), officialA, id, plan)
	d.ok(err)
	if p.Ending.Case.Owner != officialA.Account {
		t.Error("nobody is in charge")
	}
	_, err = d.PlanCase(t.Context(), officialA, id, placement.CasePlan{})
	d.wantField(err, "/needs", "required")
	_, err = d.Meet(t.Context(), officialA, id, 3, "happy", "")
	d.wantField(err, "/activity", "reason.unknown")
	_, err = d.Meet(t.Context(), officialA, id, 3, "employed", strings.Repeat("x", 2001))
	d.wantField(err, "/note", "too_long")
	_, err = d.CloseCase(t.Context(), officialA, id, "forgotten", "")
	d.wantField(err, "/outcome", "reason.unknown")
	_, err = d.CloseCase(t.Context(), officialA, id, "settled", strings.Repeat("x", 2001))
	d.wantField(err, "/note", "too_long")
	for _, months := range []int{3, 6, 12} {
		_, err = d.Meet(t.Context(), officialA, id, months, "employed", "")
		d.ok(err)
		_, err = d.Meet(t.Context(), officialA, id, months, "employed", "")
		d.want(err, fault.Conflict, "placement.case.none")
	}
	_, err = d.CloseCase(t.Context(), officialA, id, "settled", "")
	d.ok(err)
	_, err = d.CloseCase(t.Context(), officialA, id, "settled", "")
	d.want(err, fault.Conflict, "placement.case.none")
	if p, err = d.Get(t.Context(), bureau, id); err != nil || p.Ending.Case != nil {
		t.Errorf("the agency sees the case: %v", err)
	}
}

func TestWhoIsWantedBack(t *testing.T) {
	d := newDesk(t)
	id := d.returned()
	former := func(actor account.Actor) string {
		t.Helper()
		found, err := d.RehirePriority(t.Context(), actor, "off_1")
		d.ok(err)
		return fmt.Sprint(found)
	}
	if got := former(bureau); got != "[]" {
		t.Errorf("before the wish: %s", got)
	}
	_, err := d.WishBack(t.Context(), officialA, id, placement.Wish{Wanted: true})
	d.want(err, fault.Forbidden, "auth.forbidden")
	_, err = d.WishBack(t.Context(), bureau, id, placement.Wish{Wanted: true, From: "2028-03-01"})
	d.ok(err)
	want := fmt.Sprintf("[{%s pro_1 2028-03-01 %s}]", id, d.file(id).Ending.HomeOn)
	if got := former(bureau); got != want || former(officialA) != want {
		t.Errorf("wanted back: %s, want %s", got, want)
	}
	_, err = d.RehirePriority(t.Context(), rival, "off_1")
	d.want(err, fault.NotFound, "offer.not_found")
	_, err = d.WishBack(t.Context(), bureau, id, placement.Wish{})
	d.ok(err)
	if got := former(bureau); got != "[]" {
		t.Errorf("after the wish was withdrawn: %s", got)
	}
}

func TestAnInternshipNeedsThreeSignatures(t *testing.T) {
	d := newDesk(t)
	d.offer.Frozen.Terms.Kind = ref.Internship
	id := d.open()
	convention := placement.Convention{School: "ENI", SchoolCity: "Bamako", Programme: "Génie civil", Tutor: "C. Ruiz", HoursPerWeek: 3500,
		Objectives: "suivre un chantier", SchoolSigned: "2026-11-01"}
	_, err := d.SetConvention(t.Context(), bureau, id, convention)
	d.ok(err)
	ready := func() {
		d.propose(id, func(terms *offer.Terms) { terms.Kind = ref.Internship })
		d.accept(id)
		d.fill(id)
	}
	ready()
	_, err = d.Review(t.Context(), officialA, id)
	d.want(err, fault.Conflict, "placement.convention.missing")
	_, err = d.Return(t.Context(), officialA, id, placement.Grounds{Reason: "documents_missing"})
	d.ok(err)
	convention.HostSigned = "2026-11-02"
	_, err = d.SetConvention(t.Context(), bureau, id, convention)
	d.ok(err)
	ready()
	if p := d.file(id); !p.Internship.TraineeSigned.Known() {
		t.Fatal("accepting the contract is no signature")
	}
	_, err = d.Review(t.Context(), officialA, id)
	d.ok(err)
	_, err = d.Clear(t.Context(), officialB, id, placement.Validity{})
	d.ok(err)
	_, err = d.Evaluate(t.Context(), bureau, id, placement.Evaluation{By: "C. Ruiz", Skills: 4, Conduct: 4, Autonomy: 4})
	d.want(err, fault.Conflict, "transition")
}

func TestAMissionIsDescribedLateButNotRewritten(t *testing.T) {
	d := newDesk(t)
	d.offer.Frozen.Terms.Kind = ref.ExpertMission
	id := d.open()
	d.propose(id, func(terms *offer.Terms) { terms.Kind = ref.ExpertMission })
	d.accept(id)
	brief := placement.MissionBrief{Host: "Hôpital de Kayes", Objective: "former"}
	_, err := d.Report(t.Context(), person, id, "fait")
	d.want(err, fault.Conflict, "placement.mission.missing")
	p, err := d.Get(t.Context(), bureau, id)
	d.ok(err)
	if p.State == placement.Opened || p.State == placement.ContractProposed || !p.LacksBrief() || !p.MayDescribe() {
		t.Fatalf("%s: lacks a brief %v, may be described %v", p.State, p.LacksBrief(), p.MayDescribe())
	}
	p, err = d.SetMission(t.Context(), bureau, id, brief)
	d.ok(err)
	if p.LacksBrief() || p.MayDescribe() {
		t.Error("what is agreed can be rewritten")
	}
	_, err = d.SetMission(t.Context(), bureau, id, brief)
	d.want(err, fault.Conflict, "transition")
	for name, p := range map[string]placement.Placement{
		"cancelled": {Kind: ref.ExpertMission, State: placement.Cancelled},
		"forgotten": {Kind: ref.ExpertMission, State: placement.Returned, History: []placement.Event{{Action: "forget"}}},
		"other":     {Kind: ref.Internship, State: placement.InPost},
	} {
		if p.LacksBrief() || p.MayDescribe() {
			t.Errorf("%s: a brief is missing", name)
		}
	}
}

func TestAMissionIsReportedAndAccepted(t *testing.T) {
	d := newDesk(t)
	d.offer.Frozen.Terms.Kind = ref.ExpertMission
	id := d.open()
	_, err := d.SetConvention(t.Context(), bureau, id, placement.Convention{})
	d.want(err, fault.Conflict, "placement.kind")
	_, err = d.SetMission(t.Context(), bureau, id, placement.MissionBrief{Host: "Hôpital de Kayes", Objective: "former", Results: []string{"dix infirmiers"}})
	d.ok(err)
	_, err = d.Report(t.Context(), person, id, "fait")
	d.want(err, fault.Conflict, "transition")
	d.propose(id, func(terms *offer.Terms) { terms.Kind = ref.ExpertMission })
	d.accept(id)
	d.fill(id)
	d.sent(d.signed(id))
	_, err = d.Arrive(t.Context(), person, id, placement.Arrival{On: d.today(), Place: "Kayes"})
	d.ok(err)
	_, err = d.AcceptReport(t.Context(), bureau, id)
	d.want(err, fault.Conflict, "transition")
	_, err = d.Report(t.Context(), person, id, "fait")
	d.ok(err)
	p, err := d.AcceptReport(t.Context(), bureau, id)
	d.ok(err)
	if p.Mission.Accepted.IsZero() {
		t.Error("not accepted")
	}
	_, err = d.Report(t.Context(), person, id, "autre")
	d.want(err, fault.Conflict, "transition")
}
