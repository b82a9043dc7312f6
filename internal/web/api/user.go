package api

import (
	"context"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
)

// RegisterUsers adds what administrators do with accounts, and the code that
// officials hand over in person.
func RegisterUsers(a *API, service *account.Service, signIn *auth.Service) {
	h := &userOperations{service, signIn}
	Register(a, Op[createUser, issuedUser]{
		Method: "POST", Path: "/users", ID: "createUser", Summary: "Open an account of any role",
		Description: "The password is shown this once; it is good for seven days and for choosing another. An account with a privileged role (official, admin, observer, collector) is only proposed: nobody signs in with it before another administrator confirms it.",
		Permission:  "user.manage", Status: 201, Unstored: true, Handle: h.create,
	})
	Register(a, Op[listUsers, List[userJSON]]{
		Method: "GET", Path: "/users", ID: "listUsers", Summary: "Search accounts", Permission: "user.manage", Handle: h.list,
	})
	Register(a, Op[showUser, userJSON]{
		Method: "GET", Path: "/users/{id}", ID: "showUser", Summary: "Read one account", Permission: "user.manage", Handle: h.show,
	})
	Register(a, Op[changeUser, userJSON]{
		Method: "PATCH", Path: "/users/{id}", ID: "changeUser", Summary: "Change an account's role and what goes with it",
		Description: "Ends the sessions of the account. What gives a privileged role (official, admin, observer, collector) is only proposed, and takes another administrator to confirm it. Nobody changes his own, and the last administrator stays one.",
		Permission:  "user.manage", Handle: h.change,
	})
	h.registerGrants(a)
	Register(a, Op[reasonedUser, userJSON]{
		Method: "POST", Path: "/users/{id}/disablings", ID: "disableUser", Summary: "Disable an account and end its sessions",
		Permission: "user.manage", Handle: h.disable,
	})
	Register(a, Op[reasonedUser, userJSON]{
		Method: "POST", Path: "/users/{id}/enablings", ID: "enableUser", Summary: "Open a disabled account again",
		Permission: "user.manage", Handle: h.enable,
	})
	Register(a, Op[showUser, issuedUser]{
		Method: "POST", Path: "/users/{id}/resets", ID: "resetUser", Summary: "Give an account a temporary password and end its sessions",
		Description: "The password is shown this once; it is good for seven days and for choosing another.",
		Permission:  "user.manage", Unstored: true, Handle: h.reset,
	})
	Register(a, Op[reasonedUser, userJSON]{
		Method: "POST", Path: "/users/{id}/factor-removals", ID: "removeUserFactor", Summary: "Take away the second factor of a person who has lost it",
		Permission: "user.manage", Handle: h.removeFactor,
	})
	Register(a, Op[handOver, paperCode]{
		Method: "POST", Path: "/users/reset-codes", ID: "handOverResetCode", Summary: "Make a one-use code for a person one has seen",
		Description: "For people who can be sent nothing: the code is printed and handed over, and the person sets a new password with it. The owner of the account is told. Officials do it for candidates and agencies' members, administrators for all but themselves.",
		Permission:  "account.reset_in_person", Status: 201, Unstored: true, Handle: h.handOver,
	})
}

type userOperations struct {
	service *account.Service
	signIn  *auth.Service
}

// userJSON is an account as administrators see it.
type userJSON struct {
	ID           string    `json:"id"`
	Rev          int64     `json:"rev"`
	Email        string    `json:"email,omitempty"`
	Phone        string    `json:"phone,omitempty"`
	Role         string    `json:"role" example:"official"`
	Agency       string    `json:"agency,omitempty"`
	Institution  string    `json:"institution,omitempty" doc:"officials: ministry, anpe or mission"`
	Collector    bool      `json:"collector"`
	Locale       string    `json:"locale" example:"fr"`
	State        string    `json:"state" example:"active"`
	SecondFactor bool      `json:"secondFactor"`
	CreatedAt    time.Time `json:"createdAt"`
	LastLoginAt  time.Time `json:"lastLoginAt,omitzero"`
	Temporary    time.Time `json:"temporaryUntil,omitzero" doc:"the password is one that was handed over, good until then"`

	Proposal *userProposal `json:"proposal,omitempty" doc:"what waits for another administrator"`
}

func userOf(c account.Card) userJSON {
	return userJSON{
		Proposal: proposalOf(c.Grant),
		ID:       string(c.ID), Rev: c.Rev, Email: c.Email, Phone: c.Phone, Role: string(c.Role), Agency: c.Agency, Institution: c.Institution,
		Collector: c.Collector, Locale: string(c.Locale), State: string(c.State), SecondFactor: c.Factor, CreatedAt: c.CreatedAt,
		LastLoginAt: c.LastLoginAt, Temporary: c.TemporaryUntil,
	}
}

func (h *userOperations) answer(a *account.Account, err error) (userJSON, error) {
	if err != nil {
		return userJSON{}, err
	}
	return userOf(a.Card()), nil
}

// issuedUser is an account with the password it was given.
type issuedUser struct {
	userJSON
	Password string `json:"password" doc:"shown this once"`
}

