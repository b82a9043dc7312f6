package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// tripPage is one file as one of its two sides sees it.
type tripPage struct {
	Line      tripLine
	Agency    bool
	Person    backLink // where the agency reads who it is; empty for the person
	List      string
	Offer     string
	Reason    fact // why it was refused, cancelled or ended
	Holds     []holdNote
	Do        []doLink // what the visitor can do, the next action first
	Contracts []contractLine
	Items     []tripItem
	Papers    []tripPaper
	Costs     []tripCost
	Paid      string // what the person has paid; empty for nothing
	Shares    []fact // what each side has paid
	Promise   []fact // who pays what, as the offer said
	Broken    int    // lines that the person paid against the promise
	Warning   string // what is missing, and what waits for it
	Report    string // address of the form that reports a problem of this file
	Sheet     string // address of the person's authorisation to leave; empty while there is none
	Facts     []factGroup
	Mission   string // the expert's report; empty before there is one
	Checks    []tripCheck
	History   []tripEvent
}

// doLink leads to a deed; the first is what the file waits for.
type doLink struct {
	Href, Label string
	First       bool
}

// holdNote says why the file stands still.
type holdNote struct{ Kind, Reason string }

// contractLine is one contract of the file.
type contractLine struct {
	Href, Stage         string // stage is a code
	At                  time.Time
	Different, Blocking int
	State               string // key below contract.state
}

// tripItem is one paper of the checklist.
type tripItem struct {
	Label    string
	Required bool
	Done     bool
	Expires  ref.Date
	Expiry   placement.Expiry
	Left     string // how long it is still good, in words; empty when that is long
	Href     string // of the form; empty when it is not the visitor's
	Who      string // who brings it, when it is not the visitor
}

// tripPaper is a document with who has read it, and why.
type tripPaper struct {
	ID, Name, Item, By, Size string
	At                       time.Time
	Readings                 []readingNote
	Action                   string // of the form that gives it out
	Reason                   string // fixed reason; empty = the visitor chooses
	Reasons                  []option
}

// readingNote is one reading.
type readingNote struct {
	By, Reason string
	At         time.Time
}

// tripCost is one line of the ledger.
type tripCost struct {
	Label, Amount, Payer, Note string
	Worker                     bool // the person paid
	Broken                     bool // although the offer said another would
	Day                        ref.Date
	Struck                     string // why it was struck
	Strike                     string // address of the form
}

// tripCheck is one contact with the person abroad.
type tripCheck struct {
	Due  ref.Date
	Done time.Time
	Said string
	Late bool
}

// tripEvent is one step of the history.
type tripEvent struct {
	Act, By, Reason, Note string
	At                    time.Time
}

func showTrip(v *visit) error {
	p, err := v.placementFile()
	if err != nil {
		return err
	}
	return v.render("placement/show", v.newTripPage(p))
}

func (v *visit) newTripPage(p *placement.Placement) *tripPage {
	s := v.site.opts.Placements
	card := placement.CardOf(p, s.Calendar, v.site.opts.Now())
	page := &tripPage{Line: v.tripLine(card), Agency: !v.isPerson(), List: filesOf(v.actor.Role), Offer: "/offres/" + url.PathEscape(string(p.Offer))}
	if page.Agency {
		page.Person = backLink{agencyApplications + "/" + url.PathEscape(p.Application), shortCode(p.Application)}
		page.Offer = "/agence/offres/" + url.PathEscape(string(p.Offer)) + "/suivi"
	}
	page.Reason, page.Report = v.tripReason(p), v.fileAddress(p.ID)+"/signalement"
	for _, h := range p.Holds {
		page.Holds = append(page.Holds, holdNote{v.code("hold", h.Kind), h.Reason})
	}
	page.Warning = v.tripWarning(p)
	page.Do = v.doLinks(p)
	v.addTripContracts(page, p)
	v.addTripPapers(page, p)
	v.addTripCosts(page, p)
	page.Facts = v.tripFacts(p)
	if p.Mission != nil {
		page.Mission = p.Mission.Report
	}
	v.addTripChecks(page, p)
	v.addTripHistory(page, p)
	if c := p.Clearance(); c != nil && v.isPerson() && p.State == placement.Cleared && c.RevokedBy == "" {
		page.Sheet = v.fileAddress(p.ID) + ownSheet
	}
	return page
}

