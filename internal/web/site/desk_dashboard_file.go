package site

import (
	"cmp"
	"slices"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/report"
	"passerelle/internal/web/sheet"
)

// downloadDashboard gives one report for spreadsheets, with the filters it
// rests on and when it was made.
func downloadDashboard(v *visit) error {
	name := v.query().Get("rapport")
	f, wrong := v.dashboardFilter()
	figures, err := v.figuresOf(f)
	if err != nil {
		return err
	}
	if wrong || !slices.Contains(dashboardReports(figures.view), name) {
		return fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/rapport", Code: "reason.unknown"})
	}
	if f.Agency != "" {
		if figures.agencies, err = v.agencyFilter(f.Agency); err != nil {
			return err
		}
	}
	return v.sheet("passerelle-"+name+"-"+string(v.today()), v.dashboardTable(name, f, figures))
}

func (v *visit) dashboardTable(name string, f report.Filter, d dashboardFigures) sheet.Table {
	note := func(label, value string) sheet.Note {
		return sheet.Note{Label: label, Value: sheet.Text(cmp.Or(value, v.t("work.all")))}
	}
	var notes []sheet.Note
	for _, dimension := range report.Dimensions() {
		notes = append(notes, note(v.code("dash.by", dimension), v.filterValue(f, dimension, d.agencies)))
	}
	if d.view.Files {
		notes = append(notes, note(v.t("dash.opened"), v.t("desk.from_to", cmp.Or(string(f.From), "…"), cmp.Or(string(f.Until), "…"))))
	} else {
		notes = append(notes, note(v.t("dash.counted.until"), string(d.view.Until)), sheet.Note{Label: v.t("csv.threshold"), Value: sheet.Whole(report.Threshold)})
	}
	t := v.table(v.code("dash.report", name), notes...)
	t.Lead = true
	var rows [][]sheet.Cell
	switch name {
	case "files":
		t.Columns, rows = v.countRows(d.view)
	case "overdue":
		t.Columns, rows = v.overdueRows(d.overdue)
	case "durations":
		t.Columns, rows = v.durationRows(d.durations)
	case "outcomes":
		t.Columns, rows = v.outcomeRows(d.outcomes)
	case "costs":
		t.Columns, rows = v.costRows(d.costs)
	}
	t.Rows = sheet.Slice(rows)
	return t
}

// countRows is the files along every line, and all of them at the end.
func (v *visit) countRows(view report.View) (columns []string, rows [][]sheet.Cell) {
	for _, part := range view.Parts {
		title := v.code("dash.by", part.Dimension)
		for _, l := range part.Lines {
			rows = append(rows, append(textCells(title, l.Code, v.dimensionValue(part.Dimension, l)), sheet.Whole(l.Count)))
		}
		if part.Rest > 0 {
			rows = append(rows, append(textCells(title, "", v.t("dash.rest")), sheet.Whole(part.Rest)))
		}
	}
	rows = append(rows, append(textCells(v.t("figures.total"), "", ""), sheet.Whole(view.Total)))
	return []string{v.t("dash.by"), v.t("csv.code"), v.t("csv.label"), v.t("csv.count")}, rows
}

// hours is a time in whole hours.
func hours(d time.Duration) sheet.Cell { return sheet.Whole(int(d.Round(time.Hour) / time.Hour)) }

// wholes makes cells of whole numbers.
func wholes(of ...int) []sheet.Cell {
	cells := make([]sheet.Cell, len(of))
	for i, n := range of {
		cells[i] = sheet.Whole(n)
	}
	return cells
}

func (v *visit) overdueRows(lines []report.Overdue) (columns []string, rows [][]sheet.Cell) {
	for _, l := range lines {
		row := append(textCells(v.code("state.placement", l.State), v.code("actor", l.Owner)), wholes(l.Running, l.Late)...)
		rows = append(rows, append(row, hours(l.Oldest)))
	}
	return []string{v.t("draft.state"), v.t("dash.owner"), v.t("dash.running"), v.t("dash.late"), v.t("dash.oldest.hours")}, rows
}

func (v *visit) durationRows(lines []report.Duration) (columns []string, rows [][]sheet.Cell) {
	for _, l := range lines {
		rows = append(rows, []sheet.Cell{sheet.Text(v.code("state.placement", l.State)), sheet.Whole(l.Count), hours(l.Median), hours(l.P90)})
	}
	return []string{v.t("draft.state"), v.t("dash.count"), v.t("dash.median.hours"), v.t("dash.ninetieth.hours")}, rows
}

func (v *visit) outcomeRows(lines []report.Outcome) (columns []string, rows [][]sheet.Cell) {
	for _, l := range lines {
		row := append(textCells(cmp.Or(l.Name, l.Agency)), wholes(l.Ended, l.Completed, l.Early, l.Breach, l.Cancelled, l.Running)...)
		bounds := make([]sheet.Cell, 2)
		if l.Ended > 0 {
			bounds = []sheet.Cell{sheet.Decimal(int64(l.Low), 2), sheet.Decimal(int64(l.High), 2)}
		}
		rows = append(rows, append(row, bounds...))
	}
	return []string{v.t("work.agency"), v.t("dash.ended"), v.t("dash.completed"), v.t("dash.early"), v.t("dash.breach"), v.t("dash.cancelled"), v.t("dash.running"), v.t("dash.low"), v.t("dash.high")}, rows
}

func (v *visit) costRows(lines []report.Cost) (columns []string, rows [][]sheet.Cell) {
	part := func(n int64) sheet.Cell { return sheet.Decimal(n, 2) }
	for _, l := range lines {
		row := []sheet.Cell{sheet.Text(v.countryName(l.Country)), sheet.Whole(l.People), sheet.Whole(l.Paid), part(l.MedianCents), part(l.MeanCents), sheet.Whole(l.Known), part(l.MedianRatio), part(l.MeanRatio)}
		rows = append(rows, row)
	}
	return []string{v.t("draft.country"), v.t("dash.people"), v.t("dash.paid"), v.t("dash.median.eur"), v.t("dash.mean.eur"), v.t("dash.known"), v.t("dash.median.ratio"), v.t("dash.mean.ratio")}, rows
}