type createUser struct {
	Body struct {
		Email       string `json:"email" validate:"max=254" doc:"it or the phone number is required" example:"agent@example.ml"`
		Phone       string `json:"phone" validate:"max=40" example:"+22376123456"`
		Role        string `json:"role" validate:"required,oneof=candidate agency official admin observer" example:"official"`
		Agency      string `json:"agency" validate:"omitempty,max=64,line"`
		Institution string `json:"institution" validate:"omitempty,oneof=ministry anpe mission" doc:"required for officials" example:"anpe"`
		Collector   bool   `json:"collector" doc:"an official who may enter profiles of others"`
		Locale      string `json:"locale" validate:"omitempty,locale" example:"fr"`
	}
}

func (h *userOperations) create(ctx context.Context, c *Call, in *createUser) (issuedUser, error) {
	b := in.Body
	issued, err := h.service.Create(ctx, c.Actor, account.NewAccount{
		Email: b.Email, Phone: b.Phone, Locale: b.Locale,
		Post: account.Post{Role: account.Role(b.Role), Agency: b.Agency, Institution: b.Institution, Collector: b.Collector},
	})
	if err != nil {
		return issuedUser{}, err
	}
	c.Location("/users/" + string(issued.Account.ID))
	return issuedUser{userOf(issued.Account.Card()), issued.Password}, nil
}

type listUsers struct {
	Page
	Q      string `query:"q" validate:"omitempty,max=100" doc:"part of the e-mail address or phone number"`
	Role   string `query:"role" validate:"omitempty,oneof=candidate agency official admin observer"`
	State  string `query:"state" validate:"omitempty,oneof=active proposed disabled"`
	Agency string `query:"agency" validate:"omitempty,max=64"`
}

func (h *userOperations) list(ctx context.Context, c *Call, in *listUsers) (List[userJSON], error) {
	result, err := h.service.List(ctx, c.Actor, account.Query{
		Text: in.Q, Role: account.Role(in.Role), State: account.State(in.State), Agency: in.Agency, Page: in.Listing(),
	})
	if err != nil {
		return List[userJSON]{}, err
	}
	return NewList(c, result, userOf), nil
}

type showUser struct {
	ID string `path:"id" validate:"max=64"`
}

func (h *userOperations) show(ctx context.Context, c *Call, in *showUser) (userJSON, error) {
	return h.answer(h.service.Get(ctx, c.Actor, account.ID(in.ID)))
}

type changeUser struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Role        Patch[string] `json:"role" validate:"omitempty,oneof=candidate agency official admin observer"`
		Agency      Patch[string] `json:"agency" validate:"omitempty,max=64,line"`
		Institution Patch[string] `json:"institution" validate:"omitempty,oneof=ministry anpe mission"`
		Collector   Patch[bool]   `json:"collector"`
	}
}

func (h *userOperations) change(ctx context.Context, c *Call, in *changeUser) (userJSON, error) {
	return h.answer(h.service.Change(ctx, c.Actor, account.ID(in.ID), c.Rev, func(p *account.Post) {
		b := &in.Body
		applyCode(b.Role, &p.Role)
		b.Agency.Apply(&p.Agency)
		b.Institution.Apply(&p.Institution)
		b.Collector.Apply(&p.Collector)
	}))
}

type reasonedUser struct {
	ID   string `path:"id" validate:"max=64"`
	Body *struct {
		Reason string `json:"reason" validate:"omitempty,max=60,line" doc:"kept in the audit log"`
	}
}

func (in *reasonedUser) reason() string {
	if in.Body == nil {
		return ""
	}
	return in.Body.Reason
}

func (h *userOperations) disable(ctx context.Context, c *Call, in *reasonedUser) (userJSON, error) {
	return h.answer(h.service.Disable(ctx, c.Actor, account.ID(in.ID), in.reason()))
}

func (h *userOperations) enable(ctx context.Context, c *Call, in *reasonedUser) (userJSON, error) {
	return h.answer(h.service.Enable(ctx, c.Actor, account.ID(in.ID), in.reason()))
}

func (h *userOperations) reset(ctx context.Context, c *Call, in *showUser) (issuedUser, error) {
	issued, err := h.service.ResetPassword(ctx, c.Actor, account.ID(in.ID))
	if err != nil {
		return issuedUser{}, err
	}
	return issuedUser{userOf(issued.Account.Card()), issued.Password}, nil
}

func (h *userOperations) removeFactor(ctx context.Context, c *Call, in *reasonedUser) (userJSON, error) {
	return h.answer(h.service.RemoveFactor(ctx, c.Actor, account.ID(in.ID), in.reason()))
}

type handOver struct {
	Body struct {
		Login  string `json:"login" validate:"required,max=254" doc:"e-mail address, phone number or id of the account" example:"+22376123456"`
		Reason string `json:"reason" validate:"required,oneof=no_email no_network phone_lost other"`
	}
}

// paperCode is printed for the person.
type paperCode struct {
	Code      string    `json:"code" doc:"shown this once" example:"7k3q-9d0x-1m4n-8p2r"`
	ExpiresAt time.Time `json:"expiresAt"`
}

func (h *userOperations) handOver(ctx context.Context, c *Call, in *handOver) (paperCode, error) {
	code, err := h.signIn.ResetInPerson(ctx, c.Actor, in.Body.Login, in.Body.Reason, c.client())
	return paperCode{Code: code.Code, ExpiresAt: code.Expires}, err
}
