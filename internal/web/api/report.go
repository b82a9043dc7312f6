package api

import (
	"context"
	"strconv"
	"time"

	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/report"
)

// RegisterReports adds the reports on running placements.
func RegisterReports(a *API, service *report.Service) {
	h := &reportOperations{service}
	Register(a, Op[reportQuery, overdueReport]{
		Method: "GET", Path: "/reports/overdue", ID: "reportOverdue", Summary: "Placements whose clock has run out, by state",
		Description: "Clocks count working days. Each line names the ten files late the longest.",
		Permission:  "report.read", Handle: h.overdue,
	})
	Register(a, Op[reportQuery, durationsReport]{
		Method: "GET", Path: "/reports/durations", ID: "reportDurations", Summary: "How long placements stay in each state",
		Description: "Median and 90th percentile (nearest rank) of the stays that ended, in hours.",
		Permission:  "report.read", Handle: h.durations,
	})
	Register(a, Op[reportQuery, outcomesReport]{
		Method: "GET", Path: "/reports/outcomes", ID: "reportOutcomes", Summary: "How the placements of each agency end",
		Description: "The share of placements completed among those that ended after departure, with its 95 % interval (Wilson). The agency with the lowest lower bound comes first.",
		Permission:  "report.read", Handle: h.outcomes,
	})
	Register(a, Op[reportQuery, costsReport]{
		Method: "GET", Path: "/reports/costs", ID: "reportCosts", Summary: "What workers of each corridor have paid",
		Description: "Of the people who left: what they paid themselves, and SDG indicator 10.7.1, that cost divided by one month's pay of the published offer.",
		Permission:  "report.read", Handle: h.costs,
	})
}

type reportOperations struct{ service *report.Service }

type reportQuery struct {
	Country string `query:"country" validate:"omitempty,country" doc:"destination" example:"FR"`
	Agency  string `query:"agency" validate:"max=40" doc:"id of an agency"`
	From    string `query:"from" validate:"omitempty,date" doc:"first day on which the file was opened" example:"2026-01-01"`
	Until   string `query:"until" validate:"omitempty,date" doc:"last day on which the file was opened" example:"2026-12-31"`
}

func (q *reportQuery) filter() report.Filter {
	return report.Filter{Country: ref.Country(q.Country), Agency: q.Agency, From: ref.Date(q.From), Until: ref.Date(q.Until)}
}

type overdueReport struct {
	Lines []overdueLine `json:"lines"`
}

type overdueLine struct {
	State     string        `json:"state" example:"under_review"`
	Owner     string        `json:"owner" doc:"role that has to act" example:"official"`
	Running   int           `json:"running" doc:"files in the state"`
	Late      int           `json:"late" doc:"of those, files whose clock has run out"`
	OldestDay int           `json:"oldestDays" doc:"whole days since the oldest clock ran out"`
	Files     []overdueFile `json:"files" doc:"late the longest, at most ten"`
}

type overdueFile struct {
	ID        string    `json:"id"`
	Reference string    `json:"reference"`
	Agency    string    `json:"agency"`
	Country   string    `json:"country"`
	Due       time.Time `json:"due"`
}

func (h *reportOperations) overdue(ctx context.Context, c *Call, in *reportQuery) (overdueReport, error) {
	lines, err := h.service.Overdue(ctx, c.Actor, in.filter())
	return overdueReport{mapped(lines, func(l report.Overdue) overdueLine {
		return overdueLine{State: string(l.State), Owner: string(l.Owner), Running: l.Running, Late: l.Late, OldestDay: int(l.Oldest / (24 * time.Hour)),
			Files: mapped(l.Files, func(f placement.Card) overdueFile {
				return overdueFile{ID: string(f.ID), Reference: f.Reference, Agency: f.Agency, Country: string(f.Country), Due: f.Due}
			})}
	})}, err
}

type durationsReport struct {
	Lines []durationLine `json:"lines"`
}

type durationLine struct {
	State  string `json:"state" example:"under_review"`
	Count  int    `json:"n" doc:"stays that ended"`
	Median int    `json:"medianHours"`
	P90    int    `json:"p90Hours"`
}

func (h *reportOperations) durations(ctx context.Context, c *Call, in *reportQuery) (durationsReport, error) {
	lines, err := h.service.Durations(ctx, c.Actor, in.filter())
	return durationsReport{mapped(lines, func(l report.Duration) durationLine {
		return durationLine{string(l.State), l.Count, int(l.Median.Round(time.Hour) / time.Hour), int(l.P90.Round(time.Hour) / time.Hour)}
	})}, err
}

type outcomesReport struct {
	Lines []outcomeLine `json:"lines"`
}

type outcomeLine struct {
	Agency    string `json:"agency"`
	Name      string `json:"name"`
	Ended     int    `json:"n" doc:"placements that ended after departure"`
	Completed int    `json:"completed"`
	Early     int    `json:"endedEarly"`
	Breach    int    `json:"employerSide" doc:"ended early for a cause the employer answers for"`
	Cancelled int    `json:"cancelled" doc:"before departure; not in n"`
	Running   int    `json:"running"`
	Low       string `json:"low,omitempty" doc:"lower bound of the share completed, in per cent" example:"72.24"`
	High      string `json:"high,omitempty" doc:"upper bound, in per cent" example:"100.00"`
}

func (h *reportOperations) outcomes(ctx context.Context, c *Call, in *reportQuery) (outcomesReport, error) {
	lines, err := h.service.Outcomes(ctx, c.Actor, in.filter())
	return outcomesReport{mapped(lines, func(l report.Outcome) outcomeLine {
		out := outcomeLine{Agency: l.Agency, Name: l.Name, Ended: l.Ended, Completed: l.Completed, Early: l.Early, Breach: l.Breach, Cancelled: l.Cancelled, Running: l.Running}
		if l.Ended > 0 {
			out.Low, out.High = decimalOf(int64(l.Low)), decimalOf(int64(l.High))
		}
		return out
	})}, err
}

type costsReport struct {
	Lines []costLine `json:"lines"`
}

type costLine struct {
	Country     string `json:"country" example:"SA"`
	People      int    `json:"n" doc:"people who left"`
	Paid        int    `json:"paid" doc:"of those, people who paid anything"`
	Median      string `json:"medianPaid" doc:"in EUR" example:"0.00"`
	Mean        string `json:"meanPaid" doc:"in EUR" example:"152.40"`
	Known       int    `json:"payKnown" doc:"people the ratios rest on"`
	MedianRatio string `json:"medianMonths,omitempty" doc:"SDG 10.7.1: what was paid, in months of pay" example:"0.50"`
	MeanRatio   string `json:"meanMonths,omitempty" example:"0.75"`
}

func (h *reportOperations) costs(ctx context.Context, c *Call, in *reportQuery) (costsReport, error) {
	lines, err := h.service.Costs(ctx, c.Actor, in.filter())
	return costsReport{mapped(lines, func(l report.Cost) costLine {
		out := costLine{Country: string(l.Country), People: l.People, Paid: l.Paid, Known: l.Known, Median: decimalOf(l.MedianCents), Mean: decimalOf(l.MeanCents)}
		if l.Known > 0 {
			out.MedianRatio, out.MeanRatio = decimalOf(l.MedianRatio), decimalOf(l.MeanRatio)
		}
		return out
	})}, err
}

// decimalOf writes a number of hundredths, none negative, as a decimal.
func decimalOf(n int64) string {
	rest := strconv.FormatInt(100+n%100, 10)
	return strconv.FormatInt(n/100, 10) + "." + rest[1:]
}
