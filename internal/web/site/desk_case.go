package site

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// casePath lists the incidents.
const casePath = "/travail/signalements"

func caseHref(id incident.ID) string { return casePath + "/" + url.PathEscape(string(id)) }

// casesPage is the incidents, safety first, then the oldest.
type casesPage struct {
	Tabs              []tab
	States, Countries []option
	Categories        []option
	Safety, Late      bool
	Total             int
	Items             []caseLine
	Pager             pager
}

// caseLine is one incident in a list.
type caseLine struct {
	Href, Reference, About, Place, State string
	Safety, Late, Held                   bool
	Due, Since                           time.Time // Due is zero once somebody has looked
	Owner                                string
}

func listCases(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	asked := v.query()
	state := chosenState(v, incident.States())
	q := incident.Query{Category: asked.Get("nature"), Country: ref.Country(asked.Get("pays")), SafetyOnly: asked.Get("securite") == "oui", Late: asked.Get("retard") == "oui", After: after, Limit: searchPageSize}
	if state != "" {
		q.States = []incident.State{state}
	}
	found, err := v.site.opts.Incidents.List(v.ctx, v.actor, q)
	if err != nil {
		return err
	}
	page := casesPage{Tabs: v.deskTabs(casePath), Safety: q.SafetyOnly, Late: q.Late, Total: found.Total, Pager: v.pager(found.Next)}
	if page.Countries, err = v.countryFilter(string(q.Country)); err != nil {
		return err
	}
	page.States = chosenOption(v.codes("state.incident", textList(incident.States()), v.t("work.all")), string(state))
	page.Categories = chosenOption(v.codes("incident_category", incident.Categories(), v.t("work.all")), q.Category)
	for _, c := range found.Items {
		page.Items = append(page.Items, v.caseLine(c))
	}
	return v.render("desk/cases", page)
}

func (v *visit) caseLine(c incident.Card) caseLine {
	line := caseLine{Href: caseHref(c.ID), Reference: c.Reference, About: v.code("incident_category", c.Category), Place: c.Country.Name(v.loc), State: string(c.State),
		Safety: c.Safety, Held: c.Held, Since: c.CreatedAt, Owner: v.official(c.Owner)}
	if c.State.Untriaged() {
		line.Due, line.Late = c.TriageDue, v.late(c.TriageDue)
	}
	return line
}

// casePage is one incident as officials work on it.
type casePage struct {
	dutyPart
	claimPart
	caseLine
	Description string
	Source      string
	Discreet    bool
	Indicators  []string
	Placement   string // address of the file it is about
	Agency      string
	Offer       string
	HeldAt      time.Time
	Entries     []saidLine
	Referrals   []referralLine
	Partners    []partnerLine
	Outcome     string
	Closing     string
	History     []stepLine
	Trail       string
}

// saidLine is one thing said in the case.
type saidLine struct {
	Who, Audience, Text string
	At                  time.Time
}

// referralLine is one hand-over.
type referralLine struct {
	Partner, Note string
	Consented     bool
	At            time.Time
}

// partnerLine is somebody the case can be handed to.
type partnerLine struct {
	Name      string
	Confirmed bool
}

func caseDesk() desk[*incident.Incident] {
	return desk[*incident.Incident]{
		template: "desk/case",
		load: func(v *visit) (*incident.Incident, error) {
			return v.site.opts.Incidents.Get(v.ctx, v.actor, incident.ID(v.param("id")))
		},
		steps: func(i *incident.Incident) int { return len(i.History) },
		at:    func(i *incident.Incident) string { return caseHref(i.ID) },
		page: func(v *visit, i *incident.Incident) (any, *dutyPart, error) {
			page := v.newCasePage(i)
			page.claimPart = v.claimOf(assignment.File{Kind: assignment.Incident, ID: string(i.ID)})
			a, err := v.site.opts.Agencies.Line(v.actor, agency.ID(i.Agency))
			if err == nil {
				page.Agency = a.Name
			} else if !isAbsent(err) {
				return nil, nil, err
			}
			return page, &page.dutyPart, nil
		},
		duties: caseDuties,
	}
}

