package api

import (
	"context"
	"time"

	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/statistics"
)

// RegisterStatistics adds the published statistics.
func RegisterStatistics(a *API, service *statistics.Service) {
	h := &statisticsOperations{service}
	Register(a, Op[showStatistics, statisticsJSON]{
		Method: "GET", Path: "/statistics/{report}", ID: "showStatistics", Summary: "Read a report on a calendar quarter as it was published",
		Description: "Reports: offers-by-country, offers-by-occupation, profiles-by-country, profiles-by-region, profiles-by-region-and-sex, applications-by-outcome. Each record counts in one quarter: that of the publication of an offer's terms, of the registration of a person, of the first application. Counts below the threshold are not shown, nor is what would give them by subtraction; what is not shown is summed in others. A quarter is published once, when it is over, and never changes.",
		Permission:  "statistics.read", Handle: h.show,
	})
}

type statisticsOperations struct{ service *statistics.Service }

type showStatistics struct {
	Report  string `path:"report" validate:"max=60" example:"offers-by-country"`
	Quarter string `query:"quarter" validate:"max=7" doc:"one of quarters; default: the latest" example:"2026-Q3"`
}

// statisticsJSON is a published report.
type statisticsJSON struct {
	Report      string           `json:"report"`
	Quarter     string           `json:"quarter" example:"2026-Q3"`
	Quarters    []string         `json:"quarters" doc:"that can be asked for, the latest first"`
	PublishedAt time.Time        `json:"publishedAt"`
	Threshold   int              `json:"threshold" doc:"a count that is shown is at least this"`
	Total       *int             `json:"total,omitempty" doc:"absent = too small to be shown"`
	Lines       []statisticsLine `json:"lines"`
	Others      *int             `json:"others,omitempty" doc:"sum of what is not shown"`
}

type statisticsLine struct {
	Code   string           `json:"code" example:"FR"`
	Label  string           `json:"label" example:"France"`
	Count  int              `json:"count"`
	Lines  []statisticsPart `json:"lines,omitempty"`
	Others *int             `json:"others,omitempty" doc:"sum of what is not shown"`
}

type statisticsPart struct {
	Code  string `json:"code" example:"female"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

func (h *statisticsOperations) show(ctx context.Context, c *Call, in *showStatistics) (statisticsJSON, error) {
	quarter := statistics.Quarter("")
	if in.Quarter != "" {
		var err error
		if quarter, err = statistics.ParseQuarter(in.Quarter); err != nil {
			return statisticsJSON{}, err
		}
	}
	shown, err := h.service.Report(ctx, c.Actor, in.Report, quarter)
	if err != nil {
		return statisticsJSON{}, err
	}
	return statisticsOf(shown, c.Locale), nil
}

func statisticsOf(s statistics.Shown, l ref.Locale) statisticsJSON {
	out := statisticsJSON{
		Report: s.Report, Quarter: string(s.Quarter), Quarters: textsOf(s.Quarters), PublishedAt: s.PublishedAt, Threshold: s.Threshold,
		Lines: []statisticsLine{}, Others: positive(s.Others),
	}
	if s.Shown {
		out.Total = positive(s.Count)
	}
	for _, line := range s.Lines {
		shown := statisticsLine{Code: line.Code, Label: statistics.Label(s.Report, line.Code, l), Count: line.Count, Others: positive(line.Others)}
		for _, part := range line.Lines {
			shown.Lines = append(shown.Lines, statisticsPart{Code: part.Code, Label: statistics.Label("", part.Code, l), Count: part.Count})
		}
		out.Lines = append(out.Lines, shown)
	}
	return out
}

// positive gives a count to be shown; nothing for none.
func positive(n int) *int {
	if n <= 0 {
		return nil
	}
	return &n
}
