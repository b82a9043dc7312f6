package site

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// What officials note once the person is on the way, at work or back.

func payerOf(s string) offer.Payer { return offer.Payer(s) }

func abroadDuties() []fileDuty {
	abroad := stands(placement.Arrived, placement.InPost, placement.Transferred)
	statable := func(_ *visit, p *file) bool { return len(p.Statable()) > 0 }
	return append([]fileDuty{
		{name: "depart", path: "departs", permission: "placement.depart", open: stands(placement.Cleared),
			ask: func(v *visit, _ *file, f *asker) {
				f.day("on", v.t("desk.left"), true)
				f.field(field{Name: "carrier", Label: v.t("desk.carrier"), Hint: v.t("desk.carrier.hint"), Max: 200})
				f.day("dueOn", v.t("desk.due_on"), false)
			},
			do: func(v *visit, p *file, in *answers) (string, error) {
				d := placement.Departure{On: in.day("on"), Carrier: in.text("carrier"), DueOn: in.day("dueOn")}
				if err := in.err(); err != nil {
					return "", err
				}
				_, err := v.site.opts.Placements.Depart(v.ctx, v.actor, p.ID, d)
				return "flash.desk.departed", err
			}},
		{name: "arrive", path: "arrivees", permission: "placement.arrive", open: stands(placement.Departed),
			ask: func(v *visit, _ *file, f *asker) {
				f.day("on", v.t("desk.arrived"), true)
				f.field(field{Name: "place", Label: v.t("desk.arrived_at"), Max: 200, Required: true})
			},
			do: func(v *visit, p *file, in *answers) (string, error) {
				a := placement.Arrival{On: in.day("on"), Place: in.text("place")}
				if err := in.err(); err != nil {
					return "", err
				}
				_, err := v.site.opts.Placements.Arrive(v.ctx, v.actor, p.ID, a)
				return "flash.desk.arrived", err
			}},
		{name: "state", path: "constats", permission: "placement.state", open: statable, ask: askTerms, do: stateTerms},
		{name: "contact", path: "contacts", permission: "placement.arrive", open: abroad, ask: askContact, do: noteContact},
		{name: "move", path: "transferts", permission: "placement.review", open: stands(placement.Transferred),
			do: plainly(func(s *placement.Service) func(context.Context, account.Actor, placement.ID) (*file, error) {
				return s.ApproveTransfer
			}, "flash.desk.moved")},
		{name: "stop", path: "transferts-refus", permission: "placement.state", danger: true, open: stands(placement.Transferred),
			ask: func(v *visit, _ *file, f *asker) { f.reasons("transfer_reason", placement.TransferReasons(), true) },
			do: func(v *visit, p *file, in *answers) (string, error) {
				_, err := v.site.opts.Placements.RejectTransfer(v.ctx, v.actor, p.ID, in.text("reason"), in.text("note"))
				return "flash.desk.unmoved", err
			}},
		{name: "end", path: "fins", permission: "placement.end", open: stands(placement.Departed, placement.Arrived, placement.InPost, placement.Transferred), ask: askEnd, do: endFile},
		{name: "conclude", path: "suites", permission: "placement.end", open: stands(placement.Completed, placement.EndedEarly),
			ask: func(v *visit, _ *file, f *asker) {
				outcomes := textList([]placement.State{placement.Returned, placement.Stayed, placement.Renewed})
				f.field(field{Name: "outcome", Label: v.t("desk.outcome"), Kind: "select", Required: true, Options: v.codes("conclusion", outcomes, v.t("form.choose"))})
				f.day("on", v.t("desk.outcome.on"), true)
				f.wording(v.t("work.note"), false)
			},
			do: func(v *visit, p *file, in *answers) (string, error) {
				o := placement.Outcome{State: placement.State(in.text("outcome")), On: in.day("on"), Note: in.text("note")}
				if err := in.err(); err != nil {
					return "", err
				}
				_, err := v.site.opts.Placements.Conclude(v.ctx, v.actor, p.ID, o)
				return "flash.desk.concluded", err
			}},
	}, homeDuties()...)
}

