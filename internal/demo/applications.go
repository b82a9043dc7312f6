package demo

import (
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// paths are the ways an application goes; each ends in another state.
func paths() [][]application.State {
	const (
		invited, submitted, shortlisted = application.Invited, application.Submitted, application.Shortlisted
		interviewed, selected           = application.Interviewed, application.Selected
	)
	return [][]application.State{
		{submitted},
		{invited},
		{submitted, shortlisted},
		{submitted, shortlisted, interviewed},
		{submitted, shortlisted, application.Waiting},
		{invited, submitted, shortlisted, interviewed, selected},
		{submitted, application.Refused},
		{submitted, application.Withdrawn},
		{submitted, interviewed, selected},
	}
}

// applications sends every person with an account after the two or three
// offers that fit best, and some offers fill up on the way.
func (m *maker) applications() error {
	weights, today := match.DefaultWeights(), ref.DateOf(m.now)
	var open []*match.Offer
	byID := map[string]*offer.Offer{}
	for _, o := range m.Offers {
		byID[string(o.ID)] = o
		if o.State == offer.Published {
			facts := match.FromOffer(o, m.corridors[o.Terms().Country], true, false)
			open = append(open, &facts)
		}
	}
	n := 0
	for _, p := range m.Profiles {
		if p.Owner == "" {
			continue
		}
		facts := match.FromProfile(p)
		top, _ := match.TopOffers(&facts, open, 3, weights, today)
		for i, hit := range top {
			o := byID[hit.ID]
			if i > m.r.IntN(3) || o.State != offer.Published {
				continue
			}
			if err := m.application(o, p, paths()[n%len(paths())], n); err != nil {
				return err
			}
			n++
		}
	}
	if err := m.fill(n); err != nil {
		return err
	}
	return m.closed(n)
}

// fill selects somebody for the last place of one offer, so that one is full.
func (m *maker) fill(n int) error {
	applied := map[application.ID]bool{}
	for _, a := range m.Applications {
		applied[a.ID] = true
	}
	for _, o := range m.Offers {
		if o.State != offer.Published || o.FreePlaces() != 1 {
			continue
		}
		for _, p := range m.Profiles[2:applicants] {
			if p.Owner != "" && !applied[application.MakeID(string(o.ID), string(p.ID))] {
				return m.application(o, p, []application.State{application.Submitted, application.Interviewed, application.Selected}, n)
			}
		}
	}
	return nil
}

// closed gives every offer that has ended two applications that ended with it.
func (m *maker) closed(n int) error {
	for _, o := range m.Offers {
		if o.Frozen == nil || o.State != offer.Closed && o.State != offer.Expired && o.State != offer.Withdrawn {
			continue
		}
		for range 2 {
			n++
			if err := m.application(o, m.Profiles[2+n%(applicants-2)], []application.State{application.Submitted, application.Closed}, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// reason gives the reason code of an end that needs one.
func reason(state application.State, o *offer.Offer) string {
	switch {
	case state == application.Refused:
		return "experience"
	case state == application.Withdrawn:
		return "other_offer"
	case state != application.Closed:
		return ""
	case o.State == offer.Expired:
		return application.ReasonOfferExpired
	case o.State == offer.Withdrawn:
		return application.ReasonOfferWithdrawn
	default:
		return application.ReasonOfferClosed
	}
}

func (m *maker) application(o *offer.Offer, p *profile.Profile, path []application.State, n int) error {
	start := o.Frozen.PublishedAt.Add(time.Duration(24+m.r.IntN(48)) * time.Hour)
	if start.After(m.now) {
		start = m.now.Add(-time.Hour)
	}
	a := &application.Application{
		ID: application.MakeID(string(o.ID), string(p.ID)), Offer: string(o.ID), Agency: o.Agency, Profile: string(p.ID), Candidate: p.Owner,
		OfferTitle: o.Frozen.Terms.Title, OfferVer: o.Frozen.Version, CreatedAt: start,
	}
	last := path[len(path)-1]
	if last == application.Selected {
		if _, err := o.TakePlace(string(a.ID)); err != nil {
			return err
		}
	}
	for i, state := range path {
		at := start.Add(time.Duration(i) * 30 * time.Hour)
		if at.After(m.now) {
			at = m.now.Add(-time.Minute)
		}
		by := account.Agency
		if slices.Contains([]application.State{application.Submitted, application.Withdrawn}, state) {
			by = account.Candidate
		} else if state == application.Closed {
			by = account.System
		}
		why := reason(state, o)
		a.History = append(a.History, application.Event{State: state, At: at, By: by, Reason: why})
		a.State, a.Reason, a.UpdatedAt = state, why, at
		a.Rev++
		if state == application.Submitted {
			a.Round = 1
		}
	}
	if last == application.Waiting {
		a.Rank = 1 + n%5
	}
	m.Applications = append(m.Applications, a)
	return nil
}
