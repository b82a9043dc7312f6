package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
)

// room bounds the requests served at once. What does not fit is refused at
// once rather than queued, so that accepted requests stay fast; sign-in has
// places of its own and probes need none.
type room struct {
	general  chan struct{}
	kept     chan struct{}
	reserved []string
}

func newRoom(places int, reserved []string) *room {
	return &room{
		general:  make(chan struct{}, places),
		kept:     make(chan struct{}, max(4, places/8)),
		reserved: reserved,
	}
}

// enter takes a place and gives the way to free it; nil when there is none.
func (r *room) enter(route string) (leave func()) {
	if leave = take(r.general); leave != nil {
		return leave
	}
	if slices.Contains(r.reserved, route) {
		return take(r.kept)
	}
	return nil
}

func take(places chan struct{}) (leave func()) {
	select {
	case places <- struct{}{}:
		return func() { <-places }
	default:
		return nil
	}
}

// shed refuses what the service has no room for and bounds the time of the rest.
func (s *Server) shed(c *gin.Context) {
	if isProbe(c) {
		c.Next()
		return
	}
	leave := s.room.enter(c.Request.Method + " " + c.FullPath())
	if leave == nil {
		s.metrics.refused.WithLabelValues("overload").Inc()
		s.Fail(c, &refusal{status: http.StatusServiceUnavailable, code: "request.overload", retryAfter: time.Second})
		return
	}
	defer leave()
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.opts.RequestTimeout)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// isProbe reports whether the request asks for the service's health.
func isProbe(c *gin.Context) bool {
	route := c.FullPath()
	return route == "/livez" || route == "/readyz"
}
