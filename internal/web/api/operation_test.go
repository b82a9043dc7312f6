package api_test

import (
	"strings"
	"testing"
)

const goodBody = `{"title":"Soudeur","country":"ES"}`

func TestCreate(t *testing.T) {
	f := start(t)
	r := f.send("POST", "/api/v1/berths", "agency", goodBody)
	if r.status != 201 || r.header.Get("ETag") != `"v1"` || r.header.Get("Location") != "/api/v1/berths/"+berthID {
		t.Fatalf("%d %v %s", r.status, r.header, r.body)
	}
	if want := `{"id":"` + berthID + `","rev":1,"title":"Soudeur","by":"agency"}` + "\n"; r.body != want {
		t.Fatalf("got %s", r.body)
	}
	if r.header.Get("Cache-Control") != "no-store" || r.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%v", r.header)
	}
}

func TestAZ01GuardBeforeParsing(t *testing.T) {
	f := start(t)
	for _, tc := range []struct {
		token, body, code string
		status            int
	}{
		{"", "not json", "auth.required", 401},
		{"nobody", "not json", "auth.token", 401},
		{"candidate", "not json", "auth.forbidden", 403},
		{"agency", "not json", "json.syntax", 400},
	} {
		r := f.send("POST", "/api/v1/berths?unknown=1", tc.token, tc.body)
		if tc.status == 400 {
			r = f.send("POST", "/api/v1/berths", tc.token, tc.body)
		}
		p := r.problem(t)
		if r.status != tc.status || p.Code != tc.code {
			t.Errorf("%+v: %d %s", tc, r.status, r.body)
		}
		if challenge := r.header.Get("WWW-Authenticate"); (tc.status == 401) != strings.HasPrefix(challenge, "Bearer") {
			t.Errorf("%+v: challenge %q", tc, challenge)
		}
	}
	if f.berths.made.Load() != 0 {
		t.Error("a refused request reached the handler")
	}
	if r := f.send("GET", "/api/v1/berths", "nobody", ""); r.status != 401 {
		t.Errorf("a bad token on a public operation: %d", r.status)
	}
	if r := f.send("GET", "/api/v1/berths", "", ""); r.status != 200 {
		t.Errorf("no token on a public operation: %d", r.status)
	}
}
