package site

import (
	"net/url"
	"strconv"
	"time"

	"passerelle/internal/domain/statistics"
	"passerelle/internal/web/sheet"
)

// figuresIndex lists the reports there are.
type figuresIndex struct{ Items []tab }

// tab is one of several views of a list.
type tab struct {
	Href, Label string
	Current     bool
}

// figuresPage is one published table with its bars.
type figuresPage struct {
	Report    string
	Tabs      []tab
	Quarter   string // in words; empty when nothing is published yet
	Quarters  []option
	Published time.Time
	Threshold int
	Shown     bool
	Total     int
	Lines     []figureLine
	Others    int
	Files     []tab // the table for spreadsheets
	Stacked   bool  // lines have parts
}

// figureLine is one row. Width is its share of the longest one, in percent.
type figureLine struct {
	Label  string
	Count  int
	Width  int
	Parts  []figureLine
	Others int
}

func listFigures(v *visit) error {
	return v.render("statistics/index", figuresIndex{v.figureTabs("")})
}

func (v *visit) figureTabs(current string) []tab {
	var tabs []tab
	for _, r := range statistics.Reports() {
		tabs = append(tabs, tab{Href: "/statistiques/" + r, Label: v.code("figures", r), Current: r == current})
	}
	return tabs
}

// asked reads the report the address names.
func (v *visit) askedFigures() (statistics.Shown, error) {
	quarter := statistics.Quarter("")
	if sent := v.query().Get("trimestre"); sent != "" {
		var err error
		if quarter, err = statistics.ParseQuarter(sent); err != nil {
			return statistics.Shown{}, err
		}
	}
	return v.site.opts.Statistics.Report(v.ctx, v.actor, v.param("report"), quarter)
}

func showFigures(v *visit) error {
	shown, err := v.askedFigures()
	if hasCode(err, "statistics.unpublished") && !v.query().Has("trimestre") {
		return v.render("statistics/show", figuresPage{Report: v.param("report"), Tabs: v.figureTabs(v.param("report"))})
	}
	if err != nil {
		return err
	}
	return v.render("statistics/show", v.newFiguresPage(shown))
}

func (v *visit) newFiguresPage(s statistics.Shown) figuresPage {
	at := "/statistiques/" + url.PathEscape(s.Report)
	page := figuresPage{
		Report: s.Report, Tabs: v.figureTabs(s.Report), Quarter: v.quarter(s.Quarter), Published: s.PublishedAt, Threshold: s.Threshold,
		Shown: s.Shown, Total: s.Count, Others: s.Others,
		Files: v.sizedFiles(v.t("figures.download"), at+"/fichier?trimestre="+url.QueryEscape(string(s.Quarter)), v.figuresTable(s)),
	}
	for _, q := range s.Quarters {
		page.Quarters = append(page.Quarters, option{Value: string(q), Label: v.quarter(q), Chosen: q == s.Quarter})
	}
	longest := s.Others
	for _, l := range s.Lines {
		longest = max(longest, l.Count)
	}
	for _, l := range s.Lines {
		line := v.figureLine(s.Report, l, longest)
		page.Stacked = page.Stacked || len(line.Parts) > 0
		page.Lines = append(page.Lines, line)
	}
	return page
}

func (v *visit) figureLine(report string, l statistics.Line, longest int) figureLine {
	line := figureLine{Label: statistics.Label(report, l.Code, v.loc), Count: l.Count, Width: share(l.Count, longest), Others: l.Others}
	for _, part := range l.Lines {
		line.Parts = append(line.Parts, figureLine{Label: statistics.Label("", part.Code, v.loc), Count: part.Count, Width: share(part.Count, longest)})
	}
	return line
}

// share gives a part in whole percent, at least one when there is something.
func share(count, of int) int {
	if count <= 0 || of <= 0 {
		return 0
	}
	return max(count*100/of, 1)
}

// quarter writes « 3e trimestre 2026 ».
func (w words) quarter(q statistics.Quarter) string {
	start := q.Start()
	return w.t("quarter."+[]string{"first", "second", "third", "fourth"}[(start.Month()-1)/3], strconv.Itoa(start.Year()))
}

// downloadFigures gives the table for spreadsheets: every row says which
// report it is of, on which quarter, when it was published and from which
// count on numbers are shown.
func downloadFigures(v *visit) error {
	shown, err := v.askedFigures()
	if err != nil {
		return err
	}
	return v.sheet("passerelle-"+shown.Report+"-"+string(shown.Quarter), v.figuresTable(shown))
}

func (v *visit) figuresTable(s statistics.Shown) sheet.Table {
	t := v.table(v.code("figures", s.Report), sheet.Note{Label: v.t("csv.quarter"), Value: sheet.Text(v.quarter(s.Quarter))},
		sheet.Note{Label: v.t("csv.published"), Value: sheet.Moment(s.PublishedAt)}, sheet.Note{Label: v.t("csv.threshold"), Value: sheet.Whole(s.Threshold)})
	t.Columns = []string{v.t("csv.report"), v.t("csv.quarter"), v.t("csv.published"), v.t("csv.threshold"), v.t("csv.code"), v.t("csv.label"), v.t("csv.part"), v.t("csv.count")}
	var rows [][]sheet.Cell
	row := func(code, label, part string, n int) {
		rows = append(rows, append([]sheet.Cell{sheet.Text(s.Report), sheet.Text(string(s.Quarter)), dayOf(s.PublishedAt), sheet.Whole(s.Threshold)}, append(textCells(code, label, part), sheet.Whole(n))...))
	}
	for _, l := range s.Lines {
		label := statistics.Label(s.Report, l.Code, v.loc)
		row(l.Code, label, "", l.Count)
		for _, part := range l.Lines {
			row(l.Code, label, statistics.Label("", part.Code, v.loc), part.Count)
		}
		if l.Others > 0 {
			row(l.Code, label, v.t("figures.others"), l.Others)
		}
	}
	if s.Others > 0 {
		row("", v.t("figures.others"), "", s.Others)
	}
	if s.Shown {
		row("", v.t("figures.total"), "", s.Count)
	}
	t.Rows = sheet.Slice(rows)
	return t
}
