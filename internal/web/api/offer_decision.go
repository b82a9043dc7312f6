package api

import (
	"context"

	"passerelle/internal/domain/offer"
)

// The bodies of decisions. The reasons are the closed lists of the domain;
// "other" needs a note.

type returnOffer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=incomplete unclear_terms occupation_wrong pay_unclear contacts_in_text duplicate other" example:"incomplete"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *offerOperations) giveBack(ctx context.Context, c *Call, in *returnOffer) (offerJSON, error) {
	o, err := h.service.Return(ctx, c.Actor, offer.ID(in.ID), offer.Decision(in.Body))
	return h.done(ctx, c, o, err)
}

type refuseOffer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=fees_charged pay_too_low hours_excessive discriminatory abusive_terms employer_doubtful false_offer duplicate corridor_closed other" example:"pay_too_low"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *offerOperations) refuse(ctx context.Context, c *Call, in *refuseOffer) (offerJSON, error) {
	o, err := h.service.Refuse(ctx, c.Actor, offer.ID(in.ID), offer.Decision(in.Body))
	return h.done(ctx, c, o, err)
}

type answerOffer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Note string `json:"note" validate:"required,max=2000" doc:"what the agency answers" example:"Le salaire a été corrigé."`
	}
}

func (h *offerOperations) answer(ctx context.Context, c *Call, in *answerOffer) (offerJSON, error) {
	o, err := h.service.Answer(ctx, c.Actor, offer.ID(in.ID), in.Body.Note)
	return h.done(ctx, c, o, err)
}

type suspendOffer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=complaints fees_charged false_offer terms_changed safety inspection court_order other" example:"complaints"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *offerOperations) suspend(ctx context.Context, c *Call, in *suspendOffer) (offerJSON, error) {
	o, err := h.service.Suspend(ctx, c.Actor, offer.ID(in.ID), offer.Decision(in.Body))
	return h.done(ctx, c, o, err)
}

type reopenOffer struct {
	ID   string `path:"id" validate:"max=64"`
	Body *struct {
		Reason string `json:"reason" validate:"omitempty,oneof=cleared corrected complaint_unfounded other"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *offerOperations) reopen(ctx context.Context, c *Call, in *reopenOffer) (offerJSON, error) {
	var d offer.Decision
	if in.Body != nil {
		d = offer.Decision(*in.Body)
	}
	o, err := h.service.Reopen(ctx, c.Actor, offer.ID(in.ID), d)
	return h.done(ctx, c, o, err)
}

type closeOffer struct {
	ID   string `path:"id" validate:"max=64"`
	Body *struct {
		Reason string `json:"reason" validate:"omitempty,oneof=places_filled employer_cancelled no_candidates safety other"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *offerOperations) close(ctx context.Context, c *Call, in *closeOffer) (offerJSON, error) {
	var d offer.Decision
	if in.Body != nil {
		d = offer.Decision(*in.Body)
	}
	o, err := h.service.Close(ctx, c.Actor, offer.ID(in.ID), d)
	return h.done(ctx, c, o, err)
}

type withdrawOffer struct {
	ID   string `path:"id" validate:"max=64"`
	Body *struct {
		Reason string `json:"reason" validate:"omitempty,oneof=employer_cancelled mistake no_longer_needed other"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *offerOperations) withdraw(ctx context.Context, c *Call, in *withdrawOffer) (offerJSON, error) {
	var d offer.Decision
	if in.Body != nil {
		d = offer.Decision(*in.Body)
	}
	o, err := h.service.Withdraw(ctx, c.Actor, offer.ID(in.ID), d)
	return h.done(ctx, c, o, err)
}

type objectToOffer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=fees_charged pay_too_low hours_excessive discriminatory abusive_terms labour_dispute false_offer other" example:"pay_too_low"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *offerOperations) object(ctx context.Context, c *Call, in *objectToOffer) (offerJSON, error) {
	o, err := h.service.Object(ctx, c.Actor, offer.ID(in.ID), offer.Decision(in.Body))
	return h.done(ctx, c, o, err)
}
