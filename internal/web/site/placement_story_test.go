package site

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// hostileTrip is a file in that state in which everything that people may
// write is hostile.
func hostileTrip(state placement.State) *placement.Placement {
	at := testNow.Add(-100 * time.Hour)
	promised := offer.Terms{Title: hostile, Occupation: "7112", Kind: ref.FixedTerm, Employer: "emp_1", EmployerName: hostile, Country: "ES", City: hostile, Region: hostile, DurationMonths: 9, HoursPerWeek: 4000,
		Pay: ref.Pay{Min: 150000, Max: 150000, Currency: "EUR", Period: ref.PerMonth, Basis: ref.Gross}, Benefits: offer.Benefits{Housing: offer.Provided, Flight: offer.Provided}, Costs: offer.Costs{Visa: offer.ByEmployer}}
	found := promised
	found.EmployerName, found.Pay.Min, found.Pay.Max, found.Benefits.Housing, found.Start = hostile, 120000, 120000, offer.NotProvided, "2027-03-01"
	found.Deductions = []offer.Deduction{{Label: hostile, Amount: 5000}}
	p := &placement.Placement{ID: "pla_1", Reference: "PLA-2026-7K3Q9D", Application: "app_12345678", Offer: "off_1", Agency: "agy_1", Candidate: "acc_1", Country: "ES", Occupation: "7112", Kind: ref.FixedTerm, Title: hostile,
		Frozen: offer.Snapshot{Version: 1, Terms: promised, PublishedAt: at}, State: state, Since: at, CreatedAt: at, UpdatedAt: at,
		Holds:     []placement.Hold{{Kind: placement.HoldSubstitution, Source: "contract/1", Reason: hostile, At: at}},
		Checklist: []placement.Item{{Key: placement.ItemPassport, Label: placement.Text{FR: hostile, EN: hostile}, Required: true, Done: true, Document: "doc_1", Expires: "2030-01-01"}, {Key: placement.ItemContract, Label: placement.Text{FR: "Contrat"}, Required: true}, {Key: placement.ItemTraining, Label: placement.Text{FR: "Formation"}}},
		Documents: []placement.Document{{ID: "doc_1", Item: placement.ItemPassport, Name: hostile + ".pdf", Media: "application/pdf", Bytes: 14000, By: "acc_1", Role: account.Candidate, At: at, Readings: []placement.Reading{{Role: account.Official, At: at, Reason: "file_review"}}}, {ID: "doc_2", Item: "receipt", Name: "b.png", Media: "image/png", Role: account.Agency, At: at}},
		Costs: []placement.Cost{{ID: "cos_1", Category: "medical", Amount: ref.Money{Amount: 25000, Currency: ref.XOF}, EURCents: 3811, PaidBy: offer.ByWorker, PaidOn: "2026-11-01", Note: hostile, By: "acc_1", Role: account.Candidate, At: at},
			{ID: "cos_2", Category: "travel", Amount: ref.Money{Amount: 100, Currency: ref.EUR}, PaidBy: placement.ByAgency, PaidOn: "2026-11-02", Struck: at, StruckReason: hostile}},
		Decision:   placement.Decision{RefusalReason: "safety", RefusalNote: hostile},
		Clearances: []placement.Clearance{{Number: "AUT-1", From: "2026-11-20", Until: "2027-01-20", RevokedAt: at, RevokedReason: "mistake"}},
		Journey: placement.Journey{DepartedOn: "2026-10-01", Carrier: hostile, DueOn: "2026-10-04", ArrivedOn: "2026-10-02", ArrivedAt: hostile, CheckIns: []placement.CheckIn{{Day: 7, Due: "2026-10-09", DoneAt: at, Channel: "web", Concerns: []string{"wages"}, Note: hostile}, {Day: 30, Due: "2026-11-01", Missed: at}, {Day: 90, Due: "2026-12-31"}},
			Transfers: []placement.Move{{Contract: 1, Employer: "emp_2", Asked: placement.Signature{At: at}}}},
		Ending: placement.Ending{On: "2026-11-01", Cause: "non_payment", Note: hostile, HomeOn: "2026-11-02", HomeNote: hostile, Periods: []placement.WorkPeriod{{Employer: hostile, Occupation: "7112", Country: "ES", From: "2026-10-03", Until: "2026-11-01"}},
			Insurance: []placement.InsurancePeriod{{Country: "ES", Institution: hostile, Number: hostile, Branch: "old_age", From: "2026-10-03"}}, Rehire: true, RehireNote: hostile,
			Case: &placement.Reintegration{OpenedAt: at, Needs: []string{"work"}, Plan: hostile, FollowUp: []placement.FollowUp{{Months: 3, Due: "2027-02-01"}}}},
		Internship: &placement.Internship{School: hostile, SchoolCity: hostile, Programme: hostile, Tutor: hostile, Objectives: hostile, Evaluation: &placement.Evaluation{Skills: 4, Conduct: 5, Autonomy: 3, Comment: hostile}, Certificate: "ATT-1"},
		Mission:    &placement.Mission{Host: hostile, Objective: hostile, Results: []string{hostile}, Report: hostile, ReportAt: testNow},
	}
	p.Contracts = []placement.Contract{{Number: 1, Stage: placement.Proposed, Terms: found, Language: "es", At: at, Lines: placement.Compare(p.Frozen, found), SignedOn: "2026-11-01"}}
	if state == placement.Cancelled {
		p.CancelReason = "family"
	}
	for _, s := range placement.Transitions() {
		p.History = append(p.History, placement.Event{Action: s.Action, State: s.To, At: at, Role: account.Agency, Note: hostile})
	}
	p.History = append(p.History, placement.Event{Action: "hold", State: state, At: at, Role: account.System, Reason: "substitution"}, placement.Event{Action: placement.ActEndEarly, State: state, At: at, Role: account.Candidate, Reason: "abuse"})
	return p
}

