package site

import (
	"net/url"
	"slices"
	"time"

	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/report"
)

// The filters of the dashboard that no other search has, by the name in the
// address.
const (
	askMonth = "mois"
	askFrom  = "du"
	askUntil = "au"
)

// askedBy gives the name in the address of what a dimension narrows by.
func askedBy(d report.Dimension) string {
	return map[report.Dimension]string{report.ByCountry: askCountry, report.ByState: askState, report.ByAgency: askAgency, report.ByGroup: askTrade, report.ByMonth: askMonth}[d]
}

// dashboardCounts is the files behind the page along everything that can
// narrow it further.
type dashboardCounts struct {
	Total     int
	FilesHref string // empty for who sees figures only
	Until     ref.Date
	Threshold int
	Parts     []countPart
}

// countPart is the files along one line; Rest those told apart no further.
type countPart struct {
	ID, Title, Heading string
	Open               bool
	Lines              []countLine
	Rest               int
}

// countLine is one value, with the way to the page narrowed to it and, for who
// may see them, to the files.
type countLine struct {
	Href, Label, FilesHref string
	Count, Width           int
}

// dashboardFilter reads the filters of the address; values that mean nothing
// filter nothing, but for days and months, which are typed.
func (v *visit) dashboardFilter() (f report.Filter, wrong bool) {
	asked := v.query()
	f = report.Filter{Agency: clip(asked.Get(askAgency), 60), State: chosenState(v, placement.States()), Group: tradeGroup(asked.Get(askTrade))}
	if c, err := ref.ParseCountry(asked.Get(askCountry)); err == nil {
		f.Country = c
	}
	f.From, f.Until, wrong = typedDays(clip(asked.Get(askFrom), 10), clip(asked.Get(askUntil), 10))
	var ok bool
	if sent := asked.Get(askMonth); sent != "" {
		if f.Month, ok = typedMonth(sent); !ok {
			wrong = true
		}
	}
	return f, wrong
}

// tradeGroup reads a group of occupations of two digits; empty for anything
// else.
func tradeGroup(s string) ref.Occupation {
	if o := ref.Occupation(s); slices.Contains(ref.Occupations(2), o) {
		return o
	}
	return ""
}

// filterQuery writes a filter as an address.
func filterQuery(f report.Filter) url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		askCountry: string(f.Country), askState: string(f.State), askAgency: f.Agency, askTrade: string(f.Group), askMonth: string(f.Month),
		askFrom: dateField(f.From), askUntil: dateField(f.Until),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// keptFilters are those that the form of the page has no field for.
func keptFilters(f report.Filter) (kept []hiddenField) {
	q := filterQuery(f)
	for _, name := range []string{askState, askTrade, askMonth} {
		if q.Has(name) {
			kept = append(kept, hiddenField{name, q.Get(name)})
		}
	}
	return kept
}

// narrowing gives the addresses of the page narrowed by more.
func narrowing(f report.Filter) func(name, value string) string {
	return func(name, value string) string {
		q := filterQuery(f)
		q.Set(name, value)
		return address(dashboardPath, q)
	}
}

// filesBehind is the address of the list of the files that the filter takes,
// with more filters of that list. A month is its days there.
func filesBehind(f report.Filter, pairs ...string) string {
	if first, err := time.Parse("2006-01", string(f.Month)); err == nil {
		f.From, f.Until, f.Month = max(f.From, ref.DateOf(first)), earlier(f.Until, ref.DateOf(first.AddDate(0, 1, -1))), ""
	}
	q := filterQuery(f)
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return address(departurePath, q)
}

// earlier gives the earlier of two days, of which the first may be unknown.
func earlier(a, b ref.Date) ref.Date {
	if a == "" {
		return b
	}
	return min(a, b)
}

// dashboardChips lists what narrows the page, each with the address without it.
func (v *visit) dashboardChips(f report.Filter, agencies []option) (list []chip) {
	q := filterQuery(f)
	add := func(name, label, value string) {
		if q.Has(name) {
			rest := filterQuery(f)
			rest.Del(name)
			list = append(list, chip{label, value, address(dashboardPath, rest)})
		}
	}
	for _, d := range report.Dimensions() {
		add(askedBy(d), v.code("dash.by", d), v.filterValue(f, d, agencies))
	}
	add(askFrom, v.t("dash.from"), v.date(f.From))
	add(askUntil, v.t("dash.until"), v.date(f.Until))
	return list
}

// filterValue writes what a filter asks for along a dimension; nothing when it
// asks for nothing.
func (v *visit) filterValue(f report.Filter, d report.Dimension, agencies []option) string {
	code := filterQuery(f).Get(askedBy(d))
	if code == "" {
		return ""
	}
	name := code
	for _, o := range agencies {
		if d == report.ByAgency && o.Value == code {
			name = o.Label
		}
	}
	return v.dimensionValue(d, report.Line{Code: code, Name: name})
}

// dimensionValue names a value along a dimension.
func (v *visit) dimensionValue(d report.Dimension, l report.Line) string {
	switch {
	case l.Code == report.Unknown:
		return v.t("dash.unknown")
	case d == report.ByCountry:
		return v.countryName(ref.Country(l.Code))
	case d == report.ByState:
		return v.code("state.placement", l.Code)
	case d == report.ByGroup:
		return v.tradeName(ref.Occupation(l.Code))
	case d == report.ByMonth:
		return v.month(ref.Month(l.Code))
	case l.Name != "":
		return l.Name
	}
	return l.Code
}

// dashboardCounts draws the view. The first line that can narrow stands open.
func (v *visit) dashboardCounts(f report.Filter, view report.View) dashboardCounts {
	counts := dashboardCounts{Total: view.Total, Until: view.Until, Threshold: report.Threshold}
	if view.Files && view.Total > 0 {
		counts.FilesHref = filesBehind(f)
	}
	for i, part := range view.Parts {
		drawn := countPart{ID: "par-" + string(part.Dimension), Title: v.code("dash.by", part.Dimension), Heading: v.t("dash.count_by", inner(v.code("dash.by", part.Dimension))), Open: i == 0, Rest: part.Rest}
		most := part.Rest
		for _, l := range part.Lines {
			most = max(most, l.Count)
		}
		for _, l := range part.Lines {
			drawn.Lines = append(drawn.Lines, v.countLine(f, part.Dimension, l, most, view.Files))
		}
		counts.Parts = append(counts.Parts, drawn)
	}
	return counts
}

func (v *visit) countLine(f report.Filter, d report.Dimension, l report.Line, most int, files bool) countLine {
	line := countLine{Label: v.dimensionValue(d, l), Count: l.Count, Width: share(l.Count, most)}
	if l.Code == report.Unknown {
		return line
	}
	line.Href = narrowing(f)(askedBy(d), l.Code)
	if !files {
		return line
	}
	if d == report.ByMonth {
		f.Month = ref.Month(l.Code)
		line.FilesHref = filesBehind(f)
		return line
	}
	line.FilesHref = filesBehind(f, askedBy(d), l.Code)
	return line
}
