package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/web"
)

// tokens is an authenticator whose tokens are the names of roles.
type tokens struct{}

func (tokens) Authenticate(_ context.Context, bearer string) (account.Actor, error) {
	switch bearer {
	case "down":
		return account.Actor{}, fault.New(fault.Unavailable, "store.unavailable")
	case "broken":
		return account.Actor{}, errors.New("key of acc_9 is missing")
	case "system":
		return account.SystemActor(), nil
	}
	role, err := account.ParseRole(bearer)
	if err != nil {
		return account.Actor{}, fault.New(fault.Unauthenticated, "auth.token")
	}
	return account.Actor{Account: account.ID("acc_" + bearer), Role: role}, nil
}

type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// kernel is a server with a few routes.
type kernel struct {
	*web.Server
	t        testing.TB
	logs     *logs
	registry *prometheus.Registry
	hold     chan struct{}
	entered  chan struct{}
}

func newKernel(t testing.TB, opts web.Options) *kernel {
	t.Helper()
	k := &kernel{t: t, logs: &logs{}, registry: prometheus.NewRegistry(), hold: make(chan struct{}), entered: make(chan struct{}, 64)}
	opts.Authenticator = tokens{}
	opts.Logger = slog.New(slog.NewJSONHandler(k.logs, nil))
	opts.Registry = k.registry
	server, err := web.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	k.Server = server
	k.routes()
	return k
}

func (k *kernel) routes() {
	e := k.Engine()
	ok := func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"role": web.ActorOf(c).Role}) }
	wait := func(c *gin.Context) {
		k.entered <- struct{}{}
		<-k.hold
		ok(c)
	}
	e.GET("/livez", ok)
	e.GET("/api/v1/open/:id", k.Guard("offer.read"), ok)
	e.GET("/api/v1/closed", k.Guard("offer.create"), ok)
	e.GET("/api/v1/nobody", k.Guard("no.such.permission"), ok)
	e.GET("/api/v1/wait", wait)
	e.POST("/api/v1/auth/login", ok)
	e.POST("/api/v1/echo", k.echo)
	e.POST("/api/v1/import", k.echo)
	e.GET("/page", func(c *gin.Context) {
		c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(strings.Repeat("<p>é</p>", 1000)))
	})
	e.GET("/go", func(c *gin.Context) { c.Redirect(http.StatusSeeOther, "/page") })
	e.GET("/image", func(c *gin.Context) { c.Data(http.StatusOK, "image/png", make([]byte, 5000)) })
	e.GET("/api/v1/panic", func(*gin.Context) { panic("secret of somebody") })
	e.GET("/api/v1/half", func(c *gin.Context) {
		c.String(http.StatusOK, "half")
		c.Writer.Flush()
		panic("in the middle")
	})
	e.GET("/api/v1/fail/:kind", k.fail)
	e.GET("/page/fail/:kind", k.fail)
	k.LimitBody("POST", "/api/v1/import", 1<<20)
}

// fail answers with the error that the path names.
func (k *kernel) fail(c *gin.Context) {
	c.Header("ETag", `"v1"`)
	c.Header("Location", "/somewhere")
	k.Fail(c, failures()[c.Param("kind")])
}

func (k *kernel) echo(c *gin.Context) {
	data, err := io.ReadAll(c.Request.Body)
	if err != nil {
		k.Fail(c, web.ReadError(err))
		return
	}
	c.Data(http.StatusOK, "application/json", data)
}

// failures are errors of every sort, by name.
func failures() map[string]error {
	list := map[string]error{
		"unknown":  errors.New("mongo: 10.0.0.7 refused passport A123"),
		"wrapped":  errors.Join(errors.New("offer publish"), fault.New(fault.Conflict, "transition")),
		"timeout":  context.DeadlineExceeded,
		"canceled": context.Canceled,
		"large":    &http.MaxBytesError{Limit: 5},
		"refused":  web.Refuse(http.StatusUnsupportedMediaType, "request.media_type", "application/json"),
		"fields":   fault.New(fault.Invalid, "some.new.code", fault.Field{Pointer: "/a", Code: "too_long", Args: []string{"5"}}, fault.Field{Pointer: "/b", Code: "never.heard"}, fault.Field{Pointer: "/c", Code: "ref.integer"}),
		"absent":   fault.New(fault.NotFound, "store.not_found"),
		"named":    fault.New(fault.NotFound, "account.not_found"),
		"store":    fault.New(fault.Conflict, "store.duplicate"),
		"later":    fault.New(fault.Exhausted, "auth.throttled").After(1500 * time.Millisecond),
	}
	for kind := fault.Internal; kind <= fault.Exhausted; kind++ {
		list[kind.String()] = fault.New(kind, "code.of."+kind.String()).Because(errors.New("cause of " + kind.String()))
	}
	return list
}

type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) problem(t *testing.T) web.Problem {
	t.Helper()
	var p web.Problem
	if err := json.Unmarshal([]byte(r.body), &p); err != nil || r.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%v: %q %s", err, r.header.Get("Content-Type"), r.body)
	}
	return p
}

// get makes a request without a network; headers are "Name: value".
func (k *kernel) get(path string, headers ...string) reply {
	return k.send(http.MethodGet, path, "", headers...)
}

func (k *kernel) send(method, path, body string, headers ...string) reply {
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, "http://service.test"+path, r)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Add(name, value)
	}
	return k.serve(req)
}

func (k *kernel) serve(req *http.Request) reply {
	w := httptest.NewRecorder()
	k.Handler().ServeHTTP(w, req)
	return reply{w.Code, w.Result().Header, w.Body.String()}
}

// counts gives the values of a counter by its labels ("name=value …").
func (k *kernel) counts(metric string) map[string]float64 {
	k.t.Helper()
	families, err := k.registry.Gather()
	if err != nil {
		k.t.Fatal(err)
	}
	found := map[string]float64{}
	for _, family := range families {
		if family.GetName() != metric {
			continue
		}
		for _, m := range family.GetMetric() {
			var labels []string
			for _, pair := range m.GetLabel() {
				labels = append(labels, pair.GetName()+"="+pair.GetValue())
			}
			found[strings.Join(labels, " ")] = m.GetCounter().GetValue()
		}
	}
	return found
}
