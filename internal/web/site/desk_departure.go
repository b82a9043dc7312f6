package site

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// departurePath lists the files of people who are to leave, have left or are
// back.
const departurePath = "/travail/departs"

func departureHref(id placement.ID) string { return departurePath + "/" + url.PathEscape(string(id)) }

// departurePage is one person's file as officials decide on it.
type departurePage struct {
	dutyPart
	Reference, Title, State string
	Since, Due              time.Time
	Late                    bool
	Next, Owner             string // what is next, and who has to act
	Holder                  string
	Mine                    bool
	Facts                   []fact
	Signed                  []string // what one official did and another has to go on with
	Answer                  string
	Holds                   []holdLine
	Contracts               []tab
	Sides                   []sideLine
	Blocking                int
	Law                     string // address of the corridor's page
	Checklist               []itemLine
	Lacking                 int
	Papers                  []paperDoc
	Read                    *form
	Costs                   []costLine
	Charged                 string // what the person has paid, in words; empty when nothing
	Risk                    int
	Factors                 []factorLine
	Clearances              []clearanceLine
	Sheet                   string
	Journey                 []fact
	More                    []factGroup // training, mission and insurance
	CheckIns                []checkInLine
	Cases                   []caseLine
	History                 []stepLine
	Trail                   string
}

// holdLine is one reason for which the file stands still.
type holdLine struct {
	Kind, Source, Href string
	At                 time.Time
	Released           string // by the first of two officials
	Reason             string
}

// itemLine is one line of the checklist.
type itemLine struct {
	Label, Document string
	Done, Required  bool
	At              time.Time
	Expires         ref.Date
	Expired         bool
}

// paperDoc is an uploaded document; its content is given out for a reason only.
type paperDoc struct {
	Name, About, Size string
	At                time.Time
	Readings          int
}

// costLine is a line of the ledger.
type costLine struct {
	Category, Amount, Payer, Note string
	On                            ref.Date
	Worker                        bool
	Struck                        string // why it was struck; empty when it was not
}

// factorLine is one reason for the risk.
type factorLine struct {
	Text   string
	Points int
}

// clearanceLine is one authorisation.
type clearanceLine struct {
	Number, First, Second, Revoked string
	From, Until                    ref.Date
}

// checkInLine is one contact with the person abroad.
type checkInLine struct {
	Due    ref.Date
	DoneAt time.Time
	Text   string
	Late   bool
}

// stepLine is one step of a file.
type stepLine struct {
	Act, Who, Reason, Note string
	At                     time.Time
}

func departureDesk() desk[*placement.Placement] {
	return desk[*placement.Placement]{
		template: "desk/departure",
		load: func(v *visit) (*placement.Placement, error) {
			return v.site.opts.Placements.Get(v.ctx, v.actor, placement.ID(v.param("id")))
		},
		steps: func(p *placement.Placement) int { return len(p.History) },
		at:    func(p *placement.Placement) string { return departureHref(p.ID) },
		page: func(v *visit, p *placement.Placement) (any, *dutyPart, error) {
			page, err := v.departurePage(p)
			if err != nil {
				return nil, nil, err
			}
			return page, &page.dutyPart, nil
		},
		duties: departureDuties,
	}
}

// departurePage gathers what the service knows around a file.
func (v *visit) departurePage(p *placement.Placement) (*departurePage, error) {
	c, err := v.corridorFor(p.Country)
	if err != nil {
		return nil, err
	}
	points, factors := v.site.opts.Placements.Assess(p)
	page := v.newDeparturePage(p, c, p.Due(v.site.opts.Placements.Calendar), points, factors)
	if err := v.nameSides(page, p); err != nil {
		return nil, err
	}
	found, err := v.site.opts.Incidents.List(v.ctx, v.actor, incident.Query{Placement: p.ID, Limit: queueSize})
	for _, card := range found.Items {
		page.Cases = append(page.Cases, v.caseLine(card))
	}
	return page, err
}

// nameSides puts the agency's name into the facts.
func (v *visit) nameSides(page *departurePage, p *placement.Placement) error {
	a, err := v.site.opts.Agencies.Line(v.actor, agency.ID(p.Agency))
	if isAbsent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for i := range page.Facts {
		if page.Facts[i].Value == p.Agency {
			page.Facts[i].Value, page.Facts[i].Note = a.Name, v.code("state.agency", a.State)
		}
	}
	return nil
}

