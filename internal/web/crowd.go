package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/ref"
	"passerelle/internal/web/locale"
)

// crowd refuses requests before anything is done for them, while there is no
// room: at five times what can be served, the refusals must cost little. What
// slips through between this look and its place is refused by shed.
func (s *Server) crowd(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.crowded(r) {
			s.postpone(next, w, r)
			return
		}
		began := time.Now()
		s.metrics.refused.WithLabelValues("overload").Inc()
		s.refuseEarly(w, r)
		s.metrics.observe(knownMethod(r.Method), "none", http.StatusServiceUnavailable, time.Since(began))
	})
}

// crowded reports whether there is no place for the request. Probes need none,
// and reserved routes are looked at later.
func (s *Server) crowded(r *http.Request) bool {
	path := r.URL.Path
	return len(s.room.general) == cap(s.room.general) && path != "/livez" && path != "/readyz" &&
		!slices.Contains(s.room.reserved, r.Method+" "+path)
}

// overload is what a caller is told when there is no room.
func overload() *refusal {
	return &refusal{status: http.StatusServiceUnavailable, code: "request.overload", retryAfter: time.Second}
}

// refuseEarly answers as Fail would, without the page the site has for it.
func (s *Server) refuseEarly(w http.ResponseWriter, r *http.Request) {
	loc := locale.Negotiate(r.Header.Get("Accept-Language"))
	id := s.opts.NewID()
	h := w.Header()
	s.protect(h, WantsJSON(r))
	h.Set("X-Request-Id", id)
	h.Set("Content-Language", string(loc))
	h.Set("Vary", "Accept-Language")
	h.Set("Retry-After", "1")
	if len(r.TransferEncoding) > 0 || r.ContentLength > 0 {
		h.Set("Connection", "close") // its body is not waited for
	}
	p := s.describe(overload().outcome(), id, loc)
	if WantsJSON(r) {
		h.Set("Content-Type", "application/problem+json")
		w.WriteHeader(p.Status)
		_, _ = w.Write(p.encode()) // nobody is left to tell of a broken connection
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(p.Status)
	_, _ = w.Write(plainPage(p, loc)) // as above
}

// plainPage shows a problem without the layout of the site.
func plainPage(p Problem, loc ref.Locale) []byte {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + string(loc) + `"><meta charset="utf-8"><title>`)
	b.WriteString(escape(p.Title) + "</title><h1>" + escape(p.Title) + "</h1><p>" + escape(p.Detail) + "</p><p><code>" + escape(p.RequestID) + "</code></p></html>")
	return []byte(b.String())
}