// undescribed is the file of an expert whose mission nobody has described.
func undescribed(state placement.State) *placement.Placement {
	p := hostileTrip(state)
	p.Kind, p.Mission = ref.ExpertMission, nil
	return p
}

// as is the visit of somebody of that role.
func (v *visit) as(role account.Role) *visit {
	w := *v
	w.actor = account.Actor{Account: "acc_1", Role: role, Agency: "agy_1", Session: "ses_1"}
	v.site.opts.Placements = placement.NewService(placement.Deps{Now: v.site.opts.Now})
	return &w
}

// tripStories is every state of the pages of placements and of agencies.
func tripStories(v *visit) []story {
	var all []story
	for _, role := range bothSides() {
		w := v.as(role)
		var cards []tripLine
		for _, state := range placement.States() {
			p := hostileTrip(state)
			all = append(all, story{string(state) + " " + string(role), "placement/show", role, w.newTripPage(p)})
			cards = append(cards, w.tripLine(placement.CardOf(p, placement.Calendar{}, testNow)))
		}
		all = append(all, story{"list", "placement/index", role, tripsPage{Agency: role == account.Agency, Total: 16, Items: cards, Tabs: w.tripTabs(url.Values{"etape": {"retard"}})}}, story{"empty", "placement/index", role, tripsPage{Agency: role == account.Agency}})
		bare := &placement.Placement{ID: "pla_2", Reference: "PLA-2", Title: "b", State: placement.Opened, Application: "app_2", Since: testNow}
		all = append(all, story{"bare", "placement/show", role, w.newTripPage(bare)})
		for _, state := range []placement.State{placement.Opened, placement.InPost, placement.Cancelled} {
			all = append(all, story{"undescribed " + string(state) + " " + string(role), "placement/show", role, w.newTripPage(undescribed(state))})
		}
		all = append(all, deedStories(w)...)
	}
	return append(append(append(all, contractStories(v.as(account.Candidate))...), agencyStories(v.as(account.Agency))...), story{"empty", "placement/movements", account.Agency, movementsPage{}})
}

