package site

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// employersPath is the officials' register of employers.
const employersPath = "/travail/employeurs"

// workOffersPage is every offer by state.
type workOffersPage struct {
	Words, State string
	Desk, Tabs   []tab // the officials' lists, and the views by state
	Total        int
	Items        []queueLine
	Pager        pager
}

// agenciesPage is the officials' register of agencies, by state.
type agenciesPage struct {
	Words, State string
	Desk, Tabs   []tab
	Total        int
	Items        []agencyLine
	Pager        pager
}

// employersPage is the officials' register of employers, by state.
type employersPage struct {
	Words, State string
	Desk, Tabs   []tab
	Total        int
	Items        []employerLine
	Pager        pager
}

// finder is a search by words within a list.
type finder struct{ Action, Words, State string }

// employerLine is one employer.
type employerLine struct {
	Href, Name, State, Country string
	Updated                    time.Time
}

// stateTabs are the views of a list by state; the first one is the whole.
func (v *visit) stateTabs(path, list, chosen string, states []string) []tab {
	tabs := []tab{{Href: path, Label: v.t("work.all"), Current: chosen == ""}}
	for _, s := range states {
		tabs = append(tabs, tab{Href: address(path, url.Values{"etat": {s}}), Label: v.code(list, s), Current: s == chosen})
	}
	return tabs
}

// chosenState reads the state of the address; one that does not exist filters
// nothing.
func chosenState[T ~string](v *visit, states []T) T {
	if s := T(v.query().Get("etat")); slices.Contains(states, s) {
		return s
	}
	return ""
}

func textList[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, value := range values {
		list[i] = string(value)
	}
	return list
}

func listOffers(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	state, words := chosenState(v, offer.States()), clip(v.query().Get("q"), 200)
	q := offer.Query{Text: words, States: offer.States(), Sort: offer.ByOldest, After: after, Limit: searchPageSize}
	if state != "" {
		q.States = []offer.State{state}
	}
	found, err := v.site.opts.Offers.Search(v.ctx, v.actor, q)
	if err != nil {
		return err
	}
	page := workOffersPage{Desk: v.deskTabs("/travail/offres"), Words: words, State: string(state), Total: found.Total, Pager: v.pager(found.Next)}
	page.Tabs = v.stateTabs("/travail/offres", "state.offer", string(state), textList(offer.States()))
	for _, c := range found.Items {
		page.Items = append(page.Items, v.queueLine(c))
	}
	return v.render("work/offers", page)
}

func (v *visit) queueLine(c offer.Card) queueLine {
	return queueLine{
		Href: "/travail/offres/" + url.PathEscape(string(c.ID)), Reference: c.Reference, Title: c.Title, Agency: c.AgencyName, State: string(c.State),
		Place: v.place(c.City, "", c.Country), Warnings: c.Warnings, Since: ref.DateOf(c.UpdatedAt),
	}
}

func listAgencies(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	state, words := chosenState(v, agency.States()), clip(v.query().Get("q"), 200)
	found, err := v.site.opts.Agencies.List(v.ctx, v.actor, agency.Query{Text: words, State: state, After: after, Limit: searchPageSize})
	if err != nil {
		return err
	}
	page := agenciesPage{Desk: v.deskTabs("/travail/agences"), Words: words, State: string(state), Total: found.Total, Pager: v.pager(found.Next)}
	page.Tabs = v.stateTabs("/travail/agences", "state.agency", string(state), textList(agency.States()))
	for _, a := range found.Items {
		page.Items = append(page.Items, v.agencyLine(a))
	}
	return v.render("work/agencies", page)
}

func listEmployers(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	state, words := chosenState(v, employer.States()), clip(v.query().Get("q"), 200)
	found, err := v.site.opts.Employers.List(v.ctx, v.actor, employer.Query{Text: words, State: state, After: after, Limit: searchPageSize})
	if err != nil {
		return err
	}
	page := employersPage{Desk: v.deskTabs(employersPath), Words: words, State: string(state), Total: found.Total, Pager: v.pager(found.Next)}
	page.Tabs = v.stateTabs(employersPath, "state.employer", string(state), textList(employer.States()))
	for _, e := range found.Items {
		page.Items = append(page.Items, employerLine{
			Href: employersPath + "/" + url.PathEscape(string(e.ID)), Name: e.Name, State: string(e.State), Country: e.Country.Name(v.loc), Updated: e.UpdatedAt,
		})
	}
	return v.render("work/employers", page)
}

// refused shows a form again with a refusal that is not about its rules, such
// as a person who is not there.
func (v *visit) refused(f *form, err error, name string, page any) error {
	v.correct(f, err)
	status := web.StatusOf(err)
	if status == http.StatusForbidden || status == http.StatusNotFound {
		status = http.StatusConflict // the page itself is there, and this person's
	}
	return v.renderAs(status, name, page)
}
