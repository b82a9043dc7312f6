package api

import (
	"context"
	"time"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

// RegisterApplications adds the operations on applications, and the
// invitation that begins one.
func RegisterApplications(a *API, service *application.Service) {
	h := &applicationOperations{service}
	h.registerCandidate(a)
	h.registerAgency(a)
	Register(a, Op[listApplications, List[applicationCard]]{
		Method: "GET", Path: "/applications", ID: "listApplications", Summary: "List applications, newest change first",
		Description: "Candidates see their own, agencies those to their offers, officials all.",
		Permission:  "application.read", Handle: h.list,
	})
	Register(a, Op[oneApplication, applicationView]{
		Method: "GET", Path: "/applications/{id}", ID: "showApplication", Summary: "Read one application",
		Description: "Where the offer's terms changed since, it also tells the difference.",
		Permission:  "application.read", Handle: h.show,
	})
}

func (h *applicationOperations) registerCandidate(a *API) {
	Register(a, Op[createApplication, submittedApplication]{
		Method: "POST", Path: "/offers/{id}/applications", ID: "createApplication", Summary: "Apply for an offer", Tag: "applications",
		Description: "Submits one's own profile. One may apply without meeting every condition; the answer names those that are not met. Applying again reopens a file that had ended.",
		Permission:  "application.create", Status: 201, Handle: h.create,
	})
	Register(a, Op[oneApplication, submittedApplication]{
		Method: "POST", Path: "/applications/{id}/acceptances", ID: "acceptInvitation", Summary: "Accept an invitation",
		Permission: "application.accept", Handle: h.accept,
	})
	Register(a, Op[withdrawApplication, applicationView]{
		Method: "POST", Path: "/applications/{id}/withdrawals", ID: "withdrawApplication", Summary: "Withdraw one's own application",
		Permission: "application.withdraw", Handle: h.withdraw,
	})
}

func (h *applicationOperations) registerAgency(a *API) {
	Register(a, Op[inviteProfile, applicationView]{
		Method: "POST", Path: "/offers/{id}/invitations", ID: "inviteProfile", Summary: "Invite a matched person to apply", Tag: "applications",
		Permission: "offer.invite", Status: 201, Handle: h.invite,
	})
	Register(a, Op[oneApplication, applicationView]{
		Method: "POST", Path: "/applications/{id}/shortlistings", ID: "shortlistApplication", Summary: "Keep an application for a closer look",
		Permission: "application.decide", Handle: h.shortlist,
	})
	Register(a, Op[interviewApplication, applicationView]{
		Method: "POST", Path: "/applications/{id}/interviews", ID: "interviewApplication", Summary: "Note an interview",
		Permission: "application.decide", Handle: h.interview,
	})
	Register(a, Op[rankApplication, applicationView]{
		Method: "POST", Path: "/applications/{id}/waitings", ID: "rankApplication", Summary: "Put a person on the waiting list",
		Permission: "application.decide", Handle: h.wait,
	})
	Register(a, Op[oneApplication, applicationView]{
		Method: "POST", Path: "/applications/{id}/selections", ID: "selectApplication", Summary: "Give a person one of the offer's places",
		Permission: "application.decide", Handle: h.selectOne,
	})
	Register(a, Op[refuseApplication, applicationView]{
		Method: "POST", Path: "/applications/{id}/refusals", ID: "refuseApplication", Summary: "Refuse an application for a stated reason",
		Permission: "application.decide", Handle: h.refuse,
	})
}

type applicationOperations struct{ service *application.Service }

// applicationCard is an application in lists.
type applicationCard struct {
	ID         string    `json:"id"`
	Rev        int64     `json:"rev"`
	Offer      string    `json:"offer"`
	OfferTitle string    `json:"offerTitle"`
	Agency     string    `json:"agency"`
	Profile    string    `json:"profile"`
	State      string    `json:"state" example:"submitted"`
	Rank       int       `json:"rank,omitempty" doc:"on the waiting list, from 1"`
	Reason     string    `json:"reason,omitempty"`
	UpdatedAt  time.Time `json:"updatedAt"`
}

func applicationCardOf(c application.Card) applicationCard {
	return applicationCard{
		ID: string(c.ID), Rev: c.Rev, Offer: c.Offer, OfferTitle: c.OfferTitle, Agency: c.Agency, Profile: c.Profile,
		State: string(c.State), Rank: c.Rank, Reason: c.Reason, UpdatedAt: c.UpdatedAt,
	}
}

// applicationView is one application.
type applicationView struct {
	applicationCard
	Message         string             `json:"message,omitempty" doc:"what the candidate wrote to the agency; not shown to officials"`
	OfferVersion    int                `json:"offerVersion" doc:"version of the offer's terms that was applied to"`
	Round           int                `json:"round" doc:"how often the person has applied; 0 while only invited"`
	EligibleAtApply bool               `json:"eligibleAtApply" doc:"every condition was met on the day of applying"`
	InterviewAt     time.Time          `json:"interviewAt,omitzero"`
	History         []applicationEvent `json:"history" doc:"oldest first"`
	CreatedAt       time.Time          `json:"createdAt"`
	TermsChange     *termsChange       `json:"termsChange,omitempty" doc:"how the offer's terms in force differ from those that were applied to; absent while they are the same version"`
}

// termsChange tells the difference between two versions of an offer's terms.
type termsChange struct {
	From    int          `json:"from" doc:"version applied to"`
	To      int          `json:"to" doc:"version in force"`
	Known   bool         `json:"known" doc:"false when the earlier terms are not kept any more"`
	Changes []changeJSON `json:"changes" doc:"by name; empty when nothing differs"`
}

type changeJSON struct {
	Field  string `json:"field" example:"hoursPerWeek"`
	Before string `json:"before,omitempty" doc:"as in the sealed terms: text, or JSON for a group or a list; absent = not stated"`
	After  string `json:"after,omitempty"`
}

type applicationEvent struct {
	State  string    `json:"state"`
	At     time.Time `json:"at"`
	By     string    `json:"by" doc:"role" example:"agency"`
	Reason string    `json:"reason,omitempty"`
}

func applicationOf(a *application.Application) applicationView {
	return applicationView{
		applicationCard: applicationCard{
			ID: string(a.ID), Rev: a.Rev, Offer: a.Offer, OfferTitle: a.OfferTitle, Agency: a.Agency, Profile: a.Profile,
			State: string(a.State), Rank: a.Rank, Reason: a.Reason, UpdatedAt: a.UpdatedAt,
		},
		Message: a.Message, OfferVersion: a.OfferVer, Round: a.Round, EligibleAtApply: a.EligibleAtApply,
		InterviewAt: a.InterviewAt, CreatedAt: a.CreatedAt,
		History: mapped(a.History, func(e application.Event) applicationEvent {
			return applicationEvent{State: string(e.State), At: e.At, By: string(e.By), Reason: e.Reason}
		}),
	}
}

// submittedApplication is an application with the conditions not met.
type submittedApplication struct {
	applicationView
	FailedGates []string `json:"failedGates" doc:"conditions of the offer that are not met today; a warning, no obstacle" example:"[\"language\"]"`
}

func submittedOf(a application.Applied) submittedApplication {
	return submittedApplication{applicationView: applicationOf(a.Application), FailedGates: textsOf(a.Failed)}
}

type listApplications struct {
	Page
	Offer string   `query:"offer" validate:"max=64" doc:"id of an offer"`
	State []string `query:"state" validate:"max=9,dive,oneof=invited submitted shortlisted interviewed waiting selected refused withdrawn closed"`
}

func (h *applicationOperations) list(ctx context.Context, c *Call, in *listApplications) (List[applicationCard], error) {
	page, err := h.service.List(ctx, c.Actor, application.Query{
		Offer: in.Offer, States: typed[application.State](in.State), After: in.Cursor.After, Limit: in.Limit,
	})
	if err != nil {
		return List[applicationCard]{}, err
	}
	return NewList(c, page, applicationCardOf), nil
}

type oneApplication struct {
	ID string `path:"id" validate:"max=64"`
}

func (h *applicationOperations) show(ctx context.Context, c *Call, in *oneApplication) (applicationView, error) {
	a, err := h.service.Get(ctx, c.Actor, application.ID(in.ID))
	out, err := shownApplication(a, err)
	if err != nil {
		return out, err
	}
	change, changed, err := h.service.TermsChange(ctx, c.Actor, a)
	if changed {
		out.TermsChange = &termsChange{From: change.From, To: change.To, Known: change.Known,
			Changes: mapped(change.Changes, func(x offer.TermChange) changeJSON { return changeJSON(x) })}
	}
	return out, err
}

type createApplication struct {
	ID   string `path:"id" validate:"max=64"`
	Body *struct {
		Message string `json:"message,omitempty" validate:"max=2000" doc:"to the agency"`
	}
}

func (h *applicationOperations) create(ctx context.Context, c *Call, in *createApplication) (submittedApplication, error) {
	message := ""
	if in.Body != nil {
		message = in.Body.Message
	}
	applied, err := h.service.Apply(ctx, c.Actor, offer.ID(in.ID), message)
	if err != nil {
		return submittedApplication{}, err
	}
	c.Location("/applications/" + string(applied.Application.ID))
	return submittedOf(applied), nil
}

func (h *applicationOperations) accept(ctx context.Context, c *Call, in *oneApplication) (submittedApplication, error) {
	applied, err := h.service.Accept(ctx, c.Actor, application.ID(in.ID))
	if err != nil {
		return submittedApplication{}, err
	}
	return submittedOf(applied), nil
}

type withdrawApplication struct {
	ID   string `path:"id" validate:"max=64"`
	Body *struct {
		Reason string `json:"reason,omitempty" validate:"omitempty,oneof=changed_mind other_offer conditions family health other"`
	}
}

func (h *applicationOperations) withdraw(ctx context.Context, c *Call, in *withdrawApplication) (applicationView, error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	return shownApplication(h.service.Withdraw(ctx, c.Actor, application.ID(in.ID), reason))
}

type inviteProfile struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Profile string `json:"profile" validate:"required,max=64" doc:"id of a matched profile"`
	}
}

