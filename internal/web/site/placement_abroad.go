package site

import (
	"net/url"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// deedsAbroad are the deeds from the departure to the end of the work.
func deedsAbroad() []deed {
	working := inState(placement.Arrived, placement.InPost, placement.Transferred)
	return []deed{
		{name: "arrive", path: "arrivee", roles: bothSides(), permission: "placement.arrive", flash: "flash.file.arrived", ready: inState(placement.Departed), ask: askArrival, do: noteArrival},
		{name: "found", path: "contrat-sur-place", roles: bothSides(), permission: "placement.state", flash: "flash.contract.found",
			ready: inState(placement.Arrived, placement.InPost), ask: askFound, do: stateFound},
		{name: "slip", path: "bulletin-de-paie", roles: bothSides(), permission: "placement.state", flash: "flash.contract.slip",
			ready: inState(placement.InPost, placement.Transferred), ask: askSlip, do: stateSlip},
		{name: "check_in", path: "nouvelles", roles: bothSides(), permission: "placement.arrive", flash: "flash.file.checked", ready: working, ask: askCheckIn, do: noteCheckIn},
		{name: "transfer", path: "transfert", roles: agencySide(), permission: "placement.transfer", flash: "flash.transfer.asked", ready: inState(placement.InPost), ask: askTransfer, do: requestTransfer},
		{name: "reject_transfer", path: "transfert/refus", roles: candidateSide(), permission: "placement.state", flash: "flash.transfer.rejected", danger: true,
			ready: func(_ *visit, p *placement.Placement) bool {
				return p.State == placement.Transferred && openMove(p) != nil
			}, ask: askRejection, do: rejectTransfer},
		{name: "report", path: "signalement", roles: candidateSide(), permission: "incident.create", flash: "flash.file.reported",
			ready: func(*visit, *placement.Placement) bool { return true }, ask: askReport, do: reportProblem},
	}
}

func askArrival(v *visit, _ *placement.Placement, page *deedPage) error {
	page.Form.add(field{Name: "on", Label: v.t("arrive.on"), Kind: "date", Required: true, Narrow: true})
	page.Form.add(field{Name: "place", Label: v.t("arrive.place"), Hint: v.t("arrive.place.hint"), Max: 200, Required: true})
	return nil
}

func noteArrival(v *visit, p *placement.Placement, in url.Values) error {
	var bad fault.List
	a := placement.Arrival{On: readDate(in, "on", &bad), Place: readText(in, "place")}
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	_, err := v.site.opts.Placements.Arrive(v.ctx, v.actor, p.ID, a)
	return err
}

// askFound asks first whether all is as accepted; whoever says no fills in
// what differs.
func askFound(v *visit, p *placement.Placement, page *deedPage) error {
	base, language := accepted(p)
	page.Facts = []factGroup{{Title: v.t("contract.accepted"), Facts: v.headline(base, v.payToday(base))}}
	if page.restored == nil {
		page.Form.values = contractValues(base, language)
	}
	page.Form.Draft = true
	page.Form.group(v.t("found.question"))
	v.yesNo(page.Form, "conforme", v.t("found.same"))
	page.Form.Live, page.Form.Ways = wayCompare, []way{{Value: wayCompare, Label: v.t("contract.compare")}}
	page.Warning = v.t("found.hint")
	return v.contractFields(page.Form, p, base)
}

// accepted gives the terms that the person accepted, or what was promised.
func accepted(p *placement.Placement) (offer.Terms, ref.Language) {
	for i := len(p.Contracts) - 1; i >= 0; i-- {
		if c := &p.Contracts[i]; c.Stage == placement.Proposed && !c.AcceptedAt.IsZero() {
			return c.Terms, c.Language
		}
	}
	return p.Frozen.Terms, ref.Language("fr")
}

func stateFound(v *visit, p *placement.Placement, in url.Values) error {
	base, language := accepted(p)
	var bad fault.List
	comparing := in.Get(wayField) == wayCompare
	same := !comparing && answered(in, "conforme", &bad)
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	d := placement.Draft{Terms: base, Language: language}
	if !same {
		var err error
		if d, err = v.readDraft(base, in); err != nil {
			return err
		}
		if done, err := v.compareOnly("found", p, in, d); done {
			return err
		}
	}
	_, err := v.site.opts.Placements.State(v.ctx, v.actor, p.ID, placement.Statement{Stage: placement.OnArrival, Terms: d.Terms, Language: d.Language, Document: d.Document, SignedOn: d.SignedOn})
	return err
}

func askSlip(v *visit, p *placement.Placement, page *deedPage) error {
	base, _ := accepted(p)
	page.Facts = []factGroup{{Title: v.t("contract.accepted"), Facts: v.headline(base, v.payToday(base))}}
	if page.restored == nil {
		page.Form.values = contractValues(base, "")
		page.Form.values.Del("pay-amount")
		page.Form.values.Del("pay-amountMax")
	}
	page.Form.Draft = true
	v.payFields(page.Form)
	v.deductionFields(page.Form)
	page.Form.group(v.t("contract.paper"))
	page.Form.add(field{Name: "hoursPerWeek", Label: v.t("slip.hours"), Mode: "decimal", Max: 6, Narrow: true})
	page.Form.add(field{Name: "document", Label: v.t("slip.document"), Hint: v.t("contract.document.hint"), Kind: "select", Options: v.paperOptions(p, "evidence", "receipt")})
	return nil
}

// stateSlip states what the pay slip says; what it does not say the service
// takes from the contract in force.
func stateSlip(v *visit, p *placement.Placement, in url.Values) error {
	_, language := accepted(p)
	terms, err := v.readTermsOver(offer.Terms{}, in)
	if err != nil {
		return err
	}
	_, err = v.site.opts.Placements.State(v.ctx, v.actor, p.ID, placement.Statement{Stage: placement.Payslip, Terms: terms, Language: language, Document: in.Get("document")})
	return err
}

func askCheckIn(v *visit, _ *placement.Placement, page *deedPage) error {
	f := page.Form
	if !v.isPerson() {
		f.add(field{Name: "channel", Label: v.t("check.channel"), Kind: "select", Required: true, Options: v.codes("check_in_channel", []string{"phone", "visit"}, v.t("form.choose"))})
	}
	v.yesNo(f, "well", v.t("check.well"))
	v.yesNo(f, "paidAs", v.t("check.paid"))
	f.add(field{Name: "concerns", Label: v.t("check.concerns"), Hint: v.t("check.concerns.hint"), Kind: "checks", Options: v.codes("incident_category", placement.Concerns(), "")})
	f.add(field{Name: "note", Label: v.t("deed.note"), Kind: "area", Rows: 4, Max: maxDeedNote})
	return nil
}

func noteCheckIn(v *visit, p *placement.Placement, in url.Values) error {
	var bad fault.List
	c := placement.Contact{Channel: "web", Well: answered(in, "well", &bad), PaidAs: answered(in, "paidAs", &bad), Concerns: in["concerns"], Note: readText(in, "note")}
	if !v.isPerson() {
		c.Channel = in.Get("channel")
		bad.Check(c.Channel == "phone" || c.Channel == "visit", "/channel", "required")
	}
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	_, err := v.site.opts.Placements.CheckIn(v.ctx, v.actor, p.ID, c)
	return err
}

func askTransfer(v *visit, p *placement.Placement, page *deedPage) error {
	base, language := accepted(p)
	return v.askTerms(p, page, base, language)
}

func requestTransfer(v *visit, p *placement.Placement, in url.Values) error {
	base, _ := accepted(p)
	d, err := v.readDraft(base, in)
	if err != nil {
		return err
	}
	if done, err := v.compareOnly("transfer", p, in, d); done {
		return err
	}
	_, err = v.site.opts.Placements.Transfer(v.ctx, v.actor, p.ID, placement.TransferRequest(d))
	return err
}

func askRejection(v *visit, _ *placement.Placement, page *deedPage) error {
	page.Form.add(field{Name: "reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("transfer_reason", placement.TransferReasons(), v.t("form.choose"))})
	page.Form.add(field{Name: "note", Label: v.t("deed.note"), Kind: "area", Rows: 4, Max: maxDeedNote})
	return nil
}

func rejectTransfer(v *visit, p *placement.Placement, in url.Values) error {
	_, err := v.site.opts.Placements.RejectTransfer(v.ctx, v.actor, p.ID, in.Get("reason"), readText(in, "note"))
	return err
}

func askReport(v *visit, _ *placement.Placement, page *deedPage) error {
	f := page.Form
	f.add(field{Name: "category", Label: v.t("report.category"), Kind: "select", Required: true, Options: v.codes("incident_category", reportCategories(), v.t("form.choose"))})
	f.add(field{Name: "description", Label: v.t("report.description"), Hint: v.t("file.report.hint"), Kind: "area", Rows: 8, Max: incident.MaxText, Required: true})
	v.signField(f)
	f.add(field{Name: "agency", Label: v.t("file.report.agency"), Kind: "radio", Options: []option{{Value: "no", Label: v.t("file.report.agency.no")}, {Value: "yes", Label: v.t("file.report.agency.yes")}}})
	return nil
}

// reportProblem files the report about this file. The agency is told only
// where the person says so. The code is on the page that answers, once.
func reportProblem(v *visit, p *placement.Placement, in url.Values) error {
	given, err := v.site.opts.Incidents.File(v.ctx, v.actor, incident.Report{
		Discreet: in.Get("agency") != "yes", Category: in.Get("category"), Indicators: in["indicators"], Description: readText(in, "description"),
		Placement: p.ID, Agency: p.Agency, Offer: string(p.Offer), Country: p.Country, Key: clip(in.Get(nonceField), 64),
	})
	if err != nil {
		return err
	}
	return errShown{v.render("incident/filed", v.filedPage(given))}
}

// deedsAfter are the deeds from the end of the work on.
func deedsAfter() []deed {
	return []deed{
		{name: "end", path: "fin", roles: bothSides(), permission: "placement.end", flash: "flash.file.ended", danger: true,
			ready: func(_ *visit, p *placement.Placement) bool { return p.State.Abroad() }, ask: askEnding, do: noteEnd},
		{name: "conclude", path: "suite", roles: bothSides(), permission: "placement.end", flash: "flash.file.concluded",
			ready: inState(placement.Completed, placement.EndedEarly), ask: askOutcome, do: noteOutcome},
		{name: "insurance", path: "assurance", roles: bothSides(), permission: "placement.end", flash: "flash.insurance.added",
			ready: func(_ *visit, p *placement.Placement) bool { return p.Journey.ArrivedOn.Known() }, ask: askInsurance, do: addInsurance},
		{name: "reintegration", path: "reintegration", roles: candidateSide(), permission: "placement.end", flash: "flash.case.opened",
			ready: func(_ *visit, p *placement.Placement) bool {
				return p.State == placement.Returned && p.Ending.Case == nil
			}, ask: askCase, do: beginCase},
		{name: "rehire", path: "rappel", roles: agencySide(), permission: "placement.rehire", flash: "flash.file.rehire",
			ready: inState(placement.Completed, placement.EndedEarly, placement.Returned, placement.Stayed), ask: askRehire, do: wishBack},
	}
}

// askEnding asks how the work ended, where it has begun.
func askEnding(v *visit, p *placement.Placement, page *deedPage) error {
	f, hint := page.Form, v.t("end.cause.hint")
	if p.MayFinish() {
		f.add(field{Name: "how", Label: v.t("end.how"), Kind: "radio", Required: true, Options: v.codes("end.how", []string{"agreed", "early"}, "")})
	} else {
		f.hide("how", "early")
		page.Warning, hint = v.t("end.early_only"), ""
	}
	f.add(field{Name: "on", Label: v.t("end.on"), Kind: "date", Required: true, Narrow: true})
	f.add(field{Name: "cause", Label: v.t("end.cause"), Hint: hint, Kind: "select", Required: !p.MayFinish(), Options: v.codes("end_cause", placement.Causes(), v.t("form.choose"))})
	f.add(field{Name: "note", Label: v.t("deed.note"), Hint: v.t("end.note.hint"), Kind: "area", Rows: 4, Max: maxDeedNote})
	return nil
}

func noteEnd(v *visit, p *placement.Placement, in url.Values) error {
	var bad fault.List
	how := in.Get("how")
	bad.Check(how == "agreed" || how == "early", "/how", "required")
	e := placement.End{On: readDate(in, "on", &bad), Early: how == "early", Cause: in.Get("cause"), Note: readText(in, "note")}
	bad.Check(!e.Early || e.Cause != "", "/cause", "required")
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	_, err := v.site.opts.Placements.End(v.ctx, v.actor, p.ID, e)
	return err
}

func askOutcome(v *visit, _ *placement.Placement, page *deedPage) error {
	outcomes := []string{string(placement.Returned), string(placement.Stayed)}
	if !v.isPerson() {
		outcomes = append(outcomes, string(placement.Renewed))
	}
	page.Form.add(field{Name: "outcome", Label: v.t("conclude.what"), Kind: "radio", Required: true, Options: v.codes("conclusion", outcomes, "")})
	page.Form.add(field{Name: "on", Label: v.t("conclude.on"), Kind: "date", Required: true, Narrow: true})
	page.Form.add(field{Name: "note", Label: v.t("deed.note"), Kind: "area", Rows: 3, Max: maxDeedNote})
	return nil
}

func noteOutcome(v *visit, p *placement.Placement, in url.Values) error {
	var bad fault.List
	o := placement.Outcome{State: placement.State(in.Get("outcome")), On: readDate(in, "on", &bad), Note: readText(in, "note")}
	bad.Check(o.State != "", "/outcome", "required")
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	_, err := v.site.opts.Placements.Conclude(v.ctx, v.actor, p.ID, o)
	return err
}

func askInsurance(v *visit, p *placement.Placement, page *deedPage) error {
	if page.restored == nil {
		page.Form.values.Set("country", string(p.Country))
	}
	f := page.Form
	f.add(field{Name: "branch", Label: v.t("insurance.branch"), Kind: "select", Required: true, Options: v.codes("branch", placement.Branches(), v.t("form.choose"))})
	f.add(field{Name: "country", Label: v.t("draft.country"), Kind: "select", Required: true, Options: v.countryOptions()})
	f.add(field{Name: "institution", Label: v.t("insurance.institution"), Hint: v.t("insurance.institution.hint"), Max: 200, Required: true})
	f.add(field{Name: "number", Label: v.t("insurance.number"), Hint: v.t("insurance.number.hint"), Max: 200})
	f.add(field{Name: "from", Label: v.t("insurance.from"), Kind: "date", Required: true, Narrow: true})
	f.add(field{Name: "until", Label: v.t("insurance.until"), Hint: v.t("insurance.until.hint"), Kind: "date", Narrow: true})
	f.add(field{Name: "document", Label: v.t("insurance.document"), Kind: "select", Options: v.paperOptions(p, "certificate", "evidence")})
	return nil
}

func addInsurance(v *visit, p *placement.Placement, in url.Values) error {
	var bad fault.List
	country, err := ref.ParseCountry(in.Get("country"))
	bad.Check(err == nil, "/country", "ref.country")
	period := placement.InsurancePeriod{
		Branch: in.Get("branch"), Country: country, Institution: readText(in, "institution"), Number: strings.TrimSpace(in.Get("number")),
		From: readDate(in, "from", &bad), Until: readDate(in, "until", &bad), Document: in.Get("document"),
	}
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	_, err = v.site.opts.Placements.AddInsurance(v.ctx, v.actor, p.ID, period)
	return err
}

func askCase(v *visit, _ *placement.Placement, page *deedPage) error {
	page.Form.add(field{Name: "needs", Label: v.t("case.needs"), Kind: "checks", Options: v.codes("need", placement.Needs(), "")})
	page.Form.add(field{Name: "plan", Label: v.t("case.plan"), Hint: v.t("case.plan.hint"), Kind: "area", Rows: 5, Max: maxDeedNote})
	return nil
}

func beginCase(v *visit, p *placement.Placement, in url.Values) error {
	_, err := v.site.opts.Placements.OpenCase(v.ctx, v.actor, p.ID, placement.CasePlan{Needs: in["needs"], Plan: readText(in, "plan")})
	return err
}

func askRehire(v *visit, _ *placement.Placement, page *deedPage) error {
	v.yesNo(page.Form, "wanted", v.t("rehire.wanted"))
	page.Form.add(field{Name: "from", Label: v.t("rehire.from"), Kind: "date", Narrow: true})
	page.Form.add(field{Name: "note", Label: v.t("deed.note"), Kind: "area", Rows: 3, Max: maxDeedNote})
	return nil
}

func wishBack(v *visit, p *placement.Placement, in url.Values) error {
	var bad fault.List
	w := placement.Wish{Wanted: answered(in, "wanted", &bad), From: readDate(in, "from", &bad), Note: readText(in, "note")}
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	_, err := v.site.opts.Placements.WishBack(v.ctx, v.actor, p.ID, w)
	return err
}
