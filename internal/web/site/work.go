package site

import (
	"net/url"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

const queueSize = 50

// queuePage is what waits for an official, oldest first.
type queuePage struct {
	Approve  queue
	Publish  queue
	Agencies []agencyLine
}

// queue is one step's offers; Total counts all of them.
type queue struct {
	Total int
	Items []queueLine
}

// queueLine is one offer that waits.
type queueLine struct {
	Href, Reference, Title, Agency, Place string
	Warnings                              int
	Since                                 ref.Date
}

// agencyLine is one agency that waits.
type agencyLine struct {
	Href, Name, Kind, State, Place string
	Until                          ref.Date
}

func showQueue(v *visit) error {
	var page queuePage
	var err error
	if page.Approve, err = v.queue(offer.Submitted); err != nil {
		return err
	}
	if page.Publish, err = v.queue(offer.Approved); err != nil {
		return err
	}
	for _, state := range []agency.State{agency.Applied, agency.Vetted} {
		found, err := v.site.opts.Agencies.List(v.ctx, v.actor, agency.Query{State: state, Limit: queueSize})
		if err != nil {
			return err
		}
		for _, a := range found.Items {
			page.Agencies = append(page.Agencies, v.agencyLine(a))
		}
	}
	return v.render("work/index", page)
}

func (v *visit) queue(state offer.State) (queue, error) {
	found, err := v.site.opts.Offers.Search(v.ctx, v.actor, offer.Query{States: []offer.State{state}, Sort: offer.ByOldest, Limit: queueSize})
	q := queue{Total: found.Total}
	for _, c := range found.Items {
		q.Items = append(q.Items, queueLine{
			Href: "/travail/offres/" + url.PathEscape(string(c.ID)), Reference: c.Reference, Title: c.Title, Agency: c.AgencyName,
			Place: v.place(c.City, "", c.Country), Warnings: c.Warnings, Since: ref.DateOf(c.UpdatedAt),
		})
	}
	return q, err
}

func (v *visit) agencyLine(a agency.Card) agencyLine {
	return agencyLine{
		Href: "/travail/agences/" + url.PathEscape(string(a.ID)), Name: a.Name, Kind: v.code("agency_kind", a.Kind), State: string(a.State),
		Place: v.place(a.City, "", a.Country), Until: a.LicenceUntil,
	}
}