func (v *visit) newDeparturePage(p *placement.Placement, c *corridor.Corridor, due time.Time, points int, factors []placement.Factor) *departurePage {
	page := &departurePage{
		dutyPart: departureDesk().part(v, p), Reference: p.Reference, Title: p.Title, State: string(p.State), Since: p.Since, Due: due, Late: v.late(due),
		Facts: v.departureFacts(p), Risk: points, Journey: v.journeyFacts(p), History: v.events(p), Trail: trailOf(string(p.ID)),
		Answer: p.Decision.Answer, Read: v.readingForm(p, nil),
	}
	if clock, ok := placement.ClockOf(p.State); ok {
		page.Next, page.Owner = v.code("placement_next", clock.Action), inner(v.code("actor", clock.Owner))
	}
	page.Holder, page.Mine = v.holder(p.Claim.By, p.Claim.Until)
	for _, f := range factors {
		page.Factors = append(page.Factors, factorLine{v.code("risk", f.Code), f.Points})
	}
	page.More = v.deskMore(p)
	v.addDecision(page, p)
	v.addContracts(page, p, c)
	v.addPapers(page, p)
	v.addCosts(page, p)
	v.addClearances(page, p)
	for _, c := range p.Journey.CheckIns {
		line := checkInLine{Due: c.Due, DoneAt: c.DoneAt, Late: !c.Missed.IsZero()}
		if !c.DoneAt.IsZero() {
			line.Text = v.contactText(c)
		}
		page.CheckIns = append(page.CheckIns, line)
	}
	return page
}

func (v *visit) departureFacts(p *placement.Placement) []fact {
	return []fact{
		{Label: v.t("term.trade"), Value: v.tradeName(p.Occupation)},
		{Label: v.t("term.kind"), Value: v.kindName(p.Kind)},
		{Label: v.t("term.place"), Value: v.place(p.Frozen.Terms.City, p.Frozen.Terms.Region, p.Country)},
		{Label: v.t("term.employer"), Value: p.Frozen.Terms.EmployerName},
		{Label: v.t("work.agency"), Value: p.Agency},
	}
}

// addDecision tells what waits for a second official, and the holds.
func (v *visit) addDecision(page *departurePage, p *placement.Placement) {
	d := p.Decision
	if d.Reviewed.By != "" && p.State == placement.UnderReview {
		page.Signed = append(page.Signed, v.t("desk.reviewed", v.official(d.Reviewed.By), v.instant(d.Reviewed.At)))
	}
	if d.RefusalBy.By != "" && p.State == placement.UnderReview {
		page.Signed = append(page.Signed, v.t("desk.refusal_proposed", v.official(d.RefusalBy.By), v.instant(d.RefusalBy.At), v.code("reason", d.RefusalReason))+" "+d.RefusalNote)
	}
	for _, h := range p.Holds {
		line := holdLine{Kind: v.code("hold", h.Kind), Source: h.Source, At: h.At, Reason: h.Reason}
		if h.ReleasedBy != "" {
			line.Released = v.official(h.ReleasedBy)
		}
		if h.Kind == placement.HoldSafety && len(h.Source) > 4 && h.Source[:4] == "inc_" {
			line.Href = caseHref(incident.ID(h.Source))
		}
		page.Holds = append(page.Holds, line)
	}
}

func (v *visit) addPapers(page *departurePage, p *placement.Placement) {
	names := map[string]string{}
	for _, d := range p.Documents {
		names[d.ID] = d.Name
		page.Papers = append(page.Papers, paperDoc{Name: d.Name, About: joinedTexts(v.paperName(p, d.Item), v.code("actor", d.Role)), Size: v.size(d.Media, d.Bytes), At: d.At, Readings: len(d.Readings)})
	}
	for _, i := range p.Checklist {
		expired := i.Expires.Known() && i.Expires < v.today()
		page.Checklist = append(page.Checklist, itemLine{Label: corridor.Text(i.Label).In(v.loc), Document: names[i.Document], Done: i.Done, Required: i.Required, At: i.DoneAt, Expires: i.Expires, Expired: expired})
	}
	page.Lacking = len(p.Lacking(v.today()))
}

// paperName says which paper a document is.
func (v *visit) paperName(p *placement.Placement, item string) string {
	for _, i := range p.Checklist {
		if i.Key == item {
			return corridor.Text(i.Label).In(v.loc)
		}
	}
	return v.code("paper", item)
}

