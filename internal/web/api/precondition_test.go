package api_test

import (
	"strings"
	"testing"
)

// TestRL03IfMatch: required on PATCH, one strong tag, compared by the service.
func TestRL03IfMatch(t *testing.T) {
	f := start(t)
	path := berthsPath + "/" + berthID
	for _, tc := range []struct {
		match, code string
		status      int
	}{
		{"", "request.precondition_required", 428},
		{`"v7"`, "", 200},
		{`"v6"`, "request.stale", 412},
		{`W/"v7"`, "request.stale", 412},
		{`"abc"`, "request.stale", 412},
		{`"v07"`, "request.stale", 412},
		{`"v-7"`, "request.stale", 412},
		{`"v99999999999999999999"`, "request.stale", 412},
		{`v7`, "request.if_match", 400},
		{`*`, "request.if_match", 400},
		{`"v7`, "request.if_match", 400},
		{`"v6", "v7"`, "request.if_match", 400},
		{`7`, "request.if_match", 400},
	} {
		var headers []string
		if tc.match != "" {
			headers = append(headers, "If-Match: "+tc.match)
		}
		r := f.send("PATCH", path, "agency", `{"title":"new"}`, headers...)
		if r.status != tc.status {
			t.Errorf("%s: %d %s", tc.match, r.status, r.body)
			continue
		}
		if tc.status != 200 && r.problem(t).Code != tc.code {
			t.Errorf("%s: %s", tc.match, r.body)
		}
		if tc.status == 200 && r.header.Get("ETag") != `"v8"` {
			t.Errorf("the new revision is not stated: %v", r.header)
		}
	}
}

// TestPutCreates: "If-None-Match: *" makes a record where the operation allows.
func TestPutCreates(t *testing.T) {
	f := start(t)
	path := berthsPath + "/" + berthID
	for _, tc := range []struct {
		headers []string
		status  int
		tag     string
	}{
		{nil, 428, ""},
		{[]string{"If-None-Match: *"}, 200, `"v1"`},
		{[]string{`If-Match: "v7"`}, 200, `"v8"`},
		{[]string{`If-Match: "v7"`, "If-None-Match: *"}, 200, `"v8"`},
		{[]string{`If-None-Match: "v7"`}, 428, ""},
	} {
		r := f.send("PUT", path, "agency", `{}`, tc.headers...)
		if r.status != tc.status || r.header.Get("ETag") != tc.tag {
			t.Errorf("%v: %d %v", tc.headers, r.status, r.header)
		}
	}
	if r := f.send("PATCH", path, "agency", `{}`, "If-None-Match: *"); r.status != 428 {
		t.Errorf("only where the operation allows: %d", r.status)
	}
}

func TestMergePatch(t *testing.T) {
	f := start(t)
	path := berthsPath + "/" + berthID
	for body, want := range map[string]string{
		`{"title":"new"}`:              `"title":"new"`,
		`{}`:                           `"title":"old"`,
		`{"title":null}`:               `"title":""`,
		`{"title":"no"}`:               `/title`,
		`{"title":5}`:                  `/title`,
		`{"note":"much too long"}`:     `/note`,
		`{"title":"new","note":"abc"}`: `"title":"new"`,
	} {
		r := f.send("PATCH", path, "agency", body, `If-Match: "v7"`, "Content-Type: application/merge-patch+json")
		if status := map[bool]int{true: 422, false: 200}[want[0] == '/']; r.status != status || !strings.Contains(r.body, want) {
			t.Errorf("%s: %d %s", body, r.status, r.body)
		}
	}
}

func TestIfNoneMatch(t *testing.T) {
	f := start(t)
	path := berthsPath + "/" + berthID
	for match, status := range map[string]int{
		`"v7"`:         304,
		`W/"v7"`:       304,
		`"v6", "v7"`:   304,
		`*`:            304,
		`"v6"`:         200,
		`nonsense`:     200,
		`"v70","v71" `: 200,
	} {
		r := f.send("GET", path, "", "", "If-None-Match: "+match)
		if r.status != status || r.header.Get("ETag") != `"v7"` {
			t.Errorf("%s: %d %v", match, r.status, r.header)
		}
		if status == 304 && r.body != "" {
			t.Errorf("304 with a body: %s", r.body)
		}
	}
}

func TestCachingByCaller(t *testing.T) {
	f := start(t)
	path := berthsPath + "/" + berthID
	if got := f.send("GET", path, "", "").header.Get("Cache-Control"); got != "public, max-age=60, stale-while-revalidate=600" {
		t.Errorf("anonymous: %q", got)
	}
	if got := f.send("GET", path, "official", "").header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("signed in: %q", got)
	}
	r := f.send("GET", path+"!", "", "")
	if got := r.header.Get("Cache-Control"); r.status != 404 || got != "no-store" {
		t.Errorf("an error: %d %q", r.status, got)
	}
	if r := f.send("GET", path, "", ""); !strings.Contains(r.body, "a < b & c") {
		t.Errorf("JSON is escaped for HTML: %s", r.body)
	}
}

func TestDownload(t *testing.T) {
	f := start(t)
	r := f.send("GET", berthsPath+"/"+berthID+"/export", "", "")
	if r.status != 200 || r.body != "id\n"+berthID+"\n" || r.header.Get("Content-Type") != "text/csv" {
		t.Fatalf("%d %v %s", r.status, r.header, r.body)
	}
	if got := r.header.Get("Content-Disposition"); got != "attachment; filename=ab.csv" {
		t.Errorf("%q", got)
	}
	if !strings.Contains(r.header.Get("Content-Security-Policy"), "sandbox") {
		t.Error("a download is not sandboxed")
	}
}
