package site

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/lifecycle"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/report"
	"passerelle/internal/domain/suspension"
)

// withDeskLists adds the codes the officials' pages have words for.
func withDeskLists(lists map[string][]string) map[string][]string {
	kinds := []string{}
	for _, k := range queueKinds() {
		kinds = append(kinds, k.code)
	}
	one := []string{"incidents", "departures", "refusals", "transfers", "offers", "publications", "agencies", "activations", "employers", "proposals", "late"}
	duties, parts := dutyNames(), []string{}
	for _, p := range corridorParts() {
		parts = append(parts, p.name)
	}
	maps.Copy(lists, map[string][]string{
		"desk.lot": lotActs(), "desk.lot.title": lotActs(), "desk.lot.do": lotActs(),
		"desk.kind": kinds, "desk.kind.one": one, "desk.step": codesOf(placement.FirstSteps()...), "desk.do": duties, "desk.part": parts, "desk.proposed": {employer.ActBar, employer.ActReopen},
		"desk.hint": {"claim", "review", "clear", "refuse", "confirm", "release", "state", "fees_confirm", "triage", "item", "paper", "accept_report"},
		"desk.file": codesOf(suspension.FileTypes()...), "desk.direction": codesOf(suspension.Closing, suspension.Opening), "dash.report": dashboardReports(report.View{Files: true}), "dash.by": codesOf(report.Dimensions()...),
	})
	return lists
}

// deskShared are the shared lists that only the officials' pages use.
func deskShared(lists map[string][]string) map[string][]string {
	for list, codes := range map[string][]string{
		"state.placement": codesOf(placement.States()...), "risk": placement.RiskCodes(), "cost_category": placement.CostCategories(), "paper": placement.Papers(),
		"hold":    codesOf(placement.HoldSubstitution, placement.HoldCorridor, placement.HoldSafety),
		"verdict": codesOf(placement.Same, placement.Better, placement.Worse, placement.Missing, placement.Unclear), "stage": codesOf(placement.Proposed, placement.OnArrival, placement.Payslip, placement.Transfer),
		"placement_next": nextActions(), "event.incident": append([]string{incident.ActReport, "follow_up", "answer", "forget"}, stepsOf(incident.Transitions())...),
		"activity": placement.Activities(), "partner": incident.Kinds(), "indicator": incident.Indicators(),
		"incident_source":  codesOf(incident.ByPerson, incident.Anonymous, incident.ByCheckIn, incident.BySystem),
		"audience":         codesOf(incident.ForAll, incident.ForReporter, incident.ForOfficials),
		"incident_outcome": append(incident.Outcomes(incident.Resolved), incident.Outcomes(incident.Unfounded)...),
	} {
		if lists[list] == nil {
			lists[list] = codes
		}
	}
	return lists
}

func nextActions() (actions []string) {
	for _, c := range placement.Clocks() {
		actions = append(actions, c.Action)
	}
	return actions
}

func dutyNames() (names []string) {
	for _, d := range departureDuties() {
		names = append(names, d.name)
	}
	for _, d := range caseDuties() {
		names = append(names, d.name)
	}
	for _, d := range corridorDuties() {
		names = append(names, d.name)
	}
	return names
}

// stepsOf are the acts of a table of steps.
func stepsOf[S ~string](table lifecycle.Table[S]) (acts []string) {
	for _, step := range table {
		acts = append(acts, step.Action)
	}
	return acts
}