func (h *applicationOperations) invite(ctx context.Context, c *Call, in *inviteProfile) (applicationView, error) {
	a, err := h.service.Invite(ctx, c.Actor, offer.ID(in.ID), profile.ID(in.Body.Profile))
	if err == nil {
		c.Location("/applications/" + string(a.ID))
	}
	return shownApplication(a, err)
}

func (h *applicationOperations) shortlist(ctx context.Context, c *Call, in *oneApplication) (applicationView, error) {
	return shownApplication(h.service.Shortlist(ctx, c.Actor, application.ID(in.ID)))
}

type interviewApplication struct {
	ID   string `path:"id" validate:"max=64"`
	Body *struct {
		At *time.Time `json:"at" doc:"moment of the interview; absent = agreed elsewhere"`
	}
}

func (h *applicationOperations) interview(ctx context.Context, c *Call, in *interviewApplication) (applicationView, error) {
	var at time.Time
	if in.Body != nil && in.Body.At != nil {
		at = *in.Body.At
	}
	return shownApplication(h.service.Interview(ctx, c.Actor, application.ID(in.ID), at))
}

type rankApplication struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Rank int `json:"rank" validate:"required,min=1,max=10000" doc:"place on the waiting list, from 1" example:"1"`
	}
}

func (h *applicationOperations) wait(ctx context.Context, c *Call, in *rankApplication) (applicationView, error) {
	return shownApplication(h.service.Wait(ctx, c.Actor, application.ID(in.ID), in.Body.Rank))
}

func (h *applicationOperations) selectOne(ctx context.Context, c *Call, in *oneApplication) (applicationView, error) {
	return shownApplication(h.service.Select(ctx, c.Actor, application.ID(in.ID)))
}

type refuseApplication struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=experience qualification language documents_missing not_reached no_show position_filled employer_decision other" example:"experience"`
	}
}

func (h *applicationOperations) refuse(ctx context.Context, c *Call, in *refuseApplication) (applicationView, error) {
	return shownApplication(h.service.Refuse(ctx, c.Actor, application.ID(in.ID), in.Body.Reason))
}

// shownApplication shows the answer of a service.
func shownApplication(a *application.Application, err error) (applicationView, error) {
	if err != nil {
		return applicationView{}, err
	}
	return applicationOf(a), nil
}
