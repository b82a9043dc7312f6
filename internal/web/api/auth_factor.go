package api

import (
	"context"
	"time"

	"passerelle/internal/auth"
)

func (h *authOperations) registerFactor(a *API) {
	Register(a, Op[reauthenticate, NoContent]{
		Method: "POST", Path: "/auth/reauthentication", ID: "reauthenticate", Summary: "Prove one's own password again",
		Description: "Changes of e-mail address, phone number and second factor take a sign-in or this within the last ten minutes; else they answer 403 with code auth.reauthenticate.",
		Permission:  "auth.reauthenticate", Unstored: true, Handle: h.reauthenticate,
	})
	Register(a, Op[struct{}, enrolment]{
		Method: "POST", Path: "/auth/mfa/enrol", ID: "enrolFactor", Summary: "Offer a second factor to an authenticator",
		Description: "Gives a TOTP secret (RFC 6238: 30 seconds, six digits). It is in force once confirmed with a code of it.",
		Permission:  "auth.mfa", Unstored: true, Handle: h.enrol,
	})
	Register(a, Op[factorCode, recovery]{
		Method: "POST", Path: "/auth/mfa/confirm", ID: "confirmFactor", Summary: "Put the offered second factor in force",
		Description: "Gives ten recovery codes, each good once in place of a code; they are shown this once. The other sessions of the account end.",
		Permission:  "auth.mfa", Unstored: true, Handle: h.confirm,
	})
	Register(a, Op[factorCode, NoContent]{
		Method: "POST", Path: "/auth/mfa/removal", ID: "removeFactor", Summary: "Take one's own second factor away",
		Description: "Officials and administrators have to enrol another before anything else.",
		Permission:  "auth.mfa", Unstored: true, Handle: h.removeFactor,
	})
}

type reauthenticate struct {
	Body struct {
		Password string `json:"password" validate:"required,max=1024"`
		Code     string `json:"code" validate:"max=40" doc:"of the second factor, where one is enrolled" example:"492039"`
	}
}

func (h *authOperations) reauthenticate(ctx context.Context, c *Call, in *reauthenticate) (NoContent, error) {
	return NoContent{}, h.service.Reauthenticate(ctx, c.Actor, auth.Proof{Password: in.Body.Password, Code: in.Body.Code, From: c.client()})
}

// enrolment is shown to its owner once.
type enrolment struct {
	Secret string    `json:"secret" doc:"base32, for typing"`
	URI    string    `json:"uri" doc:"otpauth address, for a QR code" example:"otpauth://totp/Passerelle:awa%40example.ml?secret=…"`
	Until  time.Time `json:"until" doc:"has to be confirmed by then"`
}

func (h *authOperations) enrol(ctx context.Context, c *Call, _ *struct{}) (enrolment, error) {
	e, err := h.service.Enrol(ctx, c.Actor)
	return enrolment(e), err
}

type factorCode struct {
	Body struct {
		Code string `json:"code" validate:"required,max=40" example:"492039"`
	}
}

type recovery struct {
	RecoveryCodes []string `json:"recoveryCodes" doc:"each good once; keep them apart from the telephone"`
}

func (h *authOperations) confirm(ctx context.Context, c *Call, in *factorCode) (recovery, error) {
	codes, err := h.service.Confirm(ctx, c.Actor, in.Body.Code, c.client())
	return recovery{RecoveryCodes: codes}, err
}

func (h *authOperations) removeFactor(ctx context.Context, c *Call, in *factorCode) (NoContent, error) {
	return NoContent{}, h.service.RemoveFactor(ctx, c.Actor, in.Body.Code, c.client())
}