// deskFile is a placement with everything a page can show of it.
func deskFile(state placement.State, change func(*placement.Placement)) *placement.Placement {
	terms := offer.Terms{Title: hostile, Occupation: "7112", Kind: ref.FixedTerm, EmployerName: hostile, Country: "ES", City: hostile, DurationMonths: 9, HoursPerWeek: 4000,
		Pay: ref.Pay{Min: 180000, Max: 180000, Currency: "EUR", Period: ref.PerMonth, Basis: ref.Gross}, Costs: offer.Costs{Visa: offer.ByEmployer}}
	worse := terms
	worse.Pay.Min, worse.Pay.Max, worse.HoursPerWeek, worse.Costs.Visa = 90000, 90000, 6000, offer.ByWorker
	p := &placement.Placement{ID: "pla_1", Reference: "PLA-2026-7K3Q9D", Title: hostile, State: state, Since: testNow, Country: "ES", Occupation: "7112", Kind: ref.FixedTerm, Agency: "agy_1",
		Frozen:    offer.Snapshot{Terms: terms, PayCents: 180000, PayKnown: true},
		Contracts: []placement.Contract{{Number: 1, Stage: placement.Proposed, Terms: worse, Lines: placement.Compare(offer.Snapshot{Terms: terms}, worse)}},
		Holds:     []placement.Hold{{Kind: placement.HoldSafety, Source: "inc_1", At: testNow, ReleasedBy: "acc_2", Reason: hostile}, {Kind: placement.HoldCorridor, Source: hostile, At: testNow}},
		Checklist: []placement.Item{{Key: "passport", Label: placement.Text{FR: hostile}, Required: true, Done: true, DoneAt: testNow, Document: "doc_1", Expires: "2026-01-01"}, {Key: "visa", Label: placement.Text{FR: "Visa"}, Required: true}, {Key: "x", Label: placement.Text{FR: "X"}}},
		Documents: []placement.Document{{ID: "doc_1", Item: "passport", Name: hostile, Media: "application/pdf", Bytes: 14000, Role: account.Agency, At: testNow}, {ID: "doc_2", Item: "receipt", Name: "b", Media: "image/png"}},
		Costs: []placement.Cost{{ID: "cos_1", Category: "visa", Amount: ref.Money{Amount: 50000, Currency: "XOF"}, EURCents: 7600, PaidBy: offer.ByWorker, PaidOn: "2026-11-01", Note: hostile},
			{ID: "cos_2", Category: "medical", Amount: ref.Money{Amount: 20000, Currency: "XOF"}, PaidBy: offer.ByEmployer, Struck: testNow, StruckReason: hostile}},
		History: []placement.Event{{Action: placement.ActOpen, State: placement.Opened, At: testNow, Role: account.System}, {Action: "hold", Reason: "safety", Note: hostile, At: testNow, By: "acc_1", Role: account.Official},
			{Action: placement.ActReturn, Reason: "other", Note: hostile, At: testNow, By: "acc_222222", Role: account.Official}, {Action: placement.ActEndEarly, Reason: "abuse", Role: account.Candidate}},
	}
	change(p)
	return p
}

func deskCorridor() *corridor.Corridor {
	words := corridor.Text{FR: hostile, EN: hostile}
	return &corridor.Corridor{Code: "ML-ES", Rev: 3, Destination: "ES", MaxHours: 4000, Floors: []corridor.Floor{{Prefix: "71", EURCents: 150000, Source: hostile}, {EURCents: 120000}}, Kinds: []ref.WorkKind{ref.FixedTerm},
		Regulated: []ref.Occupation{"71"}, Documents: []corridor.Text{words}, Notice: words, Checklist: []corridor.Paper{{Key: "passport", Label: words, Required: true}}, Fees: []corridor.Fee{{Item: corridor.Visa, Payer: corridor.Worker, MaxCents: 5000, Note: words}},
		WorkerFees: true, Social: []corridor.Coordination{{Branch: corridor.OldAge, Payer: corridor.Employer, Exportable: corridor.Yes, Agreement: "agr_1", Note: words}}, Recognised: []corridor.Recognition{{Prefix: "221", Authority: words, Procedure: words, Weeks: 8}},
		Arrival: []corridor.Help{{Topic: corridor.Housing, Text: words}}, Bases: []corridor.Basis{{Title: words, Date: "2019-02-25", Source: "https://example.org"}}, Agreements: []agreement.ID{"agr_1"},
		Proposal: corridor.FeeProposal{By: "acc_2", At: testNow}, Suspensions: []corridor.Suspension{{Act: hostile, Evidence: hostile, By: "acc_2", At: testNow}}}
}

// lotStories is every state of the page about several things.
func lotStories(v *visit) []story {
	lines := []lotLine{{Href: "/x", Title: hostile, About: hostile, Says: hostile}, {Title: "b", Says: "c", Fails: true}}
	f := newForm(lotPath, "a", nil)
	f.add(field{Name: "reason", Label: hostile})
	v.correct(f, fault.New(fault.Invalid, "offer.invalid", fault.Field{Pointer: "/reason", Code: "required"}))
	all := []story{{"answers", "work/lot", account.Official, &lotPage{Act: lotTake, Lines: lines, Done: true}}, {"none", "work/lot", account.Official, &lotPage{Act: lotGive}}}
	for _, act := range lotActs() {
		all = append(all, story{act, "work/lot", account.Official, &lotPage{Act: act, Lines: lines, Form: f, Many: 2}})
	}
	return all
}