// deedStories shows the form of every deed that needs no other service, as it
// is at first and with everything wrong.
func deedStories(v *visit) (all []story) {
	v.gin.Params = append(v.gin.Params[:0], param("key", placement.ItemPassport), param("cost", "cos_1"))
	for _, d := range deeds() {
		if !slices.Contains(d.roles, v.actor.Role) || slices.Contains([]string{"propose", "found", "transfer"}, d.name) {
			continue
		}
		p := hostileTrip(placement.Opened)
		page, err := d.page(v, p, nil)
		if err != nil {
			panic(err)
		}
		wrong, err := d.page(v, p, url.Values{"note": {hostile}, "description": {hostile}, "objective": {hostile}, "cle": {"x"}})
		if err != nil {
			panic(err)
		}
		v.correct(wrong.Form, fault.New(fault.Invalid, "placement.invalid", fault.Field{Pointer: "/reason", Code: "required"}, fault.Field{Pointer: "file", Code: "placement.document.large"}))
		all = append(all, story{d.name, "placement/deed", v.actor.Role, page}, story{d.name + " wrong", "placement/deed", v.actor.Role, wrong})
	}
	return all
}

func contractStories(v *visit) []story {
	story1 := func(name string, change func(*placement.Placement, *placement.Contract)) story {
		p := hostileTrip(placement.ContractProposed)
		p.Holds = nil
		change(p, &p.Contracts[0])
		page := v.bareContractPage(p, &p.Contracts[0], nil)
		page.Notice = []noticeBlock{{Title: hostile}, {Lines: []string{hostile}}, {Lines: []string{"a", "b"}}}
		return story{name, "placement/contract", v.actor.Role, page}
	}
	terms := newForm("/agence/departs/pla_1/contrat", v.t("deed.submit.propose"), contractValues(hostileTrip(placement.Opened).Contracts[0].Terms, "es"))
	terms.Ways = []way{{"comparer", v.t("contract.compare")}}
	v.payFields(terms)
	v.deductionFields(terms)
	v.paperFields(terms, hostileTrip(placement.Opened))
	c := hostileTrip(placement.Opened).Contracts[0]
	return []story{
		story1("unread", func(*placement.Placement, *placement.Contract) {}),
		story1("waiting", func(_ *placement.Placement, c *placement.Contract) { c.ShownAt = testNow.Add(-time.Hour) }),
		story1("ready", func(_ *placement.Placement, c *placement.Contract) { c.ShownAt = testNow.Add(-99 * time.Hour) }),
		story1("held", func(p *placement.Placement, c *placement.Contract) {
			c.ShownAt = testNow.Add(-99 * time.Hour)
			p.Holds = []placement.Hold{{Kind: placement.HoldSafety}}
		}),
		story1("accepted", func(p *placement.Placement, c *placement.Contract) {
			p.State, c.AcceptedAt = placement.ContractAccepted, testNow
		}),
		story1("declined", func(p *placement.Placement, c *placement.Contract) {
			p.State, c.DeclinedAt, c.DeclineReason = placement.Opened, testNow, "other"
			p.History = append(p.History, placement.Event{Action: placement.ActDecline, At: testNow, Role: account.Candidate, Reason: "other", Note: hostile})
		}),
		story1("transfer", func(p *placement.Placement, c *placement.Contract) {
			p.State, c.Stage = placement.Transferred, placement.Transfer
		}),
		{"compared", "placement/deed", account.Agency, &deedPage{Title: "a", Back: backLink{"/", "b"}, Form: terms, Warning: hostile, Diff: v.newDiff(c.Lines, hostileTrip(placement.Opened).Frozen.Terms, c.Terms), Facts: []factGroup{{Title: hostile, Facts: []fact{{Label: "a", Value: hostile}}}}}},
	}
}

