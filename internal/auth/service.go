package auth

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// AccountLookup answers, from memory, what is known of an account now.
type AccountLookup interface {
	AccountCard(id account.ID) (account.Card, bool)
	// AccountByLogin finds the account with that e-mail address or phone
	// number, in normal form.
	AccountByLogin(login string) (account.Card, bool)
}

// Identifiers changes what an account signs in with.
type Identifiers interface {
	// ChangeLogin lets change give the account that identifier; Conflict code
	// "account.taken" when it belongs to another.
	ChangeLogin(ctx context.Context, id account.ID, to account.Identifier, change func(*account.Account) error) (*account.Account, error)
}

// CodeStore keeps requests for one-time codes. Every method may fail with
// Unavailable.
type CodeStore interface {
	// Get reads one request; NotFound when there is none.
	Get(ctx context.Context, id account.CodeID) (*account.Code, error)
	// Insert adds a request; Conflict when the id is taken.
	Insert(ctx context.Context, c *account.Code) error
	// Update reads the request under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id account.CodeID, change func(*account.Code) error) (*account.Code, error)
}

// Wait pauses for a time, or until ctx ends.
type Wait func(ctx context.Context, d time.Duration)

// Ports are what a Service is made of. Random and Wait may be nil: then they
// are crypto/rand and the real time.
type Ports struct {
	Accounts  account.Store
	Lookup    AccountLookup
	Logins    Identifiers
	Sessions  SessionStore
	Codes     CodeStore
	Keys      *Keyring
	Passwords *Passwords
	Now       func() time.Time
	Recorder  audit.Recorder             // of logins; nil = they are not recorded
	Agencies  AgencyKeys                 // nil = there are no API keys
	NewID     func(prefix string) string // prefix and a new ULID: "ses_" → "ses_01J…"
	Random    io.Reader
	Wait      Wait
}

// Options are what may be set.
type Options struct {
	Issuer   string // the service's public address
	Audience string // who the access tokens are for
	// Throttled switches the throttle on; off only on a loopback listener.
	Throttled bool
	// FactorRequired makes officials and administrators enrol a second factor
	// before anything else; off only in the demonstration.
	FactorRequired bool
	// Floor is the least time an answer takes that must not tell whether an
	// account exists.
	Floor time.Duration
	// Settle is how long the answer of a refresh is held back; see exchange.
	Settle time.Duration
}

// DefaultOptions gives the values for production but Issuer and Audience.
func DefaultOptions() Options {
	return Options{Throttled: true, FactorRequired: true, Floor: 250 * time.Millisecond, Settle: 40 * time.Millisecond}
}

// Client is where a request comes from.
type Client struct {
	Address string // from the connection or a configured proxy only
	Label   string // the User-Agent header
}

// Service signs people in and out.
type Service struct {
	Ports
	options  Options
	tokens   *Tokens
	sessions *Sessions
	throttle *Throttle
}

// NewService makes the service and reads the live sessions.
func NewService(ctx context.Context, ports Ports, options Options) (*Service, error) {
	if options.Issuer == "" || options.Audience == "" {
		return nil, errors.New("auth: issuer and audience must be set")
	}
	if ports.Random == nil {
		ports.Random = systemRandom()
	}
	if ports.Wait == nil {
		ports.Wait = realWait
	}
	sessions, err := openSessions(ctx, ports, options)
	if err != nil {
		return nil, err
	}
	return &Service{
		Ports: ports, options: options, sessions: sessions, throttle: NewThrottle(ports.Now),
		tokens: NewTokens(ports.Keys, options.Issuer, options.Audience, ports.Now, ports.NewID),
	}, nil
}

func realWait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// TokenPair is the answer of a login or a refresh.
type TokenPair struct {
	AccessToken  string
	RefreshToken string
	ExpiresIn    int    // seconds the access token is good for
	TokenType    string // "Bearer"
}

// record remembers what the actor is about to do with the own account; an
// error means that it must not be done.
func (s *Service) record(ctx context.Context, actor account.Actor, action string) error {
	if s.Recorder == nil {
		return nil
	}
	return s.Recorder.Record(ctx, audit.Entry{
		Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin, Action: action, Subject: string(actor.Account),
	})
}

// JWKS gives the public keys as a JSON Web Key Set.
func (s *Service) JWKS() ([]byte, error) { return s.Keys.JWKS() }

// SessionLive reports whether a session family can be used.
func (s *Service) SessionLive(ctx context.Context, id account.SessionID) bool {
	return s.sessions.SessionLive(ctx, id)
}