func deskStories(v *visit) []story {
	v.actor = account.Actor{Account: "acc_1", Role: account.Official}
	defer func() { v.actor = account.Actor{} }()
	all := append(departureStories(v), caseStories(v)...)
	return append(append(append(all, corridorStories(v)...), dashboardStories(v)...), append(lotStories(v), takenStories(v)...)...)
}

func departureStories(v *visit) []story {
	late := testNow.Add(-time.Hour)
	risk := []placement.Factor{{Code: "worker_paid", Points: 30}, {Code: "safety", Points: 40}}
	page := func(p *placement.Placement) *departurePage {
		return v.newDeparturePage(p, deskCorridor(), late, 70, risk)
	}
	none := func(*placement.Placement) {}
	reviewed := page(deskFile(placement.UnderReview, func(p *placement.Placement) {
		p.Decision.Reviewed = placement.Signature{By: "acc_2", At: testNow}
		p.Claim = placement.Claim{By: "acc_1", Until: testNow.Add(time.Hour)}
	}))
	refusal := page(deskFile(placement.UnderReview, func(p *placement.Placement) {
		p.Decision = placement.Decision{RefusalBy: placement.Signature{By: "acc_2", At: testNow}, RefusalReason: "safety", RefusalNote: hostile, Answer: hostile}
		p.Claim = placement.Claim{By: "acc_2", Until: testNow.Add(time.Hour)}
	}))
	wrong := page(deskFile(placement.UnderReview, none))
	f := departureDuties()[4].form(v, deskFile(placement.UnderReview, none), "/travail/departs/pla_1", 4, url.Values{"return-note": {hostile}})
	v.correct(f, prefixed(faultAt("reason", "required"), "return"))
	wrong.Error, wrong.Wrong = f.Error, f.Wrong
	f.Error, f.Wrong = "", nil
	for i := range wrong.Duties {
		if wrong.Duties[i].Name == "return" {
			wrong.Duties[i].Form = f
		}
	}
	back := page(deskFile(placement.Returned, func(p *placement.Placement) {
		p.Journey = placement.Journey{DepartedOn: "2026-03-01", Carrier: hostile, ArrivedOn: "2026-03-02", ArrivedAt: hostile, CheckIns: []placement.CheckIn{{Due: "2026-03-09", DoneAt: testNow, Concerns: []string{"wages"}, Note: hostile}, {Due: "2026-05-01", Missed: testNow}, {Due: "2026-12-01"}}}
		p.Ending = placement.Ending{On: "2026-10-01", Cause: "family", Note: hostile, HomeOn: "2026-10-02", HomeNote: hostile, Periods: []placement.WorkPeriod{{Employer: hostile, Occupation: "7112", From: "2026-03-02", Until: "2026-10-01"}},
			Case: &placement.Reintegration{Needs: []string{"work"}, Plan: hostile, FollowUp: []placement.FollowUp{{Months: 3, DoneAt: testNow, Activity: "employed", Note: hostile}, {Months: 6, Due: "2027-04-02"}}}}
	}))
	cleared := deskFile(placement.Cleared, func(p *placement.Placement) {
		p.Clearances = []placement.Clearance{{Number: "AUT-2026-000001", RevokedBy: "acc_2", RevokedReason: "safety", RevokedAt: testNow}, {Number: "AUT-2026-7K3Q9D", First: placement.Signature{By: "acc_1", At: testNow}, Second: placement.Signature{By: "acc_2", At: testNow}, From: "2026-11-21", Until: "2026-12-21"}}
	})
	bare := v.newDeparturePage(&placement.Placement{ID: "pla_2", Title: "b", State: placement.Opened, Since: testNow}, nil, time.Time{}, 0, nil)
	closed, sheet := v.newSheetPage(cleared), v.newSheetPage(cleared)
	v.addBearer(closed, cleared, profile.Identity{}, nil)
	v.addBearer(sheet, cleared, profile.Identity{FamilyName: hostile, GivenNames: "Awa", BirthDate: "1990-05-21"}, nil)
	card := placement.Card{ID: "pla_1", Reference: "PLA-2026-7K3Q9D", Title: hostile, Country: "ES", State: placement.UnderReview, Since: testNow, Due: late, Risk: 40, Owner: account.Official, NextAction: "review", Holds: []placement.HoldKind{placement.HoldSafety}, Step: placement.FirstRefusal, StepBy: "acc_222222"}
	mine, theirs := card, card
	mine.ClaimBy, mine.ClaimUntil = "acc_1", testNow.Add(time.Hour)
	theirs.ClaimBy, theirs.ClaimUntil = "acc_2", testNow.Add(time.Hour)
	queue := queuePage{Keys: true, Picks: true, Tabs: v.deskTabs("/travail"), Kinds: []tab{{Href: "/travail", Label: "Tout", Current: true}}, Total: 5, More: 2, Pager: pager{Next: "/travail?suite=x"},
		Items: []waitLine{v.waitingFile(card), v.waitingFile(mine), v.waitingFile(theirs), {Href: "/travail/agences/a", Kind: "agencies", Title: hostile, About: hostile, Who: hostile, State: "applied", Since: testNow, Note: hostile}}}
	v.timed(queue.Items)
	open := departuresPage{Tabs: v.deskTabs(departurePath), States: []option{{Label: "Tout"}}, From: hostile, Until: "x", Late: true, Filtered: true, Total: 1, Items: []departureLine{v.departureLine(card)}, Pager: pager{Next: "/x"}}
	for i := range queue.Items {
		queue.Items[i].addKeys()
	}
	return []story{
		{"full", "work/index", account.Official, queue}, {"empty", "work/index", account.Official, queuePage{}},
		{"review", "desk/departure", account.Official, page(deskFile(placement.UnderReview, none))}, {"reviewed", "desk/departure", account.Official, reviewed}, {"refusal", "desk/departure", account.Official, refusal}, {"wrong", "desk/departure", account.Official, wrong},
		{"cleared", "desk/departure", account.Official, page(cleared)}, {"departed", "desk/departure", account.Official, page(deskFile(placement.Departed, none))}, {"in post", "desk/departure", account.Official, page(deskFile(placement.InPost, none))},
		{"transfer", "desk/departure", account.Official, page(deskFile(placement.Transferred, none))}, {"ended", "desk/departure", account.Official, page(deskFile(placement.EndedEarly, none))}, {"undescribed", "desk/departure", account.Official, page(undescribed(placement.InPost))}, {"back", "desk/departure", account.Official, back}, {"bare", "desk/departure", account.Official, bare},
		{"full", "desk/sheet", account.Official, sheet}, {"closed identity", "desk/sheet", account.Official, closed}, {"none", "desk/sheet", account.Official, v.newSheetPage(deskFile(placement.Opened, none))},
		{"full", "desk/departures", account.Official, open}, {"empty", "desk/departures", account.Official, departuresPage{}}, {"wrong", "desk/departures", account.Official, departuresPage{Wrong: true, From: hostile}},
		{"approve", "desk/import", account.Official, importDecision{importLine: importLine{File: hostile, From: hostile, Counts: intake.Counts{Rows: 1200}}, Action: "/travail/imports/i/approbations"}},
		{"publish", "desk/import", account.Official, importDecision{importLine: importLine{File: hostile}, Publishing: true, Action: "/travail/imports/i/publications"}},
	}
}

