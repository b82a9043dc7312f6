package site

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

const (
	// queueSize is how many entries the queue shows of all kinds together, and
	// looks at of each kind.
	queueSize = 50
	// riskHigh is from how many points on a file goes before older ones.
	riskHigh = 30
)

// queuePage is everything that waits for an official.
type queuePage struct {
	Tabs  []tab // the officials' lists
	Kinds []tab // what waits, with its number
	Kind  string
	Total int
	Items []waitLine
	More  int  // that wait and are not shown
	Keys  bool // the keys are switched on
	Picks bool // something can be picked
	Pager pager
}

// waitLine is one thing that waits.
type waitLine struct {
	Href, Kind, Title, About, Who string
	State                         string // code, for the mark of an agency
	Since, Due                    time.Time
	Age, Clock                    string // how long it has waited, and how long is left, in words
	Late, Safety, Mine            bool
	Risk                          int
	Note                          string // warnings, or what a first official did
	Holder                        string // who works on it now, in words
	Take, Give                    string // addresses of the forms that claim and release it
	Pick                          string // names it in a batch; empty where there are no batches
	Approve, Refuse               string // where the keys lead
}

// queueKind is one kind of things that wait: a page of them and their number.
type queueKind struct {
	code string
	all  bool // part of the queue of everything
	read func(v *visit, after string) (lines []waitLine, total int, next string, err error)
}

// queueKinds lists the kinds in the order of the tabs.
func queueKinds() []queueKind {
	files := func(q placement.Query) func(*visit, string) ([]waitLine, int, string, error) {
		return func(v *visit, after string) ([]waitLine, int, string, error) { return v.listedFiles(q, after) }
	}
	return []queueKind{
		{"incidents", true, (*visit).waitingCases},
		{"departures", true, files(placement.Query{States: []placement.State{placement.UnderReview}, Order: placement.Urgent})},
		{"refusals", false, files(placement.Query{Step: placement.FirstRefusal, Order: placement.Urgent})},
		{"transfers", true, files(placement.Query{States: []placement.State{placement.Transferred}, Order: placement.Urgent})},
		{"offers", true, waitingOffers(offer.Submitted)},
		{"publications", true, waitingOffers(offer.Approved)},
		{"agencies", true, waitingAgencies(agency.Applied)},
		{"activations", true, waitingAgencies(agency.Vetted)},
		{"employers", true, (*visit).waitingEmployers},
		{"proposals", true, (*visit).waitingProposals},
		{"late", true, files(placement.Query{Overdue: true, Order: placement.Urgent})},
		{"held", false, files(placement.Query{Held: placement.HoldSafety, Order: placement.Urgent})},
		{"mine", false, (*visit).myFiles},
	}
}

func showQueue(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	page := queuePage{Tabs: v.deskTabs("/travail"), Kind: v.query().Get("genre")}
	if !slices.ContainsFunc(queueKinds(), func(k queueKind) bool { return k.code == page.Kind }) {
		page.Kind = ""
	}
	all := tab{Href: "/travail", Label: v.t("work.all"), Current: page.Kind == ""}
	page.Kinds = []tab{all}
	seen := map[string]bool{}
	for _, k := range queueKinds() {
		from := ""
		if k.code == page.Kind {
			from = after
		}
		lines, total, next, err := k.read(v, from)
		if err != nil {
			return err
		}
		if total > 0 || k.code == page.Kind {
			page.Kinds = append(page.Kinds, tab{Href: "/travail?genre=" + k.code, Label: v.t("desk.counted", v.code("desk.kind", k.code), total), Current: k.code == page.Kind})
		}
		page.take(k, lines, total, seen)
		if k.code == page.Kind {
			page.Pager = v.pager(next)
		}
	}
	page.sort()
	v.timed(page.Items)
	page.Keys = v.site.jar.read(v.gin, cookieKeys) != keysOff
	for i := range page.Items {
		page.Items[i].addKeys()
		page.Picks = page.Picks || page.Items[i].Pick != ""
	}
	return v.render("work/index", page)
}

// take adds what waits of a kind, where the page shows it, each thing once.
func (p *queuePage) take(k queueKind, lines []waitLine, total int, seen map[string]bool) {
	if p.Kind != "" && p.Kind != k.code || p.Kind == "" && !k.all {
		return
	}
	p.Total += total
	for _, line := range lines {
		if seen[line.Href] {
			p.Total--
			continue
		}
		seen[line.Href] = true
		p.Items = append(p.Items, line)
	}
}

// sort puts safety first, then what is late, the risky before the others, then
// what is risky; of each the oldest first. The queue of everything is cut.
func (p *queuePage) sort() {
	if p.Kind != "" {
		return
	}
	slices.SortStableFunc(p.Items, compareWaiting)
	p.Items = p.Items[:min(len(p.Items), queueSize)]
	p.More = max(0, p.Total-len(p.Items))
}

func compareWaiting(a, b waitLine) int {
	return cmp.Or(cmp.Compare(a.rank(), b.rank()), a.Since.Compare(b.Since))
}

func (l waitLine) rank() int {
	switch {
	case l.Safety:
		return 0
	case l.Late && (l.Risk >= riskHigh || l.Kind == "incidents"):
		return 1
	case l.Late:
		return 2
	case l.Risk >= riskHigh:
		return 3
	}
	return 4
}

