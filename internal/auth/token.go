package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// AccessLifetime is how long an access token is good.
const AccessLifetime = 15 * time.Minute

const (
	algorithm = "EdDSA"
	tokenType = "at+jwt" // RFC 9068
	maxToken  = 2048     // octets; ours have about 500
	// clockSkew is how far another process's clock may be ahead of ours.
	clockSkew = 5 * time.Second
)

// claims is what an access token says: who and which session. It holds no
// role and nothing personal, and methods of jwt.RegisteredClaims are used for
// reading only: the checks are ours, each with its own code.
type claims struct {
	jwt.RegisteredClaims
	Session string `json:"sid"`
}

// Tokens makes and reads access tokens.
type Tokens struct {
	keys     *Keyring
	issuer   string
	audience string
	now      func() time.Time
	newID    func(prefix string) string
	parser   *jwt.Parser
}

// NewTokens makes tokens of one issuer (the public address of the service)
// for one audience.
func NewTokens(keys *Keyring, issuer, audience string, now func() time.Time, newID func(prefix string) string) *Tokens {
	parser := jwt.NewParser(jwt.WithValidMethods([]string{algorithm}), jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
	return &Tokens{keys: keys, issuer: issuer, audience: audience, now: now, newID: newID, parser: parser}
}

// issue makes an access token for an account's session.
func (t *Tokens) issue(ctx context.Context, id account.ID, session account.SessionID) (string, error) {
	k, err := t.keys.use(ctx, Login)
	if err != nil {
		return "", err
	}
	now := t.now()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims{
		Session: string(session),
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: t.issuer, Audience: jwt.ClaimStrings{t.audience}, Subject: string(id), ID: t.newID("jti_"),
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(AccessLifetime)),
		},
	})
	token.Header["typ"], token.Header["kid"] = tokenType, k.sealed.KID
	signed, err := token.SignedString(k.private)
	if err != nil {
		return "", fmt.Errorf("auth: sign token: %w", err)
	}
	return signed, nil
}

// Bearer takes the token out of an Authorization header (RFC 6750). Without
// the header, or with another scheme, it gives Unauthenticated code
// "auth.token.missing".
func Bearer(header string) (string, error) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(header), " ")
	if !strings.EqualFold(scheme, "Bearer") || strings.TrimSpace(token) == "" {
		return "", refuse("missing", nil)
	}
	return strings.TrimSpace(token), nil
}

func refuse(what string, cause error) *fault.Error {
	return fault.New(fault.Unauthenticated, "auth.token."+what).Because(cause)
}

// read checks a token and gives its claims. Every refusal is Unauthenticated
// with its own code "auth.token.…": missing, malformed, algorithm, typ,
// critical, kid, signature, expired, not_yet, lifetime, issuer, audience,
// subject, id or session.
func (t *Tokens) read(token string) (*claims, error) {
	switch {
	case token == "":
		return nil, refuse("missing", nil)
	case len(token) > maxToken:
		return nil, refuse("malformed", nil)
	}
	c := &claims{}
	parsed, err := t.parser.ParseWithClaims(token, c, t.keyFor)
	if err != nil {
		return nil, explain(parsed, err)
	}
	return c, t.check(c)
}

// kidIn gives the key id a token names, which proves nothing.
func kidIn(token string) string {
	parsed, _, err := jwt.NewParser().ParseUnverified(token, &claims{})
	if err != nil {
		return ""
	}
	kid, _ := parsed.Header["kid"].(string)
	return kid
}

// keyFor finds the verifying key. Of the header it reads typ, crit and kid;
// keys or addresses of keys in it (jwk, jku, x5c, x5u) are never looked at.
func (t *Tokens) keyFor(token *jwt.Token) (any, error) {
	if typ, _ := token.Header["typ"].(string); typ != tokenType {
		return nil, refuse("typ", nil)
	}
	if _, critical := token.Header["crit"]; critical {
		return nil, refuse("critical", nil)
	}
	kid, _ := token.Header["kid"].(string)
	public, ok := t.keys.Verifier(Login, kid)
	if !ok {
		return nil, refuse("kid", nil)
	}
	return public, nil
}

// explain turns the parser's error into the fault of ours.
func explain(token *jwt.Token, err error) error {
	if f := fault.Of(err); f != nil {
		return f
	}
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return refuse("malformed", err)
	case token == nil || token.Method == nil || token.Method.Alg() != algorithm:
		return refuse("algorithm", err)
	default:
		return refuse("signature", err)
	}
}

// check judges the claims of a token with a good signature.
func (t *Tokens) check(c *claims) error {
	now := t.now()
	switch {
	case c.ExpiresAt == nil || !now.Before(c.ExpiresAt.Time):
		return refuse("expired", nil)
	case c.NotBefore == nil || c.IssuedAt == nil || c.NotBefore.After(now.Add(clockSkew)) || c.IssuedAt.After(now.Add(clockSkew)):
		return refuse("not_yet", nil)
	case c.ExpiresAt.Sub(c.IssuedAt.Time) > AccessLifetime:
		return refuse("lifetime", nil)
	case c.Issuer != t.issuer:
		return refuse("issuer", nil)
	case len(c.Audience) != 1 || c.Audience[0] != t.audience:
		return refuse("audience", nil)
	case !strings.HasPrefix(c.Subject, "acc_"):
		return refuse("subject", nil)
	case c.ID == "":
		return refuse("id", nil)
	case !strings.HasPrefix(c.Session, "ses_"):
		return refuse("session", nil)
	}
	return nil
}
