package api

import (
	"context"
	"time"

	"passerelle/internal/domain/assignment"
)

// RegisterClaims adds the operations by which officials share the offers,
// agencies, employers and incidents that wait; placements have their own.
func RegisterClaims(a *API, service *assignment.Service) {
	for _, n := range []struct {
		kind       assignment.Kind
		path, name string
	}{
		{assignment.Offer, "/offers", "Offer"}, {assignment.Agency, "/agencies", "Agency"},
		{assignment.Employer, "/employers", "Employer"}, {assignment.Incident, "/incidents", "Incident"},
	} {
		h := &claimOperations{service, n.kind}
		Register(a, Op[oneClaimed, claimJSON]{
			Method: "POST", Path: n.path + "/{id}/claims", ID: "claim" + n.name, Summary: "Take a waiting file for oneself for four hours",
			Description: "Again by the same official: for longer. It tells the others and stops nobody: their decisions stand. It ends when the file goes on.",
			Permission:  n.kind.Permission(), Handle: h.take,
		})
		Register(a, Op[oneClaimed, claimJSON]{
			Method: "POST", Path: n.path + "/{id}/claims/releases", ID: "release" + n.name + "Claim", Summary: "Give a claimed file back to the queue",
			Permission: n.kind.Permission(), Handle: h.giveBack,
		})
	}
}

type claimOperations struct {
	service *assignment.Service
	kind    assignment.Kind
}

type oneClaimed struct {
	ID string `path:"id" validate:"max=64"`
}

// claimJSON says who has a file; a file that nobody has names nobody.
type claimJSON struct {
	ID    string    `json:"id" doc:"of the file"`
	Kind  string    `json:"kind" doc:"offer, agency, employer or incident" example:"offer"`
	By    string    `json:"by,omitempty" doc:"account id"`
	At    time.Time `json:"at,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

func (h *claimOperations) file(in *oneClaimed) assignment.File {
	return assignment.File{Kind: h.kind, ID: in.ID}
}

func (h *claimOperations) take(ctx context.Context, c *Call, in *oneClaimed) (claimJSON, error) {
	held, err := h.service.Take(ctx, c.Actor, h.file(in))
	return claimJSON{ID: in.ID, Kind: string(h.kind), By: string(held.By), At: held.At, Until: held.Until}, err
}

func (h *claimOperations) giveBack(ctx context.Context, c *Call, in *oneClaimed) (claimJSON, error) {
	return claimJSON{ID: in.ID, Kind: string(h.kind)}, h.service.GiveBack(ctx, c.Actor, h.file(in))
}
