package site

import (
	"net/url"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/posting"
)

// offerPage is one published offer, as everybody may read it.
type offerPage struct {
	Reference   string
	Title       string
	Description string
	State       string
	Open        bool
	FreePlaces  int
	Deadline    ref.Date
	Published   ref.Date
	Headline    []fact // pay, place, kind, duration
	Facts       []factGroup
	Warnings    []notice
	Agency      agencyBox
	Posting     *posting.JobPosting
	Apply       *form      // nil unless a candidate may apply
	Gaps        []gateLine // conditions the visitor's profile does not meet
	Fits        bool       // it meets all
	Applied     bool       // an application is under way
	SignInTo    string
	Similar     string
	Employer    employerBox
	Corridor    *corridorLink // nil for work in Mali
	Compare     string
	Report      string
	Address     string // of this page, as it can be typed
	Code        qrCode // the same, to be photographed
	Today       ref.Date
}

// employerBox says who will employ, and how the ministry knows it.
type employerBox struct {
	Name, Standing string
	Good           bool
}

// corridorLink leads to the rules for the country.
type corridorLink struct {
	Href, Country string
	Shut          bool
}

// fact is one thing the offer says; Value is empty where it says nothing.
type fact struct {
	Label, Value string
	Note         string
}

// factGroup is a part of the offer's terms.
type factGroup struct {
	Title string
	Facts []fact
}

// agencyBox says who answers for the offer.
type agencyBox struct {
	Href                              string
	Name, Kind, Licence, State, Place string
	Until                             ref.Date
	Active                            bool
}

func showOffer(v *visit) error {
	view, err := v.loadOffer()
	if err != nil {
		return err
	}
	page, err := v.newOfferPage(view)
	if err != nil {
		return err
	}
	if view.Open && v.actor.Role == account.Candidate {
		if err := v.addApply(&page, view); err != nil {
			return err
		}
	}
	return v.render("offer/show", page)
}

// addApply compares the offer with the candidate's profile and offers the form,
// unless an application is under way.
func (v *visit) addApply(page *offerPage, o offer.View) (err error) {
	if page.Gaps, page.Fits, err = v.gaps(o.ID); err != nil {
		return err
	}
	mine, err := v.site.opts.Applications.List(v.ctx, v.actor, application.Query{Offer: string(o.ID), Limit: 1})
	if err != nil {
		return err
	}
	if page.Applied = len(mine.Items) > 0 && mine.Items[0].State.Live(); !page.Applied {
		page.Apply = v.applyForm(o, nil)
	}
	return nil
}

// loadOffer reads the offer the address names, by id or by reference. What is
// no reference of anything is not found.
func (v *visit) loadOffer() (offer.View, error) {
	named := v.param("id")
	id := offer.ID(named)
	if !strings.HasPrefix(named, "off_") {
		var err error
		id, err = v.site.opts.Offers.ByReference(v.actor, named)
		if fault.Is(err, fault.Invalid) {
			return offer.View{}, fault.New(fault.NotFound, "offer.not_found")
		}
		if err != nil {
			return offer.View{}, err
		}
	}
	view, err := v.site.opts.Offers.Get(v.ctx, v.actor, id)
	if err == nil && view.Snapshot == nil {
		err = fault.New(fault.NotFound, "offer.not_found") // drafts have pages of their own
	}
	return view, err
}

func (v *visit) newOfferPage(o offer.View) (offerPage, error) {
	t := o.Snapshot.Terms
	box, err := v.agencyBox(o)
	if err != nil {
		return offerPage{}, err
	}
	posted := posting.Of(o, v.site.opts.PublicURL)
	page := offerPage{
		Reference: o.Reference, Title: t.Title, Description: t.Description, State: string(o.State), Open: o.Open,
		FreePlaces: o.FreePlaces, Deadline: t.Deadline, Published: ref.DateOf(o.Snapshot.PublishedAt),
		Headline: v.headline(t, frozenPay(o.Snapshot)), Facts: v.termFacts(t, frozenPay(o.Snapshot)), Warnings: v.warnings(o.Snapshot.Warnings),
		Agency: box, Posting: posted, Employer: v.employerBox(o), Address: posted.URL, Today: v.today(),
		Similar: "/offres?" + url.Values{askTrade: {string(t.Occupation.Prefix(2))}}.Encode(),
		Compare: compareAddress([]string{o.Reference}), Report: reportPath + "?" + url.Values{askOffer: {o.Reference}}.Encode(),
	}
	if page.Code, err = v.site.addressCode(page.Address); err != nil {
		return offerPage{}, err
	}
	if page.Corridor, err = v.corridorLink(t); err != nil {
		return offerPage{}, err
	}
	if o.Open && !v.actor.SignedIn() {
		page.SignInTo = "/connexion?suite=" + url.QueryEscape("/offres/"+o.Reference)
	}
	return page, nil
}

func (v *visit) employerBox(o offer.View) employerBox {
	box := employerBox{Name: o.Snapshot.Terms.EmployerName, Good: o.Employer == employer.Accredited}
	if o.Employer != "" {
		box.Standing = v.code("state.employer", o.Employer)
	}
	return box
}

func (v *visit) corridorLink(t offer.Terms) (*corridorLink, error) {
	way, err := v.corridorFor(t.Country)
	if way == nil || err != nil {
		return nil, err
	}
	return &corridorLink{corridorHref(way.Code), v.countryName(t.Country), !way.Open(t.Kind, t.Occupation)}, nil
}

// agencyBox reads the agency's line of the public register. An agency that is
// no longer in it is shown by name only.
func (v *visit) agencyBox(o offer.View) (agencyBox, error) {
	a, err := v.site.opts.Agencies.Line(v.actor, agency.ID(o.Agency))
	if fault.Is(err, fault.NotFound) {
		return agencyBox{Name: o.AgencyName, Kind: v.code("agency_kind", o.AgencyKind)}, nil
	}
	if err != nil {
		return agencyBox{}, err
	}
	return agencyBox{
		Href: agencyHref(a.ID), Name: a.Name, Kind: v.code("agency_kind", a.Kind), Licence: a.Licence, State: v.code("state.agency", a.State),
		Place: v.place(a.City, "", a.Country), Until: a.LicenceUntil, Active: a.State == agency.Active,
	}, nil
}
