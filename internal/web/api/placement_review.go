package api

import (
	"context"

	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

func (h *placementOperations) registerReview(a *API) {
	Register(a, Op[onePlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/claims", ID: "claimPlacement", Summary: "Take a file for oneself for four hours",
		Permission: "placement.review", Handle: h.claim,
	})
	Register(a, Op[onePlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/claims/releases", ID: "releasePlacementClaim", Summary: "Give a claimed file back to the queue",
		Permission: "placement.review", Handle: h.unclaim,
	})
	Register(a, Op[returnPlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/returns", ID: "returnPlacement", Summary: "Give a file back for correction, for a reason",
		Permission: "placement.review", Handle: h.giveBack,
	})
	Register(a, Op[onePlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/reviews", ID: "reviewPlacement", Summary: "First signature: the file is complete and in order",
		Permission: "placement.review", Handle: h.review,
	})
	Register(a, Op[refusePlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/refusals", ID: "refusePlacement", Summary: "Refuse a file; takes two officials",
		Description: "The first official's call is a proposal: the state stays. The call of a second one refuses; it may leave the reason out.",
		Permission:  "placement.review", Handle: h.refuse,
	})
	Register(a, Op[clearPlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/clearances", ID: "clearPlacement", Summary: "Second signature: the authorisation to leave",
		Description: "By another official than the first signature. Valid for 90 days at most, and no longer than the papers of the checklist.",
		Permission:  "placement.clear", Handle: h.clear,
	})
	Register(a, Op[revokePlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/revocations", ID: "revokeClearance", Summary: "Take a clearance back before departure",
		Permission: "placement.clear", Handle: h.revoke,
	})
	Register(a, Op[holdPlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/holds", ID: "holdPlacement", Summary: "Stop a file for the person's safety",
		Permission: "placement.review", Handle: h.hold,
	})
	Register(a, Op[releaseHold, placementJSON]{
		Method: "POST", Path: "/placements/{id}/holds/releases", ID: "releasePlacementHold", Summary: "Lift a hold; takes two officials and a written reason",
		Description: "The first official's call is noted, the call of a second one lifts. The person sees both reasons. A corridor's hold falls with its reopening.",
		Permission:  "placement.review", Handle: h.release,
	})
}

func (h *placementOperations) claim(ctx context.Context, c *Call, in *onePlacement) (placementJSON, error) {
	p, err := h.service.Claim(ctx, c.Actor, placement.ID(in.ID))
	return h.done(c, p, err)
}

func (h *placementOperations) unclaim(ctx context.Context, c *Call, in *onePlacement) (placementJSON, error) {
	p, err := h.service.ReleaseClaim(ctx, c.Actor, placement.ID(in.ID))
	return h.done(c, p, err)
}

type returnPlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=file_incomplete documents_missing document_expired unclear_terms terms_changed costs_unclear other" example:"documents_missing"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *placementOperations) giveBack(ctx context.Context, c *Call, in *returnPlacement) (placementJSON, error) {
	p, err := h.service.Return(ctx, c.Actor, placement.ID(in.ID), placement.Grounds(in.Body))
	return h.done(c, p, err)
}

func (h *placementOperations) review(ctx context.Context, c *Call, in *onePlacement) (placementJSON, error) {
	p, err := h.service.Review(ctx, c.Actor, placement.ID(in.ID))
	return h.done(c, p, err)
}

type refusePlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body *struct {
		Reason string `json:"reason" validate:"omitempty,oneof=contract_substitution fees_charged pay_too_low hours_excessive false_documents employer_doubtful identity_doubtful unfit safety corridor_closed other" doc:"mandatory in the proposal" example:"contract_substitution"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *placementOperations) refuse(ctx context.Context, c *Call, in *refusePlacement) (placementJSON, error) {
	var g placement.Grounds
	if in.Body != nil {
		g = placement.Grounds(*in.Body)
	}
	p, err := h.service.Refuse(ctx, c.Actor, placement.ID(in.ID), g)
	return h.done(c, p, err)
}

type clearPlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body *struct {
		From  string `json:"from,omitempty" validate:"omitempty,date" doc:"first day; today when left out" example:"2026-12-01"`
		Until string `json:"until,omitempty" validate:"omitempty,date" doc:"last day; 30 days after the first when left out" example:"2027-01-15"`
	}
}

func (h *placementOperations) clear(ctx context.Context, c *Call, in *clearPlacement) (placementJSON, error) {
	var v placement.Validity
	if in.Body != nil {
		v = placement.Validity{From: ref.Date(in.Body.From), Until: ref.Date(in.Body.Until)}
	}
	p, err := h.service.Clear(ctx, c.Actor, placement.ID(in.ID), v)
	return h.done(c, p, err)
}

type revokePlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=safety complaints false_documents contract_substitution fees_charged corridor_closed court_order mistake other" example:"complaints"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *placementOperations) revoke(ctx context.Context, c *Call, in *revokePlacement) (placementJSON, error) {
	p, err := h.service.Revoke(ctx, c.Actor, placement.ID(in.ID), placement.Grounds(in.Body))
	return h.done(c, p, err)
}

type holdPlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Source string `json:"source" validate:"required,max=200,line" doc:"what tells this hold from others: id of an incident, number of a letter" example:"Lettre 2026-114"`
		Reason string `json:"reason" validate:"required,max=2000" doc:"in words; the person sees it"`
	}
}

func (h *placementOperations) hold(ctx context.Context, c *Call, in *holdPlacement) (placementJSON, error) {
	p, err := h.service.Hold(ctx, c.Actor, placement.ID(in.ID), placement.HoldSafety, in.Body.Source, in.Body.Reason)
	return h.done(c, p, err)
}

type releaseHold struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Kind   string `json:"kind" validate:"required,oneof=substitution corridor safety" example:"substitution"`
		Source string `json:"source" validate:"required,max=200,line" doc:"as the hold says" example:"contract/1"`
		Reason string `json:"reason" validate:"required,max=2000" doc:"in words; the person sees it" example:"La personne préfère cette ville."`
	}
}

func (h *placementOperations) release(ctx context.Context, c *Call, in *releaseHold) (placementJSON, error) {
	b := in.Body
	p, err := h.service.ReleaseHold(ctx, c.Actor, placement.ID(in.ID), placement.HoldKind(b.Kind), b.Source, b.Reason)
	return h.done(c, p, err)
}
