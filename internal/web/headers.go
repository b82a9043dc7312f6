package web

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// The content security policies: JSON may load nothing; pages only what this
// server gives them, without any inline script or style.
const (
	policyJSON = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	policyPage = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; " +
		"base-uri 'none'; object-src 'none'"
	policyFeatures = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
	hstsOneYear    = "max-age=31536000; includeSubDomains"
)

// secure sets the headers every answer carries, errors and redirects included.
// Answers are personal unless a handler says otherwise, so nothing keeps them.
func (s *Server) secure(c *gin.Context) {
	s.protect(c.Writer.Header(), WantsJSON(c.Request))
	c.Next()
}

func (s *Server) protect(h http.Header, isJSON bool) {
	h.Set("Content-Security-Policy", policyPage)
	if isJSON {
		h.Set("Content-Security-Policy", policyJSON)
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", policyFeatures)
	h.Set("Cache-Control", "no-store")
	if s.opts.HSTS {
		h.Set("Strict-Transport-Security", hstsOneYear)
	}
}

// CachePublic lets shared caches keep the answer for maxAge, and use it for
// ten minutes more while they fetch a new one. It changes nothing when the
// caller has identified itself: what one person sees is nobody else's.
func CachePublic(c *gin.Context, maxAge time.Duration) {
	c.Writer.Header().Add("Vary", "Authorization, Cookie")
	if ActorOf(c).SignedIn() {
		return
	}
	c.Header("Cache-Control", "public, max-age="+number(int64(maxAge/time.Second))+", stale-while-revalidate=600")
}

// limitBody bounds the body by the route's limit: refused at once when its
// stated length is over it, cut off while being read when it is chunked.
func (s *Server) limitBody(c *gin.Context) {
	r := c.Request
	most, ok := s.bodyLimits[r.Method+" "+c.FullPath()]
	if !ok {
		most = DefaultMaxBody
	}
	if r.ContentLength > most {
		c.Header("Connection", "close")
		s.Fail(c, TooLarge(most))
		return
	}
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = http.MaxBytesReader(c.Writer, r.Body, most)
	}
	c.Next()
}
