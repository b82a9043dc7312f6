package api

import (
	"context"
	"time"

	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// RegisterProfiles adds the operations on profiles; now is the clock of the
// day whose exchange rates count.
func RegisterProfiles(a *API, service *profile.Service, now func() time.Time) {
	h := &profileOperations{service, now}
	Register(a, Op[createProfile, profileView]{
		Method: "POST", Path: "/profiles", ID: "createProfile", Summary: "Create one's own profile, or collect another person's",
		Description: "A candidate has one profile. An official who collects enters the profile of somebody without account, with at least one consent the person gave.",
		Permission:  "profile.create", Status: 201, Handle: h.create,
	})
	Register(a, Op[struct{}, profileView]{
		Method: "GET", Path: "/profiles/me", ID: "showMyProfile", Summary: "Read one's own profile",
		Permission: "profile.mine", Handle: h.showMine,
	})
	Register(a, Op[changeMyProfile, profileView]{
		Method: "PUT", Path: "/profiles/me", ID: "changeMyProfile", Summary: "Replace what one's own profile states",
		Permission: "profile.mine", Handle: h.changeMine,
	})
	Register(a, Op[struct{}, myConsents]{
		Method: "GET", Path: "/profiles/me/consents", ID: "showMyConsents", Summary: "Read what one has agreed to",
		Permission: "profile.mine", Handle: h.showConsents,
	})
	Register(a, Op[changeMyConsents, myConsents]{
		Method: "PUT", Path: "/profiles/me/consents", ID: "changeMyConsents", Summary: "Agree to purposes, or withdraw",
		Description: "Adds the decisions to the ledger, which only grows. Purposes that are not named stay as they are. A withdrawn consent takes effect at once.",
		Permission:  "profile.mine", Handle: h.changeConsents,
	})
	Register(a, Op[listMyAccesses, List[profileAccess]]{
		Method: "GET", Path: "/profiles/me/accesses", ID: "listMyAccesses", Summary: "Who read one's identity, newest first",
		Permission: "profile.mine", Handle: h.listAccesses,
	})
	Register(a, Op[showProfile, profileView]{
		Method: "GET", Path: "/profiles/{id}", ID: "showProfile", Summary: "Read a profile as far as one may",
		Description: "The person sees everything; an official the identity only after a disclosure; an agency what it needs to judge a match, and how to reach the person only once that person has applied to one of its offers.",
		Permission:  "profile.read", Handle: h.show,
	})
	Register(a, Op[discloseProfile, profileDisclosure]{
		Method: "POST", Path: "/profiles/{id}/disclosures", ID: "discloseProfile", Summary: "See who a person is, for 30 minutes",
		Description: "The reason is kept and shown to the person.",
		Permission:  "profile.disclose", Status: 201, Handle: h.disclose,
	})
}

type profileOperations struct {
	service *profile.Service
	now     func() time.Time
}

type createProfile struct {
	Body struct {
		profileFacts
		Consents []consentChoice `json:"consents" validate:"max=10,dive"`
	}
}

type consentChoice struct {
	Purpose string `json:"purpose" validate:"required,oneof=matching contact statistics diaspora" example:"matching"`
	Given   bool   `json:"given"`
	Version string `json:"version,omitempty" validate:"max=20" doc:"of the wording; absent = the present one"`
}

func (c consentChoice) choice() profile.Choice { return profile.Choice(c) }

func (h *profileOperations) create(ctx context.Context, c *Call, in *createProfile) (profileView, error) {
	facts, err := in.Body.facts(ref.DateOf(h.now()))
	if err != nil {
		return profileView{}, err
	}
	v, err := h.service.Create(ctx, c.Actor, profile.Input{
		Facts: facts, Choices: mapped(in.Body.Consents, consentChoice.choice), Channel: profile.ChannelAPI,
	})
	if err != nil {
		return profileView{}, err
	}
	c.Location("/profiles/" + string(v.ID))
	return profileOf(v), nil
}

func (h *profileOperations) showMine(ctx context.Context, c *Call, _ *struct{}) (profileView, error) {
	v, err := h.service.Mine(ctx, c.Actor)
	if err != nil {
		return profileView{}, err
	}
	return profileOf(v), nil
}

type changeMyProfile struct {
	Body profileFacts
}

func (h *profileOperations) changeMine(ctx context.Context, c *Call, in *changeMyProfile) (profileView, error) {
	facts, err := in.Body.facts(ref.DateOf(h.now()))
	if err != nil {
		return profileView{}, err
	}
	v, err := h.service.PutMine(ctx, c.Actor, c.Rev, facts)
	if err != nil {
		return profileView{}, err
	}
	return profileOf(v), nil
}

type showProfile struct {
	ID string `path:"id" validate:"max=64"`
}

func (h *profileOperations) show(ctx context.Context, c *Call, in *showProfile) (profileView, error) {
	v, err := h.service.View(ctx, c.Actor, profile.ID(in.ID))
	if err != nil {
		return profileView{}, err
	}
	return profileOf(v), nil
}

// myConsents is the ledger, and what it comes down to.
type myConsents struct {
	Rev      int64            `json:"rev"`
	Consents []profileConsent `json:"consents" doc:"oldest first; the last decision of a purpose counts"`
	Given    []string         `json:"given" doc:"purposes agreed to now"`
}

func consentsOf(consents []profile.Consent, rev int64) myConsents {
	p := profile.Profile{Consents: consents}
	out := myConsents{Rev: rev, Consents: mapped(consents, consentOf), Given: []string{}}
	for _, purpose := range profile.Purposes() {
		if p.Consented(purpose) {
			out.Given = append(out.Given, purpose)
		}
	}
	return out
}

func (h *profileOperations) showConsents(ctx context.Context, c *Call, _ *struct{}) (myConsents, error) {
	consents, rev, err := h.service.Consents(ctx, c.Actor)
	if err != nil {
		return myConsents{}, err
	}
	return consentsOf(consents, rev), nil
}

type changeMyConsents struct {
	Body struct {
		Consents []consentChoice `json:"consents" validate:"required,max=10,dive"`
	}
}

func (h *profileOperations) changeConsents(ctx context.Context, c *Call, in *changeMyConsents) (myConsents, error) {
	choices := mapped(in.Body.Consents, consentChoice.choice)
	v, err := h.service.PutConsents(ctx, c.Actor, c.Rev, profile.ChannelAPI, choices)
	if err != nil {
		return myConsents{}, err
	}
	return consentsOf(v.Consents, v.Rev), nil
}

type listMyAccesses struct {
	Page
}

// profileAccess is one reading of the identity; it names an institution, not
// a person.
type profileAccess struct {
	Role   string    `json:"role" example:"official"`
	Who    string    `json:"who" doc:"institution or agency" example:"ministry"`
	At     time.Time `json:"at"`
	Until  time.Time `json:"until,omitzero" doc:"end of a disclosure; absent = read once"`
	Reason string    `json:"reason" example:"identity_check"`
	Note   string    `json:"note,omitempty"`
}

func accessOf(a profile.Access) profileAccess {
	return profileAccess{Role: string(a.Role), Who: a.Who, At: a.At, Until: a.Until, Reason: a.Reason, Note: a.Note}
}

func (h *profileOperations) listAccesses(ctx context.Context, c *Call, in *listMyAccesses) (List[profileAccess], error) {
	page, err := h.service.Accesses(ctx, c.Actor, in.Listing())
	if err != nil {
		return List[profileAccess]{}, err
	}
	return NewList(c, page, accessOf), nil
}

type discloseProfile struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=identity_check duplicate_check file_review assistance complaint court_order other" example:"identity_check"`
		Note   string `json:"note,omitempty" validate:"max=500" doc:"required for the reason other"`
	}
}

// profileDisclosure is a disclosure with what it shows.
type profileDisclosure struct {
	Reason  string      `json:"reason"`
	At      time.Time   `json:"at"`
	Until   time.Time   `json:"until" doc:"the identity is shown until then"`
	Profile profileView `json:"profile"`
}

func (h *profileOperations) disclose(ctx context.Context, c *Call, in *discloseProfile) (profileDisclosure, error) {
	v, access, err := h.service.Disclose(ctx, c.Actor, profile.ID(in.ID), in.Body.Reason, in.Body.Note)
	if err != nil {
		return profileDisclosure{}, err
	}
	return profileDisclosure{Reason: access.Reason, At: access.At, Until: access.Until, Profile: profileOf(v)}, nil
}