func agencyStories(v *visit) []story {
	trip := v.tripLine(placement.CardOf(hostileTrip(placement.Departed), placement.Calendar{}, testNow))
	trip.Day, trip.DayLate = "2026-11-01", true
	var groups []stageCount
	for _, s := range stages() {
		groups = append(groups, stageCount{string(s), string(s), []fileLine{{Code: "AB12CD34", Href: "/agence/candidatures/a", Rank: 2, Updated: testNow}}})
	}
	applicant := func(state application.State, failed string) *applicantPage {
		a := &application.Application{ID: "app_12345678", Offer: "off_1", OfferTitle: hostile, Profile: "pro_1", State: state, Rank: 2, Reason: "other", Message: hostile, InterviewAt: testNow, History: []application.Event{{State: state, By: account.Agency, At: testNow, Reason: "other"}}}
		page := v.bareApplicantPage(a, failed, url.Values{failed + "-rank": {hostile}, failed + "-at": {hostile}})
		page.Person = v.personFacts(profile.View{Identity: profile.Identity{GivenNames: hostile, FamilyName: hostile, Phone: hostile, Email: hostile}})
		page.Gates = []gateLine{{Label: "a", Holds: true}, {Label: "b"}}
		return page
	}
	failing := applicant(application.Submitted, application.ActWait)
	v.correct(failing.Error, prefixed(fault.New(fault.Invalid, "application.invalid", fault.Field{Pointer: "/rank", Code: "integer"}), application.ActWait))
	anonymous := applicant(application.Invited, "")
	anonymous.Person = nil
	selected := applicant(application.Selected, "")
	selected.Trip = "/agence/departs/pla_1"
	var files []story
	for _, s := range agency.States() {
		a := &agency.Agency{ID: "agy_1", State: s, Facts: agency.Facts{Name: hostile, LicenceUntil: "2026-12-01", Address: hostile}, Members: []account.ID{"acc_1", "acc_other"}, Decisions: []agency.Decision{{Action: "refuse", Reason: "other", Note: hostile, At: testNow}}}
		files = append(files, story{string(s), "team/agency", account.Agency, v.agencyPageOf(a, url.Values{"login": {hostile}})})
	}
	line := importLine{File: hostile, Href: "/agence/imports/imp_1", State: "running", Created: testNow}
	report := &importReport{Line: line, Running: true, Failure: hostile, Files: v.rowFiles(hostile, "/agence/imports/imp_1/erreurs", 2), Rows: []rowLine{{Row: 3, Why: []string{hostile}, Text: hostile}}}
	versions := v.newVersionsPage(offer.View{ID: "off_1", State: offer.Published, Terms: offer.Terms{Title: hostile}, Snapshot: &offer.Snapshot{Version: 1, Terms: offer.Terms{Title: hostile, City: hostile}}, Review: &offer.Version{Number: 2, State: offer.Draft, Terms: offer.Terms{Title: "b", City: "c"}}})
	return append(files, []story{
		{"full", "placement/movements", account.Agency, movementsPage{[]tripLine{trip}, []tripLine{trip}, []tripLine{trip}, []tripLine{trip}}},
		{"full", "team/pipeline", account.Agency, pipelinePage{Title: hostile, Back: "/a", Tabs: v.offerTabs("off_1", "suivi"), Places: 3, Free: 1, Stages: groups, Trips: []tripLine{trip}}},
		{"empty", "team/pipeline", account.Agency, pipelinePage{Title: "a", Back: "/a", Stages: []stageCount{{State: "submitted", Next: "submitted"}}}},
		{"submitted", "team/applicant", account.Agency, applicant(application.Submitted, "")}, {"failed", "team/applicant", account.Agency, failing},
		{"anonymous", "team/applicant", account.Agency, anonymous}, {"selected", "team/applicant", account.Agency, selected},
		{"none", "team/agency", account.Agency, agencyPage{None: true}},
		{"full", "team/employers", account.Agency, ownEmployersPage{Own: []ownEmployer{{"/agence/employeurs/fiche/e", hostile, "declared", "Espagne", testNow}}, Items: []ownEmployer{{Name: hostile, State: "accredited"}}, Total: 40, Pager: pager{Next: "/agence/employeurs?suite=x"}}}, {"empty", "team/employers", account.Agency, ownEmployersPage{}}, {"nothing found", "team/employers", account.Agency, ownEmployersPage{Words: hostile}},
		{"employer", "placement/deed", account.Agency, v.changePage(&employer.Employer{ID: "emp_1", State: employer.Refused, Facts: employer.Facts{Name: hostile, Sites: []employer.Site{{Name: hostile}}}, Decisions: []employer.Decision{{Action: employer.ActRefuse, Reason: "other", Note: hostile}}}, nil)},
		{"answer", "placement/deed", account.Agency, offerEnds()[0].page(v, offer.View{ID: "off_1", Terms: offer.Terms{Title: hostile}, Review: &offer.Version{Reason: "other", Note: hostile}}, nil)}, {"withdraw", "placement/deed", account.Agency, offerEnds()[2].page(v, offer.View{ID: "off_1", Terms: offer.Terms{Title: "a"}}, url.Values{"note": {hostile}})},
		{"new", "team/declare", account.Agency, declarePage{Form: v.declareForm(nil)}}, {"alike", "team/declare", account.Agency, v.storiedEmployer()},
		{"full", "team/keys", account.Agency, v.storiedKeys()}, {"member", "team/keys", account.Agency, &agencyKeysPage{Only: true, Back: tab{Href: "/", Label: "a"}}}, {"empty", "team/keys", account.Admin, &agencyKeysPage{Back: tab{Href: "/", Label: "a"}}},
		{"ask", "team/key", account.Agency, agencyKeyPage{Item: v.storiedKeys().Items[0], Form: newForm("/a", "b", nil), Back: "/agence/cles"}},
		{"turned", "team/secret", account.Agency, agencySecretPage{Name: hostile, Secret: "pas_a_b", Back: "/agence/cles", Address: "https://x.ml", Expires: "2027-01-01", Turned: true}},
		{"new", "team/edit", account.Agency, factsPage{true, v.agencyForm(nil, 0)}}, {"overtaken", "team/edit", account.Agency, factsPage{false, v.overtakenStory("b")}}, {"overtaken by the same", "team/edit", account.Agency, factsPage{false, v.overtakenStory(hostile)}}, {"edit", "team/edit", account.Agency, factsPage{false, v.agencyForm(url.Values{"name": {hostile}}, 3)}},
		{"changed", "team/versions", account.Agency, versions}, {"one", "team/versions", account.Agency, v.newVersionsPage(offer.View{ID: "off_1", State: offer.Draft, Terms: offer.Terms{Title: "a"}})},
		{"tried", "team/imports", account.Agency, importPage{Form: v.importForm(nil), Tried: report, Items: []importLine{line}}}, {"empty", "team/imports", account.Agency, importPage{Form: v.importForm(nil)}},
		{"running", "team/import", account.Agency, report},
		{"reasons", "candidate/index", account.Agency, candidatePage{Title: "a", Back: "/", Tabs: v.offerTabs("off_1", "candidats"), Total: 1, People: []personLine{{Rank: 1, Band: "good", ID: hostile, Invite: "/agence/offres/off_1/invitations", Gates: []gateLine{{Label: "a", Holds: true}}, Parts: []scorePart{{Label: "b", Percent: "40"}}, Missing: []string{hostile}}}}},
	}...)
}

