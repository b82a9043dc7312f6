package api

import (
	"context"

	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// RegisterIncidents adds the operations on incidents: reports, also without a
// name, and what officials do with them.
func RegisterIncidents(a *API, service *incident.Service) {
	h := &incidentOperations{service}
	h.registerReporter(a)
	h.registerDesk(a)
	Register(a, Op[listIncidents, List[incidentCard]]{
		Method: "GET", Path: "/incidents", ID: "listIncidents", Summary: "List incidents, the most pressing first",
		Description: "Officials see all; people their own reports; agencies theirs and those about their placements, except where safety is at stake.",
		Permission:  "incident.read", Handle: h.list,
	})
	Register(a, Op[oneIncident, incidentView]{
		Method: "GET", Path: "/incidents/{id}", ID: "showIncident", Summary: "Read one incident",
		Permission: "incident.read", Handle: h.show,
	})
	Register(a, Op[struct{}, incidentVocabulary]{
		Method: "GET", Path: "/reference/incident-categories", ID: "listIncidentCategories", Summary: "Categories and indicators of forced labour",
		Permission: "reference.read", Handle: h.vocabulary,
	})
}

func (h *incidentOperations) registerReporter(a *API) {
	Register(a, Op[createIncident, givenIncident]{
		Method: "POST", Path: "/incidents", ID: "createIncident", Summary: "Report an incident",
		Description: "Also without an account or a name: then neither account nor network address is kept. The answer holds a code to follow the case with, which is shown once. The same report under the same Idempotency-Key is one case.",
		Permission:  "incident.create", Status: 201, Unstored: true, Handle: h.create,
	})
	Register(a, Op[readIncident, givenIncident]{
		Method: "POST", Path: "/incidents/{id}/readings", ID: "readIncident", Summary: "Read the answers to one's own report",
		Description: "With the code of the report, or signed in as the reporter. A code counts once; the answer holds the next one.",
		Permission:  "incident.follow", Unstored: true, Handle: h.read,
	})
	Register(a, Op[followIncident, givenIncident]{
		Method: "POST", Path: "/incidents/{id}/followups", ID: "followIncident", Summary: "Add to one's own report",
		Description: "With the code of the report, or signed in as the reporter. A code counts once; the answer holds the next one. A word on a closed case reopens it.",
		Permission:  "incident.follow", Unstored: true, Handle: h.follow,
	})
}

func (h *incidentOperations) registerDesk(a *API) {
	Register(a, Op[triageIncident, incidentView]{
		Method: "POST", Path: "/incidents/{id}/triages", ID: "triageIncident", Summary: "Take the first look and take charge",
		Permission: "incident.decide", Handle: h.triage,
	})
	Register(a, Op[answerIncident, incidentView]{
		Method: "POST", Path: "/incidents/{id}/answers", ID: "answerIncident", Summary: "Answer in the case",
		Permission: "incident.answer", Handle: h.answer,
	})
	Register(a, Op[referIncident, incidentView]{
		Method: "POST", Path: "/incidents/{id}/referrals", ID: "referIncident", Summary: "Refer the case to a partner",
		Permission: "incident.decide", Handle: h.refer,
	})
	Register(a, Op[closeIncident, incidentView]{
		Method: "POST", Path: "/incidents/{id}/resolutions", ID: "closeIncident", Summary: "Close the case for a reason",
		Description: "A hold on the placement is released apart, by two officials.",
		Permission:  "incident.decide", Handle: h.close,
	})
	Register(a, Op[oneIncident, incidentView]{
		Method: "POST", Path: "/incidents/{id}/reopenings", ID: "reopenIncident", Summary: "Take a closed case up again",
		Permission: "incident.decide", Handle: h.reopen,
	})
	Register(a, Op[listPartners, List[incidentPartner]]{
		Method: "GET", Path: "/reference/referral-partners", ID: "listReferralPartners", Summary: "Partners a case can be referred to in a country",
		Permission: "reference.read", Handle: h.partners,
	})
}

type incidentOperations struct{ service *incident.Service }

type listIncidents struct {
	Page
	State     []string `query:"state" validate:"max=7,dive,oneof=received triaged in_progress referred resolved unfounded reopened"`
	Category  string   `query:"category" validate:"max=64"`
	Placement string   `query:"placement" validate:"max=64" doc:"id of a placement"`
	Country   string   `query:"country" validate:"omitempty,country"`
	Safety    bool     `query:"safety" doc:"only cases in which safety is at stake"`
	Late      bool     `query:"late" doc:"only cases whose 24 hours for a first look are over"`
}

func (h *incidentOperations) list(ctx context.Context, c *Call, in *listIncidents) (List[incidentCard], error) {
	page, err := h.service.List(ctx, c.Actor, incident.Query{
		States: typed[incident.State](in.State), Category: in.Category, Placement: placement.ID(in.Placement), Country: ref.Country(in.Country),
		SafetyOnly: in.Safety, Late: in.Late, After: in.Cursor.After, Limit: in.Limit,
	})
	if err != nil {
		return List[incidentCard]{}, err
	}
	return NewList(c, page, incidentCardOf), nil
}

type oneIncident struct {
	ID string `path:"id" validate:"max=64"`
}

func (h *incidentOperations) show(ctx context.Context, c *Call, in *oneIncident) (incidentView, error) {
	return shownIncident(h.service.Get(ctx, c.Actor, incident.ID(in.ID)))
}

type createIncident struct {
	Body struct {
		Anonymous      bool     `json:"anonymous,omitempty" doc:"keep nothing that leads to the reporter; so it is for anybody who is not signed in"`
		KeepFromAgency *bool    `json:"keepFromAgency,omitempty" doc:"the agency sees neither the report nor who made it; true when left out"`
		Category       string   `json:"category" validate:"required,oneof=wages hours housing contract_substitution fee document_retention violence harassment confinement health_accident missing trafficking discrimination other" example:"wages"`
		Indicators     []string `json:"indicators,omitempty" validate:"max=11,dive,max=64" doc:"of forced labour (ILO)" example:"[\"withholding_of_wages\"]"`
		Description    string   `json:"description" validate:"required,max=8000" example:"Le salaire de deux mois n’a pas été payé."`
		Placement      string   `json:"placement,omitempty" validate:"max=64" doc:"id of one's own placement; not with anonymous"`
		Agency         string   `json:"agency,omitempty" validate:"max=64"`
		Offer          string   `json:"offer,omitempty" validate:"max=64"`
		Country        string   `json:"country,omitempty" validate:"omitempty,country" example:"ES"`
	}
}

func (h *incidentOperations) create(ctx context.Context, c *Call, in *createIncident) (givenIncident, error) {
	b := in.Body
	key, _, err := c.idempotencyKey()
	if err != nil {
		return givenIncident{}, err
	}
	given, err := h.service.File(ctx, c.Actor, incident.Report{
		Anonymous: b.Anonymous, Discreet: b.KeepFromAgency == nil || *b.KeepFromAgency, Category: b.Category, Indicators: b.Indicators,
		Description: b.Description, Placement: placement.ID(b.Placement), Agency: b.Agency, Offer: b.Offer, Country: ref.Country(b.Country), Key: key.Value,
	})
	if err == nil {
		c.Location("/incidents/" + string(given.ID))
	}
	return shownGiven(given, err)
}

type readIncident struct {
	ID   string `path:"id" validate:"max=64"`
	Body *struct {
		Code string `json:"code,omitempty" validate:"max=100" doc:"of the report; not needed when signed in as the reporter"`
	}
}

func (h *incidentOperations) read(ctx context.Context, c *Call, in *readIncident) (givenIncident, error) {
	code := ""
	if in.Body != nil {
		code = in.Body.Code
	}
	return shownGiven(h.service.Follow(ctx, c.Actor, incident.ID(in.ID), code, ""))
}

type followIncident struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Code string `json:"code,omitempty" validate:"max=100" doc:"of the report; not needed when signed in as the reporter"`
		Text string `json:"text" validate:"required,max=8000" example:"Le passeport a été rendu."`
	}
}