// tripWarning tells a side what the file lacks for its work to be done or told.
func (v *visit) tripWarning(p *placement.Placement) string {
	switch {
	case !v.isPerson() && p.LacksConvention() && (p.State == placement.Opened || p.State == placement.ContractProposed):
		return v.t("file.convention.first")
	case !v.isPerson() && p.LacksBrief():
		return v.t("file.brief.first")
	case p.LacksBrief() && p.Journey.ArrivedOn.Known():
		return v.t("file.brief.report")
	case p.LacksBrief():
		return v.t("file.brief.soon")
	}
	return ""
}

func (v *visit) tripReason(p *placement.Placement) fact {
	switch {
	case p.State == placement.Refused && p.Decision.RefusalReason != "":
		return fact{v.t("file.refusal"), v.code("reason", p.Decision.RefusalReason), p.Decision.RefusalNote}
	case p.State == placement.Cancelled:
		return fact{Label: v.t("file.cancelled"), Value: v.code("reason", p.CancelReason)}
	case p.Ending.Cause != "":
		return fact{v.t("end.cause"), v.code("end_cause", p.Ending.Cause), p.Ending.Note}
	}
	return fact{}
}

// doLinks lists what the visitor can do. What the file waits for comes first.
func (v *visit) doLinks(p *placement.Placement) (links []doLink) {
	if c := waitingContract(p); c != nil && v.isPerson() {
		links = append(links, doLink{v.fileAddress(p.ID) + "/contrats/" + strconv.Itoa(c.Number), v.t("contract.open"), true})
	}
	if lacking, ok := v.firstLacking(p); ok {
		links = append(links, doLink{v.itemAddress(p, lacking), v.t("item.bring", v.itemLabel(lacking)), true})
	}
	first := v.expected(p)
	for _, d := range v.openDeeds(p) {
		link := doLink{v.deedAddress(d, p.ID), v.code("deed", d.name), d.name == first}
		if d.name == "mission" && p.LacksBrief() {
			links = append([]doLink{{link.Href, v.t("file.brief.write"), true}}, links...)
			continue
		}
		links = append(links, link)
	}
	slices.SortStableFunc(links, func(a, b doLink) int {
		if a.First == b.First {
			return 0
		}
		if a.First {
			return -1
		}
		return 1
	})
	return links
}

// waitingContract gives the contract the person has to decide about; nil when
// none waits.
func waitingContract(p *placement.Placement) *placement.Contract {
	if p.State == placement.ContractProposed {
		return p.CurrentContract()
	}
	if m := openMove(p); m != nil && p.State == placement.Transferred && m.Consented.IsZero() {
		return &p.Contracts[m.Contract-1]
	}
	return nil
}

// expected names the deed a state waits for.
func (v *visit) expected(p *placement.Placement) string {
	if v.isPerson() {
		return map[placement.State]string{
			placement.Refused: "answer", placement.Departed: "arrive", placement.Arrived: "found", placement.InPost: "check_in",
			placement.Completed: "conclude", placement.EndedEarly: "conclude", placement.Returned: "reintegration",
		}[p.State]
	}
	if p.LacksConvention() && p.State.BeforeDeparture() {
		return "convention"
	}
	return map[placement.State]string{
		placement.Opened: "propose", placement.Refused: "answer", placement.Cleared: "depart", placement.Departed: "arrive",
		placement.Arrived: "found", placement.Completed: "conclude",
	}[p.State]
}

