package web_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"passerelle/internal/web"
)

// TestWB01Headers: on every answer, errors and redirects included.
//
// covers WB-05
func TestWB01Headers(t *testing.T) {
	k := newKernel(t, web.Options{HSTS: true})
	common := map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
		"Cache-Control": "no-store", "X-Frame-Options": "DENY",
	}
	for path, json := range map[string]bool{
		"/api/v1/open/1": true, "/api/v1/none": true, "/api/v1/panic": true, "/api/v1/fail/conflict": true, "/livez": true,
		"/page": false, "/go": false, "/none": false, "/page/fail/unknown": false, "/a//b": false,
	} {
		h := k.get(path).header
		for name, want := range common {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		csp := h.Get("Content-Security-Policy")
		for _, directive := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(csp, directive) {
				t.Errorf("%s: CSP lacks %s", path, directive)
			}
		}
		if strings.Contains(csp, "script-src 'self'") == json || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: CSP %s", path, csp)
		}
		if h.Get("Permissions-Policy") == "" || h.Get("Server") != "" || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", path, h)
		}
	}
	if h := newKernel(t, web.Options{}).get("/page").header; h.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS is sent though it was not asked for")
	}
}

// covers IN-09
func TestRequestID(t *testing.T) {
	k := newKernel(t, web.Options{})
	ulid := regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`)
	seen := map[string]bool{}
	for _, sent := range []string{"", "abcd-1234-efgh", "short", "a b c d e f g h", strings.Repeat("x", 65), "line\"forged"} {
		id := k.get("/livez", "X-Request-Id: "+sent).header.Get("X-Request-Id")
		if !ulid.MatchString(id) || seen[id] || id == sent {
			t.Errorf("%q: got %q", sent, id)
		}
		seen[id] = true
	}
	if log := k.logs.String(); strings.Count(log, `"upstream"`) != 1 || !strings.Contains(log, `"upstream":"abcd-1234-efgh"`) {
		t.Errorf("only the well-formed id is kept beside ours: %s", log)
	}
}

// TestPR06LogsAndMetrics: route patterns, never paths, queries or persons.
func TestPR06LogsAndMetrics(t *testing.T) {
	k := newKernel(t, web.Options{})
	k.get("/api/v1/open/acc_moussa?q=secret", "Authorization: Bearer candidate", "User-Agent: agent-of-somebody", "X-Forwarded-For: 41.73.0.1")
	k.get("/api/v1/unknown/moussa")
	k.send("PROPFIND", "/page", "")
	log := k.logs.String()
	for _, leak := range []string{"moussa", "secret", "agent-of", "41.73", "192.0.2", "PROPFIND", "acc_candidate"} {
		if strings.Contains(log, leak) {
			t.Errorf("%q is in the log: %s", leak, log)
		}
	}
	if !strings.Contains(log, `"route":"/api/v1/open/:id","status":200`) || !strings.Contains(log, `"role":"candidate"`) {
		t.Errorf("%s", log)
	}
	want := map[string]float64{
		"method=GET route=/api/v1/open/:id status=200": 1, "method=GET route=none status=404": 1, "method=other route=none status=405": 1,
	}
	if diff := cmp.Diff(want, k.counts("passerelle_http_requests_total")); diff != "" {
		t.Error(diff)
	}
}

// TestLM07Panic: one 500, logged with its id; the process goes on.
func TestLM07Panic(t *testing.T) {
	k := newKernel(t, web.Options{})
	r := k.get("/api/v1/panic")
	p := r.problem(t)
	if r.status != 500 || p.Code != "internal" || strings.Contains(r.body, "secret") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if log := k.logs.String(); strings.Count(log, `"msg":"panic"`) != 1 || !strings.Contains(log, p.RequestID) || !strings.Contains(log, `"status":500`) {
		t.Errorf("%s", log)
	}
	if k.get("/livez").status != 200 {
		t.Error("the service is gone")
	}
	s := httptest.NewServer(k.Handler())
	defer s.Close()
	resp, err := http.Get(s.URL + "/api/v1/half")
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		if closed := resp.Body.Close(); closed != nil {
			t.Error(closed)
		}
	}
	if err == nil {
		t.Error("half an answer looks whole")
	}
}

// TestLM04Limits: long addresses, tricks and compressed requests.
func TestLM04Limits(t *testing.T) {
	k := newKernel(t, web.Options{})
	long := "/api/v1/open/1?q=" + strings.Repeat("x", 8192)
	if r := k.get(long); r.status != 414 || r.problem(t).Code != "request.uri_too_long" {
		t.Errorf("%d", r.status)
	}
	if r := k.get(long[:8192-len("http://service.test")]); r.status != 200 {
		t.Errorf("8 kB: %d", r.status)
	}
	for path, status := range map[string]int{
		"/api/v1/open/%00": 400, "/api/v1/open/%ff": 400, "/api/v1/open/%0a": 400, "/api/v1/open/%C2%85": 400,
		"/api/v1/open/%2e%2e": 404, "/api/v1/x/..%2fopen/1": 404, "/api/v1/open%5c1": 404, "/api/v1//open/1": 404, "/api/v1/open/1/": 404,
		"/api/v1/open/%C3%A9": 200,
	} {
		if r := k.get(path); r.status != status {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	for coding, status := range map[string]int{"gzip": 415, "br": 415, "identity": 200, "": 200, "identity, gzip": 415} {
		if r := k.send("POST", "/api/v1/echo", "{}", "Content-Encoding: "+coding); r.status != status {
			t.Errorf("%q: %d", coding, r.status)
		}
	}
	srv := k.HTTPServer()
	if srv.ReadHeaderTimeout.Seconds() != 5 || srv.ReadTimeout.Seconds() != 30 || srv.IdleTimeout.Seconds() != 60 || srv.WriteTimeout == 0 || srv.MaxHeaderBytes != 32<<10 {
		t.Errorf("%+v", srv)
	}
}

// endless is a body that counts what is read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

// TestLM01BodyLimit: 413 by the route's limit, before reading it all.
func TestLM01BodyLimit(t *testing.T) {
	k := newKernel(t, web.Options{})
	for _, tc := range []struct {
		path   string
		size   int
		status int
	}{
		{"/api/v1/echo", 64 << 10, 200},
		{"/api/v1/echo", 64<<10 + 1, 413},
		{"/api/v1/import", 64<<10 + 1, 200},
		{"/api/v1/import", 1<<20 + 1, 413},
	} {
		r := k.send("POST", tc.path, strings.Repeat("x", tc.size))
		if r.status != tc.status {
			t.Errorf("%+v: %d", tc, r.status)
		}
		if tc.status == 413 && (r.problem(t).Code != "request.too_large" || !strings.Contains(r.body, map[bool]string{true: "1\u00a0Mo", false: "64\u00a0Ko"}[tc.size > 1<<20])) {
			t.Errorf("%s", r.body)
		}
		req := httptest.NewRequest("POST", "http://x"+tc.path, struct{ io.Reader }{strings.NewReader(strings.Repeat("x", tc.size))})
		req.ContentLength, req.TransferEncoding = -1, []string{"chunked"}
		if r := k.serve(req); r.status != tc.status || r.header.Get("Connection") != "close" {
			t.Errorf("chunked %+v: %d, connection %q", tc, r.status, r.header.Get("Connection"))
		}
	}
	stated := &endless{}
	req := httptest.NewRequest("POST", "http://x/api/v1/echo", stated)
	req.ContentLength = 1 << 30
	if r := k.serve(req); r.status != 413 || stated.read != 0 {
		t.Errorf("a stated length: %d after %d bytes", r.status, stated.read)
	}
	chunked := &endless{}
	req = httptest.NewRequest("POST", "http://x/api/v1/echo", chunked)
	req.ContentLength = -1
	if r := k.serve(req); r.status != 413 || chunked.read > 1<<20 {
		t.Errorf("an endless body: %d after %d bytes", r.status, chunked.read)
	}
}

func TestCompression(t *testing.T) {
	k := newKernel(t, web.Options{})
	r := k.get("/page", "Accept-Encoding: gzip")
	if r.header.Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(r.header.Values("Vary"), ","), "Accept-Encoding") {
		t.Fatalf("%v", r.header)
	}
	z, err := gzip.NewReader(strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil || string(data) != k.get("/page").body {
		t.Errorf("%v", err)
	}
	for path, header := range map[string]string{"/page": "identity", "/image": "gzip", "/livez": "gzip"} {
		if got := k.get(path, "Accept-Encoding: "+header).header.Get("Content-Encoding"); got != "" {
			t.Errorf("%s %s: %q", path, header, got)
		}
	}
}

func TestHead(t *testing.T) {
	s := httptest.NewServer(newKernel(t, web.Options{}).Handler())
	defer s.Close()
	resp, err := http.Head(s.URL + "/page")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil || len(data) != 0 || resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%v %d %v", err, resp.StatusCode, resp.Header)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
}
