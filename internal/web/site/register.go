package site

import (
	"net/url"
	"slices"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// The public register of agencies: its address and the parameters of its
// search.
const (
	registerPath  = "/agences"
	askState      = "etat"
	askAgencyKind = "genre"
)

func agencyHref(id agency.ID) string { return registerPath + "/" + url.PathEscape(string(id)) }

// licencesPage is the public register with one page of what was found.
type licencesPage struct {
	Words  string
	States []choice
	Kinds  []choice
	Total  int
	Items  []licensedLine
	Pager  pager
}

// licensedLine is one agency as the public sees it.
type licensedLine struct {
	Href, Name, Kind, Licence, Place string
	State                            string // code
	Until                            ref.Date
	Left                             string // days until the licence ends, in words
	Ending                           bool   // soon, or already ended
	Offers                           int
}

// endingSoon is how many days before its end a licence is marked.
const endingSoon = 60

func showRegister(v *visit) error {
	asked := v.query()
	place, err := v.page(registerSize)
	if err != nil {
		return err
	}
	q := agency.Query{Text: clip(asked.Get(askWords), 100), After: place.After, Limit: place.Limit}
	if state := agency.State(asked.Get(askState)); slices.Contains(registeredStates(), state) {
		q.State = state
	}
	if kind := agency.Kind(asked.Get(askAgencyKind)); slices.Contains(agency.Kinds(), kind) {
		q.Kind = kind
	}
	found, err := v.site.opts.Agencies.List(v.ctx, v.publicActor(), q)
	if err != nil {
		return err
	}
	page := licencesPage{Words: q.Text, Total: found.Total, Pager: v.pager(found.Next)}
	for _, s := range registeredStates() {
		page.States = append(page.States, choice{Value: string(s), Label: v.code("state.agency", s), Chosen: s == q.State})
	}
	for _, k := range agency.Kinds() {
		page.Kinds = append(page.Kinds, choice{Value: string(k), Label: v.code("agency_kind", k), Chosen: k == q.Kind})
	}
	for _, card := range found.Items {
		page.Items = append(page.Items, v.licensedLine(card))
	}
	return v.render("register/index", page)
}

// registerSize is how many agencies a page of the register shows.
const registerSize = 30

// registeredStates are the states in which the public sees an agency.
func registeredStates() []agency.State {
	return slices.DeleteFunc(agency.States(), func(s agency.State) bool { return !s.Registered() })
}

func (v *visit) licensedLine(c agency.Card) licensedLine {
	line := licensedLine{Href: agencyHref(c.ID), Name: c.Name, Kind: v.code("agency_kind", c.Kind), Licence: c.Licence, Place: v.place(c.City, "", c.Country),
		State: string(c.State), Until: c.LicenceUntil, Offers: c.OpenOffers}
	line.Left, line.Ending = v.daysLeft(c.LicenceUntil)
	return line
}

// licenceEnd writes the last day of a licence; public services have none.
func (v *visit) licenceEnd(until ref.Date) string {
	if !until.Known() {
		return v.t("registry.no_end")
	}
	return v.date(until)
}

// daysLeft says how long a licence still holds, its last day included.
func (v *visit) daysLeft(until ref.Date) (text string, ending bool) {
	if !until.Known() {
		return "", false
	}
	days := int(until.Time().Sub(v.today().Time()).Hours()) / 24
	if days < 0 {
		return v.t("registry.ended"), true
	}
	return v.count("registry.left", days), days <= endingSoon
}

// licensedPage is one agency of the register with its open offers.
type licensedPage struct {
	Name      string
	State     string // code
	Active    bool
	Facts     []fact
	Reasons   string // why it is suspended
	Total     int
	Items     []offerLine
	Pager     pager
	Report    string
	Licence   string
	TradeName string
}

func showRegistered(v *visit) error {
	a, err := v.site.opts.Agencies.Get(v.ctx, v.publicActor(), agency.ID(v.param("id")))
	if err != nil {
		return err
	}
	q := offer.Query{Agency: string(a.ID), Limit: searchPageSize}
	if err := v.turn(&q); err != nil {
		return err
	}
	found, err := v.site.opts.Offers.Search(v.ctx, v.publicActor(), q)
	if err != nil {
		return err
	}
	return v.render("register/show", licensedPage{
		Name: a.Facts.Name, TradeName: a.Facts.TradeName, Licence: a.Facts.Licence, State: string(a.State), Active: a.State == agency.Active,
		Facts: v.registeredFacts(a), Total: found.Total, Items: v.offerLines(found.Items), Pager: v.turns(found),
		Report: reportPath + "?" + url.Values{askAgency: {string(a.ID)}}.Encode(),
	})
}

// registeredFacts is what the public register holds; contacts are not in it.
func (v *visit) registeredFacts(a *agency.Agency) []fact {
	left, _ := v.daysLeft(a.Facts.LicenceUntil)
	return []fact{
		{Label: v.t("agency.kind"), Value: v.code("agency_kind", a.Facts.Kind)},
		{Label: v.t("agency.licence"), Value: a.Facts.Licence},
		{Label: v.t("agency.licence.from"), Value: v.date(a.Facts.LicenceFrom)},
		{Label: v.t("agency.licence.until"), Value: v.licenceEnd(a.Facts.LicenceUntil), Note: left},
		{Label: v.t("term.place"), Value: v.place(a.Facts.City, "", a.Facts.Country)},
	}
}
