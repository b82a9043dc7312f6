package site

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// corridorPath lists the countries and their rules.
const corridorPath = "/couloirs"

func corridorHref(code corridor.Code) string {
	return corridorPath + "/" + url.PathEscape(string(code))
}

// corridorsPage lists the destinations.
type corridorsPage struct {
	Items []corridorLine
}

// corridorLine is one destination in the list.
type corridorLine struct {
	Href, Country string
	Shut          bool // something is suspended
	Texts         int  // agreements and laws named
	Offers        int
}

func listCorridors(v *visit) error {
	open, err := v.openByCountry()
	if err != nil {
		return err
	}
	var page corridorsPage
	for after := ""; ; {
		found, err := v.site.opts.Corridors.List(v.ctx, v.actor, listing.Page{Limit: listing.MaxLimit, After: after})
		if err != nil {
			return err
		}
		for _, c := range found.Items {
			page.Items = append(page.Items, corridorLine{corridorHref(c.Code), v.countryName(c.Destination), len(c.Suspensions) > 0, len(c.Bases), open[string(c.Destination)]})
		}
		if after = found.Next; after == "" {
			break
		}
	}
	slices.SortFunc(page.Items, func(a, b corridorLine) int { return strings.Compare(text.Fold(a.Country), text.Fold(b.Country)) })
	return v.render("corridor/index", page)
}

// openByCountry counts the offers that are open in each country.
func (v *visit) openByCountry() (map[string]int, error) {
	found, err := v.site.opts.Offers.Search(v.ctx, v.publicActor(), offer.Query{Limit: 1, Facets: []offer.Facet{offer.FacetCountry}})
	open := map[string]int{}
	for _, line := range found.Facets[offer.FacetCountry] {
		open[line.Value] = line.Count
	}
	return open, err
}

// corridorPage is what is known of one destination, for whoever thinks of
// going there.
type corridorPage struct {
	corridorFrame
	Country     string
	Notice      []noticeBlock
	Rules       []fact
	Floors      []floorLine
	Regulated   []string
	Bases       []basisLine
	Suspensions []suspensionLine
	Lifted      []suspensionLine
	Offers      int
	Search      string
	Updated     time.Time
}

// floorLine is a lowest wage.
type floorLine struct {
	Trade, Pay, Source string
	From               ref.Date
	Confirmed          bool
}

// basisLine is an agreement or a law.
type basisLine struct {
	Title  string
	Date   ref.Date
	Source source
}

// suspensionLine is a closing or a reopening with its legal act.
type suspensionLine struct {
	What, Act string
	On        ref.Date
}

func showCorridor(v *visit) error {
	code, err := corridor.ParseCode(v.param("code"))
	if err != nil {
		return err
	}
	c, err := v.site.opts.Corridors.Get(v.ctx, v.actor, code)
	if err != nil {
		return err
	}
	open, err := v.openByCountry()
	if err != nil {
		return err
	}
	page := v.newCorridorPage(c)
	if page.Treaties, err = v.treaties(c.Agreements); err != nil {
		return err
	}
	if err := v.nameTreaties(&page, c.Social); err != nil {
		return err
	}
	page.Bases = slices.DeleteFunc(page.Bases, page.told)
	page.Offers = open[string(c.Destination)]
	return v.render("corridor/show", page)
}

// told reports whether a text has a record of its own on the page.
func (p *corridorPage) told(b basisLine) bool {
	return slices.ContainsFunc(p.Treaties, func(t treatyLine) bool {
		return b.Source.Link != "" && b.Source.Link == t.Source.Link && strings.HasPrefix(b.Title, t.Title) || b.Title == t.Title
	})
}

func (v *visit) newCorridorPage(c *corridor.Corridor) corridorPage {
	page := corridorPage{
		corridorFrame: v.newCorridorFrame(c), Country: v.countryName(c.Destination), Notice: noticeBlocks(c.Notice.In(v.loc)), Rules: v.corridorRules(c), Floors: v.floorLines(c),
		Search: "/offres?" + url.Values{askCountry: {string(c.Destination)}}.Encode(), Updated: c.UpdatedAt,
	}
	for _, prefix := range c.Regulated {
		page.Regulated = append(page.Regulated, v.tradeName(prefix))
	}
	for _, b := range c.Bases {
		page.Bases = append(page.Bases, basisLine{b.Title.In(v.loc), b.Date, newSource(b.Source, b.Confirmed)})
	}
	for _, s := range c.Suspensions {
		page.Suspensions = append(page.Suspensions, suspensionLine{v.suspended(s.Kind, s.Occupation), s.Act, ref.DateOf(s.At)})
	}
	for _, r := range slices.Backward(c.Reopenings) {
		page.Lifted = append(page.Lifted, suspensionLine{v.suspended(r.Kind, r.Occupation), r.Act, ref.DateOf(r.At)})
	}
	return page
}

// suspended says what a suspension is about; all of it when nothing is named.
func (v *visit) suspended(kind ref.WorkKind, trade ref.Occupation) string {
	var parts []string
	if kind != "" {
		parts = append(parts, v.kindName(kind))
	}
	if trade != "" {
		parts = append(parts, v.tradeName(trade))
	}
	if len(parts) == 0 {
		return v.t("corridor.everything")
	}
	return strings.Join(parts, ", ")
}

func (v *visit) corridorRules(c *corridor.Corridor) []fact {
	fee := fact{Label: v.t("term.fee"), Value: v.t("term.fee.none")}
	if c.WorkerFees {
		fee.Value = v.t("corridor.fee.law")
	}
	hours := fact{Label: v.t("corridor.hours")}
	if c.MaxHours > 0 {
		hours.Value = v.t("corridor.hours.value", v.hundredths(c.MaxHours))
	}
	return []fact{fee, hours, {Label: v.t("corridor.kinds"), Value: joined(c.Kinds, v.kindName)}}
}

// floorLines gives the floors in force today, that of every trade first.
func (v *visit) floorLines(c *corridor.Corridor) []floorLine {
	latest := map[ref.Occupation]corridor.Floor{}
	for _, f := range c.Floors {
		if old, ok := latest[f.Prefix]; f.From <= v.today() && (!ok || old.From <= f.From) {
			latest[f.Prefix] = f
		}
	}
	var lines []floorLine
	for _, f := range c.Floors {
		if latest[f.Prefix] != f {
			continue
		}
		line := floorLine{Trade: v.t("corridor.every_trade"), Pay: v.t("pay.both", v.francs(f.EURCents, v.today()), v.euros(f.EURCents)), Source: f.Source, From: f.From, Confirmed: f.Confirmed}
		if f.Prefix != "" {
			line.Trade = v.tradeName(f.Prefix)
		}
		lines = append(lines, line)
	}
	return lines
}
