package web

import (
	"net/http"
	"strconv"
	"sync/atomic"
)

// Bounds of answers that wait to be sent: of one, and of all together. What is
// beyond them is sent while the request still has its place.
const (
	maxPostponed    = 1 << 20
	maxPostponedAll = 64 << 20
)

// postponed keeps an answer until its handler is done, so that a request gives
// its place back before the answer travels: whoever reads slowly keeps nobody
// else out.
type postponed struct {
	http.ResponseWriter
	all    *atomic.Int64 // bytes waiting in the whole server
	status int
	body   []byte
	direct bool // nothing is kept any more
}

// postpone runs the handler and sends its answer afterwards.
func (s *Server) postpone(next http.Handler, w http.ResponseWriter, r *http.Request) {
	p := &postponed{ResponseWriter: w, all: &s.waiting}
	defer func() { p.all.Add(-int64(len(p.body))) }()
	next.ServeHTTP(p, r)
	p.finish()
}

// WriteHeader notes the first final status.
func (p *postponed) WriteHeader(status int) {
	switch {
	case p.direct || status < http.StatusOK:
		p.ResponseWriter.WriteHeader(status)
	case p.status == 0:
		p.status = status
	}
}

// Write keeps the bytes, or sends what has become too much to keep.
func (p *postponed) Write(b []byte) (int, error) {
	if p.direct {
		return p.ResponseWriter.Write(b)
	}
	waiting := p.all.Add(int64(len(b)))
	p.body = append(p.body, b...)
	if len(p.body) <= maxPostponed && waiting <= maxPostponedAll {
		return len(b), nil
	}
	return len(b), p.release()
}

// Flush implements http.Flusher: the handler wants its bytes sent now.
func (p *postponed) Flush() {
	_ = p.release() // the next Write tells
	if f, ok := p.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// release sends what was kept and keeps nothing from here on.
func (p *postponed) release() error {
	if p.direct {
		return nil
	}
	p.direct = true
	if p.status != 0 {
		p.ResponseWriter.WriteHeader(p.status)
	}
	if len(p.body) == 0 {
		return nil
	}
	_, err := p.ResponseWriter.Write(p.body)
	return err
}

// finish sends an answer that was kept whole, with its length.
func (p *postponed) finish() {
	h := p.Header()
	if !p.direct && len(p.body) > 0 && h.Get("Content-Length") == "" && h.Get("Transfer-Encoding") == "" {
		h.Set("Content-Length", strconv.Itoa(len(p.body)))
	}
	_ = p.release() // nobody is left to tell of a broken connection
}