func waitingOffers(state offer.State) func(*visit, string) ([]waitLine, int, string, error) {
	return func(v *visit, after string) ([]waitLine, int, string, error) {
		found, err := v.site.opts.Offers.Search(v.ctx, v.actor, offer.Query{States: []offer.State{state}, Sort: offer.ByOldest, After: after, Limit: queueSize})
		var lines []waitLine
		for _, c := range found.Items {
			lines = append(lines, v.waitingOffer(c, state))
		}
		return lines, found.Total, found.Next, err
	}
}

// waitingOffer is an offer in the queue, of which the version in that state
// waits.
func (v *visit) waitingOffer(c offer.Card, state offer.State) waitLine {
	kind := map[offer.State]string{offer.Submitted: "offers", offer.Approved: "publications"}[state]
	line := waitLine{Href: offerHref(c.ID), Kind: kind, Title: c.Title, About: joinedTexts(c.Reference, v.place(c.City, "", c.Country)), Who: c.AgencyName, Since: c.UpdatedAt}
	v.limit(&line, offer.DecisionDays(state))
	if c.Warnings > 0 {
		line.Note = v.count("lint.warnings", c.Warnings)
	}
	v.addClaim(&line, assignment.File{Kind: assignment.Offer, ID: string(c.ID)})
	return line
}

func (v *visit) waitingCases(after string) ([]waitLine, int, string, error) {
	found, err := v.site.opts.Incidents.List(v.ctx, v.actor, incident.Query{States: []incident.State{incident.Received, incident.Reopened}, After: after, Limit: queueSize})
	var lines []waitLine
	for _, c := range found.Items {
		lines = append(lines, v.waitingCase(c))
	}
	return lines, found.Total, found.Next, err
}

// waitingCase is an incident in the queue.
func (v *visit) waitingCase(c incident.Card) waitLine {
	line := waitLine{Href: caseHref(c.ID), Kind: "incidents", Title: v.code("incident_category", c.Category), About: joinedTexts(c.Reference, c.Country.Name(v.loc)),
		Since: c.CreatedAt, Due: c.TriageDue, Late: v.late(c.TriageDue), Safety: c.Safety}
	v.addClaim(&line, assignment.File{Kind: assignment.Incident, ID: string(c.ID)})
	return line
}

func (v *visit) late(due time.Time) bool { return !due.IsZero() && !v.site.opts.Now().Before(due) }

func (v *visit) listedFiles(q placement.Query, after string) ([]waitLine, int, string, error) {
	q.After, q.Limit = after, queueSize
	found, err := v.site.opts.Placements.List(v.ctx, v.actor, q)
	var lines []waitLine
	for _, c := range found.Items {
		lines = append(lines, v.waitingFile(c))
	}
	return lines, found.Total, found.Next, err
}

// waitingFile is a placement in the queue.
func (v *visit) waitingFile(c placement.Card) waitLine {
	line := waitLine{Href: departureHref(c.ID), Kind: waitKind(c), Title: c.Title, About: joinedTexts(c.Reference, c.Country.Name(v.loc)), Since: c.Since, Due: c.Due,
		Late: v.late(c.Due), Safety: slices.Contains(c.Holds, placement.HoldSafety), Risk: c.Risk}
	if c.Step != "" {
		line.Note = v.t("desk.stepped", v.code("desk.step", c.Step), v.official(c.StepBy))
	}
	line.Holder, line.Mine = v.holder(c.ClaimBy, c.ClaimUntil)
	switch at := "/travail/prises/" + url.PathEscape(string(c.ID)); {
	case line.Mine:
		line.Give = at
	case line.Holder == "" && !c.State.Final():
		line.Take = at
	}
	if line.Take != "" || line.Give != "" {
		line.Pick = pickFile + string(c.ID)
	}
	return line
}

// waitKind says as what a placement waits.
func waitKind(c placement.Card) string {
	switch {
	case c.Step == placement.FirstRefusal:
		return "refusals"
	case c.State == placement.UnderReview:
		return "departures"
	case c.State == placement.Transferred:
		return "transfers"
	}
	return "late"
}

// holder says who works on a file now; empty when nobody does.
func (v *visit) holder(by account.ID, until time.Time) (text string, mine bool) {
	if by == "" || !v.site.opts.Now().Before(until) {
		return "", false
	}
	return v.t("desk.held_until", v.official(by), v.instant(until)), by == v.actor.Account
}

// agencyLine is one agency in a list.
type agencyLine struct {
	Href, Name, Kind, State, Place string
	Until                          ref.Date
}

// queueLine is one offer in a list.
type queueLine struct {
	Href, Reference, Title, Agency, Place string
	State                                 string // in lists of several states
	Warnings                              int
	Since                                 ref.Date
}

func (v *visit) agencyLine(a agency.Card) agencyLine {
	return agencyLine{
		Href: agencyAddress(a.ID), Name: a.Name, Kind: v.code("agency_kind", a.Kind), State: string(a.State),
		Place: v.place(a.City, "", a.Country), Until: a.LicenceUntil,
	}
}
