package api

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
)

// registerGrants adds the second signature on privileged roles.
func (h *userOperations) registerGrants(a *API) {
	Register(a, Op[confirmUser, userJSON]{
		Method: "POST", Path: "/users/{id}/confirmations", ID: "confirmUser", Summary: "Confirm the role another administrator proposes for an account",
		Description: "The body names the revision that was read: what was proposed anew in between is answered 412. The proposer cannot confirm (403, four_eyes.same), nor can an account whose password or second factor the proposer has replaced in the last seven days.",
		Permission:  "user.manage", Also: []int{409, 412}, Handle: h.confirm,
	})
	Register(a, Op[reasonedUser, userJSON]{
		Method: "POST", Path: "/users/{id}/rejections", ID: "rejectUser", Summary: "Refuse the role that is proposed for an account, or take it back",
		Description: "An account that was opened with it stays disabled, without the role.",
		Permission:  "user.manage", Handle: h.reject,
	})
}

// userProposal is a post that waits for a second signature.
type userProposal struct {
	Role        string    `json:"role" example:"official"`
	Agency      string    `json:"agency,omitempty"`
	Institution string    `json:"institution,omitempty"`
	Collector   bool      `json:"collector"`
	By          string    `json:"by" doc:"account of the administrator who proposes it"`
	At          time.Time `json:"at"`
}

func proposalOf(g account.Grant) *userProposal {
	if g.IsZero() {
		return nil
	}
	p := g.Post
	return &userProposal{Role: string(p.Role), Agency: p.Agency, Institution: p.Institution, Collector: p.Collector, By: string(g.By), At: g.At}
}

type confirmUser struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Rev int64 `json:"rev" validate:"required,min=1" doc:"revision of the account that was read" example:"2"`
	}
}

func (h *userOperations) confirm(ctx context.Context, c *Call, in *confirmUser) (userJSON, error) {
	return h.answer(h.service.Confirm(ctx, c.Actor, account.ID(in.ID), in.Body.Rev))
}

func (h *userOperations) reject(ctx context.Context, c *Call, in *reasonedUser) (userJSON, error) {
	return h.answer(h.service.Reject(ctx, c.Actor, account.ID(in.ID), in.reason()))
}