// size says what a document weighs: « PDF, 14 Ko ».
func (v *visit) size(media string, bytes int64) string {
	name := map[string]string{"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}[media]
	return joinedTexts(name, v.t("desk.kilobytes", int(max(1, (bytes+512)/1024))))
}

func (v *visit) addCosts(page *departurePage, p *placement.Placement) {
	for _, c := range p.Costs {
		line := costLine{Category: v.code("cost_category", c.Category), Amount: c.Amount.Display(v.loc), Payer: v.code("party", c.PaidBy), Note: c.Note, On: c.PaidOn,
			Worker: c.PaidBy == "worker" && c.Struck.IsZero()}
		if !c.Struck.IsZero() {
			line.Struck = v.t("desk.struck", v.instant(c.Struck), c.StruckReason)
		}
		page.Costs = append(page.Costs, line)
	}
	paid := p.WorkerPaid()
	if paid == 0 {
		return
	}
	page.Charged = v.t("desk.charged", v.francs(paid, v.today()))
	if p.Frozen.PayKnown && p.Frozen.PayCents > 0 {
		page.Charged += " " + v.t("desk.charged.months", v.ratio(paid*100/p.Frozen.PayCents))
	}
}

// ratio writes hundredths with two decimals.
func (w words) ratio(hundredths int64) string {
	digits := strconv.FormatInt(100+hundredths%100, 10)[1:]
	mark := ","
	if w.loc == ref.English {
		mark = "."
	}
	return strconv.FormatInt(hundredths/100, 10) + mark + digits
}

func (v *visit) addClearances(page *departurePage, p *placement.Placement) {
	for _, c := range slices.Backward(p.Clearances) {
		line := clearanceLine{Number: c.Number, First: v.official(c.First.By), Second: v.official(c.Second.By), From: c.From, Until: c.Until}
		if c.RevokedBy != "" {
			line.Revoked = v.t("desk.revoked", v.instant(c.RevokedAt), v.code("reason", c.RevokedReason))
		}
		page.Clearances = append(page.Clearances, line)
	}
	if p.State == placement.Cleared {
		page.Sheet = departureHref(p.ID) + "/autorisation"
	}
}

// journeyFacts tells the time abroad and what followed.
func (v *visit) journeyFacts(p *placement.Placement) []fact {
	j, e := p.Journey, p.Ending
	var facts []fact
	for _, f := range []fact{
		{Label: v.t("desk.left"), Value: v.date(j.DepartedOn), Note: j.Carrier}, {Label: v.t("desk.arrived"), Value: v.date(j.ArrivedOn), Note: j.ArrivedAt},
		{Label: v.t("desk.ended"), Value: v.date(e.On), Note: e.Note}, {Label: v.t("desk.home"), Value: v.date(e.HomeOn), Note: e.HomeNote},
	} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	if e.Cause != "" {
		facts = append(facts, fact{Label: v.t("desk.cause"), Value: v.code("end_cause", e.Cause)})
	}
	for _, w := range e.Periods {
		facts = append(facts, fact{Label: v.t("desk.certified"), Value: joinedTexts(v.tradeName(w.Occupation), w.Employer), Note: v.t("desk.from_to", v.date(w.From), v.date(w.Until))})
	}
	if len(e.Skills) > 0 {
		facts = append(facts, fact{Label: v.t("desk.skills"), Value: joined(e.Skills, func(s ref.Skill) string { return s.Label(v.loc) })})
	}
	return append(facts, v.caseFacts(e.Case)...)
}

// caseFacts tells the reintegration case.
func (v *visit) caseFacts(c *placement.Reintegration) []fact {
	if c == nil {
		return nil
	}
	facts := []fact{{Label: v.t("desk.case.needs"), Value: joined(c.Needs, func(n string) string { return v.code("need", n) }), Note: c.Plan}}
	for _, f := range c.FollowUp {
		line := fact{Label: v.t("desk.case.month", f.Months), Value: v.t("desk.case.due", v.date(f.Due)), Note: f.Note}
		if !f.DoneAt.IsZero() {
			line.Value = v.code("activity", f.Activity)
		}
		facts = append(facts, line)
	}
	if !c.ClosedAt.IsZero() {
		facts = append(facts, fact{Label: v.t("desk.case.closed"), Value: v.code("case_outcome", c.Outcome), Note: v.instant(c.ClosedAt)})
	}
	return facts
}

// contactText tells what a contact said.
func (v *visit) contactText(c placement.CheckIn) string {
	said := v.t("desk.contact.trouble")
	if c.Well && len(c.Concerns) == 0 {
		said = v.t("desk.contact.well")
	}
	return joinedTexts(said, joined(c.Concerns, func(s string) string { return v.code("incident_category", s) }), c.Note)
}

// events tells the history, the newest first.
func (v *visit) events(p *placement.Placement) []stepLine {
	var lines []stepLine
	for _, e := range slices.Backward(p.History) {
		lines = append(lines, stepLine{Act: v.code("event.placement", e.Action), Who: v.actorOf(e), Reason: v.reasonOf(e), Note: e.Note, At: e.At})
	}
	return lines
}

func (v *visit) actorOf(e placement.Event) string {
	if e.Role == "official" {
		return v.official(e.By)
	}
	return v.code("actor", e.Role)
}
