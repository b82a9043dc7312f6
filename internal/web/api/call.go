package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// Call is what a handler knows of the request beside its input, and how it
// adds to the answer beside its output.
type Call struct {
	Actor     account.Actor // who calls; the zero Actor is anonymous
	Locale    ref.Locale    // language of the answer
	RequestID string        // as in X-Request-Id and the logs
	// Rev is the revision in If-Match; it is always stated on PUT and PATCH.
	// On other methods zero means that the caller stated none. The service
	// compares it and fails with fault.Stale.
	Rev int64
	// Create says that the caller means to make a new record by a PUT that
	// Creates; Rev is then zero.
	Create bool

	api    *API
	op     *operation
	gin    *gin.Context
	path   string
	query  sentQuery
	header http.Header
	etag   string
	public time.Duration
	sent   []byte // the body as it came, for its fingerprint
}

func (a *API) newCall(o *operation, c *gin.Context) *Call {
	return &Call{
		Actor: web.ActorOf(c), Locale: web.LocaleOf(c), RequestID: web.RequestID(c),
		api: a, op: o, gin: c, path: c.Request.URL.EscapedPath(), header: http.Header{},
	}
}

// Address gives the caller's network address, believed from trusted proxies
// only. It is for throttles and the audit log, never for answers.
func (c *Call) Address() string { return c.gin.ClientIP() }

// ETag states the record's revision; the answer carries it as a strong entity
// tag. An output with a member "rev" states it by itself.
func (c *Call) ETag(rev int64) { c.etag = revTag(rev) }

// ContentTag states an entity tag of another kind, for what has no revision
// (vocabularies, keys). The text must hold visible ASCII only, without quotes.
func (c *Call) ContentTag(tag string) { c.etag = `"` + oneLine(tag) + `"` }

// Location states where the record that was made can be read, as a path under
// /api/v1 ("/offers/off_…").
func (c *Call) Location(path string) { c.Header("Location", Base+path) }

// Header adds a header to the answer; line ends and other control characters
// are dropped, so no value can forge another header.
func (c *Call) Header(name, value string) { c.header.Set(name, oneLine(value)) }

// CachePublic lets shared caches keep the answer to anonymous callers for that
// long; the default is that nothing is kept.
func (c *Call) CachePublic(maxAge time.Duration) { c.public = maxAge }

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