func (v *visit) newCasePage(i *incident.Incident) *casePage {
	page := &casePage{dutyPart: caseDesk().part(v, i), caseLine: v.caseLine(i.Card()), Description: i.Description, Source: v.code("incident_source", i.Source), Discreet: i.Discreet,
		HeldAt: i.HeldAt, Closing: i.Closing, Trail: trailOf(string(i.ID)), Offer: i.Offer}
	for _, x := range i.Indicators {
		page.Indicators = append(page.Indicators, v.code("indicator", x))
	}
	if i.Placement != "" {
		page.Placement = departureHref(placement.ID(i.Placement))
	}
	if i.Outcome != "" {
		page.Outcome = v.code("incident_outcome", i.Outcome)
	}
	for _, e := range i.Entries {
		who := v.code("actor", e.Role)
		if e.Reporter {
			who = v.t("desk.reporter")
		}
		page.Entries = append(page.Entries, saidLine{Who: who, Audience: v.code("audience", e.Audience), Text: e.Text, At: e.At})
	}
	for _, r := range i.Referrals {
		page.Referrals = append(page.Referrals, referralLine{Partner: joinedTexts(v.code("partner", r.Partner), r.Country.Name(v.loc)), Note: r.Note, Consented: r.Consented, At: r.At})
	}
	for _, p := range incident.Partners(i.Country) {
		name := p.Name.FR
		if v.loc == ref.English {
			name = p.Name.EN
		}
		page.Partners = append(page.Partners, partnerLine{name, p.Confirmed})
	}
	for _, e := range slices.Backward(i.History) {
		line := stepLine{Act: v.code("event.incident", e.Action), Who: v.code("actor", e.Role), At: e.At}
		if e.Role == account.Official {
			line.Who = v.official(e.By)
		}
		page.History = append(page.History, line)
	}
	return page
}

// caseDuty is a duty on an incident.
type caseDuty = duty[*incident.Incident]

func isOpenCase(_ *visit, i *incident.Incident) bool {
	return !i.State.Closed() && !i.State.Untriaged()
}

func caseDuties() []caseDuty {
	untriaged := func(_ *visit, i *incident.Incident) bool { return i.State.Untriaged() }
	return []caseDuty{
		{name: "triage", path: "tris", permission: "incident.decide", open: untriaged, ask: askTriage, do: triageCase},
		{name: "answer", path: "reponses", permission: "incident.answer",
			open: func(_ *visit, i *incident.Incident) bool { return !i.State.Closed() },
			ask: func(v *visit, i *incident.Incident, f *asker) {
				audiences := []string{string(incident.ForReporter), string(incident.ForAll), string(incident.ForOfficials)}
				if i.State.Untriaged() {
					audiences = audiences[2:]
				}
				f.field(field{Name: "text", Label: v.t("desk.answer.text"), Kind: "area", Rows: 5, Max: incident.MaxText, Required: true})
				f.field(field{Name: "audience", Label: v.t("desk.answer.audience"), Kind: "select", Required: true, Options: v.codes("audience", audiences, "")})
			},
			do: func(v *visit, i *incident.Incident, in *answers) (string, error) {
				_, err := v.site.opts.Incidents.Answer(v.ctx, v.actor, i.ID, in.text("text"), incident.Audience(in.text("audience")))
				return "flash.case.answered", err
			}},
		{name: "refer", path: "orientations", permission: "incident.decide", open: isOpenCase, ask: askReferral, do: referCase},
		{name: "close", path: "clotures", permission: "incident.decide", danger: true, open: isOpenCase, ask: askClosing, do: closeIncident},
		{name: "reopen", path: "reouvertures", permission: "incident.decide",
			open: func(_ *visit, i *incident.Incident) bool { return i.State.Closed() },
			do: func(v *visit, i *incident.Incident, _ *answers) (string, error) {
				_, err := v.site.opts.Incidents.Reopen(v.ctx, v.actor, i.ID)
				return "flash.case.reopened", err
			}},
	}
}