func (h *incidentOperations) follow(ctx context.Context, c *Call, in *followIncident) (givenIncident, error) {
	return shownGiven(h.service.Follow(ctx, c.Actor, incident.ID(in.ID), in.Body.Code, in.Body.Text))
}

type triageIncident struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Category   string   `json:"category" validate:"required,max=64" example:"wages"`
		Indicators []string `json:"indicators,omitempty" validate:"max=11,dive,max=64"`
		Safety     bool     `json:"safety,omitempty" doc:"somebody’s safety is at stake whatever the category"`
	}
}

func (h *incidentOperations) triage(ctx context.Context, c *Call, in *triageIncident) (incidentView, error) {
	b := in.Body
	return shownIncident(h.service.Triage(ctx, c.Actor, incident.ID(in.ID), incident.Triage{Category: b.Category, Indicators: b.Indicators, Safety: b.Safety}))
}

type answerIncident struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Text     string `json:"text" validate:"required,max=8000" example:"Nous avons écrit à l’employeur."`
		Audience string `json:"audience,omitempty" validate:"omitempty,oneof=all reporter officials" doc:"all when left out; agencies answer to all"`
	}
}

func (h *incidentOperations) answer(ctx context.Context, c *Call, in *answerIncident) (incidentView, error) {
	audience := incident.Audience(in.Body.Audience)
	if audience == "" {
		audience = incident.ForAll
	}
	return shownIncident(h.service.Answer(ctx, c.Actor, incident.ID(in.ID), in.Body.Text, audience))
}

type referIncident struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Partner   string `json:"partner" validate:"required,oneof=consulate labour_inspectorate iom police ngo" example:"consulate"`
		Country   string `json:"country" validate:"required,country" example:"ES"`
		Consented bool   `json:"consented,omitempty" doc:"the person agreed to it"`
		Note      string `json:"note,omitempty" validate:"max=8000"`
	}
}

func (h *incidentOperations) refer(ctx context.Context, c *Call, in *referIncident) (incidentView, error) {
	b := in.Body
	return shownIncident(h.service.Refer(ctx, c.Actor, incident.ID(in.ID), incident.Handover{Partner: b.Partner, Country: ref.Country(b.Country), Consented: b.Consented, Note: b.Note}))
}

type closeIncident struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		State  string `json:"state" validate:"required,oneof=resolved unfounded" example:"resolved"`
		Reason string `json:"reason" validate:"required,oneof=settled paid moved returned_home person_safe prosecuted handed_over withdrawn no_facts mistaken duplicate other" example:"settled"`
		Note   string `json:"note,omitempty" validate:"max=8000"`
	}
}

func (h *incidentOperations) close(ctx context.Context, c *Call, in *closeIncident) (incidentView, error) {
	b := in.Body
	return shownIncident(h.service.Close(ctx, c.Actor, incident.ID(in.ID), incident.State(b.State), b.Reason, b.Note))
}

func (h *incidentOperations) reopen(ctx context.Context, c *Call, in *oneIncident) (incidentView, error) {
	return shownIncident(h.service.Reopen(ctx, c.Actor, incident.ID(in.ID)))
}
