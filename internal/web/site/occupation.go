package site

import (
	"net/url"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// occupationPath leads through the classification of occupations.
const occupationPath = "/metiers"

func occupationHref(o ref.Occupation) string { return occupationPath + "/" + string(o) }

// occupationPage is one level of ISCO-08: what is above, the groups below with
// the number of offers open in each, and the newest offers.
type occupationPage struct {
	Code   string // empty at the top
	Title  string
	Above  []occupationLine
	Below  []occupationLine
	Words  string
	Found  []occupationLine // what the typed words suggest
	Asked  bool
	Total  int
	Items  []offerLine
	Search string
}

// occupationLine is a group or an occupation.
type occupationLine struct {
	Href, Code, Title string
	Offers            int
}

// occupationOffers is how many offers a page of an occupation shows, and
// occupationHints how many suggestions.
const (
	occupationOffers = 5
	occupationHints  = 12
)

func showOccupations(v *visit) error { return v.showOccupation("") }

func showOccupation(v *visit) error {
	code, err := ref.ParseOccupation(v.param("code"))
	if err != nil {
		return fault.New(fault.NotFound, "request.not_found")
	}
	return v.showOccupation(code)
}

func (v *visit) showOccupation(code ref.Occupation) error {
	q := offer.Query{Limit: occupationOffers, Facets: []offer.Facet{offer.FacetUnit}}
	if code != "" {
		q.Occupations = []ref.Occupation{code}
	}
	found, err := v.site.opts.Offers.Search(v.ctx, v.publicActor(), q)
	if err != nil {
		return err
	}
	page := occupationPage{Code: string(code), Title: v.tradeName(code), Total: found.Total, Words: clip(v.query().Get(askWords), 80),
		Search: "/offres?" + url.Values{askTrade: {string(code)}}.Encode()}
	count := func(o ref.Occupation) occupationLine {
		line := occupationLine{Href: occupationHref(o), Code: string(o), Title: v.tradeName(o)}
		for _, f := range found.Facets[offer.FacetUnit] {
			if strings.HasPrefix(f.Value, string(o)) {
				line.Offers += f.Count
			}
		}
		return line
	}
	for _, o := range code.Parents() {
		page.Above = append(page.Above, occupationLine{Href: occupationHref(o), Code: string(o), Title: v.tradeName(o)})
	}
	for _, o := range code.Children() {
		page.Below = append(page.Below, count(o))
	}
	if code != "" {
		page.Items = v.offerLines(found.Items)
	} else {
		v.suggestOccupations(&page, count)
	}
	return v.render("occupation/show", page)
}

// suggestOccupations lists the occupations that typed words may mean.
func (v *visit) suggestOccupations(page *occupationPage, count func(ref.Occupation) occupationLine) {
	page.Asked = page.Words != ""
	for _, s := range ref.SuggestOccupations(page.Words, v.loc, occupationHints) {
		line := count(s.Occupation)
		line.Title = s.Label
		page.Found = append(page.Found, line)
	}
}
