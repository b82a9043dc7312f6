package api_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"passerelle/internal/domain/idempotency"
	"passerelle/internal/web/api"
	"passerelle/internal/web/rules"
)

func nothing[In any](context.Context, *api.Call, *In) (api.NoContent, error) {
	return api.NoContent{}, nil
}

// register adds a good operation with its mistake.
func register[In any](mistake func(*api.Op[In, api.NoContent])) func(*api.API) {
	return func(a *api.API) {
		op := api.Op[In, api.NoContent]{Method: "POST", Path: "/x", ID: "makeX", Summary: "X", Permission: "offer.create", Handle: nothing[In]}
		mistake(&op)
		api.Register(a, op)
	}
}

type (
	empty    = struct{}
	untagged struct{ ID string }
	hasPath  struct {
		ID string `path:"id"`
	}
	twice struct {
		A string `query:"a"`
		B string `header:"a"`
	}
	badType struct {
		A float64 `query:"a"`
	}
	badDefault struct {
		A int `query:"a" default:"x"`
	}
	pathList struct {
		ID []string `path:"id"`
	}
	badRule struct {
		Body struct {
			A string `json:"a" validate:"no_such_rule"`
		}
	}
	deepRule struct {
		Body struct {
			A []struct {
				B *struct {
					C string `json:"c" validate:"no_such_rule"`
				} `json:"b"`
			} `json:"a" validate:"dive"`
		}
	}
	noName    struct{ Body struct{ A string } }
	badMember struct {
		Body struct {
			A chan int `json:"a"`
		}
	}
	withA struct {
		A string `json:"a"`
	}
	sameMember struct {
		Body struct {
			withA
			A string `json:"a"`
		}
	}
	fileNoTag struct{ File *api.Upload }
	mixed     struct {
		Body struct{}
		File *api.Upload `file:"file"`
	}
	patchStruct struct {
		Body struct {
			A api.Patch[struct{}] `json:"a"`
		}
	}
)

// TestMistakesStopTheStart: an operation that contradicts itself is found
// before anything is served.
func TestMistakesStopTheStart(t *testing.T) {
	for want, add := range map[string]func(*api.API){
		"camelCase":           register(func(o *api.Op[empty, api.NoContent]) { o.ID = "make-x" }),
		"method":              register(func(o *api.Op[empty, api.NoContent]) { o.Method = "FETCH" }),
		"path is malformed":   register(func(o *api.Op[empty, api.NoContent]) { o.Path = "/x/*all" }),
		"allows nobody":       register(func(o *api.Op[empty, api.NoContent]) { o.Permission = "no.such" }),
		"no Handle":           register(func(o *api.Op[empty, api.NoContent]) { o.Handle = nil }),
		"no Summary":          register(func(o *api.Op[empty, api.NoContent]) { o.Summary = "" }),
		"the path names [id]": register(func(o *api.Op[empty, api.NoContent]) { o.Path = "/x/{id}" }),
		"the path names []":   register(func(*api.Op[hasPath, api.NoContent]) {}),
		"registered twice":    register(func(o *api.Op[empty, api.NoContent]) { o.ID = "showLiveness" }),
		"is not the Body":     register(func(*api.Op[untagged, api.NoContent]) {}),
		"declared twice":      register(func(*api.Op[twice, api.NoContent]) {}),
		"cannot be a float64": register(func(*api.Op[badType, api.NoContent]) {}),
		"the default":         register(func(*api.Op[badDefault, api.NoContent]) {}),
		"cannot be a list":    register(func(o *api.Op[pathList, api.NoContent]) { o.Path = "/x/{id}" }),
		"no_such_rule":        register(func(*api.Op[badRule, api.NoContent]) {}),
		"'no_such_rule'":      register(func(*api.Op[deepRule, api.NoContent]) {}),
		"no json name":        register(func(*api.Op[noName, api.NoContent]) {}),
		"cannot be read":      register(func(*api.Op[badMember, api.NoContent]) {}),
		`"a" is declared`:     register(func(*api.Op[sameMember, api.NoContent]) {}),
		"needs a file tag":    register(func(*api.Op[fileNoTag, api.NoContent]) {}),
		"either JSON or":      register(func(*api.Op[mixed, api.NoContent]) {}),
		"a scalar or a list":  register(func(*api.Op[patchStruct, api.NoContent]) {}),
		"a GET has no body":   register(func(o *api.Op[createBerth, api.NoContent]) { o.Method = "GET" }),
	} {
		t.Run(want, func(t *testing.T) {
			server := newServer(t, &logs{})
			a := newAPI(t, server, func(context.Context) error { return nil })
			add(a)
			err := a.Mount()
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v", err)
			}
			if len(server.Engine().Routes()) != 0 {
				t.Error("some routes are served all the same")
			}
		})
	}
}

func TestOptionsAreChecked(t *testing.T) {
	server := newServer(t, &logs{})
	checker, err := rules.New()
	if err != nil {
		t.Fatal(err)
	}
	good := api.Options{
		Server: server, Checker: checker, Replay: idempotency.New(idempotency.NewMemory(), nil),
		CursorKey: make([]byte, 32), PublicURL: "https://passerelle.test", Ready: func(context.Context) error { return nil },
	}
	if _, err := api.New(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*api.Options){
		"server": func(o *api.Options) { o.Server = nil }, "checker": func(o *api.Options) { o.Checker = nil },
		"replay": func(o *api.Options) { o.Replay = nil }, "ready": func(o *api.Options) { o.Ready = nil },
		"key": func(o *api.Options) { o.CursorKey = make([]byte, 31) }, "address": func(o *api.Options) { o.PublicURL = "" },
	} {
		bad := good
		spoil(&bad)
		if _, err := api.New(bad); err == nil {
			t.Errorf("%s is not missed", name)
		}
	}
}

func TestProbes(t *testing.T) {
	f := start(t)
	for _, path := range []string{"/livez", "/readyz"} {
		if r := f.send("GET", path, "", ""); r.status != 200 || r.body != "{\"status\":\"ok\"}\n" {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	loading := errors.New("index: 40,000 of 50,000 profiles")
	f.ready.Store(&loading)
	r := f.send("GET", "/readyz", "", "")
	if p := r.problem(t); r.status != 503 || p.Code != "service.starting" || r.header.Get("Retry-After") == "" || strings.Contains(r.body, "40,000") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := f.send("GET", "/livez", "", ""); r.status != 200 {
		t.Errorf("a service that is loading is alive: %d", r.status)
	}
}

// TestUnwritableOutput: what cannot be encoded is one 500, not half an answer.
func TestUnwritableOutput(t *testing.T) {
	f := start(t)
	r := f.send("GET", "/api/v1/broken", "", "")
	if p := r.problem(t); r.status != 500 || p.Code != "internal" || strings.Contains(r.body, "func") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if !strings.Contains(f.logs.String(), "unsupported type") {
		t.Error("the cause is not logged")
	}
}
