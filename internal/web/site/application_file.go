package site

import (
	"net/url"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// filePage is one application with all that happened to it.
type filePage struct {
	Line    applicationLine
	Code    string // short name of the file
	Actor   string // who has to act now
	Next    string // what comes next
	Message string // what the person wrote
	History []eventLine
	Changed int // version of the offer that is in force now, when it is a later one
	Changes []changeLine
	Version int // version of the offer the person applied to
	Gaps    []gateLine
	// Interview is when the person is expected; zero when nothing is agreed.
	Interview time.Time
	Trip      *tripLine // the file of the departure; nil before one is opened
}

// eventLine is one step of the file's history.
type eventLine struct {
	State, By, Reason string
	At                time.Time
}

func showApplication(v *visit) error {
	a, err := v.site.opts.Applications.Get(v.ctx, v.actor, application.ID(v.param("id")))
	if err != nil {
		return err
	}
	page := v.newFilePage(a)
	change, changed, err := v.site.opts.Applications.TermsChange(v.ctx, v.actor, a)
	if err != nil {
		return err
	}
	if changed {
		page.Changed, page.Changes = change.To, v.changeLines(change)
	}
	trips, err := v.tripsOf([]application.Card{cardOf(a)})
	if err != nil {
		return err
	}
	page.Trip = trips[string(a.ID)]
	if a.State.Live() || a.State == application.Invited {
		if err := v.addOffer(page, a); err != nil {
			return err
		}
	}
	return v.render("application/show", page)
}

func (v *visit) newFilePage(a *application.Application) *filePage {
	page := &filePage{
		Line: v.applicationLine(cardOf(a)), Code: shortCode(string(a.ID)), Message: a.Message, Version: a.OfferVer, Interview: a.InterviewAt,
		Actor: v.code("application.actor", a.State), Next: v.code("application.next", a.State),
	}
	for i := len(a.History) - 1; i >= 0; i-- {
		e := a.History[i]
		line := eventLine{State: string(e.State), By: v.doer(e.By), At: e.At}
		if e.Reason != "" {
			line.Reason = v.code("reason", e.Reason)
		}
		page.History = append(page.History, line)
	}
	return page
}

// doer says who did a step to the candidate who reads of it.
func (v *visit) doer(role account.Role) string {
	if role == account.Candidate {
		return v.t("team.you")
	}
	return v.code("actor", role)
}

// cardOf shows a file that was read whole as it is shown in lists.
func cardOf(a *application.Application) application.Card {
	return application.Card{
		ID: a.ID, Rev: a.Rev, Offer: a.Offer, OfferTitle: a.OfferTitle, OfferVer: a.OfferVer, Agency: a.Agency, Profile: a.Profile,
		Candidate: a.Candidate, State: a.State, Rank: a.Rank, Reason: a.Reason, UpdatedAt: a.UpdatedAt,
	}
}

// addOffer says which of the offer's conditions the profile does not show today.
func (v *visit) addOffer(page *filePage, a *application.Application) error {
	o, err := v.site.opts.Offers.Get(v.ctx, v.actor, offer.ID(a.Offer))
	if isAbsent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	page.Gaps, _, err = v.gaps(o.ID)
	if isAbsent(err) {
		return nil
	}
	return err
}

// tripsOf finds the departures that have come of applications, by application.
// Nothing is asked for while none of them was selected.
func (v *visit) tripsOf(cards []application.Card) (map[string]*tripLine, error) {
	trips := map[string]*tripLine{}
	if !slices.ContainsFunc(cards, func(c application.Card) bool { return c.State == application.Selected }) {
		return trips, nil
	}
	files, err := v.allTrips(placement.Query{})
	for _, f := range files {
		if _, newer := trips[f.Application]; !newer {
			line := v.tripLine(f)
			trips[f.Application] = &line
		}
	}
	return trips, err
}

// ownApplication is the address of one file.
func ownApplication(id application.ID) string {
	return "/mes-candidatures/" + url.PathEscape(string(id))
}
