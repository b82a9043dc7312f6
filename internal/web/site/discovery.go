package site

import (
	"encoding/xml"
	"net/http"
	"strings"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// sitemapOffers is how many of the newest offers the site map names; readers
// of everything use the feed of changes.
const sitemapOffers = 1000

// showRobots tells crawlers where to go: the pages that are for everybody.
// Searches with filters are endless, and answers to references are nobody's
// business.
func showRobots(v *visit) error {
	lines := []string{"User-agent: *", "Allow: /", "Disallow: /*?", "Disallow: " + verifyPath, "Disallow: " + comparePath, "Disallow: /connexion",
		"Disallow: /inscription", "Disallow: /api/", "", "Sitemap: " + v.site.absolute("/sitemap.xml"), ""}
	v.keepForAnHour()
	v.gin.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(strings.Join(lines, "\n")))
	return nil
}

// showIcon gives the mark of the site at the address where programs look for it
// when nothing names another: beside a text, a feed or a file.
func showIcon(v *visit) error {
	icon := v.site.assets.byName("icon.png")
	v.keepForAnHour()
	v.gin.Data(http.StatusOK, icon.media, icon.data)
	return nil
}

// siteMap is the list of pages for search engines.
type siteMap struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Pages   []mapPage `xml:"url"`
}

type mapPage struct {
	Address string   `xml:"loc"`
	Changed ref.Date `xml:"lastmod,omitempty"`
}

func showSiteMap(v *visit) error {
	var m siteMap
	add := func(path string, changed ref.Date) {
		m.Pages = append(m.Pages, mapPage{v.site.absolute(path), changed})
	}
	for _, path := range []string{"/", "/offres", occupationPath, corridorPath, registerPath, verifyPath, helpPath, reportPath, "/accessibilite"} {
		add(path, "")
	}
	for _, o := range ref.Occupations(2) {
		add(occupationHref(o), "")
	}
	if err := v.mapRegisters(add); err != nil {
		return err
	}
	if err := v.mapOffers(add); err != nil {
		return err
	}
	body, err := xml.MarshalIndent(m, "", "")
	if err != nil {
		return err
	}
	v.keepForAnHour()
	v.gin.Data(http.StatusOK, "application/xml; charset=utf-8", append([]byte(xml.Header), body...))
	return nil
}

func (v *visit) mapRegisters(add func(string, ref.Date)) error {
	ways, err := v.site.opts.Corridors.List(v.ctx, v.actor, listing.Page{Limit: listing.MaxLimit})
	if err != nil {
		return err
	}
	for _, c := range ways.Items {
		add(corridorHref(c.Code), ref.DateOf(c.UpdatedAt))
	}
	agencies, err := v.site.opts.Agencies.List(v.ctx, v.publicActor(), agency.Query{Limit: listing.MaxLimit})
	for _, a := range agencies.Items {
		add(agencyHref(a.ID), ref.DateOf(a.UpdatedAt))
	}
	return err
}

func (v *visit) mapOffers(add func(string, ref.Date)) error {
	q := offer.Query{Sort: offer.ByNewest, Limit: listing.MaxLimit}
	for named := 0; named < sitemapOffers; {
		found, err := v.site.opts.Offers.Search(v.ctx, v.publicActor(), q)
		if err != nil {
			return err
		}
		for _, c := range found.Items {
			add("/offres/"+c.Reference, ref.DateOf(c.UpdatedAt))
		}
		if named += len(found.Items); found.Next == "" {
			break
		}
		q.After = found.Next
	}
	return nil
}

// absolute gives the public address of a page.
func (s *Site) absolute(path string) string {
	return strings.TrimSuffix(s.opts.PublicURL, "/") + path
}

// keepForAnHour lets anybody keep what is the same for everybody.
func (v *visit) keepForAnHour() { v.gin.Header("Cache-Control", "public, max-age=3600") }
