package site

import (
	"passerelle/internal/domain/offer"
)

// homePage is the first page: a search, how many offers there are, the newest.
type homePage struct {
	Total     int
	Countries []choice
	Newest    []offerLine
}

// newestShown is how many offers the first page shows.
const newestShown = 5

func showHome(v *visit) error {
	found, err := v.site.opts.Offers.Search(v.ctx, v.actor, offer.Query{
		Sort: offer.ByNewest, Limit: newestShown, Facets: []offer.Facet{offer.FacetCountry},
	})
	if err != nil {
		return err
	}
	return v.render("home/show", homePage{
		Total:     found.Total,
		Countries: v.countryChoices(found.Facets[offer.FacetCountry], nil),
		Newest:    v.offerLines(found.Items),
	})
}

// helpPath explains how the service works.
const helpPath = "/aide"

func showHelp(v *visit) error { return v.render("notice/help", nil) }

func showAccessibility(v *visit) error { return v.render("notice/accessibility", nil) }