func caseStories(v *visit) []story {
	of := func(state incident.State, safety bool) *incident.Incident {
		return &incident.Incident{ID: "inc_1", Reference: "INC-2026-7K3Q9D", Placement: "pla_1", Offer: "off_1", Country: "ES", Source: incident.Anonymous, Discreet: true, Category: "wages", Indicators: []string{"deception"}, Description: hostile + "\n\n" + hostile,
			Safety: safety, State: state, TriageDue: testNow.Add(-time.Hour), Owner: "acc_1", HeldAt: testNow, CreatedAt: testNow, Outcome: map[bool]string{true: "settled"}[state.Closed()], Closing: hostile,
			Entries:   []incident.Entry{{At: testNow, Reporter: true, Audience: incident.ForAll, Text: hostile}, {At: testNow, Role: account.Official, Audience: incident.ForOfficials, Text: hostile}},
			Referrals: []incident.Referral{{Partner: incident.IOM, Country: "ES", Note: hostile, At: testNow}},
			History:   []incident.Event{{Action: incident.ActReport, Role: account.Candidate, At: testNow}, {Action: incident.ActTriage, By: "acc_2", Role: account.Official, At: testNow}}}
	}
	received, wrong := v.newCasePage(of(incident.Received, true)), v.newCasePage(of(incident.Received, false))
	received.Agency = hostile
	f := wrong.Duties[1].Form
	v.correct(f, prefixed(faultAt("text", "required"), "answer"))
	wrong.Error, wrong.Wrong = f.Error, f.Wrong
	f.Error, f.Wrong = "", nil
	bare := v.newCasePage(&incident.Incident{State: incident.Triaged, Source: incident.BySystem, Category: "other", CreatedAt: testNow})
	full := casesPage{Tabs: v.deskTabs(casePath), States: []option{{Label: "x"}}, Categories: []option{{Label: "y"}}, Safety: true, Late: true, Total: 2, Items: []caseLine{v.caseLine(of(incident.Received, true).Card()), v.caseLine(of(incident.Referred, false).Card())}}
	return []story{
		{"full", "desk/cases", account.Official, full}, {"empty", "desk/cases", account.Official, casesPage{}},
		{"received", "desk/case", account.Official, received}, {"wrong", "desk/case", account.Official, wrong}, {"in progress", "desk/case", account.Official, v.newCasePage(of(incident.InProgress, false))},
		{"resolved", "desk/case", account.Official, v.newCasePage(of(incident.Resolved, true))}, {"bare", "desk/case", account.Official, bare},
	}
}

