package site

import (
	"encoding/xml"
	"net/url"
	"slices"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
	"passerelle/internal/web/posting"
)

const (
	feedPath  = "/offres.atom"
	feedMedia = "application/atom+xml; charset=utf-8"
	feedMost  = 50 // entries
)

// atomFeed is a search as RFC 4287 shows it to feed readers.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Updated  time.Time   `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Author   atomPerson  `xml:"author"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Published time.Time  `xml:"published"`
	Updated   time.Time  `xml:"updated"`
	Link      atomLink   `xml:"link"`
	Author    atomPerson `xml:"author"`
	Summary   string     `xml:"summary"`
}

// showFeed gives the newest offers of a search. A reader of feeds cannot see
// which filters were dropped, so that a wrong one is refused here.
func showFeed(v *visit) error {
	asked := v.query()
	if err := v.checkFilters(asked); err != nil {
		return err
	}
	q, _ := v.searchQuery(asked)
	q.Sort, q.Limit, q.Facets = offer.ByNewest, feedMost, nil
	found, err := v.site.opts.Offers.Search(v.ctx, v.publicActor(), q)
	if err != nil {
		return err
	}
	body, err := xml.Marshal(v.newFeed(asked, found.Items))
	if err != nil {
		return err
	}
	v.sendAs(200, feedMedia, append([]byte(xml.Header), body...))
	return nil
}

// newFeed is dated by its newest entry; an empty one by the start of the day.
func (v *visit) newFeed(asked url.Values, cards []offer.Card) atomFeed {
	self := v.site.absolute(address(feedPath, filtersOnly(asked)))
	f := atomFeed{
		Language: string(v.loc), ID: self, Title: "Passerelle – " + v.t("search.title"), Updated: v.site.opts.Now().UTC().Truncate(24 * time.Hour), Author: atomPerson{"Passerelle"},
		Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", v.site.absolute(address("/offres", filtersOnly(asked)))}},
	}
	for i, c := range cards {
		e := v.feedEntry(c)
		if i == 0 || e.Updated.After(f.Updated) {
			f.Updated = e.Updated
		}
		f.Entries = append(f.Entries, e)
	}
	return f
}

func (v *visit) feedEntry(c offer.Card) atomEntry {
	line, at := v.offerLine(c), posting.AddressOf(v.site.opts.PublicURL, c.Reference)
	e := atomEntry{
		ID: at, Title: c.Title, Published: c.PublishedAt.UTC().Truncate(time.Second), Updated: c.UpdatedAt.UTC().Truncate(time.Second),
		Link: atomLink{"alternate", "text/html", at}, Author: atomPerson{c.AgencyName}, Summary: v.feedSummary(line),
	}
	if e.Author.Name == "" {
		e.Author.Name = "Passerelle"
	}
	return e
}

func (v *visit) feedSummary(line offerLine) string {
	summary := ""
	for _, said := range []string{line.Place, line.Kind, line.Pay} {
		if said != "" && summary != "" {
			summary += " · "
		}
		summary += said
	}
	return summary
}

// filtersOnly is a search less its page, its order and what was put aside.
func filtersOnly(asked url.Values) url.Values {
	left := shared(asked)
	left.Del(askSort)
	return left
}

// checkFilters refuses values that the search page would leave out, and names
// their parameters.
func (v *visit) checkFilters(asked url.Values) error {
	var wrong []fault.Field
	check := func(name string, known func(string) bool) {
		if slices.ContainsFunc(asked[name], func(value string) bool { return !known(value) }) {
			wrong = append(wrong, fault.Field{Pointer: name, Code: "invalid"})
		}
	}
	check(askCountry, parses(ref.ParseCountry))
	check(askTrade, parses(ref.ParseOccupation))
	check(askKind, parses(ref.ParseWorkKind))
	check(askLanguage, parses(ref.ParseLanguage))
	check(askSince, func(value string) bool { return publishedWithin(value) > 0 })
	check(askPay, func(value string) bool {
		_, err := ref.ParseMoney(plainNumber(value), ref.XOF)
		return err == nil
	})
	if len(wrong) > 0 {
		return web.RefuseFields("request.query", wrong...)
	}
	return nil
}

func parses[T any](parse func(string) (T, error)) func(string) bool {
	return func(value string) bool { _, err := parse(value); return err == nil }
}
