package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// filterGroup is one filter of the search: the values with most offers to be
// ticked, the others in a list below.
type filterGroup struct {
	Name, Legend, Hint string
	Top, Rest          []choice
	Other              string // label of the list of the others
}

// chip is one filter in use, with the address of the search without it.
type chip struct{ Label, Value, Href string }

// hiddenField is a parameter that a search keeps.
type hiddenField struct{ Name, Value string }

// topChoices is how many values of a filter stand to be ticked.
const topChoices = 8

// newFilterGroup splits the values. What is chosen can always be unticked.
func newFilterGroup(name, legend, hint, other string, all []choice) filterGroup {
	g := filterGroup{Name: name, Legend: legend, Hint: hint, Other: other}
	for i, c := range all {
		if i < topChoices || c.Chosen {
			g.Top = append(g.Top, c)
		} else {
			g.Rest = append(g.Rest, c)
		}
	}
	if len(g.Rest) == 1 {
		g.Top, g.Rest = append(g.Top, g.Rest...), nil
	}
	slices.SortStableFunc(g.Rest, func(a, b choice) int { return strings.Compare(text.Fold(a.Label), text.Fold(b.Label)) })
	return g
}

func (v *visit) filterGroups(q offer.Query, found offer.Results) []filterGroup {
	return []filterGroup{
		newFilterGroup(askCountry, v.t("search.country"), "", v.t("search.country.other"), v.countryChoices(found.Facets[offer.FacetCountry], q.Countries)),
		newFilterGroup(askTrade, v.t("search.trade"), "", v.t("search.trade.other"), choices(found.Facets[offer.FacetOccupation], q.Occupations, v.tradeName)),
		newFilterGroup(askKind, v.t("search.kind"), "", v.t("search.kind.other"), choices(found.Facets[offer.FacetKind], q.Kinds, v.kindName)),
		newFilterGroup(askLanguage, v.t("search.languages"), v.t("search.languages.hint"), v.t("search.languages.other"),
			choices(found.Facets[offer.FacetLanguage], q.Languages, v.languageName)),
	}
}

func (v *visit) tradeName(o ref.Occupation) string  { return o.Title(v.loc) }
func (v *visit) kindName(k ref.WorkKind) string     { return k.Label(v.loc) }
func (v *visit) languageName(l ref.Language) string { return l.Name(v.loc) }
func (v *visit) countryName(c ref.Country) string   { return c.Name(v.loc) }

// chips lists what narrows the search, in the order of the filters.
func (v *visit) chips(asked url.Values, q offer.Query, wrong bool) []chip {
	var list []chip
	add := func(label, value, name, sent string) {
		list = append(list, chip{label, value, without(asked, name, sent)})
	}
	if q.Text != "" {
		add(v.t("search.chip.words"), q.Text, askWords, asked.Get(askWords))
	}
	for _, c := range q.Countries {
		add(v.t("search.country"), v.countryName(c), askCountry, string(c))
	}
	for _, o := range q.Occupations {
		add(v.t("search.chip.trade"), v.tradeName(o), askTrade, string(o))
	}
	for _, k := range q.Kinds {
		add(v.t("search.kind"), v.kindName(k), askKind, string(k))
	}
	for _, l := range q.Languages {
		add(v.t("search.chip.language"), v.languageName(l), askLanguage, string(l))
	}
	if q.PayMinCents > 0 && !wrong {
		add(v.t("search.chip.pay"), v.francs(q.PayMinCents, v.today()), askPay, asked.Get(askPay))
	}
	if q.PublishedWithin > 0 {
		add(v.t("search.since"), v.sinceLabel(q.PublishedWithin), askSince, asked.Get(askSince))
	}
	return list
}

// without gives the address of a search less one value of a filter, from its
// first page.
func without(asked url.Values, name, value string) string {
	left := url.Values{}
	for key, values := range asked {
		for _, each := range values {
			if key != cursorField && (key != name || each != value) {
				left.Add(key, each)
			}
		}
	}
	return address("/offres", left)
}

// sinceDays are the ages of offers that can be asked for.
func sinceDays() []int { return []int{1, 7, 30} }

func (v *visit) sinceLabel(days int) string { return v.count("search.since.days", days) }

func (v *visit) sinceChoices(chosen int) []choice {
	var list []choice
	for _, days := range sinceDays() {
		list = append(list, choice{Value: strconv.Itoa(days), Label: v.sinceLabel(days), Chosen: days == chosen})
	}
	return list
}

// publishedWithin reads the age asked for; what is not offered filters nothing.
func publishedWithin(sent string) int {
	days, err := strconv.Atoi(sent)
	if err != nil || !slices.Contains(sinceDays(), days) {
		return 0
	}
	return days
}