// Sweep deletes session families that ended long ago and says how many.
func (s *Service) Sweep(ctx context.Context) (int, error) { return s.sessions.Sweep(ctx) }

// try asks the throttle, unless it is off.
func (s *Service) try(what, subject string, from Client) (*attempt, error) {
	if !s.options.Throttled {
		return nil, nil
	}
	return s.throttle.try(what, subject, from.Address)
}

// level waits until the floor has passed since the request came in.
func (s *Service) level(ctx context.Context, began time.Time) {
	if left := min(s.options.Floor, s.options.Floor-s.Now().Sub(began)); left > 0 {
		s.Wait(ctx, left)
	}
}

// Authenticate gives the actor of an access token, or of an agency's API key. The token says who and
// which session; everything else is looked up now. Unauthenticated codes:
// those of a bad token, "auth.token.session" when the session has ended,
// "auth.token.subject" and "auth.token.disabled" for the account.
func (s *Service) Authenticate(ctx context.Context, token string) (account.Actor, error) {
	if strings.HasPrefix(token, agency.KeyMark) {
		return s.authenticateKey(ctx, token)
	}
	c, err := s.readToken(ctx, token)
	if err != nil {
		return account.Actor{}, err
	}
	family, err := s.sessions.find(ctx, account.SessionID(c.Session))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return account.Actor{}, err
	}
	if err != nil || !family.Live(s.Now()) || string(family.Account) != c.Subject {
		return account.Actor{}, refuse("session", nil)
	}
	card, err := s.standing(&family.Session)
	if err != nil {
		return account.Actor{}, err
	}
	actor := card.Actor(family.ID)
	if s.options.FactorRequired && card.MustEnrol() && !actor.Restricted {
		actor.Restricted, actor.Enrol = true, true
	}
	return actor, nil
}

// readToken checks an access token. One that names an unknown key may be of a
// key another process has made since: then the keys are read again.
func (s *Service) readToken(ctx context.Context, token string) (*claims, error) {
	c, err := s.tokens.read(token)
	if f := fault.Of(err); f == nil || f.Code != "auth.token.kid" {
		return c, err
	}
	known, learning := s.Keys.learn(ctx, Login, kidIn(token))
	if learning != nil {
		return nil, learning
	}
	if !known {
		return nil, err
	}
	return s.tokens.read(token)
}

// standing looks up the account of a family and refuses where it is gone,
// disabled, or has ended its sessions since.
func (s *Service) standing(f *account.Session) (account.Card, error) {
	card, found := s.Lookup.AccountCard(f.Account)
	switch {
	case !found:
		return card, refuse("subject", nil)
	case card.State != account.Active:
		return card, refuse("disabled", nil)
	case !f.Trusted(card.SessionsFrom):
		return card, refuse("session", nil)
	}
	return card, nil
}

// grant makes the answer of a login or a refresh.
func (s *Service) grant(ctx context.Context, f account.Session, refresh string) (TokenPair, error) {
	access, err := s.tokens.issue(ctx, f.Account, f.ID)
	if err != nil {
		return TokenPair{}, err
	}
	return TokenPair{AccessToken: access, RefreshToken: refresh, ExpiresIn: int(AccessLifetime / time.Second), TokenType: "Bearer"}, nil
}

// Refresh exchanges a refresh token for new tokens. Every refusal is
// Unauthenticated; a token spent before revokes its family, code
// "auth.refresh.reused".
func (s *Service) Refresh(ctx context.Context, token string, from Client) (TokenPair, error) {
	attempt, err := s.try("refresh", "", from)
	if err != nil {
		return TokenPair{}, err
	}
	family, next, err := s.sessions.exchange(ctx, token, func(f *account.Session) bool {
		_, err := s.standing(f)
		return err == nil
	})
	if err != nil {
		return TokenPair{}, err
	}
	attempt.succeed()
	return s.grant(ctx, family, next)
}

// Logout ends the actor's session: its access and refresh tokens are void at
// once. It is recorded first; when it cannot be, the session goes on.
func (s *Service) Logout(ctx context.Context, actor account.Actor) error {
	if err := actor.Require("auth.logout"); err != nil {
		return err
	}
	if err := s.record(ctx, actor, "auth.logout"); err != nil {
		return err
	}
	return s.sessions.revoke(ctx, account.SessionID(actor.Session), account.RevokedByLogout)
}
