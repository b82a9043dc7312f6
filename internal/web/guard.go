package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// Authenticator turns an access token into the person it was issued to. It
// fails with Unauthenticated for a token that is malformed, forged, expired or
// revoked, and with Unavailable when it cannot tell.
type Authenticator interface {
	Authenticate(ctx context.Context, bearer string) (account.Actor, error)
}

// maxToken bounds an access token, in bytes.
const maxToken = 4096

const challenge = `Bearer realm="passerelle"`

// Guard admits callers that the permission table allows: 401 without a valid
// token, 403 with the wrong role. A public operation is open to callers
// without a token; a bad token is 401 there as well. Nothing of the request
// but its token is read before.
func (s *Server) Guard(p account.Permission) gin.HandlerFunc {
	rule := account.RuleOf(p)
	return func(c *gin.Context) {
		actor, err := s.whoCalls(c)
		if err == nil {
			err = s.LimitAccount(c, actor)
		}
		if err == nil && !rule.Public {
			err = actor.Require(p)
		}
		if err != nil {
			s.Fail(c, err)
			return
		}
		c.Next()
	}
}

// whoCalls reads the token, if there is one, and records the caller.
func (s *Server) whoCalls(c *gin.Context) (account.Actor, error) {
	sent := c.Request.Header.Values("Authorization")
	if len(sent) == 0 {
		return account.Actor{}, nil
	}
	actor, err := s.authenticate(c.Request.Context(), sent)
	if fault.Is(err, fault.Unauthenticated) {
		c.Header("WWW-Authenticate", challenge+`, error="invalid_token"`)
		if limited := s.blameAddress(c); limited != nil {
			err = limited
		}
	}
	if err != nil {
		return account.Actor{}, err
	}
	SetActor(c, actor)
	return actor, nil
}

func (s *Server) authenticate(ctx context.Context, sent []string) (account.Actor, error) {
	token, ok := bearerToken(sent)
	if !ok {
		return account.Actor{}, fault.New(fault.Unauthenticated, "auth.token")
	}
	actor, err := s.opts.Authenticator.Authenticate(ctx, token)
	if err != nil {
		return account.Actor{}, err
	}
	if !actor.SignedIn() || actor.Role == account.System {
		return account.Actor{}, fault.New(fault.Unauthenticated, "auth.token")
	}
	return actor, nil
}

// bearerToken reads exactly one "Bearer <token>" (RFC 6750).
func bearerToken(sent []string) (token string, ok bool) {
	if len(sent) != 1 {
		return "", false
	}
	scheme, token, found := strings.Cut(sent[0], " ")
	if !found || !strings.EqualFold(scheme, "Bearer") || token == "" || len(token) > maxToken {
		return "", false
	}
	return token, strings.IndexFunc(token, notTokenRune) < 0
}

func notTokenRune(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._~+/=", r))
}

// challengeFor adds the challenge a 401 must carry, unless one is there.
func challengeFor(h http.Header) {
	if h.Get("WWW-Authenticate") == "" {
		h.Set("WWW-Authenticate", challenge)
	}
}
