package site

import (
	"cmp"
	"strconv"
	"time"

	"passerelle/internal/domain/report"
)

// dashboardPath is the officials' reports on running placements.
const dashboardPath = "/tableau-de-bord"

// dashboardPage is the files by what narrows them, and for who may read them
// the reports, each as bars beside its table. All of it is answered by the read
// model.
type dashboardPage struct {
	Countries, Agencies []option
	From, Until         string
	Chips               []chip        // what narrows the page
	Kept                []hiddenField // the filters that have no field of their own
	Wrong, Reports      bool
	Counts              dashboardCounts
	Running, Late       int
	Overdue             []overdueLine
	Durations           []durationLine
	Outcomes            []outcomeLine
	Costs               []corridorCost
	Files               []tab // the reports as tables
}

// overdueLine is what waits in one state. Width and Part are percents: all
// files of the state, and those that are late.
type overdueLine struct {
	Href, FilesHref, LateHref, State, Owner, Oldest string
	Running, Late, Width, Part                      int
	Files                                           []tab
}

// durationLine is how long files stay in a state.
type durationLine struct {
	State, Median, P90 string
	Count, Width, Part int // Width = 90th percentile, Part = median
}

// outcomeLine is how the placements of an agency ended. From and Width give
// the 95 % interval of the share completed, in percent.
type outcomeLine struct {
	Href, Name, Low, High                               string
	Ended, Completed, Early, Breach, Cancelled, Running int
	From, Width, Share                                  int
}

// corridorCost is what workers paid in one corridor.
type corridorCost struct {
	Href, Country, Median, Mean, MedianRatio, MeanRatio string
	People, Paid, Known, Width                          int
}

func showDashboard(v *visit) error {
	f, wrong := v.dashboardFilter()
	asked := v.query()
	page := &dashboardPage{From: clip(asked.Get("du"), 10), Until: clip(asked.Get("au"), 10), Wrong: wrong, Kept: keptFilters(f)}
	var err error
	if page.Countries, err = v.countryFilter(string(f.Country)); err != nil {
		return err
	}
	if page.Agencies, err = v.agencyFilter(f.Agency); err != nil {
		return err
	}
	if wrong {
		return v.render("desk/dashboard", page)
	}
	figures, err := v.figuresOf(f)
	if err != nil {
		return err
	}
	v.draw(page, f, figures)
	return v.render("desk/dashboard", page)
}

// dashboardFigures is the count of the files, and the four reports for who may
// read them.
type dashboardFigures struct {
	view      report.View
	overdue   []report.Overdue
	durations []report.Duration
	outcomes  []report.Outcome
	costs     []report.Cost
	agencies  []option // to name the one that is asked for
}

func (v *visit) figuresOf(f report.Filter) (d dashboardFigures, err error) {
	s := v.site.opts.Reports
	if d.view, err = s.View(v.ctx, v.actor, f); err != nil || !d.view.Files {
		return d, err
	}
	if d.overdue, err = s.Overdue(v.ctx, v.actor, f); err != nil {
		return d, err
	}
	if d.durations, err = s.Durations(v.ctx, v.actor, f); err != nil {
		return d, err
	}
	if d.outcomes, err = s.Outcomes(v.ctx, v.actor, f); err != nil {
		return d, err
	}
	d.costs, err = s.Costs(v.ctx, v.actor, f)
	return d, err
}

