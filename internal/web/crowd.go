package web

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strconv"
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

// early is the refusal for want of room in one language, made beforehand: the
// request's id goes between the parts.
type early struct {
	header     http.Header
	json, page [][]byte
}

// idMark stands for the request's id while the parts are made.
const idMark = "@request-id@"

// prepareEarly makes the refusals of every language.
func (s *Server) prepareEarly() {
	s.early = map[ref.Locale]early{}
	for _, loc := range ref.Locales() {
		h := http.Header{}
		s.protect(h, true)
		h.Set("Content-Language", string(loc))
		h.Set("Vary", "Accept-Language")
		h.Set("Retry-After", "1")
		p := s.describe(overload().outcome(), idMark, loc)
		s.early[loc] = early{h, bytes.Split(p.encode(), []byte(idMark)), bytes.Split(plainPage(p, loc), []byte(idMark))}
	}
}

// refuseEarly answers as Fail would, without the page the site has for it.
func (s *Server) refuseEarly(w http.ResponseWriter, r *http.Request) {
	id, h := s.opts.NewID(), w.Header()
	e := s.early[locale.Negotiate(r.Header.Get("Accept-Language"))]
	maps.Copy(h, e.header)
	parts, kind := e.json, "application/problem+json"
	if !WantsJSON(r) {
		parts, kind = e.page, "text/html; charset=utf-8"
		h.Set("Content-Security-Policy", policyPage)
	}
	body := bytes.Join(parts, []byte(id))
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("X-Request-Id", id)
	if len(r.TransferEncoding) > 0 || r.ContentLength > 0 {
		h.Set("Connection", "close") // its body is not waited for
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write(body) // nobody is left to tell of a broken connection
}

// plainPage shows a problem without the layout of the site.
func plainPage(p Problem, loc ref.Locale) []byte {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + string(loc) + `"><meta charset="utf-8"><title>`)
	b.WriteString(escape(p.Title) + "</title><h1>" + escape(p.Title) + "</h1><p>" + escape(p.Detail) + "</p><p><code>" + escape(p.RequestID) + "</code></p></html>")
	return []byte(b.String())
}
