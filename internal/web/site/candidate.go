package site

import (
	"net/url"
	"strings"
	"time"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// candidatePage is the people who match one offer of the agency, and those who
// applied. Nobody is named.
type candidatePage struct {
	Title        string
	Back         string
	Total        int
	People       []personLine
	Pager        pager
	Applications []fileLine
	Applied      int
}

// personLine is one ranked person as far as an agency may know.
type personLine struct {
	Rank       int
	Band       string
	Trades     string
	Education  string
	Experience string
	Languages  string
	Lives      string
}

// fileLine is one application to the offer.
type fileLine struct {
	Code    string // short name of the file
	State   string
	Rank    int
	Updated time.Time
}

func listCandidates(v *visit) error {
	o, err := v.ownOffer()
	if err != nil {
		return err
	}
	where, err := v.page(searchPageSize)
	if err != nil {
		return err
	}
	found, err := v.site.opts.Matches.MatchesForOffer(v.ctx, v.actor, o.ID, where)
	if err != nil {
		return err
	}
	applied, err := v.site.opts.Applications.List(v.ctx, v.actor, application.Query{Offer: string(o.ID), Limit: 50})
	if err != nil {
		return err
	}
	page := candidatePage{Title: o.Terms.Title, Back: "/agence/offres/" + url.PathEscape(string(o.ID)), Total: found.Total, Pager: v.pager(found.Next), Applied: applied.Total}
	for _, m := range found.Items {
		page.People = append(page.People, v.personLine(m, o))
	}
	for _, a := range applied.Items {
		page.Applications = append(page.Applications, fileLine{Code: shortCode(string(a.ID)), State: string(a.State), Rank: a.Rank, Updated: a.UpdatedAt})
	}
	return v.render("candidate/index", page)
}

func (v *visit) personLine(m match.ProfileMatch, _ offer.View) personLine {
	p := m.Profile
	return personLine{
		Rank: m.Rank, Band: string(m.Band), Education: p.Education.Label(v.loc), Experience: v.months(p.Months), Lives: v.lives(p),
		Trades:    joined(p.Occupations[:min(len(p.Occupations), 4)], func(o ref.Occupation) string { return o.Title(v.loc) }),
		Languages: joined(p.Languages, func(l profile.LanguageSkill) string { return l.Language.Name(v.loc) + " " + l.Level.String() }),
	}
}

func (v *visit) lives(p profile.Card) string {
	if p.Country == ref.Mali && p.Region != "" {
		return p.Region.Name()
	}
	return p.Country.Name(v.loc)
}

// shortCode gives the last eight characters of an id, in capitals: enough to
// tell files apart when people talk about them.
func shortCode(id string) string {
	return strings.ToUpper(id[max(0, len(id)-8):])
}