func (v *visit) addTripContracts(page *tripPage, p *placement.Placement) {
	for i := range p.Contracts {
		c := &p.Contracts[i]
		line := contractLine{Href: v.fileAddress(p.ID) + "/contrats/" + strconv.Itoa(c.Number), Stage: string(c.Stage), At: c.At, Blocking: len(placement.Blocking(c.Lines))}
		for _, l := range c.Lines {
			if !l.Equal() {
				line.Different++
			}
		}
		switch {
		case !c.AcceptedAt.IsZero():
			line.State = "accepted"
		case !c.DeclinedAt.IsZero():
			line.State = "declined"
		case waitingContract(p) == c && c.ShownAt.IsZero():
			line.State = "unread"
		case waitingContract(p) == c:
			line.State = "read"
		}
		page.Contracts = append(page.Contracts, line)
	}
	slices.Reverse(page.Contracts)
}

func (v *visit) itemLabel(i placement.Item) string {
	if v.loc == ref.English && i.Label.EN != "" {
		return i.Label.EN
	}
	return i.Label.FR
}

func (v *visit) addTripPapers(page *tripPage, p *placement.Placement) {
	labels := map[string]string{}
	for _, i := range p.Checklist {
		item := tripItem{Label: v.itemLabel(i), Required: i.Required, Done: i.Done, Expires: i.Expires, Expiry: i.Expiry(v.today())}
		item.Left = v.expiryText(i)
		labels[i.Key] = item.Label
		switch {
		case mayMark(v.actor.Role, p, i):
			item.Href = v.itemAddress(p, i)
		case i.Key == placement.ItemContract:
			item.Who = inner(v.code("actor", account.Agency))
		case i.Key == placement.ItemTraining:
			item.Who = inner(v.code("actor", account.Candidate))
		}
		page.Items = append(page.Items, item)
	}
	for _, d := range p.Documents {
		page.Papers = append(page.Papers, v.tripPaper(p, d, labels[d.Item]))
	}
}

func (v *visit) tripPaper(p *placement.Placement, d placement.Document, item string) tripPaper {
	if item == "" {
		item = v.code("paper", d.Item)
	}
	paper := tripPaper{ID: d.ID, Name: d.Name, Item: item, By: v.code("actor", d.Role), Size: v.fileSize(d.Media, d.Bytes), At: d.At,
		Action: v.fileAddress(p.ID) + "/documents/" + url.PathEscape(d.ID) + "/lectures", Reason: placement.ReasonOwn}
	if !v.isPerson() {
		paper.Reason, paper.Reasons = "", v.codes("reason", []string{"application", "file_review", "assistance"}, v.t("form.choose"))
	}
	for _, r := range slices.Backward(d.Readings) {
		paper.Readings = append(paper.Readings, readingNote{v.code("actor", r.Role), v.code("reason", r.Reason), r.At})
	}
	return paper
}

