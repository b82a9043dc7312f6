package web_test

import (
	"net/http"
	"strings"
	"testing"

	"passerelle/internal/web"
)

// TestOneTable: every kind of error has its status and says nothing more than
// it may.
func TestOneTable(t *testing.T) {
	k := newKernel(t, web.Options{})
	for name, want := range map[string]struct {
		status int
		code   string
		retry  string
	}{
		"internal":        {500, "internal", ""},
		"syntax":          {400, "code.of.syntax", ""},
		"invalid":         {422, "code.of.invalid", ""},
		"not_found":       {404, "not_found", ""},
		"conflict":        {409, "code.of.conflict", ""},
		"stale":           {412, "code.of.stale", ""},
		"forbidden":       {403, "code.of.forbidden", ""},
		"unauthenticated": {401, "code.of.unauthenticated", ""},
		"unavailable":     {503, "code.of.unavailable", "2"},
		"exhausted":       {429, "code.of.exhausted", "60"},
		"unknown":         {500, "internal", ""},
		"wrapped":         {409, "transition", ""},
		"timeout":         {503, "request.timeout", "2"},
		"canceled":        {503, "request.timeout", "2"},
		"large":           {413, "request.too_large", ""},
		"refused":         {415, "request.media_type", ""},
		"absent":          {404, "not_found", ""},
		"named":           {404, "account.not_found", ""},
		"store":           {409, "conflict", ""},
		"later":           {429, "auth.throttled", "2"},
	} {
		r := k.get("/api/v1/fail/" + name)
		p := r.problem(t)
		if r.status != want.status || p.Status != want.status || p.Code != want.code || p.Type != "/problems/"+want.code || r.header.Get("Retry-After") != want.retry {
			t.Errorf("%s: %d %q %s", name, r.status, r.header.Get("Retry-After"), r.body)
		}
		if p.Title == "" || p.Detail == "" || p.RequestID == "" || p.RequestID != r.header.Get("X-Request-Id") || !strings.HasSuffix(p.Instance, p.RequestID) {
			t.Errorf("%s: incomplete: %s", name, r.body)
		}
		if r.header.Get("ETag") != "" || r.header.Get("Location") != "" || r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers of a success remain: %v", name, r.header)
		}
		if strings.Contains(r.body, "passport") || strings.Contains(r.body, "cause of") {
			t.Errorf("%s: internals are shown: %s", name, r.body)
		}
		if got := web.StatusOf(failures()[name]); got != want.status {
			t.Errorf("%s: StatusOf gives %d", name, got)
		}
	}
	for _, cause := range []string{"mongo: 10.0.0.7", "cause of internal", "cause of unavailable"} {
		if !strings.Contains(k.logs.String(), cause) {
			t.Errorf("%q is not in the log", cause)
		}
	}
	if strings.Contains(k.logs.String(), "cause of conflict") {
		t.Error("what the caller can act upon is not an operator's business")
	}
}

func TestWB04Language(t *testing.T) {
	k := newKernel(t, web.Options{})
	for header, want := range map[string]string{"": "", "en": "This format is not accepted here. Expected format: application/json.", "fr": "Ce format n’est pas accepté ici.", "de, en;q=0.1": "This format"} {
		r := k.get("/api/v1/fail/refused", "Accept-Language: "+header)
		p := r.problem(t)
		lang := r.header.Get("Content-Language")
		if !strings.HasPrefix(p.Detail, want) || lang != map[bool]string{true: "en", false: "fr"}[strings.Contains(header, "en")] {
			t.Errorf("%q: %s %s", header, lang, r.body)
		}
		if !strings.Contains(strings.Join(r.header.Values("Vary"), ","), "Accept-Language") {
			t.Errorf("Vary: %v", r.header.Values("Vary"))
		}
	}
}

func TestFieldsFallBack(t *testing.T) {
	k := newKernel(t, web.Options{})
	p := k.get("/api/v1/fail/fields", "Accept-Language: en").problem(t)
	if p.Detail != "One or more rules are not met. Correct the fields marked, then try again." || len(p.Errors) != 3 {
		t.Fatalf("%+v", p)
	}
	for i, want := range []string{"Enter at most 5 characters.", "This value is not accepted. Correct it.", "Give a whole number."} {
		if p.Errors[i].Detail != want {
			t.Errorf("%+v, want %q", p.Errors[i], want)
		}
	}
}

// TestMachinesAndPeople: problem documents under /api and for *.json, pages
// elsewhere.
func TestMachinesAndPeople(t *testing.T) {
	k := newKernel(t, web.Options{})
	for path, machine := range map[string]bool{
		"/api/none": true, "/api": true, "/x.json": true, "/.well-known/none": true, "/none": false, "/apinone": false, "/": false,
	} {
		r := k.get(path)
		isProblem := r.header.Get("Content-Type") == "application/problem+json"
		if r.status != 404 || isProblem != machine {
			t.Errorf("%s: %d %q", path, r.status, r.header.Get("Content-Type"))
		}
	}
	r := k.get("/page/fail/unknown")
	if r.status != 500 || !strings.Contains(r.body, r.header.Get("X-Request-Id")) || strings.Contains(r.body, "mongo") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := k.send(http.MethodDelete, "/page", ""); r.status != 405 || r.header.Get("Allow") != "GET, HEAD" {
		t.Errorf("%d %v", r.status, r.header)
	}
}