func corridorStories(v *visit) []story {
	c := deskCorridor()
	track := suspension.Track{Done: 3, Total: 9}
	acts := []*suspension.Act{{Direction: suspension.Closing, Number: hostile, At: testNow, Offers: track, Files: track, People: track, Silent: 2}, {Direction: suspension.Opening, Number: "b", At: testNow, FinishedAt: testNow}}
	own := *c
	own.Proposal.By = "acc_1"
	form := v.corridorForm(nil)
	v.correct(form, faultAt("country", "required"))
	all := []story{
		{"full", "desk/corridors", account.Official, deskCorridorsPage{Tabs: v.deskTabs(deskCorridorPath), Items: []deskCorridorLine{{Href: "/a", Country: hostile, Code: "ML-ES", Suspended: 1, Proposed: true, Updated: testNow}, {Href: "/b", Country: "b", Code: "ML-FR"}}}}, {"empty", "desk/corridors", account.Official, deskCorridorsPage{}},
		{"wrong", "desk/new", account.Official, formPage{form}}, {"full", "desk/corridor", account.Official, v.newDeskCorridorPage(c, acts)}, {"own proposal", "desk/corridor", account.Official, v.newDeskCorridorPage(&own, nil)},
		{"open", "desk/corridor", account.Official, v.newDeskCorridorPage(&corridor.Corridor{Code: "ML-FR", Destination: "FR"}, nil)},
	}
	for _, p := range corridorParts() {
		f := p.form(v, c, 3, p.fields(c.Facts()), len(p.values(c.Facts()))+emptyRows)
		if p.name == "floors" {
			v.correct(f, faultAt("floors/0/amount", "corridor.floor"))
		}
		all = append(all, story{p.name, "desk/part", account.Official, p.page(v, c, f)})
	}
	return append(all, switchStories(v, c)...)
}