// fileSize names a file's type and size: « PDF, 14 Ko ».
func (v *visit) fileSize(media string, bytes int64) string {
	kind := map[string]string{"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}[media]
	return v.t("file.size", joinedFirst(kind, media), v.number(int((bytes+1023)/1024)))
}

func (v *visit) addTripCosts(page *tripPage, p *placement.Placement) {
	for _, c := range p.Costs {
		line := tripCost{Broken: p.Broken(c), Label: v.code("cost_category", c.Category), Amount: c.Amount.Display(v.loc), Payer: v.code("party", c.PaidBy), Note: c.Note, Worker: c.PaidBy == offer.ByWorker, Day: c.PaidOn}
		switch {
		case !c.Struck.IsZero():
			line.Struck = c.StruckReason
		case c.By == v.actor.Account:
			line.Strike = v.fileAddress(p.ID) + "/frais/" + url.PathEscape(c.ID) + "/radiations"
		}
		page.Costs = append(page.Costs, line)
	}
	v.addPromise(page, p)
}

// tripFacts gives what is known of the journey and of what followed.
func (v *visit) tripFacts(p *placement.Placement) (groups []factGroup) {
	add := func(title string, facts ...fact) {
		facts = slices.DeleteFunc(facts, func(f fact) bool { return f.Value == "" })
		if len(facts) > 0 {
			groups = append(groups, factGroup{title, facts})
		}
	}
	if n := len(p.Clearances); n > 0 {
		c := p.Clearances[n-1]
		state := fact{Label: v.t("clearance.valid"), Value: v.t("clearance.days", v.date(c.From), v.date(c.Until))}
		if !c.RevokedAt.IsZero() {
			state = fact{Label: v.t("clearance.revoked"), Value: v.instant(c.RevokedAt), Note: v.code("reason", c.RevokedReason)}
		}
		add(v.t("file.clearance"), fact{Label: v.t("clearance.number"), Value: c.Number}, state)
	}
	j := p.Journey
	add(v.t("file.journey"), fact{Label: v.t("depart.on"), Value: v.date(j.DepartedOn), Note: j.Carrier}, fact{Label: v.t("depart.due"), Value: v.date(j.DueOn)},
		fact{Label: v.t("arrive.on"), Value: v.date(j.ArrivedOn), Note: j.ArrivedAt})
	for _, m := range j.Transfers {
		add(v.t("file.transfer"), v.moveFact(p, m))
	}
	add(v.t("file.ending"), fact{Label: v.t("end.on"), Value: v.date(p.Ending.On)}, fact{Label: v.t("conclude.on"), Value: v.date(p.Ending.HomeOn), Note: p.Ending.HomeNote}, v.rehireFact(p))
	return append(groups, v.tripAfter(p)...)
}

func (v *visit) moveFact(p *placement.Placement, m placement.Move) fact {
	f := fact{Label: v.instant(m.Asked.At), Value: m.Employer}
	if m.Contract > 0 && m.Contract <= len(p.Contracts) {
		f.Value = joinedFirst(p.Contracts[m.Contract-1].Terms.EmployerName, m.Employer)
	}
	switch {
	case m.Approved:
		f.Note = v.t("transfer.approved")
	case !m.Decided.At.IsZero():
		f.Note = v.t("transfer.refused")
	case !m.Consented.IsZero():
		f.Note = v.t("transfer.consented")
	default:
		f.Note = v.t("transfer.waiting")
	}
	return f
}

func (v *visit) rehireFact(p *placement.Placement) fact {
	if !p.Ending.Rehire {
		return fact{}
	}
	return fact{Label: v.t("rehire.wanted"), Value: v.t("answer.yes"), Note: joinedFirst(v.date(p.Ending.RehireFrom), p.Ending.RehireNote)}
}

// tripAfter gives certified periods, insurance, help on return and training.
func (v *visit) tripAfter(p *placement.Placement) (groups []factGroup) {
	var worked []fact
	for _, w := range p.Ending.Periods {
		worked = append(worked, fact{Label: v.t("clearance.days", v.date(w.From), v.date(w.Until)), Value: w.Occupation.Title(v.loc), Note: joinedTexts(w.Employer, w.Country.Name(v.loc))})
	}
	for _, s := range p.Ending.Skills {
		worked = append(worked, fact{Label: v.t("file.skill"), Value: s.Label(v.loc)})
	}
	insured := v.insuredFacts(p)
	if len(worked) > 0 {
		groups = append(groups, factGroup{v.t("file.certified"), worked})
	}
	if len(insured) > 0 {
		groups = append(groups, factGroup{v.t("file.insurance"), insured})
	}
	if c := p.Ending.Case; c != nil {
		facts := []fact{{Label: v.t("case.needs"), Value: joined(c.Needs, func(n string) string { return v.code("need", n) })}, {Label: v.t("case.plan"), Value: c.Plan}}
		for _, f := range c.FollowUp {
			facts = append(facts, fact{Label: v.t("case.meeting", f.Months), Value: joinedFirst(v.instant(f.DoneAt), v.date(f.Due))})
		}
		groups = append(groups, factGroup{v.t("file.case"), facts})
	}
	return append(groups, v.trainingFacts(p)...)
}

// insuredFacts tells the periods of social insurance.
func (v *visit) insuredFacts(p *placement.Placement) (insured []fact) {
	for _, i := range p.Ending.Insurance {
		until := joinedFirst(v.date(i.Until), v.t("insurance.ongoing"))
		insured = append(insured, fact{Label: v.code("branch", i.Branch), Value: joinedTexts(i.Institution, i.Country.Name(v.loc)), Note: joinedTexts(v.t("clearance.days", v.date(i.From), until), i.Number)})
	}
	return insured
}

func (v *visit) trainingFacts(p *placement.Placement) (groups []factGroup) {
	if c := p.Internship; c != nil {
		facts := []fact{
			{Label: v.code("convention", "school"), Value: joinedTexts(c.School, c.SchoolCity)}, {Label: v.code("convention", "programme"), Value: c.Programme},
			{Label: v.code("convention", "tutor"), Value: c.Tutor}, {Label: v.t("convention.objectives"), Value: c.Objectives}, {Label: v.t("convention.stipend"), Value: v.stipendText(c)},
			{Label: v.t("convention.school_signed"), Value: v.date(c.SchoolSigned)}, {Label: v.t("convention.host_signed"), Value: v.date(c.HostSigned)},
			{Label: v.t("convention.trainee_signed"), Value: v.date(c.TraineeSigned)},
		}
		if e := c.Evaluation; e != nil {
			facts = append(facts, fact{Label: v.t("evaluation.title"), Value: v.t("evaluation.marks", e.Skills, e.Conduct, e.Autonomy), Note: strings.TrimSpace(v.t("evaluation.said", e.By) + " " + e.Comment)})
		}
		if c.Certificate != "" {
			facts = append(facts, fact{Label: v.t("file.certificate"), Value: c.Certificate})
		}
		groups = append(groups, factGroup{v.t("deed.convention"), facts})
	}
	if m := p.Mission; m != nil {
		groups = append(groups, factGroup{v.t("deed.mission"), []fact{
			{Label: v.t("mission.host"), Value: m.Host}, {Label: v.t("mission.objective"), Value: m.Objective},
			{Label: v.t("mission.results"), Value: joined(m.Results, func(s string) string { return s })},
			{Label: v.t("mission.report"), Value: v.instant(m.ReportAt)}, {Label: v.t("mission.accepted"), Value: v.instant(m.Accepted)},
		}})
	}
	return groups
}

func (v *visit) addTripChecks(page *tripPage, p *placement.Placement) {
	for _, c := range p.Journey.CheckIns {
		line := tripCheck{Due: c.Due, Done: c.DoneAt, Late: c.DoneAt.IsZero() && !c.Missed.IsZero()}
		switch {
		case c.DoneAt.IsZero():
		case c.Channel == "":
			line.Said = v.t("check.kept") // what the person told the ministry
		case c.Well && c.PaidAs && len(c.Concerns) == 0:
			line.Said = v.t("check.fine")
		default:
			line.Said = joinedTexts(v.t("check.trouble"), joined(c.Concerns, func(s string) string { return v.code("incident_category", s) }), c.Note)
		}
		page.Checks = append(page.Checks, line)
	}
}

func (v *visit) addTripHistory(page *tripPage, p *placement.Placement) {
	for _, e := range slices.Backward(p.History) {
		page.History = append(page.History, tripEvent{Act: v.code("event.placement", e.Action), By: v.code("actor", e.Role), Reason: v.reasonOf(e), Note: e.Note, At: e.At})
	}
}

// reasonOf words the reason of an event, which is of the list of its action: of
// a hold its kind, of an early end its cause. Most events have none.
func (w words) reasonOf(e placement.Event) string {
	if e.Reason == "" {
		return ""
	}
	switch e.Action {
	case "hold", "release_hold", "propose_release":
		return w.code("hold", e.Reason)
	case placement.ActEndEarly:
		return w.code("end_cause", e.Reason)
	case placement.ActRejectTransfer:
		return w.code("transfer_reason", e.Reason)
	case "close_case":
		return w.code("case_outcome", e.Reason)
	}
	return w.code("reason", e.Reason)
}
