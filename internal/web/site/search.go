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
	askSince    = "depuis"  // days
	askSort     = "tri"
	askCompared = "comparer" // references put aside, kept from page to page
)

const searchPageSize = 20

// searchPage is the search with its filters and one page of what was found.
type searchPage struct {
	Words    string
	Filters  []filterGroup
	Since    []choice
	Pay      string
	PayWrong bool
	Sorts    []choice
	Chips    []chip
	Filtered int // filters in use besides the words
	Total    int
	Items    []offerLine
	Pager    pager
	Share    string        // address of this search
	Feed     string        // address of its newest offers for feed readers
	Kept     []hiddenField // offers put aside
	Compare  string        // address of their comparison; empty when there are none
	Aside    int           // how many they are
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
	Reference string
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
	Unclear   int    // warnings shown on the offer
	Compare   string // address of the comparison with this offer in it; empty where none is offered
}

func searchOffers(v *visit) error {
	asked := v.query()
	q, wrong := v.searchQuery(asked)
	if err := v.turn(&q); err != nil {
		return err
	}
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
		Languages:   known(asked[askLanguage], ref.ParseLanguage), PublishedWithin: publishedWithin(asked.Get(askSince)),
		Facets: []offer.Facet{offer.FacetCountry, offer.FacetOccupation, offer.FacetKind, offer.FacetLanguage},
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
		Filters: v.filterGroups(q, found), Since: v.sinceChoices(q.PublishedWithin), Chips: v.chips(asked, q, wrong),
		Items: v.offerLines(found.Items), Pager: v.turns(found), Share: address("/offres", shared(asked)),
		Feed: address(feedPath, filtersOnly(asked)),
	}
	if p.Filtered = len(p.Chips); q.Text != "" {
		p.Filtered--
	}
	v.addCompared(&p, asked[askCompared])
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

// addCompared keeps the offers that were put aside, and lets each offer found
// be put beside them.
func (v *visit) addCompared(p *searchPage, sent []string) {
	aside := comparedReferences(sent)
	for i, item := range p.Items {
		p.Items[i].Compare = compareAddress(withReference(aside, item.Reference))
	}
	for _, reference := range aside {
		p.Kept = append(p.Kept, hiddenField{askCompared, reference})
	}
	if p.Aside = len(aside); p.Aside > 0 {
		p.Compare = compareAddress(aside)
	}
}

// shared is a search less its page and what was put aside.
func shared(asked url.Values) url.Values {
	left := url.Values{}
	for name, values := range asked {
		if name != cursorField && name != askCompared {
			left[name] = values
		}
	}
	return left
}

func (v *visit) countryChoices(counts []offer.FacetCount, chosen []ref.Country) []choice {
	return choices(counts, chosen, v.countryName)
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
		Href: "/offres/" + url.PathEscape(c.Reference), Reference: c.Reference, Title: c.Title, Trade: c.Occupation.Title(v.loc), Place: v.place(c.City, "", c.Country),
		Kind: c.Kind.Label(v.loc), Pay: v.pay(c.Pay), Agency: c.AgencyName, Places: c.FreePlaces, Deadline: c.Deadline,
		Published: ref.DateOf(c.PublishedAt), Unclear: c.Warnings,
	}
	if c.PayKnown && c.Pay.Currency != ref.XOF {
		line.Francs = v.t("pay.monthly", v.monthlyFrancs(c.Pay, c.PayCents, v.today()))
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
