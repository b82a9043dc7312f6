package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/listing"
	"passerelle/internal/web"
	"passerelle/internal/web/api"
	"passerelle/internal/web/rules"
)

// tokens is an authenticator whose tokens are the names of roles.
type tokens struct{}

func (tokens) Authenticate(_ context.Context, bearer string) (account.Actor, error) {
	name, number, _ := strings.Cut(bearer, "-")
	role, err := account.ParseRole(name)
	if err != nil {
		return account.Actor{}, fault.New(fault.Unauthenticated, "auth.token")
	}
	return account.Actor{Account: account.ID("acc_" + name + number), Role: role}, nil
}

// The example noun: a berth, with one of everything the machinery reads.
type site struct {
	City   string `json:"city" validate:"required,max=50,name"`
	Places int    `json:"places" validate:"min=1,max=1000"`
}

type berthInput struct {
	Title     string            `json:"title" validate:"required,min=3,max=80,line" example:"Soudeur TIG"`
	Country   string            `json:"country" validate:"required,country" example:"ES"`
	Kind      string            `json:"kind,omitempty" validate:"omitempty,kind"`
	Amount    string            `json:"amount" validate:"omitempty,amount" example:"1500.00"`
	Note      *string           `json:"note" validate:"omitempty,max=200"`
	Sites     []site            `json:"sites" validate:"max=3,dive"`
	Languages []string          `json:"languages" validate:"max=5,unique,dive,language"`
	Labels    map[string]string `json:"labels" validate:"max=5,dive,max=20"`
	Places    int8              `json:"places" validate:"omitempty,min=1,max=100"`
	Ratio     float64           `json:"ratio"`
	Open      bool              `json:"open"`
	Due       *time.Time        `json:"due"`
}

type berth struct {
	ID    string `json:"id"`
	Rev   int64  `json:"rev"`
	Title string `json:"title" example:"Soudeur TIG"`
	By    string `json:"by,omitempty"`
}

type createBerth struct {
	Body berthInput
}

type showBerth struct {
	ID string `path:"id" validate:"id=ber"`
}

type changeBerth struct {
	ID   string `path:"id" validate:"id=ber"`
	Body struct {
		Title api.Patch[string] `json:"title" validate:"omitempty,min=3,max=80"`
		Note  api.Patch[string] `json:"note" validate:"omitempty,max=5"`
	}
}

type listBerths struct {
	api.Page
	Q        string   `query:"q" validate:"omitempty,max=40" doc:"words"`
	Country  []string `query:"country" validate:"max=3,dive,country"`
	PayMin   int64    `query:"payMin" validate:"min=0"`
	Open     *bool    `query:"open"`
	SignedBy string   `header:"X-Signed-By" validate:"omitempty,max=10"`
}

type importBerths struct {
	Kind   string      `form:"kind" validate:"required,oneof=offers profiles"`
	DryRun bool        `form:"dryRun"`
	File   *api.Upload `file:"file" validate:"required" doc:"the file"`
}

type imported struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Text string `json:"text"`
}

const berthID = "ber_01ARZ3NDEKTSV4RRFFQ69G5FAV"

// berths is the service of the example: it counts what it was made to do.
type berths struct {
	made  atomic.Int64
	seen  atomic.Pointer[listBerths]
	body  atomic.Pointer[berthInput]
	block chan struct{}
}

func (b *berths) create(ctx context.Context, c *api.Call, in *createBerth) (berth, error) {
	n := b.made.Add(1)
	b.body.Store(&in.Body)
	switch in.Body.Title {
	case "conflict":
		return berth{}, fault.New(fault.Conflict, "transition")
	case "panic":
		panic("as asked")
	case "wait":
		<-b.block
	}
	if _, ok := idempotency.From(ctx); !ok && c.Actor.Account == "acc_agency9" {
		return berth{}, fault.New(fault.Invalid, "berth.key")
	}
	c.Location("/berths/" + berthID)
	return berth{ID: berthID, Rev: n, Title: in.Body.Title, By: string(c.Actor.Role)}, nil
}

func (b *berths) show(_ context.Context, c *api.Call, in *showBerth) (berth, error) {
	if c.Actor.Role == account.Observer {
		return berth{}, fault.New(fault.NotFound, "berth.not_found")
	}
	c.CachePublic(time.Minute)
	return berth{ID: in.ID, Rev: 7, Title: "a < b & c"}, nil
}

func (b *berths) change(_ context.Context, c *api.Call, in *changeBerth) (*berth, error) {
	if c.Rev != 7 {
		return nil, fault.New(fault.Stale, "request.stale")
	}
	title := "old"
	in.Body.Title.Apply(&title)
	return &berth{ID: in.ID, Rev: 8, Title: title}, nil
}

func (b *berths) replace(_ context.Context, c *api.Call, in *changeBerth) (*berth, error) {
	if c.Create {
		return &berth{ID: in.ID, Rev: 1, Title: "new"}, nil
	}
	return &berth{ID: in.ID, Rev: c.Rev + 1}, nil
}

func (b *berths) list(_ context.Context, c *api.Call, in *listBerths) (api.List[berth], error) {
	b.seen.Store(in)
	result := listing.Result[string]{Items: []string{"x" + in.Listing().After}, Total: 3, Next: "pos<1>"}
	if in.Cursor.After != "" {
		result.Next = ""
	}
	return api.NewList(c, result, func(title string) berth { return berth{Title: title} }), nil
}

