package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/locale"
)

// Limits of the HTTP server that no configuration widens.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 32 << 10
	maxURLBytes       = 8 << 10
	// DefaultMaxBody bounds a request body where the route states nothing.
	DefaultMaxBody = 64 << 10
)

// Options configure the kernel. The zero value of a field takes the stated
// default; Authenticator alone has none.
type Options struct {
	Logger        *slog.Logger          // default: discard
	Registry      prometheus.Registerer // default: a registry of its own
	NewID         func() string         // request ids; default: ULIDs
	Authenticator Authenticator         // required
	Messages      *locale.Catalogue     // default: the embedded catalogue

	Refused func(audit.Entry) // is told of every 401 and 403; must not wait; default: nobody

	TrustedProxies []string    // addresses or CIDR ranges whose X-Forwarded-For is believed; default: none
	HSTS           bool        // send Strict-Transport-Security (behind TLS only)
	TLS            *tls.Config // serve TLS with it; nil = plain HTTP

	Rates                 Rates
	Concurrency           int           // requests served at once; default 32 for each processor, at least 64
	Reserved              []string      // "POST /path" with room of their own; default: the API's sign-in
	ConnectionsPerAddress int           // default 256; trusted proxies are not counted
	RequestTimeout        time.Duration // limit of a handler's context; default 20 s
	DrainTimeout          time.Duration // what Serve waits for requests in flight; default 10 s
}

func (o *Options) setDefaults() error {
	if o.Authenticator == nil {
		return errors.New("web: an Authenticator is required")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Registry == nil {
		o.Registry = prometheus.NewRegistry()
	}
	if o.NewID == nil {
		o.NewID = newULID
	}
	if o.Reserved == nil {
		o.Reserved = []string{"POST /api/v1/auth/login"}
	}
	o.Concurrency = orDefault(o.Concurrency, max(64, 32*runtime.GOMAXPROCS(0)))
	o.ConnectionsPerAddress = orDefault(o.ConnectionsPerAddress, 256)
	o.RequestTimeout = orDefault(o.RequestTimeout, 20*time.Second)
	o.DrainTimeout = orDefault(o.DrainTimeout, 10*time.Second)
	o.Rates.setDefaults()
	return o.loadMessages()
}

func (o *Options) loadMessages() error {
	if o.Messages != nil {
		return nil
	}
	messages, err := locale.Problems()
	o.Messages = messages
	return err
}

func orDefault[T int | time.Duration](v, otherwise T) T {
	if v <= 0 {
		return otherwise
	}
	return v
}

// Server is the engine with its middleware. Routes are added to Engine before
// Serve or Handler is called.
type Server struct {
	opts       Options
	engine     *gin.Engine
	handler    http.Handler
	proxies    proxyList
	metrics    *metrics
	rates      *rateLimiters
	room       *room
	bodyLimits map[string]int64
	errorPage  ErrorPage
	draining   atomic.Bool
	early      map[ref.Locale]early
	waiting    atomic.Int64 // bytes of answers that wait to be sent
}

// New builds the kernel. It fails when an option is missing or malformed.
func New(opts Options) (*Server, error) {
	if err := opts.setDefaults(); err != nil {
		return nil, err
	}
	proxies, err := parseProxies(opts.TrustedProxies)
	if err != nil {
		return nil, err
	}
	m, err := newMetrics(opts.Registry)
	if err != nil {
		return nil, err
	}
	s := &Server{
		opts: opts, proxies: proxies, metrics: m,
		rates:      newRateLimiters(opts.Rates),
		room:       newRoom(opts.Concurrency, opts.Reserved),
		bodyLimits: map[string]int64{},
		errorPage:  plainErrorPage,
	}
	if s.engine, err = s.newEngine(); err != nil {
		return nil, err
	}
	s.prepareEarly()
	served, err := outermost(s.engine)
	s.handler = s.crowd(served)
	return s, err
}

// newEngine sets up gin without its logger, its redirects (which would skip
// the middleware) and its trust in every proxy.
func (s *Server) newEngine() (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.RedirectTrailingSlash = false
	e.RedirectFixedPath = false
	e.UseRawPath = false
	e.HandleMethodNotAllowed = true
	if err := e.SetTrustedProxies(s.opts.TrustedProxies); err != nil {
		return nil, fmt.Errorf("web: trusted proxies: %w", err)
	}
	e.Use(s.identify, s.observe, s.recovery, s.secure, s.speak, s.hygiene, s.limitRate, s.limitBody, s.shed)
	e.NoRoute(func(c *gin.Context) { s.Fail(c, Refuse(http.StatusNotFound, "request.not_found")) })
	e.NoMethod(func(c *gin.Context) { s.Fail(c, Refuse(http.StatusMethodNotAllowed, "request.method")) })
	return e, nil
}

// Engine gives the gin engine on which api and site add their routes.
func (s *Server) Engine() *gin.Engine { return s.engine }

// Handler gives the complete handler, for tests and for Serve.
func (s *Server) Handler() http.Handler { return s.handler }

// Messages gives the catalogue of problem texts.
func (s *Server) Messages() *locale.Catalogue { return s.opts.Messages }

// Logger gives the logger of the kernel.
func (s *Server) Logger() *slog.Logger { return s.opts.Logger }

// LimitBody sets the largest request body of one route, in bytes. The pattern
// is gin's ("/api/v1/imports", "/offers/:id"). Call it before serving.
func (s *Server) LimitBody(method, pattern string, bytes int64) {
	s.bodyLimits[method+" "+pattern] = bytes
}

// SetErrorPage replaces the plain page that shows problems to people. Call it
// before serving.
func (s *Server) SetErrorPage(page ErrorPage) { s.errorPage = page }

// Draining reports whether Serve is on its way out; /readyz then says no.
func (s *Server) Draining() bool { return s.draining.Load() }

// Serve answers on the listener until ctx ends, then stops accepting, waits up
// to DrainTimeout for requests in flight, and closes what is left. It returns
// nil after an orderly end. Handlers outlive ctx until they are done.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := s.httpServer()
	failed := make(chan error, 1)
	go func() { failed <- s.serveOn(srv, s.capConnections(l)) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.draining.Store(true)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.opts.DrainTimeout)
	defer cancel()
	err := srv.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		s.opts.Logger.Warn("requests cut off at shutdown")
		err = srv.Close()
	}
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		TLSConfig:         s.opts.TLS,
		// The server's own lines name client addresses.
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
}

func (s *Server) serveOn(srv *http.Server, l net.Listener) error {
	if s.opts.TLS != nil {
		return srv.ServeTLS(l, "", "")
	}
	return srv.Serve(l)
}
