package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// deedsOfTraining are those of internships and missions.
func deedsOfTraining() []deed {
	early := func(p *placement.Placement) bool {
		return p.State == placement.Opened || p.State == placement.ContractProposed
	}
	return []deed{
		{name: "convention", path: "convention", roles: agencySide(), permission: "placement.propose", flash: "flash.file.convention",
			ready: func(_ *visit, p *placement.Placement) bool { return p.Kind == ref.Internship && early(p) }, ask: askConvention, do: setConvention},
		{name: "mission", path: "mission", roles: agencySide(), permission: "placement.propose", flash: "flash.file.mission",
			ready: func(_ *visit, p *placement.Placement) bool { return p.MayDescribe() }, ask: askMission, do: setMission},
		{name: "evaluate", path: "evaluation", roles: agencySide(), permission: "placement.train", flash: "flash.file.evaluated",
			ready: func(_ *visit, p *placement.Placement) bool { return mayEvaluate(p) }, ask: askEvaluation, do: evaluate},
		{name: "mission_report", path: "rapport", roles: candidateSide(), permission: "placement.accept", flash: "flash.file.mission_report",
			ready: func(_ *visit, p *placement.Placement) bool { return onMission(p) }, ask: askMissionReport, do: sendMissionReport},
		{name: "accept_report", path: "rapport/acceptation", roles: agencySide(), permission: "placement.train", flash: "flash.file.report_accepted",
			ready: func(_ *visit, p *placement.Placement) bool { return onMission(p) && !p.Mission.ReportAt.IsZero() }, ask: showMissionReport, do: acceptMissionReport},
	}
}

// mayEvaluate reports an internship that has begun and is not certified yet.
func mayEvaluate(p *placement.Placement) bool {
	over := []placement.State{placement.InPost, placement.Completed, placement.EndedEarly, placement.Returned, placement.Stayed, placement.Renewed}
	return p.Internship != nil && p.Internship.Certificate == "" && slices.Contains(over, p.State)
}

func onMission(p *placement.Placement) bool {
	return p.Mission != nil && p.Mission.Accepted.IsZero() && p.Journey.ArrivedOn.Known()
}

func askConvention(v *visit, p *placement.Placement, page *deedPage) error {
	f := page.Form
	if c := p.Internship; c != nil && page.restored == nil {
		for name, value := range map[string]string{
			"school": c.School, "schoolCity": c.SchoolCity, "programme": c.Programme, "tutor": c.Tutor, "schoolTutor": c.SchoolTutor, "objectives": c.Objectives,
			"hoursPerWeek": hundredthsField(c.HoursPerWeek), "schoolSigned": string(c.SchoolSigned), "hostSigned": string(c.HostSigned),
		} {
			f.values.Set(name, value)
		}
	}
	if page.restored == nil {
		stipendValues(f.values, stipend(p))
	}
	for _, name := range []string{"school", "schoolCity", "programme", "tutor", "schoolTutor"} {
		f.add(field{Name: name, Label: v.code("convention", name), Max: 200, Required: name != "schoolTutor"})
	}
	f.add(field{Name: "hoursPerWeek", Label: v.t("draft.hours"), Mode: "decimal", Max: 6, Required: true, Narrow: true})
	f.add(field{Name: "objectives", Label: v.t("convention.objectives"), Kind: "area", Rows: 5, Max: maxDeedNote, Required: true})
	v.stipendFields(f)
	f.group(v.t("convention.signatures"))
	f.add(field{Name: "schoolSigned", Label: v.t("convention.school_signed"), Kind: "date", Narrow: true})
	f.add(field{Name: "hostSigned", Label: v.t("convention.host_signed"), Kind: "date", Narrow: true})
	return nil
}

func setConvention(v *visit, p *placement.Placement, in url.Values) error {
	r := &termReader{in: in}
	c := placement.Convention{
		School: readText(in, "school"), SchoolCity: readText(in, "schoolCity"), Programme: readText(in, "programme"), Tutor: readText(in, "tutor"), SchoolTutor: readText(in, "schoolTutor"),
		HoursPerWeek: r.hundredths("hoursPerWeek"), Objectives: readText(in, "objectives"), SchoolSigned: readDate(in, "schoolSigned", &r.bad), HostSigned: readDate(in, "hostSigned", &r.bad),
	}
	c.Stipend = r.stipend()
	if err := r.bad.Err("placement.invalid"); err != nil {
		return err
	}
	_, err := v.site.opts.Placements.SetConvention(v.ctx, v.actor, p.ID, c)
	return err
}

func askMission(v *visit, p *placement.Placement, page *deedPage) error {
	if m := p.Mission; m != nil && page.restored == nil {
		page.Form.values = url.Values{"host": {m.Host}, "objective": {m.Objective}, "results": {strings.Join(m.Results, "\n")}}
	}
	page.Form.add(field{Name: "host", Label: v.t("mission.host"), Max: 200, Required: true})
	page.Form.add(field{Name: "objective", Label: v.t("mission.objective"), Kind: "area", Rows: 4, Max: maxDeedNote, Required: true})
	page.Form.add(field{Name: "results", Label: v.t("mission.results"), Hint: v.t("mission.results.hint"), Kind: "area", Rows: 5, Max: maxDeedNote})
	return nil
}

