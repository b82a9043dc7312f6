package api

import (
	"context"
	"encoding/json"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// authOperations signs people in and out. None of its answers is kept for
// replay: they hold tokens, and their requests passwords.
type authOperations struct{ service *auth.Service }

// RegisterAuth adds registration, login, refresh, logout and the change of
// one's own password.
func RegisterAuth(a *API, service *auth.Service) {
	h := &authOperations{service}
	Register(a, Op[registerAccount, registration]{
		Method: "POST", Path: "/auth/register", ID: "registerAccount", Summary: "Open an account",
		Description: "Opens a candidate's or an agency applicant's account; every other role is given by an administrator. The answer is the same whether or not the e-mail address or phone number has an account already.",
		Permission:  "auth.register", Status: 202, Unstored: true, Handle: h.register,
	})
	Register(a, Op[login, tokenPair]{
		Method: "POST", Path: "/auth/login", ID: "login", Summary: "Sign in with e-mail address or phone number",
		Description: "Where a second factor is enrolled, a call without code is answered 401 with code auth.mfa.required and, in the problem document, a ticket. A second call sends the ticket and the code (of the authenticator, or a recovery code) and nothing else, within five minutes. A caller that knows the code beforehand sends all in one call.",
		Permission:  "auth.login", Unstored: true, Handle: h.login,
	})
	Register(a, Op[refresh, tokenPair]{
		Method: "POST", Path: "/auth/refresh", ID: "refresh", Summary: "Exchange a refresh token for new tokens",
		Description: "A refresh token is good once. One that is presented again ends the whole session.",
		Permission:  "auth.refresh", Unstored: true, Handle: h.refresh,
	})
	Register(a, Op[struct{}, NoContent]{
		Method: "POST", Path: "/auth/logout", ID: "logout", Summary: "End this session",
		Permission: "auth.logout", Unstored: true, Handle: h.logout,
	})
	Register(a, Op[changePassword, NoContent]{
		Method: "POST", Path: "/auth/password/change", ID: "changePassword", Summary: "Change one's own password",
		Description: "Ends every other session of the account.",
		Permission:  "auth.password.change", Unstored: true, Handle: h.changePassword,
	})
	h.registerResets(a)
	h.registerFactor(a)
	h.registerOwn(a)
	Register(a, Op[struct{}, json.RawMessage]{
		Method: "GET", Path: "/.well-known/jwks.json", Root: true, ID: "showKeys", Tag: "auth", Summary: "Public keys that access tokens are checked with (RFC 7517)",
		Permission: "service.read", Handle: h.showKeys,
	})
}

// keysFor is how long caches may keep the public keys: a key that is taken out
// of use is still trusted for at most that long by those who check tokens.
const keysFor = 5 * time.Minute

func (h *authOperations) showKeys(_ context.Context, c *Call, _ *struct{}) (json.RawMessage, error) {
	keys, err := h.service.JWKS()
	if err != nil {
		return nil, err
	}
	c.CachePublic(keysFor)
	return keys, nil
}

type registerAccount struct {
	Body struct {
		Applicant string `json:"applicant" validate:"required,oneof=candidate agency" example:"candidate"`
		Email     string `json:"email" validate:"max=254" doc:"e-mail address; it or the phone number is required" example:"awa@example.ml"`
		Phone     string `json:"phone" validate:"max=40" doc:"phone number, E.164 or as written in Mali" example:"+22376123456"`
		Password  string `json:"password" validate:"required,max=1024" doc:"12 characters or more; common and guessable ones are refused"`
		Locale    string `json:"locale" validate:"omitempty,locale" example:"fr"`
	}
}

// registration is the one answer to every registration.
type registration struct {
	Status string `json:"status" example:"accepted" doc:"always the same"`
}

func (h *authOperations) register(ctx context.Context, c *Call, in *registerAccount) (registration, error) {
	err := h.service.Register(ctx, auth.Registration{
		Applicant: account.Role(in.Body.Applicant), Email: in.Body.Email, Phone: in.Body.Phone,
		Password: in.Body.Password, Locale: in.Body.Locale, From: c.client(),
	})
	return registration{Status: "accepted"}, err
}

type login struct {
	Body struct {
		Email    string `json:"email" validate:"max=254" doc:"one of email, phone and login is required" example:"awa@example.ml"`
		Phone    string `json:"phone" validate:"max=40" example:"+22376123456"`
		Login    string `json:"login" validate:"max=254" doc:"e-mail address or phone number"`
		Password string `json:"password" validate:"required_without=Ticket,max=1024"`
		Code     string `json:"code" validate:"max=40" doc:"of the second factor, or a recovery code" example:"492039"`
		Ticket   string `json:"ticket" validate:"max=1024" doc:"of a call that lacked the code; in place of everything but the code"`
	}
}

// identifier gives the one way in which the person is named.
func (l *login) identifier() (string, error) {
	named := ""
	for _, s := range []string{l.Body.Email, l.Body.Phone, l.Body.Login} {
		switch {
		case s == "":
		case named == "":
			named = s
		default:
			return "", fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/login", Code: "repeated"})
		}
	}
	if l.Body.Ticket != "" {
		return "", l.onlyTicket(named)
	}
	if named == "" {
		return "", fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/email", Code: "account.identifier.required"})
	}
	return named, nil
}

// onlyTicket refuses what the ticket already says, and a ticket without code.
func (l *login) onlyTicket(named string) error {
	var faults fault.List
	faults.Check(named == "", "/login", "auth.mfa.ticket.alone")
	faults.Check(l.Body.Password == "", "/password", "auth.mfa.ticket.alone")
	faults.Check(l.Body.Code != "", "/code", "required")
	return faults.Err("request.invalid")
}

// tokenPair is what a login and a refresh answer.
type tokenPair struct {
	AccessToken  string `json:"accessToken"`
	RefreshToken string `json:"refreshToken"`
	ExpiresIn    int    `json:"expiresIn" doc:"seconds the access token is good for" example:"900"`
	TokenType    string `json:"tokenType" example:"Bearer"`
}

func (h *authOperations) login(ctx context.Context, c *Call, in *login) (tokenPair, error) {
	identifier, err := in.identifier()
	if err != nil {
		return tokenPair{}, err
	}
	pair, err := h.service.Login(ctx, auth.Credentials{Login: identifier, Password: in.Body.Password, Code: in.Body.Code, Ticket: in.Body.Ticket, From: c.client()})
	return tokenPair(pair), err
}

type refresh struct {
	Body struct {
		RefreshToken string `json:"refreshToken" validate:"required,max=512"`
	}
}

func (h *authOperations) refresh(ctx context.Context, c *Call, in *refresh) (tokenPair, error) {
	pair, err := h.service.Refresh(ctx, in.Body.RefreshToken, c.client())
	return tokenPair(pair), err
}

func (h *authOperations) logout(ctx context.Context, c *Call, _ *struct{}) (NoContent, error) {
	c.Header("Clear-Site-Data", `"cache", "storage"`)
	return NoContent{}, h.service.Logout(ctx, c.Actor)
}

type changePassword struct {
	Body struct {
		CurrentPassword string `json:"currentPassword" validate:"required,max=1024"`
		NewPassword     string `json:"newPassword" validate:"required,max=1024" doc:"12 characters or more; common and guessable ones are refused"`
		Code            string `json:"code" validate:"max=40" doc:"of the second factor, where one is enrolled and the last sign-in is longer ago than ten minutes"`
	}
}

func (h *authOperations) changePassword(ctx context.Context, c *Call, in *changePassword) (NoContent, error) {
	return NoContent{}, h.service.ChangePassword(ctx, c.Actor, auth.PasswordChange{
		Current: in.Body.CurrentPassword, New: in.Body.NewPassword, Code: in.Body.Code, From: c.client(),
	})
}

// client says where the request comes from, for throttles and the list of
// sessions.
func (c *Call) client() auth.Client {
	return auth.Client{Address: c.Address(), Label: c.gin.Request.UserAgent()}
}