// askTerms asks for what was found at the destination, filled in with what was
// agreed; what is not asked for stays as agreed.
func askTerms(v *visit, p *file, f *asker) {
	agreed := p.Frozen.Terms
	if c := p.CurrentContract(); c != nil {
		agreed = c.Terms
	}
	if len(f.values) <= 1 { // nothing typed yet but the number of the form
		for name, values := range contractValues(agreed, "fr") {
			f.values[f.name+"-"+name] = values
		}
	}
	stages := v.codes("stage", textList(p.Statable()), v.t("form.choose"))
	if len(stages) == 2 {
		stages = stages[1:] // there is but one
	}
	f.field(field{Name: "stage", Label: v.t("desk.stage"), Kind: "select", Required: true, Options: stages})
	f.field(field{Name: "pay-amount", Label: v.t("draft.amount"), Mode: "decimal", Max: 20, Narrow: true, Required: true})
	f.field(field{Name: "pay-currency", Label: v.t("draft.currency"), Kind: "select", Narrow: true, Options: labelledCurrencies(v.loc)})
	f.field(field{Name: "pay-period", Label: v.t("draft.period"), Kind: "select", Narrow: true, Options: labelled(ref.Periods(), v.loc, v.t("form.choose"))})
	f.field(field{Name: "hoursPerWeek", Label: v.t("draft.hours"), Mode: "decimal", Max: 6, Narrow: true, Required: true})
	f.field(field{Name: "durationMonths", Label: v.t("draft.duration"), Mode: "numeric", Max: 3, Narrow: true})
	f.field(field{Name: "city", Label: v.t("draft.city"), Max: 100})
	for _, b := range benefitNames() {
		f.field(field{Name: "benefits-" + b, Label: v.code("compared", "benefits."+b), Kind: "select", Narrow: true, Options: v.codes("benefit.answer", textList([]offer.Benefit{offer.Provided, offer.NotProvided}), v.t("form.unsaid"))})
	}
	f.field(field{Name: "workerFee", Label: v.t("term.fee"), Hint: v.t("desk.fee.hint"), Mode: "decimal", Max: 20, Narrow: true})
	f.field(field{Name: "language", Label: v.t("desk.language"), Kind: "select", Narrow: true, Required: true, Options: languageOptions(v.loc)})
}

func languageOptions(loc ref.Locale) []option {
	var options []option
	for _, l := range ref.Languages(loc) {
		options = append(options, option{Value: string(l), Label: l.Name(loc)})
	}
	return options
}

func stateTerms(v *visit, p *file, in *answers) (string, error) {
	agreed := p.Frozen.Terms
	if c := p.CurrentContract(); c != nil {
		agreed = c.Terms
	}
	typed := contractValues(agreed, "fr")
	for name, values := range in.stripped() {
		typed[name] = values
	}
	typed.Del("pay-amountMax") // what is paid is one amount
	in.bad.Check(in.text("stage") != "", "/stage", "required")
	found, err := v.readTermsOver(agreed, typed)
	if fault.Is(err, fault.Invalid) {
		in.bad = append(in.bad, fault.Of(err).Fields...)
	} else if err != nil {
		return "", err
	}
	found.Costs.WorkerFee = in.money("workerFee", found.Pay.Currency).Amount
	if err := in.err(); err != nil {
		return "", err
	}
	after, err := v.site.opts.Placements.State(v.ctx, v.actor, p.ID, placement.Statement{Stage: placement.Stage(in.text("stage")), Terms: found, Language: ref.Language(in.text("language"))})
	if err == nil && len(after.Holds) > len(p.Holds) {
		return "flash.desk.stated.held", nil
	}
	return "flash.desk.stated", err
}

func askContact(v *visit, _ *file, f *asker) {
	f.field(field{Name: "channel", Label: v.t("desk.channel"), Kind: "select", Required: true, Options: v.codes("check_in_channel", placement.CheckInChannels(), v.t("form.choose"))})
	f.field(field{Name: "well", Label: v.t("desk.well"), Kind: "radio", Required: true, Options: v.yesOrNo()})
	f.field(field{Name: "paid", Label: v.t("desk.paid_as"), Kind: "radio", Required: true, Options: v.yesOrNo()})
	f.field(field{Name: "concerns", Label: v.t("desk.concerns"), Hint: v.t("desk.concerns.hint"), Kind: "checks", Options: v.codes("incident_category", placement.Concerns(), "")})
	f.wording(v.t("work.note"), false)
}

