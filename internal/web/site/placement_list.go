package site

import (
	"net/url"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// tripsPage is the placements of one side.
type tripsPage struct {
	Agency bool
	Total  int
	Tabs   []tabLink
	Files  []tab // the list as tables
	Items  []tripLine
	Pager  pager
	Offer  string // the offer they are of, when only those are shown
}

// tabLink is one view of a list.
type tabLink struct {
	Href, Label string
	Current     bool
}

// tripLine is one file: where it stands, who acts, and until when.
type tripLine struct {
	Href, Reference, Title, Country string
	State                           string // code
	Says                            string
	Next, Who                       string
	Mine                            bool // it is the visitor's turn
	Due                             time.Time
	Clock                           string // how much time is left, in words
	Late                            bool
	Held                            bool
	Steps                           []step
	Updated                         time.Time
	Day                             ref.Date // of what a table of movements is about
	DayLate                         bool
}

func listTrips(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	q := placement.Query{After: after, Limit: searchPageSize}
	page, export := tripsPage{Agency: v.actor.Role == account.Agency}, ""
	if page.Agency {
		var asked url.Values
		q, asked = v.tripQuery()
		q.After, q.Limit = after, searchPageSize
		page.Tabs, page.Offer, export = v.tripTabs(asked), string(q.Offer), address(tripsExport, asked)
	}
	found, err := v.site.opts.Placements.List(v.ctx, v.actor, q)
	if err != nil {
		return err
	}
	page.Total, page.Pager = found.Total, v.pager(found.Next)
	if page.Agency {
		page.Files = v.rowFiles(v.t("trips.csv"), export, found.Total)
	}
	for _, c := range found.Items {
		page.Items = append(page.Items, v.tripLine(c))
	}
	return v.render("placement/index", page)
}

// tripGroups names the groups of states in which an agency looks at its files.
func tripGroups() []string {
	return []string{"", "contrat", "examen", "depart", "etranger", "fin", "retard"}
}

// tripGroup gives the states of a group; all for none.
func tripGroup(name string) []placement.State {
	switch name {
	case "contrat":
		return []placement.State{placement.Opened, placement.ContractProposed, placement.ContractAccepted}
	case "examen":
		return []placement.State{placement.UnderReview, placement.Refused}
	case "depart":
		return []placement.State{placement.Cleared, placement.Departed}
	case "etranger":
		return []placement.State{placement.Arrived, placement.InPost, placement.Transferred}
	case "fin":
		return []placement.State{placement.Completed, placement.EndedEarly, placement.Returned, placement.Stayed, placement.Renewed, placement.Cancelled}
	}
	return nil
}

func (v *visit) tripTabs(asked url.Values) (tabs []tabLink) {
	for _, name := range tripGroups() {
		keep := url.Values{}
		if asked.Has("offre") {
			keep.Set("offre", asked.Get("offre"))
		}
		label := v.t("trips.all")
		if name != "" {
			keep.Set("etape", name)
			label = v.code("trips.group", name)
		}
		tabs = append(tabs, tabLink{address(agencyFiles, keep), label, asked.Get("etape") == name})
	}
	return tabs
}

func (v *visit) tripLine(c placement.Card) tripLine {
	line := tripLine{
		Href: v.fileAddress(c.ID), Reference: c.Reference, Title: c.Title, Country: c.Country.Name(v.loc), State: string(c.State), Says: v.tripSays(c.State),
		Due: c.Due, Held: len(c.Holds) > 0, Updated: c.UpdatedAt, Steps: v.tripSteps(c.State),
	}
	line.Next, line.Who, line.Mine = v.whoseTurn(c.Owner, c.NextAction)
	line.Clock, line.Late = v.clock(c.Due)
	return line
}

// tripSays tells the state in a sentence for whoever looks.
func (v *visit) tripSays(s placement.State) string {
	if v.isPerson() {
		return v.code("trip.says", s)
	}
	return v.code("trip.agency", s)
}

// whoseTurn says what is next and whose turn it is.
func (v *visit) whoseTurn(owner account.Role, action string) (next, who string, mine bool) {
	if owner == "" {
		return "", "", false
	}
	mine = owner == v.actor.Role
	who = v.code("actor", owner)
	if mine {
		who = v.t("trip.you")
	}
	return v.code("placement_next", action), who, mine
}

// clock says how much time is left.
func (v *visit) clock(due time.Time) (left string, late bool) {
	if due.IsZero() {
		return "", false
	}
	days := int(due.Sub(v.site.opts.Now()).Hours() / 24)
	switch {
	case !v.site.opts.Now().Before(due):
		return v.count("trip.late", max(1, -days)), true
	case days == 0:
		return v.t("trip.today"), false
	}
	return v.count("trip.left", days), false
}

// tripWay is the way of a file in the words people know.
func tripWay() []string {
	return []string{"contract", "papers", "review", "departure", "arrival", "work", "return"}
}

// tripSteps shows how far a file has come; none for a cancelled one.
func (v *visit) tripSteps(s placement.State) []step {
	at, ok := map[placement.State]int{
		placement.Opened: 0, placement.ContractProposed: 0, placement.ContractAccepted: 1, placement.UnderReview: 2, placement.Refused: 2,
		placement.Cleared: 3, placement.Departed: 4, placement.Arrived: 5, placement.InPost: 5, placement.Transferred: 5,
		placement.Completed: 6, placement.EndedEarly: 6, placement.Returned: 7, placement.Stayed: 7, placement.Renewed: 7,
	}[s]
	if !ok {
		return nil
	}
	var steps []step
	for i, name := range tripWay() {
		steps = append(steps, step{Label: v.code("trip.step", name), Done: i < at, Current: i == at})
	}
	return steps
}

// movementsPage is who leaves, who is on the way, and whom to ask for news.
type movementsPage struct {
	Leaving, Travelling, Calling, Returning []tripLine
}

func listMovements(v *visit) error {
	var page movementsPage
	for _, part := range []struct {
		into   *[]tripLine
		states []placement.State
		day    func(placement.Card) ref.Date
	}{
		{&page.Leaving, []placement.State{placement.Cleared}, func(c placement.Card) ref.Date { return ref.DateOf(c.Due) }},
		{&page.Travelling, []placement.State{placement.Departed}, func(c placement.Card) ref.Date { return c.Abroad.ArrivalDue }},
		{&page.Calling, tripGroup("etranger"), func(c placement.Card) ref.Date { return c.Abroad.CheckInDue }},
		{&page.Returning, []placement.State{placement.Completed, placement.EndedEarly}, func(c placement.Card) ref.Date { return ref.DateOf(c.Due) }},
	} {
		cards, err := v.allTrips(placement.Query{States: part.states})
		if err != nil {
			return err
		}
		for _, c := range cards {
			line := v.tripLine(c)
			line.Day = part.day(c)
			line.DayLate = line.Day.Known() && line.Day < v.today()
			*part.into = append(*part.into, line)
		}
		slices.SortStableFunc(*part.into, func(a, b tripLine) int { return compareDays(a.Day, b.Day) })
	}
	return v.render("placement/movements", page)
}

// compareDays puts the earlier day first, and an unknown one last.
func compareDays(a, b ref.Date) int {
	switch {
	case a == b:
		return 0
	case b == "" || a != "" && a < b:
		return -1
	}
	return 1
}

// allTrips reads every page of a list.
func (v *visit) allTrips(q placement.Query) (all []placement.Card, err error) {
	q.Limit = listing.MaxLimit
	for {
		found, err := v.site.opts.Placements.List(v.ctx, v.actor, q)
		if err != nil {
			return nil, err
		}
		all = append(all, found.Items...)
		if q.After = found.Next; q.After == "" {
			return all, nil
		}
	}
}
