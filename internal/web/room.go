package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
)

// room bounds the requests served at once. What does not fit is refused at
// once rather than queued, so that accepted requests stay fast; sign-in has
// places of its own and probes need none. A request takes its place when its
// body has come in and gives it back before its answer goes out: whoever sends
// or reads slowly keeps nobody else out.
type room struct {
	general  chan struct{}
	kept     chan struct{}
	reserved []string
	turns    *turns
}

func newRoom(places int, reserved []string) *room {
	return &room{
		general:  make(chan struct{}, places),
		kept:     make(chan struct{}, max(4, places/8)),
		reserved: reserved,
		turns:    newTurns(),
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

// full reports whether a request to the route would find no place now.
func (r *room) full(route string) bool {
	return len(r.general) == cap(r.general) && (!slices.Contains(r.reserved, route) || len(r.kept) == cap(r.kept))
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
	route := c.Request.Method + " " + c.FullPath()
	if s.room.full(route) {
		s.turnAway(c)
		return
	}
	if err := s.receive(c.Request, route); err != nil {
		s.Fail(c, ReadError(err))
		return
	}
	leave := s.room.enter(route)
	if leave == nil {
		s.turnAway(c)
		return
	}
	defer leave()
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.opts.RequestTimeout)
	defer cancel()
	end, err := s.room.turns.await(ctx, c.Request.Method)
	if err != nil {
		s.turnAway(c)
		return
	}
	defer end()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

func (s *Server) turnAway(c *gin.Context) {
	stateOf(c).shed = true
	s.metrics.refused.WithLabelValues("overload").Inc()
	s.Fail(c, overload())
}

// receive waits for a body of usual size, which limitBody has bounded. Larger
// ones, where a route takes them, are read in the request's place.
func (s *Server) receive(r *http.Request, route string) error {
	usual := s.bodyLimits[route] <= DefaultMaxBody || r.ContentLength >= 0 && r.ContentLength <= DefaultMaxBody
	if r.Body == nil || r.Body == http.NoBody || !usual {
		return nil
	}
	content, err := io.ReadAll(r.Body)
	if err == nil {
		r.Body = io.NopCloser(bytes.NewReader(content))
	}
	return err
}

// isProbe reports whether the request asks for the service's health.
func isProbe(c *gin.Context) bool {
	route := c.FullPath()
	return route == "/livez" || route == "/readyz"
}