func noteContact(v *visit, p *file, in *answers) (string, error) {
	in.bad.Check(in.text("well") != "", "/well", "required")
	in.bad.Check(in.text("paid") != "", "/paid", "required")
	if err := in.err(); err != nil {
		return "", err
	}
	_, err := v.site.opts.Placements.CheckIn(v.ctx, v.actor, p.ID, placement.Contact{Channel: in.text("channel"), Well: in.yes("well"), PaidAs: in.yes("paid"), Concerns: in.all("concerns"), Note: in.text("note")})
	return "flash.desk.contact", err
}

// askEnd asks whether the work ended early, where it has begun; before that it
// did in any case.
func askEnd(v *visit, p *file, f *asker) {
	f.day("on", v.t("desk.ended"), true)
	cause := field{Name: "cause", Label: v.t("end.cause"), Hint: v.t("end.early_only"), Kind: "select", Required: true, Options: v.codes("end_cause", placement.Causes(), v.t("form.choose"))}
	if p.MayFinish() {
		f.field(field{Name: "early", Label: v.t("desk.early"), Kind: "radio", Required: true, Options: v.yesOrNo()})
		cause.Hint, cause.Required, cause.Options[0].Label = v.t("desk.cause.hint"), false, v.t("form.none")
	}
	f.field(cause)
	f.wording(v.t("work.note"), false)
}

func endFile(v *visit, p *file, in *answers) (string, error) {
	early := in.yes("early") || !p.MayFinish()
	in.bad.Check(early || in.text("early") != "", "/early", "required")
	in.bad.Check(!early || in.text("cause") != "", "/cause", "required")
	e := placement.End{On: in.day("on"), Early: early, Cause: in.text("cause"), Note: in.text("note")}
	if err := in.err(); err != nil {
		return "", err
	}
	_, err := v.site.opts.Placements.End(v.ctx, v.actor, p.ID, e)
	return "flash.desk.ended", err
}

// certifiedRows is how many periods and skills one form certifies.
const certifiedRows = 3

func homeDuties() []fileDuty {
	ended := stands(placement.Completed, placement.EndedEarly, placement.Returned, placement.Stayed, placement.Renewed)
	running := func(_ *visit, p *file) bool { return p.Ending.Case != nil && p.Ending.Case.ClosedAt.IsZero() }
	return []fileDuty{
		{name: "certify", path: "certificats", permission: "placement.certify", open: ended, ask: askCertificate, do: certifyFile},
		{name: "attest", path: "attestations", permission: "placement.certify",
			open: func(v *visit, p *file) bool {
				return ended(v, p) && p.Internship != nil && p.Internship.Evaluation != nil && p.Internship.Certificate == ""
			},
			do: plainly(func(s *placement.Service) func(context.Context, account.Actor, placement.ID) (*file, error) {
				return s.CertifyInternship
			}, "flash.desk.attested")},
		{name: "open_case", path: "reinsertions", permission: "placement.end",
			open: func(_ *visit, p *file) bool { return p.State == placement.Returned && p.Ending.Case == nil }, ask: askPlan, do: openCase},
		{name: "plan", path: "plans", permission: "placement.certify", open: running, ask: askPlan, do: planCase},
		{name: "meet", path: "suivis", permission: "placement.certify", open: running,
			ask: func(v *visit, p *file, f *asker) {
				var months []option
				for _, u := range p.Ending.Case.FollowUp {
					if u.DoneAt.IsZero() {
						months = append(months, option{Value: strconv.Itoa(u.Months), Label: v.t("desk.case.month", u.Months)})
					}
				}
				f.field(field{Name: "months", Label: v.t("desk.case.which"), Kind: "select", Required: true, Options: months})
				f.field(field{Name: "activity", Label: v.t("desk.case.activity"), Kind: "select", Required: true, Options: v.codes("activity", placement.Activities(), v.t("form.choose"))})
				f.wording(v.t("work.note"), false)
			},
			do: func(v *visit, p *file, in *answers) (string, error) {
				months, err := strconv.Atoi(in.text("months"))
				in.bad.Check(err == nil, "/months", "required")
				if err := in.err(); err != nil {
					return "", err
				}
				_, err = v.site.opts.Placements.Meet(v.ctx, v.actor, p.ID, months, in.text("activity"), in.text("note"))
				return "flash.desk.met", err
			}},
		{name: "close_case", path: "clotures", permission: "placement.certify", danger: true, open: running,
			ask: func(v *visit, _ *file, f *asker) {
				f.field(field{Name: "outcome", Label: v.t("desk.case.outcome"), Kind: "select", Required: true, Options: v.codes("case_outcome", placement.CaseOutcomes(), v.t("form.choose"))})
				f.wording(v.t("work.note"), false)
			},
			do: func(v *visit, p *file, in *answers) (string, error) {
				_, err := v.site.opts.Placements.CloseCase(v.ctx, v.actor, p.ID, in.text("outcome"), in.text("note"))
				return "flash.desk.closed", err
			}},
	}
}

