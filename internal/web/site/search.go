package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// The parameters of the search, as they stand in shared addresses.
const (
	askWords    = "q"
	askCountry  = "pays"
	askTrade    = "metier"
	askKind     = "forme"
	askLanguage = "parle"
	askPay      = "salaire" // F CFA a month
	askSort     = "tri"
)

const searchPageSize = 20

// searchPage is the search with its filters and one page of what was found.
type searchPage struct {
	Words     string
	Trade     []choice // one of
	Countries []choice
	Kinds     []choice
	Languages []choice
	Pay       string
	PayWrong  bool
	Sorts     []choice
	Filtered  int // filters in use besides the words
	Total     int
	Items     []offerLine
	Pager     pager
	Share     string // address of this search
}

// choice is one value of a filter with the number of offers it would leave.
type choice struct {
	Value, Label string
	Count        int
	Chosen       bool
}

// offerLine is an offer in a list.
type offerLine struct {
	Href      string
	Title     string
	Trade     string
	Place     string
	Kind      string
	Pay       string
	Francs    string // monthly, in F CFA; empty when it cannot be computed
	Agency    string
	Places    int
	Deadline  ref.Date
	Published ref.Date
	Unclear   int // warnings shown on the offer
}

func searchOffers(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	asked := v.query()
	q, wrong := v.searchQuery(asked)
	q.After = after
	found, err := v.site.opts.Offers.Search(v.ctx, v.actor, q)
	if err != nil {
		return err
	}
	return v.render("offer/index", v.newSearchPage(asked, q, found, wrong))
}

// searchQuery reads the filters. A code that is not in the vocabulary filters
// nothing: shared addresses grow old. wrong says that the pay is not a number.
func (v *visit) searchQuery(asked url.Values) (q offer.Query, wrong bool) {
	q = offer.Query{
		Text: clip(asked.Get(askWords), 200), Limit: searchPageSize,
		Countries:   known(asked[askCountry], ref.ParseCountry),
		Occupations: known(asked[askTrade], ref.ParseOccupation),
		Kinds:       known(asked[askKind], ref.ParseWorkKind),
		Languages:   known(asked[askLanguage], ref.ParseLanguage),
		Facets:      []offer.Facet{offer.FacetCountry, offer.FacetOccupation, offer.FacetKind, offer.FacetLanguage},
	}
	if sort := offer.Sort(asked.Get(askSort)); slices.Contains(sorts(), sort) {
		q.Sort = sort
	}
	if pay := asked.Get(askPay); pay != "" {
		francs, err := ref.ParseMoney(plainNumber(pay), ref.XOF)
		if wrong = err != nil; !wrong {
			q.PayMinCents = v.cents(francs)
		}
	}
	return q, wrong
}

// cents gives the EUR cents of an amount in CFA francs, as the offers' pay is
// normalised.
func (v *visit) cents(m ref.Money) int64 {
	pay := ref.Pay{Min: m.Amount, Currency: ref.XOF, Period: ref.PerMonth, Basis: ref.Gross}
	cents, _ := ref.NormalisedPay(pay, 0, 0, v.today())
	return cents
}

func (v *visit) today() ref.Date { return ref.DateOf(v.site.opts.Now()) }

func sorts() []offer.Sort {
	return []offer.Sort{offer.ByRelevance, offer.ByNewest, offer.ByPay, offer.ByClosing}
}

// known keeps the values that are in a vocabulary, at most twenty.
func known[T comparable](values []string, parse func(string) (T, error)) []T {
	var list []T
	for _, value := range values {
		if parsed, err := parse(value); err == nil && value != "" && !slices.Contains(list, parsed) && len(list) < 20 {
			list = append(list, parsed)
		}
	}
	return list
}

// plainNumber drops the spaces and signs people put between digits.
func plainNumber(s string) string {
	return strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".").Replace(strings.TrimSpace(s))
}

func clip(s string, most int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), most)])
}

func (v *visit) newSearchPage(asked url.Values, q offer.Query, found offer.Results, wrong bool) searchPage {
	p := searchPage{
		Words: q.Text, Pay: clip(asked.Get(askPay), 20), PayWrong: wrong, Total: found.Total,
		Countries: v.countryChoices(found.Facets[offer.FacetCountry], q.Countries),
		Trade:     choices(found.Facets[offer.FacetOccupation], q.Occupations, func(o ref.Occupation) string { return o.Title(v.loc) }),
		Kinds:     choices(found.Facets[offer.FacetKind], q.Kinds, func(k ref.WorkKind) string { return k.Label(v.loc) }),
		Languages: choices(found.Facets[offer.FacetLanguage], q.Languages, func(l ref.Language) string { return l.Name(v.loc) }),
		Items:     v.offerLines(found.Items), Pager: v.pager(found.Next),
	}
	p.Filtered = len(q.Countries) + len(q.Occupations) + len(q.Kinds) + len(q.Languages)
	if q.PayMinCents > 0 {
		p.Filtered++
	}
	for _, sort := range sorts() {
		p.Sorts = append(p.Sorts, choice{Value: string(sort), Label: v.code("offer.sort", sort), Chosen: sort == effectiveSort(q)})
	}
	return p
}

// effectiveSort is the order the results have when none is asked for.
func effectiveSort(q offer.Query) offer.Sort {
	switch {
	case q.Sort != "" && (q.Sort != offer.ByRelevance || q.Text != ""):
		return q.Sort
	case q.Text != "":
		return offer.ByRelevance
	}
	return offer.ByNewest
}

func (v *visit) countryChoices(counts []offer.FacetCount, chosen []ref.Country) []choice {
	return choices(counts, chosen, func(c ref.Country) string { return c.Name(v.loc) })
}

// choices puts labels to a facet's counts. What is chosen stays even when
// nothing is left of it.
func choices[T ~string](counts []offer.FacetCount, chosen []T, label func(T) string) []choice {
	var list []choice
	for _, c := range counts {
		list = append(list, choice{Value: c.Value, Label: label(T(c.Value)), Count: c.Count, Chosen: slices.Contains(chosen, T(c.Value))})
	}
	for _, value := range chosen {
		if !slices.ContainsFunc(list, func(c choice) bool { return c.Value == string(value) }) {
			list = append(list, choice{Value: string(value), Label: label(value), Chosen: true})
		}
	}
	return list
}

func (v *visit) offerLines(cards []offer.Card) []offerLine {
	lines := make([]offerLine, len(cards))
	for i, c := range cards {
		lines[i] = v.offerLine(c)
	}
	return lines
}

func (v *visit) offerLine(c offer.Card) offerLine {
	line := offerLine{
		Href: "/offres/" + url.PathEscape(c.Reference), Title: c.Title, Trade: c.Occupation.Title(v.loc), Place: v.place(c.City, "", c.Country),
		Kind: c.Kind.Label(v.loc), Pay: v.pay(c.Pay), Agency: c.AgencyName, Places: c.FreePlaces, Deadline: c.Deadline,
		Published: ref.DateOf(c.PublishedAt), Unclear: c.Warnings,
	}
	if c.PayKnown && c.Pay.Currency != ref.XOF {
		line.Francs = v.t("pay.monthly", v.francs(c.PayCents, v.today()))
	}
	return line
}

// months writes a number of months; nothing for none.
func (w words) months(n int) string {
	if n <= 0 {
		return ""
	}
	return w.count("months", n)
}

// percent writes a share of ten thousand as whole percent.
func percent(share int64) string { return strconv.FormatInt((share+50)/100, 10) }