// draw puts the figures into words and bars.
func (v *visit) draw(page *dashboardPage, f report.Filter, d dashboardFigures) {
	to := narrowing(f)
	page.Chips, page.Reports = v.dashboardChips(f, page.Agencies), d.view.Files
	page.Counts = v.dashboardCounts(f, d.view)
	most := 1
	for _, l := range d.overdue {
		page.Running, page.Late, most = page.Running+l.Running, page.Late+l.Late, max(most, l.Running)
	}
	for _, l := range d.overdue {
		page.Overdue = append(page.Overdue, v.overdueLine(l, most, f))
	}
	longest := time.Duration(1)
	for _, l := range d.durations {
		longest = max(longest, l.P90)
	}
	for _, l := range d.durations {
		page.Durations = append(page.Durations, durationLine{State: v.code("state.placement", l.State), Median: v.lasting(l.Median), P90: v.lasting(l.P90), Count: l.Count,
			Width: int(l.P90 * 100 / longest), Part: int(l.Median * 100 / longest)})
	}
	for _, l := range d.outcomes {
		page.Outcomes = append(page.Outcomes, v.outcomeLine(l, to))
	}
	dearest := int64(1)
	for _, l := range d.costs {
		dearest = max(dearest, l.MeanRatio)
	}
	for _, l := range d.costs {
		page.Costs = append(page.Costs, v.corridorCost(l, dearest, to))
	}
	v.dashboardFiles(page, f, d)
}

// dashboardFiles offers every table of the page for spreadsheets.
func (v *visit) dashboardFiles(page *dashboardPage, f report.Filter, d dashboardFigures) {
	asked := filterQuery(f)
	for _, name := range dashboardReports(d.view) {
		asked.Set("rapport", name)
		page.Files = append(page.Files, v.sizedFiles(v.code("dash.report", name), address(dashboardPath+"/fichier", asked), v.dashboardTable(name, f, d))...)
	}
}

// dashboardReports lists the tables that the reader of a view gets.
func dashboardReports(view report.View) []string {
	if !view.Files {
		return []string{"files"}
	}
	return []string{"files", "overdue", "durations", "outcomes", "costs"}
}

func (v *visit) overdueLine(l report.Overdue, most int, f report.Filter) overdueLine {
	line := overdueLine{Href: narrowing(f)(askState, string(l.State)), FilesHref: filesBehind(f, askState, string(l.State)), LateHref: filesBehind(f, askState, string(l.State), "retard", "oui"), State: v.code("state.placement", l.State), Owner: inner(v.code("actor", l.Owner)),
		Running: l.Running, Late: l.Late, Width: share(l.Running, most), Part: share(l.Late, most)}
	if l.Late > 0 {
		line.Oldest = v.lasting(l.Oldest)
	}
	for _, f := range l.Files {
		line.Files = append(line.Files, tab{Href: departureHref(f.ID), Label: f.Reference})
	}
	return line
}

func (v *visit) outcomeLine(l report.Outcome, to func(name, value string) string) outcomeLine {
	line := outcomeLine{Href: to(askAgency, l.Agency), Name: cmp.Or(l.Name, l.Agency), Ended: l.Ended, Completed: l.Completed, Early: l.Early, Breach: l.Breach, Cancelled: l.Cancelled, Running: l.Running}
	if l.Ended > 0 {
		line.Low, line.High = strconv.Itoa(l.Low/100), strconv.Itoa((l.High+99)/100)
		line.From, line.Width, line.Share = l.Low/100, max(1, (l.High-l.Low)/100), l.Completed*100/l.Ended
	}
	return line
}

func (v *visit) corridorCost(l report.Cost, dearest int64, to func(name, value string) string) corridorCost {
	line := corridorCost{Href: to(askCountry, string(l.Country)), Country: v.countryName(l.Country), Median: v.francs(l.MedianCents, v.today()), Mean: v.francs(l.MeanCents, v.today()), People: l.People, Paid: l.Paid, Known: l.Known}
	if l.Known > 0 {
		line.MedianRatio, line.MeanRatio, line.Width = v.ratio(l.MedianRatio), v.ratio(l.MeanRatio), int(l.MeanRatio*100/dearest)
	}
	return line
}

// lasting writes a time in days, or in hours below two of them.
func (w words) lasting(d time.Duration) string {
	if d < 48*time.Hour {
		return w.count("dash.hours", int(d.Round(time.Hour)/time.Hour))
	}
	return w.count("dash.days", int(d.Round(24*time.Hour)/(24*time.Hour)))
}

// officialMenu is what officials work with beside the queue.
func officialMenu() []menuItem {
	return []menuItem{{Href: dashboardPath, Label: "menu.dashboard"}, {Href: "/statistiques", Label: "menu.statistics"}}
}
