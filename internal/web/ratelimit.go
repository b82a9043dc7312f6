package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/httprate"

	"passerelle/internal/domain/account"
)

// rateWindow is the time over which requests are counted (sliding).
const rateWindow = time.Minute

// Rates are the requests allowed per minute. Mobile operators put thousands of
// phones behind one address, so reading without an account is generous; what
// invites guessing is throttled by the services, per account.
type Rates struct {
	Off        bool // no limit at all; for measurements on a loopback address only
	Anonymous  int  // per address, callers that show no token or cookie; default 1200
	Identified int  // per address, callers that show one, valid or not; default 6000
	Account    int  // per account; default 1200
}

func (r *Rates) setDefaults() {
	r.Anonymous = orDefault(r.Anonymous, 1200)
	r.Identified = orDefault(r.Identified, 6000)
	r.Account = orDefault(r.Account, 1200)
}

// limiter is one counted policy, named in the RateLimit headers.
type limiter struct {
	name    string
	most    int
	counter *httprate.RateLimiter
}

func newLimiter(name string, most int) *limiter {
	return &limiter{name: name, most: most, counter: httprate.NewRateLimiter(most, rateWindow)}
}

type rateLimiters struct {
	anonymous, identified, account *limiter
}

// newRateLimiters gives nil when rates are off.
func newRateLimiters(r Rates) *rateLimiters {
	if r.Off {
		return nil
	}
	return &rateLimiters{
		anonymous:  newLimiter("anonymous", r.Anonymous),
		identified: newLimiter("address", r.Identified),
		account:    newLimiter("account", r.Account),
	}
}

// headerSink lets httprate report its numbers without touching the answer.
type headerSink http.Header

// Header implements http.ResponseWriter.
func (h headerSink) Header() http.Header { return http.Header(h) }

// Write implements http.ResponseWriter and drops the text.
func (h headerSink) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader implements http.ResponseWriter and drops the status.
func (h headerSink) WriteHeader(int) {}

// charge counts one request against the key, states the policy in the headers
// (IETF RateLimit fields) and gives the refusal when the limit is reached.
func (l *limiter) charge(c *gin.Context, key string) error {
	sink := headerSink{}
	over := l.counter.OnLimit(sink, c.Request, key)
	left, wait := sink.numbers(time.Now())
	quoted := strconv.Quote(l.name)
	c.Header("RateLimit-Policy", quoted+";q="+strconv.Itoa(l.most)+";w="+number(int64(rateWindow/time.Second)))
	c.Header("RateLimit", quoted+";r="+number(left)+";t="+number(wait))
	if !over {
		return nil
	}
	return &refusal{status: http.StatusTooManyRequests, code: "request.rate", args: []string{number(wait)}, retryAfter: time.Duration(wait) * time.Second}
}

// numbers reads what is left of the quota and the seconds until it renews.
func (h headerSink) numbers(now time.Time) (left, wait int64) {
	left, _ = strconv.ParseInt(h.Header().Get("X-RateLimit-Remaining"), 10, 64)
	reset, _ := strconv.ParseInt(h.Header().Get("X-RateLimit-Reset"), 10, 64)
	return max(left, 0), min(max(reset-now.Unix(), 1), int64(rateWindow/time.Second))
}

// limitRate counts the request against its address.
func (s *Server) limitRate(c *gin.Context) {
	if s.rates == nil || isProbe(c) {
		c.Next()
		return
	}
	l := s.rates.anonymous
	if len(c.Request.Header["Authorization"]) > 0 || len(c.Request.Header["Cookie"]) > 0 {
		l = s.rates.identified
	}
	if err := l.charge(c, clientShare(c)); err != nil {
		s.metrics.refused.WithLabelValues("rate").Inc()
		s.Fail(c, err)
		return
	}
	c.Next()
}

// LimitAccount counts the request against the account, once it is known. The
// guard does it for the API; pages do it after reading their cookie.
func (s *Server) LimitAccount(c *gin.Context, actor account.Actor) error {
	if s.rates == nil || !actor.SignedIn() {
		return nil
	}
	err := s.rates.account.charge(c, string(actor.Account))
	if err != nil {
		s.metrics.refused.WithLabelValues("rate").Inc()
	}
	return err
}

// blameAddress charges a token that was refused to the anonymous quota, so
// that guessing is no cheaper than not signing in.
func (s *Server) blameAddress(c *gin.Context) error {
	if s.rates == nil {
		return nil
	}
	return s.rates.anonymous.charge(c, clientShare(c))
}

// clientShare names the subscriber behind the request; gin believes forwarding
// headers from trusted proxies only.
func clientShare(c *gin.Context) string {
	addr, err := netip.ParseAddr(c.ClientIP())
	if err != nil {
		return "unknown"
	}
	return share(addr.Unmap()).String()
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