func switchStories(v *visit, c *corridor.Corridor) []story {
	files := []suspension.File{{Type: suspension.PlacementFile, ID: "pla_1", Reference: "PLA", Title: hostile, State: "departed", Abroad: true, Held: true}, {Type: suspension.OfferFile, ID: "off_1", Title: hostile, State: "published"}, {Type: suspension.ApplicationFile, Title: "c", State: "submitted"}}
	found := suspension.Affected{Files: listing.Result[suspension.File]{Items: files, Total: 30, Next: "x"}, Counts: suspension.Counts{Offers: 3, Applications: 4, Placements: 23, Abroad: 2, People: 20, Silent: 1}}
	shown, again, opening, none := v.newSwitchPage(c, false, "", "71"), v.newSwitchPage(c, false, "", ""), v.newSwitchPage(c, true, "", ""), v.newSwitchPage(c, false, "", "")
	v.addTouched(shown, found, url.Values{"metier": {"71"}})
	v.addTouched(again, suspension.Affected{}, url.Values{"act": {hostile}, "evidence": {hostile}})
	v.correct(again.Form, fault.New(fault.Stale, "stale"))
	v.addTouched(opening, found, url.Values{})
	v.correct(opening.Form, faultAt("act", "required"))
	none.WrongScope = true
	touched := affectedPage{Country: hostile, Back: "/b", What: hostile, Act: hostile, Types: v.typeTabs(url.Values{"acte": {"x"}}, ""), Total: 3, Items: []touchedLine{v.touchedLine(files[0]), v.touchedLine(files[2])}}
	treaty := &agreement.Agreement{ID: "agr_1", Rev: 2, Facts: agreement.Facts{Title: agreement.Text{FR: hostile, EN: hostile}, Kind: agreement.Labour, Parties: []ref.Country{"ML", "ES"}, SignedOn: "2019-02-25", Clauses: []agreement.Clause{{Number: hostile, Topic: agreement.Text{FR: hostile}, Summary: agreement.Text{FR: hostile}}}, Source: hostile}}
	stale := v.treatyForm(treatyHref(treaty.ID), 1, treatyValues(treaty.Facts), 2)
	v.correct(stale, fault.New(fault.Stale, "stale"))
	staleTreaty := v.treatyPage(treaty, stale)
	other := treatyValues(treaty.Facts)
	other.Set("kind", string(agreement.Movement))
	other.Set("clauses-0-topic-fr", "")
	stale.overtaken(fault.New(fault.Stale, "stale"), 2, v.treatyForm(treatyHref(treaty.ID), 2, other, 2))
	return []story{
		{"choose", "desk/switch", account.Official, v.newSwitchPage(c, false, "", "")}, {"wrong scope", "desk/switch", account.Official, none}, {"preview", "desk/switch", account.Official, shown}, {"stale", "desk/switch", account.Official, again}, {"opening", "desk/switch", account.Official, opening},
		{"full", "desk/affected", account.Official, touched}, {"empty", "desk/affected", account.Official, affectedPage{}},
		{"full", "desk/treaties", account.Official, treatiesPage{Tabs: v.deskTabs(treatyPath), Total: 1, Items: []treatyItem{{treatyHref("agr_1"), v.treatyLine(treaty), false}}}}, {"empty", "desk/treaties", account.Official, treatiesPage{}},
		{"new", "desk/treaty", account.Official, treatyPage{New: true, Form: v.treatyForm(treatyPath+"/nouveau", 0, url.Values{}, clauseRows)}}, {"stale", "desk/treaty", account.Official, staleTreaty},
	}
}

func dashboardStories(v *visit) []story {
	page, empty := &dashboardPage{Countries: []option{{Label: "x"}}, Agencies: []option{{Label: hostile, Value: "agy_1"}}, From: hostile, Kept: keptFilters(report.Filter{Month: "2026-05"})}, &dashboardPage{}
	v.draw(page, report.Filter{Country: "ES", Agency: "agy_1", State: placement.UnderReview, Group: "71", Month: "2026-05", From: "2026-05-03", Until: "2026-06-30"}, deskFigures())
	v.draw(empty, report.Filter{}, dashboardFigures{view: report.View{Files: true}})
	masked, few := &dashboardPage{}, &dashboardPage{}
	view := deskFigures().view
	view.Files, view.Until = false, "2026-10-31"
	v.draw(masked, report.Filter{}, dashboardFigures{view: view})
	v.draw(few, report.Filter{Country: "ES"}, dashboardFigures{view: report.View{Until: "2026-10-31"}})
	return []story{
		{"full", "desk/dashboard", account.Official, page}, {"empty", "desk/dashboard", account.Official, empty}, {"wrong", "desk/dashboard", account.Official, &dashboardPage{Wrong: true, From: hostile}},
		{"figures only", "desk/dashboard", account.Observer, masked}, {"too few", "desk/dashboard", account.Admin, few},
	}
}

