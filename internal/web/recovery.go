package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"
)

// observe writes one log line and the metrics of the request.
func (s *Server) observe(c *gin.Context) {
	began := time.Now()
	s.metrics.inFlight.Inc()
	defer func() {
		s.metrics.inFlight.Dec()
		s.record(c, time.Since(began))
	}()
	c.Next()
}

func (s *Server) record(c *gin.Context, took time.Duration) {
	st := stateOf(c)
	route, method, status := c.FullPath(), knownMethod(st.method), c.Writer.Status()
	if route == "" {
		route = "none"
	}
	s.metrics.observe(method, route, status, took)
	level := slog.LevelInfo
	switch {
	case st.shed: // counted in the metrics: a line each would make an overload worse
		level = slog.LevelDebug
	case status >= http.StatusInternalServerError:
		level = slog.LevelWarn
	}
	attrs := []slog.Attr{
		slog.String("request", st.id), slog.String("method", method), slog.String("route", route),
		slog.Int("status", status), slog.Int("bytes", max(c.Writer.Size(), 0)),
		slog.Int64("us", took.Microseconds()), slog.String("role", string(st.actor.Role)),
	}
	if st.upstream != "" {
		attrs = append(attrs, slog.String("upstream", st.upstream))
	}
	s.opts.Logger.LogAttrs(c.Request.Context(), level, "request", attrs...)
}

// knownMethod keeps invented methods out of logs and metric labels.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	default:
		return "other"
	}
}

// recovery turns a panic into one 500. When part of the answer is out already
// the connection is broken, so that nobody takes the part for the whole.
func (s *Server) recovery(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v)
		}
		s.metrics.panics.Inc()
		s.opts.Logger.Error("panic", "request", RequestID(c), "panic", clip(fmt.Sprint(v), 200), "stack", string(debug.Stack()))
		if c.Writer.Written() {
			panic(http.ErrAbortHandler)
		}
		s.Fail(c, errPanic)
	}()
	c.Next()
}

// errPanic stands for a panic that was logged already.
var errPanic = errors.New("panic")

// clip shortens text to at most n bytes.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n]
}