// overtakenStory is a form whose record somebody else has changed, to that name.
func (v *visit) overtakenStory(stored string) *form {
	late := fault.New(fault.Stale, "stale")
	f := v.agencyForm(url.Values{"name": {hostile}}, 3)
	f.overtaken(late, 4, v.agencyForm(url.Values{"name": {stored}}, 4))
	return v.correct(f, late)
}

// withFileLists adds the lists of codes that these pages word themselves.
func withFileLists(lists map[string][]string) map[string][]string {
	var names []string
	for _, d := range deeds() {
		names = append(names, d.name)
	}
	states := codesOf(placement.States()...)
	for name, codes := range map[string][]string{
		"apikey.is": {"live", "revoked", "expired"}, "deed": names, "deed.lead": names, "deed.submit": names, "trip.says": states, "trip.agency": states, "trip.step": tripWay(),
		"trips.group": tripGroups()[1:], "contract.state": {"accepted", "declined", "unread", "read"},
		"convention": {"school", "schoolCity", "programme", "tutor", "schoolTutor"}, "decision": decisions(), "end.how": {"agreed", "early"}, "evaluation": {"skills", "conduct", "autonomy"},
		"offer.end": endNames(), "offer.end.lead": endNames(), "offer.tab": {"suivi", "candidats", "versions"}, "pipeline.next": codesOf(application.States()...), "team.says": codesOf(agency.States()...),
	} {
		lists[name] = append(lists[name], codes...)
	}
	return lists
}

