package site

import (
	"strings"
	"time"

	"passerelle/internal/domain/fault"
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
	Stages       []stageCount
	Tabs         []tabLink
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
	ID         string // of the profile
	Gates      []gateLine
	Parts      []scorePart // without the sentences, which speak to the person
	Missing    []string
	Invite     string // address of the form; empty when there is a file already
}

// fileLine is one application to the offer.
type fileLine struct {
	Code    string // short name of the file
	Href    string
	Next    string // what the agency can do
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
	applied, err := v.allApplications(o.ID)
	if err != nil {
		return err
	}
	page := candidatePage{Title: o.Terms.Title, Back: offerAddress(o.ID), Total: found.Total, Pager: v.pager(found.Next), Applied: len(applied), Tabs: v.offerTabs(o.ID, "candidats")}
	known := map[string]bool{}
	for _, a := range applied {
		known[a.Profile] = true
		page.Applications = append(page.Applications, v.fileLine(a))
	}
	for _, m := range found.Items {
		line, err := v.reasonedLine(m, o, known[string(m.Profile.ID)])
		if err != nil {
			return err
		}
		page.People = append(page.People, line)
	}
	return v.render("candidate/index", page)
}

// reasonedLine is a person with the reasons for the place in the list, as far
// as an agency may know them.
func (v *visit) reasonedLine(m match.ProfileMatch, o offer.View, known bool) (personLine, error) {
	line, why := v.personLine(m, o), matchLine{}
	if err := v.explain(&why, o.ID, m.Profile.ID); err != nil {
		return line, err
	}
	line.ID, line.Gates, line.Missing = string(m.Profile.ID), why.Gates, why.Missing
	for _, part := range why.Parts {
		if part.Percent != "" {
			line.Parts = append(line.Parts, part)
		}
	}
	if o.Open && !known {
		line.Invite = offerAddress(o.ID) + "/invitations"
	}
	return line, nil
}

// invitePerson asks a person to apply; nobody is asked twice.
func invitePerson(v *visit) error {
	id := offer.ID(v.param("id"))
	_, err := v.site.opts.Applications.Invite(v.ctx, v.actor, id, profile.ID(clip(v.posted().Get("profile"), 64)))
	flash := "flash.invited"
	switch {
	case hasCode(err, "application.exists"):
		flash = "flash.invite.exists"
	case fault.Is(err, fault.Conflict):
		flash = "flash.invite.closed"
	case err != nil:
		return err
	}
	v.redirect(offerAddress(id)+"/candidats", flash)
	return nil
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
