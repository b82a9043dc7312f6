package api

import (
	"context"
	"net/http"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// RegisterMatches adds matching in both directions, its explanation, and what
// a person could change.
func RegisterMatches(a *API, service *match.Service) {
	h := &matchOperations{service}
	Register(a, Op[listOfferMatches, List[matchedProfile]]{
		Method: "GET", Path: "/offers/{id}/matches", ID: "listOfferMatches", Summary: "Visible profiles that match an offer, best first", Tag: "match",
		Description: "An agency asks for its own offers, and sees rank and band in place of the score. The list ends after 500; total counts all.",
		Permission:  "offer.matches", Handle: h.forOffer,
	})
	Register(a, Op[listMyMatches, List[matchedOffer]]{
		Method: "GET", Path: "/profiles/me/matches", ID: "listMyMatches", Summary: "Offers that match one's own profile, best first", Tag: "match",
		Permission: "profile.matches", Handle: h.forMe,
	})
	Register(a, Op[struct{}, opportunities]{
		Method: "GET", Path: "/profiles/me/opportunities", ID: "listMyOpportunities", Summary: "Which single change would open how many offers", Tag: "match",
		Permission: "profile.matches", Handle: h.opportunities,
	})
	Register(a, Op[explainMatch, matchExplanation]{
		Method: "GET", Path: "/matches/explain", ID: "explainMatch", Summary: "Why an offer and a profile are, or are not, a match", Tag: "match",
		Description: "An agency sees conditions as met or not, and the band in place of the score.",
		Permission:  "match.explain", Also: []int{http.StatusNotFound}, Handle: h.explain,
	})
}

type matchOperations struct{ service *match.Service }

// matchedProfile is one place of an offer's ranked list; nothing in it names
// the person.
type matchedProfile struct {
	Rank              int               `json:"rank"`
	Band              string            `json:"band" doc:"strong, good or possible"`
	Score             *int64            `json:"score,omitempty" doc:"0 to 10,000; officials only"`
	Profile           string            `json:"profile"`
	OccupationsWorked []string          `json:"occupationsWorked"`
	HighestEducation  int               `json:"highestEducation"`
	Months            *int              `json:"months,omitempty" doc:"counted months of experience; officials only"`
	Languages         []profileLanguage `json:"languages"`
	Country           string            `json:"country,omitempty"`
	Region            string            `json:"region,omitempty"`
}

func matchedProfileOf(role account.Role) func(match.ProfileMatch) matchedProfile {
	return func(m match.ProfileMatch) matchedProfile {
		return matchedProfile{
			Rank: m.Rank, Band: string(m.Band), Score: m.Score, Profile: string(m.Profile.ID),
			OccupationsWorked: textsOf(m.Profile.Occupations), HighestEducation: int(m.Profile.Education),
			Months:    seenValue(role == account.Official, m.Profile.Months),
			Languages: mapped(m.Profile.Languages, languageOf),
			Country:   string(m.Profile.Country), Region: string(m.Profile.Region),
		}
	}
}

type listOfferMatches struct {
	Page
	ID string `path:"id" validate:"max=64"`
}

func (h *matchOperations) forOffer(ctx context.Context, c *Call, in *listOfferMatches) (List[matchedProfile], error) {
	page, err := h.service.MatchesForOffer(ctx, c.Actor, offer.ID(in.ID), in.Listing())
	if err != nil {
		return List[matchedProfile]{}, err
	}
	return NewList(c, page, matchedProfileOf(c.Actor.Role)), nil
}

// matchedOffer is one place of a person's ranked list.
type matchedOffer struct {
	Rank         int         `json:"rank"`
	Band         string      `json:"band" doc:"strong, good or possible"`
	Score        *int64      `json:"score,omitempty" doc:"0 to 10,000"`
	Offer        string      `json:"offer"`
	Reference    string      `json:"reference" example:"OFF-2026-7K3Q9Z"`
	Title        string      `json:"title"`
	AgencyName   string      `json:"agencyName"`
	EmployerName string      `json:"employerName,omitempty"`
	Occupation   string      `json:"occupation"`
	Kind         string      `json:"kind"`
	Country      string      `json:"country"`
	Region       string      `json:"region,omitempty"`
	City         string      `json:"city,omitempty"`
	FreePlaces   int         `json:"freePlaces"`
	Start        string      `json:"start,omitempty"`
	Pay          *matchedPay `json:"pay,omitempty"`
	Deadline     string      `json:"deadline,omitempty"`
}

type matchedPay struct {
	Amount   string `json:"amount" example:"1500.00"`
	Max      string `json:"max,omitempty"`
	Currency string `json:"currency"`
	Period   string `json:"period"`
	Basis    string `json:"basis"`
}

func matchedOfferOf(m match.OfferMatch) matchedOffer {
	o := m.Offer
	return matchedOffer{
		Rank: m.Rank, Band: string(m.Band), Score: m.Score, Offer: string(o.ID), Reference: o.Reference, Title: o.Title,
		AgencyName: o.AgencyName, EmployerName: o.EmployerName, Occupation: string(o.Occupation), Kind: string(o.Kind),
		Country: string(o.Country), Region: o.Region, City: o.City, FreePlaces: o.FreePlaces,
		Start: string(o.Start), Pay: matchedPayOf(o.Pay), Deadline: string(o.Deadline),
	}
}

func matchedPayOf(p ref.Pay) *matchedPay {
	if !p.Known() {
		return nil
	}
	low, high := p.Range()
	out := &matchedPay{Amount: low.Format(), Currency: string(p.Currency), Period: string(p.Period), Basis: string(p.Basis)}
	if p.Max != 0 {
		out.Max = high.Format()
	}
	return out
}

type listMyMatches struct {
	Page
}

func (h *matchOperations) forMe(ctx context.Context, c *Call, in *listMyMatches) (List[matchedOffer], error) {
	page, err := h.service.MatchesForProfile(ctx, c.Actor, in.Listing())
	if err != nil {
		return List[matchedOffer]{}, err
	}
	return NewList(c, page, matchedOfferOf), nil
}

// opportunities is a short list: it has no pages.
type opportunities struct {
	Items []opportunity `json:"items"`
	Total int           `json:"total"`
}

type opportunity struct {
	Kind    string `json:"kind" doc:"language, education, country, kind, recognition, experience or licence"`
	Code    string `json:"code,omitempty" doc:"language, country, kind of work, licence, or group of occupations"`
	Level   string `json:"level,omitempty" doc:"CEFR or ISCED level to reach" example:"B1"`
	Months  int64  `json:"months,omitempty" doc:"further months of experience"`
	Country string `json:"country,omitempty" doc:"where a qualification would be recognised"`
	Offers  int    `json:"offers" doc:"open offers this one change would open"`
}

func opportunityOf(o match.Opportunity) opportunity {
	out := opportunity{Kind: string(o.Kind), Code: o.Code, Country: string(o.Country), Offers: o.Count}
	switch o.Kind {
	case match.LearnLanguage:
		out.Level = ref.Level(o.Level).String()
	case match.RaiseEducation:
		out.Level = ref.EducationLevel(o.Level).String()
	case match.GainExperience:
		out.Months = o.Level
	}
	return out
}

func (h *matchOperations) opportunities(ctx context.Context, c *Call, _ *struct{}) (opportunities, error) {
	found, err := h.service.Opportunities(ctx, c.Actor)
	if err != nil {
		return opportunities{}, err
	}
	return opportunities{Items: mapped(found, opportunityOf), Total: len(found)}, nil
}

type explainMatch struct {
	Offer   string `query:"offer" validate:"required,max=64" doc:"id of the offer"`
	Profile string `query:"profile" validate:"required,max=64" doc:"id of the profile"`
}

func (h *matchOperations) explain(ctx context.Context, c *Call, in *explainMatch) (matchExplanation, error) {
	v, err := h.service.Explain(ctx, c.Actor, offer.ID(in.Offer), profile.ID(in.Profile))
	if err != nil {
		return matchExplanation{}, err
	}
	return explanationOf(v), nil
}
