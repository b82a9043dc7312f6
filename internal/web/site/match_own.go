package site

import (
	"net/url"
	"slices"
	"strconv"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// askWhere narrows the offers that fit to a part of the world or to missions.
const askWhere = "ou"

// The parts one's own offers can be narrowed to.
const (
	inMali      = "mali"
	inThird     = "ailleurs" // neither Mali nor where the person lives
	forMissions = "missions"
)

func whereabouts() []string { return []string{"", inMali, inThird, forMissions} }

// whereLink leads to one's own offers in a part of the world.
type whereLink struct {
	Href, Label string
	Current     bool
}

// whereLinks are the ways to narrow the list.
func (v *visit) whereLinks() []whereLink {
	var links []whereLink
	now := v.query().Get(askWhere)
	for _, where := range whereabouts() {
		to, label := "/mes-offres", v.t("match.where.all")
		if where != "" {
			to, label = address(to, url.Values{askWhere: {where}}), v.code("match.where", where)
		}
		links = append(links, whereLink{Href: to, Label: label, Current: where == now})
	}
	return links
}

// fitsWhere reports whether an offer lies where the person looks.
func fitsWhere(where string, c offer.Card, home ref.Country) bool {
	switch where {
	case inMali:
		return c.Country == ref.Mali
	case inThird:
		return c.Country != ref.Mali && c.Country != home
	case forMissions:
		return c.Kind == ref.ExpertMission
	}
	return true
}

// ownMatches gives a page of the offers that fit, narrowed if that is asked.
// The place in a narrowed list is a number of offers, since the list itself is
// short: it ends after the first 500.
func (v *visit) ownMatches() (listing.Result[match.OfferMatch], error) {
	page, err := v.page(matchPageSize)
	if err != nil {
		return listing.Result[match.OfferMatch]{}, err
	}
	where := v.query().Get(askWhere)
	if where == "" || !slices.Contains(whereabouts(), where) {
		return v.site.opts.Matches.MatchesForProfile(v.ctx, v.actor, page)
	}
	mine, err := v.site.opts.Profiles.Mine(v.ctx, v.actor)
	if err != nil {
		return listing.Result[match.OfferMatch]{}, err
	}
	found, err := v.everyMatch(func(m match.OfferMatch) bool { return fitsWhere(where, m.Offer, mine.Residence.Country) })
	if err != nil {
		return listing.Result[match.OfferMatch]{}, err
	}
	start, err := strconv.Atoi("0" + page.After)
	if err != nil {
		return listing.Result[match.OfferMatch]{}, fault.New(fault.Syntax, "cursor")
	}
	start = min(start, len(found))
	end := min(start+matchPageSize, len(found))
	result := listing.Result[match.OfferMatch]{Items: found[start:end], Total: len(found)}
	if end < len(found) {
		result.Next = strconv.Itoa(end)
	}
	return result, nil
}

// everyMatch gives all offers that fit and that are kept.
func (v *visit) everyMatch(keep func(match.OfferMatch) bool) ([]match.OfferMatch, error) {
	var all []match.OfferMatch
	page := listing.Page{Limit: listing.MaxLimit}
	for {
		found, err := v.site.opts.Matches.MatchesForProfile(v.ctx, v.actor, page)
		if err != nil {
			return nil, err
		}
		for _, m := range found.Items {
			if keep(m) {
				all = append(all, m)
			}
		}
		if page.After = found.Next; page.After == "" {
			return all, nil
		}
	}
}

// explainPage says why one offer fits a person or does not.
type explainPage struct {
	Line     matchLine
	Reasons  bool // there is a profile to compare with
	Eligible bool
	Lacking  int // conditions that are not met
	Parts    []entryLink
}

// showMatch explains one offer to the person. Where the profile lacks
// something, it leads to the part that would say it.
func showMatch(v *visit) error {
	o, err := v.loadOffer()
	if err != nil {
		return err
	}
	mine, err := v.site.opts.Profiles.Mine(v.ctx, v.actor)
	if err != nil && !isAbsent(err) {
		return err
	}
	page := explainPage{Line: matchLine{offerLine: v.lineOf(o)}, Reasons: err == nil}
	if page.Reasons {
		if err := v.explainOne(&page, o.ID, mine.ID); err != nil {
			return err
		}
	}
	return v.render("match/show", page)
}

// lineOf shows an offer that was read whole as it is shown in lists.
func (v *visit) lineOf(o offer.View) offerLine {
	t, snapshot := o.Snapshot.Terms, o.Snapshot
	return v.offerLine(offer.Card{
		ID: o.ID, Reference: o.Reference, Title: t.Title, Occupation: t.Occupation, Kind: t.Kind, Country: t.Country, City: t.City,
		Pay: t.Pay, PayCents: snapshot.PayCents, PayKnown: snapshot.PayKnown, AgencyName: o.AgencyName, FreePlaces: o.FreePlaces,
		Deadline: t.Deadline, PublishedAt: snapshot.PublishedAt,
	})
}

func (v *visit) explainOne(page *explainPage, o offer.ID, p profile.ID) error {
	why, err := v.site.opts.Matches.Explain(v.ctx, v.actor, o, p)
	if err != nil {
		return err
	}
	page.Line.Band, page.Eligible, page.Line.Rank = string(why.Band), why.Eligible, why.Rank
	if why.Score != nil {
		page.Line.Score = int(*why.Score+50) / 100
	}
	if err := v.explain(&page.Line, o, p); err != nil {
		return err
	}
	for _, g := range why.Gates {
		if part, ok := partOfGate(g.Code); ok && !g.Holds {
			page.Parts = append(page.Parts, entryLink{Href: partPath(part), Text: v.code("profile.part", part)})
		}
	}
	for _, g := range page.Line.Gates {
		if !g.Holds {
			page.Lacking++
		}
	}
	return nil
}

// partOfGate says which part of the profile could show that a condition is
// met; ok is false where no profile can.
func partOfGate(code match.GateCode) (part profile.Part, ok bool) {
	switch code {
	case match.Languages:
		return profile.PartLanguages, true
	case match.Education:
		return profile.PartEducation, true
	case match.Months:
		return profile.PartExperience, true
	case match.Licences:
		return profile.PartLicences, true
	case match.Destination, match.Kind, match.Availability:
		return profile.PartWishes, true
	case match.Age:
		return profile.PartIdentity, true
	case match.Recognised:
		return profile.PartRecognitions, true
	}
	return "", false
}

// diasporaBox is what a member of the diaspora is shown beside the offers.
type diasporaBox struct {
	Country   string
	Help      []fact // the consular service, with where the fact was read
	Missions  string // address of the expert missions in Mali
	Interests string // address of the part about interests
}

// diaspora makes the box of a person who lives abroad; nil for one in Mali.
func (v *visit) diaspora(home ref.Country) (*diasporaBox, error) {
	if home == "" || home == ref.Mali || v.actor.Role != account.Candidate {
		return nil, nil
	}
	box := &diasporaBox{
		Country: home.Name(v.loc), Interests: partPath(profile.PartInterests),
		Missions: address("/offres", url.Values{askKind: {string(ref.ExpertMission)}, askCountry: {string(ref.Mali)}}),
	}
	c, err := v.site.opts.Corridors.Current(v.actor, corridor.CodeFor(home))
	if isAbsent(err) {
		return box, nil
	}
	if err != nil {
		return nil, err
	}
	for _, help := range c.Arrival {
		if help.Topic == corridor.Consulate {
			note := help.Source
			if !help.Confirmed {
				note = v.t("match.unconfirmed")
			}
			box.Help = append(box.Help, fact{Label: v.t("match.consulate"), Value: help.Text.In(v.loc), Note: note})
		}
	}
	return box, nil
}