// withSharedFileLists adds the lists worded by all parts of the service.
func withSharedFileLists(lists map[string][]string) map[string][]string {
	var next []string
	for _, c := range placement.Clocks() {
		next = append(next, c.Action)
	}
	for name, codes := range map[string][]string{
		"state.placement": codesOf(placement.States()...), "hold": codesOf(placement.HoldSubstitution, placement.HoldCorridor, placement.HoldSafety), "stage": codesOf(placement.Proposed, placement.OnArrival, placement.Payslip, placement.Transfer),
		"verdict": codesOf(placement.Same, placement.Better, placement.Worse, placement.Missing, placement.Unclear), "paper": placement.Papers(), "cost_category": placement.CostCategories(), "placement_next": next,
		"event.placement": append(tripActs(), stepsOf(placement.Transitions())...), "end_cause": placement.Causes(), "need": placement.Needs(), "case_outcome": placement.CaseOutcomes(),
		"transfer_reason": placement.TransferReasons(), "compared": placement.ComparedFields(), "check_in_channel": placement.CheckInChannels(), "branch": placement.Branches(),
		"key_scope": codesOf(account.KeyScopes()...), "conclusion": codesOf(placement.Returned, placement.Stayed, placement.Renewed), "actor": codesOf(append(account.Roles(), account.System)...),
	} {
		lists[name] = codes
	}
	lists["reason"] = slices.Concat(lists["reason"], placement.Reasons(placement.ActDecline), placement.Reasons(placement.ActCancel), placement.Reasons(placement.ActRefuse), placement.Reasons(placement.ActRevoke), placement.Reasons("read_document"))
	return lists
}

// tripActs are the acts that histories of placements hold beside the steps.
func tripActs() []string {
	return append(strings.Fields(`review propose_refusal claim release_claim hold propose_release release_hold certify certify_internship check_in check_in_missed
		consent_transfer convention cost strike_cost document evaluate follow_up insurance mark_item mission report accept_report open_case plan_case close_case overdue
		read_contract rehire state_contract`), placement.ActOpen)
}

// TestHarmlessCells: no cell of an agency's tables begins what a spreadsheet
// works out.
func TestHarmlessCells(t *testing.T) {
	v := mustVisit(t)
	p := hostileTrip(placement.Cancelled)
	p.Title = "=HYPERLINK(\"http://evil.test\")"
	one := func(string) (listing.Result[placement.Card], error) {
		return listing.Result[placement.Card]{Items: []placement.Card{placement.CardOf(p, placement.Calendar{}, testNow)}}, nil
	}
	var b strings.Builder
	if err := v.tripTable(url.Values{}, one).WriteCSV(&b); err != nil || strings.Contains(b.String(), ";\"=HYPER") || !strings.Contains(b.String(), "'=HYPERLINK") {
		t.Errorf("%s %v", b.String(), err)
	}
}

func mustVisit(t *testing.T) *visit {
	v, _ := bareVisit(bareSite(t), "GET", "/", ref.French)
	return v.as(account.Agency)
}

// TestSentOnce: a form that is sent again adds nothing; one that failed may be
// sent again.
func TestSentOnce(t *testing.T) {
	now := testNow
	s := newSentForms(func() time.Time { return now })
	worked := 0
	work := func(err error) func() error { return func() error { worked++; return err } }
	refused := fault.New(fault.Invalid, "x")
	do := func(name string, err error) error { return s.get(name).once(work(err)) }
	if do("a", refused) == nil || do("a", nil) != nil || do("a", refused) != nil || worked != 2 {
		t.Errorf("worked %d times", worked)
	}
	if do("b", nil) != nil || worked != 3 {
		t.Error("another form was taken for the first")
	}
}

func param(name, value string) gin.Param { return gin.Param{Key: name, Value: value} }

// endNames lists the ends of an offer.
func endNames() (names []string) {
	for _, e := range offerEnds() {
		names = append(names, e.name)
	}
	return names
}