func askTriage(v *visit, i *incident.Incident, f *asker) {
	if len(f.values) <= 1 {
		f.values[f.name+"-category"], f.values[f.name+"-indicators"] = []string{i.Category}, i.Indicators
	}
	f.field(field{Name: "category", Label: v.t("report.category"), Kind: "select", Required: true, Options: v.codes("incident_category", incident.Categories(), "")})
	f.field(field{Name: "indicators", Label: v.t("desk.indicators"), Hint: v.t("desk.indicators.hint"), Kind: "checks", Options: v.codes("indicator", incident.Indicators(), "")})
	f.field(field{Name: "safety", Label: v.t("desk.safety"), Hint: v.t("desk.safety.hint"), Kind: "checks", Options: []option{{Value: "yes", Label: v.t("desk.safety.yes")}}})
}

func triageCase(v *visit, i *incident.Incident, in *answers) (string, error) {
	after, err := v.site.opts.Incidents.Triage(v.ctx, v.actor, i.ID, incident.Triage{Category: in.text("category"), Indicators: in.all("indicators"), Safety: in.yes("safety")})
	if err == nil && after.Safety {
		return "flash.case.safety", nil
	}
	return "flash.case.triaged", err
}

func askReferral(v *visit, i *incident.Incident, f *asker) {
	if len(f.values) <= 1 && i.Country != "" {
		f.values[f.name+"-country"] = []string{string(i.Country)}
	}
	f.field(field{Name: "partner", Label: v.t("desk.partner"), Kind: "select", Required: true, Options: v.codes("partner", incident.Kinds(), v.t("form.choose"))})
	countries := []option{{Label: v.t("form.choose")}}
	for _, c := range ref.Countries(v.loc) {
		countries = append(countries, option{Value: string(c), Label: c.Name(v.loc)})
	}
	f.field(field{Name: "country", Label: v.t("draft.country"), Kind: "select", Required: true, Options: countries})
	f.field(field{Name: "consented", Label: v.t("desk.consented"), Kind: "radio", Required: true, Options: v.yesOrNo()})
	f.wording(v.t("work.note"), false)
}

func referCase(v *visit, i *incident.Incident, in *answers) (string, error) {
	in.bad.Check(in.text("consented") != "", "/consented", "required")
	if err := in.err(); err != nil {
		return "", err
	}
	_, err := v.site.opts.Incidents.Refer(v.ctx, v.actor, i.ID, incident.Handover{Partner: in.text("partner"), Country: ref.Country(in.text("country")), Consented: in.yes("consented"), Note: in.text("note")})
	return "flash.case.referred", err
}

// closings are the outcomes of both ways to close, each known by its state and
// its reason.
func (v *visit) closings() []option {
	options := []option{{Label: v.t("form.choose")}}
	for _, s := range []incident.State{incident.Resolved, incident.Unfounded} {
		for n, o := range incident.Outcomes(s) {
			options = append(options, option{Value: string(s) + "." + strconv.Itoa(n), Label: v.code("incident_outcome", o), Group: v.code("state.incident", s)})
		}
	}
	return options
}

func askClosing(v *visit, _ *incident.Incident, f *asker) {
	f.field(field{Name: "reason", Label: v.t("desk.closing"), Kind: "select", Required: true, Options: v.closings()})
	f.field(field{Name: "note", Label: v.t("work.note"), Hint: v.t("desk.closing.hint"), Kind: "area", Rows: 3, Max: 2000})
}

func closeIncident(v *visit, i *incident.Incident, in *answers) (string, error) {
	state, outcome := incident.State(""), ""
	for _, s := range []incident.State{incident.Resolved, incident.Unfounded} {
		for n, o := range incident.Outcomes(s) {
			if in.text("reason") == string(s)+"."+strconv.Itoa(n) {
				state, outcome = s, o
			}
		}
	}
	in.bad.Check(state != "", "/reason", "required")
	if err := in.err(); err != nil {
		return "", err
	}
	_, err := v.site.opts.Incidents.Close(v.ctx, v.actor, i.ID, state, outcome, in.text("note"))
	return "flash.case.closed", err
}
