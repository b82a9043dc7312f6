package api

import (
	"context"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
)

// registerOwn adds what a person does with the own sessions and identifiers.
func (h *authOperations) registerOwn(a *API) {
	Register(a, Op[struct{}, List[sessionLine]]{
		Method: "GET", Path: "/me/sessions", ID: "listSessions", Summary: "List one's own open sessions",
		Permission: "me.sessions", Handle: h.sessions,
	})
	Register(a, Op[ownSession, NoContent]{
		Method: "DELETE", Path: "/me/sessions/{id}", ID: "endSession", Summary: "End one of one's own sessions",
		Permission: "me.sessions", Handle: h.endSession,
	})
	Register(a, Op[endSessions, NoContent]{
		Method: "POST", Path: "/me/sessions/revocations", ID: "endSessions", Summary: "Sign out everywhere",
		Permission: "me.sessions", Handle: h.endSessions,
	})
	Register(a, Op[newIdentifier, identifierRequest]{
		Method: "POST", Path: "/me/identifiers", ID: "changeIdentifier", Summary: "Ask to sign in with another e-mail address or phone number, or to verify the present one",
		Description: "Sends a code of six digits there. The answer is the same whether or not another account has it. Takes a recent proof of the password, see /auth/reauthentication.",
		Permission:  "me.identifiers", Status: 202, Unstored: true, Handle: h.changeIdentifier,
	})
	Register(a, Op[confirmIdentifier, NoContent]{
		Method: "POST", Path: "/me/identifiers/confirmations", ID: "confirmIdentifier", Summary: "Confirm an e-mail address or phone number with the code that was sent there",
		Description: "The owner is told at the old one, and the other sessions end.",
		Permission:  "me.identifiers", Unstored: true, Handle: h.confirmIdentifier,
	})
}

type sessionLine struct {
	ID        string    `json:"id"`
	Device    string    `json:"device" doc:"as its browser calls itself"`
	CreatedAt time.Time `json:"createdAt"`
	UsedAt    time.Time `json:"usedAt" doc:"last sign-in or refresh"`
	ExpiresAt time.Time `json:"expiresAt"`
	Current   bool      `json:"current" doc:"the session of this request"`
}

func (h *authOperations) sessions(ctx context.Context, c *Call, _ *struct{}) (List[sessionLine], error) {
	sessions, err := h.service.SessionList(ctx, c.Actor)
	if err != nil {
		return List[sessionLine]{}, err
	}
	return NewList(c, listing.Result[auth.SessionInfo]{Items: sessions, Total: len(sessions)}, func(s auth.SessionInfo) sessionLine {
		return sessionLine{ID: string(s.ID), Device: s.Label, CreatedAt: s.CreatedAt, UsedAt: s.UsedAt, ExpiresAt: s.ExpiresAt, Current: s.Current}
	}), nil
}

type ownSession struct {
	ID string `path:"id" validate:"max=64"`
}

func (h *authOperations) endSession(ctx context.Context, c *Call, in *ownSession) (NoContent, error) {
	return NoContent{}, h.service.EndSession(ctx, c.Actor, account.SessionID(in.ID))
}

type endSessions struct {
	Body *struct {
		KeepCurrent bool `json:"keepCurrent" doc:"stay signed in here"`
	}
}

func (h *authOperations) endSessions(ctx context.Context, c *Call, in *endSessions) (NoContent, error) {
	return NoContent{}, h.service.EndSessions(ctx, c.Actor, in.Body != nil && in.Body.KeepCurrent)
}

type newIdentifier struct {
	Body struct {
		Email string `json:"email" validate:"max=254" doc:"either it or the phone number" example:"awa@example.ml"`
		Phone string `json:"phone" validate:"max=40" example:"+22376123456"`
	}
}

type identifierRequest struct {
	RequestID string `json:"requestId" doc:"to be sent back with the code"`
}

func (h *authOperations) changeIdentifier(ctx context.Context, c *Call, in *newIdentifier) (identifierRequest, error) {
	if _, err := oneOf(in.Body.Email, in.Body.Phone); err != nil {
		return identifierRequest{}, err
	}
	to := account.Identifier{Kind: account.ByEmail}
	var err error
	if in.Body.Email != "" {
		to.Value, err = account.ParseEmail(in.Body.Email)
	} else {
		to.Kind = account.ByPhone
		to.Value, err = auth.ParsePhone(in.Body.Phone)
	}
	if err != nil {
		return identifierRequest{}, err
	}
	id, err := h.service.ChangeIdentifier(ctx, c.Actor, to, c.client())
	return identifierRequest{RequestID: string(id)}, err
}

type confirmIdentifier struct {
	Body struct {
		RequestID string `json:"requestId" validate:"required,max=64"`
		Code      string `json:"code" validate:"required,max=40" example:"492039"`
	}
}

func (h *authOperations) confirmIdentifier(ctx context.Context, c *Call, in *confirmIdentifier) (NoContent, error) {
	return NoContent{}, h.service.ConfirmIdentifier(ctx, c.Actor, account.CodeID(in.Body.RequestID), in.Body.Code, c.client())
}

// oneOf gives the one text that was sent of several.
func oneOf(texts ...string) (string, error) {
	named := ""
	for _, s := range texts {
		switch {
		case s == "":
		case named == "":
			named = s
		default:
			return "", fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/login", Code: "repeated"})
		}
	}
	if named == "" {
		return "", fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/email", Code: "account.identifier.required"})
	}
	return named, nil
}
