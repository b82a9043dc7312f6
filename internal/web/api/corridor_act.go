package api

import (
	"context"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
)

// registerActs adds what officials ask about the acts of a corridor.
func (h *corridorOperations) registerActs(a *API) {
	Register(a, Op[listAffected, affectedList]{
		Method: "GET", Path: "/corridors/{code}/affected", ID: "listAffected", Summary: "Files that a suspension touches, or would touch",
		Description: "Open placements first, then live applications, then offers in force, each by id; nobody is named. With an act's number the scope is that act's.",
		Permission:  "corridor.suspend", Handle: h.affected,
	})
	Register(a, Op[decideFees, corridorJSON]{
		Method: "POST", Path: "/corridors/{code}/fee-decisions", ID: "decideFees", Summary: "Confirm or reject the proposal that workers may be charged",
		Description: "The proposal is made by PUT with workerFees true; another official than its author confirms it.",
		Permission:  "corridor.update", Handle: h.decideFees,
	})
}

type listAffected struct {
	Page
	Code       string `path:"code" validate:"corridor" example:"ML-ES"`
	Kind       string `query:"kind" validate:"omitempty,kind" doc:"absent = every kind of work"`
	Occupation string `query:"occupation" validate:"omitempty,occupation" doc:"prefix; absent = every occupation"`
	Act        string `query:"act" validate:"omitempty,max=120,line" doc:"number of a legal act about the corridor"`
	Type       string `query:"type" validate:"omitempty,oneof=placement application offer"`
}

func (h *corridorOperations) affected(ctx context.Context, c *Call, in *listAffected) (affectedList, error) {
	if _, err := h.service.Get(ctx, c.Actor, corridor.Code(in.Code)); err != nil {
		return affectedList{}, err
	}
	page := in.Listing()
	scope := suspension.Scope{Target: suspension.Target{Kind: suspension.Corridor, ID: in.Code}, Work: ref.WorkKind(in.Kind), Occupation: ref.Occupation(in.Occupation)}
	found, err := h.acts.Affected(ctx, c.Actor, suspension.Query{Scope: scope, Act: in.Act, Type: suspension.FileType(in.Type), Limit: page.Limit, After: page.After})
	if err != nil {
		return affectedList{}, err
	}
	return affectedOf(c, found), nil
}

type decideFees struct {
	Code string `path:"code" validate:"corridor" example:"ML-ES"`
	Body struct {
		Confirmed bool `json:"confirmed" doc:"false rejects the proposal"`
	}
}

func (h *corridorOperations) decideFees(ctx context.Context, c *Call, in *decideFees) (corridorJSON, error) {
	x, err := h.service.DecideFees(ctx, c.Actor, corridor.Code(in.Code), in.Body.Confirmed)
	return h.answer(ctx, c, x, err)
}
