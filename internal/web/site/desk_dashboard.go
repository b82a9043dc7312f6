package site

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/report"
)

// dashboardPath is the officials' reports on running placements.
const dashboardPath = "/tableau-de-bord"

// dashboardPage is the reports, each as bars beside its table. All of it is
// answered by the read model.
type dashboardPage struct {
	Countries, Agencies []option
	From, Until         string
	Wrong, Filtered     bool
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
	Href, LateHref, State, Owner, Oldest string
	Running, Late, Width, Part           int
	Files                                []tab
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

// dashboardFilter reads the filters of the address.
func (v *visit) dashboardFilter() (report.Filter, bool) {
	asked := v.query()
	f := report.Filter{Country: ref.Country(asked.Get("pays")), Agency: clip(asked.Get("agence"), 60)}
	var wrong bool
	f.From, f.Until, wrong = typedDays(clip(asked.Get("du"), 10), clip(asked.Get("au"), 10))
	return f, wrong
}

func showDashboard(v *visit) error {
	f, wrong := v.dashboardFilter()
	asked := v.query()
	page := &dashboardPage{From: clip(asked.Get("du"), 10), Until: clip(asked.Get("au"), 10), Wrong: wrong, Filtered: len(asked) > 0}
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
	v.draw(page, f, figures, drill(asked))
	return v.render("desk/dashboard", page)
}

// dashboardFigures is the four reports.
type dashboardFigures struct {
	overdue   []report.Overdue
	durations []report.Duration
	outcomes  []report.Outcome
	costs     []report.Cost
}

func (v *visit) figuresOf(f report.Filter) (d dashboardFigures, err error) {
	s := v.site.opts.Reports
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

// drill gives the filters that lead on to the list of files.
func drill(asked url.Values) func(pairs ...string) string {
	return func(pairs ...string) string {
		q := url.Values{}
		for _, name := range []string{"pays", "agence", "du", "au"} {
			if asked.Get(name) != "" {
				q.Set(name, asked.Get(name))
			}
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			q.Set(pairs[i], pairs[i+1])
		}
		return address(departurePath, q)
	}
}

// draw puts the figures into words and bars.
func (v *visit) draw(page *dashboardPage, f report.Filter, d dashboardFigures, to func(...string) string) {
	most := 1
	for _, l := range d.overdue {
		page.Running, page.Late, most = page.Running+l.Running, page.Late+l.Late, max(most, l.Running)
	}
	for _, l := range d.overdue {
		page.Overdue = append(page.Overdue, v.overdueLine(l, most, to))
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
	asked := v.query()
	for _, name := range dashboardReports() {
		asked.Set("rapport", name)
		page.Files = append(page.Files, v.sizedFiles(v.code("dash.report", name), address(dashboardPath+"/fichier", asked), v.dashboardTable(name, f, d))...)
	}
}

func dashboardReports() []string { return []string{"overdue", "durations", "outcomes", "costs"} }

func (v *visit) overdueLine(l report.Overdue, most int, to func(...string) string) overdueLine {
	line := overdueLine{Href: to("etat", string(l.State)), LateHref: to("etat", string(l.State), "retard", "oui"), State: v.code("state.placement", l.State), Owner: inner(v.code("actor", l.Owner)),
		Running: l.Running, Late: l.Late, Width: share(l.Running, most), Part: share(l.Late, most)}
	if l.Late > 0 {
		line.Oldest = v.lasting(l.Oldest)
	}
	for _, f := range l.Files {
		line.Files = append(line.Files, tab{Href: departureHref(f.ID), Label: f.Reference})
	}
	return line
}

func (v *visit) outcomeLine(l report.Outcome, to func(...string) string) outcomeLine {
	line := outcomeLine{Href: to("agence", l.Agency), Name: cmp.Or(l.Name, l.Agency), Ended: l.Ended, Completed: l.Completed, Early: l.Early, Breach: l.Breach, Cancelled: l.Cancelled, Running: l.Running}
	if l.Ended > 0 {
		line.Low, line.High = strconv.Itoa(l.Low/100), strconv.Itoa((l.High+99)/100)
		line.From, line.Width, line.Share = l.Low/100, max(1, (l.High-l.Low)/100), l.Completed*100/l.Ended
	}
	return line
}

func (v *visit) corridorCost(l report.Cost, dearest int64, to func(...string) string) corridorCost {
	line := corridorCost{Href: to("pays", string(l.Country)), Country: v.countryName(l.Country), Median: v.francs(l.MedianCents, v.today()), Mean: v.francs(l.MeanCents, v.today()), People: l.People, Paid: l.Paid, Known: l.Known}
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