func setMission(v *visit, p *placement.Placement, in url.Values) error {
	b := placement.MissionBrief{Host: readText(in, "host"), Objective: readText(in, "objective")}
	for _, line := range strings.Split(readText(in, "results"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			b.Results = append(b.Results, line)
		}
	}
	_, err := v.site.opts.Placements.SetMission(v.ctx, v.actor, p.ID, b)
	return err
}

func askEvaluation(v *visit, _ *placement.Placement, page *deedPage) error {
	page.Form.add(field{Name: "by", Label: v.t("evaluation.by"), Max: 200, Required: true})
	for _, name := range []string{"skills", "conduct", "autonomy"} {
		page.Form.add(field{Name: name, Label: v.code("evaluation", name), Kind: "select", Options: v.marks(), Required: true, Narrow: true})
	}
	page.Form.add(field{Name: "comment", Label: v.t("evaluation.comment"), Kind: "area", Rows: 4, Max: maxDeedNote})
	return nil
}

// marks are those of an evaluation.
func (v *visit) marks() []option {
	marks := []option{{Label: v.t("form.choose")}}
	for n := 1; n <= 5; n++ {
		marks = append(marks, option{Value: strconv.Itoa(n), Label: v.t("evaluation.mark", n)})
	}
	return marks
}

func evaluate(v *visit, p *placement.Placement, in url.Values) error {
	r := &termReader{in: in}
	e := placement.Evaluation{By: readText(in, "by"), Skills: r.whole("skills"), Conduct: r.whole("conduct"), Autonomy: r.whole("autonomy"), Comment: readText(in, "comment")}
	if err := r.bad.Err("placement.invalid"); err != nil {
		return err
	}
	_, err := v.site.opts.Placements.Evaluate(v.ctx, v.actor, p.ID, e)
	return err
}

func askMissionReport(v *visit, p *placement.Placement, page *deedPage) error {
	if p.Mission == nil {
		return fault.New(fault.NotFound, "placement.not_found")
	}
	if page.restored == nil {
		page.Form.values.Set("report", p.Mission.Report)
	}
	page.Form.add(field{Name: "report", Label: v.t("mission.report"), Kind: "area", Rows: 12, Max: 20000, Required: true})
	return nil
}

func sendMissionReport(v *visit, p *placement.Placement, in url.Values) error {
	_, err := v.site.opts.Placements.Report(v.ctx, v.actor, p.ID, readText(in, "report"))
	return err
}

func showMissionReport(v *visit, p *placement.Placement, page *deedPage) error {
	if p.Mission == nil {
		return fault.New(fault.NotFound, "placement.not_found")
	}
	page.Text, page.TextTitle = p.Mission.Report, joinedTexts(v.t("mission.report"), v.instant(p.Mission.ReportAt))
	return nil
}

func acceptMissionReport(v *visit, p *placement.Placement, _ url.Values) error {
	_, err := v.site.opts.Placements.AcceptReport(v.ctx, v.actor, p.ID)
	return err
}

// stipend gives the allowance that is stated, or what the offer pays.
func stipend(p *placement.Placement) ref.Pay {
	if p.Internship != nil {
		return p.Internship.Stipend
	}
	return p.Frozen.Terms.Pay
}

func stipendValues(in url.Values, pay ref.Pay) {
	if !pay.Known() {
		return
	}
	low, _ := pay.Range()
	in.Set("stipend-amount", low.Format())
	in.Set("stipend-currency", string(pay.Currency))
	in.Set("stipend-period", string(pay.Period))
}

// stipendFields ask for the allowance of a trainee; without an amount none is
// paid.
func (v *visit) stipendFields(f *form) {
	f.group(v.t("convention.stipend"))
	f.add(field{Name: "stipend-amount", Label: v.t("draft.amount"), Hint: v.t("convention.stipend.hint"), Mode: "decimal", Max: 20, Narrow: true})
	f.add(field{Name: "stipend-currency", Label: v.t("draft.currency"), Kind: "select", Narrow: true, Options: labelledCurrencies(v.loc)})
	f.add(field{Name: "stipend-period", Label: v.t("draft.period"), Kind: "select", Narrow: true, Options: labelled(ref.Periods(), v.loc, v.t("form.choose"))})
}

// stipend reads the allowance.
func (r *termReader) stipend() ref.Pay {
	if strings.TrimSpace(r.in.Get("stipend-amount")) == "" {
		return ref.Pay{}
	}
	pay := ref.Pay{Currency: ref.Currency(r.in.Get("stipend-currency")), Period: ref.Period(r.in.Get("stipend-period")), Basis: ref.Gross}
	if pay.Currency == "" {
		r.bad.Add("/stipend/currency", "required")
		return pay
	}
	pay.Min = r.amount("stipend-amount", pay.Currency)
	return pay
}

// stipendText tells the allowance; nothing where none is stated.
func (v *visit) stipendText(c *placement.Internship) string { return v.pay(c.Stipend) }