func askPlan(v *visit, _ *file, f *asker) {
	f.field(field{Name: "needs", Label: v.t("desk.case.needs"), Kind: "checks", Required: true, Options: v.codes("need", placement.Needs(), "")})
	f.field(field{Name: "plan", Label: v.t("desk.case.plan"), Kind: "area", Rows: 3, Max: 2000})
}

func openCase(v *visit, p *file, in *answers) (string, error) {
	_, err := v.site.opts.Placements.OpenCase(v.ctx, v.actor, p.ID, placement.CasePlan{Needs: in.all("needs"), Plan: in.text("plan")})
	return "flash.desk.case", err
}

func planCase(v *visit, p *file, in *answers) (string, error) {
	_, err := v.site.opts.Placements.PlanCase(v.ctx, v.actor, p.ID, placement.CasePlan{Needs: in.all("needs"), Plan: in.text("plan")})
	return "flash.desk.planned", err
}

func askCertificate(v *visit, p *file, f *asker) {
	if len(f.values) <= 1 {
		f.values[f.name+"-periods-0-employer"] = []string{p.Frozen.Terms.EmployerName}
		f.values[f.name+"-periods-0-occupation"] = []string{string(p.Occupation)}
		f.values[f.name+"-periods-0-from"] = []string{dateField(p.Journey.ArrivedOn)}
		f.values[f.name+"-periods-0-until"] = []string{dateField(p.Ending.On)}
	}
	trades := v.trades()
	for i := range certifiedRows {
		f.group(v.t("desk.period", i+1))
		at := "periods-" + strconv.Itoa(i) + "-"
		f.field(field{Name: at + "employer", Label: v.t("term.employer"), Max: 200})
		f.field(field{Name: at + "occupation", Label: v.t("term.trade"), Kind: "select", Options: trades})
		f.day(at+"from", v.t("trail.from"), false)
		f.day(at+"until", v.t("trail.to"), false)
	}
	f.group(v.t("desk.skills"))
	skills := labelled(ref.Skills(), v.loc, v.t("form.none"))
	for i := range certifiedRows {
		f.field(field{Name: "skills-" + strconv.Itoa(i), Label: v.t("desk.skill", i+1), Kind: "select", Options: skills})
	}
}

func certifyFile(v *visit, p *file, in *answers) (string, error) {
	var c placement.Certificate
	for i := range certifiedRows {
		at := "periods-" + strconv.Itoa(i) + "-"
		w := placement.WorkPeriod{Employer: in.text(at + "employer"), Occupation: ref.Occupation(in.text(at + "occupation")), Country: p.Country, From: in.day(at + "from"), Until: in.day(at + "until")}
		if w.Employer != "" || w.From.Known() || w.Until.Known() {
			c.Periods = append(c.Periods, w)
		}
		if s := ref.Skill(in.text("skills-" + strconv.Itoa(i))); s != "" && !slices.Contains(c.Skills, s) {
			c.Skills = append(c.Skills, s)
		}
	}
	if err := in.err(); err != nil {
		return "", err
	}
	_, err := v.site.opts.Placements.Certify(v.ctx, v.actor, p.ID, c)
	return "flash.desk.certified", err
}

// readingForm asks which document is opened, and why.
func (v *visit) readingForm(p *file, values url.Values) *form {
	if len(p.Documents) == 0 {
		return nil
	}
	f := newForm(departureHref(p.ID)+"/documents", v.t("desk.open"), values)
	var papers []option
	for _, d := range p.Documents {
		papers = append(papers, option{Value: d.ID, Label: joinedTexts(v.paperName(p, d.Item), d.Name)})
	}
	reasons := slices.DeleteFunc(v.codes("reason", placement.Reasons("read_document"), v.t("form.choose")), func(o option) bool { return o.Value == placement.ReasonOwn })
	f.add(field{Name: "read-document", Label: v.t("desk.document"), Kind: "select", Required: true, Options: papers})
	f.add(field{Name: "read-reason", Label: v.t("work.reason"), Hint: v.t("desk.open.hint"), Kind: "select", Required: true, Options: reasons})
	return f
}
