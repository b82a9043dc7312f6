package site

import (
	"net/url"
	"slices"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

const (
	matchPageSize      = 10
	opportunitiesShown = 6
)

// matchPage is the offers that fit a person, why, and what would open more.
type matchPage struct {
	NoProfile     bool
	Total         int
	Items         []matchLine
	Pager         pager
	Opportunities []opportunityLine
	Percent       int // how complete the profile is
	Where         []whereLink
	Abroad        *diasporaBox // for a person who lives abroad
}

// matchLine is one offer with the reasons for its place.
type matchLine struct {
	offerLine
	Why     string // address of the page that explains it
	Rank    int
	Band    string
	Score   int // 0–100
	Parts   []scorePart
	Missing []string // what the offer asks for and the profile does not show
	Gates   []gateLine
}

// scorePart is one component of the score, in words.
type scorePart struct {
	Label    string
	Percent  string // of its own full share
	Points   int    // hundredths of the score, 0–100
	Of       int    // most it can contribute, 0–100
	Sentence string
}

// opportunityLine is one change and how many offers it would open.
type opportunityLine struct{ Change, Opens string }

func listMatches(v *visit) error {
	found, err := v.ownMatches()
	if isAbsent(err) {
		return v.render("match/index", matchPage{NoProfile: true})
	}
	if err != nil {
		return err
	}
	page := matchPage{Total: found.Total, Pager: v.pager(found.Next), Where: v.whereLinks()}
	if err := v.addPerson(&page); err != nil {
		return err
	}
	if page.Items, err = v.matchLines(found.Items); err != nil {
		return err
	}
	if page.Opportunities, err = v.opportunities(); err != nil {
		return err
	}
	return v.render("match/index", page)
}

// addPerson adds what the page says about the visitor.
func (v *visit) addPerson(page *matchPage) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	page.Percent = profile.Complete(&d.Facts, d.Consents).Percent
	page.Abroad, err = v.diaspora(d.Facts.Residence.Country)
	return err
}

func (v *visit) matchLines(items []match.OfferMatch) ([]matchLine, error) {
	mine, err := v.site.opts.Profiles.Mine(v.ctx, v.actor)
	if err != nil {
		return nil, err
	}
	lines := make([]matchLine, 0, len(items))
	for _, m := range items {
		line := matchLine{offerLine: v.offerLine(m.Offer), Rank: m.Rank, Band: string(m.Band), Why: "/mes-offres/" + url.PathEscape(m.Offer.Reference)}
		if m.Score != nil {
			line.Score = int(*m.Score+50) / 100
		}
		if err := v.explain(&line, m.Offer.ID, mine.ID); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// explain adds the reasons; an offer that has gone since it was listed keeps
// its line without them.
func (v *visit) explain(line *matchLine, o offer.ID, p profile.ID) error {
	why, err := v.site.opts.Matches.Explain(v.ctx, v.actor, o, p)
	if isAbsent(err) || fault.Is(err, fault.Conflict) {
		return nil
	}
	if err != nil {
		return err
	}
	line.Gates, _ = v.gateLines(why.Gates)
	points := wholePoints(why.Components)
	for i, c := range why.Components {
		part := v.scorePart(c)
		part.Points = points[i]
		line.Parts = append(line.Parts, part)
		line.Missing = append(line.Missing, v.missing(c)...)
	}
	return nil
}

func (v *visit) opportunities() ([]opportunityLine, error) {
	all, err := v.site.opts.Matches.Opportunities(v.ctx, v.actor)
	if err != nil {
		return nil, err
	}
	var lines []opportunityLine
	for _, o := range all[:min(len(all), opportunitiesShown)] {
		lines = append(lines, opportunityLine{Change: v.change(o.Change), Opens: v.count("match.opens", o.Count)})
	}
	return lines, nil
}

// gaps names the conditions of an offer that the visitor's own profile does not
// meet, and whether it meets all; nothing without a profile.
func (v *visit) gaps(id offer.ID) (lacking []gateLine, fits bool, err error) {
	mine, err := v.site.opts.Profiles.Mine(v.ctx, v.actor)
	if isAbsent(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	why, err := v.site.opts.Matches.Explain(v.ctx, v.actor, id, mine.ID)
	if err != nil {
		return nil, false, err
	}
	lines, all := v.gateLines(why.Gates)
	return slices.DeleteFunc(lines, func(g gateLine) bool { return g.Holds }), all, nil
}
