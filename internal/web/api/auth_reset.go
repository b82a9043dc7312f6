package api

import (
	"context"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
)

func (h *authOperations) registerResets(a *API) {
	Register(a, Op[forgotPassword, resetRequest]{
		Method: "POST", Path: "/auth/password/forgot", ID: "forgotPassword", Summary: "Ask for a new password",
		Description: "Sends a link by e-mail or a code of six digits by SMS, whichever the login is. The answer is the same whether or not there is an account.",
		Permission:  "auth.password.forgot", Status: 202, Unstored: true, Handle: h.forgot,
	})
	Register(a, Op[resetPassword, NoContent]{
		Method: "POST", Path: "/auth/password/reset", ID: "resetPassword", Summary: "Set a new password with a code",
		Description: "Takes the token of the link; or requestId and the code of the SMS; or the code an official has handed over, alone. The code counts once. Every session of the account ends and its owner is told.",
		Permission:  "auth.password.reset", Unstored: true, Handle: h.reset,
	})
}

type forgotPassword struct {
	Body struct {
		Email string `json:"email" validate:"max=254" doc:"one of email, phone and login is required" example:"awa@example.ml"`
		Phone string `json:"phone" validate:"max=40" example:"+22376123456"`
		Login string `json:"login" validate:"max=254" doc:"e-mail address or phone number"`
	}
}

// resetRequest says the same whether or not there is an account.
type resetRequest struct {
	Status    string `json:"status" example:"accepted" doc:"always the same"`
	RequestID string `json:"requestId,omitempty" doc:"for phone numbers: to be sent back with the code; a link holds its own"`
}

func (h *authOperations) forgot(ctx context.Context, c *Call, in *forgotPassword) (resetRequest, error) {
	named, err := oneOf(in.Body.Email, in.Body.Phone, in.Body.Login)
	if err != nil {
		return resetRequest{}, err
	}
	request, err := h.service.Forgot(ctx, named, c.client())
	out := resetRequest{Status: "accepted"}
	if request.ByDigits {
		out.RequestID = string(request.ID)
	}
	return out, err
}

type resetPassword struct {
	Body struct {
		Token       string `json:"token" validate:"max=256" doc:"of the link, in place of requestId and code"`
		RequestID   string `json:"requestId" validate:"max=64" doc:"of the request the SMS answers; none for a code on paper"`
		Code        string `json:"code" validate:"required_without=Token,max=40" example:"492039"`
		NewPassword string `json:"newPassword" validate:"required,max=1024" doc:"12 characters or more; common and guessable ones are refused"`
	}
}

func (h *authOperations) reset(ctx context.Context, c *Call, in *resetPassword) (NoContent, error) {
	return NoContent{}, h.service.Reset(ctx, auth.PasswordReset{
		Token: in.Body.Token, Request: account.CodeID(in.Body.RequestID), Code: in.Body.Code, New: in.Body.NewPassword, From: c.client(),
	})
}