func (b *berths) importFile(_ context.Context, _ *api.Call, in *importBerths) (imported, error) {
	b.made.Add(1)
	f, err := in.File.Open()
	if err != nil {
		return imported{}, err
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return imported{}, err
	}
	return imported{in.File.Name, in.File.Size, string(data)}, f.Close()
}

func (b *berths) remove(context.Context, *api.Call, *showBerth) (api.NoContent, error) {
	return api.NoContent{}, nil
}

func (b *berths) signIn(context.Context, *api.Call, *struct{}) (berth, error) {
	return berth{ID: berthID, Rev: b.made.Add(1)}, nil
}

func (b *berths) export(_ context.Context, _ *api.Call, in *showBerth) (api.Download, error) {
	return api.Download{ContentType: "text/csv", Name: "a\r\nb.csv", Write: func(w io.Writer) error {
		_, err := io.WriteString(w, "id\n"+in.ID+"\n")
		return err
	}}, nil
}

func (b *berths) broken(context.Context, *api.Call, *struct{}) (map[string]any, error) {
	return map[string]any{"f": func() {}}, nil
}

func (b *berths) register(a *api.API) {
	api.Register(a, api.Op[createBerth, berth]{Method: "POST", Path: "/berths", ID: "createBerth", Summary: "Create", Permission: "offer.create", Status: 201, Handle: b.create})
	api.Register(a, api.Op[listBerths, api.List[berth]]{Method: "GET", Path: "/berths", ID: "listBerths", Summary: "List", Permission: "offer.search", Handle: b.list})
	api.Register(a, api.Op[showBerth, berth]{Method: "GET", Path: "/berths/{id}", ID: "showBerth", Summary: "Show", Permission: "offer.read", Handle: b.show})
	api.Register(a, api.Op[changeBerth, *berth]{Method: "PATCH", Path: "/berths/{id}", ID: "changeBerth", Summary: "Change", Permission: "offer.update", Handle: b.change})
	api.Register(a, api.Op[changeBerth, *berth]{Method: "PUT", Path: "/berths/{id}", ID: "replaceBerth", Summary: "Make or replace", Permission: "offer.update", Creates: true, Handle: b.replace})
	api.Register(a, api.Op[showBerth, api.NoContent]{Method: "DELETE", Path: "/berths/{id}", ID: "removeBerth", Summary: "Remove", Permission: "offer.update", Handle: b.remove})
	api.Register(a, api.Op[importBerths, imported]{Method: "POST", Path: "/imports", ID: "importBerths", Summary: "Import", Permission: "import.create", MaxBody: 1 << 20, Handle: b.importFile})
	api.Register(a, api.Op[struct{}, berth]{Method: "POST", Path: "/auth/login", ID: "signIn", Summary: "Sign in", Permission: "auth.login", Unstored: true, Handle: b.signIn})
	api.Register(a, api.Op[showBerth, api.Download]{Method: "GET", Path: "/berths/{id}/export", ID: "exportBerth", Summary: "Export", Permission: "offer.read", Handle: b.export})
	api.Register(a, api.Op[struct{}, map[string]any]{Method: "GET", Path: "/broken", ID: "showBroken", Summary: "Broken", Permission: "service.read", Handle: b.broken})
}

// fixture is the example API on a listener of 127.0.0.1.
type fixture struct {
	t      *testing.T
	url    string
	api    *api.API
	server *web.Server
	berths *berths
	ready  atomic.Pointer[error]
	logs   *logs
}

// newServer builds the kernel of a fixture.
func newServer(t *testing.T, log *logs) *web.Server {
	t.Helper()
	server, err := web.New(web.Options{
		Authenticator: tokens{}, Rates: web.Rates{Off: true}, Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func newAPI(t *testing.T, server *web.Server, ready func(context.Context) error) *api.API {
	t.Helper()
	checker, err := rules.New()
	if err != nil {
		t.Fatal(err)
	}
	a, err := api.New(api.Options{
		Server: server, Checker: checker, Replay: idempotency.New(idempotency.NewMemory(), time.Now),
		CursorKey: bytes.Repeat([]byte{7}, 32), PublicURL: "https://passerelle.test", Version: "test", Ready: ready,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func start(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{t: t, berths: &berths{block: make(chan struct{})}, logs: &logs{}}
	f.server = newServer(t, f.logs)
	f.api = newAPI(t, f.server, func(context.Context) error {
		if err := f.ready.Load(); err != nil {
			return *err
		}
		return nil
	})
	f.berths.register(f.api)
	if err := f.api.Mount(); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(f.server.Handler())
	t.Cleanup(s.Close)
	f.url = s.URL
	return f
}

// reply is an answer with its body read.
type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) decode(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), into); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
}

// problem reads a problem document and checks what all of them must hold.
func (r reply) problem(t *testing.T) web.Problem {
	t.Helper()
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("content type %q, body %s", got, r.body)
	}
	var p web.Problem
	r.decode(t, &p)
	if p.Status != r.status || p.RequestID != r.header.Get("X-Request-Id") || p.Type != "/problems/"+p.Code || p.Title == "" || p.Detail == "" {
		t.Fatalf("incomplete problem: %s", r.body)
	}
	return p
}

// send makes a request; headers are "Name: value".
func (f *fixture) send(method, path, token, body string, headers ...string) reply {
	f.t.Helper()
	req, err := http.NewRequest(method, f.url+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	return f.do(req)
}

func (f *fixture) do(req *http.Request) reply {
	f.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		f.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, string(data)}
}
