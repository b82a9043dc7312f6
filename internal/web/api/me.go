package api

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
)

// RegisterMe adds the operations on one's own account.
func RegisterMe(a *API, service *account.Service) {
	h := &meOperations{service}
	Register(a, Op[struct{}, me]{
		Method: "GET", Path: "/me", ID: "showMe", Summary: "Read one's own account",
		Permission: "me.read", Handle: h.show,
	})
}

type meOperations struct{ service *account.Service }

// me is one's own account; it never holds the password in any form.
type me struct {
	ID                 string    `json:"id"`
	Rev                int64     `json:"rev"`
	Email              string    `json:"email,omitempty"`
	Phone              string    `json:"phone,omitempty"`
	Role               string    `json:"role" example:"candidate"`
	Agency             string    `json:"agency,omitempty" doc:"id of the agency one is a member of"`
	Institution        string    `json:"institution,omitempty" doc:"officials: ministry, anpe or mission"`
	Collector          bool      `json:"collector" doc:"officials: may enter profiles of others"`
	Locale             string    `json:"locale" example:"fr"`
	CreatedAt          time.Time `json:"createdAt"`
	LastLoginAt        time.Time `json:"lastLoginAt,omitzero"`
	SecondFactor       bool      `json:"secondFactor" doc:"signing in takes a code"`
	MustEnrol          bool      `json:"mustEnrolSecondFactor" doc:"until a second factor is enrolled nothing else can be done"`
	EmailVerified      bool      `json:"emailVerified"`
	PhoneVerified      bool      `json:"phoneVerified"`
	MustChangePassword bool      `json:"mustChangePassword" doc:"the password is temporary: until it is changed nothing else can be done"`
}

func (h *meOperations) show(ctx context.Context, c *Call, _ *struct{}) (me, error) {
	a, err := h.service.Me(ctx, c.Actor)
	if err != nil {
		return me{}, err
	}
	return meOf(a, c.Actor), nil
}

func meOf(a *account.Account, actor account.Actor) me {
	return me{
		ID: string(a.ID), Rev: a.Rev, Email: a.Email, Phone: a.Phone, Role: string(a.Role),
		Agency: a.Agency, Institution: a.Institution, Collector: a.Collector, Locale: string(a.Locale),
		CreatedAt: a.CreatedAt, LastLoginAt: a.LastLoginAt, MustChangePassword: !a.TemporaryUntil.IsZero(),
		SecondFactor: a.Factor.Enrolled(), MustEnrol: actor.Enrol,
		EmailVerified: !a.EmailVerifiedAt.IsZero(), PhoneVerified: !a.PhoneVerifiedAt.IsZero(),
	}
}