func deskFigures() dashboardFigures {
	return dashboardFigures{
		view: report.View{Total: 17, Files: true, Parts: []report.Part{
			{Dimension: report.ByCountry, Lines: []report.Line{{Code: "ES", Count: 9}, {Code: report.Unknown, Count: 8}}},
			{Dimension: report.ByState, Lines: []report.Line{{Code: "under_review", Count: 12}}, Rest: 5},
			{Dimension: report.ByAgency, Lines: []report.Line{{Code: "agy_1", Name: hostile, Count: 16}, {Code: "agy_2", Count: 1}}},
			{Dimension: report.ByGroup, Lines: []report.Line{{Code: "71", Count: 17}}}, {Dimension: report.ByMonth, Lines: []report.Line{{Code: "2026-05", Count: 17}}},
		}},
		overdue:   []report.Overdue{{State: placement.UnderReview, Owner: account.Official, Running: 9, Late: 2, Oldest: 72 * time.Hour, Files: []placement.Card{{ID: "pla_1", Reference: "PLA"}}}, {State: placement.Opened, Owner: account.Agency, Running: 1}},
		durations: []report.Duration{{State: placement.UnderReview, Count: 4, Median: 5 * time.Hour, P90: 96 * time.Hour}},
		outcomes:  []report.Outcome{{Agency: "agy_1", Name: "=cmd|' /C calc'!A0" + hostile, Ended: 10, Completed: 8, Early: 2, Breach: 1, Cancelled: 1, Running: 3, Low: 4901, High: 9433}, {Agency: "agy_2"}},
		costs:     []report.Cost{{Country: "ES", People: 9, Paid: 2, MedianCents: 0, MeanCents: 5200, Known: 8, MeanRatio: 12}, {Country: "FR", People: 1}},
	}
}

// TestDashboardFile: the file says what it rests on, and no cell of it is a
// formula.
//
// covers IN-05
func TestDashboardFile(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", "/tableau-de-bord", ref.French)
	var b strings.Builder
	if err := v.dashboardTable("outcomes", report.Filter{Country: "ES", Agency: "@agy", From: "2026-01-01"}, deskFigures()).WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	content := b.String()
	for _, want := range []string{"Issues par agence", "Espagne", "'@agy", "Famille de métiers", "2026-01-01", "'=cmd|", "49,01;94,33"} {
		if !strings.Contains(content, want) {
			t.Errorf("%q is not in the file:\n%s", want, content)
		}
	}
}

// TestQueueOrder: safety, then late, then risky, then old.
func TestQueueOrder(t *testing.T) {
	at := func(h int) time.Time { return testNow.Add(time.Duration(h) * time.Hour) }
	p := queuePage{Total: 5, Items: []waitLine{{Title: "new", Since: at(5)}, {Title: "old", Since: at(1)}, {Title: "risky", Since: at(4), Risk: 45}, {Title: "late", Since: at(3), Late: true}, {Title: "safety", Since: at(6), Safety: true}}}
	p.sort()
	var got []string
	for _, l := range p.Items {
		got = append(got, l.Title)
	}
	if order := strings.Join(got, " "); order != "safety late risky old new" {
		t.Error(order)
	}
}

// TestCorridorPartsKeepEverything: what a corridor says is what comes back from
// the forms of its parts, empty rows apart.
func TestCorridorPartsKeepEverything(t *testing.T) {
	c := deskCorridor()
	for _, p := range corridorParts() {
		facts := c.Facts()
		in, rows := p.fields(facts), len(p.values(facts))
		r := &rowReader{in: in, part: p, rows: rows + emptyRows}
		if p.rows != "" { // an empty row before the others closes up
			shifted := url.Values{}
			for name, values := range in {
				for i := range rows {
					if short, ok := strings.CutPrefix(name, p.at(i)); ok {
						shifted[p.at(i+1)+short] = values
					}
				}
			}
			r.in = shifted
		}
		r.compact()
		p.read(r, &facts)
		if len(r.bad) > 0 {
			t.Errorf("%s: %v", p.name, r.bad)
		}
		if want, got := p.fields(c.Facts()).Encode(), p.fields(facts).Encode(); want != got || p.rows != "" && len(p.values(facts)) != rows {
			t.Errorf("%s:\n%s\n%s", p.name, want, got)
		}
	}
}
