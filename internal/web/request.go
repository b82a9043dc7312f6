package web

import (
	"crypto/rand"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/oklog/ulid/v2"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/locale"
)

// state is what the kernel knows of a request; one pointer in gin's context.
type state struct {
	id       string
	locale   ref.Locale
	actor    account.Actor
	method   string // as sent: HEAD is served as GET
	upstream string
	shed     bool // refused because there was no room
}

const stateKey = "passerelle.request"

func stateOf(c *gin.Context) *state {
	if v, ok := c.Get(stateKey); ok {
		if st, ok := v.(*state); ok {
			return st
		}
	}
	return &state{locale: ref.French}
}

// RequestID gives the id of the request, as in X-Request-Id and the logs.
func RequestID(c *gin.Context) string { return stateOf(c).id }

// LocaleOf gives the language of the answer.
func LocaleOf(c *gin.Context) ref.Locale { return stateOf(c).locale }

// SetLocale overrides the negotiated language, as the pages' own switch does.
func SetLocale(c *gin.Context, loc ref.Locale) {
	stateOf(c).locale = loc
	c.Header("Content-Language", string(loc))
}

// ActorOf gives who is calling; the zero Actor is anonymous.
func ActorOf(c *gin.Context) account.Actor { return stateOf(c).actor }

// SetActor records who is calling, after the caller has been identified, and
// from where.
func SetActor(c *gin.Context, actor account.Actor) {
	actor.Origin = audit.OriginOf(c.ClientIP())
	stateOf(c).actor = actor
}

func newULID() string { return ulid.MustNew(ulid.Now(), rand.Reader).String() }

// identify gives the request its id. An id sent by the caller is kept beside
// ours, when well-formed, so that two logs can be joined; it is never ours.
func (s *Server) identify(c *gin.Context) {
	st := &state{id: s.opts.NewID(), locale: ref.French, method: originalMethod(c.Request)}
	if sent := c.Request.Header.Get("X-Request-Id"); wellFormedID(sent) {
		st.upstream = sent
	}
	c.Set(stateKey, st)
	c.Header("X-Request-Id", st.id)
	c.Next()
}

// wellFormedID accepts ULIDs, UUIDs and trace ids: 8 to 64 letters, digits and
// hyphens, so that no id can forge a log line.
func wellFormedID(s string) bool {
	if len(s) < 8 || len(s) > 64 {
		return false
	}
	for _, b := range []byte(s) {
		if !(b == '-' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z') {
			return false
		}
	}
	return true
}

// speak negotiates the language.
func (s *Server) speak(c *gin.Context) {
	SetLocale(c, locale.Negotiate(c.Request.Header.Get("Accept-Language")))
	c.Writer.Header().Add("Vary", "Accept-Language")
	c.Next()
}

// hygiene refuses what no route of ours can want: long addresses, path tricks
// and compressed bodies. It closes the connection after a chunked request, so
// that two readers of ambiguous framing cannot disagree about the next one.
func (s *Server) hygiene(c *gin.Context) {
	r := c.Request
	if len(r.TransferEncoding) > 0 {
		c.Header("Connection", "close")
	}
	if err := refuseOddity(r); err != nil {
		s.Fail(c, err)
		return
	}
	c.Next()
}

func refuseOddity(r *http.Request) error {
	switch {
	case len(r.RequestURI) > maxURLBytes:
		return Refuse(http.StatusRequestURITooLong, "request.uri_too_long", number(maxURLBytes))
	case !cleanText(r.URL.Path):
		return Refuse(http.StatusBadRequest, "request.path")
	case trickyPath(r):
		return Refuse(http.StatusNotFound, "request.not_found")
	case compressed(r):
		return Refuse(http.StatusUnsupportedMediaType, "request.content_encoding")
	default:
		return nil
	}
}

// cleanText reports whether the text is valid UTF-8 without control characters.
func cleanText(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }) < 0
}

// trickyPath finds paths that another reader might resolve to another route.
func trickyPath(r *http.Request) bool {
	path, escaped := r.URL.Path, strings.ToLower(r.URL.EscapedPath())
	return strings.Contains(path, "//") || strings.Contains(path, `\`) ||
		strings.Contains(path+"/", "/../") || strings.Contains(path+"/", "/./") ||
		strings.Contains(escaped, "%2f") || strings.Contains(escaped, "%5c")
}

func compressed(r *http.Request) bool {
	for _, coding := range r.Header.Values("Content-Encoding") {
		if coding != "" && !strings.EqualFold(strings.TrimSpace(coding), "identity") {
			return true
		}
	}
	return false
}

// WantsJSON reports whether errors at this path are problem documents rather
// than pages.
func WantsJSON(r *http.Request) bool {
	path := r.URL.Path
	switch {
	case path == "/api" || strings.HasPrefix(path, "/api/"), strings.HasPrefix(path, "/.well-known/"):
		return true
	case path == "/livez", path == "/readyz":
		return true
	default:
		return strings.HasSuffix(path, ".json")
	}
}
